//! The services of the camera activity, each with its own state and its own doors. Components call them; they never call each
//! other: [`work::Work`] brings them together.
//!
//! Their parts are handles that stop on drop: to stop something is to take it out of its service.

pub mod camera;
pub mod reader;
pub mod recorder;
pub mod work;
