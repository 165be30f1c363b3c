//! XEP-0184: a device of the receiver has a message.

use crate::jid::Jid;
use crate::wire::ns;
use crate::wire::stanza::{Message, MessageKind};
use crate::wire::xml::Element;

/// Asks for a receipt.
pub fn request() -> Element {
    Element::new(ns::RECEIPTS, "request")
}

/// Whether a receipt is asked for. What has no id cannot get one.
pub fn wanted(message: &Message) -> Option<&str> {
    message.payload(ns::RECEIPTS, "request")?;
    message.id.as_deref().filter(|id| !id.is_empty())
}

/// A receipt, for the device that sent the message.
pub fn receipt(to: Jid, id: String, of: &str) -> Element {
    let mut message = Message::new(MessageKind::Chat, to, id);
    message.payloads.push(Element::new(ns::RECEIPTS, "received").with("id", of));
    message.payloads.push(Element::new(ns::HINTS, "store"));
    message.to_element()
}

/// Of which message this is a receipt.
pub fn of(message: &Message) -> Option<&str> {
    message.payload(ns::RECEIPTS, "received")?.attribute("id").filter(|id| !id.is_empty())
}
