//! The conversations of the user, each with its messages in order.
//!
//! What follows about one message wherever it comes from, live, as a copy, from the archive or from disk, makes one
//! row, in every order of arrival.

mod amendments;
mod arrival;
mod entry;
mod gaps;
mod group;
pub mod kept;
mod looking;
mod outbox;
mod proof;
mod reading;
mod row;
mod shelf;

use std::rc::Rc;

use serde::{Deserialize, Serialize};

pub use self::amendments::{Amendment, Applied, QUOTE, What, quotation};
pub use self::arrival::{Archived, Neighbour, NewMessage, Place};
pub use self::outbox::{Outgoing, Says, Waiting};
pub use self::row::{Chunk, Row, Writer};

use self::entry::Entry;
use self::outbox::Outbox;
use super::change::{Change, Names, TimelineEdit};
use super::conversation::{Conversation, Gist, Preview};
use super::room::Author;
use super::timeline::{Body, Delivery, Direction, History, Message, MessageKey};
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

/// The id that the archive gave a message.
pub type ArchiveId = String;

/// What counts upwards; kept, so that no number is given twice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counters {
    /// The last row.
    pub key: u64,
    /// The last chunk.
    pub chunk: u64,
    /// The last conversation.
    pub conversation: u64,
    /// The last thing that happened.
    pub activity: u64,
    /// Conversations of which the archive told only after newer ones.
    pub earlier: u64,
}

/// Whose archive: that of the account, which has what people said to each other, or that of a group chat.
pub type Scope<'a> = Option<&'a BareJid>;

/// Every conversation.
#[derive(Debug, Default)]
pub struct Conversations {
    entries: Map<BareJid, Entry>,
    counters: Counters,
    attended: Vec<BareJid>,
    outbox: Outbox,
    /// Holes in the archive, oldest first.
    open_gaps: Vec<u32>,
    /// Where the user read further than other devices know.
    read: Vec<BareJid>,
    /// Where the user read something whose sender wants to know.
    to_mark: Vec<BareJid>,
    /// Where something was said about a message that is not in memory.
    unreached: Vec<BareJid>,
    /// How far conversations were read elsewhere of which nothing is here.
    read_before: Map<BareJid, ArchiveId>,
    /// Records that are to go.
    dropped_chunks: Vec<u64>,
    dropped_conversations: Vec<u64>,
    /// There is an archive that can be asked for older messages.
    archive: bool,
    /// Some record is behind.
    behind: bool,
    changes: Vec<Change>,
}

impl Conversations {
    /// The changes since the last call.
    pub fn take_changes(&mut self) -> impl Iterator<Item = Change> {
        std::mem::take(&mut self.changes).into_iter()
    }

    /// How many changes wait to be taken.
    pub fn pending_changes(&self) -> usize {
        self.changes.len()
    }

    /// Takes the changes after the first so many: they are shown later.
    pub fn withhold_changes(&mut self, from: usize) -> Vec<Change> {
        self.changes.split_off(from.min(self.changes.len()))
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
        self.behind = true;
        if !self.entries.contains_key(peer) {
            self.counters.conversation = self.counters.conversation.saturating_add(1);
            if self.archive {
                self.changes.push(Change::History(peer.clone(), History::More));
            }
        }
        let history = if self.archive { History::More } else { History::None };
        let number = self.counters.conversation;
        let read_before = &mut self.read_before;
        let fresh = || {
            let mut entry = Entry::new(number, Conversation::new(peer.clone()), history);
            entry.read_to = read_before.remove(peer);
            entry.read_pending = entry.read_to.is_some();
            entry
        };
        self.entries.entry(peer.clone()).or_insert_with(fresh)
    }

    /// An entry that is there, to be changed.
    fn known(&mut self, peer: &BareJid) -> Option<&mut Entry> {
        let entry = self.entries.get_mut(peer)?;
        self.behind = true;
        Some(entry)
    }

    fn next_key(&mut self) -> MessageKey {
        self.counters.key = self.counters.key.saturating_add(1);
        MessageKey(self.counters.key)
    }

    const fn next_activity(&mut self, is_earlier: bool) -> u64 {
        if is_earlier {
            self.counters.earlier = self.counters.earlier.saturating_add(1);
            TODAY.saturating_sub(self.counters.earlier)
        } else {
            self.counters.activity = self.counters.activity.saturating_add(1);
            TODAY.saturating_add(self.counters.activity)
        }
    }

    /// Adds a message, unless it is there already; returns its row, and whether it is new. Own messages that wait to
    /// be sent stay below it: the server will put them after it too.
    pub fn add(&mut self, peer: &BareJid, new: NewMessage) -> (MessageKey, bool) {
        if let Some(known) = self.entry(peer).known(&new) {
            // The archive has it: that is proof that it arrived there.
            if new.archived.is_some() || new.archive_id.is_some() {
                self.proven(peer, known);
            }
            if let Some(archived) = new.archived.filter(|_| new.private.is_none()) {
                self.put_in_order(peer, known, archived);
            }
            if self.is_room(peer) {
                // It may have got its name just now, by which others were about it.
                self.tie(peer, known);
            }
            self.reached(peer, new.archive_id.as_deref());
            return (known, false);
        }
        let by_time = new.archived.is_some() && new.private.is_some();
        if !by_time && new.archived.is_none_or(|archived| archived.place != Place::Start) {
            self.mark_gaps(peer, new.archived.and_then(|archived| archived.place.hole()));
        }
        let key = self.next_key();
        let activity = self.next_activity(new.archived.is_some_and(|archived| archived.place == Place::Start));
        let attended = self.attended.contains(peer);
        let message = Message {
            key,
            direction: new.direction,
            from: new.from,
            body: new.body,
            stamp: new.stamp,
            delivery: new.delivery,
            more: new.more,
            author: new.author,
            private: new.private,
        };
        let waiting = message.delivery == Some(Delivery::Queued);
        let counts = new.archived.is_none_or(|archived| archived.unread);
        let archive_id = new.archive_id.clone();
        let mut counters = self.counters;
        let entry = self.entry(peer);
        let at = match new.archived.and_then(|archived| entry.place_next_to(archived.next_to?)) {
            _ if by_time => entry.place_by_time(message.stamp),
            Some(place) => place,
            None => entry.place(waiting, new.archived.map(|archived| archived.place)),
        };
        let before = entry.shown_from(at);
        // A correction stands for itself for as long as what it corrects is not here.
        let (direction, author) = (message.direction, message.author.as_deref());
        let writer = Writer { direction, author, private: message.private.is_some() };
        let hidden = new
            .amends
            .as_ref()
            .is_some_and(|amends| !matches!(amends.what, What::Correct(_)) || entry.target(amends, writer).is_some());
        if new.direction == Direction::In && counts && !attended && new.amends.is_none() {
            entry.view.unread = entry.view.unread.saturating_add(1);
            entry.view.first_unread.get_or_insert(key);
            let is_mention = message.private.is_some() || message.more.as_ref().is_some_and(|more| more.mentions_me);
            entry.view.mentions = entry.view.mentions.saturating_add(u32::from(is_mention));
        } else if new.direction == Direction::Out && counts && before.is_none() {
            // Whoever writes has read.
            entry.view.unread = 0;
            entry.view.mentions = 0;
        }
        let is_to_all = new.direction == Direction::Out && message.private.is_none() && !hidden;
        shelf::came(&mut entry.view, new.direction, counts);
        let row = Row {
            id: new.id,
            archive_id: new.archive_id,
            alias: new.alias,
            amends: new.amends,
            hidden,
            markable: new.markable,
            ..Row::new(message.clone())
        };
        entry.insert(at, row, new.archived.is_none(), &mut counters.chunk);
        if is_to_all && entry.newest_to_all() == Some(key) {
            entry.view.seen_by.clear();
        }
        if entry.newest().is_some_and(|newest| newest.message.key == key) {
            entry.view.last = Some(preview(&message));
            entry.view.activity = activity;
        }
        let view = entry.view.clone();
        self.counters = counters;
        if waiting {
            self.outbox.wait(peer, key);
        }
        if !hidden {
            self.changes.push(Change::Timeline(peer.clone(), TimelineEdit::Insert { message, before }));
        }
        self.changes.push(Change::Conversation(view));
        self.tie(peer, key);
        self.proven_before(peer, key);
        if attended && new.direction == Direction::In {
            self.read_here(peer);
        }
        self.reached(peer, archive_id.as_deref());
        (key, true)
    }

    /// A page of the archive has a message that is here already, and says which one is next to it. If others of the
    /// archive stand between them, or the two stand the other way round, it goes to its place.
    fn put_in_order(&mut self, peer: &BareJid, key: MessageKey, archived: Archived) {
        if archived.place != Place::Start {
            self.mark_gaps(peer, archived.place.hole());
        }
        let Some(entry) = self.known(peer) else { return };
        let Some(at) = entry.place_of(key) else { return };
        let Some(to) = entry.better_place(at, archived) else { return };
        let Some(row) = entry.remove(at) else { return };
        let to = if at < to { to.saturating_sub(1) } else { to };
        let before = entry.shown_from(to);
        let (message, hidden) = (row.message.clone(), row.is_hidden());
        let mut chunk = self.counters.chunk;
        if let Some(entry) = self.entries.get_mut(peer) {
            entry.insert(to, row, false, &mut chunk);
        }
        self.counters.chunk = chunk;
        if hidden {
            return self.tell(peer, key);
        }
        self.changes.push(Change::Timeline(peer.clone(), TimelineEdit::Insert { message, before }));
        self.newest_changed(peer);
    }

    /// The list shows the newest message.
    fn newest_changed(&mut self, peer: &BareJid) {
        let newest = self.entries.get(peer).and_then(Entry::newest).map(|row| preview(&row.message));
        self.view(peer, |view| view.last = newest.or(view.last.take()));
    }

    /// An own message is in the archive.
    fn proven(&mut self, peer: &BareJid, key: MessageKey) {
        let delivery = self.message(peer, key).and_then(|row| row.delivery.clone());
        if matches!(delivery, Some(Delivery::Queued | Delivery::Sent | Delivery::Unknown)) {
            self.deliver(peer, key, Delivery::Acked);
        }
    }

    /// A fresh stream begins: what arrives from now on is live, and what the archive has of the time between belongs
    /// before it.
    pub fn stream_began(&mut self) {
        self.archive = false;
        for entry in self.entries.values_mut() {
            entry.live_from = entry.place(false, None);
        }
    }

    /// There is an archive to ask: that of the account, or that of a group chat.
    pub fn archive_found(&mut self, room: Scope<'_>) {
        self.archive |= room.is_none();
        let unasked =
            self.entries.iter().filter(|(peer, entry)| entry.history == History::None && entry.is_of(peer, room));
        let peers: Vec<_> = unasked.map(|(peer, _)| peer.clone()).collect();
        for peer in peers {
            self.set_history(&peer, History::More);
        }
    }

    /// More is known of the time before the first row.
    pub fn set_history(&mut self, peer: &BareJid, history: History) {
        if let Some(entry) = self.known(peer)
            && entry.history != history
        {
            entry.history = history;
            entry.dirty = true;
            let told = entry.history();
            self.changes.push(Change::History(peer.clone(), told));
        }
    }

    /// A row came live before anything was known of the archive.
    pub fn scatter(&mut self, peer: &BareJid) {
        if let Some(entry) = self.known(peer).filter(|entry| !entry.scattered) {
            entry.scattered = true;
            entry.dirty = true;
        }
    }

    /// The archive was looked through from the end to the beginning.
    pub fn looked_through(&mut self, peer: &BareJid) {
        if let Some(entry) = self.known(peer).filter(|entry| entry.scattered) {
            entry.scattered = false;
            entry.dirty = true;
        }
    }

    /// Whether it is not known what is between the rows.
    pub fn is_scattered(&self, peer: &BareJid) -> bool {
        self.entries.get(peer).is_some_and(|entry| entry.scattered)
    }

    /// The row of an id of the archive.
    pub fn archived(&self, peer: &BareJid, id: &str) -> Option<MessageKey> {
        self.entries.get(peer)?.archived(id)
    }

    /// The archive's id of the oldest row that has one.
    pub fn oldest_archived(&self, peer: &BareJid) -> Option<ArchiveId> {
        self.entries.get(peer)?.rows.iter().find_map(|row| row.archive_id.clone())
    }

    fn view(&mut self, peer: &BareJid, change: impl FnOnce(&mut Conversation)) {
        if let Some(entry) = self.known(peer) {
            let before = entry.view.clone();
            change(&mut entry.view);
            entry.view.mentions = entry.view.mentions.min(entry.view.unread);
            if entry.view != before {
                entry.dirty = true;
                let view = entry.view.clone();
                self.changes.push(Change::Conversation(view));
            }
        }
    }

    /// Keeps what is typed and not sent.
    pub fn set_draft(&mut self, peer: &BareJid, text: String) {
        if !text.is_empty() {
            self.open(peer);
        }
        self.view(peer, |view| view.draft = Some(text).filter(|text| !text.is_empty()));
    }

    /// To whom alone goes what is typed in a group chat; to all, if `None`.
    pub fn set_private(&mut self, peer: &BareJid, to: Option<Rc<Author>>) {
        if self.is_room(peer) {
            self.view(peer, |view| view.private = to);
        }
    }

    /// Whether what is typed there is for one participant alone.
    pub fn is_private(&self, peer: &BareJid) -> bool {
        self.entries.get(peer).is_some_and(|entry| entry.view.private.is_some())
    }

    /// What was written and not sent is a draft again, before what was typed since. What was for one alone stays that.
    pub fn give_back(&mut self, peer: &BareJid, text: &str, private: Option<Rc<Author>>) {
        if private.is_some() {
            self.set_private(peer, private);
        }
        let since = self.entries.get(peer).and_then(|entry| entry.view.draft.clone());
        let draft = since.map_or_else(|| text.to_owned(), |since| format!("{text}\n{since}"));
        self.set_draft(peer, draft);
    }

    /// A row by its place.
    pub fn message(&self, peer: &BareJid, key: MessageKey) -> Option<&Message> {
        self.entries.get(peer)?.row(key).map(|row| &row.message)
    }

    /// By which names others know a row.
    pub fn names(&self, peer: &BareJid, key: MessageKey) -> Option<Names> {
        let row = self.entries.get(peer)?.row(key)?;
        Some(Names { key, id: row.id.clone(), archive_id: row.archive_id.clone() })
    }

    /// The own row with this id.
    pub fn own(&self, peer: &BareJid, id: &str) -> Option<MessageKey> {
        self.entries.get(peer)?.own(id)
    }

    /// Drops an own row.
    pub fn discard(&mut self, peer: &BareJid, key: MessageKey) {
        let Some(entry) = self.known(peer) else { return };
        let Some(place) = entry.place_of(key) else { return };
        if entry.rows.get(place).is_none_or(|row| row.message.direction == Direction::In) {
            return;
        }
        for waiting in self.waiting_about(peer, key) {
            self.discard(peer, waiting);
        }
        let Some(entry) = self.known(peer) else { return };
        let Some(place) = entry.place_of(key) else { return };
        // The id stays known, so that a late copy from another device does not bring the message back.
        let row = entry.remove(place);
        entry.view.last = entry.newest().map(|row| preview(&row.message));
        self.outbox.remove(key);
        match row.filter(|row| row.is_hidden() && row.amends.is_some()) {
            Some(row) => self.untie(peer, &row),
            None => self.changes.push(Change::Timeline(peer.clone(), TimelineEdit::Remove(key))),
        }
        self.hold(peer);
        self.view_changed(peer);
    }

    fn view_changed(&mut self, peer: &BareJid) {
        if let Some(entry) = self.entries.get(peer) {
            self.changes.push(Change::Conversation(entry.view.clone()));
        }
    }
}

fn preview(message: &Message) -> Preview {
    let gist = match (&message.body, message.manner()) {
        (Body::Text(_), Some(manner)) if manner.spoiler.is_some() => Gist::Spoiler,
        (Body::Text(_), Some(manner)) if manner.file => Gist::File,
        (Body::Text(_), _) => Gist::Text,
        (Body::Retracted, _) => Gist::Retracted,
        (Body::Unreadable | Body::Gap(_), _) => Gist::Unreadable,
    };
    let text = message.body.text().filter(|_| gist != Gist::Spoiler);
    let text = text.map_or_else(String::new, |text| text.chars().take(PREVIEW).collect());
    let nick = message.private.as_ref().or(message.author.as_ref()).map(|author| author.nick.clone());
    Preview { direction: message.direction, nick, text, gist, stamp: message.stamp, private: message.private.is_some() }
}

#[cfg(test)]
mod tests;
