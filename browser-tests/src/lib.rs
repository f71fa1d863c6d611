//! A real headless Chromium for the tests of the page: DevTools over a pipe, a fake camera that shows a real face,
//! listeners that count what reaches them. Every wait ends with an event of the page or of the browser, never after a
//! fixed time; what does not happen within [`DEADLINE`] fails the test with the page's state in the message.

mod browser;
pub mod canvas_camera;
mod devtools;
mod film;
mod keyboard;
mod listeners;
pub mod memory;
mod mouse;
mod page;
mod scene;
mod site;
mod staged;

use std::time::Duration;

pub use browser::{Browser, Camera};
pub use devtools::{Event, Session};
pub use keyboard::Key;
pub use listeners::Listeners;
pub use page::{Page, named, row_named, worker_session};
pub use scene::Scene;
pub use site::{Site, StoppedSite};
pub use staged::staged_camera;
pub use testkit::TempFolder;

/// No wait lasts longer. Generous, because two cores may be shared with compilers; a test that passes waits for events only.
pub const DEADLINE: Duration = Duration::from_secs(120);
