//! Points, boxes and similarity transforms. Coordinates are pixels unless a name says otherwise; x goes
//! right, y goes down, and (0, 0) is the top left corner of the top left pixel (so that pixel's centre
//! is (0.5, 0.5)). `f32` in a fixed order of operations, `libm` for roots: the same bits everywhere.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Point {
    pub x: f32,
    pub y: f32,
}

impl Point {
    pub const fn new(x: f32, y: f32) -> Self {
        Self { x, y }
    }

    pub fn distance(self, other: Self) -> f32 {
        let (dx, dy) = (self.x - other.x, self.y - other.y);
        libm::sqrtf(dx * dx + dy * dy)
    }

    pub fn midpoint(self, other: Self) -> Self {
        Self::new((self.x + other.x) * 0.5, (self.y + other.y) * 0.5)
    }
}

/// An upright box: its top left corner, width and height.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Rect {
    pub x: f32,
    pub y: f32,
    pub width: f32,
    pub height: f32,
}

impl Rect {
    pub const fn new(x: f32, y: f32, width: f32, height: f32) -> Self {
        Self { x, y, width, height }
    }

    /// Area in square pixels; a box with a negative side has none.
    pub fn area(&self) -> f32 {
        self.width.max(0.0) * self.height.max(0.0)
    }

    pub fn centre(&self) -> Point {
        Point::new(self.x + self.width * 0.5, self.y + self.height * 0.5)
    }

    /// Whether a point lies inside; the right and the lower edge do not belong to it.
    pub fn contains(&self, point: Point) -> bool {
        point.x >= self.x
            && point.x < self.x + self.width
            && point.y >= self.y
            && point.y < self.y + self.height
    }

    /// Intersection over union, 0..=1; 0 where neither has an area.
    pub fn overlap(&self, other: &Self) -> f32 {
        let width = (self.x + self.width).min(other.x + other.width) - self.x.max(other.x);
        let height = (self.y + self.height).min(other.y + other.height) - self.y.max(other.y);
        let shared = width.max(0.0) * height.max(0.0);
        let union = self.area() + other.area() - shared;
        if union > 0.0 { shared / union } else { 0.0 }
    }
}

/// A rotation with uniform scale and a shift: (x, y) -> (a x - b y + tx, b x + a y + ty).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Similarity {
    pub a: f32,
    pub b: f32,
    pub tx: f32,
    pub ty: f32,
}

impl Similarity {
    /// The similarity that brings `from` nearest to `to` in the least-squares sense, without mirroring
    /// (Umeyama 1991 for two dimensions, where it needs no singular value decomposition).
    ///
    /// `None` where the points of `from` coincide or the slices differ in length or are empty.
    pub fn fit(from: &[Point], to: &[Point]) -> Option<Self> {
        if from.len() != to.len() || from.is_empty() {
            return None;
        }
        let count = from.len() as f32;
        let mean = |points: &[Point]| {
            let (x, y) = points.iter().fold((0.0, 0.0), |(x, y), p| (x + p.x, y + p.y));
            Point::new(x / count, y / count)
        };
        let (from_mean, to_mean) = (mean(from), mean(to));
        let (mut dot, mut cross, mut spread) = (0.0f32, 0.0f32, 0.0f32);
        for (f, t) in from.iter().zip(to) {
            let (fx, fy) = (f.x - from_mean.x, f.y - from_mean.y);
            let (tx, ty) = (t.x - to_mean.x, t.y - to_mean.y);
            dot += fx * tx + fy * ty;
            cross += fx * ty - fy * tx;
            spread += fx * fx + fy * fy;
        }
        if spread <= 1e-12 {
            return None;
        }
        let (a, b) = (dot / spread, cross / spread);
        Some(Self {
            a,
            b,
            tx: to_mean.x - (a * from_mean.x - b * from_mean.y),
            ty: to_mean.y - (b * from_mean.x + a * from_mean.y),
        })
    }

    pub fn apply(&self, point: Point) -> Point {
        Point::new(
            self.a * point.x - self.b * point.y + self.tx,
            self.b * point.x + self.a * point.y + self.ty,
        )
    }

    /// The factor by which lengths grow.
    pub fn scale(&self) -> f32 {
        libm::sqrtf(self.a * self.a + self.b * self.b)
    }

    /// The transform back; `None` where the scale is zero.
    pub fn inverse(&self) -> Option<Self> {
        let square = self.a * self.a + self.b * self.b;
        if square <= 1e-12 {
            return None;
        }
        let (a, b) = (self.a / square, -self.b / square);
        Some(Self { a, b, tx: -(a * self.tx - b * self.ty), ty: -(b * self.tx + a * self.ty) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(a: Point, b: Point) -> bool {
        a.distance(b) < 1e-3
    }

    #[test]
    fn overlap_of_half_shifted_squares_is_a_third() {
        let a = Rect::new(0.0, 0.0, 2.0, 2.0);
        assert!((a.overlap(&Rect::new(1.0, 0.0, 2.0, 2.0)) - 1.0 / 3.0).abs() < 1e-6);
        assert_eq!(a.overlap(&Rect::new(5.0, 5.0, 1.0, 1.0)), 0.0);
        assert_eq!(Rect::default().overlap(&Rect::default()), 0.0);
    }

    #[test]
    fn a_known_similarity_is_found_again() {
        let truth = Similarity { a: 1.2, b: -0.5, tx: 7.0, ty: -3.0 };
        let from = [Point::new(0.0, 0.0), Point::new(10.0, 1.0), Point::new(4.0, 9.0), Point::new(5.0, 5.0)];
        let to = from.map(|p| truth.apply(p));
        let found = Similarity::fit(&from, &to).unwrap();
        for p in from {
            assert!(close(found.apply(p), truth.apply(p)));
        }
        assert!((found.scale() - 1.3).abs() < 1e-5);
    }

    #[test]
    fn the_inverse_undoes_the_transform() {
        let t = Similarity { a: 0.3, b: 0.9, tx: -11.0, ty: 2.5 };
        let p = Point::new(3.0, -8.0);
        assert!(close(t.inverse().unwrap().apply(t.apply(p)), p));
        assert!(Similarity { a: 0.0, b: 0.0, tx: 1.0, ty: 1.0 }.inverse().is_none());
    }

    #[test]
    fn coinciding_points_have_no_similarity() {
        assert!(Similarity::fit(&[Point::new(1.0, 1.0); 3], &[Point::new(0.0, 0.0); 3]).is_none());
        assert!(Similarity::fit(&[], &[]).is_none());
        assert!(Similarity::fit(&[Point::new(1.0, 1.0)], &[]).is_none());
    }
}
