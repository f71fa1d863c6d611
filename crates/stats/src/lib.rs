//! The panel's statistics: from the samples of many people to curves with intervals, tests and reliability.
//!
//! No web type, no file, no clock, no thread. **The same input gives the same bits on every machine**: elementary
//! functions come from `libm`, sums have a fixed order, and chance comes from a seeded generator ([`Random`]).
//!
//! The path of a panel:
//!
//! ```
//! use emotion_stats::{synthetic::Model, *};
//!
//! # fn main() -> Result<(), StatsError> {
//! // Samples of each participant, here drawn from a model; then their means per second of the stimulus.
//! let model = Model::default();
//! let mut table = PersonSeconds::new(MEASURES, 30)?;
//! let mut in_first = Vec::new();
//! for index in 0..100 {
//!     let person = model.participant(index);
//!     let exposure = model.exposure(&person, 0);
//!     let binned = person_seconds(&exposure.samples(), 30_000, Some(&person.baseline), &SecondRule::default())?;
//!     let recording = Recording {
//!         seconds: 30,
//!         usable_seconds: binned.usable_seconds as u32,
//!         other_face_seconds: 0,
//!         interrupted: false,
//!     };
//!     if ExclusionRule::default().apply(&recording)?.is_empty() {
//!         table.push(&binned.cells)?;
//!         in_first.push(person.group == 0);
//!     }
//! }
//! assert!(Base::of(table.people()).may_test());
//!
//! // The mean curve of happy with its interval and its simultaneous band; where it is highest.
//! let happy = Measure::Happy.index();
//! let curve = mean_curve(table.rows(happy), 30, 0.95)?;
//! let band = band(&table, happy, &BandSettings::default())?;
//! assert!(band.limits[15].unwrap().low < curve[15].interval.unwrap().low, "the band is the wider one");
//! let summary = summary(&table, happy, (0, 30), &SummarySettings::default())?;
//! assert_eq!(summary.peak_second.value, 14.0);
//!
//! // Do the groups differ anywhere in what is shown? In slices, so that a worker can report and stop.
//! let shown = table.select(&[happy, Measure::Surprise.index()])?;
//! let mut test = PermutationTest::between_groups(&shown, &in_first, &PermutationSettings::default())?;
//! while !test.advance(500).is_done() {}
//! let heaviest = test.finish()?.clusters[0];
//! assert!(heaviest.measure == 0 && heaviest.mass > 0.0 && heaviest.p < 0.05);
//! # Ok(())
//! # }
//! ```
//!
//! What the numbers mean, and what they do not, is explained in `docs/panels.md`. Golden values by scipy,
//! statsmodels, pingouin, MNE and brainiak lie with their script in `tests/golden`.

#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod agreement;
mod band;
mod base;
mod bins;
mod curve;
mod error;
mod interval;
mod measure;
mod permutation;
mod planner;
mod proportion;
mod quality;
mod random;
mod reliability;
mod special;
mod subset;
mod summary;
pub mod synthetic;
mod table;
mod ttest;

pub use agreement::{Agreement, agreement};
pub use band::{
    BAND_MINIMUM, Band, BandMethod, BandSettings, band, band_with_draws, band_with_signs, difference_band,
};
pub use base::{Base, PRIVACY_MINIMUM, TEST_MINIMUM, UNMARKED_MINIMUM, difference_reveals, groups_to_show};
pub use bins::{
    Binned, ONE, Samples, SecondRule, SecondSums, baseline_measures, person_seconds, second_sums, seconds_of,
};
pub use curve::{DifferencePoint, Point, difference_curve, mean_curve};
pub use error::StatsError;
pub use interval::{Estimate, Interval};
pub use measure::{EXPRESSIONS, MEASURES, Measure, measures_of};
pub use permutation::{Cluster, PermutationResult, PermutationSettings, PermutationTest, Progress};
pub use planner::{Comparison, LARGEST_PLAN, Plan, PlanQuestion, percentile_among, plan, power};
pub use proportion::{Share, newcombe, share_curve, wilson};
pub use quality::{Exclusion, ExclusionRule, GRADE_PERCENT, Grade, OTHER_FACES_PERCENT, Recording, grade};
pub use random::Random;
pub use reliability::{Reliability, SplitHalf, reliability, spearman_brown, split_half};
pub use special::{
    noncentral_t_cdf, normal_cdf, normal_quantile, student_t_cdf, student_t_quantile, student_t_two_sided,
};
pub use summary::{Summary, SummarySettings, summary, summary_with_draws};
pub use table::PersonSeconds;
pub use ttest::{TTest, holm, mean_interval, paired, welch};
