//! Whether somebody can be reached, as a person reads it.

use serde::{Deserialize, Serialize};

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

/// What one connected device of a contact says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// The resource: the name of the device, chosen by its client.
    pub resource: String,
    /// How reachable its user is there.
    pub availability: Availability,
    /// The text that the user wrote; never empty.
    pub status: Option<String>,
    /// -128 to 127; the highest is the device to show (RFC 6121 §4.7.2.3).
    pub priority: i8,
}

/// Own availability, as chosen by the user. It outlives a connection and is announced again on each new one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnPresence {
    /// What the user chose; `Unavailable` is not offered while signed in.
    pub availability: Availability,
    /// The text that the user wrote; never empty.
    pub status: Option<String>,
}
