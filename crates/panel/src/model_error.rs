//! The model's own error, which stands beside every curve.

use emotion_stats::{EXPRESSIONS, Measure};

/// Mean absolute error of the depth of one photograph against a hundred raters, from angry to neutral: 598 photographs of 14
/// people whom the model had not seen. From models/MODEL_CARD.md ("Faces from elsewhere"); a test compares.
pub const OF_EXPRESSIONS: [f64; EXPRESSIONS] = [0.079, 0.076, 0.035, 0.051, 0.092, 0.048, 0.068];

/// First digits of the classifier's SHA-256 of which these figures are: of its file or of its plan.
pub const CLASSIFIERS: [&str; 2] = ["41d39eec", "8cf196f2"];

/// The error of one measure, where it was measured: intensity has that of neutral, valence none.
#[must_use]
pub fn of(measure: Measure) -> Option<f64> {
    match measure {
        Measure::Valence => None,
        Measure::Intensity => OF_EXPRESSIONS.last().copied(),
        expression => OF_EXPRESSIONS.get(expression.index()).copied(),
    }
}

/// The line beside a curve. It cannot be switched off.
#[must_use]
pub fn line(measure: Measure, classifier: &str) -> String {
    let name = measure.name();
    let end = "The intervals above do not hold this error, and more people do not make it smaller.";
    match of(measure) {
        Some(error) if CLASSIFIERS.contains(&classifier) => format!(
            "The model's own error for {name}: {error:.3} on average, for one photograph against a hundred viewers (598 photographs of 14 \
             people that it had not seen). {end}"
        ),
        Some(_) => format!(
            "The model's own error for {name} is not known for the model of these files ({classifier}). {end}"
        ),
        None => {
            format!("The model's own error for {name} was not measured; those of its parts add up. {end}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_figures_are_those_of_the_model_card() {
        let card = include_str!("../../../models/MODEL_CARD.md");
        let manifest = include_str!("../../../models/manifest.json");
        let (_, table) = card.split_once("Each emotion on the photographs (unseen persons)").unwrap();
        for (measure, error) in Measure::ALL.iter().zip(OF_EXPRESSIONS) {
            let begin = format!("| {} | ", measure.name());
            let row = table.lines().find(|line| line.starts_with(&begin)).unwrap();
            let cell = row.split('|').nth(4).unwrap().trim();
            assert_eq!(format!("0{cell}"), format!("{error:.3}"), "{row}");
        }
        for prefix in CLASSIFIERS {
            assert!(manifest.contains(&format!("\"sha256\": \"{prefix}")), "another model is shipped");
        }
    }

    #[test]
    fn the_line_says_when_it_does_not_know() {
        assert!(line(Measure::Happy, "41d39eec").contains("0.051"));
        assert!(line(Measure::Happy, "00000000").contains("not known"));
        assert!(line(Measure::Valence, "41d39eec").contains("not measured"));
    }
}
