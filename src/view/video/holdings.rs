//! What a video file holds, what became of it, and what it claims.

/// Pictures of the file, and where each of them went. They add up: `pictures` = `not_shown` + `lost` + `missing` + `decoded`,
/// and of the decoded `read` were read, but for `refused`; the others lie between the looks.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Holdings {
    pub pictures: u64,
    /// Not part of what the film shows: cut away, or only there to be referred to.
    pub not_shown: u64,
    /// The decoder gave nothing for them.
    pub lost: u64,
    /// Named by the file's index, but behind its end.
    pub missing: u64,
    pub decoded: u64,
    /// Handed to the engine, and those that it could not read.
    pub read: u64,
    pub refused: u64,
    /// When the last picture ends, in milliseconds.
    pub until_ms: f64,
    /// What the file says: its length in milliseconds, and the number of its pictures.
    pub claimed_ms: Option<f64>,
    pub claimed_pictures: Option<u64>,
    pub video_tracks: u32,
    /// It ends in the middle of something.
    pub cut_off: bool,
    /// Bytes that belong to nothing.
    pub skipped_bytes: u64,
    pub another_film: bool,
}

impl Holdings {
    /// Decoded, but between two looks.
    pub fn between(&self) -> u64 {
        self.decoded.saturating_sub(self.read)
    }
}
