//! Who is measured, and a page of each.

use browser_tests::{Browser, Page};
use serde_json::Value;

use crate::process::PageProcess;
use crate::www::Www;

/// What is compared with each other.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// The network that reads the expression, alone.
    Classifier,
    /// The network that finds faces, alone.
    Detector,
    /// Pixels to emotions, the face searched in every frame.
    WholeFrame,
    /// The same where the contender follows the face between detections.
    Following,
}

/// One page.
pub struct Contender {
    /// Its host's name, and its key in the results.
    pub id: &'static str,
    pub label: &'static str,
    pub group: Group,
    /// Whether it is this project's, to which the others are compared.
    pub ours: bool,
    /// Whether it gives emotions; the aims speak of these peers.
    pub emotions: bool,
    query: String,
    /// Files without which it cannot be measured, and what to say then.
    needs: Vec<(String, &'static str)>,
}

const NO_TASK: &str = "MediaPipe's model was not fetched: pip and PyPI are needed";
const NO_PLAN: &str = "there is no plan of this network for benches/kernel-twin";
const NO_FILE: &str = "there is no such model file";

/// All of them; this project's stands first in its group.
pub fn all() -> Vec<Contender> {
    let twin = |id, label, group, plan: &str| {
        let query = format!("contender=twin&plan={plan}");
        let needs = vec![(plan.to_owned(), NO_PLAN), ("made/kernel_twin.wasm".to_owned(), NO_PLAN)];
        Contender { id, label, group, ours: true, emotions: false, query, needs }
    };
    let ort = |id, label, group, model: &str| {
        let query = format!("contender=ort&model={model}");
        Contender {
            id,
            label,
            group,
            ours: false,
            emotions: false,
            query,
            needs: vec![(model.to_owned(), NO_FILE)],
        }
    };
    let frame = |id, label, group, ours, emotions, query: &str| {
        let needs = match query.contains("mediapipe") {
            true => vec![("made/face_landmarker.task".to_owned(), NO_TASK)],
            false => vec![],
        };
        Contender { id, label, group, ours, emotions, query: query.to_owned(), needs }
    };
    use Group::{Classifier, Detector, Following, WholeFrame};
    vec![
        twin("classifier-ours", "this project: its plan", Classifier, "made/classifier.plan"),
        ort("classifier-ort-int8", "onnxruntime-web, the same file", Classifier, "made/classifier.onnx"),
        ort(
            "classifier-ort-f32",
            "onnxruntime-web, its f32 original",
            Classifier,
            "made/classifier_f32.onnx",
        ),
        twin("detector-ours", "this project: its plan", Detector, "made/detector.plan"),
        ort("detector-ort-f32", "onnxruntime-web, f32 BlazeFace", Detector, "models/face_detector.onnx"),
        ort("detector-ort-quantized", "onnxruntime-web, the same file", Detector, "made/detector.onnx"),
        frame("ours", "this project", WholeFrame, true, true, "contender=ours&detect=every"),
        frame("human", "@vladmandic/human", WholeFrame, false, true, "contender=human"),
        frame(
            "face-api",
            "@vladmandic/face-api, 416",
            WholeFrame,
            false,
            true,
            "contender=face_api&size=416",
        ),
        frame(
            "face-api-160",
            "@vladmandic/face-api, 160",
            WholeFrame,
            false,
            true,
            "contender=face_api&size=160",
        ),
        frame("mediapipe", "MediaPipe, IMAGE", WholeFrame, false, false, "contender=mediapipe&mode=IMAGE"),
        frame(
            "ours-following",
            "this project, as shipped",
            Following,
            true,
            true,
            "contender=ours&detect=following",
        ),
        frame(
            "mediapipe-following",
            "MediaPipe, VIDEO",
            Following,
            false,
            false,
            "contender=mediapipe&mode=VIDEO",
        ),
    ]
}

impl Contender {
    /// Why it cannot be measured, if so.
    pub fn lacks(&self, www: &Www) -> Option<&'static str> {
        self.needs.iter().find(|(file, _)| !www.has(file)).map(|&(_, why)| why)
    }

    /// Whether it works on the frames.
    pub fn sees_frames(&self) -> bool {
        matches!(self.group, Group::WholeFrame | Group::Following)
    }

    /// Opens its page, with frames but without anything of the contender's own done yet.
    ///
    /// # Errors
    /// The page's own words.
    pub fn open<'b>(&self, browser: &'b Browser, www: &Www) -> Result<Opened<'b>, String> {
        let page = browser.open();
        page.go(&www.url(self.id, &format!("pages/index.html?{}", self.query)));
        // A module that throws never sets it: half a minute is ample for a few imports.
        let ready = "new Promise(async (done) => { for (let tries = 0; tries < 3000 && !window.bench; tries += 1) \
                     await new Promise((next) => setTimeout(next, 10)); done(Boolean(window.bench)); })";
        if page.try_evaluate(ready)? != true {
            return Err(format!("its page does not load: {}", page.complaints().join("; ")));
        }
        Ok(Opened { page, process: None })
    }
}

/// A contender's page.
pub struct Opened<'browser> {
    pub page: Page<'browser>,
    pub process: Option<PageProcess>,
}

/// What one round of a contender gave.
pub struct Round {
    /// Milliseconds a run: by the clock, and of the processor where the system tells it.
    pub ms: f64,
    pub processor_ms: Option<f64>,
    /// In how many runs a face was found.
    pub faces: u64,
    pub stages: Value,
}

impl Opened<'_> {
    /// Loads the contender and gives what `bench.first` does.
    pub fn first(&self) -> Result<Value, String> {
        self.page.try_evaluate("bench.first()")
    }

    /// `count` runs.
    pub fn round(&self, count: u64) -> Result<Round, String> {
        let spent = || self.process.and_then(PageProcess::processor_ms);
        let before = spent();
        let round = self.page.try_evaluate(&format!("bench.round({count})"))?;
        let processor_ms = spent().zip(before).map(|(after, before)| (after - before) / count as f64);
        let ms = round["ms"].as_f64().ok_or_else(|| format!("no time came back: {round}"))?;
        let faces = round["faces"].as_u64().unwrap_or_default();
        Ok(Round { ms, processor_ms, faces, stages: round["stages"].clone() })
    }

    /// Private bytes of its process after a garbage collection.
    pub fn memory(&self) -> Option<u64> {
        self.page.call("HeapProfiler.collectGarbage", serde_json::json!({}));
        self.process?.private_bytes()
    }
}
