//! The list of conversations as rows: what is at hand, and the doors to what is kept apart.

use crate::domain::conversation::{Conversation, Notify};
use crate::domain::timeline::Direction;

/// Where a conversation is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shelf {
    /// Where people look.
    #[default]
    Chats,
    /// What strangers wrote that nobody answered: it makes no noise.
    Requests,
    /// What the user put away.
    Archived,
}

/// A conversation with what decides where it is kept.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// The conversation.
    pub conversation: &'a Conversation,
    /// Whether it is with somebody of the contact list.
    pub is_contact: bool,
    /// Whether nothing of them comes through.
    pub is_blocked: bool,
}

impl Entry<'_> {
    /// Where it is kept.
    pub fn shelf(&self) -> Shelf {
        let one = self.conversation;
        let wrote = one.last.as_ref().is_some_and(|last| last.direction == Direction::In);
        let is_stranger = one.room.is_none() && !self.is_contact && !one.answered && wrote;
        if one.archived || (is_stranger && self.is_blocked) {
            Shelf::Archived
        } else if is_stranger {
            Shelf::Requests
        } else {
            Shelf::Chats
        }
    }

    /// Messages that the window's title counts, and that may make a noise.
    pub fn counted(&self) -> u32 {
        let counts = !self.conversation.muted && !self.is_blocked && self.shelf() == Shelf::Chats;
        match self.conversation.room {
            _ if !counts => 0,
            None | Some(Notify::All) => self.conversation.unread,
            Some(Notify::Mentions) => self.conversation.mentions,
            Some(Notify::Nothing) => 0,
        }
    }
}

/// One row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Row {
    /// The conversation at that place of all.
    Conversation(usize),
    /// The way to what is kept apart.
    Door(Shelf),
}

/// What is behind a door.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Behind {
    /// Conversations.
    pub conversations: u32,
    /// Messages that were not seen, in all of them.
    pub unread: u32,
}

/// The list as it is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    /// Its rows, in order.
    pub rows: Vec<Row>,
    /// Behind the door to what strangers wrote.
    pub requests: Behind,
    /// Behind the door to what was put away.
    pub archived: Behind,
}

/// The rows of a shelf, in the order in which the conversations come. `matches` tells, while something is searched,
/// whether a conversation is found: then all shelves are looked through, and there are no doors.
pub fn rows<'a>(
    entries: impl Iterator<Item = Entry<'a>>,
    shown: Shelf,
    matches: Option<&dyn Fn(&Conversation) -> bool>,
) -> Rows {
    let mut all = Rows::default();
    for (place, entry) in entries.enumerate() {
        let shelf = entry.shelf();
        let behind = match shelf {
            Shelf::Chats => None,
            Shelf::Requests => Some(&mut all.requests),
            Shelf::Archived => Some(&mut all.archived),
        };
        if let Some(behind) = behind {
            behind.conversations = behind.conversations.saturating_add(1);
            behind.unread = behind.unread.saturating_add(entry.conversation.unread);
        }
        if matches.map_or(shelf == shown, |matches| matches(entry.conversation)) {
            all.rows.push(Row::Conversation(place));
        }
    }
    if shown == Shelf::Chats && matches.is_none() {
        if all.requests.conversations > 0 {
            all.rows.insert(0, Row::Door(Shelf::Requests));
        }
        if all.archived.conversations > 0 {
            all.rows.push(Row::Door(Shelf::Archived));
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Timestamp;
    use crate::domain::conversation::Preview;

    fn conversation(peer: &str, direction: Direction) -> Conversation {
        let last = Some(Preview {
            direction,
            nick: None,
            text: "hi".into(),
            gist: crate::domain::conversation::Gist::Text,
            stamp: Timestamp(0),
            private: false,
        });
        Conversation { last, unread: 2, ..Conversation::new(peer.parse().unwrap()) }
    }

    fn entry(conversation: &Conversation) -> Entry<'_> {
        Entry { conversation, is_contact: false, is_blocked: false }
    }

    #[test]
    fn strangers_wait_until_they_are_answered_or_added() {
        let eve = conversation("eve@x", Direction::In);
        assert_eq!((entry(&eve).shelf(), entry(&eve).counted()), (Shelf::Requests, 0));
        let added = Entry { is_contact: true, ..entry(&eve) };
        assert_eq!((added.shelf(), added.counted()), (Shelf::Chats, 2));
        let answered = Conversation { answered: true, ..eve.clone() };
        assert_eq!(entry(&answered).shelf(), Shelf::Chats);
        let begun = Conversation::new("new@x".parse().unwrap());
        assert_eq!(entry(&begun).shelf(), Shelf::Chats, "the user is about to write");
        let blocked = Entry { is_blocked: true, ..entry(&eve) };
        assert_eq!(blocked.shelf(), Shelf::Archived, "out of sight, and not lost");
        let foe = Entry { is_blocked: true, ..entry(&answered) };
        assert_eq!((foe.shelf(), foe.counted()), (Shelf::Chats, 0));
    }

    #[test]
    fn what_is_muted_is_not_counted() {
        let loud = Conversation { answered: true, ..conversation("a@x", Direction::In) };
        let quiet = Conversation { muted: true, ..loud.clone() };
        assert_eq!((entry(&loud).counted(), entry(&quiet).counted()), (2, 0));
        let away = Conversation { archived: true, ..loud };
        assert_eq!(entry(&away).counted(), 0);
    }

    #[test]
    fn a_group_chat_is_no_stranger_and_counts_what_the_user_wants_to_hear() {
        let room = |notify| Conversation { room: Some(notify), mentions: 1, ..conversation("r@x", Direction::In) };
        for (notify, counted) in [(Notify::All, 2), (Notify::Mentions, 1), (Notify::Nothing, 0)] {
            let room = room(notify);
            assert_eq!((entry(&room).shelf(), entry(&room).counted()), (Shelf::Chats, counted), "{notify:?}");
        }
    }

    #[test]
    fn doors_lead_to_what_is_kept_apart() {
        let friend = Conversation { answered: true, ..conversation("a@x", Direction::In) };
        let away = Conversation { archived: true, ..friend.clone() };
        let all = [conversation("eve@x", Direction::In), friend, away];
        let rows = |shown, matches| rows(all.iter().map(entry), shown, matches);
        let chats = rows(Shelf::Chats, None);
        assert_eq!(chats.rows, [Row::Door(Shelf::Requests), Row::Conversation(1), Row::Door(Shelf::Archived)]);
        assert_eq!(chats.requests, Behind { conversations: 1, unread: 2 });
        assert_eq!(rows(Shelf::Requests, None).rows, [Row::Conversation(0)]);
        assert_eq!(rows(Shelf::Archived, None).rows, [Row::Conversation(2)]);
        let found: &dyn Fn(&Conversation) -> bool = &|one| one.peer.as_str() == "eve@x";
        assert_eq!(rows(Shelf::Chats, Some(found)).rows, [Row::Conversation(0)], "a search looks everywhere");
        assert!(super::rows(std::iter::empty(), Shelf::Chats, None).rows.is_empty());
    }
}
