//! Reads picture files with the engine of the page's photo mode, and prints the same samples. See `emotion_cli::score`.

fn main() -> std::process::ExitCode {
    emotion_cli::score::main()
}
