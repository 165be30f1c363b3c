//! What participants of a group chat say, live and from its archive: whose it is, and what may follow from it.

use std::rc::Rc;

use crate::clock::Now;
use crate::domain::conversations::{Amendment, Archived, NewMessage, Place, What};
use crate::domain::desk::is_visit;
use crate::domain::room::{Author, Room};
use crate::domain::timeline::{Body, Delivery, Direction, MessageKey, More};
use crate::engine::Engine;
use crate::engine::content::said;
use crate::engine::inbound::Content;
use crate::features::muc;
use crate::features::{chat_states, delay, markers, mentions, moderation, occupant_id, stanza_id};
use crate::jid::{BareJid, Jid};
use crate::wire::stanza::{Message, MessageKind};
use crate::wire::web::is_loopback;

impl Engine {
    /// Somebody is writing in a group chat, or has said what they wrote. Where they are many it is nothing to look at.
    pub(super) fn heard_writing_there(&mut self, now: Now, room: &BareJid, message: &Message) {
        let Some(nick) = message.from.as_ref().and_then(Jid::resource) else { return };
        let Some(one) = self.domain.rooms.occupant(room, nick).filter(|one| !one.is_me) else { return };
        let number = one.number;
        let state = chat_states::state(message).filter(|_| message.body.is_none());
        let writes = state.filter(|writes| !writes || self.domain.rooms.is_small_group(room));
        if message.body.is_some() || writes.is_some() {
            self.with_features(now, |features, context| {
                features.chat_states.heard(context, room, number, writes.unwrap_or_default());
            });
        }
    }

    /// Takes in what was said in a group chat. Returns its row, if it has one.
    pub(in super::super) fn room_content(&mut self, now: Now, room: &BareJid, content: Content) -> Option<MessageKey> {
        let Content { message, delays, found, .. } = content;
        let me = self.device.as_ref()?.0.bare().clone();
        let state = self.domain.rooms.room(room)?.clone();
        // An archive could have anything in it.
        if message.kind != MessageKind::Groupchat || message.from.as_ref().map(Jid::bare) != Some(room) {
            return None;
        }
        let nick = message.from.as_ref().and_then(Jid::resource);
        if let (Some(nick), Some(id), None) = (nick, markers::of(&message), &message.body) {
            let is_live = found.is_none() && delays.is_empty();
            self.seen_there(&state, nick, &message, id, is_live);
            return None;
        }
        let (body, amends, more) = match nick {
            None => room_said(&message)?,
            // Participants cannot speak for the group chat.
            Some(_) if moderation::of(&message).is_some() => return None,
            Some(_) => said(&message, found.is_some(), is_loopback(me.domain()))?,
        };
        let is_late = found.is_none() && !delays.is_empty();
        let history = self.watch.history.get(room).copied().filter(|_| is_late);
        let is_live = found.is_none() && !is_late;
        // What comes live is of now, whatever a participant puts beside it.
        let is_told = found.is_some() || history.is_some();
        let stamp = delay::stamp(if is_told { &delays } else { &[] }, room, now);
        let author = nick.map(|nick| self.author(&state, nick, &message, is_live));
        let by_archive = found.is_some() && !state.traits.occupant_ids && muc::is_by(&message, &me);
        let is_mine = author.as_ref().is_some_and(|author| self.is_mine(&state, author, &message, is_live, by_archive));
        let direction = if is_mine { Direction::Out } else { Direction::In };
        let (archive_id, archived) = match found {
            Some((id, archived)) => (Some(id), Some(archived)),
            None => {
                let id = state.traits.message_ids.then(|| stanza_id::by(&message.payloads, room)).flatten();
                (id, history.map(|counts| Archived::at(Place::BeforeLive, counts)))
            }
        };
        let mut more = more;
        if !is_mine
            && let Body::Text(text) = &body
            && mentions::names_me(&message, text, room, &state.nick, &me)
        {
            more.get_or_insert_default().mentions_me = true;
        }
        if body == Body::Retracted
            && let Some(removed) = moderation::of_tombstone(&message)
        {
            more.get_or_insert_default().removed = Some(removed);
        }
        let new = NewMessage {
            delivery: is_mine.then_some(Delivery::Acked),
            id: message.id.clone(),
            archive_id: archive_id.clone(),
            archived,
            amends: amends.map(Box::new),
            more: more.map(Box::new),
            author: author.map(Rc::new),
            markable: !is_mine && is_visit(room) && markers::is_markable(&message),
            ..NewMessage::new(direction, if is_mine { me } else { room.clone() }, body.clone(), stamp)
        };
        let (key, is_new) = self.domain.conversations.add(room, new);
        if is_mine && !is_new {
            self.domain.conversations.reflected(room, key, &body);
        } else if is_live && is_new {
            self.with_features(now, |features, context| {
                features.chat_states.heard(context, room, chat_states::NOBODY, false)
            });
        }
        if archived.is_none() && archive_id.is_some() {
            let is_apart = |archive: &crate::features::archive::Archive| archive.may_be_apart(is_late);
            if self.features.room_archives.get(room).is_some_and(is_apart) {
                self.domain.conversations.scatter(room);
            }
            self.with_features(now, |features, context| {
                if let Some(archive) = features.room_archives.get_mut(room) {
                    archive.saw_live(context);
                }
            });
        }
        Some(key)
    }

    /// A participant saw everything up to a message: of whom it is proven who they are, among few.
    fn seen_there(&mut self, room: &Room, nick: &str, message: &Message, id: &str, is_live: bool) {
        let author = self.author(room, nick, message, is_live);
        let is_proven = author.occupant_id.is_some() || author.number.is_some();
        let is_own = self.is_mine(room, &author, message, is_live, false);
        if is_proven && !is_own && room.traits.message_ids && self.domain.rooms.is_small_group(&room.address) {
            self.domain.conversations.seen_there(&room.address, author.nick, id);
        }
    }

    /// Who wrote it. Of what does not come live only the name that the group chat gives proves anything: the nickname
    /// may be somebody else's by now.
    fn author(&self, room: &Room, nick: &str, message: &Message, is_live: bool) -> Author {
        let occupant = self.domain.rooms.occupant(&room.address, nick).filter(|_| is_live);
        let id = room.traits.occupant_ids.then(|| occupant_id::of(&message.payloads)).flatten();
        Author {
            nick: occupant.map_or_else(|| nick.into(), |occupant| occupant.nick.clone()),
            occupant_id: id.or_else(|| occupant.and_then(|occupant| occupant.occupant_id.clone())),
            address: occupant.and_then(|occupant| occupant.address.clone()),
            number: occupant.map(|occupant| occupant.number),
        }
    }

    /// Whether the user wrote it, here or on another device. What comes live under our nickname is ours; of what is
    /// older our name there proves it, or the address that the archive tells, or an own message on its way that it is.
    fn is_mine(&self, room: &Room, author: &Author, message: &Message, is_live: bool, by_archive: bool) -> bool {
        let has_nick = *author.nick == *room.nick;
        if is_live && has_nick || self.is_visitors(&room.address, message.id.as_deref()) {
            return true;
        }
        if self.is_colleague(&room.address, &author.nick) {
            return false;
        }
        match (&author.occupant_id, self.domain.rooms.own_id(&room.address)) {
            (Some(id), Some(own)) => id == own,
            _ => {
                let id = message.id.as_deref();
                let is_back = |id| self.domain.conversations.may_come_back(&room.address, id);
                by_archive || has_nick && id.is_some_and(is_back)
            }
        }
    }
}

/// What a group chat itself says: that a moderator took a message away, or a text of its own.
fn room_said(message: &Message) -> Option<(Body, Option<Amendment>, Option<More>)> {
    if let Some((of, removed)) = moderation::of(message) {
        return Some((Body::Unreadable, Some(Amendment { of: of.to_owned(), what: What::Moderate(removed) }), None));
    }
    let text = message.body.as_deref().filter(|text| !text.trim().is_empty())?;
    Some((Body::Text(text.into()), None, None))
}
