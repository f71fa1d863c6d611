//! Every kind of file, and what becomes of it.

use emotion_panel::sample::{Sample, study_json};
use emotion_panel::{Grouping, Panel, Settings, Status};
use emotion_study::session::Outcome;
use emotion_study::{receipt, result};

const EXAMPLE: &[u8] = include_bytes!("../../study/tests/files/result-1.result.json.gz");

fn file(index: u32, change: impl FnOnce(&mut result::ResultFile)) -> Vec<u8> {
    let mut made = Sample::default().result(index);
    change(&mut made);
    result::write(&made)
}

fn status(panel: &Panel, name: &str) -> (Status, String) {
    let overview = panel.overview(&Settings::default());
    let row = overview
        .files
        .into_iter()
        .find(|row| row.name == name)
        .unwrap_or_else(|| panic!("{name} has no row"));
    (row.status, row.reason)
}

/// A panel of eight right files.
fn panel() -> Panel {
    let mut panel = Panel::default();
    panel.add("study.json", study_json().as_bytes());
    for index in 0..8 {
        panel.add(&format!("right/{index}.result.json.gz"), &file(index, |_| ()));
    }
    panel
}

#[test]
fn every_bad_file_is_a_row_with_its_reason_and_nothing_of_it_is_merged() {
    let mut panel = panel();
    let good = file(20, |_| ());
    panel.add("cut.result.json.gz", &good[..good.len() / 2]);
    let mut changed = result::to_json(&Sample::default().result(21)).into_bytes();
    let at = changed.windows(9).position(|part| part == b"raw_happy").unwrap() + 12;
    changed[at] = if changed[at] == b'1' { b'2' } else { b'1' };
    panel.add("changed.result.json", &changed);
    panel.add("other_study.result.json.gz", EXAMPLE);
    panel.add("measure.result.json.gz", &file(22, |made| made.study.measure_sha256 = "f".repeat(64)));
    panel.add("model.result.json.gz", &file(23, |made| made.models.classifier_sha256 = "e".repeat(64)));
    panel.add("mapping.result.json.gz", &file(24, |made| made.models.mapping = "photo".to_owned()));
    panel.add("preview.result.json.gz", &file(25, |made| made.session.preview = true));
    panel.add("zz_again.result.json.gz", &file(3, |_| ()));
    panel.add("failed.result.json.gz", &file(26, |made| made.session.outcome = Outcome::Failed));
    panel.add("withdrew.result.json.gz", &file(27, |made| made.session.outcome = Outcome::Withdrawn));
    panel.add("listed.result.json.gz", &file(28, |_| ()));
    panel.add("withdrawn.txt", Sample::default().result(28).session.id.to_lowercase().as_bytes());
    panel.add("notes.txt", b"nothing of ours");
    panel.add("photo.bin", &[0xff, 0xd8, 0xff, 0]);
    panel.add("empty.json", b"");
    for (name, wanted, words) in [
        ("cut.result.json.gz", Status::Damaged, "cut off"),
        ("changed.result.json", Status::Damaged, "changed after it was made"),
        ("other_study.result.json.gz", Status::OtherStudy, "another study"),
        ("measure.result.json.gz", Status::OtherMeasure, "Something else was measured"),
        ("model.result.json.gz", Status::OtherModel, "never averaged"),
        ("mapping.result.json.gz", Status::OtherModel, "mapping photo"),
        ("preview.result.json.gz", Status::Preview, "never counts"),
        ("zz_again.result.json.gz", Status::Duplicate, "right/3.result.json.gz"),
        ("failed.result.json.gz", Status::NotComplete, "failed"),
        ("withdrew.result.json.gz", Status::Withdrawn, "Delete this file"),
        ("listed.result.json.gz", Status::Withdrawn, "Delete this file"),
        ("notes.txt", Status::Unknown, "no file of a panel"),
        ("photo.bin", Status::Unknown, "neither gzipped"),
        ("empty.json", Status::Unknown, "no file of a panel"),
        ("study.json", Status::Used, "Sample data"),
    ] {
        let (found, reason) = status(&panel, name);
        assert_eq!(found, wanted, "{name}: {reason}");
        assert!(reason.contains(words), "{name}: {reason}");
    }
    let overview = panel.overview(&Settings::default());
    assert_eq!(overview.merged, 8);
    let of = |word: &str| overview.funnel.iter().find(|(outcome, _)| outcome == word).unwrap().1;
    assert_eq!((of("complete"), of("failed"), of("withdrawn")), (8, 1, 2));
}

#[test]
fn the_order_of_files_changes_nothing() {
    let files: Vec<(String, Vec<u8>)> =
        (0..12).map(|index| (format!("{index:02}"), file(index % 10, |_| ()))).collect();
    let merge = |order: &mut dyn Iterator<Item = &(String, Vec<u8>)>| {
        let mut panel = Panel::default();
        order.for_each(|(name, bytes)| panel.add(name, bytes));
        let settings = Settings::default();
        (panel.overview(&settings), panel.seconds_csv(&settings))
    };
    let (forward, backward) = (merge(&mut files.iter()), merge(&mut files.iter().rev()));
    assert_eq!(forward, backward);
    assert_eq!(forward.0.merged, 10);
}

#[test]
fn of_one_session_a_complete_one_and_a_file_go_first() {
    let mut panel = Panel::default();
    panel.add("a.result.json.gz", &file(1, |made| made.session.outcome = Outcome::Failed));
    panel.add("b.result.json.gz", &file(1, |_| ()));
    let parts = receipt::write(&Sample::default().result(1), 12_000).unwrap();
    panel.add("0.txt", parts.join("\n").as_bytes());
    assert_eq!(status(&panel, "b.result.json.gz").0, Status::Merged);
    assert_eq!(status(&panel, "a.result.json.gz").0, Status::Duplicate);
    assert_eq!(status(&panel, "0.txt").0, Status::Duplicate);
}

#[test]
fn receipts_of_a_table_and_files_of_a_zip_are_read_one_by_one() {
    let receipt = |index: u32, room: usize| receipt::write(&Sample::default().result(index), room).unwrap();
    let (one, two) = (receipt(1, 12_000), receipt(2, 200));
    let parts = two.iter().map(|part| format!("{part:?}")).collect::<Vec<_>>().join(";");
    let broken = receipt(3, 12_000)[0].replace('A', "B");
    let csv = format!("id;text\n1;\"{}\"\n2;{parts}\n3;\"{broken}\"\n4;none\n", one[0]);
    let zip = {
        use std::io::Write;
        let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default();
        for (name, bytes) in [("up/5.result.json.gz", file(5, |_| ())), ("survey.csv", csv.into_bytes())] {
            writer.start_file(name, options).unwrap();
            writer.write_all(&bytes).unwrap();
        }
        writer.finish().unwrap().into_inner()
    };
    let mut panel = Panel::default();
    panel.add("export.zip", &zip);
    panel.add("cut.zip", &zip[..zip.len() - 30]);
    let overview = panel.overview(&Settings::default());
    assert_eq!((overview.merged, overview.receipts), (3, 2), "{:#?}", overview.files);
    assert_eq!(status(&panel, "export.zip/up/5.result.json.gz").0, Status::Merged);
    assert_eq!(status(&panel, "export.zip/survey.csv, line 2").0, Status::Merged);
    assert_eq!(status(&panel, "export.zip/survey.csv, line 3").0, Status::Merged);
    assert_eq!(status(&panel, "export.zip/survey.csv, line 4").0, Status::Damaged);
    assert_eq!(status(&panel, "cut.zip").0, Status::Damaged);
}

#[test]
fn a_receipt_gives_nearly_the_numbers_of_its_file() {
    let mut of_files = Panel::default();
    let mut of_receipts = Panel::default();
    for index in 0..6 {
        of_files.add(&index.to_string(), &file(index, |_| ()));
        let parts = receipt::write(&Sample::default().result(index), 12_000).unwrap();
        of_receipts.add(&format!("{index}.txt"), parts.join("\n").as_bytes());
    }
    for corrected in [false, true] {
        let settings = Settings { corrected, ..Settings::default() };
        let (a, b) =
            (of_files.table("joke", &settings).unwrap(), of_receipts.table("joke", &settings).unwrap());
        assert_eq!(a.people, b.people);
        for person in 0..a.people.len() {
            for (cell, (x, y)) in a.table.person(person).iter().zip(b.table.person(person)).enumerate() {
                assert_eq!(x.is_nan(), y.is_nan());
                // Steps of 1/255 on both sides of a difference; valence is a sum of five, and cut before or after the mean.
                let most = if cell / 30 == 7 { 0.03 } else { 0.0045 };
                assert!(x.is_nan() || (x - y).abs() < most, "{cell}: {x} {y}");
            }
        }
    }
}

#[test]
fn a_receipt_that_does_not_tell_its_detector_goes_with_one_model_only() {
    let parts = receipt::write(&Sample::default().result(9), 12_000).unwrap().join("\n");
    let mut panel = panel();
    panel.add("r.txt", parts.as_bytes());
    assert_eq!(status(&panel, "r.txt").0, Status::Merged);
    panel.add("x.result.json.gz", &file(10, |made| made.models.detector_sha256 = "a".repeat(64)));
    assert_eq!(status(&panel, "x.result.json.gz").0, Status::OtherModel);
    assert_eq!(status(&panel, "r.txt").0, Status::OtherModel);
    // The other model can be chosen.
    let models = panel.models(&Settings::default());
    let other = models.iter().find(|model| !model.taken && !model.origin.detector.is_empty()).unwrap();
    let settings = Settings { origin: Some(other.origin.clone()), ..Settings::default() };
    assert_eq!(panel.overview(&settings).merged, 1);
}

#[test]
fn expected_ids_are_reconciled() {
    let mut panel = panel();
    panel.add("z.result.json.gz", &file(30, |made| made.session.outcome = Outcome::Failed));
    panel.add("expected.txt", b"P00001 P00002\nP00031;P09999");
    let reconciled = panel.overview(&Settings::default()).reconciled.unwrap();
    assert_eq!(reconciled.complete, ["P00001", "P00002"]);
    assert_eq!(reconciled.not_merged, ["P00031"]);
    assert_eq!(reconciled.missing, ["P09999"]);
    assert_eq!(reconciled.unknown.len(), 6);
}

#[test]
fn the_quality_rule_leaves_out_and_counts_why() {
    let mut panel = panel();
    panel.add(
        "i.result.json.gz",
        &file(40, |made| {
            made.exposures[0].interrupted = Some(emotion_study::session::Cause::Hidden);
        }),
    );
    panel.add(
        "o.result.json.gz",
        &file(41, |made| {
            let joke = made.samples.range_of(0);
            made.samples.reasons[joke][..100].fill(result::OTHER_FACE);
        }),
    );
    panel.add("b.result.json.gz", &file(42, |made| made.baselines.clear()));
    let counted = |change: &dyn Fn(&mut Settings)| {
        let mut settings = Settings::default();
        change(&mut settings);
        let row = panel.overview(&settings).stimuli.into_iter().find(|row| row.id == "joke").unwrap();
        assert_eq!(row.shown, 11);
        row.excluded
    };
    let reasons = |list: Vec<(String, usize)>| list.into_iter().map(|(word, _)| word).collect::<Vec<_>>();
    assert_eq!(reasons(counted(&|_| ())), ["too_few_seconds"], "ten seconds of another face are no seconds");
    assert!(
        counted(&|settings| settings.rule.leave_out_interrupted = true)
            .contains(&("interrupted".to_owned(), 1))
    );
    assert!(
        counted(&|settings| settings.rule.most_other_faces = 0.2).contains(&("other_faces".to_owned(), 1))
    );
    assert!(counted(&|settings| settings.corrected = true).contains(&("no_baseline".to_owned(), 1)));
    assert!(counted(&|settings| settings.rule.least_usable_share = 0.0).is_empty());
    let strict = counted(&|settings| settings.rule.least_quality = 0.999);
    assert_eq!(strict, [("too_few_seconds".to_owned(), 11)]);
}

#[test]
fn groups_come_from_links_answers_and_tables() {
    let mut panel = panel();
    panel.add("people.csv", b"participant,age\nP00001,young\nP00002,old\nP00003,young\n");
    let groupings = panel.overview(&Settings::default()).groupings;
    let of = |wanted: &Grouping| {
        groupings.iter().find(|(grouping, _)| grouping == wanted).map(|(_, values)| values.clone())
    };
    assert_eq!(of(&Grouping::Group), Some(vec![("A".to_owned(), 4), ("B".to_owned(), 4)]));
    let age = of(&Grouping::Attribute("age".to_owned()));
    assert_eq!(age, Some(vec![("old".to_owned(), 1), ("young".to_owned(), 2)]));
    let liking = of(&Grouping::Answer("liking".to_owned())).unwrap();
    assert_eq!(liking.iter().map(|(_, count)| count).sum::<usize>(), 8);
}
