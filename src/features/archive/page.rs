//! XEP-0313: what comes out of the archive.

use crate::domain::conversations::Archived;
use crate::jid::BareJid;
use crate::wire::stanza::Message;
use crate::wire::xml::Element;

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
