//! A camera that the test turns to another scene while the page runs: the browser's fake camera plays its film in its own time, which
//! no test could meet.

use base64::Engine;

use crate::Scene;

/// A script for [`crate::Page::run_first`]: the page is given a camera that shows the first of these scenes, and after
/// `window.showInCamera(NAME)` another one. A corner of the picture changes as a sensor's noise does, except in the scene `black`.
/// `window.refuseCamera` is the name of an exception that the next question for the camera is answered with, once.
pub fn staged_camera(scenes: &[(&str, Scene)]) -> String {
    let pictures: Vec<String> = scenes
        .iter()
        .map(|(name, scene)| {
            let png = base64::engine::general_purpose::STANDARD.encode(scene.first_png());
            format!("{name:?}: \"data:image/png;base64,{png}\"")
        })
        .collect();
    let first = scenes.first().map_or("", |(name, _)| name);
    format!(
        r#"{{
            const addresses = {{ {} }};
            let shown = {first:?};
            const pictures = {{}};
            window.givenStreams = [];
            window.showInCamera = (name) => {{ shown = name; }};
            MediaDevices.prototype.getUserMedia = async () => {{
                const refused = window.refuseCamera;
                window.refuseCamera = undefined;
                if (refused) throw new DOMException("refused by the test", refused);
                for (const [name, address] of Object.entries(addresses)) {{
                    pictures[name] ??= await createImageBitmap(await (async () => {{
                        const image = new Image();
                        image.src = address;
                        await image.decode();
                        return image;
                    }})());
                }}
                const canvas = document.createElement("canvas");
                [canvas.width, canvas.height] = [640, 480];
                const context = canvas.getContext("2d");
                let count = 0;
                const draw = () => {{
                    context.drawImage(pictures[shown], 0, 0);
                    if (shown !== "black") {{
                        count += 1;
                        context.fillStyle = count % 2 ? "gray" : "silver";
                        context.fillRect(0, 0, 16, 16);
                    }}
                }};
                draw();
                const stream = canvas.captureStream(15);
                window.givenStreams.push(stream);
                const drawing = setInterval(() => {{
                    if (stream.getTracks().every((track) => track.readyState === "ended")) clearInterval(drawing);
                    draw();
                }}, 66);
                return stream;
            }};
        }}"#,
        pictures.join(", ")
    )
}
