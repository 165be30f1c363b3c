//! XEP-0319: tells with presence since when the user has not touched any page, if they want that told.

use super::Feature;
use crate::clock::Timestamp;
use crate::wire::stanza::{Presence, Show};
use crate::wire::xml::Element;
use crate::wire::{ns, time};

/// Since when nobody has been here.
#[derive(Debug, Default)]
pub struct Idle {
    since: Option<Timestamp>,
}

impl Idle {
    /// Nobody has been here since then, or somebody is. Whether that is news.
    pub fn set(&mut self, since: Option<Timestamp>) -> bool {
        std::mem::replace(&mut self.since, since) != since
    }
}

impl Feature for Idle {
    fn decorate(&self, presence: &mut Presence) {
        let Some(since) = self.since.and_then(time::write) else { return };
        presence.payloads.push(Element::new(ns::IDLE, "idle").with("since", since));
        // What the user chose stays if it says as much or more.
        if matches!(presence.show, None | Some(Show::Chat)) {
            presence.show = Some(Show::Away);
        }
    }
}
