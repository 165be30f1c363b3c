//! The way in, in fixed order: is it an answer or a question; is a copy what it claims to be; is it an error;
//! whose is it; is it new.

use super::Engine;
use crate::clock::{Instant, Now};
use crate::condition::Condition;
use crate::domain::conversations::{ArchiveId, Archived, NewMessage, Place};
use crate::domain::problem::Refusal;
use crate::domain::timeline::{Body, Delivery, Direction};
use crate::features::archive::{Found, Shown};
use crate::features::carbons::{Carbon, Unwrapped};
use crate::features::{Outgoing, chat, delay, stanza_id};
use crate::jid::Jid;
use crate::wire::stanza::{Iq, IqKind, Message, MessageKind, Presence, Stanza};
use crate::wire::stanza_error::{ErrorKind, StanzaError};
use crate::wire::xml::Element;

/// Automatic answers a second at most, so that nobody can make us talk ourselves off the server.
const ANSWERS: u32 = 20;

/// Counts the automatic answers of the current second.
#[derive(Debug, Default)]
pub(super) struct Courtesy {
    since: Instant,
    given: u32,
}

impl Courtesy {
    pub(super) const fn allows(&mut self, now: Instant) -> bool {
        if now.since(self.since) >= 1_000 {
            self.since = now;
            self.given = 0;
        }
        self.given = self.given.saturating_add(1);
        self.given <= ANSWERS
    }
}

impl Engine {
    /// A stanza arrived.
    pub(super) fn inbound(&mut self, now: Now, element: Element) {
        // What is no stanza after all is of no use to anybody, and harms nobody.
        match Stanza::parse(element) {
            Ok(Stanza::Message(message)) => self.message(now, *message),
            Ok(Stanza::Presence(presence)) => self.presence(now, &presence),
            Ok(Stanza::Iq(iq)) => self.iq(now, &iq),
            Err(_) => {}
        }
    }

    /// Something arrived that is more than we take: it is answered or stood for, never dropped in silence.
    pub(super) fn too_much(&mut self, now: Now, root: &Element) {
        match Stanza::parse(root.clone()) {
            Ok(Stanza::Message(message)) if matches!(message.kind, MessageKind::Chat | MessageKind::Normal) => {
                let Some((me, _)) = &self.device else { return };
                if let Some(from) = message.from.as_ref().filter(|from| from.bare() != me.bare()) {
                    let stamp = now.timestamp;
                    let peer = from.bare().clone();
                    let new = NewMessage {
                        direction: Direction::In,
                        from: peer.clone(),
                        id: message.id.clone(),
                        body: Body::Unreadable,
                        stamp,
                        delivery: None,
                        archive_id: None,
                        archived: None,
                    };
                    self.domain.conversations.add(&peer, new);
                }
            }
            Ok(_) => {}
            // A question without its payload cannot be parsed, but it can be refused.
            Err(_) if root.name() == "iq" && matches!(root.attribute("type"), Some("get" | "set")) => {
                let (Some(id), Ok(from)) = (root.attribute("id"), crate::wire::stanza::address(root, "from")) else {
                    return;
                };
                let error = StanzaError::new(ErrorKind::Modify, Condition::PolicyViolation);
                let answer = Iq { from: None, to: from, id: id.to_owned(), kind: IqKind::Error(error) };
                self.send(now, Outgoing::Answer(answer));
            }
            Err(_) => {}
        }
    }

    fn iq(&mut self, now: Now, iq: &Iq) {
        match &iq.kind {
            IqKind::Result(payload) => {
                if let Some(purpose) = self.question_of(iq) {
                    self.answered(now, purpose, Ok(payload.as_ref()));
                }
            }
            IqKind::Error(error) => {
                if let Some(purpose) = self.question_of(iq) {
                    self.answered(now, purpose, Err(error.clone()));
                }
            }
            IqKind::Get(payload) | IqKind::Set(payload) => {
                self.with_features(now, |features, context| {
                    let taken = features.all().into_iter().any(|feature| feature.question(context, iq, payload));
                    if !taken {
                        // Also what a stranger gets who may not know that we are here.
                        let error = StanzaError::new(ErrorKind::Cancel, Condition::ServiceUnavailable);
                        context.refuse(iq, error);
                    }
                });
            }
        }
    }

    fn question_of(&mut self, iq: &Iq) -> Option<crate::features::Purpose> {
        let (me, _) = self.device.as_ref()?;
        self.requests.answered(iq, me)
    }

    fn presence(&mut self, now: Now, presence: &Presence) {
        let Some((me, _)) = &self.device else { return };
        let from = presence.from.clone().unwrap_or_else(|| me.bare().clone().into());
        self.with_features(now, |features, context| {
            for feature in features.all() {
                feature.presence(context, &from, presence);
            }
        });
    }

    /// A page of the archive is there. Its messages take the same road as live ones.
    pub(super) fn show_page(&mut self, now: Now, shown: Shown) {
        let archived = shown.archived;
        let mut messages = shown.messages;
        if archived.place == Place::Start {
            // Each goes before what is there, so the newest goes first.
            messages.reverse();
        }
        for Found { id, message, beside } in messages {
            let direction = self.direction(&message);
            let delays = if beside.is_empty() { &message.payloads } else { &beside };
            self.content(now, &message, direction, delays, Some((id, archived)));
        }
    }

    /// Who wrote a message, by the address that our server vouches for.
    fn direction(&self, message: &Message) -> Direction {
        let me = self.device.as_ref().map(|(me, _)| me.bare());
        match &message.from {
            Some(from) if Some(from.bare()) != me => Direction::In,
            _ => Direction::Out,
        }
    }

    fn message(&mut self, now: Now, message: Message) {
        let Some((me, _)) = &self.device else { return };
        let is_own_account = message.from.as_ref().is_none_or(|from| from.as_bare() == Some(me.bare()));
        if self.features.archive.take(&message, is_own_account) {
            return;
        }
        match Carbon::unwrap(&message, me.bare()) {
            Unwrapped::Plain => {
                let direction = self.direction(&message);
                self.content(now, &message, direction, &message.payloads, None);
            }
            Unwrapped::Carbon(carbon) => {
                let direction = if carbon.sent { Direction::Out } else { Direction::In };
                let delays = if carbon.beside.is_empty() { &carbon.message.payloads } else { &carbon.beside };
                self.content(now, &carbon.message, direction, delays, None);
            }
            Unwrapped::Forged => {}
        }
    }

    /// A message whose origin is checked: live ones, copies and archived ones take the same road from here.
    fn content(
        &mut self,
        now: Now,
        message: &Message,
        direction: Direction,
        delays: &[Element],
        found: Option<(ArchiveId, Archived)>,
    ) {
        let Some((me, _)) = &self.device else { return };
        let from = message.from.as_ref().map_or_else(|| me.bare(), Jid::bare).clone();
        let peer = match direction {
            Direction::In => from.clone(),
            Direction::Out => match &message.to {
                Some(to) => to.bare().clone(),
                None => return,
            },
        };
        let stamp = delay::stamp(delays, me.bare(), now);
        if message.kind == MessageKind::Error {
            return self.bounced(message, direction);
        }
        // To oneself: sent and received are one conversation, and the copy that was sent is the one that counts.
        let note_to_self = peer == *me.bare();
        if !chat::is_conversation(message, &peer) || (note_to_self && direction == Direction::In) {
            return;
        }
        let Some(text) = message.body.as_deref().filter(|text| !text.is_empty()) else { return };
        let delivery = (direction == Direction::Out).then_some(Delivery::Acked);
        let body = Body::Text(text.into());
        let id = message.id.clone();
        let (archive_id, archived) = match found {
            Some((id, archived)) => (Some(id), Some(archived)),
            None => (stanza_id::by(&message.payloads, me.bare()), None),
        };
        let new = NewMessage { direction, from, id, body, stamp, delivery, archive_id, archived };
        self.domain.conversations.add(&peer, new);
    }

    /// A message of ours came back. Only from where it went to: an error from elsewhere proves nothing.
    fn bounced(&mut self, message: &Message, direction: Direction) {
        let (Some(from), Some(id), Direction::In) = (&message.from, &message.id, direction) else { return };
        let peer = from.bare();
        if let Some(key) = self.domain.conversations.own(peer, id) {
            let error = message.error.clone();
            let refusal = error.map_or(Refusal { condition: Condition::UndefinedCondition, text: None }, Refusal::from);
            self.domain.conversations.deliver(peer, key, Delivery::Failed(refusal));
        }
    }
}
