//! The table of compared groups: both mean curves, their difference with interval and band, and the tests, second by second.

use emotion_stats::Interval;

use super::TABLE_VERSION;
use super::tables::{DECIMALS, names};
use crate::compare::{Compared, MeasureDifference};
use crate::settings::Settings;
use crate::sheet::Sheet;
use crate::words;

pub(super) fn table(comparisons: &[Compared], settings: &Settings) -> String {
    let mut header = names(&["format_version", "stimulus", "by", "group_a", "group_b", "measure", "second"]);
    for group in ["a", "b"] {
        header.extend(["people", "mean", "low", "high"].map(|what| format!("{what}_{group}")));
    }
    header.extend(names(&[
        "difference",
        "low",
        "high",
        "band_low",
        "band_high",
        "max_t_p",
        "cluster",
        "cluster_p",
    ]));
    let mut sheet = Sheet::new(settings.dialect, &header);
    for compared in comparisons {
        for (place, measure) in compared.comparison.measures.iter().enumerate() {
            (0..measure.points.len()).for_each(|second| row(&mut sheet, compared, (place, measure), second));
        }
    }
    sheet.text
}

fn row(sheet: &mut Sheet, compared: &Compared, (place, of): (usize, &MeasureDifference), second: usize) {
    let question = &compared.comparison.question;
    sheet.whole(TABLE_VERSION);
    sheet.words(&question.stimulus);
    sheet.words(&words::grouping(&question.grouping));
    sheet.words(&question.first);
    sheet.words(&question.second);
    sheet.words(of.measure.name());
    sheet.whole(second as i64);
    let limits = |sheet: &mut Sheet, interval: Option<Interval>| {
        sheet.number(interval.map(|interval| interval.low), DECIMALS);
        sheet.number(interval.map(|interval| interval.high), DECIMALS);
    };
    for group in &of.groups {
        let point = group.get(second);
        sheet.maybe_whole(point.map(|point| i64::from(point.people)));
        sheet.number(point.and_then(|point| point.mean), DECIMALS);
        limits(sheet, point.and_then(|point| point.interval));
    }
    let point = of.points[second];
    sheet.number(point.difference, DECIMALS);
    limits(sheet, point.interval);
    // As on the chart: no band where the difference is hidden.
    let band = of.band.as_ref().and_then(|band| band.limits.get(second).copied().flatten());
    limits(sheet, band.filter(|_| point.difference.is_some()));
    let tested = compared.tested.as_ref();
    sheet.number(tested.and_then(|test| *test.max_t_p.get(place)?.get(second)?), DECIMALS);
    // The first is the heaviest of the comparison.
    let cluster = tested.and_then(|test| {
        let here = |cluster: &&emotion_stats::Cluster| {
            cluster.measure == place && (cluster.from_second..cluster.to_second).contains(&second)
        };
        test.clusters.iter().position(|cluster| here(&cluster)).map(|at| (at as i64 + 1, test.clusters[at].p))
    });
    sheet.maybe_whole(cluster.map(|(number, _)| number));
    sheet.number(cluster.map(|(_, p)| p), DECIMALS);
    sheet.end();
}
