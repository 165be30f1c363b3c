//! What the user has read, here and on other devices.

use super::{ArchiveId, Conversations};
use crate::domain::change::Change;
use crate::domain::timeline::Direction;
use crate::jid::BareJid;

impl Conversations {
    /// The user looks at these conversations now.
    pub fn attend(&mut self, peers: Vec<BareJid>) {
        let before = std::mem::replace(&mut self.attended, peers.clone());
        for left in before.iter().filter(|peer| !peers.contains(peer)) {
            // The line above what was new is for one visit only.
            self.view(left, |view| view.first_unread = None);
        }
        for peer in peers.iter().filter(|peer| !before.contains(peer)) {
            self.seen(peer);
        }
    }

    /// The user saw everything in this conversation.
    pub fn seen(&mut self, peer: &BareJid) {
        self.view(peer, |view| view.unread = 0);
        self.read_here(peer);
    }

    /// The newest message was read on this device; other devices should know.
    pub(super) fn read_here(&mut self, peer: &BareJid) {
        let Some(entry) = self.entries.get(peer) else { return };
        if entry.markable().is_some() && !self.to_mark.contains(peer) {
            self.to_mark.push(peer.clone());
        }
        let newest = entry.rows.iter().rev().find_map(|row| row.archive_id.as_ref());
        if newest.is_some() && newest != entry.read_to.as_ref() && !self.read.contains(peer) {
            self.read.push(peer.clone());
        }
    }

    /// Whether something was read here that other devices do not know.
    pub const fn has_read(&self) -> bool {
        !self.read.is_empty()
    }

    /// What was read here and other devices do not know yet: conversation, and up to which message of the archive.
    pub fn take_read(&mut self) -> Vec<(BareJid, ArchiveId)> {
        let peers = std::mem::take(&mut self.read);
        let mut read = Vec::new();
        for peer in peers {
            let Some(entry) = self.known(&peer) else { continue };
            let newest = entry.rows.iter().rev().find_map(|row| row.archive_id.clone());
            if let Some(newest) = newest.filter(|newest| Some(newest) != entry.read_to.as_ref()) {
                entry.read_to = Some(newest.clone());
                entry.read_pending = false;
                entry.dirty = true;
                read.push((peer, newest));
            }
        }
        read
    }

    /// Whether it is not known yet that this was read.
    pub fn is_news(&self, peer: &BareJid, id: &str) -> bool {
        self.entries.get(peer).is_none_or(|entry| entry.read_to.as_deref() != Some(id))
    }

    /// Whether something is unread.
    pub fn has_unread(&self, peer: &BareJid) -> bool {
        self.entries.get(peer).is_some_and(|entry| entry.view.unread > 0)
    }

    /// The other one writes, or writes no more.
    pub fn set_writing(&mut self, peer: &BareJid, writes: bool) {
        if self.entries.contains_key(peer) {
            self.changes.push(Change::Writing(peer.clone(), writes));
        }
    }

    /// Another device read up to this message of the archive.
    pub fn read_elsewhere(&mut self, peer: &BareJid, id: ArchiveId) {
        let Some(entry) = self.known(peer) else {
            self.read_before.insert(peer.clone(), id);
            return;
        };
        if entry.read_to.as_ref() != Some(&id) {
            entry.read_to = Some(id.clone());
            entry.read_pending = true;
            entry.dirty = true;
        }
        self.reached(peer, Some(&id));
    }

    /// A row has this name in the archive: if it is the one up to which the user has read, only what is behind it can
    /// be unread.
    pub(super) fn reached(&mut self, peer: &BareJid, id: Option<&str>) {
        let (Some(id), Some(entry)) = (id, self.entries.get_mut(peer)) else { return };
        if !entry.read_pending || entry.read_to.as_deref() != Some(id) {
            return;
        }
        let Some(place) = entry.archived(id).and_then(|key| entry.place_of(key)) else { return };
        entry.read_pending = false;
        self.count_unread(peer, place.saturating_add(1));
    }

    /// On a first visit: what the pages have of each conversation of which another device told how far it was read.
    pub fn count_first_visit(&mut self) {
        let told = self.entries.iter().filter(|(_, entry)| entry.read_to.is_some());
        let told: Vec<_> = told
            .map(|(peer, entry)| {
                let read = entry.read_to.as_ref().and_then(|id| entry.archived(id)).and_then(|key| entry.place_of(key));
                (peer.clone(), read.map_or(0, |place| place.saturating_add(1)))
            })
            .collect();
        for (peer, from) in told {
            let unread = self.unread_from(&peer, from);
            self.view(&peer, |view| view.unread = unread.map_or(0, |unread| unread.0));
        }
    }

    /// Incoming messages behind a place and behind the last own one, and the first of them.
    fn unread_from(&self, peer: &BareJid, from: usize) -> Option<(u32, crate::domain::timeline::MessageKey)> {
        if self.attended.contains(peer) {
            return None;
        }
        let rows = &self.entries.get(peer)?.rows;
        let is_own = |row: &&super::Row| row.message.direction == Direction::Out;
        let unread: Vec<_> = rows
            .get(from..)?
            .iter()
            .rev()
            .take_while(|row| !is_own(row))
            .filter(|row| row.is_shown_message())
            .collect();
        Some((u32::try_from(unread.len()).unwrap_or(u32::MAX), unread.last()?.message.key))
    }

    pub(super) fn count_unread(&mut self, peer: &BareJid, from: usize) {
        let unread = self.unread_from(peer, from);
        self.view(peer, |view| match unread {
            Some((count, first)) if count < view.unread => {
                view.unread = count;
                view.first_unread = Some(first);
            }
            Some(_) => {}
            None => {
                view.unread = 0;
                view.first_unread = None;
            }
        });
    }
}
