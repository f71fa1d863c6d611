//! The page: Leptos on the main thread, no tract.

fn main() {
    #[cfg(all(target_arch = "wasm32", feature = "page"))]
    emotion_depth::ui::start();
}
