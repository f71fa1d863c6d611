mod files;

use super::*;

/// A picture whose pixels all differ: red by column, green by row.
fn chart() -> RgbaImage {
    RgbaImage::from_fn(20, 10, |x, y| image::Rgba([x as u8 * 12, y as u8 * 25, 7, 255]))
}

fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// A JPEG with an Exif segment that holds nothing but the orientation, 1..=8.
fn with_orientation(jpeg: &[u8], orientation: u8) -> Vec<u8> {
    let exif =
        [&b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0"[..], &[orientation, 0, 0, 0, 0, 0, 0, 0]]
            .concat();
    let length = (exif.len() as u16 + 2).to_be_bytes();
    [&jpeg[..2], &[0xff, 0xe1], &length, &exif, &jpeg[2..]].concat()
}

#[test]
fn lossless_formats_give_the_same_pixels() {
    let chart = chart();
    let opaque = DynamicImage::ImageRgb8(DynamicImage::ImageRgba8(chart.clone()).into_rgb8());
    for format in [ImageFormat::Png, ImageFormat::WebP, ImageFormat::Bmp, ImageFormat::Tiff] {
        let picture = Picture::decode(&encoded(&opaque, format)).unwrap();
        assert_eq!((picture.width, picture.height), (20, 10), "{format:?}");
        assert_eq!(&picture.rgba, chart.as_raw(), "{format:?}");
    }
    // 200 colours fit into a palette of 256.
    let gif = encoded(&DynamicImage::ImageRgba8(chart.clone()), ImageFormat::Gif);
    assert_eq!(&Picture::decode(&gif).unwrap().rgba, chart.as_raw());
}

#[test]
fn sixteen_bits_and_grey_become_eight_bits_of_colour() {
    let grey = image::ImageBuffer::from_fn(3, 1, |x, _| image::Luma([[0u16, 0x8080, 0xffff][x as usize]]));
    let picture = Picture::decode(&encoded(&DynamicImage::ImageLuma16(grey), ImageFormat::Png)).unwrap();
    assert_eq!(picture.rgba, [0, 0, 0, 255, 128, 128, 128, 255, 255, 255, 255, 255]);
}

#[test]
fn transparent_parts_are_laid_on_white() {
    let picture = RgbaImage::from_fn(3, 1, |x, _| image::Rgba([100, 0, 200, [0, 128, 255][x as usize]]));
    let png = encoded(&DynamicImage::ImageRgba8(picture), ImageFormat::Png);
    // 100 * 128 / 255 + 127 = 177.2, 127, 227.4
    assert_eq!(
        Picture::decode(&png).unwrap().rgba,
        [255, 255, 255, 255, 177, 127, 227, 255, 100, 0, 200, 255]
    );
}

#[test]
fn the_cameras_position_is_undone() {
    // Left half red, right half blue, in JPEG blocks of 8 so that nothing bleeds.
    let picture = image::RgbImage::from_fn(32, 16, |x, _| {
        if x < 16 { image::Rgb([250, 0, 0]) } else { image::Rgb([0, 0, 250]) }
    });
    let jpeg = encoded(&DynamicImage::ImageRgb8(picture), ImageFormat::Jpeg);
    let is_red = |picture: &Picture, x: usize, y: usize| {
        let at = (y * picture.width + x) * 4;
        picture.rgba[at] > picture.rgba[at + 2]
    };
    // Where red must be: orientation, size, a place in the red half, one in the blue half.
    for (orientation, size, red, blue) in [
        (1, (32, 16), (2, 8), (29, 8)),
        (2, (32, 16), (29, 8), (2, 8)),
        (3, (32, 16), (29, 8), (2, 8)),
        (4, (32, 16), (2, 8), (29, 8)),
        (5, (16, 32), (8, 2), (8, 29)),
        (6, (16, 32), (8, 2), (8, 29)),
        (7, (16, 32), (8, 29), (8, 2)),
        (8, (16, 32), (8, 29), (8, 2)),
    ] {
        let picture = Picture::decode(&with_orientation(&jpeg, orientation)).unwrap();
        assert_eq!((picture.width, picture.height), size, "orientation {orientation}");
        assert!(is_red(&picture, red.0, red.1) && !is_red(&picture, blue.0, blue.1), "{orientation}");
    }
}

#[test]
fn what_is_no_picture_is_told_apart() {
    let message = |bytes: &[u8]| Picture::decode(bytes).unwrap_err();
    assert_eq!(message(b""), PictureError::Empty);
    assert_eq!(message(b"Dear diary,\n"), PictureError::Other { what: "a text file" });
    assert_eq!(message(&[0; 5000]), PictureError::NotAPicture);
    assert_eq!(message(b"\0\0\0\x1cftypavif\0\0\0\0"), PictureError::Foreign { format: "AVIF" });
    assert_eq!(message(b"\0\0\0\x18ftypheic\0\0\0\0"), PictureError::Foreign { format: "HEIC" });
    assert_eq!(message(b"\0\0\0\x18ftypmp42\0\0\0\0"), PictureError::Video { format: "MP4" });
}

#[test]
fn broken_files_are_named_by_their_format() {
    let chart = DynamicImage::ImageRgba8(chart());
    for (format, name) in [
        (ImageFormat::Png, "PNG"),
        (ImageFormat::WebP, "WebP"),
        (ImageFormat::Bmp, "BMP"),
        (ImageFormat::Tiff, "TIFF"),
        (ImageFormat::Gif, "GIF"),
    ] {
        let bytes = encoded(&chart, format);
        for end in [bytes.len() / 3, 12] {
            match Picture::decode(&bytes[..end]) {
                Err(PictureError::Broken { format, .. } | PictureError::Incomplete { format, .. }) => {
                    assert_eq!(format, name);
                }
                other => panic!("{name} cut at {end}: {other:?}"),
            }
        }
    }
    assert!(matches!(
        Picture::decode(b"\xff\xd8\xff\xe0 and no more"),
        Err(PictureError::Broken { format: "JPEG", .. })
    ));
}

/// A PNG of a header that promises `side` x `side` pixels and nothing else.
fn bomb(side: u32) -> Vec<u8> {
    let mut header = b"IHDR".to_vec();
    header.extend([side.to_be_bytes(), side.to_be_bytes()].concat());
    header.extend([8, 2, 0, 0, 0]);
    let mut sum = flate2::Crc::new();
    sum.update(&header);
    // An empty block of pixels lets the reader come to the end of the headers.
    let end = [&b"\0\0\0\0IDAT"[..], &0x35af_061e_u32.to_be_bytes()].concat();
    [&b"\x89PNG\r\n\x1a\n\0\0\0\x0d"[..], &header, &sum.sum().to_be_bytes(), &end].concat()
}

#[test]
fn gigantic_pictures_are_refused_by_their_header() {
    assert_eq!(
        Picture::decode(&bomb(50_000)).unwrap_err(),
        PictureError::Gigantic { width: 50_000, height: 50_000 }
    );
    // The same in a JPEG and a BMP: the sizes in the header are overwritten.
    let chart = DynamicImage::ImageRgb8(DynamicImage::ImageRgba8(chart()).into_rgb8());
    let mut jpeg = encoded(&chart, ImageFormat::Jpeg);
    let at = jpeg.windows(2).position(|pair| pair == [0xff, 0xc0]).unwrap();
    jpeg[at + 5..at + 9].copy_from_slice(&[0xc3, 0x50, 0xc3, 0x50]);
    assert!(matches!(Picture::decode(&jpeg), Err(PictureError::Gigantic { width: 50_000, .. })));
    let mut bmp = encoded(&chart, ImageFormat::Bmp);
    bmp[18..26].copy_from_slice(&[0x50, 0xc3, 0, 0, 0x50, 0xc3, 0, 0]);
    assert!(matches!(Picture::decode(&bmp), Err(PictureError::Gigantic { .. })));
    // Just within the limit the header is believed, and the missing pixels are the fault.
    assert!(matches!(Picture::decode(&bomb(10_000)), Err(PictureError::Broken { format: "PNG", .. })));
}

#[test]
fn messages_say_what_to_do() {
    let words = PictureError::Gigantic { width: 50_000, height: 40_000 }.to_string();
    assert_eq!(
        words,
        "The picture has 50000 x 40000 pixels, and 100 million are the most that is read. Make a smaller copy of it."
    );
    assert!(PictureError::Heavy { bytes: 300_000_000 }.to_string().contains("300 MB"));
}
