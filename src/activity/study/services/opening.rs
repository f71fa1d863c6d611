//! The opening: what the address asks for, the study file, what is left of an earlier page.

use std::cell::RefCell;
use std::rc::Rc;

use emotion_study::file;
use emotion_study::link::{Link, Participant};
use emotion_study::session::Change;
use emotion_study::session::journal::{self, Entry, ResumeError, Resumed, Standing};
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
    Resume(Left),
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

/// How what is left of an earlier page stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Left {
    /// It can go on.
    GoesOn,
    /// It can go on; words of the study are others now.
    Mended,
    /// The study is another one now: what was recorded can be seen and handed over.
    Changed,
    /// A newer version of the page wrote it.
    Newer,
    /// It cannot be read.
    Damaged,
}

/// What an earlier page has left.
struct Kept {
    about: About,
    left: Left,
    /// The session, where it can be read, and the study that it was begun with, where that is another one now.
    resumed: Option<(Resumed<'static>, Option<Loaded>)>,
}

#[derive(Default)]
struct Parts {
    link: Option<Link>,
    participant: Participant,
    kept: Option<Kept>,
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
                Some(kept) => {
                    let left = kept.left;
                    self.with(|parts| parts.kept = Some(kept));
                    self.screen.set(Screen::Resume(left));
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
    async fn left_over(self, loaded: &Loaded) -> Option<Kept> {
        let store = StudyStore::open().await.ok()?;
        let asked = self.with(|parts| parts.participant.id.clone());
        let sessions = store.sessions().await.ok()?;
        // A link without an id is that of a page that was opened again: its id was taken out of the address.
        let fits =
            |about: &&About| about.study == loaded.path && (asked.is_none() || asked == about.participant);
        for about in sessions.iter().filter(fits) {
            // What cannot be read now is left for the next time.
            let Ok(entries) = store.entries(&about.session).await else { continue };
            match kept(loaded, about, &entries) {
                Some(kept) => return Some(kept),
                // It is over, or nothing was recorded: it is of no use to anybody.
                None => drop(store.delete(&about.session).await),
            }
        }
        None
    }

    /// Go on with what was left, or see what was recorded.
    pub fn go_on(self) {
        let kept = self.with(|parts| parts.kept.take());
        let Some(Kept { about, resumed: Some((resumed, begun)), .. }) = kept else { return };
        if let Some(begun) = begun {
            self.course.take(begun);
        }
        self.course.resume(resumed, &about);
        self.screen.set(Screen::Session);
    }

    /// Delete what was left, and begin anew.
    pub fn begin_anew(self) {
        let kept = self.with(|parts| {
            let kept = parts.kept.take();
            // The address names nobody any more: it is the same person by the same link.
            if let (Some(Kept { resumed: Some((resumed, _)), .. }), None) = (&kept, &parts.participant.id) {
                parts.participant = resumed.session.participant().clone();
            }
            kept
        });
        spawn_local(async move {
            if let (Some(Kept { about, .. }), Ok(store)) = (kept, StudyStore::open().await) {
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

/// What the entries of a session are good for now; nothing where they are of no use.
fn kept(loaded: &Loaded, about: &About, entries: &[Entry]) -> Option<Kept> {
    if entries.is_empty() {
        return None;
    }
    let now_ms = js_sys::Date::now() as u64;
    let kept = |left, resumed| Some(Kept { about: about.clone(), left, resumed });
    let standing = journal::standing(loaded.study, loaded.sha256, loaded.measure_sha256, entries);
    let resumed = match standing {
        Standing::Other => Err(ResumeError::OtherStudy),
        _ => journal::resume(loaded.study, loaded.measure_sha256, entries, now_ms),
    };
    match resumed {
        Ok(resumed) if standing == Standing::Mended => kept(Left::Mended, Some((resumed, None))),
        Ok(resumed) => kept(Left::GoesOn, Some((resumed, None))),
        Err(ResumeError::OtherStudy) => {
            let json = journal::begun_json(entries)?;
            let study = file::parse(json).ok()?;
            let begun = Loaded::new(study, loaded.path.to_owned(), json.as_bytes(), false);
            let mut resumed = journal::resume(begun.study, begun.measure_sha256, entries, now_ms).ok()?;
            if resumed.session.exposures().is_empty() {
                return None;
            }
            resumed.end(Change::Study);
            kept(Left::Changed, Some((resumed, Some(begun))))
        }
        Err(ResumeError::Newer) => kept(Left::Newer, None),
        Err(ResumeError::Damaged) => kept(Left::Damaged, None),
        Err(ResumeError::TooOld(_) | ResumeError::Ended) => None,
    }
}
