//! XEP-0333: the receiver saw a message.

use crate::jid::BareJid;
use crate::wire::ns;
use crate::wire::stanza::{Message, MessageKind};
use crate::wire::xml::Element;

/// Asks to be told when the message is seen.
pub fn markable() -> Element {
    Element::new(ns::MARKERS, "markable")
}

/// Whether the sender asks to be told.
pub fn is_markable(message: &Message) -> bool {
    message.payload(ns::MARKERS, "markable").is_some()
}

/// Tells somebody, and the own other devices, that a message and all before it were seen.
pub fn displayed(to: &BareJid, id: String, of: &str) -> Element {
    let mut message = Message::new(MessageKind::Chat, to.clone().into(), id);
    message.payloads.push(Element::new(ns::MARKERS, "displayed").with("id", of));
    message.payloads.push(Element::new(ns::HINTS, "store"));
    message.to_element()
}

/// Up to which message everything was seen.
pub fn of(message: &Message) -> Option<&str> {
    message.payload(ns::MARKERS, "displayed")?.attribute("id").filter(|id| !id.is_empty())
}
