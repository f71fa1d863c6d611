//! Against the crate `zip`, which knows nothing of this one.

use std::io::{Cursor, Read, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::*;
use crate::hash::Fingerprint;

const FILES: [(&str, &[u8]); 4] = [
    ("spring/study.json", b"{\"format\": 1}"),
    ("spring/media/Gr\u{fc}n.webm", b"\x1a\x45\xdf\xa3 a video"),
    ("spring/media/empty.png", b""),
    ("private/links.csv", b"participant,group,row,link\n"),
];

fn written(files: &[(&str, &[u8])]) -> Vec<u8> {
    let contents: Vec<Content> = files
        .iter()
        .map(|(name, bytes)| {
            let mut fingerprint = Fingerprint::default();
            fingerprint.add(bytes);
            Content { name: (*name).to_owned(), bytes: bytes.len() as u64, crc32: fingerprint.finish().crc32 }
        })
        .collect();
    let layout = layout(&contents).expect("it is small");
    let parts = layout.before.iter().zip(files).flat_map(|(before, (_, bytes))| [&before[..], bytes]);
    parts.chain([&layout.end[..]]).collect::<Vec<_>>().concat()
}

/// A ZIP by the other crate.
fn foreign(packing: CompressionMethod, names: &[&str]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer.add_directory("spring/", SimpleFileOptions::default()).expect("a folder");
    for name in names {
        writer.start_file(*name, SimpleFileOptions::default().compression_method(packing)).expect("a file");
        writer.write_all(name.repeat(50).as_bytes()).expect("in memory");
    }
    writer.set_comment("PK\x05\x06 is not the end").expect("it is short");
    writer.finish().expect("a whole file").into_inner()
}

/// All that the page does with a ZIP: which bytes it reads and what it makes of them.
fn read(file: &[u8]) -> Result<Vec<(String, Vec<u8>)>, ZipFault> {
    let size = file.len() as u64;
    let part = |range: std::ops::Range<u64>| {
        file.get(range.start as usize..range.end as usize).ok_or(ZipFault::Damaged("cut"))
    };
    let listed = entries(part(directory(part(tail(size))?, size)?)?)?;
    let unpacked = listed.iter().map(|entry| {
        let bytes = part(content(part(entry.header())?, entry, size)?)?;
        Ok((entry.name.clone(), unpack(bytes, entry, 1_000_000)?))
    });
    unpacked.collect()
}

#[test]
fn another_reader_finds_what_was_written() {
    let mut archive = ZipArchive::new(Cursor::new(written(&FILES))).expect("a ZIP file");
    assert_eq!(archive.len(), FILES.len());
    for (name, bytes) in FILES {
        let mut file = archive.by_name(name).expect("it is there");
        assert_eq!(file.compression(), CompressionMethod::Stored);
        assert_eq!(file.unix_mode(), Some(0o100_644));
        let mut found = Vec::new();
        file.read_to_end(&mut found).expect("the CRC is right");
        assert_eq!(found, bytes, "{name}");
    }
}

#[test]
fn what_was_written_is_read_again() {
    let found = read(&written(&FILES)).expect("it is whole");
    let expected: Vec<(String, Vec<u8>)> =
        FILES.iter().map(|(name, bytes)| ((*name).to_owned(), bytes.to_vec())).collect();
    assert_eq!(found, expected);
}

#[test]
fn files_of_another_writer_are_read_packed_or_not() {
    for packing in [CompressionMethod::Stored, CompressionMethod::Deflated] {
        let names = ["spring/study.json", "spring/.DS_Store", "__MACOSX/spring/._study.json", "spring/a.png"];
        let found = read(&foreign(packing, &names)).expect("it is whole");
        let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["spring/study.json", "spring/a.png"]);
        assert_eq!(found[1].1, "spring/a.png".repeat(50).into_bytes());
    }
}

#[test]
fn a_cut_or_changed_file_is_refused_and_never_read_wrongly() {
    let whole = foreign(CompressionMethod::Deflated, &["study.json"]);
    let right = read(&whole).expect("it is whole");
    for length in 0..whole.len() {
        assert!(read(&whole[..length]).is_err(), "{length}");
    }
    let mut refused = 0;
    for at in 0..whole.len() {
        let mut changed = whole.clone();
        changed[at] ^= 0x55;
        match read(&changed) {
            // A folder's name without its `/` is an empty file's.
            Ok(found) => assert!(
                found.iter().all(|(_, bytes)| bytes.is_empty() || *bytes == right[0].1),
                "byte {at} changes the content"
            ),
            Err(_) => refused += 1,
        }
    }
    assert!(refused > 40, "{refused}");
    assert_eq!(read(b"Dear diary"), Err(ZipFault::NotZip));
}

#[test]
fn what_the_format_cannot_say_is_refused() {
    let large = |bytes| Content { name: "a.mp4".to_owned(), bytes, crc32: 0 };
    assert!(layout(&[large(4_000_000_000)]).is_ok());
    assert_eq!(layout(&[large(u64::from(u32::MAX))]), Err(ZipFault::TooLarge));
    assert_eq!(layout(&[large(3_000_000_000), large(2_000_000_000)]), Err(ZipFault::TooLarge));
}

#[test]
fn a_text_that_is_larger_than_it_says_is_not_unpacked() {
    let file = foreign(CompressionMethod::Deflated, &["study.json"]);
    let size = file.len() as u64;
    let list = directory(&file[tail(size).start as usize..], size).expect("whole");
    let mut entry = entries(&file[list.start as usize..list.end as usize]).expect("whole").remove(0);
    let header = &file[entry.header_at as usize..][..30];
    let range = content(header, &entry, size).expect("whole");
    let packed = &file[range.start as usize..range.end as usize];
    assert_eq!(unpack(packed, &entry, 499), Err(ZipFault::LongText("study.json".to_owned())));
    entry.bytes = 10;
    assert!(matches!(unpack(packed, &entry, 499), Err(ZipFault::Damaged(_))));
}

#[test]
fn the_most_media_fit_with_all_that_stands_beside_them() {
    let content = |name: String, bytes| Content { name, bytes, crc32: 0 };
    let mut contents = vec![
        content("study/study.json".to_owned(), 1 << 20),
        content("links/links.csv".to_owned(), 4 << 20),
        content("links/links.html".to_owned(), 8 << 20),
    ];
    let each = MAX_MEDIA_BYTES / 1_000;
    contents.extend((0..1_000).map(|at| content(format!("study/media/{at:0100}.webm"), each)));
    assert!(layout(&contents).is_ok());
    contents.push(content("study/media/more.webm".to_owned(), 16 << 20));
    assert_eq!(layout(&contents), Err(ZipFault::TooLarge));
}
