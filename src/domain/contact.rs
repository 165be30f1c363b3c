//! A contact, and a stranger's wish to become one.

use serde::{Deserialize, Serialize};

use super::presence::{Availability, Device, Skill};
use crate::clock::Timestamp;
use crate::jid::BareJid;

/// Who sees whose presence (RFC 6121 §2.1.2.5).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Subscription {
    /// Neither sees the other.
    #[default]
    None,
    /// We see them.
    To,
    /// They see us.
    From,
    /// Each sees the other.
    Both,
}

impl Subscription {
    /// Whether we see their presence.
    pub const fn we_see_them(self) -> bool {
        matches!(self, Self::To | Self::Both)
    }

    /// Whether they see our presence.
    pub const fn they_see_us(self) -> bool {
        matches!(self, Self::From | Self::Both)
    }
}

/// An entry of the contact list, with what its devices say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// Who it is.
    pub address: BareJid,
    /// The name that the user gave; never empty.
    pub name: Option<String>,
    /// The name that they gave themselves (XEP-0172): a claim; it has something that can be seen.
    pub nickname: Option<String>,
    /// The groups that the user sorted it into; distinct, none empty.
    pub groups: Vec<String>,
    /// Who sees whom.
    pub subscription: Subscription,
    /// We asked to see their presence and wait for an answer.
    pub asked: bool,
    /// Their future request is approved beforehand (RFC 6121 §3.4).
    pub approved: bool,
    /// Connected devices, the one to show first.
    pub devices: Vec<Device>,
}

impl Contact {
    /// A contact of whom only the address is known.
    pub const fn new(address: BareJid) -> Self {
        Self {
            address,
            name: None,
            nickname: None,
            groups: Vec::new(),
            subscription: Subscription::None,
            asked: false,
            approved: false,
            devices: Vec::new(),
        }
    }

    /// The name to show: the user's own name for them, else their own, else the part before the `@`, else the domain.
    pub fn display_name(&self) -> &str {
        let given = self.name.as_deref().or(self.nickname.as_deref());
        given.unwrap_or_else(|| self.address.local().unwrap_or_else(|| self.address.domain()))
    }

    /// How reachable they are, by the device to show.
    pub fn availability(&self) -> Availability {
        self.devices.first().map_or(Availability::Unavailable, |device| device.availability)
    }

    /// Whether some device of theirs can do something; `None` while that is not known of any.
    pub fn can(&self, skill: Skill) -> Option<bool> {
        let known = self.devices.iter().filter_map(|device| device.about.skills);
        known.map(|skills| skills.has(skill)).reduce(|some, one| some || one)
    }

    /// Since when nobody has used any of their devices, if all of them tell.
    pub fn idle_since(&self) -> Option<Timestamp> {
        let mut latest = None;
        for device in &self.devices {
            latest = latest.max(Some(device.idle_since?));
        }
        latest
    }

    /// The text they wrote, by the device to show.
    pub fn status(&self) -> Option<&str> {
        self.devices.first().and_then(|device| device.status.as_deref())
    }
}

/// Somebody asks to see our presence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactRequest {
    /// Who asks.
    pub address: BareJid,
    /// The name they call themselves (XEP-0172): a claim, shown beside the address and never in its place.
    pub nickname: Option<String>,
    /// What they wrote with it.
    pub message: Option<String>,
}
