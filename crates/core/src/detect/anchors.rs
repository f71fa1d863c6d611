//! The detector's anchors, and its raw output decoded with them.

use super::Detection;
use super::letterbox::SIDE;
use crate::geometry::{Point, Rect};

/// Number of anchors.
pub const COUNT: usize = 896;
/// Numbers of raw output per anchor: centre, size and six points.
pub const VALUES: usize = 16;
/// Cells per side and anchors per cell of the two grids: MediaPipe's SSD options for the short-range
/// model (strides 8, 16, 16, 16; two anchors per stride, those of equal strides share a grid).
const GRIDS: [(usize, usize); 2] = [(16, 2), (8, 6)];
/// Logits are cut to this, as MediaPipe does (`score_clipping_thresh`).
const LOGIT_LIMIT: f32 = 100.0;

/// The centres of all anchors in pixels of the network's input. All have the same size (the whole
/// input: `fixed_anchor_size`), so the raw values are plain pixels.
pub struct Anchors {
    centres: Vec<Point>,
}

impl Anchors {
    pub fn new() -> Self {
        let mut centres = Vec::with_capacity(COUNT);
        for (cells, per_cell) in GRIDS {
            let step = SIDE as f32 / cells as f32;
            for row in 0..cells {
                for column in 0..cells {
                    let centre = Point::new((column as f32 + 0.5) * step, (row as f32 + 0.5) * step);
                    centres.extend(std::iter::repeat_n(centre, per_cell));
                }
            }
        }
        Self { centres }
    }

    /// The anchors whose score reaches `min_score` as detections in pixels of the network's input, in the
    /// order of the anchors. `boxes`: 896 x 16, `logits`: 896; `None` where a length does not fit.
    /// Values that are not finite are no face.
    pub fn decode(&self, boxes: &[f32], logits: &[f32], min_score: f32) -> Option<Vec<Detection>> {
        if boxes.len() != COUNT * VALUES || logits.len() != COUNT {
            return None;
        }
        let mut found = Vec::new();
        for ((anchor, raw), &logit) in self.centres.iter().zip(boxes.chunks_exact(VALUES)).zip(logits) {
            let score = sigmoid(logit.clamp(-LOGIT_LIMIT, LOGIT_LIMIT));
            if score >= min_score && raw.iter().all(|value| value.is_finite()) {
                let (width, height) = (raw[2], raw[3]);
                let (x, y) = (raw[0] + anchor.x - width * 0.5, raw[1] + anchor.y - height * 0.5);
                let point = |i: usize| Point::new(raw[4 + 2 * i] + anchor.x, raw[5 + 2 * i] + anchor.y);
                found.push(Detection {
                    box_px: Rect::new(x, y, width, height),
                    points_px: std::array::from_fn(point),
                    score,
                });
            }
        }
        Some(found)
    }
}

impl Default for Anchors {
    fn default() -> Self {
        Self::new()
    }
}

/// The logistic function; NaN stays NaN and so reaches no score.
fn sigmoid(logit: f32) -> f32 {
    1.0 / (1.0 + libm::expf(-logit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_896_anchors_in_mediapipes_order() {
        let centres = Anchors::new().centres;
        assert_eq!(centres.len(), COUNT);
        // Two per cell of 8 px, row by row ...
        assert_eq!(centres[0], Point::new(4.0, 4.0));
        assert_eq!(centres[1], Point::new(4.0, 4.0));
        assert_eq!(centres[2], Point::new(12.0, 4.0));
        assert_eq!(centres[32], Point::new(4.0, 12.0));
        assert_eq!(centres[511], Point::new(124.0, 124.0));
        // ... then six per cell of 16 px.
        assert_eq!(centres[512], Point::new(8.0, 8.0));
        assert_eq!(centres[518], Point::new(24.0, 8.0));
        assert_eq!(centres[895], Point::new(120.0, 120.0));
    }

    #[test]
    fn boxes_and_points_are_relative_to_their_anchor() {
        let (mut boxes, mut logits) = (vec![0.0; COUNT * VALUES], vec![-5.0; COUNT]);
        logits[518] = 0.0;
        let raw = &mut boxes[518 * VALUES..519 * VALUES];
        for (i, value) in raw.iter_mut().enumerate() {
            *value = i as f32;
        }
        let found = Anchors::new().decode(&boxes, &logits, 0.5).unwrap();
        assert_eq!(found.len(), 1);
        // Centre (24 + 0, 8 + 1), size 2 x 3.
        assert_eq!(found[0].box_px, Rect::new(23.0, 7.5, 2.0, 3.0));
        assert_eq!(found[0].points_px[0], Point::new(28.0, 13.0));
        assert_eq!(found[0].points_px[5], Point::new(38.0, 23.0));
        assert_eq!(found[0].score, 0.5);
    }

    #[test]
    fn what_is_not_a_number_is_no_face() {
        let (mut boxes, mut logits) = (vec![0.0; COUNT * VALUES], vec![-5.0; COUNT]);
        logits[3] = f32::NAN;
        logits[4] = 9.0;
        boxes[4 * VALUES + 7] = f32::INFINITY;
        logits[5] = f32::INFINITY;
        let found = Anchors::new().decode(&boxes, &logits, 0.5).unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].score, 1.0);
    }

    #[test]
    fn wrong_lengths_are_refused() {
        assert!(Anchors::new().decode(&[0.0; 16], &[0.0; COUNT], 0.5).is_none());
        assert!(Anchors::new().decode(&[0.0; COUNT * VALUES], &[0.0; 1], 0.5).is_none());
    }
}
