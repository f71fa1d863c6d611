//! Chart, player and figures of a video that was read.

use browser_tests::{Browser, Camera, Key, Page, Site, row_named};

use super::{open, read, saved, videos};
use crate::accessibility::assert_no_barriers;

#[test]
fn chart_and_player_share_their_time_and_there_are_no_barriers() {
    let site = Site::start();
    let browser = Browser::start(&Camera::Absent);
    let page = browser.open();
    page.go(&site.url());
    page.wait_for_view("welcome");
    page.follow("#video-link");
    page.wait_for_view("video-welcome");
    page.screenshots("video-welcome");
    assert_no_barriers(&page, "video-welcome");
    let activities_shown = "[...document.querySelectorAll('.activities > *')].map((item) => item.textContent + ' ' + (item.getAttribute('aria-current') ?? item.getAttribute('href'))).join(', ')";
    let links = activities::ACTIVITIES.into_iter().filter_map(|of| {
        let to = if of == activities::VIDEO { "page".to_owned() } else { of.address() };
        Some(format!("{} {to}", of.link?))
    });
    assert_eq!(page.evaluate(activities_shown), links.collect::<Vec<_>>().join(", "));
    page.click("input[name=use][value=education]");
    page.wait_until("document.querySelector('#refusal').innerText.includes('Article 5(1)(f)')");
    assert_eq!(page.evaluate("document.querySelector('#start').disabled"), true);
    page.click("input[name=use][value=self]");
    page.click("#start");
    page.wait_for_view("video");
    assert_no_barriers(&page, "video before a file");
    read(&page, &videos().join("two.webm"));

    // Keys on the chart move the player, and the player moves the cursor.
    page.wait_until("document.querySelector('#player').readyState >= 2");
    page.evaluate("document.querySelector('#chart').focus()");
    page.press(Key::ArrowRight);
    page.press(Key::ArrowRight);
    page.wait_until("document.querySelector('#chart').getAttribute('aria-valuenow') === '0.200'");
    page.wait_until("Math.abs(document.querySelector('#player').currentTime - 0.201) < 1e-6");
    let said = page.evaluate("document.querySelector('#chart').getAttribute('aria-valuetext')");
    assert!(said.as_str().is_some_and(|text| text.starts_with("0:00.2, happy 0.")), "{said}");
    page.evaluate("document.querySelector('#player').currentTime = 2.001");
    page.wait_until("document.querySelector('#chart').getAttribute('aria-valuenow') === '2.000'");
    // A click in the middle goes to the middle.
    page.click("#chart");
    page.wait_until("Math.abs(document.querySelector('#player').currentTime - 1.501) < 0.02");
    // Playing moves the cursor.
    page.evaluate("(() => { const player = document.querySelector('#player'); player.muted = true; return player.play(); })()");
    page.wait_until("Number(document.querySelector('#chart').getAttribute('aria-valuenow')) > 1.7");
    page.evaluate("document.querySelector('#player').pause()");

    // Zoom by keys, by buttons and by a drag.
    let part = "document.querySelector('#part').innerText";
    assert_eq!(page.evaluate(part), "0:00.0 to 0:03.0");
    page.click("#zoom-in");
    page.wait_until(&format!("{part} !== '0:00.0 to 0:03.0'"));
    page.click("#zoom-whole");
    page.wait_until(&format!("{part} === '0:00.0 to 0:03.0'"));
    page.drag("#chart", 0.5, 1.0);
    page.wait_until(&format!("{part} === '0:01.5 to 0:03.0'"));
    page.screenshots("video-zoomed");
    page.click("#zoom-whole");

    // Another face, another threshold, a hidden curve.
    let figures = "[...document.querySelectorAll('#summary tbody tr')].map((row) => row.innerText).join()";
    let of_largest = page.evaluate(figures);
    let faces =
        page.evaluate("[...document.querySelectorAll('#whose option')].map((option) => option.innerText)");
    assert_eq!(faces.as_array().map(Vec::len), Some(3), "{faces}");
    page.choose_option("#whose", "2");
    page.wait_until(&format!("{figures} !== {of_largest}"));
    let above = |page: &Page| {
        page.evaluate(&format!("{}.querySelector('td:last-child').innerText", row_named("#summary", "happy")))
    };
    page.choose_option("#threshold", "0.1");
    page.wait_until("document.querySelector('#summary th:last-child').innerText === '0.1 or more'");
    assert_eq!(above(&page), "1.5 s", "she smiles all the time that she is there");
    page.click("#legend .chip:last-child");
    page.wait_until(
        "document.querySelector('#legend .chip:last-child').getAttribute('aria-pressed') === 'false'",
    );
    // The peak's button goes there.
    let peak = format!("{}.querySelector('.peak')", row_named("#summary", "happy"));
    let label = page.evaluate(&format!("{peak}.getAttribute('aria-label')"));
    page.click_named("#summary .peak", label.as_str().expect("the button has a name"));
    page.wait_until(&format!(
        "document.querySelector('#chart').getAttribute('aria-valuetext').startsWith({peak}.innerText)"
    ));
    assert_no_barriers(&page, "video");

    // The chart as pictures: what is hidden is not in them.
    let svg = String::from_utf8(saved(&browser, &page, "#save-svg")).expect("SVG is text");
    assert!(svg.starts_with("<svg ") && svg.contains(">two.webm<") && svg.contains("data-emotion=\"happy\""));
    assert!(!svg.contains("data-emotion=\"neutral\"") && svg.contains("face 2, 0:00.0 to 0:03.0"));
    let png = saved(&browser, &page, "#save-png");
    let png = image::load_from_memory(&png).expect("the picture is PNG").to_rgb8();
    assert_eq!(png.dimensions(), (2400, 1120));
    let colours: std::collections::HashSet<_> = png.pixels().map(|pixel| pixel.0).collect();
    assert!(colours.len() > 20, "curves are drawn");

    // Unsaved readings are not lost by choosing the next file.
    page.choose_files("#video-file", &[&videos().join("wall.webm")]);
    page.wait_until("document.querySelector('#drop .fault').innerText.includes('Save or discard the readings of two.webm')");
    assert!(page.asks_before_leaving(), "no file holds the readings");
    page.click("#discard");
    page.click("#discard");
    page.wait_until("document.querySelector('#chart') === null");
    read(&page, &videos().join("wall.webm"));
    assert_eq!(page.complaints(), [""; 0]);
}

#[test]
fn the_faces_of_the_picture_at_the_cursor_are_outlined_over_the_player() {
    let site = Site::start();
    let browser = Browser::start(&Camera::Absent);
    let page = browser.open();
    open(&page, &site);
    read(&page, &videos().join("two.webm"));
    page.wait_until("document.querySelector('#player').readyState >= 2");
    page.evaluate("document.querySelector('#player').currentTime = 2.001");
    page.wait_until("document.querySelector('#chart').getAttribute('aria-valuenow') === '2.000'");
    // Both are named; the shown one, the largest, has whole lines.
    let outlined = "[...document.querySelectorAll('#outlines .face')].map((face) => face.textContent + (face.matches('.shown') ? ', shown' : '')).sort().join('; ')";
    page.wait_until(&format!("{outlined} === 'Face 1, shown; Face 2'"));
    // Where they stand in the player, in per cent of its width and height; it is as wide as the video, 4 : 3.
    let places = page.evaluate("(() => { const player = document.querySelector('#player').getBoundingClientRect(); return [...document.querySelectorAll('#outlines .face-corners')].map((path) => { const box = path.getBoundingClientRect(); return [box.x - player.x, box.width].map((length) => length / player.width * 100).concat([box.y - player.y, box.height].map((length) => length / player.height * 100)); }); })()");
    let places: Vec<[f64; 4]> = serde_json::from_value(places).expect("two boxes");
    for (place, [x, y]) in places.iter().zip([[21.0, 57.0], [80.0, 55.0]]) {
        let [left, width, top, height] = *place;
        assert!((left + width / 2.0 - x).abs() < 3.0 && (top + height / 2.0 - y).abs() < 3.0, "{places:?}");
        assert!((width * 4.0 / 3.0 - height).abs() < 1.0, "a face's box is a square: {places:?}");
    }
    assert_eq!(places.len(), 2);
    page.screenshots("video-outlines");
}
