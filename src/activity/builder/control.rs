//! The builder's controller: reads files, opens studies and saves them.

use std::cell::RefCell;
use std::rc::Rc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::Blob;

use crate::activity::builder::lists::List;
use crate::activity::builder::state::{Media, Reading, State};
use crate::ui::parts::focus;
use crate::view::builder::words::no_room;
use crate::view::builder::{Draft, Kind, MediaFacts, kind_of, media_name, media_path, stimulus_id, texts};
use crate::view::runs::{Run, Runs};
use crate::web::file_name::download_name;
use crate::web::files;
use crate::web::fingerprint::fingerprint;
use crate::web::listener::error_text;
use crate::web::object_url::ObjectUrl;
use crate::web::picked::PickedFile;
use crate::web::still;
use crate::web::study_folder::StudyFolder;
use crate::web::zip_file::ZipFile;
use emotion_study::file::limits::MAX_MEDIA_BYTES;
use emotion_study::link::link_list_csv;

/// Where the points that are still open are listed.
pub const OPEN_POINTS_ID: &str = "open-points";

#[derive(Default)]
struct Parts {
    /// Each lot of files is a run, and cancelling ends it.
    runs: Runs,
    /// The list of stimuli as it is drawn now.
    list: Option<List>,
}

#[derive(Clone, Copy)]
pub struct Controller {
    state: State,
    parts: StoredValue<Rc<RefCell<Parts>>, LocalStorage>,
}

impl Controller {
    pub fn new(state: State) -> Self {
        Self { state, parts: StoredValue::new_local(Rc::default()) }
    }

    /// Work with the parts; `work` must not call the controller.
    fn with<T>(self, work: impl FnOnce(&mut Parts) -> T) -> T {
        let parts = self.parts.get_value();
        let mut parts = parts.borrow_mut();
        work(&mut parts)
    }

    /// Files that are added are shown in this list.
    pub fn show_added(self, list: List) {
        self.with(|parts| parts.list = Some(list));
    }

    fn is_over(self, run: Run) -> bool {
        self.with(|parts| parts.runs.is_over(run))
    }

    /// Begin to read files; `None` where others are being read.
    fn begin(self) -> Option<Run> {
        if self.state.reading.with_untracked(Option::is_some) {
            self.state.notes.set(vec!["Files are being read. Wait for them, or cancel that.".to_owned()]);
            return None;
        }
        self.state.notes.set(Vec::new());
        self.state.refused.set(None);
        self.state.kept.problem.set(String::new());
        Some(self.with(|parts| parts.runs.begin()))
    }

    fn end(self, run: Run) {
        if !self.is_over(run) {
            self.state.reading.set(None);
        }
    }

    /// Read no more; what was read stays.
    pub fn cancel(self) {
        self.with(|parts| parts.runs.begin());
        self.state.reading.set(None);
        self.state.frame.announcement.set("Cancelled.".to_owned());
    }

    fn note(self, name: &str, sentence: &str) {
        self.state.notes.update(|notes| notes.push(format!("{name}: {sentence}")));
    }

    /// Videos and images were chosen or dropped: read them, and add a stimulus for each. A study is opened instead.
    pub fn add(self, files: Vec<PickedFile>) {
        let is_study = |file: &PickedFile| {
            let name = file.name.to_lowercase();
            name.ends_with(".zip") || name.rsplit('/').next() == Some("study.json")
        };
        if files.iter().any(is_study) {
            return self.open(files);
        }
        let Some(run) = self.begin() else { return };
        spawn_local(async move {
            let mut added = 0;
            for file in files {
                // Before it is read, which takes a while.
                if let Some(sentence) = no_room(self.state.media_sum().1 + file.file.size() as u64) {
                    self.note(&file.name, &sentence);
                    continue;
                }
                match self.read(run, &file.file, &file.name, None).await {
                    Ok((facts, media)) => {
                        let id = stimulus_id(&file.name);
                        self.state.change(|draft| draft.add_media(&facts, &id));
                        self.state.hold(facts, media);
                        if let Some(list) = self.with(|parts| parts.list) {
                            list.changed();
                        }
                        added += 1;
                    }
                    Err(Some(sentence)) => self.note(&file.name, &sentence),
                    Err(None) => return,
                }
            }
            self.state.frame.announcement.set(if added == 1 {
                "1 file added.".to_owned()
            } else {
                format!("{added} files added.")
            });
            self.end(run);
        });
    }

    /// Another file for the stimulus `at`, or the one that is missing.
    pub fn replace(self, at: usize, files: Vec<PickedFile>, list: List) {
        let Some(file) = files.into_iter().next() else { return };
        let before = self.state.draft.with_untracked(|draft| draft.media_of(at).map(str::to_owned));
        let freed =
            before.and_then(|path| self.state.here.with_untracked(|here| Some(here.get(&path)?.bytes)));
        let others = self.state.media_sum().1.saturating_sub(freed.unwrap_or_default());
        if let Some(sentence) = no_room(others + file.file.size() as u64) {
            return self.state.refused.set(Some((at, format!("{}: {sentence}", file.name))));
        }
        let Some(run) = self.begin() else { return };
        spawn_local(async move {
            match self.read(run, &file.file, &file.name, None).await {
                Ok((mut facts, media)) => {
                    let (path, named) = self.state.draft.with_untracked(|draft| {
                        let kind = draft.stimulus_kind(at).unwrap_or_default();
                        (
                            draft.media_of(at).map(str::to_owned),
                            draft.text(&format!("stimuli[{at}].{kind}.sha256")),
                        )
                    });
                    // The very file that the study names keeps its place, whatever it is called here.
                    match path.filter(|_| named == facts.sha256) {
                        Some(path) => facts.path = path,
                        None => self.state.change(|draft| draft.replace_media(at, &facts)),
                    }
                    self.state.hold(facts, media);
                    list.changed_at(format!("replace-{at}"));
                }
                Err(Some(sentence)) => {
                    self.state.refused.set(Some((at, format!("{}: {sentence}", file.name))))
                }
                Err(None) => return,
            }
            self.end(run);
        });
    }

    /// Read a file: its fingerprint, and what it shows. `path` is its place in the study, else it gets one.
    ///
    /// # Errors
    /// A sentence; `None` where it was cancelled.
    async fn read(
        self,
        run: Run,
        file: &Blob,
        name: &str,
        path: Option<String>,
    ) -> Result<(MediaFacts, Media), Option<String>> {
        let kind = kind_of(name).ok_or_else(|| {
            Some(
                "a study shows WebM, MP4, M4V, MOV, PNG, JPEG, WebP, GIF and AVIF. Save it as one of these."
                    .to_owned(),
            )
        })?;
        let bytes = file.size() as u64;
        if bytes == 0 {
            return Err(Some("the file is empty. Choose another copy of it.".to_owned()));
        }
        if bytes > MAX_MEDIA_BYTES {
            return Err(Some("the file has more than 1 GB. Save it shorter or smaller.".to_owned()));
        }
        let shown = name.rsplit('/').next().unwrap_or_default().to_owned();
        let tell = |done_bytes| {
            let over = self.is_over(run);
            if !over {
                self.state.reading.set(Some(Reading { name: shown.clone(), done_bytes, bytes }));
            }
            !over
        };
        if !tell(0) {
            return Err(None);
        }
        let whole = fingerprint(file, tell).await?;
        let still = match kind {
            Kind::Video => still::of_video(file).await.map_err(|fault| Some(fault.to_string()))?,
            Kind::Image => still::of_image(file).await.map_err(Some)?,
        };
        if self.is_over(run) {
            return Err(None);
        }
        let path = path.unwrap_or_else(|| {
            self.state.here.with_untracked(|here| {
                let same = here.values().find(|media| media.sha256 == whole.sha256);
                same.map_or_else(
                    || media_path(name, |path| here.contains_key(path)),
                    |media| media.path.clone(),
                )
            })
        });
        let unopened = |error| Some(format!("the file could not be opened ({}).", error_text(&error)));
        let media = Media {
            file: file.clone(),
            address: ObjectUrl::new(file).map_err(unopened)?,
            still: still.picture.and_then(|picture| ObjectUrl::new(&picture).ok()),
        };
        let duration_ms = still.duration_ms.map(|ms| ms.round() as u32);
        Ok((MediaFacts { kind, path, sha256: whole.sha256, crc32: whole.crc32, bytes, duration_ms }, media))
    }

    /// Go on with a study that was saved.
    pub fn open(self, files: Vec<PickedFile>) {
        if files.is_empty() {
            return;
        }
        if self.state.kept.unsaved.get_untracked() {
            return self.state.kept.say("Save or discard this study first.".to_owned());
        }
        let Some(run) = self.begin() else { return };
        spawn_local(async move {
            let folder = match StudyFolder::open(files).await {
                Ok(folder) => folder,
                Err(sentence) => return self.state.kept.say(sentence),
            };
            let draft = match Draft::of_json(&folder.study_json) {
                Ok(draft) => draft,
                Err(faults) => {
                    let sentences: Vec<String> = faults.iter().map(ToString::to_string).collect();
                    return self
                        .state
                        .kept
                        .say(format!("The study file cannot be opened. {}", sentences.join(" ")));
                }
            };
            if self.is_over(run) {
                return;
            }
            let faulty = draft.study().is_err();
            let paths: Vec<String> =
                (0..draft.len("stimuli")).filter_map(|at| draft.media_of(at).map(str::to_owned)).collect();
            self.state.replace(draft, faulty);
            for path in paths {
                if self.state.here.with_untracked(|here| here.contains_key(&path)) {
                    continue;
                }
                let read = match folder.media(&path).await {
                    Ok(Some(file)) => self.read(run, &file, &path, Some(path.clone())).await,
                    // The form tells which file is missing.
                    Ok(None) => continue,
                    Err(sentence) => Err(Some(sentence)),
                };
                match read {
                    Ok((facts, media)) => self.state.hold(facts, media),
                    Err(Some(sentence)) => self.note(&path, &sentence),
                    Err(None) => return,
                }
            }
            self.state.frame.announcement.set("The study is open.".to_owned());
            self.end(run);
        });
    }

    /// Forget this study and begin a new one.
    pub fn discard(self) {
        self.cancel();
        self.state.replace(Draft::default(), false);
        self.state.frame.announcement.set("A new study.".to_owned());
        focus("builder-title");
    }

    /// Save the study with its media and its links as one ZIP; where something is open, show it instead.
    pub fn save(self) {
        let state = self.state;
        let study = state.draft.with_untracked(|draft| draft.study());
        let open = state.placed.with_untracked(|placed| placed.count());
        let (study, 0) = (study, open) else {
            return self.show_open_points();
        };
        let Ok(study) = study else { return self.show_open_points() };
        let plan = state.plan.get_untracked();
        let Ok(rows) = plan.rows(&study) else { return focus("link-faults") };
        let files = texts(&study.id, &study.to_json(), Some((&study, &plan, &rows)));
        let texts = files.into_iter().map(|file| (file.name, file.text)).collect();
        self.write(study.id.clone(), texts, "");
    }

    /// Save what there is, to go on later.
    pub fn save_draft(self) {
        let (id, json) = self.state.draft.with_untracked(|draft| (draft.text("id"), draft.to_json()));
        // A name that is no id yet is none for a folder.
        let id: String =
            id.chars().filter(|letter| letter.is_ascii_alphanumeric() || "-_".contains(*letter)).collect();
        let texts = texts(&id, &json, None).into_iter().map(|file| (file.name, file.text)).collect();
        self.write(id, texts, "-draft");
    }

    fn show_open_points(self) {
        self.state.reveal.set(true);
        // Once they stand there.
        request_animation_frame(|| focus(OPEN_POINTS_ID));
    }

    fn write(self, id: String, texts: Vec<(String, String)>, suffix: &'static str) {
        let state = self.state;
        let stem = if id.is_empty() { "study" } else { &id };
        let name = download_name(&format!("{stem}{suffix}"), "zip");
        spawn_local(async move {
            let mut zip = ZipFile::default();
            for (name, text) in &texts {
                zip.add_text(name.clone(), text);
            }
            let used: Vec<MediaFacts> = state.here.with_untracked(|here| {
                state.draft.with_untracked(|draft| draft.media_in_use(here).into_iter().cloned().collect())
            });
            for facts in used {
                let Some(media) = state.media(&facts.path) else { continue };
                if let Err(sentence) = still_there(&media.file).await {
                    return state.kept.say(format!("{}: {sentence}", facts.path));
                }
                zip.add_file(media_name(&id, &facts.path), &media.file, facts.crc32);
            }
            let saved =
                zip.finish().and_then(|zip| files::save_blob(&name, &zip).map_err(|fault| fault.to_string()));
            match saved {
                Ok(()) => {
                    state.kept.unsaved.set(false);
                    state.kept.tell_saved(&name);
                }
                Err(sentence) => state.kept.say(sentence),
            }
        });
    }

    /// Save the list of links alone.
    pub fn save_links(self) {
        let state = self.state;
        let Ok(study) = state.draft.with_untracked(|draft| draft.study()) else {
            return self.show_open_points();
        };
        let Ok(rows) = state.plan.with_untracked(|plan| plan.rows(&study)) else {
            return focus("link-faults");
        };
        let name = download_name(&format!("{}-links", study.id), "csv");
        match files::save(&name, "text/csv", std::iter::once(link_list_csv(&rows))) {
            Ok(()) => state.kept.tell_saved(&name),
            Err(fault) => state.kept.say(fault.to_string()),
        }
    }
}

/// A file that was changed or moved since it was chosen cannot be read any more, and a download would break off
/// without a word.
async fn still_there(file: &Blob) -> Result<(), String> {
    let gone = |error| {
        let why = error_text(&error);
        format!("The file has changed or moved since you chose it ({why}). Choose it again.")
    };
    let first = file.slice_with_f64_and_f64(0.0, 1.0).map_err(gone)?;
    wasm_bindgen_futures::JsFuture::from(first.array_buffer()).await.map_err(gone)?;
    Ok(())
}
