//! The eyes: the camera, its frames to the engine, and who of the faces is the participant.

use std::cell::RefCell;
use std::rc::Rc;

use emotion_core::reading::FrameReading;
use emotion_record::session::{LiveEvent, samples_of};
use emotion_record::smooth::Smoother;
use leptos::html::Video;
use leptos::prelude::*;
use leptos::task::{spawn_local, tick};

use crate::activity::frame::Frame;
use crate::activity::turns::{Turned, Turns};
use crate::view::runs::{Run, Runs};
use crate::view::study::participant::{Held, Participant};
use crate::web::camera::{Camera, CameraFault};
use crate::web::listener::Listener;
use crate::web::live_event;

/// The video element is there after a tick or two.
const MOST_TICKS: u32 = 100;
/// The live event's smoothing, as on the camera page, in milliseconds.
const SMOOTHING_MS: f64 = 500.0;

/// How the camera stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lens {
    Off,
    Asking,
    On,
    /// It could not be switched on.
    Failed(CameraFault),
    /// It was on, and ended by itself.
    Lost,
}

/// What the eyes tell.
pub enum Seen<'r> {
    /// A frame was read: who is in it.
    Frame { reading: &'r FrameReading, who: Held },
    /// A second without a frame is over, at this time of the page's clock.
    NoFrame { page_ms: f64 },
    /// The engine is gone, and with it what it remembered.
    EngineGone,
}

type Tell = Rc<dyn Fn(Seen<'_>)>;

#[derive(Default)]
struct Parts {
    camera: Option<Rc<Camera>>,
    listeners: Vec<Listener>,
    runs: Runs,
    participant: Participant,
    smoother: Option<Smoother>,
    began_ms: Option<f64>,
    size: (u32, u32),
    tell: Option<Tell>,
}

/// Handle of the service.
#[derive(Clone, Copy)]
pub struct Eyes {
    pub lens: RwSignal<Lens>,
    /// Where the camera's picture is shown; it stays in the page, small, while something else is shown: a browser gives no frames of
    /// a video that nobody could see.
    pub video: NodeRef<Video>,
    turns: Turns,
    frame: Frame,
    parts: StoredValue<Rc<RefCell<Parts>>, LocalStorage>,
}

impl Eyes {
    pub fn new(frame: Frame) -> Self {
        let (lens, video) = (RwSignal::new(Lens::Off), NodeRef::new());
        Self { lens, video, turns: Turns::new(frame), frame, parts: StoredValue::new_local(Rc::default()) }
    }

    fn with<T>(self, work: impl FnOnce(&mut Parts) -> T) -> T {
        let parts = self.parts.get_value();
        let mut parts = parts.borrow_mut();
        work(&mut parts)
    }

    /// Who hears what is seen.
    pub fn begin(self, tell: impl Fn(Seen<'_>) + 'static) {
        self.with(|parts| parts.tell = Some(Rc::new(tell)));
        self.turns.begin(move |turned| match turned {
            Turned::Read(reading) => self.take(&reading),
            Turned::NoFrame(missing) => self.tell(Seen::NoFrame { page_ms: missing.page_ms }),
            Turned::Failed(_) => self.engine_gone(),
        });
    }

    fn tell(self, seen: Seen<'_>) {
        if let Some(tell) = self.with(|parts| parts.tell.clone()) {
            tell(seen);
        }
    }

    /// Switch the camera on and read its frames.
    pub fn open(self) {
        self.close();
        self.lens.set(Lens::Asking);
        let run = self.with(|parts| parts.runs.now());
        spawn_local(async move {
            let opened = self.open_now(run).await;
            if self.with(|parts| parts.runs.is_over(run)) {
                return;
            }
            self.lens.set(match opened {
                Ok(()) => Lens::On,
                Err(fault) => {
                    self.close();
                    Lens::Failed(fault)
                }
            });
        });
    }

    async fn open_now(self, run: Run) -> Result<(), CameraFault> {
        let camera = Rc::new(Camera::open(None).await?);
        if self.with(|parts| parts.runs.is_over(run)) {
            // Dropping it switches it off.
            return Ok(());
        }
        let ended = camera.on_ended(move || {
            self.close();
            self.lens.set(Lens::Lost);
        });
        self.with(|parts| {
            parts.camera = Some(camera.clone());
            parts.listeners = vec![ended];
        });
        let mut ticks = 0;
        let video = loop {
            match self.video.get_untracked() {
                Some(video) => break video,
                None if ticks < MOST_TICKS => ticks += 1,
                None => return Err(CameraFault::Other("the page has no place for its picture".to_owned())),
            }
            tick().await;
        };
        camera.attach(&video).await?;
        // Frames of before the engine runs would only wait.
        if let Err(fault) = self.frame.engine().await {
            return Err(CameraFault::Other(fault.to_string()));
        }
        if self.with(|parts| parts.runs.is_over(run)) {
            return Ok(());
        }
        self.turns.run(&video);
        Ok(())
    }

    /// Switch the camera off.
    pub fn close(self) {
        let (listeners, camera) = self.with(|parts| {
            parts.runs.begin();
            (std::mem::take(&mut parts.listeners), parts.camera.take())
        });
        // First the listeners: the page itself ends the track.
        drop(listeners);
        self.turns.halt();
        drop(camera);
        if self.lens.get_untracked() != Lens::Off {
            self.lens.set(Lens::Off);
        }
    }

    /// How long no frame has come, in milliseconds; without a camera for ever.
    pub fn silent_ms(self) -> f64 {
        self.turns.silent_ms()
    }

    /// Width and height of the camera's picture in pixels.
    pub fn size(self) -> (u32, u32) {
        self.with(|parts| parts.size)
    }

    /// Have the engine learn what the participant looks like, from now on. False where nobody is there.
    pub fn remember(self) -> bool {
        let Some((face, engine)) =
            self.with(|parts| parts.participant.face()).zip(self.frame.running_engine())
        else {
            return false;
        };
        spawn_local(async move {
            // A worker that does not answer is noticed with the next frame.
            let _ = engine.remember(face).await;
        });
        true
    }

    /// The face that is followed now is the participant's from now on.
    pub fn settle(self) {
        self.with(|parts| parts.participant.settle());
    }

    /// Nobody is known any more.
    pub fn forget(self) {
        self.with(|parts| parts.participant.forget());
    }

    fn engine_gone(self) {
        self.close();
        self.forget();
        self.frame.stop_engine();
        self.tell(Seen::EngineGone);
    }

    fn take(self, reading: &FrameReading) {
        let (who, event) = self.with(|parts| {
            parts.size = (reading.width, reading.height);
            let began_ms = *parts.began_ms.get_or_insert(reading.time_ms);
            let smoother = parts.smoother.get_or_insert_with(|| Smoother::new(SMOOTHING_MS));
            let event = samples_of(reading, began_ms, smoother, &[]);
            (parts.participant.see(reading).held(), event)
        });
        self.tell(Seen::Frame { reading, who });
        let time_ms = event.first().map_or(0.0, |sample| sample.time_ms);
        live_event::dispatch(&LiveEvent { time_ms, samples: &event });
    }
}
