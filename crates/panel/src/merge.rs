//! All that was read: records, lists, tables. `decide` says which records are merged, `tell` puts the panel into numbers.

use std::collections::BTreeSet;

use emotion_study::file::Study;
use emotion_study::session::AnswerValue;

use crate::lists::Attributes;
use crate::norms::Norm;
use crate::overview::Status;
use crate::record::Record;
use crate::settings::{Grouping, Settings};
use crate::source::{Found, entry, found};

mod decide;
mod tell;

enum Content {
    Record(Box<Record>),
    Other(Status, String),
}

struct Entry {
    name: String,
    content: Content,
}

/// All that was read.
#[derive(Default)]
pub struct Panel {
    entries: Vec<Entry>,
    study: Option<Study>,
    withdrawn: BTreeSet<String>,
    expected: Option<BTreeSet<String>>,
    attributes: Vec<Attributes>,
    norms: Vec<Norm>,
}

impl Panel {
    /// Read a file. Whatever it is, it becomes rows of the overview.
    pub fn add(&mut self, name: &str, bytes: &[u8]) {
        self.take(found(name, bytes));
    }

    /// Read a file of an archive, which is opened elsewhere, or take why it could not be read.
    pub fn add_entry(&mut self, archive: &str, inner: &str, bytes: Result<Vec<u8>, String>) {
        self.take(entry(archive, inner, bytes));
    }

    /// Take a file that could not be opened, with the reason as a sentence.
    pub(crate) fn add_damaged(&mut self, name: &str, reason: String) {
        self.take(vec![(name.to_owned(), Found::Damaged(reason))]);
    }

    fn take(&mut self, parts: Vec<(String, Found)>) {
        for (name, found) in parts {
            let used = |what: String| Content::Other(Status::Used, what);
            let content = match found {
                Found::Record(record) => Content::Record(record),
                Found::Study(study) => {
                    let what = format!("The study \"{}\".", study.title);
                    self.study = Some(*study);
                    used(what)
                }
                Found::Withdrawn(codes) => {
                    let what = format!("A list of {} withdrawn codes.", codes.len());
                    self.withdrawn.extend(codes);
                    used(what)
                }
                Found::Expected(ids) => {
                    let what = format!("A list of {} expected participants.", ids.len());
                    self.expected.get_or_insert_default().extend(ids);
                    used(what)
                }
                Found::Attributes(table) => {
                    let what = format!("Attributes of people: {}.", table.columns.join(", "));
                    self.attributes.push(table);
                    used(what)
                }
                Found::Norms(norms) => {
                    let what = format!("The summary of an earlier study, {} rows.", norms.len());
                    self.norms.extend(norms);
                    used(what)
                }
                Found::Damaged(sentence) => Content::Other(Status::Damaged, sentence),
                Found::Unknown(sentence) => Content::Other(Status::Unknown, sentence),
            };
            self.entries.push(Entry { name, content });
        }
    }

    /// Add a record that was made here: sample data.
    pub fn add_record(&mut self, name: &str, record: Record) {
        self.entries.push(Entry { name: name.to_owned(), content: Content::Record(Box::new(record)) });
    }

    /// The study's file, if it was read.
    #[must_use]
    pub fn study(&self) -> Option<&Study> {
        self.study.as_ref()
    }

    /// Numbers of earlier studies.
    #[must_use]
    pub fn norms(&self) -> &[Norm] {
        &self.norms
    }

    /// The expected ids of lists and settings; `None` where there are none.
    fn expected(&self, settings: &Settings) -> Option<BTreeSet<String>> {
        let typed = crate::lists::entries(&settings.expected);
        let mut all = self.expected.clone();
        if !typed.is_empty() {
            all.get_or_insert_default().extend(typed);
        }
        all
    }

    /// The withdrawn codes of lists and settings.
    fn withdrawn(&self, settings: &Settings) -> BTreeSet<String> {
        let typed = crate::lists::entries(&settings.withdrawn).into_iter();
        let typed = typed.map(|typed| emotion_study::code::read(&typed).unwrap_or(typed));
        self.withdrawn.iter().cloned().chain(typed).collect()
    }

    fn records(&self) -> impl Iterator<Item = &Record> {
        self.entries.iter().filter_map(|entry| match &entry.content {
            Content::Record(record) => Some(&**record),
            Content::Other(..) => None,
        })
    }

    /// The merged records, sorted by session: the order of people everywhere.
    #[must_use]
    pub fn merged(&self, settings: &Settings) -> Vec<&Record> {
        merged_of(&self.decide(settings).0)
    }

    /// The value by which somebody belongs to a group; `None` where there is none.
    #[must_use]
    pub fn value_of(&self, record: &Record, grouping: &Grouping) -> Option<String> {
        match grouping {
            Grouping::Group => record.group.clone(),
            Grouping::Answer(question) => {
                let answer = record.answers.iter().find(|answer| answer.question == *question)?;
                match &answer.value {
                    AnswerValue::Number(number) => Some(number.to_string()),
                    AnswerValue::Text(text) => Some(text.clone()),
                    // Several answers put nobody into one group.
                    AnswerValue::Options(_) => None,
                }
            }
            Grouping::Attribute(column) => self.attributes.iter().find_map(|table| {
                let ids = [record.participant.as_deref(), Some(record.session.as_str())];
                ids.into_iter().flatten().find_map(|id| table.get(id, column)).map(str::to_owned)
            }),
        }
    }

    /// The people of one stimulus who are usable, second by second; `None` if nobody saw it.
    #[must_use]
    pub fn table(&self, stimulus: &str, settings: &Settings) -> Option<crate::StimulusTable> {
        crate::table::of(&self.merged(settings), stimulus, settings)
    }
}

/// The merged ones of what was decided, sorted by session.
fn merged_of<'p>(decided: &[(&'p Entry, Status, String)]) -> Vec<&'p Record> {
    let merged = decided.iter().filter(|(_, status, _)| *status == Status::Merged);
    let mut records: Vec<&Record> = merged
        .filter_map(|(entry, ..)| match &entry.content {
            Content::Record(record) => Some(&**record),
            Content::Other(..) => None,
        })
        .collect();
    records.sort_by(|a, b| a.session.cmp(&b.session));
    records
}
