//! The agents' side of a desk.

use super::super::compose::Typed;
use super::super::rooms::Way;
use super::Occasion;
use crate::clock::Now;
use crate::domain::change::Notice;
use crate::domain::conversation::{Arrange, Notify};
use crate::domain::desk::{DeskNews, KEPT, Stage, Visit, is_visit};
use crate::domain::fold::seen_name;
use crate::domain::room::{Affiliation, Role};
use crate::engine::{Engine, outbound};
use crate::features::muc::Muc;
use crate::features::presence::Presences;
use crate::features::visits::{Asked, Told, Visits};
use crate::jid::BareJid;
use crate::wire::stanza_error::StanzaError;
use crate::wire::xml::Element;

/// Visits that are taken away on one stream because they ended long ago.
const CLEARED: usize = 20;

impl Engine {
    /// By which name the agent at this device goes.
    fn agent(&self) -> String {
        let account = self.user.as_ref().and_then(|user| user.account.address.local()).unwrap_or_default();
        let called = self.domain.desk.name.as_deref().or(self.domain.nickname.as_deref());
        called.unwrap_or(account).to_owned()
    }

    /// The user says whether this is a desk, and who is at it.
    pub(super) fn serve(&mut self, now: Now, on: bool, name: Option<String>) {
        self.domain.desk.on = on;
        self.domain.desk.name = name.as_deref().and_then(seen_name);
        self.desk_changed();
        let online = self.session.is_online();
        let name = on.then(|| self.agent());
        if self.features.visits.call(name) && online {
            self.with_features(now, |features, context| {
                Presences::announce(context);
                features.visits.want(context);
            });
        }
    }

    /// What an earlier page of this device kept.
    pub(in super::super) fn restore_desk(&mut self, desk: crate::domain::desk::Desk) {
        self.domain.desk = desk;
        self.domain.desk.agents.clear();
        let name = self.domain.desk.on.then(|| self.agent());
        self.features.visits.call(name);
        self.desk_changed();
    }

    fn desk_changed(&mut self) {
        self.domain.desk.me = self.agent();
        self.domain.desk_changed();
        self.save_soon();
    }

    /// Somebody asks the desk for help, now or while nobody was here. Returns whether it is a visit.
    pub(in super::super) fn visit_came(&mut self, now: Now, visit: Visit, is_live: bool) -> bool {
        let room = visit.room.clone();
        if self.domain.desk.visit(&room).is_some() {
            return true;
        }
        // Who is in a group chat of this address knows it as something else.
        if self.domain.rooms.room(&room).is_some() || self.domain.rooms.bookmark(&room).is_some() {
            return false;
        }
        if now.timestamp.0.saturating_sub(visit.since.0) > KEPT {
            return true;
        }
        if self.domain.desk.put(visit) {
            self.desk_changed();
            // Whoever runs no desk is not disturbed by strangers who say that they visit one.
            if is_live && self.domain.desk.on {
                self.domain.notices.push(Notice::Desk(room, DeskNews::Waiting));
            }
        }
        self.with_features(now, |features, context| features.visits.want(context));
        true
    }

    /// The account tells what became of visits.
    pub(in super::super) fn visits_told(&mut self, now: Now, told: Vec<Told>, is_live: bool) {
        if told.is_empty() {
            return;
        }
        let me = self.agent();
        for (room, visit) in told {
            let Some(visit) = visit else {
                self.leave_visit(now, &room);
                self.domain.desk.drop_visit(&room);
                continue;
            };
            let stage = visit.stage.clone();
            let was_mine = self.domain.desk.is_mine(&room);
            if !self.domain.desk.put(visit) {
                continue;
            }
            match stage {
                Stage::Taken { by, from } if by == me => {
                    if !self.domain.rooms.is_inside(&room) {
                        self.go_in(now, &room, Way { nick: Some(me.clone()), ..Way::default() });
                        self.domain.conversations.arrange(&room, Arrange::Archive(false));
                        self.domain.conversations.set_notify(&room, Notify::All);
                    }
                    if let Some(from) = from.filter(|_| is_live && !was_mine) {
                        self.domain.notices.push(Notice::Desk(room, DeskNews::Handed(from)));
                    }
                }
                Stage::Taken { by, from } => {
                    self.leave_visit(now, &room);
                    if was_mine && from.as_ref() != Some(&me) {
                        self.domain.notices.push(Notice::Desk(room, DeskNews::Lost(by)));
                    }
                }
                Stage::Waiting => self.leave_visit(now, &room),
                Stage::Closed => {
                    self.leave_visit(now, &room);
                    self.domain.conversations.arrange(&room, Arrange::Archive(true));
                }
            }
        }
        self.desk_changed();
    }

    fn leave_visit(&mut self, now: Now, room: &BareJid) {
        let is_own = self.domain.visit.as_ref().is_some_and(|own| own.room.as_ref() == Some(room));
        if self.domain.rooms.is_inside(room) && !is_own {
            self.go_out(now, room, false);
        }
    }

    /// The server answered about visits.
    pub(in super::super) fn visits_answered(
        &mut self,
        now: Now,
        asked: &Asked,
        answer: Result<Option<&Element>, StanzaError>,
    ) {
        let told = self.with_features(now, |features, context| features.visits.answered(context, asked, answer));
        let Some(told) = told.flatten() else { return };
        self.visits_told(now, told, *asked == Asked::Publish);
        if *asked == Asked::Items {
            self.clear_away(now);
        }
    }

    /// What ended long ago is taken away for good: the list must not grow for ever, and nobody comes back to it.
    fn clear_away(&mut self, now: Now) {
        let is_over =
            |visit: &&Visit| visit.stage == Stage::Closed && now.timestamp.0.saturating_sub(visit.since.0) > KEPT;
        let over = self.domain.desk.visits.iter().filter(is_over).take(CLEARED);
        let over: Vec<BareJid> = over.map(|visit| visit.room.clone()).collect();
        for room in over {
            self.with_features(now, |_, context| {
                Muc::destroy(context, &room, None, None);
                Visits::forget(context, &room);
            });
        }
    }

    /// Something becomes of a visit, and the other agents are told.
    fn decide(&mut self, now: Now, room: &BareJid, stage: Stage) {
        let Some(visit) = self.domain.desk.visit(room).cloned() else { return };
        if !self.session.is_online() {
            let news = DeskNews::NotShared(outbound::too_late().into());
            return self.domain.notices.push(Notice::Desk(room.clone(), news));
        }
        let visit = Visit { stage, since: now.timestamp, ..visit };
        let told = self.with_features(now, |features, context| features.visits.tell(context, visit));
        self.visits_told(now, told.flatten().into_iter().collect(), true);
    }

    pub(super) fn take_visit(&mut self, now: Now, room: &BareJid) {
        let by = self.agent();
        self.decide(now, room, Stage::Taken { by, from: None });
    }

    pub(super) fn put_back(&mut self, now: Now, room: &BareJid) {
        self.decide(now, room, Stage::Waiting);
    }

    pub(super) fn hand_over(&mut self, now: Now, room: &BareJid, to: String) {
        let (from, to) = (self.agent(), seen_name(&to));
        if let Some(by) = to.filter(|to| *to != from) {
            self.decide(now, room, Stage::Taken { by, from: Some(from) });
        }
    }

    /// Says goodbye, lets nobody write there any more, and tells the other agents.
    pub(super) fn close_visit(&mut self, now: Now, room: &BareJid, words: &str) {
        if self.domain.desk.visit(room).is_none() || !self.session.is_online() {
            return self.decide(now, room, Stage::Closed);
        }
        if self.domain.rooms.is_joined(room) {
            self.send_text(now, None, room.clone(), Typed::plain(words));
        }
        let silenced = self.domain.rooms.silenced(room);
        self.with_features(now, |features, context| {
            for nick in silenced {
                Muc::set_role(context, room, &nick, Role::Visitor, None);
            }
            features.muc.close(context, room);
        });
    }

    /// The group chat of a visit could not be set up, or was ended.
    pub(in super::super) fn visit_failed(&mut self, now: Now, room: &BareJid) {
        if !self.visitor(now, Occasion::Failed(room)) {
            self.visit_is_over(now, room);
        }
    }

    /// Going in made a group chat anew, which nobody wanted: the visit is over.
    pub(in super::super) fn visit_vanished(&mut self, now: Now, room: &BareJid) {
        self.visitor(now, Occasion::Vanished(room));
        self.go_out(now, room, false);
        self.visit_is_over(now, room);
    }

    /// A visit was ended as far as its group chat allowed, or is there no more.
    fn visit_is_over(&mut self, now: Now, room: &BareJid) {
        if self.domain.desk.visit(room).is_some() {
            self.decide(now, room, Stage::Closed);
        }
    }

    /// Whether what the user did in a group chat under another nickname is somebody else's: the agents of a desk share one
    /// account, and with it the name that the group chat gives its people.
    pub(in super::super) fn is_colleague(&self, room: &BareJid, nick: &str) -> bool {
        is_visit(room)
            && self.domain.desk.visit(room).is_some()
            && self.domain.rooms.room(room).is_some_and(|state| state.nick != nick)
    }
}

impl crate::domain::rooms::Rooms {
    /// Who may write in a visit only as long as it goes on.
    fn silenced(&self, room: &BareJid) -> Vec<String> {
        let people = self
            .people(room)
            .filter(|one| one.affiliation < Affiliation::Member && one.role >= Role::Participant && !one.is_me);
        people.map(|one| one.nick.to_string()).collect()
    }
}
