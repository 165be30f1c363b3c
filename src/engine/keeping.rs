//! Keeps what the user has on disk, and brings it back.
//!
//! Every save writes everything that is behind, with the counters of the stream, in one transaction: what is on disk is
//! always the state after some stanza, and the count of stanzas up to that one. The server is told of stanzas only
//! after a save that has them, so whatever is lost in a crash comes again. An own message leaves only after the disk
//! says that it may have left.

use super::effect::{Effect, Record, StoreFault};
use super::inbound::Deferred;
use super::records::{self, State, Stored};
use super::{Engine, Input, WHOLE};
use crate::clock::{Instant, Now};
use crate::domain::change::{Change, Notice, Storage};
use crate::domain::timeline::{Delivery, MessageKey};
use crate::features::archive::CatchUp;
use crate::jid::BareJid;
use crate::map::Map;
use crate::order;
use crate::session::Inherited;

/// How long a change waits for others before it is saved, in milliseconds. Own messages do not wait.
const PATIENCE: u64 = 200;
/// The same for what became of an own message: until it is on disk, a page that comes after does not know it.
const OUTBOX_PATIENCE: u64 = 30;

/// Where the store stands.
#[derive(Debug, Default)]
pub(super) enum Store {
    /// Nothing is kept: the user did not ask for it.
    #[default]
    Off,
    /// It is being opened; what happens meanwhile waits.
    Opening(Vec<Input>),
    /// It works.
    Open(Keeper),
    /// It was wanted, and there is none, or it failed.
    Lost,
}

/// What is under way between memory and disk.
#[derive(Debug, Default)]
pub(super) struct Keeper {
    saves: u64,
    /// One at a time: a save that is done after one that failed would leave the disk in a state that never was.
    in_flight: Option<Save>,
    behind_since: Option<Instant>,
    /// How long what is behind may wait.
    patience: u64,
    /// Something must be on disk before anything else happens with it.
    urgent: bool,
    /// Own messages that are on no disk yet, and what the views are told once they are.
    fresh: Vec<(BareJid, MessageKey)>,
    withheld: Vec<Change>,
    loads: u64,
    loading: Map<u64, (BareJid, Vec<u64>)>,
}

#[derive(Debug)]
struct Save {
    number: u64,
    stream: u32,
    inbound: u32,
    cleared: Vec<MessageKey>,
    fresh: Vec<(BareJid, MessageKey)>,
    withheld: Vec<Change>,
}

impl Engine {
    /// Opens the store of the account.
    pub(super) fn open_store(&mut self, account: BareJid) {
        self.store = Store::Opening(Vec::new());
        self.openings = self.openings.saturating_add(1);
        self.effect(Effect::OpenStore { account });
    }

    /// Whether an input must wait until the store is open.
    pub(super) fn hold_back(&mut self, input: Input) -> Option<Input> {
        let passes = matches!(
            input,
            Input::StoreOpened(_)
                | Input::Loaded { .. }
                | Input::Saved { .. }
                | Input::SaveFailed { .. }
                | Input::Deposed
                | Input::Restore(_)
                | Input::Command(
                    super::Command::LogOut
                        | super::Command::LogIn { .. }
                        | super::Command::LogInAsGuest { .. }
                        | super::Command::LogInWithToken { .. }
                )
        );
        match &mut self.store {
            Store::Opening(held) if !passes => {
                held.push(input);
                None
            }
            _ => Some(input),
        }
    }

    /// The store is open, or there is none.
    pub(super) fn store_opened(&mut self, now: Now, records: Result<Vec<Record>, StoreFault>) {
        self.openings = self.openings.saturating_sub(1);
        // An answer for an account that is not the one any more.
        if self.openings > 0 || !matches!(self.store, Store::Opening(_)) {
            return;
        }
        let records = match records {
            Ok(records) => records,
            Err(StoreFault::Deposed) => return self.deposed(),
            Err(_) => {
                self.kept = None;
                self.present();
                return self.go_on(now, Store::Lost);
            }
        };
        let mut stored = Stored::read(records);
        let state = std::mem::take(&mut stored.state);
        let conversations = &mut self.domain.conversations;
        conversations.restore(state.counters, stored.conversations, stored.outbox);
        self.domain.contacts.restore(stored.contacts, state.requests.clone(), state.invited.clone());
        self.domain.own_presence = state.own_presence.clone();
        self.domain.privacy = state.privacy;
        self.features.roster.restore(state.roster_version.clone());
        self.domain.nickname.clone_from(&state.nickname);
        self.domain.blocked = state.blocked.clone();
        self.domain.abilities = state.abilities.clone();
        self.restore_rooms(std::mem::take(&mut stored.rooms), &state);
        self.restore_desk(state.desk.clone());
        let goes_on = self.beginning.is_some() && state.stream.is_some();
        let pointers = state.pointers.clone();
        self.features.archive.restore(&mut self.domain.conversations, pointers, goes_on && state.caught_up);
        self.kept = Some(state);
        self.present();
        self.wake_first(now);
    }

    /// Shows what was restored, and that it was.
    fn present(&mut self) {
        let Some(user) = &mut self.user else { return };
        if std::mem::take(&mut user.unseen) {
            let account = user.account.clone();
            user.shown = true;
            self.change(Change::Reset);
            self.change(Change::Account(Some(account)));
        }
        self.change(Change::OwnPresence(self.domain.own_presence.clone()));
        self.change(Change::Privacy(self.domain.privacy));
        self.present_people();
        self.change(Change::Storage(if self.kept.is_some() { Storage::Kept } else { Storage::Refused }));
    }

    /// Own messages on their way come into memory before anything else happens, and the latest conversation, which is
    /// what people look at.
    fn wake_first(&mut self, now: Now) {
        let held = match std::mem::take(&mut self.store) {
            Store::Opening(held) => held,
            _ => Vec::new(),
        };
        self.store = Store::Open(Keeper::default());
        let mut first = self.domain.conversations.with_outgoing();
        order::sort(&mut first);
        first.extend(self.domain.conversations.latest().filter(|latest| !first.contains(latest)));
        for peer in &first {
            self.wake(peer);
        }
        let Store::Open(keeper) = &mut self.store else { return };
        if keeper.loading.is_empty() {
            let store = std::mem::take(&mut self.store);
            return self.go_on_with(now, store, held);
        }
        self.waking = Some(std::mem::take(keeper));
        self.store = Store::Opening(held);
    }

    fn go_on(&mut self, now: Now, store: Store) {
        let held = match std::mem::take(&mut self.store) {
            Store::Opening(held) => held,
            _ => Vec::new(),
        };
        self.go_on_with(now, store, held);
    }

    /// The store is as ready as it will be: the session begins, and what waited happens now.
    fn go_on_with(&mut self, now: Now, store: Store, held: Vec<Input>) {
        self.store = store;
        let state = self.kept.take().unwrap_or_default();
        match self.beginning.take() {
            Some(mut login) => {
                let sent = self.domain.conversations.numbered();
                let sent = sent.into_iter().filter_map(|(peer, key, number)| {
                    let id = self.domain.conversations.id_of(&peer, key)?;
                    Some((number, super::outbound::tag(&peer, id)))
                });
                let sent = sent.collect();
                let goes_on = state.stream.is_some() && state.device.is_some();
                self.settled = goes_on;
                if !goes_on {
                    self.strand();
                }
                if let Some(user) = &mut self.user {
                    user.account.device.clone_from(&state.device);
                }
                self.became_uncertain();
                login.inherited = state.device.map(|device| Inherited { device, stream: state.stream, sent });
                self.session.start(now.instant, login);
            }
            None => self.strand(),
        }
        for input in held {
            self.handle(now, input);
        }
    }

    /// The archive must be asked again what became of messages that became uncertain.
    pub(super) fn became_uncertain(&mut self) {
        if self.domain.conversations.has_uncertain(None) {
            self.features.archive.is_behind();
        }
    }

    /// The stream on which these were sent is gone: whether they arrived is uncertain.
    fn strand(&mut self) {
        for (peer, key, _) in self.domain.conversations.numbered() {
            self.domain.conversations.deliver(&peer, key, Delivery::Unknown);
        }
    }

    /// Brings the newest messages of a conversation into memory. Whether that takes a while.
    pub(super) fn wake(&mut self, peer: &BareJid) -> bool {
        if !self.domain.conversations.is_asleep(peer) {
            return false;
        }
        let chunks = self.domain.conversations.to_wake(peer);
        self.load(peer, chunks);
        true
    }

    /// Reads chunks of a conversation, unless it is done already.
    pub(super) fn load(&mut self, peer: &BareJid, chunks: Vec<u64>) {
        let Store::Open(keeper) = &mut self.store else { return };
        if chunks.is_empty() || keeper.loading.values().any(|(loading, _)| loading == peer) {
            return;
        }
        keeper.loads = keeper.loads.saturating_add(1);
        let request = keeper.loads;
        keeper.loading.insert(request, (peer.clone(), chunks.clone()));
        self.effect(Effect::Load { request, chunks });
    }

    /// Reads chunks only to look into them. The number of the request; `None` if nothing is on disk.
    pub(super) fn peek(&mut self, chunks: Vec<u64>) -> Option<u64> {
        let Store::Open(keeper) = &mut self.store else { return None };
        keeper.loads = keeper.loads.saturating_add(1);
        let request = keeper.loads;
        self.effect(Effect::Load { request, chunks });
        Some(request)
    }

    /// Chunks were read.
    pub(super) fn chunks_loaded(&mut self, now: Now, request: u64, chunks: &[Record]) {
        let keeper = match (&mut self.waking, &mut self.store) {
            (Some(keeper), _) | (None, Store::Open(keeper)) => keeper,
            _ => return,
        };
        let Some((peer, wanted)) = keeper.loading.remove(&request) else { return };
        let is_done = keeper.loading.is_empty();
        let found = wanted.into_iter().map(|id| {
            let record = chunks.iter().find(|record| record.id == id);
            (id, record.and_then(records::rows))
        });
        self.domain.conversations.loaded(&peer, found.collect());
        if is_done && let Some(keeper) = self.waking.take() {
            self.go_on(now, Store::Open(keeper));
        }
        self.carry_on(now);
        self.flush_queue();
    }

    /// A message that the user wrote is in memory: it is shown, and sent, once it is on disk.
    pub(super) fn keep_first(&mut self, peer: &BareJid, key: MessageKey, shown: Vec<Change>) {
        match &mut self.store {
            Store::Open(keeper) => {
                keeper.urgent = true;
                keeper.fresh.push((peer.clone(), key));
                keeper.withheld.extend(shown);
            }
            _ => shown.into_iter().for_each(|change| self.change(change)),
        }
    }

    /// Shows what waited for the disk. It may look different by now.
    fn change_as_now(&mut self, withheld: Vec<Change>) {
        for change in withheld {
            if let Some(change) = self.domain.conversations.as_now(change) {
                self.change(change);
            }
        }
    }

    /// Whether an own message may leave without asking the disk.
    pub(super) const fn is_in_memory(&self) -> bool {
        !matches!(self.store, Store::Open(_))
    }

    /// Something must be saved now.
    pub(super) const fn save_soon(&mut self) {
        if let Store::Open(keeper) = &mut self.store {
            keeper.urgent = true;
        }
    }

    /// Saves what is behind, if its time has come; confirms what arrived, if nothing is to be saved.
    pub(super) fn keep(&mut self, now: Now) {
        let inbound = self.safe_inbound();
        if !WHOLE {
            return self.session.commit(inbound);
        }
        let Store::Open(keeper) = &mut self.store else {
            if !matches!(self.store, Store::Opening(_)) {
                self.session.commit(inbound);
            }
            return;
        };
        let domain = &self.domain;
        let is_behind = domain.conversations.is_behind()
            || domain.contacts.is_behind()
            || domain.rooms.is_behind()
            || self.session.owes_answer();
        if !is_behind && !keeper.urgent {
            keeper.behind_since = None;
            return;
        }
        let since = *keeper.behind_since.get_or_insert(now.instant);
        keeper.patience = if domain.conversations.is_outbox_behind() { OUTBOX_PATIENCE } else { PATIENCE };
        let is_due = keeper.urgent || now.instant.since(since) >= keeper.patience;
        if keeper.in_flight.is_some() || !is_due {
            return;
        }
        let number = keeper.saves.saturating_add(1);
        keeper.saves = number;
        keeper.behind_since = None;
        let strict = std::mem::take(&mut keeper.urgent);
        let (fresh, withheld) = (std::mem::take(&mut keeper.fresh), std::mem::take(&mut keeper.withheld));
        let state = self.state(inbound);
        for room in self.domain.rooms.take_behind() {
            self.domain.conversations.touch(&room);
        }
        let behind = self.domain.conversations.take_behind();
        let cleared = behind.outbox.iter().filter(|(_, kept)| kept.cleared).map(|(key, _)| *key).collect();
        let writes = {
            let contacts = self.domain.contacts.take_behind();
            records::writes(&state, contacts, behind, &|room| self.kept_room(room))
        };
        let save = Save { number, stream: self.streams, inbound, cleared, fresh, withheld };
        if let Store::Open(keeper) = &mut self.store {
            keeper.in_flight = Some(save);
        }
        self.effect(Effect::Save { number, strict, writes });
    }

    /// Stanzas of the stream up to which everything is in the state that would be saved now.
    fn safe_inbound(&self) -> u32 {
        self.deferred.front().map_or_else(|| self.session.inbound(), Deferred::before)
    }

    fn state(&self, inbound: u32) -> State {
        let (requests, invited) = self.domain.contacts.open_questions();
        State {
            device: self.user.as_ref().and_then(|user| user.account.device.clone()),
            stream: self.session.keep(inbound).filter(|_| self.settled),
            pointers: self.features.archive.pointers().clone(),
            caught_up: self.features.archive.catch_up() == CatchUp::Done,
            counters: self.domain.conversations.counters(),
            own_presence: self.domain.own_presence.clone(),
            privacy: self.domain.privacy,
            requests,
            invited,
            roster_version: self.features.roster.version().cloned(),
            nickname: self.domain.nickname.clone(),
            blocked: self.domain.blocked.clone(),
            abilities: self.domain.abilities.clone(),
            bookmarks: self.domain.rooms.bookmarks().to_vec(),
            room_invitations: self.domain.rooms.invitations().to_vec(),
            occupants: self.domain.rooms.numbered(),
            desk: self.domain.desk.clone(),
        }
    }

    /// When the next save is due.
    pub(super) fn save_at(&self) -> Option<Instant> {
        match &self.store {
            Store::Open(keeper) if keeper.in_flight.is_none() => {
                keeper.behind_since.map(|since| since.after(keeper.patience))
            }
            _ => None,
        }
    }

    /// A save is on disk.
    pub(super) fn saved(&mut self, number: u64) {
        let Store::Open(keeper) = &mut self.store else { return };
        let Some(save) = keeper.in_flight.take_if(|save| save.number == number) else { return };
        self.change_as_now(save.withheld);
        self.domain.conversations.cleared(&save.cleared);
        if save.stream == self.streams {
            self.session.commit(save.inbound);
        }
        self.domain.conversations.trim();
        self.flush_queue();
    }

    /// A save was not done.
    pub(super) fn save_failed(&mut self, now: Now, number: u64, fault: StoreFault) {
        if fault == StoreFault::Deposed {
            return self.deposed();
        }
        let Store::Open(keeper) = &mut self.store else { return };
        let Some(mut failed) = keeper.in_flight.take_if(|save| save.number == number) else { return };
        if fault == StoreFault::Full && self.domain.conversations.evict() {
            self.search.begin_again();
            // Everything once more, with less of what can be fetched again.
            self.domain.conversations.all_behind();
            self.domain.contacts.all_behind();
            if let Store::Open(keeper) = &mut self.store {
                // What was written meanwhile comes after it.
                failed.fresh.append(&mut keeper.fresh);
                failed.withheld.append(&mut keeper.withheld);
                (keeper.fresh, keeper.withheld) = (failed.fresh, failed.withheld);
                keeper.urgent = true;
            }
            return;
        }
        let Store::Open(mut keeper) = std::mem::replace(&mut self.store, Store::Lost) else { return };
        failed.fresh.append(&mut keeper.fresh);
        failed.withheld.append(&mut keeper.withheld);
        self.change_as_now(failed.withheld);
        // Each is put before what is in the composer already.
        for (peer, key) in failed.fresh.into_iter().rev() {
            self.give_back(&peer, key);
        }
        self.change(Change::Storage(Storage::Refused));
        // What is confirmed from now on is in memory only. If the page dies, the next one must not go on with a stream
        // of which the disk has an old count: it begins anew, so that what the disk says of it is void.
        self.session.renew(now.instant);
        // Nothing more comes from disk: what waits for it goes on without.
        self.domain.conversations.nothing_on_disk();
        self.search.begin_again();
        self.carry_on(now);
        self.flush_queue();
    }

    /// What was written could not be kept, and was therefore not sent: it is a draft again.
    fn give_back(&mut self, peer: &BareJid, key: MessageKey) {
        let private = self.domain.conversations.message(peer, key).and_then(|row| row.private.clone());
        if let Some(text) = self.domain.conversations.withdraw(peer, key) {
            self.domain.conversations.give_back(peer, &text, private);
            self.domain.notices.push(Notice::NotKept { peer: peer.clone() });
        }
    }

    /// Another page works for the account now: this one ends in silence.
    pub(super) fn deposed(&mut self) {
        self.session.abandon();
        self.reset();
    }
}
