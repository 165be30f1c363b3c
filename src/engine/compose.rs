//! What the user says, as stanzas: texts, and what is about earlier messages.

use std::rc::Rc;

use super::Engine;
use super::command::Sending;
use crate::clock::Now;
use crate::domain::change::Notice;
use crate::domain::conversations::{Amendment, NewMessage, Says, What, quotation};
use crate::domain::desk::is_visit;
use crate::domain::room::Author;
use crate::domain::timeline::{Body, Delivery, Direction, Manner, MessageKey, More, Reply};
use crate::features::{
    chat, chat_states, correction, manner, markers, mentions, reactions, receipts, reply, retraction,
};
use crate::jid::{BareJid, FullJid, Jid};
use crate::wire::ns;
use crate::wire::stanza::{Message, MessageKind};
use crate::wire::xml::Element;

/// A text as it was typed.
pub(super) struct Typed<'a> {
    pub(super) text: &'a str,
    pub(super) reply: Option<Reply>,
    pub(super) manner: Manner,
    /// For whom alone, in a group chat.
    pub(super) private: Option<Rc<Author>>,
}

impl<'a> Typed<'a> {
    /// One that is nothing else.
    pub(super) fn plain(text: &'a str) -> Self {
        Self { text, reply: None, manner: Manner::default(), private: None }
    }
}

impl Engine {
    /// Sends something that is more than a plain text.
    pub(super) fn send_more(&mut self, now: Now, id: Option<String>, peer: BareJid, what: Sending) {
        match what {
            Sending::Text { text, reply, manner } => {
                let private = reply.and_then(|key| self.only_with(&peer, key));
                let reply = reply.and_then(|key| self.reply_to(&peer, key));
                self.send_text(now, id, peer, Typed { text: &text, reply, manner, private });
            }
            Sending::Whisper { to, text, reply, manner } => {
                // What somebody else said to the user alone is not quoted to this one.
                let is_theirs = |key: &MessageKey| self.only_with(&peer, *key).is_none_or(|with| with.is_same(&to));
                let reply = reply.filter(is_theirs).and_then(|key| self.reply_to(&peer, key));
                self.send_text(now, id, peer, Typed { text: &text, reply, manner, private: Some(to) });
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
                let row = self.domain.conversations.message(&peer, key);
                let is_text = row.is_some_and(|row| row.body.text().is_some() && row.private.is_none());
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

    /// With whom alone a row was said.
    fn only_with(&self, peer: &BareJid, key: MessageKey) -> Option<Rc<Author>> {
        self.domain.conversations.message(peer, key)?.private.clone()
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
        let private = self.only_with(peer, key);
        let by_sender = own && (!conversations.is_room(peer) || private.is_some() || matches!(what, What::Correct(_)));
        // Corrections name the id that the sender's server sees; all else the one that is unique.
        let of = if by_sender { conversations.id_of(peer, key).cloned() } else { conversations.name_of(peer, key) };
        let Some(of) = of else { return };
        let id = self.visit_id(peer, id);
        let body = if let What::Correct(text) = &what { Body::Text(text.clone()) } else { Body::Unreadable };
        let new = NewMessage {
            id: Some(id.clone()),
            delivery: Some(Delivery::Queued),
            amends: Some(Box::new(Amendment { of, what })),
            private,
            ..NewMessage::new(Direction::Out, from, body, now.timestamp)
        };
        self.send_new(peer, &id, new);
    }

    /// Sends a text.
    pub(super) fn send_text(&mut self, now: Now, id: Option<String>, peer: BareJid, typed: Typed<'_>) {
        let Typed { text, reply, manner, private } = typed;
        let Some(from) = self.user.as_ref().map(|user| user.account.address.clone()) else { return };
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        let id = self.visit_id(&peer, id);
        let says = Says::Text { text: text.into(), reply: reply.clone(), manner: manner.clone() };
        let to = private.as_ref().and_then(|to| peer.with_resource(&to.nick).ok());
        if self.compose(&peer, &id, &says, to).to_xml().len() > chat::MOST_BYTES {
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
            private,
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

    /// The stanza for something that the user says, in a group chat perhaps to one participant alone.
    pub(super) fn compose(&self, peer: &BareJid, id: &str, says: &Says, private: Option<FullJid>) -> Element {
        let is_room = self.domain.conversations.is_room(peer);
        let kind = if is_room && private.is_none() { MessageKind::Groupchat } else { MessageKind::Chat };
        let to: Jid = private.map_or_else(|| peer.clone().into(), Jid::from);
        let may_be_told = !is_room && self.may_be_told(&to);
        let mut message = Message::new(kind, to, id.to_owned());
        if is_room && kind == MessageKind::Chat {
            // So that our server knows what it copies to our other devices (§7.5).
            message.payloads.push(Element::new(ns::MUC_USER, "x"));
        }
        message.payloads.push(Element::new(ns::SID, "origin-id").with("id", id));
        match says {
            Says::Text { text, reply, manner } => {
                self.compose_text(&mut message, peer, text, reply.as_ref());
                message.payloads.extend(manner::payloads(manner, text));
                if !is_room || is_visit(peer) {
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
        // Thousands of people in a group chat would answer, and one of them is told nothing about us.
        let is_room = self.domain.conversations.is_room(peer);
        if !is_room {
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
        let is_own = reply.author == Some(Direction::Out);
        let author = me.filter(|_| is_own && !is_room).unwrap_or(peer);
        let quotation = reply::quotation(&reply.quote);
        // Our address is not for everybody in a group chat.
        let own = self.domain.rooms.room(peer).filter(|_| is_own).map(|state| &*state.nick);
        let of_participant = own.or(reply.nick.as_deref()).and_then(|nick| peer.with_resource(nick).ok());
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
            let may = is_visit(&peer) || self.may_be_told(&peer.clone().into());
            if self.domain.privacy.markers && may {
                let displayed = markers::displayed(&peer, self.session.fresh_id(), &id);
                self.send_state(displayed);
            }
        }
    }

    /// The user is writing, or has emptied the field.
    pub(super) fn writing(&mut self, now: Now, peer: &BareJid, writes: bool) {
        // Whoever is in a visit knows that the user is.
        let may = is_visit(peer) || self.may_be_told(&peer.clone().into());
        let may = self.domain.privacy.writing && may;
        if may
            && self.session.is_online()
            && let Some(state) = self.features.chat_states.typed(now.instant, peer, writes)
        {
            self.send_state(state);
        }
    }
}
