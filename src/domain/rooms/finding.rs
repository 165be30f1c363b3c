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
    /// Where group chats can be made, and the questions about that which are not answered yet.
    place: Option<BareJid>,
    place_open: u32,
}

impl Rooms {
    /// A search begins; the one before is over.
    pub fn find(&mut self, number: u64, text: &str) {
        let found = FoundRooms { number, ..FoundRooms::default() };
        self.finding.found = found;
        self.finding.words = fold(text.trim());
        self.finding.open = 0;
    }

    /// The number of the search.
    pub const fn search(&self) -> u64 {
        self.finding.found.number
    }

    /// Somebody is asked.
    pub const fn finding_asked(&mut self, number: u64) {
        let open = if number == 0 { &mut self.finding.place_open } else { &mut self.finding.open };
        *open = open.saturating_add(1);
    }

    /// Whether it is known where group chats can be made, or asked.
    pub const fn is_place_known(&self) -> bool {
        self.finding.place.is_some() || self.finding.place_open > 0
    }

    /// A place where group chats can be made. The first counts.
    pub fn found_place(&mut self, service: &BareJid) {
        if self.finding.place.is_none() {
            self.finding.place = Some(service.clone());
            self.tell(RoomChange::Place(Some(service.clone())));
        }
    }

    /// Somebody answered the search of this number, or did not: `None`. Under 0 the place is sought and nothing else.
    pub fn finding_answered(&mut self, number: u64, rooms: Option<Vec<FoundRoom>>) {
        let finding = &mut self.finding;
        if number == 0 {
            finding.place_open = finding.place_open.saturating_sub(1);
            if finding.place_open == 0 && finding.place.is_none() {
                self.tell(RoomChange::Place(None));
            }
            return;
        }
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
