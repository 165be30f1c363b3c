//! XEP-0433: services that know group chats of many servers, and search them.

use super::{Context, Purpose};
use crate::domain::fold::seen_name;
use crate::domain::room::FoundRoom;
use crate::jid::BareJid;
use crate::wire::ns;
use crate::wire::stanza::IqKind;
use crate::wire::stanza_error::StanzaError;
use crate::wire::xml::Element;

/// Group chats of an answer that are looked at.
const MOST: usize = 200;
/// Characters of a name and of a description that are kept.
const NAME: usize = 200;
const DESCRIPTION: usize = 500;

/// A service was asked, for the search of a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked(u64);

/// Asks a service for group chats that have these words; for all, if there are none (§4.3).
pub fn seek(context: &mut Context<'_>, service: BareJid, number: u64, text: &str) {
    let text = text.trim();
    let mut form = Element::new(ns::DATA, "x").with("type", "submit");
    form.push(super::field("FORM_TYPE", ns::CHANNEL_SEARCH_PARAMETERS));
    form.push(if text.is_empty() { super::field("all", "true") } else { super::field("q", text) });
    let search = Element::new(ns::CHANNEL_SEARCH, "search").child_with(form);
    context.ask_of(service.into(), IqKind::Get(search), Purpose::ChannelSearch(Asked(number)));
}

/// The answer.
pub fn answered(context: &mut Context<'_>, asked: &Asked, answer: Result<Option<&Element>, StanzaError>) {
    let result = answer.ok().flatten().filter(|result| result.is(ns::CHANNEL_SEARCH, "result"));
    let rooms = result.map(|result| result.children().take(MOST).filter_map(room).collect());
    context.domain.rooms.finding_answered(asked.0, rooms);
}

fn room(item: &Element) -> Option<FoundRoom> {
    if !item.is(ns::CHANNEL_SEARCH, "item") {
        return None;
    }
    let text = |name: &str, most: usize| {
        let text = seen_name(&item.child(ns::CHANNEL_SEARCH, name)?.text())?;
        Some(text.chars().take(most).collect::<String>())
    };
    let people = item.child(ns::CHANNEL_SEARCH, "nusers").and_then(|people| people.text().trim().parse().ok());
    Some(FoundRoom {
        address: item.attribute("address")?.parse().ok()?,
        name: text("name", NAME),
        description: text("description", DESCRIPTION),
        people,
    })
}
