//! A study while it is made: the JSON of its file, right or not yet right. What a form does not know stays in it.

use serde_json::{Value, json};

use super::path;
use emotion_study::fault::Fault;
use emotion_study::file::{self, FORMAT, Study, VERSION};

/// Groups of fields that a study may leave out: where a form has emptied one, it goes. Others stay, empty or not, and
/// say what a stimulus or a question is, or that something is still missing.
const OPTIONAL: &[&str] = &["identity", "checks", "baseline", "order", "handover", "outcomes"];

/// Groups that every study has: each of their fields is asked for, not the group.
const NEEDED: [&str; 2] = ["controller", "consent"];

/// The study of the forms.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    value: Value,
}

impl Default for Draft {
    /// A new study: what nearly every one has.
    fn default() -> Self {
        let value = json!({
            "format": FORMAT,
            "version": VERSION,
            "language": "en",
            "controller": {},
            "consent": {
                "legal_basis": "Your consent, Art. 6(1)(a) and Art. 9(2)(a) GDPR",
                "minimum_age": 18
            },
            "stimuli": [],
            "handover": {"methods": ["file"]}
        });
        Self { value }
    }
}

impl Draft {
    /// The study of a file, which may have faults: the forms show them.
    ///
    /// # Errors
    /// Where it is no study file at all, or one of a newer version: forms would show it wrongly.
    pub fn of_json(text: &str) -> Result<Self, Vec<Fault>> {
        let value = file::read_json(text)?;
        if !value.is_object() {
            return Err(vec![Fault::new("", "This is not a study file.")]);
        }
        if let Err(faults) = file::parse_value(&value) {
            let of_the_head = |fault: &&Fault| matches!(fault.path.as_str(), "format" | "version");
            let head: Vec<Fault> = faults.iter().filter(of_the_head).cloned().collect();
            if !head.is_empty() {
                return Err(head);
            }
        }
        let mut draft = Self { value };
        for group in NEEDED {
            if draft.get(group).is_none() {
                draft.set(group, json!({}));
            }
        }
        // Left out, it counts all the same; the form shows it.
        if draft
            .get("handover")
            .is_none_or(|handover| handover.is_object() && handover.get("methods").is_none())
        {
            draft.set_member("handover.methods", "file", true);
        }
        Ok(draft)
    }

    /// The file's text: as the parser writes a study that is right, else as it is.
    pub fn to_json(&self) -> String {
        self.study().map_or_else(
            |_| serde_json::to_string_pretty(&self.value).unwrap_or_default() + "\n", // plain data: it cannot fail
            |study| study.to_json(),
        )
    }

    /// The study.
    ///
    /// # Errors
    /// All faults, each with its path.
    pub fn study(&self) -> Result<Study, Vec<Fault>> {
        file::parse_value(&self.value)
    }

    /// What stands at a path.
    pub fn get(&self, path: &str) -> Option<&Value> {
        path::at(&self.value, path)
    }

    /// What an input shows of the value at a path.
    pub fn text(&self, path: &str) -> String {
        match self.get(path) {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Number(number)) => number.to_string(),
            _ => String::new(),
        }
    }

    /// As [`Draft::text`], of milliseconds in seconds.
    pub fn seconds(&self, path: &str) -> String {
        match self.get(path).and_then(Value::as_f64) {
            Some(time_ms) => (time_ms / 1000.0).to_string(),
            None => self.text(path),
        }
    }

    /// Whether `true` stands at a path.
    pub fn flag(&self, path: &str) -> bool {
        self.get(path).and_then(Value::as_bool).unwrap_or_default()
    }

    /// How many entries the list at a path has; none where no list is there.
    pub fn len(&self, path: &str) -> usize {
        self.entries(path).len()
    }

    /// The entries of the list at a path.
    pub fn entries(&self, path: &str) -> &[Value] {
        self.get(path).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    /// The texts of a list, with commas between them.
    pub fn listed(&self, path: &str) -> String {
        let texts = self.entries(path).iter().map(|entry| match entry {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        });
        texts.collect::<Vec<_>>().join(", ")
    }

    /// Put a value; where something else is in the way, nothing happens.
    pub fn set(&mut self, path: &str, value: Value) {
        if let Some(place) = path::make(&mut self.value, path) {
            *place = value;
        }
    }

    /// Take a value away, and with it an optional group that is empty then.
    pub fn remove(&mut self, path: &str) {
        path::remove(&mut self.value, path);
        let mut place = path;
        while let Some(outer) = path::above(place).filter(|outer| !outer.is_empty()) {
            let optional = OPTIONAL.contains(&outer.split('.').next().unwrap_or_default());
            if optional && self.get(outer).and_then(Value::as_object).is_some_and(serde_json::Map::is_empty) {
                path::remove(&mut self.value, outer);
            }
            place = outer;
        }
    }

    /// Put a text; an empty one takes the field away.
    pub fn set_text(&mut self, path: &str, text: &str) {
        match text {
            "" => self.remove(path),
            text => self.set(path, json!(text)),
        }
    }

    /// Put a number as a person typed it, with a point or a comma. What is no number is kept as text, so that its
    /// fault is told.
    pub fn set_number(&mut self, path: &str, typed: &str) {
        let typed = typed.trim();
        match number(typed) {
            _ if typed.is_empty() => self.remove(path),
            Some(number) => self.set(path, whole_where_it_is(number)),
            None => self.set(path, json!(typed)),
        }
    }

    /// As [`Draft::set_number`], of seconds that are kept in milliseconds.
    pub fn set_seconds(&mut self, path: &str, typed: &str) {
        match number(typed.trim()) {
            Some(seconds) => self.set(path, whole_where_it_is((seconds * 1000.0).round())),
            None => self.set_text(path, typed.trim()),
        }
    }

    /// Put `true`, or take the field away: without it, it is `false`.
    pub fn set_flag(&mut self, path: &str, flag: bool) {
        if flag { self.set(path, json!(true)) } else { self.remove(path) }
    }

    /// Put a list of words that were typed with commas between them; an empty list is taken away.
    pub fn set_words(&mut self, path: &str, typed: &str) {
        let words: Vec<&str> =
            typed.split([',', ';', '\n']).map(str::trim).filter(|word| !word.is_empty()).collect();
        if words.is_empty() { self.remove(path) } else { self.set(path, json!(words)) }
    }

    /// As [`Draft::set_words`], of numbers; what is no number is kept as text.
    pub fn set_numbers(&mut self, path: &str, typed: &str) {
        self.set_words(path, typed);
        if let Some(Value::Array(words)) = path::make(&mut self.value, path).filter(|place| place.is_array())
        {
            for word in words {
                if let Some(number) = word.as_str().and_then(number) {
                    *word = whole_where_it_is(number);
                }
            }
        } else if typed.trim().is_empty() {
            // Asking for the place has made it.
            self.remove(path);
        }
    }

    /// Put or take away a word of a list; the others stay in their order. An empty list is taken away, but for the
    /// ways of the hand-over: without them the file would count, which nobody has chosen then.
    pub fn set_member(&mut self, path: &str, word: &str, member: bool) {
        let mut words: Vec<Value> =
            self.entries(path).iter().filter(|entry| **entry != *word).cloned().collect();
        if member {
            words.push(json!(word));
        }
        if words.is_empty() && path != "handover.methods" {
            self.remove(path);
        } else {
            self.set(path, Value::Array(words));
        }
    }

    /// Whether a word is in a list.
    pub fn member(&self, path: &str, word: &str) -> bool {
        self.entries(path).iter().any(|entry| *entry == *word)
    }

    /// Add an entry to the end of a list, which is made where there is none, and say at which place.
    pub fn push(&mut self, path: &str, entry: Value) -> usize {
        let Some(place) = path::make(&mut self.value, path) else { return 0 };
        if !place.is_array() {
            *place = json!([]);
        }
        match place.as_array_mut() {
            Some(entries) => {
                entries.push(entry);
                entries.len() - 1
            }
            None => 0,
        }
    }

    /// Let two neighbours of a list change their places: the entry `at` and the one before it.
    pub fn move_up(&mut self, path: &str, at: usize) {
        if let Some(entries) = path::make(&mut self.value, path).and_then(Value::as_array_mut)
            && (1..entries.len()).contains(&at)
        {
            entries.swap(at - 1, at);
        }
    }

    /// Take an entry of a list out of its place and put it in at `to`, where it is then.
    pub fn move_to(&mut self, path: &str, from: usize, to: usize) {
        if let Some(entries) = path::make(&mut self.value, path).and_then(Value::as_array_mut)
            && from.max(to) < entries.len()
        {
            let entry = entries.remove(from);
            entries.insert(to, entry);
        }
    }

    /// An id that no entry of the list at `path` has: `stem`, or `stem-2` and so on. `field` is where entries have
    /// theirs.
    pub fn free_id(&self, path: &str, field: &str, stem: &str) -> String {
        let taken = |id: &str| {
            self.entries(path).iter().any(|entry| path::at(entry, field).and_then(Value::as_str) == Some(id))
        };
        let stem: String = stem.chars().take(36).collect();
        (2..)
            .map(|number| format!("{stem}-{number}"))
            .find(|id| !taken(id))
            .filter(|_| taken(&stem))
            .unwrap_or(stem)
    }
}

/// A number as people type it.
fn number(typed: &str) -> Option<f64> {
    let typed = typed.replace(',', ".");
    typed.parse().ok().filter(|number: &f64| {
        number.is_finite() && typed.chars().all(|c| c.is_ascii_digit() || "-.".contains(c))
    })
}

/// `5` rather than `5.0`, as people write it.
fn whole_where_it_is(number: f64) -> Value {
    if number.fract() == 0.0 && number.abs() < 9e15 { json!(number as i64) } else { json!(number) }
}

#[cfg(test)]
mod tests;
