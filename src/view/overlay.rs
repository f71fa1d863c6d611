//! Outlines of the faces over the picture, in the frame's pixels; mirrored with the picture, so that
//! the writing on it is not.

use std::fmt::Write;

use emotion_core::geometry::{Point, Rect};

/// A box in the picture as it is shown; `frame_width` in the box's pixels.
pub fn shown_box(rect: &Rect, frame_width: f32, mirrored: bool) -> Rect {
    if mirrored { Rect { x: frame_width - rect.x - rect.width, ..*rect } } else { *rect }
}

/// A point in the picture as it is shown.
pub fn shown_point(point: Point, frame_width: f32, mirrored: bool) -> Point {
    if mirrored { Point::new(frame_width - point.x, point.y) } else { point }
}

/// The four corners of a box as an SVG path; each arm is a fifth of the shorter side long.
pub fn corners_path(rect: &Rect) -> String {
    let Rect { x, y, width, height } = *rect;
    let arm = width.min(height).max(0.0) * 0.2;
    let (right, bottom) = (x + width, y + height);
    format!(
        "M{x:.1} {:.1}V{y:.1}H{:.1}M{:.1} {y:.1}H{right:.1}V{:.1}M{right:.1} {:.1}V{bottom:.1}H{:.1}M{:.1} {bottom:.1}H{x:.1}V{:.1}",
        y + arm,
        x + arm,
        right - arm,
        y + arm,
        bottom - arm,
        right - arm,
        x + arm,
        bottom - arm,
    )
}

/// The height at which a face's name stands, in letters of `letter_px`: above the box, or inside it where the box touches the
/// upper edge.
pub fn name_y(rect: &Rect, letter_px: f32) -> f32 {
    let above = rect.y - letter_px * 0.5;
    if above > letter_px { above } else { rect.y.max(0.0) + letter_px * 1.3 }
}

/// Points as an SVG path of lines without length, which a round line cap turns into dots.
pub fn points_path(points: &[Point], frame_width: f32, mirrored: bool) -> String {
    let mut path = String::new();
    for point in points {
        let Point { x, y } = shown_point(*point, frame_width, mirrored);
        // Writing into a String cannot fail.
        let _ = write!(path, "M{x:.1} {y:.1}h0");
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mirroring_keeps_the_distance_to_the_other_side() {
        let rect = Rect::new(10.0, 20.0, 30.0, 40.0);
        assert_eq!(shown_box(&rect, 100.0, false), rect);
        assert_eq!(shown_box(&rect, 100.0, true), Rect::new(60.0, 20.0, 30.0, 40.0));
        assert_eq!(shown_point(Point::new(10.0, 5.0), 100.0, true), Point::new(90.0, 5.0));
    }

    #[test]
    fn corners_start_and_end_inside_the_box() {
        assert_eq!(
            corners_path(&Rect::new(0.0, 0.0, 10.0, 20.0)),
            "M0.0 2.0V0.0H2.0M8.0 0.0H10.0V2.0M10.0 18.0V20.0H8.0M2.0 20.0H0.0V18.0"
        );
    }

    #[test]
    fn a_name_stands_above_its_box_or_else_inside() {
        let at = |y| name_y(&Rect::new(0.0, y, 50.0, 50.0), 10.0);
        assert_eq!([at(40.0), at(15.0), at(-8.0)], [35.0, 28.0, 13.0]);
    }

    #[test]
    fn every_point_is_a_dot() {
        let points = [Point::new(1.0, 2.0), Point::new(3.0, 4.0)];
        assert_eq!(points_path(&points, 10.0, true), "M9.0 2.0h0M7.0 4.0h0");
    }
}
