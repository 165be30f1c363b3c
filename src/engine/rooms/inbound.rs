//! What arrives from group chats: presence, what they say themselves, answers. Messages of participants take the road of
//! all messages from here.

use crate::clock::Now;
use crate::condition::Condition;
use crate::domain::problem::Refusal;
use crate::domain::room::{Bookmark, RoomInvitation, RoomNews, Subject};
use crate::domain::timeline::{Delivery, Direction};
use crate::engine::Engine;
use crate::engine::desk::Occasion;
use crate::engine::inbound::Content;
use crate::features::muc::{Muc, Service, Sought, service};
use crate::features::self_ping::Verdict;
use crate::features::{Purpose, channel_search, delay, direct_invitation, hats, moderation, occupant_id, visit};
use crate::jid::{BareJid, Jid};
use crate::wire::ns;
use crate::wire::stanza::{Message, MessageKind, Presence, PresenceKind};
use crate::wire::stanza_error::StanzaError;
use crate::wire::xml::Element;

/// Characters of a subject that are kept.
const SUBJECT: usize = 2_000;

impl Engine {
    /// Takes a presence if it comes from a group chat. Nothing of it concerns contacts.
    pub(in super::super) fn room_presence(&mut self, now: Now, presence: &Presence) -> bool {
        let Some(from) = &presence.from else { return false };
        let room = from.bare();
        let Some(state) = self.domain.rooms.room(room) else { return false };
        if !self.domain.rooms.is_inside(room) {
            // The last ones after we left.
            return self.domain.rooms.is_room(room);
        }
        let id = occupant_id::of(&presence.payloads);
        let hats = hats::of(&presence.payloads);
        let (nick, renames) = (state.nick.clone(), self.features.muc.is_renaming(room));
        if from.resource().is_none() && presence.kind == PresenceKind::Available {
            self.face_announced(room, &presence.payloads);
        }
        self.features.self_ping.heard(room, now.instant);
        let event =
            self.with_features(now, |features, context| features.muc.presence(context, from, presence, id, hats));
        self.room_event(now, event.flatten());
        // What waits for somebody to be seen there may go once everybody was told of, and we come last.
        if from.resource().is_some_and(|seen| seen == nick) {
            self.flush_queue();
        }
        if renames && self.domain.rooms.room(room).is_some_and(|state| state.nick != nick) {
            self.keep_nick(now, room);
        }
        true
    }

    /// The user chose another nickname: the other devices go in under that one, too.
    fn keep_nick(&mut self, now: Now, room: &BareJid) {
        let nick = self.domain.rooms.room(room).map(|state| state.nick.clone());
        if let Some(bookmark) = self.domain.rooms.bookmark(room).cloned() {
            let bookmark = Bookmark { nick, ..bookmark };
            self.with_features(now, |features, context| features.bookmarks.set(context, bookmark));
        }
    }

    /// Takes a message if it comes from a group chat, or invites to one.
    pub(in super::super) fn room_message(&mut self, now: Now, message: &Message) -> bool {
        let Some(from) = &message.from else { return false };
        let room = from.bare().clone();
        if message.payload(ns::MAM, "result").is_some() {
            let archive = self.features.room_archives.get_mut(&room).filter(|_| from.resource().is_none());
            return archive.is_some_and(|archive| archive.take(message, true));
        }
        if self.invitation(now, message) || self.visitor(now, Occasion::Bounced(message)) {
            return true;
        }
        let is_inside = self.domain.rooms.is_inside(&room);
        if message.kind == MessageKind::Groupchat && !is_inside {
            // Nobody says anything to us in a group chat that we are not in.
            return true;
        }
        if !self.domain.rooms.is_room(&room) {
            return false;
        }
        self.features.self_ping.heard(&room, now.instant);
        match message.kind {
            // Only the group chat itself refuses what we say there.
            MessageKind::Error if from.resource().is_none() => self.room_refused(now, &room, message),
            MessageKind::Groupchat => self.said_there(now, room, message),
            _ if from.resource().is_none() && is_inside => {
                self.room_says(now, &room, message);
            }
            MessageKind::Error => self.whisper_refused(from, message),
            // What one participant says to us alone. Nobody does in a group chat that we are not in.
            _ if from.resource().is_some() && is_inside => self.whispers(now, message),
            _ => {}
        }
        true
    }

    fn room_refused(&mut self, now: Now, room: &BareJid, message: &Message) {
        let refusal = message.error.clone().map(Refusal::from);
        let refusal = refusal.unwrap_or(Refusal { condition: Condition::UndefinedCondition, text: None });
        let key = message.id.as_ref().and_then(|id| self.domain.conversations.own(room, id));
        let Some(key) = key else { return };
        // It does not know that we are in (XEP-0045 §7.4): we go in again, and say it once more.
        let is_lost = refusal.condition == Condition::NotAcceptable && self.domain.rooms.is_joined(room);
        if is_lost && self.watch.say_again(key) {
            self.room_left(room);
            self.domain.conversations.requeue(room, key);
            self.with_features(now, |features, context| features.muc.lost(context, room));
        } else {
            self.domain.conversations.deliver(room, key, Delivery::Failed(refusal));
        }
    }

    /// An invitation, by a person or passed on by a group chat.
    fn invitation(&mut self, now: Now, message: &Message) -> bool {
        if !matches!(message.kind, MessageKind::Normal | MessageKind::Chat) {
            return false;
        }
        let invitation = match service(message) {
            Some(Service::Invited(invitation)) => Some(invitation),
            // What is said through a group chat is not from whom it says.
            _ => direct_invitation::of(message)
                .filter(|one| one.from.as_ref().is_some_and(|from| !self.domain.rooms.is_room(from.bare()))),
        };
        let Some(invitation) = invitation else { return false };
        let from = invitation.from.as_ref().map(Jid::bare);
        let is_own = from.is_some_and(|from| self.user.as_ref().is_some_and(|user| user.account.address == *from));
        if !is_own && !self.invited_to_visit(now, message) {
            self.domain.rooms.invited(invitation.clone());
            self.name_of_invitation(now, &invitation);
            self.save_soon();
        }
        true
    }

    /// Asks how a group chat is called that the user is invited to, if who answers may know that the user is here: the
    /// group chats of the user's own server, and those that a contact names.
    fn name_of_invitation(&mut self, now: Now, invitation: &RoomInvitation) {
        let room = &invitation.room;
        let Some(me) = self.user.as_ref().map(|user| &user.account.address) else { return };
        let is_near = room.domain().strip_suffix(me.domain()).is_some_and(|rest| rest.ends_with('.'));
        // Of one that a group chat passes on it is the group chat that says who invites.
        let from = invitation.from.as_ref().filter(|_| !invitation.mediated);
        let contact = from.and_then(|from| self.domain.contacts.contact(from.bare()));
        let waits = self.domain.rooms.invitations().contains(invitation);
        if waits && (is_near || contact.is_some_and(|contact| contact.subscription.they_see_us())) {
            self.with_features(now, |_, context| Muc::ask_name(context, room));
        }
    }

    /// Somebody asks this desk for help.
    fn invited_to_visit(&mut self, now: Now, message: &Message) -> bool {
        let Some(me) = self.device.as_ref().map(|(me, _)| me.bare()) else { return false };
        let is_late = message.payload(ns::DELAY, "delay").is_some();
        let visit = visit::of(message, delay::stamp(&message.payloads, me, now));
        visit.is_some_and(|visit| self.visit_came(now, visit, !is_late))
    }

    /// Something that a group chat itself says.
    fn room_says(&mut self, now: Now, room: &BareJid, message: &Message) -> bool {
        match service(message) {
            Some(Service::Codes(codes, belongs)) => {
                self.with_features(now, |features, context| features.muc.told(context, room, &codes, belongs));
            }
            Some(Service::Declined(by, reason)) => self.domain.rooms.news(room, RoomNews::Declined { by, reason }),
            Some(Service::WantsVoice(form)) if self.is_moderator(room) => {
                self.with_features(now, |features, context| features.muc.wants_voice(context, room, form));
            }
            _ => return false,
        }
        true
    }

    fn said_there(&mut self, now: Now, room: BareJid, message: &Message) {
        let from_room = message.from.as_ref().is_some_and(|from| from.resource().is_none());
        if from_room && self.room_says(now, &room, message) {
            return;
        }
        if let (Some(subject), None) = (&message.subject, &message.body) {
            // History ends with the subject (XEP-0045 §7.2.15), which says nothing new then.
            self.watch.history.remove(&room);
            let by = message.from.as_ref().and_then(Jid::resource).map(str::to_owned);
            let text: String = subject.trim().chars().take(SUBJECT).collect();
            let subject = (!text.is_empty()).then_some(Subject { text, by });
            return self.domain.rooms.edit(&room, |state| state.subject = subject);
        }
        if self.heard_in_visit(now, &room, message) {
            return;
        }
        let delays: Vec<Element> =
            message.payloads.iter().filter(|payload| payload.is(ns::DELAY, "delay")).cloned().collect();
        if delays.is_empty() {
            self.heard_writing_there(now, &room, message);
        }
        let message = message.clone();
        let content =
            Content { message, direction: Direction::In, delays, is_ours: true, found: None, room: Some(room) };
        self.content_when_ready(now, content);
    }

    /// An answer to a question about group chats.
    pub(in super::super) fn room_answered(
        &mut self,
        now: Now,
        purpose: Purpose,
        answer: Result<Option<&Element>, StanzaError>,
    ) {
        match purpose {
            Purpose::RoomArchive(room, asked) => {
                let shown = self.with_features(now, |features, context| {
                    features.room_archives.get_mut(&room)?.answered(context, asked, answer)
                });
                self.domain.conversations.touch(&room);
                if let Some(shown) = shown.flatten() {
                    self.show_page(now, shown);
                }
                self.checked();
            }
            Purpose::Muc(asked) => {
                let outcome =
                    self.with_features(now, |features, context| features.muc.answered(context, asked, answer));
                let outcome = outcome.unwrap_or_default();
                self.room_event(now, outcome.event);
                if let Some(room) = outcome.archive {
                    self.ask_room_archive(now, &room);
                }
                for (room, who, why) in outcome.invite {
                    if !self.visitor(now, Occasion::SetUp(&room, &who)) {
                        self.invite_directly(&room, &who, why.as_deref());
                    }
                }
                if let Some(room) = outcome.visit {
                    self.visit_failed(now, &room);
                }
            }
            Purpose::FindRooms(sought) => {
                let number = match &sought {
                    Sought::Services(number) | Sought::Service(number, _) | Sought::Rooms(number) => *number,
                };
                let service = self.with_features(now, |_, context| Muc::found(context, sought, answer));
                if let Some(service) = service.flatten() {
                    self.search_there(now, number, service);
                }
            }
            Purpose::ChannelSearch(asked) => {
                self.with_features(now, |_, context| channel_search::answered(context, &asked, answer));
            }
            Purpose::Bookmarks(asked) => {
                let wanted =
                    self.with_features(now, |features, context| features.bookmarks.answered(context, asked, answer));
                self.follow(now, wanted.unwrap_or_default());
                self.follow_shared(now);
            }
            Purpose::Moderation(asked) => {
                self.with_features(now, |_, context| moderation::answered(context, &asked, answer));
            }
            Purpose::SelfPing(asked) => {
                let verdict = self.features.self_ping.answered(now.instant, &asked, answer);
                // Who asked for another nickname was asked under the old one.
                if verdict == Verdict::Outside && !self.features.muc.is_renaming(&asked.0) {
                    self.room_left(&asked.0);
                    self.with_features(now, |features, context| features.muc.lost(context, &asked.0));
                }
            }
            _ => {}
        }
    }
}
