//! Plain data built only by applying changes. Every page holds one, whether the engine runs in it or elsewhere, so
//! what is not in a [`Change`] cannot be shown.
//!
//! Applying notes which [`Topic`]s were touched; [`Mirror::flush`] sorts what has to be sorted, once, and hands them
//! over. A batch of a thousand changes therefore costs a thousand assignments and one sort of nearly sorted numbers.

mod contacts;
mod faces;
mod rooms;
mod timeline;
mod topic;

use std::collections::{HashMap, HashSet, VecDeque};
use std::rc::Rc;

pub use self::rooms::{Members, People};
pub use self::timeline::Timeline;
pub use self::topic::{Topic, Touched};
use super::change::{Abilities, Change, Notice, Storage, TimelineEdit};
use crate::domain::account::{Account, Connection};
use crate::domain::blocked::Blocked;
use crate::domain::contact::{Contact, ContactRequest};
use crate::domain::conversation::Conversation;
use crate::domain::desk::{Desk, DeskChange, OwnVisit};
use crate::domain::errand::Errand;
use crate::domain::presence::OwnPresence;
use crate::domain::privacy::Privacy;
use crate::domain::search::{Found, HitPlace};
use crate::domain::timeline::{History, MessageKey};
use crate::domain::upload::{Slot, Trouble};
use crate::jid::BareJid;
use crate::order::sort_numbers;

/// A contact with what sorting and showing it in a list needs.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The contact.
    pub contact: Rc<Contact>,
    /// The folded name, by which it is sorted.
    pub folded: Rc<str>,
    /// Names the address for as long as this mirror lives.
    pub number: u32,
}

/// Pages of which the last search is held.
const PAGES: usize = 4;

/// A message that somebody wished to go to: the conversation, where it was said to be, and its row.
pub type Reached = (BareJid, HitPlace, Option<MessageKey>);

/// Everything that a page shows.
#[derive(Debug, Default)]
pub struct Mirror {
    account: Option<Rc<Account>>,
    storage: Storage,
    connection: Connection,
    errand: Errand,
    own_presence: OwnPresence,
    own_nickname: Option<String>,
    blocked: Rc<Blocked>,
    abilities: Abilities,
    privacy: Privacy,
    /// Who is writing.
    writing: HashSet<BareJid>,
    /// By number; `None` for an address that is no contact.
    contacts: Vec<Option<Listed>>,
    /// Grows only: an address keeps its number when the contact goes and comes back.
    numbers: HashMap<BareJid, u32>,
    by_name: Vec<u32>,
    names_moved: bool,
    requests: Vec<Rc<ContactRequest>>,
    conversations: HashMap<BareJid, Rc<Conversation>>,
    by_activity: Vec<Rc<Conversation>>,
    activity_moved: bool,
    timelines: HashMap<BareJid, Timeline>,
    histories: HashMap<BareJid, History>,
    /// Own messages that wait to be sent, in all conversations.
    waiting: usize,
    /// The last answers, newest last: of this page and of others.
    found: VecDeque<Rc<Found>>,
    reached: Option<Reached>,
    notices: VecDeque<Notice>,
    /// Answers to wishes for a place, until the views have looked at them.
    slots: VecDeque<(String, Result<Slot, Trouble>)>,
    rooms: rooms::Rooms,
    faces: faces::Faces,
    desk: Rc<Desk>,
    own_visit: Option<Rc<OwnVisit>>,
    touched: Touched,
}

impl Mirror {
    /// Takes over one change.
    pub fn apply(&mut self, change: Change) {
        match change {
            Change::Reset => self.empty(),
            Change::Storage(storage) => {
                self.storage = storage;
                self.touch(Topic::Storage);
            }
            Change::Account(account) => self.set_account(account),
            Change::Connection(connection) => {
                self.connection = connection;
                self.touch(Topic::Connection);
            }
            Change::Errand(errand) => {
                self.errand = errand;
                self.touch(Topic::Errand);
            }
            Change::OwnPresence(presence) => {
                self.own_presence = presence;
                self.touch(Topic::OwnPresence);
            }
            Change::OwnNickname(name) => {
                self.own_nickname = name;
                self.touch(Topic::OwnNickname);
            }
            Change::Blocked(blocked) => {
                self.blocked = Rc::new(blocked);
                self.touch(Topic::Blocked);
            }
            Change::Abilities(abilities) => {
                self.abilities = abilities;
                self.touch(Topic::Abilities);
            }
            Change::Slot(id, slot) => {
                self.touch(Topic::Slots);
                self.slots.push_back((id, slot));
            }
            Change::Contacts(contacts) => self.replace_contacts(contacts),
            Change::Contact(contact) => {
                self.touch(Topic::Contact(contact.address.clone()));
                self.touch(Topic::ContactList);
                self.put_contact(contact);
            }
            Change::ContactGone(address) => self.drop_contact(address),
            Change::Request(request) => {
                self.touch(Topic::Requests);
                match self.requests.iter_mut().find(|known| known.address == request.address) {
                    Some(known) => *known = Rc::new(request),
                    None => self.requests.push(Rc::new(request)),
                }
            }
            Change::RequestGone(address) => {
                self.touch(Topic::Requests);
                self.requests.retain(|request| request.address != address);
            }
            Change::Conversation(conversation) => {
                self.touch(Topic::Conversation(conversation.peer.clone()));
                self.touch(Topic::ConversationList);
                self.number_of(&conversation.peer);
                self.activity_moved = true;
                self.conversations.insert(conversation.peer.clone(), Rc::new(conversation));
            }
            Change::ConversationGone(peer) => self.drop_conversation(peer),
            Change::History(peer, history) => {
                self.touch(Topic::Rows(peer.clone()));
                self.histories.insert(peer, history);
            }
            Change::Writing(peer, writes) => {
                self.touch(Topic::Conversation(peer.clone()));
                if writes {
                    self.writing.insert(peer);
                } else {
                    self.writing.remove(&peer);
                }
            }
            Change::Privacy(privacy) => {
                self.privacy = privacy;
                self.touch(Topic::Privacy);
            }
            Change::Timeline(peer, edit) => self.edit_timeline(peer, edit),
            Change::Found(found) => {
                self.touch(Topic::Search);
                self.found.retain(|known| known.number != found.number);
                self.found.push_back(Rc::new(found));
                if self.found.len() > PAGES {
                    self.found.pop_front();
                }
            }
            Change::Reached { peer, place, key } => {
                self.touch(Topic::Search);
                self.reached = Some((peer, place, key));
            }
            Change::Room(change) => self.apply_room(change),
            Change::Face(change) => self.apply_face(change),
            Change::Desk(change) => {
                self.touch(Topic::Desk);
                match change {
                    DeskChange::Desk(desk) => self.desk = Rc::new(desk),
                    DeskChange::Own(visit) => self.own_visit = visit.map(Rc::new),
                }
            }
            Change::Notice(notice) => {
                self.touch(Topic::Notices);
                self.notices.push_back(notice);
            }
        }
    }

    /// Brings the lists in order and tells what was touched since the last time.
    pub fn flush(&mut self) -> Touched {
        if std::mem::take(&mut self.names_moved) {
            let contacts = &self.contacts;
            let entry = |number: u32| index(number).and_then(|place| contacts.get(place)).and_then(Option::as_ref);
            self.by_name.retain(|&number| entry(number).is_some());
            sort_numbers(&mut self.by_name, &|a, b| match (entry(a), entry(b)) {
                (Some(a), Some(b)) => a.folded.cmp(&b.folded).then_with(|| a.contact.address.cmp(&b.contact.address)),
                _ => a.cmp(&b),
            });
            self.by_name.dedup();
        }
        if std::mem::take(&mut self.activity_moved) {
            let all: Vec<Rc<Conversation>> = self.conversations.values().cloned().collect();
            let one = |number: u32| index(number).and_then(|place| all.get(place));
            let mut order: Vec<u32> = (0..).take(all.len()).collect();
            sort_numbers(&mut order, &|a, b| match (one(a), one(b)) {
                (Some(a), Some(b)) => {
                    let by_activity = b.activity.cmp(&a.activity).then_with(|| a.peer.cmp(&b.peer));
                    b.pinned.cmp(&a.pinned).then(by_activity)
                }
                _ => a.cmp(&b),
            });
            self.by_activity = order.into_iter().filter_map(one).cloned().collect();
        }
        std::mem::take(&mut self.touched)
    }

    /// Who is signed in.
    pub fn account(&self) -> Option<Rc<Account>> {
        self.account.clone()
    }

    /// Where the connection stands.
    pub const fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Whether what is shown will be here at the next visit.
    pub const fn storage(&self) -> Storage {
        self.storage
    }

    /// What the user does about the account itself.
    pub const fn errand(&self) -> &Errand {
        &self.errand
    }

    /// Own availability.
    pub const fn own_presence(&self) -> &OwnPresence {
        &self.own_presence
    }

    /// How the user is called by others, if they said so.
    pub fn own_nickname(&self) -> Option<String> {
        self.own_nickname.clone()
    }

    /// Whom the user blocked.
    pub fn blocked(&self) -> Rc<Blocked> {
        self.blocked.clone()
    }

    /// What the server can do.
    pub const fn abilities(&self) -> &Abilities {
        &self.abilities
    }

    /// What others are told about the user.
    pub const fn privacy(&self) -> Privacy {
        self.privacy
    }

    /// Whether somebody is writing to the user.
    pub fn is_writing(&self, peer: &BareJid) -> bool {
        self.writing.contains(peer)
    }

    /// One contact.
    pub fn contact(&self, address: &BareJid) -> Option<Rc<Contact>> {
        self.listed(*self.numbers.get(address)?).map(|listed| listed.contact.clone())
    }

    /// The contact of a number.
    pub fn listed(&self, number: u32) -> Option<&Listed> {
        self.contacts.get(index(number)?)?.as_ref()
    }

    /// Every contact, by name. In order after a flush.
    pub fn contacts(&self) -> impl Iterator<Item = &Listed> {
        self.by_name.iter().filter_map(|&number| self.listed(number))
    }

    /// Who asks to become a contact, oldest first.
    pub fn requests(&self) -> &[Rc<ContactRequest>] {
        &self.requests
    }

    /// One conversation.
    pub fn conversation(&self, peer: &BareJid) -> Option<Rc<Conversation>> {
        self.conversations.get(peer).cloned()
    }

    /// Every conversation, the latest first. In order after a flush.
    pub fn conversations(&self) -> &[Rc<Conversation>] {
        &self.by_activity
    }

    /// What is known of the time before the first message of a conversation.
    pub fn history(&self, peer: &BareJid) -> History {
        self.histories.get(peer).copied().unwrap_or_default()
    }

    /// How many own messages wait to be sent, in all conversations.
    pub const fn waiting(&self) -> usize {
        self.waiting
    }

    /// The messages of a conversation.
    pub fn timeline(&self, peer: &BareJid) -> Option<&Timeline> {
        self.timelines.get(peer)
    }

    /// What the search of a number found.
    pub fn found(&self, number: u64) -> Option<&Rc<Found>> {
        self.found.iter().find(|found| found.number == number)
    }

    /// The last answer to a wish to go to a message.
    pub const fn reached(&self) -> Option<&Reached> {
        self.reached.as_ref()
    }

    /// The desk of which the user is an agent.
    pub fn desk(&self) -> Rc<Desk> {
        self.desk.clone()
    }

    /// The own visit at a desk.
    pub fn own_visit(&self) -> Option<Rc<OwnVisit>> {
        self.own_visit.clone()
    }

    /// The number that names an address, if it was ever a contact or had a conversation.
    pub fn number(&self, address: &BareJid) -> Option<u32> {
        self.numbers.get(address).copied()
    }

    /// The changes that make an empty mirror show what this one shows; notices are not among them.
    pub fn snapshot(&self) -> Vec<Change> {
        let mut changes = vec![Change::Reset];
        if let Some(account) = &self.account {
            changes.push(Change::Account(Some((**account).clone())));
        }
        changes.push(Change::Connection(self.connection.clone()));
        changes.push(Change::Errand(self.errand.clone()));
        changes.push(Change::Storage(self.storage));
        changes.push(Change::OwnPresence(self.own_presence.clone()));
        changes.push(Change::Abilities(self.abilities.clone()));
        changes.push(Change::Privacy(self.privacy));
        changes.extend(self.writing.iter().map(|peer| Change::Writing(peer.clone(), true)));
        changes.push(Change::OwnNickname(self.own_nickname.clone()));
        changes.push(Change::Blocked((*self.blocked).clone()));
        let contacts = self.contacts.iter().flatten().map(|listed| (*listed.contact).clone());
        changes.push(Change::Contacts(contacts.collect()));
        changes.extend(self.requests.iter().map(|request| Change::Request((**request).clone())));
        changes.extend(self.conversations.values().map(|one| Change::Conversation((**one).clone())));
        changes.extend(self.histories.iter().map(|(peer, history)| Change::History(peer.clone(), *history)));
        changes.extend(self.room_snapshot());
        changes.extend(self.face_snapshot());
        changes.push(Change::Desk(DeskChange::Desk((*self.desk).clone())));
        changes.push(Change::Desk(DeskChange::Own(self.own_visit.as_deref().cloned())));
        for (peer, timeline) in &self.timelines {
            changes.extend(timeline.rows.iter().map(|row| {
                let edit = TimelineEdit::Insert { message: (**row).clone(), before: None };
                Change::Timeline(peer.clone(), edit)
            }));
        }
        changes
    }

    /// Hands over the notices to be told.
    pub fn take_notices(&mut self) -> VecDeque<Notice> {
        std::mem::take(&mut self.notices)
    }

    /// Hands over the places for files, each under the name of the wish.
    pub fn take_slots(&mut self) -> VecDeque<(String, Result<Slot, Trouble>)> {
        std::mem::take(&mut self.slots)
    }

    fn touch(&mut self, topic: Topic) {
        self.touched.topics.insert(topic);
    }

    fn set_account(&mut self, account: Option<Account>) {
        match account {
            Some(account) => {
                self.account = Some(Rc::new(account));
                self.touch(Topic::Account);
            }
            None => self.empty(),
        }
    }

    /// Only the connection and what was to be told are more than what an account shows.
    fn empty(&mut self) {
        let connection = std::mem::take(&mut self.connection);
        let notices = std::mem::take(&mut self.notices);
        *self = Self { connection, notices, ..Self::default() };
        self.touched.everything = true;
    }

    fn number_of(&mut self, address: &BareJid) -> u32 {
        if let Some(&number) = self.numbers.get(address) {
            return number;
        }
        let number = u32::try_from(self.contacts.len()).unwrap_or(u32::MAX);
        self.contacts.push(None);
        self.numbers.insert(address.clone(), number);
        number
    }

    fn drop_conversation(&mut self, peer: BareJid) {
        if self.conversations.remove(&peer).is_none() {
            return;
        }
        let timeline = self.timelines.remove(&peer);
        self.waiting = self.waiting.saturating_sub(timeline.map_or(0, |timeline| timeline.waiting));
        self.histories.remove(&peer);
        self.activity_moved = true;
        self.touch(Topic::ConversationList);
        self.touch(Topic::Rows(peer.clone()));
        self.touch(Topic::Conversation(peer));
    }

    fn edit_timeline(&mut self, peer: BareJid, edit: TimelineEdit) {
        let timeline = self.timelines.entry(peer.clone()).or_default();
        let waited = timeline.waiting;
        let touched = match edit {
            TimelineEdit::Insert { message, before } => {
                let key = message.key;
                let known = timeline.insert(message, before);
                (known.then_some(key), true)
            }
            TimelineEdit::Update(message) => {
                let key = message.key;
                (timeline.update(message).then_some(key), false)
            }
            TimelineEdit::Remove(key) => {
                timeline.remove(key);
                (Some(key), true)
            }
            TimelineEdit::Trim(first) => {
                timeline.trim(first);
                (None, true)
            }
            TimelineEdit::Names(names) => {
                let key = names.key;
                timeline.names = Some(names);
                (Some(key), false)
            }
        };
        let waits = timeline.waiting;
        if waits != waited {
            self.waiting = self.waiting.saturating_add(waits).saturating_sub(waited);
            self.touch(Topic::Waiting);
        }
        let (message, rows) = touched;
        if let Some(key) = message {
            self.touch(Topic::Message(peer.clone(), key));
        }
        if rows {
            self.touch(Topic::Rows(peer));
        }
    }
}

fn index(number: u32) -> Option<usize> {
    usize::try_from(number).ok()
}

#[cfg(test)]
mod tests;
