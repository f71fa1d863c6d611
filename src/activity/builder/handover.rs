//! How the result comes to the researcher, and what participants read at the end.

use leptos::prelude::*;

use crate::activity::builder::fields::{As, Faults, Input, Member};
use crate::activity::builder::state::State;

const METHODS: [(&str, &str); 4] = [
    ("file", "A file that the participant saves and sends or uploads"),
    ("share", "The share sheet of the participant's device"),
    ("receipt", "A text to paste into a field of your survey"),
    ("parent", "A message to the page around the study, which confirms it"),
];

const ENDS: [(&str, &str); 6] = [
    ("complete", "Done to the end and handed over"),
    ("screened_out", "May not take part, by an answer"),
    ("quota_full", "The study or the group is full"),
    ("declined", "Did not agree"),
    ("failed", "Did not work on this device"),
    ("withdrawn", "Agreed, and withdrew later"),
];

#[component]
pub fn HandOver() -> impl IntoView {
    let state = expect_context::<State>();
    let has = move |method: &'static str| {
        Memo::new(move |_| state.draft.with(|draft| draft.member("handover.methods", method)))
    };
    let (parent, receipt) = (has("parent"), has("receipt"));
    view! {
        <fieldset class="members">
            <legend>"How the result comes to you (one or several)"</legend>
            {METHODS
                .map(|(word, text)| view! { <Member path="handover.methods" word=word label=text /> })
                .collect_view()}
            <Faults path="handover.methods" />
        </fieldset>
        <Faults path="handover" />
        {move || {
            parent.get().then(|| view! {
                <Input
                    path="handover.parent_origin"
                    label="Address of the page around the study"
                    hint="Its begin only, such as https://survey.example.org"
                />
            })
        }}
        {move || {
            receipt.get().then(|| view! {
                <Input
                    path="handover.max_receipt_chars"
                    label="What one field of your survey can take, in characters"
                    shown=As::Number
                    hint="Left empty: 12000. A longer receipt has several parts."
                />
            })
        }}
        <h3>"Who takes part"</h3>
        <Faults path="identity" />
        <div class="pair">
            <Input
                path="identity.participant_parameter"
                label="Name of the id in the link"
                hint="Left empty: participant. For Prolific write PROLIFIC_PID."
            />
            <Input
                path="identity.carry"
                label="Other values of the link that the result shall hold"
                shown=As::Words
                hint="With commas between them, such as STUDY_ID, SESSION_ID. Mostly empty."
            />
        </div>
        <h3>"What participants read at the end"</h3>
        <p class="hint">
            "All may be left empty. In a link, {participant}, {session}, {group}, {outcome}, {code} and the names \
             above are filled in. For Prolific: https://app.prolific.com/submissions/complete?cc=YOURCODE"
        </p>
        <Faults path="outcomes" />
        {ENDS
            .map(|(word, text)| {
                let path = format!("outcomes.{word}");
                view! {
                    <details class="end" open=word == "complete">
                        <summary>{text}</summary>
                        <Input path=format!("{path}.text") label="Text" shown=As::Lines(2) />
                        <div class="pair">
                            <Input path=format!("{path}.link") label="Link back" />
                            <Input
                                path=format!("{path}.code")
                                label="Code"
                                hint=if word == "complete" {
                                    "Left empty, each session has a code of its own that fits its result file only."
                                } else {
                                    ""
                                }
                            />
                        </div>
                    </details>
                }
            })
            .collect_view()}
    }
}
