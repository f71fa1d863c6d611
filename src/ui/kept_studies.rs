//! Studies that were begun on this device and are kept for a while: what they are, until when, and a button to delete each.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::ui::parts::DiscardButton;
use crate::view::words::LocalTime;
use crate::web::clock;
use crate::web::study_store::{About, StudyStore};

/// Nothing where no study is kept.
#[component]
pub fn KeptStudies() -> impl IntoView {
    let kept = RwSignal::new(Vec::<About>::new());
    let problem = RwSignal::new(false);
    let renew = move || {
        spawn_local(async move {
            // A browser that keeps nothing has nothing to list.
            let Ok(store) = StudyStore::open().await else { return };
            kept.set(store.sessions().await.unwrap_or_default());
        });
    };
    renew();
    let delete = move |session: String| {
        spawn_local(async move {
            let deleted = async { StudyStore::open().await?.delete(&session).await };
            problem.set(deleted.await.is_err());
            renew();
        });
    };
    move || {
        let list = kept.get();
        (!list.is_empty()).then(|| {
            let rows = list
                .into_iter()
                .map(|about| {
                    let words = words(&about);
                    let session = about.session.clone();
                    view! {
                        <li class="save-line kept">
                            <span class="save-text">{words}</span>
                            <DiscardButton id="discard-study" on_discard=move || delete(session.clone()) />
                        </li>
                    }
                })
                .collect_view();
            view! {
                <section id="kept-studies" aria-label="Studies kept on this device">
                    <ul class="kept-studies">{rows}</ul>
                    <p class="fault" role="alert" hidden=move || !problem.get()>
                        "This could not be deleted. Delete the data of this page in the browser's settings."
                    </p>
                </section>
            }
        })
    }
}

fn words(about: &About) -> String {
    let day = |ms: u64| {
        let LocalTime { year, month, day, hour, minute, .. } =
            clock::local_time(&js_sys::Date::new(&wasm_bindgen::JsValue::from_f64(ms as f64)));
        format!("{year}-{month:02}-{day:02}, {hour:02}:{minute:02}")
    };
    format!(
        "What you recorded in the study \u{201c}{}\u{201d}, begun {}, is kept on this device until {}. Open its link again to go on or to hand over.",
        about.title,
        day(about.opened_at_ms),
        day(about.keep_until_ms),
    )
}
