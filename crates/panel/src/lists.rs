//! Lists that come beside the results: withdrawn codes, expected ids, attributes of people.

use std::collections::BTreeMap;

/// Most characters of a cell that is kept.
const MAX_CELL: usize = 200;

/// A table of what is known of people, by the participant's or the session's id.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Attributes {
    /// Names of its columns but the id.
    pub columns: Vec<String>,
    rows: BTreeMap<String, Vec<String>>,
}

impl Attributes {
    /// What a column says of somebody; `None` where it is empty or nobody has the id.
    #[must_use]
    pub fn get(&self, id: &str, column: &str) -> Option<&str> {
        let place = self.columns.iter().position(|name| name == column)?;
        self.rows.get(id)?.get(place).map(String::as_str).filter(|cell| !cell.is_empty())
    }
}

/// The entries of a list: one a line, or parted by commas, semicolons or spaces. An entry that is there twice counts once.
pub(crate) fn entries(text: &str) -> Vec<String> {
    let separators = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '"' | '\u{feff}');
    let mut list: Vec<String> = Vec::new();
    for entry in text.split(separators).filter(|entry| !entry.is_empty()) {
        list.push(entry.chars().take(MAX_CELL).collect());
    }
    list.sort_unstable();
    list.dedup();
    list
}

/// The rows of a table, its header first. The separator is the one that the first line has most of.
pub(crate) fn rows(text: &str) -> Result<Vec<Vec<String>>, String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let head = text.lines().next().unwrap_or_default();
    let most = [b',', b';', b'\t']
        .into_iter()
        .max_by_key(|sign| (head.bytes().filter(|byte| byte == sign).count(), usize::from(*sign == b',')));
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(most.unwrap_or(b','))
        .from_reader(text.as_bytes());
    let mut rows = Vec::new();
    for row in reader.records() {
        let row = row.map_err(|_| "The table cannot be read. Save it as CSV in UTF-8.".to_owned())?;
        rows.push(row.iter().map(|cell| cell.trim().to_owned()).collect());
    }
    Ok(rows)
}

/// A table of attributes: its first line names the columns, and one of them is `participant` or `session`.
pub(crate) fn attributes(rows: &[Vec<String>]) -> Option<Attributes> {
    let header = rows.first()?;
    let id = ["participant", "session"]
        .iter()
        .find_map(|wanted| header.iter().position(|name| name.eq_ignore_ascii_case(wanted)))?;
    let others: Vec<usize> = (0..header.len()).filter(|place| *place != id).collect();
    let short = |text: &str| text.chars().take(MAX_CELL).collect::<String>();
    let mut table = Attributes {
        columns: others.iter().map(|place| short(&header[*place])).collect(),
        ..Attributes::default()
    };
    for row in &rows[1..] {
        if let Some(who) = row.get(id).filter(|who| !who.is_empty()) {
            let cells = others.iter().map(|place| row.get(*place).map_or(String::new(), |cell| short(cell)));
            table.rows.insert(short(who), cells.collect());
        }
    }
    Some(table)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_come_from_any_separator() {
        for text in [
            "age;participant\nold;P1\n;P2\n",
            "age,Participant\nold,P1\n,P2\n",
            "\u{feff}age\tparticipant\nold\tP1\n",
        ] {
            let table = attributes(&rows(text).unwrap()).unwrap();
            assert_eq!(
                (table.get("P1", "age"), table.get("P2", "age"), table.get("P1", "x")),
                (Some("old"), None, None)
            );
        }
        assert_eq!(attributes(&rows("age,name\n1,2\n").unwrap()), None, "no column tells who");
    }

    #[test]
    fn lists_are_parted_in_any_way() {
        assert_eq!(entries("b, a\n\"c\";a"), ["a", "b", "c"]);
    }
}
