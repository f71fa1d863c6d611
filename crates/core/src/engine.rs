//! The engine: one frame in, the reading of every face in it out.
//!
//! detect -> track -> align -> classify -> depth -> quality; the clock is handed in, so that the same
//! code runs in the browser's worker, in the examples and in tests with fake networks.

use thiserror::Error;

use crate::align::{SIZE, Template, Warper};
use crate::cover::Cover;
use crate::depth::{Calibration, LOGIT_COUNT, Mixture, Scores};
use crate::detect::letterbox::Turn;
use crate::detect::{DetectError, DetectOptions, Detection, Detector};
use crate::frame::Frame;
use crate::geometry::Point;
use crate::model::{self, Manifest, ManifestError, ModelFile, Network, NetworkError};
use crate::person::Person;
use crate::pose;
use crate::quality::{self, Observation};
use crate::reading::{FaceReading, FrameReading, StageTimes};
use crate::track::{TrackOptions, TrackedFace, Tracker};

/// What can be chosen about the engine.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EngineOptions {
    pub detect: DetectOptions,
    pub track: TrackOptions,
    /// Look for faces that are upside down or on their side, too.
    pub turns: bool,
}

impl Default for EngineOptions {
    fn default() -> Self {
        Self { detect: DetectOptions::default(), track: TrackOptions::default(), turns: true }
    }
}

/// Why the engine could not be made, or failed on a frame.
#[derive(Debug, Error)]
pub enum EngineError {
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// A network could not be loaded.
    #[error("{file}: {error}")]
    Load { file: String, error: NetworkError },
    #[error(transparent)]
    Detect(#[from] DetectError),
    #[error("the classifier: {0}")]
    Classify(#[from] NetworkError),
    #[error("a face crop has {expected} pixels, but {actual} came")]
    Crop { expected: usize, actual: usize },
}

/// Least score of a face that only the turned frame shows: three turns give three times as many chances to be wrong.
const TURNED_SCORE: f32 = 0.75;

/// Networks, tracks and buffers.
pub struct Engine {
    detector: Detector,
    tracker: Tracker,
    /// How the camera's frames must be turned for their faces to stand upright.
    turn: Turn,
    turns: bool,
    /// Which other turn was tried last.
    tried: usize,
    template: Template,
    warper: Warper,
    /// The aligned face, `SIZE * SIZE` luma values.
    crop: Vec<u8>,
    classifier: Classifier,
    cover: Cover,
    /// Whom the faces are held against.
    person: Option<Person>,
    /// Of the last still picture.
    searches: u32,
    still_since: StillSince,
}

/// Since when the frames have been equal to the last bit.
#[derive(Default)]
struct StillSince {
    digest: Option<u64>,
    since_ms: f64,
}

impl StillSince {
    /// Take a frame; how long it has been the same, in milliseconds.
    fn take(&mut self, frame: &Frame, time_ms: f64) -> f64 {
        let digest = Some(frame.digest());
        // A clock that runs backwards is another video's.
        if self.digest != digest || time_ms < self.since_ms {
            *self = Self { digest, since_ms: time_ms };
        }
        time_ms - self.since_ms
    }
}

/// The classifier with its calibration.
struct Classifier {
    network: Box<dyn Network>,
    calibration: Calibration,
    mixture: Mixture,
    /// The network's input for every luma, 0..1.
    reals: [f32; 256],
}

impl Engine {
    /// Load the networks: the manifest as JSON, and the two files that it names
    /// ([`Manifest::detector_file`], [`Manifest::classifier_file`]), checked by SHA-256.
    ///
    /// # Errors
    /// [`EngineError::Manifest`] where manifest and files do not fit together or are damaged,
    /// [`EngineError::Load`] where a network cannot be run.
    pub fn new(manifest_json: &[u8], detector: &[u8], classifier: &[u8]) -> Result<Self, EngineError> {
        Self::with_options(manifest_json, detector, classifier, EngineOptions::default())
    }

    /// As [`Engine::new`], with options.
    ///
    /// # Errors
    /// As [`Engine::new`].
    pub fn with_options(
        manifest_json: &[u8],
        detector: &[u8],
        classifier: &[u8],
        options: EngineOptions,
    ) -> Result<Self, EngineError> {
        let manifest = Manifest::parse(manifest_json)?;
        let load = |file: &ModelFile, bytes: &[u8], shape: &[usize]| {
            file.check(bytes)?;
            model::load(bytes, shape).map_err(|error| EngineError::Load { file: file.file.clone(), error })
        };
        let detector = load(manifest.detector_file(), detector, &manifest.detector.input)?;
        let classifier = load(manifest.classifier_file(), classifier, &manifest.classifier.input)?;
        Ok(Self::with_networks(&manifest, detector, classifier, options))
    }

    /// An engine of given networks; tests hand in fakes. `detector`: see [`Detector::new`]; `classifier`:
    /// input `[1, 1, 48, 48]` in 0..1 (luma / 255), output 25 logits.
    pub fn with_networks(
        manifest: &Manifest,
        detector: Box<dyn Network>,
        classifier: Box<dyn Network>,
        options: EngineOptions,
    ) -> Self {
        Self {
            detector: Detector::new(detector, options.detect),
            tracker: Tracker::new(options.track),
            turn: Turn::None,
            turns: options.turns,
            tried: 0,
            template: Template::new(&manifest.alignment),
            warper: Warper::new(),
            crop: vec![0; SIZE * SIZE],
            classifier: Classifier {
                network: classifier,
                calibration: manifest.classifier.calibration,
                mixture: manifest.classifier.mixture,
                reals: std::array::from_fn(|luma| luma as f32 / 255.0),
            },
            cover: Cover::new(),
            person: None,
            searches: 0,
            still_since: StillSince::default(),
        }
    }

    /// Read every face of a frame, at most four. `time_ms`: the frame's capture time; `now_ms`: a clock in
    /// milliseconds for the stage times. `copy_ms` stays 0: the pixels are already here.
    ///
    /// # Errors
    /// [`EngineError`] where a network fails; the next frame can be analysed all the same.
    pub fn analyse(
        &mut self,
        frame: &Frame,
        time_ms: f64,
        now_ms: &dyn Fn() -> f64,
    ) -> Result<FrameReading, EngineError> {
        let start_ms = now_ms();
        let mut stages = StageTimes::default();
        let unchanged_ms = self.still_since.take(frame, time_ms);
        let search = self.tracker.follow(frame, time_ms);
        let followed_ms = now_ms();
        stages.track_ms = followed_ms - start_ms;
        if search {
            let detections = self.detect(frame)?;
            let detected_ms = now_ms();
            stages.detect_ms = detected_ms - followed_ms;
            self.tracker.correct(frame, time_ms, &detections);
            stages.track_ms += now_ms() - detected_ms;
        }
        let tracked: Vec<TrackedFace> = self.tracker.faces().collect();
        let mut faces = Vec::with_capacity(tracked.len());
        for face in &tracked {
            if let Some(reading) = self.read(frame, face, tracked.len(), &mut stages, now_ms)? {
                faces.push(reading);
            }
        }
        stages.total_ms = now_ms() - start_ms;
        let (width, height) = (frame.width() as u32, frame.height() as u32);
        Ok(FrameReading { time_ms, width, height, faces, stages, unchanged_ms })
    }

    /// Read every face of a still picture from `smallest_px` on (the longer side of its box), without tracking: the
    /// reading of one picture never depends on another. Faces are numbered from 1 on, the best reading first: usable ones before others, then
    /// by quality in tenths, then by size.
    ///
    /// # Errors
    /// [`EngineError`] where a network fails; the next picture can be read all the same.
    pub fn read_still(
        &mut self,
        frame: &Frame,
        smallest_px: f32,
        now_ms: &dyn Fn() -> f64,
    ) -> Result<FrameReading, EngineError> {
        let start_ms = now_ms();
        let runs = self.detector.runs();
        let mut found = self.detector.detect_still(frame, smallest_px)?;
        self.searches = self.detector.runs().wrapping_sub(runs);
        let mut stages = StageTimes { detect_ms: now_ms() - start_ms, ..StageTimes::default() };
        // What has no extent cannot be aligned and gets no number.
        found.retain(|face| self.template.to_frame(&face.points_px).is_some());
        found.sort_by(|a, b| {
            let (a, b) = (a.box_px.centre(), b.box_px.centre());
            a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y))
        });
        let mut faces = Vec::with_capacity(found.len());
        for (id, face) in (1..).zip(&found) {
            let face = TrackedFace { id, box_px: face.box_px, points_px: face.points_px, score: face.score };
            faces.extend(self.read(frame, &face, found.len(), &mut stages, now_ms)?);
        }
        // From left to right so far, which decides between equals.
        let rank = |face: &FaceReading| {
            let tenths = libm::roundf(face.quality.value * 10.0) as u8;
            (std::cmp::Reverse((face.quality.usable, tenths)), face.box_px.area())
        };
        faces.sort_by(|a, b| {
            let ((rank_a, area_a), (rank_b, area_b)) = (rank(a), rank(b));
            rank_a.cmp(&rank_b).then(area_b.total_cmp(&area_a))
        });
        for (id, face) in (1..).zip(&mut faces) {
            face.face = id;
        }
        stages.total_ms = now_ms() - start_ms;
        let (width, height) = (frame.width() as u32, frame.height() as u32);
        Ok(FrameReading { time_ms: 0.0, width, height, faces, stages, unchanged_ms: 0.0 })
    }

    /// How often the detector ran for the last still picture.
    pub fn searches(&self) -> u32 {
        self.searches
    }

    /// Learn what the person with this track's id looks like, from the frames that follow: from then on every face of a frame
    /// is held against them ([`FaceReading::likeness`]). Who was remembered before is forgotten; [`Engine::forget`] keeps the person.
    pub fn remember(&mut self, face: u32) {
        self.person = Some(Person::new(face));
    }

    /// Forget all tracked faces: another camera, another picture, or a long pause.
    pub fn forget(&mut self) {
        self.tracker.forget();
        self.turn = Turn::None;
        self.still_since = StillSince::default();
    }

    /// The faces of a frame of the camera or a video, which may hang upside down or on its side. Whether it does is asked
    /// while no face is in sight; then all faces are looked for in that turn.
    fn detect(&mut self, frame: &Frame) -> Result<Vec<Detection>, EngineError> {
        let known: Vec<_> = self.tracker.boxes().collect();
        let mut found = self.detector.detect(frame, &known, self.turn)?;
        if known.is_empty() && self.turns {
            if found.is_empty() {
                // One other turn a frame: a picture without people costs two searches, not four.
                self.tried = (self.tried + 1) % Turn::OTHERS.len();
                let other = Turn::ALL.into_iter().filter(|turn| *turn != self.turn).nth(self.tried);
                let other = other.unwrap_or_default();
                found = self.detector.detect(frame, &known, other)?;
                found.retain(|face| face.score >= TURNED_SCORE);
                if !found.is_empty() {
                    self.turn = other;
                }
            }
            if let Some(strongest) = found.first().copied() {
                let (turn, best) = self.detector.best_turn(frame, &strongest, self.turn)?;
                if turn != self.turn {
                    self.turn = turn;
                    found = self.detector.detect(frame, &known, turn)?;
                    if found.is_empty() {
                        found.push(best);
                    }
                }
            }
        }
        if self.tracker.is_slow() {
            let is_known = |find: &Detection| known.iter().any(|known| known.overlap(&find.box_px) > 0.3);
            let mut confirmed = Vec::with_capacity(found.len());
            for find in found {
                if is_known(&find) || self.detector.confirm(frame, &find, self.turn)? {
                    confirmed.push(find);
                }
            }
            return Ok(confirmed);
        }
        Ok(found)
    }

    /// Classify a crop as it is, without detection and alignment: for measuring the classifier alone.
    /// `crop`: 48 x 48 luma values, rows from top to bottom.
    ///
    /// # Errors
    /// [`EngineError::Crop`] where the length does not fit, [`EngineError::Classify`] where the network fails.
    pub fn classify_crop(&mut self, crop: &[u8]) -> Result<Scores, EngineError> {
        self.classifier.classify(crop)
    }

    /// How the depths are mixed of the studies' mappings.
    pub fn mixture(&self) -> Mixture {
        self.classifier.mixture
    }

    /// The crop that the classifier sees of a face with these points (in the order of
    /// [`crate::reading::FacePoint`]): 48 x 48 luma values. `None` where the points coincide.
    pub fn align(&mut self, frame: &Frame, points_px: &[Point; 6]) -> Option<Vec<u8>> {
        let to_frame = self.template.to_frame(points_px)?;
        self.warper.warp(frame, &to_frame, SIZE, &mut self.crop);
        Some(self.crop.clone())
    }

    /// One face: `None` where its points coincide, so that there is nothing to align.
    fn read(
        &mut self,
        frame: &Frame,
        face: &TrackedFace,
        faces: usize,
        stages: &mut StageTimes,
        now_ms: &dyn Fn() -> f64,
    ) -> Result<Option<FaceReading>, EngineError> {
        let Some(to_frame) = self.template.to_frame(&face.points_px) else { return Ok(None) };
        let start_ms = now_ms();
        self.warper.warp(frame, &to_frame, SIZE, &mut self.crop);
        let aligned_ms = now_ms();
        let studies = self.classifier.classify(&self.crop)?.studies();
        stages.align_ms += aligned_ms - start_ms;
        stages.classify_ms += now_ms() - aligned_ms;
        let pose = pose::estimate(&face.points_px);
        let quality = quality::assess(&Observation {
            crop: &self.crop,
            box_px: face.box_px,
            frame_width: frame.width() as f32,
            frame_height: frame.height() as f32,
            score: face.score,
            pose,
            eye_distance_px: face.points_px[0].distance(face.points_px[1]),
            faces,
            covered: self.cover.probability(&self.crop),
        });
        Ok(Some(FaceReading {
            face: face.id,
            box_px: face.box_px,
            points_px: face.points_px,
            score: face.score,
            pose,
            quality,
            raw: self.classifier.mixture.of(&studies),
            studies,
            likeness: self.person.as_mut().and_then(|person| person.likeness(face.id, &self.crop)),
            own: None,
        }))
    }
}

impl Classifier {
    fn classify(&mut self, crop: &[u8]) -> Result<Scores, EngineError> {
        if crop.len() != SIZE * SIZE {
            return Err(EngineError::Crop { expected: SIZE * SIZE, actual: crop.len() });
        }
        let outputs = self.network.run_bytes(crop, &self.reals)?;
        let logits =
            outputs.first().and_then(|output| <&[f32; LOGIT_COUNT]>::try_from(output.as_slice()).ok());
        match logits {
            Some(logits) if logits.iter().all(|logit| logit.is_finite()) => {
                Ok(self.calibration.scores(logits))
            }
            _ => {
                let actual = format!("{outputs:?}");
                Err(NetworkError::Output { expected: "25 finite logits", actual }.into())
            }
        }
    }
}
