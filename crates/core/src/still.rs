//! Still pictures: how small a face is looked for, and what that costs.

use serde::{Deserialize, Serialize};

use crate::detect::tiles;

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

#[cfg(test)]
mod tests {
    use super::*;

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
}
