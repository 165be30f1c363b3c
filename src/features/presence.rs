//! RFC 6121 §4: who is there, and that we are.

use super::{Context, Feature};
use crate::domain::presence::{Availability, Device, OwnPresence};
use crate::jid::Jid;
use crate::wire::idle;
use crate::wire::stanza::{Presence, PresenceKind, Show};

/// Characters of a status text that are kept.
const STATUS: usize = 1_000;
/// Characters of a resource that are kept for showing.
const RESOURCE: usize = 200;

/// Announces us and listens to others.
#[derive(Debug, Default)]
pub struct Presences;

impl Presences {
    /// Tells everybody who may know how reachable we are.
    pub fn announce(context: &mut Context<'_>) {
        let presence = own(&context.domain.own_presence);
        context.send(presence);
    }
}

/// Own presence as it was chosen.
fn own(chosen: &OwnPresence) -> Presence {
    let mut presence = Presence::new(PresenceKind::Available);
    presence.show = match chosen.availability {
        Availability::Xa => Some(Show::Xa),
        Availability::Away => Some(Show::Away),
        Availability::Dnd => Some(Show::Dnd),
        Availability::Chat => Some(Show::Chat),
        // Plain availability has no word of its own (§4.7.2.1).
        Availability::Available | Availability::Unavailable => None,
    };
    presence.status.clone_from(&chosen.status);
    presence
}

impl Feature for Presences {
    fn fresh_stream(&mut self, context: &mut Context<'_>) {
        context.domain.contacts.all_gone();
        Self::announce(context);
    }

    fn presence(&mut self, context: &mut Context<'_>, from: &Jid, presence: &Presence) {
        let own_account = from.bare() == context.me.bare();
        match (presence.kind, from.resource()) {
            // Somebody told the world that we are gone, and we are not.
            (PresenceKind::Unavailable, Some(resource)) if own_account && resource == context.me.resource() => {
                Self::announce(context);
            }
            (PresenceKind::Available, Some(resource)) if !own_account => {
                let availability = match presence.show {
                    Some(Show::Away) => Availability::Away,
                    Some(Show::Chat) => Availability::Chat,
                    Some(Show::Dnd) => Availability::Dnd,
                    Some(Show::Xa) => Availability::Xa,
                    None => Availability::Available,
                };
                let status = presence.status.as_deref().map(|text| text.trim().chars().take(STATUS).collect());
                let resource = resource.chars().take(RESOURCE).collect();
                let idle_since = idle::since(&presence.payloads, context.now.timestamp);
                let device = Device {
                    resource,
                    availability,
                    status,
                    priority: presence.priority,
                    idle_since,
                    ..Device::default()
                };
                context.domain.contacts.device(from.bare(), device);
            }
            (PresenceKind::Unavailable, resource) if !own_account => {
                let resource = resource.map(|resource| resource.chars().take(RESOURCE).collect::<String>());
                context.domain.contacts.device_gone(from.bare(), resource.as_deref());
            }
            _ => {}
        }
    }
}
