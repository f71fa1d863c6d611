//! What the first screen says: what the page does, what a depth is, where the picture stays.

use leptos::prelude::*;

use crate::ui::parts::TenViewers;

pub fn lead() -> impl IntoView {
    view! {
        <h1 tabindex="-1">"How deep is an expression?"</h1>
        <p class="lead-text">
            "This page looks at a face through your camera and shows, many times a second, how viewers \
             would describe its expression: angry, disgust, fear, happy, sad, surprise or neutral."
        </p>
    }
}

pub fn facts() -> impl IntoView {
    view! {
        <h2>"What a depth is"</h2>
        <p>
            "The depth of an emotion is "
            <strong>"the share of human viewers who would name this expression"</strong>
            ", between 0 and 1. A depth of 0.30 sad means: of ten people who look at this face, three \
             would say sad."
        </p>
        <TenViewers named=3 />
        <p>
            "It tells how a face looks to others. It does not tell what a person feels: the same face \
             can mean different things."
        </p>
        <h2>"Nothing leaves this device"</h2>
        <p>
            "No picture, no number, no request. Before the camera starts, the page seals itself: from \
             then on the browser blocks every connection that it could make. A recording holds numbers, \
             never pictures, and stays on this device until you discard it, or save it as a file; \
             one that was found again after a crash stays a week longer."
        </p>
        <h2>"People must know"</h2>
        <p>
            "Tell everybody whose face comes into the picture that this page reads expressions. In the \
             European Union that is a duty (AI Act, Article 50(3)), and the numbers are personal data."
        </p>
    }
}

pub fn others() -> impl IntoView {
    view! {
        "You have pictures? "
        <a id="photos-link" href="?activity=photos">"Read photos instead"</a>
        ". A video? "
        <a id="video-link" href="?activity=video">"Read a video instead"</a>
        ". A look at studies? "
        <a id="study-link" href="?activity=study#study=studies/example/study.json">"Try a study"</a>
        "."
    }
}
