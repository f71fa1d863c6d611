//! JSON into a `Value`, with the fields that are there twice as faults: serde_json keeps the last one silently.

use std::cell::RefCell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use crate::fault::{Fault, Faults};
use crate::walk::shortened;

/// Read JSON text. What is no JSON at all is told with its line and column.
pub(crate) fn parse(text: &str) -> Result<Value, Vec<Fault>> {
    let faults = RefCell::new(Faults::default());
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = Seed { path: String::new(), faults: &faults }.deserialize(&mut deserializer);
    match value.and_then(|value| deserializer.end().map(|()| value)) {
        Err(error) => Err(vec![Fault::new("", broken(text, &error))]),
        Ok(value) => {
            let faults = faults.into_inner();
            if faults.is_empty() { Ok(value) } else { Err(faults.finish()) }
        }
    }
}

/// What breaks the JSON, in words.
pub(crate) fn broken(text: &str, error: &serde_json::Error) -> String {
    if text.trim().is_empty() {
        return "The file is empty.".to_owned();
    }
    if error.is_eof() {
        return "The file stops in the middle: a closing bracket or quotation mark is missing, or it was cut off.".to_owned();
    }
    let words = error.to_string();
    let words = words.split(" at line ").next().unwrap_or(&words);
    format!(
        "The file is not right JSON: near line {}, column {} ({words}). Often a comma or a quotation mark is missing \
         or too many.",
        error.line(),
        error.column()
    )
}

struct Seed<'f> {
    path: String,
    faults: &'f RefCell<Faults>,
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("a number is too large"))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(value) = entries
            .next_element_seed(Seed { path: format!("{}[{}]", self.path, list.len()), faults: self.faults })?
        {
            list.push(value);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(field) = fields.next_key::<String>()? {
            let name = shortened(&field);
            let path = if self.path.is_empty() { name } else { format!("{}.{name}", self.path) };
            let value = fields.next_value_seed(Seed { path: path.clone(), faults: self.faults })?;
            if map.insert(field, value).is_some() {
                self.faults.borrow_mut().push(path, "This field is there twice. Keep one of the two.");
            }
        }
        Ok(Value::Object(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_that_is_there_twice_is_told_with_its_path() {
        let faults = parse(r#"{"a": [{"b": 1, "b": 2}], "c": 1}"#).expect_err("b is there twice");
        assert_eq!((faults.len(), faults[0].path.as_str()), (1, "a[0].b"));
    }

    #[test]
    fn what_is_no_json_is_told_with_its_place() {
        let reason = |text: &str| parse(text).expect_err("broken").remove(0).reason;
        assert!(reason("{\"a\": 1,\n \"b\" 2}").contains("line 2"));
        assert!(reason("{\"a\": [1").contains("cut off"));
        assert!(reason(" ").contains("empty"));
        assert!(reason("{} {}").contains("not right JSON"));
        assert!(reason(&"[".repeat(1000)).contains("not right JSON")); // serde_json's limit of depth
    }

    #[test]
    fn it_reads_what_serde_json_reads() {
        let text = r#"{"a": [null, true, -1, 18446744073709551615, 1.5, "x\u00e9"], "b": {}}"#;
        assert_eq!(parse(text).expect("right"), serde_json::from_str::<Value>(text).expect("right"));
    }
}
