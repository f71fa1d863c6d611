//! The JSON Schema of the card (draft 2020-12), generated from the types.

use schemars::generate::SchemaSettings;
use serde_json::{Value, json};

use crate::card;

/// The schema as it is published: docs/schemas/card-1.json.
pub fn published() -> String {
    let mut schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<card::Card>();
    schema.insert("title".to_owned(), "Card of an expression model, version 1".into());
    schema.insert("description".to_owned(), "What a model of a person's own takes and gives.".into());
    let mut value = serde_json::to_value(&schema).unwrap_or_default();
    let word = json!({"type": "string", "minLength": 1, "maxLength": card::MOST_LETTERS});
    let limits: [(&str, Value); 9] = [
        ("/properties/format/const", card::FORMAT.into()),
        ("/properties/version/const", card::VERSION.into()),
        ("/properties/name/minLength", 1.into()),
        ("/properties/name/maxLength", card::MOST_LETTERS.into()),
        ("/properties/outputs/minItems", 1.into()),
        ("/properties/outputs/maxItems", card::MOST_OUTPUTS.into()),
        ("/$defs/Output/properties/labels/items", word),
        ("/$defs/Output/properties/labels/minItems", 1.into()),
        ("/$defs/Output/properties/labels/maxItems", card::MOST_LABELS.into()),
    ];
    for (place, limit) in limits {
        let (parent, name) = place.rsplit_once('/').unwrap_or_default();
        if let Some(parent) = value.pointer_mut(parent) {
            parent[name] = limit;
        }
    }
    let mut text = serde_json::to_string_pretty(&value).unwrap_or_default();
    text.push('\n');
    text
}
