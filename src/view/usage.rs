//! What the page is used for: chosen before the camera is asked for, because two uses are prohibited.

/// The choices of the first screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Usage {
    /// Looking at one's own face.
    Own,
    /// Research with people who agreed.
    Research,
    /// Showing people how such software works.
    Demo,
    /// Employees or applicants.
    Work,
    /// Pupils or students.
    Education,
}

impl Usage {
    pub const ALL: [Usage; 5] = [Usage::Own, Usage::Research, Usage::Demo, Usage::Work, Usage::Education];

    /// The value of the radio button.
    pub fn value(self) -> &'static str {
        match self {
            Usage::Own => "self",
            Usage::Research => "research",
            Usage::Demo => "demo",
            Usage::Work => "work",
            Usage::Education => "education",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Usage::Own => "My own face",
            Usage::Research => "Research",
            Usage::Demo => "A demonstration",
            Usage::Work => "Employees or applicants",
            Usage::Education => "Pupils or students",
        }
    }

    pub fn detail(self) -> &'static str {
        match self {
            Usage::Own => "I look at myself, out of interest.",
            Usage::Research => "With people who know what is measured and agreed to it.",
            Usage::Demo => "To show people how such software works. They know, and may refuse.",
            Usage::Work => "At a workplace, in hiring or promotion.",
            Usage::Education => "In a school, a course or an examination.",
        }
    }

    /// Whether the page may be used so.
    pub fn allowed(self) -> bool {
        !matches!(self, Usage::Work | Usage::Education)
    }

    /// Why the page refuses this use; `None` for an allowed one.
    pub fn refusal(self) -> Option<&'static str> {
        match self {
            Usage::Work => Some(
                "Reading emotions from the faces of employees or applicants is prohibited in the European \
                 Union (AI Act, Article 5(1)(f)), and this page refuses it everywhere: a score of this kind \
                 says how viewers would name a face, not what a person feels or is able to do.",
            ),
            Usage::Education => Some(
                "Reading emotions from the faces of pupils or students is prohibited in the European Union \
                 (AI Act, Article 5(1)(f)), and this page refuses it everywhere: a score of this kind says \
                 how viewers would name a face, not what a person feels, attends to or understands.",
            ),
            Usage::Own | Usage::Research | Usage::Demo => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_and_education_are_refused_with_the_law_named() {
        for usage in Usage::ALL {
            assert_eq!(usage.allowed(), !matches!(usage.value(), "work" | "education"));
            assert_eq!(usage.refusal().is_some(), !usage.allowed());
            if let Some(refusal) = usage.refusal() {
                assert!(refusal.contains("Article 5(1)(f)"));
            }
        }
    }
}
