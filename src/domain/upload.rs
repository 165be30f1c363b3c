//! Putting a file on the web before its address is sent, in plain data.

use serde::{Deserialize, Serialize};

use super::problem::Refusal;

/// What the server takes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Uploads {
    /// The most bytes that one file may have, if the server says so.
    pub limit: Option<u64>,
    /// The hosts that this server is known to keep files on, in lower case.
    pub hosts: Vec<String>,
}

/// A file for which a place is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    /// Its name, as [`super::file::clean_name`] leaves it.
    pub name: String,
    /// Its bytes.
    pub size: u64,
    /// Its media type; empty if nobody knows.
    pub kind: String,
}

/// A place for one file, checked: both addresses are safe to go to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slot {
    /// Where it is put.
    pub put: String,
    /// What goes with it; names and values fit into a header.
    pub headers: Vec<(String, String)>,
    /// Where everybody finds it then.
    pub get: String,
}

/// Why a file could not be put on the web.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Trouble {
    /// There is no connection, so that no place can be asked for.
    NotConnected,
    /// The server takes no files.
    NoService,
    /// The file has more bytes than the server takes.
    TooLarge {
        /// The most that it takes, if it said so.
        limit: Option<u64>,
    },
    /// The server gave no place for it.
    Refused(Refusal),
    /// The server gave a place that is not safe to go to, or none at all.
    Unsafe,
    /// The place did not take it and answered with this HTTP status.
    Status(u16),
    /// The place could not be reached, or does not let pages put anything there (CORS); browsers do not tell which.
    Unreachable,
    /// Nothing moved for too long.
    Stalled,
    /// The file cannot be read any more.
    Unreadable,
}

/// How far a file came on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// So much of a thousand is there.
    Part(u16),
    /// All of it is there.
    Done,
    /// It did not arrive, and nothing more comes.
    Failed(Trouble),
}
