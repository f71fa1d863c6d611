//! The way by seeking: for what has no demuxer or no decoder.

use std::pin::Pin;

use web_sys::File;

use super::Event;
use crate::web::clip::{Clip, Look, LookFault};
use crate::web::clip_fault::ClipFault;
use emotion_core::walk::{Pace, Span, Verdict, Walk};

type Coming = Pin<Box<dyn Future<Output = Result<Look, LookFault>>>>;

/// A video that is looked at by seeking.
pub struct Sought {
    clip: Clip,
    walk: Walk,
    /// The look that the browser is on its way to.
    coming: Option<Coming>,
}

impl Sought {
    pub async fn open(file: &File, pace: Pace) -> Result<Self, ClipFault> {
        let clip = Clip::open(file).await?;
        let walk = Walk::new(pace, clip.end_ms());
        Ok(Self { clip, walk, coming: None })
    }

    pub async fn next(&mut self) -> Result<Option<Event>, ClipFault> {
        let Some(time_ms) = self.walk.next_ms() else { return Ok(None) };
        let coming = self.coming.take().unwrap_or_else(|| Box::pin(self.clip.look(time_ms)));
        let Ok(look) = coming.await else {
            self.walk.failed();
            self.clip.reopen().await?;
            return Ok(Some(Event::Nothing));
        };
        Ok(Some(match self.walk.shown(look.shown) {
            Verdict::New { span_ms } => {
                // The browser goes on to the next picture while the engine reads this one.
                self.coming = self.walk.next_ms().map(|next_ms| Box::pin(self.clip.look(next_ms)) as Coming);
                Event::Picture { frame: look.frame, span_ms }
            }
            Verdict::Same { more_ms } => Event::Longer { more_ms },
            Verdict::Other => Event::Nothing,
        }))
    }

    pub fn end_ms(&self) -> Option<f64> {
        self.clip.end_ms()
    }

    pub fn at_ms(&self) -> f64 {
        self.walk.next_ms().or(self.end_ms()).unwrap_or_default()
    }

    pub fn refused(&mut self, time_ms: f64, span_ms: f64) {
        self.walk.lost(time_ms, span_ms);
    }

    pub fn spans(&self) -> (Vec<Span>, Vec<Span>) {
        (self.walk.unread().to_vec(), self.walk.frozen().to_vec())
    }
}
