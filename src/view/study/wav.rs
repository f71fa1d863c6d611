//! WAV files of 16 bits and one channel: what every browser plays.

/// A file of these samples, `rate` of them a second.
pub fn file(samples: &[i16], rate: u32) -> Vec<u8> {
    let size = (samples.len() * 2) as u32;
    let mut file = Vec::with_capacity(size as usize + 44);
    file.extend(b"RIFF");
    file.extend((36 + size).to_le_bytes());
    file.extend(b"WAVEfmt ");
    file.extend(16_u32.to_le_bytes());
    file.extend([1_u16, 1].map(u16::to_le_bytes).concat());
    file.extend(rate.to_le_bytes());
    file.extend((rate * 2).to_le_bytes());
    file.extend([2_u16, 16].map(u16::to_le_bytes).concat());
    file.extend(b"data");
    file.extend(size.to_le_bytes());
    file.extend(samples.iter().flat_map(|sample| sample.to_le_bytes()));
    file
}

/// The bytes of the samples in a file, whatever other parts it has; nothing where it has none.
pub fn data(file: &[u8]) -> Option<&[u8]> {
    let mut rest = file.strip_prefix(b"RIFF")?.get(4..)?.strip_prefix(b"WAVE")?;
    loop {
        let (name, behind) = rest.split_first_chunk::<4>()?;
        let (size, behind) = behind.split_first_chunk::<4>()?;
        let size = u32::from_le_bytes(*size) as usize;
        if name == b"data" {
            return behind.get(..size);
        }
        // Parts begin at even places.
        rest = behind.get(size + size % 2..)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_found_again() {
        let file = file(&[1, -2, 300], 8_000);
        assert_eq!(file.len(), 44 + 6);
        assert_eq!(data(&file), Some(&[1, 0, 254, 255, 44, 1][..]));
        let mut longer = file[..12].to_vec();
        longer.extend(b"odd \x01\0\0\0x\0");
        longer.extend(&file[12..]);
        assert_eq!(data(&longer), data(&file));
    }

    #[test]
    fn what_is_no_such_file_has_no_samples() {
        let file = file(&[1, 2, 3], 8_000);
        for end in 0..file.len() {
            assert_eq!(data(&file[..end]), None, "{end}");
        }
        assert_eq!(data(b"<!doctype html>"), None);
    }
}
