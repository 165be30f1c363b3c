//! What follows when the user is in a group chat, or not any more; and what became of own messages there.

use crate::clock::{Instant, Now};
use crate::domain::conversation::Notify;
use crate::domain::room::{Bookmark, KeptRoom, Phase, RoomKind, Why};
use crate::domain::timeline::{Delivery, MessageKey};
use crate::engine::Engine;
use crate::engine::records::State;
use crate::features::archive::{Archive, CatchUp, Pointers};
use crate::features::muc::Event;
use crate::jid::BareJid;
use crate::map::Map;

/// Milliseconds after which a message that did not come back from its group chat is uncertain.
const REFLECTION: u64 = 30_000;

/// What is watched of group chats.
#[derive(Debug, Default)]
pub(in super::super) struct Watch {
    /// Those whose old messages come as they are entered, and whether these count as new.
    pub(super) history: Map<BareJid, bool>,
    /// Own messages that have not come back, and when they should have.
    awaited: Map<MessageKey, (BareJid, Instant)>,
    /// Those whose archive is asked which of the uncertain messages arrived.
    checking: Vec<BareJid>,
    /// Own messages that were said again because their group chat had lost us.
    again: Vec<MessageKey>,
    /// Those that the user's other devices are to know as soon as we are in.
    kept: Vec<BareJid>,
    /// What the user wants to hear of which, that the other devices do not know yet.
    pub(super) chosen: Vec<(BareJid, Notify)>,
    /// Passwords that came from other devices and were taken, the last of each.
    pub(super) passwords: Vec<(BareJid, String)>,
}

impl Watch {
    pub(super) fn keep(&mut self, room: &BareJid) {
        if !self.kept.contains(room) {
            self.kept.push(room.clone());
        }
    }

    /// Whether a message may be said again: once.
    pub(super) fn say_again(&mut self, key: MessageKey) -> bool {
        let is_first = !self.again.contains(&key);
        if is_first {
            self.again.push(key);
        }
        is_first
    }

    /// When something is to be done.
    pub(in super::super) fn wake_at(&self) -> Option<Instant> {
        self.awaited.values().map(|(_, at)| *at).min()
    }
}

impl Engine {
    /// A fresh stream begins: nobody is in anywhere, and what did not come back is uncertain.
    pub(in super::super) fn rooms_stream_ended(&mut self) {
        self.features.self_ping.stream_ended();
        self.features.muc.stream_ended();
        self.domain.faces.stream_ended();
        let rooms: Vec<BareJid> = self.domain.rooms.all().map(|room| room.address.clone()).collect();
        for room in rooms {
            self.room_left(&room);
        }
    }

    /// The stream goes on. Where a page before this one is in, this one does not know who is there.
    pub(in super::super) fn rooms_resumed(&mut self, now: Now) {
        let joined: Vec<BareJid> = self
            .domain
            .rooms
            .all()
            .map(|room| room.address.clone())
            .filter(|room| self.domain.rooms.is_joined(room))
            .collect();
        for room in &joined {
            self.domain.conversations.admit(room, true);
            self.features.self_ping.heard(room, now.instant);
        }
        self.with_features(now, |features, context| features.muc.resume(context));
    }

    /// Something became of a group chat.
    pub(super) fn room_event(&mut self, now: Now, event: Option<Event>) {
        match event {
            Some(Event::Entered(room)) => self.room_entered(now, &room),
            Some(Event::Left(room)) => {
                self.room_left(&room);
                self.gone_for_good(now, &room);
            }
            Some(Event::Vanished(room)) => self.visit_vanished(now, &room),
            None => {}
        }
    }

    /// Devices that went into what was destroyed would make it anew.
    fn gone_for_good(&mut self, now: Now, room: &BareJid) {
        let phase = self.domain.rooms.room(room).map(|state| &state.phase);
        let is_gone = matches!(phase, Some(Phase::Refused(Why::Destroyed { .. } | Why::Gone { .. })));
        let bookmark = self.domain.rooms.bookmark(room).filter(|bookmark| is_gone && bookmark.autojoin).cloned();
        if let Some(bookmark) = bookmark {
            let bookmark = Bookmark { autojoin: false, ..bookmark };
            self.with_features(now, |features, context| features.bookmarks.set(context, bookmark));
        }
    }

    fn room_entered(&mut self, now: Now, room: &BareJid) {
        let Some(state) = self.domain.rooms.room(room).cloned() else { return };
        let was_here = self.domain.conversations.room_entered(room);
        self.features.self_ping.heard(room, now.instant);
        if !was_here && state.kind() == RoomKind::PrivateGroup && self.shared_notify(room).is_none() {
            self.domain.conversations.set_notify(room, Notify::All);
        }
        let kept = self.watch.kept.iter().position(|kept| kept == room);
        if kept.map(|place| self.watch.kept.remove(place)).is_some() {
            let known = self.domain.rooms.bookmark(room).cloned();
            let bookmark = Bookmark {
                room: room.clone(),
                // What it calls itself may change; the user's own name for it is another thing.
                name: known.and_then(|known| known.name),
                nick: Some(state.nick),
                password: self.domain.rooms.password(room).cloned(),
                autojoin: true,
            };
            self.with_features(now, |features, context| features.bookmarks.set(context, bookmark));
        }
        if state.traits.archive {
            self.ask_room_archive(now, room);
        } else {
            self.watch.history.insert(room.clone(), was_here);
            self.domain.conversations.admit(room, true);
            self.flush_queue();
        }
    }

    /// It has an archive: what was missed is asked for. What is uncertain waits for the answer, and what was written
    /// after it with it.
    pub(super) fn ask_room_archive(&mut self, now: Now, room: &BareJid) {
        self.with_features(now, |features, context| {
            let fresh = || Archive::of_room(room.clone());
            features.room_archives.entry(room.clone()).or_insert_with(fresh).entered(context);
        });
        self.watch.checking.retain(|known| known != room);
        self.watch.checking.push(room.clone());
        if !self.domain.conversations.has_uncertain(Some(room)) {
            self.domain.conversations.admit(room, true);
            self.flush_queue();
        }
    }

    /// The user is not in any more.
    pub(super) fn room_left(&mut self, room: &BareJid) {
        self.features.self_ping.left(room);
        self.domain.conversations.admit(room, false);
        self.watch.history.remove(room);
        self.watch.checking.retain(|known| known != room);
        if let Some(archive) = self.features.room_archives.get_mut(room) {
            archive.stream_ended(&mut self.domain.conversations);
            archive.left();
        }
        let sent = self.domain.conversations.not_reflected();
        for (_, key) in sent.iter().filter(|(peer, _)| peer == room) {
            self.domain.conversations.deliver(room, *key, Delivery::Unknown);
        }
    }

    /// Goes on with group chats whose archive has answered: what it does not have did not arrive.
    pub(in super::super) fn rooms_checked(&mut self) {
        if self.watch.checking.is_empty() || !self.deferred.is_empty() {
            return;
        }
        for room in std::mem::take(&mut self.watch.checking) {
            let catch_up = self.features.room_archives.get(&room).map(Archive::catch_up);
            match catch_up {
                Some(CatchUp::Running) => {
                    self.watch.checking.push(room);
                    continue;
                }
                Some(CatchUp::Done) => self.domain.conversations.resend_uncertain(Some(&room)),
                _ => {}
            }
            self.domain.conversations.admit(&room, true);
        }
    }

    /// What follows once everything that came in is taken in.
    pub(in super::super) fn after_rooms(&mut self, now: Now) {
        self.watch_reflections(now);
        if !self.session.is_online() {
            return;
        }
        if self.features.muc.wake_at().is_some_and(|at| at <= now.instant) {
            let silent = self.with_features(now, |features, context| features.muc.tick(context));
            for room in silent.unwrap_or_default() {
                self.room_left(&room);
            }
        }
        // One by one: what each of them said counts for the next.
        while self.may_enter_at(now.instant).is_some_and(|at| at <= now.instant) {
            self.with_features(now, |features, context| features.muc.go_on(context));
            self.follow_session(now);
        }
        if self.features.self_ping.wake_at().is_some_and(|at| at <= now.instant) {
            self.with_features(now, |features, context| features.self_ping.ask_next(context));
        }
    }

    /// When the next group chat that waits for it may be entered.
    fn may_enter_at(&self, now: Instant) -> Option<Instant> {
        let bytes = self.features.muc.next_takes(&self.domain.rooms)?;
        Some(self.pace.free_at(now, bytes))
    }

    /// When something is to be done about group chats.
    pub(in super::super) fn rooms_wake_at(&self, now: Instant) -> Option<Instant> {
        let online = [self.features.muc.wake_at(), self.may_enter_at(now), self.features.self_ping.wake_at()];
        let online = online.into_iter().flatten().filter(|_| self.session.is_online());
        online.chain(self.watch.wake_at()).chain(self.domain.rooms.wake_at()).min()
    }

    fn watch_reflections(&mut self, now: Now) {
        let sent = self.domain.conversations.not_reflected();
        self.watch.awaited.retain(|key, _| sent.iter().any(|(_, known)| known == key));
        for (room, key) in sent {
            let until = now.instant.after(REFLECTION);
            let (_, until) = *self.watch.awaited.entry(key).or_insert_with(|| (room.clone(), until));
            if until <= now.instant {
                self.watch.awaited.remove(&key);
                self.domain.conversations.deliver(&room, key, Delivery::Unknown);
                // It may have arrived all the same: the archive tells. If it does not, the user decides.
                if self.session.is_online() && self.domain.rooms.is_joined(&room) {
                    self.with_features(now, |features, context| {
                        if let Some(archive) = features.room_archives.get_mut(&room) {
                            archive.look_again(context);
                        }
                    });
                }
            }
        }
    }

    /// What is kept of a group chat.
    pub(in super::super) fn kept_room(&self, room: &BareJid) -> Option<(KeptRoom, Pointers)> {
        let pointers = self.features.room_archives.get(room).map(|archive| archive.pointers().clone());
        Some((self.domain.rooms.kept(room)?, pointers.unwrap_or_default()))
    }

    /// What an earlier visit kept.
    pub(in super::super) fn restore_rooms(&mut self, kept: Vec<(KeptRoom, Pointers)>, state: &State) {
        let mut rooms = Vec::new();
        for (room, pointers) in kept {
            let address = room.room.address.clone();
            let mut archive = Archive::of_room(address.clone());
            archive.restore(&mut self.domain.conversations, pointers, false);
            self.features.room_archives.insert(address, archive);
            rooms.push(room);
        }
        self.domain.rooms.restore(rooms, state.bookmarks.clone(), state.occupants);
        self.domain.rooms.restore_invitations(state.room_invitations.clone());
    }
}
