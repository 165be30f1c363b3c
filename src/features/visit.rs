//! XEP-0249 with a mark of ours (`docs/desk.md`): somebody asks a support desk to come into the group chat of their visit;
//! XEP-0030: where such a group chat can be made.

use super::{Context, Purpose};
use crate::domain::desk::{OwnVisit, Visit, is_visit};
use crate::jid::BareJid;
use crate::wire::ns;
use crate::wire::stanza::{IqKind, Message, MessageKind};
use crate::wire::stanza_error::StanzaError;
use crate::wire::xml::Element;

/// Services of one server that are asked what they are.
const SERVICES: usize = 20;

/// What was asked of whom, to find where group chats are made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Which services a server has.
    Services,
    /// What a service is.
    Service(BareJid),
}

/// Where to find a service for group chats: none yet, and so many do not have answered.
#[derive(Clone, Copy, Debug, Default)]
pub struct Seeking {
    asked: usize,
}

impl Seeking {
    /// Looks for one at the user's own server.
    pub fn seek(&mut self, context: &mut Context<'_>) {
        self.asked = 1;
        let server = context.me.bare().domain_jid();
        ask(context, ns::DISCO_ITEMS, server, Asked::Services);
    }

    /// An answer. `Some` ends the search, with the first service that was found, or with none.
    pub fn answered(
        &mut self,
        context: &mut Context<'_>,
        asked: Asked,
        answer: Result<Option<&Element>, StanzaError>,
    ) -> Option<Option<BareJid>> {
        if self.asked == 0 {
            return None;
        }
        self.asked = self.asked.saturating_sub(1);
        let children = || answer.as_ref().ok().copied().flatten().into_iter().flat_map(Element::children);
        match asked {
            Asked::Services => {
                let items = children().filter(|child| child.is(ns::DISCO_ITEMS, "item"));
                for service in items.filter_map(|item| item.attribute("jid")?.parse::<BareJid>().ok()).take(SERVICES) {
                    self.asked = self.asked.saturating_add(1);
                    ask(context, ns::DISCO_INFO, service.clone(), Asked::Service(service));
                }
            }
            Asked::Service(service) => {
                let is = |child: &Element, name: &str| child.is(ns::DISCO_INFO, name);
                let has_rooms = children().any(|one| is(one, "feature") && one.attribute("var") == Some(ns::MUC));
                let is_text = children().any(|one| is(one, "identity") && one.attribute("type") == Some("text"));
                if has_rooms && is_text {
                    self.asked = 0;
                    return Some(Some(service));
                }
            }
        }
        (self.asked == 0).then_some(None)
    }
}

fn ask(context: &mut Context<'_>, namespace: &'static str, whom: BareJid, asked: Asked) {
    context.ask_of(whom.into(), IqKind::Get(Element::new(namespace, "query")), Purpose::Visit(asked));
}

/// Asks a desk to come. It has a text besides: so every server copies it to all devices and keeps it for those that are
/// not there (XEP-0280, XEP-0313, XEP-0160), and every other client shows what it is.
pub fn invite(desk: &BareJid, room: &BareJid, own: &OwnVisit, title: &str, topic: &str, id: String) -> Element {
    let mut message = Message::new(MessageKind::Normal, desk.clone().into(), id);
    let topic = Some(topic).filter(|topic| !topic.is_empty());
    message.body = Some(topic.map_or_else(|| title.to_owned(), |topic| [title, topic].join(": ")));
    let x = Element::new(ns::CONFERENCE, "x").with("jid", room.as_str());
    message.payloads.push(x.with_some("reason", topic));
    message.payloads.push(Element::new(ns::VISIT, "visit").with("name", own.nick.as_str()));
    message.payloads.push(Element::new(ns::HINTS, "store"));
    message.to_element()
}

/// The visit that an invitation is to, if it says so. A claim of its sender, like every invitation.
pub fn of(message: &Message, since: crate::clock::Timestamp) -> Option<Visit> {
    let mark = message.payload(ns::VISIT, "visit")?;
    let x = message.payload(ns::CONFERENCE, "x")?;
    let room: BareJid = x.attribute("jid")?.parse().ok().filter(is_visit)?;
    Some(Visit::new(room, since, mark.attribute("name"), x.attribute("reason")))
}
