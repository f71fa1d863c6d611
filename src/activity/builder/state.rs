//! What the builder shows: the study as it stands, its media, and which faults are told already.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use leptos::prelude::*;
use web_sys::Blob;

use crate::activity::frame::Frame;
use crate::ui::kept::Kept;
use crate::view::builder::{Draft, LinkPlan, MediaFacts, Placed, Told, place};
use crate::web::object_url::ObjectUrl;

/// A media file that was read.
pub struct Media {
    pub file: Blob,
    /// Its address for a player.
    pub address: ObjectUrl,
    /// A small picture of it.
    pub still: Option<ObjectUrl>,
}

/// A file that is being read.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    pub name: String,
    pub done_bytes: u64,
    pub bytes: u64,
}

#[derive(Clone, Copy)]
pub struct State {
    pub frame: Frame,
    pub kept: Kept,
    pub draft: RwSignal<Draft>,
    /// Counts the studies that were opened: each has its form drawn anew.
    pub opened: RwSignal<u32>,
    /// Counts changes of the list of stimuli, which other lists name.
    pub listed: RwSignal<u32>,
    /// Files that were read, by their path in the study.
    pub here: RwSignal<BTreeMap<String, MediaFacts>>,
    media: StoredValue<BTreeMap<String, Rc<Media>>, LocalStorage>,
    pub reading: RwSignal<Option<Reading>>,
    /// What could not be taken, file by file.
    pub notes: RwSignal<Vec<String>>,
    /// Why another file for a stimulus was not taken, and for which one.
    pub refused: RwSignal<Option<(usize, String)>>,
    /// All faults are told, not only those of fields that were left.
    pub reveal: RwSignal<bool>,
    touched: RwSignal<BTreeSet<String>>,
    pub placed: Memo<Placed>,
    pub plan: RwSignal<LinkPlan>,
}

impl State {
    pub fn new(frame: Frame) -> Self {
        let draft = RwSignal::new(Draft::default());
        let here = RwSignal::new(BTreeMap::new());
        let placed = Memo::new(move |_| {
            draft.with(|draft| {
                let mut faults = draft.study().err().unwrap_or_default();
                faults.extend(here.with(|here| draft.media_faults(here)));
                place(draft, &faults)
            })
        });
        let address = window().location().href().unwrap_or_default();
        Self {
            frame,
            kept: Kept::new(frame.announcement),
            draft,
            opened: RwSignal::new(0),
            listed: RwSignal::new(0),
            here,
            media: StoredValue::new_local(BTreeMap::new()),
            reading: RwSignal::new(None),
            notes: RwSignal::new(Vec::new()),
            refused: RwSignal::new(None),
            reveal: RwSignal::new(false),
            touched: RwSignal::new(BTreeSet::new()),
            placed,
            plan: RwSignal::new(LinkPlan::new(&address)),
        }
    }

    /// Change the study.
    pub fn change<T>(self, change: impl FnOnce(&mut Draft) -> T) -> T {
        let outcome = change(&mut self.draft.write());
        self.kept.note_new_readings();
        outcome
    }

    /// A field was left: what is wrong with it is told from now on.
    pub fn touch(self, path: &str) {
        if !self.touched.with_untracked(|touched| touched.contains(path)) {
            self.touched.update(|touched| {
                touched.insert(path.to_owned());
            });
        }
    }

    /// Entries of lists have got other numbers: what was told is forgotten.
    pub fn renumbered(self) {
        self.touched.set(BTreeSet::new());
        self.refused.set(None);
    }

    /// What is to be told at a place.
    pub fn told(self, path: &str) -> Vec<Told> {
        let tells = self.reveal.get() || self.touched.with(|touched| touched.contains(path));
        // That a file is missing is nothing that a person is still about to write.
        if tells || path.ends_with(".file") || path.is_empty() {
            let mut told = self.placed.with(|placed| placed.at(path).to_vec());
            if !tells && path.is_empty() {
                told.retain(|told| told.remove.is_some());
            }
            return told;
        }
        Vec::new()
    }

    /// How many files the study has here, and how large they are together, in bytes.
    pub fn media_sum(self) -> (usize, u64) {
        self.here.with(|here| {
            self.draft.with(|draft| {
                let used = draft.media_in_use(here);
                (used.len(), used.iter().map(|media| media.bytes).sum())
            })
        })
    }

    /// A file that was read.
    pub fn media(self, path: &str) -> Option<Rc<Media>> {
        self.media.with_value(|media| media.get(path).cloned())
    }

    /// Keep a file that was read; an earlier one at its path is let go.
    pub fn hold(self, facts: MediaFacts, media: Media) {
        self.media.update_value(|held| drop(held.insert(facts.path.clone(), Rc::new(media))));
        self.here.update(|here| drop(here.insert(facts.path.clone(), facts)));
    }

    /// Begin with another study, without any file.
    pub fn replace(self, draft: Draft, reveal: bool) {
        self.media.set_value(BTreeMap::new());
        self.here.set(BTreeMap::new());
        self.notes.set(Vec::new());
        self.renumbered();
        self.reveal.set(reveal);
        self.draft.set(draft);
        self.kept.forget_readings();
        self.opened.update(|count| *count += 1);
    }

    /// The list of stimuli has other entries, or others names.
    pub fn relist(self) {
        self.listed.update(|count| *count += 1);
    }
}
