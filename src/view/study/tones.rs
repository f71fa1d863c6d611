//! The sound check where no digits are spoken in the study's language, or their recording did not come: groups of short tones, as many
//! as a digit says. They are computed here, so they need no recording and no language.

use super::wav;

/// Samples a second.
const RATE: u32 = 16_000;
/// Length of a tone and of the silence behind it, and of the longer silence between two digits, in milliseconds.
const TONE_MS: u32 = 160;
const REST_MS: u32 = 160;
const GROUP_MS: u32 = 900;
const PITCH_HZ: f32 = 660.0;
/// So many digits.
pub const DIGITS: usize = 3;

/// Digits from 1 to 5 out of random bytes; two neighbours differ.
pub fn digits(random: [u8; DIGITS]) -> [u8; DIGITS] {
    let mut digits = random.map(|byte| byte % 5 + 1);
    for at in 1..DIGITS {
        if digits[at] == digits[at - 1] {
            digits[at] = digits[at] % 5 + 1;
        }
    }
    digits
}

/// Whether what was typed are the digits; spaces and commas do not matter.
pub fn are_right(typed: &str, digits: [u8; DIGITS]) -> bool {
    let typed: Vec<u8> = typed.chars().filter_map(|c| c.to_digit(10)).map(|digit| digit as u8).collect();
    typed == digits
}

/// The tones as a WAV file: 16 bits, one channel.
pub fn wav(digits: [u8; DIGITS]) -> Vec<u8> {
    let mut samples: Vec<i16> = silence(200);
    for digit in digits {
        for _ in 0..digit {
            samples.extend(tone());
            samples.extend(silence(REST_MS));
        }
        samples.extend(silence(GROUP_MS));
    }
    wav::file(&samples, RATE)
}

fn silence(ms: u32) -> Vec<i16> {
    vec![0; (RATE * ms / 1_000) as usize]
}

fn tone() -> impl Iterator<Item = i16> {
    let count = RATE * TONE_MS / 1_000;
    (0..count).map(move |at| {
        // Soft at both ends, so that it does not click.
        let edge = at.min(count - at) as f32 / (RATE as f32 * 0.02);
        let wave = libm::sinf(at as f32 / RATE as f32 * PITCH_HZ * std::f32::consts::TAU);
        (wave * edge.min(1.0) * 12_000.0) as i16
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many tones each group has, heard as a person would: by the silences between them.
    fn heard(file: &[u8]) -> Vec<u8> {
        let samples: Vec<i16> =
            file[44..].chunks(2).map(|pair| i16::from_le_bytes([pair[0], pair[1]])).collect();
        let (mut groups, mut count, mut quiet_ms) = (Vec::new(), 0, 1_000);
        // Blocks of ten milliseconds.
        for block in samples.chunks(RATE as usize / 100) {
            let loud = block.iter().any(|sample| sample.unsigned_abs() > 3_000);
            if loud && quiet_ms >= 100 {
                count += 1;
            }
            quiet_ms = if loud { 0 } else { quiet_ms + 10 };
            if quiet_ms == 600 && count > 0 {
                groups.push(count);
                count = 0;
            }
        }
        groups
    }

    #[test]
    fn as_many_tones_are_heard_as_the_digits_say() {
        for random in [[0, 0, 0], [4, 7, 250], [1, 2, 3]] {
            let digits = digits(random);
            assert_eq!(heard(&wav(digits)), digits);
            assert!(digits.iter().all(|digit| (1..=5).contains(digit)));
            assert!(digits[0] != digits[1] && digits[1] != digits[2]);
        }
    }

    #[test]
    fn digits_may_be_typed_with_anything_between() {
        assert!(are_right(" 3, 1 4", [3, 1, 4]));
        assert!(!are_right("31", [3, 1, 4]) && !are_right("3144", [3, 1, 4]) && !are_right("", [3, 1, 4]));
    }
}
