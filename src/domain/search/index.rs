//! Where each word stands: the words of all messages are numbered through, and each word has the list of its numbers,
//! as differences, in as few bytes as they need.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::rc::Rc;

use super::query::{Query, Want, kinds};
use super::words::words;
use crate::clock::Timestamp;
use crate::domain::timeline::{Direction, Message, MessageKey};
use crate::jid::BareJid;
use crate::map::Map;

/// Rows that are out of date before the index is made anew, if they are more than the others.
const STALE: usize = 1_024;

/// What a row says.
#[derive(Clone, Debug)]
pub struct Said {
    /// The row.
    pub key: MessageKey,
    /// Who wrote it.
    pub from: BareJid,
    /// Whether the user wrote it.
    pub direction: Direction,
    /// When.
    pub stamp: Timestamp,
    /// What.
    pub text: Rc<str>,
    /// The id that the archive gave it, in short ([`short`]); 0 if it has none that is known.
    pub archived: u32,
}

/// An id of the archive in 32 bits: within one conversation that tells messages apart well enough.
pub fn short(id: Option<&str>) -> u32 {
    let mix = |hash: u32, byte: u8| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    id.map_or(0, |id| id.bytes().fold(0x811c_9dc5, mix).max(1))
}

impl Said {
    /// What a message says; `None` if that is nothing that can be found.
    pub fn of(message: &Message, archive_id: Option<&str>) -> Option<Self> {
        // What is shown only when one asks for it is not given away by a search.
        let is_hidden = message.manner().is_some_and(|manner| manner.spoiler.is_some());
        let text = message.body.text().filter(|_| !is_hidden)?;
        Some(Self {
            key: message.key,
            from: message.from.clone(),
            direction: message.direction,
            stamp: message.stamp,
            text: Rc::clone(text),
            archived: short(archive_id),
        })
    }
}

/// Words that are passed over at once when the row of one is sought, as a power of two.
const BLOCK: u32 = 6;

#[derive(Debug)]
struct Row {
    key: MessageKey,
    peer: u32,
    from: u32,
    stamp: i64,
    is_own: bool,
    /// What is in it besides words.
    has: u8,
    archived: u32,
    /// `None` once it says something else.
    text: Option<Rc<str>>,
}

/// The numbers of one word.
#[derive(Debug, Default)]
struct Places {
    bytes: Vec<u8>,
    last: u32,
}

impl Places {
    fn push(&mut self, number: u32) {
        let mut step = number.saturating_sub(self.last);
        self.last = number;
        while step > 0x7f {
            self.bytes.push((step & 0x7f) as u8 | 0x80);
            step >>= 7;
        }
        self.bytes.push(step as u8);
    }

    fn each(&self, mut each: impl FnMut(u32)) {
        let (mut number, mut step, mut shift) = (0_u32, 0_u32, 0_u32);
        for byte in &self.bytes {
            step |= u32::from(byte & 0x7f).wrapping_shl(shift);
            shift = shift.saturating_add(7);
            if byte & 0x80 == 0 {
                number = number.saturating_add(step);
                each(number);
                (step, shift) = (0, 0);
            }
        }
    }
}

/// Every message that can be found.
#[derive(Debug, Default)]
pub struct Index {
    rows: Vec<Row>,
    /// The number of the first word of each row.
    starts: Vec<u32>,
    /// Which row the first word of each [`BLOCK`] is in.
    blocks: Vec<u32>,
    by_key: Map<MessageKey, u32>,
    words: Map<Box<str>, Places>,
    addresses: Vec<BareJid>,
    /// The number of the next word.
    next: u32,
}

/// A message that matches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// In which conversation.
    pub peer: BareJid,
    /// The row.
    pub key: MessageKey,
    /// Who wrote it.
    pub from: BareJid,
    /// Whether the user wrote it.
    pub direction: Direction,
    /// When.
    pub stamp: Timestamp,
    /// What it says.
    pub text: Rc<str>,
}

/// What matches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matches {
    /// The newest, the newest first.
    pub newest: Vec<Match>,
    /// How many there are in all.
    pub count: u32,
}

impl Index {
    /// A row of a conversation says this now. Whether that is news.
    pub fn put(&mut self, peer: &BareJid, said: Said) -> bool {
        let known = self.by_key.get(&said.key).and_then(|row| self.rows.get_mut(usize::try_from(*row).ok()?));
        if let Some(row) = known.filter(|row| row.text.as_ref() == Some(&said.text)) {
            row.archived = if said.archived == 0 { row.archived } else { said.archived };
            return false;
        }
        self.remove(said.key);
        let (peer, from) = (self.number(peer), self.number(&said.from));
        let number = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
        self.by_key.insert(said.key, number);
        let row = Row {
            key: said.key,
            peer,
            from,
            stamp: said.stamp.0,
            is_own: said.direction == Direction::Out,
            has: kinds(&said.text),
            archived: said.archived,
            text: Some(said.text),
        };
        self.enter(row);
        true
    }

    /// A row says nothing any more. Whether it did.
    pub fn remove(&mut self, key: MessageKey) -> bool {
        let Some(number) = self.by_key.remove(&key) else { return false };
        if let Some(row) = usize::try_from(number).ok().and_then(|number| self.rows.get_mut(number)) {
            row.text = None;
        }
        let stale = self.rows.len().saturating_sub(self.by_key.len());
        if stale > STALE && stale > self.by_key.len() {
            self.renew();
        }
        true
    }

    /// A conversation is gone, with all of its rows.
    pub fn forget(&mut self, peer: &BareJid) {
        let Some(number) = self.known(peer) else { return };
        let of = |row: &&Row| row.peer == number && row.text.is_some();
        let gone: Vec<MessageKey> = self.rows.iter().filter(of).map(|row| row.key).collect();
        for key in gone {
            self.remove(key);
        }
    }

    /// How many rows it has.
    pub fn len(&self) -> usize {
        self.by_key.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.by_key.is_empty()
    }

    /// Whether a row is in it.
    pub fn has(&self, key: MessageKey) -> bool {
        self.by_key.contains_key(&key)
    }

    /// Whether it knows that a row says this.
    pub fn knows(&self, key: MessageKey, text: &Rc<str>) -> bool {
        let row = self.by_key.get(&key).and_then(|row| self.rows.get(usize::try_from(*row).ok()?));
        row.is_some_and(|row| row.text.as_ref() == Some(text))
    }

    /// Whether a row of a conversation is in it that has this id in the archive.
    pub fn has_archived(&self, peer: &BareJid, id: &str) -> bool {
        let archived = short(Some(id));
        let peer = self.known(peer);
        self.rows.iter().any(|row| row.archived == archived && row.text.is_some() && Some(row.peer) == peer)
    }

    /// Different words, and bytes of their places.
    pub fn size(&self) -> (usize, usize) {
        (self.words.len(), self.words.values().map(|places| places.bytes.len()).sum())
    }

    /// The newest `most` rows that match. `name` tells how the user calls an address.
    pub fn find(&self, query: &Query, most: usize, name: &dyn Fn(&BareJid) -> String) -> Matches {
        if query.is_empty() {
            return Matches::default();
        }
        // How many of the terms each row has, counted only while it has all of those before.
        let mut had = vec![0_u8; self.rows.len()];
        for (term, number) in query.terms.iter().zip(0_u8..) {
            self.mark(term, &mut |row| {
                if let Some(had) = had.get_mut(row).filter(|had| **had == number) {
                    *had = number.saturating_add(1);
                }
            });
        }
        let all = u8::try_from(query.terms.len()).unwrap_or(u8::MAX);
        let is_meant = |sought: &[String]| -> Vec<bool> {
            let is = |address: &BareJid| {
                sought.is_empty() || {
                    let name = name(address);
                    sought.iter().all(|sought| Query::means(sought, address.as_str(), &name))
                }
            };
            self.addresses.iter().map(is).collect()
        };
        let (others, own): (Vec<String>, Vec<String>) = query.from.iter().cloned().partition(|from| from != "me");
        let (wrote, inside) = (is_meant(&others), is_meant(&query.inside));
        let is =
            |list: &[bool], number: u32| usize::try_from(number).ok().and_then(|n| list.get(n)).copied() == Some(true);
        let mut newest = BinaryHeap::new();
        let mut count = 0_u32;
        // Rows that came last are mostly newer than what is found before them.
        for (number, (row, had)) in self.rows.iter().zip(&had).enumerate().rev() {
            let fits = *had == all
                && row.text.is_some()
                && row.has & query.has == query.has
                && query.is_within(row.stamp)
                && (own.is_empty() || row.is_own)
                && is(&wrote, row.from)
                && is(&inside, row.peer);
            if fits {
                count = count.saturating_add(1);
                let this = Reverse((row.stamp, row.key, number));
                if newest.len() < most {
                    newest.push(this);
                } else if let Some(mut oldest) = newest.peek_mut().filter(|oldest| this < **oldest) {
                    *oldest = this;
                }
            }
        }
        let mut found: Vec<Match> = Vec::with_capacity(newest.len());
        while let Some(Reverse((.., number))) = newest.pop() {
            found.extend(self.rows.get(number).and_then(|row| self.matched(row)));
        }
        found.reverse();
        Matches { newest: found, count }
    }

    fn matched(&self, row: &Row) -> Option<Match> {
        Some(Match {
            peer: self.address(row.peer)?.clone(),
            key: row.key,
            from: self.address(row.from)?.clone(),
            direction: if row.is_own { Direction::Out } else { Direction::In },
            stamp: Timestamp(row.stamp),
            text: row.text.clone()?,
        })
    }

    /// Calls `mark` with each row that has these words one after the other, perhaps more than once.
    fn mark(&self, term: &[Want], mark: &mut dyn FnMut(usize)) {
        let Some((last, before)) = term.split_last() else { return };
        // Where the word before the one that is sought stands.
        let mut after: Option<Vec<u32>> = None;
        for want in before {
            let mut places = Vec::new();
            self.places(want, after.as_deref(), &mut |number| places.push(number));
            after = Some(places);
        }
        self.places(last, after.as_deref(), &mut |number| mark(self.row_of(number)));
    }

    /// Where a word stands that follows one of these numbers. In order for each word that it may be.
    fn places(&self, want: &Want, after: Option<&[u32]>, each: &mut dyn FnMut(u32)) {
        let mut look = |places: &Places| {
            let mut before = after.unwrap_or_default();
            places.each(|number| {
                if after.is_some() {
                    while before.first().is_some_and(|first| first.saturating_add(1) < number) {
                        before = before.get(1..).unwrap_or_default();
                    }
                    if before.first().is_none_or(|first| first.saturating_add(1) != number) {
                        return;
                    }
                }
                each(number);
            });
        };
        if want.is_prefix {
            // Some ten thousand words are compared in less time than a sorted list of them would cost to keep.
            self.words.iter().filter(|(word, _)| word.starts_with(&*want.word)).for_each(|(_, places)| look(places));
        } else if let Some(places) = self.words.get(&*want.word) {
            look(places);
        }
    }

    /// The row of a word.
    fn row_of(&self, number: u32) -> usize {
        let block = usize::try_from(number >> BLOCK).ok().and_then(|block| self.blocks.get(block));
        let mut row = block.and_then(|row| usize::try_from(*row).ok()).unwrap_or_default();
        while self.starts.get(row.saturating_add(1)).is_some_and(|start| *start <= number) {
            row = row.saturating_add(1);
        }
        row
    }

    fn enter(&mut self, row: Row) {
        let text = row.text.clone().unwrap_or_default();
        let number = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
        self.starts.push(self.next);
        let (known, next) = (&mut self.words, &mut self.next);
        words(&text, &mut |word, _, _| {
            if let Some(places) = known.get_mut(word) {
                places.push(*next);
            } else {
                let mut places = Places::default();
                places.push(*next);
                known.insert(word.into(), places);
            }
            *next = next.saturating_add(1);
        });
        // No two messages touch, so that nobody's words follow those of another.
        *next = next.saturating_add(1);
        let last = usize::try_from(next.saturating_sub(1) >> BLOCK).unwrap_or_default();
        if self.blocks.len() <= last {
            self.blocks.resize(last.saturating_add(1), number);
        }
        self.rows.push(row);
    }

    /// The number of an address. Rows come by conversation: it is mostly one of the last row.
    fn number(&mut self, address: &BareJid) -> u32 {
        let is = |number: &u32| self.address(*number) == Some(address);
        let last = self.rows.last().and_then(|row| [row.peer, row.from].into_iter().find(is));
        last.or_else(|| self.known(address)).unwrap_or_else(|| {
            self.addresses.push(address.clone());
            u32::try_from(self.addresses.len().saturating_sub(1)).unwrap_or(u32::MAX)
        })
    }

    fn known(&self, address: &BareJid) -> Option<u32> {
        u32::try_from(self.addresses.iter().position(|known| known == address)?).ok()
    }

    fn address(&self, number: u32) -> Option<&BareJid> {
        self.addresses.get(usize::try_from(number).ok()?)
    }

    /// Leaves out what is out of date.
    fn renew(&mut self) {
        self.words = Map::default();
        self.starts.clear();
        self.blocks.clear();
        self.next = 0;
        let rows = std::mem::take(&mut self.rows);
        for row in rows.into_iter().filter(|row| row.text.is_some()) {
            self.by_key.insert(row.key, u32::try_from(self.rows.len()).unwrap_or(u32::MAX));
            self.enter(row);
        }
    }
}
