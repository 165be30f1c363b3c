//! What a page keeps of a conversation with a desk, for the next one.
//!
//! It lies in the storage of the page around, where every script of that page can read it: whoever embeds a chat without a
//! frame of its own can read the chat, too. Nobody else has it.

use web_sys::Storage;

use super::Desk;
use crate::domain::desk::{Own, OwnVisit};
use crate::jid::BareJid;

/// How the name of every entry begins.
const PREFIX: &str = "waxwing.visit.";

/// What is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Kept {
    pub(super) room: BareJid,
    pub(super) key: String,
    pub(super) nick: String,
    pub(super) read: Option<String>,
}

impl Kept {
    /// What is to be kept of a conversation that another page can go on with. What is kept of one that the desk ended stays
    /// as it is: it can be read; what the visitor ended is forgotten.
    pub(super) fn of(own: &OwnVisit) -> Option<Self> {
        let OwnVisit { room, key, nick, read, stage } = own.clone();
        (stage == Own::Asked).then_some(Self { room: room?, key, nick, read })
    }

    fn read(text: &str) -> Option<Self> {
        let mut lines = text.lines().map(str::to_owned);
        let (room, key, nick) = (lines.next()?.parse().ok()?, lines.next()?, lines.next()?);
        Some(Self { room, key, nick, read: lines.next().filter(|read| !read.is_empty()) })
    }
}

fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok()?
}

fn name(desk: &Desk) -> Option<String> {
    Some(format!("{PREFIX}{}", desk.address()?))
}

/// What is kept of the conversation with a desk.
pub(super) fn of(desk: &Desk) -> Option<Kept> {
    Kept::read(&storage()?.get_item(&name(desk)?).ok()??)
}

/// Keeps it; where the browser refuses, the conversation ends with the page.
pub(super) fn keep(desk: &Desk, kept: &Kept) {
    let Kept { room, key, nick, read } = kept;
    let one_line = |text: &str| text.replace(['\n', '\r'], " ");
    let text = [room.as_str(), key, &one_line(nick), &one_line(read.as_deref().unwrap_or_default())].join("\n");
    if let Some((storage, name)) = storage().zip(name(desk)) {
        let _ = storage.set_item(&name, &text);
    }
}

/// Forgets it.
pub(super) fn forget(desk: &Desk) {
    if let Some((storage, name)) = storage().zip(name(desk)) {
        let _ = storage.remove_item(&name);
    }
}
