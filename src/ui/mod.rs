//! Leptos components that several activities share. They are told what to show and whom to call; none knows an activity.

pub mod columns;
pub mod drop;
pub mod first_screen;
pub mod header;
pub mod kept;
pub mod kept_studies;
pub mod legend;
pub mod load_progress;
pub mod message;
pub mod offline;
pub mod parts;
pub mod plot;
pub mod save_buttons;
pub mod saving;
pub mod unsaved;
pub mod uses;
