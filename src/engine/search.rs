//! Looking for messages.
//!
//! There is an index once somebody has searched. It hears of every row by the changes that the views get, so what it
//! knows is what is shown; what was there before it is read in small steps, the latest conversation first, from memory
//! and from the disk. Answers are given at once and get better as more is read.

use std::rc::Rc;

use super::effect::Record;
use super::{Engine, WHOLE, records};
use crate::clock::{Instant, Now};
use crate::domain::change::{Change, TimelineEdit};
use crate::domain::conversations::{Amendment, Conversations, Row, What};
use crate::domain::search::query::{Query, kinds};
use crate::domain::search::{ArchiveSearch, Found, Hit, HitPlace, Index, Said, snippet};
use crate::domain::timeline::{Body, Direction, History, MessageKey};
use crate::features::archive::{self, Sought};
use crate::features::{chat, delay};
use crate::jid::BareJid;
use crate::wire::ns;

/// Rows that are read from memory in one step.
const ROWS: usize = 400;
/// Chunks that are read from disk in one step.
const CHUNKS: usize = 6;
/// Searches that are answered, one for each page.
const PAGES: usize = 4;
/// Results of one search.
const MOST: usize = 500;
/// Pages of the archive that are asked for on the way to one message.
const FAR: u8 = 20;

/// What somebody looks for.
#[derive(Debug, Default)]
pub(super) struct Search {
    index: Option<Index>,
    /// Conversations that are not read yet, with their activity. The one at the end is being read.
    todo: Vec<(u64, BareJid)>,
    /// Of that one: the first row in memory that was read.
    row: Option<MessageKey>,
    /// Of that one: what newer rows say about older ones that do not show it yet, the newest first.
    amends: Vec<(Direction, Amendment)>,
    /// Of that one: its chunks on disk that are not read yet, once its rows in memory are.
    chunks: Option<Vec<u64>>,
    /// Chunks that are on their way from disk.
    loading: Option<u64>,
    questions: Vec<Question>,
    /// Steps since the reading began, and at which of them the questions are answered again.
    steps: u32,
    answer_at: u32,
    /// What was answered may not hold any more.
    is_stale: bool,
    /// Whether the archive can be asked, as it was told.
    can: ArchiveSearch,
    /// Where somebody wants to go to, and how many pages of the archive may still be asked for.
    going: Option<(BareJid, HitPlace, u8)>,
    /// When there is more to be read in memory.
    next: Option<Instant>,
}

#[derive(Debug)]
struct Question {
    number: u64,
    query: Query,
    most: usize,
    /// What the archive found that is not here.
    remote: Vec<Hit>,
    archive: ArchiveSearch,
    told: Option<Found>,
}

impl Search {
    /// Hears of a change that the views get.
    pub(super) fn heed(&mut self, change: &Change, conversations: &Conversations) {
        if let (Some(index), Change::ConversationGone(peer)) = (&mut self.index, change) {
            self.is_stale = true;
            self.todo.retain(|(_, todo)| todo != peer);
            return index.forget(peer);
        }
        let (Some(index), Change::Timeline(peer, edit)) = (&mut self.index, change) else { return };
        let (key, is_new) = match edit {
            TimelineEdit::Insert { message, .. } | TimelineEdit::Update(message) => {
                // Rows that come back from disk are known, and to seek each among the others takes long.
                if matches!(&message.body, Body::Text(text) if index.knows(message.key, text)) {
                    return;
                }
                let known = index.has(message.key);
                let id = conversations.archive_id(peer, message.key).map(String::as_str);
                let changed = match Said::of(message, id) {
                    Some(said) => index.put(peer, said),
                    None => index.remove(message.key),
                };
                (message.key, known && changed)
            }
            TimelineEdit::Remove(key) => (*key, index.remove(*key)),
            // It is on disk, and found there; or nothing was said.
            TimelineEdit::Trim(_) | TimelineEdit::Names(_) => return,
        };
        // Nothing that is not said any more stays on the screen.
        self.is_stale |= is_new && self.questions.iter().any(|question| question.shows(key));
    }

    /// Something was said about a message that is on disk only: its conversation is read again.
    fn read_again(&mut self, peers: Vec<BareJid>, now: Now) {
        for peer in peers {
            let Some(index) = &mut self.index else { return };
            index.forget(&peer);
            let is_read_now = self.todo.last().is_some_and(|(_, todo)| *todo == peer);
            self.todo.retain(|(_, todo)| *todo != peer);
            self.todo.insert(0, (0, peer));
            if is_read_now || self.todo.len() == 1 {
                self.loading = None;
                self.next_conversation();
            }
            self.is_stale = true;
            self.next = Some(now.instant);
        }
    }

    /// What is here may not be what was read.
    pub(super) fn begin_again(&mut self) {
        self.index = None;
        self.todo.clear();
    }

    fn begin(&mut self, now: Now, todo: Vec<(u64, BareJid)>) {
        self.index = Some(Index::default());
        self.todo = todo;
        self.loading = None;
        self.next_conversation();
        (self.steps, self.answer_at) = (0, 1);
        self.is_stale = true;
        self.next = self.is_reading().then_some(now.instant);
    }

    /// The latest of the conversations that are left comes next.
    fn next_conversation(&mut self) {
        (self.row, self.chunks) = (None, None);
        self.amends.clear();
        let latest = self.todo.iter().enumerate().max_by_key(|(_, (activity, _))| *activity);
        if let (Some((place, _)), Some(last)) = (latest, self.todo.len().checked_sub(1)) {
            self.todo.swap(place, last);
        }
    }

    const fn is_reading(&self) -> bool {
        !self.todo.is_empty()
    }

    /// When there is more to do.
    pub(super) const fn wake_at(&self) -> Option<Instant> {
        self.next
    }

    /// Takes in rows, the newest first. What one says about another is shown there already if both have been in memory;
    /// `is_tied` says so of those that say something. What is in memory is what it shows.
    fn read(&mut self, peer: &BareJid, rows: &[Row], in_memory: bool, is_tied: &dyn Fn(&Row) -> bool) {
        let Some(index) = &mut self.index else { return };
        for row in rows.iter().rev() {
            if row.hidden && is_tied(row) {
                continue;
            }
            if let Some(amends) = &row.amends {
                let what = match &amends.what {
                    // A correction that stands for itself is found as itself.
                    What::Correct(_) if !row.hidden => What::Retract,
                    what => what.clone(),
                };
                if !matches!(what, What::React(_)) {
                    self.amends.push((row.message.direction, Amendment { of: amends.of.clone(), what }));
                }
                if row.hidden {
                    continue;
                }
            }
            let Some(mut said) = Said::of(&row.message, row.archive_id.as_deref()) else { continue };
            if in_memory {
                index.put(peer, said);
                continue;
            }
            let is_about = |(direction, amends): &&(Direction, Amendment)| {
                let of = Some(&amends.of);
                *direction == said.direction && (row.id.as_ref() == of || row.alias.as_ref() == of)
            };
            let about: Vec<&What> = self.amends.iter().filter(is_about).map(|(_, amends)| &amends.what).collect();
            if about.contains(&&What::Retract) {
                continue;
            }
            if let Some(What::Correct(text)) = about.first() {
                said.text = Rc::clone(text);
            }
            index.put(peer, said);
        }
    }
}

impl Question {
    fn shows(&self, key: MessageKey) -> bool {
        let is = |hit: &Hit| hit.place == HitPlace::Row(key);
        self.told.as_ref().is_some_and(|told| told.results.iter().any(is))
    }
}

impl Engine {
    /// Looks for messages.
    pub(super) fn search(&mut self, now: Now, number: u64, text: &str, most: u32, zone: i32) {
        let search = &mut self.search;
        let page = number >> 32;
        let before = search.questions.iter().position(|question| question.number >> 32 == page);
        let before = before.map(|place| search.questions.remove(place));
        if search.questions.len() >= PAGES {
            search.questions.remove(0);
        }
        let query = Query::read(text, zone);
        if query.is_empty() && before.is_none() && text.is_empty() {
            return;
        }
        if search.index.is_none() {
            search.begin(now, self.domain.conversations.by_activity());
        }
        if text.is_empty() {
            return;
        }
        // More of the same: what the archive said about it holds.
        let same = before.filter(|before| before.query == query);
        let (remote, archive) = same.map_or((Vec::new(), ArchiveSearch::None), |same| (same.remote, same.archive));
        let most = usize::try_from(most).unwrap_or(MOST).min(MOST);
        search.questions.push(Question { number, query, most, remote, archive, told: None });
        search.is_stale = true;
        if self.session.is_online() {
            self.with_features(now, |features, context| features.archive.look_for_search(context));
        }
    }

    /// Asks the archive for what a search seeks.
    pub(super) fn search_archive(&mut self, now: Now, number: u64) {
        let is_online = self.session.is_online();
        let Some(question) = self.search.questions.iter_mut().find(|question| question.number == number) else {
            return;
        };
        let can = self.features.archive.searches() == ArchiveSearch::Possible && !question.query.text.is_empty();
        if !can || !is_online || matches!(question.archive, ArchiveSearch::Asking | ArchiveSearch::Done) {
            return;
        }
        let with = question.query.inside.iter().find_map(|inside| inside.parse::<BareJid>().ok());
        let sought =
            Sought { number, text: question.query.text.clone(), with: with.filter(|with| with.local().is_some()) };
        question.archive = ArchiveSearch::Asking;
        self.search.is_stale = true;
        self.with_features(now, |features, context| features.archive.seek(context, &sought));
    }

    /// Brings a message into memory, with everything behind it.
    pub(super) fn go_to(&mut self, peer: BareJid, place: HitPlace) {
        self.domain.conversations.open(&peer);
        self.domain.conversations.hold_rows(&peer);
        self.search.going = Some((peer, place, FAR));
    }

    /// Reads on, and goes on to where somebody wants to be.
    pub(super) fn look_on(&mut self, now: Now) {
        if !WHOLE {
            self.domain.conversations.take_unreached();
            return;
        }
        for (number, answer) in self.features.archive.take_sought() {
            self.sought(now, number, answer);
        }
        let again = self.domain.conversations.take_unreached();
        self.search.read_again(again, now);
        self.go_on_to(now);
        let can = self.features.archive.searches();
        self.search.is_stale |= std::mem::replace(&mut self.search.can, can) != can;
        self.search.next = None;
        if self.search.index.is_none() && !self.search.questions.is_empty() {
            self.search.begin(now, self.domain.conversations.by_activity());
        }
        if self.search.loading.is_some() {
            return;
        }
        let Some((_, peer)) = self.search.todo.last().cloned() else { return };
        let Some(chunks) = &mut self.search.chunks else {
            let conversations = &self.domain.conversations;
            let rows = conversations.rows_before(&peer, self.search.row, ROWS);
            self.search.read(&peer, rows, true, &|row| conversations.is_tied(&peer, row));
            self.search.row = rows.first().map(|row| row.message.key);
            if rows.len() < ROWS {
                self.search.chunks = Some(self.domain.conversations.on_disk(&peer).collect());
            }
            return self.step(now);
        };
        let next = chunks.split_off(chunks.len().saturating_sub(CHUNKS));
        self.search.loading = if next.is_empty() { None } else { self.peek(next) };
        if self.search.loading.is_none() {
            self.search.todo.pop();
            self.search.next_conversation();
            self.step(now);
        }
    }

    /// A step of the reading is done.
    fn step(&mut self, now: Now) {
        let search = &mut self.search;
        search.steps = search.steps.saturating_add(1);
        if !search.is_reading() || search.steps >= search.answer_at {
            search.answer_at = search.steps.saturating_mul(2);
            search.is_stale = true;
        }
        search.next = search.is_reading().then_some(now.instant);
    }

    /// Chunks came from disk: whether they were read only to look into them.
    pub(super) fn looked_through(&mut self, now: Now, request: u64, chunks: &[Record]) -> bool {
        if self.search.loading != Some(request) {
            return false;
        }
        self.search.loading = None;
        if let Some((_, peer)) = self.search.todo.last().cloned() {
            // What came into memory meanwhile may be newer than what was read.
            let on_disk: Vec<u64> = self.domain.conversations.on_disk(&peer).collect();
            for record in chunks.iter().filter(|record| on_disk.contains(&record.id)) {
                let is_tied = |row: &Row| row.amends.as_ref().is_some_and(|one| matches!(one.what, What::Correct(_)));
                self.search.read(&peer, &records::rows(record).unwrap_or_default(), false, &is_tied);
            }
            self.step(now);
        }
        true
    }

    /// Tells what was found, where it is not what was told before.
    pub(super) fn tell_found(&mut self) {
        if !std::mem::take(&mut self.search.is_stale) {
            return;
        }
        let Some(index) = &self.search.index else { return };
        let contacts = &self.domain.contacts;
        let name = |address: &BareJid| {
            contacts.contact(address).map(|contact| contact.display_name().to_owned()).unwrap_or_default()
        };
        let (is_looking, can) = (self.search.is_reading(), self.search.can);
        let mut changes = Vec::new();
        for question in &mut self.search.questions {
            let matches = index.find(&question.query, question.most, &name);
            let mut results: Vec<Hit> = Vec::new();
            let mut remote = question.remote.iter().filter(|hit| is_only_there(index, hit)).peekable();
            let count = remote.clone().count();
            for found in matches.newest {
                while let Some(hit) = remote.next_if(|hit| hit.stamp > found.stamp) {
                    results.push(hit.clone());
                }
                results.push(Hit {
                    snippet: snippet(&found.text, &question.query),
                    place: HitPlace::Row(found.key),
                    peer: found.peer,
                    from: found.from,
                    direction: found.direction,
                    stamp: found.stamp,
                });
            }
            results.extend(remote.cloned());
            let archive = if question.archive == ArchiveSearch::None && !question.query.text.is_empty() {
                can
            } else {
                question.archive
            };
            let count = matches.count.saturating_add(u32::try_from(count).unwrap_or(u32::MAX));
            let found = Found { number: question.number, results, count, is_looking, archive };
            if question.told.as_ref() != Some(&found) {
                question.told = Some(found.clone());
                changes.push(Change::Found(found));
            }
        }
        changes.into_iter().for_each(|change| self.change(change));
    }

    /// The archive answered a search.
    fn sought(&mut self, now: Now, number: u64, answer: Option<Vec<archive::Found>>) {
        let Some(place) = self.search.questions.iter().position(|question| question.number == number) else { return };
        let mut hits: Vec<Hit> = Vec::new();
        let is_refused = answer.is_none();
        for found in answer.into_iter().flatten() {
            let question = self.search.questions.get(place);
            hits.extend(question.and_then(|question| self.hit(now, &question.query, found)));
        }
        // A page comes oldest first.
        hits.reverse();
        if let Some(question) = self.search.questions.get_mut(place) {
            question.remote = hits;
            question.archive = if is_refused { ArchiveSearch::Failed } else { ArchiveSearch::Done };
        }
        self.search.is_stale = true;
    }

    /// A message of the archive as a result, if it is one that would be a row.
    fn hit(&self, now: Now, query: &Query, found: archive::Found) -> Option<Hit> {
        let (me, _) = self.device.as_ref()?;
        let message = &found.message;
        let direction = self.direction(message);
        let peer = self.peer_of(message, direction)?;
        let text = message.body.as_deref().filter(|text| !text.is_empty())?;
        // What changes another message is none by itself.
        let changes = message
            .payloads
            .iter()
            .any(|payload| matches!(payload.namespace(), ns::CORRECT | ns::RETRACT | ns::REACTIONS));
        // What was said with one participant of a group chat alone is found here, where it stands marked.
        let is_between_two = chat::is_conversation(message, &peer) && !self.domain.rooms.is_room(&peer);
        if changes || !is_between_two || (peer == *me.bare() && direction == Direction::In) {
            return None;
        }
        let from = if direction == Direction::Out { me.bare().clone() } else { peer.clone() };
        let stamp = delay::stamp(&found.beside, me.bare(), now);
        let means = |sought: &String, address: &BareJid| {
            let contact = self.domain.contacts.contact(address);
            Query::means(sought, address.as_str(), contact.map_or("", |contact| contact.display_name()))
        };
        let fits = query.is_within(stamp.0)
            && kinds(text) & query.has == query.has
            && query.inside.iter().all(|inside| means(inside, &peer))
            && query.from.iter().all(|who| if who == "me" { direction == Direction::Out } else { means(who, &from) });
        let snippet = snippet(text, query);
        fits.then_some(Hit { peer, place: HitPlace::Archive(found.id), from, direction, stamp, snippet })
    }

    /// Goes on to where somebody wants to be: one step, unless it is there.
    fn go_on_to(&mut self, now: Now) {
        let Some((peer, place, left)) = self.search.going.clone() else { return };
        let conversations = &self.domain.conversations;
        let here = match &place {
            HitPlace::Row(key) => conversations.message(&peer, *key).map(|_| *key),
            HitPlace::Archive(id) => {
                conversations.archived(&peer, id).filter(|key| conversations.message(&peer, *key).is_some())
            }
        };
        let chunks = conversations.to_go_back(&peer);
        let history = conversations.history_of(&peer);
        if here.is_none() && !chunks.is_empty() {
            if !self.wake(&peer) {
                self.load(&peer, chunks);
            }
            return;
        }
        if here.is_none() && matches!(place, HitPlace::Archive(_)) && self.session.is_online() {
            match history {
                History::Loading => return,
                History::More if left > 0 => {
                    self.search.going = Some((peer.clone(), place, left.saturating_sub(1)));
                    self.older(now, &peer);
                    if self.domain.conversations.history_of(&peer) == History::Loading {
                        return;
                    }
                    return self.reached(None);
                }
                _ => {}
            }
        }
        self.reached(here);
    }

    fn reached(&mut self, key: Option<MessageKey>) {
        if let Some((peer, place, _)) = self.search.going.take() {
            self.change(Change::Reached { peer, place, key });
        }
    }
}

/// Whether what the archive found is not here: of what is here the index says whether it matches.
fn is_only_there(index: &Index, hit: &Hit) -> bool {
    match &hit.place {
        HitPlace::Archive(id) => !index.has_archived(&hit.peer, id),
        HitPlace::Row(_) => true,
    }
}
