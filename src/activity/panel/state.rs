//! What the panel's page shows.

use std::collections::BTreeMap;

use emotion_panel::analysis::{Curves, Details};
use emotion_panel::answers::Distribution;
use emotion_panel::compare::Comparison;
use emotion_panel::norms::Percentiles;
use emotion_panel::{Overview, Settings, StimulusRow};
use emotion_stats::{MEASURES, Measure, PermutationResult, Progress};
use leptos::html::Video;
use leptos::prelude::*;
use web_sys::File;

use crate::activity::frame::Frame;
use crate::view::panel::{MEASURES_AT_FIRST, Reading};
use crate::web::chosen_dialect;

/// All signals of the page.
#[derive(Clone, Copy)]
pub struct State {
    pub frame: Frame,
    pub reading: RwSignal<Option<Reading>>,
    /// What went wrong, beside the files.
    pub problem: RwSignal<String>,
    pub settings: RwSignal<Settings>,
    pub overview: RwSignal<Option<Overview>>,
    /// The stimulus that is shown.
    pub stimulus: RwSignal<String>,
    pub curves: RwSignal<Option<Curves>>,
    /// Spread between people of each measure, for the planner.
    pub spreads: RwSignal<[Option<f64>; MEASURES]>,
    /// What was computed of the shown stimulus so far.
    pub details: RwSignal<Vec<(Details, Option<Percentiles>)>>,
    /// Details are being computed.
    pub computing: RwSignal<bool>,
    /// The measures that are shown, by place.
    pub shown: RwSignal<[bool; MEASURES]>,
    /// The second at the cursor.
    pub cursor_s: RwSignal<f64>,
    pub comparison: RwSignal<Option<Comparison>>,
    pub compare_problem: RwSignal<String>,
    pub testing: RwSignal<Option<Progress>>,
    pub tested: RwSignal<Option<PermutationResult>>,
    pub answers: RwSignal<Vec<Distribution>>,
    /// What is being saved, as a sentence; empty when nothing is.
    pub saving: RwSignal<String>,
    pub saved: RwSignal<String>,
    /// Files of stimuli by name.
    pub media: StoredValue<BTreeMap<String, File>, LocalStorage>,
    /// Counts them.
    pub media_count: RwSignal<usize>,
    pub player: NodeRef<Video>,
}

impl State {
    pub fn new(frame: Frame) -> Self {
        let mut shown = [false; MEASURES];
        MEASURES_AT_FIRST.iter().for_each(|measure| shown[measure.index()] = true);
        Self {
            frame,
            reading: RwSignal::new(None),
            problem: RwSignal::new(String::new()),
            settings: RwSignal::new(Settings {
                dialect: chosen_dialect::recalled().unwrap_or_default(),
                ..Settings::default()
            }),
            overview: RwSignal::new(None),
            stimulus: RwSignal::new(String::new()),
            curves: RwSignal::new(None),
            spreads: RwSignal::new([None; MEASURES]),
            details: RwSignal::new(Vec::new()),
            computing: RwSignal::new(false),
            shown: RwSignal::new(shown),
            cursor_s: RwSignal::new(0.0),
            comparison: RwSignal::new(None),
            compare_problem: RwSignal::new(String::new()),
            testing: RwSignal::new(None),
            tested: RwSignal::new(None),
            answers: RwSignal::new(Vec::new()),
            saving: RwSignal::new(String::new()),
            saved: RwSignal::new(String::new()),
            media: StoredValue::new_local(BTreeMap::new()),
            media_count: RwSignal::new(0),
            player: NodeRef::new(),
        }
    }

    /// The measures that are shown.
    pub fn measures(self) -> Vec<Measure> {
        self.shown.with(|shown| Measure::ALL.into_iter().filter(|measure| shown[measure.index()]).collect())
    }

    /// What is known of the shown stimulus.
    pub fn row(self) -> Option<StimulusRow> {
        let id = self.stimulus.get();
        self.overview.with(|overview| overview.as_ref()?.stimuli.iter().find(|row| row.id == id).cloned())
    }

    /// The classifier of the panel's numbers.
    pub fn classifier(self) -> String {
        self.overview.with(|overview| {
            let model =
                overview.as_ref().and_then(|overview| overview.models.iter().find(|model| model.taken));
            model.map_or_else(String::new, |model| model.origin.classifier.clone())
        })
    }

    pub fn running(self) -> bool {
        self.reading.with(|reading| reading.as_ref().is_some_and(|reading| reading.running))
    }
}
