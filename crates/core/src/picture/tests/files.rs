//! The files of tests/pictures/kinds, which kinds.py there makes.

use std::path::PathBuf;

use super::*;

fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/pictures/kinds"))
}

fn file(name: &str) -> Vec<u8> {
    std::fs::read(folder().join(name)).unwrap()
}

fn decode(name: &str) -> Picture {
    Picture::decode(&file(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn refused(name: &str) -> PictureError {
    Picture::decode(&file(name)).map(|_| ()).expect_err(name)
}

/// The colours of the four quarters, from the upper left one on, row by row: r, g, b or - for grey.
fn quarters(picture: &Picture) -> String {
    let letter = |x: usize, y: usize| {
        let at = (y * picture.width + x) * 4;
        let pixel: Vec<i32> = picture.rgba[at..at + 3].iter().map(|value| i32::from(*value)).collect();
        (0..3)
            .find(|one| (0..3).all(|other| other == *one || pixel[*one] > pixel[other] + 60))
            .map_or('-', |one| b"rgb"[one] as char)
    };
    let [x, y] = [picture.width, picture.height].map(|side| [side / 4, side * 3 / 4]);
    [(x[0], y[0]), (x[1], y[0]), (x[0], y[1]), (x[1], y[1])].map(|(x, y)| letter(x, y)).into_iter().collect()
}

#[test]
fn eight_positions_of_the_camera_are_undone_in_four_containers() {
    // What the picture shows when a viewer turns it as the file says.
    let shown = ["rgb-", "gr-b", "-bgr", "b-rg", "rbg-", "br-g", "-gbr", "g-rb"];
    for (orientation, expected) in (1..).zip(shown) {
        for ending in ["jpg", "png", "webp", "tif"] {
            let picture = decode(&format!("turn{orientation}.{ending}"));
            assert_eq!(quarters(&picture), expected, "{orientation} {ending}");
            let upright = (picture.width, picture.height);
            assert_eq!(upright, if orientation < 5 { (32, 24) } else { (24, 32) }, "{orientation} {ending}");
        }
    }
}

#[test]
fn colours_come_out_of_every_form_of_them() {
    for name in
        ["cmyk.jpg", "ycck.jpg", "palette.png", "sixteen.png", "profile.png", "profile.jpg", "still.gif"]
    {
        assert_eq!(quarters(&decode(name)), "rgb-", "{name}");
    }
    // A profile is not applied: the pixels are as they stand in the file.
    assert_eq!(decode("profile.png").rgba, decode("palette.png").rgba);
    assert_eq!(decode("profile.jpg").rgba, decode("plain.jpg").rgba);
}

#[test]
fn of_animations_and_pages_the_first_is_read_and_that_is_said() {
    for name in ["moving.png", "moving.gif", "moving.webp"] {
        let picture = decode(name);
        assert_eq!((quarters(&picture).as_str(), picture.note()), ("rgb-", Some(Note::Animation)), "{name}");
    }
    assert_eq!(decode("still.gif").note(), None);
    let pages = decode("pages.tif");
    assert_eq!((quarters(&pages).as_str(), pages.note()), ("rgb-", Some(Note::Pages { count: 3 })));
    assert_eq!(pages.note().unwrap().to_string(), "The file has 3 pages; the first is read.");
}

#[test]
fn a_preview_before_the_picture_is_passed_over() {
    let picture = decode("preview_first.tif");
    assert_eq!((picture.width, quarters(&picture).as_str(), picture.note()), (32, "rgb-", None));
    // Beside the chain of pages, and with the camera's position in the preview's list.
    let picture = decode("preview_outside.tif");
    assert_eq!((picture.width, quarters(&picture).as_str()), (32, "-bgr"));
}

#[test]
fn raw_files_are_named() {
    for (name, format) in [
        ("camera.dng", "DNG"),
        ("linear.dng", "DNG"),
        ("camera.nef", "NEF"),
        ("camera.arw", "ARW"),
        ("camera.cr2", "CR2"),
    ] {
        assert_eq!(refused(name), PictureError::Raw { format }, "{name}");
    }
    for (bytes, format) in [
        (&b"FUJIFILMCCD-RAW 0201"[..], "RAF"),
        (b"IIRO\x08\0\0\0", "ORF"),
        (b"IIU\0\x18\0\0\0", "RW2"),
        (b"\0\0\0\x18ftypcrx \0\0\0\x01crx isom", "CR3"),
        (b"II\x1a\0\0\0HEAPCCDR", "CRW"),
    ] {
        assert_eq!(Picture::decode(bytes), Err(PictureError::Raw { format }));
    }
}

#[test]
fn pictures_that_are_not_read_are_named() {
    for (name, format) in [
        ("big.tif", "BigTIFF"),
        ("picture.ico", "ICO"),
        ("picture.ppm", "PPM"),
        ("picture.pgm", "PGM"),
        ("picture.pbm", "PBM"),
        ("picture.tga", "TGA"),
        ("packed.tga", "TGA"),
        ("old.tga", "TGA"),
        ("picture.jp2", "JPEG 2000"),
        ("stream.j2k", "JPEG 2000"),
        ("picture.svg", "SVG"),
        ("wide.svg", "SVG"),
        ("picture.qoi", "QOI"),
        ("picture.dds", "DDS"),
        ("picture.pcx", "PCX"),
        ("picture.jxr", "JPEG XR"),
        ("picture.eps", "PostScript"),
    ] {
        assert_eq!(refused(name), PictureError::Unread { format }, "{name}");
    }
    for (name, format) in [("picture.avif", "AVIF"), ("really_heic.jpg", "HEIC"), ("picture.jxl", "JPEG XL")]
    {
        assert_eq!(refused(name), PictureError::Foreign { format }, "{name}");
    }
    assert_eq!(refused("picture.pdf"), PictureError::Other { what: "a PDF document" });
    for (bytes, format) in [
        (&b"\0\0\0\x14ftypqt  \0\0\0\0qt  "[..], "QuickTime"),
        (b"\0\0\0\x18ftypisom\0\0\x02\0isomavc1", "MP4"),
        (b"\x1a\x45\xdf\xa3\x01", "Matroska or WebM"),
        (b"RIFF\0\0\0\0AVI LIST", "AVI"),
    ] {
        assert_eq!(Picture::decode(bytes), Err(PictureError::Video { format }));
    }
}

/// All that are whole, and what comes of them in pieces.
const JPEGS: [&str; 9] = [
    "baseline.jpg",
    "whole_colour.jpg",
    "half_colour.jpg",
    "passes.jpg",
    "passes_grey.jpg",
    "restarts.jpg",
    "grey.jpg",
    "flat.jpg",
    "cmyk.jpg",
];

#[test]
fn whole_jpegs_are_read_with_and_without_an_end_and_with_something_behind_it() {
    for name in JPEGS.into_iter().chain(["ycck.jpg", "unended.jpg", "followed.jpg"]) {
        assert_eq!(jpeg::extent(&file(name)), Extent::Whole, "{name}");
        decode(name);
    }
    let astronaut =
        include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/pictures/astronaut.jpg"));
    assert_eq!(jpeg::extent(astronaut), Extent::Whole);
}

/// Bytes without meaning, the same each time, and without an end marker among them.
fn garbage(count: usize, seed: u32) -> Vec<u8> {
    let mut state = seed;
    let next = |_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        if state >> 24 == 0xd9 { 0xd8 } else { (state >> 24) as u8 }
    };
    (0..count).map(next).collect()
}

#[test]
fn jpegs_that_were_cut_are_refused_wherever_they_were_cut() {
    for name in JPEGS {
        let whole = file(name);
        let data = whole.windows(2).position(|pair| pair == [0xff, 0xda]).unwrap();
        // The last two bytes are the end marker; the bits before them are perhaps not all needed.
        for cut in (4..whole.len() - 14).step_by(7) {
            let rest = whole.len() - cut;
            let pieces =
                [vec![], vec![0; rest], vec![0xff; rest], vec![0x55; rest], garbage(rest + 400, cut as u32)];
            for (filling, piece) in pieces.into_iter().enumerate() {
                let bytes = [&whole[..cut], &piece].concat();
                let error =
                    Picture::decode(&bytes).map(|_| ()).expect_err(&format!("{name} {cut} {filling}"));
                let known = matches!(
                    error,
                    PictureError::Incomplete { .. }
                        | PictureError::Coarse { .. }
                        | PictureError::Broken { .. }
                        | PictureError::Unknown { .. }
                );
                assert!(known || cut < data, "{name} {cut} {filling}: {error}");
            }
        }
    }
}

#[test]
fn the_share_that_is_missing_is_told() {
    let whole = file("baseline.jpg");
    let data = whole.windows(2).position(|pair| pair == [0xff, 0xda]).unwrap();
    for (part, least, most) in [(4, 60, 90), (2, 35, 65), (1, 1, 15)] {
        let cut = whole.len() - 20 - (whole.len() - data) * (part - 1) / part;
        for filling in [vec![], vec![0; whole.len() - cut]] {
            match Picture::decode(&[&whole[..cut], &filling].concat()) {
                Err(PictureError::Incomplete { format: "JPEG", percent }) => {
                    assert!((least..=most).contains(&percent), "{percent} % with {cut} of {}", whole.len());
                }
                other => panic!("{other:?}"),
            }
        }
    }
    let message = PictureError::Incomplete { format: "JPEG", percent: 38 }.to_string();
    assert!(message.starts_with("The JPEG file is incomplete: about 38 %"), "{message}");
}

#[test]
fn a_hole_in_a_jpeg_is_seen() {
    for name in ["baseline.jpg", "whole_colour.jpg", "half_colour.jpg", "restarts.jpg"] {
        let whole = file(name);
        for from in (whole.len() / 3..whole.len() - 700).step_by(101) {
            let mut bytes = whole.clone();
            bytes[from..from + 512].fill(0);
            assert!(Picture::decode(&bytes).is_err(), "{name} {from}");
        }
    }
}

#[test]
fn other_formats_that_were_cut_are_refused() {
    for name in [
        "sixteen.png",
        "palette.png",
        "still.gif",
        "turn1.webp",
        "lossy.webp",
        "turn1.tif",
        "preview_first.tif",
    ] {
        let whole = file(name);
        for cut in (1..whole.len() * 9 / 10).step_by(5) {
            assert!(Picture::decode(&whole[..cut]).is_err(), "{name} cut at {cut}");
        }
    }
    // Filled with zeros it is as long as it was. Uncompressed pixels that are zero are black pixels.
    for name in ["sixteen.png", "palette.png", "still.gif", "turn1.webp", "lossy.webp"] {
        let whole = file(name);
        // Of a WebP file, only longer runs of zeros are known for a filling.
        for cut in (1..whole.len() - if name.ends_with("webp") { 64 } else { 13 }).step_by(5) {
            let filled = [&whole[..cut], &vec![0; whole.len() - cut]].concat();
            assert!(Picture::decode(&filled).is_err(), "{name} filled from {cut} of {}", whole.len());
        }
    }
}
