//! Links for many participants: lists with group and row, and templates for survey tools.

use super::{encode, encode_path};
use crate::file::{OrderMethod, Study};
use crate::result::csv::cell;

/// A link of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The participant's id.
    pub participant: String,
    /// The group's id.
    pub group: Option<String>,
    /// The row of the order, from 1.
    pub row: Option<u32>,
    /// The link itself.
    pub link: String,
}

/// Where a template is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// Prolific, which fills in `{{%PROLIFIC_PID%}}` and its like.
    Prolific,
    /// Qualtrics, which fills in `${e://Field/...}`.
    Qualtrics,
    /// Any other: `PARTICIPANT` is put in by hand or by the tool.
    Plain,
}

/// One link for each id, balanced: groups take turns, and within a group rows count up from 1.
///
/// `page` is the address of the page without `#`, `study_path` the way from there to the study file.
pub fn link_list(study: &Study, page: &str, study_path: &str, participants: &[String]) -> Vec<Row> {
    let groups: Vec<&str> =
        study.groups.iter().filter(|group| !group.closed).map(|group| group.id.as_str()).collect();
    let with_row = study.order.method != OrderMethod::Fixed;
    let row_of = |index: usize| {
        let participant = participants[index].clone();
        let group = (!groups.is_empty()).then(|| groups[index % groups.len()].to_owned());
        let row = with_row.then(|| (index / groups.len().max(1)) as u32 + 1);
        let mut link = format!("{}&{}={}", start(page, study_path), parameter(study), encode(&participant));
        if let Some(group) = &group {
            link.push_str(&format!("&group={}", encode(group)));
        }
        if let Some(row) = row {
            link.push_str(&format!("&row={row}"));
        }
        Row { participant, group, row, link }
    };
    (0..participants.len()).map(row_of).collect()
}

/// The list as a table: `participant,group,row,link`. Ids that a spreadsheet would take for a formula get a `'` in
/// front.
pub fn link_list_csv(rows: &[Row]) -> String {
    let mut text = "participant,group,row,link\n".to_owned();
    for row in rows {
        let number = row.row.map_or(String::new(), |row| row.to_string());
        let group = row.group.as_deref().unwrap_or_default();
        text.push_str(&format!("{},{},{number},{}\n", cell(&row.participant), cell(group), cell(&row.link)));
    }
    text
}

/// The one link that a survey tool fills in for each participant. Everything stands behind `#`.
pub fn template(study: &Study, page: &str, study_path: &str, target: Target) -> String {
    let mut link = start(page, study_path);
    // The signs of a placeholder are not encoded: the tool looks for exactly these.
    let id = match target {
        Target::Prolific => "{{%PROLIFIC_PID%}}",
        Target::Qualtrics => "${e://Field/ResponseID}",
        Target::Plain => "PARTICIPANT",
    };
    link.push_str(&format!("&{}={id}", parameter(study)));
    for name in &study.identity.carry {
        let value = match target {
            Target::Prolific => format!("{{{{%{name}%}}}}"),
            Target::Qualtrics => format!("${{e://Field/{name}}}"),
            Target::Plain => name.to_uppercase(),
        };
        link.push_str(&format!("&{name}={value}"));
    }
    link
}

fn start(page: &str, study_path: &str) -> String {
    let page = page.split('#').next().unwrap_or_default();
    format!("{page}#study={}", encode_path(study_path))
}

fn parameter(study: &Study) -> &str {
    &study.identity.participant_parameter
}
