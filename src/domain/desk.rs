//! A support desk as plain data: the visits that its agents see, and the visit of somebody who asks a desk for help.
//!
//! A visit is a group chat of its own, and its unguessable address is the key to it. What became of it is shared between
//! the agents of one account by that account alone; nothing that is said in the group chat changes it.

use serde::{Deserialize, Serialize};

use super::problem::Refusal;
use crate::clock::Timestamp;
use crate::jid::BareJid;

/// How the local part of every visit's address begins.
pub const PREFIX: &str = "visit-";
/// Characters behind it: 128 bits in hexadecimal digits.
const SECRET: usize = 32;
/// Visits that are known at a time.
const MOST: usize = 200;
/// Characters of a name, and of what a visit is about.
const NAME: usize = 60;
const TOPIC: usize = 300;
/// Milliseconds for which a visit that was ended can still be read, and one that nobody took waits: two weeks. Told by
/// the clocks of our own devices; one that is wrong takes away sooner what nobody would come back to.
pub const KEPT: i64 = 14 * 86_400_000;

/// Whether an address can be that of a visit. Without this a stranger could have an agent close any group chat that the
/// desk owns, by calling it a visit.
pub fn is_visit(room: &BareJid) -> bool {
    let secret = room.local().and_then(|local| local.strip_prefix(PREFIX));
    secret.is_some_and(|secret| secret.len() == SECRET && secret.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// Somebody who asks the desk for help.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    /// The group chat in which they are spoken to.
    pub room: BareJid,
    /// What became of it.
    pub stage: Stage,
    /// Since when.
    pub since: Timestamp,
    /// How the visitor wants to be called.
    pub name: Option<String>,
    /// What it is about, in the visitor's words.
    pub topic: Option<String>,
}

/// What became of a visit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stage {
    /// Nobody cares for it yet.
    Waiting,
    /// An agent does.
    Taken {
        /// The agent's name.
        by: String,
        /// Who handed it over, if somebody did.
        from: Option<String>,
    },
    /// It is over.
    Closed,
}

impl Visit {
    /// One that waits, with names clipped to what can be shown.
    pub fn new(room: BareJid, since: Timestamp, name: Option<&str>, topic: Option<&str>) -> Self {
        let clip = |text: &str, most| super::fold::seen_name(text).map(|text| text.chars().take(most).collect());
        let (name, topic) = (name.and_then(|name| clip(name, NAME)), topic.and_then(|topic| clip(topic, TOPIC)));
        Self { room, stage: Stage::Waiting, since, name, topic }
    }

    /// Who cares for it.
    pub fn agent(&self) -> Option<&str> {
        match &self.stage {
            Stage::Taken { by, .. } => Some(by),
            _ => None,
        }
    }
}

/// The agents' side, as it is shown and kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Desk {
    /// The user said that this account is a desk.
    pub on: bool,
    /// The name that was chosen for the agent at this device.
    pub name: Option<String>,
    /// By which name that agent goes: without a chosen one, that of the account.
    pub me: String,
    /// The visits that are known, in the order in which they came.
    pub visits: Vec<Visit>,
    /// The names of agents at other devices of the account.
    pub agents: Vec<String>,
}

impl Desk {
    /// One visit.
    pub fn visit(&self, room: &BareJid) -> Option<&Visit> {
        self.visits.iter().find(|visit| visit.room == *room)
    }

    /// How many wait.
    pub fn waiting(&self) -> usize {
        self.visits.iter().filter(|visit| visit.stage == Stage::Waiting).count()
    }

    /// Whether the agent at this device cares for a visit.
    pub fn is_mine(&self, room: &BareJid) -> bool {
        self.visit(room).and_then(Visit::agent) == Some(&self.me)
    }

    /// Takes a visit in, or what became of one, unless there are too many.
    pub fn put(&mut self, mut visit: Visit) -> bool {
        if let Some(known) = self.visits.iter_mut().find(|known| known.room == visit.room) {
            visit.name = visit.name.or_else(|| known.name.clone());
            visit.topic = visit.topic.or_else(|| known.topic.clone());
            *known = visit;
            return true;
        }
        if self.visits.len() >= MOST {
            // What is over makes room for what is not.
            let over = self.visits.iter().position(|known| known.stage == Stage::Closed);
            let Some(over) = over else { return false };
            self.visits.remove(over);
        }
        self.visits.push(visit);
        true
    }

    /// Forgets a visit.
    pub fn drop_visit(&mut self, room: &BareJid) {
        self.visits.retain(|visit| visit.room != *room);
    }
}

/// The visitor's side: the own visit at a desk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnVisit {
    /// The group chat; of no meaning before it is [`Own::Asked`]. Whoever knows it can come back.
    pub room: Option<BareJid>,
    /// The secret by which own messages are known again under another anonymous address.
    pub key: String,
    /// How the visitor wants to be called.
    pub nick: String,
    /// Up to which message of the archive the visitor has read.
    pub read: Option<String>,
    /// How far it came.
    pub stage: Own,
}

/// How far an own visit came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Own {
    /// It is being made.
    Making,
    /// The desk was asked to come, and it goes on.
    Asked,
    /// It is over: the desk or the visitor ended it, or it is there no more.
    Ended,
    /// There can be no group chat: it is a conversation with this address, and ends with the page.
    Direct(BareJid),
    /// The desk cannot be asked.
    Refused(Refusal),
}

/// Something about desks that is different.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DeskChange {
    /// The agents' side, whole.
    Desk(Desk),
    /// The visitor's side.
    Own(Option<OwnVisit>),
}

/// Something about visits to tell once; beside it stands the group chat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DeskNews {
    /// A new one waits.
    Waiting,
    /// Another agent took it, too, and has it.
    Lost(String),
    /// An agent handed it over to this one.
    Handed(String),
    /// The other agents could not be told what became of it.
    NotShared(Refusal),
}
