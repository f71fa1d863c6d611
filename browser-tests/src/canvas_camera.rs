//! A canvas in the place of the camera.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use image::RgbImage;
use image::codecs::png::PngEncoder;

use crate::scene::Scene;

/// A script that gives the page a camera of this size in pixels, showing the pictures of a scene, one at a time:
/// `testCamera.show(n)` takes the n-th, `testCamera.black(true)` closes a shutter, `testCamera.unplug()` takes the camera away.
pub fn shows_at(scene: &Scene, width: u32, height: u32) -> String {
    let pictures: Vec<String> =
        scene.different_frames().iter().map(|frame| format!("\"{}\"", data_url(frame))).collect();
    let size = format!("width: {width}, height: {height}");
    SCRIPT.replace("PICTURES", &pictures.join(",")).replace("SIZE", &size)
}

const SCRIPT: &str = r#"(async () => {
    const pictures = await Promise.all([PICTURES].map(async (address) => {
        const picture = new Image();
        picture.src = address;
        await picture.decode();
        return picture;
    }));
    const canvas = Object.assign(document.createElement("canvas"), { SIZE });
    const brush = canvas.getContext("2d");
    let shown = 0;
    let closed = false;
    const given = [];
    const draw = () => closed
        ? brush.fillRect(0, 0, canvas.width, canvas.height)
        : brush.drawImage(pictures[shown], 0, 0, canvas.width, canvas.height);
    draw();
    setInterval(draw, 50);
    const stream = canvas.captureStream(20);
    window.testCamera = {
        show: (number) => { shown = number; },
        black: (yes) => { closed = yes; },
        unplug: () => given.flatMap((clone) => clone.getTracks()).forEach((track) => {
            track.stop();
            track.dispatchEvent(new Event("ended"));
        }),
        given,
    };
    navigator.mediaDevices.getUserMedia = async () => { const clone = stream.clone(); given.push(clone); return clone; };
    return true;
})()"#;

fn data_url(frame: &RgbImage) -> String {
    let mut bytes = Vec::new();
    frame.write_with_encoder(PngEncoder::new(&mut bytes)).expect("a picture can be written into memory");
    format!("data:image/png;base64,{}", STANDARD.encode(bytes))
}
