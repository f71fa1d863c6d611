//! What the activities that read files share: a page load of its own, the choice of use, the engine, the seal, and only then
//! the work.

mod control;
mod drop;
mod page;
mod state;

pub use control::FilesControl;
pub use drop::{Drop, FileChoice};
pub use page::{FilesPage, SavedLine};
pub use state::{FilesState, View};
