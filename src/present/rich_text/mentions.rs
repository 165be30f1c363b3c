//! Where a text names somebody.

use std::ops::Range;

use crate::domain::fold::fold_char;

/// The most places that are found in one text.
const MOST: usize = 100;

/// Where a text says `@` and one of these names, in bytes. Names compare without regard to case; the longest counts; a
/// mention stands apart from the words around it. An address in the text is no mention.
pub fn mentions(text: &str, names: &[&str]) -> Vec<Range<usize>> {
    if names.is_empty() {
        return Vec::new();
    }
    let mut found: Vec<Range<usize>> = Vec::new();
    for (at, _) in text.match_indices('@') {
        let begins = text.get(..at).and_then(|before| before.chars().next_back()).is_none_or(|c| !is_word(c));
        let Some(after) = text.get(at.saturating_add(1)..).filter(|_| begins) else { continue };
        let longest = names.iter().filter_map(|name| name_at(after, name)).max();
        if let Some(length) = longest {
            found.push(at..at.saturating_add(1).saturating_add(length));
        }
        if found.len() == MOST {
            break;
        }
    }
    found
}

/// A text in pieces, each with whether it is a mention of one of these names.
pub fn mentions_in<'a>(text: &'a str, names: &[&str]) -> Vec<(&'a str, bool)> {
    pieces(text, mentions(text, names))
}

/// The same for a nickname, which people also write without the sign.
pub fn nickname_in<'a>(text: &'a str, nick: &str) -> Vec<(&'a str, bool)> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut before = ' ';
    for (at, character) in text.char_indices() {
        let is_free = !is_word(before) && found.last().is_none_or(|last| last.end <= at) && found.len() < MOST;
        before = character;
        let sign = usize::from(character == '@');
        let length = text.get(at.saturating_add(sign)..).filter(|_| is_free).and_then(|rest| name_at(rest, nick));
        found.extend(length.map(|length| at..at.saturating_add(sign).saturating_add(length)));
    }
    pieces(text, found)
}

fn pieces(text: &str, found: Vec<Range<usize>>) -> Vec<(&str, bool)> {
    let mut pieces = Vec::new();
    let mut told = 0;
    let mut push = |range: Range<usize>, names_me: bool| {
        pieces.extend(text.get(range).filter(|piece| !piece.is_empty()).map(|piece| (piece, names_me)));
    };
    for Range { start, end } in found {
        push(told..start, false);
        push(start..end, true);
        told = end;
    }
    push(told..text.len(), false);
    pieces
}

/// How long a name is at the beginning of a text, in bytes, if it is there.
fn name_at(text: &str, name: &str) -> Option<usize> {
    let mut rest = text.chars();
    for wanted in name.chars() {
        let found = rest.next()?;
        if fold_char(found) != fold_char(wanted) {
            return None;
        }
    }
    let rest = rest.as_str();
    let ends = rest.chars().next().is_none_or(|c| !is_word(c));
    (ends && !name.is_empty()).then(|| text.len().saturating_sub(rest.len()))
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found<'a>(text: &'a str, names: &[&str]) -> Vec<&'a str> {
        mentions(text, names).into_iter().filter_map(|range| text.get(range)).collect()
    }

    #[test]
    fn a_name_after_its_sign_is_a_mention() {
        let names = ["Juliet", "Juliet Capulet", "jule"];
        assert_eq!(found("@juliet, hi", &names), ["@juliet"]);
        assert_eq!(found("(@JULIET CAPULET) @jule", &names), ["@JULIET CAPULET", "@jule"]);
        assert_eq!(found("@Jörg: na?", &["JÖRG"]), ["@Jörg"]);
        assert_eq!(found("über@ @李雷!", &["李雷"]), ["@李雷"]);
    }

    #[test]
    fn what_only_looks_like_one_is_none() {
        let names = ["jule", ""];
        for text in ["", "jule", "@julex", "a@jule", "mail jule@example.org", "@ jule", "@", "@@", "@jule_"] {
            assert!(found(text, &names).is_empty(), "{text}");
        }
        assert!(mentions("@jule", &[]).is_empty());
        assert_eq!(mentions(&"@jule ".repeat(500), &names).len(), MOST);
    }

    #[test]
    fn a_nickname_needs_no_sign() {
        let found = |text, nick| -> Vec<String> {
            let pieces = nickname_in(text, nick);
            assert_eq!(pieces.iter().map(|(piece, _)| *piece).collect::<String>(), text);
            pieces.iter().filter(|(_, is)| *is).map(|(piece, _)| (*piece).to_owned()).collect()
        };
        assert_eq!(found("ann: hi @Ánn, says Anna", "Ann"), ["ann", "@Ánn"]);
        assert_eq!(found("banner an_ann ann_", "ann"), [""; 0]);
        assert_eq!(found("hi c++ and c++", "c++"), ["c++", "c++"]);
        assert_eq!(found("anything", ""), [""; 0]);
    }

    #[test]
    fn the_pieces_are_the_text() {
        for text in ["", "@jule", "é @jule é @jule", "no one"] {
            let joined: String = mentions_in(text, &["jule"]).iter().map(|(piece, _)| *piece).collect();
            assert_eq!(joined, text);
        }
    }
}
