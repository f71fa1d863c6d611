//! The builder, driven through its real inputs with real files.

mod faults;
mod making;
mod opening;
mod preview;

use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};

use browser_tests::{Browser, Page, Site};
use emotion_study::file::{self, Study};
use serde_json::json;
use zip::ZipArchive;

/// Opens the builder and goes on to its form.
#[track_caller]
fn open(page: &Page, site: &Site) {
    page.go(&format!("{}?activity=builder", site.url()));
    page.wait_for_view("builder-welcome");
    page.click("#start");
    page.wait_for_view("builder");
}

fn videos() -> PathBuf {
    // The browser reads no path with `..` in it.
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package lies in the repository");
    root.join("tests/videos")
}

/// Types into an input in the place of what it holds, and leaves it.
#[track_caller]
fn fill(page: &Page, selector: &str, text: &str) {
    page.wait_until(&format!(
        "(() => {{ const input = document.querySelector({selector:?}); if (!input) return false; \
         input.closest('details')?.setAttribute('open', ''); input.focus(); input.select(); \
         return document.activeElement === input; }})()"
    ));
    page.call("Input.insertText", json!({ "text": text }));
    page.evaluate("document.activeElement.blur()");
}

/// Chooses an option as a person does.
#[track_caller]
fn choose(page: &Page, selector: &str, value: &str) {
    page.wait_until(&format!(
        "(() => {{ const select = document.querySelector({selector:?}); if (!select) return false; select.value = \
         {value:?}; select.dispatchEvent(new Event('change', {{ bubbles: true }})); return select.value === \
         {value:?}; }})()"
    ));
}

/// Fills what every study needs but for what is shown.
#[track_caller]
fn fill_what_is_needed(page: &Page) {
    for (selector, text) in [
        ("#f-title", "Spring spots"),
        ("#f-id", "spring-2026"),
        ("#f-controller-name", "Example Research"),
        ("#f-controller-contact", "privacy@example.org"),
        ("#f-controller-authority", "BlnBDI, Berlin"),
        ("#f-consent-text", "You see **two** films.\n\n- free\n- ten minutes"),
        ("#f-consent-recipients", "Example Research"),
        ("#f-consent-retention", "12 months"),
        ("#f-consent-withdraw_until", "30 days after taking part"),
    ] {
        fill(page, selector, text);
    }
    choose(page, "#f-purpose", "market_research");
}

/// Waits until so many stimuli stand in the form and no file is being read.
#[track_caller]
fn wait_for_stimuli(page: &Page, count: usize) {
    page.wait_until(&format!(
        "document.querySelectorAll('#stimuli > .entry').length === {count} \
         && !document.querySelector('#media-progress')"
    ));
}

/// Waits until the element that has the keyboard's focus has an id like this: a pattern of JavaScript.
#[track_caller]
fn wait_for_focus(page: &Page, pattern: &str) {
    page.evaluate(&format!(
        "new Promise((done) => {{ \
             const look = () => {{ \
                 if (!/^{pattern}$/.test(document.activeElement.id)) return; \
                 removeEventListener('focusin', look); \
                 done(); \
             }}; \
             addEventListener('focusin', look); \
             look(); \
         }})"
    ));
}

/// The ZIP that a button saves, read by the crate `zip`: the names and contents of its files.
fn saved(browser: &Browser, page: &Page, button: &str) -> Vec<(String, Vec<u8>)> {
    browser.forget_events();
    page.click(button);
    files_of(&browser.downloaded_bytes())
}

fn files_of(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).expect("it is a ZIP file");
    (0..archive.len())
        .map(|at| {
            let mut file = archive.by_index(at).expect("an entry");
            let mut content = Vec::new();
            file.read_to_end(&mut content).expect("the checksum is right");
            (file.name().expect("UTF-8").into_owned(), content)
        })
        .collect()
}

#[track_caller]
fn content<'f>(files: &'f [(String, Vec<u8>)], name: &str) -> &'f [u8] {
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    let found = files.iter().find(|(known, _)| known == name);
    &found.unwrap_or_else(|| panic!("{name} is not among {names:?}")).1
}

#[track_caller]
fn study_of(files: &[(String, Vec<u8>)], name: &str) -> Study {
    let text = std::str::from_utf8(content(files, name)).expect("text");
    file::parse(text).unwrap_or_else(|faults| panic!("{faults:#?}\n{text}"))
}

/// The text of what is wrong beside a field.
fn fault(page: &Page, field: &str) -> String {
    let text = page.evaluate(&format!("document.querySelector('#{field}-fault')?.innerText ?? ''"));
    text.as_str().unwrap_or_default().trim().to_owned()
}
