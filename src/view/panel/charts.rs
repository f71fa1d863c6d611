//! Which curves a chart of the panel holds.

use emotion_panel::Settings;
use emotion_panel::analysis::{Curves, Details};
use emotion_panel::chart::{Chart, LEFT, Line, RIGHT};
use emotion_panel::export::curve_chart;
use emotion_stats::Measure;

/// Curves that are shown at first: those that most stimuli move, so that the chart can be read.
pub const MEASURES_AT_FIRST: [Measure; 2] = [Measure::Happy, Measure::Surprise];

/// The height of a chart, in pixels.
pub const HEIGHT: f64 = 300.0;

/// Parts of the stimulus by name, in seconds.
type Parts = Vec<(String, f64, f64)>;

/// The mean curves that are shown, with their intervals and, where it is computed, their bands.
pub fn curves_chart(
    curves: &Curves,
    details: &[Details],
    shown: &[Measure],
    settings: &Settings,
    parts: &Parts,
    width: f64,
) -> Chart {
    let mut chart = curve_chart(curves, Some(details), shown, settings);
    chart.heading = false;
    chart.segments = parts.clone();
    chart.size = (width, HEIGHT);
    chart
}

/// The share of viewers above the threshold, with Wilson's interval.
pub fn share_chart(curves: &Curves, shown: &[Measure], settings: &Settings, width: f64) -> Chart {
    let line = |measure: &Measure| {
        let curve = curves.measures.iter().find(|curve| curve.measure == *measure)?;
        let share = || curve.share.iter().map(|share| share.share);
        Some(Line {
            name: measure.name().to_owned(),
            measure: *measure,
            dashed: *measure == Measure::Intensity,
            values: share().map(|share| share.map(|share| share.value)).collect(),
            interval: share().map(|share| share.map(|share| share.interval)).collect(),
            band: Vec::new(),
        })
    };
    Chart {
        title: format!("{}: share of viewers at or above {}", curves.stimulus, settings.threshold),
        heading: false,
        unit: format!("viewers at or above {}", settings.threshold),
        lines: shown.iter().filter_map(line).collect(),
        segments: Vec::new(),
        marks: Vec::new(),
        seconds: curves.seconds,
        whole_scale: true,
        size: (width, HEIGHT),
    }
}

/// The second under a place of a chart, in pixels from its left edge.
pub fn second_at(x: f64, width: f64, seconds: usize) -> f64 {
    let plot = (width - LEFT - RIGHT).max(10.0);
    ((x - LEFT) / plot * seconds as f64).clamp(0.0, seconds.max(1) as f64 - 0.001)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_becomes_a_second_and_stays_within() {
        let width = 100.0 + LEFT + RIGHT;
        assert_eq!(second_at(LEFT + 50.0, width, 30), 15.0);
        assert_eq!(second_at(0.0, width, 30), 0.0);
        assert!(second_at(width, width, 30) < 30.0);
    }
}
