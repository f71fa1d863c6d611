//! Asks for two groups, and runs their tests in slices.

use emotion_panel::compare::Question;
use emotion_panel::desk::{Answer, Ask};
use emotion_stats::Progress;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::activity::panel::control::Controller;

/// Permutations a question: so that progress is told and a stop is heard.
const PERMUTATIONS: usize = 128;

impl Controller {
    /// Compare two groups.
    pub fn compare(self, question: Question) {
        self.stop_test();
        self.state.tested.set(None);
        self.state.compare_problem.set(String::new());
        let turn = self.turn();
        spawn_local(async move {
            match self.ask(&Ask::Compare { question }, None).await {
                Some((Answer::Compared(comparison), _)) if self.is_turn(turn) => {
                    self.state.comparison.set(Some(*comparison));
                }
                Some((Answer::Fault(sentence), _)) if self.is_turn(turn) => {
                    self.state.comparison.set(None);
                    self.state.compare_problem.set(sentence);
                }
                _ => {}
            }
        });
    }

    /// Run the tests of the groups that are shown.
    pub fn test(self) {
        let Some(question) = self.state.comparison.with_untracked(|c| c.as_ref().map(|c| c.question.clone()))
        else {
            return;
        };
        let (turn, run) = (self.turn(), self.next_run());
        self.state.tested.set(None);
        self.state.testing.set(Some(Progress { done: 0, total: 1 }));
        spawn_local(async move {
            let mut answer = self.ask(&Ask::Test { question }, None).await;
            // What was stopped, or begun anew, has another number.
            while self.is_turn(turn) && self.test_run.get_value() == run {
                match answer {
                    Some((Answer::Testing(progress), _)) => {
                        self.state.testing.set(Some(progress));
                        answer = self.ask(&Ask::Advance { permutations: PERMUTATIONS }, None).await;
                    }
                    Some((Answer::Tested(result), _)) => {
                        self.state.tested.set(Some(result));
                        return self.state.testing.set(None);
                    }
                    Some((Answer::Fault(sentence), _)) => {
                        self.state.compare_problem.set(sentence);
                        return self.state.testing.set(None);
                    }
                    _ => return self.state.testing.set(None),
                }
            }
        });
    }

    /// Stop the tests.
    pub fn stop_test(self) {
        self.next_run();
        self.state.testing.set(None);
    }

    fn next_run(self) -> u32 {
        self.test_run.update_value(|run| *run = run.wrapping_add(1));
        self.test_run.get_value()
    }
}
