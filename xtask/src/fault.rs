//! What went wrong, as a sentence for the person at the terminal: what is wrong and what to do.

use std::fmt;
use std::path::Path;

#[derive(Debug)]
pub struct Fault(String);

pub type Result<T> = std::result::Result<T, Fault>;

impl Fault {
    pub fn new(sentence: impl Into<String>) -> Fault {
        Fault(sentence.into())
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Puts the file and the deed into the message of a failed file operation.
pub trait AtPath<T> {
    fn at(self, deed: &str, path: &Path) -> Result<T>;
}

impl<T> AtPath<T> for std::io::Result<T> {
    fn at(self, deed: &str, path: &Path) -> Result<T> {
        self.map_err(|error| Fault::new(format!("Could not {deed} {}: {error}.", path.display())))
    }
}
