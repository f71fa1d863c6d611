//! The tidy tables.

use emotion_stats::Measure;
use emotion_study::result::reason_codes;
use emotion_study::session::AnswerValue;

use super::TABLE_VERSION;
use crate::merge::Panel;
use crate::record::{Data, Record};
use crate::settings::{Grouping, Settings};
use crate::sheet::Sheet;

/// Decimals of depths and statistics.
pub(super) const DECIMALS: usize = 6;

pub(super) fn names(list: &[&str]) -> Vec<String> {
    list.iter().map(|name| (*name).to_owned()).collect()
}

fn measures(prefix: &str) -> Vec<String> {
    Measure::ALL.map(|measure| format!("{prefix}.{}", measure.name())).into()
}

/// The table of samples, session by session, so that a large panel need not stand in memory as text.
#[derive(Debug)]
pub struct SamplesTable<'p> {
    records: Vec<&'p Record>,
    settings: &'p Settings,
}

impl<'p> SamplesTable<'p> {
    /// Of the merged sessions. Receipts have no samples.
    #[must_use]
    pub fn new(panel: &'p Panel, settings: &'p Settings) -> Self {
        Self { records: panel.merged(settings), settings }
    }

    /// The header.
    #[must_use]
    pub fn header(&self) -> String {
        let mut header = names(&[
            "format_version",
            "session",
            "participant",
            "group",
            "stimulus",
            "attempt",
            "time_ms",
            "media_ms",
            "quality",
            "quality_reasons",
            "usable",
            "yaw",
        ]);
        header.extend(emotion_study::emotion::EMOTIONS.map(|emotion| format!("raw.{emotion}")));
        Sheet::new(self.settings.dialect, &header).text
    }

    /// How many sessions there are.
    #[must_use]
    pub fn sessions(&self) -> usize {
        self.records.len()
    }

    /// The rows of one session; empty of one that does not exist.
    #[must_use]
    pub fn rows(&self, session: usize) -> String {
        let mut sheet = Sheet::rows(self.settings.dialect);
        let Some(record) = self.records.get(session) else { return String::new() };
        let least = (self.settings.rule.least_quality * 10_000.0 - 1e-9).ceil() as u16;
        for exposure in &record.exposures {
            let Data::Samples { shown, time_ms, yaw, quality, reasons } = &exposure.data else { continue };
            for at in 0..shown.media_ms.len() {
                sheet.whole(TABLE_VERSION);
                sheet.words(&record.session);
                sheet.words(record.participant.as_deref().unwrap_or_default());
                sheet.words(record.group.as_deref().unwrap_or_default());
                sheet.words(&exposure.stimulus);
                sheet.whole(exposure.attempt);
                sheet.whole(time_ms[at]);
                sheet.whole(shown.media_ms[at]);
                sheet.number(Some(f64::from(quality[at]) / 10_000.0), 4);
                sheet.words(&reason_codes(u32::from(reasons[at])).join("|"));
                sheet.whole(i64::from(shown.quality[at] >= least));
                sheet.number((yaw[at] != i16::MIN).then(|| f64::from(yaw[at]) / 10.0), 1);
                for raw in &shown.raw {
                    let known = raw[at] != emotion_study::result::MISSING;
                    sheet.number(known.then(|| f64::from(raw[at]) / 10_000.0), 4);
                }
                sheet.end();
            }
        }
        sheet.text
    }
}

pub(super) fn seconds(panel: &Panel, settings: &Settings) -> String {
    let mut header =
        names(&["format_version", "session", "participant", "group", "stimulus", "second", "there"]);
    header.extend(measures("raw"));
    header.extend(measures("raw_minus_baseline"));
    let mut sheet = Sheet::new(settings.dialect, &header);
    let records = panel.merged(settings);
    for stimulus in panel.overview(settings).stimuli {
        let Some(usable) = crate::table::of(&records, &stimulus.id, settings) else { continue };
        let seconds = usable.table.seconds();
        for record in records.iter().filter(|record| usable.people.binary_search(&record.session).is_ok()) {
            let Some(exposure) = record.exposure(&stimulus.id) else { continue };
            let cells = |corrected: bool| {
                let there = !corrected || exposure.baseline.is_some();
                there
                    .then(|| crate::table::cells(exposure, record.rate_hz, corrected, settings).ok())
                    .flatten()
            };
            let (raw, corrected) = (cells(false), cells(true));
            for second in 0..seconds {
                let value = |cells: &Option<(Vec<f64>, usize)>, measure: usize| {
                    let cells = cells.as_ref()?;
                    cells.0.get(measure * seconds + second).copied().filter(|value| !value.is_nan())
                };
                sheet.whole(TABLE_VERSION);
                sheet.words(&record.session);
                sheet.words(record.participant.as_deref().unwrap_or_default());
                sheet.words(record.group.as_deref().unwrap_or_default());
                sheet.words(&stimulus.id);
                sheet.whole(second as i64);
                sheet.whole(i64::from(value(&raw, 0).is_some()));
                for cells in [&raw, &corrected] {
                    for measure in Measure::ALL {
                        sheet.number(value(cells, measure.index()), DECIMALS);
                    }
                }
                sheet.end();
            }
        }
    }
    sheet.text
}

pub(super) fn participants(panel: &Panel, settings: &Settings) -> String {
    let records = panel.merged(settings);
    let overview = panel.overview(settings);
    let tables: Vec<_> =
        overview.stimuli.iter().filter_map(|stimulus| panel.table(&stimulus.id, settings)).collect();
    let mut questions: Vec<&str> =
        records.iter().flat_map(|record| &record.answers).map(|answer| answer.question.as_str()).collect();
    questions.sort_unstable();
    questions.dedup();
    let attributes: Vec<&Grouping> = overview
        .groupings
        .iter()
        .map(|(grouping, _)| grouping)
        .filter(|grouping| matches!(grouping, Grouping::Attribute(_)))
        .collect();
    let mut header = names(&[
        "format_version",
        "session",
        "participant",
        "group",
        "row",
        "outcome",
        "date",
        "device",
        "from_receipt",
    ]);
    header.extend(
        tables.iter().flat_map(|table| {
            ["grade", "usable", "excluded"].map(|what| format!("{what}.{}", table.stimulus))
        }),
    );
    header.extend(questions.iter().map(|question| format!("answer.{question}")));
    header.extend(attributes.iter().map(|grouping| match grouping {
        Grouping::Attribute(name) => format!("attribute.{name}"),
        _ => String::new(),
    }));
    let mut sheet = Sheet::new(settings.dialect, &header);
    for record in records {
        sheet.whole(TABLE_VERSION);
        sheet.words(&record.session);
        sheet.words(record.participant.as_deref().unwrap_or_default());
        sheet.words(record.group.as_deref().unwrap_or_default());
        sheet.maybe_whole(record.row.map(i64::from));
        sheet.words(record.outcome.word());
        sheet.words(&record.date);
        sheet.words(record.device);
        sheet.whole(i64::from(record.from_receipt));
        for table in &tables {
            match record.exposure(&table.stimulus) {
                None => (0..3).for_each(|_| sheet.empty()),
                Some(exposure) => {
                    sheet.whole(exposure.grade);
                    let excluded = table.excluded.iter().find(|excluded| excluded.session == record.session);
                    sheet.whole(i64::from(excluded.is_none()));
                    sheet.words(&excluded.map_or(String::new(), |excluded| excluded.reasons.join("|")));
                }
            }
        }
        for question in &questions {
            let answer = record.answers.iter().find(|answer| answer.question == *question);
            match answer.map(|answer| &answer.value) {
                None => sheet.empty(),
                Some(AnswerValue::Number(number)) => sheet.whole(*number),
                Some(AnswerValue::Text(text)) => sheet.words(text),
                Some(AnswerValue::Options(ids)) => sheet.words(&ids.join("|")),
            }
        }
        for attribute in &attributes {
            sheet.words(&panel.value_of(record, attribute).unwrap_or_default());
        }
        sheet.end();
    }
    sheet.text
}

pub(super) fn files(panel: &Panel, settings: &Settings) -> String {
    let mut sheet =
        Sheet::new(settings.dialect, &names(&["format_version", "file", "status", "session", "reason"]));
    for file in panel.overview(settings).files {
        sheet.whole(TABLE_VERSION);
        sheet.words(&file.name);
        sheet.words(file.status.word());
        sheet.words(&file.session);
        sheet.words(&file.reason);
        sheet.end();
    }
    sheet.text
}
