//! Sentences of a comparison: the same on the page and in the report.

use emotion_stats::PermutationResult;

use crate::compare::SegmentTest;
use crate::settings::Grouping;

/// Names of the cells of [`segment_test`].
pub const SEGMENT_HEADER: [&str; 6] = ["segment", "measure", "difference", "t (df)", "p", "p by Holm"];

/// A planned test as cells of a table.
#[must_use]
pub fn segment_test(of: &SegmentTest) -> Vec<String> {
    let test = &of.test;
    vec![
        of.segment.clone(),
        of.measure.name().to_owned(),
        format!("{:.3} ({:.3} to {:.3})", test.difference, test.interval.low, test.interval.high),
        format!("{:.2} ({:.1})", test.t, test.df),
        format!("{:.4}", test.p),
        format!("{:.4}", of.holm_p),
    ]
}

/// By what people are parted.
#[must_use]
pub fn grouping(grouping: &Grouping) -> String {
    match grouping {
        Grouping::Group => "group of the link".to_owned(),
        Grouping::Answer(question) => format!("answer to \u{201c}{question}\u{201d}"),
        Grouping::Attribute(column) => format!("attribute \u{201c}{column}\u{201d}"),
    }
}

/// How the tests came out, with method and settings.
#[must_use]
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
}
