//! XEP-0313: the archive of the own account.
//!
//! A fresh stream is followed by a catch-up: the newest pages on a first visit, and whatever came after the last
//! page ever since. The pointer behind which nothing is missing moves by complete pages only, never by live
//! messages. Older pages of one conversation come when somebody scrolls there.

use super::{Context, Feature, Purpose};
use crate::domain::conversations::{Archived, Place};
use crate::domain::timeline::History;
use crate::jid::BareJid;
use crate::map::Map;
use crate::wire::ns;
use crate::wire::rsm::{self, Page};
use crate::wire::stanza::{IqKind, Message};
use crate::wire::stanza_error::StanzaError;
use crate::wire::xml::Element;

/// Messages of a page. Prosody gives no more than 50 as it is packaged.
const PAGE: u32 = 50;
/// Pages on a first visit before the newest one, so that conversations held elsewhere are in the list.
const EARLIER: u8 = 5;
/// Results that are kept while a page is under way; a server that sends more than was asked for is not believed.
const MOST: usize = 1_000;

/// What was asked of the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Whether there is an archive.
    Support,
    /// A page, under the id that its results carry.
    Page(String),
}

/// Which part of the archive a page belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    /// What is newest, on a first visit.
    Newest,
    /// What came before that; so many pages more.
    Earlier(u8),
    /// What came after the pointer.
    Missed,
    /// What is older than what is shown of one conversation.
    Older(BareJid),
}

#[derive(Debug)]
struct Query {
    part: Part,
    page: Page,
    results: Vec<Found>,
}

/// One archived message, unwrapped; its origin is checked.
#[derive(Debug)]
pub struct Found {
    /// Its id in the archive.
    pub id: String,
    /// The message.
    pub message: Message,
    /// What the wrapper says beside it: when it was sent.
    pub beside: Vec<Element>,
}

/// A page that is complete and can be shown.
#[derive(Debug)]
pub struct Shown {
    /// Its messages, oldest first.
    pub messages: Vec<Found>,
    /// Where they belong, and whether they count as unread.
    pub archived: Archived,
}

/// Where a catch-up stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CatchUp {
    /// Nothing is known of the stream's archive.
    #[default]
    Unknown,
    /// Pages are under way.
    Running,
    /// Everything that the archive had is here.
    Done,
    /// There is no archive, or it does not answer: what is missing cannot be known.
    Impossible,
}

/// The client's side of the archive.
#[derive(Debug, Default)]
pub struct Archive {
    catch_up: CatchUp,
    /// The last archived message behind which none is missing.
    pointer: Option<String>,
    queries: Map<String, Query>,
    /// Numbers queries, so that the results of an abandoned one are told apart.
    number: u64,
}

impl Archive {
    /// Where the catch-up stands.
    pub const fn catch_up(&self) -> CatchUp {
        self.catch_up
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

    /// Asks for what is older than what is shown of a conversation.
    pub fn older(&mut self, context: &mut Context<'_>, peer: &BareJid) {
        let ready = matches!(self.catch_up, CatchUp::Done | CatchUp::Running);
        let loading = self.queries.values().any(|query| query.part == Part::Older(peer.clone()));
        if !ready || loading {
            return;
        }
        let page = context.domain.conversations.oldest_archived(peer).map_or(Page::Last, Page::Before);
        context.domain.conversations.set_history(peer, History::Loading);
        self.ask(context, Part::Older(peer.clone()), page);
    }

    /// The answer to a question of this feature; a page that can be shown, if it brought one.
    pub fn answered(
        &mut self,
        context: &mut Context<'_>,
        asked: Asked,
        answer: Result<Option<&Element>, StanzaError>,
    ) -> Option<Shown> {
        match (asked, answer) {
            (Asked::Support, Ok(Some(info))) if has_archive(info) => {
                self.catch_up = CatchUp::Running;
                context.domain.conversations.archive_found();
                let (part, page) = match &self.pointer {
                    Some(pointer) => (Part::Missed, Page::After(pointer.clone())),
                    None => (Part::Newest, Page::Last),
                };
                self.ask(context, part, page);
                None
            }
            (Asked::Support, _) => {
                self.catch_up = CatchUp::Impossible;
                None
            }
            (Asked::Page(id), answer) => {
                let query = self.queries.remove(&id)?;
                match answer {
                    Ok(Some(fin)) if fin.is(ns::MAM, "fin") => Some(self.page(context, query, fin)),
                    _ => {
                        match query.part {
                            Part::Older(peer) => context.domain.conversations.set_history(&peer, History::Failed),
                            // Nobody waits for it.
                            Part::Earlier(_) => {}
                            Part::Newest | Part::Missed => self.catch_up = CatchUp::Impossible,
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
        let last = received.last.or_else(|| query.results.last().map(|found| found.id.clone()));
        let archived = match &query.part {
            Part::Newest => Archived { place: Place::BeforeLive, unread: false },
            Part::Missed => Archived { place: Place::BeforeLive, unread: true },
            Part::Earlier(_) | Part::Older(_) => Archived { place: Place::Start, unread: false },
        };
        match query.part {
            Part::Newest => {
                self.pointer = last;
                self.catch_up = CatchUp::Done;
                self.earlier(context, complete, received.first, EARLIER);
            }
            Part::Earlier(more) => {
                let moved = received.first.filter(|first| query.page != Page::Before(first.clone()));
                self.earlier(context, complete, moved, more);
            }
            Part::Missed => {
                // A page that does not move on would be asked for without end.
                let moved = last.is_some() && last.as_ref() != self.pointer.as_ref();
                match last.filter(|_| moved) {
                    Some(last) => {
                        self.pointer = Some(last.clone());
                        if complete {
                            self.catch_up = CatchUp::Done;
                        } else {
                            self.ask(context, Part::Missed, Page::After(last));
                        }
                    }
                    // Nothing new; a server that does not know the pointer any more says the same.
                    None => self.catch_up = CatchUp::Done,
                }
            }
            Part::Older(peer) => {
                let stuck = query.results.is_empty() || query.page == Page::Before(last.unwrap_or_default());
                let history = if complete || stuck { History::Complete } else { History::More };
                context.domain.conversations.set_history(&peer, history);
            }
        }
        Shown { messages: query.results, archived }
    }

    fn earlier(&mut self, context: &mut Context<'_>, complete: bool, first: Option<String>, more: u8) {
        if let (false, Some(first), Some(more)) = (complete, first, more.checked_sub(1)) {
            self.ask(context, Part::Earlier(more), Page::Before(first));
        }
    }

    fn ask(&mut self, context: &mut Context<'_>, part: Part, page: Page) {
        self.number = self.number.saturating_add(1);
        let id = format!("archive-{}", self.number);
        let mut query = Element::new(ns::MAM, "query").with("queryid", &*id);
        if let Part::Older(peer) = &part {
            let field = |name: &str, value: &str| {
                Element::new(ns::DATA, "field")
                    .with("var", name)
                    .child_with(Element::new(ns::DATA, "value").text_with(value))
            };
            let form = Element::new(ns::DATA, "x").with("type", "submit");
            query.push(form.child_with(field("FORM_TYPE", ns::MAM)).child_with(field("with", peer.as_str())));
        }
        query.push(rsm::request(&page, PAGE));
        self.queries.insert(id.clone(), Query { part, page, results: Vec::new() });
        context.ask(IqKind::Set(query), Purpose::Archive(Asked::Page(id)));
    }
}

fn has_archive(info: &Element) -> bool {
    info.is(ns::DISCO_INFO, "query")
        && info.children().any(|child| child.is(ns::DISCO_INFO, "feature") && child.attribute("var") == Some(ns::MAM))
}

impl Feature for Archive {
    /// After presence: what the server kept for us offline then arrives before the archive's copy of it.
    fn fresh_stream(&mut self, context: &mut Context<'_>) {
        self.queries.clear();
        self.catch_up = CatchUp::Unknown;
        context.domain.conversations.stream_began();
        let account = context.me.bare().clone();
        let question = IqKind::Get(Element::new(ns::DISCO_INFO, "query"));
        context.ask_of(account.into(), question, Purpose::Archive(Asked::Support));
    }
}
