//! The ids of the participants that a list of links is made for.

use super::MAX_VALUE;
use crate::walk::shortened;

/// The longest list of links.
pub const MAX_IDS: usize = 10_000;

/// Ids that count up: `P001` to `P120` for the prefix `P`, 1 and 120. All have as many digits as the last one, so that
/// a spreadsheet sorts them rightly.
pub fn numbered(prefix: &str, first: u32, count: usize) -> Vec<String> {
    let count = count.min(MAX_IDS) as u32;
    let digits = first.saturating_add(count.saturating_sub(1)).to_string().len();
    (0..count).map(|at| format!("{prefix}{:0digits$}", first.saturating_add(at))).collect()
}

/// The ids of a text with one on each line, without the spaces around them; empty lines count for nothing.
///
/// # Errors
/// A sentence for each line that holds no usable id, with the number of the line.
pub fn pasted(text: &str) -> Result<Vec<String>, Vec<String>> {
    let mut ids: Vec<String> = Vec::new();
    let mut known = std::collections::HashSet::new();
    let mut faults = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let (number, id) = (at + 1, line.trim());
        if id.is_empty() {
            continue;
        }
        if id.chars().count() > MAX_VALUE || id.chars().any(char::is_control) {
            faults.push(format!(
                "Line {number}: an id has at most {MAX_VALUE} characters and no tabs. Write one id on each line."
            ));
        } else if ["{{", "${", "[%", "%%"].iter().any(|sign| id.starts_with(sign)) {
            let id = shortened(id);
            faults.push(format!(
                "Line {number}: \"{id}\" is the placeholder of a survey tool. Use the link for that tool instead."
            ));
        } else if !known.insert(id) {
            faults.push(format!("Line {number}: \"{}\" is in the list already.", shortened(id)));
        } else {
            ids.push(id.to_owned());
        }
    }
    if ids.len() > MAX_IDS {
        faults
            .push(format!("There are {} ids; one list holds at most {MAX_IDS}. Make two lists.", ids.len()));
    }
    if faults.is_empty() { Ok(ids) } else { Err(faults) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_as_many_digits_as_the_last_one() {
        assert_eq!(numbered("P", 1, 3), ["P1", "P2", "P3"]);
        assert_eq!(numbered("P", 8, 3), ["P08", "P09", "P10"]);
        assert_eq!(numbered("", 1, 0), [""; 0]);
        let many = numbered("wave-2-", 1, 120);
        assert_eq!((many[0].as_str(), many[119].as_str()), ("wave-2-001", "wave-2-120"));
        assert_eq!(numbered("P", 1, 1_000_000).len(), MAX_IDS);
    }

    #[test]
    fn a_pasted_list_is_read_line_by_line() {
        assert_eq!(pasted("a\n\n  b c \r\nd"), Ok(vec!["a".to_owned(), "b c".to_owned(), "d".to_owned()]));
        assert_eq!(pasted(" \n"), Ok(vec![]));
    }

    #[test]
    fn every_line_that_holds_no_id_is_told() {
        let text = format!("a\n{}\nb\tc\na\n{{{{%PROLIFIC_PID%}}}}", "x".repeat(201));
        let faults = pasted(&text).expect_err("four lines are wrong");
        let lines: Vec<&str> = faults.iter().map(|fault| &fault[..7]).collect();
        assert_eq!(lines, ["Line 2:", "Line 3:", "Line 4:", "Line 5:"]);
        let many: String = (0..=MAX_IDS).map(|at| format!("{at}\n")).collect();
        assert_eq!(pasted(&many).expect_err("too many").len(), 1);
    }
}
