//! XEP-0280: copies of what our other devices send and receive; XEP-0297: how they are wrapped.

use super::{Context, Feature, Purpose};
use crate::jid::BareJid;
use crate::wire::ns;
use crate::wire::stanza::{IqKind, Message, MessageKind};
use crate::wire::xml::Element;

/// A copy, unwrapped and checked. Only [`Carbon::unwrap`] makes one.
#[derive(Debug, PartialEq, Eq)]
pub struct Carbon {
    /// Whether another device of ours sent it; it received it otherwise.
    pub sent: bool,
    /// The message.
    pub message: Message,
    /// What the wrapper says beside it, such as a delay.
    pub beside: Vec<Element>,
}

/// What a message is, as far as copies are concerned.
#[derive(Debug, PartialEq, Eq)]
pub enum Unwrapped {
    /// No copy.
    Plain,
    /// A copy that is what it claims to be.
    Carbon(Box<Carbon>),
    /// It claims to be a copy, and is not (CVE-2017-5589 and its many kin).
    Forged,
}

impl Carbon {
    /// Unwraps a copy. Its wrapper must come from our own bare address, and what is inside must be ours.
    pub fn unwrap(wrapper: &Message, me: &BareJid) -> Unwrapped {
        let mut copies = wrapper.payloads.iter().filter(|payload| payload.namespace() == ns::CARBONS);
        let Some(copy) = copies.find(|payload| matches!(payload.name(), "sent" | "received")) else {
            return Unwrapped::Plain;
        };
        let sent = copy.name() == "sent";
        // An absent `from` means our own account too (RFC 6120 §8.1.2.1).
        if wrapper.from.as_ref().is_some_and(|from| from.as_bare() != Some(me)) {
            return Unwrapped::Forged;
        }
        let Some(forwarded) = copy.child(ns::FORWARD, "forwarded") else { return Unwrapped::Forged };
        let Some(Ok(message)) = forwarded.child(ns::CLIENT, "message").cloned().map(Message::parse) else {
            return Unwrapped::Forged;
        };
        let ours = if sent { &message.from } else { &message.to };
        let is_ours = ours.as_ref().map(|jid| jid.bare()) == Some(me);
        if !is_ours || message.kind == MessageKind::Groupchat {
            return Unwrapped::Forged;
        }
        let beside = forwarded.children().filter(|child| child.is(ns::DELAY, "delay")).cloned().collect();
        Unwrapped::Carbon(Box::new(Self { sent, message, beside }))
    }
}

/// Switches copies on.
#[derive(Debug, Default)]
pub struct Carbons;

impl Feature for Carbons {
    fn features(&self) -> &'static [&'static str] {
        &[ns::CARBONS]
    }

    /// Asked without knowing whether the server can: a refusal costs less than the question before it.
    fn fresh_stream(&mut self, context: &mut Context<'_>) {
        context.ask(IqKind::Set(Element::new(ns::CARBONS, "enable")), Purpose::Nothing);
    }
}
