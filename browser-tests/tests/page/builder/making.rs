//! A study from files to the ZIP, and without a mouse.

use std::fs;

use browser_tests::{Browser, Camera, Key, Page, Site, TempFolder};
use emotion_study::file::{Media, OrderMethod, QuestionKind};
use emotion_study::hash::sha256_hex;
use image::RgbImage;

use super::{
    choose, content, fill, fill_what_is_needed, open, saved, study_of, videos, wait_for_focus,
    wait_for_stimuli,
};
use crate::accessibility::assert_no_barriers;

/// Moves the slider of the first stimulus and waits until its video has followed.
#[track_caller]
fn go_to(page: &Page, time_ms: u32) {
    page.evaluate(&format!(
        "new Promise((done) => {{ \
             document.querySelector('#stimuli .timeline video').addEventListener('seeked', () => done(), {{ once: \
             true }}); const slider = document.querySelector('#timeline-0'); \
             slider.value = {time_ms}; \
             slider.dispatchEvent(new Event('input', {{ bubbles: true }})); \
         }})"
    ));
}

#[test]
fn a_study_is_made_from_files_and_the_zip_holds_it_whole() {
    let folder = TempFolder::new();
    let pack = folder.path().join("Grüne Packung #1.png");
    RgbImage::from_pixel(640, 360, image::Rgb([30, 140, 60])).save(&pack).expect("it can be written");
    let site = Site::start();
    let browser = Browser::start(&Camera::Absent);
    let page = browser.open();
    open(&page, &site);
    assert_eq!(page.evaluate("document.documentElement.dataset.sealed"), "true");
    let requests_before = site.server.requests();
    assert!(!page.asks_before_leaving(), "nothing is written yet");

    page.choose_files("#media-files", &[&videos().join("moving.webm"), &videos().join("two.webm"), &pack]);
    wait_for_stimuli(&page, 3);
    page.wait_until("document.querySelectorAll('.still').length === 3");
    assert!(page.asks_before_leaving(), "no file holds the study: the browser must ask before it is lost");
    // Sorted by name: the image is the first.
    let names =
        "[...document.querySelectorAll('#stimuli .file-name')].map((name) => name.innerText).join(' ')";
    assert_eq!(page.evaluate(names), "media/Gruene-Packung-1.png media/moving.webm media/two.webm");
    page.click_named("#stimuli button", "Move up: 2. Video");
    page.wait_until("document.querySelector('#f-stimuli-0-id')?.value === 'moving'");
    fill(&page, "#f-stimuli-1-image-alt", "A green package");
    fill(&page, "#f-stimuli-1-image-duration_ms", "2,5");
    page.click("#add-text");
    wait_for_stimuli(&page, 4);
    fill(&page, "#f-stimuli-3-text-text", "Fresh as *never*.");

    // A segment on the video's own timeline.
    page.click("#segments-0");
    page.wait_until("document.querySelector('#stimuli .timeline video')?.readyState >= 2");
    go_to(&page, 300);
    page.click("#add-segment-0");
    fill(&page, "#f-stimuli-0-segments-0-id", "brand");
    go_to(&page, 700);
    page.click(".segment-to");
    page.wait_until("document.querySelector('#f-stimuli-0-segments-0-to_ms').value === '0.7'");

    choose(&page, "#f-order-method", "williams");
    page.click("#add-group");
    page.wait_until("document.querySelector('#f-groups-0-id')?.value === 'A'");
    page.click("#add-group");
    page.wait_until("document.querySelector('#f-groups-1-id')?.value === 'B'");
    page.click("#f-groups-1-stimuli-two");
    page.click("#f-groups-1-stimuli-moving");
    // What names a stimulus follows its name.
    fill(&page, "#f-stimuli-2-id", "spot");
    page.wait_until("document.querySelector('#f-groups-1-stimuli-spot')?.checked");

    page.click("#add-questions-scale");
    fill(&page, "#f-questions-0-prompt", "How good was it?");
    choose(&page, "#f-questions-0-after", "spot");
    page.click("#add-screening-choice");
    fill(&page, "#f-screening-0-question-prompt", "How old are you?");
    fill(&page, "#f-screening-0-question-choice-options-0-text", "under 18");
    fill(&page, "#f-screening-0-question-choice-options-1-text", "18 and more");
    page.click("#f-screening-0-screen_out_if-a1");
    fill_what_is_needed(&page);
    page.click("[id='f-handover-methods-receipt']");
    fill(
        &page,
        "#f-outcomes-complete-link",
        "https://app.prolific.com/submissions/complete?cc=ABC&p={participant}",
    );
    fill(&page, "#page-address", "https://lab.example.org/page/");
    fill(&page, "#link-count", "5");
    page.wait_until("document.querySelector('#open-count').innerText === 'The study is complete.'");
    // The list of parts stays in view: the picture is of the top.
    page.evaluate("scrollTo(0, 0)");
    page.screenshots("builder");

    let files = saved(&browser, &page, "#save-study");
    page.wait_until("document.querySelector('#saved').innerText === 'Saved as spring-2026.zip.'");
    assert!(!page.asks_before_leaving(), "a file holds it");
    assert_eq!(site.server.requests(), requests_before, "making a study asks for nothing");
    assert_eq!(page.complaints(), [""; 0]);

    let study = study_of(&files, "spring-2026/study.json");
    let ids: Vec<&str> = study.stimuli.iter().map(|stimulus| stimulus.id.as_str()).collect();
    assert_eq!(ids, ["moving", "Gruene-Packung-1", "spot", "text"]);
    for stimulus in &study.stimuli {
        if let Some(file) = stimulus.media.file() {
            let bytes = content(&files, &format!("spring-2026/{}", file.path));
            assert_eq!(
                (sha256_hex(bytes).as_str(), Some(bytes.len() as u64)),
                (file.sha256, file.bytes),
                "{}",
                file.path
            );
        }
    }
    assert_eq!(
        content(&files, "spring-2026/media/two.webm"),
        fs::read(videos().join("two.webm")).expect("it is there")
    );
    let Media::Video(video) = &study.stimuli[0].media else { panic!("a video") };
    let segment = &study.stimuli[0].segments[0];
    assert_eq!((segment.id.as_str(), segment.from_ms, segment.to_ms), ("brand", 300, 700));
    assert!(video.duration_ms > 900, "{}", video.duration_ms);
    assert_eq!(study.stimuli[1].media.duration_ms(), Some(2_500));
    assert_eq!(study.order.method, OrderMethod::Williams);
    assert_eq!(study.groups[1].stimuli.as_deref(), Some(&["spot".to_owned(), "moving".to_owned()][..]));
    assert_eq!((study.questions[0].after.as_str(), study.questions.len()), ("spot", 1));
    assert!(matches!(study.screening[0].question.kind, QuestionKind::Choice(_)));

    let links =
        std::str::from_utf8(content(&files, "spring-2026-links-keep-private/links.csv")).expect("text");
    let lines: Vec<&str> = links.lines().collect();
    assert_eq!((lines.len(), lines[0]), (6, "participant,group,row,link"));
    let begin = "https://lab.example.org/page/#study=studies/spring-2026/study.json";
    assert_eq!(lines[2], format!("P2,B,1,{begin}&participant=P2&group=B&row=1"));
    let html =
        std::str::from_utf8(content(&files, "spring-2026-links-keep-private/links.html")).expect("text");
    assert_eq!(html.matches("<tr><th scope=\"row\">").count(), 5);
    content(&files, "READ-ME-FIRST.txt");

    browser.forget_events();
    page.click("#save-links");
    assert_eq!(browser.downloaded(), links);
}

#[test]
fn the_builder_has_no_barriers() {
    let site = Site::start();
    let browser = Browser::start(&Camera::Absent);
    let page = browser.open();
    page.go(&format!("{}?activity=builder", site.url()));
    page.wait_for_view("builder-welcome");
    assert_no_barriers(&page, "builder-welcome");
    page.screenshots("builder-welcome");
    page.click("#start");
    page.wait_for_view("builder");
    page.choose_files("#media-files", &[&videos().join("two.webm")]);
    wait_for_stimuli(&page, 1);
    for button in [
        "#add-text",
        "#add-pause",
        "#add-group",
        "#add-questions-scale",
        "#add-questions-text",
        "#add-screening-choice",
    ] {
        page.click(button);
    }
    page.click("#segments-0");
    page.wait_until("document.querySelector('#stimuli .timeline video')?.readyState >= 1");
    page.click("#add-segment-0");
    page.click("#save-study");
    wait_for_focus(&page, "open-points");
    page.evaluate(
        "document.querySelectorAll('main details').forEach((details) => details.setAttribute('open', ''))",
    );
    assert_no_barriers(&page, "builder");
    page.screenshots("builder-open-points");
    // On a phone nothing is wider than the screen, also on the smallest.
    for width in [390, 320] {
        page.show_as(width, 844, false);
        assert_eq!(page.evaluate("document.documentElement.scrollWidth"), width);
        let beside = page.evaluate(
            "[...document.querySelectorAll('main *')].filter((element) => element.checkVisibility() && element.getBoundingClientRect().right > innerWidth + 1).map((element) => element.outerHTML.slice(0, 120))",
        );
        assert_eq!(beside, serde_json::json!([]), "{width}");
    }
    page.screenshot("builder-320");
}

/// The texts of the stimuli, in the order of the form.
#[track_caller]
fn shown_texts(page: &Page) -> serde_json::Value {
    page.evaluate("[...document.querySelectorAll('#stimuli textarea')].map((field) => field.value).join()")
}

#[test]
fn stimuli_are_put_in_order_by_dragging_and_by_buttons() {
    let site = Site::start();
    let browser = Browser::start(&Camera::Absent);
    let page = browser.open();
    super::open(&page, &site);
    page.show_as(1280, 2_400, false);
    for (at, text) in ["one", "two", "three"].into_iter().enumerate() {
        page.click("#add-text");
        wait_for_stimuli(&page, at + 1);
        super::fill(&page, &format!("#f-stimuli-{at}-text-text"), text);
    }
    page.evaluate("scrollTo(0, 0)");
    page.drag_below("#stimuli .entry:nth-child(1) .grip", "#stimuli .entry:nth-child(3)");
    wait_for_focus(&page, "f-stimuli-2-title");
    assert_eq!(shown_texts(&page), "two,three,one");
    // Let go where it was, nothing changes.
    page.drag_below("#stimuli .entry:nth-child(2) .grip", "#stimuli .entry:nth-child(2) .entry-head");
    assert_eq!(shown_texts(&page), "two,three,one");
    page.drag_below("#stimuli .entry:nth-child(3) .grip", "#stimuli .entry:nth-child(1) .entry-head");
    wait_for_focus(&page, "f-stimuli-0-title");
    assert_eq!(shown_texts(&page), "one,two,three");
    page.screenshot("builder-order");
    // The same from the keyboard.
    for (button, at) in [("Move down: 1. Text", 1), ("Move up: 3. Text", 1)] {
        page.evaluate(&format!("document.querySelector('[aria-label=\"{button}\"]').focus()"));
        page.press(Key::Enter);
        wait_for_focus(&page, &format!("f-stimuli-{at}-title"));
    }
    assert_eq!(shown_texts(&page), "two,three,one");
    assert_eq!(page.complaints(), [""; 0]);
}

/// Presses Tab until an element has the focus.
#[track_caller]
fn tab_to(page: &Page, selector: &str) {
    for _ in 0..150 {
        page.press(Key::Tab);
        if page.evaluate(&format!("document.activeElement.matches({selector:?})")) == true {
            return;
        }
    }
    panic!("Tab never reaches {selector}");
}

#[test]
fn a_study_is_made_from_the_keyboard() {
    let site = Site::start();
    let browser = Browser::start(&Camera::Absent);
    let page = browser.open();
    page.go(&format!("{}?activity=builder", site.url()));
    page.wait_for_view("builder-welcome");
    tab_to(&page, "#start");
    page.press(Key::Enter);
    page.wait_for_view("builder");
    wait_for_focus(&page, "builder-title");
    // The list of parts leads to a part.
    tab_to(&page, ".part-list li:nth-child(2) button");
    page.press(Key::Enter);
    wait_for_focus(&page, "part-shown");
    for text in ["one", "two"] {
        tab_to(&page, "#add-text");
        page.press(Key::Space);
        // The keyboard goes on in what was added.
        wait_for_focus(&page, "f-stimuli-.-title");
        tab_to(&page, "#stimuli .entry:last-child textarea");
        page.call("Input.insertText", serde_json::json!({ "text": text }));
        page.evaluate("document.querySelector('#part-shown').focus()");
    }
    tab_to(&page, "[aria-label='Move up: 2. Text']");
    page.press(Key::Enter);
    wait_for_focus(&page, "f-stimuli-0-title");
    assert_eq!(page.evaluate("document.querySelector('#f-stimuli-0-text-text').value"), "two");
    tab_to(&page, "[aria-label='Remove: 2. Text']");
    page.press(Key::Enter);
    wait_for_focus(&page, "f-stimuli-0-title");
    tab_to(&page, "#save-draft");
    page.press(Key::Enter);
    let files = super::files_of(&browser.downloaded_bytes());
    assert_eq!(files.len(), 1);
    let text = std::str::from_utf8(content(&files, "study/study.json")).expect("text");
    assert!(text.contains("\"two\"") && !text.contains("\"one\""), "{text}");
}
