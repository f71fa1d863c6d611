//! The page of the activity `builder`: Leptos on the main thread, no engine.

fn main() {
    #[cfg(all(target_arch = "wasm32", feature = "page"))]
    emotion_depth::activity::start::<emotion_depth::activity::builder::Builder>();
}
