//! The sound check by spoken digits: three words out of the recording of the study's language.
//!
//! The recordings are files of the page, `public/sound/digits-LANGUAGE.wav`; `crates/study/spoken-digits/make.py` makes them and
//! says how. They are fetched with the study's media, before the seal. A study in another language plays tones: [`super::tones`].

use super::loading::Wanted;
use super::tones::DIGITS;
use super::wav;

/// Samples a second.
const RATE: u32 = 11_025;
/// So many words, from 1 on, in slots of one length.
const WORDS: usize = 8;
/// Length of the silence before the first digit and behind each, in milliseconds.
const BEFORE_MS: u32 = 200;
const REST_MS: u32 = 300;

/// A recording of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recording {
    language: &'static str,
    sha256: &'static str,
    /// The digits that are heard well. In French the ends of six and huit are faint.
    digits: &'static [u8],
}

const RECORDINGS: [Recording; 4] = [
    Recording {
        language: "en",
        sha256: "1ec3c7026ee3bd7eaab63e2ebd0a9c51f9b9a649db549b8ea1c79f2965ab71bc",
        digits: &[1, 2, 3, 4, 5, 6, 7, 8],
    },
    Recording {
        language: "de",
        sha256: "8e4ebe9c994492d7299b2f1d44b5d923335fe71bdeabefda7afa85f108c1a38b",
        digits: &[1, 2, 3, 4, 5, 6, 7, 8],
    },
    Recording {
        language: "fr",
        sha256: "01374b648ac0702ca14ac46f925baac90f507c0500d70752532c8d50957b166d",
        digits: &[1, 2, 3, 4, 5, 7],
    },
    Recording {
        language: "es",
        sha256: "cb5c8b3730a111465ad748c6cde70f3f65109d4e994aca13a4049b9e6afdc204",
        digits: &[1, 2, 3, 4, 5, 6, 7, 8],
    },
];
const BYTES: u64 = 70_618;

/// The recording in a study's language, as `de-AT`, if there is one.
pub fn recording(language: &str) -> Option<Recording> {
    let first = language.split('-').next().unwrap_or_default();
    RECORDINGS.into_iter().find(|recording| recording.language == first)
}

impl Recording {
    /// Its file, from the page's folder.
    pub fn file(self) -> Wanted {
        Wanted {
            file: format!("sound/digits-{}.wav", self.language),
            sha256: self.sha256.to_owned(),
            mime: "audio/wav",
            bytes: Some(BYTES),
        }
    }

    /// Digits out of random bytes; two neighbours differ.
    pub fn digits(self, random: [u8; DIGITS]) -> [u8; DIGITS] {
        let count = self.digits.len();
        let mut places = random.map(|byte| usize::from(byte) % count);
        for at in 1..DIGITS {
            if places[at] == places[at - 1] {
                places[at] = (places[at] + 1) % count;
            }
        }
        places.map(|place| self.digits[place])
    }
}

/// The digits as they are spoken, as a WAV file; nothing where the recording is none.
pub fn wav(recording: &[u8], digits: [u8; DIGITS]) -> Option<Vec<u8>> {
    let words = wav::data(recording)?;
    let slot = words.len() / WORDS;
    let mut samples = silence(BEFORE_MS);
    for digit in digits {
        let at = usize::from(digit).checked_sub(1)? * slot;
        samples.extend(words.get(at..at + slot)?.iter().map(|byte| sample(*byte)));
        samples.extend(silence(REST_MS));
    }
    Some(wav::file(&samples, RATE))
}

fn silence(ms: u32) -> Vec<i16> {
    vec![0; (RATE * ms / 1_000) as usize]
}

/// A byte of the mu-law (ITU-T G.711) as a sample.
fn sample(byte: u8) -> i16 {
    let byte = !byte;
    let (sign, exponent, mantissa) = (byte & 0x80, byte >> 4 & 7, i16::from(byte & 15));
    let magnitude = (((mantissa << 3) + 132) << exponent) - 132;
    if sign == 0 { magnitude } else { -magnitude }
}

#[cfg(test)]
mod tests {
    use super::*;
    use emotion_study::file::LANGUAGES;
    use emotion_study::hash::sha256_hex;

    fn file(language: &str) -> Vec<u8> {
        let wanted = recording(language).expect("there is one").file();
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("public").join(wanted.file);
        std::fs::read(path).expect("it lies there")
    }

    #[test]
    fn each_language_of_the_views_has_its_recording() {
        for language in LANGUAGES {
            let (wanted, bytes) = (recording(language).expect("there is one").file(), file(language));
            assert_eq!(
                (sha256_hex(&bytes), Some(bytes.len() as u64)),
                (wanted.sha256, wanted.bytes),
                "{language}"
            );
            let words = wav::data(&bytes).expect("it is a WAV file");
            assert_eq!(words.len(), WORDS * (RATE as usize * 8 / 10), "{language}");
            for (at, word) in words.chunks(words.len() / WORDS).enumerate() {
                let loud = |samples: &[u8]| samples.iter().any(|byte| sample(*byte).unsigned_abs() > 3_000);
                assert!(loud(word), "{language}: no word {}", at + 1);
                assert!(!loud(&word[word.len() - 400..]), "{language}: the word {} is cut off", at + 1);
            }
        }
        assert_eq!(recording("de-AT"), recording("de"));
        assert_eq!(recording("ar"), None);
    }

    #[test]
    fn the_digits_are_words_of_the_recording_one_after_the_other() {
        let bytes = file("es");
        let words: Vec<i16> = wav::data(&bytes).expect("there").iter().map(|byte| sample(*byte)).collect();
        let slot = words.len() / WORDS;
        let spoken = wav(&bytes, [3, 1, 8]).expect("it is one");
        let samples: Vec<i16> = wav::data(&spoken)
            .expect("a WAV file")
            .chunks(2)
            .map(|pair| i16::from_le_bytes([pair[0], pair[1]]))
            .collect();
        let (before, rest) = (silence(BEFORE_MS).len(), silence(REST_MS).len());
        for (at, digit) in [3, 1, 8].into_iter().enumerate() {
            let begin = before + at * (slot + rest);
            assert!(samples[begin..begin + slot] == words[(digit - 1) * slot..digit * slot], "{digit}");
            assert!(samples[begin + slot..begin + slot + rest].iter().all(|sample| *sample == 0));
        }
        assert_eq!(wav(b"<!doctype html>", [1, 2, 3]), None);
        assert_eq!(wav(&bytes, [9, 1, 2]), None);
        assert_eq!(wav(&bytes, [0, 1, 2]), None);
    }

    /// As `audioop.ulaw2lin` of Python 3.11 has them.
    #[test]
    fn the_mu_law_is_that_of_the_standard() {
        let values = [(0xff, 0), (0x80, 32_124), (0x00, -32_124), (0xf0, 120), (0x9f, 8_316), (0x55, -716)];
        for (byte, expected) in values {
            assert_eq!(sample(byte), expected, "{byte:#x}");
        }
    }

    #[test]
    fn only_digits_that_are_heard_well_are_asked_for_and_neighbours_differ() {
        let french = recording("fr").expect("there is one");
        for byte in 0..=255 {
            let digits = french.digits([byte, byte, byte.wrapping_mul(7)]);
            assert!(digits.iter().all(|digit| french.digits.contains(digit)));
            assert!(digits[0] != digits[1] && digits[1] != digits[2], "{digits:?}");
        }
    }
}
