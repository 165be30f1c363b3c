//! A group chat as plain data: what it is, how the user stands in it, and who else is there (XEP-0045).

mod reason;
mod told;

use std::rc::Rc;

use serde::{Deserialize, Serialize};

pub use self::reason::Why;
pub use self::told::{
    Answered, Bookmark, FoundRoom, FoundRooms, Listed, OccupantEdit, RoomChange, RoomInvitation, RoomKind, RoomNews,
    RoomWish,
};
use super::presence::Availability;
use crate::jid::BareJid;

/// A group chat that the user is in, was in, or wishes to be in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Room {
    /// Its address, which is also the name of its conversation.
    pub address: BareJid,
    /// What it calls itself, or what the user's bookmark calls it.
    pub name: Option<String>,
    /// What it says about itself.
    pub description: Option<String>,
    /// How the user stands in it.
    pub phase: Phase,
    /// Under which nickname the user is, was or wishes to be there.
    pub nick: String,
    /// What the user may do there now.
    pub role: Role,
    /// How the user belongs to it.
    pub affiliation: Affiliation,
    /// What is talked about.
    pub subject: Option<Subject>,
    /// What kind of group chat it is.
    pub traits: Traits,
    /// The user's other devices know it, and enter it by themselves if this says so.
    pub bookmark: Option<bool>,
}

impl Room {
    /// One of which nothing is known.
    pub fn new(address: BareJid, nick: String) -> Self {
        Self {
            address,
            name: None,
            description: None,
            phase: Phase::Left,
            nick,
            role: Role::None,
            affiliation: Affiliation::None,
            subject: None,
            traits: Traits::default(),
            bookmark: None,
        }
    }

    /// Which of the two kinds it is nearer to.
    pub const fn kind(&self) -> RoomKind {
        if self.traits.members_only && self.traits.non_anonymous {
            RoomKind::PrivateGroup
        } else {
            RoomKind::PublicChannel
        }
    }

    /// Whether the user may write there.
    pub const fn may_speak(&self) -> bool {
        matches!(self.phase, Phase::Joined) && !matches!(self.role, Role::Visitor | Role::None)
    }

    /// Whether the user may write to one participant alone there. Where everybody sees the addresses of all one writes
    /// to those.
    pub const fn may_whisper(&self) -> bool {
        let allowed = match self.traits.whispers {
            Whispers::All | Whispers::Participants => true,
            Whispers::Moderators => matches!(self.role, Role::Moderator),
            Whispers::None => false,
        };
        allowed && self.may_speak() && !self.traits.non_anonymous
    }

    /// Whether the user may say what it is about (XEP-0045 §8.1).
    pub const fn may_set_subject(&self) -> bool {
        matches!(self.role, Role::Moderator) || (self.traits.subject_for_all && self.may_speak())
    }
}

/// How the user stands in a group chat.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Phase {
    /// Not there, by the user's own wish.
    #[default]
    Left,
    /// On the way in.
    Joining,
    /// There.
    Joined,
    /// Not let in, or put out.
    Refused(Why),
}

impl Phase {
    /// The stable name used by `data-phase`.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Left => "left",
            Self::Joining => "joining",
            Self::Joined => "joined",
            Self::Refused(_) => "refused",
        }
    }
}

/// What somebody may do in a group chat as long as they are there (XEP-0045 §5.1). The order is that of power.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Role {
    /// Nothing: they are not there.
    #[default]
    None,
    /// Read.
    Visitor,
    /// Read and write.
    Participant,
    /// Put people out, too, and give them voice.
    Moderator,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::None, Self::Visitor, Self::Participant, Self::Moderator];

    /// Its name in XEP-0045.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Visitor => "visitor",
            Self::Participant => "participant",
            Self::Moderator => "moderator",
        }
    }
}

/// How somebody belongs to a group chat, whether or not they are there (XEP-0045 §5.2). The order is that of power.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Affiliation {
    /// Not let in.
    Outcast,
    /// Not at all.
    #[default]
    None,
    /// Let in where only members are.
    Member,
    /// Decides about members.
    Admin,
    /// Decides about everything.
    Owner,
}

impl Affiliation {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Outcast, Self::None, Self::Member, Self::Admin, Self::Owner];

    /// Its name in XEP-0045.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Outcast => "outcast",
            Self::None => "none",
            Self::Member => "member",
            Self::Admin => "admin",
            Self::Owner => "owner",
        }
    }
}

/// What is talked about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// The words; never empty.
    pub text: String,
    /// The nickname of whoever set it, if that was said.
    pub by: Option<String>,
}

/// What a group chat says of itself (XEP-0045 §15.3 and what it announces else).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Traits {
    /// It has answered: until then nothing of the rest is known.
    pub known: bool,
    /// Only members are let in.
    pub members_only: bool,
    /// Everybody there sees the addresses of all.
    pub non_anonymous: bool,
    /// It is in no list.
    pub hidden: bool,
    /// Whoever is new there may only read.
    pub moderated: bool,
    /// It stays when the last one has left.
    pub persistent: bool,
    /// It wants a password.
    pub password: bool,
    /// What is said there is kept, and those who come later may read it.
    pub logged: bool,
    /// Everybody who may write may change the subject.
    pub subject_for_all: bool,
    /// Members may invite.
    pub members_invite: bool,
    /// It has an archive that we can ask (XEP-0313).
    pub archive: bool,
    /// It tells its people apart by names that nobody can take from them (XEP-0421).
    pub occupant_ids: bool,
    /// It gives names to messages, so that one can answer, react and take back (XEP-0359).
    pub message_ids: bool,
    /// Its moderators can take away the messages of others (XEP-0425).
    pub moderation: bool,
    /// The same, in its form of then.
    pub old_moderation: bool,
    /// Who may say something to one participant alone.
    pub whispers: Whispers,
}

/// Who may say something to one participant of a group chat alone (XEP-0045 §15.5.3, `muc#roomconfig_allowpm`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Whispers {
    /// Everybody, as far as it says.
    #[default]
    All,
    /// Who may write to all.
    Participants,
    /// Moderators.
    Moderators,
    /// Nobody.
    None,
}

/// Somebody who is in a group chat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Occupant {
    /// Names them for as long as they stay there, whatever they call themselves; never given twice.
    pub number: u64,
    /// How they call themselves.
    pub nick: Rc<str>,
    /// The name that the group chat gave them (XEP-0421): only if it says that it does.
    pub occupant_id: Option<Rc<str>>,
    /// Their address, if the group chat shows it to us.
    pub address: Option<BareJid>,
    /// What they may do.
    pub role: Role,
    /// How they belong to it.
    pub affiliation: Affiliation,
    /// Labels that the group chat gave them (XEP-0317).
    pub hats: Vec<Rc<str>>,
    /// How reachable they are.
    pub availability: Availability,
    /// It is the user.
    pub is_me: bool,
}

/// Who wrote a message in a group chat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Author {
    /// How they called themselves.
    pub nick: Rc<str>,
    /// The name that the group chat gave them (XEP-0421).
    pub occupant_id: Option<Rc<str>>,
    /// Their address, if the group chat told.
    pub address: Option<BareJid>,
    /// The occupant they were ([`Occupant::number`]), if the message came while they were there.
    pub number: Option<u64>,
}

impl Author {
    /// Somebody who is there.
    pub fn of(one: &Occupant) -> Self {
        Self {
            nick: one.nick.clone(),
            occupant_id: one.occupant_id.clone(),
            address: one.address.clone(),
            number: Some(one.number),
        }
    }

    /// Whether somebody who is there is certainly this one, by the name that the group chat gave them or by their stay.
    pub fn is(&self, one: &Occupant) -> bool {
        match (&self.occupant_id, &one.occupant_id) {
            (Some(known), Some(id)) => known == id,
            _ => self.number == Some(one.number),
        }
    }

    /// Whether two messages are certainly of one person. A nickname proves nothing: anybody can take it once it is free
    /// (XEP-0308 §5, XEP-0421 §5).
    pub fn is_same(&self, other: &Self) -> bool {
        match (&self.occupant_id, &other.occupant_id) {
            (Some(one), Some(other)) => one == other,
            (None, None) => {
                (self.number.is_some() && self.number == other.number && self.nick == other.nick)
                    || (self.address.is_some() && self.address == other.address)
            }
            _ => false,
        }
    }

    /// Under what the ids of their messages are told from those that others gave.
    pub fn scope(&self) -> &str {
        self.occupant_id.as_deref().unwrap_or(&self.nick)
    }
}

/// What is kept of a group chat on this device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptRoom {
    /// As it was shown last.
    pub room: Room,
    /// The password that let the user in.
    pub password: Option<String>,
    /// The name that it gave the user (XEP-0421).
    pub own_id: Option<Rc<str>>,
}
