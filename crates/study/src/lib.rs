//! A study in a link: everything about it that needs no browser.
//!
//! A researcher puts one folder beside the page: `study.json` and its media. A participant opens a link, is asked, is
//! watched by the camera of their own device, and hands a small file over. This crate holds the parts of that which are
//! data and decisions: [`mod@file`] (the study file), [`link`], [`schedule`] (who sees what in which order), [`session`]
//! (what follows what), [`result`] (the file that is handed over), [`receipt`] (the same as text to paste),
//! [`completion`] (the code at the end), [`markdown`] and [`words`] (what the participant reads), [`folder`] and [`mod@zip`] (where
//! the files lie).
//!
//! Nothing here draws, plays, asks for a camera or knows a clock: times are handed in.
//!
//! ```
//! let text = include_str!("../../../public/studies/example/study.json");
//! let study = emotion_study::file::parse(text).expect("the example is right");
//! assert_eq!(study.stimuli.len(), 3);
//!
//! // Every fault comes at its place, in words.
//! let wrong = text.replace("\"demonstration\"", "\"hiring\"");
//! let faults = emotion_study::file::parse(&wrong).expect_err("hiring is refused");
//! assert_eq!(faults[0].path, "purpose");
//! ```

pub mod code;
pub mod completion;
pub mod draw;
pub mod emotion;
pub mod fault;
pub mod file;
pub mod folder;
pub mod hash;
pub mod link;
pub mod markdown;
pub mod receipt;
pub mod result;
pub mod schedule;
#[cfg(feature = "schema")]
pub mod schema;
pub mod session;
#[cfg(test)]
mod testing;
mod walk;
pub mod words;
pub mod zip;
