//! What a person can ask for.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::account::Order;
use crate::domain::presence::OwnPresence;
use crate::domain::timeline::MessageKey;
use crate::jid::BareJid;

/// One wish of the user. Plain data: it can come from this page, from another tab or from a worker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Command {
    /// Sign in with a password.
    LogIn {
        /// The account.
        address: BareJid,
        /// Prepared by the platform (RFC 7613 OpaqueString).
        password: Password,
        /// The WebSocket address, if the user gave one; it is discovered otherwise.
        service: Option<String>,
        /// Keep keys on this device, so that the next visit needs no password.
        remember: bool,
    },
    /// Sign in as a guest of a domain (XEP-0175).
    LogInAsGuest {
        /// The domain that admits guests.
        domain: BareJid,
        /// The WebSocket address, if one is configured.
        service: Option<String>,
    },
    /// End the session for good and forget everything kept on this device.
    LogOut,
    /// Something about the account itself.
    Account(Order),
    /// Try to connect at once, without waiting for the next try.
    Reconnect,
    /// Announce another availability.
    SetPresence(OwnPresence),

    /// Add somebody to the contact list and ask to see their presence.
    AddContact {
        /// Whom.
        address: BareJid,
        /// The user's own name for them.
        name: Option<String>,
        /// The groups to sort them into.
        groups: Vec<String>,
    },
    /// Change the name and groups of a contact.
    EditContact {
        /// Whom.
        address: BareJid,
        /// The new name, or none.
        name: Option<String>,
        /// The new groups.
        groups: Vec<String>,
    },
    /// Remove a contact and end both subscriptions.
    RemoveContact(BareJid),
    /// Ask (again) to see the presence of a contact.
    AskForPresence(BareJid),
    /// Stop seeing the presence of a contact, or take the request back.
    StopSeeing(BareJid),
    /// Stop showing own presence to a contact.
    StopShowing(BareJid),
    /// Let a contact see own presence as soon as they ask (RFC 6121 §3.4).
    ApproveBeforehand(BareJid),
    /// Accept a contact request, and ask for theirs in return.
    AcceptRequest(BareJid),
    /// Decline a contact request.
    DeclineRequest(BareJid),
    /// Decline a contact request and block its sender (XEP-0191).
    BlockRequest(BareJid),

    /// Send a text to an address.
    SendText {
        /// The id that the page gave it, 128 random bits, so that asking twice sends once; drawn here, if `None`.
        id: Option<String>,
        /// To whom.
        peer: BareJid,
        /// What was typed.
        text: String,
    },
    /// Send a failed or uncertain message again.
    Retry {
        /// The conversation.
        peer: BareJid,
        /// The row.
        key: MessageKey,
    },
    /// Drop a failed, uncertain or queued message.
    Discard {
        /// The conversation.
        peer: BareJid,
        /// The row.
        key: MessageKey,
    },
    /// Keep what is typed and not sent; an empty text is none.
    SetDraft {
        /// To whom.
        peer: BareJid,
        /// What.
        text: String,
    },
    /// Fetch what is older than the first row of a conversation.
    LoadOlder(BareJid),
    /// Fetch what is missing, where an earlier try failed.
    LoadMissing,
    /// Open a conversation, so that it is in the list even without messages.
    OpenConversation(BareJid),
    /// Which conversations the user looks at now, one for each page at most: shown, scrolled to its end, and the
    /// window focused.
    Attend(Vec<BareJid>),
    /// Which conversations are on a page, whether or not anybody looks.
    Show(Vec<BareJid>),
}

/// A password on its way to the server. It never shows itself in a log.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Password(pub String);

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}
