//! XEP-0045 §6: which services there are for group chats, and which group chats they list.

use super::Muc;
use crate::domain::fold::seen_name;
use crate::domain::room::FoundRoom;
use crate::features::{Context, Purpose};
use crate::jid::{BareJid, Jid};
use crate::wire::ns;
use crate::wire::stanza::IqKind;
use crate::wire::stanza_error::StanzaError;
use crate::wire::xml::Element;

/// Services of one server that are asked what they are.
const SERVICES: usize = 20;
/// Group chats of one list that are looked at.
const ROOMS: usize = 2_000;
/// Characters of a name that are kept.
const NAME: usize = 200;
/// The number under which only the place is sought where group chats can be made.
const PLACE: u64 = 0;

/// What was asked of whom, for the search of a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sought {
    /// Which services a server has.
    Services(u64),
    /// What a service is.
    Service(u64, BareJid),
    /// Which group chats it lists.
    Rooms(u64),
}

impl Muc {
    /// Looks for group chats: at a service, or at those of the user's own server.
    pub fn find(context: &mut Context<'_>, number: u64, service: Option<BareJid>) {
        match service {
            Some(service) => ask(context, ns::DISCO_INFO, service.clone(), Sought::Service(number, service)),
            None => {
                let server = context.me.bare().domain_jid();
                ask(context, ns::DISCO_ITEMS, server, Sought::Services(number));
            }
        }
    }

    /// Finds out where group chats can be made at the user's own server, if that is not known.
    pub fn seek_place(context: &mut Context<'_>) {
        if !context.domain.rooms.is_place_known() {
            ask(context, ns::DISCO_ITEMS, context.me.bare().domain_jid(), Sought::Services(PLACE));
        }
    }

    /// An answer. A service that searches by itself (XEP-0433), if it is one.
    pub fn found(
        context: &mut Context<'_>,
        sought: Sought,
        answer: Result<Option<&Element>, StanzaError>,
    ) -> Option<BareJid> {
        let answer = answer.ok().flatten();
        let items = || answer.into_iter().flat_map(Element::children).filter(|child| child.is(ns::DISCO_ITEMS, "item"));
        let mut searches = None;
        let number = match sought {
            Sought::Services(number) => {
                let services = items().filter_map(|item| item.attribute("jid")?.parse::<BareJid>().ok());
                let services: Vec<BareJid> = services.take(SERVICES).collect();
                for service in services {
                    ask(context, ns::DISCO_INFO, service.clone(), Sought::Service(number, service));
                }
                number
            }
            Sought::Service(number, service) => {
                let children = || answer.into_iter().flat_map(Element::children);
                let has = |name: &str| {
                    children().any(|child| child.is(ns::DISCO_INFO, "feature") && child.attribute("var") == Some(name))
                };
                // A gateway to other networks is one of another type.
                let is_text = children().any(|child| {
                    child.is(ns::DISCO_INFO, "identity")
                        && (child.attribute("category"), child.attribute("type")) == (Some("conference"), Some("text"))
                });
                if is_text && has(ns::MUC) {
                    context.domain.rooms.found_place(&service);
                    if number != PLACE {
                        ask(context, ns::DISCO_ITEMS, service.clone(), Sought::Rooms(number));
                    }
                }
                searches = (has(ns::CHANNEL_SEARCH) && number != PLACE).then_some(service);
                number
            }
            Sought::Rooms(number) => {
                let mut rooms: Vec<FoundRoom> = items().take(ROOMS).filter_map(room).collect();
                count(&mut rooms);
                context.domain.rooms.finding_answered(number, answer.is_some().then_some(rooms));
                return None;
            }
        };
        // What was asked because of the answer counts before the answer does.
        if searches.is_none() {
            context.domain.rooms.finding_answered(number, answer.is_some().then(Vec::new));
        }
        searches
    }
}

fn room(item: &Element) -> Option<FoundRoom> {
    let address = item.attribute("jid")?.parse::<Jid>().ok()?.as_bare()?.clone();
    let name = item.attribute("name").and_then(seen_name).map(|name| name.chars().take(NAME).collect());
    address.local()?;
    Some(FoundRoom { address, name, description: None, people: None })
}

/// ejabberd puts behind the name of each how many people are there: `Bears (3)`. Where all names end like that it is
/// taken for a number, and not for a part of the name.
fn count(rooms: &mut [FoundRoom]) {
    let counted = |room: &FoundRoom| {
        let (name, rest) = room.name.as_deref()?.rsplit_once(" (")?;
        let digits = rest.strip_suffix(')').filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
        Some((name.to_owned(), digits.parse::<u32>().ok()?))
    };
    if rooms.iter().all(|room| counted(room).is_some()) {
        for room in rooms {
            if let Some((name, people)) = counted(room) {
                room.name = seen_name(&name);
                room.people = Some(people);
            }
        }
    }
}

fn ask(context: &mut Context<'_>, namespace: &'static str, whom: BareJid, sought: Sought) {
    if matches!(number_of(&sought), number if number == PLACE || number == context.domain.rooms.search()) {
        context.domain.rooms.finding_asked(number_of(&sought));
        let purpose = Purpose::FindRooms(sought);
        context.ask_of(whom.into(), IqKind::Get(Element::new(namespace, "query")), purpose);
    }
}

const fn number_of(sought: &Sought) -> u64 {
    match sought {
        Sought::Services(number) | Sought::Service(number, _) | Sought::Rooms(number) => *number,
    }
}
