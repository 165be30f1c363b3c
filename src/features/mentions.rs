//! XEP-0372: that a message names somebody; and the same by a nickname in its text, as people do it.

use crate::domain::fold::fold;
use crate::jid::{BareJid, Jid};
use crate::wire::ns;
use crate::wire::stanza::Message;

/// References of one message that are looked at.
const MOST: usize = 50;

/// Whether a message of a group chat names the user: by address, by the address that the user has there, or by nickname.
pub fn names_me(message: &Message, text: &str, room: &BareJid, nick: &str, me: &BareJid) -> bool {
    let mut references = message.payloads.iter().filter(|payload| payload.is(ns::REFERENCE, "reference")).take(MOST);
    let refers = references.any(|reference| {
        let uri = reference.attribute("uri").and_then(|uri| uri.strip_prefix("xmpp:"));
        let address = uri.map(|uri| uri.split_once('?').map_or(uri, |(address, _)| address));
        let address = address.and_then(|address| address.parse::<Jid>().ok());
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
