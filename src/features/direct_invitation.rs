//! XEP-0249: an invitation to a group chat that goes from one person to another.

use super::Feature;
use crate::domain::room::RoomInvitation;
use crate::jid::BareJid;
use crate::wire::ns;
use crate::wire::stanza::{Message, MessageKind};
use crate::wire::xml::Element;

/// Characters of a reason that are kept.
const REASON: usize = 300;

/// Invitations by people themselves.
#[derive(Debug, Default)]
pub struct DirectInvitations;

/// What a message invites to. Nobody but its sender says so, so it is as good as the sender is.
pub fn of(message: &Message) -> Option<RoomInvitation> {
    let x = message.payload(ns::CONFERENCE, "x")?;
    let reason = x.attribute("reason").map(|reason| reason.trim().chars().take(REASON).collect::<String>());
    Some(RoomInvitation {
        room: x.attribute("jid")?.parse().ok()?,
        from: Some(message.from.clone()?),
        mediated: false,
        reason: reason.filter(|reason| !reason.is_empty()),
        password: x.attribute("password").map(str::to_owned),
    })
}

/// Invites somebody.
pub fn invite(who: &BareJid, room: &BareJid, password: Option<&str>, reason: Option<&str>, id: String) -> Element {
    let mut message = Message::new(MessageKind::Normal, who.clone().into(), id);
    let x = Element::new(ns::CONFERENCE, "x").with("jid", room.as_str());
    message.payloads.push(x.with_some("password", password).with_some("reason", reason));
    message.to_element()
}

impl Feature for DirectInvitations {
    fn features(&self) -> &'static [&'static str] {
        &[ns::CONFERENCE]
    }
}
