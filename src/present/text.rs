//! Text from others, made fit to stand among our own.

use crate::domain::fold::is_unseen;

/// The longest name that is shown, in characters.
const NAME: usize = 64;

/// Bodies above this many characters are shown in part, with a way to see the rest.
const BODY: usize = 10_000;

/// A name as one short line: no direction marks or controls, at most three marks on a letter, at most 64 characters.
pub fn name(text: &str) -> String {
    let mut marks: u8 = 0;
    let mut out = String::with_capacity(text.len().min(256));
    let mut shown: usize = 0;
    for character in text.chars().filter(|&c| !is_unseen(c)) {
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

/// The most pictures that are shown large.
const PICTURES: usize = 3;

/// Whether a message says nothing but one to three pictures.
pub fn is_lone_emoji(body: &str) -> bool {
    let mut rest = body.trim();
    let mut pictures: usize = 0;
    while !rest.is_empty() {
        let Some(behind) = after_picture(rest).filter(|_| pictures < PICTURES) else { return false };
        pictures = pictures.saturating_add(1);
        rest = behind.trim_start_matches(' ');
    }
    pictures > 0
}

/// What follows the picture at the beginning of a text (Unicode TS #51: flags, keycaps and joined pictures are one each).
fn after_picture(text: &str) -> Option<&str> {
    let mut rest = text.chars();
    let first = rest.next()?;
    if is_region(first) {
        // Two letters of a region are its flag.
        return rest.next().filter(|&second| is_region(second)).map(|_| rest.as_str());
    }
    if matches!(first, '0'..='9' | '#' | '*') {
        let behind = rest.as_str();
        return behind.strip_prefix('\u{fe0f}').unwrap_or(behind).strip_prefix('\u{20e3}');
    }
    let said = is_sign(first) && rest.as_str().starts_with('\u{fe0f}');
    if !said && !is_picture(first) {
        return None;
    }
    // Variation selector, skin tones and tags belong to the picture before them.
    let belongs = |c: char| matches!(c, '\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0020}'..='\u{e007f}');
    let mut rest = rest.as_str().trim_start_matches(belongs);
    while let Some(joined) = rest.strip_prefix('\u{200d}') {
        let mut behind = joined.chars();
        behind.next().filter(|&next| is_picture(next) || is_sign(next))?;
        rest = behind.as_str().trim_start_matches(belongs);
    }
    Some(rest)
}

const fn is_region(character: char) -> bool {
    matches!(character, '\u{1f1e6}'..='\u{1f1ff}')
}

const fn is_picture(character: char) -> bool {
    matches!(character, '\u{1f300}'..='\u{1faff}' | '\u{2600}'..='\u{27bf}' | '\u{2b00}'..='\u{2bff}'
        | '\u{1f004}' | '\u{1f0cf}' | '\u{1f18e}'..='\u{1f251}' | '\u{2139}' | '\u{25fd}' | '\u{25fe}' | '\u{231a}'..='\u{23ff}')
}

/// What is a picture only when it is said to be one.
const fn is_sign(character: char) -> bool {
    matches!(character, '\u{a9}' | '\u{ae}' | '\u{203c}' | '\u{2049}' | '\u{2122}' | '\u{2190}'..='\u{21ff}'
        | '\u{24c2}' | '\u{25aa}'..='\u{25fc}' | '\u{2934}' | '\u{2935}' | '\u{3030}' | '\u{303d}' | '\u{3297}'
        | '\u{3299}' | '\u{1f170}'..='\u{1f17f}')
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
        for text in [
            "👍",
            "😂😂😂",
            " ❤️ ",
            "👩‍👩‍👧‍👦",
            "🇩🇪",
            "👋🏽",
            "1️⃣",
            "#⃣",
            "🇩🇪🇫🇷🇪🇸",
            "👩🏽‍❤️‍💋‍👨🏽 👩🏽‍❤️‍💋‍👨🏽 🧑‍🦰",
            "🏴󠁧󠁢󠁳󠁣󠁴󠁿",
            "🏳️‍🌈",
            "↔️",
            "👁️‍🗨️",
            "🧑‍⚕️",
            "🤷🏿‍♂️",
        ] {
            assert!(is_lone_emoji(text), "{text}");
        }
        let many = "👩‍".repeat(10_000);
        for text in [
            "",
            "a",
            "👍 ok",
            "😂😂😂😂",
            "12",
            "\u{fe0f}",
            "1",
            "1️⃣2",
            "🇩",
            "🇩🇪🇫",
            "→",
            "👩‍",
            "👍\n👍",
            "\u{200d}👩",
            &many,
        ] {
            assert!(!is_lone_emoji(text), "{text:?}");
        }
    }
}
