//! Requests to the browser's own databases as futures.

use js_sys::{Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    EventTarget, IdbDatabase, IdbObjectStore, IdbOpenDbRequest, IdbRequest, IdbTransaction,
    IdbTransactionMode,
};

use crate::web::listener::Listener;

pub(super) fn store_of(
    database: &IdbDatabase,
    name: &str,
    mode: IdbTransactionMode,
) -> Result<(IdbTransaction, IdbObjectStore), JsValue> {
    let transaction = database.transaction_with_str_and_mode(name, mode)?;
    let store = transaction.object_store(name)?;
    Ok((transaction, store))
}

/// The opened database; `upgrade` is called where it is new.
pub(super) async fn opened(
    request: &IdbOpenDbRequest,
    upgrade: impl Fn(&IdbOpenDbRequest) + 'static,
) -> Result<IdbDatabase, JsValue> {
    let upgrading = request.clone();
    let upgrade = Listener::new(request, "upgradeneeded", move |_| upgrade(&upgrading));
    let database = result(request).await;
    drop(upgrade);
    Ok(database?.unchecked_into())
}

/// The result of one request.
pub(super) async fn result(request: &IdbRequest) -> Result<JsValue, JsValue> {
    event(request, "success", "error").await?;
    request.result()
}

/// The end of a transaction: only then is it written. A failed request aborts it, and then it knows why.
pub(super) async fn finished(transaction: &IdbTransaction) -> Result<(), JsValue> {
    event(transaction, "complete", "abort").await
}

/// Wait for the event `good`; at the event `bad` fail with the target's `error`.
async fn event(target: &EventTarget, good: &'static str, bad: &'static str) -> Result<(), JsValue> {
    let mut listeners = None;
    let promise = Promise::new(&mut |resolve, reject| {
        let on_good = Listener::new(target, good, move |_| {
            let _ = resolve.call0(&JsValue::UNDEFINED);
        });
        let failed = target.clone();
        let on_bad = Listener::new(target, bad, move |_| {
            let error = Reflect::get(&failed, &JsValue::from_str("error")).unwrap_or(JsValue::UNDEFINED);
            let _ = reject.call1(&JsValue::UNDEFINED, &error);
        });
        listeners = Some((on_good, on_bad));
    });
    let outcome = JsFuture::from(promise).await;
    drop(listeners);
    outcome.map(|_| ())
}
