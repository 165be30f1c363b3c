//! XEP-0045: what a group chat itself says in messages: numbers, invitations, wishes to be allowed to write.

use super::Muc;
use super::status::{affiliation, codes, news, reason};
use crate::domain::room::{Affiliation, Role, RoomInvitation, RoomNews};
use crate::features::Context;
use crate::form::Form;
use crate::jid::{BareJid, Jid};
use crate::wire::stanza::{Message, MessageKind};
use crate::wire::xml::Element;
use crate::wire::{form, ns};

/// People who wait to be allowed to write.
const WAITING: usize = 50;

/// Something that a group chat says.
#[derive(Debug)]
pub enum Service {
    /// It passes on an invitation (§7.8.2).
    Invited(RoomInvitation),
    /// It passes on that somebody declined one of ours.
    Declined(Jid, Option<String>),
    /// It tells by numbers what became different (§10.2.1), perhaps how we belong to it now (§9).
    Codes(Vec<u16>, Option<Affiliation>),
    /// Somebody wants to be allowed to write (§8.6).
    WantsVoice(Form),
}

/// What a message says, if it is of that kind. Whoever calls this checks that it comes from a bare address: participants
/// write from full ones, and what they put into their messages is passed on as it is.
pub fn service(message: &Message) -> Option<Service> {
    let room = message.from.as_ref()?.as_bare()?;
    if let Some(x) = message.payload(ns::MUC_USER, "x") {
        if let Some(invite) = x.child(ns::MUC_USER, "invite") {
            return Some(Service::Invited(RoomInvitation {
                room: room.clone(),
                from: invite.attribute("from").and_then(|from| from.parse().ok()),
                mediated: true,
                reason: reason(invite),
                password: x.child(ns::MUC_USER, "password").map(Element::text),
            }));
        }
        if let Some(decline) = x.child(ns::MUC_USER, "decline") {
            let by = decline.attribute("from").and_then(|from| from.parse().ok())?;
            return Some(Service::Declined(by, reason(decline)));
        }
        let codes = codes(x);
        let item = x.child(ns::MUC_USER, "item").filter(|_| codes.contains(&101));
        let belongs = item.and_then(|item| item.attribute("affiliation")).and_then(affiliation);
        return (!codes.is_empty()).then_some(Service::Codes(codes, belongs));
    }
    let x = message.payload(ns::DATA, "x")?;
    if form::value(x, "FORM_TYPE").as_deref() != Some(ns::MUC_REQUEST) || x.attribute("type") != Some("form") {
        return None;
    }
    form::read(x, x).map(Service::WantsVoice)
}

/// Whether the archive of a group chat tells that somebody of this address wrote a message (XEP-0313 §5.1.2): it takes out
/// what senders put there, and puts one of its own before the rest. Two of them prove nothing.
pub fn is_by(message: &Message, address: &BareJid) -> bool {
    let mut told = message.payloads.iter().filter(|payload| payload.is(ns::MUC_USER, "x"));
    let (Some(x), None) = (told.next(), told.next()) else { return false };
    let mut items = x.children().filter(|child| child.name() == "item");
    let (Some(item), None) = (items.next(), items.next()) else { return false };
    let jid = item.attribute("jid").and_then(|jid| jid.parse::<Jid>().ok());
    jid.is_some_and(|jid| jid.bare() == address)
}

impl Muc {
    /// What the group chat says became different.
    pub fn told(&self, context: &mut Context<'_>, room: &BareJid, codes: &[u16], belongs: Option<Affiliation>) {
        if let Some(affiliation) = belongs {
            context.domain.rooms.edit(room, |state| state.affiliation = affiliation);
            context.domain.rooms.news(room, RoomNews::Belongs(affiliation));
        }
        // What comes of our own wish is no news.
        let until = self.visits.get(room).and_then(|visit| visit.set_up_until);
        let is_own = until.is_some_and(|until| context.now.instant <= until);
        let told = codes.iter().filter(|code| **code != 201 && !is_own).filter_map(|code| news(*code));
        told.for_each(|news| context.domain.rooms.news(room, news));
        if codes.iter().any(|code| matches!(code, 104 | 170..=174)) {
            let logged = codes.iter().find_map(|code| match code {
                170 => Some(true),
                171 => Some(false),
                _ => None,
            });
            context.domain.rooms.edit(room, |state| state.traits.logged = logged.unwrap_or(state.traits.logged));
            self.ask_info(context, room);
        }
    }

    /// Somebody wants to be allowed to write, and we decide.
    pub fn wants_voice(&mut self, context: &mut Context<'_>, room: &BareJid, form: Form) {
        let value = |name: &str| form.field(name).and_then(|field| field.values.first()).cloned();
        let Some(nick) = value("muc#roomnick").filter(|nick| !nick.is_empty()) else { return };
        let address = value("muc#jid").and_then(|jid| jid.parse::<Jid>().ok()).map(|jid| jid.bare().clone());
        let visit = self.visits.entry(room.clone()).or_default();
        visit.asks_voice.retain(|(known, _)| *known != nick);
        if visit.asks_voice.len() < WAITING {
            visit.asks_voice.push((nick.clone(), form));
            context.domain.rooms.news(room, RoomNews::WantsVoice { nick, address });
        }
    }
}

/// Asks the moderators to be allowed to write (§7.13).
pub fn voice_request(room: &BareJid, id: String) -> Element {
    let mut message = Message::new(MessageKind::Normal, room.clone().into(), id);
    let mut x = Element::new(ns::DATA, "x").with("type", "submit");
    x.push(crate::features::field("FORM_TYPE", ns::MUC_REQUEST));
    x.push(crate::features::field("muc#role", Role::Participant.name()));
    message.payloads.push(x);
    message.to_element()
}

/// Lets the group chat invite somebody (§7.8.2): it lets them in then, if the user may do that.
pub fn mediated_invitation(room: &BareJid, who: &BareJid, why: Option<&str>, id: String) -> Element {
    answer("invite", room, who.as_str(), why, id)
}

/// Declines an invitation that came that way.
pub fn decline(room: &BareJid, to: &Jid, id: String) -> Element {
    answer("decline", room, &to.to_string(), None, id)
}

fn answer(name: &'static str, room: &BareJid, to: &str, why: Option<&str>, id: String) -> Element {
    let mut inner = Element::new(ns::MUC_USER, name).with("to", to);
    if let Some(why) = why {
        inner.push(Element::new(ns::MUC_USER, "reason").text_with(why));
    }
    let mut message = Message::new(MessageKind::Normal, room.clone().into(), id);
    message.payloads.push(Element::new(ns::MUC_USER, "x").child_with(inner));
    message.to_element()
}

/// Says what it is about (§8.1). Nothing, if the text is empty.
pub fn subject(room: &BareJid, text: &str, id: String) -> Element {
    let mut message = Message::new(MessageKind::Groupchat, room.clone().into(), id);
    message.subject = Some(text.to_owned());
    message.to_element()
}
