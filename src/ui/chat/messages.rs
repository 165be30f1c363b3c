//! The messages of a conversation, as a list that follows its end.

use crate::ui::parts::el::{IntoView, View, button, div, p, span, strong};
use crate::ui::parts::state::State;
use leptos::reactive::graph::untrack;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::talk::Talk;
use crate::domain::account::Connection;
use crate::domain::timeline::{Body, Direction, History, Message, MessageKey};
use crate::engine::mirror::Timeline;
use crate::jid::BareJid;
use crate::present::grouping::{Head, Shape};
use crate::present::window::LOOSE;
use crate::ui::client::Client;
use crate::ui::parts::browser::{civil, next_frame};
use crate::ui::parts::icon::{DOWN, icon};
use crate::ui::parts::live::{live, watch};
use crate::ui::parts::window_list::{Behaviour, List, Rows};
use crate::ui::{rooms, words};

/// The list of messages of one conversation.
#[derive(Clone)]
pub(crate) struct Messages {
    client: Client,
    peer: BareJid,
    talk: Talk,
    list: List,
    /// How many messages came in while the end was out of sight.
    missed: State<u32>,
    /// Whether there is any row.
    filled: State<bool>,
    /// Nothing is known to come before the first message.
    begun: State<bool>,
    /// The newest own message: under it stands in words how far it came.
    last_own: State<Option<MessageKey>>,
}

struct MessageRows {
    client: Client,
    peer: BareJid,
    talk: Talk,
    len: usize,
    history: History,
    divider: Option<MessageKey>,
    last_own: State<Option<MessageKey>>,
    /// The last answer of `at`, because a row is asked about more than once.
    recent: RefCell<Option<(usize, Rc<Message>)>>,
}

impl MessageRows {
    /// Where a row's message stands in the timeline; `None` for the row that says that there is more before.
    fn place(&self, index: usize) -> Option<usize> {
        index.checked_sub(usize::from(super::gap::is_shown(self.history)))
    }

    fn at(&self, index: usize) -> Option<Rc<Message>> {
        if let Some((_, message)) = self.recent.borrow().as_ref().filter(|(known, _)| *known == index) {
            return Some(message.clone());
        }
        let message =
            self.client.peek_timeline(&self.peer, |timeline| timeline.get(self.place(index)?).cloned()).flatten()?;
        self.recent.replace(Some((index, message.clone())));
        Some(message)
    }

    fn shape_of(&self, index: usize) -> Shape {
        let Some(message) = self.at(index) else { return Shape::default() };
        let mut apart = false;
        let above = self.client.peek_timeline(&self.peer, |timeline| {
            let mut rows = (0..self.place(index)?).rev().map_while(|place| timeline.get(place));
            rows.find(|row| {
                let gap = is_gap(row);
                apart |= gap;
                !gap
            })
            .map(|above| head(above))
        });
        Shape::of(above.flatten(), apart, head(&message), self.divider == Some(message.key))
    }
}

impl Rows for MessageRows {
    fn len(&self) -> usize {
        self.len.saturating_add(usize::from(super::gap::is_shown(self.history)))
    }

    fn key(&self, index: usize) -> u64 {
        let Some(place) = self.place(index) else { return LOOSE };
        self.client
            .peek_timeline(&self.peer, |timeline| timeline.get(place).map(|message| message.key.0))
            .flatten()
            .unwrap_or_default()
    }

    fn shape(&self, index: usize) -> u8 {
        match self.place(index) {
            Some(_) if self.at(index).is_some_and(|row| is_gap(&row)) => BETWEEN,
            Some(_) => self.shape_of(index).code(),
            None => super::gap::code(self.history),
        }
    }

    fn guess(&self, index: usize) -> f64 {
        // About 70 characters to a line of 21 pixels, and the edges of the bubble.
        let Some(place) = self.place(index) else { return 44.0 };
        let file = self.client.peek_timeline(&self.peer, |timeline| super::file::guess(timeline, place)).flatten();
        if let Some(file) = file {
            return file;
        }
        let lines = self.client.peek_timeline(&self.peer, |timeline| match timeline.get(place).map(|m| &m.body) {
            Some(Body::Text(text)) => (text.len().min(10_000) as f64 / 70.0).floor(),
            Some(Body::Gap(_)) => 0.3,
            _ => 0.0,
        });
        40.0 + 21.0 * lines.unwrap_or_default()
    }

    fn view(&self, index: usize) -> View {
        if self.place(index).is_none() {
            return super::gap::before_all(self.client, &self.peer, self.history);
        }
        match self.at(index) {
            Some(row) if is_gap(&row) => super::gap::between(self.client, self.peer.clone(), row.key),
            Some(message) => {
                let shape = self.shape_of(index);
                super::message::row(&self.talk, message, shape, self.last_own)
            }
            None => View::NONE,
        }
    }
}

/// Rows from the end among which the newest own message is sought.
const FAR: u32 = 100;

/// The shape of a hole between two messages, which no message has.
const BETWEEN: u8 = 0x20;

fn is_gap(row: &Message) -> bool {
    matches!(row.body, Body::Gap(_))
}

/// What the end of a conversation tells.
#[derive(Clone, Copy, Default)]
struct End {
    newest: Option<(MessageKey, Direction)>,
    last_own: Option<MessageKey>,
    /// Something came after the message that was the newest before; when that one itself went, nothing did.
    has_grown: bool,
    /// How many messages of others came after it.
    arrived: u32,
}

impl End {
    fn of(timeline: &Timeline, known: Option<MessageKey>) -> Self {
        let mut end = Self::default();
        let mut is_new = known.is_some();
        let mut looked = 0_u32;
        let rows = (0..timeline.len()).rev().filter_map(|place| timeline.get(place));
        for row in rows.filter(|row| !is_gap(row)) {
            is_new &= known != Some(row.key);
            end.newest.get_or_insert((row.key, row.direction));
            match row.direction {
                Direction::In => end.arrived = end.arrived.saturating_add(is_new.into()),
                Direction::Out => {
                    end.last_own.get_or_insert(row.key);
                }
            }
            // Far above the end nobody sees it, and this is asked with every message.
            looked = looked.saturating_add(1);
            if !is_new && (end.last_own.is_some() || looked > FAR) {
                break;
            }
        }
        if is_new {
            end.arrived = 0;
        }
        end.has_grown = !is_new && end.newest.map(|(key, _)| key) != known;
        end
    }
}

fn head(message: &Message) -> Head {
    Head {
        direction: message.direction,
        author: message.author.clone(),
        private: message.private.clone(),
        stamp: message.stamp,
        day: civil(message.stamp).day,
    }
}

impl Messages {
    pub(super) fn new(talk: Talk) -> Self {
        let list = List::new(Behaviour { follows: true, measures: true, roves: true });
        let messages = Self {
            client: talk.client,
            peer: talk.peer.clone(),
            talk,
            list,
            missed: State::new(0),
            filled: State::new(false),
            begun: State::new(true),
            last_own: State::new(None),
        };
        messages.follow();
        messages
    }

    /// Whether the end is in sight. Can be watched.
    pub(crate) fn is_at_end(&self) -> bool {
        self.list.is_at_end()
    }

    /// Goes to the newest message.
    pub(crate) fn go_to_end(&self) {
        self.list.go_to_end();
    }

    /// Goes to a message and points at it.
    pub(crate) fn show(&self, key: MessageKey) {
        let place = self.client.peek_timeline(&self.peer, |timeline| timeline.place(key)).flatten();
        let Some(place) = place else { return };
        let before = super::gap::is_shown(self.client.history(&self.peer));
        self.list.go_to(place.saturating_add(usize::from(before)));
        self.list.point_at(key.0);
    }

    fn follow(&self) {
        let Self { client, peer, talk, list, missed, filled, begun, last_own } = self.clone();
        let (goes, wanted) = (self.clone(), talk.wanted);
        watch(move || {
            if let Some(key) = wanted.get() {
                wanted.set(None);
                untrack(|| goes.show(key));
            }
        });
        // The line stays where it was when the conversation was opened, until more arrives unseen.
        let divider = Rc::new(Cell::new(None));
        let newest = Cell::new(None::<MessageKey>);
        let opening = Cell::new(true);
        watch(move || {
            client.watch_rows(&peer);
            let history = client.history(&peer);
            begun.set_if_new(!super::gap::is_shown(history));
            let first_unread = client.conversation(&peer).and_then(|conversation| conversation.first_unread);
            divider.set(first_unread);
            let (len, end) = client
                .peek_timeline(&peer, |timeline| (timeline.len(), End::of(timeline, newest.get())))
                .unwrap_or_default();
            newest.set(end.newest.map(|(key, _)| key));
            let is_new = end.has_grown && !opening.get();
            last_own.set_if_new(end.last_own);
            list.set_rows(Rc::new(MessageRows {
                client,
                peer: peer.clone(),
                talk: talk.clone(),
                len,
                history,
                divider: divider.get(),
                last_own,
                recent: RefCell::default(),
            }));
            filled.set_if_new(len > 0);
            if opening.get() && len > 0 {
                opening.set(false);
                let place = first_unread.and_then(|key| client.peek_timeline(&peer, |timeline| timeline.place(key))?);
                if let Some(place) = place {
                    list.go_to(place.saturating_add(usize::from(super::gap::is_shown(history))));
                }
            } else if is_new {
                match end.newest.map(|(_, direction)| direction) {
                    Some(Direction::Out) => list.go_to_end(),
                    Some(Direction::In) if !untrack(|| list.is_at_end()) => {
                        missed.update(|missed| *missed = missed.saturating_add(end.arrived));
                    }
                    _ => {}
                }
            }
        });
        self.go_where_wished();
        let list = self.list.clone();
        watch(move || {
            if list.is_at_end() {
                missed.set(0);
            }
        });
    }

    /// Goes to the message that was chosen among those found, once it is here.
    fn go_where_wished(&self) {
        let messages = self.clone();
        let page = self.client.page();
        watch(move || {
            let Some(hit) = page.going.get().filter(|hit| hit.peer == messages.peer) else { return };
            messages.client.watch_rows(&messages.peer);
            let reached = messages.client.reached();
            let Some((_, _, key)) = reached.filter(|(peer, place, _)| *peer == hit.peer && *place == hit.place) else {
                return;
            };
            let is_here = |key| messages.client.peek_timeline(&messages.peer, |rows| rows.message(key).is_some());
            match key {
                Some(key) if is_here(key) == Some(true) => {
                    page.going.set(None);
                    let messages = messages.clone();
                    // After the list was laid out, if it is a new one.
                    next_frame(move || messages.show(key));
                }
                // It was here before, and comes again.
                Some(_) => {}
                None => {
                    page.going.set(None);
                    page.alone.set(Some(hit));
                }
            }
        });
    }

    /// The list, and what leads back to its end.
    pub(crate) fn view(&self) -> View {
        let Self { client, peer, list, missed, filled, begun, .. } = self.clone();
        let view = list.view("message-list", "log", words::MESSAGES, Some(self.peer.to_string()));
        super::actions::follow(&self.talk, &view);
        let any_sign = super::actions::any_sign(self.talk.clone(), view.node());
        let empty = live(move || {
            (!filled.get() && begun.get()).then(|| {
                let hint = match client.connection() {
                    Connection::Online => words::NO_MESSAGES_HINT,
                    _ => words::NO_MESSAGES_OFFLINE,
                };
                // Before the first word it is to be known who sees the address.
                let open = client.room(&peer).and_then(|room| rooms::gives_away(&room));
                let hint = open.unwrap_or_else(|| hint.to_owned());
                div().class("hint").child((strong().child(words::NO_MESSAGES), p().child(hint))).into_view()
            })
        });
        let jump = live(move || {
            let away = !list.is_at_end() && filled.get();
            let list = list.clone();
            away.then(|| {
                let missed = missed.get();
                let counted = (missed > 0).then(|| span().class("badge").child(missed.to_string()));
                button()
                    .class("jump")
                    .attr("type", "button")
                    .attr("data-testid", "jump-to-end")
                    .attr("aria-label", words::JUMP)
                    .click(move || list.go_to_end())
                    .child((icon(DOWN), counted))
                    .into_view()
            })
        });
        div().class("messages").child((view, empty, jump, any_sign)).into_view()
    }
}
