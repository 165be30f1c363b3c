//! One conversation: its rows in order, which of them are in memory, and in which record each is kept.

use super::{ArchiveId, Archived, Chunk, Neighbour, NewMessage, Place, Row, WireId, Writer};
use crate::clock::Timestamp;
use crate::domain::conversation::Conversation;
use crate::domain::timeline::{Body, Delivery, Direction, Gap, History, Message, MessageKey};
use crate::jid::BareJid;
use crate::map::Map;

/// Rows of a chunk before a new one is begun, and rows at which one is split.
const FULL: usize = 64;
const MOST: usize = 128;

#[derive(Debug)]
pub(super) struct Entry {
    /// The number of its record.
    pub(super) number: u64,
    pub(super) view: Conversation,
    /// The newest rows. Older ones may be on disk only.
    pub(super) rows: Vec<Row>,
    /// All chunks, oldest first.
    pub(super) chunks: Vec<Chunk>,
    /// So many chunks, from the oldest on, are on disk only.
    pub(super) unloaded: usize,
    /// Rows by the id that their sender gave them, incoming apart from own ones.
    incoming: Map<WireId, MessageKey>,
    own: Map<WireId, MessageKey>,
    archived: Map<ArchiveId, MessageKey>,
    /// Rows about messages that are not here, by the id of those.
    refers: Map<WireId, Vec<MessageKey>>,
    /// Answers that are here, by what they answer.
    pub(super) answers: Map<MessageKey, Vec<MessageKey>>,
    /// Of own messages that are not here: that they arrived, or were seen.
    pub(super) early: Vec<(WireId, Delivery)>,
    /// The last message of which its sender was told that it was seen.
    pub(super) marked: Option<WireId>,
    /// The place of the first row that came with the current stream.
    pub(super) live_from: usize,
    pub(super) history: History,
    /// Up to which message the user has read, here or elsewhere, as far as the archive has a name for it.
    pub(super) read_to: Option<ArchiveId>,
    /// The message of that name is not here yet.
    pub(super) read_pending: bool,
    /// The last row that pages of the archive placed, going forward: in a hole, or, under 0, behind all of them.
    pub(super) placed: Vec<(u32, MessageKey)>,
    /// A row came live before anything was known of the archive: what is behind it, and before other rows, is not known.
    pub(super) scattered: bool,
    /// A page shows it.
    pub(super) shown: bool,
    /// Somebody looks far back: nothing goes from memory.
    pub(super) is_held: bool,
    /// A group chat that lets own messages in now.
    pub(super) admitted: bool,
    /// Holes in the archive of a group chat, oldest first.
    pub(super) open_gaps: Vec<u32>,
    /// Its record or one of its chunks is behind.
    pub(super) dirty: bool,
}

impl Entry {
    pub(super) fn new(number: u64, view: Conversation, history: History) -> Self {
        Self {
            number,
            view,
            rows: Vec::new(),
            chunks: Vec::new(),
            unloaded: 0,
            incoming: Map::default(),
            own: Map::default(),
            archived: Map::default(),
            refers: Map::default(),
            answers: Map::default(),
            early: Vec::new(),
            marked: None,
            live_from: 0,
            history,
            read_to: None,
            read_pending: false,
            placed: Vec::new(),
            scattered: false,
            shown: false,
            is_held: false,
            admitted: false,
            open_gaps: Vec::new(),
            dirty: true,
        }
    }

    /// Whether it is a group chat.
    pub(super) const fn is_room(&self) -> bool {
        self.view.room.is_some()
    }

    /// Whether there are rows and none of them is in memory.
    pub(super) fn is_asleep(&self) -> bool {
        self.unloaded > 0 && self.unloaded == self.chunks.len()
    }

    /// What a view is told about the time before the first row.
    pub(super) const fn history(&self) -> History {
        match self.history {
            History::None | History::Complete | History::Failed if self.unloaded > 0 => History::More,
            history => history,
        }
    }

    pub(super) fn place_of(&self, key: MessageKey) -> Option<usize> {
        self.rows.iter().rposition(|row| row.message.key == key)
    }

    /// Where a row goes that is next to another one.
    pub(super) fn place_next_to(&self, neighbour: Neighbour) -> Option<usize> {
        match neighbour {
            Neighbour::After(row) => Some(self.place_of(row)?.saturating_add(1)),
            Neighbour::Before(row) => self.place_of(row),
        }
    }

    pub(super) fn row(&self, key: MessageKey) -> Option<&Row> {
        self.rows.get(self.place_of(key)?)
    }

    /// A row to be changed; its chunk is behind from now on.
    pub(super) fn row_mut(&mut self, key: MessageKey) -> Option<&mut Row> {
        let place = self.place_of(key)?;
        self.touch(place);
        self.rows.get_mut(place)
    }

    pub(super) fn own(&self, id: &str) -> Option<MessageKey> {
        self.own.get(id).copied()
    }

    /// The row of the id that its sender gave it.
    pub(super) fn named_by(&self, writer: Writer<'_>, id: &str) -> Option<MessageKey> {
        match (writer.direction, writer.author) {
            (Direction::In, Some(_)) => self.incoming.get(&writer.named(id)).copied(),
            (Direction::In, None) => self.incoming.get(id).copied(),
            (Direction::Out, _) => self.own.get(id).copied(),
        }
    }

    /// A row is about a message that is not here.
    pub(super) fn refer(&mut self, id: WireId, key: MessageKey) {
        let waiting = self.refers.entry(id).or_default();
        if !waiting.contains(&key) {
            waiting.push(key);
        }
    }

    /// The rows that are about a message, if it was not here before.
    pub(super) fn referring(&mut self, id: &str) -> Vec<MessageKey> {
        self.refers.remove(id).unwrap_or_default()
    }

    /// The next row from a place on that a view has.
    pub(super) fn shown_from(&self, place: usize) -> Option<MessageKey> {
        self.rows.get(place..)?.iter().find(|row| !row.is_hidden()).map(|row| row.message.key)
    }

    pub(super) fn archived(&self, id: &str) -> Option<MessageKey> {
        self.archived.get(id).copied()
    }

    /// The newest message, leaving gaps out, and what is only about others.
    pub(super) fn newest(&self) -> Option<&Row> {
        self.rows.iter().rev().find(|row| row.is_shown_message())
    }

    /// The row that a message is already, by the archive's id, or else by the id of its sender. Two messages that
    /// the archive tells apart are two, even if their sender used an id twice.
    pub(super) fn known(&mut self, new: &NewMessage) -> Option<MessageKey> {
        if let Some(key) = new.archive_id.as_ref().and_then(|id| self.archived.get(id)) {
            return Some(*key);
        }
        let key = self.named_by(new.writer(), new.id.as_ref()?)?;
        // What was said to one alone is not what was said to all, whatever its sender called it.
        if self.row(key).is_some_and(|row| row.message.private.is_some() != new.private.is_some()) {
            return None;
        }
        let Some(id) = &new.archive_id else { return Some(key) };
        match self.row_mut(key) {
            // An own message that was sent twice for want of certainty is one all the same.
            Some(row) if row.archive_id.is_some() => (new.direction == Direction::Out && row.says(new)).then_some(key),
            Some(row) => {
                row.archive_id = Some(id.clone());
                self.archived.insert(id.clone(), key);
                self.dirty = true;
                Some(key)
            }
            // It was discarded, or is older than what is in memory.
            None => Some(key),
        }
    }

    /// Where a new row goes, if its neighbour in the archive is not known.
    pub(super) fn place(&self, waiting: bool, archived: Option<Place>) -> usize {
        match archived {
            Some(Place::Start) => 0,
            Some(Place::BeforeLive) => self.live_from.min(self.rows.len()),
            Some(Place::GapTop(gap)) => {
                let gap = self.gap(gap).map(|gap| gap.saturating_add(1));
                gap.unwrap_or_else(|| self.live_from.min(self.rows.len()))
            }
            Some(Place::Gap(gap)) => self.gap(gap).unwrap_or_else(|| self.live_from.min(self.rows.len())),
            None if waiting => self.rows.len(),
            None => {
                // In a group chat an own message has its place when it comes back, and that is behind what came before.
                let is_before = |row: &Row| match row.message.delivery {
                    Some(Delivery::Queued) => false,
                    Some(Delivery::Sent) => !self.is_room() || row.message.private.is_some(),
                    _ => true,
                };
                self.rows.iter().rposition(is_before).map_or(0, |last| last.saturating_add(1))
            }
        }
    }

    /// Where a row goes of which only the time tells something: the archive of the account knows no order among what was
    /// said to all.
    pub(super) fn place_by_time(&self, stamp: Timestamp) -> usize {
        let is_before = |row: &Row| row.gap.is_none() && row.message.stamp <= stamp;
        self.rows.iter().rposition(is_before).map_or(0, |last| last.saturating_add(1))
    }

    /// Where a row goes that pages of the archive have at another place than where it is.
    pub(super) fn better_place(&self, at: usize, archived: Archived) -> Option<usize> {
        let neighbour = archived.next_to.and_then(|neighbour| Some((neighbour, self.place_next_to(neighbour)?)));
        let Some((neighbour, to)) = neighbour else { return self.other_side(at, archived.place) };
        // Rows that the archive does not know may stand between the two.
        let between = match neighbour {
            Neighbour::After(_) => self.rows.get(to..at),
            Neighbour::Before(_) => self.rows.get(at.saturating_add(1)..to),
        };
        let is_next = between.is_some_and(|rows| rows.iter().all(|row| row.archive_id.is_none() && row.gap.is_none()));
        (!is_next).then_some(to)
    }

    /// Where a row goes that is not on the right side of the holes.
    fn other_side(&self, at: usize, place: Place) -> Option<usize> {
        let is_gap = |row: &Row| row.gap.is_some();
        match place {
            Place::Start => None,
            Place::BeforeLive => {
                let last = self.rows.iter().rposition(is_gap)?;
                (at < last).then(|| last.saturating_add(1))
            }
            Place::Gap(gap) => {
                let hole = self.gap(gap)?;
                let before = self.rows.get(..hole)?.iter().rposition(is_gap);
                (at > hole || before.is_some_and(|before| at < before)).then_some(hole)
            }
            Place::GapTop(gap) => {
                let hole = self.gap(gap)?;
                let behind = self.rows.get(hole.saturating_add(1)..at)?.iter().any(is_gap);
                (at < hole || behind).then(|| hole.saturating_add(1))
            }
        }
    }

    /// Where the row of a new hole goes: behind what pages have placed before it, and before everything live else.
    pub(super) fn place_of_gap(&self, gap: u32) -> usize {
        let placed = self.placed.iter().find(|(run, _)| *run == gap).and_then(|(_, key)| self.place_of(*key));
        let behind = placed.map_or(0, |place| place.saturating_add(1));
        self.live_from.max(behind).min(self.rows.len())
    }

    pub(super) fn gap(&self, gap: u32) -> Option<usize> {
        self.rows.iter().position(|row| row.gap == Some(gap))
    }

    /// Puts a row in its place. What is not live belongs before everything that is.
    pub(super) fn insert(&mut self, at: usize, row: Row, live: bool, next_chunk: &mut u64) {
        let at = at.min(self.rows.len());
        if !live && at <= self.live_from {
            self.live_from = self.live_from.saturating_add(1);
        }
        self.file(at, row.gap.is_some(), next_chunk);
        self.name(&row);
        self.rows.insert(at, row);
        self.dirty = true;
    }

    pub(super) fn remove(&mut self, at: usize) -> Option<Row> {
        if at >= self.rows.len() {
            return None;
        }
        if at < self.live_from {
            self.live_from = self.live_from.saturating_sub(1);
        }
        self.touch(at);
        if let Some(chunk) = self.chunk_of(at).and_then(|chunk| self.chunks.get_mut(chunk)) {
            chunk.set_len(chunk.len().saturating_sub(1));
        }
        Some(self.rows.remove(at))
    }

    fn name(&mut self, row: &Row) {
        let key = row.message.key;
        let ids = match row.message.direction {
            Direction::In => &mut self.incoming,
            Direction::Out => &mut self.own,
        };
        if let Some(id) = &row.id {
            ids.insert(row.writer().named(id), key);
        }
        if let Some(id) = &row.alias {
            // Nobody may take another message's name that way.
            ids.entry(row.writer().named(id)).or_insert(key);
        }
        if let Some(id) = &row.archive_id {
            self.archived.insert(id.clone(), key);
        }
    }

    /// The chunk of a row in memory.
    fn chunk_of(&self, at: usize) -> Option<usize> {
        let mut end = 0_usize;
        self.chunks.iter().enumerate().skip(self.unloaded).find_map(|(place, chunk)| {
            end = end.saturating_add(chunk.len());
            (at < end).then_some(place)
        })
    }

    pub(super) fn touch(&mut self, at: usize) {
        self.dirty = true;
        if let Some(chunk) = self.chunk_of(at).and_then(|chunk| self.chunks.get_mut(chunk)) {
            chunk.dirty = true;
        }
    }

    /// Makes room in a chunk for a row that comes to stand at a place. At the border of two chunks the earlier one
    /// takes it until it is full, so that rows at the end fill one chunk after the other.
    fn file(&mut self, at: usize, gap: bool, next_chunk: &mut u64) {
        let mut fresh = || {
            *next_chunk = next_chunk.saturating_add(1);
            *next_chunk
        };
        let mut start = 0_usize;
        let mut place = self.unloaded;
        while let Some(chunk) = self.chunks.get(place) {
            let end = start.saturating_add(chunk.len());
            let full = chunk.len() >= FULL;
            if at < end || (at == end && !full) {
                break;
            }
            start = end;
            place = place.saturating_add(1);
        }
        // Rows before all others begin a chunk of their own once the first one is full.
        let first_is_full = self.chunks.get(self.unloaded).is_some_and(|chunk| chunk.len() >= FULL);
        if place >= self.chunks.len() || (at == 0 && place == self.unloaded && first_is_full) {
            self.chunks.insert(place.min(self.chunks.len()), Chunk::new(fresh()));
        }
        let Some(chunk) = self.chunks.get_mut(place) else { return };
        let rows = chunk.len().saturating_add(1);
        chunk.gap |= gap;
        chunk.set_len(rows);
        if rows > MOST {
            let half = rows / 2;
            chunk.set_len(half);
            let mut rest = Chunk { gap: chunk.gap, ..Chunk::new(fresh()) };
            rest.set_len(rows.saturating_sub(half));
            self.chunks.insert(place.saturating_add(1), rest);
        }
    }

    /// The rows of each chunk in memory whose record is behind; chunks without rows are taken out and named.
    pub(super) fn take_behind(&mut self) -> (Vec<(u64, Vec<Row>)>, Vec<u64>) {
        let mut behind = Vec::new();
        let mut start = 0_usize;
        for chunk in self.chunks.iter_mut().skip(self.unloaded) {
            let end = start.saturating_add(chunk.len());
            if std::mem::take(&mut chunk.dirty) && chunk.rows > 0 {
                let rows = self.rows.get(start..end).unwrap_or_default().to_vec();
                chunk.gap = rows.iter().any(|row| row.gap.is_some());
                chunk.archived = rows.iter().all(|row| row.archive_id.is_some());
                behind.push((chunk.id, rows));
            }
            start = end;
        }
        let empty = self.chunks.iter().filter(|chunk| chunk.rows == 0).map(|chunk| chunk.id).collect();
        self.chunks.retain(|chunk| chunk.rows > 0);
        self.dirty = false;
        (behind, empty)
    }

    /// Everything in memory is behind.
    pub(super) fn all_behind(&mut self) {
        self.dirty = true;
        self.chunks.iter_mut().skip(self.unloaded).for_each(|chunk| chunk.dirty = true);
    }

    /// Takes rows of chunks out of memory, oldest first, as long as at least `keep` rows stay and their records are
    /// up to date. Returns the first row that stays, if any went.
    pub(super) fn trim(&mut self, keep: usize) -> Option<MessageKey> {
        let before = self.unloaded;
        while let Some(chunk) = self.chunks.get(self.unloaded) {
            let stay = self.rows.len().saturating_sub(chunk.len());
            // A view is told from which of its rows on the others are still here.
            let is_seen = self.rows.iter().skip(chunk.len()).any(|row| !row.is_hidden());
            if stay < keep.max(1) || chunk.dirty || chunk.gap || !is_seen {
                break;
            }
            for row in self.rows.drain(..chunk.len().min(self.rows.len())) {
                let key = row.message.key;
                let ids = match row.message.direction {
                    Direction::In => &mut self.incoming,
                    Direction::Out => &mut self.own,
                };
                let forget = |map: &mut Map<String, MessageKey>, id: Option<String>| {
                    if let Some(id) = id.filter(|id| map.get(id) == Some(&key)) {
                        map.remove(&id);
                    }
                };
                let names = [&row.id, &row.alias].map(|id| id.as_ref().map(|id| row.writer().named(id)));
                names.into_iter().for_each(|name| forget(ids, name));
                forget(&mut self.archived, row.archive_id);
                self.answers.remove(&key);
            }
            self.live_from = self.live_from.saturating_sub(chunk.len());
            self.unloaded = self.unloaded.saturating_add(1);
        }
        if self.unloaded == before { None } else { self.shown_from(0) }
    }

    /// Which chunks to read so that at least `rows` more are in memory, and every gap with them.
    pub(super) fn wanted(&self, rows: usize, gaps: bool) -> Vec<u64> {
        let mut found = 0_usize;
        let mut from = self.unloaded;
        for (place, chunk) in self.chunks.iter().enumerate().take(self.unloaded).rev() {
            if found < rows || (gaps && chunk.gap) {
                from = place;
            }
            found = found.saturating_add(chunk.len());
        }
        self.chunks.get(from..self.unloaded).unwrap_or_default().iter().map(|chunk| chunk.id).collect()
    }

    /// Takes in the chunk before the first row in memory. What could not be read is stood for by a row, and gaps
    /// that were closed meanwhile are left out. Returns how many rows it has.
    pub(super) fn load(
        &mut self,
        rows: Option<Vec<Row>>,
        stand_in: MessageKey,
        is_open: &dyn Fn(u32) -> bool,
    ) -> usize {
        let Some(place) = self.unloaded.checked_sub(1) else { return 0 };
        let Some(chunk) = self.chunks.get_mut(place) else { return 0 };
        let is_lost = rows.is_none();
        let mut rows = rows.unwrap_or_else(|| vec![Row::new(nobodys(&self.view.peer, stand_in, Body::Unreadable))]);
        rows.retain(|row| row.gap.is_none_or(is_open));
        if rows.len() != chunk.len() {
            let was_behind = chunk.dirty;
            chunk.set_len(rows.len());
            // What could not be read this time may be read the next time.
            chunk.dirty = was_behind || !is_lost;
            self.dirty |= chunk.dirty;
        }
        self.unloaded = place;
        self.live_from = self.live_from.saturating_add(rows.len());
        for row in &rows {
            self.name(row);
        }
        let count = rows.len();
        self.rows.splice(0..0, rows);
        count
    }

    /// A row that stands for a hole.
    pub(super) fn gap_row(&self, key: MessageKey, gap: u32, state: Gap) -> Row {
        Row { gap: Some(gap), ..Row::new(nobodys(&self.view.peer, key, Body::Gap(state))) }
    }
}

/// What stands in a conversation without having been said.
fn nobodys(peer: &BareJid, key: MessageKey, body: Body) -> Message {
    let (from, stamp) = (peer.clone(), Timestamp::default());
    Message {
        key,
        direction: Direction::In,
        from,
        body,
        stamp,
        delivery: None,
        more: None,
        author: None,
        private: None,
    }
}

#[cfg(test)]
mod tests;
