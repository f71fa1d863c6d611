//! The figures of a person's own model, of those of its numbers that its card gives to an emotion.

use std::fmt;

use emotion_core::emotion::Emotion;
use emotion_core::model::VOTES;
use serde::Serialize;

use super::metrics::{self, Share, Summary};
use super::outside::Truth;
use super::{Face, RATERS, Votes};

/// Everything that was measured.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OwnReport {
    /// Faces that were to be read, and those of them for which the model gave numbers.
    pub faces: usize,
    pub read: usize,
    /// The largest of its numbers is the label, or the raters' majority; over faces whose truth is an emotion that the card knows.
    pub accuracy: Share,
    /// Against the shares of raters; empty where there are labels only.
    pub emotions: Vec<OwnEmotion>,
}

/// How one number agrees with the share of raters who name its emotion.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OwnEmotion {
    pub emotion: Emotion,
    #[serde(flatten)]
    pub summary: Summary,
}

/// What is true of a face of FER2013: the shares of FER+'s raters where there are votes, else the label.
pub fn truth_of(face: &Face, votes: Option<&Votes>) -> Truth {
    match votes.and_then(|votes| votes.shares(face.row)) {
        Some(shares) => {
            let column = |emotion: Emotion| VOTES.iter().position(|name| *name == emotion.name());
            Truth::Shares(
                Emotion::ALL.map(|emotion| column(emotion).map_or(0.0, |column| shares[column])),
                RATERS,
            )
        }
        None => Truth::Label(Emotion::ALL[face.label.min(6)]),
    }
}

/// Compute the figures. `emotions`: which emotion each number of the model means; `said`: of each face what is true and what the
/// model said.
///
/// # Errors
/// A sentence: the card gives no number to an emotion.
pub fn measure(
    emotions: &[Option<Emotion>],
    said: &[(Truth, Option<Vec<f32>>)],
) -> Result<OwnReport, String> {
    let places: Vec<(Emotion, usize)> =
        emotions.iter().enumerate().filter_map(|(at, emotion)| Some(((*emotion)?, at))).collect();
    if places.is_empty() {
        return Err("the card says of no number which emotion it means: give its output `emotions`.".into());
    }
    let read: Vec<(&Truth, &Vec<f32>)> =
        said.iter().filter_map(|(truth, numbers)| Some((truth, numbers.as_ref()?))).collect();
    let mut right = Vec::new();
    for (truth, numbers) in &read {
        let truth = match truth {
            Truth::Shares(shares, _) => Emotion::ALL[metrics::largest(shares)],
            Truth::Label(emotion) => *emotion,
        };
        if places.iter().any(|(emotion, _)| *emotion == truth) {
            let values: Vec<f64> = places.iter().map(|(_, at)| f64::from(numbers[*at])).collect();
            right.push(places[metrics::largest(&values)].0 == truth);
        }
    }
    let raters = read.iter().find_map(|(truth, _)| match truth {
        Truth::Shares(_, raters) => Some(*raters),
        Truth::Label(_) => None,
    });
    let agreement = |&(emotion, at): &(Emotion, usize)| {
        let pairs = read.iter().filter_map(|(truth, numbers)| match truth {
            Truth::Shares(shares, _) => Some((f64::from(numbers[at]), shares[emotion.index()])),
            Truth::Label(_) => None,
        });
        let (said, truth): (Vec<f64>, Vec<f64>) = pairs.unzip();
        OwnEmotion { emotion, summary: Summary::of(&said, &truth, raters.unwrap_or(RATERS)) }
    };
    Ok(OwnReport {
        faces: said.len(),
        read: read.len(),
        accuracy: Share::of(&right),
        emotions: raters.map_or(Vec::new(), |_| places.iter().map(agreement).collect()),
    })
}

impl fmt::Display for OwnReport {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        writeln!(f, "Your model, not calibrated here: {} of {} faces read", self.read, self.faces)?;
        let share = self.accuracy.share.map_or("-".to_owned(), |share| format!("{share:.4}"));
        writeln!(f, "  {:<28}{share:>8} ({} of {})", "accuracy", self.accuracy.hits, self.accuracy.of)?;
        let number = |value: Option<f64>| value.map_or("-".to_owned(), |value| format!("{value:.3}"));
        for OwnEmotion { emotion, summary } in &self.emotions {
            let (r, ceiling) = (number(summary.pearson), number(summary.pearson_ceiling));
            let error = number(summary.mean_absolute_error);
            writeln!(
                f,
                "  {:<10} r {r:>7} (ceiling {ceiling}), mean absolute error {error}",
                emotion.name()
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_of_the_numbers_that_mean_an_emotion() {
        let emotions = [None, Some(Emotion::Happy), Some(Emotion::Sad)];
        let said = [
            (Truth::Label(Emotion::Happy), Some(vec![9.0, 0.75, 0.25])),
            (Truth::Label(Emotion::Sad), Some(vec![9.0, 0.75, 0.25])),
            (Truth::Label(Emotion::Fear), Some(vec![9.0, 0.75, 0.25])),
            (Truth::Label(Emotion::Sad), None),
        ];
        let report = measure(&emotions, &said).unwrap();
        assert_eq!((report.faces, report.read, report.accuracy.hits, report.accuracy.of), (4, 3, 1, 2));
        assert!(report.emotions.is_empty());
        assert!(measure(&[None], &said).unwrap_err().contains("`emotions`"));
    }

    #[test]
    fn shares_of_raters_are_compared_number_by_number() {
        let shares = |happy: f64| {
            let mut shares = [0.0; 7];
            (shares[3], shares[6]) = (happy, 1.0 - happy);
            Truth::Shares(shares, 10.0)
        };
        // numpy.corrcoef of a line is 1; the error is the distance.
        let said: Vec<_> =
            [0.0, 0.5, 1.0].map(|happy| (shares(happy), Some(vec![happy as f32 * 0.5 + 0.25]))).into();
        let report = measure(&[Some(Emotion::Happy)], &said).unwrap();
        let summary = report.emotions[0].summary;
        assert!((summary.pearson.unwrap() - 1.0).abs() < 1e-12);
        assert!((summary.mean_absolute_error.unwrap() - 0.5 / 3.0).abs() < 1e-12);
        assert!(report.to_string().contains("not calibrated here"));
    }
}
