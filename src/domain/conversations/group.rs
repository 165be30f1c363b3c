//! What is different about the conversation of a group chat.

use std::rc::Rc;

use super::entry::Entry;
use super::{Conversations, Scope};
use crate::domain::change::{Change, TimelineEdit};
use crate::domain::conversation::Notify;
use crate::domain::timeline::{Body, Delivery, Direction, History, MessageKey};
use crate::jid::BareJid;

impl Entry {
    /// Whether this archive has what is said in it.
    pub(super) fn is_of(&self, peer: &BareJid, room: Scope<'_>) -> bool {
        if self.is_room() { room == Some(peer) } else { room.is_none() }
    }
}

impl Conversations {
    /// Whether the conversation is that of a group chat.
    pub fn is_room(&self, peer: &BareJid) -> bool {
        self.entries.get(peer).is_some_and(Entry::is_room)
    }

    /// Whether this archive has what is said in a conversation.
    pub(super) fn is_of(&self, peer: &BareJid, room: Scope<'_>) -> bool {
        self.entries.get(peer).is_some_and(|entry| entry.is_of(peer, room))
    }

    /// Makes sure that there is a conversation of a group chat.
    pub fn open_room(&mut self, room: &BareJid) {
        let is_new = !self.entries.contains_key(room);
        self.open(room);
        if is_new {
            // The archive of the account knows nothing of it.
            self.set_history(room, History::None);
        }
        self.view(room, |view| {
            view.room.get_or_insert_default();
            // Whoever goes in is no stranger there.
            view.answered = true;
        });
    }

    /// Of what the user wants to hear there.
    pub fn set_notify(&mut self, room: &BareJid, notify: Notify) {
        if self.is_room(room) {
            self.view(room, |view| {
                view.room = Some(notify);
                view.muted = notify == Notify::Nothing;
            });
        }
    }

    /// The user goes in: what arrives from now on is live. Returns whether anything of it was here before.
    pub fn room_entered(&mut self, room: &BareJid) -> bool {
        let Some(entry) = self.entries.get_mut(room) else { return false };
        entry.live_from = entry.place(false, None);
        !entry.chunks.is_empty()
    }

    /// Own messages may go there now, or no longer.
    pub fn admit(&mut self, room: &BareJid, admitted: bool) {
        if let Some(entry) = self.entries.get_mut(room) {
            entry.admitted = admitted;
        }
    }

    /// What is kept beside a conversation is different.
    pub fn touch(&mut self, peer: &BareJid) {
        if let Some(entry) = self.known(peer) {
            entry.dirty = true;
        }
    }

    /// An own message came back from the group chat, which may have changed what it says: that is the proof that
    /// everybody there has it.
    pub fn reflected(&mut self, room: &BareJid, key: MessageKey, body: &Body) {
        let delivery = self.message(room, key).and_then(|row| row.delivery.clone());
        if matches!(delivery, Some(Delivery::Acked) | None) {
            return;
        }
        self.deliver(room, key, Delivery::Acked);
        let Some(entry) = self.entries.get_mut(room) else { return };
        let Some(row) = entry.row(key).filter(|row| row.amends.is_none() && row.applied.is_empty()) else { return };
        if let (Body::Text(was), Body::Text(is)) = (&row.message.body, body)
            && was != is
            && let Some(row) = entry.row_mut(key)
        {
            row.message.body = Body::Text(Rc::clone(is));
            let message = row.message.clone();
            self.changes.push(Change::Timeline(room.clone(), TimelineEdit::Update(message)));
            self.newest_changed(room);
        }
    }

    /// Whether an own message may be the one that a group chat shows again: it is on its way, or that is uncertain.
    pub fn may_come_back(&self, room: &BareJid, id: &str) -> bool {
        let Some(entry) = self.entries.get(room) else { return false };
        let row = entry.own(id).and_then(|key| entry.row(key));
        row.is_some_and(|row| row.message.direction == Direction::Out && row.archive_id.is_none())
    }

    /// How soon a group chat is wanted: those on a page before others, then the latest.
    pub fn rank(&self, room: &BareJid) -> (bool, u64) {
        self.entries.get(room).map_or((false, 0), |entry| (entry.shown, entry.view.activity))
    }
}
