//! The curves in numbers: what stands under the charts.

use emotion_panel::analysis::Details;
use leptos::prelude::*;

use crate::activity::panel::state::State;
use crate::activity::panel::table::{Table, header};
use crate::view::panel::words;

/// Peak, trough, mean, end, segments, reliability and agreement.
#[component]
pub fn Numbers() -> impl IntoView {
    let state = expect_context::<State>();
    let rows = move || {
        state.details.with(|all| {
            let row = |(d, _): &(Details, Option<_>)| {
                let of = |get: fn(&emotion_stats::Summary) -> emotion_stats::Estimate, decimals| {
                    words::estimate(d.summary.as_ref().map(get), decimals)
                };
                vec![
                    d.measure.name().to_owned(),
                    of(|s| s.mean, 3),
                    of(|s| s.end, 3),
                    of(|s| s.peak, 3),
                    of(|s| s.peak_second, 0),
                    of(|s| s.trough, 3),
                    of(|s| s.trough_second, 0),
                ]
            };
            all.iter().map(row).collect::<Vec<_>>()
        })
    };
    let segments = move || {
        state.details.with(|all| {
            let of = |(d, _): &(Details, Option<_>)| {
                let name = d.measure.name();
                d.segments
                    .iter()
                    .map(|(id, mean)| vec![id.clone(), name.to_owned(), words::estimate(*mean, 3)])
                    .collect::<Vec<_>>()
            };
            all.iter().flat_map(of).collect::<Vec<_>>()
        })
    };
    let agreement = move || {
        state.details.with(|all| {
            let row = |(d, _): &(Details, Option<_>)| {
                vec![
                    d.measure.name().to_owned(),
                    words::number(d.reliability.map(|r| r.of_panel), 3),
                    words::number(d.split_half.map(|s| s.median), 3),
                    words::number(d.agreement.map(|(mean, _)| mean), 3),
                    words::number(d.agreement.map(|(_, p)| p), 4),
                ]
            };
            all.iter().map(row).collect::<Vec<_>>()
        })
    };
    let norms = move || {
        state.details.with(|all| {
            let row = |(d, among): &(Details, Option<emotion_panel::norms::Percentiles>)| {
                let among = among.as_ref()?;
                Some(vec![
                    d.measure.name().to_owned(),
                    format!("{:.0}", among.mean),
                    format!("{:.0}", among.peak),
                    format!("{:.0}", among.end),
                    among.norms.to_string(),
                ])
            };
            all.iter().filter_map(row).collect::<Vec<_>>()
        })
    };
    view! {
        {move || view! {
            <Table
                id="summary"
                caption="The curves in numbers, with 95 % intervals".to_owned()
                header=header(&["measure", "mean", "end (last 3 s)", "peak", "peak at second", "trough", "trough at second"])
                rows=rows()
            />
        }}
        {move || {
            let rows = segments();
            (!rows.is_empty()).then(|| view! {
                <Table id="segments" caption="Segments of the study".to_owned() header=header(&["segment", "measure", "mean"]) rows />
            })
        }}
        <details id="agreement">
            <summary>"Would others give the same curve? Do people agree?"</summary>
            {move || view! {
                <Table
                    id="agreement-table"
                    caption="Reliability of the mean curve, and agreement between people".to_owned()
                    header=header(&["measure", "ICC of the mean", "split half", "agreement", "p of agreement"])
                    rows=agreement()
                />
            }}
            <p class="hint">
                "Reliability says whether other people of the same kind would give the same curve; it grows with their number. \
                 Agreement says whether the curves of people go together. Neither says that the model is right: both are high for a \
                 curve that it reads wrongly in the same way for everyone, and neither says that a movement is large or important."
            </p>
        </details>
        {move || {
            let rows = norms();
            (!rows.is_empty()).then(|| view! {
                <Table
                    id="norms"
                    caption="Percentile among your earlier studies of the same model".to_owned()
                    header=header(&["measure", "mean", "peak", "end", "earlier stimuli"])
                    rows
                />
            })
        }}
    }
}
