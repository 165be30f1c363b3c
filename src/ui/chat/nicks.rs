//! Nicknames that complete themselves behind an `@` in the field for a message.

use crate::domain::fold::fold;
use crate::jid::BareJid;
use crate::ui::client::Client;

/// The longest nickname that is completed, in characters.
const LONGEST: usize = 40;

/// What was typed of a nickname: what follows an `@` that begins a word, at the end of what stands before the cursor.
pub(super) fn begun(before: &str) -> Option<&str> {
    let (front, nick) = before.rsplit_once('@')?;
    let begins = front.chars().next_back().is_none_or(|c| !c.is_alphanumeric());
    let is_nick = nick.chars().count() <= LONGEST && !nick.starts_with(char::is_whitespace) && !nick.contains('\n');
    (begins && is_nick).then_some(nick)
}

/// The participants whose nickname begins so, or has a word that does; the user knows their own.
pub(super) fn offers(client: Client, room: &BareJid, begun: &str, most: usize) -> Vec<String> {
    let sought = fold(begun);
    let people = client.people_now(room);
    let fits = |nick: &str| {
        let nick = fold(nick);
        nick.starts_with(&sought) || (!sought.is_empty() && nick.split(' ').any(|word| word.starts_with(&sought)))
    };
    let found = people.iter().filter(|one| !one.is_me && fits(&one.nick));
    found.take(most).map(|one| one.nick.to_string()).collect()
}
