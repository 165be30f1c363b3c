//! The group chats of the user, and who is in them.
//!
//! Presence comes in storms: thousands of people at once when the user goes in, or all of them leaving. So who became
//! different is only noted, and told from time to time, each person once, as they are then.

mod finding;
mod people;

use std::rc::Rc;

use self::finding::Finding;
use self::people::People;
use super::change::{Change, Notice};
use super::desk::is_visit;
use super::room::{
    Answered, Author, Bookmark, KeptRoom, Occupant, Phase, Room, RoomChange, RoomInvitation, RoomKind, RoomNews,
    RoomWish, Why,
};
use crate::clock::Instant;
use crate::jid::BareJid;
use crate::map::Map;

/// Milliseconds between two tellings of who is there.
const PAUSE: u64 = 50;
/// Invitations that wait to be answered.
const INVITATIONS: usize = 20;
/// People in a small group, at most: they tell each other what they saw, and see who goes by another nickname.
const SMALL: usize = 20;

/// Every group chat.
#[derive(Debug, Default)]
pub struct Rooms {
    rooms: Map<BareJid, Inside>,
    invitations: Vec<RoomInvitation>,
    bookmarks: Vec<Bookmark>,
    /// The last number that an occupant got.
    numbered: u64,
    /// When was told last who is there.
    told_at: Option<Instant>,
    finding: Finding,
    changes: Vec<Change>,
    /// Group chats whose records are behind.
    behind: Vec<BareJid>,
}

/// A group chat and what a view is not told of it.
#[derive(Debug)]
struct Inside {
    room: Room,
    password: Option<String>,
    own_id: Option<Rc<str>>,
    people: People,
    /// Who goes by another nickname since somebody was told, the last one.
    renamed: Option<(Rc<str>, Rc<str>)>,
}

impl Rooms {
    /// What became different; who is there only if it is time to tell. At the end of a slice of work.
    pub fn take_changes(&mut self, now: Instant) -> Vec<Change> {
        let mut changes = std::mem::take(&mut self.changes);
        if self.told_at.is_none_or(|at| now.since(at) >= PAUSE) {
            for (address, inside) in &mut self.rooms {
                let edits = inside.people.take_edits();
                if !edits.is_empty() {
                    self.told_at = Some(now);
                    changes.push(Change::Room(RoomChange::Occupants(address.clone(), edits)));
                    if let Some((from, to)) = inside.renamed.take() {
                        changes.push(Change::Room(RoomChange::Renamed(address.clone(), from, to)));
                    }
                }
            }
        }
        changes
    }

    /// When there is something to tell of who is there.
    pub fn wake_at(&self) -> Option<Instant> {
        let waits = self.rooms.values().any(|inside| inside.people.has_edits());
        self.told_at.filter(|_| waits).map(|at| at.after(PAUSE))
    }

    /// Makes sure that a group chat is known.
    pub fn open(&mut self, address: &BareJid, nick: &str) {
        if !self.rooms.contains_key(address) {
            let room = Room::new(address.clone(), nick.to_owned());
            self.put(KeptRoom { room, password: None, own_id: None });
        }
    }

    /// What an earlier visit kept. Nobody is known to be there.
    pub fn restore(&mut self, kept: Vec<KeptRoom>, bookmarks: Vec<Bookmark>, numbered: u64) {
        self.numbered = numbered;
        kept.into_iter().for_each(|kept| self.put(kept));
        self.behind.clear();
        self.set_bookmarks(bookmarks);
    }

    fn put(&mut self, kept: KeptRoom) {
        let KeptRoom { room, password, own_id } = kept;
        let address = room.address.clone();
        self.tell(RoomChange::Room(room.clone()));
        self.behind.push(address.clone());
        self.rooms.insert(address, Inside { room, password, own_id, people: People::default(), renamed: None });
    }

    /// What is kept of a group chat.
    pub fn kept(&self, address: &BareJid) -> Option<KeptRoom> {
        let Inside { room, password, own_id, .. } = self.rooms.get(address)?;
        Some(KeptRoom { room: room.clone(), password: password.clone(), own_id: own_id.clone() })
    }

    /// The last number that an occupant got: it is kept, so that none is given twice.
    pub const fn numbered(&self) -> u64 {
        self.numbered
    }

    /// Whether a record is behind.
    pub const fn is_behind(&self) -> bool {
        !self.behind.is_empty()
    }

    /// Group chats whose records are behind; they count as kept from now on.
    pub fn take_behind(&mut self) -> Vec<BareJid> {
        std::mem::take(&mut self.behind)
    }

    /// One group chat.
    pub fn room(&self, address: &BareJid) -> Option<&Room> {
        self.rooms.get(address).map(|inside| &inside.room)
    }

    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = &Room> {
        self.rooms.values().map(|inside| &inside.room)
    }

    /// Whether what comes from this address comes from a group chat that the user is in, or is going into.
    pub fn is_inside(&self, address: &BareJid) -> bool {
        self.room(address).is_some_and(|room| matches!(room.phase, Phase::Joining | Phase::Joined))
    }

    /// Whether this is the address of a group chat as far as is known. Whoever only was taken for one is not.
    pub fn is_room(&self, address: &BareJid) -> bool {
        self.is_inside(address) || self.room(address).is_some_and(|room| room.traits.known)
    }

    /// Whether the user is in.
    pub fn is_joined(&self, address: &BareJid) -> bool {
        self.room(address).is_some_and(|room| room.phase == Phase::Joined)
    }

    /// Changes a group chat, and tells if it is different then.
    pub fn edit(&mut self, address: &BareJid, change: impl FnOnce(&mut Room)) {
        let Some(inside) = self.rooms.get_mut(address) else { return };
        let before = inside.room.clone();
        change(&mut inside.room);
        if inside.room != before {
            let room = inside.room.clone();
            self.behind.push(address.clone());
            self.tell(RoomChange::Room(room));
        }
    }

    /// The user stands in another way to a group chat. Who is not in sees nobody.
    pub fn set_phase(&mut self, address: &BareJid, phase: Phase) {
        if phase != Phase::Joined {
            self.empty(address);
        }
        self.edit(address, |room| room.phase = phase);
    }

    /// The user is put out, or not let in.
    pub fn refuse(&mut self, address: &BareJid, why: Why) {
        self.set_phase(address, Phase::Refused(why));
    }

    /// Nobody is known to be there any more.
    pub fn empty(&mut self, address: &BareJid) {
        if let Some(inside) = self.rooms.get_mut(address) {
            inside.people.clear();
        }
    }

    /// Takes a group chat off.
    pub fn forget(&mut self, address: &BareJid) {
        if self.rooms.remove(address).is_some() {
            self.behind.push(address.clone());
            self.tell(RoomChange::Gone(address.clone()));
        }
    }

    /// The password that a group chat wants.
    pub fn password(&self, address: &BareJid) -> Option<&String> {
        self.rooms.get(address)?.password.as_ref()
    }

    /// The user knows another password.
    pub fn set_password(&mut self, address: &BareJid, password: Option<String>) {
        if let Some(inside) = self.rooms.get_mut(address) {
            inside.password = password;
            self.behind.push(address.clone());
        }
    }

    /// The name that a group chat gave the user (XEP-0421), if it says that it gives any.
    pub fn own_id(&self, address: &BareJid) -> Option<&Rc<str>> {
        let inside = self.rooms.get(address)?;
        inside.own_id.as_ref().filter(|_| inside.room.traits.occupant_ids)
    }

    /// It gave the user a name, or another one. Whoever makes a group chat hears that before what it is.
    pub fn set_own_id(&mut self, address: &BareJid, id: Option<Rc<str>>) {
        if let Some(inside) = self.rooms.get_mut(address)
            && inside.own_id != id
        {
            inside.own_id = id;
            self.behind.push(address.clone());
        }
    }

    /// Whether what is done there beside the words is nobody's burden: a private group, and a small one. Each sign of
    /// writing or reading goes to everybody, so it is the square of their number that is sent; and who comes by in a
    /// channel is not to be watched. Conversations draws the same line at private groups, without a number.
    pub fn is_small_group(&self, address: &BareJid) -> bool {
        let Some(inside) = self.rooms.get(address) else { return false };
        inside.room.kind() == RoomKind::PrivateGroup && !is_visit(address) && inside.people.len() <= SMALL
    }

    /// These are writing now, by their numbers.
    pub fn set_writing(&mut self, address: &BareJid, who: Vec<u64>) {
        self.tell(RoomChange::Writing(address.clone(), who));
    }

    /// Somebody in a group chat, by nickname.
    pub fn occupant(&self, address: &BareJid, nick: &str) -> Option<&Occupant> {
        self.rooms.get(address)?.people.called(nick)
    }

    /// Who was written to or wrote, if they are there now, whatever they call themselves meanwhile. Never somebody who has
    /// only taken their nickname.
    pub fn person(&self, address: &BareJid, who: &Author) -> Option<&Occupant> {
        self.rooms.get(address)?.people.same(who)
    }

    /// Everybody who is known to be in a group chat, in no order.
    pub fn people(&self, address: &BareJid) -> impl Iterator<Item = &Occupant> {
        self.rooms.get(address).into_iter().flat_map(|inside| inside.people.all())
    }

    /// Somebody is there, or is different. The number of `occupant` counts for nothing.
    pub fn came(&mut self, address: &BareJid, occupant: Occupant) {
        if let Some(inside) = self.rooms.get_mut(address) {
            let next = self.numbered.saturating_add(1);
            if inside.people.put(next, occupant) {
                self.numbered = next;
            }
        }
    }

    /// Somebody left.
    pub fn left(&mut self, address: &BareJid, nick: &str) {
        if let Some(inside) = self.rooms.get_mut(address) {
            inside.people.drop(nick);
        }
    }

    /// Somebody goes by another nickname, and stays who they are.
    pub fn renamed(&mut self, address: &BareJid, from: &str, to: &str) {
        if let Some(inside) = self.rooms.get_mut(address) {
            inside.people.rename(from, to);
            // Among many nobody would follow.
            let is_small = inside.people.len() <= SMALL && inside.room.phase == Phase::Joined;
            inside.renamed = is_small.then(|| (from.into(), to.into()));
        }
    }

    /// Somebody invites the user. Not whom the user is with already, and not more than a few.
    pub fn invited(&mut self, invitation: RoomInvitation) {
        if self.is_inside(&invitation.room) {
            return;
        }
        self.invitations.retain(|known| known.room != invitation.room);
        if self.invitations.len() < INVITATIONS {
            self.invitations.push(invitation);
            self.tell(RoomChange::Invitations(self.invitations.clone()));
        }
    }

    /// Takes an invitation that is answered.
    pub fn take_invitation(&mut self, address: &BareJid) -> Option<RoomInvitation> {
        let place = self.invitations.iter().position(|known| known.room == *address)?;
        let taken = self.invitations.remove(place);
        self.tell(RoomChange::Invitations(self.invitations.clone()));
        Some(taken)
    }

    /// Invitations that wait.
    pub fn invitations(&self) -> &[RoomInvitation] {
        &self.invitations
    }

    /// What waited to be answered at the last visit.
    pub fn restore_invitations(&mut self, invitations: Vec<RoomInvitation>) {
        self.invitations = invitations;
        self.tell(RoomChange::Invitations(self.invitations.clone()));
    }

    /// The group chats that the user's devices know.
    pub fn bookmarks(&self) -> &[Bookmark] {
        &self.bookmarks
    }

    /// One of them.
    pub fn bookmark(&self, address: &BareJid) -> Option<&Bookmark> {
        self.bookmarks.iter().find(|bookmark| bookmark.room == *address)
    }

    /// All of them are known anew.
    pub fn set_bookmarks(&mut self, bookmarks: Vec<Bookmark>) {
        self.bookmarks = bookmarks;
        let marks: Vec<(BareJid, Option<bool>)> = self
            .rooms
            .keys()
            .map(|address| (address.clone(), self.bookmark(address).map(|bookmark| bookmark.autojoin)))
            .collect();
        for (address, mark) in marks {
            self.edit(&address, |room| room.bookmark = mark);
        }
        self.tell(RoomChange::Bookmarks(self.bookmarks.clone()));
    }

    /// One of them is new or different.
    pub fn put_bookmark(&mut self, bookmark: Bookmark) {
        let mut all = std::mem::take(&mut self.bookmarks);
        match all.iter_mut().find(|known| known.room == bookmark.room) {
            Some(known) => *known = bookmark,
            None => {
                let place = all.iter().position(|known| known.room > bookmark.room).unwrap_or(all.len());
                all.insert(place, bookmark);
            }
        }
        self.set_bookmarks(all);
    }

    /// One of them is gone.
    pub fn drop_bookmark(&mut self, address: &BareJid) {
        let mut all = std::mem::take(&mut self.bookmarks);
        all.retain(|known| known.room != *address);
        self.set_bookmarks(all);
    }

    /// Tells the user something once.
    pub fn news(&mut self, address: &BareJid, news: RoomNews) {
        // What a visit is is known, and how it goes is seen.
        if is_visit(address) && !matches!(news, RoomNews::Refused(..) | RoomNews::NotThere(_)) {
            return;
        }
        self.changes.push(Change::Notice(Notice::Room(address.clone(), news)));
    }

    /// Tells a view an answer.
    pub fn answered(&mut self, address: &BareJid, answered: Answered) {
        self.tell(RoomChange::Answered(address.clone(), answered));
    }

    /// A wish was refused.
    pub fn refused(&mut self, address: &BareJid, wish: RoomWish, refusal: super::problem::Refusal) {
        self.answered(address, Answered::Refused(wish, refusal.clone()));
        self.news(address, RoomNews::Refused(wish, refusal));
    }

    /// Something is different.
    pub fn tell(&mut self, change: RoomChange) {
        self.changes.push(Change::Room(change));
    }
}
