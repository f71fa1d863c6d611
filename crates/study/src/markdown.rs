//! A small, safe part of Markdown: paragraphs, lists, emphasis and links. It becomes a typed tree and never markup.
//!
//! | written | becomes |
//! |---|---|
//! | an empty line | a new paragraph |
//! | lines that begin with `- ` or `* ` | a list |
//! | lines that begin with `1. ` | a numbered list |
//! | `*word*` or `_word_` | emphasis |
//! | `**words**` | strong emphasis |
//! | `[text](https://…)` | a link; the page opens it in a new tab |
//! | `\*` | the sign itself |
//!
//! Everything else, HTML included, stays the text that it is.

/// A block of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A paragraph.
    Paragraph(Vec<Inline>),
    /// A list; its items hold no blocks of their own.
    List {
        /// Whether it is numbered, from 1.
        ordered: bool,
        /// The items.
        items: Vec<Vec<Inline>>,
    },
}

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inline {
    /// Plain text.
    Text(String),
    /// Emphasis.
    Emphasis(Vec<Inline>),
    /// Strong emphasis.
    Strong(Vec<Inline>),
    /// A link.
    Link {
        /// Where it leads: `https://` and no space.
        href: String,
        /// What is read.
        content: Vec<Inline>,
    },
}

/// How deep emphasis and links may stand in each other; deeper signs stay text.
const MAX_DEPTH: usize = 4;

/// Read a text. Every text is right: what is no Markdown of this kind stays as it is written.
pub fn parse(text: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut paragraph: Vec<&str> = Vec::new();
    let mut list: Option<(bool, Vec<String>)> = None;
    for line in text.lines().map(str::trim).chain([""]) {
        let item = item_of(line);
        if (line.is_empty() || item.is_some()) && !paragraph.is_empty() {
            blocks.push(Block::Paragraph(inlines(&paragraph.join(" "))));
            paragraph.clear();
        }
        match (item, &mut list) {
            (Some((ordered, text)), Some((before, items))) if *before == ordered => {
                items.push(text.to_owned())
            }
            (Some((ordered, text)), _) => {
                close(&mut list, &mut blocks);
                list = Some((ordered, vec![text.to_owned()]));
            }
            (None, _) if line.is_empty() => close(&mut list, &mut blocks),
            (None, Some((_, items))) => {
                // A line that goes on with the item above it.
                if let Some(last) = items.last_mut() {
                    last.push(' ');
                    last.push_str(line);
                }
            }
            (None, None) => paragraph.push(line),
        }
    }
    blocks
}

fn close(list: &mut Option<(bool, Vec<String>)>, blocks: &mut Vec<Block>) {
    if let Some((ordered, items)) = list.take() {
        blocks.push(Block::List { ordered, items: items.iter().map(|item| inlines(item)).collect() });
    }
}

/// Whether the line begins an item: numbered or not, and its text.
fn item_of(line: &str) -> Option<(bool, &str)> {
    if let Some(text) = line.strip_prefix("- ").or_else(|| line.strip_prefix("* ")) {
        return Some((false, text.trim_start()));
    }
    let (number, text) = line.split_once(". ")?;
    let right = (1..=3).contains(&number.len()) && number.chars().all(|c| c.is_ascii_digit());
    right.then(|| (true, text.trim_start()))
}

/// What is wrong with the links of a text, for the person who writes it.
pub fn link_faults(text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    for (at, _) in text.match_indices("](") {
        let rest = &text[at + 2..];
        let Some(end) = rest.find(')') else { continue };
        let href = &rest[..end];
        if !is_safe(href) && text[..at].contains('[') {
            let shown: String = href.chars().take(60).collect();
            faults.push(format!(
                "The link \"{shown}\" is not possible: a link begins with \"https://\" and holds no space."
            ));
        }
    }
    faults
}

fn is_safe(href: &str) -> bool {
    href.strip_prefix("https://").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphanumeric()))
        && !href.chars().any(|c| c.is_whitespace() || c.is_control() || "<>\"\\".contains(c))
}

fn inlines(text: &str) -> Vec<Inline> {
    let chars: Vec<char> = text.chars().collect();
    pieces(&chars, 0)
}

/// Signs for which no partner was found are remembered, so that the cost stays linear in the text.
#[derive(Default)]
struct Hopeless {
    strong: bool,
    star: bool,
    underline: bool,
    link: bool,
}

fn pieces(chars: &[char], depth: usize) -> Vec<Inline> {
    let mut out: Vec<Inline> = Vec::new();
    let mut plain = String::new();
    let mut hopeless = Hopeless::default();
    let mut at = 0;
    while at < chars.len() {
        let rest = &chars[at..];
        if rest[0] == '\\' && rest.get(1).is_some_and(|c| c.is_ascii_punctuation()) {
            plain.push(rest[1]);
            at += 2;
            continue;
        }
        let found = if depth >= MAX_DEPTH { None } else { marked(chars, at, depth, &mut hopeless) };
        match found {
            Some((piece, end)) => {
                if !plain.is_empty() {
                    out.push(Inline::Text(std::mem::take(&mut plain)));
                }
                out.push(piece);
                at = end;
            }
            None => {
                plain.push(rest[0]);
                at += 1;
                if rest[0] == '*' && rest.get(1) == Some(&'*') {
                    plain.push('*'); // two stars without a partner are not one star and one star
                    at += 1;
                }
            }
        }
    }
    if !plain.is_empty() {
        out.push(Inline::Text(plain));
    }
    out
}

/// The emphasis or link that begins at `at`, and where the text goes on behind it.
fn marked(chars: &[char], at: usize, depth: usize, hopeless: &mut Hopeless) -> Option<(Inline, usize)> {
    let rest = &chars[at..];
    match rest[0] {
        '*' if rest.get(1) == Some(&'*') => {
            let end = closing(chars, at, "**", &mut hopeless.strong)?;
            Some((Inline::Strong(pieces(&chars[at + 2..end], depth + 1)), end + 2))
        }
        '*' => {
            let end = closing(chars, at, "*", &mut hopeless.star)?;
            Some((Inline::Emphasis(pieces(&chars[at + 1..end], depth + 1)), end + 1))
        }
        // Inside a word an underline is an underline: file_name_1.
        '_' if at == 0 || !chars[at - 1].is_alphanumeric() => {
            let end = closing(chars, at, "_", &mut hopeless.underline)?;
            Some((Inline::Emphasis(pieces(&chars[at + 1..end], depth + 1)), end + 1))
        }
        '[' if !hopeless.link => {
            // Up to the next bracket that opens: a link holds no other.
            let Some(middle) =
                (at + 1..chars.len()).find(|i| chars[*i] == '[' || chars[*i..].starts_with(&[']', '(']))
            else {
                hopeless.link = true;
                return None;
            };
            if chars[middle] == '[' {
                return None;
            }
            let Some(end) = (middle + 2..chars.len()).find(|i| chars[*i] == ')') else {
                hopeless.link = true;
                return None;
            };
            let href: String = chars[middle + 2..end].iter().collect();
            if !is_safe(&href) || middle == at + 1 {
                return None;
            }
            Some((Inline::Link { href, content: pieces(&chars[at + 1..middle], MAX_DEPTH) }, end + 1))
        }
        _ => None,
    }
}

/// Where the sign that opens at `at` is closed: after a character that is no space, with something in between.
fn closing(chars: &[char], at: usize, sign: &str, hopeless: &mut bool) -> Option<usize> {
    let width = sign.len();
    let sign: Vec<char> = sign.chars().collect();
    if *hopeless || chars.get(at + width).is_none_or(|c| c.is_whitespace()) {
        return None;
    }
    let mut i = at + width + 1;
    while i + width <= chars.len() {
        if chars[i] == '\\' {
            i += 2;
            continue;
        }
        let double = chars[i] == '*' && chars.get(i + 1) == Some(&'*');
        if width == 1 && double {
            i += 2; // of the other kind
            continue;
        }
        let word_goes_on = sign[0] == '_' && chars.get(i + 1).is_some_and(|c| c.is_alphanumeric());
        if double && width == 2 && chars.get(i + 2) == Some(&'*') {
            i += 1; // of three stars the last two close this one
        }
        if chars[i..i + width] == sign[..] && !chars[i - 1].is_whitespace() && !word_goes_on {
            return Some(i);
        }
        i += 1;
    }
    *hopeless = true;
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Inline {
        Inline::Text(text.to_owned())
    }

    fn line(source: &str) -> Vec<Inline> {
        match parse(source).as_slice() {
            [Block::Paragraph(line)] => line.clone(),
            other => panic!("one paragraph, but {other:?}"),
        }
    }

    #[test]
    fn paragraphs_and_lists() {
        let blocks = parse("One\nline.\n\n- a\n- b\n  goes on\n1. c\n\nEnd");
        assert_eq!(
            blocks,
            [
                Block::Paragraph(vec![text("One line.")]),
                Block::List { ordered: false, items: vec![vec![text("a")], vec![text("b goes on")]] },
                Block::List { ordered: true, items: vec![vec![text("c")]] },
                Block::Paragraph(vec![text("End")]),
            ]
        );
    }

    #[test]
    fn emphasis_and_links() {
        assert_eq!(
            line("a **b *c*** [d](https://e.org/f) _g_"),
            [
                text("a "),
                Inline::Strong(vec![text("b "), Inline::Emphasis(vec![text("c")])]),
                text(" "),
                Inline::Link { href: "https://e.org/f".to_owned(), content: vec![text("d")] },
                text(" "),
                Inline::Emphasis(vec![text("g")]),
            ]
        );
    }

    #[test]
    fn what_is_no_markdown_stays_as_it_is() {
        for plain in [
            "2 * 3 * 4",
            "file_name_1",
            "a ** b",
            "[x](javascript:alert(1))",
            "[x](http://e.org)",
            "<b>x</b>",
            "[a",
            "*",
            "**",
            "5. ",
        ] {
            let plain = plain.trim_end();
            assert_eq!(line(plain), [text(plain)], "{plain}");
        }
        assert_eq!(line(r"\*a\*"), [text("*a*")]);
    }

    #[test]
    fn links_that_cannot_be_are_told_to_the_writer() {
        assert_eq!(link_faults("[x](http://e.org) and [y](https://e.org)").len(), 1);
        assert_eq!(link_faults("[x](javascript:alert) [y](https://a b)").len(), 2);
        assert!(link_faults("no link (at all)").is_empty());
    }

    #[test]
    fn a_text_full_of_signs_costs_no_more_than_its_length() {
        // 20,000 signs: a search to the end for each of them would show as seconds, and deep recursion as a crash.
        for sign in ["*", "**a ", "_a ", "[", "[a](", "*a", "\\"] {
            let source = sign.repeat(20_000 / sign.len());
            assert!(!parse(&source).is_empty());
        }
    }
}
