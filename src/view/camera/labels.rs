//! What the cameras in the list of choices are called.

use std::collections::BTreeMap;

/// A name for each camera: its maker's label, numbered where several have the same, or its place in the list where the
/// browser hides labels.
pub fn names(labels: &[String]) -> Vec<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for label in labels {
        *counts.entry(label).or_insert(0) += 1;
    }
    let mut given: BTreeMap<&str, usize> = BTreeMap::new();
    let name = |(at, label): (usize, &'_ String)| {
        if label.is_empty() {
            return format!("camera {}", at + 1);
        }
        let number = given.entry(labels[at].as_str()).or_insert(0);
        *number += 1;
        match counts.get(label.as_str()) {
            Some(1) | None => label.clone(),
            Some(_) => format!("{label} ({number})"),
        }
    };
    labels.iter().enumerate().map(name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_labels_are_numbered_and_hidden_ones_are_places() {
        let named =
            |labels: &[&str]| names(&labels.iter().map(|label| label.to_string()).collect::<Vec<_>>());
        assert_eq!(named(&["HD Webcam", "Other", "HD Webcam"]), ["HD Webcam (1)", "Other", "HD Webcam (2)"]);
        assert_eq!(named(&["", ""]), ["camera 1", "camera 2"]);
        assert_eq!(named(&["HD Webcam"]), ["HD Webcam"]);
    }
}
