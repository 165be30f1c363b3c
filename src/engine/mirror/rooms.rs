//! Group chats, as a page holds them.
//!
//! Thousands of people may be in one, and change their names at once. So whoever changes is put into a map, nothing
//! more; the order of the list is worked out when somebody looks at it, once for all that happened before.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::rc::Rc;

use super::{Mirror, Topic};
use crate::domain::change::Change;
use crate::domain::fold::fold;
use crate::domain::problem::Refusal;
use crate::domain::room::{
    Affiliation, Answered, Author, Bookmark, FoundRooms, Listed as Member, Occupant, OccupantEdit, Room, RoomChange,
    RoomInvitation,
};
use crate::form::Form;
use crate::jid::BareJid;
use crate::order::sort_numbers;

/// Everything about group chats.
#[derive(Debug, Default)]
pub(super) struct Rooms {
    rooms: HashMap<BareJid, Rc<Room>>,
    people: HashMap<BareJid, People>,
    renamed: HashMap<BareJid, Renamed>,
    invitations: Rc<Vec<RoomInvitation>>,
    bookmarks: Rc<Vec<Bookmark>>,
    found: Option<Rc<FoundRooms>>,
    /// Where group chats can be made, once that was answered.
    place: Option<Option<BareJid>>,
    /// What those call themselves that the user is not in.
    names: HashMap<BareJid, String>,
    answers: HashMap<BareJid, Answers>,
    writing: HashMap<BareJid, Vec<u64>>,
}

/// How often somebody went by another nickname, the last one before, and the new one.
pub type Renamed = (u32, Rc<str>, Rc<str>);

/// Who belongs to a group chat in some way, or why that is not told.
pub type Members = Result<Rc<Vec<Member>>, Refusal>;

/// What a group chat answered.
#[derive(Debug, Default)]
struct Answers {
    form: Option<Rc<Form>>,
    members: Vec<(Affiliation, Members)>,
}

impl Answers {
    fn listed(&mut self, affiliation: Affiliation, members: Members) {
        self.members.retain(|(known, _)| *known != affiliation);
        self.members.push((affiliation, members));
    }
}

/// Who is in a group chat.
#[derive(Debug, Default)]
pub struct People {
    by_number: HashMap<u64, Person>,
    order: OnceCell<Rc<[Rc<Occupant>]>>,
}

#[derive(Debug)]
struct Person {
    occupant: Rc<Occupant>,
    folded: Box<str>,
}

impl People {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.by_number.len()
    }

    /// Whether nobody is there.
    pub fn is_empty(&self) -> bool {
        self.by_number.is_empty()
    }

    /// One of them by number.
    pub fn get(&self, number: u64) -> Option<Rc<Occupant>> {
        self.by_number.get(&number).map(|person| person.occupant.clone())
    }

    /// One of them by nickname.
    pub fn called(&self, nick: &str) -> Option<Rc<Occupant>> {
        self.by_number.values().find(|person| *person.occupant.nick == *nick).map(|person| person.occupant.clone())
    }

    /// Who wrote or was written to, if they are there now, whatever they call themselves meanwhile.
    pub fn same(&self, who: &Author) -> Option<Rc<Occupant>> {
        let by_stay = who.number.and_then(|number| self.by_number.get(&number));
        let by_name = || self.by_number.values().find(|person| who.is(&person.occupant));
        let found = by_stay.filter(|person| who.is(&person.occupant)).or_else(by_name)?;
        Some(found.occupant.clone()).filter(|one| !one.is_me)
    }

    /// All of them: who has more power comes first, then by nickname. Worked out at the first look after a change.
    pub fn in_order(&self) -> Rc<[Rc<Occupant>]> {
        let order = self.order.get_or_init(|| {
            let people: Vec<&Person> = self.by_number.values().collect();
            let one = |number: u32| super::index(number).and_then(|place| people.get(place));
            let mut order: Vec<u32> = (0..).take(people.len()).collect();
            sort_numbers(&mut order, &|a, b| match (one(a), one(b)) {
                (Some(a), Some(b)) => {
                    let by_power = b.power().cmp(&a.power());
                    by_power.then_with(|| a.folded.cmp(&b.folded)).then(a.occupant.number.cmp(&b.occupant.number))
                }
                _ => a.cmp(&b),
            });
            order.into_iter().filter_map(one).map(|person| person.occupant.clone()).collect()
        });
        order.clone()
    }

    fn apply(&mut self, edit: OccupantEdit) {
        self.order.take();
        match edit {
            OccupantEdit::Nobody => self.by_number.clear(),
            OccupantEdit::Put(occupant) => {
                let folded = fold(&occupant.nick).into();
                self.by_number.insert(occupant.number, Person { occupant: Rc::new(occupant), folded });
            }
            OccupantEdit::Gone(number) => drop(self.by_number.remove(&number)),
        }
    }
}

impl Person {
    /// Owners, admins, then moderators for the time being, those who may write, and those who may read.
    fn power(&self) -> (Affiliation, crate::domain::room::Role) {
        let affiliation = self.occupant.affiliation;
        let above = if affiliation >= Affiliation::Admin { affiliation } else { Affiliation::None };
        (above, self.occupant.role)
    }
}

impl Mirror {
    pub(super) fn apply_room(&mut self, change: RoomChange) {
        match change {
            RoomChange::Room(room) => {
                self.touch(Topic::Room(room.address.clone()));
                self.touch(Topic::ConversationList);
                self.rooms.rooms.insert(room.address.clone(), Rc::new(room));
            }
            RoomChange::Gone(room) => {
                self.rooms.rooms.remove(&room);
                self.rooms.people.remove(&room);
                self.rooms.answers.remove(&room);
                self.rooms.writing.remove(&room);
                self.touch(Topic::Occupants(room.clone()));
                self.touch(Topic::RoomAnswers(room.clone()));
                self.touch(Topic::Room(room));
                self.touch(Topic::ConversationList);
            }
            RoomChange::Occupants(room, edits) => {
                let people = self.rooms.people.entry(room.clone()).or_default();
                edits.into_iter().for_each(|edit| people.apply(edit));
                self.touch(Topic::Occupants(room));
            }
            RoomChange::Writing(room, who) => {
                self.rooms.writing.insert(room.clone(), who);
                self.touch(Topic::Conversation(room));
            }
            RoomChange::Renamed(room, from, to) => {
                let count = self.rooms.renamed.get(&room).map_or(0, |(count, ..)| *count).saturating_add(1);
                self.touch(Topic::Occupants(room.clone()));
                self.rooms.renamed.insert(room, (count, from, to));
            }
            RoomChange::Invitations(invitations) => {
                self.rooms.invitations = Rc::new(invitations);
                self.touch(Topic::RoomInvitations);
            }
            RoomChange::Bookmarks(bookmarks) => {
                self.rooms.bookmarks = Rc::new(bookmarks);
                self.touch(Topic::Bookmarks);
            }
            RoomChange::Found(found) => {
                self.rooms.found = Some(Rc::new(found));
                self.touch(Topic::FoundRooms);
            }
            RoomChange::Place(place) => {
                self.rooms.place = Some(place);
                self.touch(Topic::FoundRooms);
            }
            RoomChange::Named(room, name) => {
                self.touch(Topic::Room(room.clone()));
                self.rooms.names.insert(room, name);
            }
            RoomChange::Answered(room, answered) => {
                let answers = self.rooms.answers.entry(room.clone()).or_default();
                match answered {
                    Answered::Form(form) => answers.form = Some(Rc::new(form)),
                    Answered::Configured => answers.form = None,
                    Answered::Members(affiliation, members) => answers.listed(affiliation, Ok(Rc::new(members))),
                    Answered::NotListed(affiliation, refusal) => answers.listed(affiliation, Err(refusal)),
                    Answered::Refused(..) => {}
                }
                self.touch(Topic::RoomAnswers(room));
            }
        }
    }

    /// A group chat.
    pub fn room(&self, address: &BareJid) -> Option<Rc<Room>> {
        self.rooms.rooms.get(address).cloned()
    }

    /// Who is in a group chat.
    pub fn people(&self, room: &BareJid) -> Option<&People> {
        self.rooms.people.get(room)
    }

    /// Who is writing in a group chat, as they call themselves now.
    pub fn writers(&self, room: &BareJid) -> Vec<Rc<str>> {
        let (Some(who), Some(people)) = (self.rooms.writing.get(room), self.rooms.people.get(room)) else {
            return Vec::new();
        };
        who.iter().filter_map(|number| people.by_number.get(number)).map(|one| one.occupant.nick.clone()).collect()
    }

    /// Who of a small group chat went by another nickname last.
    pub fn renamed(&self, room: &BareJid) -> Option<Renamed> {
        self.rooms.renamed.get(room).cloned()
    }

    /// Invitations that wait to be answered, oldest first.
    pub fn room_invitations(&self) -> Rc<Vec<RoomInvitation>> {
        self.rooms.invitations.clone()
    }

    /// The group chats that the user's devices know.
    pub fn bookmarks(&self) -> Rc<Vec<Bookmark>> {
        self.rooms.bookmarks.clone()
    }

    /// What the search for group chats of a number found so far.
    pub fn found_rooms(&self, number: u64) -> Option<Rc<FoundRooms>> {
        self.rooms.found.clone().filter(|found| found.number == number)
    }

    /// Where group chats can be made at the user's own server; `Some(None)` if it has no such place, `None` if nobody
    /// knows.
    pub fn room_place(&self) -> Option<Option<BareJid>> {
        self.rooms.place.clone()
    }

    /// How a group chat calls itself, whether or not the user is in.
    pub fn room_name(&self, room: &BareJid) -> Option<&str> {
        let known = self.rooms.rooms.get(room).and_then(|room| room.name.as_deref());
        known.or_else(|| self.rooms.names.get(room).map(String::as_str))
    }

    /// The form that sets up a group chat, as long as it is open.
    pub fn room_form(&self, room: &BareJid) -> Option<Rc<Form>> {
        self.rooms.answers.get(room)?.form.clone()
    }

    /// Who belongs to a group chat in this way, as it was answered last.
    pub fn members(&self, room: &BareJid, affiliation: Affiliation) -> Option<Members> {
        let members = &self.rooms.answers.get(room)?.members;
        members.iter().find(|(known, _)| *known == affiliation).map(|(_, members)| members.clone())
    }

    /// The changes that make an empty mirror show what this one shows of group chats.
    pub(super) fn room_snapshot(&self) -> Vec<Change> {
        let rooms = &self.rooms;
        let mut changes: Vec<RoomChange> =
            rooms.rooms.values().map(|room| RoomChange::Room((**room).clone())).collect();
        for (room, people) in &rooms.people {
            let edits = people.by_number.values().map(|person| OccupantEdit::Put((*person.occupant).clone()));
            changes.push(RoomChange::Occupants(room.clone(), edits.collect()));
        }
        changes.extend(rooms.writing.iter().map(|(room, who)| RoomChange::Writing(room.clone(), who.clone())));
        changes.push(RoomChange::Invitations((*rooms.invitations).clone()));
        changes.push(RoomChange::Bookmarks((*rooms.bookmarks).clone()));
        changes.extend(rooms.found.as_ref().map(|found| RoomChange::Found((**found).clone())));
        changes.extend(rooms.place.clone().map(RoomChange::Place));
        changes.extend(rooms.names.iter().map(|(room, name)| RoomChange::Named(room.clone(), name.clone())));
        for (room, answers) in &rooms.answers {
            let form = answers.form.as_ref().map(|form| Answered::Form((**form).clone()));
            let members = answers.members.iter().map(|(kind, members)| match members {
                Ok(members) => Answered::Members(*kind, (**members).clone()),
                Err(refusal) => Answered::NotListed(*kind, refusal.clone()),
            });
            changes.extend(form.into_iter().chain(members).map(|one| RoomChange::Answered(room.clone(), one)));
        }
        changes.into_iter().map(Change::Room).collect()
    }
}
