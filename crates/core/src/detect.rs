//! Faces in a frame: BlazeFace short range (MediaPipe; Bazarevsky et al. 2019, arXiv:1907.05047).
//!
//! frame -> [`letterbox`] -> network -> [`anchors`] -> [`suppress`] -> boxes and points in frame pixels;
//! then once more on the surroundings of each face that is not large and sure.

pub mod anchors;
pub mod letterbox;
pub mod suppress;
pub mod tiles;

use thiserror::Error;

use crate::frame::Frame;
use crate::geometry::{Point, Rect};
use crate::model::{Network, NetworkError};
use anchors::Anchors;
use letterbox::{Letterbox, Region, SIDE};
use tiles::tiles;

/// One face as the detector sees it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Detection {
    /// From above the brows to the chin.
    pub box_px: Rect,
    /// In the order of [`crate::reading::FacePoint`].
    pub points_px: [Point; 6],
    /// Confidence, 0..1.
    pub score: f32,
}

/// Why a frame was not searched.
#[derive(Debug, Error)]
pub enum DetectError {
    #[error("the face detector: {0}")]
    Network(#[from] NetworkError),
}

/// What counts as a face.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DetectOptions {
    /// Least score of a face, 0..1 (MediaPipe's 0.5).
    pub min_score: f32,
    /// Least score in the whole frame of what is worth a second look, 0..1.
    pub min_first_score: f32,
    /// Boxes that overlap more than this (intersection over union) are one face (MediaPipe's 0.3).
    pub max_overlap: f32,
    /// So many faces, the strongest, get the second look.
    pub max_second_looks: usize,
    /// Faces that the first look shows as large as this, in pixels of the network's input, and surely, need no second.
    pub large_px: f32,
    /// Least score of a face that is sure, 0..1.
    pub sure_score: f32,
}

impl Default for DetectOptions {
    fn default() -> Self {
        Self {
            min_score: 0.5,
            min_first_score: 0.35,
            max_overlap: 0.3,
            max_second_looks: 4,
            large_px: LARGE_PX,
            sure_score: SURE_SCORE,
        }
    }
}

/// The second look covers a square of this many widths of the face. Of 1.5, 1.75, 2, 2.5 and 3 this gave
/// the points that agree best between a face and its mirror image.
const SECOND_LOOK_WIDTHS: f32 = 1.75;

/// Of faces from this size on a second look gives no better crops: docs/alignment.md has the figures.
const LARGE_PX: f32 = 36.0;

/// Least score of a face that needs no second look: weaker ones may be sharper, or gone, in the second.
const SURE_SCORE: f32 = 0.8;

/// Boxes of one face differ by so much: faces of a still that are smaller by no more are kept.
const SMALLER_STILL: f32 = 0.8;

/// Least score of a face in a still picture, at the second look. From 0.5 on, 110 pictures without people gave 11 false finds
/// in the whole picture, from here on three; of 600 enlarged faces of FER2013 it loses five or six more.
const STILL_SCORE: f32 = 0.6;

/// Least score at the second look of a face that only a close look at a still picture shows: there are so many of those
/// that what one takes for a face mostly is none ...
const CLOSE_SCORE: f32 = 0.75;

/// ... unless the first close look was so sure. In 110 pictures without people the surest scored 0.79, and six of nine faces
/// under [`CLOSE_SCORE`] in a photograph of 29 scored 0.86 and more.
const SURE_CLOSE_SCORE: f32 = 0.85;

/// The detector with its network and its buffers.
pub struct Detector {
    network: Box<dyn Network>,
    options: DetectOptions,
    anchors: Anchors,
    letterbox: Letterbox,
    /// The network's input for every byte of a colour, -1..1.
    reals: [f32; 256],
}

impl Detector {
    /// `network`: input `[1, 128, 128, 3]` in -1..1, outputs `[1, 896, 16]` (box and points in pixels
    /// relative to the anchors) and `[1, 896, 1]` (logits).
    pub fn new(network: Box<dyn Network>, options: DetectOptions) -> Self {
        Self {
            network,
            options,
            anchors: Anchors::new(),
            letterbox: Letterbox::new(),
            reals: std::array::from_fn(|byte| byte as f32 / 127.5 - 1.0),
        }
    }

    /// All faces, the strongest first, in frame pixels. Faces under about a seventh of the frame's longer
    /// side are missed.
    ///
    /// The network runs on the whole frame, in which a face at a laptop has only about 30 pixels, and
    /// again on the surroundings of each face: its points are then finer by a third, and its score is
    /// the final one. Faces that the first look shows large and surely are looked at once.
    ///
    /// # Errors
    /// [`DetectError`] where the network fails.
    pub fn detect(&mut self, frame: &Frame) -> Result<Vec<Detection>, DetectError> {
        let DetectOptions { min_score, min_first_score, max_overlap, max_second_looks, .. } = self.options;
        let sure_score = self.options.sure_score.max(min_score);
        let large_px = self.options.large_px * frame.width().max(frame.height()) as f32 / SIDE as f32;
        let mut faces = self.search(frame, Region::whole(frame), min_first_score.min(min_score))?;
        for face in faces.iter_mut().take(max_second_looks) {
            if face.score >= sure_score && face.box_px.width.max(face.box_px.height) >= large_px {
                continue;
            }
            if let Some(found) = self.look_again(frame, &face.box_px)? {
                *face = found;
            }
        }
        faces.retain(|face| face.score >= min_score);
        // Second looks may have led to one face twice, and changed the order.
        Ok(suppress::suppress(faces, max_overlap))
    }

    /// All faces of a still picture from `smallest_px` on (the longer side of the box), the strongest first, in
    /// frame pixels.
    ///
    /// The network runs on every tile of [`tiles`] and then on the surroundings of each find, and both scores decide:
    /// see [`is_face`]. Costs one run for each tile and for each find.
    ///
    /// # Errors
    /// [`DetectError`] where the network fails.
    pub fn detect_still(&mut self, frame: &Frame, smallest_px: f32) -> Result<Vec<Detection>, DetectError> {
        let DetectOptions { min_score, min_first_score, max_overlap, .. } = self.options;
        let size = (frame.width(), frame.height());
        let mut finds = self.search(frame, Region::whole(frame), min_first_score.min(min_score))?;
        let whole: Vec<Rect> = finds.iter().map(|face| face.box_px).collect();
        for tile in tiles(size.0, size.1, smallest_px).iter().skip(1) {
            let mut found = self.search(frame, tile.region(), min_score)?;
            found.retain(|face| !tile.cuts(&face.box_px, size));
            finds.append(&mut found);
        }
        let mut faces = Vec::new();
        for find in suppress::suppress(finds, max_overlap) {
            let seen_whole = whole.iter().any(|rect| rect.overlap(&find.box_px) > max_overlap);
            let again = self.look_again(frame, &find.box_px)?;
            faces.extend(again.filter(|face| is_face(seen_whole, find.score, face.score)));
        }
        faces.retain(|face| face.box_px.width.max(face.box_px.height) >= smallest_px * SMALLER_STILL);
        Ok(suppress::drop_nested(suppress::suppress(faces, max_overlap)))
    }

    /// The face at a place, from a square around it; `None` where the second look sees none there.
    fn look_again(&mut self, frame: &Frame, rect: &Rect) -> Result<Option<Detection>, DetectError> {
        let DetectOptions { min_score, max_overlap, .. } = self.options;
        let side = rect.width.max(rect.height) * SECOND_LOOK_WIDTHS;
        let again = self.search(frame, Region::around(frame, rect.centre(), side), min_score)?;
        let overlap = |found: &Detection| found.box_px.overlap(rect);
        let nearest = again.into_iter().max_by(|a, b| overlap(a).total_cmp(&overlap(b)));
        Ok(nearest.filter(|found| overlap(found) > max_overlap))
    }

    /// One run of the network over a region; boxes and points in frame pixels, the strongest first.
    fn search(
        &mut self,
        frame: &Frame,
        region: Region,
        min_score: f32,
    ) -> Result<Vec<Detection>, DetectError> {
        let placement = self.letterbox.fill(frame, region);
        let outputs = self.network.run_bytes(self.letterbox.pixels(), &self.reals)?;
        let (Some(boxes), Some(logits)) = (outputs.first(), outputs.get(1)) else {
            return Err(wrong_output(&outputs).into());
        };
        let found = self.anchors.decode(boxes, logits, min_score);
        let found = found.ok_or_else(|| wrong_output(&outputs))?;
        let mut faces = suppress::suppress(found, self.options.max_overlap);
        for face in &mut faces {
            let Rect { x, y, width, height } = face.box_px;
            let corner = placement.to_frame(Point::new(x, y));
            let opposite = placement.to_frame(Point::new(x + width, y + height));
            face.box_px = Rect::new(corner.x, corner.y, opposite.x - corner.x, opposite.y - corner.y);
            face.points_px = face.points_px.map(|point| placement.to_frame(point));
        }
        Ok(faces)
    }
}

/// Whether a find in a still picture is a face, from its scores at the first and at the second look. One that is not seen in the
/// whole picture must be surer: at the second look, or at both.
fn is_face(seen_whole: bool, first: f32, second: f32) -> bool {
    second >= CLOSE_SCORE || (second >= STILL_SCORE && (seen_whole || first >= SURE_CLOSE_SCORE))
}

fn wrong_output(outputs: &[Vec<f32>]) -> NetworkError {
    let lengths: Vec<_> = outputs.iter().map(Vec::len).collect();
    NetworkError::Output { expected: "896 x 16 and 896 numbers", actual: format!("{lengths:?}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_still_picture_a_close_find_must_be_surer_than_one_in_the_whole() {
        assert!(is_face(true, 0.4, 0.6) && !is_face(true, 0.9, 0.59));
        assert!(!is_face(false, 0.84, 0.74), "sure at neither look");
        assert!(is_face(false, 0.5, 0.75), "sure at the second look");
        assert!(is_face(false, 0.85, 0.6), "sure at the first, and not unsure at the second");
        assert!(!is_face(false, 0.99, 0.59));
    }
}
