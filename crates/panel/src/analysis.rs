//! The numbers of one stimulus: curves at once, and for each measure what takes longer.

use emotion_stats::{
    Agreement, Band, BandSettings, Base, Estimate, MEASURES, Measure, PRIVACY_MINIMUM, Point, Reliability,
    Share, SplitHalf, StatsError, Summary, SummarySettings, agreement, band, mean_curve, mean_interval,
    reliability, share_curve, split_half, summary,
};
use emotion_study::file::Segment;
use serde::{Deserialize, Serialize};

use crate::settings::Settings;
use crate::table::StimulusTable;

/// Shifts of the agreement's test, and splits of the split half.
const DRAWS: usize = 1_000;

/// A curve of one measure. Seconds with fewer people than the privacy minimum have no numbers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MeasureCurve {
    /// Which measure.
    pub measure: Measure,
    /// Mean, n(t) and interval, second by second.
    pub points: Vec<Point>,
    /// Share of people at or above the threshold, second by second.
    pub share: Vec<Share>,
}

/// The mean curves of a stimulus.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Curves {
    /// The stimulus's id.
    pub stimulus: String,
    /// Its whole seconds.
    pub seconds: usize,
    /// People who are usable.
    pub people: usize,
    /// How far that carries.
    pub base: Base,
    /// One a measure; empty under the privacy minimum.
    pub measures: Vec<MeasureCurve>,
}

/// What takes longer, for one measure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Details {
    /// The stimulus's id.
    pub stimulus: String,
    /// Which measure.
    pub measure: Measure,
    /// The band, where there is one.
    pub band: Option<Band>,
    /// Mean, end, peak and trough.
    pub summary: Option<Summary>,
    /// The segments that the study names, each with its mean.
    pub segments: Vec<(String, Option<Estimate>)>,
    /// ICC of the mean curve.
    pub reliability: Option<Reliability>,
    /// Split half.
    pub split_half: Option<SplitHalf>,
    /// Mean correlation of each person with the others, and its p.
    pub agreement: Option<(f64, f64)>,
}

/// The seconds `from..to` of a segment: those that begin in it.
#[must_use]
pub fn seconds_of(segment: &Segment) -> (usize, usize) {
    ((segment.from_ms / 1_000) as usize, segment.to_ms.div_ceil(1_000) as usize)
}

impl StimulusTable {
    /// The mean curves with pointwise intervals, and the shares.
    ///
    /// # Errors
    /// [`StatsError::OutOfRange`] for a setting out of its range.
    pub fn curves(&self, settings: &Settings) -> Result<Curves, StatsError> {
        let (people, seconds) = (self.table.people(), self.table.seconds());
        let base = Base::of(people);
        let shown = if base.may_show() { 0..MEASURES } else { 0..0 };
        let measures = shown.map(|place| {
            let mut points = mean_curve(self.table.rows(place), seconds, settings.confidence)?;
            let mut share =
                share_curve(self.table.rows(place), seconds, settings.threshold, settings.confidence)?;
            for (point, share) in points.iter_mut().zip(&mut share) {
                if (point.people as usize) < PRIVACY_MINIMUM {
                    (point.mean, point.sd, point.interval, share.share, share.reached) =
                        (None, None, None, None, 0);
                }
            }
            Ok(MeasureCurve { measure: Measure::ALL[place], points, share })
        });
        Ok(Curves {
            stimulus: self.stimulus.clone(),
            seconds,
            people,
            base,
            measures: measures.collect::<Result<_, StatsError>>()?,
        })
    }

    /// Band, summary, segments, reliability and agreement of one measure. A number that is not defined (nobody varies, too
    /// few people) is missing. Empty under the privacy minimum.
    #[must_use]
    pub fn details(&self, measure: Measure, segments: &[Segment], settings: &Settings) -> Details {
        let place = measure.index();
        let mut details = Details {
            stimulus: self.stimulus.clone(),
            measure,
            band: None,
            summary: None,
            segments: Vec::new(),
            reliability: None,
            split_half: None,
            agreement: None,
        };
        if !Base::of(self.table.people()).may_show() {
            return details;
        }
        let (confidence, resamples, seed) = (settings.confidence, settings.resamples, settings.seed);
        let bands = BandSettings { confidence, resamples, seed, ..BandSettings::default() };
        details.band = band(&self.table, place, &bands).ok();
        let summaries = SummarySettings { confidence, resamples, seed, ..SummarySettings::default() };
        details.summary = summary(&self.table, place, (0, self.table.seconds()), &summaries).ok();
        details.segments = segments
            .iter()
            .map(|segment| {
                let (from, to) = seconds_of(segment);
                let means: Vec<f64> = self.means_in(place, from, to).into_iter().flatten().collect();
                let enough = means.len() >= PRIVACY_MINIMUM;
                (segment.id.clone(), mean_interval(&means, confidence).ok().filter(|_| enough))
            })
            .collect();
        details.reliability = reliability(&self.table, place).ok();
        details.split_half = split_half(&self.table, place, DRAWS, seed).ok();
        details.agreement =
            agreement(&self.table, place, DRAWS, seed).ok().map(|Agreement { mean, p, .. }| (mean, p));
        details
    }

    /// Each person's mean over a part, where half of it is there.
    pub(crate) fn means_in(&self, measure: usize, from: usize, to: usize) -> Vec<Option<f64>> {
        self.table.means(measure, from, to, 0.5)
    }
}
