//! XEP-0172: how somebody wants to be called, published on a node of their account (§3.5).

use super::{Context, Feature, Purpose};
use crate::domain::change::{Change, Notice, Wish};
use crate::domain::fold::seen_name;
use crate::jid::Jid;
use crate::wire::stanza::{IqKind, Message};
use crate::wire::stanza_error::StanzaError;
use crate::wire::xml::Element;
use crate::wire::{nick, ns};

/// Our nickname is to be published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked;

/// The names that people give themselves.
#[derive(Debug, Default)]
pub struct Nicknames;

impl Nicknames {
    /// Takes a message if it tells of this node. Everything that claims to is taken, and believed only from the
    /// account itself: nobody else's address can carry somebody's name, and no device speaks for its account.
    pub fn take(context: &mut Context<'_>, message: &Message) -> bool {
        let items = message.payload(ns::PUBSUB_EVENT, "event").and_then(|event| event.child(ns::PUBSUB_EVENT, "items"));
        let Some(items) = items.filter(|items| items.attribute("node") == Some(ns::NICK)) else { return false };
        let newest = items.children().filter(|child| child.name() == "item").last();
        let name = newest.and_then(|item| nick::of(item.children()));
        if context.is_own_account(message.from.as_ref()) {
            context.domain.set_nickname(name.as_deref().and_then(seen_name));
        } else if let Some(address) = message.from.as_ref().and_then(Jid::as_bare) {
            context.domain.contacts.call(address, name);
        }
        true
    }

    /// Tells contacts how to call us, with the access that the server gives such a node.
    pub fn publish(context: &mut Context<'_>, name: Option<&str>) {
        // No name is an empty one: an item that is taken back would not be told to everybody.
        let nick = Element::new(ns::NICK, "nick").text_with(name.unwrap_or_default());
        let item = Element::new(ns::PUBSUB, "item").with("id", "current").child_with(nick);
        let publish = Element::new(ns::PUBSUB, "publish").with("node", ns::NICK).child_with(item);
        let pubsub = Element::new(ns::PUBSUB, "pubsub").child_with(publish);
        context.ask(IqKind::Set(pubsub), Purpose::Nickname(Asked));
        context.domain.set_nickname(name.and_then(seen_name));
    }

    /// The server's answer.
    pub fn answered(context: &mut Context<'_>, answer: Result<Option<&Element>, StanzaError>) {
        if let Err(error) = answer {
            let (address, refusal) = (context.me.bare().clone(), error.into());
            context.domain.notices.push(Notice::Refused { wish: Wish::Nickname, address, refusal });
        }
    }
}

impl super::Domain {
    /// How the user is called by others.
    fn set_nickname(&mut self, name: Option<String>) {
        if self.nickname != name {
            self.nickname.clone_from(&name);
            self.changes.push(Change::OwnNickname(name));
        }
    }
}

impl Feature for Nicknames {
    fn features(&self) -> &'static [&'static str] {
        &[ns::NICK, ns::NICK_NOTIFY]
    }
}
