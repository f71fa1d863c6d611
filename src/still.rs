//! Still pictures: how small a face is looked for, what that costs, and the samples of a picture.

use serde::{Deserialize, Serialize};

use crate::detect::tiles;
use crate::reading::FrameReading;
use crate::session::{Sample, samples_of};
use crate::smooth::Smoother;

/// Faces of fewer pixels are not looked for by default: their eyes are nearer to each other than a reading needs.
const LEAST_PX: f32 = 12.0;

/// The smallest face of the closer search.
const SMALL_PX: f32 = 24.0;

/// How small a face is looked for in a still picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// Down to 1/40 of the picture's longer side, but not under 12 pixels.
    #[default]
    Fortieth,
    /// Down to 24 pixels: many more searches in a large picture.
    Small,
}

impl Reach {
    /// The longer side of the smallest face that is looked for, in pixels of a picture of this size.
    pub fn smallest_px(self, width: usize, height: usize) -> f32 {
        let fortieth = (width.max(height) as f32 / 40.0).max(LEAST_PX);
        match self {
            Reach::Fortieth => fortieth,
            Reach::Small => fortieth.min(SMALL_PX),
        }
    }

    /// How many times the detector runs over parts of a picture of this size, before it looks at each find again.
    pub fn searches(self, width: usize, height: usize) -> usize {
        tiles::count(width, height, self.smallest_px(width, height))
    }
}

/// The samples of a picture from the file `source`: one for each face, or one that says that there is none.
///
/// `time_ms` is 0 and `depth` is `raw`: a picture has no before. Everything else is as in a recording.
pub fn samples(reading: &FrameReading, source: &str) -> Vec<Sample> {
    let reading = FrameReading { time_ms: 0.0, ..reading.clone() };
    let mut samples = samples_of(&reading, 0.0, &mut Smoother::new(0.0), &[]);
    for sample in &mut samples {
        sample.source = Some(source.to_owned());
    }
    samples
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emotion::Depths;
    use crate::geometry::Rect;
    use crate::reading::{FaceReading, Pose, Quality};

    #[test]
    fn the_smallest_face_follows_the_longer_side() {
        assert_eq!(Reach::Fortieth.smallest_px(3000, 4000), 100.0);
        assert_eq!(Reach::Small.smallest_px(3000, 4000), 24.0);
        assert_eq!(Reach::Fortieth.smallest_px(640, 480), 16.0);
        assert_eq!(Reach::Small.smallest_px(640, 480), 16.0);
        assert_eq!(Reach::Fortieth.smallest_px(300, 200), 12.0);
    }

    #[test]
    fn the_closer_search_never_costs_less() {
        for (width, height) in [(300, 200), (960, 720), (1920, 1080), (4000, 3000), (12_000, 8_000)] {
            assert!(Reach::Small.searches(width, height) >= Reach::Fortieth.searches(width, height));
        }
    }

    #[test]
    fn samples_have_the_source_and_no_history() {
        let face = |id, usable| FaceReading {
            face: id,
            box_px: Rect::new(25.0, 25.0, 50.0, 50.0),
            points_px: Default::default(),
            score: 0.9,
            pose: Pose::default(),
            quality: Quality { value: 0.9, reasons: vec![], usable },
            raw: Depths { happy: 0.75, ..Depths::default() },
        };
        let reading = FrameReading {
            time_ms: 17.0,
            width: 100,
            height: 100,
            faces: vec![face(1, true), face(2, false)],
            stages: Default::default(),
        };
        let samples = samples(&reading, "a/b.jpg");
        assert_eq!(samples.len(), 2);
        for sample in &samples {
            assert_eq!((sample.time_ms, sample.source.as_deref()), (0.0, Some("a/b.jpg")));
        }
        assert_eq!((samples[0].depth, samples[0].face), (samples[0].raw, Some(1)));
        assert!(samples[1].depth.is_none() && samples[1].raw.is_some());
        let none = super::samples(&FrameReading { faces: vec![], ..reading }, "c.png");
        assert_eq!(none.len(), 1);
        assert!(none[0].face.is_none() && none[0].source.as_deref() == Some("c.png"));
    }
}
