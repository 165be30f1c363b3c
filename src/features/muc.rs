//! XEP-0045: group chats. Going in and out.
//!
//! Each group chat is asked what it is, and entered. Not more than a few at a time, and not faster than the servers that
//! people run let through as they are packaged: whoever is in a hundred would be cut off otherwise. Those that somebody
//! looks at come first.

mod find;
mod info;
mod orders;
mod owner;
mod presence;
mod said;
mod status;

pub use self::find::Sought;
pub use self::orders::Asked;
pub use self::owner::{Making, Outcome, Step};
pub use self::said::{Service, decline, is_by, mediated_invitation, service, subject, voice_request};
use super::{Context, Feature, Purpose};
use crate::clock::Instant;
use crate::domain::presence::Availability;
use crate::domain::room::{Phase, Why};
use crate::domain::rooms::Rooms;
use crate::form::Form;
use crate::jid::{BareJid, FullJid};
use crate::map::Map;
use crate::order;
use crate::wire::ns;
use crate::wire::stanza::{IqKind, Presence, PresenceKind, Show};
use crate::wire::xml::Element;

/// Group chats that are entered at a time.
const AT_ONCE: usize = 4;
/// Bytes that are said to go into one, the addresses and the nickname apart: the question what it is, which nickname it
/// keeps, the presence, and what its archive is asked as soon as the user is in. Each is a little more than what is seen.
const QUESTION: usize = 140;
const NICKNAME: usize = 180;
const PRESENCE: usize = 170;
const ARCHIVE: usize = 400;
/// Milliseconds until one counts as silent.
const PATIENCE: u64 = 60_000;
/// Milliseconds until what may pass by itself is tried again, the first time and at most.
const RETRY: u64 = 30_000;
const RETRY_MOST: u64 = 600_000;
/// Milliseconds after our answers to its form in which a group chat tells what came of them.
const SETTING_UP: u64 = 10_000;
/// Messages that are asked for of one that has no archive.
const HISTORY: &str = "50";

/// What became of a group chat, for whoever else must know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The user is in.
    Entered(BareJid),
    /// The user is not in any more.
    Left(BareJid),
    /// It was no longer there, and going in made it anew: it is to be left.
    Vanished(BareJid),
}

/// What the user wants of a group chat that is entered.
#[derive(Debug, Default)]
struct Visit {
    /// The nickname was chosen, and is not asked for.
    has_nick: bool,
    /// Nothing was known of it before.
    is_new: bool,
    /// It is to be made.
    making: Option<Making>,
    /// The form that sets it up, as it came last.
    form: Option<Form>,
    /// Until when what it tells of its settings comes of our own answers to that form.
    set_up_until: Option<Instant>,
    /// Another nickname was asked for.
    renaming: bool,
    /// It is known to be open to us: a page before this one may have gone in without this one knowing who is there.
    seen: bool,
    /// How often it was tried in vain, and when it is tried again.
    tries: u32,
    retry_at: Option<Instant>,
    /// Who asks to be allowed to write, with the form that answers.
    asks_voice: Vec<(String, Form)>,
}

/// The way into group chats.
#[derive(Debug, Default)]
pub struct Muc {
    visits: Map<BareJid, Visit>,
    /// Those that wait to be entered.
    line: Vec<BareJid>,
    /// Those that are being entered, until when they may take, and whether it was said that we come.
    under_way: Vec<(BareJid, Instant, bool)>,
    /// Those that are to be told how reachable we are.
    untold: Vec<BareJid>,
}

impl Muc {
    /// The user wants to be in a group chat that is known to the domain.
    pub fn want(&mut self, context: &mut Context<'_>, room: &BareJid, has_nick: bool, making: Option<Making>) {
        let visit = self.visits.entry(room.clone()).or_default();
        visit.has_nick |= has_nick;
        visit.making = making;
        visit.tries = 0;
        visit.retry_at = None;
        context.domain.rooms.set_phase(room, Phase::Joining);
        self.under_way.retain(|(known, ..)| known != room);
        self.queue(room);
    }

    /// The same, where an earlier page of the same stream is in already: only who is there is not known.
    pub fn resume(&mut self, context: &mut Context<'_>) {
        let rooms = &context.domain.rooms;
        let unseen = |address: &BareJid| !self.visits.get(address).is_some_and(|visit| visit.seen);
        let is_in = |phase: &Phase| matches!(phase, Phase::Joined | Phase::Joining);
        let inside = rooms.all().filter(|room| is_in(&room.phase) && unseen(&room.address));
        let inside: Vec<BareJid> = inside.map(|room| room.address.clone()).collect();
        inside.iter().for_each(|room| self.queue(room));
    }

    /// The user does not want to be there any more.
    pub fn leave(&mut self, context: &mut Context<'_>, room: &BareJid) {
        let own = context.domain.rooms.room(room).filter(|_| context.domain.rooms.is_inside(room));
        if let Some(own) = own.and_then(|state| room.with_resource(&state.nick).ok()) {
            context.send(Presence::new(PresenceKind::Unavailable).to(own));
        }
        self.visits.remove(room);
        self.done(room);
        context.domain.rooms.set_phase(room, Phase::Left);
    }

    /// The stream is gone: what was being entered is not any more.
    pub fn stream_ended(&mut self) {
        self.line.clear();
        self.under_way.clear();
        self.untold.clear();
    }

    /// It turned out that we are not in, though nobody said so.
    pub fn lost(&mut self, context: &mut Context<'_>, room: &BareJid) {
        if context.domain.rooms.is_joined(room) {
            context.domain.rooms.set_phase(room, Phase::Joining);
            self.visits.entry(room.clone()).or_default().seen = false;
            self.queue(room);
        }
    }

    /// When something is to be done, entering what waits for it apart.
    pub fn wake_at(&self) -> Option<Instant> {
        let late = self.under_way.iter().map(|(_, until, _)| *until);
        let again = self.visits.values().filter_map(|visit| visit.retry_at);
        late.chain(again).min()
    }

    /// Does what is due. Returns which group chats turned out to be silent.
    pub fn tick(&mut self, context: &mut Context<'_>) -> Vec<BareJid> {
        let now = context.now.instant;
        let late: Vec<BareJid> =
            self.under_way.iter().filter(|(_, until, _)| *until <= now).map(|(room, ..)| room.clone()).collect();
        for room in &late {
            self.refused(context, room, Why::Unreachable);
        }
        let due = self.visits.iter_mut().filter(|(_, visit)| visit.retry_at.is_some_and(|at| at <= now));
        let due: Vec<BareJid> = due
            .map(|(room, visit)| {
                visit.retry_at = None;
                room.clone()
            })
            .collect();
        for room in due {
            context.domain.rooms.set_phase(&room, Phase::Joining);
            self.queue(&room);
        }
        late
    }

    fn queue(&mut self, room: &BareJid) {
        if !self.line.contains(room) && !self.under_way.iter().any(|(known, ..)| known == room) {
            self.line.push(room.clone());
        }
    }

    /// One is in, or will not be.
    fn done(&mut self, room: &BareJid) {
        self.under_way.retain(|(known, ..)| known != room);
        self.line.retain(|known| known != room);
    }

    /// How many bytes the next of those that wait takes, if one may be entered now, with what those that are being
    /// entered still have to say: all of it may come in one second.
    pub fn next_takes(&self, rooms: &Rooms) -> Option<usize> {
        let next = match (self.untold.first(), self.line.first()) {
            (Some(room), _) => self.takes(rooms, room, &[PRESENCE]),
            (None, Some(room)) if self.under_way.len() < AT_ONCE => {
                self.takes(rooms, room, &[QUESTION, NICKNAME, PRESENCE, ARCHIVE])
            }
            _ => return None,
        };
        let rest = self.under_way.iter().map(|(room, _, came)| {
            let rest: &[usize] = if *came { &[ARCHIVE] } else { &[NICKNAME, PRESENCE, ARCHIVE] };
            self.takes(rooms, room, rest)
        });
        Some(rest.fold(next, usize::saturating_add))
    }

    /// How many bytes it takes to say these things to a group chat.
    fn takes(&self, rooms: &Rooms, room: &BareJid, said: &[usize]) -> usize {
        let state = rooms.room(room);
        let names = room.as_str().len().saturating_add(state.map_or(0, |state| state.nick.len()));
        let is_needed = |what: &&usize| match **what {
            NICKNAME => !self.visits.get(room).is_some_and(|visit| visit.has_nick),
            ARCHIVE => !state.is_some_and(|state| state.traits.known && !state.traits.archive),
            _ => true,
        };
        said.iter().filter(is_needed).fold(0, |sum, bytes| sum.saturating_add(*bytes).saturating_add(names))
    }

    /// Enters the next of those that wait, or tells one how reachable we are.
    pub fn go_on(&mut self, context: &mut Context<'_>) {
        if !self.untold.is_empty() {
            let room = self.untold.remove(0);
            let state = context.domain.rooms.room(&room).filter(|state| state.phase == Phase::Joined);
            if let Some(own) = state.and_then(|state| room.with_resource(&state.nick).ok()) {
                let presence = available(context, own);
                context.send(presence);
            }
            return;
        }
        let conversations = &context.domain.conversations;
        // Of those that are equal the first.
        let first = self.line.iter().rev().max_by_key(|room| conversations.rank(room)).cloned();
        if let Some(room) = first {
            self.line.retain(|known| *known != room);
            self.under_way.push((room.clone(), context.now.instant.after(PATIENCE), false));
            self.start(context, &room);
        }
    }

    fn start(&mut self, context: &mut Context<'_>, room: &BareJid) {
        let Some(state) = context.domain.rooms.room(room) else { return self.done(room) };
        let is_known = state.traits.known;
        self.visits.entry(room.clone()).or_default().is_new |= !is_known;
        let question = IqKind::Get(Element::new(ns::DISCO_INFO, "query"));
        context.ask_of(room.clone().into(), question, Purpose::Muc(Asked::Info(room.clone(), !is_known)));
        // What it was last time is good enough to go in: what is different now follows.
        if is_known {
            self.enter(context, room);
        }
    }

    /// Goes in under the nickname that the domain has.
    fn enter(&mut self, context: &mut Context<'_>, room: &BareJid) {
        let Some(way) = self.under_way.iter_mut().find(|(known, ..)| known == room) else { return };
        way.2 = true;
        let Some(state) = context.domain.rooms.room(room) else { return self.done(room) };
        let Ok(own) = room.with_resource(&state.nick) else {
            return self.refused(context, room, Why::BadNick);
        };
        let mut x = Element::new(ns::MUC, "x");
        let history = Element::new(ns::MUC, "history");
        // What the archive has it tells better; and Openfire takes an empty number for an error.
        x.push(history.with("maxstanzas", if state.traits.archive { "0" } else { HISTORY }));
        if let Some(password) = context.domain.rooms.password(room) {
            x.push(Element::new(ns::MUC, "password").text_with(password));
        }
        let mut presence = available(context, own);
        presence.payloads.push(x);
        context.send(presence);
    }

    /// Tells those who are in the same group chats how reachable we are: servers tell contacts only (RFC 6121 §4.6.3).
    pub fn announce(&mut self, context: &Context<'_>) {
        let joined = context.domain.rooms.all().filter(|room| room.phase == Phase::Joined);
        self.untold = joined.map(|room| room.address.clone()).collect();
    }

    /// The user is not let in, or was put out.
    fn refused(&mut self, context: &mut Context<'_>, room: &BareJid, why: Why) {
        self.done(room);
        let visit = self.visits.entry(room.clone()).or_default();
        visit.seen = false;
        if why.may_pass() {
            let wait = RETRY.saturating_mul(1_u64.checked_shl(visit.tries).unwrap_or(u64::MAX)).min(RETRY_MOST);
            visit.tries = visit.tries.saturating_add(1);
            visit.retry_at = Some(context.now.instant.after(wait));
        }
        context.domain.rooms.refuse(room, why);
    }
}

/// How reachable we are, for a group chat.
fn available(context: &Context<'_>, own: FullJid) -> Presence {
    let mut presence = Presence::new(PresenceKind::Available).to(own);
    presence.show = match context.domain.own_presence.availability {
        Availability::Xa => Some(Show::Xa),
        Availability::Away => Some(Show::Away),
        Availability::Dnd => Some(Show::Dnd),
        _ => None,
    };
    presence
}

impl Feature for Muc {
    fn features(&self) -> &'static [&'static str] {
        &[ns::MUC]
    }

    /// After presence: nobody is in anywhere, and whoever was goes in again.
    fn fresh_stream(&mut self, context: &mut Context<'_>) {
        self.stream_ended();
        for visit in self.visits.values_mut() {
            visit.seen = false;
            visit.retry_at = None;
            visit.renaming = false;
        }
        let is_wanted = |phase: &Phase| match phase {
            Phase::Joining | Phase::Joined => true,
            Phase::Refused(why) => why.may_pass(),
            Phase::Left => false,
        };
        let wanted = context.domain.rooms.all().filter(|room| is_wanted(&room.phase));
        let mut wanted: Vec<BareJid> = wanted.map(|room| room.address.clone()).collect();
        order::sort(&mut wanted);
        for room in wanted {
            context.domain.rooms.set_phase(&room, Phase::Joining);
            self.visits.entry(room.clone()).or_default().has_nick = true;
            self.queue(&room);
        }
    }
}
