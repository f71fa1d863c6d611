//! Cold starts, alternated rounds, memory.

use std::collections::BTreeMap;
use std::io;

use browser_tests::Browser;
use serde_json::{Map, Value, json};

use crate::contender::{Contender, Group, Opened, Round};
use crate::process::PageProcess;
use crate::statistics::{ratios, summary};
use crate::www::Www;
use crate::{Effort, say, tasks};

/// Frames of a round: one time around.
const FRAMES: u64 = 24;
/// Runs of a network before it is timed: the browser compiles hot code anew.
const WARM_UP_RUNS: u64 = 150;
/// A network's round lasts about so long.
const NETWORK_ROUND_MS: f64 = 150.0;

/// A contender that could be loaded, with what its rounds gave.
pub struct Entry<'browser> {
    pub contender: Contender,
    pub opened: Opened<'browser>,
    pub cold: Value,
    runs: u64,
    /// Runs of one round.
    count: u64,
    rounds: Vec<Round>,
    memory_first: Option<u64>,
}

/// Opens every contender `effort.cold` times in alternation and times its first result; the last pages stay open.
/// Returns them, and why others are missing.
pub fn cold<'b>(
    browser: &'b Browser,
    www: &mut Www,
    contenders: Vec<Contender>,
    effort: &Effort,
) -> io::Result<(Vec<Entry<'b>>, Map<String, Value>)> {
    let mut missing = Map::new();
    let mut times: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    let mut entries = Vec::new();
    let mut left = contenders;
    for time in 0..effort.cold {
        let is_last = time + 1 == effort.cold;
        let mut again = Vec::new();
        for contender in left {
            say(&format!("cold start {} of {}: {}", time + 1, effort.cold, contender.id));
            let mark = www.mark();
            let opened = match contender.lacks(www) {
                Some(why) => Err(why.to_owned()),
                None => contender.open(browser, www),
            };
            let started = opened.and_then(|opened| Ok((opened.first()?, opened)));
            let (first, mut opened) = match started {
                Ok(started) => started,
                Err(why) => {
                    say(&format!("{} is left out: {why}", contender.id));
                    missing.insert(contender.id.into(), json!(why));
                    continue;
                }
            };
            let measured = times.entry(contender.id).or_default();
            measured.push(first["first_ms"].clone());
            if !is_last {
                opened.page.call("Page.close", json!({}));
                again.push(contender);
                continue;
            }
            opened.process = PageProcess::of(browser, &opened.page);
            let first_ms: Vec<f64> = measured.iter().filter_map(Value::as_f64).collect();
            let cold = json!({
                "first_ms": summary(&first_ms),
                "loaded": www.loaded_since(mark, effort.with_brotli)?,
                "first_result": first["result"],
            });
            entries.push(Entry {
                contender,
                opened,
                cold,
                runs: 1,
                count: FRAMES,
                rounds: vec![],
                memory_first: None,
            });
        }
        left = again;
    }
    Ok((entries, missing))
}

/// Warms the group up, then lets its members take turns, each time another one first.
pub fn alternate(entries: &mut [Entry], group: Group, effort: &Effort) -> Result<(), String> {
    let members: Vec<usize> =
        (0..entries.len()).filter(|&index| entries[index].contender.group == group).collect();
    for &index in &members {
        entries[index].warm_up()?;
    }
    for round in 0..effort.rounds {
        say(&format!("round {} of {}", round + 1, effort.rounds));
        for turn in 0..members.len() {
            entries[members[(round + turn) % members.len()]].take_turn()?;
        }
    }
    Ok(())
}

impl Entry<'_> {
    fn warm_up(&mut self) -> Result<(), String> {
        say(&format!("warm up {}", self.contender.id));
        self.opened.page.bring_to_front();
        if self.contender.sees_frames() {
            self.opened.round(FRAMES)?;
            self.runs += FRAMES;
            self.memory_first = self.opened.memory();
        } else {
            self.opened.round(WARM_UP_RUNS)?;
            let ms = self.opened.round(10)?.ms;
            self.count = (NETWORK_ROUND_MS / ms).ceil().clamp(3.0, 2000.0) as u64;
        }
        Ok(())
    }

    fn take_turn(&mut self) -> Result<(), String> {
        self.opened.page.bring_to_front();
        let round = self.opened.round(self.count)?;
        self.runs += self.count;
        self.rounds.push(round);
        Ok(())
    }

    /// Watches the tasks of the page's main thread for one time around.
    pub fn tasks(&mut self, browser: &Browser) -> Result<Value, String> {
        self.opened.page.bring_to_front();
        let Some(process) = self.opened.process else { return Ok(Value::Null) };
        self.runs += FRAMES;
        let apart = format!("bench.apart({FRAMES})");
        tasks::watch(browser, process.number(), || self.opened.page.try_evaluate(&apart).map(drop))
    }

    /// Goes on until `frames` have been seen, then reads the memory.
    pub fn memory(&mut self, frames: u64) -> Result<Value, String> {
        self.opened.page.bring_to_front();
        while self.runs < frames {
            let count = (frames - self.runs).min(4 * FRAMES);
            self.opened.round(count)?;
            self.runs += count;
        }
        Ok(
            json!({ "first_bytes": self.memory_first, "last_bytes": self.opened.memory(), "frames": self.runs }),
        )
    }

    fn ms(&self) -> Vec<f64> {
        self.rounds.iter().map(|round| round.ms).collect()
    }

    fn processor_ms(&self) -> Vec<f64> {
        self.rounds.iter().filter_map(|round| round.processor_ms).collect()
    }

    /// Quartiles over the rounds of each stage's mean.
    pub fn stages(&self) -> Value {
        let names = self.rounds.first().and_then(|round| round.stages.as_object());
        let of = |name: &str| -> Vec<f64> {
            self.rounds.iter().filter_map(|round| round.stages[name].as_f64()).collect()
        };
        names
            .into_iter()
            .flatten()
            .map(|(name, _)| (name.clone(), summary(&of(name))))
            .collect::<Map<_, _>>()
            .into()
    }

    /// The rounds in figures, with the ratio to `ours`.
    pub fn summary(&self, ours: Option<&Entry>) -> Value {
        let all: u64 = self.rounds.iter().map(|_| self.count).sum();
        let found: u64 = self.rounds.iter().map(|round| round.faces).sum();
        let share = (self.contender.sees_frames() && all > 0).then(|| found as f64 / all as f64);
        let ratio = |of_ours: Option<Vec<f64>>, own: Vec<f64>| {
            of_ours.map_or(Value::Null, |of_ours| summary(&ratios(&of_ours, &own)))
        };
        json!({
            "id": self.contender.id,
            "label": self.contender.label,
            "ours": self.contender.ours,
            "emotions": self.contender.emotions,
            "rounds": self.rounds.len(),
            "runs_a_round": self.count,
            "ms": summary(&self.ms()),
            "processor_ms": summary(&self.processor_ms()),
            "times_ours": ratio(ours.map(Entry::ms), self.ms()),
            "times_ours_processor": ratio(ours.map(Entry::processor_ms), self.processor_ms()),
            "frames_with_a_face": share,
        })
    }
}
