//! The opening: what the address asks for, the study file, what is left of an earlier page.

use std::cell::RefCell;
use std::rc::Rc;

use emotion_study::file;
use emotion_study::link::{Link, Participant};
use emotion_study::session::journal::{self, Resumed};
use emotion_study::words::{Phrase, end};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::activity::study::services::course::{Course, Loaded};
use crate::activity::study::services::files::Files;
use crate::view::study::address::{Asked, asked};
use crate::view::study::obstacles::{Obstacle, obstacle};
use crate::web::place;
use crate::web::study_files;
use crate::web::study_folder::StudyFolder;
use crate::web::study_store::{About, StudyStore};
use crate::web::support::Need;

/// What the participant, or the maker of a study, has before them.
#[derive(Debug, Clone, PartialEq)]
pub enum Screen {
    /// The study file is on its way.
    Opening,
    /// It cannot be shown.
    Trouble(Trouble),
    /// The maker of a study chooses the files of it.
    ChoosePreview,
    /// There is something left of an earlier page.
    Resume,
    /// The session.
    Session,
}

/// Why a study cannot be shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Trouble {
    /// For the participant.
    pub sentence: &'static Phrase,
    /// For those who made the study or sent the link.
    pub details: Vec<String>,
}

#[derive(Default)]
struct Parts {
    link: Option<Link>,
    participant: Participant,
    resumed: Option<(Resumed<'static>, About)>,
}

/// Handle of the service.
#[derive(Clone, Copy)]
pub struct Opening {
    pub screen: RwSignal<Screen>,
    /// What stands in the way of the study here; told with the notice.
    pub obstacle: RwSignal<Option<Obstacle>>,
    course: Course,
    files: Files,
    parts: StoredValue<Rc<RefCell<Parts>>, LocalStorage>,
}

impl Opening {
    pub fn new(course: Course, files: Files) -> Self {
        Self {
            screen: RwSignal::new(Screen::Opening),
            obstacle: RwSignal::new(None),
            course,
            files,
            parts: StoredValue::new_local(Rc::default()),
        }
    }

    fn with<T>(self, work: impl FnOnce(&mut Parts) -> T) -> T {
        let parts = self.parts.get_value();
        let mut parts = parts.borrow_mut();
        work(&mut parts)
    }

    fn trouble(self, sentence: &'static Phrase, details: Vec<String>) {
        self.screen.set(Screen::Trouble(Trouble { sentence, details }));
    }

    /// Look at the address, and open what it asks for.
    pub fn open(self, needs: &'static [Need]) {
        spawn_local(async move {
            let here = place::surroundings(needs).await;
            self.obstacle.set(obstacle(&here));
        });
        match asked(&place::fragment()) {
            Ok(Asked::Preview) => self.screen.set(Screen::ChoosePreview),
            Ok(Asked::Nothing) => self.trouble(&end::ERROR_LINK, Vec::new()),
            Ok(Asked::Study(link)) => self.open_link(link),
            Err(fault) => self.trouble(&end::ERROR_LINK, vec![fault.to_string()]),
        }
    }

    /// Try once more what failed.
    pub fn again(self) {
        match self.with(|parts| parts.link.clone()) {
            Some(link) => self.open_link(link),
            None => place::reload(),
        }
    }

    fn open_link(self, link: Link) {
        self.screen.set(Screen::Opening);
        self.with(|parts| parts.link = Some(link.clone()));
        spawn_local(async move {
            let bytes = match study_files::study_file(&link.study).await {
                Ok(bytes) => bytes,
                Err(fault) => return self.trouble(&end::ERROR_STUDY, vec![fault.to_string()]),
            };
            let Some(loaded) = self.read(bytes, link.study.clone(), false) else { return };
            match link.resolve(loaded.study) {
                Ok(participant) => self.with(|parts| parts.participant = participant),
                Err(fault) => return self.trouble(&end::ERROR_LINK, vec![fault.to_string()]),
            }
            match self.left_over(&loaded).await {
                Some(left) => {
                    self.with(|parts| parts.resumed = Some(left));
                    self.screen.set(Screen::Resume);
                }
                None => self.begin(),
            }
        });
    }

    /// Take a study file; nothing where it has faults, which are told.
    fn read(self, bytes: Vec<u8>, path: String, preview: bool) -> Option<Loaded> {
        let text = String::from_utf8_lossy(&bytes);
        match file::parse(&text) {
            Ok(study) => {
                let loaded = Loaded::new(study, path, &bytes, preview);
                self.course.take(loaded);
                Some(loaded)
            }
            Err(faults) => {
                self.trouble(&end::ERROR_STUDY, faults.iter().map(ToString::to_string).collect());
                None
            }
        }
    }

    /// Open a study of one's own, marked as a preview.
    pub fn preview(self, folder: StudyFolder) {
        let bytes = folder.study_json.clone().into_bytes();
        if self.read(bytes, String::new(), true).is_some() {
            self.files.give(folder);
            self.begin();
        }
    }

    /// What an earlier page has left of this study, for this participant.
    async fn left_over(self, loaded: &Loaded) -> Option<(Resumed<'static>, About)> {
        let store = StudyStore::open().await.ok()?;
        let asked = self.with(|parts| parts.participant.id.clone());
        let sessions = store.sessions().await.ok()?;
        // A link without an id is that of a page that was opened again: its id was taken out of the address.
        let fits =
            |about: &&About| about.study == loaded.path && (asked.is_none() || asked == about.participant);
        for about in sessions.iter().filter(fits) {
            let entries = store.entries(&about.session).await.unwrap_or_default();
            let now_ms = js_sys::Date::now() as u64;
            match journal::resume(loaded.study, loaded.measure_sha256, &entries, now_ms) {
                Ok(resumed) => return Some((resumed, about.clone())),
                // What cannot be continued is of no use to anybody.
                Err(_) => drop(store.delete(&about.session).await),
            }
        }
        None
    }

    /// Go on with what was left.
    pub fn go_on(self) {
        let Some((resumed, about)) = self.with(|parts| parts.resumed.take()) else { return };
        self.course.resume(resumed, &about);
        self.screen.set(Screen::Session);
    }

    /// Delete what was left, and begin anew.
    pub fn begin_anew(self) {
        let left = self.with(|parts| {
            let left = parts.resumed.take();
            // The address names nobody any more: it is the same person by the same link.
            if let (Some((resumed, _)), None) = (&left, &parts.participant.id) {
                parts.participant = resumed.session.participant().clone();
            }
            left
        });
        spawn_local(async move {
            if let (Some((_, about)), Ok(store)) = (left, StudyStore::open().await) {
                // If it cannot be deleted now, it is when its time is over.
                let _ = store.delete(&about.session).await;
            }
            self.begin();
        });
    }

    fn begin(self) {
        let participant = self.with(|parts| parts.participant.clone());
        if self.course.open(participant) {
            self.screen.set(Screen::Session);
        } else {
            self.trouble(&end::ERROR_OTHER, Vec::new());
        }
    }

    /// Take who takes part out of the address: from now on the journal knows, or nobody need know any more. Until then the address is
    /// the only place where it stands, so that a reload loses nothing.
    pub fn strip_address(self) {
        if let Some(link) = self.with(|parts| parts.link.clone()) {
            place::set_fragment(&link.stripped());
        }
    }
}
