//! Reading a card: every fault is found and told at its place, in plain words.

use serde_json::{Map, Value};

use super::{
    Activation, Card, CardFault, CardFaults, Colour, Crop, EmotionName, FORMAT, Input, Layout, MOST_BYTES,
    MOST_LABELS, MOST_LETTERS, MOST_OUTPUTS, Output, Pixels, SIDES, Template, VERSION,
};

/// The card that a text holds.
///
/// # Errors
/// [`CardFaults`]: all that is wrong with it, at most 100 faults.
///
/// ```
/// use own_model::card::parse;
///
/// let faults = parse(r#"{"format": "emotion-depth-card", "version": 1, "name": ""}"#).unwrap_err();
/// assert_eq!(faults.0[0].path, "name");
/// ```
pub fn parse(text: &str) -> Result<Card, CardFaults> {
    let mut faults = Faults(Vec::new());
    let whole = |reason: String| CardFaults(vec![CardFault { path: String::new(), reason }]);
    if text.len() > MOST_BYTES {
        return Err(whole(format!("A card has at most {MOST_BYTES} bytes, this one has {}.", text.len())));
    }
    let value: Value = serde_json::from_str(text)
        .map_err(|error| whole(format!("It is not JSON ({error}). Choose the card, not the model.")))?;
    if value["format"] != FORMAT {
        return Err(whole(format!("It is no card: its `format` must be \"{FORMAT}\".")));
    }
    let card = card(&value, &mut faults);
    match card {
        Some(card) if faults.0.is_empty() => Ok(card),
        _ => Err(CardFaults(faults.0)),
    }
}

/// After so many faults no more are listed.
const MOST_FAULTS: usize = 100;

struct Faults(Vec<CardFault>);

impl Faults {
    fn add(&mut self, path: impl Into<String>, reason: impl Into<String>) {
        if self.0.len() < MOST_FAULTS {
            self.0.push(CardFault { path: path.into(), reason: reason.into() });
        }
    }
}

/// An object's fields; those that nobody asked for are faults.
struct Object<'a> {
    fields: &'a Map<String, Value>,
    path: String,
    known: Vec<&'static str>,
}

impl<'a> Object<'a> {
    fn open(value: &'a Value, path: &str, faults: &mut Faults) -> Option<Self> {
        let Some(fields) = value.as_object() else {
            faults.add(path, "This must be an object in braces, {...}.");
            return None;
        };
        Some(Self { fields, path: path.to_owned(), known: Vec::new() })
    }

    fn path_of(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }

    /// A field and its path; `None` where it is absent or null.
    fn field(&mut self, name: &'static str) -> Option<(&'a Value, String)> {
        self.known.push(name);
        self.fields.get(name).filter(|value| !value.is_null()).map(|value| (value, self.path_of(name)))
    }

    fn required(&mut self, name: &'static str, faults: &mut Faults) -> Option<(&'a Value, String)> {
        let found = self.field(name);
        if found.is_none() {
            faults.add(self.path_of(name), "This field is missing.");
        }
        found
    }

    fn close(self, faults: &mut Faults) {
        for name in self.fields.keys().filter(|name| !self.known.contains(&name.as_str())) {
            faults.add(
                self.path_of(name),
                format!("No field has this name. Here are known: {}.", self.known.join(", ")),
            );
        }
    }
}

fn card(value: &Value, faults: &mut Faults) -> Option<Card> {
    let mut object = Object::open(value, "", faults)?;
    object.known.push("format");
    let version = object.required("version", faults);
    let version = version.and_then(|(value, path)| match value.as_u64() {
        Some(version) if version == u64::from(VERSION) => Some(VERSION),
        Some(newer) if newer > u64::from(VERSION) => {
            faults.add(path, format!("This page reads cards of version {VERSION}. Use a newer page."));
            None
        }
        _ => {
            faults.add(path, format!("This must be {VERSION}."));
            None
        }
    });
    let name = object.required("name", faults).and_then(|(value, path)| word(value, &path, faults));
    let model_sha256 = match object.field("model_sha256") {
        Some((value, path)) => sha256(value, &path, faults).map(Some),
        None => Some(None),
    };
    let input = object.required("input", faults).and_then(|(value, path)| input(value, &path, faults));
    let outputs = object.required("outputs", faults).and_then(|(value, path)| outputs(value, &path, faults));
    object.close(faults);
    Some(Card {
        format: FORMAT.to_owned(),
        version: version?,
        name: name?,
        model_sha256: model_sha256?,
        input: input?,
        outputs: outputs?,
    })
}

fn input(value: &Value, path: &str, faults: &mut Faults) -> Option<Input> {
    let mut object = Object::open(value, path, faults)?;
    let shape = object.required("shape", faults);
    let layout = object.required("layout", faults).and_then(|(value, path)| {
        choice(value, &path, faults, &[("nchw", Layout::Nchw), ("nhwc", Layout::Nhwc)])
    });
    let colour = object.required("colour", faults).and_then(|(value, path)| {
        let known = [("grey", Colour::Grey), ("rgb", Colour::Rgb), ("bgr", Colour::Bgr)];
        choice(value, &path, faults, &known)
    });
    let shape = shape.and_then(|(value, path)| self::shape(value, &path, layout, colour, faults));
    let pixels = match object.field("pixels") {
        Some((value, path)) => pixels(value, &path, colour, faults),
        None => Some(Pixels::default()),
    };
    let crop = match object.field("crop") {
        Some((value, path)) => crop(value, &path, faults),
        None => Some(Crop::default()),
    };
    object.close(faults);
    Some(Input { shape: shape?, layout: layout?, colour: colour?, pixels: pixels?, crop: crop? })
}

fn shape(
    value: &Value,
    path: &str,
    layout: Option<Layout>,
    colour: Option<Colour>,
    faults: &mut Faults,
) -> Option<[usize; 4]> {
    let numbers: Option<Vec<usize>> = value.as_array().and_then(|list| {
        list.iter().map(|number| number.as_u64().and_then(|number| usize::try_from(number).ok())).collect()
    });
    let Some(shape) = numbers.and_then(|numbers| <[usize; 4]>::try_from(numbers).ok()) else {
        faults.add(path, "This must be four whole numbers, for example [1, 3, 112, 112].");
        return None;
    };
    let (layout, colour) = (layout?, colour?);
    let [batch, channels, height, width] = match layout {
        Layout::Nchw => shape,
        Layout::Nhwc => [shape[0], shape[3], shape[1], shape[2]],
    };
    let mut right = true;
    let mut fault = |reason: String| {
        right = false;
        faults.add(path, reason);
    };
    if batch != 1 {
        fault(format!("The first number is the batch: it must be 1, not {batch}."));
    }
    if channels != colour.channels() {
        let wanted = colour.channels();
        fault(format!(
            "By `colour` a pixel has {wanted} channels, by this shape {channels}. Look at `layout`, too."
        ));
    }
    if height != width {
        fault(format!("Height and width must be equal, not {height} and {width}."));
    }
    if !SIDES.contains(&height) {
        fault(format!("The sides have {} to {} pixels, not {height}.", SIDES.start(), SIDES.end()));
    }
    right.then_some(shape)
}

fn pixels(value: &Value, path: &str, colour: Option<Colour>, faults: &mut Faults) -> Option<Pixels> {
    let mut object = Object::open(value, path, faults)?;
    let (kind, kind_path) = object.required("kind", faults)?;
    let kind = choice(kind, &kind_path, faults, &[("unit", 0), ("byte", 1), ("mean_deviation", 2)])?;
    let pixels = match kind {
        0 => Some(Pixels::Unit),
        1 => Some(Pixels::Byte),
        _ => {
            let mut list = |name| {
                let (value, path) = object.required(name, faults)?;
                let numbers = reals(value, &path, faults)?;
                let wanted = colour?.channels();
                if numbers.len() != wanted {
                    faults
                        .add(path, format!("One number for each channel: {wanted}, not {}.", numbers.len()));
                    return None;
                }
                Some((numbers, path))
            };
            let (mean, deviation) = (list("mean"), list("deviation"));
            if let Some((numbers, path)) = &deviation
                && numbers.iter().any(|number| *number <= 0.0)
            {
                faults.add(path, "What is divided by must be above 0.");
                return None;
            }
            mean.zip(deviation).map(|((mean, _), (deviation, _))| Pixels::MeanDeviation { mean, deviation })
        }
    };
    object.close(faults);
    pixels
}

fn crop(value: &Value, path: &str, faults: &mut Faults) -> Option<Crop> {
    let mut object = Object::open(value, path, faults)?;
    let template = match object.field("template") {
        Some((value, path)) => {
            let known = [("fer", Template::Fer), ("arcface", Template::Arcface), ("box", Template::Box)];
            choice(value, &path, faults, &known)
        }
        None => Some(Template::default()),
    };
    let margin = match object.field("margin") {
        Some((value, path)) => match value.as_f64() {
            Some(margin) if (-0.25..=1.0).contains(&margin) => Some(margin as f32),
            _ => {
                faults.add(path, "This must be a number from -0.25 to 1: a share of the crop's side.");
                None
            }
        },
        None => Some(0.0),
    };
    object.close(faults);
    Some(Crop { template: template?, margin: margin? })
}

fn outputs(value: &Value, path: &str, faults: &mut Faults) -> Option<Vec<Output>> {
    let list = list(value, path, 1..=MOST_OUTPUTS, faults)?;
    let (mut outputs, mut right) = (Vec::new(), true);
    for (at, value) in list.iter().enumerate() {
        match output(value, &format!("{path}[{at}]"), faults) {
            Some(output) => outputs.push(output),
            None => right = false,
        }
    }
    let mut seen: Vec<&str> = Vec::new();
    for (at, output) in outputs.iter().enumerate() {
        if outputs[..at].iter().any(|earlier| earlier.name == output.name) {
            faults
                .add(format!("{path}[{at}].name"), format!("\"{}\" stands in the list twice.", output.name));
        }
        for (of_output, label) in output.labels.iter().enumerate() {
            if seen.contains(&label.as_str()) {
                let place = format!("{path}[{at}].labels[{of_output}]");
                faults.add(place, format!("\"{label}\" is a label twice. Give each number its own name."));
            }
            seen.push(label);
        }
    }
    if seen.len() > MOST_LABELS {
        faults.add(
            path,
            format!("All outputs together have at most {MOST_LABELS} labels, not {}.", seen.len()),
        );
    }
    right.then_some(outputs)
}

fn output(value: &Value, path: &str, faults: &mut Faults) -> Option<Output> {
    let mut object = Object::open(value, path, faults)?;
    let name = object.required("name", faults).and_then(|(value, path)| match value.as_str() {
        Some(name) if (1..=200).contains(&name.len()) => Some(name.to_owned()),
        _ => {
            faults.add(path, "This must be the name of an output of the graph.");
            None
        }
    });
    let activation = match object.field("activation") {
        Some((value, path)) => {
            let known = [
                ("none", Activation::None),
                ("softmax", Activation::Softmax),
                ("sigmoid", Activation::Sigmoid),
            ];
            choice(value, &path, faults, &known)
        }
        None => Some(Activation::default()),
    };
    let labels = object.required("labels", faults).and_then(|(value, path)| {
        let list = list(value, &path, 1..=MOST_LABELS, faults)?;
        let words = list.iter().enumerate().map(|(at, value)| word(value, &format!("{path}[{at}]"), faults));
        words.collect::<Vec<_>>().into_iter().collect::<Option<Vec<_>>>()
    });
    let emotions = match object.field("emotions") {
        Some((value, path)) => emotions(value, &path, labels.as_ref().map(Vec::len), faults).map(Some),
        None => Some(None),
    };
    let range = match object.field("range") {
        Some((value, path)) => match reals(value, &path, faults)?.as_slice() {
            &[low, high] if low < high => Some(Some([low, high])),
            _ => {
                faults.add(path, "This must be two numbers, the smaller one first, for example [-1, 1].");
                None
            }
        },
        None => Some(None),
    };
    object.close(faults);
    Some(Output { name: name?, activation: activation?, labels: labels?, emotions: emotions?, range: range? })
}

const EMOTIONS: [(&str, EmotionName); 7] = [
    ("angry", EmotionName::Angry),
    ("disgust", EmotionName::Disgust),
    ("fear", EmotionName::Fear),
    ("happy", EmotionName::Happy),
    ("sad", EmotionName::Sad),
    ("surprise", EmotionName::Surprise),
    ("neutral", EmotionName::Neutral),
];

fn emotions(
    value: &Value,
    path: &str,
    labels: Option<usize>,
    faults: &mut Faults,
) -> Option<Vec<Option<EmotionName>>> {
    let list = list(value, path, 1..=MOST_LABELS, faults)?;
    if labels.is_some_and(|labels| labels != list.len()) {
        let labels = labels.unwrap_or_default();
        faults.add(
            path,
            format!("One entry for each label: {labels}, not {}. Use null where none fits.", list.len()),
        );
        return None;
    }
    let (mut names, mut right): (Vec<Option<EmotionName>>, _) = (Vec::new(), true);
    for (at, value) in list.iter().enumerate() {
        let path = format!("{path}[{at}]");
        if value.is_null() {
            names.push(None);
            continue;
        }
        match choice(value, &path, faults, &EMOTIONS) {
            Some(name) if names.contains(&Some(name)) => {
                faults.add(path, "This emotion stands in the list twice.");
                right = false;
            }
            Some(name) => names.push(Some(name)),
            None => right = false,
        }
    }
    right.then_some(names)
}

fn list<'a>(
    value: &'a Value,
    path: &str,
    count: std::ops::RangeInclusive<usize>,
    faults: &mut Faults,
) -> Option<&'a Vec<Value>> {
    match value.as_array() {
        Some(list) if count.contains(&list.len()) => Some(list),
        Some(list) => {
            let (least, most) = (count.start(), count.end());
            faults.add(path, format!("This list has {least} to {most} entries, not {}.", list.len()));
            None
        }
        None => {
            faults.add(path, "This must be a list in brackets, [...].");
            None
        }
    }
}

/// A name for people and for a table's header.
fn word(value: &Value, path: &str, faults: &mut Faults) -> Option<String> {
    let word = value.as_str().map(str::trim).unwrap_or_default();
    let plain = word.chars().all(|letter| !letter.is_control());
    if (1..=MOST_LETTERS).contains(&word.chars().count()) && plain {
        return Some(word.to_owned());
    }
    faults.add(path, format!("This must be a name of 1 to {MOST_LETTERS} letters in one line."));
    None
}

fn sha256(value: &Value, path: &str, faults: &mut Faults) -> Option<String> {
    let text = value.as_str().unwrap_or_default();
    if text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
        return Some(text.to_owned());
    }
    faults.add(path, "This must be a SHA-256 of 64 digits, 0 to 9 and a to f; or leave the field out.");
    None
}

fn reals(value: &Value, path: &str, faults: &mut Faults) -> Option<Vec<f32>> {
    let numbers: Option<Vec<f32>> = value.as_array().and_then(|list| {
        let finite = |number: &Value| number.as_f64().map(|n| n as f32).filter(|n| n.is_finite());
        list.iter().map(finite).collect()
    });
    if numbers.is_none() {
        faults.add(path, "This must be a list of numbers.");
    }
    numbers
}

fn choice<T: Copy>(value: &Value, path: &str, faults: &mut Faults, known: &[(&str, T)]) -> Option<T> {
    let found = value.as_str().and_then(|word| known.iter().find(|(name, _)| *name == word));
    if found.is_none() {
        let names: Vec<String> = known.iter().map(|(name, _)| format!("\"{name}\"")).collect();
        faults.add(path, format!("This must be one of {}.", names.join(", ")));
    }
    found.map(|(_, value)| *value)
}
