//! XEP-0424: a message is taken back by its sender.

use crate::wire::stanza::Message;
use crate::wire::xml::Element;
use crate::wire::{fallback, ns};

/// What clients show that do not know what this is about.
pub const EXPLANATION: &str = "/me took back a message. This client cannot show that.";

/// Takes a message back, for clients that know and for those that do not.
pub fn payloads(of: &str) -> [Element; 2] {
    [Element::new(ns::RETRACT, "retract").with("id", of), fallback::whole(ns::RETRACT)]
}

/// The id of the message that is taken back. Whoever handles it checks that both have one sender (§6).
pub fn of(message: &Message) -> Option<&str> {
    message.payload(ns::RETRACT, "retract")?.attribute("id").filter(|id| !id.is_empty())
}

/// Whether this is what an archive keeps in place of a message that was taken back (§4.2). Only an archive says so.
pub fn is_tombstone(message: &Message) -> bool {
    message.payload(ns::RETRACT, "retracted").is_some()
}
