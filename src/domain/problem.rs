//! What can go wrong, in the words of the domain. The words for people are in [`crate::present::wording`].

use serde::{Deserialize, Serialize};

pub use crate::condition::Condition;

/// Why there is no connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The reason.
    pub reason: Reason,
    /// What the server wrote about it: a claim of the server, shown as such.
    pub text: Option<String>,
}

/// The reasons for which a connection fails or ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Reason {
    // Finding the server
    /// No connection could be opened, or it broke off.
    Unreachable,
    /// The connection was lost after it had worked.
    Lost,
    /// The server took too long to answer.
    TimedOut,
    /// The address answers, but not as an XMPP server.
    NotXmpp,
    /// The server does not serve the domain of the address.
    HostUnknown,
    /// The server pointed to another one that we do not follow.
    RedirectRefused,
    /// The service address is neither encrypted nor on this machine.
    InsecureService,

    // Proving who we are
    /// Wrong password or unknown account; servers do not tell which.
    WrongPassword,
    /// The account is disabled.
    AccountDisabled,
    /// The password has expired.
    CredentialsExpired,
    /// The kept sign-in is no longer valid; the password is needed again.
    SignInAgain,
    /// The server offers no way to sign in that this client accepts.
    NoCommonMechanism,
    /// The server offers weaker ways to sign in than it did before.
    Downgrade,
    /// The server wants an encrypted connection for this.
    EncryptionRequired,
    /// The server cannot check passwords at the moment.
    TemporaryAuthFailure,
    /// The server refuses this sign-in for another reason.
    AuthRefused,
    /// The server could not prove that it knows the password.
    ServerNotProven,
    /// The server asks for so many or so few rounds of hashing that something is wrong.
    UnsafeIterations,
    /// The server does not admit guests.
    GuestsRefused,

    // The stream
    /// Another device took this device's place.
    Replaced,
    /// The server is shutting down or restarting.
    Shutdown,
    /// The server is out of resources.
    Overloaded,
    /// The server says that we broke a rule of its own.
    PolicyViolation,
    /// The server did not accept the device.
    BindRefused,
    /// The server sent what is not XMPP.
    BadServer,
    /// The server could not read what we sent.
    BadClient,
    /// The server's own fault.
    ServerFault,
    /// What arrives ends the connection again and again.
    Poisoned,
}

impl Problem {
    /// A problem about which the server wrote nothing.
    pub const fn new(reason: Reason) -> Self {
        Self { reason, text: None }
    }
}

impl Reason {
    /// Whether only a person can help, by signing in anew.
    pub const fn needs_credentials(self) -> bool {
        matches!(
            self,
            Self::WrongPassword
                | Self::AccountDisabled
                | Self::CredentialsExpired
                | Self::SignInAgain
                | Self::NoCommonMechanism
                | Self::Downgrade
                | Self::EncryptionRequired
                | Self::AuthRefused
                | Self::ServerNotProven
                | Self::UnsafeIterations
                | Self::GuestsRefused
        )
    }

    /// Whether trying again can help without the user doing anything.
    pub const fn retries(self) -> bool {
        matches!(
            self,
            Self::Unreachable
                | Self::Lost
                | Self::TimedOut
                | Self::NotXmpp
                | Self::TemporaryAuthFailure
                | Self::Shutdown
                | Self::Overloaded
                | Self::BadServer
                | Self::BadClient
                | Self::ServerFault
        )
    }
}

/// Why something that the user asked for was refused by the server or by another address (RFC 6120 §8.3.3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// The defined condition.
    pub condition: Condition,
    /// What the refusing side wrote about it.
    pub text: Option<String>,
}
