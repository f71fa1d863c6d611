//! The face at rest: the mean of a participant's raw depths over some seconds.

use emotion_core::emotion::Emotion;

use crate::view::study::participant::Presence;

/// At least so many usable readings make a baseline; see [`emotion_record::baseline::MIN_SAMPLES`].
pub const MIN_SAMPLES: u32 = emotion_record::baseline::MIN_SAMPLES;

/// Gathers the face at rest.
#[derive(Debug, Clone, Default)]
pub struct Rest {
    face: Option<u32>,
    /// The face was another one for a moment: nobody knows whose mean this would be.
    mixed: bool,
    seen: u32,
    usable: u32,
    sums: [f64; 7],
}

impl Rest {
    /// Take in who is in one frame.
    pub fn take(&mut self, presence: Presence<'_>) {
        self.seen += 1;
        let Presence::Here { face, .. } = presence else { return };
        self.mixed |= *self.face.get_or_insert(face.face) != face.face;
        if face.quality.usable {
            self.usable += 1;
            for (sum, emotion) in self.sums.iter_mut().zip(Emotion::ALL) {
                *sum += f64::from(face.raw.get(emotion));
            }
        }
    }

    /// Mean raw depths x 10,000 and from how many readings; nothing where they are too few, under half of all, or of several faces.
    pub fn mean(&self) -> Option<([u16; 7], u32)> {
        if self.mixed || self.usable < MIN_SAMPLES || self.usable * 2 < self.seen {
            return None;
        }
        let mean =
            |sum: f64| libm::round(sum / f64::from(self.usable) * 10_000.0).clamp(0.0, 10_000.0) as u16;
        Some((self.sums.map(mean), self.usable))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use emotion_core::emotion::Depths;
    use emotion_core::geometry::Rect;
    use emotion_core::reading::{FaceReading, Quality};

    fn face(id: u32, neutral: f32, usable: bool) -> FaceReading {
        FaceReading {
            face: id,
            box_px: Rect { x: 0.0, y: 0.0, width: 9.0, height: 9.0 },
            points_px: Default::default(),
            score: 0.9,
            pose: Default::default(),
            quality: Quality { usable, ..Quality::default() },
            raw: Depths { neutral, ..Depths::default() },
            studies: Default::default(),
            likeness: None,
            own: None,
        }
    }

    fn of(faces: &[FaceReading]) -> Option<([u16; 7], u32)> {
        let mut rest = Rest::default();
        faces.iter().for_each(|face| rest.take(Presence::Here { face, others: false }));
        rest.mean()
    }

    #[test]
    fn the_mean_is_over_the_usable_readings() {
        let faces: Vec<_> = (0..20).map(|at| face(1, if at % 2 == 0 { 0.5 } else { 0.7 }, at < 12)).collect();
        assert_eq!(of(&faces), Some(([0, 0, 0, 0, 0, 0, 6_000], 12)));
    }

    #[test]
    fn too_few_too_poor_or_two_faces_make_none() {
        let good = |count: usize| vec![face(1, 0.5, true); count];
        assert_eq!(of(&good(9)), None);
        assert_eq!(of(&[good(10), vec![face(1, 0.5, false); 11]].concat()), None);
        assert_eq!(of(&[good(20), vec![face(2, 0.5, true)]].concat()), None);
    }
}
