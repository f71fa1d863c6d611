//! What there may be to say of a picture beside its reading, in sentences.

/// The circumstances of one picture.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Notes<'a> {
    /// No face was found from this size on, the longer side of its box in pixels: a smaller one may be there.
    pub nothing_from_px: Option<f32>,
    /// How the file was read.
    pub file: Option<&'a str>,
    /// The browser decoded it.
    pub by_browser: bool,
    /// Another file had its name: it got a counter.
    pub renamed: bool,
}

impl Notes<'_> {
    /// The notes in sentences; `None` where there are none.
    pub fn text(&self) -> Option<String> {
        let mut sentences = Vec::new();
        let found = |px: f32| format!("No face of {} pixels or more was found.", libm::ceilf(px));
        sentences.extend(self.nothing_from_px.map(found));
        sentences.extend(self.file.map(str::to_owned));
        if self.by_browser {
            sentences.push(
                "Decoded by this browser: another one, or the command line, may read it differently or not at all."
                    .to_owned(),
            );
        }
        if self.renamed {
            sentences
                .push("Another file had this name before: the number behind it tells them apart.".to_owned());
        }
        (!sentences.is_empty()).then(|| sentences.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_are_sentences_one_after_the_other() {
        assert_eq!(Notes::default().text(), None);
        let both =
            Notes { nothing_from_px: Some(86.4), file: Some("The file has 2 pages."), ..Notes::default() };
        assert_eq!(both.text().unwrap(), "No face of 87 pixels or more was found. The file has 2 pages.");
        let renamed = Notes { renamed: true, by_browser: true, ..Notes::default() }.text().unwrap();
        assert!(
            renamed.starts_with("Decoded by") && renamed.contains("Another file had this name"),
            "{renamed}"
        );
    }
}
