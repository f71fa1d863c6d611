//! Faces in a frame: BlazeFace short range (MediaPipe; Bazarevsky et al. 2019, arXiv:1907.05047).
//!
//! frame -> [`letterbox`] -> network -> [`anchors`] -> [`suppress`] -> boxes and points in frame pixels;
//! then once more on the surroundings of each face that is not large and sure.

pub mod anchors;
pub mod letterbox;
mod still;
pub mod suppress;
pub mod tiles;

use thiserror::Error;

use crate::frame::Frame;
use crate::geometry::{Point, Rect};
use crate::model::{Network, NetworkError};
use anchors::Anchors;
use letterbox::{Letterbox, Region, SIDE, Turn};

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
    /// What is not known as a face must be seen by both looks.
    pub agree: bool,
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
            agree: true,
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

/// First and second look agree on a new face where their boxes overlap so much (intersection over union).
const AGREED_OVERLAP: f32 = 0.4;

/// A third look covers so many widths of the face.
const CONFIRM_WIDTHS: f32 = 2.5;

/// Another turn must show a face better by so much. Of a head at any of 24 angles the right turn scored 0.13 or more above the opposite one.
const TURN_MARGIN: f32 = 0.05;

/// The detector with its network and its buffers.
pub struct Detector {
    network: Box<dyn Network>,
    options: DetectOptions,
    anchors: Anchors,
    letterbox: Letterbox,
    /// The network's input for every byte of a colour, -1..1.
    reals: [f32; 256],
    /// How often the network ran.
    runs: u32,
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
            runs: 0,
        }
    }

    /// All faces, the strongest first, in frame pixels. Faces under about a seventh of the frame's longer
    /// side are missed.
    ///
    /// The network runs on the whole frame, in which a face at a laptop has only about 30 pixels, and
    /// again on the surroundings of each face: its points are then finer by a third, and its score is
    /// the final one. Faces that the first look shows large and surely are looked at once, if they are known.
    ///
    /// `known`: boxes of faces that are followed; with [`DetectOptions::agree`] anything else must be seen by both looks. `turn`: how the
    /// frame is shown to the network; faces that stand upright in the turned picture are found.
    ///
    /// # Errors
    /// [`DetectError`] where the network fails.
    pub fn detect(
        &mut self,
        frame: &Frame,
        known: &[Rect],
        turn: Turn,
    ) -> Result<Vec<Detection>, DetectError> {
        let DetectOptions { min_score, min_first_score, max_overlap, max_second_looks, agree, .. } =
            self.options;
        let sure_score = self.options.sure_score.max(min_score);
        let large_px = self.options.large_px * frame.width().max(frame.height()) as f32 / SIDE as f32;
        let finds = self.search(frame, Region::whole(frame), turn, min_first_score.min(min_score))?;
        let mut faces = Vec::with_capacity(finds.len());
        for (at, first) in finds.into_iter().enumerate() {
            let new = agree && !known.iter().any(|known| known.overlap(&first.box_px) > max_overlap);
            let sure = first.score >= sure_score && first.box_px.width.max(first.box_px.height) >= large_px;
            if at >= max_second_looks || (sure && !new) {
                faces.extend((!new).then_some(first));
                continue;
            }
            match self.look_again(frame, &first.box_px, turn)? {
                Some(again) if !new || again.box_px.overlap(&first.box_px) >= AGREED_OVERLAP => {
                    faces.push(again)
                }
                Some(_) => {}
                None => faces.extend((!new).then_some(first)),
            }
        }
        faces.retain(|face| face.score >= min_score);
        // Second looks may have led to one face twice, and changed the order.
        Ok(suppress::suppress(faces, max_overlap))
    }

    /// How often the network has run so far: what searches cost.
    pub fn runs(&self) -> u32 {
        self.runs
    }

    /// Whether a find is seen once more, in a wider square: for frames that come so seldom that the next one does not tell.
    ///
    /// # Errors
    /// [`DetectError`] where the network fails.
    pub fn confirm(&mut self, frame: &Frame, find: &Detection, turn: Turn) -> Result<bool, DetectError> {
        let wider = self.look_around(frame, &find.box_px, CONFIRM_WIDTHS, turn)?;
        Ok(wider.is_some_and(|wider| wider.box_px.overlap(&find.box_px) >= AGREED_OVERLAP))
    }

    /// The turn under which a find shows best as a face, and the face as it is seen then: upside down the network still finds faces, but
    /// puts the eyes where the mouth is. Costs three runs.
    ///
    /// # Errors
    /// [`DetectError`] where the network fails.
    pub fn best_turn(
        &mut self,
        frame: &Frame,
        find: &Detection,
        turn: Turn,
    ) -> Result<(Turn, Detection), DetectError> {
        let mut best = (turn, *find);
        for other in Turn::ALL.into_iter().filter(|other| *other != turn) {
            if let Some(seen) = self.look_again(frame, &find.box_px, other)? {
                // The turn that is given has the advantage: a head tilted by 45 degrees is found in two.
                let advantage = if best.0 == turn { TURN_MARGIN } else { 0.0 };
                if seen.score > best.1.score + advantage {
                    best = (other, seen);
                }
            }
        }
        Ok(best)
    }

    /// The face at a place, from a square around it; `None` where the second look sees none there.
    fn look_again(
        &mut self,
        frame: &Frame,
        rect: &Rect,
        turn: Turn,
    ) -> Result<Option<Detection>, DetectError> {
        self.look_around(frame, rect, SECOND_LOOK_WIDTHS, turn)
    }

    /// As [`Detector::look_again`], with a square of so many widths of the face.
    fn look_around(
        &mut self,
        frame: &Frame,
        rect: &Rect,
        widths: f32,
        turn: Turn,
    ) -> Result<Option<Detection>, DetectError> {
        let DetectOptions { min_score, max_overlap, .. } = self.options;
        let side = rect.width.max(rect.height) * widths;
        let again = self.search(frame, Region::around(frame, rect.centre(), side), turn, min_score)?;
        let overlap = |found: &Detection| found.box_px.overlap(rect);
        let nearest = again.into_iter().max_by(|a, b| overlap(a).total_cmp(&overlap(b)));
        Ok(nearest.filter(|found| overlap(found) > max_overlap))
    }

    /// One run of the network over a region, turned; boxes and points in frame pixels, the strongest first.
    fn search(
        &mut self,
        frame: &Frame,
        region: Region,
        turn: Turn,
        min_score: f32,
    ) -> Result<Vec<Detection>, DetectError> {
        self.runs = self.runs.wrapping_add(1);
        let placement = self.letterbox.fill_turned(frame, region, turn);
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
            // A turn may exchange the corners.
            let [left, right] = [corner.x.min(opposite.x), corner.x.max(opposite.x)];
            let [top, bottom] = [corner.y.min(opposite.y), corner.y.max(opposite.y)];
            face.box_px = Rect::new(left, top, right - left, bottom - top);
            face.points_px = face.points_px.map(|point| placement.to_frame(point));
        }
        Ok(faces)
    }
}

fn wrong_output(outputs: &[Vec<f32>]) -> NetworkError {
    let lengths: Vec<_> = outputs.iter().map(Vec::len).collect();
    NetworkError::Output { expected: "896 x 16 and 896 numbers", actual: format!("{lengths:?}") }
}
