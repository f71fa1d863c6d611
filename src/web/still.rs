//! Length, size and a small picture of a media file, for who chooses among files.

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, HtmlCanvasElement, ImageBitmap};

use crate::web::clip::Clip;
use crate::web::clip_fault::ClipFault;
use crate::web::listener::error_text;

/// The longer side of the small picture, in pixels.
const SIDE_PX: f64 = 320.0;

/// What a media file shows.
pub struct Still {
    /// How long a video is, in milliseconds.
    pub duration_ms: Option<f64>,
    /// A picture of it, small; nothing where the browser made none.
    pub picture: Option<Blob>,
}

// What web-sys would need more features for, with which everything would be compiled anew.
#[wasm_bindgen]
extern "C" {
    type Surface;
    #[wasm_bindgen(method, catch, js_name = drawImage)]
    fn draw_image(
        this: &Surface,
        image: &JsValue,
        x: f64,
        y: f64,
        width: f64,
        height: f64,
    ) -> Result<(), JsValue>;
}

/// Open a video and take a picture of its middle.
///
/// # Errors
/// [`ClipFault`] where it is no video that this browser can show.
pub async fn of_video(file: &Blob) -> Result<Still, ClipFault> {
    let clip = Clip::open(file).await?;
    let duration_ms = clip.end_ms();
    let look = clip.look(duration_ms.unwrap_or(0.0) / 2.0).await;
    let picture = match look {
        Ok(look) => small(look.frame.frame.as_js()).await.ok(),
        Err(_) => None,
    };
    Ok(Still { duration_ms, picture })
}

/// Open an image.
///
/// # Errors
/// A sentence where this browser cannot show it.
pub async fn of_image(file: &Blob) -> Result<Still, String> {
    let broken = |error: JsValue| {
        let why = error_text(&error);
        format!("This browser cannot show the image ({why}). Save it as PNG or JPEG, and choose that.")
    };
    let window = web_sys::window().ok_or("There is no window.")?;
    let decoded = window.create_image_bitmap_with_blob(file).map_err(broken)?;
    let bitmap: ImageBitmap = JsFuture::from(decoded).await.map_err(broken)?.unchecked_into();
    let picture = small(&bitmap).await.ok();
    bitmap.close();
    Ok(Still { duration_ms: None, picture })
}

/// A picture as a JPEG file of at most [`SIDE_PX`].
async fn small(image: &JsValue) -> Result<Blob, JsValue> {
    let side = |names: [&str; 2]| {
        let of = |name: &str| js_sys::Reflect::get(image, &JsValue::from_str(name)).ok()?.as_f64();
        names.into_iter().find_map(of).ok_or("a picture without a size")
    };
    let (width, height) = (side(["displayWidth", "width"])?, side(["displayHeight", "height"])?);
    let scale = (SIDE_PX / width.max(height)).min(1.0);
    let (width, height) = ((width * scale).max(1.0), (height * scale).max(1.0));
    let document = web_sys::window().and_then(|window| window.document()).ok_or("there is no document")?;
    let canvas: HtmlCanvasElement = document.create_element("canvas")?.unchecked_into();
    canvas.set_width(width as u32);
    canvas.set_height(height as u32);
    let surface: Surface = canvas.get_context("2d")?.ok_or("there is no canvas")?.unchecked_into();
    surface.draw_image(image, 0.0, 0.0, width, height)?;
    let mut refused = Ok(());
    let made = Promise::new(&mut |done: Function, _| refused = canvas.to_blob_with_type(&done, "image/jpeg"));
    refused?;
    JsFuture::from(made).await?.dyn_into().map_err(|_| JsValue::from_str("the browser made no picture"))
}
