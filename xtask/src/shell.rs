//! Runs other programs, says which, and turns their failures into sentences.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::fault::{Fault, Result};

/// Says what is being done; flushed, so that it stands before the output of the program that follows.
pub fn say(sentence: &str) {
    println!("xtask: {sentence}");
    let _ = std::io::stdout().flush();
}

/// Runs `command` with its output shown and without a standard input.
///
/// # Errors
/// The program cannot be started, or it ends with another status than 0.
pub fn run(command: &mut Command) -> Result<()> {
    let line = line_of(command);
    say(&line);
    let status = command
        .stdin(Stdio::null())
        .status()
        .map_err(|error| Fault::new(format!("Could not start `{line}`: {error}.")))?;
    if status.success() { Ok(()) } else { Err(Fault::new(format!("`{line}` failed ({status})."))) }
}

/// What `command` prints, trimmed; `None` if it cannot be started or fails.
pub fn output_of(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Where the search path finds `program`.
pub fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}

/// The cargo that runs this program.
pub fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

fn line_of(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}
