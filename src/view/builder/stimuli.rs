//! What is done to stimuli, questions and groups as wholes: what names them follows.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::draft::Draft;
use super::media::{Kind, MediaFacts};
use emotion_study::fault::Fault;

/// How long an image or a text is shown at first, in milliseconds.
const STILL_MS: u32 = 8_000;

impl Draft {
    /// Add a stimulus for a file, with an id that is made of `id`, and say at which place.
    pub fn add_media(&mut self, media: &MediaFacts, id: &str) -> usize {
        let id = self.free_id("stimuli", "id", id);
        let mut inner = json!({"file": media.path, "sha256": media.sha256, "bytes": media.bytes});
        if let Some(duration_ms) = media.duration_ms {
            inner["duration_ms"] = json!(duration_ms);
        } else if media.kind == Kind::Image {
            inner["duration_ms"] = json!(STILL_MS);
        }
        self.push("stimuli", json!({"id": id, media.kind.word(): inner}))
    }

    /// Put another file in the place of a stimulus's file. Id, segments and description stay; the time of an image too.
    pub fn replace_media(&mut self, at: usize, media: &MediaFacts) {
        let other = if media.kind == Kind::Video { "image" } else { "video" };
        let kind = media.kind.word();
        self.remove(&format!("stimuli[{at}].{other}"));
        self.set(&format!("stimuli[{at}].{kind}.file"), json!(media.path));
        self.set(&format!("stimuli[{at}].{kind}.sha256"), json!(media.sha256));
        self.set(&format!("stimuli[{at}].{kind}.bytes"), json!(media.bytes));
        let duration = format!("stimuli[{at}].{kind}.duration_ms");
        match media.duration_ms {
            Some(duration_ms) => self.set(&duration, json!(duration_ms)),
            None if self.get(&duration).is_none() && media.kind == Kind::Image => {
                self.set(&duration, json!(STILL_MS))
            }
            None => {}
        }
    }

    /// Add a card with text.
    pub fn add_text(&mut self) -> usize {
        let id = self.free_id("stimuli", "id", "text");
        self.push("stimuli", json!({"id": id, "text": {"duration_ms": STILL_MS}}))
    }

    /// Add a rest that waits for a click.
    pub fn add_pause(&mut self) -> usize {
        let id = self.free_id("stimuli", "id", "pause");
        self.push("stimuli", json!({"id": id, "pause": {}}))
    }

    /// The word of a stimulus's kind: `video`, `image`, `text` or `pause`.
    pub fn stimulus_kind(&self, at: usize) -> Option<&'static str> {
        let stimulus = self.get(&format!("stimuli[{at}]"))?;
        ["video", "image", "text", "pause"].into_iter().find(|kind| stimulus.get(kind).is_some())
    }

    /// The path of a stimulus's file in the study's folder.
    pub fn media_of(&self, at: usize) -> Option<&str> {
        let kind = self.stimulus_kind(at)?;
        self.get(&format!("stimuli[{at}].{kind}.file"))?.as_str()
    }

    /// The ids of all stimuli that have one.
    pub fn stimulus_ids(&self) -> Vec<String> {
        let ids = self.entries("stimuli").iter().filter_map(|stimulus| stimulus.get("id")?.as_str());
        ids.map(str::to_owned).collect()
    }

    /// Give a stimulus another id; groups and questions that name it follow.
    pub fn rename_stimulus(&mut self, at: usize, id: &str) {
        let before = self.text(&format!("stimuli[{at}].id"));
        self.set_text(&format!("stimuli[{at}].id"), id.trim());
        // One of two with the same id: it is not known which of them is meant.
        if before.is_empty() || self.stimulus_ids().contains(&before) {
            return;
        }
        for group in 0..self.len("groups") {
            let path = format!("groups[{group}].stimuli");
            let renamed = self
                .entries(&path)
                .iter()
                .map(|entry| if *entry == *before { json!(id.trim()) } else { entry.clone() });
            let renamed: Vec<Value> = renamed.collect();
            if !renamed.is_empty() {
                self.set(&path, Value::Array(renamed));
            }
        }
        for question in 0..self.len("questions") {
            let path = format!("questions[{question}].after");
            if self.text(&path) == before {
                self.set_text(&path, id.trim());
            }
        }
    }

    /// Take a stimulus away. Groups see it no more, and questions after it are asked at the end.
    pub fn remove_stimulus(&mut self, at: usize) {
        let id = self.text(&format!("stimuli[{at}].id"));
        self.remove(&format!("stimuli[{at}]"));
        if id.is_empty() || self.stimulus_ids().contains(&id) {
            return;
        }
        for group in 0..self.len("groups") {
            let path = format!("groups[{group}].stimuli");
            if self.member(&path, &id) {
                self.set_member(&path, &id, false);
            }
        }
        for question in 0..self.len("questions") {
            let path = format!("questions[{question}].after");
            if self.text(&path) == id {
                self.remove(&path);
            }
        }
    }

    /// The keys of the study's own words, and the words.
    pub fn own_words(&self) -> Vec<(String, String)> {
        let words = self.get("texts").and_then(Value::as_object).into_iter().flatten();
        words.map(|(key, text)| (key.clone(), text.as_str().unwrap_or_default().to_owned())).collect()
    }

    /// Put own words in the place of a text of the participant's views, or take them away. A key has dots in it, so
    /// that it is no path.
    pub fn set_own_words(&mut self, key: &str, text: Option<&str>) {
        if self.get("texts").is_none_or(|texts| !texts.is_object()) {
            self.set("texts", json!({}));
        }
        let mut texts = self.get("texts").cloned().unwrap_or_default();
        if let Some(texts) = texts.as_object_mut() {
            match text {
                Some(text) => drop(texts.insert(key.to_owned(), json!(text))),
                None => drop(texts.remove(key)),
            }
        }
        if texts.as_object().is_some_and(serde_json::Map::is_empty) {
            self.remove("texts");
        } else {
            self.set("texts", texts);
        }
    }

    /// What is wrong with the files of the study: those that are not `here`, and those that are others than it names.
    pub fn media_faults(&self, here: &BTreeMap<String, MediaFacts>) -> Vec<Fault> {
        let mut faults = Vec::new();
        for at in 0..self.len("stimuli") {
            let (Some(kind), Some(path)) = (self.stimulus_kind(at), self.media_of(at)) else { continue };
            let place = format!("stimuli[{at}].{kind}.file");
            match here.get(path) {
                None => faults
                    .push(Fault::new(place, format!("The file {path} is not here yet. Choose it below."))),
                Some(media) if media.sha256 != self.text(&format!("stimuli[{at}].{kind}.sha256")) => {
                    let reason = format!(
                        "The file {path} that was opened is not the one that the study names: its fingerprint is \
                         another. Choose the right one, or choose this one again to take it."
                    );
                    faults.push(Fault::new(place, reason));
                }
                Some(_) => {}
            }
        }
        faults
    }

    /// The files that the study names and that are `here`.
    pub fn media_in_use<'h>(&self, here: &'h BTreeMap<String, MediaFacts>) -> Vec<&'h MediaFacts> {
        let named: BTreeSet<&str> = (0..self.len("stimuli")).filter_map(|at| self.media_of(at)).collect();
        here.values().filter(|media| named.contains(media.path.as_str())).collect()
    }

    /// Add a question of a kind: `scale`, `choice` or `text`. `screening`: one that decides who may take part.
    pub fn add_question(&mut self, kind: &str, screening: bool) -> usize {
        let taken: Vec<String> = self.question_ids();
        let id = (1..).map(|number| format!("q{number}")).find(|id| !taken.contains(id)).unwrap_or_default();
        let mut question = json!({"id": id});
        question[kind] = blank(kind);
        if screening {
            question["required"] = json!(true);
            return self.push("screening", json!({"question": question, "screen_out_if": []}));
        }
        self.push("questions", question)
    }

    fn question_ids(&self) -> Vec<String> {
        let screening = self.entries("screening").iter().filter_map(|entry| entry.get("question"));
        let all = screening.chain(self.entries("questions"));
        all.filter_map(|question| question.get("id")?.as_str()).map(str::to_owned).collect()
    }

    /// How the question at a path is answered.
    pub fn question_kind(&self, path: &str) -> &'static str {
        let question = self.get(path);
        let has = |kind: &&str| question.is_some_and(|question| question.get(kind).is_some());
        ["scale", "choice", "text"].into_iter().find(has).unwrap_or("")
    }

    /// Let a question be answered in another way; what was the way before is lost.
    pub fn set_question_kind(&mut self, path: &str, kind: &str) {
        for other in ["scale", "choice", "text"] {
            self.remove(&format!("{path}.{other}"));
        }
        self.set(&format!("{path}.{kind}"), blank(kind));
    }

    /// Add an option to the list at a path, and say at which place.
    pub fn add_option(&mut self, path: &str) -> usize {
        let id = (1..).map(|number| format!("a{number}"));
        let id = id
            .into_iter()
            .find(|id| !self.entries(path).iter().any(|entry| entry.get("id") == Some(&json!(id))));
        self.push(path, json!({"id": id.unwrap_or_default()}))
    }

    /// Give an option of a screening question another id; the answers that screen out follow.
    pub fn rename_option(&mut self, path: &str, id: &str) {
        let before = self.text(path);
        self.set_text(path, id.trim());
        let Some((screening, _)) = path.split_once(".question.") else { return };
        let answers = format!("{screening}.screen_out_if");
        if !before.is_empty() && self.member(&answers, &before) {
            self.set_member(&answers, &before, false);
            self.set_member(&answers, id.trim(), true);
        }
    }
}

fn blank(kind: &str) -> Value {
    match kind {
        "scale" => json!({"min": 1, "max": 7}),
        "choice" => json!({"options": [{"id": "a1"}, {"id": "a2"}]}),
        _ => json!({"max_chars": 500}),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FULL: &str = include_str!("../../../crates/study/tests/files/full-study.json");

    fn full() -> Draft {
        Draft::of_json(FULL).expect("a study")
    }

    fn media(kind: Kind, duration_ms: Option<u32>) -> MediaFacts {
        let path = if kind == Kind::Video { "media/a.webm" } else { "media/a.png" };
        MediaFacts { kind, path: path.to_owned(), sha256: "ab".repeat(32), crc32: 1, bytes: 9, duration_ms }
    }

    #[test]
    fn what_is_added_is_right_once_its_words_are_there() {
        let mut draft = full();
        let at = [
            draft.add_media(&media(Kind::Video, Some(2_000)), "spot"),
            draft.add_media(&media(Kind::Image, None), "b"),
        ];
        assert_eq!((at, draft.text("stimuli[4].id").as_str()), ([4, 5], "spot-2"));
        let text = draft.add_text();
        draft.set_text(&format!("stimuli[{text}].text.text"), "Hello");
        draft.add_pause();
        for kind in ["scale", "choice", "text"] {
            let at = draft.add_question(kind, false);
            draft.set_text(&format!("questions[{at}].prompt"), "How?");
            if kind == "choice" {
                let options = format!("questions[{at}].choice.options");
                assert_eq!(draft.add_option(&options), 2);
                for option in 0..3 {
                    draft.set_text(&format!("{options}[{option}].text"), "This");
                }
            }
        }
        let at = draft.add_question("scale", true);
        draft.set_text(&format!("screening[{at}].question.prompt"), "Who?");
        draft.set_numbers(&format!("screening[{at}].screen_out_if"), "1, 2");
        assert_eq!(draft.study().map(|study| study.stimuli.len()), Ok(8));
        assert_eq!(draft.text("questions[3].id"), "q1");
        assert_eq!(draft.text("screening[2].question.id"), "q4");
    }

    #[test]
    fn what_names_a_stimulus_follows_it() {
        let mut draft = full();
        draft.rename_stimulus(0, " film ");
        assert_eq!(draft.listed("groups[0].stimuli"), "film, pack, rest");
        assert_eq!(draft.text("questions[0].after"), "film");
        assert!(draft.study().is_ok());
        draft.remove_stimulus(0);
        assert_eq!(draft.listed("groups[1].stimuli"), "claim");
        assert_eq!(draft.get("questions[0].after"), None);
        assert!(draft.study().is_ok());
        draft.remove_stimulus(2);
        assert_eq!(draft.get("groups[1].stimuli"), None, "a group without a list sees all");
    }

    #[test]
    fn of_two_with_one_id_nothing_follows() {
        let mut draft = full();
        draft.set_text("stimuli[2].id", "spot");
        draft.rename_stimulus(2, "other");
        assert_eq!(
            (draft.text("questions[0].after").as_str(), draft.text("stimuli[0].id").as_str()),
            ("spot", "spot")
        );
        draft.set_text("stimuli[2].id", "spot");
        draft.remove_stimulus(2);
        assert!(draft.member("groups[0].stimuli", "spot"));
    }

    #[test]
    fn another_file_takes_the_place_of_one() {
        let mut draft = full();
        draft.replace_media(0, &media(Kind::Video, Some(31_000)));
        assert_eq!(
            (draft.media_of(0), draft.text("stimuli[0].video.duration_ms").as_str()),
            (Some("media/a.webm"), "31000")
        );
        assert_eq!(draft.len("stimuli[0].segments"), 2);
        draft.replace_media(2, &media(Kind::Image, None));
        assert_eq!(
            (
                draft.text("stimuli[2].image.duration_ms").as_str(),
                draft.text("stimuli[2].image.alt").as_str()
            ),
            ("8000", "Eine Packung")
        );
        draft.replace_media(2, &media(Kind::Video, Some(900)));
        assert_eq!((draft.stimulus_kind(2), draft.get("stimuli[2].image")), (Some("video"), None));
        assert!(draft.study().is_ok());
    }

    #[test]
    fn files_that_are_missing_or_others_are_told_at_their_stimulus() {
        let draft = full();
        let mut here = BTreeMap::new();
        let paths = |faults: Vec<Fault>| faults.into_iter().map(|fault| fault.path).collect::<Vec<_>>();
        assert_eq!(paths(draft.media_faults(&here)), ["stimuli[0].video.file", "stimuli[2].image.file"]);
        let right = "0123456789abcdef".repeat(4);
        here.insert(
            "media/spot 1.mp4".to_owned(),
            MediaFacts { path: "media/spot 1.mp4".to_owned(), sha256: right, ..media(Kind::Video, None) },
        );
        here.insert(
            "pack.png".to_owned(),
            MediaFacts { path: "pack.png".to_owned(), ..media(Kind::Image, None) },
        );
        here.insert("media/other.png".to_owned(), media(Kind::Image, None));
        let faults = draft.media_faults(&here);
        assert!(faults[0].reason.contains("fingerprint"), "{faults:?}");
        assert_eq!(
            (paths(faults), draft.media_in_use(&here).len()),
            (vec!["stimuli[2].image.file".to_owned()], 2)
        );
    }

    #[test]
    fn own_words_are_put_and_taken_away() {
        let mut draft = full();
        draft.set_own_words("notice.title", Some("Vorab"));
        draft.set_own_words("next", None);
        assert_eq!(
            draft.own_words().iter().map(|(key, _)| key.as_str()).collect::<Vec<_>>(),
            ["notice.title", "progress"]
        );
        assert!(draft.study().is_ok());
        draft.set_own_words("progress", Some("{nothing}"));
        let faults = draft.study().expect_err("an unknown name");
        assert!(
            crate::view::builder::words::fault(&draft, &faults[0]).starts_with("progress: "),
            "{faults:?}"
        );
        draft.set_own_words("notice.title", None);
        draft.set_own_words("progress", None);
        assert_eq!(draft.get("texts"), None);
    }

    #[test]
    fn answers_that_screen_out_follow_their_option() {
        let mut draft = full();
        draft.rename_option("screening[0].question.choice.options[0].id", "minor");
        assert_eq!(draft.listed("screening[0].screen_out_if"), "minor");
        draft.rename_option("questions[1].choice.options[0].id", "new");
        assert!(draft.study().is_ok());
        draft.set_question_kind("screening[0].question", "scale");
        assert_eq!(
            (draft.question_kind("screening[0].question"), draft.question_kind("nowhere")),
            ("scale", "")
        );
    }
}
