//! The largest lengths (in characters) and counts. Parser and schema both take them from here.

/// Of the title, in characters.
pub const TITLE: usize = 200;
/// Of a short text such as a label or a name, in characters.
pub const SHORT: usize = 500;
/// Of the text of a question or a text card, in characters.
pub const LONG: usize = 2_000;
/// Of the instructions, in characters.
pub const INSTRUCTIONS: usize = 5_000;
/// Of the consent text, in characters.
pub const CONSENT: usize = 20_000;
/// Of a link, in characters.
pub const LINK: usize = 1_000;
/// Of the path of a file, in characters.
pub const PATH: usize = 200;
/// Stimuli of a study.
pub const STIMULI: usize = 100;
/// Segments of a stimulus.
pub const SEGMENTS: usize = 50;
/// Groups of a study.
pub const GROUPS: usize = 20;
/// Screening questions.
pub const SCREENING: usize = 20;
/// Questions of a study.
pub const QUESTIONS: usize = 100;
/// Options of a choice.
pub const OPTIONS: usize = 50;
/// Parameters that are carried from the link.
pub const CARRY: usize = 10;
/// Overridden texts.
pub const TEXTS: usize = 400;
/// Shortest time that a stimulus may be shown, in milliseconds.
pub const MIN_DURATION_MS: u32 = 500;
/// Longest video, in milliseconds: two hours.
pub const MAX_VIDEO_MS: u32 = 7_200_000;
/// Longest showing of an image, a text or a pause, in milliseconds: ten minutes.
pub const MAX_STILL_MS: u32 = 600_000;
/// Largest media file, in bytes.
pub const MAX_MEDIA_BYTES: u64 = 1_000_000_000;
