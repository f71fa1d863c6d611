//! The chart as a file.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::activity::video::control::Controller;
use crate::view::video::svg::{Chart, Palette, SIZE, svg};
use crate::view::video::words::moment;
use crate::web::file_name::download_name;
use crate::web::{files, raster};
use emotion_core::emotion::Emotion;
use emotion_record::clip::Whose;

/// Pixels for each unit of the chart's picture, and how wide its plot is.
const SCALE: f64 = 2.0;
const PLOT_PX: usize = 1112;

/// What the chart can be saved as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PictureKind {
    Svg,
    Png,
}

impl Controller {
    /// Hand the chart to the browser as a picture, as it is shown.
    pub fn save_chart(self, kind: PictureKind) {
        let Some(text) = self.chart() else {
            return self.state.kept.say("The chart could not be drawn. Reload the page.".to_owned());
        };
        let stem = format!("emotion-depth_{}", self.state.name.get_untracked());
        match kind {
            PictureKind::Svg => {
                let file = download_name(&stem, "svg");
                match files::save(&file, "image/svg+xml", std::iter::once(text)) {
                    Ok(()) => self.state.kept.tell_saved(&file),
                    Err(fault) => self.state.kept.say(fault.to_string()),
                }
            }
            PictureKind::Png => {
                let run = self.run();
                spawn_local(async move {
                    let file = download_name(&stem, "png");
                    let made = raster::png(&text, SIZE, SCALE).await;
                    let saved =
                        made.and_then(|png| files::save_blob(&file, &png).map_err(|fault| fault.to_string()));
                    if self.run() != run {
                        return;
                    }
                    match saved {
                        Ok(()) => self.state.kept.tell_saved(&file),
                        Err(sentence) => self.state.kept.say(sentence),
                    }
                });
            }
        }
    }

    /// The chart as SVG, in the page's colours of the moment.
    fn chart(self) -> Option<String> {
        let window = window();
        let root = window.document()?.document_element()?;
        let style = window.get_computed_style(&root).ok()??;
        let colour = |name: &str| style.get_property_value(name).unwrap_or_default().trim().to_owned();
        let palette = Palette {
            surface: colour("--surface"),
            ink: colour("--ink"),
            soft: colour("--ink-soft"),
            line: colour("--line"),
            emotions: Emotion::ALL.map(|emotion| colour(&format!("--{}", emotion.name()))),
        };
        let part = self.state.window.get_untracked();
        let whose = match self.state.whose.get_untracked() {
            Whose::Largest => "largest face".to_owned(),
            Whose::One(face) => format!("face {face}"),
        };
        let smoothing = match self.state.smoothing_s.get_untracked() {
            0.0 => "not smoothed".to_owned(),
            seconds => format!("smoothed by a symmetric triangle of {seconds} s to each side"),
        };
        let subtitle = format!("{whose}, {} to {}, {smoothing}", moment(part.from_ms), moment(part.to_ms));
        Some(self.state.readings.with_value(|readings| {
            let made = readings.curves(&part, PLOT_PX);
            svg(&Chart {
                title: &self.state.name.get_untracked(),
                subtitle: &subtitle,
                curves: &made,
                shown: self.state.curves.get_untracked(),
                ticks: &part.ticks(10),
                palette: &palette,
            })
        }))
    }
}
