//! Weighted non-maximum suppression: many overlapping boxes of one face become one.

use super::Detection;
use crate::geometry::{Point, Rect};

/// One detection per face, the strongest first.
///
/// As MediaPipe's `NonMaxSuppressionCalculator` with algorithm WEIGHTED: take the strongest detection
/// left, gather all that overlap it (intersection over union above `max_overlap`, itself included), and
/// answer with their boxes and points averaged by score and with the strongest's score. The gathered are
/// gone; go on with the rest. The order of `detections` does not matter.
pub fn suppress(mut detections: Vec<Detection>, max_overlap: f32) -> Vec<Detection> {
    // Equal scores are ordered by place, so that the sums below run in one order always.
    detections.sort_by(|a, b| {
        let place = |d: &Detection| [d.box_px.x, d.box_px.y, d.box_px.width, d.box_px.height];
        let ties = place(a).into_iter().zip(place(b)).map(|(x, y)| x.total_cmp(&y));
        ties.fold(b.score.total_cmp(&a.score), std::cmp::Ordering::then)
    });
    let mut faces = Vec::new();
    while !detections.is_empty() {
        let strongest = detections.remove(0);
        let mut blend = Blend::default();
        blend.add(&strongest);
        detections.retain(|detection| {
            let same = detection.box_px.overlap(&strongest.box_px) > max_overlap;
            if same {
                blend.add(detection);
            }
            !same
        });
        faces.push(blend.detection(strongest.score));
    }
    faces
}

/// Of two boxes of which the smaller lies mostly within the larger, the stronger: an eye or a mouth that a close look
/// took for a face, or a face and its neighbour's that it took for one. Keeps the order.
pub fn drop_nested(faces: Vec<Detection>) -> Vec<Detection> {
    let mut kept: Vec<Detection> = Vec::with_capacity(faces.len());
    for face in faces {
        if !kept.iter().any(|other| shared_of_smaller(&face.box_px, &other.box_px) > NESTED) {
            kept.push(face);
        }
    }
    kept
}

/// This share of the smaller box inside the larger: heads behind heads share less.
const NESTED: f32 = 0.7;

fn shared_of_smaller(a: &Rect, b: &Rect) -> f32 {
    let width = (a.x + a.width).min(b.x + b.width) - a.x.max(b.x);
    let height = (a.y + a.height).min(b.y + b.height) - a.y.max(b.y);
    let smaller = a.area().min(b.area());
    if smaller > 0.0 { width.max(0.0) * height.max(0.0) / smaller } else { 0.0 }
}

/// Running sums of corners and points, weighted by score.
#[derive(Default)]
struct Blend {
    corner: Point,
    opposite: Point,
    points: [Point; 6],
    weight: f32,
}

impl Blend {
    fn add(&mut self, detection: &Detection) {
        let (rect, weight) = (detection.box_px, detection.score);
        let add = |sum: &mut Point, x: f32, y: f32| {
            sum.x += x * weight;
            sum.y += y * weight;
        };
        add(&mut self.corner, rect.x, rect.y);
        add(&mut self.opposite, rect.x + rect.width, rect.y + rect.height);
        for (sum, point) in self.points.iter_mut().zip(detection.points_px) {
            add(sum, point.x, point.y);
        }
        self.weight += weight;
    }

    fn detection(&self, score: f32) -> Detection {
        let mean = |sum: Point| Point::new(sum.x / self.weight, sum.y / self.weight);
        let (corner, opposite) = (mean(self.corner), mean(self.opposite));
        Detection {
            box_px: Rect::new(corner.x, corner.y, opposite.x - corner.x, opposite.y - corner.y),
            points_px: self.points.map(mean),
            score,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn face(x: f32, y: f32, side: f32, score: f32) -> Detection {
        let points_px = std::array::from_fn(|i| Point::new(x + i as f32, y - i as f32));
        Detection { box_px: Rect::new(x, y, side, side), points_px, score }
    }

    #[test]
    fn the_strongest_score_is_kept_and_the_rest_blended_by_score() {
        // Overlap 8 x 10 of 120: 0.67.
        let faces = suppress(vec![face(2.0, 0.0, 10.0, 0.6), face(0.0, 0.0, 10.0, 0.9)], 0.3);
        assert_eq!(faces.len(), 1);
        assert_eq!(faces[0].score, 0.9);
        // (0 * 0.9 + 2 * 0.6) / 1.5
        assert!((faces[0].box_px.x - 0.8).abs() < 1e-6);
        assert!((faces[0].box_px.width - 10.0).abs() < 1e-5);
        assert!((faces[0].points_px[3].x - 3.8).abs() < 1e-6);
        assert!((faces[0].points_px[3].y + 3.0).abs() < 1e-6);
    }

    #[test]
    fn separate_faces_stay_separate_the_strongest_first() {
        let faces = suppress(vec![face(0.0, 0.0, 10.0, 0.7), face(50.0, 0.0, 10.0, 0.8)], 0.3);
        assert_eq!(faces.iter().map(|f| f.score).collect::<Vec<_>>(), [0.8, 0.7]);
        assert_eq!(faces[0].box_px.x, 50.0);
    }

    #[test]
    fn overlap_is_measured_with_the_strongest_not_along_a_chain() {
        // Each overlaps its neighbour (0.43), the outer two do not (0.11).
        let chain = vec![face(0.0, 0.0, 10.0, 0.9), face(4.0, 0.0, 10.0, 0.6), face(8.0, 0.0, 10.0, 0.8)];
        let faces = suppress(chain, 0.3);
        assert_eq!(faces.len(), 2);
        assert_eq!(faces[1].score, 0.8);
        // The middle one went to the strongest: the third is itself alone.
        assert_eq!(faces[1].box_px.x, 8.0);
    }

    #[test]
    fn the_order_of_the_input_does_not_matter() {
        let all: Vec<_> = (0..12)
            .map(|i| {
                face((i * 7 % 40) as f32, (i % 3) as f32, 9.0 + (i % 4) as f32, 0.5 + (i % 5) as f32 * 0.1)
            })
            .collect();
        let expected = suppress(all.clone(), 0.3);
        assert!(expected.len() > 1);
        for shift in 0..all.len() {
            let mut turned = all.clone();
            turned.rotate_left(shift);
            assert_eq!(suppress(turned.clone(), 0.3), expected);
            turned.reverse();
            assert_eq!(suppress(turned, 0.3), expected);
        }
    }

    #[test]
    fn of_nested_boxes_the_stronger_stays() {
        let (face_box, eye, neighbour) =
            (face(0.0, 0.0, 100.0, 0.9), face(20.0, 30.0, 20.0, 0.8), face(80.0, 0.0, 50.0, 0.7));
        assert_eq!(drop_nested(vec![face_box, eye, neighbour]), [face_box, neighbour]);
        assert_eq!(drop_nested(vec![eye, face_box]), [eye], "the order is the strength");
        assert_eq!(drop_nested(vec![face(1.0, 1.0, 0.0, 0.9), face(1.0, 1.0, 0.0, 0.8)]).len(), 2);
    }

    #[test]
    fn boxes_without_area_end_the_search_too() {
        let faces = suppress(vec![face(1.0, 1.0, 0.0, 0.9), face(1.0, 1.0, -2.0, 0.8)], 0.3);
        assert_eq!(faces.len(), 2);
        assert!(suppress(Vec::new(), 0.3).is_empty());
    }
}
