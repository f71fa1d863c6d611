//! The photo activity's controller: owns the files that wait, and writes the signals of [`State`].

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::{Blob, File};

use crate::activity::frame::Frame;
use crate::activity::photos::state::{ROWS_AT_ONCE, State};
use crate::protocol::Fault;
use crate::ui::saving::{FileKind, save_samples};
use crate::view::photos::{Batch, Row, words};
use crate::view::runs::Runs;
use crate::view::words::file_name;
use crate::web::clock::{local_time, now_utc};
use crate::web::picked::PickedFile;
use crate::web::worker_client::{EngineFault, ReadPicture};
use emotion_core::still::Reach;
use emotion_core::thumbnail::THUMBNAIL_SIDE;
use emotion_record::notes::Notes;
use emotion_record::session::Session;
use emotion_record::source_names::SourceNames;
use emotion_record::still::samples;

/// Bytes of one thumbnail.
const THUMBNAIL_BYTES: usize = THUMBNAIL_SIDE * THUMBNAIL_SIDE * 4;

#[derive(Default)]
struct Parts {
    waiting: VecDeque<PickedFile>,
    /// Cancelling everything ends the run: an answer to it comes too late.
    runs: Runs,
    /// When the first file of the batch began, in milliseconds of the clock.
    began_ms: f64,
    next_row: u64,
    names: SourceNames,
}

#[derive(Clone, Copy)]
pub struct Controller {
    frame: Frame,
    state: State,
    parts: StoredValue<Rc<RefCell<Parts>>, LocalStorage>,
}

impl Controller {
    pub fn new(frame: Frame, state: State) -> Self {
        Self { frame, state, parts: StoredValue::new_local(Rc::default()) }
    }

    /// Work with the parts; `work` must not call the controller.
    fn with<T>(self, work: impl FnOnce(&mut Parts) -> T) -> T {
        let parts = self.parts.get_value();
        let mut parts = parts.borrow_mut();
        work(&mut parts)
    }

    /// The page is open.
    pub fn begin(self) {
        Effect::new(move |_| {
            if self.state.frame.ready.get() {
                spawn_local(self.measure());
            }
        });
    }

    /// How long one search takes here, from an empty picture; the first file tells it better.
    async fn measure(self) {
        if let Some(blank) = blank_picture()
            && let Ok(engine) = self.frame.engine().await
            && let Ok(read) = engine.read(&blank, Reach::Fortieth).await
            && self.state.search_ms.get_untracked().is_none()
        {
            self.note_search_time(&read);
        }
    }

    fn note_search_time(self, read: &ReadPicture) {
        let search_ms = read.reading.stages.detect_ms / f64::from(read.searches.max(1));
        if search_ms > 0.0 {
            self.state.search_ms.set(Some(search_ms));
        }
    }

    /// Files were chosen or dropped: read them after those that wait.
    pub fn add(self, files: Vec<PickedFile>) {
        if files.is_empty() {
            return;
        }
        let running = self.state.batch.with_untracked(|batch| batch.running);
        let count = files.len();
        let run = self.with(|parts| {
            parts.waiting.extend(files);
            if !running {
                parts.began_ms = js_sys::Date::now();
            }
            parts.runs.now()
        });
        if running {
            self.state.batch.update(|batch| batch.total += count);
            return;
        }
        self.state.batch.set(Batch { total: count, running: true, ..Batch::default() });
        self.state.frame.announcement.set("Reading.".to_owned());
        spawn_local(async move {
            // One file at a time: memory holds one picture, however many were chosen.
            while let Some(file) =
                self.with(|parts| (!parts.runs.is_over(run)).then(|| parts.waiting.pop_front()).flatten())
            {
                let reach = if self.state.small.get_untracked() { Reach::Small } else { Reach::Fortieth };
                let outcome = self.read(&file.file, reach).await;
                if self.with(|parts| parts.runs.is_over(run)) {
                    return;
                }
                self.show(&file.name, outcome);
            }
            if !self.with(|parts| parts.runs.is_over(run)) {
                self.state.batch.update(|batch| batch.running = false);
                let words = self.state.batch.with_untracked(words::progress);
                self.state.frame.announcement.set(words);
            }
        });
    }

    async fn read(self, file: &File, reach: Reach) -> Result<ReadPicture, String> {
        let engine = self.frame.engine().await.map_err(|fault| fault.to_string())?;
        engine.read(file, reach).await.map_err(|fault| match fault {
            EngineFault::Request(fault @ Fault::Picture(_)) => fault.to_string(),
            EngineFault::Crashed(why) => format!(
                "The engine stopped at this file ({why}): it may be too large for this device. Make a smaller copy of it."
            ),
            fault => fault.to_string(),
        })
    }

    /// Add the rows of one file, and go on counting.
    fn show(self, name: &str, outcome: Result<ReadPicture, String>) {
        let (mut faces, mut failed) = (0, 0);
        let (name, renamed) = self.with(|parts| parts.names.take(name));
        let name = name.as_str();
        let rows: Vec<Row> = match outcome {
            Ok(read) => {
                self.note_search_time(&read);
                faces = read.reading.faces.len();
                let pixels = read.thumbnails.to_vec();
                let note = (Notes {
                    nothing_from_px: (faces == 0).then_some(read.smallest_px),
                    file: read.note.as_deref(),
                    by_browser: read.by_browser,
                    renamed,
                })
                .text();
                let thumbnails =
                    pixels.chunks(THUMBNAIL_BYTES).map(<[u8]>::to_vec).chain(std::iter::repeat(vec![]));
                samples(&read.reading, name)
                    .into_iter()
                    .zip(thumbnails)
                    .map(|(sample, thumbnail)| Row {
                        id: 0,
                        file: name.to_owned(),
                        sample: Some(sample),
                        note: note.clone(),
                        thumbnail,
                    })
                    .collect()
            }
            Err(sentence) => {
                failed = 1;
                vec![Row {
                    id: 0,
                    file: name.to_owned(),
                    sample: None,
                    note: Some(sentence),
                    thumbnail: vec![],
                }]
            }
        };
        let (first, elapsed_ms) = self.with(|parts| {
            let first = parts.next_row;
            parts.next_row += rows.len() as u64;
            (first, js_sys::Date::now() - parts.began_ms)
        });
        // Pictures without a face are no loss.
        if faces > 0 {
            self.state.kept.note_new_readings();
        }
        self.state.rows.update(|all| {
            all.extend((first..).zip(rows).map(|(id, row)| Arc::new(Row { id, ..row })));
        });
        self.state.batch.update(|batch| {
            batch.done += 1;
            batch.faces += faces;
            batch.failed += failed;
            batch.elapsed_ms = elapsed_ms;
        });
    }

    /// Read no more; what was read stays. The file under way is given up, however long it would have taken.
    pub fn cancel(self) {
        self.with(|parts| {
            parts.runs.begin();
            parts.waiting.clear();
        });
        self.frame.stop_engine();
        if self.state.batch.with_untracked(|batch| batch.running) {
            self.state.batch.update(|batch| {
                batch.running = false;
                batch.cancelled = true;
            });
            let words = self.state.batch.with_untracked(words::progress);
            self.state.frame.announcement.set(words);
        }
    }

    /// Empty the table.
    pub fn clear(self) {
        self.with(|parts| parts.names.clear());
        self.state.rows.set(Vec::new());
        self.state.kept.forget_readings();
        self.state.batch.set(Batch::default());
        self.state.limit.set(ROWS_AT_ONCE);
        self.state.frame.announcement.set("The table is empty.".to_owned());
    }

    /// Hand all samples to the browser as a file, whatever the table shows of them.
    pub fn save(self, kind: FileKind) {
        let began = match kind {
            // A picture has no moment at which it began, and the table is the command line's.
            FileKind::Csv(_) => String::new(),
            FileKind::Json => now_utc(),
        };
        let session = Session::new(began, self.frame.models());
        let name = file_name(local_time(&js_sys::Date::new_0()), kind.extension());
        let saved = self.state.rows.with_untracked(|rows| {
            save_samples(kind, &name, &session, rows.iter().filter_map(|row| row.sample.as_ref()))
        });
        match saved {
            Ok(()) => {
                self.state.kept.unsaved.set(false);
                self.state.kept.tell_saved(&name);
            }
            Err(sentence) => self.state.kept.say(sentence),
        }
    }
}

/// Width and height of the empty picture by which the device is measured.
const BLANK: (u32, u32) = (240, 180);

/// A grey BMP.
fn blank_picture() -> Option<Blob> {
    let (width, height) = BLANK;
    let pixels = width * height * 3;
    let mut bytes = b"BM".to_vec();
    for number in [54 + pixels, 0, 54, 40, width, height, 1 | 24 << 16, 0, pixels, 2835, 2835, 0, 0] {
        bytes.extend(number.to_le_bytes());
    }
    bytes.resize((54 + pixels) as usize, 128);
    let parts = js_sys::Array::of1(&js_sys::Uint8Array::from(bytes.as_slice()));
    Blob::new_with_u8_array_sequence(&parts).ok()
}
