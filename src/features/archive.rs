//! XEP-0313: the archive of the own account, and that of a group chat.
//!
//! The archive is a line of messages, and what is here of it are pieces of that line. The newest piece ends at
//! `top`, behind which nothing is missing as far as pages told; live messages never move it, complete pages do. A
//! fresh stream asks for what follows `top`. If that is more than a page, the newest page comes next, so that there is
//! something to see, and the hole between is filled page by page from below; if the archive does not know its lower end
//! any more, from above. Holes are kept, and filled on a later stream if need be. Older messages of one conversation
//! come when somebody scrolls there.

mod full_text;
mod hole;
mod older;
mod page;
mod room;

use self::full_text::FullText;
pub use self::full_text::Sought;
use self::hole::Filled;
pub use self::hole::{Hole, Pointers};
pub use self::page::{Asked, CatchUp, Found, Run, Shown};
use self::page::{Part, Query, after, has_archive};
use super::{Context, Feature, Purpose};
use crate::domain::conversations::{Archived, Conversations, Place};
use crate::domain::timeline::{Gap, History};
use crate::jid::BareJid;
use crate::map::Map;
use crate::wire::ns;
use crate::wire::rsm::{self, Page};
use crate::wire::stanza::{IqKind, Message};
use crate::wire::stanza_error::{ErrorKind, StanzaError};
use crate::wire::xml::Element;

/// Messages of a page. Prosody gives no more than 50 as it is packaged.
const PAGE: u32 = 50;
/// Messages of a page that fills a hole, where nobody waits for the first of them. ejabberd gives no more than 250.
const MANY: u32 = 250;
/// Pages on a first visit before the newest one, so that conversations held elsewhere are in the list.
const EARLIER: u8 = 5;
/// Results that are kept while a page is under way; a server that sends more than was asked for is not believed.
const MOST: usize = 1_000;
/// Pages that are asked for again on one stream.
const RETRIES: u8 = 3;
/// Live messages after which `top` is brought up again, so that the overlap of a later catch-up stays small.
const LIVE: u32 = 200;

/// The client's side of an archive.
#[derive(Debug, Default)]
pub struct Archive {
    /// Whose it is, if it is not the account's.
    room: Option<BareJid>,
    catch_up: CatchUp,
    /// The stream's server has one.
    is_there: bool,
    pointers: Pointers,
    queries: Map<String, Query>,
    /// Numbers queries, so that the results of an abandoned one are told apart.
    number: u64,
    /// The ids of the last page after the top, to see whether the newest page follows it.
    passed: Vec<String>,
    /// A hole of this stream stands for what is not known yet.
    filling: bool,
    /// The server says that there is none.
    is_absent: bool,
    /// Nothing was known of the archive when the stream began.
    first_visit: bool,
    /// It is being asked whether there is an archive.
    asks_support: bool,
    /// Live messages since the top moved.
    live: u32,
    /// How often a page may still be asked for again on this stream.
    retries: u8,
    /// Conversations of which older messages are wanted as soon as they can be asked for.
    wanted: Vec<BareJid>,
    /// Where the next older page of a conversation begins.
    older_from: Map<BareJid, String>,
    full_text: FullText,
}

impl Archive {
    /// Where the catch-up stands: it is done once the holes that it found are filled, too.
    pub const fn catch_up(&self) -> CatchUp {
        match self.catch_up {
            CatchUp::Done if self.filling => CatchUp::Running,
            catch_up => catch_up,
        }
    }

    /// The stream is gone, and the answers of its archive with it.
    pub fn stream_ended(&mut self, conversations: &mut Conversations) {
        self.asks_support = false;
        for query in std::mem::take(&mut self.queries).into_values() {
            if let Part::Older(peer) = query.part {
                conversations.set_history(&peer, History::More);
                self.want(&peer);
            } else if let Part::Search(number) = query.part {
                self.full_text.answered(number, None);
            }
        }
    }

    /// Whether there is an archive that may know what became of an own message.
    pub fn may_tell(&self) -> bool {
        self.is_there || (self.pointers.top.is_some() && !self.is_absent)
    }

    /// What it knows must be brought up before it tells what became of a message.
    pub fn is_behind(&mut self) {
        if self.catch_up == CatchUp::Done {
            self.catch_up = CatchUp::Unknown;
        }
    }

    /// Whether something was asked on this stream that is not answered yet.
    pub fn is_asked(&self) -> bool {
        !self.queries.is_empty() || self.catch_up == CatchUp::Running
    }

    /// Whether it is known from where on the archive can be asked for what is sent from now on; if not, what is sent
    /// could not be found again.
    pub const fn knows_its_end(&self) -> bool {
        self.pointers.top.is_some() || matches!(self.catch_up, CatchUp::Impossible)
    }

    /// Whether a live message may be older than what the pages of a first visit bring: nothing is known of what lies
    /// between it and them.
    pub const fn may_be_apart(&self, is_late: bool) -> bool {
        self.first_visit && (is_late || !self.knows_its_end())
    }

    /// What is kept for the next visit.
    pub const fn pointers(&self) -> &Pointers {
        &self.pointers
    }

    /// What an earlier visit kept; `done` if the stream goes on, too, and its catch-up was through.
    pub fn restore(&mut self, conversations: &mut Conversations, pointers: Pointers, done: bool) {
        conversations.restore_gaps(self.room.as_ref(), pointers.holes.iter().map(|hole| hole.number).collect());
        self.pointers = pointers;
        if done {
            self.is_there = true;
            self.catch_up = CatchUp::Done;
            conversations.archive_found(self.room.as_ref());
        }
    }

    /// Takes a message if it is a result of a page. Everything that claims to be one is taken, and dropped unless it
    /// comes from our own account and belongs to a page that we asked for (CVE-2019-16237 and its kin).
    pub fn take(&mut self, message: &Message, is_own_account: bool) -> bool {
        let Some(result) = message.payload(ns::MAM, "result") else { return false };
        if !is_own_account {
            return true;
        }
        let query = result.attribute("queryid").and_then(|id| self.queries.get_mut(id));
        let forwarded = result.child(ns::FORWARD, "forwarded");
        let inner = forwarded.and_then(|forwarded| forwarded.child(ns::CLIENT, "message")).cloned().map(Message::parse);
        if let (Some(query), Some(id), Some(Ok(message)), Some(forwarded)) =
            (query, result.attribute("id"), inner, forwarded)
            && query.results.len() < MOST
        {
            let beside = forwarded.children().filter(|child| child.is(ns::DELAY, "delay")).cloned().collect();
            query.results.push(Found { id: id.to_owned(), message, beside });
        }
        true
    }

    /// Whether nothing is missing between what is here.
    const fn is_whole(&self) -> bool {
        matches!(self.catch_up(), CatchUp::Done) && self.pointers.holes.is_empty()
    }

    /// Looks again for what is missing: holes that could not be filled, and what came after the top.
    pub fn look_again(&mut self, context: &mut Context<'_>) {
        if self.asks_support || self.is_asking(&Part::Newest) {
            return;
        }
        if !self.is_there || self.pointers.top.is_none() {
            return self.begin(context);
        }
        self.catch_up = CatchUp::Running;
        self.fill_next(context);
        self.after_top(context, Part::Overlap);
    }

    /// A live message arrived that the archive has, too.
    pub fn saw_live(&mut self, context: &mut Context<'_>) {
        self.live = self.live.saturating_add(1);
        if self.live > LIVE && self.catch_up == CatchUp::Done {
            self.after_top(context, Part::Overlap);
        }
    }

    fn is_asking(&self, part: &Part) -> bool {
        self.queries.values().any(|query| query.part == *part)
    }

    /// Asks for what came after the top.
    fn after_top(&mut self, context: &mut Context<'_>, part: Part) {
        let asking = [Part::Missed, Part::Overlap, Part::Jump].iter().any(|part| self.is_asking(part));
        if let Some(top) = self.pointers.top.clone().filter(|_| !asking) {
            self.live = 0;
            self.ask(context, part, after(top));
        }
    }

    /// The answer to a question of this feature; a page that can be shown, if it brought one.
    pub fn answered(
        &mut self,
        context: &mut Context<'_>,
        asked: Asked,
        answer: Result<Option<&Element>, StanzaError>,
    ) -> Option<Shown> {
        if asked == Asked::Support {
            self.asks_support = false;
        }
        match (asked, answer) {
            (Asked::Support, Ok(Some(info))) if has_archive(info) => {
                self.catch_up = CatchUp::Running;
                self.is_there = true;
                self.is_absent = false;
                context.domain.conversations.archive_found(None);
                if self.pointers.top.is_none() {
                    self.ask(context, Part::Newest, Page::Last);
                } else {
                    self.after_top(context, Part::Missed);
                }
                None
            }
            (Asked::Support, Err(error)) if error.kind == ErrorKind::Wait && self.retries > 0 => {
                self.retries = self.retries.saturating_sub(1);
                self.begin(context);
                None
            }
            (Asked::Support, answer) => {
                self.is_absent = answer.is_ok_and(|info| info.is_some());
                self.catch_up = CatchUp::Impossible;
                None
            }
            (Asked::Form, answer) => {
                self.full_text.offered(answer.ok().flatten());
                None
            }
            (Asked::Page(id), answer) => {
                let query = self.queries.remove(&id)?;
                if let Part::Search(number) = query.part {
                    self.full_text.answered(number, answer.is_ok().then_some(query.results));
                    return None;
                }
                match answer {
                    Ok(Some(fin)) if fin.is(ns::MAM, "fin") => Some(self.page(context, query, fin)),
                    // The answer may only be slow. Nothing is known of what it would have said.
                    Err(error) if error.kind == ErrorKind::Wait && self.retries > 0 && query.part.is_needed() => {
                        self.retries = self.retries.saturating_sub(1);
                        self.ask(context, query.part, query.page);
                        None
                    }
                    _ => {
                        match query.part {
                            Part::Older(peer) => context.domain.conversations.set_history(&peer, History::Failed),
                            // Nobody waits for it.
                            Part::Earlier(_) | Part::Search(_) => {}
                            Part::Fill(number) => {
                                self.filling = false;
                                context.domain.conversations.set_gap(self.room.as_ref(), number, Gap::Failed);
                                self.catch_up = CatchUp::Impossible;
                            }
                            Part::Newest | Part::Missed | Part::Overlap | Part::Jump => {
                                self.catch_up = CatchUp::Impossible
                            }
                        }
                        None
                    }
                }
            }
        }
    }

    fn page(&mut self, context: &mut Context<'_>, query: Query, fin: &Element) -> Shown {
        let complete = matches!(fin.attribute("complete"), Some("true" | "1"));
        let received = rsm::Received::of(fin);
        let Query { part, page, mut results } = query;
        let first = received.first.or_else(|| results.first().map(|found| found.id.clone()));
        let last = received.last.or_else(|| results.last().map(|found| found.id.clone()));
        let mut archived = Archived::at(Place::BeforeLive, true);
        let mut closes = None;
        let mut ends_first_visit = false;
        let mut run = Run::Forward(0);
        let before = if let Page::Before(id) = &page { Some(id.clone()) } else { None };
        match part {
            Part::Newest => {
                archived.unread = false;
                // The end of an empty archive is its beginning.
                self.pointers.top = Some(last.unwrap_or_default());
                self.catch_up = CatchUp::Done;
                self.older_again(context);
                // In a group chat there is one conversation to be shown, and older messages of it come when somebody scrolls there.
                let earlier = if self.room.is_some() { 0 } else { EARLIER };
                ends_first_visit = !self.earlier(context, complete, first, earlier);
            }
            Part::Earlier(more) => {
                archived = Archived::at(Place::Start, false);
                run = Run::Backward(0, before);
                let moved = first.filter(|first| page != Page::Before(first.clone()));
                ends_first_visit = !self.earlier(context, complete, moved, more);
            }
            Part::Missed => {
                // A page that does not move on would be asked for without end.
                let moved = last.filter(|last| self.pointers.top.as_ref() != Some(last));
                match moved {
                    Some(last) => {
                        self.passed = results.iter().map(|found| found.id.clone()).collect();
                        self.pointers.top = Some(last);
                        if complete {
                            self.caught_up(context);
                        } else {
                            self.ask(context, Part::Jump, Page::Last);
                        }
                    }
                    // Nothing new, or the archive does not know the top any more: one look at its end tells.
                    None => {
                        self.passed.clear();
                        self.ask(context, Part::Jump, Page::Last);
                    }
                }
            }
            Part::Overlap => match last.filter(|last| self.pointers.top.as_ref() != Some(last)) {
                Some(last) if !complete => {
                    self.pointers.top = Some(last.clone());
                    self.ask(context, Part::Overlap, Page::After(last));
                }
                last => {
                    self.pointers.top = last.or(self.pointers.top.take());
                    self.caught_up(context);
                }
            },
            Part::Jump => self.jumped(context, &results, first, last),
            Part::Search(_) => {}
            Part::Fill(number) => {
                let from_above = self.pointers.holes.iter().any(|hole| hole.number == number && hole.from_above);
                let place = if from_above { Place::GapTop(number) } else { Place::Gap(number) };
                run = if from_above { Run::Backward(number, before) } else { Run::Forward(number) };
                archived = Archived::at(place, true);
                let hole = self.pointers.holes.iter_mut().find(|hole| hole.number == number);
                match hole.map_or(Filled::Closed, |hole| hole.fill(&mut results, complete, first, last)) {
                    Filled::Closed => {
                        closes = Some(number);
                        self.pointers.holes.retain(|hole| hole.number != number);
                        self.fill_next(context);
                    }
                    Filled::More => self.fill_next(context),
                    Filled::Stuck => {
                        self.filling = false;
                        self.catch_up = CatchUp::Impossible;
                        context.domain.conversations.set_gap(self.room.as_ref(), number, Gap::Failed);
                    }
                }
            }
            Part::Older(peer) => {
                archived = Archived::at(Place::Start, false);
                run = Run::Older(peer.clone(), before);
                let moved = first.filter(|first| !results.is_empty() && page != Page::Before(first.clone()));
                let history = if complete || moved.is_none() { History::Complete } else { History::More };
                if history == History::Complete {
                    context.domain.conversations.looked_through(&peer);
                }
                self.older_from.extend(moved.map(|first| (peer.clone(), first)));
                context.domain.conversations.set_history(&peer, history);
            }
        }
        Shown { room: self.room.clone(), messages: results, archived, closes, run, ends_first_visit }
    }

    /// The newest page is here: it follows what is here, or there is a hole before it.
    fn jumped(&mut self, context: &mut Context<'_>, results: &[Found], first: Option<String>, last: Option<String>) {
        let top = self.pointers.top.clone().unwrap_or_default();
        let overlaps = results.iter().any(|found| found.id == top || self.passed.contains(&found.id));
        let was_empty = self.passed.is_empty();
        self.passed.clear();
        if let (Some(first), Some(last)) = (first, last) {
            if !overlaps {
                self.pointers.last_hole = self.pointers.last_hole.saturating_add(1);
                let number = self.pointers.last_hole;
                let hole = Hole { number, after: top, before: first, from_above: was_empty };
                self.pointers.holes.push(hole);
                context.domain.conversations.open_gap(self.room.as_ref(), number);
            }
            self.pointers.top = Some(last);
        }
        self.caught_up(context);
    }

    fn caught_up(&mut self, context: &mut Context<'_>) {
        self.catch_up = CatchUp::Done;
        self.fill_next(context);
        self.older_again(context);
    }

    /// Asks for the next page of the youngest hole: it is what people look at.
    fn fill_next(&mut self, context: &mut Context<'_>) {
        let asking = self.queries.values().any(|query| matches!(query.part, Part::Fill(_)));
        let Some(hole) = self.pointers.holes.last().cloned() else {
            self.filling = false;
            return;
        };
        if asking {
            return;
        }
        self.filling = true;
        context.domain.conversations.set_gap(self.room.as_ref(), hole.number, Gap::Filling);
        let page = if hole.from_above { Page::Before(hole.before) } else { after(hole.after) };
        self.ask(context, Part::Fill(hole.number), page);
    }

    /// Whether a page before this one was asked for.
    fn earlier(&mut self, context: &mut Context<'_>, complete: bool, first: Option<String>, more: u8) -> bool {
        if let (false, Some(first), Some(more)) = (complete, first, more.checked_sub(1)) {
            self.ask(context, Part::Earlier(more), Page::Before(first));
            return true;
        }
        false
    }

    fn ask(&mut self, context: &mut Context<'_>, part: Part, page: Page) {
        self.number = self.number.saturating_add(1);
        let id = format!("archive-{}", self.number);
        let mut query = Element::new(ns::MAM, "query").with("queryid", &*id);
        if let (Part::Older(peer), None) = (&part, &self.room) {
            let form = Element::new(ns::DATA, "x").with("type", "submit");
            query.push(
                form.child_with(super::field("FORM_TYPE", ns::MAM)).child_with(super::field("with", peer.as_str())),
            );
        }
        // To see whether the archive still knows the top, its last message is enough.
        let is_check = self.passed.is_empty();
        let most = match part {
            Part::Jump if is_check => 1,
            Part::Fill(_) => MANY,
            _ => PAGE,
        };
        query.push(rsm::request(&page, most));
        self.queries.insert(id.clone(), Query { part, page, results: Vec::new() });
        match self.room.clone() {
            None => context.ask(IqKind::Set(query), Purpose::Archive(Asked::Page(id))),
            Some(room) => {
                let purpose = Purpose::RoomArchive(room.clone(), Asked::Page(id));
                context.ask_of(room.into(), IqKind::Set(query), purpose);
            }
        }
    }
}

impl Archive {
    /// Asks whether there is an archive, and goes on from there.
    fn begin(&mut self, context: &mut Context<'_>) {
        if self.room.is_some() {
            return self.entered(context);
        }
        self.catch_up = CatchUp::Unknown;
        self.asks_support = true;
        let account = context.me.bare().clone();
        let question = IqKind::Get(Element::new(ns::DISCO_INFO, "query"));
        context.ask_of(account.into(), question, Purpose::Archive(Asked::Support));
    }
}

impl Feature for Archive {
    /// After presence: what the server kept for us offline then arrives before the archive's copy of it.
    fn fresh_stream(&mut self, context: &mut Context<'_>) {
        self.begin_anew();
        context.domain.conversations.stream_began();
        self.begin(context);
    }
}
