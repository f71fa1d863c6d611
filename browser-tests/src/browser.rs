//! One Chromium with a fresh profile and a fake camera, for one test.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::devtools::{DevTools, Event, Session};
use crate::page::Page;
use crate::scene::Scene;
use testkit::TempFolder;

/// What the browser's camera is.
pub enum Camera {
    /// It shows the scene, and whoever asks may use it.
    Shows(Scene),
    /// It is there, but the person says no.
    Denied,
    /// There is none.
    Absent,
}

/// A running headless browser; killed on drop, its profile removed.
pub struct Browser {
    devtools: DevTools,
    folder: TempFolder,
}

impl Browser {
    /// Starts the Chromium that the environment variable CHROMIUM names, else `chromium`.
    ///
    /// # Panics
    /// If it does not start.
    pub fn start(camera: &Camera) -> Browser {
        Browser::start_with(camera, &[])
    }

    /// As [`Browser::start`], with further switches.
    ///
    /// # Panics
    /// If it does not start.
    pub fn start_with(camera: &Camera, switches: &[&str]) -> Browser {
        let folder = TempFolder::new();
        let mut args: Vec<String> = [
            "--headless=new",
            "--no-sandbox", // as root, Chromium runs only so
            "--no-first-run",
            "--no-default-browser-check",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage", // containers have little of it
            "--disable-search-engine-choice-screen",
            "--mute-audio",
            "--hide-scrollbars",
            "--window-size=1280,900",
            "about:blank",
        ]
        .map(str::to_owned)
        .into();
        args.extend(switches.iter().map(|&switch| switch.to_owned()));
        args.push(format!("--user-data-dir={}", folder.path().join("profile").display()));
        match camera {
            Camera::Shows(scene) => {
                let file = folder.path().join("camera.y4m");
                scene.write_y4m(&file).expect("the scene can be written");
                args.push("--use-fake-ui-for-media-stream".into());
                args.push("--use-fake-device-for-media-stream".into());
                args.push(format!("--use-file-for-fake-video-capture={}", file.display()));
            }
            Camera::Denied => {
                args.push("--use-fake-ui-for-media-stream=deny".into());
                args.push("--use-fake-device-for-media-stream".into());
            }
            Camera::Absent => {
                args.push("--use-fake-ui-for-media-stream".into());
                args.push("--use-fake-device-for-media-stream=device-count=0".into());
            }
        }
        let program = std::env::var_os("CHROMIUM").map_or_else(|| PathBuf::from("chromium"), PathBuf::from);
        let browser = Browser { devtools: DevTools::start(&program, &args), folder };
        browser.call(&None, "Target.setDiscoverTargets", json!({ "discover": true }));
        browser
    }

    /// Opens a tab of its own and prepares it: events are on, downloads go to [`Browser::downloads`].
    pub fn open(&self) -> Page<'_> {
        let target = self.call(&None, "Target.createTarget", json!({ "url": "about:blank" }));
        let attach = json!({ "targetId": target["targetId"], "flatten": true });
        let session = self.call(&None, "Target.attachToTarget", attach);
        let session: Session = session["sessionId"].as_str().map(str::to_owned);
        for method in ["Page.enable", "Runtime.enable", "Log.enable", "Network.enable"] {
            self.call(&session, method, json!({}));
        }
        let workers = json!({ "autoAttach": true, "waitForDebuggerOnStart": true, "flatten": true });
        self.call(&session, "Target.setAutoAttach", workers);
        let downloads =
            json!({ "behavior": "allow", "downloadPath": self.downloads(), "eventsEnabled": true });
        self.call(&None, "Browser.setDownloadBehavior", downloads);
        Page::new(self, session)
    }

    /// Where the page's saved files land.
    pub fn downloads(&self) -> PathBuf {
        self.folder.path().join("downloads")
    }

    /// Waits until a download has ended and gives the file's text.
    pub fn downloaded(&self) -> String {
        String::from_utf8(self.downloaded_bytes()).expect("the saved file is text")
    }

    /// Waits until a download has ended and gives the file's bytes.
    pub fn downloaded_bytes(&self) -> Vec<u8> {
        let name = self.wait_for("a download", |event| {
            let begins = event.method == "Browser.downloadWillBegin";
            begins.then(|| event.params["suggestedFilename"].as_str().unwrap_or_default().to_owned())
        });
        // A second file of a name gets another name on the disk.
        let path = self.wait_for("the download's end", |event| {
            let ends = event.method == "Browser.downloadProgress" && event.params["state"] == "completed";
            ends.then(|| event.params["filePath"].as_str().map(PathBuf::from))
        });
        let path = path.unwrap_or_else(|| self.downloads().join(&name));
        std::fs::read(&path).expect("the saved file can be read")
    }

    /// Waits for an event, earlier ones included.
    ///
    /// # Panics
    /// If it does not come within the deadline.
    pub fn wait_for<T>(&self, what: &str, wanted: impl Fn(&Event) -> Option<T>) -> T {
        self.devtools.wait_for(wanted).unwrap_or_else(|fault| panic!("waiting for {what}: {fault}"))
    }

    /// As [`Browser::wait_for`], with all events so far at once; see [`DevTools::wait_for_all`].
    pub(crate) fn wait_for_all<T>(&self, what: &str, wanted: impl Fn(&[Event]) -> Option<T>) -> T {
        self.devtools.wait_for_all(wanted).unwrap_or_else(|fault| panic!("waiting for {what}: {fault}"))
    }

    pub fn events(&self) -> Vec<Event> {
        self.devtools.events()
    }

    pub fn forget_events(&self) {
        self.devtools.forget_events();
    }

    /// Sends a DevTools command.
    ///
    /// # Panics
    /// If it fails.
    pub fn call(&self, session: &Session, method: &str, params: Value) -> Value {
        self.devtools.call(session, method, params).unwrap_or_else(|fault| panic!("{fault}"))
    }

    /// Sends a DevTools command that may fail.
    pub fn try_call(&self, session: &Session, method: &str, params: Value) -> Result<Value, String> {
        self.devtools.call(session, method, params)
    }
}
