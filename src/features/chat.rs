//! RFC 6121 §5: one-to-one messages, with the id of their origin (XEP-0359).

use crate::jid::BareJid;
use crate::wire::ns;
use crate::wire::stanza::{Message, MessageKind};
use crate::wire::xml::Element;

/// Bytes of an outgoing message at most. Chromium breaks longer frames into pieces, which Prosody refuses.
pub const MOST_BYTES: usize = 120_000;

/// A message to all devices of somebody.
pub fn message(to: &BareJid, id: &str, text: &str) -> Element {
    let mut message = Message::new(MessageKind::Chat, to.clone().into(), id.to_owned());
    message.body = Some(text.to_owned());
    message.payloads.push(Element::new(ns::SID, "origin-id").with("id", id));
    message.to_element()
}

/// Whether a message belongs into a conversation between two: sent to be read, by somebody rather than by a
/// server or on behalf of a group.
pub fn is_conversation(message: &Message, peer: &BareJid) -> bool {
    matches!(message.kind, MessageKind::Chat | MessageKind::Normal)
        && peer.local().is_some()
        && message.payload(ns::MUC_USER, "x").is_none()
}
