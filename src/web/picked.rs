//! Files that a person chose or dropped, single ones and whole folders.

use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, FileList};

/// A file and how it is named in the table: by its path from the chosen folder on, else by its name.
#[derive(Clone)]
pub struct PickedFile {
    pub file: File,
    pub name: String,
}

// What web-sys would need more features for, with which everything would be compiled anew.
#[wasm_bindgen]
extern "C" {
    type Entry;
    #[wasm_bindgen(method, getter, js_name = isFile)]
    fn is_file(this: &Entry) -> bool;
    #[wasm_bindgen(method, getter, js_name = fullPath)]
    fn full_path(this: &Entry) -> String;
    #[wasm_bindgen(method)]
    fn file(this: &Entry, done: &Function, failed: &Function);
    #[wasm_bindgen(method, js_name = createReader)]
    fn create_reader(this: &Entry) -> Reader;
    type Reader;
    #[wasm_bindgen(method, js_name = readEntries)]
    fn read_entries(this: &Reader, done: &Function, failed: &Function);
}

/// The files of an input element, sorted by name. Hidden files are left out where a folder was chosen.
pub fn of_list(list: &FileList) -> Vec<PickedFile> {
    let picked = (0..list.length()).filter_map(|at| list.get(at)).map(|file| {
        let path = Reflect::get(&file, &JsValue::from_str("webkitRelativePath")).ok();
        let path = path.and_then(|path| path.as_string()).filter(|path| !path.is_empty());
        let name = path.unwrap_or_else(|| file.name());
        PickedFile { file, name }
    });
    in_order(picked.collect())
}

/// The files of a drop event, those below dropped folders included, sorted by name.
///
/// What the drop holds is taken before the first wait: afterwards the browser has emptied it.
pub fn of_drop(event: &JsValue) -> impl Future<Output = Vec<PickedFile>> + use<> {
    let get = |value: &JsValue, name: &str| {
        Reflect::get(value, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED)
    };
    let transfer = get(event, "dataTransfer");
    let items = get(&transfer, "items");
    let entries: Vec<Entry> = Array::from(&items)
        .iter()
        .filter_map(|item| {
            let function: Function = get(&item, "webkitGetAsEntry").dyn_into().ok()?;
            let entry = function.call0(&item).ok()?;
            entry.is_object().then(|| entry.unchecked_into())
        })
        .collect();
    // Without entries (what a script made is none) the plain files do.
    let files: Option<FileList> = get(&transfer, "files").dyn_into().ok();
    let plain = files.map(|files| of_list(&files)).unwrap_or_default();
    async move {
        let mut picked = Vec::new();
        let mut open = entries;
        while let Some(entry) = open.pop() {
            if entry.is_file() {
                if let Some(file) = answer(|done, failed| entry.file(done, failed)).await {
                    let name = entry.full_path().trim_start_matches('/').to_owned();
                    picked.push(PickedFile { file: file.unchecked_into(), name });
                }
                continue;
            }
            let reader = entry.create_reader();
            // A reader gives a part of the folder at a time, and in the end nothing.
            while let Some(part) = answer(|done, failed| reader.read_entries(done, failed)).await {
                let part = Array::from(&part);
                if part.length() == 0 {
                    break;
                }
                open.extend(part.iter().map(|entry| entry.unchecked_into::<Entry>()));
            }
        }
        if picked.is_empty() { plain } else { in_order(picked) }
    }
}

/// What a function with two callbacks answers; `None` where it fails: then that entry is not readable.
async fn answer(call: impl Fn(&Function, &Function)) -> Option<JsValue> {
    let promise = Promise::new(&mut |done: Function, failed: Function| call(&done, &failed));
    JsFuture::from(promise).await.ok()
}

fn in_order(mut picked: Vec<PickedFile>) -> Vec<PickedFile> {
    // In a folder, what a system keeps for itself is no picture that somebody wants read.
    picked.retain(|picked| {
        !picked.name.contains('/') || !picked.name.split('/').any(|part| part.starts_with('.'))
    });
    // Folder by folder, as the example `score` goes.
    picked.sort_by(|a, b| a.name.split('/').cmp(b.name.split('/')));
    picked
}
