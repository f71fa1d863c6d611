//! The photo activity, driven through its real file inputs with real files.

use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use browser_tests::{Browser, Camera, Page, Site, TempFolder};
use image::{DynamicImage, ImageFormat, RgbImage, imageops};
use serde_json::Value;

use crate::accessibility::assert_no_barriers;

// The command line's program: the page must give its numbers.
use emotion_cli::score;

/// Opens the photo activity and goes on to its table.
#[track_caller]
fn open(page: &Page, site: &Site) {
    page.go(&format!("{}?activity=photos", site.url()));
    page.wait_for_view("photos-welcome");
    page.click("input[name=use][value=research]");
    page.click("#start");
    page.wait_for_view("photos");
}

/// Waits until everything that was chosen is read.
#[track_caller]
fn wait_until_read(page: &Page) {
    page.wait_until("document.querySelector('#progress')?.dataset.running === 'false'");
}

/// The texts of the cells of all rows.
fn rows(page: &Page) -> Vec<Vec<String>> {
    let cells = page.evaluate(
        "[...document.querySelectorAll('#photos-table tbody tr')].map((row) => [...row.children].map((cell) => cell.innerText.trim()))",
    );
    serde_json::from_value(cells).expect("rows of texts")
}

fn pictures() -> PathBuf {
    // The browser reads no path with `..` in it.
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package lies in the repository");
    root.join("tests/pictures")
}

fn astronaut() -> RgbImage {
    image::open(pictures().join("astronaut.jpg")).expect("the picture is there").to_rgb8()
}

fn encoded(picture: &RgbImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(picture.clone()).write_to(&mut bytes, format).expect("it can be encoded");
    bytes.into_inner()
}

/// Four heads beside each other.
fn group() -> RgbImage {
    let head = imageops::crop_imm(&astronaut(), 124, 10, 200, 200).to_image();
    let mut picture = RgbImage::from_pixel(480, 140, image::Rgb([120, 115, 105]));
    for at in 0..4 {
        let head = imageops::resize(&head, 110, 110, imageops::Triangle);
        let head = if at % 2 == 0 { head } else { imageops::flip_horizontal(&head) };
        imageops::replace(&mut picture, &head, 5 + at * 120, 15);
    }
    picture
}

/// The head lying on its side, with an Exif segment that says so.
fn turned() -> Vec<u8> {
    let head = imageops::crop_imm(&astronaut(), 124, 10, 200, 200).to_image();
    let jpeg = encoded(&imageops::rotate270(&head), ImageFormat::Jpeg);
    let exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";
    let length = (exif.len() as u16 + 2).to_be_bytes();
    [&jpeg[..2], &[0xff, 0xe1], &length, exif, &jpeg[2..]].concat()
}

/// A JPEG whose header promises 50,000 x 50,000 pixels.
fn bomb() -> Vec<u8> {
    let mut jpeg = encoded(&RgbImage::new(16, 16), ImageFormat::Jpeg);
    let at = jpeg.windows(2).position(|pair| pair == [0xff, 0xc0]).expect("a JPEG has a frame header");
    jpeg[at + 5..at + 9].copy_from_slice(&[0xc3, 0x50, 0xc3, 0x50]);
    jpeg
}

fn write(folder: &TempFolder, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.path().join(name);
    fs::write(&path, bytes).expect("the file can be written");
    path
}

/// What the command line prints of these files.
fn scored(arguments: &[&str]) -> String {
    let models = format!("{}/../models", env!("CARGO_MANIFEST_DIR"));
    let arguments = [arguments, &["--models", &models]].concat();
    let mut output = Vec::new();
    score::run(arguments.iter().map(|text| text.to_string()), &mut output, &mut Vec::new());
    String::from_utf8(output).expect("it prints text")
}

#[test]
fn photos_give_the_command_lines_numbers_bit_for_bit_and_ask_for_nothing() {
    let folder = TempFolder::new();
    let head = imageops::crop_imm(&astronaut(), 124, 10, 200, 200).to_image();
    let files = [
        write(&folder, "a-group.png", &encoded(&group(), ImageFormat::Png)),
        write(&folder, "b-head.jpg", &encoded(&head, ImageFormat::Jpeg)),
        write(&folder, "c-turned.jpg", &turned()),
        write(&folder, "d-wall.png", &encoded(&RgbImage::new(64, 64), ImageFormat::Png)),
    ];
    let site = Site::start();
    let browser = Browser::start(&Camera::Absent);
    let page = browser.open();
    open(&page, &site);
    assert_eq!(page.evaluate("document.documentElement.dataset.sealed"), "true");
    let requests_before = site.server.requests();
    let paths: Vec<&Path> = files.iter().map(PathBuf::as_path).collect();
    page.choose_files("#photo-files", &paths);
    wait_until_read(&page);
    let rows = rows(&page);
    let faces: Vec<(&str, &str)> = rows.iter().map(|row| (row[2].as_str(), row[3].as_str())).collect();
    let expected = [
        ("a-group.png", "1"),
        ("a-group.png", "2"),
        ("a-group.png", "3"),
        ("a-group.png", "4"),
        ("b-head.jpg", "1"),
        ("c-turned.jpg", "1"),
        ("d-wall.png", "–"),
    ];
    assert_eq!(faces, expected);
    assert_eq!(rows[4][4], "happy", "she smiles");
    page.screenshots("photos");

    assert!(
        page.asks_before_leaving(),
        "no file holds the readings: the browser must ask before they are lost"
    );
    page.click("#save-json");
    let file: Value = serde_json::from_str(&browser.downloaded()).expect("the file is JSON");
    assert_eq!(file["format"], "emotion-depth-session");
    browser.forget_events();
    assert!(!page.asks_before_leaving(), "a file holds them");
    page.click("#save-csv");
    let csv = browser.downloaded();
    page.wait_until("/^Saved as .*\\.csv\\.$/.test(document.querySelector('#saved').innerText)");
    assert_eq!(site.server.requests(), requests_before, "reading asks for nothing");

    let arguments: Vec<&str> = files.iter().filter_map(|path| path.to_str()).collect();
    let expected: Value = serde_json::from_str(&scored(&arguments)).expect("score prints JSON");
    assert_eq!(file["samples"], expected);
    assert_eq!(csv, scored(&[&arguments[..], &["--csv"]].concat()));
    page.choose_option("#save-dialect", "comma");
    browser.forget_events();
    page.click("#save-csv");
    let with_commas = String::from_utf8(browser.downloaded_bytes()).expect("CSV is text");
    assert_eq!(with_commas, scored(&[&arguments[..], &["--csv", "--decimal-comma"]].concat()));
    assert_eq!(page.complaints(), [""; 0]);
}

#[test]
fn what_cannot_be_read_has_a_row_with_the_reason_and_the_rest_goes_on() {
    let folder = TempFolder::new();
    let head = imageops::crop_imm(&astronaut(), 124, 10, 200, 200).to_image();
    let png = encoded(&head, ImageFormat::Png);
    let files = [
        ("a-bomb.jpg", bomb(), "50000 x 50000 pixels"),
        ("b-broken.png", png[..png.len() / 2].to_vec(), "The PNG file is broken"),
        ("c-empty.jpg", Vec::new(), "The file is empty"),
        ("d-text.png", b"Dear diary,\n".to_vec(), "not a picture"),
    ];
    let mut paths: Vec<PathBuf> = files.iter().map(|(name, bytes, _)| write(&folder, name, bytes)).collect();
    paths.push(write(&folder, "e-head.png", &png));
    paths.push(pictures().join("astronaut_head.avif"));
    let site = Site::start();
    let browser = Browser::start(&Camera::Absent);
    let page = browser.open();
    open(&page, &site);
    page.choose_files("#photo-files", &paths.iter().map(PathBuf::as_path).collect::<Vec<_>>());
    wait_until_read(&page);
    let rows = rows(&page);
    assert_eq!(rows.len(), 6, "{rows:?}");
    // Sorted by name: the AVIF file comes second.
    let avif = &rows[1];
    assert!(avif.len() > 4, "{avif:?}");
    assert_eq!((avif[2].as_str(), avif[4].as_str()), ("astronaut_head.avif", "happy"));
    assert!(avif.last().is_some_and(|text| text.contains("Decoded by this browser")), "{avif:?}");
    for (name, _, reason) in &files {
        let row = rows.iter().find(|row| row[2] == *name).expect("each file has a row");
        assert!(row[3].contains(reason), "{row:?}");
    }
    assert_eq!((rows[5][2].as_str(), rows[5][4].as_str()), ("e-head.png", "happy"));
    page.screenshots("photos-faults");
    assert_eq!(page.complaints(), [""; 0]);
}

#[test]
fn the_table_sorts_filters_and_is_free_of_barriers() {
    let folder = TempFolder::new();
    let inner = folder.path().join("holiday");
    fs::create_dir(&inner).expect("a folder can be made");
    let head = imageops::crop_imm(&astronaut(), 124, 10, 200, 200).to_image();
    write(&folder, "holiday/a.png", &encoded(&RgbImage::new(64, 64), ImageFormat::Png));
    write(&folder, "holiday/b.png", &encoded(&head, ImageFormat::Png));
    let site = Site::start();
    let browser = Browser::start(&Camera::Absent);
    let page = browser.open();
    page.go(&site.url());
    page.wait_for_view("welcome");
    page.follow("#photos-link");
    page.wait_for_view("photos-welcome");
    assert_no_barriers(&page, "photos-welcome");
    page.click("input[name=use][value=work]");
    page.wait_until("document.querySelector('#refusal').innerText.includes('Article 5(1)(f)')");
    assert_eq!(page.evaluate("document.querySelector('#start').disabled"), true);
    page.click("input[name=use][value=self]");
    page.click("#start");
    page.wait_for_view("photos");
    page.choose_files("#photo-folder", &[&inner]);
    wait_until_read(&page);
    let files = |page: &Page| rows(page).into_iter().map(|row| row[2].clone()).collect::<Vec<_>>();
    assert_eq!(files(&page), ["holiday/a.png", "holiday/b.png"]);
    assert_no_barriers(&page, "photos");

    // By the depth of happy, the largest first; the picture without a face comes last.
    page.click_named("#photos-table th .sort", "happy");
    page.wait_until("document.querySelector('#photos-table [aria-sort=descending]') !== null");
    page.wait_until("document.querySelector('#photos-table tbody .file-name').innerText === 'holiday/b.png'");
    page.evaluate(
        "(() => { const filter = document.querySelector('#filter'); filter.value = 'none'; filter.dispatchEvent(new Event('change')); })()",
    );
    page.wait_until("document.querySelectorAll('#photos-table tbody tr').length === 1");
    assert_eq!(files(&page), ["holiday/a.png"]);
}

#[test]
fn cancelling_keeps_what_was_read() {
    let folder = TempFolder::new();
    let head = imageops::crop_imm(&astronaut(), 124, 10, 200, 200).to_image();
    let png = encoded(&head, ImageFormat::Png);
    let paths: Vec<PathBuf> = (0..200).map(|at| write(&folder, &format!("{at:03}.png"), &png)).collect();
    let site = Site::start();
    let browser = Browser::start(&Camera::Absent);
    let page = browser.open();
    open(&page, &site);
    page.choose_files("#photo-files", &paths.iter().map(PathBuf::as_path).collect::<Vec<_>>());
    page.wait_until("document.querySelectorAll('#photos-table tbody tr').length > 0");
    page.click("#cancel");
    wait_until_read(&page);
    let kept = rows(&page).len();
    assert!((1..200).contains(&kept), "{kept}");
    // The next file is read by a new engine.
    page.choose_files("#photo-files", &[&pictures().join("astronaut_head.avif")]);
    page.wait_until(&format!("document.querySelectorAll('#photos-table tbody tr').length === {}", kept + 1));
}

#[test]
fn what_is_read_after_a_save_is_unsaved_again() {
    let folder = TempFolder::new();
    let head = imageops::crop_imm(&astronaut(), 124, 10, 200, 200).to_image();
    let png = encoded(&head, ImageFormat::Png);
    let paths: Vec<PathBuf> = (0..100).map(|at| write(&folder, &format!("{at:03}.png"), &png)).collect();
    let site = Site::start();
    let browser = Browser::start(&Camera::Absent);
    let page = browser.open();
    open(&page, &site);
    let csv_rows = || {
        page.click("#save-csv");
        let rows = browser.downloaded().lines().count() - 1;
        browser.forget_events();
        rows
    };
    page.choose_files("#photo-files", &paths.iter().map(PathBuf::as_path).collect::<Vec<_>>());
    page.wait_until("document.querySelectorAll('#photos-table tbody tr').length > 0");
    let early = csv_rows();
    assert!((1..100).contains(&early), "{early} rows: the file was to be saved in the middle of the batch");
    wait_until_read(&page);
    assert_eq!(
        page.evaluate("document.querySelector('#saved')?.innerText ?? ''"),
        "",
        "that file does not hold what came after it"
    );
    assert!(page.asks_before_leaving(), "no file holds the later readings");
    assert_eq!(csv_rows(), 100);
    page.wait_until("/^Saved as .*\\.csv\\.$/.test(document.querySelector('#saved').innerText)");
    assert!(!page.asks_before_leaving(), "a file holds them all");
}
