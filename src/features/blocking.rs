//! XEP-0191: whom the server lets nothing through of; XEP-0377: telling it why.

use super::{Context, Feature, Purpose};
use crate::condition::Condition;
use crate::domain::blocked::Blocked;
use crate::domain::change::{Change, Notice, Wish};
use crate::jid::{BareJid, Jid};
use crate::wire::ns;
use crate::wire::stanza::{Iq, IqKind};
use crate::wire::stanza_error::{ErrorKind, StanzaError};
use crate::wire::xml::Element;

/// Messages that are named in a report.
const NAMED: usize = 10;

/// What was asked of the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// What it can do.
    Support,
    /// The list.
    List,
    /// To block an address.
    Block(BareJid),
    /// To unblock one.
    Unblock(Jid),
}

/// Keeps the list as the server has it.
#[derive(Debug, Default)]
pub struct Blocking;

impl Blocking {
    /// Asks the server to let nothing of this address through any more.
    pub fn block(context: &mut Context<'_>, address: &BareJid) {
        Self::ask(context, address, None);
    }

    /// The same, and tells it that the address sends what nobody asked for.
    pub fn report(context: &mut Context<'_>, address: &BareJid) {
        let report = context.domain.abilities.reporting.then(|| {
            let mut report = Element::new(ns::REPORTING, "report").with("reason", ns::REPORTING_SPAM);
            let archive = context.me.bare().as_str();
            for id in context.domain.conversations.newest_archived(address, NAMED) {
                report.push(Element::new(ns::SID, "stanza-id").with("by", archive).with("id", id));
            }
            report
        });
        Self::ask(context, address, report);
    }

    fn ask(context: &mut Context<'_>, address: &BareJid, report: Option<Element>) {
        let mut item = Element::new(ns::BLOCKING, "item").with("jid", address.as_str());
        if let Some(report) = report {
            item.push(report);
        }
        let block = Element::new(ns::BLOCKING, "block").child_with(item);
        context.ask(IqKind::Set(block), Purpose::Blocking(Asked::Block(address.clone())));
    }

    /// Asks the server to let an address through again.
    pub fn unblock(context: &mut Context<'_>, address: &Jid) {
        let item = Element::new(ns::BLOCKING, "item").with("jid", address.to_string());
        let unblock = Element::new(ns::BLOCKING, "unblock").child_with(item);
        context.ask(IqKind::Set(unblock), Purpose::Blocking(Asked::Unblock(address.clone())));
    }

    /// The server's answer.
    pub fn answered(context: &mut Context<'_>, asked: Asked, answer: Result<Option<&Element>, StanzaError>) {
        match (asked, answer) {
            (Asked::Support, Ok(Some(info))) => {
                let offers = |feature: &str| {
                    info.children()
                        .any(|child| child.is(ns::DISCO_INFO, "feature") && child.attribute("var") == Some(feature))
                };
                let abilities = &mut context.domain.abilities;
                abilities.blocking = offers(ns::BLOCKING);
                abilities.reporting = abilities.blocking && offers(ns::REPORTING);
                context.domain.changes.push(Change::Abilities(abilities.clone()));
                if abilities.blocking {
                    context.ask(IqKind::Get(Element::new(ns::BLOCKING, "blocklist")), Purpose::Blocking(Asked::List));
                }
            }
            (Asked::List, Ok(Some(list))) if list.is(ns::BLOCKING, "blocklist") => {
                context.domain.blocked = Blocked::new(addresses(list));
                tell(context);
            }
            (Asked::Support | Asked::List, _) => {}
            // The push that says the same may have come before, or come later.
            (Asked::Block(address), Ok(_)) => {
                if context.domain.blocked.add(address.into()) {
                    tell(context);
                }
            }
            (Asked::Unblock(address), Ok(_)) => {
                context.domain.blocked.remove(&address);
                tell(context);
            }
            (Asked::Block(address), Err(error)) => refused(context, Wish::Block, address, error),
            (Asked::Unblock(address), Err(error)) => refused(context, Wish::Unblock, address.bare().clone(), error),
        }
    }
}

fn refused(context: &mut Context<'_>, wish: Wish, address: BareJid, error: StanzaError) {
    let refusal = error.into();
    context.domain.notices.push(Notice::Refused { wish, address, refusal });
}

fn addresses(list: &Element) -> impl Iterator<Item = Jid> {
    list.children()
        .filter(|child| child.is(ns::BLOCKING, "item"))
        .filter_map(|item| item.attribute("jid")?.parse().ok())
}

fn tell(context: &mut Context<'_>) {
    let blocked = context.domain.blocked.clone();
    context.domain.changes.push(Change::Blocked(blocked));
}

impl Feature for Blocking {
    fn fresh_stream(&mut self, context: &mut Context<'_>) {
        let server = context.me.bare().domain_jid().into();
        let query = Element::new(ns::DISCO_INFO, "query");
        context.ask_of(server, IqKind::Get(query), Purpose::Blocking(Asked::Support));
    }

    fn question(&mut self, context: &mut Context<'_>, question: &Iq, payload: &Element) -> bool {
        let blocks = payload.is(ns::BLOCKING, "block");
        if !matches!(question.kind, IqKind::Set(_)) || !(blocks || payload.is(ns::BLOCKING, "unblock")) {
            return false;
        }
        // A push from anybody else is an attack, and gets no answer that would show that we are here.
        if !context.is_own_account(question.from.as_ref()) {
            return true;
        }
        let blocked = &mut context.domain.blocked;
        if payload.children().next().is_none() {
            // To unblock nobody is to unblock everybody (§3.4); to block nobody is nothing.
            if blocks {
                context.refuse(question, StanzaError::new(ErrorKind::Modify, Condition::BadRequest));
                return true;
            }
            blocked.clear();
        }
        for address in addresses(payload) {
            if blocks {
                blocked.add(address);
            } else {
                blocked.remove(&address);
            }
        }
        tell(context);
        context.answer(question, None);
        true
    }
}
