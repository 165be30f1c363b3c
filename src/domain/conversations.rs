//! The conversations of the user, each with its messages in order.

use std::rc::Rc;

use super::change::{Change, TimelineEdit};
use super::conversation::{Conversation, Preview};
use super::timeline::{Body, Delivery, Direction, Message, MessageKey};
use crate::clock::Timestamp;
use crate::jid::BareJid;
use crate::map::Map;

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
}

#[derive(Debug)]
struct Entry {
    view: Conversation,
    rows: Vec<Message>,
    /// Rows by the id that their sender gave them, incoming apart from own ones.
    incoming: Map<WireId, MessageKey>,
    own: Map<WireId, MessageKey>,
    own_ids: Map<MessageKey, WireId>,
}

/// Every conversation.
#[derive(Debug, Default)]
pub struct Conversations {
    entries: Map<BareJid, Entry>,
    last_key: u64,
    activity: u64,
    attended: Option<BareJid>,
    /// Rows that wait to be sent, in the order of sending.
    queue: Vec<(BareJid, MessageKey)>,
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
            self.activity = self.activity.saturating_add(1);
            let entry = Self::entry(&mut self.entries, peer);
            entry.view.activity = self.activity;
            self.changes.push(Change::Conversation(entry.view.clone()));
        }
    }

    fn entry<'a>(entries: &'a mut Map<BareJid, Entry>, peer: &BareJid) -> &'a mut Entry {
        entries.entry(peer.clone()).or_insert_with(|| Entry {
            view: Conversation { peer: peer.clone(), unread: 0, first_unread: None, last: None, activity: 0 },
            rows: Vec::new(),
            incoming: Map::default(),
            own: Map::default(),
            own_ids: Map::default(),
        })
    }

    /// Adds a message, unless it is there already. Own messages that wait to be sent stay below it: the server
    /// will put them after it too.
    pub fn add(&mut self, peer: &BareJid, new: NewMessage) -> Option<MessageKey> {
        let entry = Self::entry(&mut self.entries, peer);
        let ids = match new.direction {
            Direction::In => &mut entry.incoming,
            Direction::Out => &mut entry.own,
        };
        self.last_key = self.last_key.saturating_add(1);
        let key = MessageKey(self.last_key);
        if let Some(id) = new.id {
            if ids.contains_key(&id) {
                return None;
            }
            ids.insert(id.clone(), key);
            if new.direction == Direction::Out {
                entry.own_ids.insert(key, id);
            }
        }
        let message = Message {
            key,
            direction: new.direction,
            from: new.from,
            body: new.body,
            stamp: new.stamp,
            delivery: new.delivery,
        };
        let waiting = |row: &Message| row.delivery == Some(Delivery::Queued);
        let at = if waiting(&message) {
            entry.rows.len()
        } else {
            entry.rows.iter().rposition(|row| !waiting(row)).map_or(0, |last| last.saturating_add(1))
        };
        let before = entry.rows.get(at).map(|row| row.key);
        if waiting(&message) {
            self.queue.push((peer.clone(), key));
        }
        entry.view.last = Some(preview(&message));
        self.activity = self.activity.saturating_add(1);
        entry.view.activity = self.activity;
        if new.direction == Direction::In && self.attended.as_ref() != Some(peer) {
            entry.view.unread = entry.view.unread.saturating_add(1);
            entry.view.first_unread.get_or_insert(key);
        }
        entry.rows.insert(at, message.clone());
        self.changes.push(Change::Timeline(peer.clone(), TimelineEdit::Insert { message, before }));
        self.changes.push(Change::Conversation(entry.view.clone()));
        Some(key)
    }

    /// The user looks at this conversation now, or at none.
    pub fn attend(&mut self, peer: Option<BareJid>) {
        if self.attended == peer {
            return;
        }
        if let Some(left) = std::mem::replace(&mut self.attended, peer.clone()) {
            // The line above what was new is for one visit only.
            self.view(&left, |view| view.first_unread = None);
        }
        if let Some(peer) = peer {
            self.seen(&peer);
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
        Body::Unreadable => String::new(),
    };
    Preview { direction: message.direction, text, stamp: message.stamp }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ann() -> BareJid {
        "ann@s.ex".parse().unwrap()
    }

    fn new(direction: Direction, id: &str, text: &str, delivery: Option<Delivery>) -> NewMessage {
        let body = Body::Text(text.into());
        NewMessage { direction, from: ann(), id: Some(id.into()), body, stamp: Timestamp(0), delivery }
    }

    fn texts(conversations: &Conversations) -> Vec<String> {
        let rows = conversations.entries[&ann()].rows.iter();
        rows.map(|row| match &row.body {
            Body::Text(text) => text.to_string(),
            Body::Unreadable => "?".into(),
        })
        .collect()
    }

    #[test]
    fn what_waits_stays_below_what_arrives() {
        let mut conversations = Conversations::default();
        conversations.add(&ann(), new(Direction::In, "1", "a", None));
        let queued = conversations.add(&ann(), new(Direction::Out, "2", "mine", Some(Delivery::Queued))).unwrap();
        conversations.add(&ann(), new(Direction::In, "3", "b", None));
        assert_eq!(texts(&conversations), ["a", "b", "mine"]);
        conversations.deliver(&ann(), queued, Delivery::Sent);
        conversations.add(&ann(), new(Direction::In, "4", "c", None));
        assert_eq!(texts(&conversations), ["a", "b", "mine", "c"]);
        conversations.requeue(&ann(), queued);
        assert_eq!(texts(&conversations), ["a", "b", "c", "mine"]);
        assert_eq!(conversations.waiting().len(), 1);
    }

    #[test]
    fn one_id_is_one_message_of_its_sender() {
        let mut conversations = Conversations::default();
        assert!(conversations.add(&ann(), new(Direction::In, "1", "a", None)).is_some());
        assert!(conversations.add(&ann(), new(Direction::In, "1", "b", None)).is_none());
        assert!(conversations.add(&ann(), new(Direction::Out, "1", "c", Some(Delivery::Sent))).is_some());
        assert_eq!(texts(&conversations), ["a", "c"]);
    }

    #[test]
    fn unread_counts_what_was_not_looked_at() {
        let mut conversations = Conversations::default();
        let unread = |conversations: &Conversations| {
            let view = &conversations.entries[&ann()].view;
            (view.unread, view.first_unread)
        };
        let first = conversations.add(&ann(), new(Direction::In, "1", "a", None));
        conversations.add(&ann(), new(Direction::In, "2", "b", None));
        conversations.add(&ann(), new(Direction::Out, "3", "c", Some(Delivery::Sent)));
        assert_eq!(unread(&conversations), (2, first));
        conversations.attend(Some(ann()));
        assert_eq!(unread(&conversations), (0, first));
        conversations.add(&ann(), new(Direction::In, "4", "d", None));
        assert_eq!(unread(&conversations), (0, first));
        conversations.attend(None);
        assert_eq!(unread(&conversations), (0, None));
        let next = conversations.add(&ann(), new(Direction::In, "5", "e", None));
        assert_eq!(unread(&conversations), (1, next));
    }

    #[test]
    fn a_dropped_message_does_not_come_back() {
        let mut conversations = Conversations::default();
        let key = conversations.add(&ann(), new(Direction::Out, "1", "a", Some(Delivery::Queued))).unwrap();
        conversations.discard(&ann(), key);
        assert!(conversations.waiting().is_empty());
        assert!(conversations.add(&ann(), new(Direction::Out, "1", "a", Some(Delivery::Sent))).is_none());
    }
}
