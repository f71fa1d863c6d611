//! Which of the faces the gauges show.

/// How long the gauges wait for a chosen face that was lost before they turn to another, in milliseconds.
pub const PATIENCE_MS: f64 = 3000.0;

/// The face whose gauges are shown: the person's choice, or else the largest face, which is then kept
/// while it is there, so that the gauges do not jump between two people of about the same size.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FaceChoice {
    shown: Option<u32>,
    /// Chosen by the person, and so waited for.
    by_person: bool,
    /// When the shown face was last in the picture.
    seen_ms: f64,
}

impl FaceChoice {
    /// The person chose `face` at `time_ms`.
    pub fn choose(&mut self, face: u32, time_ms: f64) {
        *self = Self { shown: Some(face), by_person: true, seen_ms: time_ms };
    }

    /// Take in the faces of one frame as (id, area) and say which is shown; `None`: no gauges now.
    pub fn update(&mut self, time_ms: f64, faces: impl Iterator<Item = (u32, f32)> + Clone) -> Option<u32> {
        if let Some(shown) = self.shown {
            if faces.clone().any(|(face, _)| face == shown) {
                self.seen_ms = time_ms;
                return self.shown;
            }
            if self.by_person && time_ms - self.seen_ms < PATIENCE_MS {
                return None;
            }
        }
        let largest = faces.fold(None, |best: Option<(u32, f32)>, (face, area)| match best {
            Some((_, most)) if most >= area => best,
            _ => Some((face, area)),
        });
        *self = Self { shown: largest.map(|(face, _)| face), by_person: false, seen_ms: time_ms };
        self.shown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn update(choice: &mut FaceChoice, time_ms: f64, faces: &[(u32, f32)]) -> Option<u32> {
        choice.update(time_ms, faces.iter().copied())
    }

    #[test]
    fn the_largest_face_is_shown_and_kept() {
        let mut choice = FaceChoice::default();
        assert_eq!(update(&mut choice, 0.0, &[]), None);
        assert_eq!(update(&mut choice, 10.0, &[(1, 50.0), (2, 80.0)]), Some(2));
        assert_eq!(update(&mut choice, 20.0, &[(1, 90.0), (2, 80.0)]), Some(2));
        assert_eq!(update(&mut choice, 30.0, &[(1, 90.0)]), Some(1));
    }

    #[test]
    fn a_chosen_face_is_waited_for_and_then_given_up() {
        let mut choice = FaceChoice::default();
        update(&mut choice, 0.0, &[(1, 50.0), (2, 80.0)]);
        choice.choose(1, 0.0);
        assert_eq!(update(&mut choice, 100.0, &[(1, 50.0), (2, 80.0)]), Some(1));
        assert_eq!(update(&mut choice, 200.0, &[(2, 80.0)]), None);
        assert_eq!(update(&mut choice, 900.0, &[(1, 50.0), (2, 80.0)]), Some(1));
        assert_eq!(update(&mut choice, 900.0 + PATIENCE_MS, &[(2, 80.0)]), Some(2));
    }

    #[test]
    fn of_equal_faces_the_first_is_shown() {
        assert_eq!(update(&mut FaceChoice::default(), 0.0, &[(3, 5.0), (4, 5.0)]), Some(3));
    }
}
