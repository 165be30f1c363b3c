//! What a view must show.

use serde::{Deserialize, Serialize};

use super::account::{Account, Connection};
use super::blocked::Blocked;
use super::contact::{Contact, ContactRequest};
use super::conversation::Conversation;
use super::desk::{DeskChange, DeskNews};
use super::errand::Errand;
use super::face::FaceChange;
use super::presence::OwnPresence;
use super::privacy::Privacy;
use super::problem::Refusal;
use super::room::{RoomChange, RoomNews};
use super::search::{Found, HitPlace};
use super::timeline::{History, Message, MessageKey};
use super::upload::{Slot, Trouble, Uploads};
use crate::jid::BareJid;

/// One thing that is different now. A change carries the new value whole, so applying it twice does no harm,
/// and a later change of the same thing replaces an earlier one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Change {
    /// Everything that was shown is void; what holds now follows at once.
    Reset,
    /// Whether what is shown will be here at the next visit.
    Storage(Storage),
    /// Who is signed in; `None` shows the sign-in form and empties everything else.
    Account(Option<Account>),
    /// Where the connection stands.
    Connection(Connection),
    /// Own availability.
    OwnPresence(OwnPresence),
    /// What the server can do that changes what is offered to the user.
    Abilities(Abilities),
    /// There is a place for a file, or none, for whoever asked under this name; nobody else minds.
    Slot(String, Result<Slot, Trouble>),
    /// What the user does about the account itself.
    Errand(Errand),
    /// The contact list, whole.
    Contacts(Vec<Contact>),
    /// A contact is new or different.
    Contact(Contact),
    /// A contact is gone.
    ContactGone(BareJid),
    /// Somebody asks to become a contact.
    Request(ContactRequest),
    /// A contact request is settled.
    RequestGone(BareJid),
    /// A conversation is new or different.
    Conversation(Conversation),
    /// A conversation is gone from this device.
    ConversationGone(BareJid),
    /// How the user is called by others, if they said so.
    OwnNickname(Option<String>),
    /// Whom the user blocked, everybody.
    Blocked(Blocked),
    /// What is known of the time before the first row of a conversation.
    History(BareJid, History),
    /// Whether the other one is writing.
    Writing(BareJid, bool),
    /// What others are told about the user.
    Privacy(Privacy),
    /// Rows of a conversation.
    Timeline(BareJid, TimelineEdit),
    /// What a search found.
    Found(Found),
    /// The answer to a wish to go to a message.
    Reached {
        /// In which conversation.
        peer: BareJid,
        /// Where it was said to be.
        place: HitPlace,
        /// Its row, which is in memory now; `None` if it cannot be had.
        key: Option<MessageKey>,
    },
    /// Something about group chats.
    Room(RoomChange),
    /// Something about the pictures that addresses show.
    Face(FaceChange),
    /// Something about support desks.
    Desk(DeskChange),
    /// Something to tell the user once.
    Notice(Notice),
}

/// What happened to the rows of one conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TimelineEdit {
    /// A new row stands right before the row `before`, or at the end. Inserting a key that exists replaces and moves it.
    Insert {
        /// The row.
        message: Message,
        /// The row that follows it.
        before: Option<MessageKey>,
    },
    /// A row is different; its place is the same.
    Update(Message),
    /// A row is gone.
    Remove(MessageKey),
    /// The rows before this one are no longer held; they come back when somebody scrolls there.
    Trim(MessageKey),
    /// The names of a row, for whoever asked.
    Names(Names),
}

/// By which names others know a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Names {
    /// The row.
    pub key: MessageKey,
    /// The id that its sender gave it.
    pub id: Option<String>,
    /// The id that the archive gave it.
    pub archive_id: Option<String>,
}

/// Whether what is shown will be here at the next visit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Storage {
    /// The user did not ask for it.
    #[default]
    NotWanted,
    /// It will.
    Kept,
    /// The user asked for it, and this browser refuses.
    Refused,
}

/// Optional powers of the server.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Abilities {
    /// Requests can be approved before they come (RFC 6121 §3.4).
    pub pre_approval: bool,
    /// Addresses can be blocked (XEP-0191).
    pub blocking: bool,
    /// What is blocked can be told to be spam (XEP-0377).
    pub reporting: bool,
    /// Files can be put on the web (XEP-0363), and what of them.
    pub upload: Option<Uploads>,
}

/// Something to tell the user once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Notice {
    /// A wish of the user about somebody was refused.
    Refused {
        /// What was wished.
        wish: Wish,
        /// About whom.
        address: BareJid,
        /// Why not.
        refusal: Refusal,
    },
    /// Somebody who had asked, or was asked, let us see their presence.
    Accepted(BareJid),
    /// Somebody declined, or ended, showing us their presence.
    Declined(BareJid),
    /// The text is longer than one message may be.
    TextTooLong {
        /// To whom it was to go.
        peer: BareJid,
        /// The most bytes that a message may have.
        limit: usize,
    },
    /// The keys for the next visit could not be kept on this device.
    NotRemembered,
    /// A text could not be kept and was therefore not sent; it is the draft again.
    NotKept {
        /// To whom it was to go.
        peer: BareJid,
    },
    /// What was wished needs a connection, and there is none.
    NotConnected(Wish),
    /// So many files were not sent before the page was loaded again.
    FilesForgotten(u32),
    /// Something happened in a group chat.
    Room(BareJid, RoomNews),
    /// Something happened to a visit of the desk.
    Desk(BareJid, DeskNews),
}

/// Wishes that can be refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Wish {
    /// Adding a contact.
    Add,
    /// Renaming or sorting a contact.
    Edit,
    /// Removing a contact.
    Remove,
    /// Seeing somebody's presence.
    Subscribe,
    /// Blocking an address.
    Block,
    /// Unblocking an address.
    Unblock,
    /// Telling others how one is called.
    Nickname,
}
