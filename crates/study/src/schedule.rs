//! Who sees what in which order.

use serde::{Deserialize, Serialize};

use crate::draw::Draw;
use crate::file::{Group, OrderMethod, Study};

/// What was decided for one session before it began.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignment {
    /// The group's id; nothing for a study without groups.
    pub group: Option<String>,
    /// The row of the order, from 1: of the link, else drawn; nothing for a fixed order without a row in the link.
    pub row: Option<u32>,
    /// Indices into the study's stimuli, pauses included, in the order of showing.
    pub order: Vec<usize>,
}

/// Decide group, row and order.
///
/// `group` and `row` are those of the link. What the link does not say is drawn from the study's seed and the session's id,
/// so that a reload of the same session decides the same. A group that the study does not have counts as not said;
/// [`crate::link::Link::resolve`] refuses it before.
pub fn assign(study: &Study, session: &str, group: Option<&str>, row: Option<u32>) -> Assignment {
    let seed = study.order.seed;
    let group = group.and_then(|id| study.groups.iter().find(|group| group.id == id)).or_else(|| {
        let open: Vec<&Group> = study.groups.iter().filter(|group| !group.closed).collect();
        let drawn = Draw::new(&format!("group:{seed}:{session}")).below(open.len() as u64);
        open.get(drawn as usize).copied().or(study.groups.first())
    });
    let seen: Vec<usize> = (0..study.stimuli.len()).filter(|index| sees(study, group, *index)).collect();
    let mut measured: Vec<usize> =
        seen.iter().copied().filter(|index| study.stimuli[*index].media.is_measured()).collect();
    let mut row = row.filter(|row| *row > 0);
    match study.order.method {
        OrderMethod::Fixed => {}
        OrderMethod::Random => {
            let who = row.map_or_else(|| session.to_owned(), |row| row.to_string());
            Draw::new(&format!("order:{seed}:{who}")).shuffle(&mut measured);
        }
        OrderMethod::Williams => {
            let rows = williams_rows(measured.len()) as u64;
            let drawn = || Draw::new(&format!("row:{seed}:{session}")).below(rows) as u32 + 1;
            let taken = row.unwrap_or_else(drawn);
            row = Some(taken);
            let order = williams_row(measured.len(), taken as usize - 1);
            measured = order.into_iter().map(|place| measured[place]).collect();
        }
    }
    // Pauses keep their places; the stimuli fill the others in their new order.
    let mut next = measured.into_iter();
    let order = seen
        .into_iter()
        .filter_map(|index| if study.stimuli[index].media.is_measured() { next.next() } else { Some(index) })
        .collect();
    Assignment { group: group.map(|group| group.id.clone()), row, order }
}

/// Whether nobody more may take part: the study is closed, or this session's group is.
pub fn is_full(study: &Study, assignment: &Assignment) -> bool {
    let group = assignment.group.as_ref().and_then(|id| study.groups.iter().find(|group| group.id == *id));
    study.closed || group.is_some_and(|group| group.closed)
}

fn sees(study: &Study, group: Option<&Group>, index: usize) -> bool {
    let stimulus = &study.stimuli[index];
    // A list of a group names what is measured; pauses are for all unless a list names one.
    match group.and_then(|group| group.stimuli.as_ref()) {
        Some(list) => {
            list.contains(&stimulus.id) || (!stimulus.media.is_measured() && !names_a_pause(study, list))
        }
        None => true,
    }
}

fn names_a_pause(study: &Study, list: &[String]) -> bool {
    list.iter().any(|id| study.stimulus(id).is_some_and(|stimulus| !stimulus.media.is_measured()))
}

/// How many rows the Williams design of `n` stimuli has: `n` where it is even (and for 1), else `2 n`.
pub fn williams_rows(n: usize) -> usize {
    match n {
        0 | 1 => 1,
        n if n.is_multiple_of(2) => n,
        n => 2 * n,
    }
}

/// A row of the Williams design of `n` stimuli, counted from 0 and round again after the last.
///
/// The first row is 0, 1, n-1, 2, n-2, ...; row r adds r modulo n; for odd n the second n rows are the first n
/// backwards (Williams 1949; Bradley 1958). Over all rows each stimulus stands equally often at each place, and each one
/// equally often directly after each other one.
pub fn williams_row(n: usize, row: usize) -> Vec<usize> {
    let row = row % williams_rows(n);
    let (shift, backwards) = if row < n { (row, false) } else { (row - n, true) };
    let mut order: Vec<usize> = (0..n)
        .map(|place| {
            let first = if place % 2 == 1 { place.div_ceil(2) } else { n - place / 2 };
            (first + shift) % n
        })
        .collect();
    if backwards {
        order.reverse();
    }
    order
}

#[cfg(test)]
mod tests;
