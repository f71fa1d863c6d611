//! The page: Leptos on the main thread, no tract.
fn main() {}
