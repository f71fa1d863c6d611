//! Faces followed from frame to frame, each with an id that stays.
//!
//! On every frame [`Tracker::follow`] looks for each face near its last place, by the correlation of
//! small blocks around its points. When it says so, the detector searches the frame and
//! [`Tracker::correct`] brings the tracks and the detections together.
//!
//! It counts in time, not in frames, so that it does the same at any pace. What the detector finds must be found twice in a row before
//! it is a face; where frames come too seldom for that, the caller looks twice at one frame. A jump of the whole picture ends all tracks.

mod appearance;
mod cut;
pub(crate) mod portrait;

use crate::detect::Detection;
use crate::frame::Frame;
use crate::geometry::{Point, Rect};
use appearance::{Appearance, Place, Scratch};
use cut::Overview;
use portrait::Portrait;

/// How faces are followed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrackOptions {
    /// The detector searches after so long, in milliseconds; 0: every frame.
    pub detect_every_ms: f64,
    /// Least confidence (correlation) of a followed face, 0..1; below it the detector searches at once.
    pub min_confidence: f32,
    /// A face not seen for longer is forgotten; when it comes back it is a new one.
    pub forget_after_ms: f64,
    /// Faces beyond this number are ignored.
    pub max_faces: usize,
    /// A find becomes a face when it is found again in the next frame; otherwise at once.
    pub twice: bool,
}

impl Default for TrackOptions {
    fn default() -> Self {
        Self {
            detect_every_ms: 95.0,
            min_confidence: 0.7,
            forget_after_ms: 1000.0,
            max_faces: 4,
            twice: true,
        }
    }
}

/// One face as it stands in the frame last seen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrackedFace {
    /// From 1, never given twice.
    pub id: u32,
    pub box_px: Rect,
    /// In the order of [`crate::reading::FacePoint`].
    pub points_px: [Point; 6],
    /// The detector's score when it last saw the face, 0..1.
    pub score: f32,
}

/// The detector's and the followed place meet here: halfway, which halves the detector's jitter and
/// leaves an eighth of a drift after three detections.
const DETECTION_SHARE: f32 = 0.5;
/// A detection belongs to a track at most this far away, in widths of the face ...
const MAX_DISTANCE: f32 = 0.6;
/// ... or this far, where the track has been out of sight.
const MAX_DISTANCE_LOST: f32 = 1.2;
/// What a wholly unlike picture costs beside distance in widths: likeness decides when faces cross.
const UNLIKENESS_COST: f32 = 0.5;
/// A face that the detector has not found for so long is gone, in milliseconds, however well it seems to be followed: blocks of a
/// wall correlate, too.
const MISSED_MS: f64 = 300.0;
/// Between two frames further apart than this, in milliseconds, waiting for the next one would lose a reading: see [`Tracker::is_slow`].
const SLOW_MS: f64 = 80.0;
/// So long after it was found, in milliseconds, a face may have another expression or pose.
const SOON_MS: f64 = 200.0;
/// What is less alike than this is another person, wherever it is: of two people, six pairs in ten are, and one and the same
/// face at two moments so near to each other never was. docs/tracking.md has the measurement.
const LEAST_LIKENESS: f32 = 0.5;
/// ... or than this, where so much time lies between that an expression or a pose can have changed.
const LEAST_LIKENESS_LATER: f32 = 0.2;
/// Tracks that overlap more than this follow the same face.
const SAME_FACE: f32 = 0.3;

struct Track {
    id: u32,
    place: Place,
    score: f32,
    appearance: Appearance,
    /// As it was when no other face was before it.
    portrait: Portrait,
    /// What was followed in the last frame does not look like it any more.
    strange: bool,
    /// Confidence of the last `follow`; 0 where the face was not found.
    confidence: f32,
    /// When the detector last found it.
    found_ms: f64,
    /// When the face was last seen; `lost` since then.
    seen_ms: f64,
    lost: bool,
    /// Speed of the box's centre in pixels per millisecond, for faces out of sight.
    velocity: Point,
}

/// The faces in sight and those just lost.
pub struct Tracker {
    options: TrackOptions,
    /// By ascending id.
    tracks: Vec<Track>,
    next_id: u32,
    /// When the detector last searched; `None` where it must now.
    searched_ms: Option<f64>,
    /// Capture time of the last frame, and how long before it the one before was.
    frame_ms: Option<f64>,
    gap_ms: f64,
    /// Found once: faces, if the next frame shows them, too.
    candidates: Vec<Place>,
    overview: Option<Overview>,
    scratch: Scratch,
}

impl Tracker {
    pub fn new(options: TrackOptions) -> Self {
        let scratch = Scratch::new();
        Self {
            options,
            tracks: Vec::new(),
            next_id: 1,
            searched_ms: None,
            frame_ms: None,
            gap_ms: 0.0,
            candidates: Vec::new(),
            overview: None,
            scratch,
        }
    }

    /// Follow all faces into a new frame. Returns whether the detector must search this very frame; its
    /// answer then goes to [`Tracker::correct`].
    #[must_use]
    pub fn follow(&mut self, frame: &Frame, time_ms: f64) -> bool {
        let overview = Overview::of(frame);
        if !overview.is_flat() {
            if self.overview.as_ref().is_some_and(|before| overview.is_cut_from(before)) {
                self.tracks.clear();
                self.candidates.clear();
            }
            self.overview = Some(overview);
        }
        // The absolute differences: a video may be wound back.
        // Before the first frame there was none: the video that begins with a face has it from the beginning.
        self.gap_ms = self.frame_ms.map_or(f64::INFINITY, |before| (time_ms - before).abs());
        self.frame_ms = Some(time_ms);
        let forget_after_ms = self.options.forget_after_ms;
        self.tracks.retain(|track| !track.lost || (time_ms - track.seen_ms).abs() <= forget_after_ms);
        let (mut in_sight, mut doubtful) = (false, false);
        for track in self.tracks.iter_mut().filter(|track| !track.lost) {
            in_sight = true;
            match track.appearance.find(frame, &track.place, &mut self.scratch) {
                Some((place, confidence)) if confidence >= self.options.min_confidence => {
                    // Eyes and mouths of two people are alike enough to be followed: the detector decides at once.
                    let seen = Appearance::of(frame, &place, &mut self.scratch);
                    let likeness = seen.map_or(1.0, |seen| track.portrait.likeness(&seen.portrait()));
                    track.strange = likeness < LEAST_LIKENESS;
                    doubtful |= track.strange;
                    track.moved_to(place, time_ms);
                    track.confidence = confidence;
                }
                _ => {
                    track.confidence = 0.0;
                    doubtful = true;
                }
            }
        }
        let due = self.searched_ms.is_none_or(|at| (time_ms - at).abs() >= self.options.detect_every_ms);
        !in_sight || doubtful || due || !self.candidates.is_empty()
    }

    /// Whether frames come so seldom that a find cannot be found again soon, or this is the first one: the caller then looks twice at the frame last followed, and
    /// gives [`Tracker::correct`] only what both looks found.
    pub fn is_slow(&self) -> bool {
        self.options.twice && self.gap_ms > SLOW_MS
    }

    /// The boxes of the faces in sight.
    pub fn boxes(&self) -> impl Iterator<Item = Rect> + '_ {
        self.in_sight().map(|track| track.place.box_px)
    }

    /// Bring tracks and detections of the frame last followed together: each detection continues the
    /// track that is nearest and looks most alike, or begins a new one. Points that coincide are no face.
    pub fn correct(&mut self, frame: &Frame, time_ms: f64, detections: &[Detection]) {
        self.searched_ms = Some(time_ms);
        let mut found = Vec::with_capacity(detections.len());
        for detection in detections {
            let place = Place { box_px: detection.box_px, points_px: detection.points_px };
            if let Some(appearance) = Appearance::of(frame, &place, &mut self.scratch) {
                let covers = |other: &Detection| other.box_px.overlap(&place.box_px) > 0.0;
                let alone = detections.iter().filter(|other| covers(other)).count() < 2;
                let portrait = appearance.portrait();
                found.push(Some(Found { place, score: detection.score, appearance, portrait, alone }));
            }
        }
        let matched = self.match_tracks(time_ms, &found);
        for (index, &at) in matched.iter().enumerate() {
            if let Some(found) = at.and_then(|at| found[at].take()) {
                self.continue_track(index, found, frame, time_ms);
            }
        }
        self.drop_missed(&matched, &found, time_ms);
        let before = std::mem::take(&mut self.candidates);
        // New faces: the largest first, because they are nearest to the camera.
        let mut new: Vec<Found> = found.into_iter().flatten().collect();
        new.sort_by(|a, b| b.place.box_px.area().total_cmp(&a.place.box_px.area()));
        let room = self.options.max_faces.saturating_sub(self.in_sight().count());
        for found in new.into_iter().take(room) {
            let again = before.iter().any(|place| found.place.is_near(place));
            if again || !self.options.twice || self.is_slow() {
                self.begin_track(found, time_ms);
            } else {
                self.candidates.push(found.place);
            }
        }
    }

    /// The faces in sight by ascending id.
    pub fn faces(&self) -> impl Iterator<Item = TrackedFace> + '_ {
        self.in_sight().map(|track| TrackedFace {
            id: track.id,
            box_px: track.place.box_px,
            points_px: track.place.points_px,
            score: track.score,
        })
    }

    /// Forget all faces; their ids are not given again.
    pub fn forget(&mut self) {
        self.tracks.clear();
        self.candidates.clear();
        (self.searched_ms, self.frame_ms, self.overview) = (None, None, None);
    }

    fn in_sight(&self) -> impl Iterator<Item = &Track> {
        self.tracks.iter().filter(|track| !track.lost)
    }

    /// For each track the index of its detection: pairs by ascending cost, each used once.
    fn match_tracks(&self, time_ms: f64, found: &[Option<Found>]) -> Vec<Option<usize>> {
        let mut pairs = Vec::new();
        for (index, track) in self.tracks.iter().enumerate() {
            for (at, found) in found.iter().enumerate() {
                if let Some(cost) = found.as_ref().and_then(|found| track.cost(found, time_ms)) {
                    pairs.push((cost, index, at));
                }
            }
        }
        pairs.sort_by(|a, b| a.0.total_cmp(&b.0).then((a.1, a.2).cmp(&(b.1, b.2))));
        let mut matched = vec![None; self.tracks.len()];
        let mut taken = vec![false; found.len()];
        let mut room = self.options.max_faces;
        for (_, index, at) in pairs {
            if matched[index].is_none() && !taken[at] && room > 0 {
                matched[index] = Some(at);
                taken[at] = true;
                room -= 1;
            }
        }
        matched
    }

    fn continue_track(&mut self, index: usize, found: Found, frame: &Frame, time_ms: f64) {
        let track = &mut self.tracks[index];
        let followed = !track.lost && track.confidence > 0.0;
        let place = if followed { track.place.towards(&found.place, DETECTION_SHARE) } else { found.place };
        // The picture is taken at the corrected place, or the correction would be undone on the next frame.
        track.appearance = Appearance::of(frame, &place, &mut self.scratch).unwrap_or(found.appearance);
        if track.lost {
            track.velocity = Point::default();
            track.place = place;
        }
        track.moved_to(place, time_ms);
        if found.alone {
            track.portrait = found.portrait;
        }
        track.score = found.score;
        track.found_ms = time_ms;
        track.lost = false;
    }

    fn begin_track(&mut self, found: Found, time_ms: f64) {
        self.tracks.push(Track {
            id: self.next_id,
            place: found.place,
            score: found.score,
            appearance: found.appearance,
            portrait: found.portrait,
            strange: false,
            confidence: 1.0,
            found_ms: time_ms,
            seen_ms: time_ms,
            lost: false,
            velocity: Point::default(),
        });
        self.next_id += 1;
    }

    /// Faces that the detector missed stay in sight only while they are followed well, not for long, not
    /// on top of another, and not above the number.
    fn drop_missed(&mut self, matched: &[Option<usize>], others: &[Option<Found>], time_ms: f64) {
        let seen: Vec<Rect> = self
            .tracks
            .iter()
            .zip(matched)
            .filter(|(_, at)| at.is_some())
            .map(|(track, _)| track.place.box_px)
            .collect();
        // What was found where a track seems to be, and is not its face, is somebody else.
        let taken = |rect: &Rect| others.iter().flatten().any(|found| found.place.box_px.overlap(rect) > 0.0);
        let seen_count = matched.iter().flatten().count();
        let mut room = self.options.max_faces.saturating_sub(seen_count);
        for (track, at) in self.tracks.iter_mut().zip(matched) {
            if at.is_none() && !track.lost {
                let covered = seen.iter().any(|seen| seen.overlap(&track.place.box_px) > SAME_FACE);
                let missed = (time_ms - track.found_ms).abs() >= MISSED_MS;
                let covered = covered || taken(&track.place.box_px);
                track.lost = track.confidence <= 0.0 || track.strange || missed || covered || room == 0;
                room = room.saturating_sub(usize::from(!track.lost));
            }
        }
    }
}

/// A detection with its picture.
struct Found {
    place: Place,
    score: f32,
    appearance: Appearance,
    portrait: Portrait,
    /// No other find lies over it.
    alone: bool,
}

impl Track {
    fn moved_to(&mut self, place: Place, time_ms: f64) {
        let (from, to) = (self.place.box_px.centre(), place.box_px.centre());
        let elapsed_ms = (time_ms - self.seen_ms) as f32;
        if elapsed_ms > 0.0 {
            let mix = |old: f32, way: f32| 0.5 * (old + way / elapsed_ms);
            self.velocity =
                Point::new(mix(self.velocity.x, to.x - from.x), mix(self.velocity.y, to.y - from.y));
        }
        self.place = place;
        self.seen_ms = time_ms;
    }

    /// What it costs to take a detection for this face; `None` where it is too far away or too unlike.
    fn cost(&self, found: &Found, time_ms: f64) -> Option<f32> {
        let expected = if self.lost {
            let elapsed_ms = (time_ms - self.seen_ms) as f32;
            self.place.shifted(self.velocity.x * elapsed_ms, self.velocity.y * elapsed_ms)
        } else {
            self.place
        };
        let (a, b) = (expected.box_px, found.place.box_px);
        let width = 0.5 * (a.width + b.width);
        let distance = a.centre().distance(b.centre()) / width.max(1.0);
        let growth = b.width / a.width.max(1.0);
        let reach = if self.lost || self.confidence <= 0.0 { MAX_DISTANCE_LOST } else { MAX_DISTANCE };
        if distance > reach || !(0.5..=2.0).contains(&growth) {
            return None;
        }
        let likeness = self.portrait.likeness(&found.portrait);
        let soon = (time_ms - self.found_ms).abs() <= SOON_MS;
        let least = if !found.alone {
            -1.0
        } else if soon {
            LEAST_LIKENESS
        } else {
            LEAST_LIKENESS_LATER
        };
        (likeness >= least).then_some(distance + UNLIKENESS_COST * (1.0 - likeness))
    }
}

#[cfg(test)]
mod tests;
