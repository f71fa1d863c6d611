//! A shape for each emotion, so that curves, gauges and legend are told apart without colour.

use std::fmt::Write;

use emotion_core::emotion::Emotion;

/// Corners of a filled polygon around (0, 0), within -5..5; y goes down.
pub type Polygon = &'static [(f32, f32)];

/// The emotion's shape.
pub fn polygon(emotion: Emotion) -> Polygon {
    match emotion {
        // A triangle that stands.
        Emotion::Angry => &[(0.0, -4.6), (4.4, 3.4), (-4.4, 3.4)],
        // A square.
        Emotion::Disgust => &[(-3.6, -3.6), (3.6, -3.6), (3.6, 3.6), (-3.6, 3.6)],
        // A triangle on its tip.
        Emotion::Fear => &[(0.0, 4.6), (-4.4, -3.4), (4.4, -3.4)],
        // A disc.
        Emotion::Happy => &[
            (4.2, 0.0),
            (3.64, 2.1),
            (2.1, 3.64),
            (0.0, 4.2),
            (-2.1, 3.64),
            (-3.64, 2.1),
            (-4.2, 0.0),
            (-3.64, -2.1),
            (-2.1, -3.64),
            (0.0, -4.2),
            (2.1, -3.64),
            (3.64, -2.1),
        ],
        // A square on its corner.
        Emotion::Sad => &[(0.0, -5.0), (5.0, 0.0), (0.0, 5.0), (-5.0, 0.0)],
        // A plus.
        Emotion::Surprise => &[
            (-1.5, -4.8),
            (1.5, -4.8),
            (1.5, -1.5),
            (4.8, -1.5),
            (4.8, 1.5),
            (1.5, 1.5),
            (1.5, 4.8),
            (-1.5, 4.8),
            (-1.5, 1.5),
            (-4.8, 1.5),
            (-4.8, -1.5),
            (-1.5, -1.5),
        ],
        // A bar.
        Emotion::Neutral => &[(-4.8, -1.7), (4.8, -1.7), (4.8, 1.7), (-4.8, 1.7)],
    }
}

/// The shape as an SVG path in a view box of -6 -6 12 12.
pub fn path(emotion: Emotion) -> String {
    path_of(polygon(emotion))
}

/// Any shape as an SVG path around (0, 0).
pub fn path_of(polygon: Polygon) -> String {
    let mut path = String::new();
    for (at, (x, y)) in polygon.iter().enumerate() {
        // Writing into a String cannot fail.
        let _ = write!(path, "{}{x} {y}", if at == 0 { 'M' } else { 'L' });
    }
    path.push('Z');
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_differ_and_fit_their_box() {
        for emotion in Emotion::ALL {
            assert!(polygon(emotion).iter().all(|(x, y)| x.abs() <= 5.0 && y.abs() <= 5.0));
            for other in Emotion::ALL {
                assert_eq!(path(emotion) == path(other), emotion == other);
            }
        }
        assert_eq!(path(Emotion::Angry), "M0 -4.6L4.4 3.4L-4.4 3.4Z");
    }
}
