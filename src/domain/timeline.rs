//! The messages of one conversation, in order.

use std::rc::Rc;

use serde::{Deserialize, Serialize};

use super::problem::Refusal;
use crate::clock::Timestamp;
use crate::jid::BareJid;

/// Names a row of a timeline for as long as it exists, whatever happens to the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct MessageKey(pub u64);

/// Who wrote a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Direction {
    /// Somebody else.
    In,
    /// The user, on this or another device.
    Out,
}

/// How far an own message is known to have come. Each step needs its proof; time alone proves nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Delivery {
    /// Written down, not sent.
    Queued,
    /// Handed to the connection.
    Sent,
    /// The server has it (XEP-0198).
    Acked,
    /// A device of the receiver has it (XEP-0184).
    Delivered,
    /// The receiver saw it (XEP-0333).
    Displayed,
    /// Refused.
    Failed(Refusal),
    /// The connection broke before the server confirmed it: it may have arrived or not.
    Unknown,
}

impl Delivery {
    /// The stable name used by `data-state`.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sent => "sent",
            Self::Acked => "acked",
            Self::Delivered => "delivered",
            Self::Displayed => "displayed",
            Self::Failed(_) => "failed",
            Self::Unknown => "unknown",
        }
    }
}

/// What is known of the messages before the first row of a conversation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum History {
    /// There is no archive to ask.
    #[default]
    None,
    /// There may be more.
    More,
    /// A page is under way.
    Loading,
    /// A page could not be had; it can be asked for again.
    Failed,
    /// The first row is the first message.
    Complete,
}

/// One row of a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// The row.
    pub key: MessageKey,
    /// Who wrote it.
    pub direction: Direction,
    /// The address that wrote it, checked.
    pub from: BareJid,
    /// What it says.
    pub body: Body,
    /// When it was written, as far as a trusted server knows; a label, not an order.
    pub stamp: Timestamp,
    /// For own messages; `None` on incoming ones.
    pub delivery: Option<Delivery>,
}

/// What a message says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Body {
    /// Plain text, as it was sent.
    Text(Rc<str>),
    /// Something arrived that is too large or too odd to show; the row stands for it so that nothing is hidden.
    Unreadable,
    /// Messages are missing here: the row is a hole in the history and no message at all.
    Gap(Gap),
}

/// What is done about missing messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Gap {
    /// They are being fetched, or will be once there is a connection.
    Filling,
    /// They could not be had; they can be asked for again.
    Failed,
}
