//! XEP-0379: adding who invited us, with the token of the invitation; XEP-0401: having the server make an invitation.
//!
//! The server that made an invitation honours it. This client makes none by itself, so a token that somebody shows to
//! it is worth nothing here: their request is one like any other.

use super::{Context, Purpose};
use crate::condition::Condition;
use crate::domain::errand::Errand;
use crate::domain::problem::Refusal;
use crate::form::is_web_address;
use crate::jid::BareJid;
use crate::wire::form;
use crate::wire::ns;
use crate::wire::stanza::{IqKind, Presence, PresenceKind};
use crate::wire::stanza_error::StanzaError;
use crate::wire::xml::Element;

/// What the server was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Whether it makes invitations.
    Offer,
    /// For one.
    Link,
}

/// Asks to see whoever invited us, and lets them see us in return.
pub fn accept(context: &mut Context<'_>, address: &BareJid, token: Option<&str>) {
    context.domain.contacts.invite(address);
    let mut ask = Presence::new(PresenceKind::Subscribe).to(address.clone());
    ask.payloads.extend(token.map(|token| Element::new(ns::PRE_AUTH, "preauth").with("token", token)));
    context.send(ask);
    if context.offer.pre_approval {
        context.send(Presence::new(PresenceKind::Subscribed).to(address.clone()));
    }
}

/// Asks whether the server makes invitations.
pub fn look(context: &mut Context<'_>) {
    let query = Element::new(ns::DISCO_ITEMS, "query").with("node", ns::COMMANDS);
    let server = context.me.bare().domain_jid();
    context.ask_of(server.into(), IqKind::Get(query), Purpose::Invitation(Asked::Offer));
}

/// Has the server make an invitation.
pub fn invite(context: &mut Context<'_>) {
    let command = Element::new(ns::COMMANDS, "command").with("node", ns::INVITE).with("action", "execute");
    let server = context.me.bare().domain_jid();
    context.ask_of(server.into(), IqKind::Set(command), Purpose::Invitation(Asked::Link));
}

/// What came of it.
pub fn answered(asked: Asked, answer: Result<Option<&Element>, StanzaError>) -> Errand {
    match (asked, answer) {
        (Asked::Offer, Ok(Some(items))) if offers(items) => Errand::CanInvite,
        (Asked::Offer, _) => Errand::Idle,
        (Asked::Link, Ok(command)) => match command.and_then(link) {
            Some(link) => Errand::Invitation(link),
            // It wants to know more, or finished without one.
            None => Errand::Refused(Refusal { condition: Condition::UndefinedCondition, text: None }),
        },
        (Asked::Link, Err(error)) => Errand::Refused(error.into()),
    }
}

fn offers(items: &Element) -> bool {
    items.is(ns::DISCO_ITEMS, "query")
        && items.children().any(|item| item.is(ns::DISCO_ITEMS, "item") && item.attribute("node") == Some(ns::INVITE))
}

/// The invitation: a page of the server that tells about it, or else the invitation itself.
fn link(command: &Element) -> Option<String> {
    let x = command.child(ns::DATA, "x").filter(|_| command.is(ns::COMMANDS, "command"))?;
    let page = form::value(x, "landing-url").filter(|url| is_web_address(url));
    page.or_else(|| form::value(x, "uri").filter(|uri| uri.starts_with("xmpp:")))
}
