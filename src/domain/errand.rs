//! What the user does about the account itself, one thing at a time: making one, changing its password, giving it up,
//! inviting somebody.

use serde::{Deserialize, Serialize};

use super::problem::{Problem, Refusal};
use crate::form::Form;
use crate::jid::BareJid;

/// Where the errand stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Errand {
    /// There is none.
    #[default]
    Idle,
    /// An answer of the server is awaited.
    Waiting,
    /// A server wants to know something before it makes an account.
    Inquiry(Box<Inquiry>),
    /// The account of this address was made, and is being signed in to.
    Created(BareJid),
    /// No account came of it.
    NoAccount(Fault),
    /// The password was changed.
    PasswordChanged,
    /// The account is gone, and with it everything that this device kept.
    Removed,
    /// The server makes invitations.
    CanInvite,
    /// An invitation: an `xmpp:` address, or a page of the web.
    Invitation(String),
    /// The server refused it.
    Refused(Refusal),
    /// There is no connection.
    NotConnected,
}

/// What a server wants to know before it makes an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inquiry {
    /// Where the account would be.
    pub domain: BareJid,
    /// What it asks. The fields `username` and `password` are the account's.
    pub form: Form,
    /// A page of the web where the account can be made instead.
    pub elsewhere: Option<String>,
    /// What was wrong the last time.
    pub fault: Option<Fault>,
    /// The answers are on their way.
    pub busy: bool,
}

/// Why there is no account (yet).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fault {
    /// The server makes no accounts here.
    NotOffered,
    /// The server does not take the invitation.
    InvitationRefused,
    /// The server refused the answers.
    Refused(Refusal),
    /// The server asks anew, because too much time has passed or because it always does.
    AskedAgain,
    /// The connection broke while the account was being made: it may be there or not.
    Uncertain,
    /// There is no connection.
    Connection(Problem),
}
