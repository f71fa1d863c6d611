//! The faces that were found in the last picture read up to a time. Between two readings they stay where they were.

use emotion_core::geometry::Rect;
use emotion_record::clip::{Columns, Whose};

/// A face of the picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Outline {
    pub face: u32,
    /// In pixels of the video.
    pub rect: Rect,
    /// Its curves are the ones that are shown.
    pub shown: bool,
}

/// The outlines at `time_ms` over a video of this size in pixels.
pub fn outlines(columns: &Columns, time_ms: f64, whose: Whose, (width, height): (u32, u32)) -> Vec<Outline> {
    if width == 0 || height == 0 {
        return Vec::new();
    }
    let (width, height) = (width as f32, height as f32);
    let mut outlines: Vec<_> = columns
        .rows_at(time_ms)
        .filter_map(|row| {
            let ([x, y, w, h], face) = (columns.face_box(row)?, columns.face(row)?);
            let rect = Rect { x: x * width, y: y * height, width: w * width, height: h * height };
            Some(Outline { face, rect, shown: whose == Whose::One(face) })
        })
        .collect();
    if whose == Whose::Largest {
        let area = |outline: &&mut Outline| outline.rect.width * outline.rect.height;
        // Of several as large as each other the first, as in `Columns::rows_of`.
        if let Some(largest) = outlines.iter_mut().rev().max_by(|a, b| area(a).total_cmp(&area(b))) {
            largest.shown = true;
        }
    }
    outlines
}

#[cfg(test)]
mod tests {
    use super::*;
    use testkit::samples::sample;

    fn columns() -> Columns {
        let mut columns = Columns::default();
        columns.push(&[sample(0.0, 1, 0.5, 0.25, true), sample(0.0, 2, 0.5, 0.5, true)], 100.0);
        columns
    }

    #[test]
    fn boxes_are_in_pixels_of_the_video() {
        let made = outlines(&columns(), 50.0, Whose::One(1), (400, 200));
        assert_eq!(made[0].rect, Rect { x: 100.0, y: 25.0, width: 100.0, height: 50.0 });
        assert_eq!([made[0].shown, made[1].shown], [true, false]);
    }

    #[test]
    fn the_largest_face_is_shown_unless_one_is_chosen() {
        let made = outlines(&columns(), 50.0, Whose::Largest, (400, 200));
        assert_eq!(
            made.iter().map(|outline| (outline.face, outline.shown)).collect::<Vec<_>>(),
            [(1, false), (2, true)]
        );
    }

    #[test]
    fn nothing_lies_over_a_video_whose_size_is_not_known_yet() {
        assert_eq!(outlines(&columns(), 50.0, Whose::Largest, (0, 0)), []);
    }
}
