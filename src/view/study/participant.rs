//! Who of the faces in the picture is the participant: the face of the baseline, and nobody else.

use emotion_core::person::{OTHER_PERSON, SAME_PERSON};
use emotion_core::reading::{FaceReading, FrameReading};

use crate::view::choice::Seen;

/// A face that is followed is given up after it has been another's for so long, in milliseconds: a hand before it is short. Readings of
/// a moment that is unlike are nobody's meanwhile.
const UNLIKE_MS: f64 = 600.0;

/// The participant's face through the frames.
#[derive(Debug, Clone, Default)]
pub struct Participant {
    /// The track of the participant, while it is followed.
    face: Option<u32>,
    /// The baseline is taken: from now on only the face of the baseline counts.
    known: bool,
    /// Since when the followed face has been unlike.
    unlike_since_ms: Option<f64>,
}

/// Who is in the picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Presence<'r> {
    /// The participant, and whether somebody else is there, too.
    Here { face: &'r FaceReading, others: bool },
    /// Faces, but not the participant's.
    Other,
    /// No face.
    Nobody,
}

impl Presence<'_> {
    /// The same, kept beyond its frame.
    pub fn held(self) -> Held {
        match self {
            Presence::Here { face, others } => Held::Here { face: Box::new(face.clone()), others },
            Presence::Other => Held::Other,
            Presence::Nobody => Held::Nobody,
        }
    }
}

/// A [`Presence`] that outlives its frame.
#[derive(Debug, Clone, PartialEq)]
pub enum Held {
    Here { face: Box<FaceReading>, others: bool },
    Other,
    Nobody,
}

impl Held {
    pub fn presence(&self) -> Presence<'_> {
        match self {
            Held::Here { face, others } => Presence::Here { face, others: *others },
            Held::Other => Presence::Other,
            Held::Nobody => Presence::Nobody,
        }
    }
}

impl Participant {
    /// The track that is taken for the participant's.
    pub fn face(&self) -> Option<u32> {
        self.face
    }

    /// The baseline is taken of the face that is followed now: it is the participant's from now on.
    pub fn settle(&mut self) {
        self.known = self.face.is_some();
    }

    /// Begin anew: another engine counts its faces from 1 again, and nobody is remembered.
    pub fn forget(&mut self) {
        *self = Self::default();
    }

    /// Take in the faces of one frame, in the order of capture.
    pub fn see<'r>(&mut self, reading: &'r FrameReading) -> Presence<'r> {
        let faces = &reading.faces;
        if faces.is_empty() {
            return Presence::Nobody;
        }
        let followed = self.face.and_then(|id| faces.iter().find(|face| face.face == id));
        let followed = followed.filter(|face| !self.is_unlike(face, reading.time_ms));
        let found = followed.or_else(|| if self.known { find(faces) } else { largest(reading) });
        match found {
            Some(face) => {
                if self.face != Some(face.face) {
                    self.unlike_since_ms = None;
                }
                self.face = Some(face.face);
                Presence::Here { face, others: faces.len() > 1 }
            }
            None => Presence::Other,
        }
    }

    /// Whether the followed face looks like another person now.
    fn is_unlike(&mut self, face: &FaceReading, time_ms: f64) -> bool {
        if !self.known || face.likeness.is_none_or(|likeness| likeness >= OTHER_PERSON) {
            self.unlike_since_ms = None;
            return false;
        }
        let since_ms = *self.unlike_since_ms.get_or_insert(time_ms);
        if time_ms - since_ms >= UNLIKE_MS {
            self.face = None;
        }
        true
    }
}

/// The face that is most like the participant, if it is like enough.
fn find(faces: &[FaceReading]) -> Option<&FaceReading> {
    let like = faces.iter().filter_map(|face| Some((face.likeness?, face)));
    like.filter(|(likeness, _)| *likeness >= SAME_PERSON)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, face)| face)
}

fn largest(reading: &FrameReading) -> Option<&FaceReading> {
    reading.faces.iter().max_by(|a, b| Seen::of(a, reading).area.total_cmp(&Seen::of(b, reading).area))
}

#[cfg(test)]
mod tests {
    use super::*;
    use emotion_core::geometry::Rect;

    fn face(id: u32, width: f32, likeness: Option<f32>) -> FaceReading {
        FaceReading {
            face: id,
            box_px: Rect { x: 200.0, y: 100.0, width, height: width },
            points_px: Default::default(),
            score: 0.9,
            pose: Default::default(),
            quality: Default::default(),
            raw: Default::default(),
            studies: Default::default(),
            likeness,
            own: None,
        }
    }

    fn reading(time_ms: f64, faces: Vec<FaceReading>) -> FrameReading {
        FrameReading {
            time_ms,
            width: 640,
            height: 480,
            faces,
            stages: Default::default(),
            unchanged_ms: 0.0,
        }
    }

    /// The number of the face that is taken for the participant's.
    fn taken(who: &mut Participant, time_ms: f64, faces: Vec<FaceReading>) -> Option<u32> {
        match who.see(&reading(time_ms, faces)) {
            Presence::Here { face, .. } => Some(face.face),
            Presence::Other | Presence::Nobody => None,
        }
    }

    fn settled() -> Participant {
        let mut who = Participant::default();
        assert_eq!(taken(&mut who, 0.0, vec![face(1, 100.0, None), face(2, 160.0, None)]), Some(2));
        who.settle();
        who
    }

    #[test]
    fn before_the_baseline_the_largest_face_is_taken_and_kept() {
        let who = settled();
        assert_eq!(who.face(), Some(2));
    }

    #[test]
    fn another_face_is_never_taken_for_the_participants() {
        let mut who = settled();
        let stranger = || vec![face(5, 200.0, Some(0.1))];
        assert_eq!(who.see(&reading(100.0, stranger())), Presence::Other);
        assert_eq!(taken(&mut who, 9_000.0, vec![face(6, 200.0, None)]), None, "nobody is remembered");
        assert_eq!(
            taken(&mut who, 9_100.0, vec![face(7, 90.0, Some(0.8)), face(5, 200.0, Some(0.1))]),
            Some(7)
        );
    }

    #[test]
    fn a_followed_face_that_stays_unlike_is_another_persons() {
        let mut who = settled();
        let unlike = |likeness| vec![face(2, 160.0, Some(likeness))];
        assert_eq!(taken(&mut who, 100.0, unlike(0.1)), None, "whose reading it is, is not known");
        assert_eq!(taken(&mut who, 400.0, unlike(0.3)), Some(2), "a hand before the face is short");
        assert_eq!(taken(&mut who, 500.0, unlike(0.1)), None);
        assert_eq!(taken(&mut who, 1_200.0, unlike(0.1)), None);
        assert_eq!(taken(&mut who, 1_300.0, unlike(0.3)), None, "a face that was given up must be more like");
        assert_eq!(taken(&mut who, 1_400.0, unlike(0.7)), Some(2), "until the person is back");
    }

    #[test]
    fn somebody_beside_the_participant_is_told() {
        let mut who = settled();
        let two = reading(100.0, vec![face(2, 160.0, Some(0.9)), face(3, 80.0, Some(0.0))]);
        assert!(matches!(who.see(&two), Presence::Here { others: true, .. }));
        assert_eq!(who.see(&reading(200.0, vec![])), Presence::Nobody);
    }
}
