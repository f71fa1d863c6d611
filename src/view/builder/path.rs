//! Places in a study file, written as the parser writes them: `stimuli[2].video.file`.

use serde_json::Value;

/// One step into a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step<'p> {
    Field(&'p str),
    Entry(usize),
}

/// The steps of a path; the empty path has none. What is no number in brackets counts as a field's name.
pub fn steps(path: &str) -> Vec<Step<'_>> {
    let mut steps = Vec::new();
    for part in path.split('.').filter(|part| !part.is_empty()) {
        let mut rest = part;
        let mut entries = Vec::new();
        while let Some((before, number)) = rest.strip_suffix(']').and_then(|rest| rest.rsplit_once('[')) {
            let Ok(number) = number.parse() else { break };
            entries.push(Step::Entry(number));
            rest = before;
        }
        if !rest.is_empty() {
            steps.push(Step::Field(rest));
        }
        steps.extend(entries.into_iter().rev());
    }
    steps
}

/// The path without its last step: `stimuli[2]` for `stimuli[2].id`, `stimuli` for `stimuli[2]`, nothing for the empty
/// one.
pub fn above(path: &str) -> Option<&str> {
    match path.rfind(['.', '[']) {
        Some(at) => Some(&path[..at]),
        None if path.is_empty() => None,
        None => Some(""),
    }
}

/// The path with every number in brackets left out: `stimuli[].id`.
pub fn pattern(path: &str) -> String {
    let mut pattern = String::new();
    let mut inside = false;
    for letter in path.chars() {
        match letter {
            '[' => inside = true,
            ']' => inside = false,
            _ if inside => continue,
            _ => {}
        }
        pattern.push(letter);
    }
    pattern
}

/// What stands at a path.
pub fn at<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    steps(path).into_iter().try_fold(value, |value, step| match step {
        Step::Field(name) => value.get(name),
        Step::Entry(number) => value.get(number),
    })
}

/// The place at a path, made where it is missing: groups of fields on the way, also in the place of what is no group;
/// but no entries of lists, so that `None` is where one is missing.
pub fn make<'v>(value: &'v mut Value, path: &str) -> Option<&'v mut Value> {
    steps(path).into_iter().try_fold(value, |value, step| match step {
        Step::Field(name) => {
            if !value.is_object() {
                *value = Value::Object(serde_json::Map::new());
            }
            Some(value.as_object_mut()?.entry(name).or_insert(Value::Null))
        }
        Step::Entry(number) => value.get_mut(number),
    })
}

/// Take away what stands at a path; a list closes up.
pub fn remove(value: &mut Value, path: &str) {
    let Some(outer) = above(path) else { return };
    let last = steps(path).pop();
    let Some(holder) = at_mut(value, outer) else { return };
    match last {
        Some(Step::Field(name)) => {
            if let Some(fields) = holder.as_object_mut() {
                fields.remove(name);
            }
        }
        Some(Step::Entry(number)) => {
            if let Some(entries) = holder.as_array_mut().filter(|entries| number < entries.len()) {
                entries.remove(number);
            }
        }
        None => {}
    }
}

fn at_mut<'v>(value: &'v mut Value, path: &str) -> Option<&'v mut Value> {
    steps(path).into_iter().try_fold(value, |value, step| match step {
        Step::Field(name) => value.get_mut(name),
        Step::Entry(number) => value.get_mut(number),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_path_is_read_step_by_step() {
        use Step::{Entry, Field};
        assert_eq!(steps("a.b[2].c"), [Field("a"), Field("b"), Entry(2), Field("c")]);
        assert_eq!(steps("a[1][0]"), [Field("a"), Entry(1), Entry(0)]);
        assert_eq!(steps("a[x]"), [Field("a[x]")]);
        assert_eq!(steps(""), []);
        assert_eq!(
            (above("a[2].b"), above("a[2]"), above("a"), above("")),
            (Some("a[2]"), Some("a"), Some(""), None)
        );
        assert_eq!(pattern("a[12].b[0].c"), "a[].b[].c");
    }

    #[test]
    fn values_are_found_made_and_taken_away() {
        let mut value = json!({"a": [{"b": 1}]});
        assert_eq!(at(&value, "a[0].b"), Some(&json!(1)));
        assert_eq!(at(&value, "a[1].b"), None);
        *make(&mut value, "c.d.e").expect("nothing is in the way") = json!("x");
        assert_eq!(value, json!({"a": [{"b": 1}], "c": {"d": {"e": "x"}}}));
        assert!(make(&mut value, "a[7].b").is_none(), "no entries are made");
        remove(&mut value, "c.d.e");
        assert_eq!(value, json!({"a": [{"b": 1}], "c": {"d": {}}}));
        remove(&mut value, "c");
        remove(&mut value, "a[0].b");
        assert_eq!(value, json!({"a": [{}]}), "an entry stays");
        *make(&mut value, "a[0].b.c").expect("a number has no fields, and gives way") = json!(2);
        remove(&mut value, "a[0].b.c");
        remove(&mut value, "a[3]");
        remove(&mut value, "");
        remove(&mut value, "a[0]");
        assert_eq!(value, json!({"a": []}));
    }
}
