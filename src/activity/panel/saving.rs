//! The exports: tables, the folder, the report, the chart.

use emotion_panel::Dialect;
use emotion_panel::analysis::Details;
use emotion_panel::chart::Palette;
use emotion_panel::desk::{Answer, Ask, ExportFile};
use emotion_panel::export::curve_chart;
use emotion_stats::Measure;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsValue;
use web_sys::{Blob, BlobPropertyBag};

use crate::activity::panel::control::Controller;
use crate::activity::panel::state::State;
use crate::web::file_name::download_name;
use crate::web::{files, raster};

/// Sessions of a part of the table of samples.
const SESSIONS: usize = 25;
/// Pixels for each unit of a chart's picture.
const SCALE: f64 = 2.0;

fn blob(parts: &js_sys::Array, mime: &str) -> Result<Blob, JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type(mime);
    Blob::new_with_u8_array_sequence_and_options(parts, &options)
}

impl Controller {
    fn tell(self, name: &str, saved: Result<(), String>) {
        self.state.saving.set(String::new());
        match saved {
            Ok(()) => {
                let sentence = format!("Saved as {name}.");
                self.frame.announcement.set(sentence.clone());
                self.state.saved.set(sentence);
            }
            Err(sentence) => self.state.saved.set(sentence),
        }
    }

    fn save_parts(self, name: &str, mime: &str, parts: &js_sys::Array) {
        let made = blob(parts, mime).map_err(|error| files::fault(name, &error).to_string());
        self.tell(
            name,
            made.and_then(|blob| files::save_blob(name, &blob).map_err(|fault| fault.to_string())),
        );
    }

    /// Save a file that the worker makes; what it needs is computed first, measure by measure.
    fn save(self, file: ExportFile) {
        if !self.state.saving.with_untracked(String::is_empty) {
            return;
        }
        let (name, mime) = file.name_and_mime();
        self.state.saving.set(format!("{name} is being made."));
        let stimuli = self.state.overview.with_untracked(|overview| {
            overview
                .as_ref()
                .map_or_else(Vec::new, |o| o.stimuli.iter().map(|row| row.id.clone()).collect::<Vec<_>>())
        });
        spawn_local(async move {
            if file.needs_details() {
                let all = stimuli.len() * Measure::ALL.len();
                let mut done = 0;
                for stimulus in &stimuli {
                    for measure in Measure::ALL {
                        let ask = Ask::Details { stimulus: stimulus.clone(), measure };
                        if self.ask(&ask, None).await.is_none() {
                            return self.state.saving.set(String::new());
                        }
                        done += 1;
                        self.state.saving.set(format!("{name} is being made: {done} of {all} curves."));
                    }
                }
            }
            match self.ask(&Ask::Export { file }, None).await {
                Some((Answer::File { .. }, Some(bytes))) => {
                    self.save_parts(name, mime, &js_sys::Array::of1(&bytes));
                }
                Some((Answer::Fault(sentence), _)) => self.tell(name, Err(sentence)),
                _ => self.state.saving.set(String::new()),
            }
        });
    }

    /// Save the table of samples, part by part.
    fn save_samples(self) {
        if !self.state.saving.with_untracked(String::is_empty) {
            return;
        }
        const NAME: &str = "samples.csv";
        self.state.saving.set(format!("{NAME} is being made."));
        spawn_local(async move {
            let parts = js_sys::Array::new();
            let mut from = 0;
            loop {
                match self.ask(&Ask::Samples { from, sessions: SESSIONS }, None).await {
                    Some((Answer::File { sessions }, Some(bytes))) => {
                        // A blob may be kept on the disk; bytes may not.
                        match blob(&js_sys::Array::of1(&bytes), "text/csv") {
                            Ok(part) => parts.push(&part),
                            Err(error) => {
                                return self.tell(NAME, Err(files::fault(NAME, &error).to_string()));
                            }
                        };
                        from += SESSIONS;
                        self.state.saving.set(format!(
                            "{NAME} is being made: {} of {sessions} people.",
                            from.min(sessions)
                        ));
                        if from >= sessions {
                            break;
                        }
                    }
                    Some((Answer::Fault(sentence), _)) => return self.tell(NAME, Err(sentence)),
                    _ => return self.state.saving.set(String::new()),
                }
            }
            self.save_parts(NAME, "text/csv", &parts);
        });
    }

    /// The shown curves as a picture.
    fn save_chart(self, png: bool) {
        let shown = untrack(|| self.state.measures());
        let details: Vec<Details> =
            self.state.details.with_untracked(|all| all.iter().map(|(details, _)| details.clone()).collect());
        let chart = self.state.curves.with_untracked(|curves| {
            let settings = self.state.settings.get_untracked();
            curves.as_ref().map(|curves| curve_chart(curves, Some(&details), &shown, &settings))
        });
        let Some(chart) = chart else { return };
        let svg = chart.svg(&Palette::print());
        let name = download_name(
            &format!("panel_{}", self.state.stimulus.get_untracked()),
            if png { "png" } else { "svg" },
        );
        if png {
            spawn_local(async move {
                let made = raster::png(&svg, (chart.size.0, chart.size.1), SCALE).await;
                self.tell(
                    &name,
                    made.and_then(|png| files::save_blob(&name, &png).map_err(|fault| fault.to_string())),
                );
            });
        } else {
            let saved =
                files::save(&name, "image/svg+xml", std::iter::once(svg)).map_err(|fault| fault.to_string());
            self.tell(&name, saved);
        }
    }
}

#[component]
pub fn Saving() -> impl IntoView {
    let state = expect_context::<State>();
    let control = expect_context::<Controller>();
    let busy = move || state.saving.with(|saving| !saving.is_empty());
    let button = move |id: &'static str, words: &'static str, file: ExportFile| {
        view! {
            <button id=id class="button small" disabled=busy on:click=move |_| control.save(file)>{words}</button>
        }
    };
    view! {
        <section class="panel" aria-labelledby="save-title">
            <h2 id="save-title">"Save"</h2>
            <p class="notice-box">
                "Tables of samples, seconds and participants hold single people under their codes. Keep and share them only as you \
                 promised in the consent. The report, the summary, the groups and the charts show nobody \
                 alone. Every comparison since your last change of a setting stands in them."
            </p>
            <div class="save-buttons">
                {button("save-report", "Report (HTML)", ExportFile::Report)}
                {button("save-summary", "Summary (CSV)", ExportFile::Summary)}
                {button("save-groups", "Groups (CSV)", ExportFile::Groups)}
                {button("save-seconds", "Seconds (CSV)", ExportFile::Seconds)}
                {button("save-participants", "Participants (CSV)", ExportFile::Participants)}
                <button id="save-samples" class="button small" disabled=busy on:click=move |_| control.save_samples()>
                    "Samples (CSV)"
                </button>
                {button("save-files", "Files (CSV)", ExportFile::Files)}
                {button("save-psych-ds", "Psych-DS (ZIP)", ExportFile::PsychDs)}
                <button id="save-svg" class="button small" on:click=move |_| control.save_chart(false)>"Chart as SVG"</button>
                <button id="save-png" class="button small" on:click=move |_| control.save_chart(true)>"Chart as PNG"</button>
            </div>
            <label class="tick" for="decimal-comma">
                <input
                    id="decimal-comma"
                    type="checkbox"
                    prop:checked=move || state.settings.with(|settings| settings.dialect == Dialect::Comma)
                    on:change=move |event| {
                        control.set_dialect(if event_target_checked(&event) { Dialect::Comma } else { Dialect::Point });
                    }
                />
                "Semicolons and decimal commas, for German, French and Spanish spreadsheets"
            </label>
            <p class="hint" id="saved" role="status">
                {move || {
                    let saving = state.saving.get();
                    if saving.is_empty() { state.saved.get() } else { saving }
                }}
            </p>
        </section>
    }
}
