//! The notice of an unsaved recording on the pages of other activities.

use leptos::prelude::*;

use crate::web::unsaved;

/// Where a recording of the camera waits to be saved: said, with the way to it. `camera`: the address of the camera's page.
#[component]
pub fn UnsavedNotice(camera: String) -> impl IntoView {
    // As it was when the page was opened: it is no news that changes while somebody reads photos.
    unsaved::waits().then(|| {
        view! {
            <p class="banner unsaved" id="unsaved">
                <span>
                    "A recording of the camera has not been saved. It is kept on this device until you save or discard it."
                </span>
                <a href=camera>"Go to the camera"</a>
            </p>
        }
    })
}
