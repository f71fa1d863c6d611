//! Paints the marks of a chart on a canvas.

use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, CssStyleDeclaration, HtmlCanvasElement};

use crate::view::chart::{Ink, Mark, Place, Plot};
use crate::view::timeline::Curves;

/// Draw curves; `lines` are those of the time axis (0..1), `newest`: the newest reading carries a marker. `None` where there is
/// no canvas to draw on.
pub fn paint(
    canvas: &HtmlCanvasElement,
    curves: &Curves,
    shown: [bool; 7],
    lines: Vec<f32>,
    newest: bool,
) -> Option<()> {
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
    context.set_font("12px system-ui, sans-serif");
    context.set_line_join("round");
    context.set_line_cap("round");
    let plot = Plot::filling(width, height, lines, newest);
    let mut surface = Surface { context, style, ink: None };
    for mark in plot.grid().iter().chain(&plot.marks(curves, shown)) {
        surface.draw(mark);
    }
    Some(())
}

struct Surface {
    context: CanvasRenderingContext2d,
    style: CssStyleDeclaration,
    /// What the context draws with now.
    ink: Option<Ink>,
}

impl Surface {
    fn draw(&mut self, mark: &Mark) {
        match mark {
            Mark::Area { from, to, ink } => {
                self.take(*ink);
                self.context.fill_rect(from.0, from.1, to.0 - from.0, to.1 - from.1);
            }
            Mark::Rule { from, to, ink } => {
                self.take(*ink);
                self.context.set_line_width(1.0);
                // On the middle of a pixel, so that it is one pixel wide.
                let (dx, dy) = if from.0 == to.0 { (0.5, 0.0) } else { (0.0, 0.5) };
                let crisp = |(x, y): Place| {
                    (if dx > 0.0 { x.round() + dx } else { x }, if dy > 0.0 { y.round() + dy } else { y })
                };
                self.path([crisp(*from), crisp(*to)]);
                self.context.stroke();
            }
            Mark::Words { at, words, ink } => {
                self.take(*ink);
                // Text that cannot be drawn is no reason to stop.
                let _ = self.context.fill_text(words, at.0, at.1);
            }
            Mark::Curve { points, ink } => {
                self.take(*ink);
                self.context.set_line_width(2.0);
                self.path(points.iter().copied());
                self.context.stroke();
            }
            Mark::Band { outline, ink } => {
                self.take(*ink);
                self.path(outline.iter().copied());
                self.context.close_path();
                self.context.set_global_alpha(0.14);
                self.context.fill();
                self.context.set_global_alpha(1.0);
            }
            Mark::Shape { at, polygon, ink } => {
                self.take(*ink);
                self.path(polygon.iter().map(|(dx, dy)| (at.0 + f64::from(*dx), at.1 + f64::from(*dy))));
                self.context.close_path();
                self.context.fill();
            }
        }
    }

    fn path(&self, points: impl IntoIterator<Item = Place>) {
        self.context.begin_path();
        for (at, (x, y)) in points.into_iter().enumerate() {
            if at == 0 {
                self.context.move_to(x, y);
            }
            // Also to itself: a line of one point is a dot.
            self.context.line_to(x, y);
        }
    }

    /// Draw with this ink from now on. It is a variable of the style sheet, so that light and dark have their own colours.
    fn take(&mut self, ink: Ink) {
        if self.ink == Some(ink) {
            return;
        }
        self.ink = Some(ink);
        let name = match ink {
            Ink::Line => "--line".to_owned(),
            Ink::Soft => "--ink-soft".to_owned(),
            Ink::Emotion(emotion) => format!("--{}", emotion.name()),
        };
        let colour = self.style.get_property_value(&name).unwrap_or_default();
        self.context.set_stroke_style_str(colour.trim());
        self.context.set_fill_style_str(colour.trim());
    }
}
