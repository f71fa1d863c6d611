//! What a person's own model adds to samples: named numbers, not calibrated by this program.

use std::fmt;
use std::sync::Arc;

use serde::de::{MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The field of a sample, and what the names of its columns begin with: `own.LABEL`.
pub const OWN: &str = "own";

/// A person's own model, as session files name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnModel {
    /// As its card calls it.
    pub name: String,
    /// SHA-256 of its ONNX file and of its card, in lower-case hexadecimal.
    pub sha256: String,
    pub card_sha256: String,
    /// The names of its numbers, in order.
    pub labels: Vec<String>,
}

/// The numbers of one face by their labels, in the order of the card. In JSON an object.
///
/// ```
/// use emotion_record::session::OwnValues;
///
/// let values = OwnValues::new(&[("joy".into(), 0.75), ("rest".into(), 0.25)]);
/// assert_eq!(serde_json::to_string(&values).unwrap(), r#"{"joy":0.75,"rest":0.25}"#);
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct OwnValues(Vec<(Arc<str>, f32)>);

impl OwnValues {
    /// The labels with their numbers.
    pub fn new(values: &[(String, f32)]) -> Self {
        Self(values.iter().map(|(label, value)| (label.as_str().into(), *value)).collect())
    }

    /// All labels with their numbers.
    pub fn iter(&self) -> impl Iterator<Item = (&str, f32)> {
        self.0.iter().map(|(label, value)| (label.as_ref(), *value))
    }

    /// The number of a label.
    pub fn get(&self, label: &str) -> Option<f32> {
        self.iter().find(|(known, _)| *known == label).map(|(_, value)| value)
    }

    pub(crate) fn push(&mut self, label: Arc<str>, value: f32) {
        self.0.push((label, value));
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Serialize for OwnValues {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (label, value) in self.iter() {
            map.serialize_entry(label, &value)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for OwnValues {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Map;
        impl<'de> Visitor<'de> for Map {
            type Value = OwnValues;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of numbers")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<OwnValues, A::Error> {
                let mut values = OwnValues::default();
                while let Some((label, value)) = map.next_entry::<String, f32>()? {
                    values.push(label.into(), value);
                }
                Ok(values)
            }
        }
        deserializer.deserialize_map(Map)
    }
}
