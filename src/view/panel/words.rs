//! Words of the panel's page.

use emotion_panel::{Grouping, Status};
use emotion_stats::{Base, Estimate, Interval, PermutationResult};

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

/// By what people are parted.
pub fn grouping(grouping: &Grouping) -> String {
    match grouping {
        Grouping::Group => "group of the link".to_owned(),
        Grouping::Answer(question) => format!("answer to \u{201c}{question}\u{201d}"),
        Grouping::Attribute(column) => format!("attribute \u{201c}{column}\u{201d}"),
    }
}

/// How the tests came out, with method and settings.
pub fn tested(result: &PermutationResult, names: &[String], seed: u64) -> Vec<String> {
    let how = if result.exact { "all" } else { "random" };
    let mut lines = vec![format!(
        "Cluster test (Maris & Oostenveld 2007) and max-T (Nichols & Holmes 2002): Welch's t in each second, {} {how} permutations, \
         seed {seed}, clusters formed at p < 0.05, corrected for all seconds and for {}.",
        result.permutations,
        names.join(", ")
    )];
    match result.clusters.first() {
        None => lines.push(
            "No second reaches the level at which clusters are formed: no difference was found.".to_owned(),
        ),
        Some(_) => {
            for cluster in result.clusters.iter().take(5) {
                let name = names.get(cluster.measure).map_or("", String::as_str);
                let side = if cluster.mass > 0.0 { "first group higher" } else { "second group higher" };
                lines.push(format!(
                    "{name}, about seconds {} to {}: {side}, p = {:.4}",
                    cluster.from_second, cluster.to_second, cluster.p
                ));
            }
        }
    }
    let least = |row: &Vec<Option<f64>>| row.iter().flatten().copied().fold(f64::INFINITY, f64::min);
    for (row, name) in result.max_t_p.iter().zip(names) {
        let p = least(row);
        if p.is_finite() {
            lines.push(format!("max-T, {name}: smallest p of a second {p:.4}"));
        }
    }
    lines.push(
        "A small p says that the curves differ somewhere. It does not say where a difference begins or ends: never read a \
         reaction time from it."
            .to_owned(),
    );
    lines
}

#[cfg(test)]
mod tests {
    use emotion_stats::Cluster;

    use super::*;

    #[test]
    fn bases_bear_their_marks() {
        assert!(base(4).contains("nothing is shown"));
        assert!(base(29).starts_with("**") && base(30).starts_with("* ") && base(100).starts_with("100"));
    }

    #[test]
    fn a_test_names_its_method_and_its_limit() {
        let cluster = Cluster { measure: 0, from_second: 12, to_second: 18, mass: -30.0, p: 0.0002 };
        let result = PermutationResult {
            permutations: 5_000,
            exact: false,
            clusters: vec![cluster],
            t: Vec::new(),
            max_t_p: vec![vec![Some(0.2), None, Some(0.01)]],
        };
        let text = tested(&result, &["happy".to_owned()], 1).join(" ");
        for words in [
            "5000 random",
            "seed 1",
            "seconds 12 to 18: second group higher, p = 0.0002",
            "0.0100",
            "reaction time",
        ] {
            assert!(text.contains(words), "{words}: {text}");
        }
    }

    #[test]
    fn what_is_missing_is_a_dash() {
        assert_eq!([number(None, 3), percent(None), estimate(None, 3)], ["\u{2013}"; 3]);
        assert_eq!([number(Some(0.1234), 3), percent(Some(0.5))], ["0.123", "50 %"]);
    }
}
