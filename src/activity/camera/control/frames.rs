//! Frames to the engine, and readings into signals.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::activity::camera::control::{Controller, Parts};
use crate::activity::camera::state::{Faces, Summary};
use crate::protocol::Fault;
use crate::web::capture::CapturedFrame;
use crate::web::worker_client::EngineFault;
use crate::web::{live_event, media};
use emotion_core::reading::{FrameReading, Quality, Reason};

/// Numbers in print change so often, in milliseconds: faster than that nobody reads them.
const SUMMARY_MS: f64 = 200.0;
/// The timeline is drawn so often, and so often where less motion is asked for.
const TIMELINE_MS: f64 = 100.0;
const TIMELINE_CALM_MS: f64 = 1000.0;
const SPEED_MS: f64 = 1000.0;
/// So long without a reading is announced.
const SILENCE_MS: f64 = 3000.0;
/// So many unreadable frames in a row are a failure.
const MOST_BAD_FRAMES: u32 = 15;

impl Controller {
    pub(super) fn frame_captured(self, frame: CapturedFrame) {
        let run = self.with(|parts| parts.run);
        let Some(engine) = self.frame.running_engine() else { return };
        spawn_local(async move {
            let outcome = engine.analyse(frame).await;
            drop(engine);
            if self.with(|parts| parts.run) != run {
                return;
            }
            match outcome {
                Ok(reading) => {
                    self.with(|parts| parts.bad_frames = 0);
                    self.take(&reading);
                }
                // The answer to a frame from before a pause is still on its way.
                Err(EngineFault::Busy) => {}
                Err(fault @ EngineFault::Request(Fault::Frame(_))) => {
                    let bad = self.with(|parts| {
                        parts.bad_frames += 1;
                        parts.bad_frames
                    });
                    if bad > MOST_BAD_FRAMES {
                        return self.fail(fault.to_string());
                    }
                }
                Err(fault) => return self.fail(fault.to_string()),
            }
            if let Some(frames) = self.with(|parts| parts.frames.clone()) {
                frames.ready();
            }
        });
    }

    /// One reading: smooth, dispatch, record, show.
    fn take(self, reading: &FrameReading) {
        let now = reading.time_ms;
        let taken = self.with(|parts| parts.measures.take(reading));
        live_event::dispatch(taken.time_ms, &taken.samples);
        self.record(&taken.samples);
        self.show_calibration(taken.calibration.as_ref());

        self.state.faces.set(Faces {
            width: reading.width,
            height: reading.height,
            faces: reading.faces.clone(),
        });
        let depths = taken.shown.as_ref().and_then(|shown| shown.depths);
        self.state.depths.set(depths);
        self.state.timeline.update_value(|timeline| {
            let shown = taken.shown.as_ref();
            timeline.push(now, shown.and_then(|shown| Some((shown.face, shown.depths.as_ref()?))));
        });

        let calm = media::prefers_reduced_motion();
        let due = |last: fn(&mut Parts) -> &mut f64, every_ms: f64| {
            self.with(|parts| {
                let last = last(parts);
                // A clock that runs backwards is another camera's.
                let due = now - *last >= every_ms || now < *last;
                if due {
                    *last = now;
                }
                due
            })
        };
        if due(|parts| &mut parts.summary_ms, SUMMARY_MS) {
            self.show_recording();
            self.state.summary.set(match &taken.shown {
                Some(shown) => Summary {
                    face: Some(shown.face),
                    depths,
                    corrected: shown.corrected,
                    pose: Some(shown.pose),
                    quality: shown.quality.clone(),
                },
                None => Summary {
                    quality: Quality { reasons: vec![Reason::NoFace], ..Quality::default() },
                    ..Summary::default()
                },
            });
        }
        if due(|parts| &mut parts.timeline_ms, if calm { TIMELINE_CALM_MS } else { TIMELINE_MS }) {
            self.state.timeline_tick.update(|count| *count = count.wrapping_add(1));
        }
        self.with(|parts| parts.speed.push(now, reading.stages));
        if due(|parts| &mut parts.speed_ms, SPEED_MS) {
            self.state.speed.set(self.with(|parts| parts.speed.summary()));
        }
        self.announce_silence(now, depths.is_some());
    }

    /// Say when the reading is lost for a while, and when it is back.
    fn announce_silence(self, now: f64, reading: bool) {
        let words = self.with(|parts| {
            if reading {
                parts.silent_since_ms = None;
                return std::mem::take(&mut parts.silence_announced).then_some("The reading is back.");
            }
            let since = *parts.silent_since_ms.get_or_insert(now);
            if now - since < SILENCE_MS || parts.silence_announced {
                return None;
            }
            parts.silence_announced = true;
            Some("There is no reading. The quality section says why.")
        });
        if let Some(words) = words {
            self.state.announcement.set(words.to_owned());
        }
    }
}
