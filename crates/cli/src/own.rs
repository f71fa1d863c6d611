//! A person's own model on the command line: `--model FILE --card FILE`.

use std::path::{Path, PathBuf};

use emotion_record::session::OwnModel as OwnModelEntry;
use own_model::OwnModel;

/// The pair as the command line names it.
#[derive(Debug, Clone, Default)]
pub struct OwnFiles {
    pub model: Option<PathBuf>,
    pub card: Option<PathBuf>,
}

/// A model that runs, and how files name it.
pub struct Own {
    pub model: OwnModel,
    pub entry: OwnModelEntry,
}

impl OwnFiles {
    /// The model, loaded; `None` where the command line names none.
    ///
    /// # Errors
    /// A sentence: one of the pair is missing or cannot be read, or the model is refused.
    pub fn load(&self, manifest: &[u8]) -> Result<Option<Own>, String> {
        match (&self.model, &self.card) {
            (None, None) => Ok(None),
            (Some(model), Some(card)) => load(model, card, manifest).map(Some),
            (Some(_), None) => Err("--model needs a card: add --card FILE. --propose-card FILE.onnx of the \
                                    program score prints one to begin with."
                .into()),
            (None, Some(_)) => {
                Err("--card needs the model that it belongs to: add --model FILE.onnx.".into())
            }
        }
    }
}

#[cfg(feature = "onnx")]
fn load(model: &Path, card: &Path, manifest: &[u8]) -> Result<Own, String> {
    use emotion_core::model::Manifest;

    let named = |path: &Path, error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let onnx = read(model)?;
    let text = std::fs::read_to_string(card).map_err(|error| named(card, &error))?;
    let fer = Manifest::parse(manifest).map_err(|error| error.to_string())?.alignment;
    // What tract does not expect in a file may end in a panic, and that in a sentence.
    let loaded = std::panic::catch_unwind(|| own_model::load(&onnx, &text, &fer));
    let loaded = loaded.map_err(|_| named(model, &"The model cannot be run: the reader gave up on it."))?;
    let model = loaded.map_err(|error| named(model, &error))?;
    let entry = OwnModelEntry {
        name: model.card().name.clone(),
        sha256: model.sha256().to_owned(),
        card_sha256: own_model::sha256_of(text.as_bytes()),
        labels: model.card().labels().map(str::to_owned).collect(),
    };
    Ok(Own { model, entry })
}

#[cfg(not(feature = "onnx"))]
fn load(_: &Path, _: &Path, _: &[u8]) -> Result<Own, String> {
    Err("this build runs no models of your own. Build it with tract: add `--features onnx` before `--example`."
        .into())
}

/// The bytes of a model's file; its size is looked at first.
fn read(path: &Path) -> Result<Vec<u8>, String> {
    let fault = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let bytes = std::fs::metadata(path).map_err(|error| fault(&error))?.len();
    if bytes > own_model::graph::MOST_BYTES {
        return Err(fault(&own_model::graph::GraphFault::Large { bytes }));
    }
    std::fs::read(path).map_err(|error| fault(&error))
}

/// The card that a model's own words suggest, and what in it is guessed.
///
/// # Errors
/// A sentence: the file cannot be read, or is no model of pictures.
pub fn propose(path: &Path) -> Result<(String, Vec<String>), String> {
    let fault = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let bytes = read(path)?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let graph = own_model::graph::Graph::read(&bytes).map_err(|error| fault(&error))?;
    let proposal = own_model::proposal::propose(&graph, &name).map_err(|error| fault(&error))?;
    Ok((proposal.card.to_json(), proposal.guesses))
}
