//! Holes in the archive: where messages are missing, a row says so, and keeps the place for them.

use super::{Conversations, Scope};
use crate::domain::change::{Change, TimelineEdit};
use crate::domain::timeline::{Body, Gap, MessageKey};
use crate::jid::BareJid;

impl Conversations {
    /// What follows in the archive leaves a hole behind it: everything that came with the current stream, and all
    /// that comes from now on, stands after it.
    pub fn open_gap(&mut self, room: Scope<'_>, gap: u32) {
        if let Some(gaps) = self.gaps_of(room) {
            gaps.push(gap);
        }
        self.place_before(room, gap);
        let live = self
            .entries
            .iter()
            .filter(|(peer, entry)| entry.is_of(peer, room) && entry.place_of_gap(gap) < entry.place(false, None));
        let peers: Vec<_> = live.map(|(peer, _)| peer.clone()).collect();
        for peer in peers {
            self.mark_gaps(&peer, None);
        }
    }

    /// The holes that are open, oldest first.
    pub fn restore_gaps(&mut self, room: Scope<'_>, open: Vec<u32>) {
        if let Some(gaps) = self.gaps_of(room) {
            *gaps = open;
        }
    }

    fn gaps_of(&mut self, room: Scope<'_>) -> Option<&mut Vec<u32>> {
        match room {
            None => Some(&mut self.open_gaps),
            Some(room) => self.entries.get_mut(room).map(|entry| &mut entry.open_gaps),
        }
    }

    /// The holes that a conversation may have a row for.
    pub(super) fn open_gaps(&self, peer: &BareJid) -> &[u32] {
        match self.entries.get(peer).filter(|entry| entry.is_room()) {
            Some(entry) => &entry.open_gaps,
            None => &self.open_gaps,
        }
    }

    /// Makes sure that a conversation has a row for each hole, up to one of them, before what came with the stream.
    pub(super) fn mark_gaps(&mut self, peer: &BareJid, newest: Option<u32>) {
        let wanted: Vec<u32> =
            self.open_gaps(peer).iter().copied().filter(|gap| newest.is_none_or(|newest| *gap <= newest)).collect();
        for gap in wanted {
            if self.entry(peer).gap(gap).is_some() {
                continue;
            }
            let key = self.next_key();
            let mut counters = self.counters;
            let entry = self.entry(peer);
            let row = entry.gap_row(key, gap, Gap::Filling);
            let message = row.message.clone();
            // A younger hole that has its row already stands after this one.
            let younger = entry.rows.iter().position(|row| row.gap.is_some_and(|other| other > gap));
            let at = younger.unwrap_or_else(|| entry.place_of_gap(gap));
            let before = entry.shown_from(at);
            entry.insert(at, row, false, &mut counters.chunk);
            // What pages placed before the hole is not live any more.
            entry.live_from = entry.live_from.max(at.saturating_add(1));
            self.counters = counters;
            self.changes.push(Change::Timeline(peer.clone(), TimelineEdit::Insert { message, before }));
        }
    }

    /// Nothing is missing there any more.
    pub fn close_gap(&mut self, room: Scope<'_>, gap: u32) {
        let Some(gaps) = self.gaps_of(room) else { return };
        gaps.retain(|open| *open != gap);
        // What pages placed in it is what the pages behind it follow, where those have placed nothing yet.
        let next = gaps.iter().copied().find(|open| *open > gap).unwrap_or(0);
        for (_, entry) in self.entries.iter_mut().filter(|(peer, entry)| entry.is_of(peer, room)) {
            let has_next = entry.placed.iter().any(|(run, _)| *run == next);
            entry.placed.retain(|(run, _)| *run != gap || !has_next);
            entry.placed.iter_mut().filter(|(run, _)| *run == gap).for_each(|(run, _)| *run = next);
        }
        for peer in self.with_gap(room, gap) {
            let Some(entry) = self.known(&peer) else { continue };
            if let Some(row) = entry.gap(gap).and_then(|place| entry.remove(place)) {
                self.changes.push(Change::Timeline(peer, TimelineEdit::Remove(row.message.key)));
            }
        }
    }

    /// Something else is done about a hole.
    pub fn set_gap(&mut self, room: Scope<'_>, gap: u32, state: Gap) {
        for peer in self.with_gap(room, gap) {
            let Some(entry) = self.known(&peer) else { continue };
            let Some(place) = entry.gap(gap) else { continue };
            entry.touch(place);
            if let Some(row) = entry.rows.get_mut(place)
                && row.message.body != Body::Gap(state)
            {
                row.message.body = Body::Gap(state);
                let message = row.message.clone();
                self.changes.push(Change::Timeline(peer, TimelineEdit::Update(message)));
            }
        }
    }

    /// The last row that pages of the archive placed, going forward in a hole, or, under 0, behind all of them: what
    /// follows in the archive stands behind it.
    pub fn placed(&self, peer: &BareJid, run: u32) -> Option<MessageKey> {
        self.entries.get(peer)?.placed.iter().find(|(known, _)| *known == run).map(|(_, key)| *key)
    }

    /// Pages of the archive have come this far.
    pub fn place_reached(&mut self, peer: &BareJid, run: u32, key: MessageKey) {
        if self.placed(peer, run) != Some(key)
            && let Some(entry) = self.known(peer)
        {
            entry.placed.retain(|(known, _)| *known != run);
            entry.placed.push((run, key));
            entry.dirty = true;
        }
    }

    /// Pages that go backward in a hole have this row. The last of them is what follows behind the hole stands behind.
    pub fn place_reached_from_above(&mut self, peer: &BareJid, gap: u32, key: MessageKey) {
        let Some(entry) = self.entries.get(peer) else { return };
        let known = self.placed(peer, gap).and_then(|known| entry.place_of(known));
        if known < entry.place_of(key) {
            self.place_reached(peer, gap, key);
        }
    }

    /// What pages placed behind all holes stands before this new one.
    fn place_before(&mut self, room: Scope<'_>, gap: u32) {
        for (_, entry) in self.entries.iter_mut().filter(|(peer, entry)| entry.is_of(peer, room)) {
            for (run, _) in entry.placed.iter_mut().filter(|(run, _)| *run == 0) {
                *run = gap;
                entry.dirty = true;
            }
        }
    }

    /// Whether the first message that the archive is known to have stands behind a hole.
    pub fn begins_behind_a_hole(&self, peer: &BareJid) -> bool {
        let Some(entry) = self.entries.get(peer) else { return false };
        let first = entry.rows.iter().find(|row| row.gap.is_some() || row.archive_id.is_some());
        first.is_some_and(|row| row.gap.is_some())
    }

    fn with_gap(&self, room: Scope<'_>, gap: u32) -> Vec<BareJid> {
        let with = self.entries.iter().filter(|(peer, entry)| entry.is_of(peer, room) && entry.gap(gap).is_some());
        with.map(|(peer, _)| peer.clone()).collect()
    }
}
