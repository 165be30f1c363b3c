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
pub const SCHEMES: [&str; 4] = ["https://", "http://", "mailto:", "xmpp:"];

/// The most links in one text; what follows stays text.
const LINKS: usize = 100;

/// The parts of a text, in order; together they are the text.
pub fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = text;
    let mut from = 0;
    while let Some(start) = next_scheme(rest, from) {
        let (Some(before), Some(tail)) = (rest.get(..start), rest.get(start..)) else { break };
        let link = link_at(tail);
        let begins_word = before.chars().next_back().is_none_or(|c| !c.is_alphanumeric());
        if link.is_empty() || !begins_word {
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
        if parts.len() >= LINKS {
            break;
        }
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
        matches!(tail.first(), Some(b'h' | b'H' | b'm' | b'M' | b'x' | b'X'))
            && SCHEMES
                .iter()
                .any(|scheme| tail.get(..scheme.len()).is_some_and(|head| head.eq_ignore_ascii_case(scheme.as_bytes())))
    })
}

/// The link at the start of a text, without the punctuation that ends the sentence around it.
fn link_at(text: &str) -> &str {
    let end = text
        .find(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"' | '\u{201c}'..='\u{201f}'));
    let mut link = end.and_then(|end| text.get(..end)).unwrap_or(text);
    loop {
        let shorter = match link.chars().next_back() {
            Some('.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | '_' | '~' | '`' | '…') => true,
            Some(')') => unbalanced(link, '(', ')'),
            Some(']') => unbalanced(link, '[', ']'),
            _ => false,
        };
        let Some((last, _)) = link.char_indices().next_back().filter(|_| shorter) else { break };
        link = link.get(..last).unwrap_or_default();
    }
    let bare = SCHEMES.iter().any(|scheme| {
        link.len() <= scheme.len() && scheme.get(..link.len()).is_some_and(|s| s.eq_ignore_ascii_case(link))
    });
    if bare { "" } else { link }
}

fn unbalanced(text: &str, open: char, close: char) -> bool {
    text.matches(close).count() > text.matches(open).count()
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
    }

    #[test]
    fn what_is_no_link_stays_text() {
        for text in
            ["", "javascript:alert(1)", "data:text/html,x", "https://", "xhttp://a", "hhmx", "http:/a", "mailto:."]
        {
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
        }
    }
}
