//! How far the reading of one face can be trusted, and why not.
//!
//! Each cause has a measure and two marks: at `fine` or better its factor is 1, at `hopeless` or worse it is 0,
//! in between it falls in a straight line. The value is the smallest factor, for a face is as readable as
//! its worst fault allows. A cause is named once its factor is below [`NAMED_BELOW`], and below
//! [`USABLE_FROM`] the reading is not shown.
//!
//! The marks of the picture's light and sharpness come from 7,139 training faces of FER2013 (every fourth, those
//! that raters took for no face left out): what the network has seen may pass, what it has hardly seen is named.

use crate::geometry::Rect;
use crate::reading::{Pose, Quality, Reason};

/// From this value the depths may be shown.
pub const USABLE_FROM: f32 = 0.5;

/// Below this factor a cause is named; the reading may still be usable, and the person can act before it is not.
pub const NAMED_BELOW: f32 = 0.75;

/// Width and height of the aligned crop in pixels.
const SIZE: usize = 48;

/// What is known of one face when its quality is judged.
#[derive(Debug, Clone, Copy)]
pub struct Observation<'a> {
    /// The aligned crop that the classifier sees: 48 x 48 luma, rows from the top. Of another length the value is 0.
    pub crop: &'a [u8],
    pub box_px: Rect,
    /// Size of the frame in pixels.
    pub frame_width: f32,
    pub frame_height: f32,
    /// The detector's (or tracker's) confidence, 0..1.
    pub score: f32,
    pub pose: Pose,
    pub eye_distance_px: f32,
    /// How many faces the frame shows.
    pub faces: usize,
    /// How surely something hides the mouth, 0..1: see [`crate::cover`].
    pub covered: f32,
}

/// The two ends of one cause's slope. `fine` may lie above or below `hopeless`.
#[derive(Debug, Clone, Copy)]
struct Marks {
    fine: f32,
    hopeless: f32,
}

impl Marks {
    /// 1 at `fine` and beyond, 0 at `hopeless` and beyond or for a measure that is not a number.
    fn factor(self, measure: f32) -> f32 {
        let factor = (measure - self.hopeless) / (self.fine - self.hopeless);
        if factor.is_nan() { 0.0 } else { factor.clamp(0.0, 1.0) }
    }
}

/// Mean luma, 0..255. One training face in a thousand is darker than 50.
const DARK_MEAN: Marks = Marks { fine: 50.0, hopeless: 15.0 };
/// Share of pixels below luma 16, where the camera keeps no detail. One training face in a thousand has more than 0.53.
const DARK_SHARE: Marks = Marks { fine: 0.55, hopeless: 0.95 };
/// Mean luma. One training face in a thousand is brighter than 221.
const BRIGHT_MEAN: Marks = Marks { fine: 221.0, hopeless: 250.0 };
/// Share of pixels at luma 250 or more. One training face in a thousand has more than 0.42.
const BRIGHT_SHARE: Marks = Marks { fine: 0.42, hopeless: 0.9 };
/// Standard deviation of luma. The flattest training face in a thousand has 19; at half of that a camera's noise (about 2)
/// is still a quarter of the signal.
const CONTRAST: Marks = Marks { fine: 12.0, hopeless: 4.0 };
/// Mean squared Laplacian over the variance of luma. Training faces have a median of 0.70 and one in a thousand less than 0.12.
/// Blurred by a Gaussian of sigma 1.5 px of the crop, which the network is trained to bear, 25 % are named and 9 % unusable;
/// of sigma 2: 83 % and 62 %; of sigma 2.5: 98 % and 92 %; of sigma 3: 99.5 % and 98 %. Of the faces as they are, none is named.
const SHARPNESS: Marks = Marks { fine: 0.02, hopeless: 0.004 };
/// Degrees to either side or up or down. The training faces' middle 90 % lie between -28 and 24 degrees of yaw and between -16
/// and 16 of pitch (398 of them, by the detector's points); of all, 6 % are named and 3 % unusable.
const TURNED: Marks = Marks { fine: 25.0, hopeless: 60.0 };
/// Pixels between the eyes in the frame. In the 48-pixel crop it is about 20, and the network is trained on
/// faces of half that size, enlarged.
const EYES: Marks = Marks { fine: 12.0, hopeless: 4.0 };
/// Share of the box that lies outside the frame. The box ends at brow and chin: with a sixth gone a mouth or an eye may be.
const OUTSIDE: Marks = Marks { fine: 0.03, hopeless: 0.33 };
/// The detector's confidence; it reports from 0.5 and is above 0.8 for a whole, uncovered face.
const SCORE: Marks = Marks { fine: 0.75, hopeless: 0.25 };

/// The probability that the mouth is hidden, as [`crate::cover`] gives it. docs/covered.md has recall and false alarms; half of the way is
/// where one clear face in a hundred is withheld.
const COVERED: Marks = Marks { fine: 0.25, hopeless: 0.75 };
/// Degrees of roll, either way, from which a head counts as upside down.
const UPSIDE_DOWN: f32 = 135.0;

/// Judge one face. `reasons` are the worst first, with the hints at the end.
pub fn assess(observation: &Observation) -> Quality {
    let light = Light::of(observation.crop);
    let pose = observation.pose;
    let factors = [
        (Reason::TooDark, DARK_MEAN.factor(light.mean).min(DARK_SHARE.factor(light.dark_share))),
        (Reason::TooBright, BRIGHT_MEAN.factor(light.mean).min(BRIGHT_SHARE.factor(light.bright_share))),
        (Reason::LowContrast, CONTRAST.factor(light.deviation)),
        (Reason::Blurred, SHARPNESS.factor(light.sharpness)),
        (Reason::TurnedAway, TURNED.factor(pose.yaw.abs()).min(TURNED.factor(pose.pitch.abs()))),
        (Reason::TooFar, EYES.factor(observation.eye_distance_px)),
        (Reason::CutOff, OUTSIDE.factor(share_outside(observation))),
        (Reason::Uncertain, SCORE.factor(observation.score)),
        (Reason::Covered, COVERED.factor(observation.covered)),
    ];
    let value = factors.iter().fold(1.0f32, |least, (_, factor)| least.min(*factor));
    let mut named: Vec<_> = factors.into_iter().filter(|(_, factor)| *factor < NAMED_BELOW).collect();
    named.sort_by(|(_, a), (_, b)| a.total_cmp(b));
    let mut reasons: Vec<Reason> = named.into_iter().map(|(reason, _)| reason).collect();
    if observation.faces > 1 {
        reasons.push(Reason::SeveralFaces);
    }
    if pose.roll.abs() > UPSIDE_DOWN {
        reasons.push(Reason::UpsideDown);
    }
    Quality { value, reasons, usable: value >= USABLE_FROM }
}

/// Share of the box's area outside the frame, 0..=1; a box without an area counts as outside.
fn share_outside(observation: &Observation) -> f32 {
    let b = observation.box_px;
    if !(b.x.is_finite() && b.y.is_finite() && b.area() > 0.0) {
        return 1.0;
    }
    let width = (b.x + b.width).min(observation.frame_width) - b.x.max(0.0);
    let height = (b.y + b.height).min(observation.frame_height) - b.y.max(0.0);
    let inside = width.max(0.0) * height.max(0.0);
    1.0 - inside / b.area()
}

/// The crop's light in numbers. Sums are integers, so the order of addition cannot matter.
struct Light {
    mean: f32,
    deviation: f32,
    dark_share: f32,
    bright_share: f32,
    /// Mean squared 4-neighbour Laplacian (without the outermost pixels) over the variance.
    sharpness: f32,
}

impl Light {
    fn of(crop: &[u8]) -> Self {
        if crop.len() != SIZE * SIZE {
            let none = f32::NAN;
            return Self {
                mean: none,
                deviation: none,
                dark_share: none,
                bright_share: none,
                sharpness: none,
            };
        }
        let (mut sum, mut squares, mut dark, mut bright) = (0u64, 0u64, 0u32, 0u32);
        for luma in crop.iter().map(|luma| u64::from(*luma)) {
            sum += luma;
            squares += luma * luma;
            dark += u32::from(luma < 16);
            bright += u32::from(luma >= 250);
        }
        let mut edges = 0u64;
        for y in 1..SIZE - 1 {
            for x in 1..SIZE - 1 {
                let at = |x: usize, y: usize| i32::from(crop[y * SIZE + x]);
                let laplacian = 4 * at(x, y) - at(x - 1, y) - at(x + 1, y) - at(x, y - 1) - at(x, y + 1);
                edges += u64::from(laplacian.unsigned_abs()).pow(2);
            }
        }
        let count = (SIZE * SIZE) as u64;
        // count² times the variance, exact: at most 2304² · 255², far inside u64.
        let variance = (count * squares - sum * sum) as f32 / (count * count) as f32;
        let edges = edges as f32 / ((SIZE - 2) * (SIZE - 2)) as f32;
        Self {
            mean: sum as f32 / count as f32,
            deviation: libm::sqrtf(variance),
            dark_share: dark as f32 / count as f32,
            bright_share: bright as f32 / count as f32,
            // A flat crop has no edges to be sharp or blurred: low contrast names it, not blur.
            sharpness: if variance >= 1.0 { edges / variance } else { SHARPNESS.fine },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A textured square: luma `level` +- `swing` in a checkerboard of `cell` pixels.
    fn checkerboard(level: i32, swing: i32, cell: usize) -> Vec<u8> {
        (0..SIZE * SIZE)
            .map(|i| {
                let bright = (i % SIZE / cell + i / SIZE / cell).is_multiple_of(2);
                (level + if bright { swing } else { -swing }) as u8
            })
            .collect()
    }

    fn good(crop: &[u8]) -> Observation<'_> {
        Observation {
            crop,
            box_px: Rect::new(200.0, 100.0, 200.0, 200.0),
            frame_width: 640.0,
            frame_height: 480.0,
            score: 0.95,
            pose: Pose { yaw: 5.0, pitch: -5.0, roll: 40.0 },
            eye_distance_px: 80.0,
            faces: 1,
            covered: 0.01,
        }
    }

    /// The face is named with this reason alone, once usable and once not.
    fn assert_named(reason: Reason, mild: Observation, bad: Observation) {
        let (mild, bad) = (assess(&mild), assess(&bad));
        assert_eq!(mild.reasons, [reason], "{mild:?}");
        assert!(mild.usable && mild.value < NAMED_BELOW, "{mild:?}");
        assert_eq!(bad.reasons, [reason], "{bad:?}");
        assert!(!bad.usable && bad.value < USABLE_FROM, "{bad:?}");
    }

    #[test]
    fn a_good_picture_has_value_one_and_no_reasons() {
        let crop = checkerboard(120, 50, 6);
        assert_eq!(assess(&good(&crop)), Quality { value: 1.0, reasons: vec![], usable: true });
    }

    #[test]
    fn several_faces_are_a_hint_and_cost_nothing() {
        let crop = checkerboard(120, 50, 6);
        let quality = assess(&Observation { faces: 2, ..good(&crop) });
        assert_eq!(quality, Quality { value: 1.0, reasons: vec![Reason::SeveralFaces], usable: true });
    }

    #[test]
    fn light_is_judged_by_its_mean() {
        let [dim, dark] = [38, 28].map(|level| checkerboard(level, 12, 6));
        assert_named(Reason::TooDark, good(&dim), good(&dark));
        let [glare, white] = [231, 237].map(|level| checkerboard(level, 12, 6));
        assert_named(Reason::TooBright, good(&glare), good(&white));
    }

    #[test]
    fn light_is_judged_by_what_is_lost_in_black_or_white() {
        // A lamp behind a face: most of it black, the rest bright, so that the mean alone says nothing.
        let with_share = |share: f32, lost: u8, kept: u8| -> Vec<u8> {
            (0..SIZE * SIZE)
                .map(|i| if (i / 4 * 7919 % 576) as f32 / 576.0 < share { lost } else { kept })
                .collect()
        };
        let [mild, bad] = [0.7, 0.8].map(|share| with_share(share, 4, 250 - 10));
        assert_named(Reason::TooDark, good(&mild), good(&bad));
        let [mild, bad] = [0.6, 0.7].map(|share| with_share(share, 255, 60));
        assert_named(Reason::TooBright, good(&mild), good(&bad));
    }

    #[test]
    fn flat_crops_have_low_contrast() {
        let [faint, flat] = [9, 6].map(|swing| checkerboard(120, swing, 6));
        assert_named(Reason::LowContrast, good(&faint), good(&flat));
        assert_eq!(assess(&good(&[120; SIZE * SIZE])).reasons, [Reason::LowContrast]);
    }

    #[test]
    fn smooth_crops_are_blurred() {
        // A wave of luma with period p pixels in both directions has a sharpness of (2 - 2 cos(2 pi / p))^2.
        let wave = |period: f32| -> Vec<u8> {
            let level = |i: usize| (i as f32 * std::f32::consts::TAU / period).sin();
            (0..SIZE * SIZE).map(|i| (120.0 + 50.0 * (level(i % SIZE) + level(i / SIZE))) as u8).collect()
        };
        let [mild, bad] = [18.0, 20.0].map(wave);
        let sharp = wave(12.0);
        assert_eq!(assess(&good(&sharp)).reasons, []);
        assert_named(Reason::Blurred, good(&mild), good(&bad));
    }

    #[test]
    fn a_face_may_be_turned_a_little() {
        let crop = checkerboard(120, 50, 6);
        for sign in [-1.0, 1.0] {
            let turned = |degrees: f32| Observation {
                pose: Pose { yaw: sign * degrees, ..Pose::default() },
                ..good(&crop)
            };
            assert_named(Reason::TurnedAway, turned(38.0), turned(50.0));
            let nodding = |degrees: f32| Observation {
                pose: Pose { pitch: sign * degrees, ..Pose::default() },
                ..good(&crop)
            };
            assert_named(Reason::TurnedAway, nodding(38.0), nodding(50.0));
        }
    }

    #[test]
    fn small_faces_are_too_far() {
        let crop = checkerboard(120, 50, 6);
        let far = |eye_distance_px| Observation { eye_distance_px, ..good(&crop) };
        assert_named(Reason::TooFar, far(9.0), far(7.0));
    }

    #[test]
    fn boxes_that_leave_the_frame_are_cut_off_on_every_side() {
        let crop = checkerboard(120, 50, 6);
        let at = |x, y| Observation { box_px: Rect::new(x, y, 200.0, 200.0), ..good(&crop) };
        assert_named(Reason::CutOff, at(-24.0, 100.0), at(-50.0, 100.0));
        assert_named(Reason::CutOff, at(464.0, 100.0), at(490.0, 100.0));
        assert_named(Reason::CutOff, at(200.0, -24.0), at(200.0, -50.0));
        assert_named(Reason::CutOff, at(200.0, 304.0), at(200.0, 330.0));
        assert!(assess(&at(-500.0, 0.0)).reasons.contains(&Reason::CutOff));
    }

    #[test]
    fn a_doubtful_detection_is_uncertain() {
        let crop = checkerboard(120, 50, 6);
        let scored = |score| Observation { score, ..good(&crop) };
        assert_named(Reason::Uncertain, scored(0.55), scored(0.45));
    }

    #[test]
    fn a_hidden_mouth_is_covered() {
        let crop = checkerboard(120, 50, 6);
        let covered = |covered| Observation { covered, ..good(&crop) };
        assert_named(Reason::Covered, covered(0.45), covered(0.55));
    }

    #[test]
    fn a_head_upside_down_is_read_and_told() {
        let crop = checkerboard(120, 50, 6);
        for roll in [-175.0, 178.0] {
            let pose = Pose { roll, ..Pose::default() };
            let quality = assess(&Observation { pose, ..good(&crop) });
            assert_eq!((quality.value, quality.reasons.as_slice()), (1.0, &[Reason::UpsideDown][..]));
        }
        let lying = Pose { roll: 90.0, ..Pose::default() };
        assert_eq!(assess(&Observation { pose: lying, ..good(&crop) }).reasons, []);
    }

    #[test]
    fn the_worst_reason_comes_first_and_sets_the_value() {
        let crop = checkerboard(36, 12, 6);
        let quality = assess(&Observation { eye_distance_px: 4.4, score: 0.6, faces: 3, ..good(&crop) });
        assert_eq!(
            quality.reasons,
            [Reason::TooFar, Reason::TooDark, Reason::Uncertain, Reason::SeveralFaces]
        );
        assert!((quality.value - 0.05).abs() < 1e-5);
    }

    #[test]
    fn what_is_not_a_number_or_not_a_crop_is_not_usable() {
        let crop = checkerboard(120, 50, 6);
        let nan = f32::NAN;
        for broken in [
            Observation { crop: &crop[1..], ..good(&crop) },
            Observation { crop: &[], ..good(&crop) },
            Observation { score: nan, ..good(&crop) },
            Observation { covered: nan, ..good(&crop) },
            Observation { eye_distance_px: nan, ..good(&crop) },
            Observation { pose: Pose { yaw: nan, ..Pose::default() }, ..good(&crop) },
            Observation { box_px: Rect::new(nan, 0.0, 10.0, 10.0), ..good(&crop) },
            Observation { box_px: Rect::new(10.0, 10.0, 0.0, 10.0), ..good(&crop) },
        ] {
            let quality = assess(&broken);
            assert!(!quality.usable && quality.value == 0.0 && !quality.reasons.is_empty(), "{quality:?}");
        }
    }
}
