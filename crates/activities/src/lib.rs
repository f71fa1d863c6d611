//! The one table of what the page can be opened for.
//!
//! An activity is a folder below `src/activity`, a binary of its own in `src/bin`, and a row here. The page takes its title and
//! its navigation from the row, the start script which binary an address asks for, and `xtask` what to build.
//!
//! ```
//! use activities::{ACTIVITIES, PHOTOS};
//!
//! assert_eq!(PHOTOS.address(), "?activity=photos");
//! // The binaries to build: camera, photos and so on.
//! let binaries: Vec<&str> = ACTIVITIES.iter().map(|activity| activity.id).collect();
//! assert!(binaries.contains(&"camera"));
//! ```

/// What the page can be opened for. Each is a page load of its own: a seal cannot be taken off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Activity {
    /// The name of its binary, and the value of `?activity=` that opens it.
    pub id: &'static str,
    /// The document's title.
    pub title: &'static str,
    /// What leads to it in the navigation of every page; `None`: nothing does.
    pub link: Option<&'static str>,
    /// Whether an address with `#ID=...` opens it, too: what follows is then the activity's own.
    pub by_fragment: bool,
    /// What reads frames or pictures for it; `None`: it reads none.
    pub engine: Option<Engine>,
}

/// A binary that works in a worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// Reads the frames of a camera or a video.
    Frames,
    /// The same with the decoders of picture files.
    Pictures,
    /// Merges result files and makes their statistics; it has no networks.
    Panel,
}

/// A file that `assets.json` lists: what it is for, and its place below the page's folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EngineFile {
    pub role: &'static str,
    pub file: &'static str,
}

/// Reads a face through the camera; what an address without a known activity opens.
pub const CAMERA: Activity = Activity {
    id: "camera",
    title: "Emotion Depth",
    link: Some("Camera"),
    by_fragment: false,
    engine: Some(Engine::Frames),
};

/// Reads faces in picture files.
pub const PHOTOS: Activity = Activity {
    id: "photos",
    title: "Photos - Emotion Depth",
    link: Some("Photos"),
    by_fragment: false,
    engine: Some(Engine::Pictures),
};

/// Reads faces in a recorded video.
pub const VIDEO: Activity = Activity {
    id: "video",
    title: "Video - Emotion Depth",
    link: Some("Video"),
    by_fragment: false,
    engine: Some(Engine::Frames),
};

/// Makes a study: forms for its file, and one ZIP for a host.
pub const BUILDER: Activity = Activity {
    id: "builder",
    title: "Make a study - Emotion Depth",
    link: Some("Make a study"),
    by_fragment: false,
    engine: None,
};

/// Merges the results of a study into curves; reads no faces.
pub const PANEL: Activity = Activity {
    id: "panel",
    title: "Panel - Emotion Depth",
    link: Some("Panel"),
    by_fragment: false,
    engine: Some(Engine::Panel),
};

/// A participant's way through a study; opened by a link with `#study=...`, which nothing on the page leads to.
pub const STUDY: Activity = Activity {
    id: "study",
    title: "Study - Emotion Depth",
    link: None,
    by_fragment: true,
    engine: Some(Engine::Frames),
};

/// All activities in the order of the navigation; the first is opened where an address asks for no other.
pub const ACTIVITIES: [Activity; 6] = [CAMERA, PHOTOS, VIDEO, BUILDER, PANEL, STUDY];

/// The roles of the models' files in `assets.json`, in the order of loading; every engine with networks needs them.
pub const MODELS: [&str; 3] = ["manifest", "detector", "classifier"];

impl Activity {
    /// The address that opens it, relative to the page's folder.
    pub fn address(&self) -> String {
        if *self == ACTIVITIES[0] { "./".to_owned() } else { format!("?activity={}", self.id) }
    }

    /// The roles of what it loads before it is sealed, in the order of loading: glue, module and models of its engine.
    pub fn roles(&self) -> Vec<&'static str> {
        match self.engine {
            Some(engine) => {
                engine.files().iter().map(|file| file.role).chain(engine.models().iter().copied()).collect()
            }
            None => Vec::new(),
        }
    }
}

impl Engine {
    pub const ALL: [Engine; 3] = [Engine::Frames, Engine::Pictures, Engine::Panel];

    /// The name of its binary.
    pub fn binary(self) -> &'static str {
        match self {
            Engine::Frames => "engine",
            Engine::Pictures => "engine_pictures",
            Engine::Panel => "panel_worker",
        }
    }

    /// The roles of the models' files that it needs.
    pub fn models(self) -> &'static [&'static str] {
        match self {
            Engine::Frames | Engine::Pictures => &MODELS,
            Engine::Panel => &[],
        }
    }

    /// Its glue and its module.
    pub fn files(self) -> [EngineFile; 2] {
        match self {
            Engine::Frames => [
                EngineFile { role: "glue", file: "engine.js" },
                EngineFile { role: "wasm", file: "engine_bg.wasm" },
            ],
            Engine::Pictures => [
                EngineFile { role: "pictures_glue", file: "engine_pictures.js" },
                EngineFile { role: "pictures_wasm", file: "engine_pictures_bg.wasm" },
            ],
            Engine::Panel => [
                EngineFile { role: "panel_glue", file: "panel_worker.js" },
                EngineFile { role: "panel_wasm", file: "panel_worker_bg.wasm" },
            ],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_plain_words_and_each_stands_once() {
        let mut names: Vec<_> = ACTIVITIES.iter().map(|activity| activity.id).collect();
        names.extend(Engine::ALL.map(Engine::binary));
        for name in &names {
            // They become file names, parts of addresses and of a script.
            assert!(name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'), "{name}");
        }
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count, "two have one name");
    }

    #[test]
    fn the_files_of_an_engine_are_those_of_its_binary() {
        for engine in Engine::ALL {
            let [glue, wasm] = engine.files();
            assert_eq!(glue.file, format!("{}.js", engine.binary()));
            assert_eq!(wasm.file, format!("{}_bg.wasm", engine.binary()));
        }
    }

    #[test]
    fn addresses_are_relative_so_that_any_path_serves() {
        assert_eq!(CAMERA.address(), "./");
        assert_eq!(PHOTOS.address(), "?activity=photos");
        assert_eq!(CAMERA.roles(), ["glue", "wasm", "manifest", "detector", "classifier"]);
        assert_eq!(PHOTOS.roles(), ["pictures_glue", "pictures_wasm", "manifest", "detector", "classifier"]);
        assert_eq!(PANEL.roles(), ["panel_glue", "panel_wasm"]);
    }
}
