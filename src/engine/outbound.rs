//! The way out: what the user wishes, and what is sent for it.

use super::command::Command;
use super::compose::Typed;
use super::desk::Occasion;
use super::{Engine, WHOLE};
use crate::clock::Now;
use crate::condition::Condition;
use crate::domain::change::{Change, Notice, TimelineEdit, Wish};
use crate::domain::problem::Refusal;
use crate::domain::timeline::{Delivery, MessageKey};
use crate::features::archive::CatchUp;
use crate::features::blocking::Blocking;
use crate::features::local_time::LocalTime;
use crate::features::nickname::Nicknames;
use crate::features::presence::Presences;
use crate::features::roster::Roster;
use crate::features::subscription::Subscriptions;
use crate::features::version::Version;
use crate::features::{Context, Outgoing, Purpose};
use crate::jid::BareJid;
use crate::session::sm::Tag;
use crate::wire::stanza::{Iq, Presence, PresenceKind};
use crate::wire::stanza_error::{ErrorKind, StanzaError};
use crate::wire::xml::Element;

/// Presence before the stream is closed.
pub(super) fn farewell() -> Element {
    Presence::new(PresenceKind::Unavailable).to_element()
}

/// What a question gets that was not answered in time, or whose stream is gone.
pub(super) const fn too_late() -> StanzaError {
    StanzaError::new(ErrorKind::Wait, Condition::RemoteServerTimeout)
}

impl Engine {
    /// Does what the user wishes.
    pub(super) fn command(&mut self, now: Now, command: Command) {
        match command {
            Command::LogIn { address, password, service, remember } => {
                self.log_in(now, address, password, service, remember);
            }
            Command::LogInAsGuest { domain, service } => self.log_in_as_guest(now, domain, service),
            Command::LogInWithToken { address, token, service } => {
                self.log_in_with_token(now, address, token, service);
            }
            Command::LogOut => self.log_out(now),
            Command::Reconnect => self.session.reconnect(now.instant),
            Command::Account(order) => self.account(now, order),
            _ if self.user.is_none() => {}
            command => {
                if let Some(command) = self.when_awake(command) {
                    self.wish(now, command);
                }
            }
        }
    }

    /// Does what the signed-in user wishes.
    pub(super) fn wish(&mut self, now: Now, command: Command) {
        match command {
            Command::LogIn { .. }
            | Command::LogInAsGuest { .. }
            | Command::LogInWithToken { .. }
            | Command::LogOut
            | Command::Reconnect
            | Command::Account(_) => {}
            Command::SetPresence(presence) => {
                self.domain.own_presence = presence.clone();
                self.change(Change::OwnPresence(presence));
                self.save_soon();
                if self.session.is_online() {
                    self.with_features(now, |features, context| {
                        Presences::announce(context);
                        features.muc.announce(context);
                    });
                }
            }
            Command::SendText { id, peer, text } => self.send_text(now, id, peer, Typed::plain(&text)),
            Command::Send { id, peer, what } => self.send_more(now, id, peer, what),
            Command::Writing { peer, writes } => self.writing(now, &peer, writes),
            Command::SetPrivacy(privacy) => {
                self.domain.privacy = privacy;
                self.change(Change::Privacy(privacy));
                self.save_soon();
            }
            Command::Retry { peer, key } => {
                let key = self.domain.conversations.meant(&peer, key);
                self.retry(now, &peer, key);
            }
            Command::Discard { peer, key } => {
                let key = self.domain.conversations.meant(&peer, key);
                self.domain.conversations.discard(&peer, key);
            }
            Command::LoadOlder(peer) => {
                let chunks = self.domain.conversations.to_scroll(&peer);
                if !chunks.is_empty() {
                    self.load(&peer, chunks);
                } else {
                    self.older(now, &peer);
                }
            }
            Command::LoadMissing => {
                if self.session.is_online() {
                    self.with_features(now, |features, context| {
                        features.archive.look_again(context);
                        let archives = features.room_archives.iter_mut();
                        let inside = archives.filter(|(room, _)| context.domain.rooms.is_joined(room));
                        let mut inside: Vec<_> = inside.collect();
                        inside.retain(|(_, archive)| !archive.pointers().holes.is_empty());
                        inside.into_iter().for_each(|(_, archive)| archive.look_again(context));
                    });
                }
            }
            Command::OpenConversation(peer) => {
                self.domain.conversations.open(&peer);
                self.wake(&peer);
            }
            Command::Search { .. } | Command::SearchArchive { .. } | Command::GoTo { .. } if !WHOLE => {}
            Command::Search { number, text, most, zone } => self.search(now, number, &text, most, zone),
            Command::SearchArchive { number } => self.search_archive(now, number),
            Command::GoTo { peer, place } => self.go_to(peer, place),
            Command::Identify { peer, key } => {
                if let Some(names) = self.domain.conversations.names(&peer, key) {
                    self.change(Change::Timeline(peer, TimelineEdit::Names(names)));
                }
            }
            Command::Attend(peers) => self.domain.conversations.attend(peers),
            Command::Show(peers) => {
                for peer in &peers {
                    self.wake(peer);
                }
                self.domain.conversations.show(&peers);
            }
            Command::SeekUploads => self.seek_uploads(now),
            Command::AskSlot { id, wanted } => self.ask_slot(now, id, &wanted),
            Command::SetDraft { peer, text } => self.domain.conversations.set_draft(&peer, text),
            Command::SetPrivate { peer, to } => self.domain.conversations.set_private(&peer, to),
            Command::AddContact { address, name, groups } => self.contact_wish(now, Wish::Add, &address, |context| {
                Roster::set(context, Wish::Add, &address, name.as_deref(), &groups);
                Subscriptions::invite(context, &address);
            }),
            Command::EditContact { address, name, groups } => self.contact_wish(now, Wish::Edit, &address, |context| {
                Roster::set(context, Wish::Edit, &address, name.as_deref(), &groups);
            }),
            Command::RemoveContact(address) => {
                self.contact_wish(now, Wish::Remove, &address, |context| {
                    context.domain.contacts.uninvite(&address);
                    Roster::remove(context, &address);
                });
            }
            Command::AskForPresence(address) => {
                self.contact_wish(now, Wish::Subscribe, &address, |context| Subscriptions::ask(context, &address));
            }
            Command::StopSeeing(address) => {
                self.contact_wish(now, Wish::Edit, &address, |context| Subscriptions::stop_seeing(context, &address));
            }
            Command::StopShowing(address) | Command::DeclineRequest(address) => {
                self.contact_wish(now, Wish::Edit, &address, |context| Subscriptions::refuse(context, &address));
            }
            Command::ApproveBeforehand(address) => {
                self.contact_wish(now, Wish::Edit, &address, |context| Subscriptions::grant(context, &address));
            }
            Command::AcceptRequest(address) => {
                self.contact_wish(now, Wish::Add, &address, |context| accept(context, &address));
            }
            Command::BlockRequest(address) => self.contact_wish(now, Wish::Block, &address, |context| {
                Subscriptions::refuse(context, &address);
                Blocking::block(context, &address);
            }),
            Command::Room(order) => self.room_order(now, order),
            Command::WantFace(whose) => self.domain.faces.want(&whose),
            Command::Desk(order) => self.desk_order(now, order),
            command @ (Command::SetNickname(_)
            | Command::Idle(_)
            | Command::TellTime(_)
            | Command::LookUp(_)
            | Command::Block(_)
            | Command::Report(_)
            | Command::Unblock(_)
            | Command::Arrange(..)) => self.wish_about_people(now, command),
        }
    }

    /// A wish that the server must grant, and that cannot be about oneself.
    pub(super) fn contact_wish(
        &mut self,
        now: Now,
        wish: Wish,
        address: &BareJid,
        mut work: impl FnMut(&mut Context<'_>),
    ) {
        if self.user.as_ref().is_some_and(|user| user.account.address == *address) {
            let refusal = Refusal { condition: Condition::NotAllowed, text: None };
            self.domain.notices.push(Notice::Refused { wish, address: address.clone(), refusal });
        } else {
            self.server_wish(now, wish, &mut work);
        }
    }

    /// A wish that the server must grant: it needs a connection.
    pub(super) fn server_wish(&mut self, now: Now, wish: Wish, work: &mut dyn FnMut(&mut Context<'_>)) {
        if self.session.is_online() {
            self.let_work(now, &mut |_, context| work(context));
        } else {
            self.domain.notices.push(Notice::NotConnected(wish));
        }
    }

    /// Sends again what failed or is uncertain, under its old id, so that a copy that did arrive can be told.
    /// Where there is an archive it is asked first what became of an uncertain one.
    fn retry(&mut self, now: Now, peer: &BareJid, key: MessageKey) {
        let delivery = self.domain.conversations.message(peer, key).and_then(|row| row.delivery.clone());
        let is_uncertain = delivery == Some(Delivery::Unknown);
        // The archive of a group chat was asked when it became uncertain, or will be on the way in.
        if is_uncertain && !self.domain.conversations.is_room(peer) && self.features.archive.may_tell() {
            if self.session.is_online() && self.features.archive.catch_up() != CatchUp::Running {
                self.with_features(now, |features, context| features.archive.look_again(context));
            }
        } else if is_uncertain || matches!(delivery, Some(Delivery::Failed(_))) {
            self.domain.conversations.requeue(peer, key);
            self.flush_queue();
        }
    }

    /// Sends everything that waits, if there is a connection.
    pub(super) fn flush_queue(&mut self) {
        if self.beginning_stream || !self.session.is_online() || !self.features.archive.knows_its_end() {
            return;
        }
        // What must be said to the disk first holds back what was written after it.
        let mut uncleared: Vec<BareJid> = Vec::new();
        let may_tell = self.features.archive.may_tell();
        for waiting in self.domain.conversations.waiting(self.is_checking(), may_tell) {
            let to = match waiting.private.as_deref() {
                None => None,
                // Nothing leaves for somebody who may be somebody else by now.
                Some(who) => match self.addressee(&waiting.peer, who) {
                    Some(Ok(to)) => Some(to),
                    Some(Err(refusal)) => {
                        let failed = Delivery::Failed(refusal);
                        self.domain.conversations.deliver(&waiting.peer, waiting.key, failed);
                        continue;
                    }
                    None => continue,
                },
            };
            if uncleared.contains(&waiting.peer) || !(waiting.cleared || self.is_in_memory()) {
                self.domain.conversations.clear_to_send(waiting.key);
                uncleared.push(waiting.peer);
                continue;
            }
            let message = self.compose(&waiting.peer, &waiting.id, &waiting.says, to);
            let number = self.session.send(&message, Some(tag(&waiting.peer, &waiting.id)));
            self.domain.conversations.sent(&waiting.peer, waiting.key, number);
        }
        if !uncleared.is_empty() {
            self.save_soon();
        }
    }

    /// The server has certainly not got these: they are sent again, before what was written after them.
    pub(super) fn not_arrived(&mut self, tags: &[Tag]) {
        let again: Vec<_> = tags.iter().filter_map(|tag| self.row_of(tag)).collect();
        self.domain.conversations.send_again(&again);
        self.flush_queue();
    }

    fn row_of(&self, tag: &Tag) -> Option<(BareJid, MessageKey)> {
        let (peer, id) = tag.split_once(' ')?;
        let peer = peer.parse::<BareJid>().ok()?;
        let key = self.domain.conversations.own(&peer, id)?;
        Some((peer, key))
    }

    /// The session knows more about messages that it sent.
    pub(super) fn delivered(&mut self, tags: &[Tag], delivery: &Delivery) {
        for tag in tags {
            let Some((peer, key)) = self.row_of(tag) else { continue };
            let row = self.domain.conversations.message(&peer, key);
            // That a group chat has it is proven when it comes back from there, as what goes to one alone never does.
            let comes_back = self.domain.conversations.is_room(&peer) && row.is_some_and(|row| row.private.is_none());
            if *delivery == Delivery::Acked && comes_back {
                continue;
            }
            // An error may have come before the confirmation.
            if row.is_some_and(|row| row.delivery == Some(Delivery::Sent)) {
                self.domain.conversations.deliver(&peer, key, delivery.clone());
            }
        }
    }

    /// Sends what a feature wants sent.
    pub(super) fn send(&mut self, now: Now, outgoing: Outgoing) {
        match outgoing {
            Outgoing::Ask { to, kind, purpose } => {
                if purpose == Purpose::Roster(crate::features::roster::Asked::List) {
                    self.session.await_long_answer(true);
                }
                let iq = Iq { from: None, to, id: self.session.fresh_id(), kind };
                self.session.send(&iq.to_element(), None);
                if let Some(dropped) = self.requests.asked(now.instant, &iq, purpose) {
                    self.answered(now, dropped, Err(too_late()));
                }
            }
            Outgoing::Answer(iq) => {
                if self.courtesy.allows(now.instant) {
                    self.session.send(&iq.to_element(), None);
                }
            }
            Outgoing::Presence(mut presence) => {
                if presence.kind == PresenceKind::Available && presence.to.is_none() {
                    for feature in self.features.all() {
                        feature.decorate(&mut presence);
                    }
                }
                self.session.send(&presence.to_element(), None);
            }
        }
    }

    /// A question was answered, or will not be.
    pub(super) fn answered(&mut self, now: Now, purpose: Purpose, answer: Result<Option<&Element>, StanzaError>) {
        if purpose == Purpose::Roster(crate::features::roster::Asked::List) {
            self.session.await_long_answer(false);
            // A stream that another page goes on with must have been set up by this one.
            self.settled |= answer.is_ok();
        }
        if matches!(purpose, Purpose::Registration(_) | Purpose::Invitation(_)) {
            return self.account_answered(now, &purpose, answer);
        }
        if is_about_rooms(&purpose) {
            return self.room_answered(now, purpose, answer);
        }
        match purpose {
            Purpose::Vcard(asked) => return self.face_answered(now, asked, answer),
            Purpose::Visits(asked) => return self.visits_answered(now, &asked, answer),
            Purpose::Visit(asked) => {
                self.visitor(now, Occasion::Answered(asked, answer));
                return;
            }
            _ => {}
        }
        let mut read = Vec::new();
        let mut uploads = None;
        if let (Purpose::Archive(crate::features::archive::Asked::Support), Ok(Some(info))) = (&purpose, &answer) {
            self.with_features(now, |features, context| {
                features.displayed.found(context, info);
                features.bookmarks.found(context, info);
                features.visits.found(context, info);
            });
        }
        let shown = self.with_features(now, |features, context| {
            match purpose {
                Purpose::Roster(asked) => features.roster.answered(context, asked, answer),
                Purpose::Archive(asked) => return features.archive.answered(context, asked, answer),
                Purpose::Blocking(asked) => Blocking::answered(context, asked, answer),
                Purpose::Caps(asked) => features.caps.answered(context, &asked, answer),
                Purpose::LocalTime(asked) => LocalTime::answered(context, &asked, answer),
                Purpose::Nickname(_) => Nicknames::answered(context, answer),
                Purpose::Version(asked) => Version::answered(context, &asked, answer),
                Purpose::Displayed(asked) => read = features.displayed.answered(context, &asked, answer),
                Purpose::Upload(asked) => uploads = features.upload.answered(context, asked, answer),
                _ => {}
            }
            None
        });
        self.uploads_told(uploads);
        if !read.is_empty() {
            self.read_elsewhere(now, read);
        }
        if let Some(shown) = shown.flatten() {
            self.show_page(now, shown);
        }
        self.checked();
    }

    /// Whether the archive is being asked which of the uncertain messages arrived. Until it has answered nothing
    /// else is sent, or it would overtake them.
    pub(super) fn is_checking(&self) -> bool {
        matches!(self.features.archive.catch_up(), CatchUp::Unknown | CatchUp::Running)
    }

    /// Goes on once the archive has answered: what it does not have did not arrive. Without an archive that stays
    /// uncertain, and the user decides.
    pub(super) fn checked(&mut self) {
        if self.features.archive.catch_up() == CatchUp::Done && self.deferred.is_empty() && self.session.is_online() {
            self.domain.conversations.resend_uncertain(None);
        }
        self.rooms_checked();
        self.cover();
        self.flush_queue();
    }

    /// Asks the archive that has what is said in a conversation for what is older.
    pub(super) fn older(&mut self, now: Now, peer: &BareJid) {
        if self.domain.conversations.is_room(peer) {
            self.with_features(now, |features, context| {
                if let Some(archive) = features.room_archives.get_mut(peer) {
                    archive.older(context, peer);
                }
            });
        } else if self.session.is_online() {
            self.with_features(now, |features, context| features.archive.older(context, peer));
        } else {
            self.features.archive.want(peer);
        }
    }
}

const fn is_about_rooms(purpose: &Purpose) -> bool {
    matches!(
        purpose,
        Purpose::RoomArchive(..)
            | Purpose::Muc(_)
            | Purpose::FindRooms(_)
            | Purpose::ChannelSearch(_)
            | Purpose::Bookmarks(_)
            | Purpose::Moderation(_)
            | Purpose::SelfPing(_)
    )
}

/// Names a message for the session.
pub(super) fn tag(peer: &BareJid, id: &str) -> Tag {
    format!("{peer} {id}")
}

/// Lets somebody see us and asks to see them, keeping the name that they claim out of the contact list: it is
/// for the user to choose.
fn accept(context: &mut Context<'_>, address: &BareJid) {
    Subscriptions::grant(context, address);
    let contact = context.domain.contacts.contact(address);
    if contact.is_none() {
        Roster::set(context, Wish::Add, address, None, &[]);
    }
    let sees = context.domain.contacts.contact(address).is_some_and(|contact| contact.subscription.we_see_them());
    if !sees {
        Subscriptions::ask(context, address);
    }
}
