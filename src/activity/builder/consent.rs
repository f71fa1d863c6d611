//! What the study is and who is responsible, and what participants agree to.

use leptos::prelude::*;

use crate::activity::builder::fields::{As, Check, Choose, Faults, Input, words};

const LANGUAGES: &[(&str, &str)] = &[
    ("en", "English"),
    ("de", "German"),
    ("fr", "French"),
    ("es", "Spanish"),
    ("ar", "Arabic, with own words"),
    ("he", "Hebrew, with own words"),
    ("it", "Italian, with own words"),
    ("nl", "Dutch, with own words"),
    ("pl", "Polish, with own words"),
    ("pt", "Portuguese, with own words"),
    ("tr", "Turkish, with own words"),
    ("uk", "Ukrainian, with own words"),
];

const PURPOSES: &[(&str, &str)] = &[
    ("market_research", "Market research: an advertisement, a product, a package"),
    ("media_research", "Media research: a film, a programme, a text"),
    ("usability", "Usability: how people use a thing or a page"),
    ("academic", "Science"),
    ("demonstration", "A demonstration of how it works"),
];

#[component]
pub fn Basics() -> impl IntoView {
    view! {
        <Input path="title" label="Title, as participants read it" />
        <Input
            path="id"
            label="Short name"
            hint="Letters of a to z, digits, _ and -. It names the folder and the result files, such as spring-2026."
        />
        <div class="pair">
            <Choose
                path="language"
                label="Language of the participant's views"
                words=words(LANGUAGES)
                hint="The views exist in four languages. In the others they are in English until you write your own words \
                      under Details."
            />
            <Choose
                path="purpose"
                label="What the study is for"
                words=words(PURPOSES)
                hint="People at work, applicants, pupils and students: these uses are forbidden, and cannot be chosen."
            />
        </div>
        <h3>"Who is responsible for the data"</h3>
        <Faults path="controller" />
        <div class="pair">
            <Input path="controller.name" label="Name of the organisation or the person" />
            <Input
                path="controller.contact"
                label="How to reach them"
                hint="An e-mail address, a telephone number or a postal address."
            />
        </div>
        <Input
            path="controller.authority"
            label="The data protection authority for complaints"
            hint="The one of the place where the responsible organisation is."
        />
        <Check path="closed" label="Closed: nobody may take part any more" />
    }
}

#[component]
pub fn Agreement() -> impl IntoView {
    view! {
        <p class="hint">
            "Participants first read a fixed notice about the AI system, which no study can change. Then they read \
             this, and agree or not. The fields are those that the General Data Protection Regulation asks for (Art. \
             13)."
        </p>
        <Faults path="consent" />
        <Input
            path="consent.text"
            label="What you ask, and why"
            shown=As::Lines(7)
            hint="Empty lines make paragraphs, - at the begin of a line makes a list, *stars* emphasis, \
                  [words](https://...) a link. Say what is shown, how long it takes, which numbers are made, and that \
                  taking part is free."
        />
        <Input path="consent.legal_basis" label="Legal basis" />
        <div class="pair">
            <Input path="consent.recipients" label="Who gets the data" />
            <Input path="consent.retention" label="How long they are kept" hint="Such as: 12 months." />
            <Input
                path="consent.withdraw_until"
                label="Until when a participant can withdraw"
                hint="After the hand-over, such as: 30 days after taking part."
            />
            <Input path="consent.minimum_age" label="Minimum age in years" shown=As::Number />
        </div>
    }
}
