//! Curves on a canvas: of the last minute, and of a video.

use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, CssStyleDeclaration, HtmlCanvasElement};

use crate::view::marker;
use crate::view::timeline::{Curves, Run};
use emotion_core::emotion::Emotion;

/// Room above and below the curves in CSS pixels, so that markers at 0 and 1 are whole.
const MARGIN: f64 = 8.0;
/// Room for the words "Face 12".
const FACE_NAME_PX: f64 = 52.0;

/// The time axis of a plot.
pub struct Axis {
    /// Where its lines stand, 0..1.
    pub lines: Vec<f32>,
    /// The newest reading carries a marker, and there is room for it at the right.
    pub newest: bool,
}

impl Axis {
    /// The last minute in quarters.
    pub fn minute() -> Self {
        Self { lines: vec![0.0, 0.25, 0.5, 0.75, 1.0], newest: true }
    }
}

/// Draw curves; `None` where there is no canvas to draw on.
pub fn paint(canvas: &HtmlCanvasElement, curves: &Curves, shown: [bool; 7], axis: &Axis) -> Option<()> {
    let window = web_sys::window()?;
    let ratio = window.device_pixel_ratio().max(1.0);
    let (width, height) = (f64::from(canvas.client_width()), f64::from(canvas.client_height()));
    let (wide, high) = ((width * ratio).round() as u32, (height * ratio).round() as u32);
    // Setting a size clears the canvas and costs memory: only when it has changed.
    if canvas.width() != wide || canvas.height() != high {
        canvas.set_width(wide);
        canvas.set_height(high);
    }
    let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    let style = window.get_computed_style(canvas).ok()??;
    context.set_transform(ratio, 0.0, 0.0, ratio, 0.0, 0.0).ok()?;
    context.clear_rect(0.0, 0.0, width, height);
    let plot = Plot { context, style, width, height, axis };
    plot.unread(curves);
    plot.grid();
    plot.changes(curves);
    // Neutral first: it is the ground on which the others are seen.
    for emotion in Emotion::ALL.into_iter().rev().filter(|emotion| shown[emotion.index()]) {
        plot.curve(&curves.runs, emotion);
    }
    Some(())
}

/// The drawing surface and where things lie on it, in CSS pixels.
struct Plot<'a> {
    context: CanvasRenderingContext2d,
    style: CssStyleDeclaration,
    width: f64,
    height: f64,
    axis: &'a Axis,
}

impl Plot<'_> {
    fn x(&self, x: f32) -> f64 {
        f64::from(x) * (self.width - if self.axis.newest { MARGIN } else { 0.0 })
    }

    fn y(&self, depth: f32) -> f64 {
        MARGIN + (1.0 - f64::from(depth.clamp(0.0, 1.0))) * (self.height - 2.0 * MARGIN)
    }

    /// The value of a variable of the style sheet, so that light and dark have their own colours.
    fn colour(&self, name: &str) -> String {
        self.style.get_property_value(name).unwrap_or_default().trim().to_owned()
    }

    fn line(&self, from: (f64, f64), to: (f64, f64)) {
        self.context.begin_path();
        self.context.move_to(from.0, from.1);
        self.context.line_to(to.0, to.1);
        self.context.stroke();
    }

    /// Parts that could not be read lie in a shade.
    fn unread(&self, curves: &Curves) {
        self.context.set_fill_style_str(&self.colour("--line"));
        for (from, to) in &curves.unread {
            let (from, to) = (self.x(*from), self.x(*to));
            self.context.fill_rect(from, MARGIN, (to - from).max(1.0), self.height - 2.0 * MARGIN);
        }
    }

    fn grid(&self) {
        self.context.set_line_width(1.0);
        self.context.set_stroke_style_str(&self.colour("--line"));
        for depth in [0.0, 0.5, 1.0] {
            let y = self.y(depth).round() + 0.5;
            self.line((0.0, y), (self.width, y));
        }
        for place in &self.axis.lines {
            let x = self.x(*place).round() + 0.5;
            self.line((x, MARGIN), (x, self.height - MARGIN));
        }
    }

    /// Where another face took over.
    fn changes(&self, curves: &Curves) {
        self.context.set_stroke_style_str(&self.colour("--ink-soft"));
        self.context.set_fill_style_str(&self.colour("--ink-soft"));
        self.context.set_font("12px system-ui, sans-serif");
        // From the newest: where changes stand close together, its name is the one that is written.
        let mut free = self.width;
        for (x, face) in curves.changes.iter().rev() {
            let x = self.x(*x).round() + 0.5;
            self.line((x, 0.0), (x, self.height));
            if x + FACE_NAME_PX <= free {
                // Text that cannot be drawn is no reason to stop.
                let _ = self.context.fill_text(&format!("Face {face}"), x + 4.0, 14.0);
                free = x;
            }
        }
    }

    fn curve(&self, runs: &[Run], emotion: Emotion) {
        let colour = self.colour(&format!("--{}", emotion.name()));
        self.context.set_stroke_style_str(&colour);
        self.context.set_fill_style_str(&colour);
        self.context.set_line_width(2.0);
        self.context.set_line_join("round");
        self.context.set_line_cap("round");
        for run in runs {
            let depths = &run.depths[emotion.index()];
            self.context.begin_path();
            for (at, (x, depth)) in run.x.iter().zip(depths).enumerate() {
                let (x, y) = (self.x(*x), self.y(*depth));
                if at == 0 {
                    self.context.move_to(x, y);
                }
                // Also to itself: a run of one point is a dot.
                self.context.line_to(x, y);
            }
            self.context.stroke();
            for at in &run.markers[emotion.index()] {
                if let (Some(x), Some(depth)) = (run.x.get(*at), depths.get(*at)) {
                    self.marker(emotion, self.x(*x), self.y(*depth));
                }
            }
        }
        // The newest point always has its marker, beside the word "now".
        if let Some(run) = runs.last().filter(|_| self.axis.newest)
            && let (Some(x), Some(depth)) = (run.x.last(), run.depths[emotion.index()].last())
        {
            self.marker(emotion, self.x(*x), self.y(*depth));
        }
    }

    fn marker(&self, emotion: Emotion, x: f64, y: f64) {
        self.context.begin_path();
        for (at, (dx, dy)) in marker::polygon(emotion).iter().enumerate() {
            let (x, y) = (x + f64::from(*dx), y + f64::from(*dy));
            if at == 0 {
                self.context.move_to(x, y);
            } else {
                self.context.line_to(x, y);
            }
        }
        self.context.close_path();
        self.context.fill();
    }
}
