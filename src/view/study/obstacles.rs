//! What cannot work here, told before anybody is asked for anything, with the way out.

use emotion_study::words::{Phrase, begin};

/// What the browser says of the place where the page is open.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Surroundings {
    /// Opened by https, or as localhost.
    pub secure: bool,
    /// It lacks something that the engine needs.
    pub lacking: bool,
    /// Inside another page.
    pub framed: bool,
    /// Whether the page around this one lets it use the camera; `None` where the browser does not tell.
    pub camera_allowed: Option<bool>,
    /// How many cameras there are; `None` where the browser does not tell.
    pub cameras: Option<usize>,
    pub user_agent: String,
}

/// Something that stands in the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Obstacle {
    Insecure,
    /// The page around this one does not allow the camera.
    Frame,
    /// An app's own browser.
    InApp,
    Old,
    NoCamera,
}

/// What a page that holds this one must say, so that everything works.
pub const FRAME_PERMISSIONS: &str = r#"<iframe allow="camera; fullscreen; autoplay; screen-wake-lock" ...>"#;

/// The first thing that stands in the way.
pub fn obstacle(here: &Surroundings) -> Option<Obstacle> {
    if !here.secure {
        Some(Obstacle::Insecure)
    } else if here.framed && here.camera_allowed == Some(false) {
        Some(Obstacle::Frame)
    } else if is_in_app(&here.user_agent) {
        Some(Obstacle::InApp)
    } else if here.lacking {
        Some(Obstacle::Old)
    } else if here.cameras == Some(0) {
        Some(Obstacle::NoCamera)
    } else {
        None
    }
}

impl Obstacle {
    pub fn phrase(self) -> &'static Phrase {
        match self {
            Obstacle::Insecure => &begin::OBSTACLE_INSECURE,
            Obstacle::Frame => &begin::OBSTACLE_FRAME,
            Obstacle::InApp => &begin::OBSTACLE_IN_APP,
            Obstacle::Old => &begin::OBSTACLE_OLD,
            Obstacle::NoCamera => &begin::OBSTACLE_NO_CAMERA,
        }
    }

    /// Whether another browser or device is the way out: the link is needed there.
    pub fn needs_link(self) -> bool {
        matches!(self, Obstacle::InApp | Obstacle::Old | Obstacle::NoCamera)
    }

    /// Whether it may work all the same, so that the person may go on: what an app's browser can do is not known beforehand.
    pub fn may_work(self) -> bool {
        self == Obstacle::InApp
    }
}

/// Whether this is the browser that an app shows its links in. By marks that the apps put into the browser's name.
pub fn is_in_app(user_agent: &str) -> bool {
    const MARKS: [&str; 16] = [
        "FBAN/",
        "FBAV/",
        "FB_IAB",
        "Instagram",
        "Line/",
        "MicroMessenger",
        "Snapchat",
        "musical_ly",
        "BytedanceWebview",
        "TikTok",
        "LinkedInApp",
        "Twitter for",
        "Pinterest/",
        "GSA/",
        "KAKAOTALK",
        "; wv)",
    ];
    MARKS.iter().any(|mark| user_agent.contains(mark))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHROME: &str = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";

    fn here() -> Surroundings {
        Surroundings {
            secure: true,
            cameras: Some(1),
            user_agent: CHROME.to_owned(),
            ..Surroundings::default()
        }
    }

    #[test]
    fn a_usual_browser_has_no_obstacle() {
        assert_eq!(obstacle(&here()), None);
        assert_eq!(obstacle(&Surroundings { cameras: None, ..here() }), None, "not told is not known");
        let frame = Surroundings { framed: true, camera_allowed: Some(true), ..here() };
        assert_eq!(obstacle(&frame), None);
        assert_eq!(obstacle(&Surroundings { framed: true, ..here() }), None);
    }

    #[test]
    fn each_obstacle_is_told() {
        assert_eq!(obstacle(&Surroundings { secure: false, ..here() }), Some(Obstacle::Insecure));
        let frame = Surroundings { framed: true, camera_allowed: Some(false), cameras: Some(0), ..here() };
        assert_eq!(obstacle(&frame), Some(Obstacle::Frame), "the frame is why there is no camera");
        assert_eq!(obstacle(&Surroundings { lacking: true, ..here() }), Some(Obstacle::Old));
        assert_eq!(obstacle(&Surroundings { cameras: Some(0), ..here() }), Some(Obstacle::NoCamera));
    }

    #[test]
    fn browsers_of_apps_are_known_by_their_marks() {
        let apps = [
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 [FBAN/FBIOS;FBAV/450.0]",
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Instagram 300.0",
            "Mozilla/5.0 (Linux; Android 14; Pixel 8; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0 Mobile Safari/537.36",
        ];
        for app in apps {
            let place = Surroundings { user_agent: app.to_owned(), ..here() };
            assert_eq!(obstacle(&place), Some(Obstacle::InApp), "{app}");
        }
        let browsers = [
            CHROME,
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
            "Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36",
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        ];
        assert!(browsers.iter().all(|browser| !is_in_app(browser)));
    }
}
