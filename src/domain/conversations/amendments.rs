//! Messages about earlier messages: corrections, retractions, reactions, and answers that quote.
//!
//! Each is a row like any other, so it waits, is sent, is proven and is known again like any other; but it is not
//! shown, and the row that it is about shows what it says. What a row shows follows from the rows about it and their
//! order alone, so they may arrive in any order, and dropping one undoes it.

mod about;
mod signs;

use std::rc::Rc;

use serde::{Deserialize, Serialize};

use self::signs::{reactions, shorten};
use super::entry::Entry;
use super::{Conversations, Row, WireId, Writer, preview};
use crate::domain::change::{Change, TimelineEdit};
use crate::domain::room::Author;
use crate::domain::timeline::{
    Amending, Body, Delivery, Direction, Message, MessageKey, More, Removed, Reply, Version,
};
use crate::jid::BareJid;

/// Texts that are kept of one message before its last one.
const VERSIONS: usize = 100;
/// What is remembered of what was said about one message, before what is out of date is forgotten.
const APPLIED: usize = 128;
/// Characters of a quotation.
pub const QUOTE: usize = 200;

/// What a message says about an earlier one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amendment {
    /// The id of the earlier one.
    pub of: WireId,
    /// What it says.
    pub what: What,
}

/// What is said about an earlier message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum What {
    /// It says this now (XEP-0308); only its author can say so.
    Correct(Rc<str>),
    /// It is taken back (XEP-0424); only by its author.
    Retract,
    /// The sender answers with these signs and no others (XEP-0444).
    React(Vec<String>),
    /// A moderator took it away (XEP-0425); only the group chat itself can say so.
    Moderate(Removed),
}

/// What was said about a row, kept with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applied {
    /// The row that says it.
    pub key: MessageKey,
    /// Who said it.
    pub direction: Direction,
    /// Which participant said it, in a group chat.
    pub author: Option<Rc<Author>>,
    /// When.
    pub stamp: crate::clock::Timestamp,
    /// What.
    pub what: What,
}

impl Row {
    /// Whether it only says something about another row, which shows it.
    pub(super) const fn is_hidden(&self) -> bool {
        self.hidden
    }

    /// A message, and no hole.
    pub(super) const fn is_shown_message(&self) -> bool {
        !self.hidden && self.gap.is_none()
    }

    /// Whether a message says the same, so that it can be a copy of this one.
    pub(super) fn says(&self, new: &super::NewMessage) -> bool {
        // Of what was taken back nobody keeps what it said.
        let is_gone = [&self.message.body, &new.body].contains(&&Body::Retracted);
        self.amends == new.amends && (self.amends.is_some() || is_gone || self.first_text() == new.body.text())
    }

    /// What it said when it was sent.
    pub(super) fn first_text(&self) -> Option<&Rc<str>> {
        self.message.versions().first().map_or_else(|| self.message.body.text(), |first| Some(&first.text))
    }
}

impl Entry {
    /// Lets a row show what another one says about it, in the order of the rows. Returns whether it looks different.
    fn apply(&mut self, target: MessageKey, by: MessageKey) -> bool {
        let Some(place) = self.place_of(by).filter(|_| by != target) else { return false };
        let Some(row) = self.rows.get(place) else { return false };
        let Some(what) = row.amends.as_ref().map(|amends| amends.what.clone()) else { return false };
        let (direction, stamp, author) = (row.message.direction, row.message.stamp, row.message.author.clone());
        let one = Applied { key: by, direction, author, stamp, what };
        let Some(at) = self.place_of(target) else { return false };
        let Some(row) = self.rows.get_mut(at) else { return false };
        if row.message.body == Body::Retracted {
            return false;
        }
        let mut applied = std::mem::take(&mut row.applied);
        let before = applied.iter().position(|known| known.key == by);
        applied.retain(|known| known.key != by);
        // Those that are not in memory any more are older than those that are.
        let is_later = |known: &&Applied| self.place_of(known.key).is_some_and(|known| known > place);
        let later = applied.iter().rev().take_while(is_later).count();
        let to = applied.len().saturating_sub(later);
        applied.insert(to, one);
        if applied.len() > APPLIED {
            shorten(&mut applied);
        }
        if let Some(row) = self.rows.get_mut(at) {
            row.applied = applied;
        }
        if before != Some(to) {
            self.touch(at);
        }
        self.reflect(at)
    }

    /// Works out anew what a row shows. Returns whether that is different from before.
    fn reflect(&mut self, at: usize) -> bool {
        let Some(row) = self.rows.get(at).filter(|row| row.message.body != Body::Retracted) else { return false };
        let on_its_way = |one: &Applied| {
            let delivery = self.row(one.key).filter(|_| one.direction == Direction::Out)?.message.delivery.clone()?;
            let arrived = matches!(delivery, Delivery::Acked | Delivery::Delivered | Delivery::Displayed);
            (!arrived).then_some(Amending { key: one.key, retracts: one.what == What::Retract, delivery })
        };
        let mut after = row.message.clone();
        let gone = row.applied.iter().find_map(|one| match &one.what {
            What::Retract => on_its_way(one).is_none().then_some(None),
            What::Moderate(removed) => Some(Some(removed.clone())),
            What::Correct(_) | What::React(_) => None,
        });
        let is_gone = gone.is_some();
        if let Some(removed) = gone {
            after.body = Body::Retracted;
            after.more = removed.map(|removed| Box::new(More { removed: Some(removed), ..More::default() }));
        } else {
            let mut more = after.more.take().map_or_else(More::default, |more| *more);
            if let Some(first) = row.first_text().cloned() {
                let mut texts = vec![Version { text: first, stamp: row.message.stamp }];
                for one in &row.applied {
                    if let What::Correct(text) = &one.what {
                        texts.push(Version { text: text.clone(), stamp: one.stamp });
                    }
                }
                // The first one stays, whatever happens: it is what was sent.
                let surplus = texts.len().saturating_sub(VERSIONS);
                texts.drain(1..surplus.saturating_add(1));
                if let Some(now) = texts.pop() {
                    after.body = Body::Text(now.text);
                }
                more.versions = texts;
            }
            more.reactions = reactions(&row.applied);
            more.amending = row.applied.iter().filter_map(on_its_way).max_by_key(Amending::urgency);
            after.more = (more != More::default()).then(|| Box::new(more));
        }
        if after == row.message {
            return false;
        }
        if let Some(row) = self.rows.get_mut(at) {
            row.message = after;
            if is_gone {
                row.applied = Vec::new();
            }
        }
        self.touch(at);
        true
    }

    /// A row is here from disk. Meanwhile something may have become of what was said about it: everything behind it is
    /// in memory, so what is not there was dropped, or comes from disk by itself.
    fn reflect_anew(&mut self, key: MessageKey) {
        let Some(at) = self.place_of(key) else { return };
        let Some(row) = self.rows.get(at).filter(|row| !row.applied.is_empty()) else { return };
        let known: Vec<Applied> = row.applied.iter().filter(|one| self.row(one.key).is_some()).cloned().collect();
        if let Some(row) = self.rows.get_mut(at) {
            row.applied = known;
        }
        self.reflect(at);
    }

    /// An own message has this name: what was about somebody else's of the same name is about this one. Returns it, and
    /// those others that look different without. A sender may have used the name more than once.
    fn mistaken(&mut self, id: &str) -> (Vec<MessageKey>, Vec<MessageKey>) {
        let rows = self.named_by(Writer::PEER, id).map_or(0, |_| self.rows.len());
        let is_about = |row: &&Row| {
            row.amends.as_ref().is_some_and(|amends| amends.of == id && matches!(amends.what, What::React(_)))
        };
        // A message that was taken back does not know any more what was said of it.
        let about = self.rows.iter().take(rows).filter(is_about).map(|row| row.message.key);
        let (mut found, mut changed): (Vec<MessageKey>, _) = (about.collect(), Vec::new());
        for at in 0..rows {
            let Some(row) = self.rows.get_mut(at).filter(|row| row.is_theirs_by_name(id)) else { continue };
            let other = row.message.key;
            row.applied.retain(|one| !found.contains(&one.key));
            found.extend(self.answers.remove(&other).unwrap_or_default());
            changed.extend(self.reflect(at).then_some(other));
        }
        (found, changed)
    }

    /// What an answer shows of the message that it answers.
    fn quote(&mut self, key: MessageKey) -> bool {
        let Some(reply) = self.row(key).and_then(|row| row.message.reply()) else { return false };
        let id = reply.id.clone();
        let Some(to) = self.answered(&id, key) else { return false };
        let answers = self.answers.entry(to).or_default();
        if !answers.contains(&key) {
            answers.push(key);
        }
        let Some(to) = self.row(to) else { return false };
        let (direction, text) = (to.message.direction, quotation(&to.message.body));
        let Some(reply) = self.row(key).and_then(|row| row.message.reply()) else { return false };
        let nick = to.message.author.as_ref().map(|author| author.nick.clone());
        let found = Reply { id, to: Some(to.message.key), author: Some(direction), nick, quote: text };
        if *reply == found {
            return false;
        }
        if let Some(more) = self.row_mut(key).and_then(|row| row.message.more.as_mut()) {
            more.reply = Some(found);
        }
        true
    }
}

/// Whether the user may decide about an own message, or it waits.
const fn is_in_trouble(message: &Message) -> bool {
    matches!(message.delivery, Some(Delivery::Queued | Delivery::Failed(_) | Delivery::Unknown))
}

/// How a message begins, for a quotation; empty, if it has no text.
pub fn quotation(body: &Body) -> String {
    body.text().map_or_else(String::new, |text| text.chars().take(QUOTE).collect())
}

impl Conversations {
    /// A row is here, new or from disk: what it says about others, and others about it, is shown.
    pub(super) fn tie(&mut self, peer: &BareJid, key: MessageKey) {
        let Some(entry) = self.entries.get_mut(peer) else { return };
        let Some(row) = entry.row(key) else { return };
        let archive_id = row.archive_id.as_ref().filter(|_| entry.is_room());
        let ids: Vec<WireId> =
            [row.id.as_ref(), row.alias.as_ref(), archive_id].into_iter().flatten().cloned().collect();
        let (direction, is_room) = (row.message.direction, entry.is_room());
        let writer = row.writer();
        let mut touched = Vec::new();
        if let Some(amends) = row.amends.clone() {
            match entry.target(&amends, writer) {
                Some(target) if entry.apply(target, key) => touched.push(target),
                Some(_) => {}
                None => {
                    entry.refer(amends.of, key);
                    if entry.unloaded > 0 && !self.unreached.contains(peer) {
                        self.unreached.push(peer.clone());
                    }
                }
            }
        } else if let Some(id) = row.message.reply().map(|reply| reply.id.clone()) {
            if entry.quote(key) {
                touched.push(key);
            } else if entry.answered(&id, key).is_none() {
                entry.refer(id, key);
            }
        }
        // Those that came before it.
        let mut waiting: Vec<MessageKey> = ids.iter().flat_map(|id| entry.referring(id)).collect();
        if direction == Direction::Out && !is_room {
            for id in &ids {
                let (mistaken, other) = entry.mistaken(id);
                waiting.extend(mistaken);
                touched.extend(other);
            }
        }
        while let Some(by) = waiting.pop() {
            let Some(row) = entry.row(by) else { continue };
            let Some(amends) = row.amends.clone() else {
                if entry.quote(by) {
                    touched.push(by);
                }
                continue;
            };
            let was_hidden = row.is_hidden();
            // Somebody else's message of that name: the right one may still come.
            let Some(target) = entry.target(&amends, row.writer()) else {
                entry.refer(amends.of, by);
                continue;
            };
            if entry.apply(target, by) {
                touched.push(target);
            }
            if !was_hidden {
                if let Some(row) = entry.row_mut(by) {
                    row.hidden = true;
                }
                self.changes.push(Change::Timeline(peer.clone(), TimelineEdit::Remove(by)));
            }
            // Corrections that name this one.
            waiting
                .extend(entry.row(by).and_then(|row| row.id.clone()).into_iter().flat_map(|id| entry.referring(&id)));
        }
        for key in touched {
            self.looks_different(peer, key);
            self.let_go(peer, key);
        }
    }

    /// A row comes from disk.
    pub(super) fn tie_again(&mut self, peer: &BareJid, key: MessageKey) {
        let before = self.message(peer, key).cloned();
        if let Some(entry) = self.entries.get_mut(peer) {
            entry.reflect_anew(key);
        }
        if self.message(peer, key) != before.as_ref() {
            self.looks_different(peer, key);
        }
        self.tie(peer, key);
        self.proven_before(peer, key);
    }

    /// A row that said something about another one is gone.
    pub(super) fn untie(&mut self, peer: &BareJid, row: &Row) {
        let (Some(entry), Some(amends)) = (self.entries.get_mut(peer), &row.amends) else { return };
        let Some(target) = entry.target(amends, row.writer()) else { return };
        let gone = row.message.key;
        let Some(at) = entry.place_of(target) else { return };
        entry.touch(at);
        if let Some(row) = entry.rows.get_mut(at) {
            row.applied.retain(|one| one.key != gone);
        }
        if entry.reflect(at) {
            self.looks_different(peer, target);
        }
    }

    /// Own rows that say something about a row, and are not known to have left.
    pub(super) fn waiting_about(&self, peer: &BareJid, key: MessageKey) -> Vec<MessageKey> {
        let Some(entry) = self.entries.get(peer) else { return Vec::new() };
        let is_about = |by: &MessageKey| {
            let Some(row) = entry.row(*by) else { return false };
            let Some(amends) = &row.amends else { return false };
            is_in_trouble(&row.message) && entry.target(amends, row.writer()) == Some(key)
        };
        self.outbox.of(peer).into_iter().filter(is_about).collect()
    }

    /// What was taken back needs nothing any more: it is not sent again, nor is what waits to be said about it.
    pub(super) fn let_go(&mut self, peer: &BareJid, key: MessageKey) {
        let Some(entry) = self.entries.get_mut(peer) else { return };
        let Some(row) = entry.row(key) else { return };
        let key = match &row.amends {
            Some(amends) if row.hidden => entry.target(amends, row.writer()),
            _ => Some(key),
        };
        let Some(row) = key.and_then(|key| entry.row_mut(key)) else { return };
        if row.message.body != Body::Retracted {
            return;
        }
        let key = row.message.key;
        if is_in_trouble(&row.message) {
            row.message.delivery = None;
            let message = row.message.clone();
            self.outbox.remove(key);
            self.changes.push(Change::Timeline(peer.clone(), TimelineEdit::Update(message)));
            self.hold(peer);
        }
        for waiting in self.waiting_about(peer, key) {
            self.discard(peer, waiting);
        }
    }

    /// A row is in another state: it shows that, or the row that it is about does.
    pub(super) fn tell(&mut self, peer: &BareJid, key: MessageKey) {
        let Some(row) = self.entries.get(peer).and_then(|entry| entry.row(key)) else { return };
        if !row.is_hidden() {
            let message = row.message.clone();
            self.changes.push(Change::Timeline(peer.clone(), TimelineEdit::Update(message)));
        } else if let Some(amends) = row.amends.clone() {
            let (author, private) = (row.message.author.clone(), row.message.private.is_some());
            let writer = Writer { direction: row.message.direction, author: author.as_deref(), private };
            let Some(entry) = self.entries.get_mut(peer) else { return };
            let Some(target) = entry.target(&amends, writer) else { return };
            if entry.apply(target, key) {
                self.looks_different(peer, target);
            }
        }
    }

    fn looks_different(&mut self, peer: &BareJid, key: MessageKey) {
        let Some(entry) = self.entries.get(peer) else { return };
        let Some(row) = entry.row(key).filter(|row| !row.is_hidden()) else { return };
        let message = row.message.clone();
        let is_newest = entry.newest().is_some_and(|newest| newest.message.key == key);
        let last = preview(&message);
        self.changes.push(Change::Timeline(peer.clone(), TimelineEdit::Update(message)));
        if is_newest {
            self.view(peer, |view| view.last = Some(last));
        }
        // Answers show what it says now.
        let Some(entry) = self.entries.get_mut(peer) else { return };
        let answers = entry.answers.get(&key).cloned().unwrap_or_default();
        for answer in answers {
            if entry.quote(answer)
                && let Some(row) = entry.row(answer)
            {
                let message = row.message.clone();
                self.changes.push(Change::Timeline(peer.clone(), TimelineEdit::Update(message)));
            }
        }
    }

    /// What an own wish about a message must name: its id as others know it. `None` of what has none, or is none.
    pub fn name_of(&self, peer: &BareJid, key: MessageKey) -> Option<WireId> {
        let entry = self.entries.get(peer)?;
        let row = entry.row(key).filter(|row| row.is_shown_message())?;
        let is_public = entry.is_room() && row.message.private.is_none();
        if is_public { row.archive_id.clone() } else { row.alias.clone().or_else(|| row.id.clone()) }
    }

    /// Conversations in which something was said about a message that is not in memory, and is on disk perhaps.
    pub fn take_unreached(&mut self) -> Vec<BareJid> {
        std::mem::take(&mut self.unreached)
    }

    /// The signs that the user gave in answer to a message.
    pub fn own_reactions(&self, peer: &BareJid, key: MessageKey) -> Vec<String> {
        let reactions = self.message(peer, key).map_or(&[][..], |message| message.reactions());
        reactions.iter().filter(|reaction| reaction.own).map(|reaction| reaction.emoji.clone()).collect()
    }

    /// Which own row a command about a row means: the row itself if that is in trouble, or else the own change of it.
    pub fn meant(&self, peer: &BareJid, key: MessageKey) -> MessageKey {
        let message = self.message(peer, key);
        match message.filter(|message| !is_in_trouble(message)).and_then(|message| message.amending()) {
            Some(amending) => amending.key,
            None => key,
        }
    }
}

#[cfg(test)]
mod tests;
