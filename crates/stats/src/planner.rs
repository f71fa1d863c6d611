//! How many people a study needs.

use serde::{Deserialize, Serialize};

use crate::error::{StatsError, finite, open_share};
use crate::special::{noncentral_t_cdf, student_t_quantile};

/// Who is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Comparison {
    /// Two groups of different people, equally many in each.
    TwoGroups,
    /// Two stimuli seen by the same people.
    SamePeople,
}

/// What is to be seen.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PlanQuestion {
    /// Who is compared.
    pub comparison: Comparison,
    /// Smallest difference that matters, in the measure's unit: 0.05 are five viewers of a hundred. Not 0.
    pub difference: f64,
    /// Standard deviation, more than 0: between people of a group, or of the differences within people.
    pub sd: f64,
    /// Two-sided level of the test, 0.05.
    pub level: f64,
    /// Chance to find the difference if it is there, 0.8. More than the level.
    pub power: f64,
    /// Share of people who will be usable, 0.8; more than 0, at most 1.
    pub usable_share: f64,
}

/// The answer.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// Usable people needed in each group, or altogether of the same people.
    pub people: u32,
    /// People to recruit for it: `people / usable_share`, rounded up.
    pub recruit: u32,
    /// The power with exactly `people`, a little above the one that was asked for.
    pub power: f64,
}

/// Most people that a plan names; a smaller difference needs another design.
pub const LARGEST_PLAN: u32 = 10_000_000;

/// Power of the two-sided t test with `people` (in each group, or altogether), by the noncentral t.
///
/// With groups of equal spread this is Student's test; Welch's then has nearly the same power. 0 under two people.
///
/// # Errors
/// As [`plan`].
pub fn power(question: &PlanQuestion, people: u32) -> Result<f64, StatsError> {
    let effect = effect_size(question)?;
    open_share("level", question.level)?;
    if people < 2 {
        return Ok(0.0);
    }
    let n = f64::from(people);
    let (df, delta) = match question.comparison {
        Comparison::TwoGroups => (2.0 * n - 2.0, effect * (0.5 * n).sqrt()),
        Comparison::SamePeople => (n - 1.0, effect * n.sqrt()),
    };
    // Beyond this even the strictest test of few people finds it, and exp(-delta² / 2) ends near 38.
    if delta > 37.0 {
        return Ok(1.0);
    }
    let critical = student_t_quantile(1.0 - 0.5 * question.level, df);
    Ok(1.0 - noncentral_t_cdf(critical, df, delta) + noncentral_t_cdf(-critical, df, delta))
}

fn effect_size(question: &PlanQuestion) -> Result<f64, StatsError> {
    let sd = finite("standard deviation", question.sd)?;
    let difference = finite("difference", question.difference)?;
    if sd <= 0.0 {
        return Err(StatsError::OutOfRange {
            what: "standard deviation",
            expected: "more than 0",
            found: sd,
        });
    }
    if difference == 0.0 {
        return Err(StatsError::OutOfRange {
            what: "difference",
            expected: "other than 0",
            found: difference,
        });
    }
    Ok((difference / sd).abs())
}

/// The fewest people with whom the test has the power that is asked for.
///
/// # Errors
/// [`StatsError::OutOfRange`] if a number of the question is out of its range, or more than [`LARGEST_PLAN`] people
/// were needed.
pub fn plan(question: &PlanQuestion) -> Result<Plan, StatsError> {
    open_share("power", question.power)?;
    if question.power <= open_share("level", question.level)? {
        let expected = "more than the level of the test";
        return Err(StatsError::OutOfRange { what: "power", expected, found: question.power });
    }
    let usable = question.usable_share;
    if !(usable > 0.0 && usable <= 1.0) {
        let expected = "more than 0 and at most 1";
        return Err(StatsError::OutOfRange { what: "usable share of people", expected, found: usable });
    }
    // Power grows with people: double until it is enough, then halve the gap.
    let (mut too_few, mut enough) = (1, 2);
    while power(question, enough)? < question.power {
        if enough >= LARGEST_PLAN {
            let (what, expected) = ("difference", "large enough to be seen with ten million people");
            return Err(StatsError::OutOfRange { what, expected, found: question.difference });
        }
        too_few = enough;
        enough = (enough * 2).min(LARGEST_PLAN);
    }
    while enough - too_few > 1 {
        let middle = too_few + (enough - too_few) / 2;
        if power(question, middle)? < question.power {
            too_few = middle;
        } else {
            enough = middle;
        }
    }
    let recruit = (f64::from(enough) / usable - 1e-9).ceil() as u32;
    Ok(Plan { people: enough, recruit, power: power(question, enough)? })
}

/// Percentile of a value among norms: the share of earlier studies below it, those equal counted half, 0..100.
///
/// # Errors
/// [`StatsError::TooFew`] without a norm; [`StatsError::OutOfRange`] if a number is not finite.
pub fn percentile_among(value: f64, norms: &[f64]) -> Result<f64, StatsError> {
    finite("value", value)?;
    crate::error::at_least("norms", norms.len(), 1)?;
    let mut halves = 0u32;
    for &norm in norms {
        finite("norm", norm)?;
        halves += 2 * u32::from(norm < value) + u32::from(norm == value);
    }
    Ok(50.0 * f64::from(halves) / norms.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(difference: f64) -> PlanQuestion {
        let comparison = Comparison::TwoGroups;
        PlanQuestion { comparison, difference, sd: 0.1, level: 0.05, power: 0.8, usable_share: 0.8 }
    }

    #[test]
    fn the_plan_is_the_smallest_that_is_enough() {
        // Cohen 1988: 64 a group for an effect of half a standard deviation.
        let plan = plan(&question(0.05)).unwrap();
        assert_eq!((plan.people, plan.recruit), (64, 80));
        assert!(plan.power >= 0.8 && power(&question(0.05), 63).unwrap() < 0.8);
        assert_eq!(super::plan(&question(-0.05)).unwrap(), plan, "the side does not matter");
    }

    #[test]
    fn questions_without_an_answer_are_refused() {
        assert!(plan(&question(0.0)).is_err());
        assert!(plan(&question(1e-9)).is_err());
        assert!(plan(&PlanQuestion { sd: 0.0, ..question(0.1) }).is_err());
        assert!(plan(&PlanQuestion { power: 0.04, ..question(0.1) }).is_err());
        assert!(plan(&PlanQuestion { usable_share: 0.0, ..question(0.1) }).is_err());
        assert_eq!(plan(&question(100.0)).unwrap().people, 2);
    }

    #[test]
    fn percentiles_count_equals_half() {
        assert_eq!(percentile_among(3.0, &[1.0, 2.0, 3.0, 4.0]).unwrap(), 62.5);
        assert_eq!(percentile_among(0.0, &[1.0]).unwrap(), 0.0);
        assert!(percentile_among(0.0, &[]).is_err());
    }
}
