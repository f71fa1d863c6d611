//! What stands in the way of a new recording.

/// What has to be done first; `waiting`: the last recording is not saved, `interrupted`: one of an earlier page is not.
pub fn obstacle(waiting: bool, interrupted: bool) -> Option<&'static str> {
    if waiting {
        Some("Save or discard the last recording first.")
    } else if interrupted {
        Some("Save or discard the earlier recording first; it stands at the top of the page.")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_is_not_saved_is_recorded_over() {
        assert_eq!(obstacle(false, false), None);
        assert!(obstacle(true, false).is_some_and(|words| words.contains("last")));
        assert!(obstacle(true, true).is_some_and(|words| words.contains("last")), "one after the other");
        assert!(obstacle(false, true).is_some_and(|words| words.contains("earlier")));
    }
}
