//! XEP-0313: what is asked of the archive, and what comes out of it.

use crate::domain::conversations::Archived;
use crate::jid::BareJid;
use crate::wire::ns;
use crate::wire::rsm::Page;
use crate::wire::stanza::Message;
use crate::wire::xml::Element;

/// What was asked of the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Whether there is an archive.
    Support,
    /// What it can be asked by.
    Form,
    /// A page, under the id that its results carry.
    Page(String),
}

/// Which part of the archive a page belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// What is newest, on a first visit.
    Newest,
    /// What came before that; so many pages more.
    Earlier(u8),
    /// What came after the top, at the beginning of a stream.
    Missed,
    /// What came after the top while the stream went on: hardly anything that is not here.
    Overlap,
    /// What is newest, because what came after the top is more than a page, or nothing at all, which may mean that
    /// the archive does not know the top any more.
    Jump,
    /// What belongs into a hole.
    Fill(u32),
    /// What is older than what is shown of one conversation.
    Older(BareJid),
    /// What has the words of the search of this number.
    Search(u64),
}

impl Part {
    /// Whether more than convenience depends on it.
    pub(super) const fn is_needed(&self) -> bool {
        !matches!(self, Self::Earlier(_) | Self::Older(_) | Self::Search(_))
    }
}

#[derive(Debug)]
pub(super) struct Query {
    pub(super) part: Part,
    pub(super) page: Page,
    pub(super) results: Vec<Found>,
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
    /// Whose archive it is of, if it is not the account's.
    pub room: Option<BareJid>,
    /// Its messages, oldest first.
    pub messages: Vec<Found>,
    /// Where they belong, and whether they count as unread.
    pub archived: Archived,
    /// The hole that is closed with it.
    pub closes: Option<u32>,
    /// How it belongs to other pages.
    pub run: Run,
    /// It is the last page of a first visit.
    pub ends_first_visit: bool,
}

/// Pages that follow each other in the archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Run {
    /// Each behind the one before it: into a hole, or, under 0, behind all holes.
    Forward(u32),
    /// Each before the one before it: into a hole from above, or, under 0, before everything; the first one before the
    /// message of this id.
    Backward(u32, Option<String>),
    /// The same, of one conversation.
    Older(BareJid, Option<String>),
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

/// Whether an account says that it has an archive.
pub(super) fn has_archive(info: &Element) -> bool {
    info.is(ns::DISCO_INFO, "query")
        && info.children().any(|child| child.is(ns::DISCO_INFO, "feature") && child.attribute("var") == Some(ns::MAM))
}

/// The page behind a message; behind none is the first.
pub(super) fn after(id: String) -> Page {
    if id.is_empty() { Page::First } else { Page::After(id) }
}
