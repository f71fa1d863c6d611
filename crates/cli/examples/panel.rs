//! Merges the result files of a panel and writes its tables and its report. See `emotion_cli::panel`.

fn main() -> std::process::ExitCode {
    emotion_cli::panel::main()
}
