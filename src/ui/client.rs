//! The handle through which components read and act.
//!
//! A read made in a reactive scope watches its topic. The table of watched topics holds only what is on screen: a
//! read enters it, the end of the scope leaves it. [`Client::apply`] gives a batch of changes to the mirror and then
//! tells each touched topic that somebody watches, once.

mod desk;
mod faces;
mod rooms;

use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};
use std::rc::Rc;

use leptos::reactive::graph::Observer;
use leptos::reactive::owner::Owner;
use leptos::reactive::signal::ArcTrigger;
use leptos::reactive::traits::{Notify, Track};

use super::page::Page;
use super::parts::live::at_end;
use super::parts::state::{self, find, keep};
use super::uploads::Put;
use crate::domain::account::{Account, Connection};
use crate::domain::blocked::Blocked;
use crate::domain::contact::{Contact, ContactRequest};
use crate::domain::conversation::Conversation;
use crate::domain::errand::Errand;
use crate::domain::presence::OwnPresence;
use crate::domain::privacy::Privacy;
use crate::domain::search::Found;
use crate::domain::timeline::{History, Message, MessageKey};
use crate::domain::upload::{Slot, Trouble};
use crate::engine::change::{Abilities, Change, Names, Notice, Storage};
use crate::engine::command::Command;
use crate::engine::mirror::{Mirror, Reached, Timeline, Topic};
use crate::jid::{BareJid, JidError, Prepare};
use crate::present::contact_rows::Entry;

/// The handle of one page: what it shows, and the way to ask for something.
///
/// What it is a handle of stays until [`Client::end`]; from then on it shows nothing and does nothing, so whoever still
/// holds it, as a timer may, does no harm.
#[derive(Clone, Copy)]
pub struct Client(state::Slot);

/// The way to the engine.
type Send = Rc<dyn Fn(Command)>;

struct Inner {
    prepare: Rc<dyn Prepare>,
    mirror: RefCell<Mirror>,
    watched: RefCell<HashMap<Topic, Watch>>,
    engine: RefCell<Option<Send>>,
    /// Commands given before the engine was there.
    waiting: RefCell<Vec<Command>>,
    uploader: RefCell<Option<Put>>,
    page: Page,
    /// Owns the signals of `page`, and this.
    owner: Owner,
}

thread_local! {
    /// What is left of a client that ended.
    static NOTHING: RefCell<Option<Rc<Inner>>> = const { RefCell::new(None) };
}

impl Inner {
    fn new(prepare: Rc<dyn Prepare>, owner: Owner) -> Rc<Self> {
        Rc::new(Self {
            prepare,
            mirror: RefCell::default(),
            watched: RefCell::default(),
            engine: RefCell::default(),
            waiting: RefCell::default(),
            uploader: RefCell::default(),
            page: owner.with(Page::new),
            owner,
        })
    }

    /// A client that has ended: nobody is signed in, and wishes come to nothing.
    fn nothing() -> Rc<Self> {
        NOTHING.with_borrow_mut(|nothing| {
            let made = || {
                let owner = Owner::default();
                let nothing = Self::new(Rc::new(Refuse), owner);
                nothing.engine.replace(Some(Rc::new(|_| {})));
                nothing
            };
            nothing.get_or_insert_with(made).clone()
        })
    }
}

/// Finds nothing worth changing in a text.
struct Refuse;

impl Prepare for Refuse {
    fn nfkc(&self, text: &str) -> String {
        text.to_owned()
    }

    fn lowercase(&self, text: &str) -> String {
        text.to_owned()
    }
}

struct Watch {
    trigger: ArcTrigger,
    readers: usize,
}

impl Client {
    /// A client that nobody is signed in to. `prepare` reads addresses that people type.
    pub fn new(prepare: Rc<dyn Prepare>) -> Self {
        // An owner without a parent: the client outlives every view.
        let owner = Owner::default();
        owner.set();
        Self(owner.with(|| keep(Inner::new(prepare, owner.clone()))))
    }

    /// Ends it for good: what belongs to it goes now.
    pub fn end(self) {
        let inner = self.inner();
        inner.engine.take();
        inner.uploader.take();
        inner.owner.cleanup();
    }

    /// Runs something as a part of this client, which goes with it at the latest.
    pub(crate) fn own<T>(self, run: impl FnOnce() -> T) -> T {
        self.inner().owner.with(run)
    }

    #[inline(never)]
    fn inner(self) -> Rc<Inner> {
        match find(self.0).and_then(|inner| inner.downcast().ok()) {
            Some(inner) => inner,
            None => Inner::nothing(),
        }
    }

    /// Says where commands go. Until then they wait.
    pub fn connect_engine(&self, send: Rc<dyn Fn(Command)>) {
        let inner = self.inner();
        inner.engine.replace(Some(send.clone()));
        let waiting = inner.waiting.take();
        waiting.into_iter().for_each(|command| send(command));
    }

    /// Shows changes. Called at most once per animation frame.
    pub fn apply(&self, changes: Vec<Change>) {
        let inner = self.inner();
        let touched = {
            let mut mirror = inner.mirror.borrow_mut();
            changes.into_iter().for_each(|change| mirror.apply(change));
            mirror.flush()
        };
        if touched.is_empty() {
            return;
        }
        let triggers: Vec<ArcTrigger> = inner
            .watched
            .borrow()
            .iter()
            .filter(|(topic, _)| touched.contains(topic))
            .map(|(_, watch)| watch.trigger.clone())
            .collect();
        triggers.iter().for_each(Notify::notify);
    }

    /// The changes that make an empty page show what this one does.
    pub fn snapshot(&self) -> Vec<Change> {
        self.inner().mirror.borrow().snapshot()
    }

    /// Asks for something.
    pub fn send(&self, command: Command) {
        let inner = self.inner();
        let engine = inner.engine.borrow().clone();
        match engine {
            Some(send) => send(command),
            None => inner.waiting.borrow_mut().push(command),
        }
    }

    /// The state of the interface itself.
    pub(crate) fn page(&self) -> Page {
        self.inner().page
    }

    /// Reads an address that a person typed.
    pub(crate) fn read_address(&self, text: &str) -> Result<BareJid, JidError> {
        BareJid::prepare(text, &*self.inner().prepare)
    }

    /// Who is signed in.
    pub(crate) fn account(&self) -> Option<Rc<Account>> {
        self.read(Topic::Account, Mirror::account)
    }

    /// Where the connection stands.
    pub(crate) fn connection(&self) -> Connection {
        self.read(Topic::Connection, |mirror| mirror.connection().clone())
    }

    /// Whether what is shown will be here at the next visit.
    pub(crate) fn storage(&self) -> Storage {
        self.read(Topic::Storage, Mirror::storage)
    }

    /// How many own messages wait to be sent.
    pub(crate) fn waiting(&self) -> usize {
        self.read(Topic::Waiting, Mirror::waiting)
    }

    /// What the user does about the account itself.
    pub(crate) fn errand(&self) -> Errand {
        self.read(Topic::Errand, |mirror| mirror.errand().clone())
    }

    /// Own availability.
    pub(crate) fn own_presence(&self) -> OwnPresence {
        self.read(Topic::OwnPresence, |mirror| mirror.own_presence().clone())
    }

    /// How others call the user, if the user said so.
    pub(crate) fn own_nickname(&self) -> Option<String> {
        self.read(Topic::OwnNickname, Mirror::own_nickname)
    }

    /// Whom the user blocked.
    pub(crate) fn blocked(&self) -> Rc<Blocked> {
        self.read(Topic::Blocked, Mirror::blocked)
    }

    /// Watches who is a contact, and under which name.
    pub(crate) fn watch_contact_names(&self) {
        self.watch(Topic::ContactNames);
    }

    /// Whether an address is in the contact list, without watching it.
    pub(crate) fn is_contact(&self, address: &BareJid) -> bool {
        self.inner().mirror.borrow().contact(address).is_some()
    }

    /// What the server can do.
    pub(crate) fn abilities(&self) -> Abilities {
        self.read(Topic::Abilities, |mirror| mirror.abilities().clone())
    }

    /// One contact.
    pub(crate) fn contact(&self, address: &BareJid) -> Option<Rc<Contact>> {
        self.read(Topic::Contact(address.clone()), |mirror| mirror.contact(address))
    }

    /// The address of a numbered contact.
    pub(crate) fn address_of(&self, number: u32) -> Option<BareJid> {
        self.inner().mirror.borrow().listed(number).map(|listed| listed.contact.address.clone())
    }

    /// All contacts, by name.
    pub(crate) fn with_contacts<T>(&self, look: impl FnOnce(&mut dyn Iterator<Item = Entry<'_>>) -> T) -> T {
        self.read(Topic::ContactList, |mirror| {
            look(&mut mirror.contacts().map(|listed| Entry {
                contact: &listed.contact,
                folded: &listed.folded,
                number: listed.number,
            }))
        })
    }

    /// The name to show for an address.
    pub(crate) fn name(&self, address: &BareJid) -> String {
        match self.contact(address) {
            Some(contact) => contact.display_name().to_owned(),
            None if self.is_room(address) => self.room_name(address),
            None => address.as_str().to_owned(),
        }
    }

    /// Who asks to become a contact.
    pub(crate) fn requests(&self) -> Vec<Rc<ContactRequest>> {
        self.read(Topic::Requests, |mirror| mirror.requests().to_vec())
    }

    /// All conversations, the latest first.
    pub(crate) fn conversations(&self) -> Vec<Rc<Conversation>> {
        self.read(Topic::ConversationList, |mirror| mirror.conversations().to_vec())
    }

    /// Whether somebody is writing to the user.
    pub(crate) fn is_writing(&self, peer: &BareJid) -> bool {
        self.read(Topic::Conversation(peer.clone()), |mirror| mirror.is_writing(peer))
    }

    /// What others are told about the user.
    pub(crate) fn privacy(&self) -> Privacy {
        self.read(Topic::Privacy, Mirror::privacy)
    }

    /// One conversation.
    pub fn conversation(&self, peer: &BareJid) -> Option<Rc<Conversation>> {
        self.read(Topic::Conversation(peer.clone()), |mirror| mirror.conversation(peer))
    }

    /// A number that names an address in lists.
    pub(crate) fn number(&self, address: &BareJid) -> u32 {
        self.inner().mirror.borrow().number(address).unwrap_or(u32::MAX)
    }

    /// Watches which messages a conversation has, and its [`Client::history`].
    pub(crate) fn watch_rows(&self, peer: &BareJid) {
        self.watch(Topic::Rows(peer.clone()));
    }

    /// What is known of the time before the first message.
    pub(crate) fn history(&self, peer: &BareJid) -> History {
        self.inner().mirror.borrow().history(peer)
    }

    /// Looks into a conversation without watching it.
    pub(crate) fn peek_timeline<T>(&self, peer: &BareJid, look: impl FnOnce(&Timeline) -> T) -> Option<T> {
        self.inner().mirror.borrow().timeline(peer).map(look)
    }

    /// One message.
    pub(crate) fn message(&self, peer: &BareJid, key: MessageKey) -> Option<Rc<Message>> {
        self.read(Topic::Message(peer.clone(), key), |mirror| mirror.timeline(peer)?.message(key).cloned())
    }

    /// The names of a message, once they were asked for.
    pub(crate) fn names(&self, peer: &BareJid, key: MessageKey) -> Option<Names> {
        self.read(Topic::Message(peer.clone(), key), |mirror| mirror.timeline(peer)?.names(key).cloned())
    }

    /// What the search of a number found.
    pub(crate) fn found(&self, number: u64) -> Option<Rc<Found>> {
        self.read(Topic::Search, |mirror| mirror.found(number).cloned())
    }

    /// The last answer to a wish to go to a message.
    pub(crate) fn reached(&self) -> Option<Reached> {
        self.read(Topic::Search, |mirror| mirror.reached().cloned())
    }

    /// Hands over the notices to be told.
    pub(crate) fn take_notices(&self) -> VecDeque<Notice> {
        let inner = self.inner();
        self.watch(Topic::Notices);
        inner.mirror.borrow_mut().take_notices()
    }

    /// Hands over the places for files that the engine got, each under the name of the wish.
    pub(crate) fn take_slots(&self) -> VecDeque<(String, Result<Slot, Trouble>)> {
        let inner = self.inner();
        self.watch(Topic::Slots);
        inner.mirror.borrow_mut().take_slots()
    }

    /// Says how files are put to their places. Until then none can be sent.
    pub fn connect_uploads(&self, put: Put) {
        self.inner().uploader.replace(Some(put));
    }

    /// Puts files to their places.
    pub(crate) fn uploader(&self) -> Option<Put> {
        self.inner().uploader.borrow().clone()
    }

    fn read<T>(&self, topic: Topic, look: impl FnOnce(&Mirror) -> T) -> T {
        let inner = self.inner();
        self.watch(topic);
        look(&inner.mirror.borrow())
    }

    fn watch(&self, topic: Topic) {
        let inner = self.inner();
        if Observer::get().is_none() {
            return;
        }
        let trigger = {
            let mut watched = inner.watched.borrow_mut();
            let watch =
                watched.entry(topic.clone()).or_insert_with(|| Watch { trigger: ArcTrigger::new(), readers: 0 });
            watch.readers = watch.readers.saturating_add(1);
            watch.trigger.clone()
        };
        trigger.track();
        let inner = Rc::downgrade(&inner);
        at_end(move || {
            let Some(inner) = inner.upgrade() else { return };
            let mut watched = inner.watched.borrow_mut();
            if let Some(watch) = watched.get_mut(&topic) {
                watch.readers = watch.readers.saturating_sub(1);
                if watch.readers == 0 {
                    watched.remove(&topic);
                }
            }
        });
    }

    /// How many topics are watched now.
    #[doc(hidden)]
    pub fn watched_topics(&self) -> usize {
        self.inner().watched.borrow().len()
    }
}
