//! The report: one HTML file without a script, which prints well.

use std::fmt::Write as _;

use emotion_stats::{Base, Estimate, Measure};

use super::{Computed, Numbers, curve_chart, difference_chart, group_chart};
use crate::chart::{Palette, clock, escaped};
use crate::compare::Compared;
use crate::merge::Panel;
use crate::model_error;
use crate::overview::{Overview, Status};
use crate::settings::Settings;
use crate::words;

const STYLE: &str = "body{font:15px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem;color:#1b1b1f;background:#fff}\
table{border-collapse:collapse;margin:.5rem 0;font-size:13px}th,td{border:1px solid #d0d3d8;padding:.2rem .5rem;text-align:right}\
th:first-child,td:first-child{text-align:left}h2{margin-top:2rem}svg{max-width:100%;height:auto}.small{font-size:13px;color:#5f6368}\
.notice{border:2px solid #8a5a00;padding:.5rem 1rem}figure{margin:1rem 0;break-inside:avoid}tr{break-inside:avoid}\
@media print{body{margin:0;max-width:none}h2{break-after:avoid}}";

const PROHIBITED: &str = "Not for use on employees, applicants, pupils or students, for law enforcement, for lie detection, for diagnosis, \
or to judge single people. In the European Union emotion recognition at work and in education is forbidden (AI Act, Article 5(1)(f)).";

fn estimate(estimate: Option<Estimate>, decimals: usize) -> String {
    estimate.map_or_else(String::new, |e| {
        format!("{:.decimals$} ({:.decimals$} to {:.decimals$})", e.value, e.interval.low, e.interval.high)
    })
}

fn number(number: Option<f64>) -> String {
    number.map_or_else(String::new, |number| format!("{number:.3}"))
}

fn row(html: &mut String, cell: &str, cells: &[String]) {
    html.push_str("<tr>");
    for text in cells {
        let _ = write!(html, "<{cell}>{}</{cell}>", escaped(text)); // into a String it cannot fail
    }
    html.push_str("</tr>");
}

fn table(html: &mut String, header: &[&str], rows: &[Vec<String>]) {
    html.push_str("<table><thead>");
    row(html, "th", &header.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
    html.push_str("</thead><tbody>");
    rows.iter().for_each(|cells| row(html, "td", cells));
    html.push_str("</tbody></table>");
}

pub(super) fn html(panel: &Panel, numbers: &Numbers, settings: &Settings) -> String {
    let overview = panel.overview(settings);
    let mut html = String::new();
    let title = escaped(&overview.title);
    let _ = write!(
        html,
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>{title} - panel report</title><style>{STYLE}</style></head><body><h1>{title}</h1>\
         <p>A panel of {} people. A depth is the share of human viewers, 0 to 1, who would name an expression for a face. It says how \
         faces looked to others, not what people felt.</p><p class=\"notice\">{PROHIBITED}</p>",
        overview.merged
    );
    people(&mut html, &overview, settings);
    for one in &numbers.stimuli {
        stimulus(&mut html, panel, one, settings);
        let of_it = |compared: &&Compared| compared.comparison.question.stimulus == one.table.stimulus;
        numbers.comparisons.iter().filter(of_it).for_each(|compared| groups(&mut html, compared, settings));
    }
    methods(&mut html, panel, settings);
    html.push_str("</body></html>\n");
    html
}

fn people(html: &mut String, overview: &Overview, settings: &Settings) {
    html.push_str("<h2>Who took part</h2>");
    let funnel: Vec<Vec<String>> =
        overview.funnel.iter().map(|(outcome, count)| vec![outcome.clone(), count.to_string()]).collect();
    table(html, &["outcome", "sessions"], &funnel);
    let mut refused: Vec<(Status, usize)> = Vec::new();
    for file in overview.files.iter().filter(|file| !matches!(file.status, Status::Merged | Status::Used)) {
        match refused.iter_mut().find(|(status, _)| *status == file.status) {
            Some((_, count)) => *count += 1,
            None => refused.push((file.status, 1)),
        }
    }
    refused.sort_unstable();
    if !refused.is_empty() {
        html.push_str("<p>Files that are not in the panel:</p>");
        let rows: Vec<Vec<String>> =
            refused.iter().map(|(status, count)| vec![status.word().to_owned(), count.to_string()]).collect();
        table(html, &["reason", "files"], &rows);
    }
    let _ = write!(html, "<p>{}</p>", escaped(&settings.rule.sentence()));
    let rows: Vec<Vec<String>> = overview
        .stimuli
        .iter()
        .map(|stimulus| {
            let reasons: Vec<String> =
                stimulus.excluded.iter().map(|(reason, count)| format!("{reason}: {count}")).collect();
            vec![
                stimulus.id.clone(),
                clock(f64::from(stimulus.duration_ms) / 1_000.0),
                stimulus.shown.to_string(),
                stimulus.usable.to_string(),
                reasons.join(", "),
            ]
        })
        .collect();
    table(html, &["stimulus", "length", "people", "usable", "left out"], &rows);
    if overview.balance.len() > 1 {
        html.push_str("<p>Groups and rows of the order:</p>");
        let rows: Vec<Vec<String>> = overview
            .balance
            .iter()
            .map(|(group, row, count)| vec![group.clone(), row.clone(), count.to_string()])
            .collect();
        table(html, &["group", "row", "people"], &rows);
    }
}

fn stimulus(
    html: &mut String,
    panel: &Panel,
    Computed { table: of, details }: &Computed,
    settings: &Settings,
) {
    let _ = write!(html, "<h2>{}</h2>", escaped(&of.stimulus));
    let base = Base::of(of.people.len());
    if !base.may_show() {
        html.push_str("<p>Fewer than five people are usable: nothing is shown, to protect them.</p>");
        return;
    }
    let Ok(curves) = of.curves(settings) else { return };
    for group in [&Measure::ALL[..7], &Measure::ALL[7..]] {
        let mut chart = curve_chart(&curves, Some(details), group, settings);
        chart.segments = panel
            .segments(&of.stimulus)
            .iter()
            .map(|segment| {
                (segment.id.clone(), f64::from(segment.from_ms) / 1e3, f64::from(segment.to_ms) / 1e3)
            })
            .collect();
        let _ = write!(html, "<figure>{}</figure>", chart.svg(&Palette::print()));
    }
    let mark = match base.mark() {
        "" => String::new(),
        mark => format!(" Base {mark}: {} people, read with care.", of.people.len()),
    };
    let _ = write!(
        html,
        "<p class=\"small\">Lines: means. Dark: {0:.0} % interval of each second. Light: {0:.0} % band of the whole curve (bootstrap-t, \
         {1} resamples, seed {2}).{mark}</p>",
        settings.confidence * 100.0,
        settings.resamples,
        settings.seed
    );
    let rows: Vec<Vec<String>> = details
        .iter()
        .map(|d| {
            let of = |get: fn(&emotion_stats::Summary) -> Estimate, decimals| {
                estimate(d.summary.as_ref().map(get), decimals)
            };
            vec![
                d.measure.name().to_owned(),
                of(|s| s.mean, 3),
                of(|s| s.end, 3),
                of(|s| s.peak, 3),
                of(|s| s.peak_second, 0),
                of(|s| s.trough, 3),
                number(d.reliability.map(|r| r.of_panel)),
                number(d.agreement.map(|(mean, _)| mean)),
            ]
        })
        .collect();
    table(
        html,
        &["measure", "mean", "end", "peak", "at second", "trough", "reliability", "agreement"],
        &rows,
    );
    let segments: Vec<Vec<String>> = details
        .iter()
        .flat_map(|d| {
            d.segments
                .iter()
                .map(|(segment, mean)| vec![segment.clone(), d.measure.name().to_owned(), estimate(*mean, 3)])
        })
        .collect();
    if !segments.is_empty() {
        table(html, &["segment", "measure", "mean"], &segments);
    }
    let classifier = panel
        .models(settings)
        .into_iter()
        .find(|model| model.taken)
        .map_or_else(String::new, |model| model.origin.classifier);
    html.push_str("<ul class=\"small\">");
    for measure in Measure::ALL {
        let _ = write!(html, "<li>{}</li>", escaped(&model_error::line(measure, &classifier)));
    }
    html.push_str("</ul>");
}

/// Size of a chart of groups.
const GROUP_CHART: (f64, f64) = (800.0, 240.0);

/// Two groups, as on the page.
fn groups(html: &mut String, Compared { comparison, tested }: &Compared, settings: &Settings) {
    let question = &comparison.question;
    let names = [question.first.as_str(), question.second.as_str()];
    let _ = write!(
        html,
        "<h3>{0}: {1} and {2}</h3><p>{1}: {3} people; {2}: {4} people.</p>",
        escaped(&words::grouping(&question.grouping)),
        escaped(names[0]),
        escaped(names[1]),
        comparison.people[0],
        comparison.people[1]
    );
    for (place, of) in comparison.measures.iter().enumerate() {
        let tested = tested.as_ref().map(|tested| (tested, place));
        for chart in [
            group_chart(of, names, &question.stimulus, GROUP_CHART),
            difference_chart(of, names, &question.stimulus, tested, GROUP_CHART),
        ] {
            let _ = write!(html, "<figure>{}</figure>", chart.svg(&Palette::print()));
        }
    }
    let _ = write!(
        html,
        "<p class=\"small\">Mean curves of both groups (the second dashed), below the first minus the second. Dark: {0:.0} % interval of \
         each second (Welch). Light: {0:.0} % band of the whole difference (bootstrap-t, {1} resamples, seed {2}). A bar at the foot is a \
         cluster with p below 0.05.</p>",
        settings.confidence * 100.0,
        settings.resamples,
        settings.seed
    );
    if !comparison.may_test {
        html.push_str("<p>** No test: each group needs 30 usable people.</p>");
    }
    if let Some(tested) = tested {
        let measures: Vec<String> =
            question.measures.iter().map(|measure| measure.name().to_owned()).collect();
        html.push_str("<ul class=\"small\">");
        for line in words::tested(tested, &measures, settings.seed) {
            let _ = write!(html, "<li>{}</li>", escaped(&line));
        }
        html.push_str("</ul>");
    }
    if !comparison.segments.is_empty() {
        html.push_str("<p class=\"small\">Planned tests of the segments: Welch's t, p corrected by Holm for all of them.</p>");
        let rows: Vec<Vec<String>> = comparison.segments.iter().map(words::segment_test).collect();
        table(html, &words::SEGMENT_HEADER, &rows);
    }
}

fn methods(html: &mut String, panel: &Panel, settings: &Settings) {
    html.push_str("<h2>Methods and limits</h2>");
    if let Some(model) = panel.models(settings).into_iter().find(|model| model.taken) {
        let o = model.origin;
        let _ = write!(
            html,
            "<p>Measure {}, classifier {}, detector {}, mapping {}. Program version {}.</p>",
            escaped(&o.measure),
            escaped(&o.classifier),
            escaped(&o.detector),
            escaped(&o.mapping),
            env!("CARGO_PKG_VERSION")
        );
    }
    html.push_str(
        "<ul><li>Statistics use the depth of single frames without smoothing, averaged in whole seconds of the stimulus. Nothing is \
         filled in.</li><li>Intervals say how far chance in who took part moves a number. They do not hold the model's own \
         error.</li><li>Reliability says whether other people of the same kind would give the same curve; agreement says whether \
         curves of people go together. Both can be high for a curve that the model reads wrongly in the same way for \
         everyone.</li><li>A peak is a maximum, and chance makes a maximum higher: compare peaks only of like bases.</li><li>With \
         many people a very small difference is significant: look at its size first.</li></ul>",
    );
}
