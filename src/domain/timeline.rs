//! The messages of one conversation, in order.

use std::rc::Rc;

use serde::{Deserialize, Serialize};

use super::problem::Refusal;
use super::room::Author;
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
    /// What most messages do not have.
    pub more: Option<Box<More>>,
    /// Which participant wrote it, in a group chat.
    pub author: Option<Rc<Author>>,
    /// With whom alone it was said, in a group chat (XEP-0045 §7.5): who wrote it, or to whom it went. All others there
    /// know nothing of it.
    pub private: Option<Rc<Author>>,
}

impl Message {
    /// Which earlier message it answers.
    pub fn reply(&self) -> Option<&Reply> {
        self.more.as_ref()?.reply.as_ref()
    }

    /// What it said before it was corrected, the oldest first.
    pub fn versions(&self) -> &[Version] {
        self.more.as_ref().map_or(&[], |more| &more.versions)
    }

    /// The signs that people gave in answer.
    pub fn reactions(&self) -> &[Reaction] {
        self.more.as_ref().map_or(&[], |more| &more.reactions)
    }

    /// A change of it by the user that the server does not have yet: one that the user must decide about, or else the last.
    pub fn amending(&self) -> Option<&Amending> {
        self.more.as_ref()?.amending.as_ref()
    }

    /// How it wants to be shown.
    pub fn manner(&self) -> Option<&Manner> {
        self.more.as_ref().map(|more| &more.manner)
    }
}

/// What a message may have beyond its text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct More {
    /// Which earlier message it answers.
    pub reply: Option<Reply>,
    /// What it said before it was corrected, the oldest first.
    pub versions: Vec<Version>,
    /// The signs that people gave in answer, in the order in which they were first given.
    pub reactions: Vec<Reaction>,
    /// How it wants to be shown.
    pub manner: Manner,
    /// A change of it by the user that the server does not have yet: one that the user must decide about, or else the last.
    pub amending: Option<Amending>,
    /// A moderator of the group chat took it away (XEP-0425): who, and why, as far as that was said.
    pub removed: Option<Removed>,
    /// It names the user.
    pub mentions_me: bool,
}

/// That a message was taken away by somebody else.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Removed {
    /// The nickname of the moderator.
    pub by: Option<Rc<str>>,
    /// Why.
    pub reason: Option<Rc<str>>,
}

/// How a text wants to be shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manner {
    /// The text is the address of a file (XEP-0066).
    pub file: bool,
    /// Its marks mean nothing (XEP-0393 §7).
    pub unstyled: bool,
    /// One asks for it before it is shown (XEP-0382). The hint what it is about may be empty.
    pub spoiler: Option<String>,
}

impl Manner {
    /// Whether there is nothing special about it.
    pub fn is_plain(&self) -> bool {
        *self == Self::default()
    }
}

/// An answer to an earlier message (XEP-0461).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// The id of the earlier message.
    pub id: String,
    /// Its row, if it is here.
    pub to: Option<MessageKey>,
    /// Who wrote it: known if it is, or was, here.
    pub author: Option<Direction>,
    /// The nickname of who wrote it, in a group chat: known if it is, or was, here.
    pub nick: Option<Rc<str>>,
    /// How it begins. Without an author that is the word of whoever answers.
    pub quote: String,
}

/// An earlier text of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// What it said.
    pub text: Rc<str>,
    /// When that was written.
    pub stamp: Timestamp,
}

/// A sign in answer to a message, and who gave it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reaction {
    /// The sign.
    pub emoji: String,
    /// The user did.
    pub own: bool,
    /// The other one did, or others did.
    pub theirs: bool,
    /// In a group chat, the nicknames of the others who did.
    pub by: Vec<Rc<str>>,
}

/// An own change of a message that is on its way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amending {
    /// Names it in commands to try again and to drop it.
    pub key: MessageKey,
    /// It takes the message back; the text stays until the server has that.
    pub retracts: bool,
    /// How far it came.
    pub delivery: Delivery,
}

impl Amending {
    /// What the user must decide is shown before what goes its way.
    pub const fn urgency(&self) -> u8 {
        match self.delivery {
            Delivery::Failed(_) => 2,
            Delivery::Unknown => 1,
            _ => 0,
        }
    }
}

/// What a message says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Body {
    /// Plain text, as it was sent.
    Text(Rc<str>),
    /// Its sender took it back (XEP-0424).
    Retracted,
    /// Something arrived that is too large or too odd to show; the row stands for it so that nothing is hidden.
    Unreadable,
    /// Messages are missing here: the row is a hole in the history and no message at all.
    Gap(Gap),
}

impl Body {
    /// Its text, if it has one.
    pub const fn text(&self) -> Option<&Rc<str>> {
        match self {
            Self::Text(text) => Some(text),
            Self::Retracted | Self::Unreadable | Self::Gap(_) => None,
        }
    }
}

/// What is done about missing messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Gap {
    /// They are being fetched, or will be once there is a connection.
    Filling,
    /// They could not be had; they can be asked for again.
    Failed,
}
