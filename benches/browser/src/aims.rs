//! What the project set out to reach, and by how much it is missed.

use serde_json::Value;

use crate::report;

/// The unit of a film's speed.
const TIMES: &str = "times real time";

struct Aim {
    what: &'static str,
    least: f64,
    moonshot: Option<f64>,
    /// Whether more is better.
    more: bool,
    unit: &'static str,
    measured: Option<f64>,
}

/// Multiply-accumulates a second of the whole network over the ceiling of the same round.
pub fn share_of_ceiling(results: &Value, network: &str) -> Option<f64> {
    median(&results["layers"][network]["network_share"])
}

/// One row for each aim.
pub fn table(text: &mut String, results: &Value) {
    report::table(text, "Aims", &["aim", "wanted", "measured", "verdict"]);
    for aim in aims(results) {
        let show = |value: f64| match aim.unit {
            "%" => format!("{:.0} %", 100.0 * value),
            unit => format!("{value:.1} {unit}"),
        };
        let wanted = match aim.moonshot {
            Some(moonshot) => format!("{} ({})", show(aim.least), show(moonshot)),
            None => show(aim.least),
        };
        let reaches = |measured: f64, bound: f64| (measured >= bound) == aim.more || measured == bound;
        let verdict = match aim.measured {
            None => "not measured: see what was left out".to_owned(),
            Some(measured) if aim.moonshot.is_some_and(|moonshot| reaches(measured, moonshot)) => {
                "reached, the moonshot too".into()
            }
            Some(measured) if reaches(measured, aim.least) => "reached".into(),
            Some(measured) => format!("missed by {}", show((measured - aim.least).abs())),
        };
        let measured = aim.measured.map_or_else(|| "-".into(), show);
        report::line(text, &format!("| {} | {wanted} | {measured} | {verdict} |", aim.what));
    }
}

fn aims(results: &Value) -> Vec<Aim> {
    let ratio = |group: &str, id: &str| median(&member(results, group, id)?["times_ours"]);
    let peers = results["whole_frame"].as_array().into_iter().flatten();
    let peers = peers.filter(|peer| peer["ours"] != true && peer["emotions"] == true);
    let fastest = peers.filter_map(|peer| median(&peer["times_ours"])).reduce(f64::min);
    let aim =
        |what, least, moonshot, more, unit, measured| Aim { what, least, moonshot, more, unit, measured };
    vec![
        aim(
            "classifier: onnxruntime-web int8 over ours",
            1.3,
            Some(1.7),
            true,
            "times",
            ratio("classifier", "classifier-ort-int8"),
        ),
        aim(
            "classifier: share of the ceiling",
            0.6,
            None,
            true,
            "%",
            share_of_ceiling(results, "classifier"),
        ),
        aim(
            "detector: onnxruntime-web f32 over ours",
            2.0,
            Some(4.0),
            true,
            "times",
            ratio("detector", "detector-ort-f32"),
        ),
        aim("whole frame: the fastest peer with emotions over ours", 5.0, Some(12.0), true, "times", fastest),
        aim(
            "the page's longest task",
            50.0,
            Some(16.0),
            false,
            "ms",
            results["live"]["tasks"]["longest_ms"].as_f64(),
        ),
        aim("video 640x360, ten looks a second", 12.0, None, true, TIMES, film(results, "640x360, 10")),
        aim("video 640x360, every frame", 5.0, None, true, TIMES, film(results, "640x360, every")),
        aim("video 1280x720, ten looks a second", 6.0, None, true, TIMES, film(results, "1280x720, 10")),
        aim("video 1280x720, every frame", 2.5, None, true, TIMES, film(results, "1280x720, every")),
    ]
}

/// How many times faster than real time our page reads it.
fn film(results: &Value, film: &str) -> Option<f64> {
    median(&member(&results["films"], film, "ours")?["times_real_time"])
}

fn member<'a>(results: &'a Value, group: &str, id: &str) -> Option<&'a Value> {
    results[group].as_array()?.iter().find(|member| member["id"] == id)
}

fn median(quartiles: &Value) -> Option<f64> {
    quartiles[1].as_f64()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn aims_are_judged_by_the_medians() {
        let ours = json!({ "id": "classifier-ours", "ours": true, "ms": [1.0, 2.0, 3.0] });
        let ort = json!({ "id": "classifier-ort-int8", "times_ours": [1.0, 1.2, 1.4] });
        let layers = json!({ "network_share": [0.7, 0.75, 0.8] });
        let peer = |id: &str, ratio: f64, emotions: bool| json!({ "id": id, "times_ours": [0, ratio, 0], "emotions": emotions });
        let results = json!({
            "classifier": [ours, ort],
            "layers": { "classifier": layers },
            "whole_frame": [peer("a", 6.0, true), peer("b", 14.0, true), peer("c", 2.0, false)],
            "live": { "tasks": { "longest_ms": 12.0 } },
        });
        let mut text = String::new();
        table(&mut text, &results);
        for row in [
            "1.3 times (1.7 times) | 1.2 times | missed by 0.1 times |",
            "60 % | 75 % | reached |",
            "2.0 times (4.0 times) | - | not measured",
            "5.0 times (12.0 times) | 6.0 times | reached |",
            "50.0 ms (16.0 ms) | 12.0 ms | reached, the moonshot too |",
        ] {
            assert!(text.contains(row), "{row}\n{text}");
        }
    }
}
