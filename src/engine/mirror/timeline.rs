//! The rows of one conversation, as a page holds them.

use std::collections::{HashSet, VecDeque};
use std::rc::Rc;

use crate::domain::change::Names;
use crate::domain::timeline::{Delivery, Message, MessageKey};

/// The messages of one conversation, in order.
#[derive(Debug, Default)]
pub struct Timeline {
    pub(super) rows: VecDeque<Rc<Message>>,
    /// The keys of `rows`, so that a new one needs no search.
    keys: HashSet<MessageKey>,
    /// How many of `rows` wait to be sent.
    pub(super) waiting: usize,
    /// The last names that were asked for.
    pub(super) names: Option<Names>,
}

impl Timeline {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The message at a place.
    pub fn get(&self, place: usize) -> Option<&Rc<Message>> {
        self.rows.get(place)
    }

    /// The message of a key.
    pub fn message(&self, key: MessageKey) -> Option<&Rc<Message>> {
        self.get(self.place(key)?)
    }

    /// The names of a message, if they were asked for last.
    pub fn names(&self, key: MessageKey) -> Option<&Names> {
        self.names.as_ref().filter(|names| names.key == key)
    }

    /// Where a message stands. Looks from both ends at once: nearly everything happens near one of them.
    pub fn place(&self, key: MessageKey) -> Option<usize> {
        let is = |place: usize| self.rows.get(place).is_some_and(|message| message.key == key);
        let last = self.rows.len().checked_sub(1)?;
        (0..=last / 2).find_map(|step| {
            let back = last.saturating_sub(step);
            if is(back) { Some(back) } else { is(step).then_some(step) }
        })
    }

    /// Returns whether the key was there before.
    pub(super) fn insert(&mut self, message: Message, before: Option<MessageKey>) -> bool {
        let known = self.remove(message.key);
        self.keys.insert(message.key);
        self.waiting = self.waiting.saturating_add(waits(&message));
        let place = before.and_then(|key| self.place(key)).unwrap_or(self.rows.len());
        self.rows.insert(place, Rc::new(message));
        known
    }

    pub(super) fn trim(&mut self, first: MessageKey) {
        let place = self.place(first).unwrap_or_default();
        for row in self.rows.drain(..place) {
            self.keys.remove(&row.key);
            self.waiting = self.waiting.saturating_sub(waits(&row));
        }
    }

    pub(super) fn update(&mut self, message: Message) -> bool {
        let Some(row) = self.place(message.key).and_then(|place| self.rows.get_mut(place)) else { return false };
        self.waiting = self.waiting.saturating_add(waits(&message)).saturating_sub(waits(row));
        *row = Rc::new(message);
        true
    }

    pub(super) fn remove(&mut self, key: MessageKey) -> bool {
        let known = self.keys.remove(&key);
        let row = known.then(|| self.place(key).and_then(|place| self.rows.remove(place))).flatten();
        self.waiting = self.waiting.saturating_sub(row.as_deref().map_or(0, waits));
        row.is_some()
    }
}

fn waits(message: &Message) -> usize {
    usize::from(message.delivery == Some(Delivery::Queued))
}
