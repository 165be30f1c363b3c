//! The way out: what the user wishes, and what is sent for it.

use super::Engine;
use super::command::Command;
use crate::clock::Now;
use crate::condition::Condition;
use crate::domain::change::{Change, Notice, Wish};
use crate::domain::conversations::NewMessage;
use crate::domain::problem::Refusal;
use crate::domain::timeline::{Body, Delivery, Direction, MessageKey};
use crate::features::archive::CatchUp;
use crate::features::presence::Presences;
use crate::features::roster::Roster;
use crate::features::subscription::Subscriptions;
use crate::features::{Context, Outgoing, Purpose, blocking, chat};
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
            Command::LogOut => self.log_out(now),
            Command::Reconnect => self.session.reconnect(now.instant),
            _ if self.user.is_none() => {}
            Command::SetPresence(presence) => {
                self.domain.own_presence = presence.clone();
                self.change(Change::OwnPresence(presence));
                if self.session.is_online() {
                    self.with_features(now, |_, context| Presences::announce(context));
                }
            }
            Command::SendText { id, peer, text } => self.send_text(now, id, peer, &text),
            Command::Retry { peer, key } => self.retry(&peer, key),
            Command::Discard { peer, key } => self.domain.conversations.discard(&peer, key),
            Command::LoadOlder(peer) => {
                self.with_features(now, |features, context| features.archive.older(context, &peer));
            }
            Command::OpenConversation(peer) => self.domain.conversations.open(&peer),
            Command::Attend(peers) => self.domain.conversations.attend(peers),
            Command::Show(_) | Command::SetDraft { .. } | Command::LoadMissing => {}
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
                blocking::block(context, &address);
            }),
        }
    }

    /// A wish that the server must grant: it needs a connection, and it cannot be about oneself.
    fn contact_wish(&mut self, now: Now, wish: Wish, address: &BareJid, work: impl FnOnce(&mut Context<'_>)) {
        if self.user.as_ref().is_some_and(|user| user.account.address == *address) {
            let refusal = Refusal { condition: Condition::NotAllowed, text: None };
            self.domain.notices.push(Notice::Refused { wish, address: address.clone(), refusal });
        } else if self.session.is_online() {
            self.with_features(now, |_, context| work(context));
        } else {
            self.domain.notices.push(Notice::NotConnected(wish));
        }
    }

    fn send_text(&mut self, now: Now, id: Option<String>, peer: BareJid, text: &str) {
        let Some(from) = self.user.as_ref().map(|user| user.account.address.clone()) else { return };
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        let id = id.unwrap_or_else(|| self.session.fresh_id());
        if chat::message(&peer, &id, text).to_xml().len() > chat::MOST_BYTES {
            return self.domain.notices.push(Notice::TextTooLong { peer, limit: chat::MOST_BYTES });
        }
        self.domain.conversations.seen(&peer);
        let message = NewMessage {
            direction: Direction::Out,
            from,
            id: Some(id),
            body: Body::Text(text.into()),
            stamp: now.timestamp,
            delivery: Some(Delivery::Queued),
            archive_id: None,
            archived: None,
        };
        self.domain.conversations.add(&peer, message);
        self.flush_queue();
    }

    /// Sends again what failed or is uncertain, under its old id, so that a copy that did arrive can be told.
    fn retry(&mut self, peer: &BareJid, key: MessageKey) {
        let row = self.domain.conversations.message(peer, key);
        if row.is_some_and(|row| matches!(row.delivery, Some(Delivery::Failed(_) | Delivery::Unknown))) {
            self.domain.conversations.requeue(peer, key);
            self.flush_queue();
        }
    }

    /// Sends everything that waits, if there is a connection.
    pub(super) fn flush_queue(&mut self) {
        if !self.session.is_online() || self.is_checking() {
            return;
        }
        for waiting in self.domain.conversations.waiting() {
            let message = chat::message(&waiting.peer, &waiting.id, &waiting.text);
            self.session.send(&message, Some(tag(&waiting.peer, &waiting.id)));
            self.domain.conversations.deliver(&waiting.peer, waiting.key, Delivery::Sent);
        }
    }

    /// The session knows more about messages that it sent.
    pub(super) fn delivered(&mut self, tags: &[Tag], delivery: &Delivery) {
        for tag in tags {
            let Some((peer, id)) = tag.split_once(' ') else { continue };
            let Ok(peer) = peer.parse::<BareJid>() else { continue };
            let Some(key) = self.domain.conversations.own(&peer, id) else { continue };
            let row = self.domain.conversations.message(&peer, key);
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
        }
        let shown = self.with_features(now, |features, context| {
            match purpose {
                Purpose::Roster(asked) => features.roster.answered(context, asked, answer),
                Purpose::Archive(asked) => return features.archive.answered(context, asked, answer),
                Purpose::Blocking(asked) => blocking::answered(context, asked, answer),
                Purpose::Nothing => {}
            }
            None
        });
        if let Some(shown) = shown.flatten() {
            self.show_page(now, shown);
        }
        self.checked();
    }

    /// Whether the archive is being asked which of the uncertain messages arrived. Until it has answered nothing
    /// else is sent, or it would overtake them.
    fn is_checking(&self) -> bool {
        self.uncertain && matches!(self.features.archive.catch_up(), CatchUp::Unknown | CatchUp::Running)
    }

    /// Goes on once the archive has answered: what it does not have did not arrive. Without an archive that stays
    /// uncertain, and the user decides.
    fn checked(&mut self) {
        if self.uncertain && !self.is_checking() {
            self.uncertain = false;
            if self.features.archive.catch_up() == CatchUp::Done {
                self.domain.conversations.resend_uncertain();
            }
            self.flush_queue();
        }
    }
}

/// Names a message for the session.
fn tag(peer: &BareJid, id: &str) -> Tag {
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
