//! The summary: the numbers of whole stimuli and of segments, of everybody and of compared groups.

use emotion_stats::{Base, Estimate, Measure};

use super::tables::{DECIMALS, names};
use super::{Computed, Numbers, TABLE_VERSION};
use crate::Origin;
use crate::compare::Compared;
use crate::merge::Panel;
use crate::settings::Settings;
use crate::sheet::Sheet;
use crate::words;

/// Cells of estimates: six of them, each with its limits.
const ESTIMATES: usize = 18;
/// Cells behind the estimates: reliability and agreement.
const OF_PEOPLE: usize = 6;
/// Columns that only compared groups fill.
const OF_GROUPS: [&str; 13] = [
    "by",
    "group_b",
    "people_b",
    "difference",
    "difference_low",
    "difference_high",
    "t",
    "df",
    "p",
    "p_holm",
    "cluster_p",
    "max_t_p",
    "permutations",
];

/// What stands at the beginning of every row.
struct Begin<'p> {
    study: String,
    origin: Option<Origin>,
    settings: &'p Settings,
}

/// What a row is about.
struct About<'t> {
    stimulus: &'t str,
    /// Empty: everybody.
    group: &'t str,
    /// The whole, or a segment.
    part: &'t str,
    measure: Measure,
    people: usize,
    /// People in the smaller of the groups that are compared.
    least: usize,
}

impl Begin<'_> {
    fn write(&self, sheet: &mut Sheet, about: &About<'_>) {
        let of = |get: fn(&Origin) -> &String| self.origin.as_ref().map_or("", |origin| get(origin).as_str());
        sheet.whole(TABLE_VERSION);
        sheet.words(&self.study);
        sheet.words(of(|origin| &origin.measure));
        sheet.words(of(|origin| &origin.classifier));
        sheet.words(of(|origin| &origin.mapping));
        sheet.whole(i64::from(self.settings.corrected));
        sheet.words(about.stimulus);
        sheet.words(about.group);
        sheet.words(about.part);
        sheet.words(about.measure.name());
        sheet.whole(about.people as i64);
        sheet.words(Base::of(about.least).mark());
    }
}

fn estimate(sheet: &mut Sheet, estimate: Option<Estimate>) {
    sheet.number(estimate.map(|e| e.value), DECIMALS);
    sheet.number(estimate.map(|e| e.interval.low), DECIMALS);
    sheet.number(estimate.map(|e| e.interval.high), DECIMALS);
}

fn empty(sheet: &mut Sheet, cells: usize) {
    (0..cells).for_each(|_| sheet.empty());
}

/// A row for each stimulus and measure and for each segment; then the same of compared groups.
pub(super) fn table(panel: &Panel, numbers: &Numbers, settings: &Settings) -> String {
    let mut header = names(&[
        "format_version",
        "study",
        "measure_sha256_prefix",
        "classifier",
        "mapping",
        "corrected",
        "stimulus",
        "group",
        "part",
        "measure",
        "people",
        "mark",
    ]);
    for what in ["mean", "end", "peak", "trough", "peak_second", "trough_second"] {
        header.extend(["", "_low", "_high"].map(|end| format!("{what}{end}")));
    }
    header.extend(names(&[
        "icc_of_mean",
        "icc_people",
        "icc_seconds",
        "split_half",
        "agreement",
        "agreement_p",
    ]));
    header.extend(names(&OF_GROUPS));
    let mut sheet = Sheet::new(settings.dialect, &header);
    let begin = Begin {
        study: panel.merged(settings).iter().find_map(|record| record.study.clone()).unwrap_or_default(),
        origin: panel.models(settings).into_iter().find(|model| model.taken).map(|model| model.origin),
        settings,
    };
    numbers.stimuli.iter().for_each(|computed| of_everybody(&mut sheet, &begin, computed));
    numbers.comparisons.iter().for_each(|compared| of_groups(&mut sheet, &begin, compared));
    sheet.text
}

fn of_everybody(sheet: &mut Sheet, begin: &Begin<'_>, Computed { table, details }: &Computed) {
    let people = table.people.len();
    for details in details {
        let about = |part| About {
            stimulus: &table.stimulus,
            group: "",
            part,
            measure: details.measure,
            people,
            least: people,
        };
        begin.write(sheet, &about("whole"));
        let six = details.summary.map(|s| [s.mean, s.end, s.peak, s.trough, s.peak_second, s.trough_second]);
        for place in 0..6 {
            estimate(sheet, six.map(|six| six[place]));
        }
        let icc = details.reliability;
        sheet.number(icc.map(|icc| icc.of_panel), DECIMALS);
        sheet.maybe_whole(icc.map(|icc| icc.people as i64));
        sheet.maybe_whole(icc.map(|icc| icc.seconds as i64));
        sheet.number(details.split_half.map(|split| split.median), DECIMALS);
        sheet.number(details.agreement.map(|(mean, _)| mean), DECIMALS);
        sheet.number(details.agreement.map(|(_, p)| p), DECIMALS);
        empty(sheet, OF_GROUPS.len());
        sheet.end();
        for (segment, mean) in &details.segments {
            begin.write(sheet, &about(segment));
            estimate(sheet, *mean);
            empty(sheet, ESTIMATES - 3 + OF_PEOPLE + OF_GROUPS.len());
            sheet.end();
        }
    }
}

/// The whole stimulus has the tests of the curves, a segment its planned test.
fn of_groups(sheet: &mut Sheet, begin: &Begin<'_>, Compared { comparison, tested }: &Compared) {
    let question = &comparison.question;
    let [people, people_b] = comparison.people;
    let start = |sheet: &mut Sheet, part: &str, measure: Measure| {
        let about = About {
            stimulus: &question.stimulus,
            group: &question.first,
            part,
            measure,
            people,
            least: people.min(people_b),
        };
        begin.write(sheet, &about);
        empty(sheet, ESTIMATES + OF_PEOPLE);
        sheet.words(&words::grouping(&question.grouping));
        sheet.words(&question.second);
        sheet.whole(people_b as i64);
    };
    for (place, measure) in comparison.measures.iter().enumerate() {
        start(sheet, "whole", measure.measure);
        empty(sheet, 7);
        let tested = tested.as_ref();
        let least = |all: &mut dyn Iterator<Item = f64>| all.reduce(f64::min);
        let clusters = tested.map(|test| test.clusters.iter().filter(|c| c.measure == place).map(|c| c.p));
        sheet.number(clusters.and_then(|mut p| least(&mut p)), DECIMALS);
        let seconds =
            tested.and_then(|test| test.max_t_p.get(place)).map(|row| row.iter().flatten().copied());
        sheet.number(seconds.and_then(|mut p| least(&mut p)), DECIMALS);
        sheet.maybe_whole(tested.map(|test| test.permutations as i64));
        sheet.end();
        for test in comparison.segments.iter().filter(|test| test.measure == measure.measure) {
            start(sheet, &test.segment, measure.measure);
            let t = &test.test;
            for number in [t.difference, t.interval.low, t.interval.high, t.t, t.df, t.p, test.holm_p] {
                sheet.number(Some(number), DECIMALS);
            }
            empty(sheet, 3);
            sheet.end();
        }
    }
}
