//! Which curves a chart of the panel holds: the same on the page, in files and in the report.

use emotion_stats::{Measure, PermutationResult};

use crate::analysis::{Curves, Details};
use crate::chart::{Chart, Line};
use crate::compare::MeasureDifference;
use crate::settings::Settings;

/// The chart of mean curves, as on the page and in the report.
#[must_use]
pub fn curve_chart(
    curves: &Curves,
    computed: Option<&[Details]>,
    shown: &[Measure],
    settings: &Settings,
) -> Chart {
    let line = |measure: &Measure| {
        let curve = curves.measures.iter().find(|curve| curve.measure == *measure)?;
        let details = computed.and_then(|all| all.iter().find(|details| details.measure == *measure));
        let band = details.and_then(|details| details.band.as_ref());
        // A band of a second whose people are hidden is hidden, too.
        let there = |second: usize| curve.points.get(second).is_some_and(|point| point.mean.is_some());
        Some(Line {
            name: measure.name().to_owned(),
            measure: *measure,
            dashed: *measure == Measure::Intensity,
            values: curve.points.iter().map(|point| point.mean).collect(),
            interval: curve.points.iter().map(|point| point.interval).collect(),
            band: band.map_or(Vec::new(), |band| {
                band.limits
                    .iter()
                    .enumerate()
                    .map(|(second, limits)| limits.filter(|_| there(second)))
                    .collect()
            }),
        })
    };
    Chart {
        title: format!("{}: mean curves of {} people", curves.stimulus, curves.people),
        heading: true,
        unit: if settings.corrected {
            "raw minus the person's neutral face"
        } else {
            "depth: share of viewers"
        }
        .to_owned(),
        lines: shown.iter().filter_map(line).collect(),
        segments: Vec::new(),
        marks: Vec::new(),
        seconds: curves.seconds,
        whole_scale: false,
        size: (800.0, 340.0),
    }
}

/// The mean curves of two groups in one measure.
pub fn group_chart(of: &MeasureDifference, names: [&str; 2], stimulus: &str, size: (f64, f64)) -> Chart {
    let lines = of.groups.iter().zip(names).enumerate().map(|(at, (points, name))| Line {
        name: name.chars().take(12).collect(),
        measure: of.measure,
        dashed: at == 1,
        values: points.iter().map(|point| point.mean).collect(),
        interval: points.iter().map(|point| point.interval).collect(),
        band: Vec::new(),
    });
    Chart {
        title: format!("{stimulus}, {}: mean curves of {} and {}", of.measure.name(), names[0], names[1]),
        heading: false,
        unit: of.measure.name().to_owned(),
        lines: lines.collect(),
        segments: Vec::new(),
        marks: Vec::new(),
        seconds: of.points.len(),
        whole_scale: false,
        size,
    }
}

/// Clusters below this are drawn.
const MARKED_P: f64 = 0.05;

/// The difference of two groups in one measure, with its band. Of `tested` (a test, and the measure's place in it) the clusters
/// with p below 0.05 lie under it.
pub fn difference_chart(
    of: &MeasureDifference,
    names: [&str; 2],
    stimulus: &str,
    tested: Option<(&PermutationResult, usize)>,
    size: (f64, f64),
) -> Chart {
    let there = |second: usize| of.points.get(second).is_some_and(|point| point.difference.is_some());
    let band = of.band.as_ref().map(|band| {
        band.limits.iter().enumerate().map(|(second, limits)| limits.filter(|_| there(second))).collect()
    });
    let line = Line {
        name: "difference".to_owned(),
        measure: of.measure,
        dashed: false,
        values: of.points.iter().map(|point| point.difference).collect(),
        interval: of.points.iter().map(|point| point.interval).collect(),
        band: band.unwrap_or_default(),
    };
    Chart {
        title: format!("{stimulus}, {}: {} minus {}", of.measure.name(), names[0], names[1]),
        heading: false,
        unit: format!("{}: {} minus {}", of.measure.name(), names[0], names[1]),
        lines: vec![line],
        segments: Vec::new(),
        marks: tested.map_or_else(Vec::new, |(test, place)| {
            let found = test.clusters.iter().filter(|c| c.measure == place && c.p < MARKED_P);
            found.map(|cluster| (cluster.from_second as f64, cluster.to_second as f64)).collect()
        }),
        seconds: of.points.len(),
        whole_scale: false,
        size,
    }
}
