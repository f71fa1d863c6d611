//! Whether a face is one certain person: the one who was learnt while they sat still before the camera.
//!
//! The tracker keeps a face's number while it is followed. Who comes back after an absence has a new number: then only the
//! looks can say whether it is the same person. What is kept are a few portraits of 16 x 16 values less the mean face, in
//! memory only; nobody can be recognised by them elsewhere, and they end with the engine.

use crate::align::SIZE;
use crate::track::portrait::{self, Portrait};

/// So many portraits are learnt: a face at rest, in the small turns and looks of some seconds.
const MOST_PORTRAITS: usize = 8;
/// What is less alike than this to all portraits so far is worth one of its own.
const NEW_LOOK: f32 = 0.97;

/// From this likeness on a face that comes into the picture counts as the remembered person.
///
/// Of two people at one moment six pairs in ten are less alike than 0.5, and one face at two near moments never was
/// (docs/tracking.md). It is a floor, not a proof: a stranger who looks much like the person passes.
pub const SAME_PERSON: f32 = 0.5;
/// Below this a face that was followed is another person's: two people crossed, or one took the other's place.
pub const OTHER_PERSON: f32 = 0.2;

/// A person who is remembered.
pub struct Person {
    /// The track that is learnt from.
    face: u32,
    portraits: Vec<Portrait>,
}

impl Person {
    /// Learn from the track `face`.
    pub fn new(face: u32) -> Self {
        Self { face, portraits: Vec::new() }
    }

    /// How alike a face of the current frame is to the person, -1..=1: the best of the portraits. `crop`: 48 x 48 luma values, as the
    /// classifier sees them. `None` before anything is learnt, or where the crop has another size.
    pub fn likeness(&mut self, face: u32, crop: &[u8]) -> Option<f32> {
        let portrait = Portrait::of(&shrunk(crop)?);
        let best = self.portraits.iter().map(|known| known.likeness(&portrait)).reduce(f32::max);
        let learns = face == self.face && self.portraits.len() < MOST_PORTRAITS;
        // Of the own track, and like what is known already: never another face that took its place.
        if learns && best.is_none_or(|best| (SAME_PERSON..NEW_LOOK).contains(&best)) {
            self.portraits.push(portrait);
        }
        best.or(learns.then_some(1.0))
    }
}

/// The crop in [`portrait::SIDE`] squared means.
fn shrunk(crop: &[u8]) -> Option<Vec<u8>> {
    const STEP: usize = SIZE / portrait::SIDE;
    if crop.len() != SIZE * SIZE {
        return None;
    }
    let mean = |at: usize| {
        let (left, top) = (at % portrait::SIDE * STEP, at / portrait::SIDE * STEP);
        let rows = (top..top + STEP).flat_map(|y| &crop[y * SIZE + left..y * SIZE + left + STEP]);
        let sum: usize = rows.map(|luma| usize::from(*luma)).sum();
        ((sum + STEP * STEP / 2) / (STEP * STEP)) as u8
    };
    Some((0..portrait::SIDE * portrait::SIDE).map(mean).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A face of one's own: light that falls from one side or the other, and a mouth or none.
    fn crop(of: impl Fn(f32, f32) -> f32) -> Vec<u8> {
        let pixel = |at: usize| {
            let [x, y] = [(at % SIZE) as f32 / 24.0 - 1.0, (at / SIZE) as f32 / 24.0 - 1.0];
            (128.0 + 60.0 * of(x, y)).clamp(0.0, 255.0) as u8
        };
        (0..SIZE * SIZE).map(pixel).collect()
    }

    #[test]
    fn one_person_is_known_again_and_another_is_not() {
        let anna = crop(|x, y| libm::sinf(3.0 * x + y));
        let brighter = crop(|x, y| 0.7 * libm::sinf(3.0 * x + y) + 0.4);
        let ben = crop(|x, y| libm::cosf(4.0 * y - x));
        let mut person = Person::new(3);
        assert_eq!(person.likeness(7, &ben), None, "nothing is learnt from others");
        assert_eq!(person.likeness(3, &anna), Some(1.0));
        let again = person.likeness(9, &brighter).expect("somebody is known");
        let other = person.likeness(7, &ben).expect("somebody is known");
        assert!(again > 0.9, "{again}");
        assert!(other < SAME_PERSON, "{other}");
        assert_eq!(person.portraits.len(), 1, "other tracks teach nothing");
    }

    #[test]
    fn another_face_in_the_learnt_track_is_not_learnt() {
        let anna = crop(|x, y| libm::sinf(3.0 * x + y));
        let ben = crop(|x, y| libm::cosf(4.0 * y - x));
        let mut person = Person::new(1);
        person.likeness(1, &anna);
        for _ in 0..20 {
            person.likeness(1, &ben);
        }
        assert!(person.likeness(1, &ben).expect("known") < SAME_PERSON);
        assert_eq!(person.likeness(1, &[0; 7]), None);
    }
}
