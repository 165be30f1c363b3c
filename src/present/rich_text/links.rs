//! Finds what may be a link in a text. Whether it becomes one is decided after parsing it as a URL.

/// A part of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part<'a> {
    /// Shown as it is.
    Text(&'a str),
    /// Begins with a scheme of [`SCHEMES`].
    Link(&'a str),
}

/// What a link may begin with.
pub const SCHEMES: [&str; 6] = ["https://", "http://", "mailto:", "xmpp:", "geo:", "tel:"];

/// The most links in one text; what follows stays text.
pub(super) const LINKS: usize = 100;

/// The parts of a text, in order; together they are the text.
pub fn parts(text: &str) -> Vec<Part<'_>> {
    let mut left = LINKS;
    parts_within(text, &mut left)
}

/// The same, with no more links than are left.
pub(super) fn parts_within<'a>(text: &'a str, left: &mut usize) -> Vec<Part<'a>> {
    let mut parts = Vec::new();
    let mut rest = text;
    let mut from = 0;
    while *left > 0 {
        let Some(start) = next_scheme(rest, from) else { break };
        let (Some(before), Some(tail)) = (rest.get(..start), rest.get(start..)) else { break };
        let begins_word = before.chars().next_back().is_none_or(|c| !c.is_alphanumeric());
        let link = if begins_word { link_at(tail) } else { "" };
        if link.is_empty() {
            // Not a link: look on behind its first letter.
            from = start.saturating_add(1);
            continue;
        }
        if !before.is_empty() {
            parts.push(Part::Text(before));
        }
        parts.push(Part::Link(link));
        rest = tail.get(link.len()..).unwrap_or_default();
        from = 0;
        *left = left.saturating_sub(1);
    }
    if !rest.is_empty() {
        parts.push(Part::Text(rest));
    }
    parts
}

fn next_scheme(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    (from..bytes.len()).find(|&place| {
        let tail = bytes.get(place..).unwrap_or_default();
        matches!(tail.first(), Some(b'h' | b'H' | b'm' | b'M' | b'x' | b'X' | b'g' | b'G' | b't' | b'T'))
            && scheme_of(tail).is_some()
    })
}

fn scheme_of(tail: &[u8]) -> Option<&'static str> {
    let begins =
        |scheme: &&str| tail.get(..scheme.len()).is_some_and(|head| head.eq_ignore_ascii_case(scheme.as_bytes()));
    SCHEMES.into_iter().find(begins)
}

/// The link at the start of a text, without the punctuation that ends the sentence around it.
fn link_at(text: &str) -> &str {
    let Some(scheme) = scheme_of(text.as_bytes()) else { return "" };
    // Words end in these letters too; places and telephone numbers begin with a figure.
    let first = text.as_bytes().get(scheme.len());
    let numbers = matches!(scheme, "geo:" | "tel:");
    if numbers && !first.is_some_and(|first| first.is_ascii_digit() || matches!(first, b'+' | b'-' | b'(')) {
        return "";
    }
    let end = text.find(|c: char| {
        c.is_whitespace()
            || c.is_control()
            || matches!(c, '<' | '>' | '"' | '\u{201c}'..='\u{201f}')
            // These turn or hide what is around them.
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    });
    let mut link = end.and_then(|end| text.get(..end)).unwrap_or(text);
    // Brackets are counted once: a link of nothing else would be counted again for each of them.
    let count = |mark: char| link.matches(mark).count();
    let mut round = count(')').saturating_sub(count('('));
    let mut square = count(']').saturating_sub(count('['));
    while let Some((last, mark)) = link.char_indices().next_back() {
        match mark {
            '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | '_' | '~' | '`' | '…' => {}
            ')' if round > 0 => round = round.saturating_sub(1),
            ']' if square > 0 => square = square.saturating_sub(1),
            _ => break,
        }
        link = link.get(..last).unwrap_or_default();
    }
    if link.len() > scheme.len() { link } else { "" }
}

#[cfg(test)]
mod tests {
    use super::Part::{Link, Text};
    use super::*;

    #[test]
    fn a_link_ends_before_the_sentence_does() {
        assert_eq!(
            parts("See (https://a.example/b_(c)), or xmpp:a@b?message."),
            [Text("See ("), Link("https://a.example/b_(c)"), Text("), or "), Link("xmpp:a@b?message"), Text(".")]
        );
        assert_eq!(parts("HTTPS://A.example/"), [Link("HTTPS://A.example/")]);
        assert_eq!(
            parts("\"http://x.ex/\"onmouseover=\"a\""),
            [Text("\""), Link("http://x.ex/"), Text("\"onmouseover=\"a\"")]
        );
        assert_eq!(
            parts("tel:+49-30-1234, geo:52.5,13.4;u=9."),
            [Link("tel:+49-30-1234"), Text(", "), Link("geo:52.5,13.4;u=9"), Text(".")]
        );
        assert_eq!(parts("https://a.example/\u{202e}gpj"), [Link("https://a.example/"), Text("\u{202e}gpj")]);
    }

    #[test]
    fn what_is_no_link_stays_text() {
        for text in [
            "",
            "javascript:alert(1)",
            "data:text/html,x",
            "https://",
            "xhttp://a",
            "hhmx",
            "http:/a",
            "mailto:.",
            "hotel:5",
            "geo:metry",
            "tel: 5",
        ] {
            assert!(parts(text).iter().all(|part| matches!(part, Text(_))), "{text}");
        }
    }

    #[test]
    fn the_parts_are_the_text() {
        for text in ["ä https://ö.example/ü é", "https://a https://b", "x xmpp:", &"https://a ".repeat(500)] {
            let joined: String = parts(text)
                .iter()
                .map(|part| match part {
                    Text(t) | Link(t) => *t,
                })
                .collect();
            assert_eq!(joined, text);
            assert!(parts(text).iter().filter(|part| matches!(part, Link(_))).count() <= LINKS);
        }
    }
}
