//! The samples of a whole video in the one store ([`Samples`]), with what a video has beside: how long each frame stands, and
//! how often each face was read.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::session::Sample;
use crate::store::{Column, Samples};
use emotion_core::emotion::Depths;

/// One row for each face in each frame, or one that says that a frame has none; in the order of time. A frame's rows
/// stand together.
#[derive(Debug, Clone)]
pub struct Columns {
    samples: Samples,
    /// What the frame stands for, see [`emotion_core::walk::Verdict`].
    span_ms: Column<f32>,
    faces: BTreeMap<u32, FaceTally>,
    frames: usize,
    /// Ids of the engine up to here were given before this video.
    ids_before: Option<u32>,
}

impl Default for Columns {
    fn default() -> Self {
        Self {
            samples: Samples::default(),
            span_ms: Column::new(1, 0.0),
            faces: BTreeMap::new(),
            frames: 0,
            ids_before: None,
        }
    }
}

/// How often a face was read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FaceTally {
    pub face: u32,
    /// Rows of this face, and those that are usable.
    pub rows: usize,
    pub usable: usize,
    pub first_ms: f64,
    pub last_ms: f64,
}

/// Whose curves and figures are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Whose {
    /// In each frame the face with the largest box: one person, whose id changes where she was lost.
    #[default]
    Largest,
    One(u32),
}

impl Columns {
    /// Add the samples of one frame; it stands for `span_ms`. Ids are counted from 1 in each video.
    pub fn push(&mut self, samples: &[Sample], span_ms: f64) {
        if self.ids_before.is_none() {
            let first = samples.iter().filter_map(|sample| sample.face).min();
            self.ids_before = first.map(|first| first.saturating_sub(1));
        }
        let before = self.ids_before.unwrap_or_default();
        for sample in samples {
            let face = sample.face.map(|face| face.saturating_sub(before).max(1));
            self.samples.push(&Sample { face, ..sample.clone() });
            self.span_ms.push(Some(&[span_ms as f32]));
            if let Some(face) = face {
                self.tally(face, sample.time_ms, sample.depth.is_some());
            }
        }
        self.frames += 1;
    }

    fn tally(&mut self, face: u32, time_ms: f64, usable: bool) {
        let new = FaceTally { face, rows: 0, usable: 0, first_ms: time_ms, last_ms: time_ms };
        let tally = self.faces.entry(face).or_insert(new);
        tally.rows += 1;
        tally.usable += usize::from(usable);
        tally.last_ms = time_ms;
    }

    /// The last frame was shown for longer than was thought.
    pub fn extend_last(&mut self, more_ms: f64) {
        let Some(last_ms) = self.last_ms() else { return };
        let samples = &self.samples;
        for row in (0..samples.len()).rev().take_while(|row| samples.time_ms(*row) == last_ms) {
            self.span_ms.set(row, &[self.span_ms.value(row) + more_ms as f32]);
        }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.samples.len()
    }

    pub fn is_empty(&self) -> bool {
        self.samples.is_empty()
    }

    /// Number of frames that were read.
    pub fn frames(&self) -> usize {
        self.frames
    }

    /// The faces, the one with the most rows first.
    pub fn faces(&self) -> Vec<FaceTally> {
        let mut faces: Vec<_> = self.faces.values().copied().collect();
        faces.sort_by(|a, b| b.rows.cmp(&a.rows).then(a.face.cmp(&b.face)));
        faces
    }

    /// Time of the last row in milliseconds.
    pub fn last_ms(&self) -> Option<f64> {
        self.samples.last_ms()
    }

    /// Time in milliseconds of a row. Rows that do not exist are at 0, have no face and no depths.
    pub fn time_ms(&self, row: usize) -> f64 {
        self.samples.time_ms(row)
    }

    pub fn span_ms(&self, row: usize) -> f64 {
        self.span_ms.value(row).into()
    }

    pub fn face(&self, row: usize) -> Option<u32> {
        self.samples.face(row)
    }

    /// Whether the row's depths may be shown.
    pub fn usable(&self, row: usize) -> bool {
        self.samples.depth(row).is_some()
    }

    /// The calibrated output for this frame alone, in the order of `Emotion::ALL`; zeros without a face.
    pub fn raw(&self, row: usize) -> [f32; 7] {
        self.samples.raw(row).unwrap_or_default()
    }

    /// The smaller and the larger share of each emotion by the rating studies, for this frame alone; `None` where that
    /// is not known.
    pub fn range(&self, row: usize) -> Option<[[f32; 7]; 2]> {
        self.samples.range(row)
    }

    /// What a person's own model says of a row: its labels and numbers, NaN where there is none.
    pub fn own(&self, row: usize) -> impl Iterator<Item = (&str, f32)> {
        self.samples.own(row)
    }

    /// The sample of a row with this depth, smoothed over so many milliseconds to each side, in place of its raw one; `source` is the
    /// file's name.
    pub fn sample(&self, row: usize, depth: [f32; 7], smoothing_time_ms: f64, source: &str) -> Sample {
        let depth = self.usable(row).then(|| Depths::from_array(depth));
        let smoothing_time_ms = depth.map(|_| smoothing_time_ms);
        let kept = self.samples.sample(row);
        Sample { source: Some(source.to_owned()), smoothing_time_ms, ..kept }.with_depth(depth)
    }

    /// For each frame the row that is shown: of the face, or of the largest one. Frames without it are left out.
    pub fn rows_of(&self, whose: Whose) -> Vec<u32> {
        let mut rows: Vec<u32> = Vec::new();
        let mut best: Option<(f64, f32)> = None;
        for row in 0..self.len() {
            let Some(face) = self.face(row) else { continue };
            match whose {
                Whose::One(wanted) if face == wanted => rows.push(row as u32),
                Whose::One(_) => {}
                Whose::Largest => {
                    let [_, _, width, height] = self.face_box(row).unwrap_or_default();
                    let (time_ms, area) = (self.time_ms(row), width * height);
                    match best {
                        Some((at_ms, most)) if at_ms == time_ms && most >= area => continue,
                        Some((at_ms, _)) if at_ms == time_ms => drop(rows.pop()),
                        _ => {}
                    }
                    best = Some((time_ms, area));
                    rows.push(row as u32);
                }
            }
        }
        rows
    }

    /// The rows of the frame that is shown at `time_ms`, one for each face, or one without; none where nothing was read.
    pub fn rows_at(&self, time_ms: f64) -> Range<usize> {
        let times = self.samples.times();
        let end = times.partition_point(|at_ms| at_ms <= time_ms + 0.5);
        let Some(last) = end.checked_sub(1) else { return 0..0 };
        if !self.lasts_to(last, time_ms) {
            return 0..0;
        }
        let at_ms = self.time_ms(last);
        times.partition_point(|earlier_ms| earlier_ms < at_ms)..end
    }

    /// Left, top, width and height of a row's face as shares of the picture; `None` without a face.
    pub fn face_box(&self, row: usize) -> Option<[f32; 4]> {
        self.samples.face_box(row)
    }

    /// The row of [`Columns::rows_of`] whose frame is shown at `time_ms`; `None` where there is none.
    pub fn row_at(&self, rows: &[u32], time_ms: f64) -> Option<usize> {
        let behind = rows.partition_point(|row| self.time_ms(*row as usize) <= time_ms + 0.5);
        let row = *rows.get(behind.checked_sub(1)?)? as usize;
        self.lasts_to(row, time_ms).then_some(row)
    }

    /// Whether a row's frame, which has begun by then, still stands at `time_ms`.
    fn lasts_to(&self, row: usize, time_ms: f64) -> bool {
        time_ms < self.time_ms(row) + self.span_ms(row).max(1.0)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use emotion_core::reading::Reason;

    /// A face with this depth of happy; `size` is the side of its box.
    pub(crate) fn sample(time_ms: f64, face: u32, happy: f32, size: f32, usable: bool) -> Sample {
        let raw = Depths { happy, neutral: 1.0 - happy, ..Depths::default() };
        Sample {
            face: Some(face),
            face_box: Some([0.25, 0.125, size, size]),
            score: Some(0.875),
            yaw: Some(1.5),
            pitch: Some(-2.0),
            roll: Some(3.0),
            quality: if usable { 0.75 } else { 0.25 },
            quality_reasons: vec![Reason::TooDark, Reason::NoFace, Reason::SeveralFaces],
            raw: Some(raw),
            ..Sample::without_face(time_ms)
        }
        .with_depth(usable.then_some(raw))
    }

    #[test]
    fn a_sample_comes_back_as_it_went_in() {
        let mut columns = Columns::default();
        let samples = [sample(0.0, 1, 0.5, 0.3, true), sample(0.0, 2, 0.25, 0.2, false)];
        columns.push(&samples, 100.0);
        columns.push(&[Sample::without_face(100.0)], 100.0);
        for (row, sample) in samples.iter().chain([&Sample::without_face(100.0)]).enumerate() {
            let smoothing_time_ms = sample.depth.map(|_| 300.0);
            let wanted = Sample { source: Some("a.webm".into()), smoothing_time_ms, ..sample.clone() };
            assert_eq!(columns.sample(row, columns.raw(row), 300.0, "a.webm"), wanted);
        }
        assert_eq!((columns.len(), columns.frames(), columns.last_ms()), (3, 2, Some(100.0)));
        let smoothed = columns.sample(0, [0.0, 0.0, 0.0, 0.9, 0.0, 0.0, 0.1], 0.0, "a.webm");
        assert_eq!(smoothed.depth.map(|depth| depth.happy), Some(0.9));
        assert_eq!(smoothed.raw.map(|raw| raw.happy), Some(0.5));
        assert_eq!(columns.sample(1, [1.0; 7], 0.0, "a.webm").depth, None, "what is not usable stays so");
    }

    #[test]
    fn every_reason_and_the_longest_list_survive() {
        let mut columns = Columns::default();
        let all = Sample { quality_reasons: Reason::ALL.to_vec(), ..sample(0.0, 1, 0.5, 0.3, true) };
        columns.push(std::slice::from_ref(&all), 100.0);
        assert_eq!(columns.sample(0, columns.raw(0), 0.0, "").quality_reasons, Reason::ALL);
        assert!(columns.usable(0));
    }

    #[test]
    fn faces_are_numbered_from_one_in_each_video() {
        let mut columns = Columns::default();
        columns.push(&[Sample::without_face(0.0)], 100.0);
        columns.push(&[sample(100.0, 7, 0.5, 0.3, true), sample(100.0, 8, 0.5, 0.3, true)], 100.0);
        columns.push(&[sample(200.0, 8, 0.5, 0.3, false)], 100.0);
        assert_eq!(
            (0..4).map(|row| columns.face(row)).collect::<Vec<_>>(),
            [None, Some(1), Some(2), Some(2)]
        );
        let faces = columns.faces();
        let two = FaceTally { face: 2, rows: 2, usable: 1, first_ms: 100.0, last_ms: 200.0 };
        assert_eq!((faces.len(), faces[0]), (2, two));
    }

    #[test]
    fn the_largest_face_of_each_frame_is_chosen() {
        let mut columns = Columns::default();
        columns.push(&[sample(0.0, 1, 0.1, 0.2, true), sample(0.0, 2, 0.2, 0.4, true)], 100.0);
        columns.push(&[Sample::without_face(100.0)], 100.0);
        columns.push(&[sample(200.0, 1, 0.1, 0.5, true), sample(200.0, 2, 0.2, 0.4, true)], 100.0);
        assert_eq!(columns.rows_of(Whose::Largest), [1, 3]);
        assert_eq!(columns.rows_of(Whose::One(2)), [1, 4]);
        assert_eq!(columns.rows_of(Whose::One(9)), [0u32; 0]);
    }

    #[test]
    fn a_time_finds_the_frame_that_is_shown_then() {
        let mut columns = Columns::default();
        for at in [0, 1, 5] {
            columns.push(&[sample(f64::from(at) * 100.0, 1, 0.1, 0.2, true)], 100.0);
        }
        let rows = columns.rows_of(Whose::Largest);
        let at = |time_ms| columns.row_at(&rows, time_ms);
        assert_eq!([at(0.0), at(99.0), at(100.0), at(199.0)], [Some(0), Some(0), Some(1), Some(1)]);
        assert_eq!([at(200.0), at(499.0), at(500.0), at(-1.0)], [None, None, Some(2), None]);
    }

    #[test]
    fn all_faces_of_the_frame_that_is_shown_are_found() {
        let mut columns = Columns::default();
        columns.push(&[sample(0.0, 1, 0.1, 0.2, true), sample(0.0, 2, 0.2, 0.4, true)], 100.0);
        columns.push(&[Sample::without_face(100.0)], 100.0);
        columns.push(&[sample(500.0, 2, 0.1, 0.5, false)], 100.0);
        let at = |time_ms| columns.rows_at(time_ms);
        assert_eq!([at(0.0), at(99.0), at(100.0)], [0..2, 0..2, 2..3]);
        assert_eq!([at(-1.0), at(200.0), at(599.0), at(600.0)], [0..0, 0..0, 3..4, 0..0]);
        let boxes: Vec<_> = (0..5).map(|row| columns.face_box(row)).collect();
        let of = |size| Some([0.25, 0.125, size, size]);
        assert_eq!(boxes, [of(0.2), of(0.4), None, of(0.5), None]);
    }

    #[test]
    fn a_frame_that_lasts_longer_stands_for_more_with_all_its_faces() {
        let mut columns = Columns::default();
        columns.push(&[sample(0.0, 1, 0.1, 0.2, true)], 100.0);
        columns.push(&[sample(100.0, 1, 0.1, 0.2, true), sample(100.0, 2, 0.2, 0.4, true)], 100.0);
        columns.extend_last(50.0);
        assert_eq!([0, 1, 2].map(|row| columns.span_ms(row)), [100.0, 150.0, 150.0]);
    }
}
