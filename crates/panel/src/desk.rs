//! The desk at which a panel is worked on: questions in, answers out, as plain data. The page keeps it in a worker.

mod questions;

use std::collections::HashMap;
use std::io::Cursor;
use std::rc::Rc;

use emotion_stats::{Measure, PermutationTest, StatsError, plan};

use crate::analysis::Details;
use crate::archive::Archive;
use crate::compare::{Compared, Question, spreads};
use crate::export::{Computed, Numbers, SamplesTable};
use crate::merge::Panel;
use crate::norms::percentiles;
use crate::overview::Status;
use crate::sample::Sample;
use crate::settings::Settings;
use crate::source::is_archive;
use crate::table::StimulusTable;

pub use questions::{Answer, Ask, ExportFile};

struct Open {
    name: String,
    archive: Archive<Cursor<Vec<u8>>>,
    next: usize,
}

/// A panel, the settings of the moment, and what was computed with them.
#[derive(Default)]
pub struct Desk {
    panel: Panel,
    settings: Settings,
    open: Option<Open>,
    sample: Option<Sample>,
    tables: HashMap<String, Option<Rc<StimulusTable>>>,
    details: HashMap<(String, Measure), Details>,
    /// What was asked of groups with these settings: all of it stands in the exports.
    comparisons: Vec<Compared>,
    test: Option<(Question, PermutationTest)>,
}

impl Desk {
    /// Answer a question. The bytes of a file come and go beside it.
    pub fn answer(&mut self, ask: Ask, bytes: Vec<u8>) -> (Answer, Vec<u8>) {
        match ask {
            Ask::Export { file } => return self.export(file),
            Ask::Samples { from, sessions } => {
                let table = SamplesTable::new(&self.panel, &self.settings);
                let mut text = if from == 0 { table.header() } else { String::new() };
                (from..from.saturating_add(sessions).min(table.sessions()))
                    .for_each(|at| text.push_str(&table.rows(at)));
                return (Answer::File { sessions: table.sessions() }, text.into_bytes());
            }
            _ => {}
        }
        (self.answer_without_bytes(ask, bytes), Vec::new())
    }

    /// A file that was chosen could not be read: it becomes a row among the others.
    pub fn unreadable(&mut self, name: &str) -> (Answer, Vec<u8>) {
        self.forget_computed();
        self.panel.add_damaged(name, "The file cannot be read any more. Choose it again.".to_owned());
        (Answer::Read { left: 0 }, Vec::new())
    }

    fn answer_without_bytes(&mut self, ask: Ask, bytes: Vec<u8>) -> Answer {
        match ask {
            Ask::Read { name } => self.read(name, bytes),
            Ask::Next { files } => self.next(files),
            Ask::Leave => {
                self.open = None;
                Answer::Read { left: 0 }
            }
            Ask::Sample { from, people } => {
                self.forget_computed();
                let sample = self.sample.get_or_insert_with(Sample::default);
                if from == 0 {
                    self.panel.add("study.json", sample.study_json().as_bytes());
                }
                for index in from..from.saturating_add(people) {
                    let record = crate::Record::of_result(&sample.result(index));
                    self.panel.add_record(&format!("sample-{index:05}"), record);
                }
                Answer::Read { left: 0 }
            }
            Ask::Overview { settings } => {
                self.settings = *settings;
                self.forget_computed();
                let (mut overview, tables) = self.panel.overview_and_tables(&self.settings);
                self.tables =
                    tables.into_iter().map(|table| (table.stimulus.clone(), Some(Rc::new(table)))).collect();
                overview.files.retain(|file| !matches!(file.status, Status::Merged | Status::Used));
                Answer::Overview(Box::new(overview))
            }
            Ask::Dialect { dialect } => {
                self.settings.dialect = dialect;
                Answer::Read { left: 0 }
            }
            Ask::Curves { stimulus } => match self.table(&stimulus) {
                None => nobody(&stimulus),
                Some(_) => self.curves(&stimulus),
            },
            Ask::Details { stimulus, measure } => match self.details(&stimulus, measure) {
                None => nobody(&stimulus),
                Some(details) => {
                    let origin = self.panel.models(&self.settings).into_iter().find(|model| model.taken);
                    let among = origin.and_then(|model| {
                        percentiles(&details, self.panel.norms(), &model.origin, self.settings.corrected)
                    });
                    Answer::Details(Box::new(details), among)
                }
            },
            Ask::Compare { question } => self.compare(&question),
            Ask::Test { question } => self.begin_test(question),
            Ask::Advance { permutations } => self.advance(permutations),
            Ask::Answers => Answer::Answers(self.panel.answers(&self.settings)),
            Ask::Plan { question } => plan(&question).map_or_else(fault, Answer::Plan),
            Ask::Clear => {
                *self = Self::default();
                Answer::Read { left: 0 }
            }
            // Answered above, with their bytes.
            Ask::Export { .. } | Ask::Samples { .. } => Answer::Read { left: 0 },
        }
    }

    fn forget_computed(&mut self) {
        self.tables.clear();
        self.details.clear();
        self.comparisons.clear();
        self.test = None;
    }

    fn read(&mut self, name: String, bytes: Vec<u8>) -> Answer {
        self.forget_computed();
        // A second archive while one is open is read at once.
        if !is_archive(&bytes) || self.open.is_some() {
            self.panel.add(&name, &bytes);
            return Answer::Read { left: 0 };
        }
        match Archive::open(Cursor::new(bytes)) {
            // As a damaged file among the others.
            Err(sentence) => {
                self.panel.add_damaged(&name, sentence);
                Answer::Read { left: 0 }
            }
            Ok(archive) => {
                let left = archive.names().len();
                self.open = Some(Open { name, archive, next: 0 });
                Answer::Read { left }
            }
        }
    }

    fn next(&mut self, files: usize) -> Answer {
        self.forget_computed();
        let Some(open) = &mut self.open else { return Answer::Read { left: 0 } };
        for _ in 0..files {
            let Some(inner) = open.archive.names().get(open.next).cloned() else { break };
            let bytes = open.archive.read(&inner);
            self.panel.add_entry(&open.name, &inner, bytes);
            open.next += 1;
        }
        let left = open.archive.names().len() - open.next;
        if left == 0 {
            self.open = None;
        }
        Answer::Read { left }
    }

    fn table(&mut self, stimulus: &str) -> Option<Rc<StimulusTable>> {
        if !self.tables.contains_key(stimulus) {
            let table = self.panel.table(stimulus, &self.settings).map(Rc::new);
            self.tables.insert(stimulus.to_owned(), table);
        }
        self.tables.get(stimulus)?.clone()
    }

    fn compare(&mut self, question: &Question) -> Answer {
        let Some(table) = self.table(&question.stimulus) else { return nobody(&question.stimulus) };
        match self.panel.compare_in(&table, question, &self.settings) {
            Ok(comparison) => {
                self.comparisons.retain(|compared| compared.comparison.question != *question);
                self.comparisons.push(Compared { comparison: comparison.clone(), tested: None });
                Answer::Compared(Box::new(comparison))
            }
            Err(error) => Answer::Fault(error.to_string()),
        }
    }

    fn begin_test(&mut self, question: Question) -> Answer {
        let Some(table) = self.table(&question.stimulus) else { return nobody(&question.stimulus) };
        match self.panel.test_in(&table, &question, &self.settings) {
            Ok(test) => {
                let progress = test.progress();
                self.test = Some((question, test));
                Answer::Testing(progress)
            }
            Err(error) => Answer::Fault(error.to_string()),
        }
    }

    fn curves(&mut self, stimulus: &str) -> Answer {
        let settings = self.settings.clone();
        let Some(table) = self.table(stimulus) else { return nobody(stimulus) };
        match table.curves(&settings) {
            Ok(curves) => Answer::Curves(curves, spreads(&table)),
            Err(error) => fault(error),
        }
    }

    fn details(&mut self, stimulus: &str, measure: Measure) -> Option<Details> {
        let key = (stimulus.to_owned(), measure);
        if let Some(known) = self.details.get(&key) {
            return Some(known.clone());
        }
        let segments = self.panel.segments(stimulus).to_vec();
        let settings = self.settings.clone();
        let details = self.table(stimulus)?.details(measure, &segments, &settings);
        self.details.insert(key, details.clone());
        Some(details)
    }

    fn advance(&mut self, permutations: usize) -> Answer {
        let Some((question, test)) = &mut self.test else {
            return Answer::Fault("There is no test to go on with. Start it again.".to_owned());
        };
        let progress = test.advance(permutations);
        if !progress.is_done() {
            return Answer::Testing(progress);
        }
        let result = test.finish();
        if let Ok(result) = &result
            && let Some(compared) = self.comparisons.iter_mut().find(|c| c.comparison.question == *question)
        {
            compared.tested = Some(result.clone());
        }
        self.test = None;
        result.map_or_else(fault, Answer::Tested)
    }

    fn export(&mut self, file: ExportFile) -> (Answer, Vec<u8>) {
        if file == ExportFile::Groups && self.comparisons.is_empty() {
            return (
                Answer::Fault("There is nothing to save yet: compare two groups first.".to_owned()),
                Vec::new(),
            );
        }
        let mut stimuli = Vec::new();
        if file.needs_details() {
            for stimulus in self.panel.overview(&self.settings).stimuli {
                let details: Vec<Details> =
                    Measure::ALL.iter().filter_map(|measure| self.details(&stimulus.id, *measure)).collect();
                if let Some(table) = self.table(&stimulus.id) {
                    stimuli.push(Computed { table, details });
                }
            }
        }
        let (settings, numbers) =
            (&self.settings, Numbers { stimuli, comparisons: self.comparisons.clone() });
        let bytes = match file {
            ExportFile::Seconds => self.panel.seconds_csv(settings).into_bytes(),
            ExportFile::Participants => self.panel.participants_csv(settings).into_bytes(),
            ExportFile::Files => self.panel.files_csv(settings).into_bytes(),
            ExportFile::Summary => self.panel.summary_csv(&numbers, settings).into_bytes(),
            ExportFile::Groups => self.panel.groups_csv(&numbers, settings).into_bytes(),
            ExportFile::Report => self.panel.report(&numbers, settings).into_bytes(),
            ExportFile::PsychDs => match self.panel.psych_ds(&numbers, settings) {
                Ok(bytes) => bytes,
                Err(sentence) => return (Answer::Fault(sentence), Vec::new()),
            },
        };
        (Answer::File { sessions: 0 }, bytes)
    }
}

fn nobody(stimulus: &str) -> Answer {
    Answer::Fault(format!("Nobody saw the stimulus {stimulus:?}. Choose another one."))
}

fn fault(error: StatsError) -> Answer {
    Answer::Fault(format!("This cannot be computed: {error}."))
}

#[cfg(test)]
mod tests;
