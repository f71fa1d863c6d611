//! Makes the plan files that the engine loads of the ONNX files that models/manifest.json names, and writes them
//! into the manifest. `cargo xtask models` runs it; do so after every change of an ONNX file.
//!
//!     cargo run --features onnx --example compile_models

use std::path::Path;
use std::process::ExitCode;

use emotion_core::model::ModelFile;
use nn_onnx::CompileError;
use serde::Deserialize;
use sha2::{Digest, Sha256};

/// What this program needs of the manifest. The engine's own reading of it would refuse a plan that is out of date.
#[derive(Deserialize)]
struct Manifest {
    detector: Entry,
    classifier: Entry,
}

#[derive(Deserialize)]
struct Entry {
    #[serde(flatten)]
    source: ModelFile,
    input: Vec<usize>,
}

fn main() -> ExitCode {
    match run(&emotion_cli::models_folder()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run(models: &Path) -> Result<(), String> {
    let fault = |name: &str, error: &dyn std::fmt::Display| format!("models/{name}: {error}");
    let path = models.join("manifest.json");
    let mut text = std::fs::read_to_string(&path).map_err(|error| fault("manifest.json", &error))?;
    let manifest: Manifest = serde_json::from_str(&text).map_err(|error| fault("manifest.json", &error))?;
    let no_input = || fault("manifest.json", &"an entry without `input`");
    let mut written = Vec::new();
    for (key, Entry { source, input }) in
        [("detector", manifest.detector), ("classifier", manifest.classifier)]
    {
        let name = &source.file;
        let onnx = std::fs::read(models.join(name)).map_err(|error| fault(name, &error))?;
        source.check(&onnx).map_err(|error| error.to_string())?;
        let file = match nn_onnx::compile(&onnx, &input) {
            Ok(file) => file,
            Err(error @ CompileError::Remaining(_)) => {
                println!("models/{name}: {error}. It is shipped as ONNX, and the engine with tract.");
                text = with_plan(&text, key, "").ok_or_else(no_input)?;
                continue;
            }
            Err(error) => return Err(fault(name, &error)),
        };
        let bytes = file.write().map_err(|error| fault(name, &error))?;
        let target = Path::new(name).with_extension("plan").display().to_string();
        let sha256: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        let plan = [
            format!("\"file\": \"{target}\""),
            format!("\"sha256\": \"{sha256}\""),
            format!("\"bytes\": {}", bytes.len()),
            format!("\"source_sha256\": \"{}\"", source.sha256),
        ];
        let plan = format!("\"plan\": {{\n      {}\n    }},\n    ", plan.join(",\n      "));
        text = with_plan(&text, key, &plan).ok_or_else(no_input)?;
        println!("models/{target}: {} layers, {} bytes", file.graph.layers.len(), bytes.len());
        written.push((target, bytes));
    }
    serde_json::from_str::<Manifest>(&text).map_err(|error| fault("manifest.json", &error))?;
    // All or nothing: the manifest must fit the files.
    for (target, bytes) in written {
        std::fs::write(models.join(&target), bytes).map_err(|error| fault(&target, &error))?;
    }
    std::fs::write(&path, text).map_err(|error| fault("manifest.json", &error))
}

/// The manifest's text with the key `plan` in front of the entry's `input`, or without it; all other text stays as it is.
fn with_plan(text: &str, entry: &str, plan: &str) -> Option<String> {
    let entry = text.find(&format!("\"{entry}\": {{"))?;
    let input = entry + text[entry..].find("\"input\"")?;
    // An earlier plan stands right in front of it.
    let start = text[entry..input].find("\"plan\"").map_or(input, |at| entry + at);
    Some(format!("{}{plan}{}", &text[..start], &text[input..]))
}
