//! A chart as a list of marks in its own pixels: decided once, painted on a canvas or written as SVG.

use crate::view::marker::{self, Polygon};
use crate::view::timeline::{Curves, Run};
use emotion_core::emotion::Emotion;

/// Room above and below the plot, so that markers at 0 and 1 are whole.
pub const MARGIN: f64 = 8.0;
/// Room for the words "Face 12".
const FACE_NAME_PX: f64 = 52.0;

/// A place, to the right and downwards.
pub type Place = (f64, f64);

/// What a mark is drawn with; the surface has the colour for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ink {
    /// The grid.
    Line,
    /// Words and signs that stay behind the curves.
    Soft,
    Emotion(Emotion),
}

/// One thing that is drawn; later ones lie over earlier ones.
#[derive(Debug, Clone, PartialEq)]
pub enum Mark {
    /// A filled rectangle: its upper left and its lower right corner.
    Area { from: Place, to: Place, ink: Ink },
    /// A hairline.
    Rule { from: Place, to: Place, ink: Ink },
    /// Words that begin at a place of their base line.
    Words { at: Place, words: String, ink: Ink },
    /// A line of two pixels through at least one point; one point alone is a dot.
    Curve { points: Vec<Place>, ink: Ink },
    /// A quiet area between two lines: the upper one from left to right, the lower one back.
    Band { outline: Vec<Place>, ink: Ink },
    /// A filled shape around a place.
    Shape { at: Place, polygon: Polygon, ink: Ink },
}

/// Where the plot lies: depths 0 and 1 at its lower and its upper edge, places 0 and 1 of the time axis at its sides.
#[derive(Debug, Clone, PartialEq)]
pub struct Plot {
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
    /// Where the time axis has its lines, 0..1.
    pub lines: Vec<f32>,
    /// The newest reading carries a marker.
    pub newest: bool,
}

impl Plot {
    /// Fills a surface of this size. With `newest` there is room for its marker at the right.
    pub fn filling(width: f64, height: f64, lines: Vec<f32>, newest: bool) -> Self {
        let right = width - if newest { MARGIN } else { 0.0 };
        Self { left: 0.0, top: MARGIN, right, bottom: height - MARGIN, lines, newest }
    }

    fn x(&self, at: f32) -> f64 {
        self.left + f64::from(at) * (self.right - self.left)
    }

    fn y(&self, depth: f32) -> f64 {
        self.bottom - f64::from(depth.clamp(0.0, 1.0)) * (self.bottom - self.top)
    }

    /// The grid: three depths and the lines of the time axis.
    pub fn grid(&self) -> Vec<Mark> {
        let depths = [0.0, 0.5, 1.0].map(|depth| self.y(depth));
        let across = depths.map(|y| Mark::Rule { from: (self.left, y), to: (self.right, y), ink: Ink::Line });
        let upwards = self.lines.iter().map(|line| {
            let x = self.x(*line);
            Mark::Rule { from: (x, self.top), to: (x, self.bottom), ink: Ink::Line }
        });
        across.into_iter().chain(upwards).collect()
    }

    /// What is drawn of `curves`, from the ground up; `shown` in the order of `Emotion::ALL`.
    pub fn marks(&self, curves: &Curves, shown: [bool; 7]) -> Vec<Mark> {
        let mut marks: Vec<Mark> = curves.unread.iter().map(|part| self.unread(*part)).collect();
        self.changes(curves, &mut marks);
        // Neutral first: it is the ground on which the others are seen.
        for emotion in Emotion::ALL.into_iter().rev().filter(|emotion| shown[emotion.index()]) {
            self.curve(&curves.runs, emotion, &mut marks);
        }
        marks
    }

    /// Parts that could not be read lie in a shade, and none is too short to be seen.
    fn unread(&self, (from, to): (f32, f32)) -> Mark {
        let (from, to) = (self.x(from), self.x(to));
        Mark::Area { from: (from, self.top), to: (to.max(from + 1.0), self.bottom), ink: Ink::Line }
    }

    /// Where another face took over.
    fn changes(&self, curves: &Curves, marks: &mut Vec<Mark>) {
        // From the newest: where changes stand close together, its name is the one that is written.
        let mut free = f64::INFINITY;
        for (at, face) in curves.changes.iter().rev() {
            let x = self.x(*at);
            let (from, to) = ((x, self.top - MARGIN), (x, self.bottom + MARGIN));
            marks.push(Mark::Rule { from, to, ink: Ink::Soft });
            if x + FACE_NAME_PX <= free.min(self.right + MARGIN) {
                let words = format!("Face {face}");
                marks.push(Mark::Words { at: (x + 4.0, self.top + 6.0), words, ink: Ink::Soft });
                free = x;
            }
        }
    }

    fn curve(&self, runs: &[Run], emotion: Emotion, marks: &mut Vec<Mark>) {
        let (ink, polygon) = (Ink::Emotion(emotion), marker::polygon(emotion));
        let mut shapes = Vec::new();
        for run in runs {
            let depths = run.x.iter().zip(&run.depths[emotion.index()]);
            let points: Vec<Place> = depths.map(|(x, depth)| (self.x(*x), self.y(*depth))).collect();
            let ranges = &run.ranges[emotion.index()];
            // Of runs that know it in part nothing is drawn: a band that ends in the middle would say something else.
            if ranges.len() == run.x.len() && ranges.len() > 1 {
                let ends = || run.x.iter().zip(ranges);
                let upper = ends().map(|(x, (_, high))| (self.x(*x), self.y(*high)));
                let lower = ends().rev().map(|(x, (low, _))| (self.x(*x), self.y(*low)));
                marks.push(Mark::Band { outline: upper.chain(lower).collect(), ink });
            }
            let at = run.markers[emotion.index()].iter().filter_map(|at| points.get(*at));
            shapes.extend(at.map(|at| Mark::Shape { at: *at, polygon, ink }));
            if !points.is_empty() {
                marks.push(Mark::Curve { points, ink });
            }
        }
        // The newest point always has its marker, beside the word "now".
        if self.newest
            && let Some(Mark::Curve { points, .. }) =
                marks.last().filter(|_| runs.last().is_some_and(|run| !run.x.is_empty()))
            && let Some(at) = points.last()
        {
            shapes.push(Mark::Shape { at: *at, polygon, ink });
        }
        marks.append(&mut shapes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [bool; 7] = [true; 7];

    #[test]
    fn a_band_goes_along_the_upper_ends_and_back_along_the_lower_ones() {
        let mut run = Run { x: vec![0.0, 1.0], ..Run::default() };
        run.depths.iter_mut().for_each(|depths| *depths = vec![0.5, 0.5]);
        run.ranges[Emotion::Sad.index()] = vec![(0.25, 0.75), (0.0, 1.0)];
        run.ranges[Emotion::Happy.index()] = vec![(0.25, 0.75)];
        let curves = Curves { runs: vec![run], ..Curves::default() };
        let marks = Plot::filling(200.0, 116.0, vec![], false).marks(&curves, ALL);
        let bands: Vec<_> = marks.iter().filter(|mark| matches!(mark, Mark::Band { .. })).collect();
        let outline = vec![(0.0, 33.0), (200.0, 8.0), (200.0, 108.0), (0.0, 83.0)];
        assert_eq!(bands, [&Mark::Band { outline, ink: Ink::Emotion(Emotion::Sad) }]);
    }

    fn curves() -> Curves {
        let mut run = Run { x: vec![0.0, 0.5, 1.0], ..Run::default() };
        for (at, depths) in run.depths.iter_mut().enumerate() {
            *depths = vec![0.0, at as f32 / 6.0, 1.0];
        }
        run.markers[Emotion::Happy.index()] = vec![1];
        Curves { runs: vec![run], changes: vec![(0.5, 2)], unread: vec![(0.25, 0.75)] }
    }

    fn plot(newest: bool) -> Plot {
        Plot::filling(208.0, 116.0, vec![0.0, 1.0], newest)
    }

    fn points(marks: &[Mark], wanted: Emotion) -> Vec<Place> {
        let of = |mark: &Mark| match mark {
            Mark::Curve { points, ink } if *ink == Ink::Emotion(wanted) => Some(points.clone()),
            _ => None,
        };
        marks.iter().find_map(of).unwrap_or_default()
    }

    #[test]
    fn points_lie_where_they_belong() {
        let marks = plot(true).marks(&curves(), ALL);
        // 200 wide and 100 high, below a margin of 8: happy is at one half in the middle.
        assert_eq!(points(&marks, Emotion::Happy), [(0.0, 108.0), (100.0, 58.0), (200.0, 8.0)]);
        let at = |mark: &Mark| match mark {
            Mark::Shape { at, ink: Ink::Emotion(Emotion::Happy), .. } => Some(*at),
            _ => None,
        };
        let shapes: Vec<Place> = marks.iter().filter_map(at).collect();
        assert_eq!(shapes, [(100.0, 58.0), (200.0, 8.0)], "its marker, and that of the newest reading");
        assert_eq!(points(&plot(false).marks(&curves(), ALL), Emotion::Happy)[2], (208.0, 8.0));
    }

    #[test]
    fn what_is_hidden_is_not_drawn_and_neutral_lies_lowest() {
        let mut shown = ALL;
        shown[Emotion::Sad.index()] = false;
        let marks = plot(false).marks(&curves(), shown);
        assert_eq!(points(&marks, Emotion::Sad), []);
        let first = marks.iter().find(|mark| matches!(mark, Mark::Curve { .. }));
        assert!(matches!(first, Some(Mark::Curve { ink: Ink::Emotion(Emotion::Neutral), .. })));
    }

    #[test]
    fn a_part_that_could_not_be_read_is_never_too_short_to_be_seen() {
        let curves = Curves { unread: vec![(0.5, 0.5)], ..Curves::default() };
        let marks = plot(false).marks(&curves, ALL);
        let wanted = Mark::Area { from: (104.0, 8.0), to: (105.0, 108.0), ink: Ink::Line };
        assert_eq!(marks, [wanted]);
    }

    #[test]
    fn of_names_close_together_the_newest_is_written() {
        let curves = Curves { changes: vec![(0.1, 1), (0.5, 2), (0.55, 3)], ..Curves::default() };
        let marks = plot(false).marks(&curves, ALL);
        let words = |mark: &Mark| match mark {
            Mark::Words { words, .. } => Some(words.clone()),
            _ => None,
        };
        assert_eq!(marks.iter().filter_map(words).collect::<Vec<_>>(), ["Face 3", "Face 1"]);
        assert_eq!(marks.iter().filter(|mark| matches!(mark, Mark::Rule { .. })).count(), 3);
    }

    #[test]
    fn a_depth_beyond_the_scale_stays_on_the_plot() {
        let mut run = Run { x: vec![0.5], ..Run::default() };
        run.depths = std::array::from_fn(|_| vec![1.5]);
        let curves = Curves { runs: vec![run], ..Curves::default() };
        assert_eq!(points(&plot(false).marks(&curves, ALL), Emotion::Fear), [(104.0, 8.0)]);
    }

    #[test]
    fn the_grid_has_three_depths_and_the_lines_of_the_axis() {
        assert_eq!(plot(false).grid().len(), 5);
    }
}
