//! Text from others, made fit to stand among our own.

use crate::domain::file::is_hidden;

/// The longest name that is shown, in characters.
const NAME: usize = 64;

/// Bodies above this many characters are shown in part, with a way to see the rest.
const BODY: usize = 10_000;

/// A name as one short line: no direction marks or controls, at most three marks on a letter, at most 64 characters.
pub fn name(text: &str) -> String {
    let mut marks: u8 = 0;
    let mut out = String::with_capacity(text.len().min(256));
    let mut shown: usize = 0;
    for character in text.chars().filter(|&c| !invisible(c)) {
        marks = if is_mark(character) { marks.saturating_add(1) } else { 0 };
        if marks > 3 {
            continue;
        }
        if marks == 0 {
            if shown == NAME {
                out.push('…');
                break;
            }
            shown = shown.saturating_add(1);
        }
        out.push(if character.is_whitespace() { ' ' } else { character });
    }
    out
}

/// The part of a long body to show at first; `None` if all of it can be shown.
pub fn beginning(body: &str) -> Option<&str> {
    body.char_indices().nth(BODY).and_then(|(end, _)| body.get(..end))
}

/// Whether a message says nothing but one to three pictures.
pub fn is_lone_emoji(body: &str) -> bool {
    let mut pictures: usize = 0;
    let mut joined = false;
    for character in body.trim().chars() {
        match character {
            // Joiner, variation selector, skin tones, tags and the keycap belong to the picture before them.
            '\u{200d}' => joined = true,
            '\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0020}'..='\u{e007f}' => {}
            // Two of these make one flag.
            '\u{1f1e6}'..='\u{1f1ff}' => pictures = pictures.saturating_add(1),
            '\u{1f300}'..='\u{1faff}'
            | '\u{2600}'..='\u{27bf}'
            | '\u{2b00}'..='\u{2bff}'
            | '\u{1f004}'
            | '\u{1f0cf}'
            | '\u{2139}'
            | '\u{231a}'..='\u{23ff}' => {
                if !std::mem::take(&mut joined) {
                    pictures = pictures.saturating_add(2);
                }
            }
            _ => return false,
        }
    }
    (1..=6).contains(&pictures)
}

/// What could turn the text around it, or hide in it.
fn invisible(character: char) -> bool {
    (character.is_control() && !character.is_whitespace()) || is_hidden(character)
}

/// Marks that stand on or under the letter before them.
const fn is_mark(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{1ab0}'..='\u{1aff}'
        | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}' | '\u{200d}' | '\u{fe0f}'
        | '\u{1f3fb}'..='\u{1f3ff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_turn_or_fill_the_page() {
        assert_eq!(name("exe\u{202e}gpj\u{0}\u{2066}"), "exegpj");
        assert_eq!(name("two\nlines\tand tabs"), "two lines and tabs");
        assert_eq!(name(&"x".repeat(100)).chars().count(), 65);
        assert_eq!(name(&"x".repeat(64)).chars().count(), 64);
        assert!(name(&format!("Z{}", "\u{300}".repeat(5000))).chars().count() <= 4);
    }

    #[test]
    fn long_bodies_begin() {
        assert_eq!(beginning(&"é".repeat(10_000)), None);
        assert_eq!(beginning(&"é".repeat(10_001)).unwrap().chars().count(), 10_000);
    }

    #[test]
    fn pictures_alone() {
        for text in ["👍", "😂😂😂", " ❤️ ", "👩‍👩‍👧‍👦", "🇩🇪", "👋🏽"] {
            assert!(is_lone_emoji(text), "{text}");
        }
        for text in ["", "a", "👍 ok", "😂😂😂😂", "12", "\u{fe0f}"] {
            assert!(!is_lone_emoji(text), "{text:?}");
        }
    }
}
