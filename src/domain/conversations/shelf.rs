//! Where a conversation stands among the others, as the user arranged it on this device.

use super::Conversations;
use crate::domain::change::Change;
use crate::domain::conversation::{Arrange, Conversation};
use crate::domain::timeline::Direction;
use crate::jid::BareJid;

/// A message is added; `is_new` unless it comes from a time before the conversation was put away.
pub(super) const fn came(view: &mut Conversation, direction: Direction, is_new: bool) {
    let is_own = matches!(direction, Direction::Out);
    view.answered |= is_own;
    if is_new && (is_own || !view.muted) {
        view.archived = false;
    }
}

impl Conversations {
    /// Does with a conversation what the user wishes.
    pub fn arrange(&mut self, peer: &BareJid, wish: Arrange) {
        match wish {
            Arrange::Delete => self.forget(peer),
            Arrange::Pin(pinned) => self.view(peer, |view| view.pinned = pinned),
            Arrange::Mute(muted) => self.view(peer, |view| view.muted = muted),
            Arrange::Archive(archived) => self.view(peer, |view| view.archived = archived),
        }
    }

    /// The names that the archive gave to the newest incoming messages of a conversation that are in memory, so many
    /// at most.
    pub fn newest_archived(&self, peer: &BareJid, most: usize) -> Vec<super::ArchiveId> {
        let rows = self.entries.get(peer).map_or(&[][..], |entry| &entry.rows);
        let incoming = rows.iter().rev().filter(|row| row.message.direction == Direction::In);
        incoming.filter_map(|row| row.archive_id.clone()).take(most).collect()
    }

    /// Takes a conversation from this device. Not one in which own messages are on their way: their fate would be
    /// lost with it.
    fn forget(&mut self, peer: &BareJid) {
        if self.outbox.has(peer) {
            return;
        }
        let Some(entry) = self.entries.remove(peer) else { return };
        self.behind = true;
        self.dropped_conversations.push(entry.number);
        self.dropped_chunks.extend(entry.chunks.iter().map(|chunk| chunk.id));
        self.read.retain(|read| read != peer);
        if let Some(read_to) = entry.read_to {
            self.read_before.insert(peer.clone(), read_to);
        }
        self.changes.push(Change::ConversationGone(peer.clone()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Timestamp;
    use crate::domain::conversations::NewMessage;
    use crate::domain::timeline::{Body, Delivery};

    fn eve() -> BareJid {
        "eve@x.ex".parse().unwrap()
    }

    fn message(direction: Direction, id: &str) -> NewMessage {
        NewMessage {
            id: Some(id.into()),
            delivery: (direction == Direction::Out).then_some(Delivery::Acked),
            archive_id: Some(format!("a{id}")),
            ..NewMessage::new(direction, eve(), Body::Text("hi".into()), Timestamp(0))
        }
    }

    fn view(conversations: &Conversations) -> Conversation {
        conversations.entries.get(&eve()).unwrap().view.clone()
    }

    #[test]
    fn whoever_was_written_to_is_no_stranger_any_more() {
        let mut conversations = Conversations::default();
        conversations.add(&eve(), message(Direction::In, "1"));
        assert!(!view(&conversations).answered);
        conversations.add(&eve(), message(Direction::Out, "2"));
        assert!(view(&conversations).answered);
    }

    #[test]
    fn what_is_new_brings_back_what_was_put_away_unless_it_is_muted() {
        let mut conversations = Conversations::default();
        conversations.add(&eve(), message(Direction::In, "1"));
        conversations.arrange(&eve(), Arrange::Archive(true));
        conversations.add(&eve(), message(Direction::In, "2"));
        assert!(!view(&conversations).archived);
        conversations.arrange(&eve(), Arrange::Archive(true));
        conversations.arrange(&eve(), Arrange::Mute(true));
        conversations.add(&eve(), message(Direction::In, "3"));
        assert!(view(&conversations).archived);
        conversations.add(&eve(), message(Direction::Out, "4"));
        assert!(!view(&conversations).archived, "who writes wants it at hand");
    }

    #[test]
    fn what_was_deleted_leaves_no_record() {
        let mut conversations = Conversations::default();
        conversations.add(&eve(), message(Direction::In, "1"));
        assert_eq!(conversations.newest_archived(&eve(), 5), ["a1"]);
        let kept = conversations.take_behind();
        conversations.take_changes().for_each(drop);
        conversations.arrange(&eve(), Arrange::Delete);
        assert_eq!(conversations.take_changes().collect::<Vec<_>>(), [Change::ConversationGone(eve())]);
        let behind = conversations.take_behind();
        assert_eq!(behind.dropped_conversations, [kept.conversations[0].0]);
        assert_eq!(behind.dropped_chunks, [kept.chunks[0].0]);
    }
}
