//! What of the conversations is kept on disk, which of it is in memory, and how it comes back.

use serde::{Deserialize, Serialize};

use super::entry::Entry;
use super::{ArchiveId, Chunk, Conversations, Counters, Outgoing, Row, WireId};
use crate::domain::change::{Change, TimelineEdit};
use crate::domain::conversation::Conversation;
use crate::domain::timeline::{Delivery, History, MessageKey};
use crate::jid::BareJid;

/// Rows that stay in memory of a conversation that no page shows. More than twice as many messages as the archive is
/// behind at most, so that its copies of them are known.
const KEEP: usize = 512;
/// Rows in memory of a conversation that is on a page, before the oldest go.
const KEEP_SHOWN: usize = 5_000;
/// Rows that come from disk when somebody scrolls up.
const MORE: usize = 128;

/// What is kept of a conversation, beside its messages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptConversation {
    /// As the list shows it.
    pub view: Conversation,
    /// What is known of the time before its first message.
    pub history: History,
    /// Up to which message the user has read.
    pub read_to: Option<ArchiveId>,
    /// That message is not here yet.
    pub read_pending: bool,
    /// The last row that pages of the archive placed, going forward: in a hole, or, under 0, behind all of them.
    pub placed: Vec<(u32, MessageKey)>,
    /// It is not known what is between its rows.
    pub scattered: bool,
    /// The last message of which its sender was told that it was seen.
    pub marked: Option<WireId>,
    /// Where its messages are, oldest first.
    pub chunks: Vec<Chunk>,
}

/// Records that are behind.
#[derive(Debug, Default)]
pub struct Behind {
    /// Conversations by number.
    pub conversations: Vec<(u64, KeptConversation)>,
    /// Conversations that are to go.
    pub dropped_conversations: Vec<u64>,
    /// Chunks by number.
    pub chunks: Vec<(u64, Vec<Row>)>,
    /// Chunks that are to go.
    pub dropped_chunks: Vec<u64>,
    /// The outbox, by row.
    pub outbox: Vec<(MessageKey, Outgoing)>,
    /// What left the outbox.
    pub dropped_outbox: Vec<MessageKey>,
}

impl Conversations {
    /// Whether some record is behind.
    pub const fn is_behind(&self) -> bool {
        self.behind || self.outbox.is_behind()
    }

    /// Whether what became of an own message is not on disk yet.
    pub const fn is_outbox_behind(&self) -> bool {
        self.outbox.is_behind()
    }

    /// What counts upwards.
    pub const fn counters(&self) -> Counters {
        self.counters
    }

    /// Every record that is behind. They count as kept from now on.
    pub fn take_behind(&mut self) -> Behind {
        self.behind = false;
        let (outbox, dropped_outbox) = self.outbox.take_behind();
        let dropped_chunks = std::mem::take(&mut self.dropped_chunks);
        let dropped_conversations = std::mem::take(&mut self.dropped_conversations);
        let mut behind = Behind { outbox, dropped_outbox, dropped_chunks, dropped_conversations, ..Behind::default() };
        for entry in self.entries.values_mut().filter(|entry| entry.dirty) {
            let (mut chunks, mut empty) = entry.take_behind();
            behind.chunks.append(&mut chunks);
            behind.dropped_chunks.append(&mut empty);
            let kept = KeptConversation {
                view: entry.view.clone(),
                history: entry.history,
                read_to: entry.read_to.clone(),
                read_pending: entry.read_pending,
                placed: entry.placed.clone(),
                scattered: entry.scattered,
                marked: entry.marked.clone(),
                chunks: entry.chunks.clone(),
            };
            behind.conversations.push((entry.number, kept));
        }
        behind
    }

    /// Nothing in memory is on disk as it is.
    pub fn all_behind(&mut self) {
        self.behind = true;
        self.outbox.all_behind();
        self.entries.values_mut().for_each(Entry::all_behind);
    }

    /// Brings back what was kept; the messages stay on disk until they are wanted.
    pub fn restore(
        &mut self,
        counters: Counters,
        conversations: Vec<(u64, KeptConversation)>,
        outbox: Vec<(MessageKey, Outgoing)>,
    ) {
        self.counters = counters;
        for (number, kept) in conversations {
            let mut view = kept.view;
            view.first_unread = view.first_unread.filter(|_| view.unread > 0);
            let peer = view.peer.clone();
            let mut entry = Entry::new(number, view.clone(), kept.history);
            entry.unloaded = kept.chunks.len();
            entry.chunks = kept.chunks;
            entry.read_to = kept.read_to;
            entry.read_pending = kept.read_pending;
            entry.placed = kept.placed;
            entry.scattered = kept.scattered;
            entry.marked = kept.marked;
            entry.dirty = false;
            if let History::Loading | History::Failed = entry.history {
                entry.history = History::More;
            }
            self.changes.push(Change::History(peer.clone(), entry.history()));
            self.changes.push(Change::Conversation(view));
            self.entries.insert(peer, entry);
        }
        for (key, kept) in outbox {
            self.outbox.restore(key, kept);
        }
    }

    /// Whether the messages of a conversation are on disk only.
    pub fn is_asleep(&self, peer: &BareJid) -> bool {
        self.entries.get(peer).is_some_and(Entry::is_asleep)
    }

    /// Conversations of which the outbox has something.
    pub fn with_outgoing(&self) -> Vec<BareJid> {
        self.entries.keys().filter(|peer| self.outbox.has(peer)).cloned().collect()
    }

    /// The conversation in which something happened last.
    pub fn latest(&self) -> Option<BareJid> {
        self.entries.iter().max_by_key(|(_, entry)| entry.view.activity).map(|(peer, _)| peer.clone())
    }

    /// Which chunks to read so that the newest messages of a conversation are in memory.
    pub fn to_wake(&self, peer: &BareJid) -> Vec<u64> {
        self.entries.get(peer).filter(|entry| entry.is_asleep()).map_or_else(Vec::new, |entry| entry.wanted(KEEP, true))
    }

    /// Which chunks to read for what is older than the rows in memory; none, if there is nothing older on disk.
    pub fn to_scroll(&mut self, peer: &BareJid) -> Vec<u64> {
        let Some(entry) = self.entries.get(peer) else { return Vec::new() };
        let wanted = entry.wanted(MORE, false);
        if !wanted.is_empty() {
            self.changes.push(Change::History(peer.clone(), History::Loading));
        }
        wanted
    }

    /// Chunks that were asked for are here, oldest first, or could not be read.
    pub fn loaded(&mut self, peer: &BareJid, mut chunks: Vec<(u64, Option<Vec<Row>>)>) {
        let was_asleep = self.is_asleep(peer);
        let open = self.open_gaps(peer).to_vec();
        while let Some((id, rows)) = chunks.pop() {
            let stand_in = self.next_key();
            let Some(entry) = self.entries.get_mut(peer) else { return };
            // Only the one right before what is in memory can be taken in.
            if entry
                .unloaded
                .checked_sub(1)
                .and_then(|place| entry.chunks.get(place))
                .is_none_or(|chunk| chunk.id != id)
            {
                continue;
            }
            let count = entry.load(rows, stand_in, &|gap| open.contains(&gap));
            self.behind |= entry.dirty;
            let mut before = entry.shown_from(count);
            let mut ties = Vec::new();
            for row in entry.rows.iter().take(count).rev() {
                ties.push(row.message.key);
                if row.is_hidden() {
                    continue;
                }
                let message = row.message.clone();
                let key = message.key;
                self.changes.push(Change::Timeline(peer.clone(), TimelineEdit::Insert { message, before }));
                before = Some(key);
            }
            for key in ties {
                self.tie_again(peer, key);
            }
        }
        let Some(entry) = self.entries.get(peer) else { return };
        self.changes.push(Change::History(peer.clone(), entry.history()));
        if was_asleep {
            self.restore_outgoing(peer);
            // Rows that wait stay at the end, behind everything that is live.
            if let Some(entry) = self.entries.get_mut(peer) {
                entry.live_from = entry.place(false, None);
            }
        }
    }

    /// A change that was put off, as it is now; `None`, if there is nothing to show any more.
    pub fn as_now(&self, change: Change) -> Option<Change> {
        Some(match change {
            Change::Timeline(peer, TimelineEdit::Insert { message, before }) => {
                let message = self.message(&peer, message.key)?.clone();
                Change::Timeline(peer, TimelineEdit::Insert { message, before })
            }
            Change::Timeline(peer, TimelineEdit::Update(message)) => {
                let message = self.message(&peer, message.key)?.clone();
                Change::Timeline(peer, TimelineEdit::Update(message))
            }
            Change::Conversation(view) => Change::Conversation(self.entries.get(&view.peer)?.view.clone()),
            change => change,
        })
    }

    /// These conversations are on a page.
    pub fn show(&mut self, peers: &[BareJid]) {
        for (peer, entry) in &mut self.entries {
            entry.shown = peers.contains(peer);
            entry.is_held &= entry.shown;
        }
    }

    /// Takes out of memory what nobody looks at and the disk has.
    pub fn trim(&mut self) {
        for (peer, entry) in &mut self.entries {
            let (most, keep) = if entry.shown { (KEEP_SHOWN, KEEP_SHOWN / 2) } else { (2 * KEEP, KEEP) };
            if entry.rows.len() > most
                && !entry.is_held
                && let Some(first) = entry.trim(keep)
            {
                self.changes.push(Change::Timeline(peer.clone(), TimelineEdit::Trim(first)));
                self.changes.push(Change::History(peer.clone(), entry.history()));
            }
        }
    }

    /// There is no room: drops the oldest messages that the archive has and that are on disk only. Returns whether
    /// there were any.
    pub fn evict(&mut self) -> bool {
        let mut dropped = Vec::new();
        for (peer, entry) in &mut self.entries {
            // An eighth of what could go, so that it lasts for a while.
            let can_go = entry
                .chunks
                .iter()
                .take(entry.unloaded.saturating_sub(1))
                .take_while(|chunk| chunk.archived && !chunk.gap)
                .count();
            let go = can_go.div_ceil(8);
            if go == 0 {
                continue;
            }
            dropped.extend(entry.chunks.drain(..go).map(|chunk| chunk.id));
            entry.unloaded = entry.unloaded.saturating_sub(go);
            entry.history = History::More;
            entry.dirty = true;
            self.changes.push(Change::History(peer.clone(), History::More));
        }
        let any = !dropped.is_empty();
        self.behind |= any;
        self.dropped_chunks.append(&mut dropped);
        any
    }

    /// The disk is gone: what is in memory is all there is.
    pub fn nothing_on_disk(&mut self) {
        for (peer, entry) in &mut self.entries {
            if entry.unloaded > 0 {
                entry.chunks.drain(..entry.unloaded);
                entry.unloaded = 0;
                entry.history = if self.archive { History::More } else { History::None };
                self.changes.push(Change::History(peer.clone(), entry.history));
            }
        }
    }

    /// An own message could not be kept before it was sent: it never was one. Gives back its text.
    pub fn withdraw(&mut self, peer: &BareJid, key: MessageKey) -> Option<String> {
        let row = self.entries.get(peer)?.row(key)?;
        if row.message.delivery != Some(Delivery::Queued) {
            return None;
        }
        let text = match row.amends.as_ref().map(|amends| &amends.what) {
            None => row.message.body.text().cloned(),
            Some(super::What::Correct(text)) => Some(text.clone()),
            Some(super::What::Retract | super::What::React(_) | super::What::Moderate(_)) => None,
        };
        self.discard(peer, key);
        text.map(|text| text.to_string())
    }
}
