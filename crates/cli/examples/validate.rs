//! Checks study files, result files and receipts. See `emotion_cli::validate`.

fn main() -> std::process::ExitCode {
    emotion_cli::validate::main()
}
