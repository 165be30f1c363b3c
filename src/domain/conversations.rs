//! The conversations of the user, each with its messages in order.

use std::rc::Rc;

use super::change::{Change, TimelineEdit};
use super::conversation::{Conversation, Preview};
use super::timeline::{Body, Delivery, Direction, History, Message, MessageKey};
use crate::clock::Timestamp;
use crate::jid::BareJid;
use crate::map::Map;

/// Where counting activity begins. What happens counts up from here, and what turns out to have happened before
/// counts down, so that both sort without a clock.
const TODAY: u64 = 1 << 32;

/// Characters of a preview.
const PREVIEW: usize = 200;

/// The id that the sender gave a message. Two messages of one conversation and one direction with the same id
/// are the same message; ids of different senders never meet.
pub type WireId = String;

/// A message that is new to us.
#[derive(Clone, Debug)]
pub struct NewMessage {
    /// Who wrote it.
    pub direction: Direction,
    /// The address that wrote it, checked.
    pub from: BareJid,
    /// The id that its sender gave it.
    pub id: Option<WireId>,
    /// What it says.
    pub body: Body,
    /// When it was written.
    pub stamp: Timestamp,
    /// For own messages.
    pub delivery: Option<Delivery>,
    /// Its id in the archive, said by who may say it.
    pub archive_id: Option<ArchiveId>,
    /// For messages that come from the archive.
    pub archived: Option<Archived>,
}

/// The id that the archive gave a message.
pub type ArchiveId = String;

/// How to take in a message from the archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Archived {
    /// Where it belongs.
    pub place: Place,
    /// Whether it counts as unread.
    pub unread: bool,
}

/// Where a message from the archive belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Before every row.
    Start,
    /// After what was there when the stream began, and before what arrived since.
    BeforeLive,
}

#[derive(Debug)]
struct Entry {
    view: Conversation,
    rows: Vec<Message>,
    /// Rows by the id that their sender gave them, incoming apart from own ones.
    incoming: Map<WireId, MessageKey>,
    own: Map<WireId, MessageKey>,
    own_ids: Map<MessageKey, WireId>,
    archived: Map<ArchiveId, MessageKey>,
    archive_ids: Map<MessageKey, ArchiveId>,
    /// The place of the first row that came with the current stream.
    live_from: usize,
    history: History,
}

/// Every conversation.
#[derive(Debug, Default)]
pub struct Conversations {
    entries: Map<BareJid, Entry>,
    last_key: u64,
    activity: u64,
    /// Conversations of which the archive told only after newer ones.
    earlier: u64,
    attended: Vec<BareJid>,
    /// Rows that wait to be sent, in the order of sending.
    queue: Vec<(BareJid, MessageKey)>,
    /// There is an archive that can be asked for older messages.
    archive: bool,
    changes: Vec<Change>,
}

impl Conversations {
    /// The changes since the last call.
    pub fn take_changes(&mut self) -> impl Iterator<Item = Change> {
        std::mem::take(&mut self.changes).into_iter()
    }

    /// Makes sure that there is a conversation with somebody.
    pub fn open(&mut self, peer: &BareJid) {
        if !self.entries.contains_key(peer) {
            let activity = self.next_activity(false);
            let entry = self.entry(peer);
            entry.view.activity = activity;
            let view = entry.view.clone();
            self.changes.push(Change::Conversation(view));
        }
    }

    fn entry(&mut self, peer: &BareJid) -> &mut Entry {
        if self.archive && !self.entries.contains_key(peer) {
            self.changes.push(Change::History(peer.clone(), History::More));
        }
        let history = if self.archive { History::More } else { History::None };
        self.entries.entry(peer.clone()).or_insert_with(|| Entry {
            view: Conversation::new(peer.clone()),
            rows: Vec::new(),
            incoming: Map::default(),
            own: Map::default(),
            own_ids: Map::default(),
            archived: Map::default(),
            archive_ids: Map::default(),
            live_from: 0,
            history,
        })
    }

    fn next_activity(&mut self, is_earlier: bool) -> u64 {
        if is_earlier {
            self.earlier = self.earlier.saturating_add(1);
            TODAY.saturating_sub(self.earlier)
        } else {
            self.activity = self.activity.saturating_add(1);
            TODAY.saturating_add(self.activity)
        }
    }

    /// Adds a message, unless it is there already. Own messages that wait to be sent stay below it: the server
    /// will put them after it too.
    pub fn add(&mut self, peer: &BareJid, new: NewMessage) -> Option<MessageKey> {
        if let Some(known) = self.entry(peer).known(&new) {
            // The archive has it: that is proof that it arrived there.
            if new.archived.is_some() {
                let row = self.message(peer, known);
                if row.is_some_and(|row| matches!(row.delivery, Some(Delivery::Sent | Delivery::Unknown))) {
                    self.deliver(peer, known, Delivery::Acked);
                }
            }
            return None;
        }
        self.last_key = self.last_key.saturating_add(1);
        let key = MessageKey(self.last_key);
        let activity = self.next_activity(new.archived.is_some_and(|archived| archived.place == Place::Start));
        let attended = self.attended.contains(peer);
        let entry = self.entry(peer);
        entry.name(key, new.direction, new.id, new.archive_id);
        let message = Message {
            key,
            direction: new.direction,
            from: new.from,
            body: new.body,
            stamp: new.stamp,
            delivery: new.delivery,
        };
        let waiting = message.delivery == Some(Delivery::Queued);
        let at = entry.place(waiting, new.archived.map(|archived| archived.place));
        let before = entry.rows.get(at).map(|row| row.key);
        let counts = new.archived.is_none_or(|archived| archived.unread);
        if new.direction == Direction::In && counts && !attended {
            entry.view.unread = entry.view.unread.saturating_add(1);
            entry.view.first_unread.get_or_insert(key);
        } else if new.direction == Direction::Out && counts {
            // Whoever writes has read.
            entry.view.unread = 0;
        }
        entry.rows.insert(at, message.clone());
        if entry.rows.last().is_some_and(|last| last.key == key) {
            entry.view.last = Some(preview(&message));
            entry.view.activity = activity;
        }
        let view = entry.view.clone();
        if waiting {
            self.queue.push((peer.clone(), key));
        }
        self.changes.push(Change::Timeline(peer.clone(), TimelineEdit::Insert { message, before }));
        self.changes.push(Change::Conversation(view));
        Some(key)
    }

    /// A fresh stream begins: what arrives from now on is live, and what the archive has of the time between belongs
    /// before it.
    pub fn stream_began(&mut self) {
        self.archive = false;
        for entry in self.entries.values_mut() {
            entry.live_from = entry.place(false, None);
        }
    }

    /// There is an archive to ask.
    pub fn archive_found(&mut self) {
        self.archive = true;
        let unasked = self.entries.iter().filter(|(_, entry)| entry.history == History::None);
        let peers: Vec<_> = unasked.map(|(peer, _)| peer.clone()).collect();
        for peer in peers {
            self.set_history(&peer, History::More);
        }
    }

    /// More is known of the time before the first row.
    pub fn set_history(&mut self, peer: &BareJid, history: History) {
        if let Some(entry) = self.entries.get_mut(peer)
            && entry.history != history
        {
            entry.history = history;
            self.changes.push(Change::History(peer.clone(), history));
        }
    }

    /// The archive's id of the oldest row that has one.
    pub fn oldest_archived(&self, peer: &BareJid) -> Option<ArchiveId> {
        let entry = self.entries.get(peer)?;
        entry.rows.iter().find_map(|row| entry.archive_ids.get(&row.key)).cloned()
    }

    /// Whether it is uncertain of any message whether it arrived.
    pub fn has_uncertain(&self) -> bool {
        self.entries.values().any(|entry| entry.rows.iter().any(|row| row.delivery == Some(Delivery::Unknown)))
    }

    /// What was uncertain did not arrive: it waits to be sent again, before everything else that waits.
    pub fn resend_uncertain(&mut self) {
        let mut again = Vec::new();
        for (peer, entry) in &mut self.entries {
            for row in entry.rows.iter_mut().filter(|row| row.delivery == Some(Delivery::Unknown)) {
                row.delivery = Some(Delivery::Queued);
                again.push((peer.clone(), row.key));
                self.changes.push(Change::Timeline(peer.clone(), TimelineEdit::Update(row.clone())));
            }
        }
        again.sort_by_key(|(_, key)| *key);
        again.append(&mut self.queue);
        self.queue = again;
    }

    /// The user looks at these conversations now.
    pub fn attend(&mut self, peers: Vec<BareJid>) {
        let before = std::mem::replace(&mut self.attended, peers.clone());
        for left in before.iter().filter(|peer| !peers.contains(peer)) {
            // The line above what was new is for one visit only.
            self.view(left, |view| view.first_unread = None);
        }
        for peer in peers.iter().filter(|peer| !before.contains(peer)) {
            self.seen(peer);
        }
    }

    /// Everything in this conversation was seen, here or on another device.
    pub fn seen(&mut self, peer: &BareJid) {
        self.view(peer, |view| view.unread = 0);
    }

    fn view(&mut self, peer: &BareJid, change: impl FnOnce(&mut Conversation)) {
        if let Some(entry) = self.entries.get_mut(peer) {
            let before = entry.view.clone();
            change(&mut entry.view);
            if entry.view != before {
                self.changes.push(Change::Conversation(entry.view.clone()));
            }
        }
    }

    /// A row by its place.
    pub fn message(&self, peer: &BareJid, key: MessageKey) -> Option<&Message> {
        self.entries.get(peer)?.rows.iter().rev().find(|row| row.key == key)
    }

    /// The own row with this id.
    pub fn own(&self, peer: &BareJid, id: &str) -> Option<MessageKey> {
        self.entries.get(peer)?.own.get(id).copied()
    }

    /// The id of an own row.
    pub fn id_of(&self, peer: &BareJid, key: MessageKey) -> Option<&WireId> {
        self.entries.get(peer)?.own_ids.get(&key)
    }

    /// Moves an own row to another state.
    pub fn deliver(&mut self, peer: &BareJid, key: MessageKey, delivery: Delivery) {
        let Some(entry) = self.entries.get_mut(peer) else { return };
        self.queue.retain(|(_, waiting)| *waiting != key);
        if let Some(row) = entry.rows.iter_mut().rev().find(|row| row.key == key)
            && row.direction == Direction::Out
            && row.delivery.as_ref() != Some(&delivery)
        {
            row.delivery = Some(delivery);
            self.changes.push(Change::Timeline(peer.clone(), TimelineEdit::Update(row.clone())));
        }
    }

    /// Puts a row that is sent again behind everything, in order with what else waits.
    pub fn requeue(&mut self, peer: &BareJid, key: MessageKey) {
        let Some(entry) = self.entries.get_mut(peer) else { return };
        if let Some(at) = entry.rows.iter().rposition(|row| row.key == key) {
            let mut message = entry.rows.remove(at);
            message.delivery = Some(Delivery::Queued);
            entry.rows.push(message.clone());
            self.queue.push((peer.clone(), key));
            self.changes.push(Change::Timeline(peer.clone(), TimelineEdit::Insert { message, before: None }));
        }
    }

    /// Drops an own row.
    pub fn discard(&mut self, peer: &BareJid, key: MessageKey) {
        let Some(entry) = self.entries.get_mut(peer) else { return };
        let before = entry.rows.len();
        entry.rows.retain(|row| row.key != key || row.direction == Direction::In);
        if entry.rows.len() == before {
            return;
        }
        self.queue.retain(|(_, waiting)| *waiting != key);
        // The id stays known, so that a late copy from another device does not bring the message back.
        entry.view.last = entry.rows.last().map(preview);
        self.changes.push(Change::Timeline(peer.clone(), TimelineEdit::Remove(key)));
        self.changes.push(Change::Conversation(entry.view.clone()));
    }

    /// Everything that waits to be sent, in order.
    pub fn waiting(&self) -> Vec<Waiting> {
        let waiting = self.queue.iter().filter_map(|(peer, key)| {
            let Body::Text(text) = &self.message(peer, *key)?.body else { return None };
            Some(Waiting { peer: peer.clone(), id: self.id_of(peer, *key)?.clone(), key: *key, text: Rc::clone(text) })
        });
        waiting.collect()
    }
}

impl Entry {
    /// The row that a message is already, by the archive's id, or else by the id of its sender. Two messages that
    /// the archive tells apart are two, even if their sender used an id twice.
    fn known(&mut self, new: &NewMessage) -> Option<MessageKey> {
        if let Some(key) = new.archive_id.as_ref().and_then(|id| self.archived.get(id)) {
            return Some(*key);
        }
        let ids = match new.direction {
            Direction::In => &self.incoming,
            Direction::Out => &self.own,
        };
        let key = *ids.get(new.id.as_ref()?)?;
        match (&new.archive_id, self.archive_ids.contains_key(&key)) {
            (Some(_), true) => None,
            (Some(id), false) => {
                self.archived.insert(id.clone(), key);
                self.archive_ids.insert(key, id.clone());
                Some(key)
            }
            (None, _) => Some(key),
        }
    }

    fn name(&mut self, key: MessageKey, direction: Direction, id: Option<WireId>, archive_id: Option<ArchiveId>) {
        if let Some(id) = id {
            match direction {
                Direction::In => self.incoming.insert(id, key),
                Direction::Out => {
                    self.own_ids.insert(key, id.clone());
                    self.own.insert(id, key)
                }
            };
        }
        if let Some(id) = archive_id {
            self.archived.insert(id.clone(), key);
            self.archive_ids.insert(key, id);
        }
    }

    /// Where a new row goes; makes room for one from the archive.
    fn place(&mut self, waiting: bool, archived: Option<Place>) -> usize {
        let place = match archived {
            Some(Place::Start) => 0,
            Some(Place::BeforeLive) => self.live_from.min(self.rows.len()),
            None if waiting => return self.rows.len(),
            None => {
                let last = self.rows.iter().rposition(|row| row.delivery != Some(Delivery::Queued));
                return last.map_or(0, |last| last.saturating_add(1));
            }
        };
        self.live_from = self.live_from.saturating_add(1);
        place
    }
}

/// An own message that waits to be sent.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// To whom.
    pub peer: BareJid,
    /// Its id.
    pub id: WireId,
    /// Its row.
    pub key: MessageKey,
    /// What it says.
    pub text: Rc<str>,
}

fn preview(message: &Message) -> Preview {
    let text = match &message.body {
        Body::Text(text) => text.chars().take(PREVIEW).collect(),
        Body::Unreadable | Body::Gap(_) => String::new(),
    };
    Preview { direction: message.direction, text, stamp: message.stamp }
}

#[cfg(test)]
mod tests;
