//! The camera service: opens, lists and closes cameras, and shows the picture of the one in use.

use std::cell::RefCell;
use std::rc::Rc;

use leptos::html::Video;
use leptos::prelude::*;
use leptos::task::{spawn_local, tick};
use web_sys::HtmlVideoElement;

use crate::view::camera::labels::names;
use crate::view::runs::Runs;
use crate::web::camera::{self, Camera, CameraFault};
use crate::web::listener::Listener;

/// The view is there after a tick or two of the executor; it never comes where it was left meanwhile.
const MOST_TICKS: u32 = 100;

/// A camera that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CameraItem {
    pub id: String,
    pub label: String,
}

/// What happens to a camera.
pub enum Told {
    /// It is on.
    Opened,
    Failed(CameraFault),
    /// Its track ended by itself.
    Ended,
}

#[derive(Default)]
struct Parts {
    camera: Option<Rc<Camera>>,
    /// Listeners at the camera in use.
    listeners: Vec<Listener>,
    /// Listener at the system's list of cameras.
    list_listener: Option<Listener>,
    /// A camera of an earlier run comes too late and is switched off.
    runs: Runs,
    tell: Option<Rc<dyn Fn(Told)>>,
}

/// Handle of the service.
#[derive(Clone, Copy)]
pub struct CameraService {
    /// The camera is on; while it is asked for, that means that only the engine is waited for.
    pub on: RwSignal<bool>,
    /// The camera is on but gives no pictures: taken by a call, or behind a shutter.
    pub muted: RwSignal<bool>,
    /// The camera that was in use, or any where none was, is among those that are there.
    pub there: RwSignal<bool>,
    pub list: RwSignal<Vec<CameraItem>>,
    /// The id of the camera in use.
    pub chosen: RwSignal<String>,
    pub mirrored: RwSignal<bool>,
    /// Where the camera's picture is shown.
    pub video: NodeRef<Video>,
    parts: StoredValue<Rc<RefCell<Parts>>, LocalStorage>,
}

impl CameraService {
    pub fn new() -> Self {
        Self {
            on: RwSignal::new(false),
            muted: RwSignal::new(false),
            there: RwSignal::new(false),
            list: RwSignal::new(Vec::new()),
            chosen: RwSignal::new(String::new()),
            mirrored: RwSignal::new(true),
            video: NodeRef::new(),
            parts: StoredValue::new_local(Rc::default()),
        }
    }

    /// Work with the parts; `work` must neither call the service nor drop a handle that may call back.
    fn with<T>(self, work: impl FnOnce(&mut Parts) -> T) -> T {
        let parts = self.parts.get_value();
        let mut parts = parts.borrow_mut();
        work(&mut parts)
    }

    /// Who hears what happens.
    pub fn begin(self, tell: impl Fn(Told) + 'static) {
        let listener = camera::on_devices_changed(move || self.renew_list());
        self.with(|parts| {
            parts.tell = Some(Rc::new(tell));
            parts.list_listener = Some(listener);
        });
    }

    fn tell(self, what: Told) {
        if let Some(tell) = self.with(|parts| parts.tell.clone()) {
            tell(what);
        }
    }

    /// Ask for the camera that was last in use, or else for any.
    pub fn open(self) {
        self.close();
        let run = self.with(|parts| parts.runs.now());
        let wanted = self.chosen.get_untracked();
        spawn_local(async move {
            let mut opened = match wanted.as_str() {
                "" => Camera::open(None).await,
                id => Camera::open(Some(id)).await,
            };
            // The one from before is gone: any other will do.
            if !wanted.is_empty() && matches!(opened, Err(CameraFault::NotFound)) {
                opened = Camera::open(None).await;
            }
            if self.with(|parts| parts.runs.is_over(run)) {
                // Stopped in the meantime; dropping the camera switches it off.
                return;
            }
            match opened {
                Ok(camera) => self.opened(camera),
                Err(fault) => self.tell(Told::Failed(fault)),
            }
        });
    }

    fn opened(self, camera: Camera) {
        let mut listeners = vec![camera.on_ended(move || {
            self.there.set(false);
            self.tell(Told::Ended);
        })];
        listeners.extend(camera.on_muted(move |muted| self.muted.set(muted)));
        self.chosen.set(camera.device_id());
        self.on.set(true);
        self.muted.set(false);
        self.with(|parts| {
            parts.camera = Some(Rc::new(camera));
            parts.listeners = listeners;
        });
        self.renew_list();
        self.tell(Told::Opened);
    }

    /// Switch the camera off; one that is being opened is switched off when it comes.
    pub fn close(self) {
        let (camera, listeners) = self.with(|parts| {
            parts.runs.begin();
            (parts.camera.take(), std::mem::take(&mut parts.listeners))
        });
        // First the listeners: the page itself ends the track.
        drop(listeners);
        drop(camera);
        self.on.set(false);
    }

    pub fn is_open(self) -> bool {
        self.with(|parts| parts.camera.is_some())
    }

    /// Show the picture; the element comes with the view. `None` where camera or view went away meanwhile.
    ///
    /// # Errors
    /// Why the picture cannot be shown.
    pub async fn attach(self) -> Result<Option<HtmlVideoElement>, CameraFault> {
        let Some(camera) = self.with(|parts| parts.camera.clone()) else { return Ok(None) };
        let Some(video) = self.element().await else { return Ok(None) };
        camera.attach(&video).await?;
        Ok(Some(video))
    }

    /// The video element: it is in the document when the view's effects have run.
    async fn element(self) -> Option<HtmlVideoElement> {
        for _ in 0..MOST_TICKS {
            if let Some(video) = self.video.get_untracked() {
                return Some(video);
            }
            tick().await;
        }
        None
    }

    /// Let the picture stand still.
    pub fn freeze(self) {
        if let Some(video) = self.video.get_untracked() {
            // An element that does not play cannot be paused: then nothing is to be done.
            let _ = video.pause();
        }
    }

    /// Cameras came or went: renew the choice.
    pub fn renew_list(self) {
        spawn_local(async move {
            let cameras = camera::list().await;
            let wanted = self.chosen.get_untracked();
            self.there.set(cameras.iter().any(|camera| camera.id == wanted || wanted.is_empty()));
            let labels: Vec<String> = cameras.iter().map(|camera| camera.label.clone()).collect();
            let items = cameras.into_iter().zip(names(&labels));
            self.list.set(items.map(|(camera, label)| CameraItem { id: camera.id, label }).collect());
        });
    }
}
