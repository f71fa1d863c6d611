//! The files: all that the participant will be shown, loaded and checked before the seal.

use std::cell::RefCell;
use std::rc::Rc;

use emotion_study::session::{Event, MAX_LOADS};
use emotion_study::words::begin;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::activity::frame::Frame;
use crate::activity::life::Phase;
use crate::activity::study::services::course::Course;
use crate::view::loading::Loading;
use crate::view::study::address::folder;
use crate::view::study::loading::{Progress, Size, Wanted, size, wanted};
use crate::view::study::spoken::{Recording, recording};
use crate::web::study_files::{self, FileTrouble, MediaFile};
use crate::web::study_folder::StudyFolder;

#[derive(Default)]
struct Parts {
    here: Vec<MediaFile>,
    /// In a preview: the files that the study's maker chose.
    given: Option<Rc<StudyFolder>>,
    /// What the host told of the sizes that the study does not tell.
    told: Vec<(String, u64)>,
    /// The spoken digits of the sound check.
    spoken: Option<Rc<Vec<u8>>>,
}

/// Handle of the service.
#[derive(Clone, Copy)]
pub struct Files {
    /// Of the study's files.
    pub progress: RwSignal<Progress>,
    pub running: RwSignal<bool>,
    /// The participant has asked for the loading.
    pub asked: RwSignal<bool>,
    /// The host was asked for the sizes that the study does not tell.
    pub sized: RwSignal<bool>,
    /// Why the last try failed, in the study's words; empty where it did not.
    pub trouble: RwSignal<String>,
    course: Course,
    frame: Frame,
    parts: StoredValue<Rc<RefCell<Parts>>, LocalStorage>,
}

impl Files {
    pub fn new(course: Course, frame: Frame) -> Self {
        Self {
            progress: RwSignal::new(Progress::default()),
            running: RwSignal::new(false),
            asked: RwSignal::new(false),
            sized: RwSignal::new(false),
            trouble: RwSignal::new(String::new()),
            course,
            frame,
            parts: StoredValue::new_local(Rc::default()),
        }
    }

    fn with<T>(self, work: impl FnOnce(&mut Parts) -> T) -> T {
        let parts = self.parts.get_value();
        let mut parts = parts.borrow_mut();
        work(&mut parts)
    }

    /// The files of a preview.
    pub fn give(self, folder: StudyFolder) {
        self.with(|parts| parts.given = Some(Rc::new(folder)));
    }

    /// The address of a file that was loaded.
    pub fn url(self, file: &str) -> Option<String> {
        self.with(|parts| {
            parts.here.iter().find(|media| media.file == file).map(|media| media.url.as_str().to_owned())
        })
    }

    /// The files of the stimuli, with what the host told of their sizes.
    fn wanted(self) -> Vec<Wanted> {
        let Some(loaded) = self.course.loaded() else { return Vec::new() };
        let order = self.course.session(|session| session.assignment().order.clone()).unwrap_or_default();
        let mut list = wanted(loaded.study, &order);
        self.with(|parts| {
            for wanted in list.iter_mut().filter(|wanted| wanted.bytes.is_none()) {
                let told = parts.told.iter().find(|(file, _)| *file == wanted.file);
                wanted.bytes = told.map(|(_, bytes)| *bytes);
            }
        });
        list
    }

    /// The recording for the sound check, where the study asks for one and its language has one.
    pub fn recording(self) -> Option<Recording> {
        let study = self.course.loaded()?.study;
        study.checks.sound.then(|| recording(&study.language)).flatten()
    }

    /// The bytes of the recording, once they are here.
    pub fn spoken(self) -> Option<Rc<Vec<u8>>> {
        self.with(|parts| parts.spoken.clone())
    }

    /// Ask the host how large those files are of which the study does not tell it.
    pub fn ask_sizes(self) {
        spawn_local(async move {
            let folder = self.course.loaded().map_or("", |loaded| folder(loaded.path));
            for wanted in self.wanted().into_iter().filter(|wanted| wanted.bytes.is_none()) {
                if self.is_here(&wanted) {
                    continue;
                }
                let given = self.with(|parts| parts.given.clone());
                let bytes = match given {
                    Some(given) => match given.media(&wanted.file).await {
                        Ok(file) => file.map(|file| file.size() as u64),
                        Err(_) => None,
                    },
                    None => study_files::told_size(&format!("{folder}{}", wanted.file)).await,
                };
                if let Some(bytes) = bytes {
                    self.with(|parts| parts.told.push((wanted.file, bytes)));
                }
            }
            self.sized.set(true);
        });
    }

    /// Whether nothing is missing, the engine included.
    pub fn all_here(self) -> bool {
        let list = self.wanted();
        let engine = self.frame.loading.with_untracked(|loading| matches!(loading, Loading::Ready { .. }));
        engine && list.iter().all(|wanted| self.is_here(wanted))
    }

    fn is_here(self, wanted: &Wanted) -> bool {
        self.with(|parts| parts.here.iter().any(|here| here.file == wanted.file))
    }

    /// How large all is that is still to come: the study's files, and the engine where it is not here.
    pub fn size(self) -> Size {
        let engine = match self.frame.loading.get() {
            Loading::Bytes { loaded, total } => total - loaded.min(total),
            _ => 0,
        };
        let spoken = self.recording().map(Recording::file);
        let list: Vec<Wanted> = self.wanted().into_iter().chain(spoken).collect();
        size(&list, engine)
    }

    /// Load what is missing; each call is a try.
    pub fn load(self) {
        if self.running.get_untracked() {
            return;
        }
        self.running.set(true);
        self.asked.set(true);
        self.trouble.set(String::new());
        // The engine has come meanwhile, or is asked for once more.
        if self.frame.loading.with_untracked(|loading| loading.failure().is_some()) {
            self.frame.load();
        }
        spawn_local(async move {
            let loaded = self.load_now().await;
            self.running.set(false);
            match loaded {
                Ok(()) => self.go_on(),
                Err((file, trouble)) => self.failed(&file, &trouble),
            }
        });
    }

    async fn load_now(self) -> Result<(), (String, FileTrouble)> {
        let Some(loaded) = self.course.loaded() else { return Ok(()) };
        let list = self.wanted();
        let all: u64 = list.iter().filter_map(|wanted| wanted.bytes).sum();
        let mut done: u64 = 0;
        for wanted in &list {
            if !self.is_here(wanted) {
                let given = self.with(|parts| parts.given.clone());
                let file = match given {
                    Some(given) => given_file(&given, wanted).await,
                    None => {
                        study_files::media_file(folder(loaded.path), wanted, |here| {
                            self.progress.set(Progress { done: done + here, all: all.max(done + here) });
                        })
                        .await
                    }
                };
                let file = file.map_err(|trouble| (wanted.file.clone(), trouble))?;
                self.with(|parts| parts.here.push(file));
            }
            done += wanted.bytes.unwrap_or_default();
            self.progress.set(Progress { done, all: all.max(done) });
        }
        self.load_recording().await;
        Ok(())
    }

    /// The spoken digits belong to the page, not to the study: where a host lacks them, tones are played instead.
    async fn load_recording(self) {
        let Some(recording) = self.recording().filter(|_| self.spoken().is_none()) else { return };
        if let Ok(bytes) = study_files::checked_bytes("", &recording.file(), |_| ()).await {
            self.with(|parts| parts.spoken = Some(Rc::new(bytes.to_vec())));
        }
    }

    fn failed(self, file: &str, trouble: &FileTrouble) {
        let tries = self.course.session(|session| session.loads_failed()).unwrap_or_default() + 1;
        let words = self.course.words.get_untracked();
        let (tried, most) = (tries.to_string(), MAX_LOADS.to_string());
        let sentence = match trouble {
            FileTrouble::Missing => {
                let values = [("file", file), ("try", tried.as_str()), ("tries", most.as_str())];
                words.fill(&begin::LOADING_FAILED, &values)
            }
            FileTrouble::Wrong => words.fill(&begin::LOADING_WRONG, &[("file", file)]),
        };
        self.trouble.set(sentence);
        self.course.apply(Event::LoadFailed);
    }

    /// All of the study is here: seal the page as soon as the engine is, too.
    pub fn go_on(self) {
        if !self.all_here() {
            let failed = self.frame.loading.with_untracked(|loading| loading.failure().map(str::to_owned));
            if failed.is_some() {
                self.failed("engine", &FileTrouble::Missing);
            }
            return;
        }
        if self.frame.phase.get_untracked() == Phase::Work {
            self.course.prepared();
        } else {
            // The page is sealed, and tells when it is: see `enter`.
            self.frame.start();
        }
    }

    /// The page is sealed.
    pub fn sealed(self) {
        self.course.prepared();
    }
}

/// A file of a preview, held against its hash.
async fn given_file(given: &StudyFolder, wanted: &Wanted) -> Result<MediaFile, FileTrouble> {
    match given.media(&wanted.file).await {
        Ok(Some(blob)) => study_files::media_of(wanted, &blob).await,
        Ok(None) | Err(_) => Err(FileTrouble::Missing),
    }
}
