//! The pixels of a frame, upright and in sRGB, as RGBA bytes.

use js_sys::{Object, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    ImageBitmap, OffscreenCanvas, OffscreenCanvasRenderingContext2d, VideoFrame, VideoFrameCopyToOptions,
};

/// A picture that came from the page; closed when it is dropped.
pub enum FrameSource {
    Video(VideoFrame),
    Bitmap(ImageBitmap),
}

impl FrameSource {
    /// `None` where the value is neither a VideoFrame nor an ImageBitmap.
    pub fn from_js(value: JsValue) -> Option<Self> {
        // Not every browser knows VideoFrame, and there the check itself would throw.
        let known = Reflect::has(&js_sys::global(), &JsValue::from_str("VideoFrame")).unwrap_or(false);
        if known && value.is_instance_of::<VideoFrame>() {
            return Some(Self::Video(value.unchecked_into()));
        }
        value.is_instance_of::<ImageBitmap>().then(|| Self::Bitmap(value.unchecked_into()))
    }

    /// Width and height as the picture is to be seen: after rotation, with square pixels.
    pub fn size(&self) -> (u32, u32) {
        match self {
            FrameSource::Video(frame) => (frame.display_width(), frame.display_height()),
            FrameSource::Bitmap(bitmap) => (bitmap.width(), bitmap.height()),
        }
    }
}

impl Drop for FrameSource {
    fn drop(&mut self) {
        match self {
            FrameSource::Video(frame) => frame.close(),
            FrameSource::Bitmap(bitmap) => bitmap.close(),
        }
    }
}

/// Reads pictures into buffers that it keeps for the next.
#[derive(Default)]
pub struct PixelReader {
    rgba: Vec<u8>,
    /// JavaScript's side of a direct copy: the engine's own memory may move while the copy is on its way.
    landing: Option<Uint8Array>,
    canvas: Option<(OffscreenCanvas, OffscreenCanvasRenderingContext2d)>,
    /// Whether `copyTo` converts to RGBA here; not yet known at first.
    converts: Option<bool>,
}

impl PixelReader {
    /// The picture that was read last: `width * height * 4` bytes.
    pub fn rgba(&self) -> &[u8] {
        &self.rgba
    }

    /// The picture that was read last; the buffer is not kept.
    #[cfg(feature = "pictures")]
    pub fn into_rgba(self) -> Vec<u8> {
        self.rgba
    }

    /// Read a picture; returns its width and height.
    ///
    /// # Errors
    /// Why it cannot be read, in words.
    pub async fn read(&mut self, picture: &FrameSource) -> Result<(usize, usize), String> {
        let (width, height) = picture.size();
        if width == 0 || height == 0 {
            return Err("it has no pixels".to_owned());
        }
        if let FrameSource::Video(frame) = picture
            && self.converts(frame)
            && is_plain(frame)
        {
            match self.copy(frame, width, height).await {
                Ok(()) => return Ok((width as usize, height as usize)),
                // Some drivers' buffers cannot be mapped: draw this one and all that follow.
                Err(_) => self.converts = Some(false),
            }
        }
        self.draw(picture, width, height).map_err(|error| text(&error))?;
        Ok((width as usize, height as usize))
    }

    /// Whether this browser's `copyTo` knows the option `format`. Those that do refuse a format that does not
    /// exist; the others would ignore the option and give whatever the camera gave.
    fn converts(&mut self, frame: &VideoFrame) -> bool {
        *self.converts.get_or_insert_with(|| {
            options("none").is_ok_and(|options| frame.allocation_size_with_options(&options).is_err())
        })
    }

    async fn copy(&mut self, frame: &VideoFrame, width: u32, height: u32) -> Result<(), JsValue> {
        let options = options("RGBA")?;
        let length = width * height * 4;
        if frame.allocation_size_with_options(&options)? != length {
            return Err(JsValue::from_str("the rows are padded"));
        }
        let landing = match self.landing.take() {
            Some(landing) if landing.length() == length => landing,
            _ => Uint8Array::new_with_length(length),
        };
        JsFuture::from(frame.copy_to_with_buffer_source_and_options(&landing, &options)).await?;
        self.rgba.resize(length as usize, 0);
        landing.copy_to(&mut self.rgba);
        self.landing = Some(landing);
        Ok(())
    }

    fn draw(&mut self, picture: &FrameSource, width: u32, height: u32) -> Result<(), JsValue> {
        let (canvas, context) = match self.canvas.take() {
            Some(canvas) => canvas,
            None => new_canvas(width, height)?,
        };
        if (canvas.width(), canvas.height()) != (width, height) {
            canvas.set_width(width);
            canvas.set_height(height);
        }
        match picture {
            FrameSource::Video(frame) => context.draw_image_with_video_frame_and_dw_and_dh(
                frame,
                0.0,
                0.0,
                f64::from(width),
                f64::from(height),
            )?,
            FrameSource::Bitmap(bitmap) => context.draw_image_with_image_bitmap(bitmap, 0.0, 0.0)?,
        }
        let data = context.get_image_data(0, 0, width as i32, height as i32)?;
        self.rgba = data.data().0;
        self.canvas = Some((canvas, context));
        Ok(())
    }
}

/// Whether the frame's own pixels are what is to be seen: not rotated, not mirrored, not stretched.
fn is_plain(frame: &VideoFrame) -> bool {
    let number = |name| {
        Reflect::get(frame, &JsValue::from_str(name)).ok().and_then(|value| value.as_f64()).unwrap_or(0.0)
    };
    let mirrored = Reflect::get(frame, &JsValue::from_str("flip")).is_ok_and(|value| value.is_truthy());
    number("rotation") == 0.0
        && !mirrored
        && frame.visible_rect().is_some_and(|rect| {
            rect.width() == f64::from(frame.display_width())
                && rect.height() == f64::from(frame.display_height())
        })
}

fn options(format: &str) -> Result<VideoFrameCopyToOptions, JsValue> {
    let options = VideoFrameCopyToOptions::new();
    Reflect::set(&options, &JsValue::from_str("format"), &JsValue::from_str(format))?;
    Reflect::set(&options, &JsValue::from_str("colorSpace"), &JsValue::from_str("srgb"))?;
    Ok(options)
}

fn new_canvas(
    width: u32,
    height: u32,
) -> Result<(OffscreenCanvas, OffscreenCanvasRenderingContext2d), JsValue> {
    let canvas = OffscreenCanvas::new(width, height)?;
    let options = Object::new();
    Reflect::set(&options, &JsValue::from_str("colorSpace"), &JsValue::from_str("srgb"))?;
    // The pixels are read back each time: keep them where the processor reaches them.
    Reflect::set(&options, &JsValue::from_str("willReadFrequently"), &JsValue::TRUE)?;
    let context = canvas
        .get_context_with_context_options("2d", &options)?
        .ok_or("this browser has no canvas in workers")?;
    Ok((canvas, context.unchecked_into()))
}

fn text(error: &JsValue) -> String {
    let message = Reflect::get(error, &JsValue::from_str("message")).ok().and_then(|text| text.as_string());
    message.or_else(|| error.as_string()).unwrap_or_else(|| "the browser gives no reason".to_owned())
}
