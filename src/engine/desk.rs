//! Support desks: what agents and visitors wish, and what both hear. What is said in a visit takes the road of every group
//! chat.

mod agent;
mod visitor;

use serde::{Deserialize, Serialize};

pub(super) use self::visitor::Asking;
use super::Engine;
use crate::clock::Now;
use crate::domain::desk::is_visit;
use crate::domain::timeline::Direction;
use crate::features::chat_states::{self, NOBODY};
use crate::features::{markers, visit};
use crate::jid::{BareJid, Jid};
use crate::wire::stanza::Message;
use crate::wire::stanza_error::StanzaError;
use crate::wire::xml::Element;

/// A wish about a support desk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DeskOrder {
    // An agent's
    /// This account is a desk, or none.
    Serve {
        /// Whether it is.
        on: bool,
        /// By which name the agent at this device goes; that of the account, if none is given.
        name: Option<String>,
    },
    /// Care for a visit, whoever did before.
    Take(BareJid),
    /// Let somebody else care for it.
    PutBack(BareJid),
    /// Let a certain agent care for it.
    HandOver {
        /// The visit.
        room: BareJid,
        /// The agent's name.
        to: String,
    },
    /// End a visit.
    Close {
        /// The visit.
        room: BareJid,
        /// What the visitor is told.
        words: String,
    },

    // A visitor's
    /// Ask a desk for help. What becomes of it comes as [`DeskChange::Own`](crate::domain::desk::DeskChange::Own).
    Ask(Question),
    /// Go on with a visit of an earlier page.
    Return {
        /// As [`OwnVisit`](crate::domain::desk::OwnVisit) told.
        room: BareJid,
        /// The same.
        key: String,
        /// The same.
        nick: String,
        /// The same.
        read: Option<String>,
    },
    /// End the own visit.
    Leave {
        /// What the desk is told.
        words: String,
    },
}

/// What a visitor asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// The addresses of the desk, of which at least one should be right.
    pub desk: Vec<BareJid>,
    /// The service at which the group chat is made; the first that the server names, if `None`.
    pub service: Option<BareJid>,
    /// How the visitor wants to be called.
    pub nick: String,
    /// What the group chat is called.
    pub title: String,
    /// What it is about, in few words.
    pub topic: String,
    /// What is said first, for everybody to read.
    pub first: String,
}

/// Something that concerns whoever visits a desk.
#[derive(Debug)]
pub(super) enum Occasion<'a> {
    /// They wish something.
    Order(DeskOrder),
    /// A fresh stream begins, and is set up.
    Begins,
    /// It is set up.
    Online,
    /// Everything that came in is taken in.
    After,
    /// An answer on the way to a service for group chats.
    Answered(visit::Asked, Result<Option<&'a Element>, StanzaError>),
    /// A group chat is set up, and belongs to this address, too.
    SetUp(&'a BareJid, &'a BareJid),
    /// A group chat could not be set up.
    Failed(&'a BareJid),
    /// A group chat was made anew that was to be there.
    Vanished(&'a BareJid),
    /// Something could not be delivered.
    Bounced(&'a Message),
}

/// Does what follows for a visitor. Returns whether it was a visitor's matter.
pub(super) type Visitors = fn(&mut Engine, Now, Occasion<'_>) -> bool;

impl Engine {
    /// Lets this client visit desks. The ordinary one does not, and so has no code for it.
    pub fn visits_desks(&mut self) {
        self.visitors = Some(visitor::attend);
    }

    pub(super) fn visitor(&mut self, now: Now, occasion: Occasion<'_>) -> bool {
        self.visitors.is_some_and(|attend| attend(self, now, occasion))
    }

    /// Does what is wished about a desk.
    pub(super) fn desk_order(&mut self, now: Now, order: DeskOrder) {
        match order {
            DeskOrder::Serve { on, name } => self.serve(now, on, name),
            DeskOrder::Take(room) => self.take_visit(now, &room),
            DeskOrder::PutBack(room) => self.put_back(now, &room),
            DeskOrder::HandOver { room, to } => self.hand_over(now, &room, to),
            DeskOrder::Close { room, words } => self.close_visit(now, &room, &words),
            order @ (DeskOrder::Ask(_) | DeskOrder::Return { .. } | DeskOrder::Leave { .. }) => {
                self.visitor(now, Occasion::Order(order));
            }
        }
    }

    /// That the user writes, or saw something: to one, or to all in a group chat.
    pub(super) fn send_state(&mut self, mut state: Element) {
        let to = state.attribute("to").and_then(|to| to.parse::<BareJid>().ok());
        if to.is_some_and(|to| is_visit(&to) || self.domain.conversations.is_room(&to)) {
            state.set("type", "groupchat");
        }
        self.session.send(&state, None);
    }

    /// In a visit, as between two, it is told who writes and what was seen (XEP-0085 §5.5, XEP-0333 §4.1). Returns whether
    /// a message says nothing else.
    pub(super) fn heard_in_visit(&mut self, now: Now, room: &BareJid, message: &Message) -> bool {
        let nick = message.from.as_ref().and_then(Jid::resource);
        let own = self.domain.rooms.room(room).map(|state| state.nick.as_str());
        if message.body.is_some() || nick.is_none() || nick == own || !is_visit(room) {
            return false;
        }
        if let Some(writes) = chat_states::state(message) {
            self.with_features(now, |features, context| features.chat_states.heard(context, room, NOBODY, writes));
        } else if let Some(id) = markers::of(message) {
            let conversations = &mut self.domain.conversations;
            let names = conversations.archived(room, id).and_then(|key| conversations.names(room, key));
            if let Some(id) = names.and_then(|names| names.id) {
                self.domain.conversations.displayed(room, &id);
                self.seen_to.push((room.clone(), Direction::In, id));
                self.cover();
            }
        } else {
            return false;
        }
        true
    }
}
