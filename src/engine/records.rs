//! What is stored, as bytes. Every record begins with the version of its form; a form is never changed, but gets a
//! higher number, and [`read`] brings older ones up to date by pure functions. What it cannot read is left alone.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::effect::{Record, Table, Write};
use crate::domain::blocked::Blocked;
use crate::domain::change::Abilities;
use crate::domain::contact::{Contact, ContactRequest};
use crate::domain::conversations::kept::{Behind, KeptConversation};
use crate::domain::conversations::{Counters, Outgoing, Row};
use crate::domain::desk::Desk;
use crate::domain::presence::OwnPresence;
use crate::domain::privacy::Privacy;
use crate::domain::room::{Bookmark, KeptRoom, RoomInvitation};
use crate::domain::timeline::MessageKey;
use crate::features::archive::Pointers;
use crate::jid::{BareJid, FullJid};
use crate::order;
use crate::session::sm::KeptStream;

/// The form of today, in every table.
const VERSION: u8 = 3;

/// The only record of [`Table::Meta`].
const STATE: u64 = 0;

/// Everything of which there is one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct State {
    /// The address of this device on its last stream.
    pub(super) device: Option<FullJid>,
    /// Its counters, if it was set up and can be resumed.
    pub(super) stream: Option<KeptStream>,
    /// What is known of the archive, and whether it was caught up with on that stream.
    pub(super) pointers: Pointers,
    pub(super) caught_up: bool,
    pub(super) counters: Counters,
    pub(super) own_presence: OwnPresence,
    pub(super) privacy: Privacy,
    pub(super) requests: Vec<ContactRequest>,
    pub(super) invited: Vec<BareJid>,
    pub(super) roster_version: Option<String>,
    pub(super) nickname: Option<String>,
    pub(super) blocked: Blocked,
    pub(super) abilities: Abilities,
    /// The group chats that the user's devices share, invitations to others, and the last number of an occupant.
    pub(super) bookmarks: Vec<Bookmark>,
    pub(super) room_invitations: Vec<RoomInvitation>,
    pub(super) occupants: u64,
    /// The visits of a desk.
    pub(super) desk: Desk,
}

/// What a store holds, apart from the messages.
#[derive(Debug, Default)]
pub(super) struct Stored {
    pub(super) state: State,
    pub(super) contacts: Vec<Contact>,
    pub(super) conversations: Vec<(u64, KeptConversation)>,
    pub(super) rooms: Vec<(KeptRoom, Pointers)>,
    pub(super) outbox: Vec<(MessageKey, Outgoing)>,
}

impl Stored {
    pub(super) fn read(records: Vec<Record>) -> Self {
        let mut stored = Self::default();
        for record in records {
            let bytes = &record.bytes;
            match record.table {
                Table::Meta => stored.state = read(bytes).unwrap_or_default(),
                Table::Outbox => stored.outbox.extend(read(bytes).map(|kept| (MessageKey(record.id), kept))),
                Table::Contacts => stored.contacts.extend(read::<Vec<Contact>>(bytes).into_iter().flatten()),
                Table::Conversations => {
                    if let Some((kept, room)) = read::<(KeptConversation, Option<(KeptRoom, Pointers)>)>(bytes) {
                        stored.conversations.push((record.id, kept));
                        stored.rooms.extend(room);
                    }
                }
                Table::Chunks => {}
            }
        }
        // In one order, whatever the order of the records was.
        order::sort_by(&mut stored.contacts, |a, b| a.address.cmp(&b.address));
        order::sort_by(&mut stored.conversations, |(a, _), (b, _)| a.cmp(b));
        order::sort_by(&mut stored.outbox, |(a, _), (b, _)| a.cmp(b));
        stored.never_twice();
        stored
    }

    /// If the record of what counts upwards is lost, no number is given a second time for that.
    fn never_twice(&mut self) {
        let counters = &mut self.state.counters;
        for (number, kept) in &self.conversations {
            counters.conversation = counters.conversation.max(*number);
            for chunk in &kept.chunks {
                counters.chunk = counters.chunk.max(chunk.id);
            }
        }
        for (key, _) in &self.outbox {
            counters.key = counters.key.max(key.0);
        }
    }
}

/// The rows of a chunk.
pub(super) fn rows(record: &Record) -> Option<Vec<Row>> {
    read(&record.bytes)
}

/// Everything that is to be written, in an order that leaves nothing unreachable.
pub(super) fn writes(
    state: &State,
    contacts: Vec<(u64, Vec<Contact>)>,
    behind: Behind,
    room: &dyn Fn(&BareJid) -> Option<(KeptRoom, Pointers)>,
) -> Vec<Write> {
    let mut writes = Vec::new();
    put(&mut writes, Table::Meta, STATE, state);
    for (bucket, contacts) in contacts {
        if contacts.is_empty() {
            writes.push(Write::Delete { table: Table::Contacts, id: bucket });
        } else {
            put(&mut writes, Table::Contacts, bucket, &contacts);
        }
    }
    for (id, rows) in behind.chunks {
        put(&mut writes, Table::Chunks, id, &rows);
    }
    for (number, kept) in behind.conversations {
        let room = room(&kept.view.peer);
        put(&mut writes, Table::Conversations, number, &(kept, room));
    }
    for (key, kept) in behind.outbox {
        put(&mut writes, Table::Outbox, key.0, &kept);
    }
    for key in behind.dropped_outbox {
        writes.push(Write::Delete { table: Table::Outbox, id: key.0 });
    }
    for id in behind.dropped_conversations {
        writes.push(Write::Delete { table: Table::Conversations, id });
    }
    for id in behind.dropped_chunks {
        writes.push(Write::Delete { table: Table::Chunks, id });
    }
    writes
}

fn put<T: Serialize>(writes: &mut Vec<Write>, table: Table, id: u64, value: &T) {
    // Nothing in a record can fail to be written: there are no maps with odd keys and no unsized sequences.
    if let Ok(bytes) = postcard::to_extend(value, vec![VERSION]) {
        writes.push(Write::Put(Record { table, id, bytes }));
    }
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    match bytes.split_first()? {
        (&VERSION, rest) => postcard::from_bytes(rest).ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Timestamp;
    use crate::domain::conversation::Conversation;
    use crate::domain::room::{Phase, Room, Why};
    use crate::domain::timeline::{Body, Delivery, Direction, History, Message};

    fn bytes<T: Serialize>(value: &T) -> Vec<u8> {
        let mut writes = Vec::new();
        put(&mut writes, Table::Meta, 0, value);
        let Some(Write::Put(record)) = writes.pop() else { panic!("nothing to write") };
        record.bytes
    }

    fn row() -> Row {
        let message = Message {
            key: MessageKey(5),
            direction: Direction::Out,
            from: "a@b".parse().unwrap(),
            body: Body::Text("hi".into()),
            stamp: Timestamp(3),
            delivery: Some(Delivery::Acked),
            more: None,
            author: None,
            private: None,
        };
        Row { id: Some("x".into()), ..Row::new(message) }
    }

    /// These bytes are on the disks of people. If this fails, the form has changed: give it the next version, and
    /// bring this one up to date in [`read`].
    #[test]
    fn the_form_on_disk_is_what_it_was() {
        assert_eq!(bytes(&vec![row()]), *b"\x03\x01\x05\x01\x03a@b\0\x02hi\x06\x01\x02\0\0\0\x01\x01x\0\0\0\0\0\0\0");
        let kept = KeptConversation {
            view: Conversation::new("a@b".parse().unwrap()),
            history: History::More,
            read_to: None,
            read_pending: false,
            placed: vec![],
            scattered: false,
            marked: None,
            chunks: vec![],
        };
        assert_eq!(bytes(&kept), *b"\x03\x03a@b\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\0\0\0\0\0\0");
        let mut room = Room::new("r@b".parse().unwrap(), "me".into());
        room.phase = Phase::Refused(Why::Kicked { by: None, reason: None });
        let room = KeptRoom { room, password: Some("p".into()), own_id: Some("x".into()) };
        let beside =
            b"\x01\x03r@b\0\0\x03\x0e\0\0\x02me\0\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\x01p\x01\x01x\0\0\0";
        let bytes_beside = bytes(&Some((room, Pointers::default())));
        assert_eq!(bytes_beside.get(1..).unwrap(), beside);
        let out = Outgoing { peer: "a@b".parse().unwrap(), cleared: true, number: Some(7) };
        assert_eq!(bytes(&out), *b"\x03\x03a@b\x01\x01\x07");
        assert_eq!(bytes(&Contact::new("a@b".parse().unwrap())), *b"\x03\x03a@b\0\0\0\0\0\0\0");
        assert_eq!(bytes(&State::default()).len(), 34);
    }

    #[test]
    fn what_cannot_be_read_is_left_out_and_the_rest_comes() {
        let record = |id, bytes| Record { table: Table::Contacts, id, bytes };
        let good = bytes(&vec![Contact::new("a@b".parse().unwrap())]);
        let records =
            vec![record(1, vec![]), record(2, vec![99, 1]), record(3, good), record(4, vec![VERSION, 200, 3])];
        assert_eq!(Stored::read(records).contacts.len(), 1);
    }
}
