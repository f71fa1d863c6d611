//! A chart becomes SVG text.

use std::fmt::Write as _;

use super::{BOTTOM, Chart, LEFT, Line, Palette, RIGHT, TOP, clock, escaped};

/// A step of 1, 2 or 5 times a power of ten, of which at most `most` fit into `span`.
fn nice_step(span: f64, most: f64) -> f64 {
    let least = span / most;
    let mut unit = 1e-6;
    loop {
        for factor in [1.0, 2.0, 5.0] {
            if factor * unit >= least {
                return factor * unit;
            }
        }
        unit *= 10.0;
    }
}

impl Chart {
    fn top(&self) -> f64 {
        if self.heading { TOP + 26.0 } else { TOP }
    }

    /// The lowest and the highest number, and the step of the grid.
    fn range(&self) -> (f64, f64, f64) {
        if self.whole_scale {
            return (0.0, 1.0, 0.25);
        }
        let (mut low, mut high) = (0.0f64, 0.0f64);
        for line in &self.lines {
            let ends = line.interval.iter().chain(&line.band).flatten().flat_map(|i| [i.low, i.high]);
            for value in line.values.iter().flatten().copied().chain(ends).filter(|value| value.is_finite()) {
                (low, high) = (low.min(value), high.max(value));
            }
        }
        let step = nice_step((high - low).max(0.02), 5.0);
        ((low / step).floor() * step, (high / step).ceil().max(1.0) * step, step)
    }

    /// The chart as an SVG element.
    #[must_use]
    pub fn svg(&self, palette: &Palette) -> String {
        let (width, height) = self.size;
        let (low, high, step) = self.range();
        let (top, right, bottom) = (self.top(), (width - RIGHT).max(LEFT + 10.0), height - BOTTOM);
        let x = |second: f64| LEFT + second / (self.seconds.max(1) as f64) * (right - LEFT);
        let y = |value: f64| bottom - (value - low) / (high - low) * (bottom - top);
        let mut svg = String::new();
        let title = escaped(&self.title);
        // Writing into a String cannot fail.
        let _ = write!(
            svg,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\" viewBox=\"0 0 {width:.0} {height:.0}\" \
             role=\"img\" aria-label=\"{title}\" font-family=\"system-ui, sans-serif\" font-size=\"12\"><title>{title}</title>"
        );
        if !palette.surface.is_empty() {
            let _ = write!(
                svg,
                "<rect width=\"{width:.0}\" height=\"{height:.0}\" fill=\"{}\"/>",
                palette.surface
            );
        }
        if self.heading {
            let _ = write!(
                svg,
                "<text x=\"8\" y=\"20\" font-size=\"15\" font-weight=\"600\" fill=\"{}\">{title}</text>",
                palette.ink
            );
        }
        for (name, from, to) in &self.segments {
            let (from, to) = (x(*from), x(to.min(self.seconds as f64)));
            let _ = write!(
                svg,
                "<rect x=\"{from:.1}\" y=\"{top:.1}\" width=\"{:.1}\" height=\"{:.1}\" fill=\"{}\" fill-opacity=\"0.35\"/>\
                 <text x=\"{:.1}\" y=\"{:.1}\" fill=\"{}\">{}</text>",
                (to - from).max(1.0),
                bottom - top,
                palette.line,
                from + 3.0,
                top + 12.0,
                palette.soft,
                escaped(name)
            );
        }
        self.grid(&mut svg, palette, (low, high, step), (x(0.0), right, top, bottom), &x, &y);
        for line in &self.lines {
            let colour = &palette.measures[line.measure.index()];
            for (limits, opacity) in [(&line.band, 0.12), (&line.interval, 0.22)] {
                for run in runs(limits) {
                    let upper = run
                        .iter()
                        .map(|(second, i)| format!("{:.1} {:.1}", x(*second as f64 + 0.5), y(i.high)));
                    let lower = run
                        .iter()
                        .rev()
                        .map(|(second, i)| format!("{:.1} {:.1}", x(*second as f64 + 0.5), y(i.low)));
                    let path = upper.chain(lower).collect::<Vec<_>>().join("L");
                    let _ =
                        write!(svg, "<path d=\"M{path}Z\" fill=\"{colour}\" fill-opacity=\"{opacity}\"/>");
                }
            }
        }
        for line in &self.lines {
            let colour = &palette.measures[line.measure.index()];
            let dash = if line.dashed { " stroke-dasharray=\"6 4\"" } else { "" };
            for run in runs(&line.values) {
                let points: Vec<String> = run
                    .iter()
                    .map(|(second, value)| format!("{:.1} {:.1}", x(*second as f64 + 0.5), y(**value)))
                    .collect();
                // Also to itself: a line of one point is a dot.
                let _ = write!(
                    svg,
                    "<path data-measure=\"{}\" d=\"M{}L{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\" stroke-linejoin=\"round\" stroke-linecap=\"round\"{dash}/>",
                    line.measure.name(),
                    points[0],
                    points.join("L")
                );
            }
        }
        self.names(&mut svg, palette, right, top, bottom, &y);
        for (from, to) in &self.marks {
            let _ = write!(
                svg,
                "<path d=\"M{:.1} {:.1}H{:.1}\" stroke=\"{}\" stroke-width=\"5\"/>",
                x(*from),
                bottom - 3.0,
                x(*to),
                palette.ink
            );
        }
        svg.push_str("</svg>");
        svg
    }

    #[allow(clippy::too_many_arguments)] // one drawing, cut in two for its length
    fn grid(
        &self,
        svg: &mut String,
        palette: &Palette,
        (low, high, step): (f64, f64, f64),
        (left, right, top, bottom): (f64, f64, f64, f64),
        x: &dyn Fn(f64) -> f64,
        y: &dyn Fn(f64) -> f64,
    ) {
        let decimals = if step < 0.01 {
            3
        } else if step < 0.1 || self.whole_scale {
            2
        } else {
            1
        };
        for at in 0..=((high - low) / step).round() as usize {
            let value = low + at as f64 * step;
            let number = if self.whole_scale {
                format!("{:.0} %", value * 100.0)
            } else {
                format!("{value:.decimals$}")
            };
            let _ = write!(
                svg,
                "<path d=\"M{left:.1} {0:.1}H{right:.1}\" stroke=\"{1}\"/><text x=\"{2:.1}\" y=\"{3:.1}\" text-anchor=\"end\" fill=\"{4}\">{number}</text>",
                y(value),
                palette.line,
                left - 6.0,
                y(value) + 4.0,
                palette.soft
            );
        }
        let most = ((right - left) / 60.0).max(2.0);
        let every = nice_step(self.seconds as f64, most).max(1.0);
        let mut second = 0.0;
        while second <= self.seconds as f64 {
            let _ = write!(
                svg,
                "<path d=\"M{0:.1} {top:.1}V{bottom:.1}\" stroke=\"{1}\"/><text x=\"{0:.1}\" y=\"{2:.1}\" text-anchor=\"middle\" fill=\"{3}\">{4}</text>",
                x(second),
                palette.line,
                bottom + 16.0,
                palette.soft,
                clock(second)
            );
            second += every;
        }
        let _ = write!(
            svg,
            "<text x=\"4\" y=\"{:.1}\" fill=\"{}\">{}</text>",
            top - 9.0,
            palette.soft,
            escaped(&self.unit)
        );
    }

    /// The names at the ends of the curves, pushed apart where they would lie over each other.
    fn names(
        &self,
        svg: &mut String,
        palette: &Palette,
        right: f64,
        top: f64,
        bottom: f64,
        y: &dyn Fn(f64) -> f64,
    ) {
        const APART: f64 = 14.0;
        let last = |line: &Line| line.values.iter().rev().flatten().next().map(|value| y(*value));
        let mut names: Vec<(f64, &Line)> =
            self.lines.iter().filter_map(|line| Some((last(line)?, line))).collect();
        names.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut free = top;
        for name in &mut names {
            name.0 = name.0.max(free);
            free = name.0 + APART;
        }
        // What went below the chart moves up again.
        let mut limit = bottom + 4.0;
        for name in names.iter_mut().rev() {
            name.0 = name.0.min(limit);
            limit = name.0 - APART;
        }
        for (at, line) in names {
            let colour = &palette.measures[line.measure.index()];
            let _ = write!(
                svg,
                "<path d=\"M{0:.1} {1:.1}h10\" stroke=\"{colour}\" stroke-width=\"3\"{4}/><text x=\"{2:.1}\" y=\"{3:.1}\" fill=\"{5}\">{6}</text>",
                right + 4.0,
                at,
                right + 18.0,
                at + 4.0,
                if line.dashed { " stroke-dasharray=\"4 2\"" } else { "" },
                palette.ink,
                escaped(&line.name)
            );
        }
    }
}

/// Neighbouring entries that are there, with their places.
fn runs<T>(list: &[Option<T>]) -> Vec<Vec<(usize, &T)>> {
    let mut runs: Vec<Vec<(usize, &T)>> = Vec::new();
    let mut open = false;
    for (at, entry) in list.iter().enumerate() {
        match entry {
            None => open = false,
            Some(value) => {
                if !open {
                    runs.push(Vec::new());
                }
                open = true;
                if let Some(run) = runs.last_mut() {
                    run.push((at, value));
                }
            }
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use emotion_stats::{Interval, Measure};

    use super::*;

    fn chart(values: Vec<Option<f64>>) -> Chart {
        let interval = values.iter().map(|v| v.map(|v| Interval { low: v - 0.1, high: v + 0.1 })).collect();
        let line = Line {
            name: "a<b".into(),
            measure: Measure::Happy,
            dashed: false,
            values,
            interval,
            band: Vec::new(),
        };
        Chart {
            title: "T & t".into(),
            heading: true,
            unit: "depth".into(),
            lines: vec![line],
            segments: vec![("s".into(), 0.0, 2.0)],
            marks: Vec::new(),
            seconds: 4,
            whole_scale: false,
            size: (528.0, 290.0),
        }
    }

    #[test]
    fn curves_lie_where_they_belong_and_break_at_gaps() {
        let svg = chart(vec![Some(0.4), Some(0.9), None, Some(0.4)]).svg(&Palette::print());
        // 100 pixels a second from 44 on; 0 to 1 between 260 and 50: 0.4 lies at 176.
        assert!(svg.contains("d=\"M94.0 176.0L94.0 176.0L194.0 71.0\""), "{svg}");
        assert!(svg.contains("d=\"M394.0 176.0L394.0 176.0\""), "{svg}");
        assert!(svg.contains("a&lt;b") && svg.contains("T &amp; t") && !svg.contains("a<b"));
    }

    #[test]
    fn steps_are_round_numbers() {
        assert_eq!(
            [0.9, 0.11, 0.021].map(|span| (nice_step(span, 5.0) * 1e6).round()),
            [200_000.0, 50_000.0, 5_000.0]
        );
        assert_eq!(clock(75.4), "1:15");
    }

    #[test]
    fn a_curve_of_nothing_is_still_a_chart() {
        let svg = chart(vec![None; 4]).svg(&Palette::print());
        assert!(svg.ends_with("</svg>") && !svg.contains("NaN"));
    }
}
