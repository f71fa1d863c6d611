//! The picture in the README.

use browser_tests::{Browser, Camera, Scene, Site};

use crate::steps::{start_live, wait_for_reading};

/// The fake camera's name is a path of this machine, which is nobody's business.
const NAME_THE_CAMERA: &str = r#"
    const enumerateDevices = MediaDevices.prototype.enumerateDevices;
    MediaDevices.prototype.enumerateDevices = async function () {
        const devices = await enumerateDevices.call(this);
        return devices.map(({ deviceId, kind, groupId }) => ({ deviceId, kind, groupId, label: "Built-in camera" }));
    };
"#;

/// Saves target/screenshots/readme.png, which `cargo xtask screenshot` copies to docs/screenshot.png: the live page after a
/// minute of a changing face, at a moment when she smiles.
#[test]
#[ignore = "takes more than a minute; `cargo xtask screenshot` runs it"]
fn readme_picture() {
    let site = Site::start();
    let browser = Browser::start(&Camera::Shows(Scene::expressions()));
    let page = browser.open();
    page.run_first(NAME_THE_CAMERA);
    start_live(&page, &site.url());
    wait_for_reading(&page);
    page.wait_until(
        r#"(() => {
            window.heard ??= addEventListener("emotiondepth", (event) => { window.detail = event.detail; }) ?? true;
            return window.detail?.time_ms > 61000 && window.detail.samples[0].depth?.happy > 0.8;
        })()"#,
    );
    page.screenshot("readme");
    assert_eq!(page.complaints(), [""; 0]);
}
