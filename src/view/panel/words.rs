//! Words of the panel's page.

pub use emotion_panel::words::{SEGMENT_HEADER, grouping, segment_test, tested};

use emotion_panel::Status;
use emotion_stats::{Base, Estimate, Interval};

/// What became of a file.
pub fn status(status: Status) -> &'static str {
    match status {
        Status::Merged => "merged",
        Status::Used => "used",
        Status::NotComplete => "not complete",
        Status::Damaged => "damaged",
        Status::OtherStudy => "other study",
        Status::OtherMeasure => "other measure",
        Status::OtherModel => "other model",
        Status::Preview => "preview",
        Status::Duplicate => "duplicate",
        Status::Withdrawn => "withdrawn",
        Status::Unknown => "unknown file",
    }
}

/// Why somebody is left out.
pub fn exclusion(code: &str) -> &str {
    match code {
        "too_few_seconds" => "too few usable seconds",
        "other_faces" => "another face too often",
        "interrupted" => "interrupted",
        "no_baseline" => "no neutral face",
        "unreadable" => "cannot be read",
        other => other,
    }
}

/// A number with its interval.
pub fn estimate(estimate: Option<Estimate>, decimals: usize) -> String {
    estimate.map_or_else(
        || "\u{2013}".to_owned(),
        |e| format!("{:.decimals$} ({})", e.value, interval(e.interval, decimals)),
    )
}

/// From the lower to the upper limit.
pub fn interval(interval: Interval, decimals: usize) -> String {
    format!("{:.decimals$} to {:.decimals$}", interval.low, interval.high)
}

/// A number, or a dash.
pub fn number(number: Option<f64>, decimals: usize) -> String {
    number.map_or_else(|| "\u{2013}".to_owned(), |number| format!("{number:.decimals$}"))
}

/// A share in per cent.
pub fn percent(share: Option<f64>) -> String {
    share.map_or_else(|| "\u{2013}".to_owned(), |share| format!("{:.0} %", share * 100.0))
}

/// What to think of a base.
pub fn base(people: usize) -> String {
    match Base::of(people) {
        Base::Hidden => {
            format!("{people} usable people: fewer than five, so nothing is shown, to protect them.")
        }
        Base::Untested => {
            format!("** {people} usable people: shown, but too few for tests (30 in each group).")
        }
        Base::Low => format!("* {people} usable people: a low base. Look at the intervals first."),
        Base::Full => format!("{people} usable people."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bases_bear_their_marks() {
        assert!(base(4).contains("nothing is shown"));
        assert!(base(29).starts_with("**") && base(30).starts_with("* ") && base(100).starts_with("100"));
    }

    #[test]
    fn what_is_missing_is_a_dash() {
        assert_eq!([number(None, 3), percent(None), estimate(None, 3)], ["\u{2013}"; 3]);
        assert_eq!([number(Some(0.1234), 3), percent(Some(0.5))], ["0.123", "50 %"]);
    }
}
