//! Which of the faces the gauges show.

use emotion_core::reading::{FaceReading, FrameReading};

/// How long the gauges wait for a chosen face that was lost before they turn to another, in milliseconds.
pub const PATIENCE_MS: f64 = 3000.0;

/// For so long another face must be clearly better before the gauges turn to it, in milliseconds.
pub const BETTER_FOR_MS: f64 = 1000.0;

/// A quality that is higher by so much is clearly better.
const BETTER_QUALITY: f32 = 0.2;

/// At about the same quality a face is clearly better where it is so many times as large.
const BETTER_SIZE: f32 = 1.5;

/// A face of one frame, as far as the choice needs it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Seen {
    pub face: u32,
    /// 0..1.
    pub quality: f32,
    /// Area of the box as a share of the picture, 0..1.
    pub area: f32,
    /// From the picture's middle, 0, to its edge, 1, and beyond.
    pub off_centre: f32,
}

impl Seen {
    /// A face of a reading.
    pub fn of(face: &FaceReading, reading: &FrameReading) -> Self {
        let [width, height] = [reading.width, reading.height].map(|side| side.max(1) as f32);
        let centre = face.box_px.centre();
        let [x, y] = [centre.x / width * 2.0 - 1.0, centre.y / height * 2.0 - 1.0];
        Self {
            face: face.face,
            quality: face.quality.value,
            area: face.box_px.area() / (width * height),
            off_centre: x.abs().max(y.abs()),
        }
    }

    /// The area, at the picture's edge worth half as much.
    fn weight(&self) -> f32 {
        self.area * (1.0 - 0.5 * self.off_centre.clamp(0.0, 1.0))
    }

    /// Whether this face is better than another, for the first choice: quality first, in steps, then size and centre.
    fn is_better(&self, other: &Self) -> bool {
        match self.step().cmp(&other.step()) {
            std::cmp::Ordering::Equal => self.weight() > other.weight(),
            order => order.is_gt(),
        }
    }

    /// Whether it is so much better that the gauges should leave the other.
    fn is_clearly_better(&self, other: &Self) -> bool {
        let difference = self.quality - other.quality;
        difference >= BETTER_QUALITY
            || (difference > -BETTER_QUALITY / 2.0 && self.weight() >= BETTER_SIZE * other.weight())
    }

    /// The quality in steps of a tenth: smaller differences come and go from frame to frame.
    fn step(&self) -> i32 {
        libm::roundf(self.quality * 10.0) as i32
    }
}

/// The face whose gauges are shown: the person's choice, or else the best face, which is then kept until another has been clearly
/// better for a while, so that the gauges do not jump between two people who are seen about equally well.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FaceChoice {
    shown: Option<u32>,
    /// Chosen by the person, and so waited for.
    by_person: bool,
    /// When the shown face was last in the picture.
    seen_ms: f64,
    /// A face that is clearly better, and since when it is.
    rival: Option<(u32, f64)>,
}

impl FaceChoice {
    /// The person chose `face` at `time_ms`.
    pub fn choose(&mut self, face: u32, time_ms: f64) {
        *self = Self { shown: Some(face), by_person: true, seen_ms: time_ms, rival: None };
    }

    /// Take in the faces of one frame and say which is shown; `None`: no gauges now.
    pub fn update(&mut self, time_ms: f64, faces: impl Iterator<Item = Seen> + Clone) -> Option<u32> {
        let best = faces.clone().fold(None, |best: Option<Seen>, face| match best {
            Some(best) if !face.is_better(&best) => Some(best),
            _ => Some(face),
        });
        let shown = self.shown.and_then(|shown| faces.clone().find(|face| face.face == shown));
        if let Some(shown) = shown {
            self.seen_ms = time_ms;
            let rival = best.filter(|best| !self.by_person && best.is_clearly_better(&shown));
            self.rival = rival.map(|rival| match self.rival {
                Some((face, since_ms)) if face == rival.face && time_ms >= since_ms => (face, since_ms),
                _ => (rival.face, time_ms),
            });
            if self.rival.is_none_or(|(_, since_ms)| time_ms - since_ms < BETTER_FOR_MS) {
                return self.shown;
            }
        } else if self.by_person && time_ms - self.seen_ms < PATIENCE_MS {
            return None;
        }
        *self = Self { shown: best.map(|best| best.face), by_person: false, seen_ms: time_ms, rival: None };
        self.shown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(face: u32, quality: f32, area: f32) -> Seen {
        Seen { face, quality, area, off_centre: 0.0 }
    }

    fn update(choice: &mut FaceChoice, time_ms: f64, faces: &[Seen]) -> Option<u32> {
        choice.update(time_ms, faces.iter().copied())
    }

    #[test]
    fn the_best_face_is_shown_quality_first() {
        // A large false find in the background, and a person.
        let faces = [seen(1, 0.67, 0.2), seen(2, 1.0, 0.1)];
        assert_eq!(update(&mut FaceChoice::default(), 0.0, &faces), Some(2));
        assert_eq!(update(&mut FaceChoice::default(), 0.0, &[]), None);
        // Of about equal quality the larger one, and of equally large ones the one in the middle.
        assert_eq!(
            update(&mut FaceChoice::default(), 0.0, &[seen(1, 0.98, 0.1), seen(2, 1.0, 0.05)]),
            Some(1)
        );
        let edge = Seen { off_centre: 0.9, ..seen(1, 1.0, 0.1) };
        assert_eq!(update(&mut FaceChoice::default(), 0.0, &[edge, seen(2, 1.0, 0.09)]), Some(2));
        assert_eq!(update(&mut FaceChoice::default(), 0.0, &[seen(3, 1.0, 0.1), seen(4, 1.0, 0.1)]), Some(3));
    }

    #[test]
    fn the_gauges_turn_only_to_a_face_that_has_been_better_for_a_while() {
        let mut choice = FaceChoice::default();
        assert_eq!(update(&mut choice, 0.0, &[seen(1, 0.9, 0.1)]), Some(1));
        let better = [seen(1, 0.6, 0.1), seen(2, 1.0, 0.1)];
        assert_eq!(update(&mut choice, 100.0, &better), Some(1));
        // For a moment it is not, and the time begins anew.
        assert_eq!(update(&mut choice, 600.0, &[seen(1, 0.95, 0.1), seen(2, 1.0, 0.1)]), Some(1));
        assert_eq!(update(&mut choice, 700.0, &better), Some(1));
        assert_eq!(update(&mut choice, 1600.0, &better), Some(1));
        assert_eq!(update(&mut choice, 700.0 + BETTER_FOR_MS, &better), Some(2));
        // Two people who are seen about equally well do not change places.
        for time in 0..50 {
            let jitter = if time % 2 == 0 { 0.05 } else { 0.0 };
            let faces = [seen(1, 0.95, 0.1 + jitter), seen(2, 0.95, 0.12)];
            assert_eq!(update(&mut choice, 3000.0 + 100.0 * f64::from(time), &faces), Some(2));
        }
    }

    #[test]
    fn a_shown_face_that_is_gone_makes_room_at_once() {
        let mut choice = FaceChoice::default();
        update(&mut choice, 0.0, &[seen(1, 1.0, 0.2), seen(2, 0.8, 0.1)]);
        assert_eq!(update(&mut choice, 40.0, &[seen(2, 0.8, 0.1)]), Some(2));
    }

    #[test]
    fn a_chosen_face_is_kept_waited_for_and_then_given_up() {
        let mut choice = FaceChoice::default();
        let both = [seen(1, 0.4, 0.05), seen(2, 1.0, 0.1)];
        update(&mut choice, 0.0, &both);
        choice.choose(1, 0.0);
        for time in [100.0, 1500.0, 5000.0] {
            assert_eq!(update(&mut choice, time, &both), Some(1), "the person's choice, however poor");
        }
        assert_eq!(update(&mut choice, 5200.0, &both[1..]), None);
        assert_eq!(update(&mut choice, 5900.0, &both), Some(1));
        assert_eq!(update(&mut choice, 5900.0 + PATIENCE_MS, &both[1..]), Some(2));
    }
}
