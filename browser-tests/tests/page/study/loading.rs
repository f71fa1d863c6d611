//! The size is told before anything is loaded, also where the study file does not tell it.

use browser_tests::{Browser, Camera, Page, Scene, Site};

use super::{agree, open, site_with};

fn without_bytes() -> Site {
    site_with(|study| {
        for stimulus in study["stimuli"].as_array_mut().expect("a list") {
            for kind in ["video", "image"] {
                if let Some(media) = stimulus.get_mut(kind).and_then(|media| media.as_object_mut()) {
                    media.remove("bytes");
                }
            }
        }
    })
}

/// The megabytes that the page tells before it loads.
#[track_caller]
fn told(page: &Page) -> String {
    page.wait_until("!document.querySelector('#load')?.disabled && document.querySelector('#loading-size').innerText !== '…'");
    page.evaluate("document.querySelector('#loading-size').innerText").as_str().unwrap_or_default().to_owned()
}

#[track_caller]
fn at_the_loading<'b>(browser: &'b Browser, site: &Site, script: &str) -> Page<'b> {
    let page = browser.open();
    page.run_first(script);
    open(&page, site, "&participant=P1");
    agree(&page);
    // The engine is here: then what is told is the size of the study's own files.
    page.wait_until("document.querySelector('#study-load').max > 1");
    page
}

#[test]
fn the_host_is_asked_for_sizes_that_the_study_does_not_tell() {
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let site = site_with(|_| {});
    let page = at_the_loading(&browser, &site, "");
    let with_bytes = told(&page);
    assert!(
        !site.server.requests().iter().any(|request| request.starts_with("HEAD")),
        "nobody need be asked"
    );
    let site = without_bytes();
    let page = at_the_loading(&browser, &site, "");
    let asked = told(&page);
    let heads: Vec<String> =
        site.server.requests().into_iter().filter(|request| request.starts_with("HEAD")).collect();
    assert_eq!(heads.len(), 2, "{heads:?}");
    assert!(
        !site.server.requests().iter().any(|request| request.starts_with("GET") && request.contains("ball"))
    );
    assert!(asked.starts_with(|first: char| first.is_ascii_digit()), "{asked}");
    assert!(
        with_bytes.contains("MB will be loaded") && asked.contains("MB will be loaded"),
        "{with_bytes} {asked}"
    );
    page.click("#load");
    page.wait_for_view("study-checks");
}

#[test]
fn a_host_that_does_not_tell_is_said_to_be_silent_and_the_study_goes_on() {
    let site = without_bytes();
    let browser = Browser::start(&Camera::Shows(Scene::face()));
    let page = at_the_loading(
        &browser,
        &site,
        r#"const fetched = window.fetch;
        window.fetch = (what, options) => options?.method === "HEAD"
            ? Promise.resolve(new Response(null, { status: 405 })) : fetched(what, options);"#,
    );
    let sentence = told(&page);
    assert!(sentence.contains("the size of the rest is not known"), "{sentence}");
    page.screenshots("study-size-unknown");
    page.click("#load");
    page.wait_for_view("study-checks");
}
