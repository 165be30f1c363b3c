//! XEP-0425: a moderator takes away a message of somebody else. Its form of today, and the one before, which Prosody
//! speaks in the versions that are packaged.

use super::{Context, Purpose};
use crate::domain::room::RoomWish;
use crate::domain::timeline::Removed;
use crate::jid::{BareJid, Jid};
use crate::wire::ns;
use crate::wire::stanza::{IqKind, Message};
use crate::wire::stanza_error::StanzaError;
use crate::wire::xml::Element;

/// Characters of a reason that are kept.
const REASON: usize = 300;

/// A message is to be taken away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked(pub BareJid);

/// Asks for it. `id` is the name that the group chat gave the message; `old` asks in the form before.
pub fn moderate(context: &mut Context<'_>, room: &BareJid, id: &str, reason: Option<&str>, old: bool) {
    let reason = |namespace| reason.map(|reason| Element::new(namespace, "reason").text_with(reason));
    let order = if old {
        let mut moderate = Element::new(ns::MODERATE_OLD, "moderate");
        moderate.push(Element::new(ns::RETRACT_OLD, "retract"));
        reason(ns::MODERATE_OLD).into_iter().for_each(|reason| moderate.push(reason));
        Element::new(ns::FASTEN, "apply-to").with("id", id).child_with(moderate)
    } else {
        let mut moderate = Element::new(ns::MODERATE, "moderate").with("id", id);
        moderate.push(Element::new(ns::RETRACT, "retract"));
        reason(ns::MODERATE).into_iter().for_each(|reason| moderate.push(reason));
        moderate
    };
    context.ask_of(room.clone().into(), IqKind::Set(order), Purpose::Moderation(Asked(room.clone())));
}

/// The answer: what becomes of the message is told to everybody, so only a refusal says something.
pub fn answered(context: &mut Context<'_>, asked: &Asked, answer: Result<Option<&Element>, StanzaError>) {
    if let Err(error) = answer {
        context.domain.rooms.refused(&asked.0, RoomWish::Moderate, error.into());
    }
}

/// Which message a group chat says was taken away, by whom and why. Only the group chat itself says so (§5): whoever
/// calls this checks that it comes from its bare address.
pub fn of(message: &Message) -> Option<(&str, Removed)> {
    if let Some(retract) = message.payload(ns::RETRACT, "retract") {
        let moderated = retract.child(ns::MODERATE, "moderated")?;
        let reason = retract.child(ns::RETRACT, "reason").or_else(|| moderated.child(ns::MODERATE, "reason"));
        return Some((id_of(retract)?, removed(moderated, reason)));
    }
    let apply = message.payload(ns::FASTEN, "apply-to")?;
    let moderated = apply.child(ns::MODERATE_OLD, "moderated")?;
    moderated.child(ns::RETRACT_OLD, "retract")?;
    Some((id_of(apply)?, removed(moderated, moderated.child(ns::MODERATE_OLD, "reason"))))
}

/// Who took it away and why, of a message of which the archive keeps only that (§6).
pub fn of_tombstone(message: &Message) -> Option<Removed> {
    if let Some(retracted) = message.payload(ns::RETRACT, "retracted") {
        return Some(removed(retracted.child(ns::MODERATE, "moderated")?, retracted.child(ns::RETRACT, "reason")));
    }
    let moderated = message.payload(ns::MODERATE_OLD, "moderated")?;
    moderated.child(ns::RETRACT_OLD, "retracted")?;
    Some(removed(moderated, moderated.child(ns::MODERATE_OLD, "reason")))
}

fn id_of(element: &Element) -> Option<&str> {
    element.attribute("id").filter(|id| !id.is_empty())
}

fn removed(moderated: &Element, reason: Option<&Element>) -> Removed {
    let by = moderated.attribute("by").and_then(|by| by.parse::<Jid>().ok());
    let by = by.and_then(|by| by.resource().map(Into::into));
    let reason = reason.map(|reason| reason.text().trim().chars().take(REASON).collect::<String>());
    Removed { by, reason: reason.filter(|reason| !reason.is_empty()).map(Into::into) }
}
