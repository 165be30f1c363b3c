//! What the other side says about own messages: that a device has them, that somebody saw them; and what we say about
//! theirs.

use std::rc::Rc;

use super::entry::Entry;
use super::{Conversations, Row, WireId, Writer};
use crate::domain::desk::is_visit;
use crate::domain::timeline::{Delivery, Direction, MessageKey};
use crate::jid::BareJid;

/// Messages of one conversation of which it is remembered that they arrived before they are here.
const EARLY: usize = 64;
/// Participants of a group chat of whom it is known that they saw the same message.
const READERS: usize = 20;

impl Entry {
    /// The newest message that was seen and whose sender wants to know, if that was not said yet.
    /// In a group chat nobody asks, and it goes by the name that the group chat gave (XEP-0333 §4.4).
    pub(super) fn markable(&self) -> Option<&WireId> {
        let mut theirs = self.rows.iter().rev().filter(|row| row.message.direction == Direction::In);
        let newest = match self.is_group() {
            true => theirs.filter(|row| row.message.private.is_none()).find_map(|row| row.archive_id.as_ref()),
            false => theirs.find(|row| row.markable && row.id.is_some()).and_then(|row| row.id.as_ref()),
        };
        newest.filter(|id| self.marked.as_ref() != Some(id))
    }

    /// A group chat in which it is not as between two.
    fn is_group(&self) -> bool {
        self.is_room() && !is_visit(&self.view.peer)
    }

    /// The newest own text to all of a group chat.
    pub(super) fn newest_to_all(&self) -> Option<MessageKey> {
        let is_one = |row: &&Row| {
            row.message.direction == Direction::Out && row.message.private.is_none() && row.is_shown_message()
        };
        self.rows.iter().rev().find(is_one).map(|row| row.message.key)
    }

    fn remember(&mut self, id: &str, delivery: Delivery) {
        if !self.early.iter().any(|(known, said)| known == id && *said == delivery) {
            if self.early.len() >= EARLY {
                self.early.remove(0);
            }
            self.early.push((id.to_owned(), delivery));
        }
    }
}

impl Conversations {
    /// A device of the other side has an own message (XEP-0184).
    pub fn received(&mut self, peer: &BareJid, id: &str) {
        let Some(entry) = self.entries.get_mut(peer) else { return };
        match entry.own(id).filter(|key| entry.row(*key).is_some()) {
            Some(key) => self.arrived(peer, key, Delivery::Delivered),
            None => entry.remember(id, Delivery::Delivered),
        }
    }

    /// The other side saw an own message (XEP-0333).
    pub fn displayed(&mut self, peer: &BareJid, id: &str) {
        let Some(entry) = self.entries.get_mut(peer) else { return };
        match entry.own(id).filter(|key| entry.row(*key).is_some()) {
            Some(key) => self.arrived(peer, key, Delivery::Displayed),
            None => entry.remember(id, Delivery::Displayed),
        }
    }

    /// The other side saw an own message, and with it all that are before it.
    pub fn displayed_before(&mut self, peer: &BareJid, id: &str) {
        let Some(entry) = self.entries.get(peer) else { return };
        let Some(marked) = entry.own(id) else { return };
        let Some(place) = entry.place_of(marked) else { return };
        let rows = entry.rows.get(..place).unwrap_or_default().iter().rev();
        // Whatever is before one that is known to be seen is known to be. What no page has placed and was written later
        // may stand there only because a late page moved the marked one.
        let before = rows
            .filter(|row| row.message.direction == Direction::Out)
            .filter(|row| row.archive_id.is_some() || row.message.key < marked)
            .take_while(|row| row.message.delivery != Some(Delivery::Displayed))
            .filter(|row| matches!(row.message.delivery, Some(Delivery::Acked | Delivery::Delivered)));
        let seen: Vec<MessageKey> = before.map(|row| row.message.key).collect();
        for key in seen {
            self.arrived(peer, key, Delivery::Displayed);
        }
    }

    /// An own message is known to have come this far, if it is not known to have come farther. What was refused may
    /// still have reached one of several devices, but the user was told otherwise and decides.
    fn arrived(&mut self, peer: &BareJid, key: MessageKey, delivery: Delivery) {
        let known = self.message(peer, key).and_then(|message| message.delivery.clone());
        let is_news = match known {
            Some(Delivery::Queued | Delivery::Sent | Delivery::Acked | Delivery::Unknown) => true,
            Some(Delivery::Delivered) => delivery == Delivery::Displayed,
            Some(Delivery::Displayed | Delivery::Failed(_)) | None => false,
        };
        if is_news {
            self.deliver(peer, key, delivery);
        }
    }

    /// A row is new: what was said of it before it was here counts.
    pub(super) fn proven_before(&mut self, peer: &BareJid, key: MessageKey) {
        let Some(entry) = self.entries.get_mut(peer) else { return };
        let Some(place) = entry.place_of(key) else { return };
        let Some(row) = entry.rows.get(place).filter(|row| row.message.direction == Direction::Out) else { return };
        if row.message.delivery != Some(Delivery::Acked) {
            return;
        }
        let (id, is_placed) = (row.id.clone(), row.archive_id.is_some());
        let mut rest = entry.rows.get(place.saturating_add(1)..).unwrap_or_default().iter();
        let next = rest.find(|row| row.message.direction == Direction::Out);
        // What no page has placed stands before what one has placed for having been here first, and that proves nothing.
        let next = next.filter(|next| is_placed || next.archive_id.is_none() && key < next.message.key);
        if next.is_some_and(|next| next.message.delivery == Some(Delivery::Displayed)) {
            return self.arrived(peer, key, Delivery::Displayed);
        }
        let Some(id) = id else { return };
        let (said, early) = std::mem::take(&mut entry.early).into_iter().partition(|(known, _)| *known == id);
        entry.early = early;
        let said: Vec<(WireId, Delivery)> = said;
        for (_, delivery) in said {
            self.arrived(peer, key, delivery);
        }
    }

    /// Another own device said that this message was seen: so was all that is before it.
    pub fn seen_elsewhere(&mut self, peer: &BareJid, id: &str) {
        let Some(entry) = self.known(peer) else { return };
        let place = |id: &str| entry.named_by(Writer::PEER, id).and_then(|key| entry.place_of(key));
        let Some(told) = place(id) else { return };
        // What the archive tells of long ago is no news.
        if entry.marked.as_deref().and_then(place).is_none_or(|known| known < told) {
            entry.marked = Some(id.to_owned());
            entry.dirty = true;
        }
        let place = told;
        self.count_unread(peer, place.saturating_add(1));
    }

    /// A participant of a group chat saw everything up to a message. What counts is whether the newest of the user's own
    /// is among that.
    pub fn seen_there(&mut self, room: &BareJid, nick: Rc<str>, id: &str) {
        let Some(entry) = self.entries.get(room) else { return };
        let newest = entry.newest_to_all().and_then(|key| entry.place_of(key));
        let Some(seen) = entry.archived(id).and_then(|key| entry.place_of(key)) else { return };
        let is_known = entry.view.seen_by.contains(&nick);
        if newest.is_some_and(|newest| newest <= seen) && !is_known && entry.view.seen_by.len() < READERS {
            self.view(room, |view| view.seen_by.push(nick));
        }
    }

    /// Whether somebody is to be told that a message was seen.
    pub const fn has_to_mark(&self) -> bool {
        !self.to_mark.is_empty()
    }

    /// Whom to tell that which message was seen, group chats only `with_rooms`. It counts as told.
    pub fn take_to_mark(&mut self, with_rooms: bool) -> Vec<(BareJid, WireId)> {
        let peers = std::mem::take(&mut self.to_mark);
        let mut told = Vec::new();
        for peer in peers {
            if !with_rooms && self.entries.get(&peer).is_some_and(Entry::is_group) {
                self.to_mark.push(peer);
                continue;
            }
            let Some(entry) = self.known(&peer) else { continue };
            if let Some(id) = entry.markable().cloned() {
                entry.marked = Some(id.clone());
                entry.dirty = true;
                // In a visit, too, messages are named as the group chat does (XEP-0333 §4.1).
                let newest = entry.rows.iter().rev().find_map(|row| row.archive_id.as_ref());
                let id = newest.filter(|_| is_visit(&peer)).cloned().unwrap_or(id);
                told.push((peer, id));
            }
        }
        told
    }
}
