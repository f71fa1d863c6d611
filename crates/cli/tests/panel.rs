//! The example `panel`: files in, tables and report out.

use std::path::Path;
use std::process::ExitCode;

use emotion_cli::panel;
use emotion_panel::sample::Sample;
use emotion_panel::{Panel, Settings};
use emotion_study::result;

fn run(arguments: &[&str]) -> (ExitCode, String, String) {
    let (mut output, mut errors) = (Vec::new(), Vec::new());
    let code = panel::run(arguments.iter().map(|text| text.to_string()), &mut output, &mut errors);
    (code, String::from_utf8(output).unwrap(), String::from_utf8(errors).unwrap())
}

#[test]
fn a_folder_becomes_tables_and_they_are_those_of_the_crate() {
    let folder = std::env::temp_dir().join(format!("panel-{}", std::process::id()));
    let (results, out) = (folder.join("results"), folder.join("out"));
    std::fs::create_dir_all(results.join("week 1")).unwrap();
    let sample = Sample::default();
    let mut expected = Panel::default();
    let mut add = |name: &str, bytes: &[u8]| {
        std::fs::write(results.join(name), bytes).unwrap();
        expected.add(name, bytes);
    };
    add("study.json", sample.study_json().as_bytes());
    for index in 0..6 {
        add(&format!("week 1/{index}.result.json.gz"), &result::write(&sample.result(index)));
    }
    add("broken.result.json.gz", &[0x1f, 0x8b, 8, 0]);
    let path = |path: &Path| path.to_str().unwrap().to_owned();
    let (code, output, errors) = run(&[&path(&results), "--out", &path(&out)]);
    assert_eq!((code, errors.as_str()), (ExitCode::SUCCESS, ""), "{output}");
    assert!(
        output.contains("broken.result.json.gz: damaged.") && output.contains("6 people merged of 8 files."),
        "{output}"
    );
    let settings = Settings::default();
    let computed = expected.compute(&settings, |_, _| ());
    let written = |name: &str| std::fs::read(out.join(name)).unwrap();
    assert_eq!(written("seconds.csv"), expected.seconds_csv(&settings).as_bytes());
    assert_eq!(written("summary.csv"), expected.summary_csv(&computed, &settings).as_bytes());
    assert_eq!(written("psych-ds.zip"), expected.psych_ds(&computed, &settings).unwrap());
    assert_eq!(written("report.html"), expected.report(&computed, &settings).as_bytes());
    assert_eq!(written("samples.csv").iter().filter(|byte| **byte == b'\n').count(), 1 + 6 * 500);
    // What stays in the temporary folder does no harm.
    let _ = std::fs::remove_dir_all(&folder);
}

#[test]
fn groups_are_compared_in_every_stimulus() {
    let folder = std::env::temp_dir().join(format!("panel-groups-{}", std::process::id()));
    let (results, out) = (folder.join("results"), folder.join("out"));
    std::fs::create_dir_all(&results).unwrap();
    let sample = Sample::default();
    std::fs::write(results.join("study.json"), sample.study_json()).unwrap();
    for index in 0..24 {
        std::fs::write(results.join(format!("{index}.result.json")), result::to_json(&sample.result(index)))
            .unwrap();
    }
    let path = |path: &Path| path.to_str().unwrap().to_owned();
    let words = [&path(&results), "--out", &path(&out), "--no-samples", "--measures", "happy"];
    let compared = [&words[..], &["--compare", "group=A,B", "--compare", "group=A,C"]].concat();
    let (code, output, errors) = run(&compared);
    assert_eq!((code, errors.as_str()), (ExitCode::SUCCESS, ""), "{output}");
    assert!(output.contains("joke, A and C: These groups are not shown"), "{output}");
    let text = std::fs::read_to_string(out.join("groups.csv")).unwrap();
    // A header, and a row for each second of both stimuli.
    assert_eq!(text.lines().count(), 1 + 30 + 20);
    assert!(
        std::fs::read_to_string(out.join("report.html")).unwrap().contains("No test: each group needs 30")
    );
    let _ = std::fs::remove_dir_all(&folder);
}

#[test]
fn what_is_wrong_is_said() {
    for (arguments, words) in [
        (&["--out", "x"][..], "no folder is named"),
        (&["x"][..], "--out"),
        (&["x", "--out", "y", "--nonsense"][..], "is not an option"),
        (&["x", "--out", "y", "--compare", "group=A"][..], "must be like group=A,B"),
        (&["x", "--out", "y", "--measures", "hapy"][..], "must be some of"),
        (&["x", "--out", "y", "--least-usable", "80"][..], "from 0 to 1"),
    ] {
        let (code, _, errors) = run(arguments);
        assert_eq!(code, ExitCode::FAILURE);
        assert!(errors.contains(words), "{errors}");
    }
}
