//! SVG text to a PNG file, by the browser's own drawing.

use js_sys::{Array, Function, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, HtmlCanvasElement};

use crate::web::listener::error_text;
use crate::web::object_url::ObjectUrl;

// What web-sys would need more features for, with which everything would be compiled anew.
#[wasm_bindgen]
extern "C" {
    type Image;
    #[wasm_bindgen(constructor, catch)]
    fn new() -> Result<Image, JsValue>;
    #[wasm_bindgen(method, setter)]
    fn set_src(this: &Image, address: &str);
    #[wasm_bindgen(method)]
    fn decode(this: &Image) -> Promise;
    type Surface;
    #[wasm_bindgen(method, catch, js_name = drawImage)]
    fn draw_image(
        this: &Surface,
        image: &Image,
        x: f64,
        y: f64,
        width: f64,
        height: f64,
    ) -> Result<(), JsValue>;
}

/// The picture of an SVG document as PNG, `scale` pixels for each of its units. It must hold everything: no font, picture or
/// style is fetched for it.
///
/// # Errors
/// A sentence for the person.
pub async fn png(svg: &str, size: (f64, f64), scale: f64) -> Result<Blob, String> {
    draw(svg, size, scale).await.map_err(|error| {
        format!("The chart could not be made into a picture ({}). Save it as SVG.", error_text(&error))
    })
}

async fn draw(svg: &str, (width, height): (f64, f64), scale: f64) -> Result<Blob, JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type("image/svg+xml");
    let blob = Blob::new_with_str_sequence_and_options(&Array::of1(&JsValue::from_str(svg)), &options)?;
    let url = ObjectUrl::new(&blob)?;
    let image = Image::new()?;
    image.set_src(url.as_str());
    JsFuture::from(image.decode()).await?;
    let (width, height) = (width * scale, height * scale);
    let document = web_sys::window().and_then(|window| window.document()).ok_or("there is no document")?;
    let canvas: HtmlCanvasElement = document.create_element("canvas")?.unchecked_into();
    canvas.set_width(width as u32);
    canvas.set_height(height as u32);
    let surface: Surface = canvas.get_context("2d")?.ok_or("there is no canvas")?.unchecked_into();
    surface.draw_image(&image, 0.0, 0.0, width, height)?;
    let mut refused = Ok(());
    let made = Promise::new(&mut |done: Function, _| refused = canvas.to_blob_with_type(&done, "image/png"));
    refused?;
    let png = JsFuture::from(made).await?;
    // A canvas that is too large for the browser gives null.
    png.dyn_into().map_err(|_| JsValue::from_str("the browser made no picture"))
}
