//! XEP-0191: blocking, as far as contact requests need it: one address is blocked for good.

use super::{Context, Purpose};
use crate::domain::change::{Notice, Wish};
use crate::jid::BareJid;
use crate::wire::ns;
use crate::wire::stanza::IqKind;
use crate::wire::stanza_error::StanzaError;
use crate::wire::xml::Element;

/// The address that the server was asked to block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked(BareJid);

/// Asks the server to let nothing of this address through any more.
pub fn block(context: &mut Context<'_>, address: &BareJid) {
    let item = Element::new(ns::BLOCKING, "item").with("jid", address.as_str());
    let block = Element::new(ns::BLOCKING, "block").child_with(item);
    context.ask(IqKind::Set(block), Purpose::Blocking(Asked(address.clone())));
}

/// The server's answer.
pub fn answered(context: &mut Context<'_>, asked: Asked, answer: Result<Option<&Element>, StanzaError>) {
    if let Err(error) = answer {
        let refusal = error.into();
        context.domain.notices.push(Notice::Refused { wish: Wish::Block, address: asked.0, refusal });
    }
}
