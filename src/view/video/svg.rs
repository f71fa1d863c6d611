//! The chart as a picture file: SVG text with everything in it, no style sheet and no fonts of its own.

use std::fmt::Write as _;

use crate::view::chart::{Ink, Mark, Plot};
use crate::view::marker;
use crate::view::timeline::Curves;
use emotion_core::emotion::Emotion;

/// Width and height of the picture.
pub const SIZE: (f64, f64) = (1200.0, 560.0);

/// The plot's edges: left, top, right, bottom.
const PLOT: (f64, f64, f64, f64) = (64.0, 104.0, 1176.0, 456.0);

/// Colours as CSS writes them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Palette {
    pub surface: String,
    pub ink: String,
    pub soft: String,
    pub line: String,
    /// In the order of `Emotion::ALL`.
    pub emotions: [String; 7],
}

/// What is drawn.
#[derive(Debug, Clone, Copy)]
pub struct Chart<'a> {
    /// The file's name.
    pub title: &'a str,
    /// What the curves are: the face, the part, the smoothing.
    pub subtitle: &'a str,
    pub curves: &'a Curves,
    /// Which emotions, in the order of `Emotion::ALL`.
    pub shown: [bool; 7],
    /// Places (0..1) and words of the time axis.
    pub ticks: &'a [(f32, String)],
    pub palette: &'a Palette,
}

/// The chart as SVG.
pub fn svg(chart: &Chart) -> String {
    let mut text = String::new();
    // Writing into a String cannot fail.
    let _ = draw(&mut text, chart);
    text
}

fn draw(text: &mut String, chart: &Chart) -> std::fmt::Result {
    let (width, height) = SIZE;
    let (left, top, right, bottom) = PLOT;
    let Palette { surface, ink, soft, line, emotions } = chart.palette;
    write!(
        text,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
         font-family=\"system-ui, sans-serif\" font-size=\"16\" fill=\"{ink}\">"
    )?;
    write!(text, "<title>{}</title>", escaped(chart.title))?;
    write!(text, "<rect width=\"{width}\" height=\"{height}\" fill=\"{surface}\"/>")?;
    write!(
        text,
        "<text x=\"24\" y=\"40\" font-size=\"22\" font-weight=\"600\">{}</text>",
        escaped(chart.title)
    )?;
    write!(text, "<text x=\"24\" y=\"68\" fill=\"{soft}\">{}</text>", escaped(chart.subtitle))?;
    let lines = chart.ticks.iter().map(|(at, _)| *at).collect();
    let plot = Plot { left, top, right, bottom, lines, newest: false };
    let colour = |ink: Ink| match ink {
        Ink::Line => line,
        Ink::Soft => soft,
        Ink::Emotion(emotion) => &emotions[emotion.index()],
    };
    for rule in plot.grid() {
        mark(text, &rule, colour)?;
    }
    write!(text, "<g fill=\"{soft}\" font-size=\"14\"><g text-anchor=\"end\">")?;
    for (depth, words) in [(0.0, "0"), (0.5, "0.5"), (1.0, "1")] {
        let y = bottom - depth * (bottom - top);
        write!(text, "<text x=\"{}\" y=\"{:.1}\">{words}</text>", left - 10.0, y + 5.0)?;
    }
    write!(text, "</g><g text-anchor=\"middle\">")?;
    for (at, words) in chart.ticks {
        let x = left + f64::from(*at) * (right - left);
        write!(text, "<text x=\"{x:.1}\" y=\"{}\">{}</text>", bottom + 24.0, escaped(words))?;
    }
    write!(
        text,
        "</g></g><clipPath id=\"plot\"><path d=\"M{left} {0}H{right}V{1}H{left}Z\"/></clipPath>",
        top - 8.0,
        bottom + 8.0
    )?;
    write!(text, "<g clip-path=\"url(#plot)\">")?;
    for drawn in plot.marks(chart.curves, chart.shown) {
        mark(text, &drawn, colour)?;
    }
    write!(text, "</g>")?;
    let shown: Vec<Emotion> =
        Emotion::ALL.into_iter().filter(|emotion| chart.shown[emotion.index()]).collect();
    for (at, emotion) in shown.into_iter().enumerate() {
        let (colour, left) = (&emotions[emotion.index()], left + at as f64 * 150.0);
        let at = bottom + 62.0;
        write!(
            text,
            "<path transform=\"translate({left} {at}) scale(1.5)\" fill=\"{colour}\" d=\"{}\"/>",
            marker::path(emotion)
        )?;
        write!(text, "<text x=\"{}\" y=\"{}\">{}</text>", left + 16.0, at + 5.0, emotion.name())?;
    }
    write!(
        text,
        "<text x=\"24\" y=\"{}\" fill=\"{soft}\" font-size=\"13\">{NOTE}</text></svg>",
        height - 14.0
    )
}

/// What stands below every chart that leaves the page.
const NOTE: &str = "Depth: the share of viewers, 0 to 1, who would name this expression; bands: from one rating study's viewers to \
the other's. It says nothing of what a person feels.";

/// One mark of the plot.
fn mark<'a>(text: &mut String, mark: &Mark, colour: impl Fn(Ink) -> &'a String) -> std::fmt::Result {
    match mark {
        Mark::Area { from: (left, top), to: (right, bottom), ink } => {
            let colour = colour(*ink);
            write!(
                text,
                "<path d=\"M{left:.1} {top:.1}H{right:.1}V{bottom:.1}H{left:.1}Z\" fill=\"{colour}\"/>"
            )
        }
        Mark::Rule { from, to, ink } => {
            let ((x, y), (to_x, to_y), colour) = (from, to, colour(*ink));
            write!(text, "<path d=\"M{x:.1} {y:.1}L{to_x:.1} {to_y:.1}\" stroke=\"{colour}\"/>")
        }
        Mark::Words { at: (x, y), words, ink } => {
            let (colour, words) = (colour(*ink), escaped(words));
            write!(text, "<text x=\"{x:.1}\" y=\"{y:.1}\" fill=\"{colour}\" font-size=\"14\">{words}</text>")
        }
        Mark::Band { outline, ink } => {
            write!(text, "<path{} fill=\"{}\" fill-opacity=\"0.14\" d=\"", emotion_of(*ink), colour(*ink))?;
            for (at, (x, y)) in outline.iter().enumerate() {
                write!(text, "{}{x:.1} {y:.1}", if at == 0 { "M" } else { "L" })?;
            }
            write!(text, "Z\"/>")
        }
        Mark::Curve { points, ink } => {
            write!(
                text,
                "<path{} stroke=\"{}\" fill=\"none\" stroke-width=\"2\"",
                emotion_of(*ink),
                colour(*ink)
            )?;
            write!(text, " stroke-linejoin=\"round\" stroke-linecap=\"round\" d=\"")?;
            for (at, (x, y)) in points.iter().enumerate() {
                if at == 0 {
                    write!(text, "M{x:.1} {y:.1}")?;
                }
                // Also to itself: a line of one point is a dot.
                write!(text, "L{x:.1} {y:.1}")?;
            }
            write!(text, "\"/>")
        }
        Mark::Shape { at: (x, y), polygon, ink } => {
            let (colour, outline) = (colour(*ink), marker::path_of(polygon));
            write!(text, "<path transform=\"translate({x:.1} {y:.1})\" fill=\"{colour}\" d=\"{outline}\"/>")
        }
    }
}

/// Whose a curve is, for those who read the file by a program.
fn emotion_of(ink: Ink) -> String {
    match ink {
        Ink::Emotion(emotion) => format!(" data-emotion=\"{}\"", emotion.name()),
        Ink::Line | Ink::Soft => String::new(),
    }
}

/// Text between tags; characters that XML does not know at all are left out.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            c if c.is_control() => {}
            '\u{fffe}' | '\u{ffff}' => {}
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::timeline::Run;

    fn curves() -> Curves {
        let mut run = Run { x: vec![0.0, 0.5, 1.0], ..Run::default() };
        for (at, depths) in run.depths.iter_mut().enumerate() {
            *depths = vec![0.0, at as f32 / 6.0, 1.0];
        }
        run.markers[3] = vec![1];
        Curves { runs: vec![run], changes: vec![(0.5, 2)], unread: vec![(0.25, 0.75)] }
    }

    fn drawn(title: &str, shown: [bool; 7]) -> String {
        let palette = Palette {
            emotions: Emotion::ALL.map(|emotion| format!("#{}", emotion.index())),
            ..Palette::default()
        };
        svg(&Chart {
            title,
            subtitle: "Face 1",
            curves: &curves(),
            shown,
            ticks: &[(0.0, "0:00".into()), (1.0, "1:00".into())],
            palette: &palette,
        })
    }

    #[test]
    fn points_lie_where_they_belong() {
        let text = drawn("a.webm", [true; 7]);
        assert!(
            text.contains("M64.0 456.0L64.0 456.0L620.0 280.0L1176.0 104.0"),
            "happy is at one half in the middle"
        );
        assert!(text.contains("translate(620.0 280.0)"), "and has its marker there");
        assert!(text.contains(">Face 2<") && text.contains(">1:00<"));
        assert!(text.starts_with("<svg xmlns=") && text.ends_with("</svg>"));
    }

    #[test]
    fn hidden_curves_are_neither_drawn_nor_named() {
        let mut shown = [false; 7];
        shown[Emotion::Happy.index()] = true;
        let text = drawn("a.webm", shown);
        assert!(text.contains("data-emotion=\"happy\"") && text.contains(">happy<"));
        assert!(!text.contains("data-emotion=\"sad\"") && !text.contains(">sad<"));
    }

    #[test]
    fn a_file_name_cannot_break_out_of_the_text() {
        let text = drawn("<script>&\"\u{1}.webm", [true; 7]);
        assert!(text.contains("&lt;script&gt;&amp;&quot;.webm"));
        assert!(!text.contains("<script"));
    }

    #[test]
    fn tags_are_closed() {
        let text = drawn("a.webm", [true; 7]);
        let mut open: Vec<&str> = Vec::new();
        for tag in text.split('<').skip(1) {
            let (tag, _) = tag.split_once('>').expect("every tag ends");
            match tag.strip_prefix('/') {
                Some(name) => assert_eq!(open.pop(), Some(name)),
                None if tag.ends_with('/') => {}
                None => open.push(tag.split(' ').next().expect("a tag has a name")),
            }
        }
        assert!(open.is_empty(), "{open:?}");
    }
}
