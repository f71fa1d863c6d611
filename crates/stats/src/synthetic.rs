//! Synthetic participants of a stated model: for "try it with sample data", for tests and for timings.
//!
//! **The model.** Eight answers of a viewer (seven expressions and "something else") have log weights, and a raw
//! depth is its weight's share of all. A log weight is the sum of
//!
//! 1. a base that is the same for everyone, with neutral far ahead;
//! 2. a normal offset of the person: how the face looks at rest;
//! 3. for each moment of the stimulus `height x factor of the group x responsiveness of the person x shape`, where
//!    the shape rises from the person's latency on to 1 after `rise_s` and falls off again, (x / rise) exp(1 - x /
//!    rise). Responsiveness is log-normal about 1, the latency even between 0.2 and 1.2 s;
//! 4. normal noise that forgets itself in a second (first-order autoregressive).
//!
//! Quality is high but for gaps of some seconds (turned away, or no face) and for people who are recorded badly
//! throughout. Each person is drawn from a stream of the seed, so any one can be made alone, in any order. Nothing
//! here comes from recordings of people, and nothing that is seen in it says anything about people.

use libm::exp;
use serde::{Deserialize, Serialize};

use crate::bins::{ONE, Samples};
use crate::error::{StatsError, at_least, finite};
use crate::measure::EXPRESSIONS;
use crate::random::Random;

/// A moment that moves faces.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Moment {
    /// When it begins, in seconds of the stimulus.
    pub at_s: f64,
    /// Seconds from a person's first reaction to its height; more than 0.
    pub rise_s: f64,
    /// Place of the expression, 0..7 from angry to neutral.
    pub expression: usize,
    /// Height of the log weight's rise; 0 is none, 3 is a strong one.
    pub height: f64,
    /// Factor of the height in each group; groups beyond its end have 1.
    pub group_factors: Vec<f64>,
}

/// What is shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Stimulus {
    /// Length in milliseconds; more than 0.
    pub duration_ms: u32,
    /// What moves faces in it.
    pub moments: Vec<Moment>,
}

/// A panel to be drawn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Model {
    /// Start of all random draws.
    pub seed: u64,
    /// Samples per second; more than 0.
    pub sample_rate_hz: f64,
    /// Number of groups; person i is in group i mod groups. At least 1.
    pub groups: usize,
    /// Standard deviation of the people's offsets in log weights.
    pub offset_sd: f64,
    /// Standard deviation of ln(responsiveness).
    pub responsiveness_sd: f64,
    /// Standard deviation of the noise in log weights.
    pub noise_sd: f64,
    /// Share of time in gaps, 0 to 0.9.
    pub gap_share: f64,
    /// Share of people recorded badly throughout, 0..1.
    pub poor_share: f64,
    /// What they see.
    pub stimuli: Vec<Stimulus>,
}

/// One synthetic participant, the same for all stimuli.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Participant {
    /// Index in the panel, from 0.
    pub index: u32,
    /// Group, from 0.
    pub group: usize,
    /// Raw depths at rest, from angry to neutral, each 0..1: the personal neutral.
    pub baseline: [f64; EXPRESSIONS],
    /// An answer from 1 (did not like it) to 5, higher for people who react more.
    pub liking: u8,
    /// Recorded badly throughout.
    pub poor: bool,
    offsets: [f64; ANSWERS],
    responsiveness: f64,
    latency_s: f64,
}

/// Samples of one exposure in columns.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Columns {
    /// As in [`Samples`].
    pub media_time_ms: Vec<u32>,
    /// As in [`Samples`].
    pub quality: Vec<u16>,
    /// As in [`Samples`].
    pub raw: [Vec<u16>; EXPRESSIONS],
}

impl Columns {
    /// The columns as [`crate::person_seconds`] reads them.
    #[must_use]
    pub fn samples(&self) -> Samples<'_> {
        let raw = core::array::from_fn(|expression| &self.raw[expression][..]);
        Samples { media_time_ms: &self.media_time_ms, quality: &self.quality, raw }
    }
}

const ANSWERS: usize = EXPRESSIONS + 1;
/// Log weights of a face at rest, from angry to neutral, then "something else".
const BASE: [f64; ANSWERS] = [-0.6, -1.8, -1.6, -0.3, -0.2, -1.0, 2.2, -0.5];
/// Time in which the noise forgets itself.
const NOISE_TIME_S: f64 = 1.0;
/// Mean length of a gap.
const GAP_S: f64 = 3.0;

impl Default for Model {
    /// Two groups see a clip of 30 s: a surprise at 5 s, and a joke at 12 s at which the first group smiles more.
    fn default() -> Self {
        let moment = |at_s, rise_s, expression, height, group_factors| Moment {
            at_s,
            rise_s,
            expression,
            height,
            group_factors,
        };
        let moments = vec![
            moment(5.0, 1.0, 5, 2.0, Vec::new()),
            moment(12.0, 2.0, 3, 2.5, vec![1.0, 0.6]),
            moment(22.0, 3.0, 4, 1.0, Vec::new()),
        ];
        Self {
            seed: 1,
            sample_rate_hz: 10.0,
            groups: 2,
            offset_sd: 0.4,
            responsiveness_sd: 0.5,
            noise_sd: 0.5,
            gap_share: 0.05,
            poor_share: 0.08,
            stimuli: vec![Stimulus { duration_ms: 30_000, moments }],
        }
    }
}

impl Model {
    /// Says whether people can be drawn from it.
    ///
    /// # Errors
    /// [`StatsError::TooFew`] without a group or stimulus; [`StatsError::OutOfRange`] if a number is out of its range.
    pub fn check(&self) -> Result<(), StatsError> {
        at_least("groups", self.groups, 1)?;
        at_least("stimuli", self.stimuli.len(), 1)?;
        let within = |what, value: f64, low: f64, high: f64, expected| {
            let found = finite(what, value)?;
            if (low..=high).contains(&found) {
                Ok(())
            } else {
                Err(StatsError::OutOfRange { what, expected, found })
            }
        };
        within("sample rate", self.sample_rate_hz, 0.1, 1_000.0, "0.1 to 1,000 per second")?;
        for (what, value) in [
            ("spread of offsets", self.offset_sd),
            ("spread of responsiveness", self.responsiveness_sd),
            ("noise", self.noise_sd),
        ] {
            within(what, value, 0.0, 10.0, "0 to 10")?;
        }
        within("share of gaps", self.gap_share, 0.0, 0.9, "0 to 0.9")?;
        within("share of poor recordings", self.poor_share, 0.0, 1.0, "0 to 1")?;
        for stimulus in &self.stimuli {
            at_least("milliseconds of the stimulus", stimulus.duration_ms as usize, 1)?;
            for moment in &stimulus.moments {
                within("rise of a moment", moment.rise_s, 0.01, 1e6, "0.01 s or more")?;
                within("expression of a moment", moment.expression as f64, 0.0, 6.0, "0 to 6")?;
                within("height of a moment", moment.height, -50.0, 50.0, "-50 to 50")?;
            }
        }
        Ok(())
    }

    /// Person `index` of the panel.
    #[must_use]
    pub fn participant(&self, index: u32) -> Participant {
        let mut random = Random::stream(self.seed, u64::from(index) << 16);
        let offsets = core::array::from_fn(|_| self.offset_sd * random.normal());
        let reaction = random.normal();
        let latency_s = 0.2 + random.unit();
        let poor = random.unit() < self.poor_share;
        let liking = (3.0 + 0.8 * reaction + 0.8 * random.normal()).round().clamp(1.0, 5.0) as u8;
        let baseline = shares(&core::array::from_fn(|answer| BASE[answer] + offsets[answer]));
        Participant {
            index,
            group: index as usize % self.groups.max(1),
            baseline,
            liking,
            poor,
            offsets,
            responsiveness: exp(self.responsiveness_sd * reaction),
            latency_s,
        }
    }

    /// What a person's camera gives while stimulus `stimulus` is shown.
    ///
    /// # Panics
    /// If the stimulus does not exist.
    #[must_use]
    pub fn exposure(&self, person: &Participant, stimulus: usize) -> Columns {
        let Stimulus { duration_ms, moments } = &self.stimuli[stimulus];
        let mut random = Random::stream(self.seed, (u64::from(person.index) << 16) + 1 + stimulus as u64);
        let step_s = 1.0 / self.sample_rate_hz;
        let keep = exp(-step_s / NOISE_TIME_S);
        let fresh = self.noise_sd * (1.0 - keep * keep).sqrt();
        let mut noise: [f64; ANSWERS] = core::array::from_fn(|_| self.noise_sd * random.normal());
        let mut gaps = Gaps::new(self.gap_share, step_s);
        let mut columns = Columns::default();
        let count = (f64::from(*duration_ms) / 1_000.0 * self.sample_rate_hz).ceil() as usize;
        for sample in 0..count {
            // Frames do not come quite evenly: up to a fifth of a step late.
            let time_s = (sample as f64 + 0.2 * random.unit()) * step_s;
            let time_ms = ((time_s * 1_000.0) as u32).min(duration_ms - 1);
            let mut weights: [f64; ANSWERS] =
                core::array::from_fn(|answer| BASE[answer] + person.offsets[answer] + noise[answer]);
            for moment in moments {
                let since = time_s - moment.at_s - person.latency_s;
                if since > 0.0 {
                    let factor = moment.group_factors.get(person.group).copied().unwrap_or(1.0);
                    let x = since / moment.rise_s;
                    weights[moment.expression] +=
                        moment.height * factor * person.responsiveness * x * exp(1.0 - x);
                }
            }
            let raw = shares(&weights);
            columns.media_time_ms.push(time_ms);
            columns.quality.push(gaps.quality(&mut random, person.poor));
            columns.raw.iter_mut().zip(raw).for_each(|(column, raw)| column.push(in_file(raw)));
            noise.iter_mut().for_each(|noise| *noise = keep * *noise + fresh * random.normal());
        }
        columns
    }
}

/// Shares of the seven expressions among all eight weights.
fn shares(log_weights: &[f64; ANSWERS]) -> [f64; EXPRESSIONS] {
    let largest = log_weights.iter().fold(f64::MIN, |largest, &weight| largest.max(weight));
    let weights = log_weights.map(|weight| exp(weight - largest));
    let all: f64 = weights.iter().sum();
    core::array::from_fn(|expression| weights[expression] / all)
}

fn in_file(share: f64) -> u16 {
    (share * f64::from(ONE)).round().clamp(0.0, f64::from(ONE)) as u16
}

/// Where the recording fails.
struct Gaps {
    begin: f64,
    end: f64,
    within: bool,
}

impl Gaps {
    fn new(share: f64, step_s: f64) -> Self {
        // A gap ends after GAP_S on average; between gaps passes as much time as makes their share right.
        let end = (step_s / GAP_S).min(1.0);
        Self { begin: (end * share / (1.0 - share)).min(1.0), end, within: false }
    }

    fn quality(&mut self, random: &mut Random, poor: bool) -> u16 {
        let turn = random.unit();
        self.within = if self.within { turn >= self.end } else { turn < self.begin };
        let height = match (self.within, poor) {
            (true, _) => 0.3 * random.unit(),
            (false, true) => 0.3 + 0.3 * random.unit(),
            (false, false) => 0.75 + 0.25 * random.unit(),
        };
        in_file(height)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Measure, SecondRule, person_seconds};

    fn happy(model: &Model, index: u32) -> Vec<f64> {
        let person = model.participant(index);
        let binned =
            person_seconds(&model.exposure(&person, 0).samples(), 30_000, None, &SecondRule::default());
        binned.unwrap().cells[Measure::Happy.index() * 30..][..30].to_vec()
    }

    #[test]
    fn one_person_is_the_same_however_it_is_drawn() {
        let model = Model::default();
        model.check().unwrap();
        let first = model.exposure(&model.participant(7), 0);
        let _ = model.participant(3);
        assert_eq!(first, model.exposure(&model.participant(7), 0));
        assert_ne!(first, model.exposure(&model.participant(8), 0));
        assert_eq!(first.media_time_ms.len(), 300);
        assert!(first.media_time_ms.is_sorted());
    }

    #[test]
    fn the_joke_is_seen_and_more_so_in_the_first_group() {
        let model = Model { poor_share: 0.0, ..Model::default() };
        let mean = |group: u32, second: usize| {
            let values: Vec<f64> = (0..100)
                .map(|i| happy(&model, 2 * i + group)[second])
                .filter(|value| !value.is_nan())
                .collect();
            values.iter().sum::<f64>() / values.len() as f64
        };
        assert!(mean(0, 15) > mean(0, 4) + 0.2, "{} {}", mean(0, 15), mean(0, 4));
        assert!(mean(0, 15) > mean(1, 15) + 0.05);
        assert!((mean(0, 4) - mean(1, 4)).abs() < 0.05);
    }

    #[test]
    fn gaps_and_poor_recordings_have_their_shares() {
        let model = Model { gap_share: 0.2, ..Model::default() };
        let people: Vec<Participant> = (0..400).map(|index| model.participant(index)).collect();
        let poor = people.iter().filter(|person| person.poor).count();
        assert!((16..=48).contains(&poor), "{poor} of 400 at a share of 0.08");
        let quality = people.iter().filter(|person| !person.poor).flat_map(|p| model.exposure(p, 0).quality);
        let (bad, all) = quality.fold((0u32, 0u32), |(bad, all), q| (bad + u32::from(q < 5_000), all + 1));
        let share = f64::from(bad) / f64::from(all);
        assert!((share - 0.2).abs() < 0.03, "{share}");
    }

    #[test]
    fn the_baseline_is_the_face_at_rest() {
        let quiet = Stimulus { duration_ms: 30_000, moments: Vec::new() };
        let model = Model {
            noise_sd: 0.0,
            gap_share: 0.0,
            poor_share: 0.0,
            stimuli: vec![quiet],
            ..Model::default()
        };
        let person = model.participant(0);
        let baseline = person.baseline[Measure::Happy.index()];
        assert!(happy(&model, 0).iter().all(|value| (value - baseline).abs() < 1e-4));
    }

    #[test]
    fn models_out_of_range_are_refused() {
        assert!(Model { gap_share: 1.0, ..Model::default() }.check().is_err());
        assert!(Model { groups: 0, ..Model::default() }.check().is_err());
        assert!(Model { noise_sd: f64::NAN, ..Model::default() }.check().is_err());
        let mut model = Model::default();
        model.stimuli[0].moments[0].expression = 7;
        assert!(model.check().is_err());
    }
}
