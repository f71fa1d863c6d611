//! The engine: tract in a worker, no Leptos.
fn main() {}
