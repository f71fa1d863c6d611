//! The last 60 seconds of the shown face's depths: a ring of short buckets and the curves drawn from them.
//!
//! Frames are averaged into buckets of [`BUCKET_MS`] as they come, so that memory and drawing cost the same
//! at 5 and at 60 frames a second. Buckets lie at fixed times and not relative to now: the curves move,
//! but do not shimmer.

use std::collections::VecDeque;

use emotion_core::depth::DepthRange;
use emotion_core::emotion::Depths;

/// Time shown, in milliseconds.
pub const SPAN_MS: f64 = 60_000.0;
/// Width of one bucket in milliseconds.
pub const BUCKET_MS: f64 = 100.0;
/// A curve breaks where no frame came for so long, in milliseconds.
pub const GAP_MS: f64 = 1500.0;
/// Distance in milliseconds between the markers that tell the curves apart without colour.
pub const MARKER_MS: f64 = 6000.0;

/// Mean of the usable readings in one bucket.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Bucket {
    /// The bucket's time is `(index + 0.5) * BUCKET_MS`.
    index: i64,
    face: Option<u32>,
    sum: [f32; 7],
    /// Readings in the sum; 0 where every frame was unusable.
    count: u32,
    /// Sums of both ends of the range, of as many readings as `ranges`.
    ends: [[f32; 7]; 2],
    ranges: u32,
}

/// The ring of buckets, oldest first.
#[derive(Debug, Clone, Default)]
pub struct Timeline {
    buckets: VecDeque<Bucket>,
    newest_ms: f64,
}

/// What is drawn.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Curves {
    /// Unbroken runs of points, each with the seven depths at each x, in the order of `Emotion::ALL`.
    pub runs: Vec<Run>,
    /// Where the shown face changed: x and the new face.
    pub changes: Vec<(f32, u32)>,
    /// Parts that could not be read, from and to an x; the live timeline has none.
    pub unread: Vec<(f32, f32)>,
}

/// Points without a gap between them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Run {
    /// Places on the time axis, ascending: 0 is its left edge, 1 its right. In a part of a video the first and the last may
    /// lie beyond the edges, where the drawing is cut.
    pub x: Vec<f32>,
    /// One depth per x, for each emotion.
    pub depths: [Vec<f32>; 7],
    /// From one rating study to the other, one pair per x, for each emotion; empty where the range is not known.
    pub ranges: [Vec<(f32, f32)>; 7],
    /// Positions in `x` that carry a marker for each emotion; staggered, so that markers do not pile up.
    pub markers: [Vec<usize>; 7],
}

impl Timeline {
    /// Take in the shown face's depths at `time_ms`; `None` where there is no usable reading.
    ///
    /// A time before the newest one starts the timeline again.
    pub fn push(&mut self, time_ms: f64, reading: Option<(u32, &Depths)>) {
        let index = (time_ms / BUCKET_MS).floor() as i64;
        if time_ms < self.newest_ms {
            self.clear();
        }
        self.newest_ms = time_ms;
        let face = reading.map(|(face, _)| face);
        let depths = reading.map(|(_, depths)| depths.to_array());
        match self.buckets.back_mut() {
            // Another face starts a bucket of its own: means over two people mean nothing.
            Some(last) if last.index == index && (last.count == 0 || face.is_none() || last.face == face) => {
                if let Some(values) = depths {
                    for (sum, value) in last.sum.iter_mut().zip(values) {
                        *sum += value;
                    }
                    last.count += 1;
                    last.face = face;
                }
            }
            _ => self.buckets.push_back(Bucket {
                index,
                face,
                sum: depths.unwrap_or_default(),
                count: u32::from(depths.is_some()),
                ends: Default::default(),
                ranges: 0,
            }),
        }
        let oldest = ((time_ms - SPAN_MS) / BUCKET_MS).floor() as i64;
        while self.buckets.front().is_some_and(|bucket| bucket.index < oldest) {
            self.buckets.pop_front();
        }
    }

    /// The range of the reading that was just taken in.
    pub fn push_range(&mut self, range: &DepthRange) {
        let Some(last) = self.buckets.back_mut().filter(|last| last.count > 0) else { return };
        for (sums, depths) in last.ends.iter_mut().zip([range.low, range.high]) {
            for (sum, value) in sums.iter_mut().zip(depths.to_array()) {
                *sum += value;
            }
        }
        last.ranges += 1;
    }

    pub fn clear(&mut self) {
        self.buckets.clear();
        self.newest_ms = f64::NEG_INFINITY;
    }

    /// The curves as they stand at the newest reading.
    pub fn curves(&self) -> Curves {
        let mut curves = Curves::default();
        let mut last: Option<&Bucket> = None;
        let mut last_face = None;
        for bucket in &self.buckets {
            if bucket.count == 0 {
                last = None;
                continue;
            }
            let x = self.x_of(bucket.index);
            if let (Some(face), true) = (bucket.face, bucket.face != last_face) {
                if last_face.is_some() {
                    curves.changes.push((x, face));
                }
                last_face = bucket.face;
            }
            let goes_on = last.is_some_and(|last| {
                last.face == bucket.face && (bucket.index - last.index) as f64 * BUCKET_MS <= GAP_MS
            });
            if !goes_on {
                curves.runs.push(Run::default());
            }
            // There is a run: one was pushed at the latest a line above.
            if let Some(run) = curves.runs.last_mut() {
                run.push(x, bucket);
            }
            last = Some(bucket);
        }
        curves
    }

    fn x_of(&self, index: i64) -> f32 {
        let middle_ms = (index as f64 + 0.5) * BUCKET_MS;
        (1.0 - (self.newest_ms - middle_ms) / SPAN_MS).clamp(0.0, 1.0) as f32
    }
}

impl Run {
    fn push(&mut self, x: f32, bucket: &Bucket) {
        let at = self.x.len();
        self.x.push(x);
        let period = (MARKER_MS / BUCKET_MS) as i64;
        for (emotion, depths) in self.depths.iter_mut().enumerate() {
            depths.push(bucket.sum[emotion] / bucket.count as f32);
            if bucket.ranges > 0 {
                let [low, high] = bucket.ends.map(|sums| sums[emotion] / bucket.ranges as f32);
                self.ranges[emotion].push((low, high));
            }
            // Fixed in time like the buckets; one seventh of the period apart.
            if bucket.index.rem_euclid(period) == emotion as i64 * period / 7 {
                self.markers[emotion].push(at);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn depths(happy: f32) -> Depths {
        Depths { happy, ..Depths::default() }
    }

    fn happy(run: &Run) -> &[f32] {
        &run.depths[3]
    }

    #[test]
    fn the_range_is_averaged_beside_the_depths() {
        let mut timeline = Timeline::default();
        let range = |low, high| DepthRange { low: depths(low), high: depths(high) };
        timeline.push_range(&range(0.0, 1.0)); // Of no reading: nothing to widen.
        timeline.push(1000.0, Some((1, &depths(0.2))));
        timeline.push_range(&range(0.1, 0.3));
        timeline.push(1033.0, Some((1, &depths(0.4))));
        timeline.push_range(&range(0.2, 0.6));
        let run = &timeline.curves().runs[0];
        let (low, high) = run.ranges[3][0];
        assert!((low - 0.15).abs() < 1e-6 && (high - 0.45).abs() < 1e-6);
        assert_eq!(run.ranges[3].len(), run.x.len());
    }

    #[test]
    fn frames_of_one_bucket_are_averaged() {
        let mut timeline = Timeline::default();
        timeline.push(1000.0, Some((1, &depths(0.2))));
        timeline.push(1033.0, Some((1, &depths(0.4))));
        timeline.push(1099.0, None);
        timeline.push(1100.0, Some((1, &depths(0.9))));
        let curves = timeline.curves();
        assert_eq!(curves.runs.len(), 1);
        assert_eq!(happy(&curves.runs[0]).len(), 2);
        assert!((happy(&curves.runs[0])[0] - 0.3).abs() < 1e-6);
        assert!((happy(&curves.runs[0])[1] - 0.9).abs() < 1e-6);
    }

    #[test]
    fn the_newest_reading_is_at_the_right_and_a_minute_ago_at_the_left() {
        let mut timeline = Timeline::default();
        timeline.push(50.0, Some((1, &depths(0.5))));
        timeline.push(30_050.0, Some((1, &depths(0.5))));
        timeline.push(60_050.0, Some((1, &depths(0.5))));
        let x: Vec<f32> = timeline.curves().runs.iter().flat_map(|run| run.x.clone()).collect();
        assert_eq!(x, [0.0, 0.5, 1.0]);
    }

    #[test]
    fn an_hour_holds_no_more_than_a_minute() {
        let mut timeline = Timeline::default();
        for frame in 0..108_000 {
            timeline.push(f64::from(frame) * 33.3, Some((1, &depths(0.5))));
        }
        assert!(timeline.buckets.len() <= (SPAN_MS / BUCKET_MS) as usize + 2);
        let curves = timeline.curves();
        assert_eq!(curves.runs.len(), 1);
        assert!(curves.runs[0].x.windows(2).all(|pair| pair[0] <= pair[1]));
    }

    #[test]
    fn curves_break_where_there_is_no_reading_and_where_the_face_changes() {
        let mut timeline = Timeline::default();
        timeline.push(0.0, Some((1, &depths(0.1))));
        timeline.push(100.0, None);
        timeline.push(200.0, Some((1, &depths(0.1))));
        timeline.push(300.0, Some((2, &depths(0.8))));
        timeline.push(300.0 + GAP_MS + BUCKET_MS, Some((2, &depths(0.8))));
        let curves = timeline.curves();
        assert_eq!(curves.runs.len(), 4);
        assert_eq!(curves.changes.len(), 1);
        assert_eq!(curves.changes[0].1, 2);
    }

    #[test]
    fn two_people_are_never_averaged() {
        let mut timeline = Timeline::default();
        timeline.push(0.0, Some((1, &depths(0.0))));
        timeline.push(10.0, Some((2, &depths(1.0))));
        let values: Vec<f32> = timeline.curves().runs.iter().flat_map(|run| happy(run).to_vec()).collect();
        assert_eq!(values, [0.0, 1.0]);
    }

    #[test]
    fn a_clock_that_starts_again_starts_the_timeline_again() {
        let mut timeline = Timeline::default();
        timeline.push(90_000.0, Some((1, &depths(0.1))));
        timeline.push(10.0, Some((1, &depths(0.2))));
        assert_eq!(timeline.curves().runs.len(), 1);
        assert_eq!(happy(&timeline.curves().runs[0]), [0.2]);
    }

    #[test]
    fn every_curve_has_its_markers_apart_from_the_others() {
        let mut timeline = Timeline::default();
        for bucket in 0..600 {
            timeline.push(f64::from(bucket) * BUCKET_MS, Some((1, &depths(0.5))));
        }
        let run = &timeline.curves().runs[0];
        let all: Vec<usize> = run.markers.iter().flatten().copied().collect();
        assert!(run.markers.iter().all(|markers| markers.len() == 10));
        assert_eq!(all.iter().collect::<std::collections::BTreeSet<_>>().len(), all.len());
    }
}
