//! Still pictures: every face from a size on, at any angle.

use super::letterbox::{Region, Turn};
use super::tiles::tiles;
use super::{DetectError, DetectOptions, Detection, Detector, suppress};
use crate::frame::Frame;
use crate::geometry::Rect;

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

/// Least score at both looks of a face that only the turned picture shows.
const TURNED_SCORE: f32 = 0.8;

impl Detector {
    /// All faces of a still picture from `smallest_px` on (the longer side of the box), the strongest first, in
    /// frame pixels.
    ///
    /// The network runs on every tile of [`tiles()`] and then on the surroundings of each find, and both scores decide:
    /// see `is_face`. Each find is also looked at turned, so that heads at any angle have their points in the right places. The turned
    /// picture is searched as a whole, and in tiles where nothing was found otherwise. Costs one run for each tile and four for each find.
    ///
    /// # Errors
    /// [`DetectError`] where the network fails.
    pub fn detect_still(&mut self, frame: &Frame, smallest_px: f32) -> Result<Vec<Detection>, DetectError> {
        let mut faces = self.still_faces(frame, smallest_px, Turn::None)?;
        for turn in Turn::OTHERS {
            let found = self.search(frame, Region::whole(frame), turn, TURNED_SCORE)?;
            self.add_turned(frame, found, turn, &mut faces)?;
        }
        if faces.is_empty() {
            for turn in Turn::OTHERS {
                let found = self.still_faces(frame, smallest_px, turn)?;
                self.add_turned(frame, found, turn, &mut faces)?;
            }
        }
        let max_overlap = self.options.max_overlap;
        faces.retain(|face| face.box_px.width.max(face.box_px.height) >= smallest_px * SMALLER_STILL);
        Ok(suppress::drop_nested(suppress::suppress(faces, max_overlap)))
    }

    /// The faces of a picture that is shown in this turn.
    fn still_faces(
        &mut self,
        frame: &Frame,
        smallest_px: f32,
        turn: Turn,
    ) -> Result<Vec<Detection>, DetectError> {
        let DetectOptions { min_score, min_first_score, max_overlap, .. } = self.options;
        let size = (frame.width(), frame.height());
        let mut finds = self.search(frame, Region::whole(frame), turn, min_first_score.min(min_score))?;
        let whole: Vec<Rect> = finds.iter().map(|face| face.box_px).collect();
        for tile in tiles(size.0, size.1, smallest_px).iter().skip(1) {
            let mut found = self.search(frame, tile.region(), turn, min_score)?;
            found.retain(|face| !tile.cuts(&face.box_px, size));
            finds.append(&mut found);
        }
        let mut faces = Vec::new();
        for find in suppress::suppress(finds, max_overlap) {
            let seen_whole = whole.iter().any(|rect| rect.overlap(&find.box_px) > max_overlap);
            if let Some(again) = self.look_again(frame, &find.box_px, turn)? {
                // Turned it may be surer: the first look saw it from the wrong side.
                let (_, best) = self.best_turn(frame, &again, turn)?;
                faces.extend(is_face(seen_whole, find.score, best.score).then_some(best));
            }
        }
        Ok(faces)
    }

    /// Add what both looks at the turned picture show surely and what is not there yet.
    fn add_turned(
        &mut self,
        frame: &Frame,
        found: Vec<Detection>,
        turn: Turn,
        faces: &mut Vec<Detection>,
    ) -> Result<(), DetectError> {
        for find in found {
            if find.score < TURNED_SCORE || faces.iter().any(|face| face.box_px.overlap(&find.box_px) > 0.1) {
                continue;
            }
            if let Some(again) = self.look_again(frame, &find.box_px, turn)? {
                let (_, best) = self.best_turn(frame, &again, turn)?;
                faces.extend((best.score >= TURNED_SCORE).then_some(best));
            }
        }
        Ok(())
    }
}

/// Whether a find in a still picture is a face, from its scores at the first and at the second look. One that is not seen in the
/// whole picture must be surer: at the second look, or at both.
fn is_face(seen_whole: bool, first: f32, second: f32) -> bool {
    second >= CLOSE_SCORE || (second >= STILL_SCORE && (seen_whole || first >= SURE_CLOSE_SCORE))
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
