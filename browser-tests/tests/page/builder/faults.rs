//! What is wrong is told beside its field, as one types.

use std::fs;

use browser_tests::{Browser, Camera, Site, TempFolder};

use super::{choose, fault, fill, fill_what_is_needed, open, videos, wait_for_focus, wait_for_stimuli};

#[test]
fn faults_stand_beside_their_fields_as_one_types() {
    let site = Site::start();
    let browser = Browser::start(&Camera::Absent);
    let page = browser.open();
    open(&page, &site);
    assert_eq!(fault(&page, "f-id"), "", "nobody is blamed for what they have not reached");
    fill(&page, "#f-id", "my study");
    page.wait_until("document.querySelector('#f-id').getAttribute('aria-invalid') === 'true'");
    assert!(fault(&page, "f-id").contains("An id has 1 to 40 letters"), "{}", fault(&page, "f-id"));
    fill(&page, "#f-id", "my-study");
    page.wait_until("document.querySelector('#f-id').getAttribute('aria-invalid') === 'false'");
    assert_eq!(fault(&page, "f-id"), "");
    fill(&page, "#f-outcomes-complete-link", "http://example.org");
    page.wait_until(
        "document.querySelector('#f-outcomes-complete-link-fault').innerText.includes('https://')",
    );
    fill(&page, "#f-outcomes-complete-link", "");
    fill(&page, "#f-baseline-seconds", "1");
    page.wait_until("document.querySelector('#f-baseline-seconds-fault').innerText.includes('from 3 to 60')");
    fill(&page, "#f-baseline-seconds", "");
    page.click("#add-text");
    wait_for_stimuli(&page, 1);
    fill(&page, "#f-stimuli-0-text-duration_ms", "0.2");
    page.wait_until(
        "document.querySelector('#f-stimuli-0-text-duration_ms-fault').innerText.includes('seconds from 0.5')",
    );
    fill(&page, "#f-stimuli-0-text-duration_ms", "4");

    // Saving shows all that is open, and the way to each.
    page.click("#save-study");
    wait_for_focus(&page, "open-points");
    let open_points = page.evaluate("document.querySelectorAll('#open-points li').length");
    assert!(open_points.as_u64().is_some_and(|count| count > 5), "{open_points}");
    assert_eq!(fault(&page, "f-title"), "Please fill this in.");
    assert_eq!(fault(&page, "f-purpose"), "Choose one.");
    page.screenshots("builder-faults");
    page.click_named("#open-points button", "Consent retention");
    wait_for_focus(&page, "f-consent-retention");
    fill_what_is_needed(&page);
    fill(&page, "#f-stimuli-0-text-text", "Hello");
    page.wait_until("document.querySelector('#open-count').innerText === 'The study is complete.'");
    choose(&page, "#f-language", "fr");
    fill(&page, "#page-address", "http://example.org");
    page.wait_until("document.querySelector('#link-faults').innerText.includes('https://')");
    page.click("#save-study");
    wait_for_focus(&page, "link-faults");
    assert_eq!(page.complaints(), [""; 0]);
}

#[test]
fn files_that_no_study_can_show_are_named_with_the_reason() {
    let folder = TempFolder::new();
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).expect("it can be written");
        path
    };
    let files = [
        write("a.avi", b"RIFF"),
        write("b.png", b"not a picture"),
        write("c.webm", b""),
        write("d.mp4", b"Dear diary,\n"),
    ];
    let site = Site::start();
    let browser = Browser::start(&Camera::Absent);
    let page = browser.open();
    open(&page, &site);
    let video = videos().join("two.webm");
    page.choose_files("#media-files", &[&files[0], &files[1], &files[2], &files[3], &video]);
    wait_for_stimuli(&page, 1);
    let notes = page.evaluate("document.querySelector('#media-notes').innerText");
    let notes = notes.as_str().unwrap_or_default();
    for reason in [
        "a.avi: a study shows WebM",
        "b.png: This browser cannot show the image",
        "c.webm: the file is empty",
        "d.mp4: The file is not a video",
    ] {
        assert!(notes.contains(reason), "{reason}: {notes}");
    }
}
