//! What the world must do for the engine.

use serde::{Deserialize, Serialize};

use super::command::Password;
use crate::clock::Instant;
use crate::jid::BareJid;
use crate::session::scram::{Hash, SavedKeys};

/// One act outside the engine. The driver carries effects out in order and answers, where an answer is due,
/// with the [`super::Input`] named at each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Find the WebSocket addresses of a domain (XEP-0156); answered by [`super::Input::Discovered`].
    Discover {
        /// Whose.
        domain: String,
    },
    /// Open a WebSocket with the subprotocol `xmpp`; answered by [`super::Input::Socket`]. An older socket is
    /// dropped first: there is one at most.
    Connect {
        /// Where to.
        url: String,
    },
    /// Send one text frame.
    Send(String),
    /// Close the socket and report nothing more of it.
    Disconnect,
    /// Stretch a password (PBKDF2); answered by [`super::Input::Stretched`].
    Stretch {
        /// Comes back with the answer; an answer of another number is stale.
        request: u32,
        /// Which hash.
        hash: Hash,
        /// What to stretch.
        password: Password,
        /// The salt.
        salt: Vec<u8>,
        /// The rounds, already found to be within bounds.
        iterations: u32,
    },
    /// Keep what the next visit needs to sign in without a password, sealed; answered by
    /// [`super::Input::RememberFailed`] if it cannot be kept.
    Remember(Box<Remembered>),
    /// Forget the keys of the next visit, and keep the store.
    ForgetKeys,
    /// Erase everything kept on this device: the keys, and the stores of all accounts.
    Forget,
    /// Open the local store of an account; it is made at the first time. Answered by
    /// [`super::Input::StoreOpened`] with every record but those of [`Table::Chunks`].
    OpenStore {
        /// Whose.
        account: BareJid,
    },
    /// Write to the store, in one transaction. Saves are done in the order in which they are asked for. Answered by
    /// [`super::Input::Saved`] or [`super::Input::SaveFailed`].
    Save {
        /// Comes back with the answer.
        number: u64,
        /// Whether it must outlive a loss of power as well.
        strict: bool,
        /// What to write, in order.
        writes: Vec<Write>,
    },
    /// Read chunks of history; answered by [`super::Input::Loaded`].
    Load {
        /// Comes back with the answer.
        request: u64,
        /// Which.
        chunks: Vec<u64>,
    },
    /// Call [`super::Input::Tick`] at this time; a later one replaces it, `None` cancels it.
    WakeAt(Option<Instant>),
}

/// What the next visit needs to sign in without a password. No password is in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remembered {
    /// The account.
    pub address: BareJid,
    /// The WebSocket address that the user gave, if any.
    pub service: Option<String>,
    /// The keys of SCRAM: good for this account on this server only, and void when the password changes.
    pub keys: SavedKeys,
}

/// A table of the local store. The numbers are on disk: none is ever used for something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Table {
    /// The stream, the pointers into the archive, and other things of which there is one.
    Meta = 0,
    /// Own messages that are not known to have arrived.
    Outbox = 1,
    /// Contacts with their devices, many in one record.
    Contacts = 2,
    /// What is known of each conversation.
    Conversations = 3,
    /// Messages, many of one conversation in one record.
    Chunks = 4,
}

/// One record of the store, in the clear: the platform seals what it writes and opens what it reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// In which table.
    pub table: Table,
    /// Under which number; below 2^53. It tells nothing about what is in the record.
    pub id: u64,
    /// What it says.
    pub bytes: Vec<u8>,
}

/// A change of the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Write {
    /// Put a record in place of what was there.
    Put(Record),
    /// Delete a record, if there is one.
    Delete {
        /// From which table.
        table: Table,
        /// Which.
        id: u64,
    },
}

/// Why the store did not do as it was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreFault {
    /// There is no store, or it stopped working.
    Unavailable,
    /// There is no room.
    Full,
    /// Another page has taken over the account: nothing may be written from here any more.
    Deposed,
}
