//! The page of the activity `study`: Leptos on the main thread, no networks.

fn main() {
    #[cfg(all(target_arch = "wasm32", feature = "page"))]
    emotion_depth::activity::start::<emotion_depth::activity::study::TakePart>();
}
