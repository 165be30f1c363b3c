//! XEP-0372: that a message names somebody; and the same by a nickname in its text, as people do it.

use crate::domain::fold::fold;
use crate::domain::invitation::decoded;
use crate::domain::room::Room;
use crate::domain::rooms::Rooms;
use crate::jid::{BareJid, Jid};
use crate::wire::ns;
use crate::wire::stanza::Message;
use crate::wire::xml::Element;

/// References of one message that are looked at.
const MOST: usize = 50;
/// People that one message of ours names at most.
const NAMED: usize = 20;
/// The longest nickname that is looked for in a text, in characters.
const LONGEST: usize = 60;

/// Whom a text for a group chat names: who is there, behind an `@`, as the field completes it. Places are code points
/// (XEP-0426), `before` of which stand in front of the text.
pub fn references(rooms: &Rooms, room: &BareJid, text: &str, before: usize) -> Vec<Element> {
    let shown = rooms.room(room);
    let mut references = Vec::new();
    let mut last = ' ';
    for (place, (at, character)) in text.char_indices().enumerate() {
        let begins = character == '@' && !last.is_alphanumeric() && references.len() < NAMED;
        last = character;
        let Some(after) = text.get(at.saturating_add(1)..).filter(|_| begins) else { continue };
        let ends = after.char_indices().map(|(end, _)| end).chain([after.len()]).skip(1).take(LONGEST);
        // The longest counts.
        let named = ends.enumerate().filter_map(|(letters, end)| {
            let (nick, rest) = after.split_at_checked(end)?;
            let goes_on = rest.chars().next().is_some_and(char::is_alphanumeric);
            let them = rooms.occupant(room, nick).filter(|them| !goes_on && !them.is_me)?;
            Some((letters.saturating_add(2), them))
        });
        if let Some((length, them)) = named.last() {
            let begin = before.saturating_add(place);
            // An address that not everybody there sees is not to be told.
            let address = them.address.as_ref().filter(|_| shown.is_some_and(is_open));
            let uri = match address {
                Some(address) => format!("xmpp:{}", encoded(address.as_str())),
                None => format!("xmpp:{}/{}", encoded(room.as_str()), encoded(&them.nick)),
            };
            let reference = Element::new(ns::REFERENCE, "reference").with("type", "mention").with("uri", uri);
            let end = begin.saturating_add(length);
            references.push(reference.with("begin", begin.to_string()).with("end", end.to_string()));
        }
    }
    references
}

const fn is_open(room: &Room) -> bool {
    room.traits.non_anonymous
}

/// A part of an address for a `xmpp:` URI (RFC 5122 §2.2): everything is encoded that could mean something there.
fn encoded(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'@' => out.push(char::from(byte)),
            _ => {
                out.push('%');
                let digit = |half: u8| char::from_digit(half.into(), 16).unwrap_or_default().to_ascii_uppercase();
                out.extend([digit(byte >> 4), digit(byte & 15)]);
            }
        }
    }
    out
}

/// Whether a message of a group chat names the user: by address, by the address that the user has there, or by nickname.
pub fn names_me(message: &Message, text: &str, room: &BareJid, nick: &str, me: &BareJid) -> bool {
    let mut references = message.payloads.iter().filter(|payload| payload.is(ns::REFERENCE, "reference")).take(MOST);
    let refers = references.any(|reference| {
        let uri = reference.attribute("uri").and_then(|uri| uri.strip_prefix("xmpp:"));
        let address = uri.map(|uri| uri.split_once('?').map_or(uri, |(address, _)| address));
        let address = address.and_then(|address| decoded(address)?.parse::<Jid>().ok());
        reference.attribute("type") == Some("mention")
            && address.is_some_and(|address| {
                address.as_bare() == Some(me) || (address.bare() == room && address.resource() == Some(nick))
            })
    });
    refers || has_word(text, nick)
}

/// Whether a text has a nickname that is no part of a longer word.
fn has_word(text: &str, nick: &str) -> bool {
    let (text, nick) = (fold(text), fold(nick.trim()));
    if nick.is_empty() {
        return false;
    }
    let is_in_word = |character: Option<char>| character.is_some_and(char::is_alphanumeric);
    text.match_indices(&nick).any(|(at, found)| {
        let (before, after) = (text.get(..at), text.get(at.saturating_add(found.len())..));
        let before = before.and_then(|before| before.chars().next_back());
        let after = after.and_then(|after| after.chars().next());
        // A nickname that ends in a sign ends a word by itself.
        let (first, last) = (nick.chars().next(), nick.chars().next_back());
        let goes_on = (is_in_word(before) && is_in_word(first)) || (is_in_word(after) && is_in_word(last));
        !goes_on
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nickname_is_a_word() {
        for text in ["ann: hi", "Hello Ánn!", "@ann", "so says ann", "(ann)"] {
            assert!(has_word(text, "Ann"), "{text}");
        }
        for text in ["anna", "banner", "channel", "", "an n"] {
            assert!(!has_word(text, "Ann"), "{text}");
        }
        assert!(!has_word("anything", "  "));
        assert!(has_word("hi c++", "c++"));
    }
}
