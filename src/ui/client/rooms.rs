//! What views read of group chats.

use std::rc::Rc;

use leptos::reactive::graph::untrack;

use super::super::words;
use super::Client;
use crate::domain::room::{Affiliation, Bookmark, FoundRooms, Occupant, Room, RoomInvitation};
use crate::engine::command::Command;
use crate::engine::mirror::{Members, People, Renamed, Topic};
use crate::engine::rooms::RoomOrder;
use crate::form::Form;
use crate::jid::BareJid;
use crate::present::rooms as say;

impl Client {
    /// A group chat.
    pub(crate) fn room(&self, address: &BareJid) -> Option<Rc<Room>> {
        self.read(Topic::Room(address.clone()), |mirror| mirror.room(address))
    }

    /// Whether a conversation is a group chat.
    pub(crate) fn is_room(&self, address: &BareJid) -> bool {
        self.conversation(address).is_some_and(|one| one.room.is_some())
            || self.room(address).is_some()
            || self.is_entered(address)
    }

    /// Whether the user just chose to go in there.
    pub(crate) fn is_entered(&self, address: &BareJid) -> bool {
        self.page().entered.with(|entered| entered.as_ref() == Some(address))
    }

    /// How a group chat calls itself, or what stands for that.
    pub(crate) fn room_name(&self, address: &BareJid) -> String {
        let name = self.read(Topic::Room(address.clone()), |mirror| mirror.room_name(address).map(str::to_owned));
        let visitor = || self.desk().visit(address).and_then(|visit| visit.name.clone());
        name.or_else(visitor).unwrap_or_else(|| address.local().unwrap_or(address.as_str()).to_owned())
    }

    /// Looks at who is in a group chat.
    pub(crate) fn with_people<T>(&self, room: &BareJid, look: impl FnOnce(&People) -> T) -> Option<T> {
        self.read(Topic::Occupants(room.clone()), |mirror| mirror.people(room).map(look))
    }

    /// Who of a small group chat went by another nickname last.
    pub(crate) fn renamed(&self, room: &BareJid) -> Option<Renamed> {
        self.read(Topic::Occupants(room.clone()), |mirror| mirror.renamed(room))
    }

    /// One participant.
    pub(crate) fn occupant(&self, room: &BareJid, number: u64) -> Option<Rc<Occupant>> {
        self.with_people(room, |people| people.get(number)).flatten()
    }

    /// Who is writing in a conversation, in words.
    pub(crate) fn writers(&self, peer: &BareJid) -> Option<String> {
        if self.is_writing(peer) {
            return Some(words::WRITING.to_owned());
        }
        let who = self.read(Topic::Conversation(peer.clone()), |mirror| mirror.writers(peer));
        if !who.is_empty() {
            // Whoever goes writes no more.
            let _ = self.with_people(peer, People::len);
        }
        say::writing(&who)
    }

    /// Everybody in a group chat, as they are now.
    pub(crate) fn people_now(&self, room: &BareJid) -> Rc<[Rc<Occupant>]> {
        untrack(|| self.with_people(room, People::in_order)).unwrap_or_else(|| Rc::new([]))
    }

    /// Invitations to group chats that wait to be answered.
    pub(crate) fn room_invitations(&self) -> Rc<Vec<RoomInvitation>> {
        self.read(Topic::RoomInvitations, |mirror| mirror.room_invitations())
    }

    /// What the user's devices know of a group chat.
    pub(crate) fn bookmark(&self, room: &BareJid) -> Option<Bookmark> {
        let all = self.read(Topic::Bookmarks, |mirror| mirror.bookmarks());
        all.iter().find(|bookmark| bookmark.room == *room).cloned()
    }

    /// What the search for group chats of a number found.
    pub(crate) fn found_rooms(&self, number: u64) -> Option<Rc<FoundRooms>> {
        self.read(Topic::FoundRooms, |mirror| mirror.found_rooms(number))
    }

    /// Where group chats can be made; `Some(None)` if there is no such place, `None` if nobody knows.
    pub(crate) fn room_place(&self) -> Option<Option<BareJid>> {
        self.read(Topic::FoundRooms, |mirror| mirror.room_place())
    }

    /// The form that sets up a group chat, as long as it is open.
    pub(crate) fn room_form(&self, room: &BareJid) -> Option<Rc<Form>> {
        self.read(Topic::RoomAnswers(room.clone()), |mirror| mirror.room_form(room))
    }

    /// Who belongs to a group chat in this way.
    pub(crate) fn members(&self, room: &BareJid, how: Affiliation) -> Option<Members> {
        self.read(Topic::RoomAnswers(room.clone()), |mirror| mirror.members(room, how))
    }

    /// Asks for something about group chats.
    pub(crate) fn order(&self, order: RoomOrder) {
        self.send(Command::Room(order));
    }
}
