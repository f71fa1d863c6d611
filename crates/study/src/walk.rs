//! Walking through a `serde_json::Value` by hand: serde stops at the first fault and loses paths in tagged enums.
//!
//! A reader is a function `(value, path, faults) -> Option<T>`. `None` means that at least one fault was noted;
//! the others of the same object are read all the same, so that a person sees every fault at once.

pub(crate) mod duplicates;

use serde_json::{Map, Value};

use crate::fault::Faults;

/// An object that is being read; [`Object::close`] tells the fields that nobody asked for.
pub(crate) struct Object<'v> {
    pub path: String,
    map: &'v Map<String, Value>,
    known: Vec<&'static str>,
}

impl<'v> Object<'v> {
    pub fn open(value: &'v Value, path: &str, faults: &mut Faults) -> Option<Self> {
        match value {
            Value::Object(map) => Some(Self { path: path.to_owned(), map, known: Vec::new() }),
            other => {
                faults.push(
                    path,
                    format!("This must be a group of fields in braces {{ }}, but it is {}.", name_of(other)),
                );
                None
            }
        }
    }

    /// The path of one of its fields.
    pub fn at(&self, field: &str) -> String {
        if self.path.is_empty() { field.to_owned() } else { format!("{}.{field}", self.path) }
    }

    pub fn required<T>(
        &mut self,
        field: &'static str,
        faults: &mut Faults,
        read: impl FnOnce(&'v Value, &str, &mut Faults) -> Option<T>,
    ) -> Option<T> {
        self.known.push(field);
        match self.map.get(field) {
            Some(value) => read(value, &self.at(field), faults),
            None => {
                faults.push(self.at(field), "This field is missing. It must be there.");
                None
            }
        }
    }

    pub fn optional<T>(
        &mut self,
        field: &'static str,
        absent: T,
        faults: &mut Faults,
        read: impl FnOnce(&'v Value, &str, &mut Faults) -> Option<T>,
    ) -> Option<T> {
        self.known.push(field);
        match self.map.get(field) {
            Some(value) => read(value, &self.at(field), faults),
            None => Some(absent),
        }
    }

    /// The one field of these that is there, and its value; none or several of them are a fault.
    pub fn one_of(
        &mut self,
        fields: &'static [&'static str],
        what: &str,
        faults: &mut Faults,
    ) -> Option<(&'static str, &'v Value)> {
        self.known.extend(fields);
        let mut there = fields.iter().filter_map(|field| self.map.get(*field).map(|value| (*field, value)));
        match (there.next(), there.next()) {
            (Some(only), None) => Some(only),
            (None, _) => {
                faults.push(
                    &*self.path,
                    format!("{what} is missing: one of the fields {} must be there.", listed(fields)),
                );
                None
            }
            (Some((first, _)), Some((second, _))) => {
                faults.push(
                    &*self.path,
                    format!("There may be only one of \"{first}\" and \"{second}\" here."),
                );
                None
            }
        }
    }

    /// Note every field that was never asked for, with the nearest name that exists.
    pub fn close(self, faults: &mut Faults) {
        for field in self.map.keys().filter(|field| !self.known.contains(&field.as_str())) {
            let shown = shortened(field);
            let hint = match nearest(field, self.known.iter().copied()) {
                Some(name) => format!(" Did you mean \"{name}\"?"),
                None => " Remove it, or check how it is spelled.".to_owned(),
            };
            faults.push(self.at(&shown), format!("There is no field of this name here.{hint}"));
        }
    }
}

/// A list with at least `min` and at most `max` entries; every entry is read.
pub(crate) fn list<'v, T>(
    value: &'v Value,
    path: &str,
    faults: &mut Faults,
    (min, max): (usize, usize),
    mut read: impl FnMut(&'v Value, &str, &mut Faults) -> Option<T>,
) -> Option<Vec<T>> {
    let Value::Array(entries) = value else {
        faults.push(path, format!("This must be a list in brackets [ ], but it is {}.", name_of(value)));
        return None;
    };
    if entries.len() < min || entries.len() > max {
        let wanted = if entries.len() < min {
            format!("at least {min} {}", if min == 1 { "entry" } else { "entries" })
        } else {
            format!("at most {max} entries")
        };
        faults.push(path, format!("This list has {} entries, but it must have {wanted}.", entries.len()));
        return None;
    }
    let mut read_entries = Vec::with_capacity(entries.len());
    let mut whole = true;
    for (index, entry) in entries.iter().enumerate() {
        match read(entry, &format!("{path}[{index}]"), faults) {
            Some(entry) => read_entries.push(entry),
            None => whole = false,
        }
    }
    whole.then_some(read_entries)
}

/// A whole number from `min` to `max`. JSON's `5.0` counts as 5, as it does in JSON Schema.
pub(crate) fn integer(value: &Value, path: &str, faults: &mut Faults, (min, max): (i64, i64)) -> Option<i64> {
    let number = value
        .as_i64()
        .or_else(|| value.as_f64().filter(|n| n.fract() == 0.0 && n.abs() < 9e18).map(|n| n as i64));
    match number {
        Some(number) if (min..=max).contains(&number) => Some(number),
        Some(number) => {
            faults.push(path, format!("This is {number}, but it must be from {min} to {max}."));
            None
        }
        None => {
            let got = if value.is_number() { format!("{value}") } else { name_of(value).to_owned() };
            faults.push(path, format!("This must be a whole number from {min} to {max}, but it is {got}."));
            None
        }
    }
}

/// A number from `min` to `max`.
pub(crate) fn number(value: &Value, path: &str, faults: &mut Faults, (min, max): (f64, f64)) -> Option<f64> {
    match value.as_f64() {
        Some(number) if (min..=max).contains(&number) => Some(number),
        Some(number) => {
            faults.push(path, format!("This is {number}, but it must be from {min} to {max}."));
            None
        }
        None => {
            faults.push(
                path,
                format!("This must be a number from {min} to {max}, but it is {}.", name_of(value)),
            );
            None
        }
    }
}

pub(crate) fn boolean(value: &Value, path: &str, faults: &mut Faults) -> Option<bool> {
    value.as_bool().or_else(|| {
        faults.push(
            path,
            format!("This must be true or false (without quotation marks), but it is {}.", name_of(value)),
        );
        None
    })
}

pub(crate) fn string<'v>(value: &'v Value, path: &str, faults: &mut Faults) -> Option<&'v str> {
    value.as_str().or_else(|| {
        faults.push(path, format!("This must be text in quotation marks, but it is {}.", name_of(value)));
        None
    })
}

/// Text that is not blank, of at most `max` characters.
pub(crate) fn text(value: &Value, path: &str, faults: &mut Faults, max: usize) -> Option<String> {
    let text = string(value, path, faults)?;
    let length = text.chars().count();
    if text.trim().is_empty() {
        faults.push(path, "This text is empty. Write something, or remove the field if it is not needed.");
    } else if length > max {
        faults.push(path, format!("This text has {length} characters, but it may have at most {max}."));
    } else if let Some(bad) = text.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\t')) {
        faults.push(
            path,
            format!("This text holds an invisible control character (U+{:04X}). Remove it.", bad as u32),
        );
    } else {
        return Some(text.to_owned());
    }
    None
}

/// One of a closed list of words.
pub(crate) fn word<T: Copy>(
    value: &Value,
    path: &str,
    faults: &mut Faults,
    words: &[(&str, T)],
) -> Option<T> {
    let found = string(value, path, faults)?;
    if let Some((_, meaning)) = words.iter().find(|(word, _)| *word == found) {
        return Some(*meaning);
    }
    let names: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
    let hint = match nearest(found, names.iter().copied()) {
        Some(name) => format!(" Did you mean \"{name}\"?"),
        None => String::new(),
    };
    faults.push(
        path,
        format!("\"{}\" is not possible here. It must be one of {}.{hint}", shortened(found), listed(&names)),
    );
    None
}

/// `"a", "b" and "c"`.
pub(crate) fn listed(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
    match quoted.split_last() {
        None => "nothing".to_owned(),
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
    }
}

/// What came from outside, short enough for a sentence.
pub(crate) fn shortened(text: &str) -> String {
    let clean: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(60).collect();
    if text.chars().count() > 60 { format!("{clean}…") } else { clean }
}

fn name_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null (nothing)",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "a group of fields",
    }
}

/// The most similar of the names, if it is similar enough for a typing error: at most a third of it differs.
pub(crate) fn nearest<'n>(given: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    if given.chars().count() > 60 {
        return None;
    }
    names
        .map(|name| (distance(&given.to_lowercase(), &name.to_lowercase()), name))
        .filter(|(distance, name)| *distance <= name.chars().count().div_ceil(3))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// Levenshtein's distance in characters.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let replaced = corner + usize::from(x != *y);
            corner = row[j + 1];
            row[j + 1] = replaced.min(corner + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typing_error_finds_its_name() {
        let names = ["duration_ms", "sha256", "file"];
        assert_eq!(nearest("duraton_ms", names.into_iter()), Some("duration_ms"));
        assert_eq!(nearest("SHA256", names.into_iter()), Some("sha256"));
        assert_eq!(nearest("colour", names.into_iter()), None);
        assert_eq!(distance("kitten", "sitting"), 3);
    }

    #[test]
    fn an_object_tells_every_field_that_is_missing_wrong_or_unknown() {
        let value = serde_json::json!({"a": "x", "colour": 1});
        let mut faults = Faults::default();
        let mut object = Object::open(&value, "top", &mut faults).expect("an object");
        assert_eq!(object.required("a", &mut faults, |v, p, f| integer(v, p, f, (0, 9))), None);
        assert_eq!(object.required("b", &mut faults, boolean), None);
        assert_eq!(object.optional("c", 7, &mut faults, |v, p, f| integer(v, p, f, (0, 9))), Some(7));
        object.close(&mut faults);
        let paths: Vec<String> = faults.finish().into_iter().map(|fault| fault.path).collect();
        assert_eq!(paths, ["top.a", "top.b", "top.colour"]);
    }
}
