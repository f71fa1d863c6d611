//! Measures the shipped model on FER2013 and FER+, through the engine that the browser runs. See `emotion_cli::evaluate`.

fn main() -> std::process::ExitCode {
    emotion_cli::evaluate::main()
}
