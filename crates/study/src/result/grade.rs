//! The grade of an exposure, 6 (perfect) to 1, and why.

use std::ops::Range;

use super::seconds::seconds;
use super::{Columns, GradeReason, NO_FACE, NO_FRAME, OTHER_FACE};

/// What a grade is given for.
#[derive(Debug, Clone)]
pub struct GradeInput<'a> {
    /// The readings of the session.
    pub columns: &'a Columns,
    /// Those of the exposure.
    pub readings: Range<usize>,
    /// How long the stimulus lasts according to the study, in milliseconds.
    pub duration_ms: u32,
    /// How far it was played, in milliseconds.
    pub media_ms: u32,
    /// Whether the showing broke off.
    pub interrupted: bool,
    /// How long the page was hidden meanwhile, in milliseconds.
    pub hidden_ms: u32,
    /// Readings a second that were asked for.
    pub rate_hz: u32,
}

/// A grade.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grade {
    /// From 6 to 1; 4 and more count as usable.
    pub grade: u32,
    /// Why it is not 6, or what else was seen.
    pub reasons: Vec<GradeReason>,
    /// How long no face was found, in milliseconds.
    pub absent_ms: u32,
}

/// Grade an exposure.
///
/// The share of its seconds that are usable decides: from 95 % on 6, 90 % 5, 80 % 4, 60 % 3, 30 % 2, else 1. An exposure that
/// broke off or was played more than half a second short has at most 3; one with under 80 % of the asked readings a second, or
/// with a mean quality under 0.75, at most 5. So "4 or more" is the rule of the panel page: usable for an exposure is who
/// has 80 % of its seconds.
pub fn grade(input: &GradeInput<'_>) -> Grade {
    let columns = input.columns;
    let list = seconds(columns, input.readings.clone(), input.duration_ms, input.rate_hz);
    let usable = list.iter().filter(|second| second.raw.is_some()).count();
    let share = |parts: usize, of: usize| (parts * 1_000).checked_div(of).unwrap_or(0);
    let mut grade = match share(usable, list.len()) {
        950.. => 6,
        900.. => 5,
        800.. => 4,
        600.. => 3,
        300.. => 2,
        _ => 1,
    };
    let mut reasons = Vec::new();
    let mut cap = |most: u32, reason: GradeReason| {
        grade = grade.min(most);
        reasons.push(reason);
    };
    if share(usable, list.len()) < 950 {
        cap(6, GradeReason::FewUsableSeconds);
    }
    if input.interrupted {
        cap(3, GradeReason::Interrupted);
    } else if input.media_ms + 500 < input.duration_ms {
        cap(3, GradeReason::PlayedShort);
    }
    if input.hidden_ms >= 1_000 {
        cap(6, GradeReason::Hidden);
    }
    let shown: Vec<usize> = input.readings.clone().filter(|index| columns.media_ms[*index] >= 0).collect();
    let with = |bits: u32| shown.iter().filter(|index| columns.reasons[**index] & bits != 0).count();
    let absent = with(NO_FACE | NO_FRAME);
    if share(absent, shown.len()) >= 100 {
        cap(6, GradeReason::Absent);
    }
    if share(with(OTHER_FACE), shown.len()) >= 100 {
        cap(6, GradeReason::OtherFace);
    }
    let played = input.media_ms.min(input.duration_ms) as usize;
    let wanted = played * input.rate_hz as usize; // in thousandths of readings
    if shown.len() * 1_000 * 10 < wanted * 8 {
        cap(5, GradeReason::LowRate);
    }
    let usable_readings: Vec<usize> =
        shown.iter().copied().filter(|index| columns.is_usable(*index)).collect();
    let quality: u64 = usable_readings.iter().map(|index| u64::from(columns.quality[*index])).sum();
    if !usable_readings.is_empty() && quality / (usable_readings.len() as u64) < 7_500 {
        cap(5, GradeReason::PoorPicture);
    }
    let absent_ms = if shown.is_empty() { played } else { absent * played / shown.len() };
    Grade { grade, reasons, absent_ms: absent_ms as u32 }
}
