use super::*;
use crate::result::{Columns, ResultFile};
use crate::testing::{self, Face, result};

/// A result with one stimulus of so many seconds.
fn watched(seconds: u32) -> ResultFile {
    let mut result = result();
    result.exposures.truncate(1);
    result.exposures[0].duration_ms = seconds * 1_000;
    result.samples = Columns::default();
    testing::readings(&mut result.samples, &mut Face::new("receipt"), 0, 20_000, seconds * 1_000, 10);
    result.answers.clear();
    result
}

#[test]
fn a_receipt_comes_back() {
    let result = result();
    let parts = write(&result, 12_000).expect("small enough");
    assert_eq!(parts.len(), 1);
    let receipt = read(&parts[0]).expect("right");
    assert_eq!(receipt, Receipt::of(&result));
    assert_eq!((receipt.session, receipt.participant.as_str(), receipt.row), (result.session.id, "P017", 3));
    assert_eq!(receipt.answers, result.answers);
    // Eight bits: half a step of 1/255 at most.
    let first = crate::result::seconds(&result.samples, result.samples.range_of(0), 6_000, 10)[0]
        .raw
        .expect("usable");
    let received = receipt.exposures[0].seconds[0].expect("usable");
    for (exact, byte) in first.iter().zip(received) {
        assert!((f64::from(*exact) / 10_000.0 - f64::from(byte) / 255.0).abs() <= 0.5 / 255.0 + 1e-9);
    }
}

/// "About 540 characters for 60 s", and 2,336 for 300 s.
#[test]
fn its_length_is_measured() {
    for (seconds, most) in [(60, 620), (300, 2_500)] {
        let parts = write(&watched(seconds), 12_000).expect("small enough");
        println!("{seconds} s: {} characters", parts[0].len());
        assert!(parts[0].len() < most, "{seconds} s: {}", parts[0].len());
        assert_eq!(read(&parts[0]).expect("right").exposures[0].seconds.len(), seconds as usize);
    }
}

#[test]
fn parts_are_short_enough_and_come_in_any_order() {
    let result = watched(300);
    for max in [200, 255, 1_000, 4_000] {
        let mut parts = write(&result, max).expect("small enough");
        assert!(parts.iter().all(|part| part.len() <= max), "{max}");
        assert!(parts.len() >= 2 || max == 4_000);
        let whole = Receipt::of(&result);
        parts.reverse();
        parts.push(parts[0].clone()); // one part twice
        let text = parts.iter().map(|part| format!("my answer: {part}\n, thanks")).collect::<String>();
        assert_eq!(read(&text), Ok(whole.clone()), "{max}");
        // Lines that a mail program has broken, and a field in quotation marks.
        let broken: String = parts
            .concat()
            .chars()
            .enumerate()
            .flat_map(|(i, c)| if i % 60 == 59 { vec![c, '\r', '\n'] } else { vec![c] })
            .collect();
        assert_eq!(read(&broken), Ok(whole.clone()));
        assert_eq!(read(&format!("\"{}\"", parts.join("\",\""))), Ok(whole));
    }
    let long = watched(7_000);
    assert_eq!(write(&long, 200), Err(ReceiptError::TooLarge));
}

#[test]
fn every_wrong_character_is_told_with_its_part() {
    let parts = write(&watched(60), 300).expect("small enough");
    assert_eq!(parts.len(), 2);
    for at in 0..parts[1].len() {
        let mut wrong = parts[1].clone().into_bytes();
        wrong[at] = if wrong[at] == b'Q' { b'R' } else { b'Q' };
        let text = format!("{} {}", parts[0], String::from_utf8(wrong).expect("ASCII"));
        let error = read(&text).expect_err("a character is wrong");
        let fits = match &error {
            ReceiptError::Damaged(list) => *list == [2] || *list == [0],
            ReceiptError::Missing(list, 2) => *list == [2], // the mark itself is gone
            // Text behind the first part is no part.
            _ => false,
        };
        assert!(fits, "{at}: {error:?}");
    }
    for at in 0..parts[1].len() {
        let cut = format!("{} {}", parts[0], &parts[1][..at]);
        assert!(read(&cut).is_err(), "cut at {at}");
    }
    assert_eq!(read(&parts[0]), Err(ReceiptError::Missing(vec![2], 2)));
    assert_eq!(read(&parts[0]).expect_err("missing").to_string(), "Part 2 of 2 of the receipt is missing.");
    // A damaged copy does no harm where a right one is there.
    let text = format!("{} {} {}", parts[0], parts[1].replace("EDR1.", "EDR1.X"), parts[1]);
    assert!(read(&text).is_ok());
}

#[test]
fn mixed_other_and_newer_receipts_are_told() {
    let parts = write(&watched(60), 300).expect("small enough");
    let mut other = watched(60);
    other.session.id = crate::code::session_id([9; 10]);
    let others = write(&other, 300).expect("small enough");
    assert_eq!(read(&format!("{} {}", parts[0], others[1])), Err(ReceiptError::Mixed));
    // Two hand-overs of one session that differ.
    let changed = write(&watched(59), 300).expect("small enough");
    assert_eq!(read(&format!("{} {}", parts[0], changed[1])), Err(ReceiptError::Whole));
    assert_eq!(read("no receipt at all"), Err(ReceiptError::None));
    assert_eq!(read("EDR2.AAAA.1-1.AAAA.00000000"), Err(ReceiptError::Newer));
    assert_eq!(read(&"a".repeat(MAX_TEXT + 1)), Err(ReceiptError::TextTooLong));
}

/// Content with a right check that was made to harm: it must end in an error, not in memory.
#[test]
fn bombs_and_nonsense_end_in_an_error() {
    let forged = |content: &[u8]| {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(content).expect("memory");
        let mut packed = encoder.finish().expect("memory");
        packed.extend_from_slice(&Sha256::digest(content)[..4]);
        let head = format!("{MARK}AAAA.1-1.{}", base64::encode(&packed));
        read(&format!("{head}.{}", check(&head)))
    };
    assert_eq!(forged(&vec![0; 2_000_000]), Err(ReceiptError::Whole));
    assert_eq!(forged(&[]), Err(ReceiptError::Whole));
    let right = Receipt::of(&result()).to_bytes();
    assert!(forged(&right).is_ok());
    for at in 0..right.len().min(400) {
        for value in [0, 0x7f, 0xff] {
            let mut wrong = right.clone();
            wrong[at] = value;
            let _ = forged(&wrong); // it may be another receipt or an error; it must come back
        }
        assert_eq!(forged(&right[..at]), Err(ReceiptError::Whole));
    }
}
