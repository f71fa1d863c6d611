//! Writes the JSON Schemas of study and result files, generated from the types, or checks that the published ones are up to date.
//!
//! ```sh
//! cargo run -p emotion-study --features schema --example schemas            # writes docs/schemas/*.json
//! cargo run -p emotion-study --features schema --example schemas -- --check # exit 1 if one is not up to date
//! ```

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let check = std::env::args().nth(1).as_deref() == Some("--check");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/schemas");
    let mut right = true;
    for (name, text) in emotion_study::schema::published() {
        let path = folder.join(name);
        if check {
            if std::fs::read_to_string(&path).unwrap_or_default() != text {
                eprintln!("docs/schemas/{name} is not up to date: run this without --check");
                right = false;
            }
        } else if let Err(error) = std::fs::write(&path, text) {
            eprintln!("docs/schemas/{name} cannot be written: {error}");
            right = false;
        } else {
            println!("docs/schemas/{name}");
        }
    }
    if right { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
