//! The part of a message that shows why it was found.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::query::Query;
use super::words::words;

/// Characters before the first word that was found, and in all.
const BEFORE: usize = 32;
const ALL: usize = 160;

/// A piece of text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Piece {
    /// What it says, in one line.
    pub text: String,
    /// Whether it is what was sought.
    pub is_hit: bool,
}

/// The beginning of a text, or what is around the first of its words that was sought.
pub fn snippet(text: &str, query: &Query) -> Vec<Piece> {
    let mut hits: Vec<Range<usize>> = Vec::new();
    words(text, &mut |word, _, range| {
        if query.terms.iter().flatten().any(|want| want.is(word)) {
            match hits.last_mut().filter(|last| range.start <= last.end) {
                Some(last) => last.end = last.end.max(range.end),
                None => hits.push(range),
            }
        }
    });
    let first = hits.first().map_or(0, |hit| hit.start);
    let before = text.get(..first).unwrap_or_default();
    let far = before.char_indices().rev().nth(BEFORE).map(|(place, _)| place);
    // It begins with a word, if there is one nearby.
    let start = far.map_or(0, |far| {
        let near = before.get(far..).unwrap_or_default();
        near.find(char::is_whitespace).map_or(far, |space| far.saturating_add(space).saturating_add(1))
    });
    let start = if text.is_char_boundary(start) { start } else { first };
    let rest = text.get(start..).unwrap_or_default();
    let end = rest.char_indices().nth(ALL).map_or(text.len(), |(place, _)| start.saturating_add(place));
    let mut pieces = Vec::new();
    let mut put = |range: Range<usize>, is_hit: bool| {
        let text = text.get(range).unwrap_or_default();
        if !text.is_empty() {
            let one_line =
                |character: char| if character.is_whitespace() || character.is_control() { ' ' } else { character };
            pieces.push(Piece { text: text.chars().map(one_line).collect(), is_hit });
        }
    };
    let mut at = start;
    for hit in hits {
        let (from, to) = (hit.start.clamp(at, end), hit.end.clamp(at, end));
        put(at..from, false);
        put(from..to, true);
        at = to;
    }
    put(at..end, false);
    if start > 0
        && let Some(first) = pieces.first_mut()
    {
        first.text.insert(0, '…');
    }
    if end < text.len()
        && let Some(last) = pieces.last_mut()
    {
        last.text.push('…');
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, typed: &str) -> String {
        let pieces = snippet(text, &Query::read(typed, 0));
        pieces.into_iter().map(|piece| if piece.is_hit { format!("[{}]", piece.text) } else { piece.text }).collect()
    }

    #[test]
    fn what_was_sought_is_marked() {
        assert_eq!(shown("Meet me at the Café\ntoday", "cafe tod"), "Meet me at the [Café] [today]");
        assert_eq!(shown("私は東京都に住む", "東京都"), "私は[東京都]に住む");
        assert_eq!(shown("nothing", "has:link"), "nothing");
    }

    #[test]
    fn a_long_text_is_shown_around_the_first_hit() {
        let text = format!("{}needle{}", "hay ".repeat(50), " straw".repeat(50));
        let shown = shown(&text, "needle");
        assert!(shown.starts_with("…hay ") && shown.contains("[needle] straw") && shown.ends_with('…'), "{shown}");
        assert!(shown.chars().count() < ALL + 10);
    }
}
