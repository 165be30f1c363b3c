//! The messages of a conversation, as a list that follows its end.

use crate::ui::parts::el::{IntoView, View, button, div, p, span, strong};
use crate::ui::parts::state::State;
use leptos::prelude::untrack;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::domain::timeline::{Body, Direction, History, Message, MessageKey};
use crate::jid::BareJid;
use crate::present::grouping::{Head, Shape};
use crate::present::window::LOOSE;
use crate::ui::client::Client;
use crate::ui::parts::browser::civil;
use crate::ui::parts::icon::{DOWN, icon};
use crate::ui::parts::live::{live, watch};
use crate::ui::parts::window_list::{Behaviour, List, Rows};
use crate::ui::words;

/// The list of messages of one conversation.
#[derive(Clone)]
pub(crate) struct Messages {
    client: Client,
    peer: BareJid,
    list: List,
    /// How many messages came in while the end was out of sight.
    missed: State<u32>,
    count: State<usize>,
    /// Nothing is known to come before the first message.
    begun: State<bool>,
}

struct MessageRows {
    client: Client,
    peer: BareJid,
    len: usize,
    history: History,
    divider: Option<MessageKey>,
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
        let above = index.checked_sub(1).and_then(|index| {
            self.client
                .peek_timeline(&self.peer, |timeline| timeline.get(self.place(index)?).map(|above| head(above)))
                .flatten()
        });
        Shape::of(above, head(&message), self.divider == Some(message.key))
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
            Some(_) => self.shape_of(index).code(),
            None => super::gap::code(self.history),
        }
    }

    fn guess(&self, index: usize) -> f64 {
        // About 70 characters to a line of 21 pixels, and the edges of the bubble.
        let Some(place) = self.place(index) else { return 44.0 };
        let lines = self.client.peek_timeline(&self.peer, |timeline| match timeline.get(place).map(|m| &m.body) {
            Some(Body::Text(text)) => (text.len().min(10_000) as f64 / 70.0).floor(),
            _ => 0.0,
        });
        40.0 + 21.0 * lines.unwrap_or_default()
    }

    fn view(&self, index: usize) -> View {
        if self.place(index).is_none() {
            return super::gap::gap(self.client, &self.peer, self.history);
        }
        match self.at(index) {
            Some(message) => super::message::row(self.client, self.peer.clone(), message, self.shape_of(index)),
            None => View::NONE,
        }
    }
}

fn head(message: &Message) -> Head {
    Head { direction: message.direction, stamp: message.stamp, day: civil(message.stamp).day }
}

impl Messages {
    pub(crate) fn new(client: Client, peer: BareJid) -> Self {
        let list = List::new(Behaviour { follows: true, measures: true, roves: false });
        let messages =
            Self { client, peer, list, missed: State::new(0), count: State::new(0), begun: State::new(true) };
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

    fn follow(&self) {
        let Self { client, peer, list, missed, count, begun } = self.clone();
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
            let (len, last) = client
                .peek_timeline(&peer, |timeline| {
                    let last = timeline.len().checked_sub(1).and_then(|place| timeline.get(place)).cloned();
                    (timeline.len(), last)
                })
                .unwrap_or_default();
            let grown = untrack(|| len.saturating_sub(count.get()));
            let last_key = last.as_ref().map(|message| message.key);
            let is_new = newest.replace(last_key) != last_key && !opening.get();
            list.set_rows(Rc::new(MessageRows {
                client,
                peer: peer.clone(),
                len,
                history,
                divider: divider.get(),
                recent: RefCell::default(),
            }));
            count.set(len);
            if opening.get() && len > 0 {
                opening.set(false);
                let place = first_unread.and_then(|key| client.peek_timeline(&peer, |timeline| timeline.place(key))?);
                if let Some(place) = place {
                    list.go_to(place.saturating_add(usize::from(super::gap::is_shown(history))));
                }
            } else if is_new {
                match last.map(|message| message.direction) {
                    Some(Direction::Out) => list.go_to_end(),
                    Some(Direction::In) if !untrack(|| list.is_at_end()) => {
                        missed
                            .update(|missed| *missed = missed.saturating_add(u32::try_from(grown).unwrap_or(u32::MAX)));
                    }
                    _ => {}
                }
            }
        });
        let list = self.list.clone();
        watch(move || {
            if list.is_at_end() {
                missed.set(0);
            }
        });
    }

    /// The list, and what leads back to its end.
    pub(crate) fn view(&self) -> View {
        let Self { list, missed, count, begun, .. } = self.clone();
        let view = list.view("message-list", "log", words::MESSAGES, Some(self.peer.to_string()));
        let empty = live(move || {
            (count.get() == 0 && begun.get()).then(|| {
                div()
                    .class("hint")
                    .child((strong().child(words::NO_MESSAGES), p().child(words::NO_MESSAGES_HINT)))
                    .into_view()
            })
        });
        let jump = live(move || {
            let away = !list.is_at_end() && count.get() > 0;
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
        div().class("messages").child((view, empty, jump)).into_view()
    }
}
