//! A frame: RGBA pixels as the camera, a picture or a video gave them, upright, in sRGB.

use thiserror::Error;

/// Pixels of one frame, borrowed: 8-bit RGBA, rows from top to bottom without padding.
#[derive(Debug, Clone, Copy)]
pub struct Frame<'a> {
    width: usize,
    height: usize,
    rgba: &'a [u8],
}

/// Why bytes are not a frame.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FrameError {
    #[error("a frame of {width} x {height} pixels has no picture in it")]
    Empty { width: usize, height: usize },
    #[error("a frame of {width} x {height} pixels needs {expected} bytes of RGBA, but {actual} came")]
    Length { width: usize, height: usize, expected: usize, actual: usize },
}

impl<'a> Frame<'a> {
    /// `rgba`: `width * height * 4` bytes.
    ///
    /// # Errors
    /// [`FrameError`] where a side is zero or the length does not fit.
    pub fn new(width: usize, height: usize, rgba: &'a [u8]) -> Result<Self, FrameError> {
        if width == 0 || height == 0 {
            return Err(FrameError::Empty { width, height });
        }
        let expected = width.saturating_mul(height).saturating_mul(4);
        if rgba.len() != expected {
            return Err(FrameError::Length { width, height, expected, actual: rgba.len() });
        }
        Ok(Self { width, height, rgba })
    }

    pub fn width(&self) -> usize {
        self.width
    }

    pub fn height(&self) -> usize {
        self.height
    }

    /// All bytes, RGBA.
    pub fn rgba(&self) -> &'a [u8] {
        self.rgba
    }

    /// A number that is the same for the same pixels, and another for almost all others.
    pub fn digest(&self) -> u64 {
        let (words, rest) = self.rgba.as_chunks::<8>();
        // Four chains side by side, so that none waits for its own product.
        let mut chains = [self.width as u64, self.height as u64, 1, 2];
        let mix = |chain: u64, word: u64| (chain.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
        for four in words.chunks(4) {
            for (chain, word) in chains.iter_mut().zip(four) {
                *chain = mix(*chain, u64::from_le_bytes(*word));
            }
        }
        let end = rest.iter().fold(0, |end, byte| mix(end, u64::from(*byte)));
        chains.into_iter().fold(end, mix)
    }

    /// Red, green, blue of the pixel at column `x`, row `y`; the caller keeps to the frame.
    #[inline]
    pub fn rgb(&self, x: usize, y: usize) -> [u8; 3] {
        let at = (y * self.width + x) * 4;
        [self.rgba[at], self.rgba[at + 1], self.rgba[at + 2]]
    }

    /// Luma 0..=255 of one pixel, see [`luma`].
    #[inline]
    pub fn luma(&self, x: usize, y: usize) -> u8 {
        luma(self.rgb(x, y))
    }

    /// Luma of the pixels from column `x` on in row `y`, as many as there are places; the caller keeps to the frame.
    pub fn luma_row(&self, x: usize, y: usize, lumas: &mut [u8]) {
        let at = (y * self.width + x) * 4;
        let pixels = self.rgba[at..at + lumas.len() * 4].as_chunks::<4>().0;
        for (value, &[red, green, blue, _]) in lumas.iter_mut().zip(pixels) {
            *value = luma([red, green, blue]);
        }
    }
}

/// Luma 0..=255 in full range with the weights of ITU-R BT.601 (0.299, 0.587, 0.114), rounded.
///
/// FER2013's pictures were turned grey by that definition (it is what PIL's `L` and OpenCV's
/// `BGR2GRAY` compute), so live frames are too. Fixed point with 16 bits, as PIL does it.
#[inline]
pub fn luma([red, green, blue]: [u8; 3]) -> u8 {
    ((u32::from(red) * 19595 + u32::from(green) * 38470 + u32::from(blue) * 7471 + 0x8000) >> 16) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn luma_keeps_grey_and_weighs_the_colours() {
        for level in 0..=255 {
            assert_eq!(luma([level; 3]), level);
        }
        // PIL: Image.new("RGB", (1, 1), c).convert("L")
        assert_eq!(luma([255, 0, 0]), 76);
        assert_eq!(luma([0, 255, 0]), 150);
        assert_eq!(luma([0, 0, 255]), 29);
    }

    #[test]
    fn equal_pixels_have_one_digest_and_one_bit_changes_it() {
        let mut bytes: Vec<u8> = (0..11 * 7 * 4).map(|at| (at * 37 % 251) as u8).collect();
        let digest = |bytes: &[u8]| Frame::new(11, 7, bytes).unwrap().digest();
        let before = digest(&bytes);
        assert_eq!(digest(&bytes.clone()), before);
        for at in 0..bytes.len() {
            bytes[at] ^= 1;
            assert_ne!(digest(&bytes), before, "{at}");
            bytes[at] ^= 1;
        }
        assert_ne!(Frame::new(7, 11, &bytes).unwrap().digest(), before, "of another shape");
    }

    #[test]
    fn wrong_lengths_are_refused() {
        assert_eq!(
            Frame::new(2, 2, &[0; 15]).unwrap_err(),
            FrameError::Length { width: 2, height: 2, expected: 16, actual: 15 }
        );
        assert_eq!(Frame::new(0, 2, &[]).unwrap_err(), FrameError::Empty { width: 0, height: 2 });
    }

    #[test]
    fn pixels_are_found_by_column_and_row() {
        let mut bytes = vec![0; 3 * 2 * 4];
        bytes[(3 + 2) * 4..(3 + 2) * 4 + 3].copy_from_slice(&[1, 2, 3]);
        let frame = Frame::new(3, 2, &bytes).unwrap();
        assert_eq!(frame.rgb(2, 1), [1, 2, 3]);
    }
}
