//! Charts as SVG: the same drawing on the page, in a file and in the report.

mod svg;

use emotion_stats::{Interval, MEASURES, Measure};

/// Colours. On the page these are variables of the style sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Palette {
    /// Words and axes.
    pub ink: String,
    /// Words that stay behind the curves.
    pub soft: String,
    /// The grid.
    pub line: String,
    /// Behind everything; empty: nothing.
    pub surface: String,
    /// The measures, in the order of [`Measure::ALL`].
    pub measures: [String; MEASURES],
}

impl Palette {
    /// For paper and files.
    #[must_use]
    pub fn print() -> Self {
        let measures = [
            "#b3261e", "#4f6b12", "#6a3fa0", "#8a5a00", "#1f5fa8", "#b0308a", "#5f6368", "#00695c", "#3b3b3b",
        ];
        Self {
            ink: "#1b1b1f".to_owned(),
            soft: "#5f6368".to_owned(),
            line: "#d0d3d8".to_owned(),
            surface: "#ffffff".to_owned(),
            measures: measures.map(str::to_owned),
        }
    }

    /// The page's own, so that light and dark have their colours.
    #[must_use]
    pub fn page() -> Self {
        Self {
            ink: "var(--ink)".to_owned(),
            soft: "var(--ink-soft)".to_owned(),
            line: "var(--line)".to_owned(),
            surface: String::new(),
            measures: Measure::ALL.map(|measure| match measure {
                Measure::Valence => "var(--accent)".to_owned(),
                Measure::Intensity => "var(--ink)".to_owned(),
                expression => format!("var(--{})", expression.name()),
            }),
        }
    }
}

/// A curve with what surrounds it; a number a second, `None` where there is none.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// What stands at its end.
    pub name: String,
    /// Whose colour it has.
    pub measure: Measure,
    /// Dashed: the second of two groups.
    pub dashed: bool,
    /// Its height.
    pub values: Vec<Option<f64>>,
    /// Pointwise interval; may be empty.
    pub interval: Vec<Option<Interval>>,
    /// Simultaneous band; may be empty.
    pub band: Vec<Option<Interval>>,
}

/// A chart over the seconds of a stimulus.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// What is seen, for those who hear it, and above the chart where `heading` is set.
    pub title: String,
    /// Whether the title is written.
    pub heading: bool,
    /// The unit of the height, above the axis.
    pub unit: String,
    /// The curves.
    pub lines: Vec<Line>,
    /// Parts of the stimulus by name, in seconds.
    pub segments: Vec<(String, f64, f64)>,
    /// Parts with a finding, in seconds: clusters.
    pub marks: Vec<(f64, f64)>,
    /// Seconds of the stimulus.
    pub seconds: usize,
    /// Whether 0 and 1 bound it: shares of people.
    pub whole_scale: bool,
    /// Width and height in pixels.
    pub size: (f64, f64),
}

/// Room at the left for numbers, and at the right for names.
pub const LEFT: f64 = 44.0;
/// See [`LEFT`].
pub const RIGHT: f64 = 84.0;
const TOP: f64 = 24.0;
const BOTTOM: f64 = 30.0;

/// Seconds as minutes and seconds.
#[must_use]
pub fn clock(seconds: f64) -> String {
    let whole = seconds.max(0.0) as u64;
    format!("{}:{:02}", whole / 60, whole % 60)
}

/// Text between tags and in attributes; characters that XML does not know are left out.
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => safe.push(c),
        }
    }
    safe
}
