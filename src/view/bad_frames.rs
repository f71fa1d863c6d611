//! How many frames in a row may be unreadable.

/// More than so many are a failure: one or two are a camera that was just switched.
const MOST: u32 = 15;

/// Frames in a row that the engine could not read.
#[derive(Debug, Clone, Default)]
pub struct BadFrames(u32);

impl BadFrames {
    /// A frame was read.
    pub fn good(&mut self) {
        self.0 = 0;
    }

    /// A frame could not be read. True where it is one too many.
    pub fn bad(&mut self) -> bool {
        self.0 += 1;
        self.0 > MOST
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_frames_in_a_row_count() {
        let mut frames = BadFrames::default();
        assert!((0..MOST).all(|_| !frames.bad()));
        frames.good();
        assert!((0..MOST).all(|_| !frames.bad()));
        assert!(frames.bad());
    }
}
