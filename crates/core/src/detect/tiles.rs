//! Squares that cover a picture in several sizes, so that each face is large enough in one of them.
//!
//! The detector misses faces under about a seventh of what it is shown. So a picture is shown whole, and then in
//! overlapping squares that get smaller from level to level, down to the smallest face that is looked for.

use super::letterbox::Region;
use crate::geometry::Rect;

/// A face is found where it has at least this share of the square's side: somewhat above a seventh, where the
/// detector's recall falls.
const LEAST_SHARE: f32 = 1.0 / 6.5;

/// From one level to the next the side shrinks at most by this factor ...
const LARGEST_STEP: f32 = 2.5;

/// ... so that the largest face for which a level alone is responsible, [`LARGEST_STEP`] * [`LEAST_SHARE`] of its side,
/// fits wholly into what neighbouring squares share.
const OVERLAP: f32 = 0.4;

/// More levels than any picture needs.
const MOST_LEVELS: usize = 16;

/// One square of a picture, cut at the picture's edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tile {
    pub left: usize,
    pub top: usize,
    pub width: usize,
    pub height: usize,
}

impl Tile {
    pub(super) fn region(&self) -> Region {
        Region::new(self.left, self.top, self.width, self.height)
    }

    /// Whether a face lies across a side of the tile that is not the picture's own: it is cut there, and the
    /// neighbour has it whole. `picture`: width and height.
    pub fn cuts(&self, face: &Rect, picture: (usize, usize)) -> bool {
        let (left, top) = (self.left as f32, self.top as f32);
        let (right, bottom) = ((self.left + self.width) as f32, (self.top + self.height) as f32);
        (self.left > 0 && face.x < left)
            || (self.top > 0 && face.y < top)
            || (self.left + self.width < picture.0 && face.x + face.width > right)
            || (self.top + self.height < picture.1 && face.y + face.height > bottom)
    }
}

/// All tiles for a picture of `width` x `height` pixels in which faces from `smallest_px` on are looked for: first the
/// whole picture, then level by level, in rows from the top.
pub fn tiles(width: usize, height: usize, smallest_px: f32) -> Vec<Tile> {
    let mut tiles = vec![Tile { left: 0, top: 0, width, height }];
    for side in sides(width.max(height), smallest_px) {
        for (top, height) in spans(height, side) {
            for (left, width) in spans(width, side) {
                tiles.push(Tile { left, top, width, height });
            }
        }
    }
    tiles
}

/// How many [`tiles`] there are, without making them.
pub fn count(width: usize, height: usize, smallest_px: f32) -> usize {
    let level = |side| steps(width, side) * steps(height, side);
    1 + sides(width.max(height), smallest_px).into_iter().map(level).sum::<usize>()
}

/// The sides of the levels after the whole picture, falling by equal factors.
fn sides(longer: usize, smallest_px: f32) -> Vec<usize> {
    // Under a pixel nothing can be found; a size that is no number asks for no tiles.
    let last = (smallest_px.max(1.0) / LEAST_SHARE).max(1.0);
    let ratio = longer as f32 / last;
    if ratio.is_nan() || ratio <= 1.0 {
        return Vec::new();
    }
    let mut levels = 1;
    while libm::powf(LARGEST_STEP, levels as f32) < ratio && levels < MOST_LEVELS {
        levels += 1;
    }
    let step = libm::powf(ratio, 1.0 / levels as f32);
    (1..=levels).map(|level| (longer as f32 / libm::powf(step, level as f32)) as usize).collect()
}

/// How many squares of a side stand in a row over a length.
fn steps(length: usize, side: usize) -> usize {
    let stride = ((side as f32 * (1.0 - OVERLAP)) as usize).max(1);
    if side >= length { 1 } else { (length - side).div_ceil(stride) + 1 }
}

/// Beginnings and lengths of the squares in a row, evenly spread from edge to edge.
fn spans(length: usize, side: usize) -> impl Iterator<Item = (usize, usize)> {
    let (steps, side) = (steps(length, side), side.min(length));
    (0..steps).map(move |step| ((length - side) * step / (steps - 1).max(1), side))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn large_faces_need_the_whole_picture_only() {
        assert_eq!(tiles(640, 480, 100.0), [Tile { left: 0, top: 0, width: 640, height: 480 }]);
        assert_eq!(tiles(640, 480, f32::NAN).len(), count(640, 480, 1.0));
        assert_eq!(tiles(640, 480, f32::INFINITY).len(), 1);
    }

    #[test]
    fn levels_shrink_by_equal_steps_down_to_the_smallest_face() {
        // 4000 / 40 = 100 px a face; 649 px show it at 1 / 6.5.
        assert_eq!(sides(4000, 100.0), [1612, 649]);
        assert_eq!(count(4000, 3000, 100.0), tiles(4000, 3000, 100.0).len());
        assert_eq!(count(4000, 3000, 100.0), 1 + 4 * 3 + 10 * 8);
    }

    #[test]
    fn a_row_of_squares_reaches_both_edges_and_overlaps_enough() {
        let all: Vec<_> = spans(1000, 300).collect();
        assert_eq!(all.first(), Some(&(0, 300)));
        assert_eq!(all.last(), Some(&(700, 300)));
        for pair in all.windows(2) {
            assert!(pair[0].0 + 300 - pair[1].0 >= 120, "{all:?}");
        }
        assert_eq!(spans(200, 300).collect::<Vec<_>>(), [(0, 200)]);
    }

    #[test]
    fn a_face_across_an_inner_side_is_cut_and_one_across_the_pictures_edge_is_not() {
        let tile = Tile { left: 0, top: 100, width: 200, height: 200 };
        let cuts = |x, y| tile.cuts(&Rect::new(x, y, 50.0, 50.0), (400, 300));
        assert!(!cuts(20.0, 150.0));
        assert!(!cuts(-10.0, 150.0), "the picture's own left edge");
        assert!(!cuts(20.0, 270.0), "the picture's own lower edge");
        assert!(cuts(170.0, 150.0));
        assert!(cuts(20.0, 90.0));
    }

    proptest! {
        #[test]
        fn every_face_is_whole_and_large_enough_in_some_tile(
            width in 60usize..5000, height in 60usize..5000, smallest in 12.0f32..200.0,
            size in 0.0f32..1.0, x in 0.0f32..1.0, y in 0.0f32..1.0,
        ) {
            let (shorter, longer) = (width.min(height) as f32, width.max(height) as f32);
            // Anything from the smallest to what is found in the whole picture, inside the picture.
            let largest = (longer * LEAST_SHARE).min(shorter);
            prop_assume!(smallest < largest);
            let side = smallest + (largest - smallest) * size;
            let face = Rect::new((width as f32 - side) * x, (height as f32 - side) * y, side, side);
            let all = tiles(width, height, smallest);
            prop_assert_eq!(all.len(), count(width, height, smallest));
            let inside = all.iter().all(|tile| {
                tile.left + tile.width <= width && tile.top + tile.height <= height && tile.width > 0 && tile.height > 0
            });
            prop_assert!(inside);
            let share = |tile: &Tile| side / tile.width.max(tile.height) as f32;
            // A pixel of rounding on either side.
            let seen = all.iter().any(|tile| {
                share(tile) >= LEAST_SHARE * 0.98
                    && face.x >= tile.left as f32 - 1.0
                    && face.y >= tile.top as f32 - 1.0
                    && face.x + side <= (tile.left + tile.width) as f32 + 1.0
                    && face.y + side <= (tile.top + tile.height) as f32 + 1.0
            });
            prop_assert!(seen, "{face:?} of {width} x {height}, smallest {smallest}");
        }
    }
}
