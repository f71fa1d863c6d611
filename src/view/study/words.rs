//! The words of the participant's views: the study's where there is one, else those of the browser's language.

use emotion_record::export::Dialect;
use emotion_study::file::{LANGUAGES, Study};
use emotion_study::words::{self, Direction, Phrase};

/// In whose words the page speaks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Words {
    study: Option<&'static Study>,
    /// One of [`LANGUAGES`], while there is no study.
    language: &'static str,
}

impl Words {
    /// Before a study is there: by the browser's language, as `de-AT`.
    pub fn of_browser(language: &str) -> Self {
        let first = language.split('-').next().unwrap_or_default();
        let language = LANGUAGES.into_iter().find(|known| *known == first).unwrap_or("en");
        Self { study: None, language }
    }

    pub fn of_study(study: &'static Study) -> Self {
        Self { study: Some(study), language: "en" }
    }

    pub fn study(self) -> Option<&'static Study> {
        self.study
    }

    pub fn say(self, phrase: &Phrase) -> String {
        match self.study {
            Some(study) => words::say(study, phrase).to_owned(),
            None => words::in_language(self.language, phrase).to_owned(),
        }
    }

    /// With the names in braces filled in.
    pub fn fill(self, phrase: &Phrase, values: &[(&str, &str)]) -> String {
        match self.study {
            Some(study) => words::fill(study, phrase, values),
            None => values
                .iter()
                .fold(self.say(phrase), |text, (name, value)| text.replace(&format!("{{{name}}}"), value)),
        }
    }

    /// The value of HTML's `lang`.
    pub fn language(self) -> &'static str {
        self.study.map_or(self.language, |study| study.language.as_str())
    }

    pub fn direction(self) -> Direction {
        words::direction(self.language())
    }
}

/// The form of tables that spreadsheets in a language need.
pub fn table_dialect(language: &str) -> Dialect {
    match language.split('-').next().unwrap_or_default() {
        "de" | "fr" | "es" => Dialect::Comma,
        _ => Dialect::Point,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_as_spreadsheets_of_the_language_need_them() {
        assert_eq!(
            ["en", "de-AT", "fr", "ar"].map(table_dialect),
            [Dialect::Point, Dialect::Comma, Dialect::Comma, Dialect::Point]
        );
    }
    use emotion_study::words::begin;

    #[test]
    fn without_a_study_the_browsers_language_speaks() {
        assert_eq!(Words::of_browser("de-AT").say(&begin::NEXT), "Weiter");
        assert_eq!(Words::of_browser("pt-BR").say(&begin::NEXT), "Next");
        let progress = Words::of_browser("en").fill(&begin::PROGRESS, &[("done", "1"), ("all", "3")]);
        assert_eq!(progress, "1 of 3");
    }
}
