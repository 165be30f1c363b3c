//! What the user and one participant of a group chat say to each other alone (XEP-0045 §7.5). It stands in the conversation
//! of the group chat, marked, and never where all could seem to read it.

use std::rc::Rc;

use crate::clock::Now;
use crate::condition::Condition;
use crate::domain::conversations::{Amendment, NewMessage, What};
use crate::domain::problem::Refusal;
use crate::domain::room::{Author, Room};
use crate::domain::timeline::{Delivery, Direction};
use crate::engine::Engine;
use crate::engine::content::said;
use crate::engine::inbound::Content;
use crate::features::{delay, occupant_id};
use crate::jid::{BareJid, FullJid, Jid};
use crate::wire::ns;
use crate::wire::stanza::{Message, MessageKind};
use crate::wire::web::is_loopback;

impl Engine {
    /// Somebody says something to us alone, in a group chat that we are in.
    pub(super) fn whispers(&mut self, now: Now, message: &Message) {
        let message = message.clone();
        let delays = message.payloads.iter().filter(|payload| payload.is(ns::DELAY, "delay")).cloned().collect();
        let content = Content { message, direction: Direction::In, delays, is_ours: true, found: None, room: None };
        self.content_when_ready(now, content);
    }

    /// Takes in what one participant said to the user alone, or the user, on another device, to one of them: live, as a
    /// copy, or from the archive of the account.
    pub(in super::super) fn whispered(&mut self, now: Now, room: &BareJid, content: Content) {
        let Content { message, direction, delays, found, .. } = content;
        let Some(me) = self.device.as_ref().map(|(me, _)| me.bare().clone()) else { return };
        let Some(state) = self.domain.rooms.room(room).cloned() else { return };
        let other = if direction == Direction::In { &message.from } else { &message.to };
        // The group chat itself is none of its participants.
        let Some(nick) = other.as_ref().and_then(Jid::resource) else { return };
        if !matches!(message.kind, MessageKind::Chat | MessageKind::Normal) {
            return;
        }
        let is_live = found.is_none() && !delays.iter().any(|payload| payload.is(ns::DELAY, "delay"));
        // Nobody else goes by our nickname there now.
        if is_live && *nick == *state.nick {
            return;
        }
        let Some((body, amends, more)) = said(&message, found.is_some(), is_loopback(me.domain())) else { return };
        if matches!(amends, Some(Amendment { what: What::React(_), .. })) {
            return;
        }
        let other = Rc::new(self.whisperer(&state, nick, direction, &message, is_live));
        let is_mine = direction == Direction::Out;
        let (archived, archive_id) = found.map_or((None, None), |(id, archived)| (Some(archived), Some(id)));
        let new = NewMessage {
            delivery: is_mine.then_some(Delivery::Acked),
            // What the archive of the account calls it is no name in this conversation, which has those of the group chat;
            // but it tells what came twice, where the sender gave none.
            id: message.id.clone().or(archive_id),
            archived,
            amends: amends.map(Box::new),
            more: more.map(Box::new),
            author: (!is_mine).then(|| other.clone()),
            private: Some(other),
            ..NewMessage::new(
                direction,
                if is_mine { me.clone() } else { room.clone() },
                body,
                delay::stamp(&delays, &me, now),
            )
        };
        self.domain.conversations.open_room(room);
        self.domain.conversations.add(room, new);
    }

    /// Who says something to us alone from this address, if it is that of a participant where we are in.
    pub(in super::super) fn whisperer_of(&self, from: &Jid) -> Option<Rc<Author>> {
        let (room, nick) = (from.bare(), from.resource()?);
        let one = self.domain.rooms.occupant(room, nick).filter(|_| self.domain.rooms.is_joined(room))?;
        Some(Rc::new(Author::of(one)))
    }

    /// The other one. Live it is who is there now; of what is older only the name that the group chat gives tells.
    fn whisperer(&self, room: &Room, nick: &str, direction: Direction, message: &Message, is_live: bool) -> Author {
        if let Some(one) = self.domain.rooms.occupant(&room.address, nick).filter(|_| is_live) {
            return Author::of(one);
        }
        let is_theirs = direction == Direction::In && room.traits.occupant_ids;
        let occupant_id = is_theirs.then(|| occupant_id::of(&message.payloads)).flatten();
        Author { nick: nick.into(), occupant_id, address: None, number: None }
    }

    /// Where a text for one participant goes: to them under the nickname that they have now, and to nobody else. An error,
    /// if they are not there any more; `None`, if nobody told yet who is there.
    pub(in super::super) fn addressee(&self, room: &BareJid, who: &Author) -> Option<Result<FullJid, Refusal>> {
        let own = &self.domain.rooms.room(room)?.nick;
        self.domain.rooms.occupant(room, own)?;
        let gone = Refusal { condition: Condition::ItemNotFound, text: None };
        let there = self.domain.rooms.person(room, who);
        Some(there.and_then(|one| room.with_resource(&one.nick).ok()).ok_or(gone))
    }

    /// A text for one participant came back. Only from where it went to: errors of others prove nothing.
    pub(super) fn whisper_refused(&mut self, from: &Jid, message: &Message) {
        let (room, Some(nick), Some(id)) = (from.bare(), from.resource(), &message.id) else { return };
        let Some(key) = self.domain.conversations.own(room, id) else { return };
        let private = self.domain.conversations.message(room, key).and_then(|row| row.private.as_ref());
        let Some(who) = private else { return };
        let is_theirs = *who.nick == *nick || self.domain.rooms.person(room, who).is_some_and(|one| *one.nick == *nick);
        if is_theirs {
            let refusal = message.error.clone().map(Refusal::from);
            let refusal = refusal.unwrap_or(Refusal { condition: Condition::UndefinedCondition, text: None });
            self.domain.conversations.deliver(room, key, Delivery::Failed(refusal));
        }
    }
}
