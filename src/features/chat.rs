//! RFC 6121 §5: one-to-one messages.

use crate::jid::BareJid;
use crate::wire::ns;
use crate::wire::stanza::{Message, MessageKind};

/// Bytes of an outgoing message at most. Chromium breaks longer frames into pieces, which Prosody refuses.
pub const MOST_BYTES: usize = 120_000;

/// Whether a message belongs into a conversation between two: sent to be read, by somebody rather than by a
/// server or on behalf of a group.
pub fn is_conversation(message: &Message, peer: &BareJid) -> bool {
    matches!(message.kind, MessageKind::Chat | MessageKind::Normal)
        && peer.local().is_some()
        && message.payload(ns::MUC_USER, "x").is_none()
}
