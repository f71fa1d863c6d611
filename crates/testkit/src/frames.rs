//! Whole frames, the same bytes on every machine, and hashes of what the engine says of them: contract 9, pixels to
//! depths bit for bit.

use emotion_core::engine::{Engine, EngineError};
use emotion_core::frame::Frame;
use emotion_core::reading::StageTimes;

pub const WIDTH: usize = 640;
pub const HEIGHT: usize = 480;
/// Number of frames.
pub const COUNT: usize = 11;

/// A head, RGB (tests/pictures/LICENSES.md).
const FACE: &[u8] = include_bytes!("../../../tests/pictures/astronaut_144.rgb");
const SIDE: usize = 144;

/// Frame `index`, RGBA: a head that moves and grows on a background of soft colours; the fifth is empty, and from the seventh on
/// there is a second head.
pub fn frame(index: usize) -> Vec<u8> {
    let mut rgba = vec![255; WIDTH * HEIGHT * 4];
    for (at, pixel) in rgba.as_chunks_mut::<4>().0.iter_mut().enumerate() {
        let (x, y) = (at % WIDTH, at / WIDTH);
        *pixel = [(x / 4) as u8, (y / 3) as u8, ((x + y) / 6) as u8, 255];
    }
    if index != 4 {
        paste(&mut rgba, [100 + 7 * index, 60 + 6 * index], SIDE * (15 + index % 8) / 10);
    }
    if index >= 6 {
        paste(&mut rgba, [400, 200 + 4 * index], SIDE * 16 / 10);
    }
    rgba
}

/// The head, nearest pixels, as a square with this corner and side.
fn paste(rgba: &mut [u8], [left, top]: [usize; 2], side: usize) {
    for y in 0..side {
        for x in 0..side {
            let from = (y * SIDE / side * SIDE + x * SIDE / side) * 3;
            let to = ((top + y) * WIDTH + left + x) * 4;
            rgba[to..to + 3].copy_from_slice(&FACE[from..from + 3]);
        }
    }
}

/// An engine of the shipped models.
pub fn engine() -> Result<Engine, EngineError> {
    Engine::new(
        include_bytes!("../../../models/manifest.json"),
        include_bytes!("../../../models/face_detector_int16.plan"),
        include_bytes!("../../../models/depth.plan"),
    )
}

/// For every frame, in order through one engine: the number of faces, and FNV-1a over the reading as JSON without its times.
/// Every number of it counts to the last bit. An error's text is hashed in its place.
pub fn readings() -> Vec<(usize, u64)> {
    let mut engine = match engine() {
        Ok(engine) => engine,
        Err(error) => return vec![(0, hash(&error.to_string()))],
    };
    let read = |index: usize| {
        let rgba = frame(index);
        let reading = Frame::new(WIDTH, HEIGHT, &rgba).map_err(|error| error.to_string()).and_then(|frame| {
            engine.analyse(&frame, 40.0 * index as f64, &|| 0.0).map_err(|error| error.to_string())
        });
        match reading {
            Ok(mut reading) => {
                reading.stages = StageTimes::default();
                let text = serde_json::to_string(&reading).unwrap_or_else(|error| error.to_string());
                (reading.faces.len(), hash(&text))
            }
            Err(error) => (0, hash(&error)),
        }
    };
    (0..COUNT).map(read).collect()
}

fn hash(text: &str) -> u64 {
    text.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
