//! The signed-in account and the state of its connection.

use serde::{Deserialize, Serialize};

use super::problem::Problem;
use crate::clock::Instant;
use crate::jid::{BareJid, FullJid};

/// Who is signed in on this page. It stays while the connection comes and goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// The address of the account.
    pub address: BareJid,
    /// The address of this device, as the server assigned it; `None` until the first connection.
    pub device: Option<FullJid>,
    /// Whether keys are kept on this device so that the next visit needs no password.
    pub remembered: bool,
}

/// Where the connection stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Connection {
    /// Nobody is signed in, or the user ended the session.
    #[default]
    Offline,
    /// A server is sought, or a socket is being opened.
    Connecting,
    /// The server is there and checks who we are.
    Authenticating,
    /// Messages flow.
    Online,
    /// The connection was lost; the next try begins at `retry_at`.
    Reconnecting {
        /// When the next try begins; `None` while waiting for the network to return.
        retry_at: Option<Instant>,
        /// What went wrong.
        problem: Problem,
    },
    /// The connection ended and is not tried again without the user.
    Failed(Problem),
}

impl Connection {
    /// The stable name used by `data-connection`.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Offline => "offline",
            Self::Connecting => "connecting",
            Self::Authenticating => "authenticating",
            Self::Online => "online",
            Self::Reconnecting { .. } => "reconnecting",
            Self::Failed(_) => "failed",
        }
    }
}
