//! A study with its media, as a person chose it: the ZIP of the builder, a folder, or `study.json` and its files one
//! by one. Media stay where they are: what is handed out are views of the chosen files.

use std::ops::Range;

use emotion_study::file::MAX_BYTES;
use emotion_study::folder;
use emotion_study::zip::{self, Entry, Packing, ZipFault};
use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, ReadableStream, Response};

use crate::web::listener::error_text;
use crate::web::picked::PickedFile;

/// A study file and what lies beside it.
pub struct StudyFolder {
    /// The text of `study.json`, not read yet.
    pub study_json: String,
    /// Its path among the files.
    study_path: String,
    files: Files,
}

enum Files {
    Single(Vec<PickedFile>),
    Zip { zip: Blob, entries: Vec<Entry> },
}

// What web-sys would need more features for, with which everything would be compiled anew.
#[wasm_bindgen]
extern "C" {
    type DecompressionStream;
    #[wasm_bindgen(constructor, catch)]
    fn new(format: &str) -> Result<DecompressionStream, JsValue>;
    type PipeFrom;
    #[wasm_bindgen(method, catch, js_name = pipeThrough)]
    fn pipe_through(this: &PipeFrom, through: &DecompressionStream) -> Result<ReadableStream, JsValue>;
}

impl StudyFolder {
    /// Find the study among files that a person chose or dropped.
    ///
    /// # Errors
    /// A sentence: no study, several, or a file that cannot be read.
    pub async fn open(picked: Vec<PickedFile>) -> Result<Self, String> {
        match &picked[..] {
            [only] if only.name.to_lowercase().ends_with(".zip") => {
                Self::open_zip(only.file.clone().into()).await
            }
            _ => Self::open_files(picked).await,
        }
    }

    async fn open_files(picked: Vec<PickedFile>) -> Result<Self, String> {
        let at = folder::study_file(picked.iter().map(|file| file.name.as_str()))
            .map_err(|fault| fault.to_string())?;
        let study = picked.get(at).ok_or("The study file is gone. Choose it again.")?;
        let study_path = study.name.clone();
        let size = study.file.size() as u64;
        if size > MAX_BYTES as u64 {
            return Err(ZipFault::LongText(study_path).to_string());
        }
        let study_json = text(read(&study.file, 0..size).await?)?;
        Ok(Self { study_json, study_path, files: Files::Single(picked) })
    }

    async fn open_zip(zip: Blob) -> Result<Self, String> {
        let size = zip.size() as u64;
        let tail = read(&zip, zip::tail(size)).await?;
        let directory = zip::directory(&tail, size).map_err(|fault| fault.to_string())?;
        let entries = zip::entries(&read(&zip, directory).await?).map_err(|fault| fault.to_string())?;
        let at = folder::study_file(entries.iter().map(|entry| entry.name.as_str()))
            .map_err(|fault| fault.to_string())?;
        let entry = entries.get(at).ok_or_else(|| ZipFault::NotZip.to_string())?;
        let packed = read(&zip, place(&zip, entry).await?).await?;
        let study_json = text(zip::unpack(&packed, entry, MAX_BYTES).map_err(|fault| fault.to_string())?)?;
        Ok(Self { study_json, study_path: entry.name.clone(), files: Files::Zip { zip, entries } })
    }

    /// The file that the study names by `path`; nothing where it is not among the files.
    ///
    /// # Errors
    /// A sentence where it is there and cannot be read.
    pub async fn media(&self, path: &str) -> Result<Option<Blob>, String> {
        match &self.files {
            Files::Single(files) => {
                let names = files.iter().map(|file| file.name.as_str());
                let file = folder::media_file(&self.study_path, path, names).and_then(|at| files.get(at));
                Ok(file.map(|file| file.file.clone().into()))
            }
            Files::Zip { zip, entries } => {
                let names = entries.iter().map(|entry| entry.name.as_str());
                match folder::media_file(&self.study_path, path, names).and_then(|at| entries.get(at)) {
                    Some(entry) => view(zip, entry).await.map(Some),
                    None => Ok(None),
                }
            }
        }
    }
}

/// Which bytes of the ZIP hold the content of a file.
async fn place(zip: &Blob, entry: &Entry) -> Result<Range<u64>, String> {
    let header = read(zip, entry.header()).await?;
    zip::content(&header, entry, zip.size() as u64).map_err(|fault| fault.to_string())
}

/// A file of the ZIP. One that is not packed is a view of the ZIP; one that is packed is unpacked by the browser,
/// piece by piece.
async fn view(zip: &Blob, entry: &Entry) -> Result<Blob, String> {
    let place = place(zip, entry).await?;
    let kind = mime(&entry.name);
    let failed = |error: JsValue| {
        let why = error_text(&error);
        format!(
            "The file {} in the ZIP could not be unpacked ({why}). Unpack the ZIP and choose the folder.",
            entry.name
        )
    };
    let content = zip
        .slice_with_f64_and_f64_and_content_type(place.start as f64, place.end as f64, kind)
        .map_err(failed)?;
    if entry.packing == Packing::Stored {
        return Ok(content);
    }
    let stream: PipeFrom = content.stream().unchecked_into();
    let unpacked =
        stream.pipe_through(&DecompressionStream::new("deflate-raw").map_err(failed)?).map_err(failed)?;
    let response = Response::new_with_opt_readable_stream(Some(&unpacked)).map_err(failed)?;
    let blob: Blob = JsFuture::from(response.blob().map_err(failed)?).await.map_err(failed)?.unchecked_into();
    if blob.size() as u64 != entry.bytes {
        return Err(failed(JsValue::from_str("it is damaged")));
    }
    blob.slice_with_f64_and_f64_and_content_type(0.0, blob.size(), kind).map_err(failed)
}

/// What the browser takes a file of this name for.
fn mime(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default().to_lowercase().as_str() {
        "webm" => "video/webm",
        "mp4" | "m4v" => "video/mp4",
        "mov" => "video/quicktime",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "gif" => "image/gif",
        "avif" => "image/avif",
        _ => "application/octet-stream",
    }
}

async fn read(file: &Blob, range: Range<u64>) -> Result<Vec<u8>, String> {
    let failed = |error: JsValue| {
        let why = error_text(&error);
        format!("The file could not be read ({why}). It may have been moved or changed; choose it again.")
    };
    let part = file.slice_with_f64_and_f64(range.start as f64, range.end as f64).map_err(failed)?;
    let bytes = JsFuture::from(part.array_buffer()).await.map_err(failed)?;
    Ok(Uint8Array::new(&bytes).to_vec())
}

fn text(bytes: Vec<u8>) -> Result<String, String> {
    String::from_utf8(bytes).map_err(|_| {
        "The study file is not written in UTF-8. Open it in an editor and save it with the encoding UTF-8.".to_owned()
    })
}
