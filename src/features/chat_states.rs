//! XEP-0085: whether somebody is writing.

use super::{Context, Feature};
use crate::clock::Instant;
use crate::jid::BareJid;
use crate::wire::ns;
use crate::wire::stanza::{Message, MessageKind};
use crate::wire::xml::Element;

/// The number of who is no participant of a group chat.
pub const NOBODY: u64 = 0;
/// Milliseconds after which somebody who was writing and said nothing more is not.
const FORGOTTEN: u64 = 30_000;
/// Milliseconds without a key after which the user has paused.
const PAUSE: u64 = 5_000;
/// People of whom it is remembered that they write.
const MOST: usize = 200;

/// Who writes.
#[derive(Debug, Default)]
pub struct ChatStates {
    /// Others, and until when it holds; participants of a group chat by their numbers, everybody else as nobody.
    writing: Vec<(BareJid, u64, Instant)>,
    /// To whom the user writes, and since when no key was pressed.
    told: Option<(BareJid, Instant)>,
}

/// With every text: the user is there (§5.1).
pub fn active() -> Element {
    Element::new(ns::CHAT_STATES, "active")
}

/// What a message says about writing, if it says anything.
pub fn state(message: &Message) -> Option<bool> {
    let state = message.payloads.iter().find(|payload| payload.namespace() == ns::CHAT_STATES)?;
    Some(state.name() == "composing")
}

/// A state by itself. Nobody keeps it (§5.6).
fn message(to: &BareJid, state: &'static str) -> Element {
    let mut message = Message::new(MessageKind::Chat, to.clone().into(), String::new());
    message.id = None;
    message.payloads.push(Element::new(ns::CHAT_STATES, state));
    message.payloads.push(Element::new(ns::HINTS, "no-store"));
    message.to_element()
}

impl ChatStates {
    /// Somebody writes, or writes no more; the participant of that number, in a group chat.
    pub fn heard(&mut self, context: &mut Context<'_>, from: &BareJid, who: u64, writes: bool) {
        let is_one = |(known, number, _): &(BareJid, u64, Instant)| known == from && *number == who;
        let until = context.now.instant.after(FORGOTTEN);
        let known = self.writing.iter().position(is_one);
        match (known, writes) {
            (Some(place), true) => {
                if let Some((.., known)) = self.writing.get_mut(place) {
                    *known = until;
                }
                return;
            }
            (Some(place), false) => drop(self.writing.remove(place)),
            (None, true) if self.writing.len() < MOST => self.writing.push((from.clone(), who, until)),
            (None, _) => return,
        }
        if who == NOBODY {
            return context.domain.conversations.set_writing(from, writes);
        }
        let all = self.writing.iter().filter(|(room, ..)| room == from).map(|(_, number, _)| *number);
        context.domain.rooms.set_writing(from, all.collect());
    }

    /// The user presses keys, or has emptied the field. Returns what to send.
    pub fn typed(&mut self, now: Instant, to: &BareJid, writes: bool) -> Option<Element> {
        let was = self.told.as_ref().is_some_and(|(told, ..)| told == to);
        // Whoever writes to somebody else has paused here.
        let left = self.told.take().filter(|(told, ..)| told != to);
        if writes {
            self.told = Some((to.clone(), now));
        }
        match (was, writes) {
            (false, true) => Some(message(to, "composing")),
            (true, false) => Some(message(to, "active")),
            _ => left.map(|(left, _)| message(&left, "paused")),
        }
    }

    /// A message goes there, and with it that the user is there.
    pub fn sent(&mut self, to: &BareJid) {
        self.told = self.told.take().filter(|(told, ..)| told != to);
    }

    /// When something is due.
    pub fn wake_at(&self) -> Option<Instant> {
        let pause = self.told.as_ref().map(|(.., since)| since.after(PAUSE));
        self.writing.iter().map(|(.., until)| *until).chain(pause).min()
    }

    /// What is due. Returns what to send.
    pub fn tick(&mut self, context: &mut Context<'_>) -> Option<Element> {
        let now = context.now.instant;
        let mut over = self.writing.clone();
        over.retain(|(.., until)| *until <= now);
        for (from, who, _) in over {
            self.heard(context, &from, who, false);
        }
        let paused = self.told.take_if(|(.., since)| since.after(PAUSE) <= now);
        paused.map(|(to, _)| message(&to, "paused"))
    }
}

impl Feature for ChatStates {
    fn features(&self) -> &'static [&'static str] {
        &[ns::CHAT_STATES]
    }

    fn fresh_stream(&mut self, context: &mut Context<'_>) {
        self.told = None;
        for (from, who, _) in self.writing.clone() {
            self.heard(context, &from, who, false);
        }
    }
}
