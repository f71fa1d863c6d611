//! What the builder's ZIP holds: a folder for the host, and beside it one that stays with the researcher.

use emotion_study::file::Study;
use emotion_study::link::{Row, Target, link_list_csv, link_page};

use super::links::LinkPlan;

/// A text file of the ZIP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextFile {
    pub name: String,
    pub text: String,
}

/// The folder that goes to the host. A draft without an id has one too.
fn folder(id: &str) -> &str {
    if id.is_empty() { "study" } else { id }
}

/// The name of a media file in the ZIP, by its path in the study.
pub fn media_name(id: &str, path: &str) -> String {
    format!("{}/{path}", folder(id))
}

/// The text files of the ZIP: the study file, and for one that is complete its links and how to put it onto a host.
pub fn texts(id: &str, study_json: &str, complete: Option<(&Study, &LinkPlan, &[Row])>) -> Vec<TextFile> {
    let file = |name: String, text: String| TextFile { name, text };
    let mut files = vec![file(media_name(id, "study.json"), study_json.to_owned())];
    if let Some((study, plan, rows)) = complete {
        let private = format!("{id}-links-keep-private");
        files.push(file(format!("{private}/links.csv"), link_list_csv(rows)));
        files.push(file(format!("{private}/links.html"), link_page(study, rows)));
        files.push(file("READ-ME-FIRST.txt".to_owned(), read_me(study, plan, &private)));
    }
    files
}

/// Lines end as the oldest editor of Windows needs it.
fn read_me(study: &Study, plan: &LinkPlan, private: &str) -> String {
    let (title, id) = (&study.title, &study.id);
    let plain = plan.template(study, Target::Plain);
    let (prolific, qualtrics) =
        (plan.template(study, Target::Prolific), plan.template(study, Target::Qualtrics));
    let text = format!(
        "{title}\n\n\
         1. Put the folder \"{id}\" into the folder \"studies\" beside the page:\n   {}\n\
         2. Try a link of \"{private}/links.html\" yourself, from the first view to the result file.\n\
         3. Send each participant one of these links. The list says who has which one: keep the folder\n   \
            \"{private}\" to yourself, and do not put it onto the host.\n\n\
         Links for survey tools, which fill in the id themselves:\n\n\
         Prolific:  {prolific}\n\
         Qualtrics: {qualtrics}\n\
         Others:    {plain}\n           (put the id in the place of PARTICIPANT)\n\n\
         Everything behind \"#\" stays in the participant's browser: no host writes the id into a log.\n\
         To change the study, open this ZIP in the builder again.\n",
        plan.page
    );
    text.replace('\n', "\r\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_for_the_host_holds_no_participant() {
        let text = include_str!("../../../crates/study/tests/files/full-study.json");
        let study = emotion_study::file::parse(text).expect("it is right");
        let plan = LinkPlan::new("https://example.org/");
        let rows = plan.rows(&study).expect("it is right");
        let files = texts(&study.id, text, Some((&study, &plan, &rows)));
        let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
        let private = "spring-2026-links-keep-private";
        assert_eq!(
            names,
            [
                "spring-2026/study.json",
                &format!("{private}/links.csv"),
                &format!("{private}/links.html"),
                "READ-ME-FIRST.txt"
            ]
        );
        for file in &files {
            assert_eq!(file.text.contains("P07"), file.name.starts_with(private), "{}", file.name);
        }
        assert!(
            files[3].text.contains("#study=studies/spring-2026/study.json&PROLIFIC_PID={{%PROLIFIC_PID%}}")
        );
        assert!(files[3].text.lines().all(|line| line.len() < 300));
        assert_eq!(media_name("", "media/a.png"), "study/media/a.png");
        assert_eq!(texts("", "{}", None).len(), 1);
    }
}
