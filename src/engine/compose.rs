//! What the user says, as stanzas: texts, and what is about earlier messages.

use super::Engine;
use super::command::Sending;
use crate::clock::Now;
use crate::domain::change::Notice;
use crate::domain::conversations::{Amendment, NewMessage, Says, What, quotation};
use crate::domain::timeline::{Body, Delivery, Direction, Manner, MessageKey, More, Reply};
use crate::features::{
    chat, chat_states, correction, manner, markers, mentions, reactions, receipts, reply, retraction,
};
use crate::jid::{BareJid, Jid};
use crate::wire::ns;
use crate::wire::stanza::{Message, MessageKind};
use crate::wire::xml::Element;

impl Engine {
    /// Sends something that is more than a plain text.
    pub(super) fn send_more(&mut self, now: Now, id: Option<String>, peer: BareJid, what: Sending) {
        match what {
            Sending::Text { text, reply, manner } => {
                let reply = reply.and_then(|key| self.reply_to(&peer, key));
                self.send_text(now, id, peer, &text, reply, manner);
            }
            Sending::Correct { key, text } => self.correct(now, id, peer, key, text.trim()),
            Sending::Retract(key) => {
                let Some(message) = self.own_message(&peer, key) else { return };
                // What has not left need not be taken back.
                if matches!(message.delivery, Some(Delivery::Queued | Delivery::Failed(_))) {
                    return self.domain.conversations.discard(&peer, key);
                }
                if !message.amending().is_some_and(|amending| amending.retracts) {
                    self.amend(now, id, &peer, key, What::Retract);
                }
            }
            Sending::React { key, emojis } => {
                let is_text =
                    self.domain.conversations.message(&peer, key).is_some_and(|row| row.body.text().is_some());
                if is_text && emojis.iter().all(|emoji| reactions::is_sign(emoji)) {
                    self.amend(now, id, &peer, key, What::React(emojis));
                }
            }
        }
    }

    fn reply_to(&self, peer: &BareJid, key: MessageKey) -> Option<Reply> {
        let id = self.domain.conversations.name_of(peer, key)?;
        let message = self.domain.conversations.message(peer, key)?;
        let quote = quotation(&message.body);
        let nick = message.author.as_ref().map(|author| author.nick.clone());
        Some(Reply { id, to: Some(key), author: Some(message.direction), nick, quote })
    }

    fn own_message(&self, peer: &BareJid, key: MessageKey) -> Option<&crate::domain::timeline::Message> {
        let message = self.domain.conversations.message(peer, key)?;
        (message.direction == Direction::Out && message.body.text().is_some()).then_some(message)
    }

    fn correct(&mut self, now: Now, id: Option<String>, peer: BareJid, key: MessageKey, text: &str) {
        let Some(message) = self.own_message(&peer, key) else { return };
        if text.is_empty() || message.body.text().is_some_and(|said| **said == *text) {
            return;
        }
        self.amend(now, id, &peer, key, What::Correct(text.into()));
    }

    /// Says something about an earlier message. It goes the way of every message.
    fn amend(&mut self, now: Now, id: Option<String>, peer: &BareJid, key: MessageKey, what: What) {
        let Some(from) = self.user.as_ref().map(|user| user.account.address.clone()) else { return };
        let conversations = &self.domain.conversations;
        let own = conversations.message(peer, key).is_some_and(|message| message.direction == Direction::Out);
        // In a group chat everything but a correction names a message as the group chat does.
        let by_sender = own && (!conversations.is_room(peer) || matches!(what, What::Correct(_)));
        // Corrections name the id that the sender's server sees; all else the one that is unique.
        let of = if by_sender { conversations.id_of(peer, key).cloned() } else { conversations.name_of(peer, key) };
        let Some(of) = of else { return };
        let id = id.unwrap_or_else(|| self.session.fresh_id());
        let body = if let What::Correct(text) = &what { Body::Text(text.clone()) } else { Body::Unreadable };
        let new = NewMessage {
            id: Some(id.clone()),
            delivery: Some(Delivery::Queued),
            amends: Some(Box::new(Amendment { of, what })),
            ..NewMessage::new(Direction::Out, from, body, now.timestamp)
        };
        self.send_new(peer, &id, new);
    }

    /// Sends a text.
    pub(super) fn send_text(
        &mut self,
        now: Now,
        id: Option<String>,
        peer: BareJid,
        text: &str,
        reply: Option<Reply>,
        manner: Manner,
    ) {
        let Some(from) = self.user.as_ref().map(|user| user.account.address.clone()) else { return };
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        let id = id.unwrap_or_else(|| self.session.fresh_id());
        let says = Says::Text { text: text.into(), reply: reply.clone(), manner: manner.clone() };
        if self.compose(&peer, &id, &says).to_xml().len() > chat::MOST_BYTES {
            if self.domain.conversations.own(&peer, &id).is_none() {
                self.domain.conversations.set_draft(&peer, text.to_owned());
                self.domain.notices.push(Notice::TextTooLong { peer, limit: chat::MOST_BYTES });
            }
            return;
        }
        let more = (reply.is_some() || !manner.is_plain()).then(|| More { reply, manner, ..More::default() });
        let new = NewMessage {
            id: Some(id.clone()),
            delivery: Some(Delivery::Queued),
            more: more.map(Box::new),
            ..NewMessage::new(Direction::Out, from, Body::Text(text.into()), now.timestamp)
        };
        self.features.chat_states.sent(&peer);
        self.send_new(&peer, &id, new);
    }

    fn send_new(&mut self, peer: &BareJid, id: &str, new: NewMessage) {
        if self.domain.conversations.own(peer, id).is_some() {
            // It was asked for twice.
            return;
        }
        self.domain.conversations.seen(peer);
        if new.amends.is_none() {
            self.domain.conversations.set_draft(peer, String::new());
        }
        let before = self.domain.conversations.pending_changes();
        let (key, _) = self.domain.conversations.add(peer, new);
        // In memory there is nothing to wait for, and what came before it must be shown before it, too.
        let shown = match self.is_in_memory() {
            true => Vec::new(),
            false => self.domain.conversations.withhold_changes(before),
        };
        self.keep_first(peer, key, shown);
        self.flush_queue();
    }

    /// The stanza for something that the user says.
    pub(super) fn compose(&self, peer: &BareJid, id: &str, says: &Says) -> Element {
        let to: Jid = peer.clone().into();
        let is_room = self.domain.conversations.is_room(peer);
        let may_be_told = !is_room && self.may_be_told(&to);
        let kind = if is_room { MessageKind::Groupchat } else { MessageKind::Chat };
        let mut message = Message::new(kind, to, id.to_owned());
        message.payloads.push(Element::new(ns::SID, "origin-id").with("id", id));
        match says {
            Says::Text { text, reply, manner } => {
                self.compose_text(&mut message, peer, text, reply.as_ref());
                message.payloads.extend(manner::payloads(manner, text));
                if !is_room {
                    message.payloads.push(markers::markable());
                }
                if may_be_told && self.domain.privacy.writing {
                    message.payloads.push(chat_states::active());
                }
            }
            Says::About { amendment: Amendment { of, what }, reply } => match what {
                What::Correct(text) => {
                    self.compose_text(&mut message, peer, text, reply.as_ref());
                    message.payloads.push(correction::payload(of));
                }
                What::Retract => {
                    message.body = Some(retraction::EXPLANATION.to_owned());
                    message.payloads.extend(retraction::payloads(of));
                    message.payloads.push(Element::new(ns::HINTS, "store"));
                }
                What::React(emojis) => {
                    message.payloads.push(reactions::payload(of, emojis));
                    message.payloads.push(Element::new(ns::HINTS, "store"));
                }
                // That is asked of the group chat, and never said by a message of ours.
                What::Moderate(_) => {}
            },
        }
        message.to_element()
    }

    fn compose_text(&self, message: &mut Message, peer: &BareJid, text: &str, reply: Option<&Reply>) {
        // Thousands of people in a group chat would answer.
        if message.kind != MessageKind::Groupchat {
            message.payloads.push(receipts::request());
        }
        let in_room = message.kind == MessageKind::Groupchat;
        let named = |before| match in_room {
            true => mentions::references(&self.domain.rooms, peer, text, before),
            false => Vec::new(),
        };
        let Some(reply) = reply else {
            message.body = Some(text.to_owned());
            message.payloads.extend(named(0));
            return;
        };
        let me = self.user.as_ref().map(|user| &user.account.address);
        let author = me.filter(|_| reply.author == Some(Direction::Out)).unwrap_or(peer);
        let quotation = reply::quotation(&reply.quote);
        let of_participant = reply.nick.as_ref().and_then(|nick| peer.with_resource(nick).ok());
        let author = of_participant.map_or_else(|| author.to_string(), |author| author.to_string());
        message.payloads.push(reply::payload(&reply.id, &author));
        if !quotation.is_empty() {
            message.payloads.push(reply::fallback(&quotation));
        }
        message.payloads.extend(named(quotation.chars().count()));
        message.body = Some(quotation + text);
    }

    /// Tells people that their messages were seen, if they want to know and may (XEP-0333 §4.3).
    pub(super) fn mark(&mut self) {
        for (peer, id) in self.domain.conversations.take_to_mark() {
            if self.domain.privacy.markers && self.may_be_told(&peer.clone().into()) {
                let displayed = markers::displayed(&peer, self.session.fresh_id(), &id);
                self.session.send(&displayed, None);
            }
        }
    }

    /// The user is writing, or has emptied the field.
    pub(super) fn writing(&mut self, now: Now, peer: &BareJid, writes: bool) {
        let may = self.domain.privacy.writing && self.may_be_told(&peer.clone().into());
        if may
            && self.session.is_online()
            && let Some(state) = self.features.chat_states.typed(now.instant, peer, writes)
        {
            self.session.send(&state, None);
        }
    }
}
