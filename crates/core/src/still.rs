//! Still pictures: how small a face is looked for, and what that costs.

use serde::{Deserialize, Serialize};

use crate::detect::tiles;

/// Faces of fewer pixels are not looked for by default: their eyes are nearer to each other than a reading needs.
const LEAST_PX: f32 = 12.0;

/// The smallest face by the picture's area: the side of a square of as many pixels over this.
const AREA_SHARE: f32 = 34.64;

/// The smallest face by the shorter side: in a strip, faces are a twelfth of it or more.
const SHORTER_SHARE: f32 = 12.0;

/// By default no picture is searched in more parts than this, if its smallest face is then still no larger than by its longer side.
const MOST_SEARCHES: usize = 400;

/// The smallest face of the closer search.
const SMALL_PX: f32 = 24.0;

/// How small a face is looked for in a still picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// Down to 1/40 of the longer side of a picture of usual proportions. A long one is searched as finely as a usual one of as many pixels, and
    /// down to 1/12 of its shorter side; but not under 12 pixels.
    #[default]
    Fortieth,
    /// Down to 24 pixels: many more searches in a large picture.
    Small,
}

impl Reach {
    /// The longer side of the smallest face that is looked for, in pixels of a picture of this size.
    pub fn smallest_px(self, width: usize, height: usize) -> f32 {
        let (longer, shorter) = (width.max(height) as f32, width.min(height) as f32);
        // sqrt(4 * 3) / 40: the same as by the longer side where the sides are as 4 to 3.
        let by_area = libm::sqrtf(longer * shorter) / AREA_SHARE;
        let mut fortieth = (longer / 40.0).min(by_area).min(shorter / SHORTER_SHARE).max(LEAST_PX);
        // Whatever the proportions, the cost stays bounded.
        while tiles::count(width, height, fortieth) > MOST_SEARCHES && fortieth < longer / 40.0 {
            fortieth *= 1.1;
        }
        let fortieth = fortieth.min((longer / 40.0).max(LEAST_PX));
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
        assert_eq!(libm::roundf(Reach::Fortieth.smallest_px(3000, 4000)), 100.0);
        assert_eq!(Reach::Small.smallest_px(3000, 4000), 24.0);
        assert_eq!(Reach::Fortieth.smallest_px(640, 480), 16.0);
        assert_eq!(Reach::Small.smallest_px(640, 480), 16.0);
        assert_eq!(Reach::Fortieth.smallest_px(300, 200), 12.0);
    }

    #[test]
    fn long_pictures_are_searched_finely_at_a_bounded_cost() {
        // A panorama of a class, and a long screenshot of portraits.
        assert!(Reach::Fortieth.smallest_px(12_000, 1500) <= 130.0);
        assert!(Reach::Fortieth.smallest_px(1080, 16_000) <= 130.0);
        assert!(Reach::Fortieth.smallest_px(6000, 480) <= 40.0);
        for (width, height) in
            [(12_000, 1500), (1080, 16_000), (30_000, 300), (100_000, 1000), (1000, 60_000), (4000, 3000)]
        {
            let searches = Reach::Fortieth.searches(width, height);
            let px = Reach::Fortieth.smallest_px(width, height);
            assert!(searches <= MOST_SEARCHES, "{width} x {height}: {searches}");
            assert!(px <= width.max(height) as f32 / 40.0, "{width} x {height}: {px}");
        }
    }

    #[test]
    fn the_closer_search_never_costs_less() {
        for (width, height) in [(300, 200), (960, 720), (1920, 1080), (4000, 3000), (12_000, 8_000)] {
            assert!(Reach::Small.searches(width, height) >= Reach::Fortieth.searches(width, height));
        }
    }
}
