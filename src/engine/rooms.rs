//! Group chats: what the user wishes about them, and what arrives from them.

mod content;
mod inbound;
mod orders;
mod shared;
mod watch;
mod whisper;

use serde::{Deserialize, Serialize};

pub(super) use self::orders::Way;
pub(super) use self::watch::Watch;
use crate::domain::conversation::Notify;
use crate::domain::room::{Affiliation, Bookmark, Role, RoomKind};
use crate::domain::timeline::MessageKey;
use crate::form::Answer;
use crate::jid::BareJid;

/// A wish about a group chat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RoomOrder {
    /// Go in, and let the user's other devices do so, too.
    Join {
        /// Where.
        room: BareJid,
        /// Under which nickname; what the bookmark, the group chat, the user or the account says, if `None`.
        nick: Option<String>,
        /// The password.
        password: Option<String>,
    },
    /// Go out, on all devices.
    Leave(BareJid),
    /// Take the group chat and its bookmark out of every list; the conversation stays until it is deleted.
    Forget(BareJid),
    /// Make a group chat and go in.
    Create {
        /// Where; the address must be free.
        room: BareJid,
        /// Under which nickname.
        nick: Option<String>,
        /// Which kind.
        kind: RoomKind,
        /// What it is called.
        name: Option<String>,
        /// Who is invited as soon as it is there; of a private group they become members.
        invite: Vec<BareJid>,
    },
    /// Go by another nickname.
    SetNick {
        /// Where.
        room: BareJid,
        /// The nickname.
        nick: String,
    },
    /// Say what it is about; nothing, if the text is empty.
    SetSubject {
        /// Where.
        room: BareJid,
        /// What.
        text: String,
    },
    /// Invite somebody.
    Invite {
        /// Where to.
        room: BareJid,
        /// Whom.
        who: BareJid,
        /// Why.
        reason: Option<String>,
    },
    /// Follow an invitation, or not.
    AnswerInvitation {
        /// Where to.
        room: BareJid,
        /// Whether to follow it.
        accept: bool,
    },
    /// Let somebody do more or less as long as they are there. [`Role::None`] puts them out.
    SetRole {
        /// Where.
        room: BareJid,
        /// Their nickname.
        nick: String,
        /// What they may do.
        role: Role,
        /// Why.
        reason: Option<String>,
    },
    /// Let somebody belong to it in another way. [`Affiliation::Outcast`] bans them.
    SetAffiliation {
        /// Where.
        room: BareJid,
        /// Who.
        who: BareJid,
        /// How.
        affiliation: Affiliation,
        /// Why.
        reason: Option<String>,
    },
    /// Ask who belongs to it in this way; answered by [`Answered::Members`](crate::domain::room::Answered::Members).
    ListMembers {
        /// Where.
        room: BareJid,
        /// How.
        affiliation: Affiliation,
    },
    /// Ask for the form that sets it up; answered by [`Answered::Form`](crate::domain::room::Answered::Form).
    Configure(BareJid),
    /// Set it up: the answers to the form that was asked for last.
    Submit {
        /// Where.
        room: BareJid,
        /// The answers; `None` closes the form without.
        answers: Option<Vec<Answer>>,
    },
    /// Destroy it.
    Destroy {
        /// Which.
        room: BareJid,
        /// Where to go instead.
        alternate: Option<BareJid>,
        /// Why.
        reason: Option<String>,
    },
    /// Take away a message of somebody else (XEP-0425).
    Moderate {
        /// Where.
        room: BareJid,
        /// The row.
        key: MessageKey,
        /// Why.
        reason: Option<String>,
    },
    /// Ask to be allowed to write.
    RequestVoice(BareJid),
    /// Answer somebody who asks to be allowed to write.
    AnswerVoice {
        /// Where.
        room: BareJid,
        /// Their nickname.
        nick: String,
        /// Whether they may.
        allow: bool,
    },
    /// Keep a group chat in the list of the user's devices, as given.
    SetBookmark(Bookmark),
    /// Take it out of that list.
    RemoveBookmark(BareJid),
    /// Look for group chats; answered by [`RoomChange::Found`](crate::domain::room::RoomChange::Found), at once and
    /// again while more becomes known.
    Find {
        /// Comes back with the answers.
        number: u64,
        /// Where; at the user's own server, if `None`.
        service: Option<BareJid>,
        /// Words that must be in the name or the address; everything, if empty.
        text: String,
    },
    /// Show another picture, or none.
    SetPicture {
        /// Where.
        room: BareJid,
        /// The file: PNG, JPEG, GIF or WebP of at most 72 KiB.
        file: Option<Vec<u8>>,
    },
    /// Find out where group chats can be made at the user's own server, if that is not known; answered by
    /// [`RoomChange::Place`](crate::domain::room::RoomChange::Place).
    SeekPlace,
    /// Of what the user wants to hear.
    SetNotify {
        /// Where.
        room: BareJid,
        /// Of what.
        notify: Notify,
    },
}
