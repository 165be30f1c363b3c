//! XEP-0045: who comes, who goes, and what the group chat says about it.

use std::rc::Rc;

use super::status::{Said, news, why};
use super::{Event, Muc};
use crate::domain::presence::Availability;
use crate::domain::room::{Affiliation, Occupant, Phase, Role, RoomNews, RoomWish, Why};
use crate::features::Context;
use crate::jid::{BareJid, Jid};
use crate::wire::ns;
use crate::wire::stanza::{Presence, PresenceKind, Show};

impl Muc {
    /// A presence of a group chat that the user is in or on the way into. `id` is what the occupant is called in it, which
    /// counts only if the group chat says that it calls people so; `hats` are the labels that it gave them.
    pub fn presence(
        &mut self,
        context: &mut Context<'_>,
        from: &Jid,
        presence: &Presence,
        id: Option<Rc<str>>,
        hats: Vec<Rc<str>>,
    ) -> Option<Event> {
        let room = from.bare();
        if presence.kind == PresenceKind::Error {
            return self.error(context, room, presence);
        }
        // ejabberd sends one of the group chat itself, which is nobody who is there.
        let nick = from.resource()?;
        let said = Said::read(presence.payload(ns::MUC_USER, "x")?);
        match presence.kind {
            PresenceKind::Available => {
                let availability = match presence.show {
                    Some(Show::Away) => Availability::Away,
                    Some(Show::Chat) => Availability::Chat,
                    Some(Show::Dnd) => Availability::Dnd,
                    Some(Show::Xa) => Availability::Xa,
                    None => Availability::Available,
                };
                let occupant = Occupant {
                    number: 0,
                    nick: nick.into(),
                    occupant_id: id,
                    address: said.address.clone(),
                    role: said.role.unwrap_or(Role::Participant),
                    affiliation: said.affiliation.unwrap_or_default(),
                    hats,
                    availability,
                    is_me: false,
                };
                self.came(context, room, occupant, &said)
            }
            PresenceKind::Unavailable => self.went(context, room, nick, said),
            _ => None,
        }
    }

    fn came(&mut self, context: &mut Context<'_>, room: &BareJid, mut one: Occupant, said: &Said) -> Option<Event> {
        let state = context.domain.rooms.room(room)?;
        let (was_joined, own_nick) = (state.phase == Phase::Joined, state.nick.clone());
        let has_ids = state.traits.occupant_ids;
        let is_known = self.visits.get(room).is_some_and(|visit| visit.seen);
        // Once we are in, our own nickname says who we are, and no number that anybody could have put there.
        one.is_me = if is_known { *one.nick == *own_nick } else { said.has(110) };
        let (role, affiliation, nick, id) = (one.role, one.affiliation, one.nick.clone(), one.occupant_id.clone());
        let is_me = one.is_me;
        one.occupant_id = one.occupant_id.filter(|_| has_ids);
        context.domain.rooms.came(room, one);
        if !is_me {
            return None;
        }
        context.domain.rooms.set_own_id(room, id);
        let before = context.domain.rooms.room(room).map(|state| (state.role, state.affiliation))?;
        context.domain.rooms.edit(room, |state| {
            state.role = role;
            state.affiliation = affiliation;
            state.nick = (*nick).to_owned();
        });
        if is_known {
            self.rank_changed(context, room, before, (role, affiliation));
            return None;
        }
        self.done(room);
        let visit = self.visits.entry(room.clone()).or_default();
        visit.seen = true;
        visit.tries = 0;
        context.domain.rooms.edit(room, |state| {
            state.phase = Phase::Joined;
            state.traits.logged |= said.has(170);
        });
        // What was so the last time is no news.
        let is_new = std::mem::take(&mut visit.is_new);
        // And what comes of our own wish is none, either.
        if is_new && visit.making.is_none() {
            let told = said.codes.iter().filter(|code| matches!(code, 100 | 170)).filter_map(|code| news(*code));
            told.for_each(|news| context.domain.rooms.news(room, news));
        }
        if !was_joined && *nick != *own_nick {
            context.domain.rooms.news(room, RoomNews::NickGiven((*nick).to_owned()));
        }
        if said.has(201) {
            if self.made(context, room) {
                return Some(Event::Vanished(room.clone()));
            }
        } else if let Some(visit) = self.visits.get_mut(room) {
            // Somebody else made it before us.
            visit.making = None;
        }
        Some(Event::Entered(room.clone()))
    }

    fn rank_changed(
        &self,
        context: &mut Context<'_>,
        room: &BareJid,
        before: (Role, Affiliation),
        now: (Role, Affiliation),
    ) {
        if before.1 != now.1 {
            context.domain.rooms.news(room, RoomNews::Belongs(now.1));
        }
        let speaks = |role: Role| role >= Role::Participant;
        if speaks(before.0) != speaks(now.0) {
            context.domain.rooms.news(room, RoomNews::Voice(speaks(now.0)));
        }
    }

    fn went(&mut self, context: &mut Context<'_>, room: &BareJid, nick: &str, said: Said) -> Option<Event> {
        let state = context.domain.rooms.room(room)?;
        let is_seen = self.visits.get(room).is_some_and(|visit| visit.seen);
        let is_me = *state.nick == *nick && (is_seen || said.has(110));
        if let Some(other) = said.nick.as_ref().filter(|_| said.has(303)) {
            context.domain.rooms.renamed(room, nick, other);
            if is_me {
                if let Some(visit) = self.visits.get_mut(room) {
                    visit.renaming = false;
                }
                context.domain.rooms.edit(room, |state| state.nick.clone_from(other));
            }
            return None;
        }
        if !is_me {
            context.domain.rooms.left(room, nick);
            return None;
        }
        // Without a word that is no farewell: we did not leave, so something went wrong.
        let why = said.put_out().unwrap_or(Why::Fault);
        self.refused(context, room, why);
        Some(Event::Left(room.clone()))
    }

    fn error(&mut self, context: &mut Context<'_>, room: &BareJid, presence: &Presence) -> Option<Event> {
        let error = presence.error.as_ref()?;
        let is_seen = self.visits.get(room).is_some_and(|visit| visit.seen);
        if is_seen {
            // What was asked for since we are in: another nickname.
            let visit = self.visits.get_mut(room)?;
            if std::mem::take(&mut visit.renaming) {
                context.domain.rooms.refused(room, RoomWish::Nick, error.clone().into());
            }
            return None;
        }
        let with_password = context.domain.rooms.password(room).is_some();
        let why = why(error, with_password);
        if matches!(why, Why::WrongPassword) {
            context.domain.rooms.set_password(room, None);
        }
        self.refused(context, room, why);
        Some(Event::Left(room.clone()))
    }
}
