//! A file, written sample by sample: for those who have no iterator at hand, because they wait for the samples.

use super::{Dialect, JSON_END, cells, columns_of, own_cells, push_row, settings, to_json};
use crate::session::{OwnModel, Sample, Session, SessionFile};

/// What samples can be saved as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// A table, for those who read this dialect.
    Csv(Dialect),
    Json,
}

impl FileKind {
    /// Without its dot.
    pub fn extension(self) -> &'static str {
        match self {
            FileKind::Csv(_) => "csv",
            FileKind::Json => "json",
        }
    }

    /// The media type.
    pub fn mime(self) -> &'static str {
        match self {
            FileKind::Csv(_) => "text/csv",
            FileKind::Json => "application/json",
        }
    }
}

/// Writes a file of one kind, piece by piece: what [`Writer::begin`] gave, each sample, the end.
#[derive(Debug)]
pub struct Writer {
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    /// The cells that are the same in every row.
    Csv {
        dialect: Dialect,
        settings: Vec<String>,
        own_model: Option<OwnModel>,
    },
    Json {
        first: bool,
    },
}

impl Writer {
    /// A writer, and the file's first piece.
    ///
    /// # Errors
    /// As [`to_json`].
    pub fn begin(kind: FileKind, session: &Session) -> Result<(Self, String), serde_json::Error> {
        Ok(match kind {
            FileKind::Csv(dialect) => Self::table(session, dialect),
            FileKind::Json => {
                let mut whole = to_json(&SessionFile::new(session.clone(), Vec::new()))?;
                // The samples are the last field, and their list is empty.
                debug_assert!(whole.ends_with(JSON_END));
                whole.truncate(whole.len() - JSON_END.len());
                (Self { kind: Kind::Json { first: true } }, whole)
            }
        })
    }

    /// A writer of a table, and its header.
    pub(super) fn table(session: &Session, dialect: Dialect) -> (Self, String) {
        let mut header = dialect.begin().to_owned();
        push_row(&mut header, columns_of(session).iter().map(String::as_str), dialect);
        let (settings, own_model) = (settings(session, dialect).into(), session.own_model.clone());
        (Self { kind: Kind::Csv { dialect, settings, own_model } }, header)
    }

    /// The piece of the next sample.
    pub fn sample(&mut self, sample: &Sample) -> String {
        match &mut self.kind {
            Kind::Csv { dialect, settings, own_model } => {
                let mut row = String::with_capacity(500);
                let cells = cells(sample, *dialect);
                let own: Vec<_> =
                    own_model.iter().flat_map(|model| own_cells(model, sample, *dialect)).collect();
                let all = cells.iter().chain(settings.iter()).chain(&own).map(String::as_str);
                push_row(&mut row, all, *dialect);
                row
            }
            Kind::Json { first } => {
                // As in `to_json`, this cannot fail: a sample is numbers and text under fixed names.
                let text = serde_json::to_string(sample).unwrap_or_default();
                if std::mem::take(first) { text } else { format!(",{text}") }
            }
        }
    }

    /// The file's last piece.
    pub fn end(self) -> &'static str {
        match self.kind {
            Kind::Csv { .. } => "",
            Kind::Json { .. } => JSON_END,
        }
    }
}
