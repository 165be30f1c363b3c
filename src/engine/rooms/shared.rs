//! What the user's devices share about a group chat beside whether they are in it: of what the user wants to hear
//! (XEP-0492), and the password.

use super::orders::Way;
use crate::clock::Now;
use crate::domain::conversation::Notify;
use crate::domain::room::{Bookmark, Phase, Why};
use crate::engine::Engine;
use crate::features::notify_settings;
use crate::jid::BareJid;

impl Engine {
    /// What the user's devices share about a group chat, if they say anything.
    pub(super) fn shared_notify(&self, room: &BareJid) -> Option<Notify> {
        notify_settings::of(self.features.bookmarks.beside(room)?)
    }

    /// The user chose something, here.
    pub(super) fn choose_notify(&mut self, now: Now, room: &BareJid, notify: Notify) {
        self.domain.conversations.set_notify(room, notify);
        self.watch.chosen.retain(|(known, _)| known != room);
        self.watch.chosen.push((room.clone(), notify));
        self.share_notify(now);
        if self.session.is_online() && !self.features.bookmarks.is_here() {
            self.with_features(now, |features, context| features.bookmarks.seek(context));
        }
    }

    /// Tells the other devices what was chosen here, as soon as it is known what they share.
    pub(super) fn share_notify(&mut self, now: Now) {
        // What was known before this stream says nothing.
        if !self.session.is_online() || self.beginning_stream {
            return;
        }
        for (room, notify) in std::mem::take(&mut self.watch.chosen) {
            match self.features.bookmarks.beside(&room) {
                Some(beside) => {
                    if let Some(beside) = notify_settings::set(beside, notify) {
                        self.with_features(now, |features, context| {
                            features.bookmarks.set_beside(context, &room, beside);
                        });
                    }
                }
                None if !self.features.bookmarks.is_here() => self.watch.chosen.push((room, notify)),
                // There is no place for it.
                None => {}
            }
        }
    }

    /// The list of the devices is here, or different: what they share counts, except for what was chosen here and they
    /// do not know yet.
    pub(in super::super) fn follow_shared(&mut self, now: Now) {
        for bookmark in self.domain.rooms.bookmarks().to_vec() {
            self.take_shared_notify(&bookmark.room);
            self.take_shared_password(now, bookmark);
        }
        self.share_notify(now);
    }

    /// Another device knows another password: it is needed the next time, or at once, if it was missing.
    fn take_shared_password(&mut self, now: Now, bookmark: Bookmark) {
        let Bookmark { room, password: Some(password), autojoin, .. } = bookmark else { return };
        let Some(state) = self.domain.rooms.room(&room) else { return };
        let is_missing = matches!(state.phase, Phase::Refused(Why::PasswordRequired | Why::WrongPassword));
        let taken = (room.clone(), password.clone());
        // What was not let in with it once is not again.
        if self.domain.rooms.password(&room) != Some(&password) && !self.watch.passwords.contains(&taken) {
            self.watch.passwords.retain(|(known, _)| *known != room);
            self.watch.passwords.push(taken);
            self.domain.rooms.set_password(&room, Some(password));
            if is_missing && autojoin {
                self.go_in(now, &room, Way::default());
            }
        }
    }

    /// What the devices share about a group chat counts here, too.
    pub(super) fn take_shared_notify(&mut self, room: &BareJid) {
        let is_chosen = self.watch.chosen.iter().any(|(known, _)| known == room);
        if let Some(notify) = self.shared_notify(room).filter(|_| !is_chosen) {
            self.domain.conversations.set_notify(room, notify);
        }
    }
}
