//! Codes that people read, say and type: Crockford's base 32 with a check character.
//!
//! The alphabet has no I, L, O and U; small letters, and O for 0, I and L for 1, are understood. The check character is
//! Luhn's sum modulo 32: it finds every single wrong character and nearly every swap of two neighbours.

/// The 32 characters.
pub const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Random bytes of a session's id.
pub const SESSION_BYTES: usize = 10;

/// Write bytes in base 32, five bits a character, without a check.
pub fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 8 / 5 + 1);
    let (mut held, mut bits) = (0_u32, 0);
    for byte in bytes {
        held = held << 8 | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            text.push(ALPHABET[(held >> bits & 31) as usize] as char);
        }
    }
    if bits > 0 {
        text.push(ALPHABET[(held << (5 - bits) & 31) as usize] as char);
    }
    text
}

fn value(character: char) -> Option<u32> {
    let character = match character.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    ALPHABET.iter().position(|known| *known as char == character).map(|index| index as u32)
}

/// Luhn's check character of characters of the alphabet.
fn check(values: &[u32]) -> char {
    let mut sum = 0;
    for (place, value) in values.iter().rev().enumerate() {
        let doubled = if place % 2 == 0 { value * 2 } else { *value };
        sum += doubled / 32 + doubled % 32;
    }
    ALPHABET[((32 - sum % 32) % 32) as usize] as char
}

/// The code of some bytes: base 32, a check character, in groups of four with `-`.
pub fn write(bytes: &[u8]) -> String {
    let text = encode(bytes);
    let values: Vec<u32> = text.chars().filter_map(value).collect();
    let whole: Vec<char> = text.chars().chain([check(&values)]).collect();
    let groups: Vec<String> = whole.chunks(4).map(|group| group.iter().collect()).collect();
    groups.join("-")
}

/// Bring a typed code into the form of [`write()`]: any case, any spaces and hyphens.
///
/// Nothing if it holds other characters or its check does not fit: there is a typing error in it.
pub fn read(typed: &str) -> Option<String> {
    let values: Option<Vec<u32>> =
        typed.chars().filter(|c| !c.is_whitespace() && *c != '-').map(value).collect();
    let values = values?;
    let (last, body) = values.split_last()?;
    if body.is_empty() || body.len() > 64 || check(body) != ALPHABET[*last as usize] as char {
        return None;
    }
    let whole: Vec<char> = values.iter().map(|value| ALPHABET[*value as usize] as char).collect();
    let groups: Vec<String> = whole.chunks(4).map(|group| group.iter().collect()).collect();
    Some(groups.join("-"))
}

/// A session's id, which is its withdrawal code, from random bytes: 80 bits, 17 characters.
pub fn session_id(random: [u8; SESSION_BYTES]) -> String {
    write(&random)
}

/// The random bytes of a session's id, however it is typed; nothing if it is none.
pub fn session_bytes(typed: &str) -> Option<[u8; SESSION_BYTES]> {
    let code = read(typed)?;
    let values: Vec<u32> = code.chars().filter(|c| *c != '-').filter_map(value).collect();
    if values.len() != 17 {
        return None;
    }
    let mut bytes = [0; SESSION_BYTES];
    let (mut held, mut bits, mut at) = (0_u32, 0, 0);
    for value in &values[..16] {
        held = held << 5 | value;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes[at] = (held >> bits & 255) as u8;
            at += 1;
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_single_wrong_character_is_found() {
        let code = session_id([1, 2, 3, 250, 251, 99, 0, 255, 7, 8]);
        assert_eq!(read(&code).as_deref(), Some(code.as_str()));
        for place in (0..code.len()).filter(|place| code.as_bytes()[*place] != b'-') {
            for other in ALPHABET.iter().filter(|other| **other != code.as_bytes()[place]) {
                let mut wrong = code.clone().into_bytes();
                wrong[place] = *other;
                let wrong = String::from_utf8(wrong).expect("ASCII");
                assert_eq!(read(&wrong), None, "{wrong}");
            }
        }
    }

    #[test]
    fn bytes_come_back_however_the_code_is_typed() {
        for seed in 0..=255_u8 {
            let bytes: [u8; SESSION_BYTES] =
                std::array::from_fn(|i| seed.wrapping_mul(31).wrapping_add((i as u8).wrapping_mul(53)));
            let code = session_id(bytes);
            assert_eq!(code.len(), 21);
            assert_eq!(session_bytes(&code), Some(bytes));
            let typed = code.to_lowercase().replace('-', " ").replace('0', "o").replace('1', "l");
            assert_eq!(session_bytes(&typed), Some(bytes));
        }
        assert_eq!(session_bytes("0000-0000-0000-0000-1"), None);
        assert_eq!(session_bytes(""), None);
        assert_eq!(session_bytes("00"), None);
    }
}
