//! Where a value lies in its buffer: rows of pixels, channels innermost (NHWC), a border of zeros around.

/// Channels that a kernel computes at a time. Values that a layer writes have their channels rounded up to
/// whole lanes; the lanes beyond the last channel always hold 0.
pub const LANES: usize = 8;

/// Readable elements behind the last pixel: a kernel reads pairs and may read one element too many.
const SLACK: usize = LANES;

/// The layout of one buffer of i16. All distances count elements. Two values of the same place can share
/// a buffer one after the other: nothing ever writes the border, so it stays zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Of the first channel of the top left pixel.
    pub origin: usize,
    /// From a pixel to its neighbour on the right.
    pub pixel: usize,
    /// From a pixel to its neighbour below.
    pub row: usize,
    pub height: usize,
    pub width: usize,
    /// Of the whole buffer.
    pub len: usize,
}

impl Place {
    /// `border`: rows above, columns to the left, rows below, columns to the right.
    pub fn new(height: usize, width: usize, lanes: usize, border: [usize; 4]) -> Self {
        let [top, left, bottom, right] = border;
        let row = (left + width + right) * lanes;
        let origin = top * row + left * lanes;
        Self { origin, pixel: lanes, row, height, width, len: (top + height + bottom) * row + SLACK }
    }

    /// Of the first channel of the pixel in row `y`, column `x`.
    pub fn at(&self, y: usize, x: usize) -> usize {
        self.origin + y * self.row + x * self.pixel
    }
}
