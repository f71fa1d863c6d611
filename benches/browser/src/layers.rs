//! The ceiling of the machine, and the share of it that each layer of our plan reaches.

use serde_json::{Value, json};

use crate::Effort;
use crate::contender::Opened;
use crate::say;
use crate::statistics::{ratios, summary};

/// In each round the ceiling, the whole network and every step once, in the page that runs the plan.
///
/// # Errors
/// The page's own words.
pub fn measure(opened: &Opened, network: &str, effort: &Effort) -> Result<Value, String> {
    say(&format!("layers of the {network}"));
    opened.page.bring_to_front();
    let steps = opened.page.try_evaluate("bench.contender.steps()")?;
    let steps = steps.as_array().ok_or("the plan tells no steps")?;
    opened.page.try_evaluate("bench.contender.ceiling()")?;
    let macs: f64 = steps.iter().filter_map(|step| step["macs"].as_f64()).sum();
    let (mut ceilings, mut networks) = (Vec::new(), Vec::new());
    let mut rates = vec![Vec::new(); steps.len()];
    for _ in 0..effort.rounds {
        ceilings.push(number(&opened.page.try_evaluate("bench.contender.ceiling()")?)?);
        networks.push(number(&opened.page.try_evaluate(&format!("bench.contender.network_rate({macs})"))?)?);
        let measured = opened.page.try_evaluate("bench.contender.step_rates()")?;
        for (index, rates) in rates.iter_mut().enumerate() {
            rates.push(number(&measured[index])?);
        }
    }
    // Within each round, as the machine was then.
    let share = |rates: &[f64]| summary(&ratios(&ceilings, rates));
    let layers: Vec<Value> = steps
        .iter()
        .zip(&rates)
        .filter(|(step, _)| step["macs"].as_u64().is_some_and(|macs| macs > 0))
        .map(|(step, rates)| {
            json!({ "name": step["name"], "macs": step["macs"], "gmacs": summary(rates), "share": share(rates) })
        })
        .collect();
    Ok(json!({
        "ceiling_gmacs": summary(&ceilings),
        "network_gmacs": summary(&networks),
        "network_share": share(&networks),
        "macs": macs,
        "layers": layers,
    }))
}

fn number(value: &Value) -> Result<f64, String> {
    value.as_f64().ok_or_else(|| format!("{value} is no number"))
}
