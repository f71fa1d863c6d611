//! The published schema and the parser agree, by an independent reader of schemas.

use own_model::card::parse;
use serde_json::{Value, json};

fn schema() -> Value {
    serde_json::from_str(include_str!("../../../docs/schemas/card-1.json")).unwrap()
}

#[test]
fn the_published_schema_is_that_of_the_types() {
    let published = include_str!("../../../docs/schemas/card-1.json");
    assert_eq!(published, own_model::schema::published(), "run the example card_schema");
}

#[test]
fn schema_and_parser_take_and_refuse_the_same_cards() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    let card: Value = serde_json::from_str(include_str!("../../../tests/own/plain.card.json")).unwrap();
    let both = |card: &Value| (validator.is_valid(card), parse(&card.to_string()).is_ok());
    assert_eq!(both(&card), (true, true));
    for (place, value) in [
        ("/format", json!("other")),
        ("/version", json!(2)),
        ("/name", json!("")),
        ("/input/layout", json!("chw")),
        ("/input/colour", json!(3)),
        ("/input/shape", json!([1, 3, 48])),
        ("/outputs", json!([])),
        ("/outputs/0/activation", json!("relu")),
        ("/outputs/0/labels", json!([])),
        ("/outputs/0/emotions", json!(["joy", null, null])),
        ("/outputs/1/range", json!([0, 1, 2])),
    ] {
        let mut spoilt = card.clone();
        *spoilt.pointer_mut(place).unwrap() = value;
        assert_eq!(both(&spoilt), (false, false), "{place}");
    }
    let mut more = card;
    more["mood"] = json!(1);
    assert_eq!(both(&more), (false, false));
}
