//! Two groups of one panel: the difference of their curves, and tests.

use emotion_stats::{
    Band, BandSettings, Base, DifferencePoint, MEASURES, Measure, PRIVACY_MINIMUM, PermutationResult,
    PermutationSettings, PermutationTest, PersonSeconds, Point, StatsError, TTest, difference_band,
    difference_curve, groups_to_show, holm, mean_curve, welch,
};
use emotion_study::file::Segment;
use serde::{Deserialize, Serialize};

use crate::analysis::seconds_of;
use crate::merge::Panel;
use crate::settings::{Grouping, Settings};
use crate::table::StimulusTable;

/// Which groups are compared, and in what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// The stimulus's id.
    pub stimulus: String,
    /// By what people are parted.
    pub grouping: Grouping,
    /// The value of the first group.
    pub first: String,
    /// The value of the second group.
    pub second: String,
    /// The measures that are shown, and corrected for together.
    pub measures: Vec<Measure>,
}

/// One measure of both groups.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MeasureDifference {
    /// Which measure.
    pub measure: Measure,
    /// The mean curves of both groups.
    pub groups: [Vec<Point>; 2],
    /// First minus second, second by second.
    pub points: Vec<DifferencePoint>,
    /// The band of the difference, where there is one.
    pub band: Option<Band>,
}

/// A planned test of one segment and measure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SegmentTest {
    /// The segment's id.
    pub segment: String,
    /// Which measure.
    pub measure: Measure,
    /// Welch's t test of the people's means.
    pub test: TTest,
    /// Its p, corrected by Holm for all tests of this comparison.
    pub holm_p: f64,
}

/// Two groups beside each other.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// What was asked.
    pub question: Question,
    /// People of both groups.
    pub people: [usize; 2],
    /// Whether tests may be made: 30 people or more in each group.
    pub may_test: bool,
    /// The curves of each measure.
    pub measures: Vec<MeasureDifference>,
    /// The planned tests; empty where no test may be made, or the study names no segment.
    pub segments: Vec<SegmentTest>,
}

/// A comparison and, where they were run, its tests: what the exports hold of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Compared {
    /// The curves, differences and segments.
    pub comparison: Comparison,
    /// Cluster test and max-T over the measures of the question, in their order.
    pub tested: Option<PermutationResult>,
}

/// Why groups are not compared. A sentence for a person.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum CompareError {
    /// Nobody saw the stimulus.
    #[error("Nobody saw the stimulus {0:?}. Choose another one.")]
    NoStimulus(String),
    /// A group is too small, or would reveal another one.
    #[error(
        "These groups are not shown: one has fewer than five people, or a group of fewer than five could be computed from it. \
         Choose larger groups."
    )]
    Private,
    /// A setting is out of its range.
    #[error("The comparison cannot be made: {0}.")]
    Setting(#[from] StatsError),
}

/// Both groups as tables of the asked measures, in their order, and as one with its marks.
struct Groups {
    first: PersonSeconds,
    second: PersonSeconds,
    both: PersonSeconds,
    in_first: Vec<bool>,
}

impl Panel {
    /// Compare two groups.
    ///
    /// # Errors
    /// [`CompareError`].
    pub fn compare(&self, question: &Question, settings: &Settings) -> Result<Comparison, CompareError> {
        let table = self.table(&question.stimulus, settings);
        let table = table.ok_or_else(|| CompareError::NoStimulus(question.stimulus.clone()))?;
        self.compare_in(&table, question, settings)
    }

    /// As [`Panel::compare`], in a table that was made before with the same settings.
    pub(crate) fn compare_in(
        &self,
        table: &StimulusTable,
        question: &Question,
        settings: &Settings,
    ) -> Result<Comparison, CompareError> {
        let groups = self.groups(table, question, settings)?;
        let people = [groups.first.people(), groups.second.people()];
        let seconds = table.table.seconds();
        let (confidence, resamples, seed) = (settings.confidence, settings.resamples, settings.seed);
        let bands = BandSettings { confidence, resamples, seed, ..BandSettings::default() };
        let measures = question.measures.iter().enumerate().map(|(at, measure)| {
            let curve = |table: &PersonSeconds| -> Result<Vec<Point>, StatsError> {
                let mut points = mean_curve(table.rows(at), seconds, confidence)?;
                for point in points.iter_mut().filter(|point| (point.people as usize) < PRIVACY_MINIMUM) {
                    (point.mean, point.sd, point.interval) = (None, None, None);
                }
                Ok(points)
            };
            let mut points =
                difference_curve(groups.first.rows(at), groups.second.rows(at), seconds, confidence)?;
            for point in &mut points {
                if point.people.iter().any(|people| (*people as usize) < PRIVACY_MINIMUM) {
                    (point.difference, point.interval, point.p) = (None, None, None);
                }
            }
            Ok(MeasureDifference {
                measure: *measure,
                groups: [curve(&groups.first)?, curve(&groups.second)?],
                points,
                band: difference_band(&groups.first, &groups.second, at, &bands).ok(),
            })
        });
        let measures = measures.collect::<Result<Vec<_>, StatsError>>()?;
        let may_test = people.iter().all(|people| Base::of(*people).may_test());
        let segments = self.segments(&question.stimulus);
        let segments =
            if may_test { segment_tests(&groups, segments, question, confidence) } else { Vec::new() };
        Ok(Comparison { question: question.clone(), people, may_test, measures, segments })
    }

    /// The cluster test and max-T of the same groups, not yet advanced.
    ///
    /// # Errors
    /// [`CompareError`].
    pub fn test(&self, question: &Question, settings: &Settings) -> Result<PermutationTest, CompareError> {
        let table = self.table(&question.stimulus, settings);
        let table = table.ok_or_else(|| CompareError::NoStimulus(question.stimulus.clone()))?;
        self.test_in(&table, question, settings)
    }

    /// As [`Panel::test`], in a table that was made before with the same settings.
    pub(crate) fn test_in(
        &self,
        table: &StimulusTable,
        question: &Question,
        settings: &Settings,
    ) -> Result<PermutationTest, CompareError> {
        let groups = self.groups(table, question, settings)?;
        let permutations = PermutationSettings {
            permutations: settings.permutations,
            seed: settings.seed,
            ..PermutationSettings::default()
        };
        Ok(PermutationTest::between_groups(&groups.both, &groups.in_first, &permutations)?)
    }

    /// Compare two groups, and where tests may be made run them to their end.
    ///
    /// # Errors
    /// [`CompareError`].
    pub fn compare_and_test(
        &self,
        question: &Question,
        settings: &Settings,
    ) -> Result<Compared, CompareError> {
        let comparison = self.compare(question, settings)?;
        let mut tested = None;
        if comparison.may_test {
            let mut test = self.test(question, settings)?;
            while !test.advance(settings.permutations.max(1)).is_done() {}
            tested = Some(test.finish()?);
        }
        Ok(Compared { comparison, tested })
    }

    /// The segments that the study's file names.
    #[must_use]
    pub fn segments(&self, stimulus: &str) -> &[Segment] {
        self.study().and_then(|study| study.stimulus(stimulus)).map_or(&[], |stimulus| &stimulus.segments)
    }

    fn groups(
        &self,
        table: &StimulusTable,
        question: &Question,
        settings: &Settings,
    ) -> Result<Groups, CompareError> {
        let merged = self.merged(settings);
        let values: Vec<Option<String>> = table
            .people
            .iter()
            .map(|session| {
                // The records stand in the order of their sessions.
                let at = merged.binary_search_by(|record| record.session.cmp(session)).ok()?;
                self.value_of(merged.get(at)?, &question.grouping)
            })
            .collect();
        let mut names: Vec<&Option<String>> = values.iter().collect();
        names.sort_unstable();
        names.dedup();
        let sizes: Vec<usize> =
            names.iter().map(|name| values.iter().filter(|value| value == name).count()).collect();
        let shown = groups_to_show(&sizes);
        let may_show = |value: &String| {
            names.iter().zip(&shown).any(|(name, shown)| *shown && name.as_ref() == Some(value))
        };
        if question.first == question.second || !may_show(&question.first) || !may_show(&question.second) {
            return Err(CompareError::Private);
        }
        let is = |wanted: &String| -> Vec<bool> {
            values.iter().map(|value| value.as_ref() == Some(wanted)).collect()
        };
        let (in_a, in_b) = (is(&question.first), is(&question.second));
        let either: Vec<bool> = in_a.iter().zip(&in_b).map(|(a, b)| *a || *b).collect();
        let places: Vec<usize> = question.measures.iter().map(|measure| measure.index()).collect();
        let asked = table.table.select(&places)?;
        Ok(Groups {
            first: asked.filter(&in_a)?,
            second: asked.filter(&in_b)?,
            both: asked.filter(&either)?,
            in_first: in_a.iter().zip(&either).filter(|(_, either)| **either).map(|(a, _)| *a).collect(),
        })
    }
}

fn segment_tests(
    groups: &Groups,
    segments: &[Segment],
    question: &Question,
    confidence: f64,
) -> Vec<SegmentTest> {
    let mut tests = Vec::new();
    for segment in segments {
        let (from, to) = seconds_of(segment);
        for (at, measure) in question.measures.iter().enumerate() {
            let of = |table: &PersonSeconds| -> Vec<f64> {
                table.means(at, from, to, 0.5).into_iter().flatten().collect()
            };
            if let Ok(test) = welch(&of(&groups.first), &of(&groups.second), confidence) {
                tests.push(SegmentTest {
                    segment: segment.id.clone(),
                    measure: *measure,
                    holm_p: test.p,
                    test,
                });
            }
        }
    }
    let all: Vec<f64> = tests.iter().map(|test| test.test.p).collect();
    if let Ok(corrected) = holm(&all) {
        tests.iter_mut().zip(corrected).for_each(|(test, p)| test.holm_p = p);
    }
    tests
}

/// The spread between people that a plan needs: the standard deviation of their means over the stimulus, measure by measure.
#[must_use]
pub fn spreads(table: &StimulusTable) -> [Option<f64>; MEASURES] {
    core::array::from_fn(|measure| {
        let means: Vec<f64> =
            table.means_in(measure, 0, table.table.seconds()).into_iter().flatten().collect();
        let n = means.len() as f64;
        if means.len() < PRIVACY_MINIMUM {
            return None;
        }
        let mean = means.iter().sum::<f64>() / n;
        let squares: f64 = means.iter().map(|value| (value - mean) * (value - mean)).sum();
        Some((squares / (n - 1.0)).sqrt())
    })
}
