//! XEP-0444: signs in answer to a message.

use crate::wire::ns;
use crate::wire::stanza::Message;
use crate::wire::xml::Element;

/// Signs that one person can give to one message.
const MOST: usize = 20;
/// Bytes of a sign. The longest emoji there is has 35: a family, or a kiss, of two skin tones.
const LONGEST: usize = 48;

/// Says which signs the user gives to a message, and that there are no others.
pub fn payload(of: &str, emojis: &[String]) -> Element {
    let mut reactions = Element::new(ns::REACTIONS, "reactions").with("id", of);
    for emoji in emojis {
        reactions.push(Element::new(ns::REACTIONS, "reaction").text_with(emoji));
    }
    reactions
}

/// To which message the sender gives which signs. More than one list in a message is an error, and says nothing
/// (§3.2).
pub fn read(message: &Message) -> Option<(&str, Vec<String>)> {
    let mut lists = message.payloads.iter().filter(|payload| payload.is(ns::REACTIONS, "reactions"));
    let list = lists.next().filter(|_| lists.next().is_none())?;
    let of = list.attribute("id").filter(|id| !id.is_empty())?;
    let mut emojis: Vec<String> = Vec::new();
    for child in list.children().filter(|child| child.is(ns::REACTIONS, "reaction")) {
        let emoji = child.text().trim().to_owned();
        if emojis.len() < MOST && is_sign(&emoji) && !emojis.contains(&emoji) {
            emojis.push(emoji);
        }
    }
    Some((of, emojis))
}

/// Whether this may be one emoji, and is no word (§4). Which ones exist changes every year, so it is not looked up.
pub fn is_sign(text: &str) -> bool {
    let is_word = |c: char| c.is_alphabetic() && !('\u{1f1e6}'..='\u{1f1ff}').contains(&c);
    // Keycaps are a digit with two marks behind it.
    let is_plain = text.is_ascii();
    let is_odd = |c: char| is_word(c) || c.is_control() || c.is_whitespace() || ('\u{202a}'..='\u{2069}').contains(&c);
    !is_plain && text.len() <= LONGEST && !text.chars().any(is_odd)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_are_no_words() {
        for sign in ["👍", "❤️", "👍🏽", "🇩🇪", "1️⃣", "👩‍❤️‍💋‍👨", "☺"] {
            assert!(is_sign(sign), "{sign}");
        }
        for other in ["", "a", "ok", "ä", "你好", "+1", "👍 👍", "👍\u{202e}", &"👍".repeat(13), "<b>"] {
            assert!(!is_sign(other), "{other}");
        }
    }
}
