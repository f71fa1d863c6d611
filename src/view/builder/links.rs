//! The links that are made for participants.

use emotion_study::file::Study;
use emotion_study::link::{MAX_IDS, Row, Target, link_list, numbered, pasted, template};

/// Who gets a link of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Participants {
    /// Ids that count up from 1: the prefix, and how many, as it was typed.
    Numbered { prefix: String, count: String },
    /// One id a line.
    Pasted(String),
}

/// Where the study will lie, and who takes part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkPlan {
    /// The address of the page, as it was typed.
    pub page: String,
    pub participants: Participants,
}

impl LinkPlan {
    /// A plan for the page at this address.
    pub fn new(address: &str) -> Self {
        let page = address.split(['?', '#']).next().unwrap_or_default().to_owned();
        Self { page, participants: Participants::Numbered { prefix: "P".to_owned(), count: "30".to_owned() } }
    }

    /// The list of links.
    ///
    /// # Errors
    /// A sentence for each thing that is wrong.
    pub fn rows(&self, study: &Study) -> Result<Vec<Row>, Vec<String>> {
        let mut faults: Vec<String> = self.page_fault().into_iter().collect();
        let ids = match &self.participants {
            Participants::Numbered { prefix, count } => match count.trim().parse::<usize>() {
                Ok(count) if count <= MAX_IDS => numbered(prefix.trim(), 1, count),
                _ => {
                    faults.push(format!("Write how many links you need, from 0 to {MAX_IDS}."));
                    Vec::new()
                }
            },
            Participants::Pasted(text) => pasted(text).unwrap_or_else(|more| {
                faults.extend(more);
                Vec::new()
            }),
        };
        if faults.is_empty() {
            Ok(link_list(study, self.page.trim(), &study_path(study), &ids))
        } else {
            Err(faults)
        }
    }

    /// The link for a survey tool.
    pub fn template(&self, study: &Study, target: Target) -> String {
        template(study, self.page.trim(), &study_path(study), target)
    }

    fn page_fault(&self) -> Option<String> {
        let page = self.page.trim();
        let local = ["http://localhost", "http://127.0.0.1"].iter().any(|begin| page.starts_with(begin));
        let host = page.split_once("://").map_or("", |(_, rest)| rest);
        if page.contains(char::is_whitespace)
            || page.contains('#')
            || host.split(['/', '?']).next().is_none_or(str::is_empty)
        {
            return Some("Write the address of the page, such as https://your-host.example/.".to_owned());
        }
        if !page.starts_with("https://") && !local {
            return Some(
                "The address must begin with https://, or the camera of participants stays closed."
                    .to_owned(),
            );
        }
        None
    }
}

/// Where the study file lies, seen from the page.
pub fn study_path(study: &Study) -> String {
    format!("studies/{}/study.json", study.id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use emotion_study::link::Link;

    fn full() -> Study {
        let text = include_str!("../../../crates/study/tests/files/full-study.json");
        emotion_study::file::parse(text).expect("it is right")
    }

    #[test]
    fn each_link_is_read_again_as_it_was_meant() {
        let mut plan = LinkPlan::new("https://example.org/lab/?activity=builder#x");
        plan.participants = Participants::Pasted("anna b\nben".to_owned());
        let rows = plan.rows(&full()).expect("it is right");
        assert_eq!(rows.len(), 2);
        let fragment = rows[0].link.strip_prefix("https://example.org/lab/#").expect("the page's address");
        let link = Link::parse(fragment).expect("whole").expect("a study");
        assert_eq!(link.study, "studies/spring-2026/study.json");
        let participant = link.resolve(&full()).expect("known");
        assert_eq!(
            (participant.id.as_deref(), participant.group.as_deref(), participant.row),
            (Some("anna b"), Some("A"), Some(1))
        );
    }

    #[test]
    fn what_is_wrong_with_a_plan_is_said() {
        for (page, count, faults) in [
            ("http://example.org/", "3", 1),
            ("example.org", "many", 2),
            ("https://", "3", 1),
            ("https://example.org/", "10001", 1),
            ("http://localhost:8080/", "0", 0),
        ] {
            let participants = Participants::Numbered { prefix: "P".to_owned(), count: count.to_owned() };
            let plan = LinkPlan { page: page.to_owned(), participants };
            assert_eq!(plan.rows(&full()).err().unwrap_or_default().len(), faults, "{page} {count}");
        }
    }
}
