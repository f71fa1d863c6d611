//! The photo activity's numbers and reasons in words.

use crate::view::photos::Batch;
use crate::view::words::{duration, took};
use emotion_core::reading::Reason;
use emotion_core::still::Reach;

/// A reason in a few words, for a picture that is taken already; `None` for the hint that there are other faces.
pub fn reason(reason: Reason) -> Option<&'static str> {
    match reason {
        Reason::NoFace => Some("no face found"),
        Reason::TooDark => Some("too dark"),
        Reason::TooBright => Some("too bright"),
        Reason::LowContrast => Some("little contrast"),
        Reason::Blurred => Some("blurred"),
        Reason::TurnedAway => Some("turned away"),
        Reason::TooFar => Some("too small"),
        Reason::CutOff => Some("cut off"),
        Reason::Uncertain => Some("perhaps no whole face"),
        Reason::Covered => Some("mouth covered"),
        Reason::UpsideDown => Some("upside down"),
        // Photographs are given one by one, and have no frames that could be missing or repeated.
        Reason::SeveralFaces | Reason::NoFrame | Reason::Unchanged => None,
    }
}

/// All reasons of a reading, the worst first.
pub fn reasons(reasons: &[Reason]) -> String {
    reasons.iter().filter_map(|code| reason(*code)).collect::<Vec<_>>().join(", ")
}

/// "3 of 10 files, 1.5 a second, about 5 s left"; at the end what came of it.
pub fn progress(batch: &Batch) -> String {
    let files = |count: usize| if count == 1 { "1 file".to_owned() } else { format!("{count} files") };
    if batch.running {
        let mut text = format!("{} of {}", batch.done, files(batch.total));
        if let (Some(rate), Some(left_ms)) = (batch.rate(), batch.left_ms()) {
            text += &format!(", {rate:.1} a second, about {} left", duration(left_ms));
        }
        return text;
    }
    let faces = if batch.faces == 1 { "1 face".to_owned() } else { format!("{} faces", batch.faces) };
    let mut text = match batch.cancelled {
        true => format!("Cancelled after {} of {}: {faces}", batch.done, files(batch.total)),
        false => {
            let read = match batch.failed {
                0 => files(batch.done),
                failed => format!("{} of {}", batch.done.saturating_sub(failed), files(batch.done)),
            };
            format!("{read} read {}: {faces}", took(batch.elapsed_ms))
        }
    };
    if batch.failed > 0 {
        text += &format!("; {} could not be read", files(batch.failed));
    }
    text + "."
}

/// Size of the picture for which the cost of the closer search is told: 12 megapixels.
const USUAL: (usize, usize) = (4000, 3000);

/// What the closer search costs; `search_ms`: how long one search takes on this device, where that is known.
pub fn cost(search_ms: Option<f64>) -> String {
    let [usual, small] = [Reach::Fortieth, Reach::Small].map(|reach| reach.searches(USUAL.0, USUAL.1));
    let mut text = format!("A picture of 12 megapixels then takes {small} searches instead of {usual}");
    if let Some(search_ms) = search_ms {
        let time = |searches: usize| {
            let ms = searches as f64 * search_ms;
            if ms < 9_950.0 { format!("{:.1} s", ms / 1000.0) } else { duration(ms) }
        };
        text += &format!(": about {} instead of {} on this device", time(small), time(usual));
    }
    text + "."
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_joined_without_the_hint() {
        assert_eq!(reasons(&[Reason::TooFar, Reason::Blurred, Reason::SeveralFaces]), "too small, blurred");
        assert_eq!(reasons(&[Reason::SeveralFaces]), "");
    }

    #[test]
    fn progress_tells_rate_and_rest_and_at_the_end_the_yield() {
        let mut batch = Batch { total: 10, running: true, ..Batch::default() };
        assert_eq!(progress(&batch), "0 of 10 files");
        (batch.done, batch.elapsed_ms) = (4, 2000.0);
        assert_eq!(progress(&batch), "4 of 10 files, 2.0 a second, about 3 s left");
        (batch.cancelled, batch.running, batch.faces) = (true, false, 1);
        assert_eq!(progress(&batch), "Cancelled after 4 of 10 files: 1 face.");
        (batch.cancelled, batch.done, batch.failed) = (false, 10, 1);
        assert_eq!(progress(&batch), "9 of 10 files read in 2 s: 1 face; 1 file could not be read.");
        batch.elapsed_ms = 300.0;
        assert_eq!(
            progress(&batch),
            "9 of 10 files read in under a second: 1 face; 1 file could not be read."
        );
    }

    #[test]
    fn the_cost_is_told_in_searches_and_where_known_in_time() {
        let text = cost(None);
        assert!(text.contains("instead of 93"), "{text}");
        assert!(cost(Some(5.0)).contains("instead of 0.5 s on this device"), "{}", cost(Some(5.0)));
    }
}
