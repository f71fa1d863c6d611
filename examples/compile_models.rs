//! Makes the plan files that the engine loads of the ONNX files that models/manifest.json names, and writes them
//! into the manifest. `cargo xtask models` runs it; do so after every change of an ONNX file.
//!
//!     cargo run --features onnx --example compile_models

use std::path::Path;
use std::process::ExitCode;

use emotion_depth::model::ModelFile;
use emotion_depth::nn;
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
    match run(&Path::new(env!("CARGO_MANIFEST_DIR")).join("models")) {
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
    for (key, Entry { source, input }) in
        [("detector", manifest.detector), ("classifier", manifest.classifier)]
    {
        let name = &source.file;
        let onnx = std::fs::read(models.join(name)).map_err(|error| fault(name, &error))?;
        source.check(&onnx).map_err(|error| error.to_string())?;
        let file = nn::compile(&onnx, &input).map_err(|error| fault(name, &error))?;
        let bytes = file.write().map_err(|error| fault(name, &error))?;
        let target = Path::new(name).with_extension("plan").display().to_string();
        std::fs::write(models.join(&target), &bytes).map_err(|error| fault(&target, &error))?;
        let sha256: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        let plan = format!(
            "{{\n      \"file\": \"{target}\",\n      \"sha256\": \"{sha256}\",\n      \"bytes\": {},\n      \"source_sha256\": \"{}\"\n    }}",
            bytes.len(),
            source.sha256
        );
        text = with_plan(&text, key, &plan)
            .ok_or_else(|| fault("manifest.json", &"an entry without `input`"))?;
        println!("models/{target}: {} layers, {} bytes", file.graph.layers.len(), bytes.len());
    }
    serde_json::from_str::<Manifest>(&text).map_err(|error| fault("manifest.json", &error))?;
    std::fs::write(&path, text).map_err(|error| fault("manifest.json", &error))
}

/// The manifest's text with the entry's `plan` in front of its `input`; all other text stays as it is.
fn with_plan(text: &str, entry: &str, plan: &str) -> Option<String> {
    let entry = text.find(&format!("\"{entry}\": {{"))?;
    let input = entry + text[entry..].find("\"input\"")?;
    // An earlier plan stands right in front of it.
    let start = text[entry..input].find("\"plan\"").map_or(input, |at| entry + at);
    Some(format!("{}\"plan\": {plan},\n    {}", &text[..start], &text[input..]))
}
