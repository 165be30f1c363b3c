//! Finding what was said: an index over the messages that are kept, in memory only.
//!
//! [`words`] cuts a text into words and brings them into one form, [`query`] reads what somebody typed, and [`Index`]
//! knows where each word stands. What is in the index is the text that is shown now: a corrected row replaces what it
//! said before, and a row that says nothing is not in it. The index is made anew from the messages when somebody
//! searches for the first time, so nothing of it is ever on disk.

mod index;
pub mod query;
mod snippet;
pub mod words;

use serde::{Deserialize, Serialize};

pub use self::index::{Index, Match, Matches, Said, short};
pub use self::snippet::{Piece, snippet};
use super::timeline::{Direction, MessageKey};
use crate::clock::Timestamp;
use crate::jid::BareJid;

/// What a search found so far; a later one of the same number replaces it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// The number of the question.
    pub number: u64,
    /// The newest of what matches, the newest first.
    pub results: Vec<Hit>,
    /// How many match in all, as far as is known.
    pub count: u32,
    /// Older messages on this device are still being looked through.
    pub is_looking: bool,
    /// What the archive of the server does about it.
    pub archive: ArchiveSearch,
}

/// One message that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hit {
    /// In which conversation.
    pub peer: BareJid,
    /// Where it is.
    pub place: HitPlace,
    /// Who wrote it.
    pub from: BareJid,
    /// Whether the user wrote it.
    pub direction: Direction,
    /// When.
    pub stamp: Timestamp,
    /// A part of what it says, one line, around the first word that was found.
    pub snippet: Vec<Piece>,
}

/// Where a message is that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum HitPlace {
    /// A row of the conversation, in memory or on disk.
    Row(MessageKey),
    /// Only in the archive of the server, under this id.
    Archive(String),
}

/// What the archive of the server does about a search.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ArchiveSearch {
    /// It does not search texts, or was not asked.
    #[default]
    None,
    /// It can be asked.
    Possible,
    /// It was asked.
    Asking,
    /// It has answered.
    Done,
    /// It refused, or did not answer.
    Failed,
}
