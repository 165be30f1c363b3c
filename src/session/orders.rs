//! What a session is told to do, and what it tells in turn.

use super::sasl::Credentials;
use super::scram::{Hash, SavedKeys};
use super::sm::{KeptStream, Tag};
use crate::domain::account::Connection;
use crate::domain::errand::Errand;
use crate::domain::problem::Problem;
use crate::jid::{BareJid, FullJid};
use crate::wire::framing::Features;
use crate::wire::xml::Element;

/// Who signs in, how and where.
#[derive(Clone, Debug)]
pub struct Login {
    /// The account; for a guest, the domain.
    pub account: BareJid,
    /// The proof.
    pub credentials: Credentials,
    /// The addresses to try, in order; discovered if empty.
    pub endpoints: Vec<String>,
    /// The operator allows PLAIN.
    pub allow_plain: bool,
    /// This account was signed in before on this device: failures are waited out, not shown in the sign-in form.
    pub known: bool,
    /// A stream of a page before this one, to go on with.
    pub inherited: Option<Inherited>,
}

/// A stream of a page before this one.
#[derive(Clone, Debug)]
pub struct Inherited {
    /// The address of this device on it.
    pub device: FullJid,
    /// Its counters, if it can be resumed.
    pub stream: Option<KeptStream>,
    /// The tagged stanzas that it sent and that were not confirmed, as far as they are known.
    pub sent: Vec<(u32, Tag)>,
}

/// What a session wants done or known.
#[derive(Debug, PartialEq)]
pub enum Out {
    /// Find the addresses of this domain; answer by [`Session::discovered`].
    Discover(String),
    /// Open a socket.
    Connect(String),
    /// Send a frame.
    Send(String),
    /// Drop the socket.
    Disconnect,
    /// Stretch a password; answer by [`Session::stretched`].
    Stretch {
        /// Comes back with the answer.
        request: u32,
        /// With which hash.
        hash: Hash,
        /// What.
        password: String,
        /// With which salt.
        salt: Vec<u8>,
        /// How many rounds.
        iterations: u32,
    },
    /// The connection stands here now.
    Connection(Connection),
    /// Making an account has come this far.
    Errand(Errand),
    /// The server accepted us; the keys serve for the next time.
    Authenticated(Option<SavedKeys>),
    /// Stanzas flow.
    Online {
        /// The address of this device, as the server gave it.
        device: FullJid,
        /// The stream goes on where it broke off: nothing that was established must be established again.
        resumed: bool,
        /// What the server offers.
        features: Features,
    },
    /// A stanza arrived.
    Stanza(Element),
    /// A stanza arrived that is more than we take; only its root is there.
    TooMuch(Element),
    /// The server has these stanzas.
    Acked(Vec<Tag>),
    /// The stream is gone, and whether the server has these stanzas cannot be known from it.
    Uncertain(Vec<Tag>),
    /// The server has certainly not got these stanzas of a page before this one; what they said is sent anew.
    NotArrived(Vec<Tag>),
    /// Signing in failed: only a person can go on.
    Rejected(Problem),
}
