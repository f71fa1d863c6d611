//! The hand-over: the result leaves by the participant's own act only, and counts as handed over when it has.

use std::cell::RefCell;
use std::rc::Rc;

use emotion_study::file::Method;
use emotion_study::hash::sha256_hex;
use emotion_study::receipt;
use emotion_study::result::csv::Dialect;
use emotion_study::session::{Event, Outcome, Stage};
use js_sys::Uint8Array;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::activity::study::services::course::Course;
use crate::view::study::parent::{WAIT_MS, acknowledges};
use crate::web::listener::{Listener, Timer};
use crate::web::sharing::{self, ForParent, Shared};
use crate::web::{files, study_files};

/// What the participant must still say or wait for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    Choose,
    /// The file was handed to the browser: is it there?
    HaveIt {
        file: String,
    },
    /// The parts of the receipt, and which of them were copied.
    Receipt {
        parts: Vec<String>,
        copied: Vec<bool>,
    },
    /// The page around this one has it, and must say so.
    Waiting,
    NoAnswer,
    Failed(String),
}

#[derive(Default)]
struct Parts {
    waiting: Option<(Listener, Option<Timer>)>,
}

/// Handle of the service.
#[derive(Clone, Copy)]
pub struct Handing {
    pub step: RwSignal<Step>,
    /// The completion code, once the result was handed over and is whole.
    pub code: RwSignal<Option<String>>,
    /// It was handed over, but is not whole.
    pub incomplete: RwSignal<bool>,
    /// Why the table could not be saved; empty where it could.
    pub table_fault: RwSignal<String>,
    course: Course,
    parts: StoredValue<Rc<RefCell<Parts>>, LocalStorage>,
}

impl Handing {
    pub fn new(course: Course) -> Self {
        Self {
            step: RwSignal::new(Step::Choose),
            code: RwSignal::new(None),
            incomplete: RwSignal::new(false),
            table_fault: RwSignal::new(String::new()),
            course,
            parts: StoredValue::new_local(Rc::default()),
        }
    }

    /// The ways that the study offers, in its order.
    pub fn methods(self) -> Vec<Method> {
        self.course.loaded().map(|loaded| loaded.study.handover.methods.clone()).unwrap_or_default()
    }

    /// Name and bytes of what is handed over.
    fn file(self) -> Option<(String, Vec<u8>)> {
        self.course.file()
    }

    /// Whether this device can share the file.
    pub fn can_share(self) -> bool {
        self.file().is_some_and(|(name, bytes)| sharing::can_share(&bytes, &name))
    }

    /// Give the file to the browser, which saves it.
    pub fn save(self) {
        let Some((name, bytes)) = self.file() else { return };
        let saved = study_files::blob(&Uint8Array::from(bytes.as_slice()), "application/gzip")
            .map_err(|error| files::fault(&name, &error))
            .and_then(|blob| files::save_blob(&name, &blob));
        self.step.set(match saved {
            Ok(()) => Step::HaveIt { file: name },
            Err(fault) => Step::Failed(fault.to_string()),
        });
    }

    /// Save the table of the readings: for the participant's own eyes, it hands nothing over.
    pub fn save_table(self, dialect: Dialect) {
        let Some((name, text)) = self.course.table(dialect) else { return };
        let saved = files::save(&name, "text/csv", std::iter::once(text));
        self.table_fault.set(saved.err().map(|fault| fault.to_string()).unwrap_or_default());
    }

    /// Open the device's share sheet with the file.
    pub fn share(self) {
        let Some((name, bytes)) = self.file() else { return };
        spawn_local(async move {
            match sharing::share(&bytes, &name).await {
                Shared::Done => self.done(self.counted(Method::Share)),
                Shared::Cancelled => self.step.set(Step::Choose),
                // Then the browser saves it.
                Shared::Failed => self.save(),
            }
        });
    }

    /// The file may go another way than the study names: where the share sheet fails it is saved, where there is no file among the ways it
    /// can be shared. It counts as the way that the study has for it.
    fn counted(self, method: Method) -> Method {
        let methods = self.methods();
        [method, Method::File, Method::Share].into_iter().find(|way| methods.contains(way)).unwrap_or(method)
    }

    /// The participant has the file.
    pub fn have_file(self) {
        self.done(self.counted(Method::File));
    }

    /// Show the receipt.
    pub fn receipt(self) {
        let Some((loaded, result)) = self.course.loaded().zip(self.course.result()) else { return };
        let most = loaded.study.handover.max_receipt_chars as usize;
        self.step.set(match receipt::write(&result, most) {
            Ok(parts) => Step::Receipt { copied: vec![false; parts.len()], parts },
            Err(fault) => Step::Failed(fault.to_string()),
        });
    }

    /// Copy a part of the receipt, from within a click.
    pub fn copy(self, part: usize) {
        let Step::Receipt { parts, .. } = self.step.get_untracked() else { return };
        let Some(text) = parts.get(part).cloned() else { return };
        spawn_local(async move {
            if sharing::copy(&text).await {
                self.copied(part);
            }
        });
    }

    /// A part was copied, by the button or by hand.
    pub fn copied(self, part: usize) {
        self.step.update(|step| {
            if let Step::Receipt { copied, .. } = step
                && let Some(copied) = copied.get_mut(part)
            {
                *copied = true;
            }
        });
    }

    /// All parts are in the survey.
    pub fn pasted(self) {
        self.done(Method::Receipt);
    }

    /// Send the result to the page around this one, which must acknowledge it.
    pub fn to_parent(self) {
        let Some((loaded, (name, bytes))) = self.course.loaded().zip(self.file()) else { return };
        let Some(origin) = loaded.study.handover.parent_origin.clone() else { return };
        let Some(session) = self.course.session(|session| session.id().to_owned()) else { return };
        let outcome = match self.course.stage.get_untracked() {
            Stage::Review { outcome } | Stage::Handover { outcome } | Stage::Ended { outcome } => outcome,
            _ => return,
        };
        let sha256 = sha256_hex(&bytes);
        // Before the message leaves: the answer may come at once.
        let (answer_origin, answer_session, answer_sha256) =
            (origin.clone(), session.clone(), sha256.clone());
        let listener = sharing::on_message(move |message, from| {
            if acknowledges(message, from, &answer_origin, &answer_session, &answer_sha256) {
                self.acknowledged();
            }
        });
        let timer = Timer::new(WAIT_MS, move || self.no_answer());
        self.parts.get_value().borrow_mut().waiting = Some((listener, timer));
        self.step.set(Step::Waiting);
        let result = ForParent {
            session: &session,
            outcome: outcome.word(),
            file_name: &name,
            sha256: &sha256,
            file: &bytes,
        };
        if !sharing::send_to_parent(&origin, &result) {
            self.no_answer();
        }
    }

    fn acknowledged(self) {
        let waiting = self.parts.get_value().borrow_mut().waiting.take();
        if waiting.is_some() {
            self.done(Method::Parent);
        }
    }

    fn no_answer(self) {
        let waiting = self.parts.get_value().borrow_mut().waiting.take();
        if waiting.is_some() {
            self.step.set(Step::NoAnswer);
        }
    }

    /// Back to the ways.
    pub fn choose(self) {
        self.step.set(Step::Choose);
    }

    fn done(self, method: Method) {
        self.step.set(Step::Choose);
        self.course.apply(Event::HandedOver { method });
    }

    /// The session has ended as complete: the code is given if the result is whole.
    pub fn ended(self) {
        let handed =
            self.course.session(|session| !session.handed_over().is_empty() && !session.is_deleted());
        if handed != Some(true) {
            return;
        }
        if self.course.result().is_none() {
            // After a reload the models' names come a little later, and this is asked again.
            return;
        }
        let code = self.course.completion_code();
        let preview = self.course.preview.get_untracked();
        self.incomplete.set(code.is_none() && !preview);
        self.code.set(code);
    }

    /// Whether there is something that can be handed over again.
    pub fn can_hand_over(self) -> bool {
        let there = self.course.session(|session| !session.is_deleted() && !session.exposures().is_empty());
        let outcome = match self.course.stage.get() {
            Stage::Ended { outcome } => outcome,
            _ => return false,
        };
        there == Some(true) && matches!(outcome, Outcome::Complete | Outcome::Failed)
    }
}
