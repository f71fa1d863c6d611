//! Small pictures of faces, for lists.

use crate::detect::letterbox::{Letterbox, Region, SIDE};
use crate::frame::Frame;
use crate::reading::FaceReading;

/// Width and height of a thumbnail in pixels.
pub const THUMBNAIL_SIDE: usize = 64;

/// A thumbnail shows a square of so many widths of the face.
const WIDTHS: f32 = 1.5;

/// Letterbox pixels for one of the thumbnail, along a side.
const STEP: usize = SIDE / THUMBNAIL_SIDE;

/// A thumbnail of each face in its order, or, without a face, of the whole picture: [`THUMBNAIL_SIDE`] squared pixels
/// of RGBA each, one after the other.
pub fn thumbnails(frame: &Frame, faces: &[FaceReading]) -> Vec<u8> {
    let mut letterbox = Letterbox::new();
    let mut rgba = Vec::with_capacity(faces.len().max(1) * THUMBNAIL_SIDE * THUMBNAIL_SIDE * 4);
    let around = |face: &FaceReading| {
        let side = face.box_px.width.max(face.box_px.height) * WIDTHS;
        Region::around(frame, face.box_px.centre(), side)
    };
    let whole = faces.is_empty().then(|| Region::whole(frame));
    for region in faces.iter().map(around).chain(whole) {
        letterbox.fill(frame, region);
        push(letterbox.pixels(), &mut rgba);
    }
    rgba
}

/// Halve the square and add alpha.
fn push(square: &[u8], rgba: &mut Vec<u8>) {
    for row in 0..THUMBNAIL_SIDE {
        for column in 0..THUMBNAIL_SIDE {
            for channel in 0..3 {
                let value = |y: usize, x: usize| {
                    usize::from(square[((row * STEP + y) * SIDE + column * STEP + x) * 3 + channel])
                };
                let sum: usize = (0..STEP * STEP).map(|at| value(at / STEP, at % STEP)).sum();
                rgba.push(((sum + STEP * STEP / 2) / (STEP * STEP)) as u8);
            }
            rgba.push(255);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Rect;
    use crate::reading::{Pose, Quality};

    #[test]
    fn each_face_has_its_own_and_a_picture_without_faces_is_shown_whole() {
        // Left half dark, right half light.
        let pixels: Vec<u8> = (0..200 * 100)
            .flat_map(|at| if at % 200 < 100 { [10, 20, 30, 255] } else { [210, 220, 230, 255] })
            .collect();
        let frame = Frame::new(200, 100, &pixels).unwrap();
        let face = |x| FaceReading {
            face: 1,
            box_px: Rect::new(x, 40.0, 20.0, 20.0),
            points_px: Default::default(),
            score: 0.9,
            pose: Pose::default(),
            quality: Quality::default(),
            raw: Default::default(),
            studies: Default::default(),
            likeness: None,
            own: None,
        };
        let length = THUMBNAIL_SIDE * THUMBNAIL_SIDE * 4;
        let both = thumbnails(&frame, &[face(40.0), face(140.0)]);
        assert_eq!(both.len(), 2 * length);
        let middle = (THUMBNAIL_SIDE / 2 * THUMBNAIL_SIDE + THUMBNAIL_SIDE / 2) * 4;
        assert_eq!(both[middle..middle + 4], [10, 20, 30, 255]);
        assert_eq!(both[length + middle..length + middle + 4], [210, 220, 230, 255]);
        let whole = thumbnails(&frame, &[]);
        assert_eq!(whole.len(), length);
        let left = THUMBNAIL_SIDE / 2 * THUMBNAIL_SIDE * 4;
        assert_eq!((whole[left], whole[left + THUMBNAIL_SIDE * 4 - 4]), (10, 210));
    }
}
