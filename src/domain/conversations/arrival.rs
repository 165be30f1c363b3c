//! A message on its way into a conversation, and where it belongs there.

use std::rc::Rc;

use super::{Amendment, ArchiveId, WireId};
use crate::clock::Timestamp;
use crate::domain::room::Author;
use crate::domain::timeline::{Body, Delivery, Direction, MessageKey, More};
use crate::jid::BareJid;

/// A message that is new to us.
#[derive(Clone, Debug)]
pub struct NewMessage {
    /// Who wrote it.
    pub direction: Direction,
    /// The address that wrote it, checked.
    pub from: BareJid,
    /// The id that its sender gave it.
    pub id: Option<WireId>,
    /// What it says.
    pub body: Body,
    /// When it was written.
    pub stamp: Timestamp,
    /// For own messages.
    pub delivery: Option<Delivery>,
    /// Its id in the archive, said by who may say it.
    pub archive_id: Option<ArchiveId>,
    /// For messages that come from the archive.
    pub archived: Option<Archived>,
    /// The other id that its sender gave it (XEP-0359), where that is not the same.
    pub alias: Option<WireId>,
    /// What it says about an earlier message.
    pub amends: Option<Box<Amendment>>,
    /// What most messages do not have.
    pub more: Option<Box<More>>,
    /// Its sender wants to know when it was seen (XEP-0333).
    pub markable: bool,
    /// Which participant wrote it, in a group chat.
    pub author: Option<Rc<Author>>,
    /// With whom alone it was said, in a group chat.
    pub private: Option<Rc<Author>>,
}

impl NewMessage {
    /// A message of which nothing else is known.
    pub const fn new(direction: Direction, from: BareJid, body: Body, stamp: Timestamp) -> Self {
        Self {
            direction,
            from,
            id: None,
            body,
            stamp,
            delivery: None,
            archive_id: None,
            archived: None,
            alias: None,
            amends: None,
            more: None,
            markable: false,
            author: None,
            private: None,
        }
    }
}

impl NewMessage {
    /// Who wrote it.
    pub(super) fn writer(&self) -> super::Writer<'_> {
        let (direction, author) = (self.direction, self.author.as_deref());
        super::Writer { direction, author, private: self.private.is_some() }
    }
}

/// How to take in a message from the archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Archived {
    /// Where it belongs.
    pub place: Place,
    /// Whether it counts as unread.
    pub unread: bool,
    /// The row next to it in the archive, if the pages told.
    pub next_to: Option<Neighbour>,
}

/// A row that is next to another one in the archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Neighbour {
    /// It stands right after this one.
    After(MessageKey),
    /// It stands right before this one.
    Before(MessageKey),
}

impl Archived {
    /// A place, with nothing known of its neighbour.
    pub const fn at(place: Place, unread: bool) -> Self {
        Self { place, unread, next_to: None }
    }
}

/// Where a message from the archive belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Before every row.
    Start,
    /// After what was there when the stream began, and before what arrived since.
    BeforeLive,
    /// Into a hole, at its lower end.
    Gap(u32),
    /// Into a hole, at its upper end.
    GapTop(u32),
}

impl Place {
    /// The hole that it is in.
    pub(super) const fn hole(self) -> Option<u32> {
        match self {
            Self::Gap(gap) | Self::GapTop(gap) => Some(gap),
            Self::Start | Self::BeforeLive => None,
        }
    }
}
