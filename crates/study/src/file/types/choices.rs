//! Closed lists of words: purposes, orders, policies, ways of handing over.

use serde::Serialize;

macro_rules! words {
    ($($(#[$meta:meta])* pub enum $name:ident { $($(#[$inner:meta])* $word:ident = $text:literal,)* })*) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        pub enum $name { $($(#[$inner])* #[serde(rename = $text)] $word,)* }

        impl $name {
            /// All of them, with the words that stand in files.
            pub const WORDS: &[(&str, $name)] = &[$(($text, $name::$word)),*];

            /// The word that stands in files.
            pub fn word(self) -> &'static str {
                match self { $($name::$word => $text,)* }
            }
        }
    )*};
}

words! {
/// The kind of the file.
pub enum Format {
    /// A study.
    Study = "emotion-depth-study",
}

/// What a study may be for.
pub enum Purpose {
    /// How people take an advertisement, a product or a package.
    MarketResearch = "market_research",
    /// How people take a film, a programme or a text.
    MediaResearch = "media_research",
    /// How people use a thing or a page.
    Usability = "usability",
    /// Science.
    Academic = "academic",
    /// To show how it works.
    Demonstration = "demonstration",
}

/// How the order of the stimuli is found.
#[derive(Default)]
pub enum OrderMethod {
    /// As in the file.
    #[default]
    Fixed = "fixed",
    /// Shuffled, by the seed and the row of the link (or the session's id).
    Random = "random",
    /// A Williams design: each stimulus equally often at each place and after each other one.
    Williams = "williams",
}

/// What happens when a stimulus is interrupted.
#[derive(Default)]
pub enum OnInterrupt {
    /// It counts as interrupted, and the next one follows.
    #[default]
    Skip = "skip",
    /// It is shown once more from its begin, at most twice; then it is skipped.
    Repeat = "repeat",
    /// The study ends with the outcome `failed`; what was recorded can be handed over.
    End = "end",
}

/// A way to hand the result over.
pub enum Method {
    /// A file to download or to share.
    File = "file",
    /// The device's own share sheet.
    Share = "share",
    /// A text to copy into a survey.
    Receipt = "receipt",
    /// A message to the page around this one, which must acknowledge it.
    Parent = "parent",
}
}
