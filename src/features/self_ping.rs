//! XEP-0410: whether we are still in a group chat that has been silent for long.

use super::{Context, Purpose};
use crate::clock::Instant;
use crate::condition::Condition;
use crate::jid::{BareJid, FullJid};
use crate::map::Map;
use crate::wire::ns;
use crate::wire::stanza::IqKind;
use crate::wire::stanza_error::StanzaError;
use crate::wire::xml::Element;

/// Milliseconds of silence after which it is asked.
const SILENCE: u64 = 900_000;
/// The same after waking up: what was heard just before needs no question.
const AFTER_WAKING: u64 = 60_000;
/// Milliseconds until the next question where nobody answered.
const AGAIN: u64 = 120_000;
/// Group chats that are asked at a time.
const AT_ONCE: usize = 4;

/// A group chat was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked(pub BareJid);

/// What the answer proves (§3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// We are in.
    Inside,
    /// We are not.
    Outside,
    /// Nothing: it is asked again later.
    Unknown,
}

/// When to ask whom.
#[derive(Debug, Default)]
pub struct SelfPing {
    /// When each group chat is to be asked.
    due: Map<BareJid, Instant>,
    asking: Vec<BareJid>,
}

impl SelfPing {
    /// Something came from a group chat that we are in.
    pub fn heard(&mut self, room: &BareJid, now: Instant) {
        let at = now.after(SILENCE);
        match self.due.get_mut(room) {
            Some(due) => *due = at,
            None => drop(self.due.insert(room.clone(), at)),
        }
    }

    /// We are not in any more.
    pub fn left(&mut self, room: &BareJid) {
        self.due.remove(room);
        self.asking.retain(|asked| asked != room);
    }

    /// The stream is gone.
    pub fn stream_ended(&mut self) {
        self.due.clear();
        self.asking.clear();
    }

    /// The machine was asleep: whoever has been silent for a while is asked at once.
    pub fn woke(&mut self, now: Instant) {
        for due in self.due.values_mut() {
            // The silence began so long before it would be asked.
            if due.since(now) <= SILENCE.saturating_sub(AFTER_WAKING) {
                *due = now;
            }
        }
    }

    /// When somebody is to be asked.
    pub fn wake_at(&self) -> Option<Instant> {
        if self.asking.len() >= AT_ONCE {
            return None;
        }
        self.due.iter().filter(|(room, _)| !self.asking.contains(room)).map(|(_, due)| *due).min()
    }

    /// Asks whoever is to be asked. `own` gives the own address there.
    pub fn ask_next(&mut self, context: &mut Context<'_>) {
        let now = context.now.instant;
        while self.wake_at().is_some_and(|at| at <= now) {
            let is_next = |(room, due): &(&BareJid, &Instant)| **due <= now && !self.asking.contains(room);
            let Some(room) = self.due.iter().find(is_next).map(|(room, _)| room.clone()) else { return };
            let own = context.domain.rooms.room(&room).and_then(|state| room.with_resource(&state.nick).ok());
            let Some(own) = own else {
                self.left(&room);
                continue;
            };
            self.ask(context, &room, own);
        }
    }

    fn ask(&mut self, context: &mut Context<'_>, room: &BareJid, own: FullJid) {
        self.asking.push(room.clone());
        let ping = Element::new(ns::PING, "ping");
        context.ask_of(own.into(), IqKind::Get(ping), Purpose::SelfPing(Asked(room.clone())));
    }

    /// The answer of a group chat, or of another device of ours in it.
    pub fn answered(&mut self, now: Instant, asked: &Asked, answer: Result<Option<&Element>, StanzaError>) -> Verdict {
        self.asking.retain(|room| *room != asked.0);
        let verdict = match answer.map_err(|error| error.condition) {
            Ok(_) => Verdict::Inside,
            // Who was asked does not know what a ping is, or has another name by now: both are inside.
            Err(Condition::ServiceUnavailable | Condition::FeatureNotImplemented | Condition::ItemNotFound) => {
                Verdict::Inside
            }
            Err(Condition::RemoteServerNotFound | Condition::RemoteServerTimeout) => Verdict::Unknown,
            Err(_) => Verdict::Outside,
        };
        match verdict {
            Verdict::Inside => self.heard(&asked.0, now),
            Verdict::Unknown => drop(self.due.insert(asked.0.clone(), now.after(AGAIN))),
            Verdict::Outside => self.left(&asked.0),
        }
        verdict
    }
}
