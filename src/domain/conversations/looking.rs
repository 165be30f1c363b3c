//! Looking through the messages of a conversation, in memory and on disk, and going to one of them.

use super::entry::Entry;
use super::{ArchiveId, Chunk, Conversations, Row};
use crate::domain::timeline::{History, MessageKey};
use crate::jid::BareJid;

/// Chunks that come from disk at a time on the way to a row.
const STEP: usize = 16;

impl Conversations {
    /// Every conversation, and when something happened there last ([`Conversation::activity`]).
    ///
    /// [`Conversation::activity`]: crate::domain::conversation::Conversation::activity
    pub fn by_activity(&self) -> Vec<(u64, BareJid)> {
        self.entries.iter().map(|(peer, entry)| (entry.view.activity, peer.clone())).collect()
    }

    /// At most `most` rows in memory that stand right before a row; before the end, if it is not there.
    pub fn rows_before(&self, peer: &BareJid, key: Option<MessageKey>, most: usize) -> &[Row] {
        let Some(entry) = self.entries.get(peer) else { return &[] };
        let end = key.and_then(|key| entry.place_of(key)).unwrap_or(entry.rows.len());
        entry.rows.get(end.saturating_sub(most)..end).unwrap_or_default()
    }

    /// Whether what a row says about another one is shown there.
    pub fn is_tied(&self, peer: &BareJid, row: &Row) -> bool {
        let entry = self.entries.get(peer);
        row.amends.as_ref().zip(entry).is_some_and(|(amends, entry)| entry.target(amends, row.writer()).is_some())
    }

    /// The chunks of a conversation that are on disk only, oldest first. What is on disk of them is what they say.
    pub fn on_disk(&self, peer: &BareJid) -> impl Iterator<Item = u64> {
        self.entries.get(peer).map_or(&[][..], Entry::on_disk).iter().map(|chunk| chunk.id)
    }

    /// The archive's id of a row in memory.
    pub fn archive_id(&self, peer: &BareJid, key: MessageKey) -> Option<&ArchiveId> {
        self.entries.get(peer)?.row(key)?.archive_id.as_ref()
    }

    /// What is known of the time before everything that is here.
    pub fn history_of(&self, peer: &BareJid) -> History {
        self.entries.get(peer).map_or(History::None, |entry| entry.history)
    }

    /// Somebody goes far back in a conversation: its rows stay in memory as long as it is on a page.
    pub fn hold_rows(&mut self, peer: &BareJid) {
        if let Some(entry) = self.entries.get_mut(peer) {
            entry.is_held = true;
        }
    }

    /// Which chunks to read next on the way back to a row.
    pub fn to_go_back(&self, peer: &BareJid) -> Vec<u64> {
        let chunks = self.entries.get(peer).map_or(&[][..], Entry::on_disk);
        chunks.get(chunks.len().saturating_sub(STEP)..).unwrap_or_default().iter().map(|chunk| chunk.id).collect()
    }
}

impl Entry {
    fn on_disk(&self) -> &[Chunk] {
        self.chunks.get(..self.unloaded).unwrap_or_default()
    }
}
