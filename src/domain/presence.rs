//! Whether somebody can be reached, as a person reads it.

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;

/// How reachable somebody is. The order is the order of interest: the best device of a contact comes last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Availability {
    /// No device is connected, or none that we may see.
    #[default]
    Unavailable,
    /// Away for long.
    Xa,
    /// Away for a while.
    Away,
    /// Connected, but does not want to be disturbed.
    Dnd,
    /// Connected.
    Available,
    /// Connected and looking for a chat.
    Chat,
}

impl Availability {
    /// The stable name used by `data-presence`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unavailable => "unavailable",
            Self::Xa => "xa",
            Self::Away => "away",
            Self::Dnd => "dnd",
            Self::Available => "available",
            Self::Chat => "chat",
        }
    }

    /// All of them, the most interesting first.
    pub const BEST_FIRST: [Self; 6] = [Self::Chat, Self::Available, Self::Dnd, Self::Away, Self::Xa, Self::Unavailable];

    /// Whether any device is connected.
    pub const fn is_online(self) -> bool {
        !matches!(self, Self::Unavailable)
    }
}

/// Something that a device may be able to do, and on which something here depends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Skill {
    /// Understands and tells who is typing (XEP-0085).
    Typing,
    /// Tells that a message was delivered (XEP-0184).
    Receipts,
    /// Tells the time at its place (XEP-0202).
    LocalTime,
    /// Tells which version it is (XEP-0092).
    Version,
}

/// The skills of a device.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skills(u16);

impl Skills {
    /// The same with one more.
    #[must_use]
    pub const fn with(self, skill: Skill) -> Self {
        Self(self.0 | skill.bit())
    }

    /// Whether it is one of them.
    pub const fn has(self, skill: Skill) -> bool {
        self.0 & skill.bit() != 0
    }
}

impl Skill {
    /// Its place in a record on disk.
    const fn bit(self) -> u16 {
        match self {
            Self::Typing => 1,
            Self::Receipts => 2,
            Self::LocalTime => 4,
            Self::Version => 8,
        }
    }
}

/// What is known of the program on a device.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// The word under which it announces what it can (XEP-0115). Everything below is known under this word only.
    pub announced: Option<String>,
    /// What it can; `None` while that is not known.
    pub skills: Option<Skills>,
    /// How the program calls itself; never empty.
    pub software: Option<String>,
    /// Its version; never empty.
    pub version: Option<String>,
    /// How many minutes the clock on its wall is ahead of UTC.
    pub offset: Option<i32>,
}

/// What one connected device of a contact says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// The resource: the name of the device, chosen by its client.
    pub resource: String,
    /// How reachable its user is there.
    pub availability: Availability,
    /// The text that the user wrote; never empty.
    pub status: Option<String>,
    /// -128 to 127; the highest is the device to show (RFC 6121 §4.7.2.3).
    pub priority: i8,
    /// Since when nobody has used it, if it tells (XEP-0319).
    pub idle_since: Option<Timestamp>,
    /// What is known of the program on it.
    pub about: About,
}

/// Own availability, as chosen by the user. It outlives a connection and is announced again on each new one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnPresence {
    /// What the user chose; `Unavailable` is not offered while signed in.
    pub availability: Availability,
    /// The text that the user wrote; never empty.
    pub status: Option<String>,
}

impl Default for OwnPresence {
    /// Who signs in wants to be reached.
    fn default() -> Self {
        Self { availability: Availability::Available, status: None }
    }
}
