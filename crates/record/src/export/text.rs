//! Texts in tables: spreadsheets take some beginnings for formulas, and run them.

/// What a spreadsheet takes for a formula's first sign; the wide forms, too. The apostrophe is the guard itself.
const FIRST: [char; 9] = ['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}', '\''];

/// Behind these a cell may begin, in this dialect or where a table is opened with the wrong one.
const BREAKS: [char; 6] = [',', ';', '\t', '\r', '\n', '"'];

/// The text with an apostrophe before each sign that could begin a formula: at the beginning, and behind a comma, semicolon, tab, line end
/// or quotation mark. A tab or line end at the very beginning gets one, too. [`unguard`] takes them away again.
pub fn guard(text: &str) -> String {
    let mut guarded = String::with_capacity(text.len() + 1);
    let mut begins = true;
    for sign in text.chars() {
        if begins && (FIRST.contains(&sign) || (guarded.is_empty() && matches!(sign, '\t' | '\r' | '\n'))) {
            guarded.push('\'');
        }
        guarded.push(sign);
        begins = BREAKS.contains(&sign);
    }
    guarded
}

/// The text that [`guard`] was given: without one apostrophe at the beginning and behind each of the signs named there.
pub fn unguard(guarded: &str) -> String {
    let mut text = String::with_capacity(guarded.len());
    let mut begins = true;
    for sign in guarded.chars() {
        if begins && sign == '\'' {
            begins = false;
            continue;
        }
        text.push(sign);
        begins = BREAKS.contains(&sign);
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn formulas_are_disarmed_and_other_texts_stay() {
        for (text, guarded) in [
            ("=1+1.jpg", "'=1+1.jpg"),
            ("=HYPERLINK(\"http://x\",\"y\")", "'=HYPERLINK(\"http://x\",\"y\")"),
            ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
            ("+49", "'+49"),
            ("-a.jpg", "'-a.jpg"),
            ("@home", "'@home"),
            ("\t=1", "'\t'=1"),
            ("\r=1", "'\r'=1"),
            ("'tis", "''tis"),
            ("x;=1+1.jpg", "x;'=1+1.jpg"),
            ("x\";\"=1", "x\";\"'=1"),
            ("\u{ff1d}1", "'\u{ff1d}1"),
            ("IMG-0001=b.jpg", "IMG-0001=b.jpg"),
            ("it's", "it's"),
            ("", ""),
        ] {
            assert_eq!(guard(text), guarded);
            assert_eq!(unguard(guarded), text);
        }
    }

    proptest! {
        #[test]
        fn every_text_comes_back(text in "[-=+@'\",;\t\r\na|]{0,12}") {
            prop_assert_eq!(unguard(&guard(&text)), text);
        }
    }
}
