//! How far the engine and its models are loaded.

use crate::view::words;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Loading {
    Bytes {
        loaded: u64,
        /// 0 until it is known.
        total: u64,
    },
    Ready {
        total: u64,
    },
    /// What is wrong and what to do.
    Failed {
        sentence: String,
    },
}

impl Loading {
    /// What has come and what is to come, for a bar; the second is never 0.
    pub fn counted(&self) -> (u64, u64) {
        match *self {
            Loading::Bytes { loaded, total } => (loaded, total.max(1)),
            Loading::Ready { .. } => (1, 1),
            Loading::Failed { .. } => (0, 1),
        }
    }

    /// The words beside the bar; none where it failed.
    pub fn words(&self) -> String {
        match *self {
            Loading::Bytes { total: 0, .. } => "Loading the engine".to_owned(),
            Loading::Bytes { loaded, total } => {
                format!("Loading the engine: {} of {}", words::bytes(loaded), words::bytes(total))
            }
            Loading::Ready { total } => format!("The engine is loaded: {}", words::bytes(total)),
            Loading::Failed { .. } => String::new(),
        }
    }

    pub fn failure(&self) -> Option<&str> {
        match self {
            Loading::Failed { sentence } => Some(sentence),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_never_has_a_length_of_nothing() {
        assert_eq!(Loading::Bytes { loaded: 0, total: 0 }.counted(), (0, 1));
        assert_eq!(Loading::Ready { total: 0 }.counted(), (1, 1));
        let half = Loading::Bytes { loaded: 500_000, total: 1_000_000 };
        assert_eq!(half.counted(), (500_000, 1_000_000));
        assert!(half.words().starts_with("Loading the engine: "), "{}", half.words());
    }

    #[test]
    fn a_failure_has_its_sentence_alone() {
        let failed = Loading::Failed { sentence: "No network.".into() };
        assert_eq!((failed.words().as_str(), failed.failure()), ("", Some("No network.")));
    }
}
