//! What a person can ask for.

use std::fmt;
use std::rc::Rc;

use serde::{Deserialize, Serialize};

use super::account::Order;
use super::desk::DeskOrder;
use super::rooms::RoomOrder;
use crate::clock::Timestamp;
use crate::domain::conversation::Arrange;
use crate::domain::presence::OwnPresence;
use crate::domain::privacy::Privacy;
use crate::domain::room::Author;
use crate::domain::search::HitPlace;
use crate::domain::timeline::{Manner, MessageKey};
use crate::domain::upload::Wanted;
use crate::jid::{BareJid, Jid};

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
    /// Sign in with a token that somebody else made for an account.
    LogInWithToken {
        /// The account.
        address: BareJid,
        /// The token.
        token: Password,
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
    /// Send something that is more than a plain text.
    Send {
        /// As with [`Command::SendText`].
        id: Option<String>,
        /// To whom.
        peer: BareJid,
        /// What.
        what: Sending,
    },
    /// The user is writing to somebody, or has emptied the field.
    Writing {
        /// To whom.
        peer: BareJid,
        /// Whether there is something in the field.
        writes: bool,
    },
    /// What others are told about the user.
    SetPrivacy(Privacy),
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
    /// Find out whether files can be sent, if nobody did on this stream.
    SeekUploads,
    /// Ask for a place for a file; answered by [`Change::Slot`](super::change::Change::Slot).
    AskSlot {
        /// Names the wish: drawn by the page, and used for nothing else.
        id: String,
        /// What the file is.
        wanted: Wanted,
    },
    /// Keep what is typed and not sent; an empty text is none.
    SetDraft {
        /// To whom.
        peer: BareJid,
        /// What.
        text: String,
    },
    /// What is typed in a group chat is for one participant alone, or for all again.
    SetPrivate {
        /// The group chat.
        peer: BareJid,
        /// For whom alone.
        to: Option<Rc<Author>>,
    },
    /// Fetch what is older than the first row of a conversation.
    LoadOlder(BareJid),
    /// Fetch what is missing, where an earlier try failed.
    LoadMissing,
    /// Open a conversation, so that it is in the list even without messages.
    OpenConversation(BareJid),
    /// Look for messages; answered by [`super::change::Change::Found`], at once and again while more becomes known.
    Search {
        /// Comes back with the answers. Its upper half names the page, which has one search at a time.
        number: u64,
        /// What was typed; nothing ends the search.
        text: String,
        /// How many results are wanted at most.
        most: u32,
        /// How many minutes the user's clock is ahead of UTC.
        zone: i32,
    },
    /// Ask the archive of the server, too, if it searches texts.
    SearchArchive {
        /// The number of the search.
        number: u64,
    },
    /// Bring a message that was found into memory; answered by [`super::change::Change::Reached`].
    GoTo {
        /// In which conversation.
        peer: BareJid,
        /// Where it is.
        place: HitPlace,
    },
    /// Tell by which names others know a message; answered by [`super::change::TimelineEdit::Names`].
    Identify {
        /// In which conversation.
        peer: BareJid,
        /// The row.
        key: MessageKey,
    },
    /// Which conversations the user looks at now, one for each page at most: shown, scrolled to its end, and the
    /// window focused.
    Attend(Vec<BareJid>),
    /// Which conversations are on a page, whether or not anybody looks.
    Show(Vec<BareJid>),

    /// Let contacts know by which name one goes (XEP-0172), or by none.
    SetNickname(Option<String>),
    /// Nobody has used any page since then, and contacts may know; `None` as soon as somebody does.
    Idle(Option<Timestamp>),
    /// How many minutes the clock on the wall here is ahead of UTC, if contacts may know.
    TellTime(Option<i32>),
    /// Somebody is looked at: ask their devices what they are and which time it is there.
    LookUp(BareJid),
    /// Let nothing of an address through (XEP-0191).
    Block(BareJid),
    /// The same, and tell the server that it sent spam (XEP-0377).
    Report(BareJid),
    /// Let an address through again.
    Unblock(Jid),
    /// Pin, mute, put away or delete a conversation on this device.
    Arrange(BareJid, Arrange),
    /// Something about group chats.
    Room(RoomOrder),
    /// The picture of an address is on a page: fetch it, if it is not here; answered by
    /// [`FaceChange::Is`](crate::domain::face::FaceChange::Is).
    WantFace(BareJid),
    /// Something about support desks.
    Desk(DeskOrder),
}

/// Something to send that is more than a plain text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Sending {
    /// A text that answers another message, or wants to be shown in a manner of its own. What answers a message of one
    /// participant to the user alone goes to them alone.
    Text {
        /// What was typed.
        text: String,
        /// The row that it answers.
        reply: Option<MessageKey>,
        /// How it wants to be shown.
        manner: Manner,
    },
    /// A text for one participant of a group chat alone (XEP-0045 §7.5).
    Whisper {
        /// For whom: it goes to nobody else, however they call themselves.
        to: Rc<Author>,
        /// What was typed.
        text: String,
        /// The row that it answers.
        reply: Option<MessageKey>,
        /// How it wants to be shown.
        manner: Manner,
    },
    /// Another text in place of that of an own message.
    Correct {
        /// The row.
        key: MessageKey,
        /// What was typed.
        text: String,
    },
    /// Take an own message back.
    Retract(MessageKey),
    /// Give a message these signs, and no others.
    React {
        /// The row.
        key: MessageKey,
        /// The signs.
        emojis: Vec<String>,
    },
}

impl Command {
    /// The id of something that is sent to somebody: only once, however often it is asked for.
    pub const fn sending(&mut self) -> Option<&mut Option<String>> {
        match self {
            Self::SendText { id, .. } | Self::Send { id, .. } => Some(id),
            _ => None,
        }
    }

    /// Whose messages must be in memory for it.
    pub const fn needs(&self) -> Option<&BareJid> {
        match self {
            Self::SendText { peer, .. }
            | Self::Send { peer, .. }
            | Self::Retry { peer, .. }
            | Self::Discard { peer, .. }
            | Self::LoadOlder(peer) => Some(peer),
            _ => None,
        }
    }
}

/// A password on its way to the server. It never shows itself in a log.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Password(pub String);

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}
