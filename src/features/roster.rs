//! RFC 6121 §2: the contact list, with versions (§2.6) and pushes.

use super::{Context, Feature, Purpose};
use crate::condition::Condition;
use crate::domain::change::{Notice, Wish};
use crate::domain::contact::{Contact, Subscription};
use crate::jid::BareJid;
use crate::wire::ns;
use crate::wire::stanza::{Iq, IqKind};
use crate::wire::stanza_error::{ErrorKind, StanzaError};
use crate::wire::xml::Element;

/// Groups of one contact at most.
const GROUPS: usize = 50;
/// Characters of a name or group that are kept.
const NAME: usize = 200;

/// What was asked of the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// The list.
    List,
    /// A change for the user.
    Change(Wish, BareJid),
}

/// The version of the list that is held.
#[derive(Debug, Default)]
pub struct Roster {
    version: Option<String>,
}

impl Roster {
    /// The version of the list that is held.
    pub const fn version(&self) -> Option<&String> {
        self.version.as_ref()
    }

    /// An earlier visit held this version.
    pub fn restore(&mut self, version: Option<String>) {
        self.version = version;
    }

    /// The answer to a question of this feature.
    pub fn answered(&mut self, context: &mut Context<'_>, asked: Asked, answer: Result<Option<&Element>, StanzaError>) {
        match (asked, answer) {
            (Asked::List, Ok(Some(query))) if query.is(ns::ROSTER, "query") => {
                self.version = query.attribute("ver").map(str::to_owned);
                context.domain.contacts.replace(query.children().filter_map(item));
            }
            // Nothing changed since the version that we named, or there is no list to be had.
            (Asked::List, _) | (Asked::Change(..), Ok(_)) => {}
            (Asked::Change(wish, address), Err(error)) => {
                let refusal = error.into();
                context.domain.notices.push(Notice::Refused { wish, address, refusal });
            }
        }
    }

    /// Adds a contact, or changes name and groups of one.
    pub fn set(context: &mut Context<'_>, wish: Wish, address: &BareJid, name: Option<&str>, groups: &[String]) {
        let mut item = Element::new(ns::ROSTER, "item").with("jid", address.as_str()).with_some("name", name);
        for group in groups {
            item.push(Element::new(ns::ROSTER, "group").text_with(group));
        }
        Self::change(context, wish, address, item);
    }

    /// Removes a contact; the server ends both subscriptions (RFC 6121 §2.5).
    pub fn remove(context: &mut Context<'_>, address: &BareJid) {
        let item = Element::new(ns::ROSTER, "item").with("jid", address.as_str()).with("subscription", "remove");
        Self::change(context, Wish::Remove, address, item);
    }

    fn change(context: &mut Context<'_>, wish: Wish, address: &BareJid, item: Element) {
        let query = Element::new(ns::ROSTER, "query").child_with(item);
        context.ask(IqKind::Set(query), Purpose::Roster(Asked::Change(wish, address.clone())));
    }
}

impl Feature for Roster {
    fn fresh_stream(&mut self, context: &mut Context<'_>) {
        let version = context.offer.roster_versions.then(|| self.version.clone().unwrap_or_default());
        let query = Element::new(ns::ROSTER, "query").with_some("ver", version);
        context.ask(IqKind::Get(query), Purpose::Roster(Asked::List));
    }

    fn question(&mut self, context: &mut Context<'_>, question: &Iq, payload: &Element) -> bool {
        if !payload.is(ns::ROSTER, "query") || !matches!(question.kind, IqKind::Set(_)) {
            return false;
        }
        // A push from anybody else is an attack, and gets no answer that would show that we are here (§2.1.6).
        if !context.is_own_account(question.from.as_ref()) {
            return true;
        }
        let mut items = payload.children();
        let (Some(pushed), None) = (items.next(), items.next()) else {
            context.refuse(question, StanzaError::new(ErrorKind::Modify, Condition::BadRequest));
            return true;
        };
        if let Some(address) = pushed.attribute("jid").and_then(|jid| jid.parse::<BareJid>().ok()) {
            match item(pushed) {
                Some(contact) => context.domain.contacts.put(contact),
                None => context.domain.contacts.remove(&address),
            }
        }
        if let Some(version) = payload.attribute("ver") {
            self.version = Some(version.to_owned());
        }
        context.answer(question, None);
        true
    }
}

/// A contact as the server describes it; `None` if it is being removed or cannot be read.
fn item(element: &Element) -> Option<Contact> {
    if !element.is(ns::ROSTER, "item") {
        return None;
    }
    let subscription = match element.attribute("subscription") {
        Some("remove") => return None,
        Some("to") => Subscription::To,
        Some("from") => Subscription::From,
        Some("both") => Subscription::Both,
        _ => Subscription::None,
    };
    let mut contact = Contact::new(element.attribute("jid")?.parse().ok()?);
    contact.subscription = subscription;
    contact.name = element.attribute("name").map(clip).filter(|name| !name.is_empty());
    contact.asked = element.attribute("ask") == Some("subscribe");
    contact.approved = matches!(element.attribute("approved"), Some("true" | "1"));
    for group in element.children().filter(|child| child.is(ns::ROSTER, "group")).take(GROUPS) {
        let group = clip(&group.text());
        if !group.is_empty() && !contact.groups.contains(&group) {
            contact.groups.push(group);
        }
    }
    Some(contact)
}

fn clip(text: &str) -> String {
    text.trim().chars().take(NAME).collect()
}
