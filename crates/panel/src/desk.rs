//! The desk at which a panel is worked on: questions in, answers out, as plain data. The page keeps it in a worker.

use std::collections::HashMap;
use std::io::Cursor;

use emotion_stats::{
    Measure, PermutationResult, PermutationTest, Plan, PlanQuestion, Progress, StatsError, plan,
};
use serde::{Deserialize, Serialize};

use crate::analysis::{Curves, Details};
use crate::answers::Distribution;
use crate::archive::Archive;
use crate::compare::{Comparison, Question, spreads};
use crate::export::{Computed, SamplesTable};
use crate::merge::Panel;
use crate::norms::{Percentiles, percentiles};
use crate::overview::Overview;
use crate::sample::Sample;
use crate::settings::Settings;
use crate::source::is_archive;
use crate::table::StimulusTable;

/// What can be asked. Bytes come beside it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "snake_case")]
pub enum Ask {
    /// Read a file, whose bytes come with the question. An archive is opened, and its files are read one by one by
    /// [`Ask::Next`].
    Read {
        /// Its name.
        name: String,
    },
    /// Read the next files of the open archive.
    Next {
        /// How many.
        files: usize,
    },
    /// Add sample people.
    Sample {
        /// From which on, counted from 0.
        from: u32,
        /// How many.
        people: u32,
    },
    /// The panel in numbers, with these settings from now on.
    Overview {
        /// The settings.
        settings: Box<Settings>,
    },
    /// The mean curves of a stimulus.
    Curves {
        /// Its id.
        stimulus: String,
    },
    /// What takes longer, of one measure.
    Details {
        /// The stimulus's id.
        stimulus: String,
        /// Which measure.
        measure: Measure,
    },
    /// Two groups.
    Compare {
        /// Which.
        question: Question,
    },
    /// Begin the tests of two groups.
    Test {
        /// Which.
        question: Question,
    },
    /// Go on with the tests.
    Advance {
        /// By how many permutations.
        permutations: usize,
    },
    /// How often each answer was given.
    Answers,
    /// How many people a study needs.
    Plan {
        /// What is to be seen.
        question: PlanQuestion,
    },
    /// A file to save.
    Export {
        /// Which.
        file: ExportFile,
    },
    /// A part of the table of samples: its header with `from` 0.
    Samples {
        /// From which session on.
        from: usize,
        /// How many sessions.
        sessions: usize,
    },
    /// Forget everything.
    Clear,
}

/// A file that is made at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExportFile {
    /// The table of seconds.
    Seconds,
    /// The table of participants.
    Participants,
    /// The summary.
    Summary,
    /// What became of each file.
    Files,
    /// The folder as a ZIP.
    PsychDs,
    /// The report.
    Report,
}

impl ExportFile {
    /// Its name and kind.
    #[must_use]
    pub fn name_and_mime(self) -> (&'static str, &'static str) {
        match self {
            Self::Seconds => ("seconds.csv", "text/csv"),
            Self::Participants => ("participants.csv", "text/csv"),
            Self::Summary => ("summary.csv", "text/csv"),
            Self::Files => ("files.csv", "text/csv"),
            Self::PsychDs => ("psych-ds.zip", "application/zip"),
            Self::Report => ("report.html", "text/html"),
        }
    }

    /// Whether all details must be computed for it.
    #[must_use]
    pub fn needs_details(self) -> bool {
        matches!(self, Self::Summary | Self::PsychDs | Self::Report)
    }
}

/// What is answered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "answer", content = "with", rename_all = "snake_case")]
pub enum Answer {
    /// Done. So many files of an open archive are left.
    Read {
        /// Files of the archive that are still to be read.
        left: usize,
    },
    /// The panel in numbers.
    Overview(Box<Overview>),
    /// The curves, and the spread between people of each measure for the planner.
    Curves(Curves, [Option<f64>; emotion_stats::MEASURES]),
    /// The details, and where they stand among own norms.
    Details(Box<Details>, Option<Percentiles>),
    /// Two groups.
    Compared(Box<Comparison>),
    /// How far the tests are.
    Testing(Progress),
    /// The tests' result.
    Tested(PermutationResult),
    /// The answers.
    Answers(Vec<Distribution>),
    /// The plan.
    Plan(Plan),
    /// A file, whose bytes come with the answer; of a table of samples also how many sessions there are.
    File {
        /// Sessions of the table of samples; 0 of other files.
        sessions: usize,
    },
    /// It cannot be answered: a sentence.
    Fault(String),
}

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
    tables: HashMap<String, Option<StimulusTable>>,
    details: HashMap<(String, Measure), Details>,
    test: Option<PermutationTest>,
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
                Answer::Overview(Box::new(self.panel.overview(&self.settings)))
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
            Ask::Compare { question } => match self.panel.compare(&question, &self.settings) {
                Ok(comparison) => Answer::Compared(Box::new(comparison)),
                Err(error) => Answer::Fault(error.to_string()),
            },
            Ask::Test { question } => match self.panel.test(&question, &self.settings) {
                Ok(test) => {
                    let progress = test.progress();
                    self.test = Some(test);
                    Answer::Testing(progress)
                }
                Err(error) => Answer::Fault(error.to_string()),
            },
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

    fn table(&mut self, stimulus: &str) -> Option<&StimulusTable> {
        if !self.tables.contains_key(stimulus) {
            self.tables.insert(stimulus.to_owned(), self.panel.table(stimulus, &self.settings));
        }
        self.tables.get(stimulus)?.as_ref()
    }

    fn curves(&mut self, stimulus: &str) -> Answer {
        let settings = self.settings.clone();
        let Some(table) = self.table(stimulus) else { return nobody(stimulus) };
        match table.curves(&settings) {
            Ok(curves) => Answer::Curves(curves, spreads(table)),
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
        let Some(test) = &mut self.test else {
            return Answer::Fault("There is no test to go on with. Start it again.".to_owned());
        };
        let progress = test.advance(permutations);
        if !progress.is_done() {
            return Answer::Testing(progress);
        }
        let result = test.finish();
        self.test = None;
        result.map_or_else(fault, Answer::Tested)
    }

    fn export(&mut self, file: ExportFile) -> (Answer, Vec<u8>) {
        let mut computed = Vec::new();
        if file.needs_details() {
            for stimulus in self.panel.overview(&self.settings).stimuli {
                let details: Vec<Details> =
                    Measure::ALL.iter().filter_map(|measure| self.details(&stimulus.id, *measure)).collect();
                if let Some(table) = self.table(&stimulus.id) {
                    computed.push(Computed { table: table.clone(), details });
                }
            }
        }
        let settings = &self.settings;
        let bytes = match file {
            ExportFile::Seconds => self.panel.seconds_csv(settings).into_bytes(),
            ExportFile::Participants => self.panel.participants_csv(settings).into_bytes(),
            ExportFile::Files => self.panel.files_csv(settings).into_bytes(),
            ExportFile::Summary => self.panel.summary_csv(&computed, settings).into_bytes(),
            ExportFile::Report => self.panel.report(&computed, settings).into_bytes(),
            ExportFile::PsychDs => match self.panel.psych_ds(&computed, settings) {
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
mod tests {
    use super::*;

    fn desk(people: u32) -> Desk {
        let mut desk = Desk::default();
        assert_eq!(desk.answer(Ask::Sample { from: 0, people }, Vec::new()).0, Answer::Read { left: 0 });
        let settings = Settings { resamples: 100, permutations: 100, ..Settings::default() };
        let (answer, _) = desk.answer(Ask::Overview { settings: Box::new(settings) }, Vec::new());
        assert!(matches!(answer, Answer::Overview(overview) if overview.merged == people as usize));
        desk
    }

    #[test]
    fn questions_survive_their_json() {
        let ask = Ask::Details { stimulus: "joke".into(), measure: Measure::Happy };
        let text = serde_json::to_string(&ask).unwrap();
        assert_eq!(serde_json::from_str::<Ask>(&text).unwrap(), ask);
        let mut desk = desk(8);
        let (answer, _) = desk.answer(Ask::Overview { settings: Box::default() }, Vec::new());
        let text = serde_json::to_string(&answer).unwrap();
        assert!(serde_json::from_str::<Answer>(&text).unwrap() == answer);
        // Numbers may lose their last bit on the way to the screen.
        let (answer, _) = desk.answer(Ask::Curves { stimulus: "joke".into() }, Vec::new());
        let text = serde_json::to_string(&answer).unwrap();
        assert!(
            matches!(serde_json::from_str(&text).unwrap(), Answer::Curves(curves, _) if curves.seconds == 30)
        );
    }

    #[test]
    fn an_archive_is_read_in_parts_and_gives_what_it_gives_at_once() {
        let sample = Sample::default();
        let files: Vec<(String, String)> = (0..5)
            .map(|i| (format!("{i}.json"), emotion_study::result::to_json(&sample.result(i))))
            .collect();
        let bytes = crate::archive::pack(&files).unwrap();
        let mut desk = Desk::default();
        let mut left = match desk.answer(Ask::Read { name: "a.zip".into() }, bytes.clone()).0 {
            Answer::Read { left } => left,
            other => panic!("{other:?}"),
        };
        assert_eq!(left, 5);
        while left > 0 {
            match desk.answer(Ask::Next { files: 2 }, Vec::new()).0 {
                Answer::Read { left: now } => left = now,
                other => panic!("{other:?}"),
            }
        }
        let mut panel = Panel::default();
        panel.add("a.zip", &bytes);
        assert_eq!(desk.panel.overview(&Settings::default()), panel.overview(&Settings::default()));
        assert_eq!(panel.overview(&Settings::default()).merged, 5);
    }

    #[test]
    fn tests_go_in_slices() {
        let mut desk = desk(80);
        let question = Question {
            stimulus: "joke".into(),
            grouping: crate::Grouping::Group,
            first: "A".into(),
            second: "B".into(),
            measures: vec![Measure::Happy],
        };
        let (answer, _) = desk.answer(Ask::Test { question }, Vec::new());
        assert_eq!(answer, Answer::Testing(Progress { done: 0, total: 100 }));
        let (answer, _) = desk.answer(Ask::Advance { permutations: 60 }, Vec::new());
        assert_eq!(answer, Answer::Testing(Progress { done: 60, total: 100 }));
        let (answer, _) = desk.answer(Ask::Advance { permutations: 60 }, Vec::new());
        assert!(matches!(answer, Answer::Tested(result) if result.permutations == 100));
        assert!(matches!(desk.answer(Ask::Advance { permutations: 1 }, Vec::new()).0, Answer::Fault(_)));
    }

    #[test]
    fn files_are_those_of_the_panel() {
        let mut desk = desk(6);
        let (answer, report) = desk.answer(Ask::Export { file: ExportFile::Report }, Vec::new());
        assert_eq!(answer, Answer::File { sessions: 0 });
        let computed = desk.panel.compute(&desk.settings, |_, _| ());
        assert_eq!(report, desk.panel.report(&computed, &desk.settings).into_bytes());
        let (answer, begin) = desk.answer(Ask::Samples { from: 0, sessions: 4 }, Vec::new());
        let (_, end) = desk.answer(Ask::Samples { from: 4, sessions: 4 }, Vec::new());
        assert_eq!(answer, Answer::File { sessions: 6 });
        let lines = [begin, end].concat().iter().filter(|byte| **byte == b'\n').count();
        assert_eq!(lines, 1 + 6 * 500);
    }
}
