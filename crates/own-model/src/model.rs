//! A model with its card: frames and faces in, its numbers out.

use emotion_core::frame::Frame;
use emotion_core::model::{Alignment, Network, NetworkError};
use emotion_core::reading::FrameReading;

use crate::card::Card;
use crate::crop::Cutter;

/// A person's own model, ready to run.
pub struct OwnModel {
    card: Card,
    sha256: String,
    network: Box<dyn Network>,
    /// For each output of the card which of the network's it is.
    places: Vec<usize>,
    cutter: Cutter,
}

impl OwnModel {
    /// A model of a given network; tests hand in fakes. `places`: for each output of the card which of the network's it is; `fer`:
    /// where the built-in model has the points of a face; `sha256`: of the model's file.
    pub fn new(
        card: Card,
        network: Box<dyn Network>,
        places: Vec<usize>,
        fer: &Alignment,
        sha256: String,
    ) -> Self {
        let cutter = Cutter::new(&card.input, fer);
        Self { card, sha256, network, places, cutter }
    }

    pub fn card(&self) -> &Card {
        &self.card
    }

    /// SHA-256 of the model's file, lower-case hexadecimal.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// Run once on a grey picture, so that the first face is as fast as the others.
    ///
    /// # Errors
    /// [`NetworkError`] where the network fails, or its outputs are not as many numbers as the card has labels.
    pub fn warm_up(&mut self) -> Result<(), NetworkError> {
        let numbers = self.card.input.shape.iter().product();
        self.run(&vec![0.5; numbers]).map(drop)
    }

    /// Fills [`emotion_core::reading::FaceReading::own`] of every face of a frame: the numbers by [`Card::labels`]. Of a face
    /// that cannot be cut out, or for which the model gives no finite numbers, it stays `None`.
    ///
    /// # Errors
    /// As [`OwnModel::warm_up`].
    pub fn read(&mut self, frame: &Frame, reading: &mut FrameReading) -> Result<(), NetworkError> {
        for face in &mut reading.faces {
            face.own = match self.cutter.cut(frame, face.box_px, &face.points_px) {
                Some(input) => self.run(&input)?,
                None => None,
            }
            .map(|numbers| self.card.labels().map(str::to_owned).zip(numbers).collect());
        }
        Ok(())
    }

    /// The numbers for a square picture that is a crop already, enlarged or reduced to the model's own size: for measuring on FER2013.
    ///
    /// # Errors
    /// As [`OwnModel::warm_up`].
    pub fn read_crop(&mut self, frame: &Frame) -> Result<Option<Vec<f32>>, NetworkError> {
        let input = self.cutter.whole(frame);
        self.run(&input)
    }

    /// `None`: numbers that are not finite.
    fn run(&mut self, input: &[f32]) -> Result<Option<Vec<f32>>, NetworkError> {
        let outputs = self.network.run(input)?;
        let mut numbers = Vec::new();
        for (output, place) in self.card.outputs.iter().zip(&self.places) {
            let values = outputs.get(*place).map(Vec::as_slice).unwrap_or_default();
            if values.len() != output.labels.len() {
                let (labels, actual) = (output.labels.len(), values.len());
                return Err(NetworkError::Output {
                    expected: "as many numbers as the card has labels",
                    actual: format!("{actual} for the {labels} labels of {}", output.name),
                });
            }
            let mut values = values.to_vec();
            output.activation.apply(&mut values);
            numbers.extend(values);
        }
        Ok(numbers.iter().all(|number| number.is_finite()).then_some(numbers))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::card::parse;
    use emotion_core::geometry::{Point, Rect};
    use emotion_core::reading::{FaceReading, Pose, Quality};

    const CARD: &str = r#"{"format": "emotion-depth-card", "version": 1, "name": "a",
        "input": {"shape": [1, 1, 16, 16], "layout": "nchw", "colour": "grey", "pixels": {"kind": "byte"}, "crop": {"template": "box"}},
        "outputs": [{"name": "second", "activation": "sigmoid", "labels": ["x", "y"]},
                    {"name": "first", "labels": ["mean"], "range": [0, 255]}]}"#;

    const FER: Alignment = Alignment {
        size: 48,
        left_eye: [15.0, 17.0],
        right_eye: [33.0, 17.0],
        nose: [24.0, 28.0],
        mouth: [24.0, 37.0],
    };

    /// Gives the mean of its input first, and then these numbers.
    struct Fake(Vec<f32>);

    impl Network for Fake {
        fn run(&mut self, input: &[f32]) -> Result<Vec<Vec<f32>>, NetworkError> {
            assert_eq!(input.len(), 16 * 16);
            Ok(vec![vec![input.iter().sum::<f32>() / 256.0], self.0.clone()])
        }
    }

    fn model(second: &[f32]) -> OwnModel {
        OwnModel::new(parse(CARD).unwrap(), Box::new(Fake(second.to_vec())), vec![1, 0], &FER, String::new())
    }

    fn reading(boxes: &[Rect]) -> FrameReading {
        let face = |box_px: &Rect| FaceReading {
            face: 1,
            box_px: *box_px,
            points_px: [Point::default(); 6],
            score: 0.9,
            pose: Pose::default(),
            quality: Quality::default(),
            raw: Default::default(),
            studies: Default::default(),
            likeness: None,
            own: None,
        };
        FrameReading {
            time_ms: 0.0,
            width: 64,
            height: 64,
            faces: boxes.iter().map(face).collect(),
            stages: Default::default(),
            unchanged_ms: 0.0,
        }
    }

    #[test]
    fn each_face_gets_its_own_numbers_in_the_cards_order() {
        // The left half is dark, the right half bright.
        let bytes: Vec<u8> = (0..64 * 64).flat_map(|at| [if at % 64 < 32 { 10 } else { 200 }; 4]).collect();
        let frame = Frame::new(64, 64, &bytes).unwrap();
        let mut reading =
            reading(&[Rect::new(4.0, 8.0, 16.0, 16.0), Rect::new(40.0, 8.0, 16.0, 16.0), Rect::default()]);
        model(&[0.0, 100.0]).read(&frame, &mut reading).unwrap();
        let own: Vec<_> = reading.faces.iter().map(|face| face.own.clone()).collect();
        let numbers =
            |mean| Some(vec![("x".to_owned(), 0.5), ("y".to_owned(), 1.0), ("mean".to_owned(), mean)]);
        assert_eq!(own, [numbers(10.0), numbers(200.0), None]);
    }

    #[test]
    fn what_is_no_number_is_no_reading_and_a_wrong_count_is_an_error() {
        let bytes = vec![9; 64 * 64 * 4];
        let frame = Frame::new(64, 64, &bytes).unwrap();
        let mut one = reading(&[Rect::new(4.0, 8.0, 16.0, 16.0)]);
        model(&[f32::NAN, 0.0]).read(&frame, &mut one).unwrap();
        assert_eq!(one.faces[0].own, None);
        let error = model(&[0.0; 3]).read(&frame, &mut one).unwrap_err();
        assert!(error.to_string().contains("3 for the 2 labels of second"), "{error}");
        assert!(model(&[]).warm_up().is_err() && model(&[0.0, 0.0]).warm_up().is_ok());
    }
}
