//! The example `validate`: what it says of right and of wrong files.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use emotion_cli::validate;

const STUDY: &str = include_str!("../../../public/studies/example/study.json");
const RESULT: &[u8] = include_bytes!("../../study/tests/files/result-1.result.json.gz");

/// A folder for one test's files, removed at its end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("validate-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        let path = self.0.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // A folder that stays in the temporary one does no harm.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn run(arguments: &[&str]) -> (ExitCode, String, String) {
    let (mut output, mut errors) = (Vec::new(), Vec::new());
    let code = validate::run(arguments.iter().map(|text| text.to_string()), &mut output, &mut errors);
    (code, String::from_utf8(output).unwrap(), String::from_utf8(errors).unwrap())
}

fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../public/studies/example")
}

#[test]
fn right_files_are_right() {
    let folder = Folder::new("right");
    let result = folder.write("a.result.json.gz", RESULT);
    let read = emotion_study::result::read(RESULT).unwrap();
    let parts = emotion_study::receipt::write(&read, 500).unwrap();
    let receipt = folder.write("receipt.txt", format!("Here it is:\n{}", parts.join("\n")));
    let study = example().join("study.json");
    let (code, output, errors) = run(&[study.to_str().unwrap(), &result, &receipt]);
    assert_eq!((code, errors.as_str()), (ExitCode::SUCCESS, ""), "{output}");
    let lines: Vec<&str> = output.lines().collect();
    assert_eq!(lines.len(), 3, "{output}");
    assert!(lines[0].contains("right. Study \"example\" with 3 stimuli"));
    assert!(lines[1].contains("right. Result of study \"example\""));
    assert!(lines[2].contains("right. Receipt of session"));
}

#[test]
fn every_fault_of_every_file_is_told() {
    let folder = Folder::new("wrong");
    folder.write(
        "one/study.json",
        STUDY.replace("\"demonstration\"", "\"hiring\"").replace("\"seconds\": 5", "\"seconds\": 1"),
    );
    folder.write("two/study.json", STUDY);
    folder.write("two/media/ball.webm", "another file");
    folder.write("three.result.json.gz", &RESULT[..RESULT.len() / 2]);
    folder.write("notes.txt", "nothing of ours");
    let (code, output, _) = run(&[folder.0.to_str().unwrap()]);
    assert_eq!(code, ExitCode::FAILURE);
    for words in [
        "study.json: 2 faults",
        "purpose: ",
        "baseline.seconds: ",
        "study.json: 3 faults",
        "stimuli[1].image.file: ",
        "stimuli[2].video.sha256: ",
        "stimuli[2].video.bytes: The file media/ball.webm has 12 bytes.",
        "three.result.json.gz: 1 fault",
        "cut off",
    ] {
        assert!(output.contains(words), "{words}: {output}");
    }
    assert!(!output.contains("notes.txt"));
    let (code, output, _) = run(&["--json", folder.0.to_str().unwrap()]);
    assert_eq!(code, ExitCode::FAILURE);
    let list: serde_json::Value = serde_json::from_str(&output).unwrap();
    assert_eq!(list.as_array().unwrap().len(), 3);
    assert_eq!(list[0]["faults"][0]["path"], "purpose");
}

#[test]
fn the_command_line_is_explained() {
    let (code, output, _) = run(&["--help"]);
    assert_eq!(code, ExitCode::SUCCESS);
    assert!(output.contains("Usage: validate"));
    for arguments in [&[][..], &["--nothing"]] {
        let (code, _, errors) = run(arguments);
        assert_eq!(code, ExitCode::FAILURE);
        assert!(errors.contains("Usage: validate"), "{errors}");
    }
    let (code, output, _) = run(&["/nowhere/study.json"]);
    assert_eq!(code, ExitCode::FAILURE);
    assert!(output.contains("cannot be read"), "{output}");
}
