//! A row with everything that is known of it, and the records that rows are kept in.

use serde::{Deserialize, Serialize};

use super::{Amendment, Applied, ArchiveId, WireId};
use crate::domain::room::Author;
use crate::domain::timeline::{Direction, Message};

/// A row with the names that it goes by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// What is shown.
    pub message: Message,
    /// The id that its sender gave it.
    pub id: Option<WireId>,
    /// The id that the archive gave it.
    pub archive_id: Option<ArchiveId>,
    /// Which hole in the archive it stands for, if it is no message.
    pub gap: Option<u32>,
    /// The other id that its sender gave it (XEP-0359), where that is not the same.
    pub alias: Option<WireId>,
    /// What it says about an earlier message.
    pub amends: Option<Box<Amendment>>,
    /// The row that it is about shows it, and it does not stand for itself.
    pub hidden: bool,
    /// What others say about it.
    pub applied: Vec<Applied>,
    /// Its sender wants to know when it was seen (XEP-0333).
    pub markable: bool,
}

impl Row {
    /// A row that nothing is known of but what it shows.
    pub const fn new(message: Message) -> Self {
        Self {
            message,
            id: None,
            archive_id: None,
            gap: None,
            alias: None,
            amends: None,
            hidden: false,
            applied: Vec::new(),
            markable: false,
        }
    }

    /// Whether somebody else wrote it and gave it this name.
    pub(super) fn is_theirs_by_name(&self, id: &str) -> bool {
        let mut names = [&self.id, &self.alias].into_iter().flatten();
        self.message.direction == Direction::In && names.any(|name| name == id)
    }
}

/// Rows that follow one another and are kept in one record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chunk {
    /// The number of the record.
    pub id: u64,
    /// How many rows.
    pub rows: u32,
    /// Whether one of them is a gap.
    pub gap: bool,
    /// Whether the archive has all of them, so that they can be fetched again.
    pub archived: bool,
    /// Whether the record is behind.
    #[serde(skip)]
    pub dirty: bool,
}

impl Chunk {
    pub(super) const fn new(id: u64) -> Self {
        Self { id, rows: 0, gap: false, archived: false, dirty: true }
    }

    pub(super) fn len(&self) -> usize {
        usize::try_from(self.rows).unwrap_or(usize::MAX)
    }

    pub(super) fn set_len(&mut self, rows: usize) {
        self.rows = u32::try_from(rows).unwrap_or(u32::MAX);
        self.dirty = true;
    }
}

/// Who says something in a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Writer<'a> {
    /// The user, or somebody else.
    pub direction: Direction,
    /// Which participant, in a group chat.
    pub author: Option<&'a Author>,
    /// Says it to one participant alone, or to the user alone.
    pub private: bool,
}

impl Writer<'_> {
    /// The user.
    pub const ME: Self = Self { direction: Direction::Out, author: None, private: false };
    /// The other one of a conversation between two.
    pub const PEER: Self = Self { direction: Direction::In, author: None, private: false };

    /// Under what a message of this sender is found by the id that they gave it. Ids of different participants never
    /// meet. No name and no id can contain the character between them: XML cannot carry it.
    pub(super) fn named(self, id: &str) -> WireId {
        match self.author.filter(|_| self.direction == Direction::In) {
            // Not every group chat gives its name for the sender to what it passes on to one alone.
            Some(author) if self.private => ["", &author.nick, id].join("\0"),
            Some(author) => [author.scope(), id].join("\0"),
            None => id.to_owned(),
        }
    }
}

impl Row {
    /// Who wrote it.
    pub(super) fn writer(&self) -> Writer<'_> {
        let Message { direction, author, private, .. } = &self.message;
        Writer { direction: *direction, author: author.as_deref(), private: private.is_some() }
    }
}
