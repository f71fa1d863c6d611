//! Writes docs/schemas/card-1.json from the types, or checks with `--check` that it is up to date.
//!
//! `cargo run -p own-model --features schema --example card_schema`

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/schemas/card-1.json");
    let text = own_model::schema::published();
    if std::env::args().nth(1).as_deref() == Some("--check") {
        if std::fs::read_to_string(&path).unwrap_or_default() == text {
            return ExitCode::SUCCESS;
        }
        eprintln!("docs/schemas/card-1.json is not up to date: run this without --check");
        return ExitCode::FAILURE;
    }
    match std::fs::write(&path, text) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("docs/schemas/card-1.json cannot be written: {error}");
            ExitCode::FAILURE
        }
    }
}
