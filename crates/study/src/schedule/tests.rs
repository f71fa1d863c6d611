use super::*;
use crate::file::{self, OrderMethod};
use crate::hash::{measure_sha256, measure_text};

const FULL: &str = include_str!("../../tests/files/full-study.json");

fn golden() -> serde_json::Value {
    serde_json::from_str(include_str!("../../tests/draws/draws.json")).expect("JSON")
}

fn full() -> Study {
    file::parse(FULL).expect("right")
}

#[test]
fn draws_are_those_of_the_python_twin() {
    let golden = golden();
    let mut draw = Draw::new("order:7:P017");
    for number in golden["next"].as_array().expect("list") {
        assert_eq!(number.as_str(), Some(draw.next_u64().to_string().as_str()));
    }
    for (index, number) in golden["below"].as_array().expect("list").iter().enumerate() {
        assert_eq!(number.as_u64(), Some(Draw::new(&format!("row:7:{index}")).below(6)));
    }
    for (label, order) in golden["shuffles"].as_object().expect("object") {
        let mut list: Vec<u64> = (0..8).collect();
        Draw::new(label).shuffle(&mut list);
        assert_eq!(*order, serde_json::json!(list), "{label}");
    }
}

#[test]
fn the_measure_hash_is_that_of_the_python_twin() {
    assert_eq!(golden()["measure_text"].as_str(), Some(measure_text(&full()).as_str()));
    assert_eq!(golden()["measure_sha256"].as_str(), Some(measure_sha256(&full()).as_str()));
}

#[test]
fn the_measure_hash_stays_for_words_and_changes_for_what_is_measured() {
    let before = measure_sha256(&full());
    let with = |from: &str, to: &str| {
        assert!(FULL.contains(from), "{from}");
        measure_sha256(&file::parse(&FULL.replacen(from, to, 1)).expect("right"))
    };
    for (from, to) in [
        ("Wie gut?", "Wie gut war es?"),
        ("Spring spots", "Spots"),
        ("spot 1.mp4", "spot.mp4"),
        ("\"to_ms\": 12000", "\"to_ms\": 12001"),
        ("4000000", "4000001"),
        ("Eine Packung", "Die Packung"),
        ("\"minimum_age\": 18", "\"minimum_age\": 16"),
        ("Kurz ausruhen", "Pause"),
    ] {
        assert_eq!(with(from, to), before, "{from}");
    }
    for (from, to) in [
        ("Frisch wie *nie*", "Frisch wie nie"),
        ("0123456789abcdef", "1123456789abcdef"),
        ("\"seed\": 7", "\"seed\": 8"),
        ("williams", "random"),
        ("\"sample_rate_hz\": 15", "\"sample_rate_hz\": 10"),
        ("\"seconds\": 8", "\"seconds\": 5"),
        ("1500", "0"),
        ("\"duration_ms\": 5000", "\"duration_ms\": 6000"),
    ] {
        assert_ne!(with(from, to), before, "{from}");
    }
}

#[test]
fn williams_rows_are_those_of_the_python_twin() {
    for (n, rows) in golden()["williams"].as_object().expect("object") {
        let n: usize = n.parse().expect("a number");
        let ours: Vec<Vec<usize>> = (0..williams_rows(n)).map(|row| williams_row(n, row)).collect();
        assert_eq!(*rows, serde_json::json!(ours), "{n}");
    }
}

#[test]
fn williams_is_balanced() {
    for n in 2..=13 {
        let rows = williams_rows(n);
        assert_eq!(rows, if n % 2 == 0 { n } else { 2 * n });
        let mut at_place = vec![vec![0; n]; n];
        let mut pairs = vec![vec![0; n]; n];
        for row in 0..rows {
            let order = williams_row(n, row);
            for (place, stimulus) in order.iter().enumerate() {
                at_place[place][*stimulus] += 1;
            }
            for pair in order.windows(2) {
                pairs[pair[0]][pair[1]] += 1;
            }
        }
        for place in &at_place {
            assert!(place.iter().all(|count| *count == rows / n), "{n}: {at_place:?}");
        }
        for (a, row) in pairs.iter().enumerate() {
            for (b, count) in row.iter().enumerate() {
                assert_eq!(*count, if a == b { 0 } else { rows / n }, "{n}: {a} before {b}");
            }
        }
    }
    assert_eq!(williams_row(4, 4), williams_row(4, 0), "rows go round");
}

fn ids(study: &Study, assignment: &Assignment) -> Vec<String> {
    assignment.order.iter().map(|index| study.stimuli[*index].id.clone()).collect()
}

#[test]
fn pauses_keep_their_places_and_groups_see_their_stimuli() {
    let mut study = full();
    study.order.method = OrderMethod::Fixed;
    assert_eq!(ids(&study, &assign(&study, "s", Some("A"), None)), ["spot", "rest", "pack"]);
    // A group's list without a pause in it sees all pauses.
    assert_eq!(ids(&study, &assign(&study, "s", Some("B"), None)), ["spot", "rest", "claim"]);
    study.groups.clear();
    study.order.method = OrderMethod::Williams;
    for row in 1..=6 {
        let order = ids(&study, &assign(&study, "s", None, Some(row)));
        assert_eq!(order[1], "rest", "row {row}");
        assert_eq!(order.len(), 4);
    }
    let fixed = assign(&study, "s", None, Some(3));
    assert_eq!(fixed.row, Some(3));
    assert_eq!(ids(&study, &fixed), ["claim", "rest", "spot", "pack"]);
}

#[test]
fn what_the_link_does_not_say_is_drawn_and_stays() {
    let study = full();
    let one = assign(&study, "AAAA", None, None);
    assert_eq!(one, assign(&study, "AAAA", None, None));
    assert_eq!(one.group.as_deref(), Some("A"), "B is closed and is not drawn");
    assert!(!is_full(&study, &one));
    assert!(is_full(&study, &assign(&study, "AAAA", Some("B"), None)));
    let rows: std::collections::BTreeSet<_> =
        (0..200).map(|i| assign(&study, &format!("{i}"), Some("A"), None).row).collect();
    assert_eq!(rows.len(), 2, "two stimuli have two rows, and both are drawn");
}

#[test]
fn random_orders_are_shuffles_that_differ() {
    let mut study = full();
    study.groups.clear();
    study.order.method = OrderMethod::Random;
    let mut seen = std::collections::BTreeMap::new();
    for row in 1..=600 {
        let mut order = assign(&study, "s", None, Some(row)).order;
        *seen.entry(order.clone()).or_insert(0) += 1;
        order.sort_unstable();
        assert_eq!(order, [0, 1, 2, 3]);
    }
    assert_eq!(seen.len(), 6, "all orders of three");
    assert!(seen.values().all(|count| (60..=140).contains(count)), "{seen:?}");
    let other_seed = {
        let mut study = study.clone();
        study.order.seed += 1;
        study
    };
    let differs =
        (1..50).any(|row| assign(&study, "s", None, Some(row)) != assign(&other_seed, "s", None, Some(row)));
    assert!(differs);
}
