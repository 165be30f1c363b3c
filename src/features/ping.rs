//! XEP-0199: are you there?

use super::{Context, Feature};
use crate::wire::ns;
use crate::wire::stanza::{Iq, IqKind};
use crate::wire::xml::Element;

/// Answers pings. Openfire ends a session that does not.
#[derive(Debug, Default)]
pub struct Ping;

impl Feature for Ping {
    fn features(&self) -> &'static [&'static str] {
        &[ns::PING]
    }

    fn question(&mut self, context: &mut Context<'_>, question: &Iq, payload: &Element) -> bool {
        let ours = payload.is(ns::PING, "ping")
            && matches!(question.kind, IqKind::Get(_))
            && context.may_see_us(question.from.as_ref());
        if ours {
            context.answer(question, None);
        }
        ours
    }
}
