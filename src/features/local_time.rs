//! XEP-0202: which time it is where a contact is, and where the user is, if they want that told.

use super::{Context, Feature, Purpose};
use crate::jid::FullJid;
use crate::wire::stanza::{Iq, IqKind};
use crate::wire::stanza_error::StanzaError;
use crate::wire::xml::Element;
use crate::wire::{ns, time};

/// The device that was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked(FullJid);

/// The clock on the wall.
#[derive(Debug, Default)]
pub struct LocalTime {
    /// Minutes that it is ahead of UTC, if others may know.
    offset: Option<i32>,
}

impl LocalTime {
    /// The clock here is so many minutes ahead of UTC, and those who see our presence may know, or none may.
    pub const fn tell(&mut self, offset: Option<i32>) {
        self.offset = offset;
    }

    /// Asks a device which time it is there.
    pub fn ask(context: &mut Context<'_>, device: FullJid) {
        let time = Element::new(ns::TIME, "time");
        context.ask_of(device.clone().into(), IqKind::Get(time), Purpose::LocalTime(Asked(device)));
    }

    /// Its answer. Of what the clock shows only the zone is of use: the rest is known here.
    pub fn answered(context: &mut Context<'_>, asked: &Asked, answer: Result<Option<&Element>, StanzaError>) {
        let zone = answer.ok().flatten().filter(|time| time.is(ns::TIME, "time"));
        let zone = zone.and_then(|time| time.child(ns::TIME, "tzo")).and_then(|zone| time::zone(&zone.text()));
        if zone.is_some() {
            context.domain.contacts.tell_about(&asked.0, |about| about.offset = zone);
        }
    }
}

impl Feature for LocalTime {
    fn features(&self) -> &'static [&'static str] {
        &[ns::TIME]
    }

    fn question(&mut self, context: &mut Context<'_>, question: &Iq, payload: &Element) -> bool {
        let ours = payload.is(ns::TIME, "time") && matches!(question.kind, IqKind::Get(_));
        let (Some(offset), Some(now)) = (self.offset, time::write(context.now.timestamp)) else { return false };
        if !ours || !context.may_see_us(question.from.as_ref()) {
            return false;
        }
        let field = |name, text: &str| Element::new(ns::TIME, name).text_with(text);
        let time = Element::new(ns::TIME, "time")
            .child_with(field("tzo", &time::write_zone(offset)))
            .child_with(field("utc", &now));
        context.answer(question, Some(time));
        true
    }
}
