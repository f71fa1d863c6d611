//! The example `score`: its command line, its messages and its numbers, on real and on broken files.

use std::io::Cursor;
use std::path::Path;
use std::process::ExitCode;

use emotion_core::reading::Reason;
use emotion_record::session::Sample;
use image::{DynamicImage, GenericImage, ImageFormat, RgbImage, imageops};

// The example itself, so that its command line and its messages are tested in this process.
use emotion_cli::score as example;
use testkit::TempFolder;

/// Exit code, stdout and stderr of the example.
fn run(arguments: &[&str]) -> (ExitCode, String, String) {
    let (mut output, mut errors) = (Vec::new(), Vec::new());
    let code = example::run(arguments.iter().map(|text| text.to_string()), &mut output, &mut errors);
    (code, String::from_utf8(output).unwrap(), String::from_utf8(errors).unwrap())
}

fn samples(arguments: &[&str]) -> Vec<Sample> {
    let (code, output, errors) = run(arguments);
    assert_eq!((code, errors.as_str()), (ExitCode::SUCCESS, ""));
    serde_json::from_str(&output).unwrap()
}

fn astronaut_path() -> String {
    format!("{}/../../tests/pictures/astronaut.jpg", env!("CARGO_MANIFEST_DIR"))
}

fn astronaut() -> RgbImage {
    image::open(astronaut_path()).unwrap().to_rgb8()
}

fn png(picture: RgbImage) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(picture).write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

/// A grey wall with the astronaut's head pasted `columns` x `rows` times, each head's face about `face_px` high; every
/// other one is mirrored.
fn group(width: u32, height: u32, columns: u32, rows: u32, face_px: u32) -> RgbImage {
    // Head and shoulders; the face's box is about 0.4 of it.
    let side = face_px * 5 / 2;
    let head = imageops::crop_imm(&astronaut(), 124, 10, 200, 200).to_image();
    let head = imageops::resize(&head, side, side, imageops::Triangle);
    let mut picture = RgbImage::from_fn(width, height, |x, y| {
        let light = 90 + (x * 60 / width + y * 30 / height) as u8;
        image::Rgb([light, light - 8, light - 20])
    });
    for row in 0..rows {
        for column in 0..columns {
            let (x, y) =
                ((width * (2 * column + 1) / columns - side) / 2, (height * (2 * row + 1) / rows - side) / 2);
            let head = if (row + column) % 2 == 0 { head.clone() } else { imageops::flip_horizontal(&head) };
            picture.copy_from(&head, x, y).unwrap();
        }
    }
    picture
}

#[test]
fn a_portrait_is_one_happy_face() {
    let samples = samples(&[&astronaut_path()]);
    assert_eq!(samples.len(), 1);
    let sample = &samples[0];
    assert_eq!(
        (sample.face, sample.time_ms, sample.source.as_deref()),
        (Some(1), 0.0, Some("astronaut.jpg"))
    );
    assert_eq!(sample.emotion.map(|emotion| emotion.name()), Some("happy"));
    assert_eq!(sample.raw, sample.depth);
}

#[test]
fn every_face_of_a_group_is_found_once_down_to_a_fortieth() {
    let folder = TempFolder::new();
    // 1/40 of 800 is 20 px; one large face beside the small ones.
    let mut picture = group(800, 600, 4, 3, 21);
    let large = imageops::crop_imm(&group(240, 240, 1, 1, 90), 0, 0, 240, 240).to_image();
    picture.copy_from(&large, 280, 180).unwrap();
    let samples = samples(&[&folder.write("group.png", png(picture))]);
    // The large picture covers the middle row's two inner heads.
    assert_eq!(samples.len(), 4 * 3 - 2 + 1);
    let faces: Vec<_> = samples.iter().map(|sample| sample.face.unwrap()).collect();
    assert!(faces.iter().copied().eq(1..=11), "{faces:?}");
}

#[test]
fn smaller_faces_are_found_on_request() {
    let folder = TempFolder::new();
    // 1/40 of 1400 is 35 px.
    let path = folder.write("small.png", png(group(1400, 500, 3, 1, 26)));
    assert_eq!(samples(&[&path, "--small"]).len(), 3);
}

#[test]
fn a_picture_without_faces_is_one_row_that_says_so() {
    let folder = TempFolder::new();
    let path = folder.write("wall.png", png(group(800, 600, 0, 0, 10)));
    let (code, output, errors) = run(&[&path]);
    assert_eq!(code, ExitCode::SUCCESS);
    let samples: Vec<Sample> = serde_json::from_str(&output).unwrap();
    assert_eq!(samples.len(), 1);
    assert_eq!((samples[0].face, samples[0].source.as_deref()), (None, Some("wall.png")));
    assert!(errors.ends_with("wall.png: No face of 20 pixels or more was found.\n"), "{errors}");
}

#[test]
fn what_cannot_be_read_is_named_and_the_rest_goes_on() {
    let folder = TempFolder::new();
    let whole = std::fs::read(astronaut_path()).unwrap();
    let empty = folder.write("empty.jpg", b"");
    let text = folder.write("text.png", b"no picture");
    let avif = folder.write("new.avif", b"\0\0\0\x1cftypavif\0\0\0\0");
    let broken = folder.write("broken.png", &png(group(100, 100, 0, 0, 10))[..60]);
    let missing = folder.path().join("missing.png").to_str().unwrap().to_owned();
    let good = folder.write("good.jpg", &whole);
    let (code, output, errors) = run(&[&empty, &text, &avif, &broken, &missing, &good]);
    assert_eq!(code, ExitCode::FAILURE);
    let samples: Vec<Sample> = serde_json::from_str(&output).unwrap();
    assert_eq!(samples.iter().map(|sample| sample.source.as_deref()).collect::<Vec<_>>(), [Some("good.jpg")]);
    assert_eq!(errors.lines().count(), 5, "{errors}");
    for (file, reason) in [
        ("empty.jpg", "The file is empty"),
        ("text.png", "not a picture"),
        ("new.avif", "the format AVIF, which only browsers decode"),
        ("broken.png", "The PNG file is broken"),
        ("missing.png", "The file cannot be read"),
    ] {
        let line = errors.lines().find(|line| line.contains(file)).unwrap_or_default();
        assert!(line.contains(reason), "{file}: {errors}");
    }
}

#[test]
fn folders_are_read_in_order_and_name_their_files() {
    let folder = TempFolder::new();
    let inner = folder.path().join("b");
    std::fs::create_dir_all(&inner).unwrap();
    let wall = png(group(100, 80, 0, 0, 10));
    folder.write("c.png", &wall);
    folder.write("b/2.png", &wall);
    folder.write("b/1.png", &wall);
    let root = folder.path().to_str().unwrap();
    let name = Path::new(root).file_name().unwrap().to_str().unwrap();
    let samples: Vec<Sample> = serde_json::from_str(&run(&[root]).1).unwrap();
    let found: Vec<_> = samples.into_iter().filter_map(|sample| sample.source).collect();
    assert_eq!(found, ["b/1.png", "b/2.png", "c.png"].map(|file| format!("{name}/{file}")));
}

#[test]
fn the_table_holds_the_same_samples() {
    let (code, output, _) = run(&[&astronaut_path(), "--csv"]);
    assert_eq!(code, ExitCode::SUCCESS);
    let mut reader = csv::Reader::from_reader(output.as_bytes());
    let header = reader.headers().unwrap().clone();
    let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 1);
    let cell = |name: &str| &rows[0][header.iter().position(|column| column == name).unwrap()];
    let sample = &samples(&[&astronaut_path()])[0];
    assert_eq!(cell("source"), "astronaut.jpg");
    assert_eq!(cell("depth.happy").parse::<f32>().ok(), sample.depth.map(|depth| depth.happy));
}

#[test]
fn the_same_file_name_from_two_folders_is_told_apart() {
    let folder = TempFolder::new();
    for inner in ["mon", "tue"] {
        std::fs::create_dir_all(folder.path().join(inner)).unwrap();
    }
    let wall = png(group(100, 80, 0, 0, 10));
    let paths = ["mon/1.png", "tue/1.png", "2.png"].map(|name| folder.write(name, &wall));
    let (code, output, _) = run(&[&paths[0], &paths[1], &paths[2], &paths[2]]);
    assert_eq!(code, ExitCode::SUCCESS);
    let samples: Vec<Sample> = serde_json::from_str(&output).unwrap();
    let found: Vec<_> = samples.into_iter().filter_map(|sample| sample.source).collect();
    let root = folder.path().file_name().unwrap().to_str().unwrap();
    assert_eq!(found[..2], ["mon/1.png", "tue/1.png"]);
    assert!(found[2].ends_with(&format!("{root}/2.png")) && found[3].ends_with("2.png (2)"), "{found:?}");
}

#[test]
fn a_table_for_german_spreadsheets_says_the_same_and_runs_nothing() {
    let folder = TempFolder::new();
    let path = folder.write("=1+1;=2.jpg", std::fs::read(astronaut_path()).unwrap());
    let (code, output, _) = run(&[&path, "--decimal-comma"]);
    assert_eq!(code, ExitCode::SUCCESS);
    let table = output.strip_prefix('\u{feff}').unwrap();
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(table.as_bytes());
    let header = reader.headers().unwrap().clone();
    let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
    let cell = |name: &str| &rows[0][header.iter().position(|column| column == name).unwrap()];
    assert_eq!(cell("source"), "'=1+1;'=2.jpg");
    let happy: f32 = cell("depth.happy").replace(',', ".").parse().unwrap();
    assert_eq!(Some(happy), samples(&[&astronaut_path()])[0].depth.map(|depth| depth.happy));
    assert!(cell("depth.happy").starts_with("0,"));
}

#[test]
fn a_face_is_read_alike_at_every_angle() {
    let folder = TempFolder::new();
    let upright = imageops::resize(&astronaut(), 300, 300, imageops::Triangle);
    let quarters = [
        upright.clone(),
        imageops::rotate90(&upright),
        imageops::rotate180(&upright),
        imageops::rotate270(&upright),
    ];
    for (quarter, picture) in quarters.into_iter().enumerate() {
        let samples = samples(&[&folder.write(&format!("{quarter}.png"), png(picture))]);
        assert_eq!(samples.len(), 1, "{quarter}");
        let sample = &samples[0];
        assert!(sample.raw.unwrap().happy > 0.9, "{quarter}: {:?}", sample.raw);
        let roll = f64::from(sample.roll.unwrap()) - 90.0 * quarter as f64;
        let roll = roll - 360.0 * (roll / 360.0).round();
        assert!(roll.abs() < 15.0, "{quarter}: {:?}", sample.roll);
        let upside_down = sample.quality_reasons.contains(&Reason::UpsideDown);
        assert_eq!(upside_down, quarter == 2, "{quarter}");
    }
}

/// A crop that ends at the hair and the chin, and a copy without colour, show the same face.
#[test]
fn a_tight_crop_and_a_grey_copy_are_read_as_the_picture_is() {
    let folder = TempFolder::new();
    let whole = samples(&[&astronaut_path()])[0].clone();
    let [x, y, width, height] = whole.face_box.unwrap().map(|share| (share * 512.0) as u32);
    let crop = imageops::crop_imm(&astronaut(), x, y, width, height).to_image();
    let grey = image::DynamicImage::ImageRgb8(astronaut()).to_luma8();
    let grey = image::DynamicImage::ImageLuma8(grey).to_rgb8();
    for (name, picture) in [("crop.png", crop), ("grey.png", grey)] {
        let samples = samples(&[&folder.write(name, png(picture))]);
        assert_eq!(samples.len(), 1, "{name}");
        let (raw, of_whole) = (samples[0].raw.unwrap(), whole.raw.unwrap());
        assert!((raw.happy - of_whole.happy).abs() < 0.1, "{name}: {raw:?}, not {of_whole:?}");
        assert!(samples[0].quality >= 0.5, "{name}: {:?}", samples[0].quality_reasons);
    }
}

#[test]
fn a_long_picture_shows_all_its_faces() {
    let folder = TempFolder::new();
    let path = folder.write("panorama.png", png(group(6000, 750, 10, 1, 75)));
    assert_eq!(samples(&[&path]).len(), 10);
    let path = folder.write("screenshot.png", png(group(540, 8000, 1, 8, 110)));
    assert_eq!(samples(&[&path]).len(), 8);
}

#[test]
fn the_best_face_comes_first() {
    let folder = TempFolder::new();
    let mut picture = group(640, 480, 2, 1, 90);
    // The left one is blurred beyond reading.
    let left = imageops::blur(&imageops::crop_imm(&picture, 0, 0, 320, 480).to_image(), 9.0);
    picture.copy_from(&left, 0, 0).unwrap();
    let samples = samples(&[&folder.write("two.png", png(picture))]);
    assert!(samples[0].face_box.unwrap()[0] > 0.5, "{samples:?}");
    assert!(samples.windows(2).all(|pair| pair[0].face < pair[1].face && pair[0].quality >= pair[1].quality));
}

#[test]
fn the_command_line_explains_itself() {
    let (code, output, _) = run(&["--help"]);
    assert_eq!(code, ExitCode::SUCCESS);
    assert!(output.contains("--small"));
    let (code, output, errors) = run(&[]);
    assert_eq!((code, output.as_str()), (ExitCode::FAILURE, ""));
    assert!(errors.contains("no file is named"));
    assert!(run(&["--pictures", "a.png"]).2.contains("\"--pictures\" is not an option"));
}
