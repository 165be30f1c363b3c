//! Why somebody is not in a group chat.

use serde::{Deserialize, Serialize};

use crate::domain::problem::Refusal;
use crate::jid::BareJid;

/// Why the user is not let in, or was put out. Every join error and status code has its own (XEP-0045 §7.2, §15.6).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Why {
    // Not let in
    /// It wants a password, and none was given.
    PasswordRequired,
    /// It wants another password.
    WrongPassword,
    /// The user was banned before.
    Banned,
    /// Only members are let in, and the user is none.
    MembersOnly,
    /// Somebody there has the nickname, or it is kept for somebody.
    NickTaken,
    /// The nickname that is kept for the user must be used.
    NickFixed,
    /// There are as many people as there may be.
    Full,
    /// There is none of this address, or it is not open yet.
    NotThere,
    /// There is none of this address, and the user may not make one.
    MayNotCreate,
    /// It has moved, or is gone for good.
    Gone {
        /// Where to, if that was said.
        to: Option<BareJid>,
    },
    /// The user is in too many, or asked too often.
    TooMuch,
    /// The nickname is none that can be used.
    BadNick,
    /// Its server cannot be reached.
    Unreachable,
    /// Another refusal.
    Other(Refusal),

    // Put out
    /// Somebody put the user out (307).
    Kicked {
        /// The nickname of whoever did it, if that was said.
        by: Option<String>,
        /// Why, in their words.
        reason: Option<String>,
    },
    /// Somebody banned the user (301).
    BannedNow {
        /// The nickname of whoever did it, if that was said.
        by: Option<String>,
        /// Why, in their words.
        reason: Option<String>,
    },
    /// The user is no member any more (321).
    NoMember,
    /// It is for members only now, and the user is none (322).
    MembersOnlyNow,
    /// Its server stops or starts anew (332). It is tried again.
    ShutDown,
    /// Its server lost the user by an error (333). It is tried again.
    Fault,
    /// It was destroyed.
    Destroyed {
        /// Where to go instead.
        alternate: Option<BareJid>,
        /// The password there.
        password: Option<String>,
        /// Why, in the words of whoever did it.
        reason: Option<String>,
    },
    /// It does not know that the user is there (XEP-0410). It is tried again.
    Forgotten,
    /// Somebody or something else has this address.
    NoGroup,
}

impl Why {
    /// Whether that may pass by itself, so that it is tried again.
    pub const fn may_pass(&self) -> bool {
        matches!(self, Self::Unreachable | Self::ShutDown | Self::Fault | Self::Forgotten)
    }
}
