//! What stands where a field is left out.

use super::{AT_THE_END, Baseline, Checks, Handover, Identity, Method};

pub fn participant_parameter() -> String {
    "participant".to_owned()
}
pub fn min_fps() -> u32 {
    10
}
pub fn min_quality() -> f64 {
    0.5
}
pub fn baseline_seconds() -> u32 {
    5
}
pub fn resume_max_age_h() -> u32 {
    24
}
pub fn sample_rate_hz() -> u32 {
    10
}
pub fn max_receipt_chars() -> u32 {
    12_000
}
pub fn methods() -> Vec<Method> {
    vec![Method::File]
}
#[cfg(feature = "schema")]
pub fn required() -> bool {
    true
}
pub fn after() -> String {
    AT_THE_END.to_owned()
}

impl Default for Identity {
    fn default() -> Self {
        Self { participant_parameter: participant_parameter(), carry: Vec::new() }
    }
}

impl Default for Checks {
    fn default() -> Self {
        Self { min_fps: min_fps(), min_quality: min_quality(), sound: false }
    }
}

impl Default for Baseline {
    fn default() -> Self {
        Self { seconds: baseline_seconds(), before_each_ms: 0 }
    }
}

impl Default for Handover {
    fn default() -> Self {
        Self { methods: methods(), parent_origin: None, max_receipt_chars: max_receipt_chars() }
    }
}
