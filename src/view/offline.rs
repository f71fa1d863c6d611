//! What is said of the page's use without a network, and of a new version.

use crate::view::words;

/// What is kept of the page on this device.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Offline {
    /// Not looked yet, or this browser or this build keeps nothing.
    #[default]
    Unknown,
    Kept {
        /// Whether all that the open activity needs is there.
        this: bool,
        /// Bytes of all activities that are still to come; 0: everything is kept.
        missing: u64,
        /// Bytes that are kept.
        kept: u64,
    },
    /// Everything is on its way.
    Keeping { done: u64, total: u64 },
    /// What went wrong and what to do.
    Failed { sentence: String },
}

impl Offline {
    /// What is said beside the button.
    pub fn words(&self) -> String {
        match self {
            Offline::Unknown => String::new(),
            Offline::Kept { missing: 0, kept, .. } => {
                format!("Everything is kept on this device and works without a network: {}.", words::bytes(*kept))
            }
            Offline::Kept { this: true, .. } => {
                "This part is kept on this device: from now on it works without a network, in a fresh tab too."
                    .to_owned()
            }
            Offline::Kept { this: false, .. } => {
                "This part is not kept on this device: it needs a network when it is opened.".to_owned()
            }
            Offline::Keeping { done, total } => {
                format!("Keeping everything: {} of {}", words::bytes(*done), words::bytes(*total))
            }
            Offline::Failed { sentence } => sentence.clone(),
        }
    }

    /// What the button says; `None`: there is nothing to press.
    pub fn button(&self) -> Option<String> {
        match self {
            Offline::Kept { missing, .. } if *missing > 0 => {
                Some(format!("Keep everything for offline use ({})", words::bytes(*missing)))
            }
            Offline::Failed { .. } => Some("Keep everything for offline use".to_owned()),
            _ => None,
        }
    }

    /// What has come and what is to come, for a bar.
    pub fn counted(&self) -> Option<(u64, u64)> {
        match *self {
            Offline::Keeping { done, total } => Some((done, total.max(1))),
            _ => None,
        }
    }
}

/// Whether the host has another version of the page than the one that is open.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Update {
    #[default]
    None,
    There {
        release: String,
        /// What is to be loaded.
        bytes: u64,
    },
    Loading {
        done: u64,
        total: u64,
    },
    Failed {
        sentence: String,
    },
}

impl Update {
    pub fn words(&self) -> String {
        match self {
            Update::None => String::new(),
            Update::There { release, .. } => format!(
                "The host has a new version of this page ({release}). You are looking at the one before, which goes on \
                 working."
            ),
            Update::Loading { done, total } => {
                format!("Loading the new version: {} of {}", words::bytes(*done), words::bytes(*total))
            }
            Update::Failed { sentence } => {
                format!("The new version was not taken. {sentence} The one before goes on working.")
            }
        }
    }

    pub fn button(&self) -> Option<String> {
        match self {
            Update::There { bytes, .. } => {
                Some(format!("Load it and start again ({})", words::bytes(*bytes)))
            }
            Update::Failed { .. } => Some("Try again".to_owned()),
            _ => None,
        }
    }

    pub fn counted(&self) -> Option<(u64, u64)> {
        match *self {
            Update::Loading { done, total } => Some((done, total.max(1))),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_size_is_told_before_the_button_is_pressed() {
        let some = Offline::Kept { this: true, missing: 5_300_000, kept: 2_000_000 };
        assert_eq!(some.button().unwrap(), "Keep everything for offline use (5.3 MB)");
        assert_eq!(Offline::Kept { this: true, missing: 0, kept: 7_300_000 }.button(), None);
        let update = Update::There { release: "0.3.0".into(), bytes: 1_200_000 };
        assert!(update.button().unwrap().contains("1.2 MB") && update.words().contains("0.3.0"));
    }

    #[test]
    fn nothing_is_said_where_nothing_is_known() {
        assert_eq!((Offline::default().words(), Offline::default().button()), (String::new(), None));
        assert_eq!((Update::default().words(), Update::default().button()), (String::new(), None));
        assert_eq!(Offline::Keeping { done: 0, total: 0 }.counted(), Some((0, 1)));
    }
}
