//! Tables as text.

use std::fmt::Write as _;

use emotion_record::export::{Dialect, guard};

/// A table that is written row by row.
#[derive(Debug)]
pub(crate) struct Sheet {
    pub text: String,
    dialect: Dialect,
    begun: bool,
}

impl Sheet {
    /// A table with its header.
    pub fn new(dialect: Dialect, header: &[String]) -> Self {
        let mut sheet = Self { text: dialect.begin().to_owned(), dialect, begun: false };
        header.iter().for_each(|name| sheet.words(name));
        sheet.end();
        sheet
    }

    /// Rows without a header.
    pub fn rows(dialect: Dialect) -> Self {
        Self { text: String::new(), dialect, begun: false }
    }

    fn begin(&mut self) {
        if self.begun {
            self.text.push(self.dialect.separator());
        }
        self.begun = true;
    }

    /// A cell of text, guarded against formulas.
    pub fn words(&mut self, words: &str) {
        self.begin();
        let words = guard(words);
        if words.contains([',', ';', '"', '\t', '\n', '\r']) {
            let _ = write!(self.text, "\"{}\"", words.replace('"', "\"\"")); // into a String it cannot fail
        } else {
            self.text.push_str(&words);
        }
    }

    /// A whole number.
    pub fn whole(&mut self, number: impl Into<i64>) {
        self.begin();
        let _ = write!(self.text, "{}", number.into());
    }

    /// A number with so many decimals; an empty cell where there is none.
    pub fn number(&mut self, number: Option<f64>, decimals: usize) {
        self.begin();
        if let Some(number) = number.filter(|number| number.is_finite()) {
            let text = format!("{number:.decimals$}");
            // "-0.0000" is 0.
            let zero = text.bytes().all(|byte| matches!(byte, b'-' | b'0' | b'.'));
            let text = if zero { text.trim_start_matches('-').to_owned() } else { text };
            self.text.push_str(&self.dialect.decimal(text));
        }
    }

    /// A whole number; an empty cell where there is none.
    pub fn maybe_whole(&mut self, number: Option<i64>) {
        match number {
            Some(number) => self.whole(number),
            None => self.empty(),
        }
    }

    /// An empty cell.
    pub fn empty(&mut self) {
        self.begin();
    }

    /// The row ends.
    pub fn end(&mut self) {
        self.text.push('\n');
        self.begun = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_in_both_dialects() {
        let header = ["name".to_owned(), "x".to_owned()];
        let write = |dialect| {
            let mut sheet = Sheet::new(dialect, &header);
            sheet.words("=1;2");
            sheet.number(Some(-0.25), 3);
            sheet.end();
            sheet.empty();
            sheet.number(Some(-0.000_01), 3);
            sheet.number(Some(f64::NAN), 3);
            sheet.end();
            sheet.text
        };
        assert_eq!(write(Dialect::Point), "name,x\n\"'=1;2\",-0.250\n,0.000,\n");
        assert_eq!(write(Dialect::Comma), "\u{feff}name;x\n\"'=1;2\";-0,250\n;0,000;\n");
    }
}
