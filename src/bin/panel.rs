//! The page of the activity `panel`: Leptos on the main thread; the numbers are made in a worker.

fn main() {
    #[cfg(all(target_arch = "wasm32", feature = "page"))]
    emotion_depth::activity::start::<emotion_depth::activity::panel::PanelPage>();
}
