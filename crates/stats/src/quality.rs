//! Grades of an exposure and the rule that leaves people out.

use serde::{Deserialize, Serialize};

use crate::error::StatsError;

/// What is known of how well one exposure was recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recording {
    /// Seconds of the stimulus.
    pub seconds: u32,
    /// Seconds that are there ([`crate::Binned::usable_seconds`]).
    pub usable_seconds: u32,
    /// Seconds in which another face than the participant's was in the picture.
    pub other_face_seconds: u32,
    /// The exposure was interrupted: paused, hidden, or not played to its end.
    pub interrupted: bool,
}

/// Grade of an exposure, from 1 (hardly anything there) to 6 (nearly all there).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Grade(u8);

impl Grade {
    /// The number, 1 to 6.
    #[must_use]
    pub fn number(self) -> u8 {
        self.0
    }
}

/// Least share of usable seconds for the grades 2, 3, 4, 5 and 6, in percent.
pub const GRADE_PERCENT: [u64; 5] = [30, 60, 80, 90, 95];

/// Share of seconds with another face, in percent, above which a grade is at most 3.
pub const OTHER_FACES_PERCENT: u64 = 20;

/// The grade by the share of usable seconds: 6 from 95 % on, 5 from 90 %, 4 from 80 %, 3 from 60 %, 2 from 30 %, else 1.
/// If another face was there in more than 20 % of the seconds, it is at most 3. So the grades 4 to 6 are those that the
/// default rule keeps.
///
/// # Errors
/// [`StatsError::TooFew`] without a second, [`StatsError::OutOfRange`] if more seconds are usable than there are.
pub fn grade(recording: &Recording) -> Result<Grade, StatsError> {
    let seconds = checked_seconds(recording)?;
    let usable = u64::from(recording.usable_seconds) * 100;
    let steps = GRADE_PERCENT.iter().filter(|&&percent| usable >= percent * seconds).count() as u8;
    let crowded = u64::from(recording.other_face_seconds) * 100 > OTHER_FACES_PERCENT * seconds;
    Ok(Grade(if crowded { (1 + steps).min(3) } else { 1 + steps }))
}

fn checked_seconds(recording: &Recording) -> Result<u64, StatsError> {
    crate::error::at_least("seconds", recording.seconds as usize, 1)?;
    for (what, found) in [
        ("usable seconds", recording.usable_seconds),
        ("seconds with another face", recording.other_face_seconds),
    ] {
        if found > recording.seconds {
            return Err(StatsError::OutOfRange {
                what,
                expected: "at most all seconds",
                found: f64::from(found),
            });
        }
    }
    Ok(u64::from(recording.seconds))
}

/// Which exposures are left out of curves and tests. [`ExclusionRule::default`]: under 80 % of the seconds are usable.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ExclusionRule {
    /// Least share of usable seconds, 0..1.
    pub least_usable_share: f64,
    /// Largest share of seconds with another face, 0..1; 1 leaves nobody out for it.
    pub most_other_faces: f64,
    /// Leave interrupted exposures out.
    pub leave_out_interrupted: bool,
}

impl Default for ExclusionRule {
    fn default() -> Self {
        Self { least_usable_share: 0.8, most_other_faces: 1.0, leave_out_interrupted: false }
    }
}

/// Why an exposure is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Exclusion {
    /// Fewer usable seconds than the rule asks for.
    TooFewSeconds,
    /// Another face was there too often.
    OtherFaces,
    /// It was interrupted.
    Interrupted,
}

impl ExclusionRule {
    /// All reasons to leave this exposure out, in the order of [`Exclusion`]; empty if it is kept.
    ///
    /// # Errors
    /// As [`grade`]; [`StatsError::OutOfRange`] if the rule's shares are not within 0..1.
    pub fn apply(&self, recording: &Recording) -> Result<Vec<Exclusion>, StatsError> {
        for (what, found) in [
            ("least share of usable seconds", self.least_usable_share),
            ("largest share of seconds with another face", self.most_other_faces),
        ] {
            if !(0.0..=1.0).contains(&found) {
                return Err(StatsError::OutOfRange { what, expected: "between 0 and 1", found });
            }
        }
        let seconds = checked_seconds(recording)? as f64;
        // A share of two decimals times whole seconds is exact but for the last bit: 0.8 x 30 is 24.
        let usable = f64::from(recording.usable_seconds) >= self.least_usable_share * seconds - 1e-9;
        let crowded = f64::from(recording.other_face_seconds) > self.most_other_faces * seconds + 1e-9;
        let reasons = [
            (!usable, Exclusion::TooFewSeconds),
            (crowded, Exclusion::OtherFaces),
            (self.leave_out_interrupted && recording.interrupted, Exclusion::Interrupted),
        ];
        Ok(reasons.into_iter().filter_map(|(applies, reason)| applies.then_some(reason)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recording(usable_seconds: u32, other_face_seconds: u32) -> Recording {
        Recording { seconds: 100, usable_seconds, other_face_seconds, interrupted: false }
    }

    #[test]
    fn grades_at_their_borders() {
        let graded = |usable, other| grade(&recording(usable, other)).unwrap().number();
        let by_usable = [0, 29, 30, 59, 60, 79, 80, 89, 90, 94, 95, 100].map(|usable| graded(usable, 0));
        assert_eq!(by_usable, [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6]);
        assert_eq!([graded(100, 20), graded(100, 21), graded(29, 100)], [6, 3, 1]);
        assert!(grade(&recording(101, 0)).is_err());
        assert!(grade(&Recording { seconds: 0, ..recording(0, 0) }).is_err());
    }

    #[test]
    fn every_reason_is_named() {
        let rule =
            ExclusionRule { most_other_faces: 0.1, leave_out_interrupted: true, ..ExclusionRule::default() };
        let bad = Recording { interrupted: true, ..recording(79, 11) };
        assert_eq!(
            rule.apply(&bad).unwrap(),
            [Exclusion::TooFewSeconds, Exclusion::OtherFaces, Exclusion::Interrupted]
        );
        assert!(rule.apply(&recording(80, 10)).unwrap().is_empty());
        assert!(
            ExclusionRule::default()
                .apply(&Recording { interrupted: true, ..recording(80, 100) })
                .unwrap()
                .is_empty()
        );
        // Exactly 80 % of every length that has such a share.
        for fifth in 1..200 {
            let exact = Recording { seconds: 5 * fifth, usable_seconds: 4 * fifth, ..recording(0, 0) };
            assert!(ExclusionRule::default().apply(&exact).unwrap().is_empty(), "{fifth}");
        }
    }
}
