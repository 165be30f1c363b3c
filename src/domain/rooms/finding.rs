//! Looking for group chats: several are asked, and whatever is found is told as it comes.

use super::Rooms;
use crate::domain::fold::fold;
use crate::domain::room::{FoundRoom, FoundRooms, RoomChange};
use crate::jid::BareJid;

/// Group chats that are shown of one search.
const MOST: usize = 1_000;

/// A search.
#[derive(Debug, Default)]
pub(super) struct Finding {
    found: FoundRooms,
    words: String,
    /// Questions that are not answered yet.
    open: u32,
}

impl Rooms {
    /// A search begins; the one before is over.
    pub fn find(&mut self, number: u64, text: &str) {
        let found = FoundRooms { number, ..FoundRooms::default() };
        self.finding = Finding { found, words: fold(text.trim()), open: 0 };
    }

    /// The number of the search.
    pub const fn search(&self) -> u64 {
        self.finding.found.number
    }

    /// Somebody is asked.
    pub const fn finding_asked(&mut self) {
        self.finding.open = self.finding.open.saturating_add(1);
    }

    /// A place where group chats can be made.
    pub fn finding_service(&mut self, service: &BareJid) {
        self.finding.found.service.get_or_insert_with(|| service.clone());
    }

    /// Somebody answered the search of this number, or did not: `None`.
    pub fn finding_answered(&mut self, number: u64, rooms: Option<Vec<FoundRoom>>) {
        let finding = &mut self.finding;
        if number != finding.found.number {
            return;
        }
        finding.open = finding.open.saturating_sub(1);
        finding.found.failed |= rooms.is_none();
        for room in rooms.into_iter().flatten() {
            let has_words = |text: &str| fold(text).contains(&finding.words);
            let fits = room.name.as_deref().is_some_and(has_words)
                || room.description.as_deref().is_some_and(has_words)
                || has_words(room.address.as_str());
            let all = &mut finding.found.rooms;
            let has_room = all.len() < MOST;
            match all.iter_mut().find(|known| known.address == room.address) {
                Some(known) if room.people.is_some() => *known = room,
                Some(_) => {}
                None if fits && has_room => all.push(room),
                None => {}
            }
        }
        finding.found.done = finding.open == 0;
        let found = finding.found.clone();
        self.tell(RoomChange::Found(found));
    }
}
