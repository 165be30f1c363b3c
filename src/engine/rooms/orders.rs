//! Does what the user wishes about group chats.

use super::RoomOrder;
use crate::clock::Now;
use crate::condition::Condition;
use crate::domain::contact::Contact;
use crate::domain::conversation::Notify;
use crate::domain::problem::Refusal;
use crate::domain::room::{Affiliation, Answered, Bookmark, Phase, Role, RoomKind, RoomNews, RoomWish, Why};
use crate::engine::Engine;
use crate::features::muc::{self, Making, Muc};
use crate::features::{Context, Features, channel_search, direct_invitation, moderation};
use crate::jid::BareJid;

/// How the user wants to go into a group chat.
#[derive(Debug, Default)]
pub(in super::super) struct Way {
    pub(in super::super) nick: Option<String>,
    pub(in super::super) password: Option<String>,
    pub(in super::super) making: Option<Making>,
    /// The user's other devices are to follow.
    pub(in super::super) keep: bool,
}

impl Engine {
    /// Does what the user wishes about a group chat.
    pub(in super::super) fn room_order(&mut self, now: Now, order: RoomOrder) {
        match order {
            RoomOrder::Join { room, nick, password } => {
                self.go_in(now, &room, Way { nick, password, making: None, keep: true });
            }
            RoomOrder::Create { room, nick, kind, name, invite } => {
                let making = Some(Making { kind, name: name.clone(), invite, visit: None });
                self.go_in(now, &room, Way { nick, password: None, making, keep: true });
                // What it is called is known before it says so.
                self.domain.rooms.edit(&room, |state| state.name = state.name.take().or(name));
                // Of what kind it is, it says itself only after it was set up.
                if kind == RoomKind::PrivateGroup {
                    self.domain.conversations.set_notify(&room, Notify::All);
                }
            }
            RoomOrder::Leave(room) => self.go_out(now, &room, true),
            RoomOrder::Forget(room) => {
                self.drop_room(now, &room);
                self.with_features(now, |features, context| features.bookmarks.remove(context, &room));
            }
            RoomOrder::SetNick { room, nick } => {
                self.in_room(now, &room, RoomWish::Nick, |features, context| {
                    features.muc.rename(context, &room, nick.trim());
                });
            }
            RoomOrder::SetSubject { room, text } => {
                if self.must_be_in(&room, RoomWish::Subject) {
                    let subject = muc::subject(&room, text.trim(), self.session.fresh_id());
                    self.session.send(&subject, None);
                }
            }
            RoomOrder::Invite { room, who, reason } => self.invite(now, &room, &who, reason.as_deref()),
            RoomOrder::AnswerInvitation { room, accept } => self.answer_invitation(now, &room, accept),
            RoomOrder::SetRole { room, nick, role, reason } => {
                self.in_room(now, &room, RoomWish::Role, |_, context| {
                    Muc::set_role(context, &room, &nick, role, reason.as_deref());
                });
            }
            RoomOrder::SetAffiliation { room, who, affiliation, reason } => {
                self.in_room(now, &room, RoomWish::Affiliation, |_, context| {
                    Muc::set_affiliation(context, &room, &who, affiliation, reason.as_deref());
                });
            }
            RoomOrder::ListMembers { room, affiliation } => {
                if self.session.is_online() && self.domain.rooms.is_joined(&room) {
                    self.with_features(now, |_, context| Muc::list(context, &room, affiliation));
                } else {
                    let refusal = Refusal { condition: Condition::RemoteServerTimeout, text: None };
                    self.domain.rooms.answered(&room, Answered::NotListed(affiliation, refusal));
                }
            }
            RoomOrder::Configure(room) => {
                self.in_room(now, &room, RoomWish::Configure, |_, context| Muc::configure(context, &room));
            }
            RoomOrder::Submit { room, answers } => {
                self.in_room(now, &room, RoomWish::Configure, |features, context| {
                    features.muc.answer_form(context, &room, answers.as_deref());
                });
            }
            RoomOrder::Destroy { room, alternate, reason } => {
                self.in_room(now, &room, RoomWish::Destroy, |_, context| {
                    Muc::destroy(context, &room, alternate.as_ref(), reason.as_deref());
                });
            }
            RoomOrder::Moderate { room, key, reason } => {
                let id = self.domain.conversations.name_of(&room, key);
                self.in_room(now, &room, RoomWish::Moderate, |_, context| {
                    let traits = context.domain.rooms.room(&room).map(|state| state.traits).unwrap_or_default();
                    if let Some(id) = id.filter(|_| traits.moderation) {
                        moderation::moderate(context, &room, &id, reason.as_deref(), traits.old_moderation);
                    }
                });
            }
            RoomOrder::RequestVoice(room) => {
                if self.must_be_in(&room, RoomWish::Voice) {
                    let request = muc::voice_request(&room, self.session.fresh_id());
                    self.session.send(&request, None);
                }
            }
            RoomOrder::AnswerVoice { room, nick, allow } => {
                if self.must_be_in(&room, RoomWish::Role) {
                    let id = self.session.fresh_id();
                    if let Some(answer) = self.features.muc.answer_voice(&room, &nick, allow, id) {
                        self.session.send(&answer, None);
                    }
                }
            }
            RoomOrder::SetBookmark(bookmark) => {
                self.with_features(now, |features, context| features.bookmarks.set(context, bookmark));
            }
            RoomOrder::RemoveBookmark(room) => {
                self.with_features(now, |features, context| features.bookmarks.remove(context, &room));
            }
            RoomOrder::Find { number, service, text } => {
                self.domain.rooms.find(number, &text);
                self.sought = text;
                if self.session.is_online() {
                    self.with_features(now, |_, context| Muc::find(context, number, service));
                } else {
                    self.domain.rooms.finding_answered(number, None);
                }
            }
            RoomOrder::SetPicture { room, file } => {
                if self.must_be_in(&room, RoomWish::Picture) {
                    self.set_face(now, &room, file);
                }
            }
            RoomOrder::SeekPlace => {
                if self.session.is_online() {
                    self.with_features(now, |_, context| Muc::seek_place(context));
                } else {
                    self.domain.rooms.finding_answered(0, None);
                }
            }
            RoomOrder::SetNotify { room, notify } => self.choose_notify(now, &room, notify),
        }
    }

    /// A service was found that searches by itself.
    pub(super) fn search_there(&mut self, now: Now, number: u64, service: BareJid) {
        let text = self.sought.clone();
        self.with_features(now, |_, context| channel_search::seek(context, service, number, &text));
    }

    /// Goes into a group chat. Under which nickname: the one that was given, else the one of the bookmark, else the one of
    /// last time, else the one that the group chat keeps for the user, else the name of the account.
    pub(in super::super) fn go_in(&mut self, now: Now, room: &BareJid, way: Way) {
        let Some(me) = self.user.as_ref().map(|user| user.account.address.clone()) else { return };
        let given = way.nick.map(|nick| nick.trim().to_owned()).filter(|nick| !nick.is_empty());
        let bookmark = self.domain.rooms.bookmark(room).cloned();
        let known = self.domain.rooms.room(room).map(|state| state.nick.clone());
        let kept = bookmark.as_ref().and_then(|bookmark| bookmark.nick.clone());
        let nick = given.clone().or(kept).or(known);
        let default = self.domain.nickname.clone().or_else(|| me.local().map(str::to_owned)).unwrap_or_default();
        self.domain.rooms.take_invitation(room);
        if self.domain.rooms.is_joined(room) && self.session.is_online() {
            if let Some(nick) = given {
                self.with_features(now, |features, context| features.muc.rename(context, room, &nick));
            }
            return;
        }
        // Somebody's account is no group chat: what they say would be taken for what a group chat says. Where the user's
        // own account is there are accounts and nothing else.
        let is_person = |contact: &Contact| contact.subscription.we_see_them() || contact.subscription.they_see_us();
        let is_own = room.domain() == me.domain();
        if is_own || room.local().is_none() || self.domain.contacts.contact(room).is_some_and(is_person) {
            if way.keep {
                self.domain.rooms.news(room, RoomNews::NoGroup);
            }
            return;
        }
        self.domain.rooms.open(room, nick.as_deref().unwrap_or(&default));
        self.domain.conversations.open_room(room);
        self.take_shared_notify(room);
        if let Some(nick) = &nick {
            self.domain.rooms.edit(room, |state| state.nick.clone_from(nick));
        }
        if let Some(password) = way.password.or_else(|| bookmark.and_then(|bookmark| bookmark.password)) {
            self.domain.rooms.set_password(room, Some(password));
        }
        if way.keep {
            self.watch.keep(room);
        }
        if self.session.is_online() {
            self.with_features(now, |features, context| {
                features.muc.want(context, room, nick.is_some(), way.making);
            });
        } else {
            self.domain.rooms.set_phase(room, Phase::Joining);
        }
    }

    /// Goes out of a group chat; the user's other devices follow if they are `told`.
    pub(in super::super) fn go_out(&mut self, now: Now, room: &BareJid, told: bool) {
        if self.session.is_online() {
            self.with_features(now, |features, context| features.muc.leave(context, room));
        } else {
            self.domain.rooms.set_phase(room, Phase::Left);
        }
        self.room_left(room);
        let bookmark = self.domain.rooms.bookmark(room).filter(|bookmark| bookmark.autojoin && told).cloned();
        if let Some(bookmark) = bookmark {
            let bookmark = Bookmark { autojoin: false, ..bookmark };
            self.with_features(now, |features, context| features.bookmarks.set(context, bookmark));
        }
    }

    /// Goes out of a group chat and forgets what it is.
    pub(in super::super) fn drop_room(&mut self, now: Now, room: &BareJid) {
        self.go_out(now, room, true);
        self.features.room_archives.remove(room);
        self.domain.rooms.forget(room);
    }

    fn must_be_in(&mut self, room: &BareJid, wish: RoomWish) -> bool {
        let is_in = self.session.is_online() && self.domain.rooms.is_joined(room);
        if !is_in {
            self.domain.rooms.news(room, RoomNews::NotThere(wish));
        }
        is_in
    }

    /// Something that only who is in can ask for.
    fn in_room(
        &mut self,
        now: Now,
        room: &BareJid,
        wish: RoomWish,
        work: impl FnOnce(&mut Features, &mut Context<'_>),
    ) {
        if self.must_be_in(room, wish) {
            self.with_features(now, work);
        }
    }

    /// Invites somebody. Where only members are let in they become one first, if the user may do that; else the group
    /// chat itself is asked to invite, which lets them in then.
    pub(super) fn invite(&mut self, now: Now, room: &BareJid, who: &BareJid, reason: Option<&str>) {
        if !self.must_be_in(room, RoomWish::Invite) {
            return;
        }
        let Some(state) = self.domain.rooms.room(room) else { return };
        let (members_only, is_admin) = (state.traits.members_only, state.affiliation >= Affiliation::Admin);
        if members_only && is_admin {
            self.with_features(now, |_, context| Muc::make_member(context, room, who, reason));
        } else if members_only {
            let invitation = muc::mediated_invitation(room, who, reason, self.session.fresh_id());
            self.session.send(&invitation, None);
        } else {
            self.invite_directly(room, who, reason);
        }
    }

    pub(super) fn invite_directly(&mut self, room: &BareJid, who: &BareJid, reason: Option<&str>) {
        let password = self.domain.rooms.password(room).map(String::as_str);
        let invitation = direct_invitation::invite(who, room, password, reason, self.session.fresh_id());
        self.session.send(&invitation, None);
    }

    fn answer_invitation(&mut self, now: Now, room: &BareJid, accept: bool) {
        let Some(invitation) = self.domain.rooms.take_invitation(room) else { return };
        self.save_soon();
        if accept {
            return self.go_in(now, room, Way { password: invitation.password, keep: true, ..Way::default() });
        }
        let from = invitation.from.filter(|_| invitation.mediated && self.session.is_online());
        if let Some(from) = from {
            let decline = muc::decline(room, &from, self.session.fresh_id());
            self.session.send(&decline, None);
        }
    }

    /// The user's devices want to be there, or no longer.
    pub(in super::super) fn follow(&mut self, now: Now, wanted: Vec<(BareJid, bool)>) {
        for (room, inside) in wanted {
            let phase = self.domain.rooms.room(&room).map(|state| state.phase.clone());
            match phase {
                // What let us not in has not changed by that.
                Some(Phase::Refused(_)) | None | Some(Phase::Left) if !inside => {}
                Some(Phase::Joining | Phase::Joined) if inside => {}
                Some(Phase::Refused(why)) if !why.may_pass() && !matches!(why, Why::Forgotten) => {}
                _ if inside => self.go_in(now, &room, Way::default()),
                _ => self.go_out(now, &room, false),
            }
        }
    }

    /// Whether the user may do what moderators do there.
    pub(super) fn is_moderator(&self, room: &BareJid) -> bool {
        self.domain.rooms.room(room).is_some_and(|state| state.role == Role::Moderator)
    }
}
