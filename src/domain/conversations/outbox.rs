//! Own messages on their way: which wait, in which order, what is on disk about them, and what proves that they
//! arrived.

use std::rc::Rc;

use serde::{Deserialize, Serialize};

use super::{Amendment, Conversations, Scope, WireId};
use crate::domain::change::{Change, TimelineEdit};
use crate::domain::room::Author;
use crate::domain::timeline::{Delivery, Manner, Message, MessageKey, Reply};
use crate::jid::BareJid;
use crate::map::Map;
use crate::order;

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
    pub says: Says,
    /// To which participant of a group chat alone; to all, if `None`.
    pub private: Option<Rc<Author>>,
    /// The disk says that it may be on its way: it may leave now.
    pub cleared: bool,
}

/// What an own message says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Says {
    /// A text.
    Text {
        /// As it was written.
        text: Rc<str>,
        /// Which message it answers.
        reply: Option<Reply>,
        /// How it wants to be shown.
        manner: Manner,
    },
    /// Something about an earlier message.
    About {
        /// What.
        amendment: Amendment,
        /// Which message the corrected one answers.
        reply: Option<Reply>,
    },
}

/// What is kept about an own message until it is known to have arrived.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outgoing {
    /// To whom.
    pub peer: BareJid,
    /// It may have left this device. Said before it leaves: after a crash, what says so is uncertain, and what does not
    /// say so has certainly not left.
    pub cleared: bool,
    /// As which stanza of the stream it was sent, modulo 2^32.
    pub number: Option<u32>,
}

#[derive(Debug)]
struct Item {
    kept: Outgoing,
    behind: bool,
    /// The disk says that it is cleared.
    confirmed: bool,
    /// It comes from disk, which may have been left behind by a page that could not write any more.
    restored: bool,
}

/// Every own message that is not known to have arrived.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    items: Map<MessageKey, Item>,
    /// Those that wait, in the order in which they were written: so they are sent, whatever became of them before.
    queue: Vec<(BareJid, MessageKey)>,
    /// Records that are to go.
    dropped: Vec<MessageKey>,
    behind: bool,
    /// What was held back may go.
    released: bool,
}

impl Outbox {
    pub(super) fn wait(&mut self, peer: &BareJid, key: MessageKey) {
        self.queue.retain(|(_, waiting)| *waiting != key);
        let place = self.queue.partition_point(|(_, waiting)| *waiting < key);
        self.queue.insert(place, (peer.clone(), key));
        self.items.entry(key).or_insert_with(|| Item {
            kept: Outgoing { peer: peer.clone(), cleared: false, number: None },
            behind: true,
            confirmed: false,
            restored: false,
        });
        self.touch(key);
    }

    /// It was refused, perhaps after the server had taken it: it is kept until the user decides.
    fn failed(&mut self, peer: &BareJid, key: MessageKey) {
        self.wait(peer, key);
        self.queue.retain(|(_, waiting)| *waiting != key);
    }

    pub(super) fn restore(&mut self, key: MessageKey, kept: Outgoing) {
        let confirmed = kept.cleared;
        self.items.insert(key, Item { kept, behind: false, confirmed, restored: true });
    }

    fn touch(&mut self, key: MessageKey) {
        if let Some(item) = self.items.get_mut(&key) {
            item.behind = true;
            self.behind = true;
        }
    }

    pub(super) fn remove(&mut self, key: MessageKey) {
        self.queue.retain(|(_, waiting)| *waiting != key);
        if self.items.remove(&key).is_some() {
            self.dropped.push(key);
            self.behind = true;
        }
    }

    pub(super) const fn is_behind(&self) -> bool {
        self.behind
    }

    pub(super) fn all_behind(&mut self) {
        self.behind = true;
        self.items.values_mut().for_each(|item| item.behind = true);
    }

    /// The records that are behind, and those that are to go.
    pub(super) fn take_behind(&mut self) -> (Vec<(MessageKey, Outgoing)>, Vec<MessageKey>) {
        self.behind = false;
        let mut behind: Vec<_> = self
            .items
            .iter_mut()
            .filter_map(|(key, item)| std::mem::take(&mut item.behind).then(|| (*key, item.kept.clone())))
            .collect();
        order::sort_by(&mut behind, |(a, _), (b, _)| a.cmp(b));
        (behind, std::mem::take(&mut self.dropped))
    }

    pub(super) fn has(&self, peer: &BareJid) -> bool {
        self.items.values().any(|item| item.kept.peer == *peer)
    }

    pub(super) fn of(&self, peer: &BareJid) -> Vec<MessageKey> {
        let mut keys: Vec<_> =
            self.items.iter().filter(|(_, item)| item.kept.peer == *peer).map(|(key, _)| *key).collect();
        order::sort(&mut keys);
        keys
    }

    fn all(&self) -> Vec<(BareJid, MessageKey)> {
        let mut all: Vec<_> = self.items.iter().map(|(key, item)| (item.kept.peer.clone(), *key)).collect();
        order::sort_by(&mut all, |(_, a), (_, b)| a.cmp(b));
        all
    }
}

impl Conversations {
    /// Moves an own row to another state.
    pub fn deliver(&mut self, peer: &BareJid, key: MessageKey, delivery: Delivery) {
        let Some(entry) = self.known(peer) else { return };
        let before = entry.row(key).and_then(|row| row.message.delivery.clone());
        if before.is_none() || before.as_ref() == Some(&delivery) {
            return;
        }
        let Some(row) = entry.row_mut(key) else { return };
        row.message.delivery = Some(delivery.clone());
        self.tell(peer, key);
        // A number is one of the stream that it was sent on, and means nothing on another.
        if delivery != Delivery::Sent
            && let Some(item) = self.outbox.items.get_mut(&key)
        {
            item.kept.number = None;
        }
        match delivery {
            Delivery::Acked | Delivery::Delivered | Delivery::Displayed => self.outbox.remove(key),
            Delivery::Queued => self.outbox.wait(peer, key),
            Delivery::Failed(_) => self.outbox.failed(peer, key),
            Delivery::Sent | Delivery::Unknown => {
                self.outbox.queue.retain(|(_, waiting)| *waiting != key);
                self.outbox.touch(key);
            }
        }
        self.let_go(peer, key);
        self.hold(peer);
    }

    /// It went out as this stanza of the stream.
    pub fn sent(&mut self, peer: &BareJid, key: MessageKey, number: Option<u32>) {
        if let Some(item) = self.outbox.items.get_mut(&key) {
            item.kept.number = number;
        }
        self.deliver(peer, key, Delivery::Sent);
    }

    /// Puts a row that is sent again behind everything that is there, and before what was written after it and waits.
    pub fn requeue(&mut self, peer: &BareJid, key: MessageKey) {
        if self.message(peer, key).is_none() {
            return;
        }
        self.put_last(peer, key);
        self.outbox.wait(peer, key);
        if let Some(item) = self.outbox.items.get_mut(&key) {
            item.kept = Outgoing { peer: peer.clone(), cleared: false, number: None };
            item.confirmed = false;
            item.restored = false;
        }
        self.hold(peer);
    }

    /// A refused message holds back what waits behind it, until the user decides; not one to somebody alone, on which
    /// nothing that others read depends.
    pub(super) fn hold(&mut self, peer: &BareJid) {
        let failed = self.outbox.of(peer).into_iter().find(|key| {
            let row = self.message(peer, *key).filter(|row| row.private.is_none());
            matches!(row.and_then(|row| row.delivery.as_ref()), Some(Delivery::Failed(_)))
        });
        let was_held = self.entries.get(peer).is_some_and(|entry| entry.view.held_by.is_some());
        self.outbox.released |= was_held && failed.is_none();
        self.view(peer, |view| view.held_by = failed);
    }

    /// Whether something was held back and may go now. Told once.
    pub fn take_released(&mut self) -> bool {
        std::mem::take(&mut self.outbox.released)
    }

    /// Whether it is uncertain of any message whether it arrived, of those that this archive may know.
    pub fn has_uncertain(&self, room: Scope<'_>) -> bool {
        let is_one = |(key, item): (&MessageKey, &Item)| {
            self.is_of(&item.kept.peer, room) && self.is_uncertain(&item.kept.peer, *key)
        };
        self.outbox.items.iter().any(is_one)
    }

    /// Own messages that went to group chats and have not come back from there.
    pub fn not_reflected(&self) -> Vec<(BareJid, MessageKey)> {
        let is_one = |(peer, key): &(BareJid, MessageKey)| {
            let is_sent = |row: &Message| row.delivery == Some(Delivery::Sent) && row.private.is_none();
            self.is_room(peer) && self.message(peer, *key).is_some_and(is_sent)
        };
        if self.outbox.items.is_empty() { Vec::new() } else { self.outbox.all().into_iter().filter(is_one).collect() }
    }

    /// Not of what went to one participant alone: no archive is sure to have that, so the user decides.
    fn is_uncertain(&self, peer: &BareJid, key: MessageKey) -> bool {
        let is_one = |row: &Message| row.delivery == Some(Delivery::Unknown) && row.private.is_none();
        self.message(peer, key).is_some_and(is_one)
    }

    /// What was uncertain did not arrive: it waits to be sent again.
    pub fn resend_uncertain(&mut self, room: Scope<'_>) {
        let is_one = |(peer, key): &(BareJid, MessageKey)| self.is_of(peer, room) && self.is_uncertain(peer, *key);
        let again: Vec<_> = self.outbox.all().into_iter().filter(is_one).collect();
        if again.is_empty() {
            return;
        }
        let is_again = |peer: &BareJid| again.iter().any(|(again, _)| again == peer);
        self.send_again(&again);
        // Others are before them in the archive by now, and before what waits with them.
        for (peer, key) in self.outbox.queue.clone().into_iter().filter(|(peer, _)| is_again(peer)) {
            let Some(entry) = self.entries.get(&peer) else { continue };
            if entry.place_of(key).is_some_and(|place| place < entry.place(false, None)) {
                self.put_last(&peer, key);
            }
        }
    }

    /// Puts a row that waits behind everything that is there, and before what was written after it and waits.
    fn put_last(&mut self, peer: &BareJid, key: MessageKey) {
        let mut counters = self.counters;
        let Some(entry) = self.known(peer) else { return };
        let Some(mut row) = entry.place_of(key).and_then(|place| entry.remove(place)) else { return };
        row.message.delivery = Some(Delivery::Queued);
        let (message, hidden) = (row.message.clone(), row.is_hidden());
        let place = entry.place(false, None);
        let earlier = entry.rows.iter().skip(place).take_while(|waiting| waiting.message.key < key).count();
        let place = place.saturating_add(earlier);
        let before = entry.shown_from(place);
        entry.insert(place, row, true, &mut counters.chunk);
        self.counters = counters;
        if hidden {
            self.tell(peer, key);
        } else {
            self.changes.push(Change::Timeline(peer.clone(), TimelineEdit::Insert { message, before }));
            self.newest_changed(peer);
        }
    }

    /// These have certainly not arrived: they wait to be sent again, each before what was written after it.
    pub fn send_again(&mut self, again: &[(BareJid, MessageKey)]) {
        for (peer, key) in again {
            self.deliver(peer, *key, Delivery::Queued);
        }
    }

    /// Everything that waits to be sent and is not held back, in order. While the archive is `checking`, or may still tell
    /// what became of it, what is uncertain must not be overtaken by what was written after it.
    pub fn waiting(&self, checking: bool, may_tell: bool) -> Vec<Waiting> {
        let mut held: Vec<BareJid> = Vec::new();
        if checking || may_tell {
            let is_unsure = |(key, item): &(&MessageKey, &Item)| {
                !self.is_room(&item.kept.peer)
                    && (checking && item.restored || self.is_uncertain(&item.kept.peer, **key))
            };
            held.extend(self.outbox.items.iter().filter(is_unsure).map(|(_, item)| item.kept.peer.clone()));
        }
        let waiting = self.outbox.queue.iter().filter_map(|(peer, key)| {
            let entry = self.entries.get(peer)?;
            if entry.view.held_by.is_some() || held.contains(peer) || (entry.is_room() && !entry.admitted) {
                return None;
            }
            let row = entry.row(*key)?;
            let cleared = self.outbox.items.get(key).is_some_and(|item| item.confirmed);
            let says = match &row.amends {
                Some(amends) => {
                    let target = entry.target(amends, row.writer()).and_then(|target| entry.row(target));
                    let reply = target.and_then(|target| target.message.reply().cloned());
                    Says::About { amendment: (**amends).clone(), reply }
                }
                None => Says::Text {
                    text: row.first_text()?.clone(),
                    reply: row.message.reply().cloned(),
                    manner: row.message.manner().cloned().unwrap_or_default(),
                },
            };
            let private = row.message.private.clone();
            Some(Waiting { peer: peer.clone(), id: row.id.clone()?, key: *key, says, private, cleared })
        });
        waiting.collect()
    }

    /// From now on this message may leave, as soon as the disk says so too.
    pub fn clear_to_send(&mut self, key: MessageKey) {
        if let Some(item) = self.outbox.items.get_mut(&key)
            && !item.kept.cleared
        {
            item.kept.cleared = true;
            item.behind = true;
            self.outbox.behind = true;
        }
    }

    /// The disk says that these may leave.
    pub fn cleared(&mut self, keys: &[MessageKey]) {
        for key in keys {
            if let Some(item) = self.outbox.items.get_mut(key) {
                item.confirmed = item.kept.cleared;
            }
        }
    }

    /// Own messages of which the disk says as which stanza they were sent.
    pub fn numbered(&self) -> Vec<(BareJid, MessageKey, u32)> {
        let all = self.outbox.all();
        all.into_iter()
            .filter_map(|(peer, key)| {
                let number = self.outbox.items.get(&key)?.kept.number?;
                (self.message(&peer, key)?.delivery == Some(Delivery::Sent)).then_some((peer, key, number))
            })
            .collect()
    }

    /// The id of an own row.
    pub fn id_of(&self, peer: &BareJid, key: MessageKey) -> Option<&WireId> {
        self.entries.get(peer)?.row(key)?.id.as_ref()
    }

    /// Puts what was restored in the state in which it certainly is: what may have left is uncertain, what has not
    /// waits.
    pub(super) fn restore_outgoing(&mut self, peer: &BareJid) {
        for key in self.outbox.of(peer) {
            let Some(kept) = self.outbox.items.get(&key).map(|item| item.kept.clone()) else { continue };
            let delivery = self.message(peer, key).and_then(|row| row.delivery.clone());
            match delivery {
                Some(Delivery::Queued | Delivery::Sent) if kept.cleared && kept.number.is_some() => {
                    self.deliver(peer, key, Delivery::Sent);
                }
                Some(Delivery::Queued | Delivery::Sent) if kept.cleared => self.deliver(peer, key, Delivery::Unknown),
                Some(Delivery::Queued) => self.outbox.wait(peer, key),
                Some(Delivery::Sent) => self.deliver(peer, key, Delivery::Queued),
                Some(Delivery::Failed(_) | Delivery::Unknown) => {}
                // The row is gone, or the message arrived.
                _ => self.outbox.remove(key),
            }
        }
        self.hold(peer);
    }
}
