//! One conversation as the list shows it.

use std::rc::Rc;

use serde::{Deserialize, Serialize};

use super::room::Author;
use super::timeline::{Direction, MessageKey};
use crate::clock::Timestamp;
use crate::jid::BareJid;

/// A conversation with one address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conversation {
    /// With whom.
    pub peer: BareJid,
    /// Incoming messages that the user has not seen.
    pub unread: u32,
    /// The first message that was unread when the conversation was last opened or a message arrived unseen; the
    /// "new messages" line stands above it.
    pub first_unread: Option<MessageKey>,
    /// The newest message.
    pub last: Option<Preview>,
    /// What was typed and not sent.
    pub draft: Option<String>,
    /// An own message was refused, and later ones wait until the user decides about it.
    pub held_by: Option<MessageKey>,
    /// Counts up with every message, so that conversations sort by last activity without trusting a clock.
    pub activity: u64,
    /// The user wrote in it once, from any device. Who is no contact and was never answered is a stranger.
    pub answered: bool,
    /// Stands before all that are not.
    pub pinned: bool,
    /// Makes no noise and is not counted.
    pub muted: bool,
    /// Put away; what is new brings it back, unless it is muted.
    pub archived: bool,
    /// It is a group chat, and of what in it the user wants to hear.
    pub room: Option<Notify>,
    /// Of the incoming messages that the user has not seen, those that name the user or are for the user alone.
    pub mentions: u32,
    /// To which participant of a group chat alone goes what is typed; to all, if `None`.
    pub private: Option<Rc<Author>>,
    /// The nicknames of those who have seen the newest message of the user to all of a group chat, as far as they told.
    pub seen_by: Vec<Rc<str>>,
}

/// Of what in a group chat the user wants to hear.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Notify {
    /// Of every message.
    All,
    /// Of those that name the user.
    #[default]
    Mentions,
    /// Of none.
    Nothing,
}

/// What the user does with a conversation as a whole, on this device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Arrange {
    /// Keep it on top, or no longer.
    Pin(bool),
    /// Silence it, or no longer.
    Mute(bool),
    /// Put it away, or bring it back.
    Archive(bool),
    /// Take it from this device with all its messages; the archive of the account keeps what it has.
    Delete,
}

impl Conversation {
    /// A conversation in which nothing was said.
    pub const fn new(peer: BareJid) -> Self {
        Self {
            peer,
            unread: 0,
            first_unread: None,
            last: None,
            draft: None,
            held_by: None,
            activity: 0,
            answered: false,
            pinned: false,
            muted: false,
            archived: false,
            room: None,
            mentions: 0,
            private: None,
            seen_by: Vec::new(),
        }
    }
}

/// The newest message of a conversation, in short.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    /// Who wrote it.
    pub direction: Direction,
    /// The nickname of who wrote it, in a group chat; of what the user wrote to one participant alone, theirs.
    pub nick: Option<Rc<str>>,
    /// The first 200 characters, of a text.
    pub text: String,
    /// What it is, if it is no text.
    pub gist: Gist,
    /// When it was written.
    pub stamp: Timestamp,
    /// Only one participant of a group chat and the user know it.
    pub private: bool,
}

/// What the newest message is, in one word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Gist {
    /// A text.
    #[default]
    Text,
    /// A file.
    File,
    /// Its text is shown when one asks for it.
    Spoiler,
    /// It was taken back.
    Retracted,
    /// It cannot be shown.
    Unreadable,
}
