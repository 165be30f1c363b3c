//! What is told of group chats: to a view, and once to the user.

use serde::{Deserialize, Serialize};

use super::{Affiliation, Occupant, Room};
use crate::domain::problem::Refusal;
use crate::form::Form;
use crate::jid::{BareJid, Jid};

/// One thing that is different about group chats.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RoomChange {
    /// A group chat is new or different.
    Room(Room),
    /// A group chat is of no concern any more; its conversation stays.
    Gone(BareJid),
    /// Who is in it, all that became different in one slice of work, each person once.
    Occupants(BareJid, Vec<OccupantEdit>),
    /// What waits to be answered, everything.
    Invitations(Vec<RoomInvitation>),
    /// The group chats that the user's devices know, everything, in the order of their addresses.
    Bookmarks(Vec<Bookmark>),
    /// What was found.
    Found(FoundRooms),
    /// Where group chats can be made at the user's own server; `None` if it has no such place.
    Place(Option<BareJid>),
    /// What one calls itself that the user is not in.
    Named(BareJid, String),
    /// An answer to a wish.
    Answered(BareJid, Answered),
}

/// What happened to who is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum OccupantEdit {
    /// Nobody is known to be there.
    Nobody,
    /// Somebody is new or different.
    Put(Occupant),
    /// Somebody left; by number.
    Gone(u64),
}

/// An answer that a view waits for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Answered {
    /// The form that sets it up.
    Form(Form),
    /// The form was taken.
    Configured,
    /// Who belongs to it in this way.
    Members(Affiliation, Vec<Listed>),
    /// That is not told, and why.
    NotListed(Affiliation, Refusal),
    /// A wish was refused. The same is told once as [`RoomNews::Refused`].
    Refused(RoomWish, Refusal),
}

/// Somebody in a list of those who belong to a group chat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// Their address.
    pub address: BareJid,
    /// The nickname that is kept for them, or that they have.
    pub nick: Option<String>,
    /// Why they are in the list, as it was said.
    pub reason: Option<String>,
}

/// Somebody invites the user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomInvitation {
    /// Where to.
    pub room: BareJid,
    /// Who invites. In a mediated invitation that is the word of the group chat, or a participant of it.
    pub from: Option<Jid>,
    /// The group chat passed it on, so it can be declined there.
    pub mediated: bool,
    /// Why, in their words.
    pub reason: Option<String>,
    /// The password, if it came along.
    pub password: Option<String>,
}

/// A group chat that the user's devices know (XEP-0402, XEP-0048).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bookmark {
    /// Its address.
    pub room: BareJid,
    /// What the user calls it.
    pub name: Option<String>,
    /// Under which nickname the user wants to be there.
    pub nick: Option<String>,
    /// The password.
    pub password: Option<String>,
    /// Devices enter it by themselves.
    pub autojoin: bool,
}

/// What a search for group chats found so far.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundRooms {
    /// The number of the search.
    pub number: u64,
    /// In no order.
    pub rooms: Vec<FoundRoom>,
    /// Nothing more will come.
    pub done: bool,
    /// Somebody who was asked refused, or did not answer.
    pub failed: bool,
}

/// A group chat that can be found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundRoom {
    /// Its address.
    pub address: BareJid,
    /// What it calls itself.
    pub name: Option<String>,
    /// What it says about itself.
    pub description: Option<String>,
    /// How many people are there.
    pub people: Option<u32>,
}

/// The two kinds that are offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RoomKind {
    /// Members only, everybody sees the addresses of all, in no list.
    PrivateGroup,
    /// Open to everybody, who is who is known to moderators only, in lists.
    PublicChannel,
}

/// Something that happened in a group chat, to be told once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RoomNews {
    /// The user's wish made it: nobody else is there (201).
    Created,
    /// The user is there under another nickname than wished (210).
    NickGiven(String),
    /// Everybody there sees the addresses of all, on entering (100) or from now on (172).
    AddressesShown,
    /// Only moderators see addresses from now on (173), or nobody does (174).
    AddressesHidden,
    /// What is said there is kept for those who come later, on entering or from now on (170).
    Logged,
    /// It is kept no longer (171).
    NotLogged,
    /// It shows who is not there any more (102), or no longer does (103).
    ShowsAbsent(bool),
    /// It was set up anew (104).
    SetUpAnew,
    /// The user belongs to it in another way (101, or a presence).
    Belongs(Affiliation),
    /// The user may write, or no longer.
    Voice(bool),
    /// Somebody declined an invitation of the user.
    Declined {
        /// Who.
        by: Jid,
        /// Why.
        reason: Option<String>,
    },
    /// Somebody asks to be allowed to write, and the user decides.
    WantsVoice {
        /// The nickname.
        nick: String,
        /// Their address, if it was told.
        address: Option<BareJid>,
    },
    /// The user wanted to go in there, and it is somebody's address.
    NoGroup,
    /// A wish was refused.
    Refused(RoomWish, Refusal),
    /// A wish needs a connection, or to be in the group chat.
    NotThere(RoomWish),
}

/// Wishes about group chats that can be refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum RoomWish {
    /// Another nickname.
    Nick,
    /// Another subject.
    Subject,
    /// Inviting somebody.
    Invite,
    /// What somebody may do; also putting somebody out.
    Role,
    /// How somebody belongs to it; also banning somebody.
    Affiliation,
    /// The list of those who belong to it.
    Members,
    /// Setting it up.
    Configure,
    /// Destroying it.
    Destroy,
    /// Taking a message of somebody else away.
    Moderate,
    /// Being allowed to write.
    Voice,
    /// Keeping it in the list of the user's devices.
    Bookmark,
    /// Another picture.
    Picture,
}
