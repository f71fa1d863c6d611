//! A recorded video, picture by picture: by the browser's decoder where there is a demuxer and a decoder for it, else by
//! seeking in a player. Both read the same pictures of the grid.

mod blob;
mod decode;
mod decoder;
mod feed;
mod seek;
mod signal;

use web_sys::File;

use self::decode::Decoded;
use self::seek::Sought;
use crate::view::video::Holdings;
use crate::web::capture::CapturedFrame;
use crate::web::clip_fault::ClipFault;
use emotion_core::walk::{Pace, Span};

/// What comes next of a video.
pub enum Event {
    /// A picture to be read; it stands for so many milliseconds.
    Picture { frame: CapturedFrame, span_ms: f64 },
    /// The last picture stands for longer than was thought.
    Longer { more_ms: f64 },
    /// Nothing to be read here.
    Nothing,
}

/// An open video; all that it holds is let go when this is dropped.
#[must_use = "the video is closed when this is dropped"]
pub struct Film {
    file: File,
    pace: Pace,
    way: Way,
}

enum Way {
    Decoded(Decoded),
    Sought(Sought),
}

impl Film {
    /// Open a file, to be looked at so often. Nothing is fetched: the browser reads it from the disk.
    ///
    /// # Errors
    /// [`ClipFault`] where neither way can show it.
    pub async fn open(file: &File, pace: Pace) -> Result<Self, ClipFault> {
        if file.size() == 0.0 {
            return Err(ClipFault::Empty);
        }
        let way = match Decoded::open(file, pace).await {
            Ok(decoded) => Way::Decoded(decoded),
            Err(why) => {
                // What the demuxer says of a file that the player refuses as well says more.
                let sought = Sought::open(file, pace).await;
                Way::Sought(sought.map_err(|fault| why.says_more().unwrap_or(fault))?)
            }
        };
        Ok(Self { file: file.clone(), pace, way })
    }

    /// The next event; `None` at the end. The decoder, or the browser on its way to the next picture, works on while the
    /// engine reads one.
    ///
    /// # Errors
    /// [`ClipFault`] where it goes no further. What came before is valid.
    pub async fn next(&mut self) -> Result<Option<Event>, ClipFault> {
        match &mut self.way {
            Way::Sought(sought) => sought.next().await,
            Way::Decoded(decoded) => match decoded.next().await {
                // The decoder took the set-up, but gave not one picture: the player may.
                Err(_) if !decoded.gave_any() => {
                    self.way = Way::Sought(Sought::open(&self.file, self.pace).await?);
                    Ok(Some(Event::Nothing))
                }
                outcome => outcome,
            },
        }
    }

    /// The video's length in milliseconds, where it is known.
    pub fn end_ms(&self) -> Option<f64> {
        match &self.way {
            Way::Decoded(decoded) => decoded.end_ms(),
            Way::Sought(sought) => sought.end_ms(),
        }
    }

    /// How far it has come, in milliseconds of the video.
    pub fn at_ms(&self) -> f64 {
        match &self.way {
            Way::Decoded(decoded) => decoded.at_ms(),
            Way::Sought(sought) => sought.at_ms(),
        }
    }

    /// The engine could not read this picture.
    pub fn refused(&mut self, time_ms: f64, span_ms: f64) {
        match &mut self.way {
            Way::Decoded(decoded) => decoded.refused(time_ms, span_ms),
            Way::Sought(sought) => sought.refused(time_ms, span_ms),
        }
    }

    /// The parts that could not be read, and those in which the picture stands still although the file promises more.
    pub fn spans(&self) -> (Vec<Span>, Vec<Span>) {
        match &self.way {
            Way::Decoded(decoded) => (decoded.unread(), Vec::new()),
            Way::Sought(sought) => sought.spans(),
        }
    }

    /// What the file holds and what it claims, where it was taken apart.
    pub fn holdings(&self) -> Option<Holdings> {
        match &self.way {
            Way::Decoded(decoded) => Some(decoded.holdings()),
            Way::Sought(_) => None,
        }
    }
}
