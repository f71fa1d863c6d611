//! The panel as a Psych-DS folder: a description, and the tables under `data/`.

use std::collections::BTreeSet;

use emotion_record::export::Dialect;
use serde_json::json;

use super::Numbers;
use crate::merge::Panel;
use crate::settings::Settings;

/// Letters and digits alone: what a key's value may hold.
fn plain(text: &str) -> String {
    let plain: String = text.chars().filter(char::is_ascii_alphanumeric).collect();
    if plain.is_empty() { "study".to_owned() } else { plain }
}

/// The folder's files: path and text. Tables have commas and decimal points, whatever the settings say.
pub(super) fn files(panel: &Panel, numbers: &Numbers, settings: &Settings) -> Vec<(String, String)> {
    let settings = &Settings { dialect: Dialect::Point, ..settings.clone() };
    let overview = panel.overview(settings);
    let study = plain(&overview.title);
    let seconds = panel.seconds_csv(settings);
    let mut lines = seconds.lines();
    let header = lines.next().unwrap_or_default();
    // A file for each session: codes are letters, digits and hyphens, so the second cell needs no unquoting.
    let mut by_session: Vec<(String, String)> = Vec::new();
    let mut rows: Vec<(&str, &str)> =
        lines.map(|line| (line.split(',').nth(1).unwrap_or_default(), line)).collect();
    rows.sort_by_key(|(session, _)| *session);
    for (session, line) in rows {
        let name = format!("data/study-{study}_session-{}_data.csv", plain(session));
        if by_session.last().is_none_or(|(last, _)| *last != name) {
            by_session.push((name, format!("{header}\n")));
        }
        if let Some((_, text)) = by_session.last_mut() {
            text.push_str(line);
            text.push('\n');
        }
    }
    let mut tables = vec![
        ("participants", panel.participants_csv(settings)),
        ("summary", panel.summary_csv(numbers, settings)),
        ("files", panel.files_csv(settings)),
    ];
    if !numbers.comparisons.is_empty() {
        tables.push(("groups", panel.groups_csv(numbers, settings)));
    }
    let mut columns: BTreeSet<String> = header.split(',').map(str::to_owned).collect();
    for (_, table) in &tables {
        columns.extend(
            table.lines().next().unwrap_or_default().split(',').map(|name| name.trim_matches('"').to_owned()),
        );
    }
    let description = json!({
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "name": overview.title,
        "description": format!(
            "A panel of {} people, merged by Emotion Depth. A depth is the share of viewers, 0 to 1, who would name an expression. {}",
            overview.merged,
            settings.rule.sentence()
        ),
        "variableMeasured": columns,
    });
    let text = serde_json::to_string_pretty(&description).unwrap_or_default(); // plain data: it cannot fail
    let mut files = vec![("dataset_description.json".to_owned(), text + "\n")];
    let named = |(what, text)| (format!("data/study-{study}_description-{what}_data.csv"), text);
    files.extend(tables.into_iter().map(named));
    files.extend(by_session);
    files
}
