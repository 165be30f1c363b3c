//! XEP-0490: how far each conversation was read, told to our other devices and by them.
//!
//! One item for each conversation on a private node of our own account: its id is the address, and in it is the
//! archive's id of the last message that was displayed.

use super::{Context, Feature, Purpose};
use crate::condition::Condition;
use crate::domain::change::Change;
use crate::domain::conversations::ArchiveId;
use crate::domain::desk::DeskChange;
use crate::jid::BareJid;
use crate::wire::stanza::{IqKind, Message};
use crate::wire::stanza_error::StanzaError;
use crate::wire::xml::Element;
use crate::wire::{ns, pubsub};

/// Items that are taken from one answer.
const MOST: usize = 10_000;

/// What was asked of the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// What other devices have read.
    Items,
    /// To keep what was read here.
    Publish,
    /// To keep it of more than one conversation.
    Configure,
}

/// What is told and heard about reading.
#[derive(Debug, Default)]
pub struct Displayed {
    /// The server can keep an item private (XEP-0223 §5): without that nothing is told.
    is_private: bool,
    /// The server does not know every option that the specification wants.
    few_options: bool,
    /// The node was told to keep more than one item.
    is_configured: bool,
    /// What is being told.
    telling: Option<(BareJid, ArchiveId)>,
    /// What is to be told, the latest of each conversation.
    to_tell: Vec<(BareJid, ArchiveId)>,
}

impl Displayed {
    /// The account said what it can do.
    pub fn found(&mut self, context: &mut Context<'_>, info: &Element) {
        self.is_private = pubsub::can_be_private(info);
        if self.is_private {
            context.ask(IqKind::Get(pubsub::items(ns::DISPLAYED)), Purpose::Displayed(Asked::Items));
        }
    }

    /// What a message tells of reading, if that is what it is about. Only our own account may tell (XEP-0490 §6).
    pub fn take(message: &Message, is_own_account: bool) -> Option<Vec<(BareJid, ArchiveId)>> {
        let items = message.payload(ns::PUBSUB_EVENT, "event")?.child(ns::PUBSUB_EVENT, "items")?;
        if items.attribute("node") != Some(ns::DISPLAYED) {
            return None;
        }
        Some(if is_own_account { read(items) } else { Vec::new() })
    }

    /// The answer to a question of this feature: what other devices have read.
    pub fn answered(
        &mut self,
        context: &mut Context<'_>,
        asked: &Asked,
        answer: Result<Option<&Element>, StanzaError>,
    ) -> Vec<(BareJid, ArchiveId)> {
        match (asked, answer) {
            (Asked::Items, Ok(Some(pubsub))) => {
                return pubsub.child(ns::PUBSUB, "items").map(read).unwrap_or_default();
            }
            (Asked::Items | Asked::Configure, _) => {}
            (Asked::Publish, answer) => {
                let told = self.telling.take();
                match answer {
                    // ejabberd 23.01 knows two of the four options, and refuses the others.
                    Err(error) if error.condition == Condition::ResourceConstraint && !self.few_options => {
                        self.few_options = true;
                        self.to_tell.extend(told);
                    }
                    // What could not be said when the node was made is said now: without it the node keeps one item.
                    Ok(_) if self.few_options && !std::mem::replace(&mut self.is_configured, true) => {
                        let configure = pubsub::configure(ns::DISPLAYED);
                        context.ask(IqKind::Set(configure), Purpose::Displayed(Asked::Configure));
                    }
                    _ => {}
                }
                self.tell_next(context);
            }
        }
        Vec::new()
    }

    /// Tells what was read here since the last time.
    pub fn tell(&mut self, context: &mut Context<'_>) {
        for (peer, id) in context.domain.conversations.take_read() {
            // Somebody without an account keeps it on the device.
            if let Some(own) = context.domain.visit.as_mut().filter(|own| own.room.as_ref() == Some(&peer)) {
                own.read = Some(id.clone());
                let own = Some(own.clone());
                context.domain.changes.push(Change::Desk(DeskChange::Own(own)));
            }
            self.to_tell.retain(|(told, _)| *told != peer);
            self.to_tell.push((peer, id));
        }
        self.tell_next(context);
    }

    fn tell_next(&mut self, context: &mut Context<'_>) {
        if !self.is_private || self.telling.is_some() {
            return;
        }
        let Some((peer, id)) = self.to_tell.pop() else { return };
        let by = if context.domain.conversations.is_room(&peer) { &peer } else { context.me.bare() };
        let stanza_id = Element::new(ns::SID, "stanza-id").with("by", by.as_str()).with("id", &*id);
        let displayed = Element::new(ns::DISPLAYED, "displayed").child_with(stanza_id);
        let pubsub = pubsub::publish(ns::DISPLAYED, peer.as_str(), displayed, self.few_options);
        context.ask(IqKind::Set(pubsub), Purpose::Displayed(Asked::Publish));
        self.telling = Some((peer, id));
    }
}

/// The conversations of some items, each with how far it was read.
fn read(items: &Element) -> Vec<(BareJid, ArchiveId)> {
    let read = items.children().filter(|child| child.name() == "item").take(MOST).filter_map(|item| {
        let peer = item.attribute("id")?.parse().ok()?;
        let stanza_id = item.child(ns::DISPLAYED, "displayed")?.child(ns::SID, "stanza-id")?;
        Some((peer, stanza_id.attribute("id").filter(|id| !id.is_empty())?.to_owned()))
    });
    read.collect()
}

impl Feature for Displayed {
    fn features(&self) -> &'static [&'static str] {
        &[ns::DISPLAYED_NOTIFY]
    }

    fn fresh_stream(&mut self, _context: &mut Context<'_>) {
        self.is_private = false;
        self.to_tell.extend(self.telling.take());
    }
}
