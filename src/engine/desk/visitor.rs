//! The visitor's side of a desk: a group chat is made, the desk is asked to come, and another page comes back to it.
//!
//! An anonymous address lasts as long as its stream, so nothing that the group chat says tells a later page which messages
//! were its own. The ids of own messages do: each ends with a seal over the rest of it, by a key that only this browser
//! has. Nobody else can draw such an id; and an id that is said twice is one message, the first that was said under it.

use super::super::compose::Typed;
use super::super::rooms::Way;
use super::{DeskOrder, Occasion, Question};
use crate::clock::Now;
use crate::domain::change::Change;
use crate::domain::conversation::Arrange;
use crate::domain::desk::{DeskChange, Own, OwnVisit, PREFIX, is_visit};
use crate::domain::room::{Phase, RoomKind, Why};
use crate::engine::Engine;
use crate::features::muc::{Making, Muc, Step};
use crate::features::visit;
use crate::jid::BareJid;
use crate::session::entropy::seal;
use crate::wire::stanza::{Message, MessageKind};
use crate::wire::stanza_error::StanzaError;
use crate::wire::xml::Element;

/// Nicknames that are tried, one after the other.
const NICKS: u32 = 9;

/// What is being asked of a desk.
#[derive(Debug, Default)]
pub(in super::super) struct Asking {
    question: Option<Question>,
    /// The invitations that are under way, by their ids.
    invited: Vec<String>,
    /// How many other nicknames were tried.
    tried: u32,
    /// The visitor ends it once all that was said has arrived.
    leaves: bool,
}

/// Does what follows for a visitor.
pub(super) fn attend(engine: &mut Engine, now: Now, occasion: Occasion<'_>) -> bool {
    match occasion {
        Occasion::Order(DeskOrder::Ask(question)) => engine.ask_desk(now, question),
        Occasion::Order(DeskOrder::Return { room, key, nick, read }) => {
            engine.come_back(now, room, key, nick, read);
        }
        Occasion::Order(DeskOrder::Leave { words }) => engine.end_visit(now, &words),
        Occasion::Order(_) => return false,
        Occasion::Begins => engine.forget_unmade(now),
        Occasion::Online => engine.visit_online(now),
        Occasion::After => engine.after_visit(now),
        Occasion::Answered(asked, answer) => engine.visit_answered(now, asked, answer),
        Occasion::SetUp(room, desk) => return engine.visit_is_set_up(now, room, desk),
        Occasion::Bounced(message) => return engine.visit_bounced(now, message),
        Occasion::Failed(room) if engine.is_visited(room) => engine.speak_directly(now),
        Occasion::Vanished(room) if engine.is_visited(room) => engine.own_visit(|own| own.stage = Own::Ended),
        Occasion::Failed(_) | Occasion::Vanished(_) => return false,
    }
    true
}

impl Engine {
    fn own_visit(&mut self, change: impl FnOnce(&mut OwnVisit)) {
        let Some(own) = &mut self.domain.visit else { return };
        let before = own.clone();
        change(own);
        if *own != before {
            let own = self.domain.visit.clone();
            self.domain.changes.push(Change::Desk(DeskChange::Own(own)));
        }
    }

    /// The group chat of the own visit, and how far that came.
    fn visited(&self) -> Option<(BareJid, Own)> {
        let own = self.domain.visit.as_ref()?;
        Some((own.room.clone()?, own.stage.clone()))
    }

    /// Whether a group chat is the own visit.
    fn is_visited(&self, room: &BareJid) -> bool {
        self.domain.visit.as_ref().is_some_and(|own| own.room.as_ref() == Some(room))
    }

    fn ask_desk(&mut self, now: Now, question: Question) {
        let own = OwnVisit {
            room: None,
            key: self.session.fresh_id(),
            nick: question.nick.trim().to_owned(),
            read: None,
            stage: Own::Making,
        };
        self.begin_visit(own);
        self.asking.question = Some(question);
        self.visit_online(now);
    }

    fn come_back(&mut self, now: Now, room: BareJid, key: String, nick: String, read: Option<String>) {
        if !is_visit(&room) {
            return;
        }
        if let Some(read) = read.clone() {
            self.domain.conversations.read_elsewhere(&room, read);
        }
        let own = OwnVisit { room: Some(room.clone()), key, nick: nick.clone(), read, stage: Own::Asked };
        self.begin_visit(own);
        self.go_in(now, &room, Way { nick: Some(nick), ..Way::default() });
    }

    fn begin_visit(&mut self, own: OwnVisit) {
        self.asking = Asking::default();
        self.domain.visit = Some(own);
        let own = self.domain.visit.clone();
        self.domain.changes.push(Change::Desk(DeskChange::Own(own)));
    }

    /// A fresh stream begins: what was not made on the one before is made anew, under the address of this one.
    fn forget_unmade(&mut self, now: Now) {
        if let Some((room, Own::Making)) = self.visited() {
            self.domain.rooms.set_phase(&room, Phase::Left);
            self.forget_visited(now, &room);
        }
    }

    fn forget_visited(&mut self, now: Now, room: &BareJid) {
        self.drop_room(now, room);
        self.domain.conversations.arrange(room, Arrange::Delete);
        self.own_visit(|own| own.room = None);
    }

    /// There is a stream: a visit that is not made yet is begun.
    fn visit_online(&mut self, now: Now) {
        let is_making = self.domain.visit.as_ref().is_some_and(|own| own.stage == Own::Making);
        if !is_making || !self.session.is_online() {
            return;
        }
        match self.asking.question.as_ref().and_then(|question| question.service.clone()) {
            Some(service) => self.make_visit(now, &service),
            None => drop(self.with_features(now, |features, context| features.seeking.seek(context))),
        }
    }

    /// An answer on the way to a service for group chats.
    fn visit_answered(&mut self, now: Now, asked: visit::Asked, answer: Result<Option<&Element>, StanzaError>) {
        let found = self.with_features(now, |features, context| features.seeking.answered(context, asked, answer));
        match found.flatten() {
            Some(Some(service)) => self.make_visit(now, &service),
            Some(None) => self.speak_directly(now),
            None => {}
        }
    }

    fn make_visit(&mut self, now: Now, service: &BareJid) {
        let Some(own) = self.domain.visit.clone().filter(|own| own.stage == Own::Making) else { return };
        let Some(question) = &self.asking.question else { return };
        let making = Making {
            kind: RoomKind::PublicChannel,
            name: Some(question.title.clone()),
            invite: question.desk.clone(),
            visit: Some(Step::Begin),
        };
        let address = [PREFIX, &self.session.fresh_id(), "@", service.domain()].concat();
        let Ok(room) = address.parse::<BareJid>() else { return self.speak_directly(now) };
        self.own_visit(|own| own.room = Some(room.clone()));
        self.go_in(now, &room, Way { nick: Some(own.nick), making: Some(making), ..Way::default() });
    }

    /// There can be no group chat: the visitor and the desk speak as any two.
    fn speak_directly(&mut self, now: Now) {
        let Some(question) = self.asking.question.take() else { return };
        if let Some((room, _)) = self.visited() {
            self.forget_visited(now, &room);
        }
        let Some(desk) = question.desk.first().cloned() else { return };
        self.own_visit(|own| own.stage = Own::Direct(desk.clone()));
        self.domain.conversations.open(&desk);
        self.send_text(now, None, desk, Typed::plain(&question.first));
    }

    /// The group chat is set up and belongs to the desk, too: it is asked to come. Returns whether that was its matter.
    fn visit_is_set_up(&mut self, now: Now, room: &BareJid, desk: &BareJid) -> bool {
        if !self.is_visited(room) {
            return false;
        }
        let Some(question) = self.asking.question.clone() else { return true };
        if self.visited().is_some_and(|(_, stage)| stage == Own::Making) {
            self.own_visit(|own| own.stage = Own::Asked);
            self.send_text(now, None, room.clone(), Typed::plain(&question.first));
        }
        let Some(own) = &self.domain.visit else { return true };
        let id = self.session.fresh_id();
        let invitation = visit::invite(desk, room, own, &question.title, &question.topic, id.clone());
        self.asking.invited.push(id);
        self.session.send(&invitation, None);
        true
    }

    /// The desk, or one of its addresses, cannot be asked. Returns whether that is what a message says.
    fn visit_bounced(&mut self, now: Now, message: &Message) -> bool {
        let (MessageKind::Error, Some(id)) = (message.kind, &message.id) else { return false };
        let Some(place) = self.asking.invited.iter().position(|known| known == id) else { return false };
        let desks = self.asking.question.iter().flat_map(|question| &question.desk);
        if !message.from.iter().any(|from| desks.clone().any(|desk| desk == from.bare())) {
            return false;
        }
        self.asking.invited.remove(place);
        if self.asking.invited.is_empty()
            && let Some((room, _)) = self.visited()
        {
            let refusal = message.error.clone().unwrap_or_else(super::super::outbound::too_late).into();
            self.own_visit(|own| own.stage = Own::Refused(refusal));
            self.with_features(now, |_, context| Muc::destroy(context, &room, None, None));
            self.go_out(now, &room, false);
        }
        true
    }

    fn end_visit(&mut self, now: Now, words: &str) {
        let Some((room, Own::Asked)) = self.visited() else {
            return self.own_visit(|own| own.stage = Own::Ended);
        };
        self.send_text(now, None, room, Typed::plain(words));
        self.asking.leaves = true;
        self.own_visit(|own| own.stage = Own::Ended);
    }

    /// What follows for the own visit once everything that came in is taken in.
    fn after_visit(&mut self, now: Now) {
        let Some((room, stage)) = self.visited() else { return };
        let Some(state) = self.domain.rooms.room(&room) else { return };
        let may_speak = state.may_speak();
        match (&state.phase, stage) {
            (Phase::Refused(Why::NickTaken), Own::Asked) => self.other_nick(now, &room),
            (Phase::Refused(why), _) if why.may_pass() => {}
            (Phase::Refused(_), Own::Making) => self.speak_directly(now),
            (Phase::Refused(_), Own::Asked) => self.own_visit(|own| own.stage = Own::Ended),
            // Whoever has no voice in the own visit lost it to the desk, which owns the group chat.
            (Phase::Joined, Own::Asked) if !may_speak => self.own_visit(|own| own.stage = Own::Ended),
            (Phase::Joined, Own::Ended) if self.asking.leaves => {
                let on_its_way = self.domain.conversations.not_reflected();
                if !on_its_way.iter().any(|(peer, _)| *peer == room) {
                    self.asking.leaves = false;
                    self.go_out(now, &room, false);
                }
            }
            (Phase::Joined, Own::Ended) if may_speak => self.own_visit(|own| own.stage = Own::Asked),
            _ => {}
        }
    }

    /// Somebody has the nickname, and it may be the visitor of a moment ago, whose stream is not known to be gone.
    fn other_nick(&mut self, now: Now, room: &BareJid) {
        let Some(own) = &self.domain.visit else { return };
        let tried = self.asking.tried.saturating_add(1);
        self.asking.tried = tried;
        if tried > NICKS {
            return self.own_visit(|own| own.stage = Own::Ended);
        }
        let nick = format!("{} {}", own.nick, tried.saturating_add(1));
        self.go_in(now, room, Way { nick: Some(nick), ..Way::default() });
    }

    /// The id of a message to somebody: one that this visitor knows again on another page, if it is said in their visit.
    pub(in super::super) fn visit_id(&mut self, peer: &BareJid, id: Option<String>) -> String {
        let id = id.unwrap_or_else(|| self.session.fresh_id());
        match &self.domain.visit {
            Some(own) if own.room.as_ref() == Some(peer) => [&id, ".", &seal(&own.key, &id)].concat(),
            _ => id,
        }
    }

    /// Whether this visitor wrote a message, on this page or another.
    pub(in super::super) fn is_visitors(&self, room: &BareJid, id: Option<&str>) -> bool {
        let own = self.domain.visit.as_ref().filter(|own| own.room.as_ref() == Some(room));
        let (Some(own), Some((id, end))) = (own, id.and_then(|id| id.split_once('.'))) else { return false };
        seal(&own.key, id) == end
    }
}
