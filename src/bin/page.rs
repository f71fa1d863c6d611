//! The page: Leptos on the main thread, no networks.

fn main() {
    #[cfg(all(target_arch = "wasm32", feature = "page"))]
    emotion_depth::ui::start();
}
