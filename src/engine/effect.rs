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
    /// Erase everything kept on this device.
    Forget,
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
