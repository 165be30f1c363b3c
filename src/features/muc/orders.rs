//! XEP-0045: what the user asks of a group chat: another nickname or subject, lists, roles and affiliations, voice.

use super::Muc;
use super::owner::Outcome;
use super::status::{affiliation, reason};
use crate::domain::desk::is_visit;
use crate::domain::room::{Affiliation, Answered, Listed, Role, RoomWish};
use crate::features::{Context, Purpose};
use crate::form::Answer;
use crate::jid::{BareJid, Jid};
use crate::wire::stanza::{IqKind, Message, MessageKind, Presence, PresenceKind};
use crate::wire::stanza_error::StanzaError;
use crate::wire::xml::Element;
use crate::wire::{form, ns};

/// Entries of a list that are taken.
const MOST: usize = 20_000;

/// What a group chat was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// What it is; and whether the way in waits for that.
    Info(BareJid, bool),
    /// Which nickname it keeps for the user.
    Reserved(BareJid),
    /// How it is called.
    Name(BareJid),
    /// Something that is done or refused.
    Wish(BareJid, RoomWish),
    /// To let somebody be a member, who is invited then, and why.
    Member(BareJid, BareJid, Option<String>),
    /// Who belongs to it in this way.
    Members(BareJid, Affiliation),
    /// The form that sets it up; and whether that is for one that is being made.
    Form(BareJid, bool),
    /// To be set up; and whether that is the first time.
    SetUp(BareJid, bool),
}

impl Muc {
    /// An answer.
    pub fn answered(
        &mut self,
        context: &mut Context<'_>,
        asked: Asked,
        answer: Result<Option<&Element>, StanzaError>,
    ) -> Outcome {
        let mut outcome = Outcome::default();
        match asked {
            Asked::Info(room, enters) => {
                outcome.archive = self.informed(context, &room, enters, answer).then_some(room);
            }
            Asked::Reserved(room) => self.reserved(context, &room, answer),
            Asked::Name(room) => Self::named(context, room, answer),
            Asked::Form(room, making) => {
                outcome.visit = self.form_came(context, &room, making, answer).then_some(room);
            }
            Asked::SetUp(room, making) => {
                let (invite, is_over) = self.set_up(context, &room, making, answer);
                outcome.visit = is_over.then(|| room.clone());
                outcome.invite = invite.into_iter().map(|who| (room.clone(), who, None)).collect();
            }
            Asked::Wish(room, wish) => {
                if let Err(error) = answer {
                    context.domain.rooms.refused(&room, wish, error.into());
                }
            }
            // Whether it could be done or not: the invitation says what it is.
            Asked::Member(room, who, why) => match answer {
                Ok(_) => outcome.invite.push((room, who, why)),
                // Whoever cannot be an owner of a visit can come all the same.
                Err(_) if is_visit(&room) => outcome.invite.push((room, who, why)),
                Err(error) => context.domain.rooms.refused(&room, RoomWish::Invite, error.into()),
            },
            Asked::Members(room, wanted) => match answer {
                Ok(query) => {
                    let members = query.map(|query| listed(query, wanted)).unwrap_or_default();
                    context.domain.rooms.answered(&room, Answered::Members(wanted, members));
                }
                Err(error) => {
                    context.domain.rooms.answered(&room, Answered::NotListed(wanted, error.into()));
                }
            },
        }
        outcome
    }

    /// Asks for another nickname (§7.6).
    pub fn rename(&mut self, context: &mut Context<'_>, room: &BareJid, nick: &str) {
        let Ok(own) = room.with_resource(nick) else {
            let refusal = StanzaError::new(
                crate::wire::stanza_error::ErrorKind::Modify,
                crate::condition::Condition::JidMalformed,
            );
            return context.domain.rooms.refused(room, RoomWish::Nick, refusal.into());
        };
        self.visits.entry(room.clone()).or_default().renaming = true;
        context.send(Presence::new(PresenceKind::Available).to(own));
    }

    /// Whether another nickname was asked for and not answered yet.
    pub fn is_renaming(&self, room: &BareJid) -> bool {
        self.visits.get(room).is_some_and(|visit| visit.renaming)
    }

    /// Lets somebody do more or less as long as they are there (§8.2 to §8.5, §9.6).
    pub fn set_role(context: &mut Context<'_>, room: &BareJid, nick: &str, role: Role, reason: Option<&str>) {
        let item = item().with("nick", nick).with("role", role.name());
        admin(context, room, item, reason, Asked::Wish(room.clone(), RoomWish::Role));
    }

    /// Lets somebody belong to it in another way (§9, §10).
    pub fn set_affiliation(
        context: &mut Context<'_>,
        room: &BareJid,
        who: &BareJid,
        affiliation: Affiliation,
        reason: Option<&str>,
    ) {
        let item = item().with("jid", who.as_str()).with("affiliation", affiliation.name());
        admin(context, room, item, reason, Asked::Wish(room.clone(), RoomWish::Affiliation));
    }

    /// Lets somebody be a member, and invites them as soon as they are.
    pub fn make_member(context: &mut Context<'_>, room: &BareJid, who: &BareJid, why: Option<&str>) {
        Self::admit(context, room, who, Affiliation::Member, why);
    }

    /// Lets somebody belong to it, and invites them as soon as they do.
    pub(super) fn admit(
        context: &mut Context<'_>,
        room: &BareJid,
        who: &BareJid,
        affiliation: Affiliation,
        why: Option<&str>,
    ) {
        let item = item().with("jid", who.as_str()).with("affiliation", affiliation.name());
        admin(context, room, item, None, Asked::Member(room.clone(), who.clone(), why.map(str::to_owned)));
    }

    /// Asks who belongs to it in this way (§9.5, §10.5).
    pub fn list(context: &mut Context<'_>, room: &BareJid, affiliation: Affiliation) {
        let item = item().with("affiliation", affiliation.name());
        let query = Element::new(ns::MUC_ADMIN, "query").child_with(item);
        let purpose = Purpose::Muc(Asked::Members(room.clone(), affiliation));
        context.ask_of(room.clone().into(), IqKind::Get(query), purpose);
    }

    /// Answers somebody who asks to be allowed to write. `None`, if nobody of that name asks.
    pub fn answer_voice(&mut self, room: &BareJid, nick: &str, allow: bool, id: String) -> Option<Element> {
        let visit = self.visits.get_mut(room)?;
        let place = visit.asks_voice.iter().position(|(known, _)| known == nick)?;
        let (_, form) = visit.asks_voice.remove(place);
        let name = "muc#request_allow".to_owned();
        let answer = Answer { name, values: vec![if allow { "true" } else { "false" }.to_owned()] };
        let mut message = Message::new(MessageKind::Normal, room.clone().into(), id);
        message.payloads.push(form::submit(&form, &[answer]));
        Some(message.to_element())
    }
}

fn item() -> Element {
    Element::new(ns::MUC_ADMIN, "item")
}

fn admin(context: &mut Context<'_>, room: &BareJid, mut item: Element, reason: Option<&str>, asked: Asked) {
    if let Some(reason) = reason.filter(|reason| !reason.is_empty()) {
        item.push(Element::new(ns::MUC_ADMIN, "reason").text_with(reason));
    }
    let query = Element::new(ns::MUC_ADMIN, "query").child_with(item);
    context.ask_of(room.clone().into(), IqKind::Set(query), Purpose::Muc(asked));
}

fn listed(query: &Element, wanted: Affiliation) -> Vec<Listed> {
    let items = query.children().filter(|child| child.is(ns::MUC_ADMIN, "item")).take(MOST);
    let of_kind = items.filter(|item| item.attribute("affiliation").and_then(affiliation) == Some(wanted));
    of_kind
        .filter_map(|item| {
            Some(Listed {
                address: item.attribute("jid")?.parse::<Jid>().ok()?.bare().clone(),
                nick: item.attribute("nick").map(str::to_owned),
                reason: reason(item),
            })
        })
        .collect()
}
