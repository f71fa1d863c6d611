//! Exponential smoothing of the depths over time, for each face on its own.
//!
//! With the smoothing time T and the time dt since the face's previous reading,
//!
//! `depth += (1 - exp(-dt / T)) * (raw - depth)`.
//!
//! This is the exact answer of a first-order low-pass filter, so the curve does not depend on how many
//! frames a second the device manages: after T the depth has made 63 % of a jump, after 3 T 95 %. T = 0 is no smoothing.

use std::collections::BTreeMap;

use emotion_core::emotion::Depths;

/// After this long without a usable reading of a face its next one starts afresh, in milliseconds: what was a
/// second ago says nothing about a face that was turned away in between.
pub const GAP_MS: f64 = 1000.0;

/// Smooths the depths of every face that it is given.
#[derive(Debug, Clone, Default)]
pub struct Smoother {
    time_ms: f64,
    faces: BTreeMap<u32, State>,
}

#[derive(Debug, Clone, Copy)]
struct State {
    time_ms: f64,
    depths: Depths,
}

impl Smoother {
    /// `time_ms`: the smoothing time T in milliseconds; 0, negative or not finite is no smoothing.
    pub fn new(time_ms: f64) -> Self {
        let mut smoother = Self::default();
        smoother.set_time(time_ms);
        smoother
    }

    /// Change the smoothing time; the curves go on from where they are.
    pub fn set_time(&mut self, time_ms: f64) {
        self.time_ms = if time_ms.is_finite() { time_ms.max(0.0) } else { 0.0 };
    }

    /// The smoothing time in milliseconds.
    pub fn time(&self) -> f64 {
        self.time_ms
    }

    /// Take the raw depths of one face at `time_ms` and give the smoothed ones.
    ///
    /// The first reading of a face, and the first after a gap of more than [`GAP_MS`], is taken as it is. A
    /// reading that is not later than the previous one changes nothing and gives the smoothed depths again.
    pub fn update(&mut self, face: u32, time_ms: f64, raw: &Depths) -> Depths {
        let expired = |state: &State| time_ms - state.time_ms > GAP_MS;
        self.faces.retain(|_, state| !expired(state));
        let Some(state) = self.faces.get_mut(&face) else {
            self.faces.insert(face, State { time_ms, depths: *raw });
            return *raw;
        };
        let since_ms = time_ms - state.time_ms;
        if since_ms > 0.0 {
            let weight =
                if self.time_ms > 0.0 { 1.0 - libm::exp(-since_ms / self.time_ms) } else { 1.0 } as f32;
            // At weight 1 the raw value itself, not one that rounding has moved.
            let blend = |old: f32, new: f32| if weight < 1.0 { old + weight * (new - old) } else { new };
            *state = State { time_ms, depths: state.depths.zip(*raw, blend) };
        }
        state.depths
    }

    /// Forget one face: its next reading starts afresh.
    pub fn forget(&mut self, face: u32) {
        self.faces.remove(&face);
    }

    /// Forget all faces.
    pub fn clear(&mut self) {
        self.faces.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn happy(value: f32) -> Depths {
        Depths { happy: value, ..Depths::default() }
    }

    #[test]
    fn a_jump_is_63_percent_done_after_the_smoothing_time_at_any_frame_rate() {
        for steps in [1, 3, 10, 25] {
            let mut smoother = Smoother::new(500.0);
            assert_eq!(smoother.update(1, 0.0, &happy(0.0)).happy, 0.0);
            let mut last = 0.0;
            for step in 1..=steps {
                last = smoother.update(1, 500.0 * f64::from(step) / f64::from(steps), &happy(1.0)).happy;
            }
            assert!((last - 0.632_120_56).abs() < 1e-5, "{last} in {steps} steps");
        }
    }

    #[test]
    fn irregular_frames_end_at_the_same_depth() {
        let mut smoother = Smoother::new(500.0);
        smoother.update(1, 0.0, &happy(0.0));
        for time in [10.0, 17.0, 300.0, 301.0] {
            smoother.update(1, time, &happy(1.0));
        }
        assert!((smoother.update(1, 1000.0, &happy(1.0)).happy - (1.0 - (-2.0f32).exp())).abs() < 1e-5);
    }

    #[test]
    fn no_smoothing_time_gives_the_raw_depths() {
        for time in [0.0, -5.0, f64::NAN, f64::INFINITY] {
            let mut smoother = Smoother::new(time);
            smoother.update(1, 0.0, &happy(0.123));
            assert_eq!(smoother.update(1, 20.0, &happy(0.9)), happy(0.9));
        }
    }

    #[test]
    fn faces_do_not_mix_and_can_be_forgotten() {
        let mut smoother = Smoother::new(500.0);
        smoother.update(1, 0.0, &happy(0.0));
        smoother.update(2, 0.0, &happy(1.0));
        assert!(smoother.update(1, 10.0, &happy(0.0)).happy == 0.0);
        assert!(smoother.update(2, 10.0, &happy(1.0)).happy == 1.0);
        smoother.forget(1);
        assert_eq!(smoother.update(1, 20.0, &happy(0.7)), happy(0.7));
        assert!(smoother.update(2, 20.0, &happy(0.0)).happy > 0.9);
        smoother.clear();
        assert_eq!(smoother.update(2, 30.0, &happy(0.3)), happy(0.3));
    }

    #[test]
    fn after_a_gap_a_face_starts_afresh() {
        let mut smoother = Smoother::new(2000.0);
        smoother.update(1, 0.0, &happy(0.0));
        assert!(smoother.update(1, GAP_MS, &happy(1.0)).happy < 0.5);
        assert_eq!(smoother.update(1, GAP_MS + GAP_MS + 1.0, &happy(1.0)), happy(1.0));
    }

    #[test]
    fn frames_out_of_order_change_nothing() {
        let mut smoother = Smoother::new(500.0);
        smoother.update(1, 100.0, &happy(0.0));
        let before = smoother.update(1, 200.0, &happy(1.0));
        assert_eq!(smoother.update(1, 200.0, &happy(0.0)), before);
        assert_eq!(smoother.update(1, 150.0, &happy(0.0)), before);
        assert_eq!(smoother.update(1, f64::NAN, &happy(0.0)), before);
        assert!(smoother.update(1, 300.0, &happy(1.0)).happy > before.happy);
    }
}
