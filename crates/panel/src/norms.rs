//! Own norms: the summary tables of earlier studies.

use emotion_stats::{Measure, percentile_among};
use serde::{Deserialize, Serialize};

use crate::analysis::Details;
use crate::record::Origin;

/// A row of an earlier summary: one stimulus and measure of everybody.
#[derive(Debug, Clone, PartialEq)]
pub struct Norm {
    classifier: String,
    mapping: String,
    corrected: bool,
    measure: String,
    mean: f64,
    peak: f64,
    end: f64,
}

/// The columns that a summary must have.
const NEEDED: [&str; 9] =
    ["classifier", "mapping", "corrected", "group", "part", "measure", "mean", "peak", "end"];

/// The rows of a summary table; `None` if it is another table.
pub(crate) fn read(rows: &[Vec<String>]) -> Option<Vec<Norm>> {
    let header = rows.first()?;
    let mut places = [0; NEEDED.len()];
    for (place, name) in places.iter_mut().zip(NEEDED) {
        *place = header.iter().position(|cell| cell == name)?;
    }
    let norms = rows[1..].iter().filter_map(|row| {
        let [classifier, mapping, corrected, group, part, measure, mean, peak, end] =
            places.map(|place| row.get(place).map_or("", String::as_str));
        // Tables of both dialects are read.
        let number =
            |text: &str| text.replace(',', ".").parse::<f64>().ok().filter(|number| number.is_finite());
        (group.is_empty() && part == "whole").then_some(())?;
        Some(Norm {
            classifier: classifier.to_owned(),
            mapping: mapping.to_owned(),
            corrected: corrected == "1",
            measure: measure.to_owned(),
            mean: number(mean)?,
            peak: number(peak)?,
            end: number(end)?,
        })
    });
    Some(norms.collect())
}

/// Where a stimulus stands among earlier ones of the same model.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Percentiles {
    /// How many earlier stimuli there are.
    pub norms: usize,
    /// Percentile of the mean, 0..100.
    pub mean: f64,
    /// Percentile of the peak.
    pub peak: f64,
    /// Percentile of the end.
    pub end: f64,
}

/// Percentiles of a summary among the norms of the same measure, model and correction; `None` without any.
#[must_use]
pub fn percentiles(
    details: &Details,
    norms: &[Norm],
    origin: &Origin,
    corrected: bool,
) -> Option<Percentiles> {
    let summary = details.summary.as_ref()?;
    let name = Measure::name(details.measure);
    let fitting: Vec<&Norm> = norms
        .iter()
        .filter(|norm| {
            norm.measure == name
                && norm.corrected == corrected
                && norm.classifier == origin.classifier
                && norm.mapping == origin.mapping
        })
        .collect();
    let among = |value: f64, of: fn(&Norm) -> f64| {
        percentile_among(value, &fitting.iter().map(|norm| of(norm)).collect::<Vec<_>>()).ok()
    };
    Some(Percentiles {
        norms: fitting.len(),
        mean: among(summary.mean.value, |norm| norm.mean)?,
        peak: among(summary.peak.value, |norm| norm.peak)?,
        end: among(summary.end.value, |norm| norm.end)?,
    })
}
