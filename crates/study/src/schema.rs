//! The JSON Schemas of study and result files (draft 2020-12), generated from the types.

use schemars::Schema;
use schemars::generate::SchemaSettings;
use schemars::transform::{Transform, transform_subschemas};
use serde_json::{Value, json};

/// File names and texts of the published schemas.
pub fn published() -> [(&'static str, String); 2] {
    [("study-1.json", text(study())), ("result-1.json", text(result()))]
}

fn text(schema: Schema) -> String {
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}

/// The schema of the study file.
pub fn study() -> Schema {
    let mut generator = SchemaSettings::draft2020_12().into_generator();
    let mut schema = generator.root_schema_for::<crate::file::Study>();
    WithoutNull.transform(&mut schema);
    schema.insert("title".to_owned(), "Study of Emotion Depth, version 1".into());
    schema
}

/// The schema of the result file's JSON.
pub fn result() -> Schema {
    let mut generator = SchemaSettings::draft2020_12().into_generator();
    let mut schema = generator.root_schema_for::<crate::result::ResultFile>();
    schema.insert("title".to_owned(), "Result of one session of Emotion Depth, version 1".into());
    // The column types are wider than what stands in them.
    let ranges = [
        ("raw_", 0, 10_000),
        ("yaw", -1_800, 1_800),
        ("exposure", 0, 65_534),
        ("media_ms", -60_000, i32::MAX),
    ];
    let columns = schema.pointer_mut("/$defs/Columns/properties").and_then(Value::as_object_mut);
    for (name, column) in columns.into_iter().flatten() {
        if let Some((_, min, max)) = ranges.iter().find(|(start, ..)| name.starts_with(start)) {
            column["items"]["minimum"] = (*min).into();
            column["items"]["maximum"] = (*max).into();
        }
    }
    let ends: [(&str, Value); 3] = [
        ("format", json!({"description": "Always `emotion-depth-result`.", "const": crate::result::FORMAT})),
        (
            "version",
            json!({"description": "The version of this format: 1.", "const": crate::result::VERSION}),
        ),
        (
            "integrity",
            json!({
                "description": "SHA-256 of the text of this file before the comma in front of this field, which is the last one.",
                "type": "string", "pattern": "^[0-9a-f]{64}$"
            }),
        ),
    ];
    for (name, part) in ends {
        if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
            properties.insert(name.to_owned(), part);
        }
        if let Some(required) = schema.get_mut("required").and_then(Value::as_array_mut) {
            required.push(name.into());
        }
    }
    schema
}

/// In a study file a field that is not needed is left out; `null` stands nowhere.
struct WithoutNull;

impl Transform for WithoutNull {
    fn transform(&mut self, schema: &mut Schema) {
        if let Some(Value::Array(types)) = schema.get_mut("type") {
            types.retain(|name| name != "null");
            if let [only] = types.as_slice() {
                let only = only.clone();
                schema.insert("type".to_owned(), only);
            }
        }
        if schema.get("default") == Some(&Value::Null) {
            schema.remove("default");
        }
        transform_subschemas(self, schema);
    }
}
