//! The camera: asked for, shown, and switched off when its handle is dropped.

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    HtmlVideoElement, MediaDeviceInfo, MediaDeviceKind, MediaDevices, MediaStream, MediaStreamConstraints,
    MediaStreamTrack,
};

pub use crate::web::camera_fault::CameraFault;
use crate::web::listener::{Listener, error_name, error_text};

/// A camera that can be chosen. Before the first permission browsers hide ids and labels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CameraDevice {
    pub id: String,
    /// The maker's name of it; empty where the browser hides that.
    pub label: String,
}

/// The cameras of this device; empty where there is none or the browser does not tell.
pub async fn list() -> Vec<CameraDevice> {
    let Ok(devices) = devices() else { return Vec::new() };
    let Ok(promise) = devices.enumerate_devices() else { return Vec::new() };
    let Ok(found) = JsFuture::from(promise).await else { return Vec::new() };
    Array::from(&found)
        .iter()
        .map(|device| device.unchecked_into::<MediaDeviceInfo>())
        .filter(|device| device.kind() == MediaDeviceKind::Videoinput)
        .map(|device| CameraDevice { id: device.device_id(), label: device.label() })
        .collect()
}

/// Call `on_change` when a camera is connected or disconnected.
pub fn on_devices_changed(mut on_change: impl FnMut() + 'static) -> Listener {
    match devices() {
        Ok(devices) => Listener::new(&devices, "devicechange", move |_| on_change()),
        Err(_) => Listener::none(),
    }
}

/// A running camera. Dropping it stops all its tracks, so that the camera's light goes out, and takes
/// the picture from the video element.
#[must_use = "the camera stops when this is dropped"]
pub struct Camera {
    stream: MediaStream,
    track: MediaStreamTrack,
    video: std::cell::RefCell<Option<HtmlVideoElement>>,
}

impl Camera {
    /// Ask for a camera: the one with the id `device`, or the one that faces the person.
    ///
    /// # Errors
    /// [`CameraFault`], each with what to do about it.
    pub async fn open(device: Option<&str>) -> Result<Self, CameraFault> {
        let constraints = constraints(device).map_err(fault)?;
        let promise = devices()?.get_user_media_with_constraints(&constraints).map_err(fault)?;
        let stream: MediaStream = JsFuture::from(promise).await.map_err(fault)?.unchecked_into();
        let Some(track) = stream.get_video_tracks().iter().next() else {
            stop(&stream);
            return Err(CameraFault::NotFound);
        };
        Ok(Self { track: track.unchecked_into(), stream, video: std::cell::RefCell::new(None) })
    }

    /// Show the picture in `video` and wait until it plays.
    ///
    /// # Errors
    /// [`CameraFault::Other`] where the browser does not play it.
    pub async fn attach(&self, video: &HtmlVideoElement) -> Result<(), CameraFault> {
        // Without these iOS shows the video full screen or not at all.
        video.set_muted(true);
        video.set_autoplay(true);
        video.set_attribute("playsinline", "").map_err(fault)?;
        video.set_src_object(Some(&self.stream));
        self.video.replace(Some(video.clone()));
        let playing = video.play().map_err(fault)?;
        match JsFuture::from(playing).await {
            Ok(_) => Ok(()),
            // Another source was set or the element was paused in the meantime: not this camera's fault.
            Err(error) if error_name(&error) == "AbortError" => Ok(()),
            Err(error) => Err(CameraFault::Other(error_text(&error))),
        }
    }

    /// The id of the camera in use, as in [`list`]; empty where the browser does not tell.
    pub fn device_id(&self) -> String {
        Reflect::get(&self.track.get_settings(), &JsValue::from_str("deviceId"))
            .ok()
            .and_then(|id| id.as_string())
            .unwrap_or_default()
    }

    /// Call `on_ended` when the camera ends by itself: it was unplugged, or the permission was taken back.
    pub fn on_ended(&self, mut on_ended: impl FnMut() + 'static) -> Listener {
        Listener::new(&self.track, "ended", move |_| on_ended())
    }

    /// Call `on_muted` with true when the camera gives no pictures for a while (another program took it,
    /// a shutter was closed, the telephone rings) and with false when they come again.
    pub fn on_muted(&self, on_muted: impl FnMut(bool) + 'static) -> [Listener; 2] {
        let on_muted = std::rc::Rc::new(std::cell::RefCell::new(on_muted));
        let again = on_muted.clone();
        [
            Listener::new(&self.track, "mute", move |_| on_muted.borrow_mut()(true)),
            Listener::new(&self.track, "unmute", move |_| again.borrow_mut()(false)),
        ]
    }
}

impl Drop for Camera {
    fn drop(&mut self) {
        stop(&self.stream);
        if let Some(video) = self.video.take()
            && video.src_object().as_ref() == Some(&self.stream)
        {
            video.set_src_object(None);
        }
    }
}

fn stop(stream: &MediaStream) {
    for track in stream.get_tracks().iter() {
        track.unchecked_into::<MediaStreamTrack>().stop();
    }
}

/// Whether this browser gives this page access to cameras at all.
pub fn is_supported() -> bool {
    devices().is_ok()
}

fn devices() -> Result<MediaDevices, CameraFault> {
    let window = web_sys::window().ok_or(CameraFault::Unsupported)?;
    let navigator = window.navigator();
    match Reflect::get(&navigator, &JsValue::from_str("mediaDevices")) {
        Ok(devices) if devices.is_object() => Ok(devices.unchecked_into()),
        _ if !window.is_secure_context() => Err(CameraFault::Insecure),
        _ => Err(CameraFault::Unsupported),
    }
}

/// 640 x 480 at 30 frames a second: the detector sees 128 x 128, and a face of 150 px is three times the
/// classifier's size.
fn constraints(device: Option<&str>) -> Result<MediaStreamConstraints, JsValue> {
    let video = Object::new();
    wish(&video, "width", "ideal", &JsValue::from(640))?;
    wish(&video, "height", "ideal", &JsValue::from(480))?;
    wish(&video, "frameRate", "ideal", &JsValue::from(30))?;
    match device {
        Some(id) => wish(&video, "deviceId", "exact", &JsValue::from_str(id))?,
        None => wish(&video, "facingMode", "ideal", &JsValue::from_str("user"))?,
    }
    let constraints = MediaStreamConstraints::new();
    constraints.set_video(&video);
    constraints.set_audio(&JsValue::FALSE);
    Ok(constraints)
}

fn wish(video: &Object, name: &str, strength: &str, value: &JsValue) -> Result<(), JsValue> {
    let wish = Object::new();
    Reflect::set(&wish, &JsValue::from_str(strength), value)?;
    Reflect::set(video, &JsValue::from_str(name), &wish)?;
    Ok(())
}

fn fault(error: JsValue) -> CameraFault {
    CameraFault::from_exception(&error_name(&error), &error_text(&error))
}
