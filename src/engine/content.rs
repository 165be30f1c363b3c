//! What a message says, whose origin is checked: live ones, copies and archived ones take the same road from here.

use super::Engine;
use super::inbound::Content;
use crate::clock::Now;
use crate::condition::Condition;
use crate::domain::conversations::{Amendment, NewMessage, What};
use crate::domain::problem::Refusal;
use crate::domain::timeline::{Body, Delivery, Direction, MessageKey, More, Reply};
use crate::features::chat_states::{self, NOBODY};
use crate::features::{
    chat, correction, delay, direct_invitation, manner, markers, reactions, receipts, reply, retraction, stanza_id,
    visit,
};
use crate::jid::{BareJid, Jid};
use crate::wire::ns;
use crate::wire::stanza::{Message, MessageKind};
use crate::wire::web::is_loopback;

impl Engine {
    /// Takes in what a message says. Returns its row, if it has one.
    pub(super) fn content(&mut self, now: Now, content: Content) -> Option<MessageKey> {
        if let Some(room) = content.room.clone() {
            return self.room_content(now, &room, content);
        }
        let Content { message, direction, delays, is_ours, found, .. } = content;
        let me = self.device.as_ref()?.0.bare().clone();
        let from = message.from.as_ref().map_or(&me, Jid::bare).clone();
        let peer = self.peer_of(&message, direction)?;
        let stamp = delay::stamp(&delays, &me, now);
        // What is said in a group chat, or through it, is none of a conversation between two.
        if self.domain.rooms.is_room(&peer) {
            let content = Content { message, direction, delays, is_ours, found, room: None };
            self.whispered(now, &peer, content);
            return None;
        }
        if message.kind == MessageKind::Error {
            self.bounced(&message, direction);
            return None;
        }
        // To oneself: sent and received are one conversation, and the copy that was sent is the one that counts.
        let note_to_self = peer == me;
        if !chat::is_conversation(&message, &peer) || (note_to_self && direction == Direction::In) {
            return None;
        }
        if let Some(visit) = visit::of(&message, stamp).filter(|_| direction == Direction::In)
            && self.visit_came(now, visit, found.is_none() && delays.is_empty())
        {
            return None;
        }
        if let Some(invitation) = direct_invitation::of(&message) {
            // To another device of ours, too. What the archive tells of was answered, or is long over.
            if found.is_none() && direction == Direction::In {
                self.domain.rooms.invited(invitation);
            }
            return None;
        }
        self.proofs(&peer, direction, &message, found.is_some());
        let (body, amends, more) = said(&message, found.is_some(), is_loopback(me.domain()))?;
        let (archive_id, archived) = match found {
            Some((id, archived)) => (Some(id), Some(archived)),
            None => (stanza_id::by(&message.payloads, &me), None),
        };
        let is_live = archived.is_none() && archive_id.is_some();
        let origin = message.payload(ns::SID, "origin-id").and_then(|origin| origin.attribute("id"));
        let new = NewMessage {
            delivery: (direction == Direction::Out).then_some(Delivery::Acked),
            id: message.id.clone(),
            archive_id,
            archived,
            alias: origin.filter(|id| !id.is_empty() && Some(*id) != message.id.as_deref()).map(str::to_owned),
            amends: amends.map(Box::new),
            more: more.map(Box::new),
            markable: direction == Direction::In && markers::is_markable(&message),
            ..NewMessage::new(direction, from, body, stamp)
        };
        let (key, is_new) = self.domain.conversations.add(&peer, new);
        if is_live && self.features.archive.may_be_apart(!delays.is_empty()) {
            self.domain.conversations.scatter(&peer);
        }
        if is_live {
            self.with_features(now, |features, context| features.archive.saw_live(context));
        }
        if direction == Direction::In && archived.is_none() && is_new {
            self.with_features(now, |features, context| features.chat_states.heard(context, &peer, NOBODY, false));
        }
        if is_ours && direction == Direction::In {
            self.acknowledge(now, &message);
        }
        Some(key)
    }

    /// What a message proves about earlier ones: that they arrived, or were seen. What was seen covers what is before it;
    /// while pages of the archive bring rows in order, that has to wait.
    fn proofs(&mut self, peer: &BareJid, direction: Direction, message: &Message, is_archived: bool) {
        let conversations = &mut self.domain.conversations;
        if let Some(id) = receipts::of(message).filter(|_| direction == Direction::In) {
            conversations.received(peer, id);
        }
        let Some(id) = markers::of(message) else { return };
        if direction == Direction::In {
            conversations.displayed(peer, id);
        }
        self.seen_to.push((peer.clone(), direction, id.to_owned()));
        if !is_archived {
            self.cover();
        }
    }

    /// What is known to be seen covers what is before it.
    pub(super) fn cover(&mut self) {
        if self.is_checking() || !self.deferred.is_empty() {
            return;
        }
        for (peer, direction, id) in std::mem::take(&mut self.seen_to) {
            match direction {
                Direction::In => self.domain.conversations.displayed_before(&peer, &id),
                Direction::Out => self.domain.conversations.seen_elsewhere(&peer, &id),
            }
        }
    }

    /// Tells who sent a message that it is here, if they want to know and may (XEP-0184 §5.3). Not more often than all
    /// that is answered without the user.
    fn acknowledge(&mut self, now: Now, message: &Message) {
        let (Some(id), Some(from)) = (receipts::wanted(message), &message.from) else { return };
        if !self.domain.privacy.receipts || !self.may_be_told(from) || !self.courtesy.allows(now.instant) {
            return;
        }
        let receipt = receipts::receipt(from.clone(), self.session.fresh_id(), id);
        self.session.send(&receipt, None);
    }

    /// Whether somebody may know that the user is here: who sees our presence. Nobody else is told anything.
    pub(super) fn may_be_told(&self, who: &Jid) -> bool {
        self.domain.contacts.contact(who.bare()).is_some_and(|contact| contact.subscription.they_see_us())
    }

    /// Somebody is writing. Returns whether the message says nothing else.
    pub(super) fn heard_writing(&mut self, now: Now, message: &Message, direction: Direction) -> bool {
        let (Some(writes), Some(from)) = (chat_states::state(message), &message.from) else { return false };
        if direction == Direction::Out || message.kind != MessageKind::Chat || message.body.is_some() {
            return false;
        }
        let is_late = message.payload(ns::DELAY, "delay").is_some();
        let from = from.bare().clone();
        if !is_late {
            self.with_features(now, |features, context| features.chat_states.heard(context, &from, NOBODY, writes));
        }
        message.payloads.iter().all(|payload| matches!(payload.namespace(), ns::CHAT_STATES | ns::HINTS | ns::SID))
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

/// What a message says: a text, or something about an earlier message. `None`, if it says nothing that is kept.
pub(super) fn said(
    message: &Message,
    is_archived: bool,
    is_local: bool,
) -> Option<(Body, Option<Amendment>, Option<More>)> {
    let about = |of: &str, what| Some((Body::Unreadable, Some(Amendment { of: of.to_owned(), what }), None));
    if let Some(of) = retraction::of(message) {
        return about(of, What::Retract);
    }
    if let Some((of, emojis)) = reactions::read(message) {
        return about(of, What::React(emojis));
    }
    let whole = message.body.as_deref().filter(|text| !text.is_empty());
    if is_archived && whole.is_none() && retraction::is_tombstone(message) {
        return Some((Body::Retracted, None, None));
    }
    let whole = whole?;
    let answers = reply::of(message);
    let stripped = answers.map(|_| reply::text(message, whole));
    // An answer that is nothing but a quotation is one to be seen.
    let text = stripped.as_deref().filter(|text| !text.trim().is_empty()).unwrap_or(whole);
    let body = Body::Text(text.into());
    if let Some(of) = correction::of(message) {
        let what = What::Correct(text.into());
        return Some((body, Some(Amendment { of: of.to_owned(), what }), None));
    }
    let reply = answers.map(|id| {
        let quote = reply::claimed(whole, text).chars().take(crate::domain::conversations::QUOTE).collect();
        Reply { id: id.to_owned(), to: None, author: None, nick: None, quote }
    });
    let manner = manner::read(message, text, is_local);
    let more = (reply.is_some() || !manner.is_plain()).then(|| More { reply, manner, ..More::default() });
    Some((body, None, more))
}
