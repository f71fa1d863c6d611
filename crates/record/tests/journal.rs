//! Journals of every version are recovered: `tests/files` keeps a chunk of each. They stay as they are for good.

use std::path::Path;

use emotion_record::journal::{Assembly, Entry, decode, decode_text, encode, text_recording};
use emotion_record::session::SessionFile;

const SESSION: &str = include_str!("../../../tests/files/session-1.json");
const VERSION_1: &str = include_str!("../../../tests/files/journal-1.txt");
const VERSION_2: &[u8] = include_bytes!("../../../tests/files/journal-2.bin");

/// What both files were written from: the session file's recording, and the moment of its saving.
fn written() -> Vec<Entry> {
    let file = SessionFile::from_json(SESSION).unwrap();
    let mut entries = vec![Entry::Session(file.session)];
    entries.extend(file.samples.into_iter().map(Entry::Sample));
    entries.push(Entry::Saved(1_769_860_860_000.0));
    entries
}

#[test]
fn a_journal_of_version_1_is_recovered() {
    assert_eq!(text_recording(VERSION_1), "emotion-depth 1769860800000 0.7311");
    assert_eq!(decode_text(VERSION_1), Ok(written()));
}

#[test]
fn a_journal_of_version_2_is_recovered() {
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/files/journal-2.bin");
        std::fs::write(file, encode(&written())).unwrap();
    }
    assert_eq!(decode(VERSION_2), Ok(written()));
}

#[test]
fn both_come_to_the_same_recording() {
    let file = SessionFile::from_json(SESSION).unwrap();
    for entries in [decode_text(VERSION_1).unwrap(), decode(VERSION_2).unwrap()] {
        let mut assembly = Assembly::default();
        let samples: Vec<_> = entries.into_iter().filter_map(|entry| assembly.add(entry)).collect();
        let [found] = &assembly.found()[..] else { panic!("one recording") };
        assert_eq!((&found.session, found.samples), (&file.session, file.samples.len()));
        assert_eq!(found.saved_ms, Some(1_769_860_860_000.0));
        assert!(samples.iter().map(|(_, sample)| sample).eq(&file.samples));
    }
}
