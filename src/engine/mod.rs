//! The one door. Input, command and time go in; effects and changes come out. Nothing in here waits, reads a
//! clock, draws a random number or touches the browser, so any bug is a replayable list of inputs.

pub mod account;
pub mod command;
mod compose;
mod content;
pub mod desk;
pub mod effect;
mod faces;
mod inbound;
mod keeping;
pub mod mirror;
mod outbound;
mod pace;
mod people;
mod records;
pub mod rooms;
mod search;
mod sign_in;
mod uploading;

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use self::account::UnderWay;
use self::command::Command;
use self::desk::Occasion;
use self::effect::{Effect, Record, Remembered, StoreFault};
use self::inbound::{Backward, Courtesy, Deferred};
use self::keeping::{Keeper, Store};
use self::pace::Pace;
use self::records::State;
use self::search::Search;
use self::sign_in::SignedIn;
use crate::clock::{Instant, Now};
use crate::domain::account::Connection;
pub use crate::domain::change;
use crate::domain::change::{Change, Notice};
use crate::domain::timeline::{Delivery, Direction, MessageKey};
use crate::features::archive::CatchUp;
use crate::features::{Context, Domain, Features, Purpose, client_state};
use crate::jid::{BareJid, FullJid};
use crate::map::Map;
use crate::session::entropy::Entropy;
use crate::session::requests::Requests;
use crate::session::{Login, Out, Session, endpoint};
use crate::wire::framing::Features as Offer;
pub use crate::wire::host_meta::{HostMeta, Link};

/// What can happen to the engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// The user wishes something.
    Command(Command),
    /// What an earlier visit kept was found at start: sign in with it.
    Restore(Box<Remembered>),
    /// The answer to [`Effect::Discover`].
    Discovered {
        /// Whose addresses were sought.
        domain: String,
        /// What was found; empty documents where nothing was.
        host_meta: HostMeta,
    },
    /// Something happened to the socket.
    Socket(SocketEvent),
    /// The answer to [`Effect::Stretch`].
    Stretched {
        /// The number of the request.
        request: u32,
        /// The stretched password, as long as the hash.
        salted: Vec<u8>,
    },
    /// [`Effect::Remember`] could not be done.
    RememberFailed,
    /// The answer to [`Effect::OpenStore`]: everything but the chunks, in no order.
    StoreOpened(Result<Vec<Record>, StoreFault>),
    /// [`Effect::Save`] was done and will be there after a crash.
    Saved {
        /// Which.
        number: u64,
    },
    /// [`Effect::Save`] was not done at all.
    SaveFailed {
        /// Which.
        number: u64,
        /// Why.
        fault: StoreFault,
    },
    /// The answer to [`Effect::Load`]. What is missing or cannot be opened is left out.
    Loaded {
        /// Which request.
        request: u64,
        /// What was found.
        chunks: Vec<Record>,
    },
    /// Another page has taken over the account. This engine ends at once and in silence: the stream is not closed,
    /// because the other one resumes it.
    Deposed,
    /// Whether any page of the client is in sight.
    Visible(bool),
    /// The browser says whether there is a network.
    Network {
        /// Whether there is one.
        online: bool,
    },
    /// The page became visible, or the machine woke up: the connection may be dead without knowing it.
    Woke,
    /// The time of [`Effect::WakeAt`] has come.
    Tick,
}

/// What a socket does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SocketEvent {
    /// It is open.
    Opened,
    /// A text frame arrived.
    Frame(String),
    /// It is closed, or could not be opened. Nothing follows.
    Closed,
}

/// What comes out of the engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// For the world.
    Effect(Effect),
    /// For the views.
    Change(Change),
}

/// What the operator of a copy set, as far as it concerns the engine.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// The WebSocket address of the operator's server; discovery is skipped for `domain`.
    pub service: Option<String>,
    /// The domain that `service` serves; any domain, if `None`.
    pub domain: Option<String>,
    /// Whether PLAIN may be used where nothing better is offered, over an encrypted or local connection.
    pub allow_plain: bool,
}

/// Whether everything is compiled in. The widget is built without (the feature `lean`): it keeps nothing on the device and
/// searches nothing, so what does that is never reached there, and this lets the compiler know.
const WHOLE: bool = cfg!(not(feature = "lean"));

/// A deadline noticed this late, in milliseconds, means that the machine slept.
const LATE: u64 = 5_000;

/// The client of one account.
#[derive(Debug)]
pub struct Engine {
    settings: Settings,
    session: Session,
    requests: Requests<Purpose>,
    features: Features,
    domain: Domain,
    user: Option<SignedIn>,
    under_way: UnderWay,
    /// The address of this device and what its server offers, while there is a stream that it belongs to.
    device: Option<(FullJid, Offer)>,
    courtesy: Courtesy,
    /// What is kept on disk.
    store: Store,
    /// The store while the first messages come from it.
    waking: Option<Keeper>,
    /// Stores that are being opened.
    openings: u32,
    /// What the store said at the beginning.
    kept: Option<State>,
    /// Begins once the store is open.
    beginning: Option<Login>,
    /// What waits for messages that come from disk.
    deferred: VecDeque<Deferred>,
    /// Up to which messages everything was seen by whom, which is to be worked off once rows are in order.
    seen_to: Vec<(BareJid, Direction, String)>,
    /// The stream is set up: another page could go on with it.
    settled: bool,
    /// A stream is being set up: own messages come after that.
    beginning_stream: bool,
    /// Streams so far.
    streams: u32,
    /// Some page is in sight.
    visible: bool,
    /// What somebody looks for.
    search: Search,
    /// What is asked of a desk.
    asking: desk::Asking,
    /// What follows for whoever visits one, if this client does.
    visitors: Option<desk::Visitors>,
    /// What is watched of group chats, and for what they are searched.
    watch: rooms::Watch,
    sought: String,
    /// How far pages going backward have come, and the oldest row of each conversation that they placed.
    backward: Map<Backward, (Option<String>, Map<BareJid, MessageKey>)>,
    /// How much was said of late.
    pace: Pace,
    wake_at: Option<Instant>,
    outputs: VecDeque<Output>,
}

impl Engine {
    /// A client that is signed out. `entropy` must come from a cryptographic source; every id and nonce is
    /// derived from it.
    pub fn new(settings: Settings, entropy: [u8; 32]) -> Self {
        Self {
            settings,
            session: Session::new(Entropy::new(entropy)),
            requests: Requests::default(),
            features: Features::default(),
            domain: Domain::default(),
            user: None,
            under_way: UnderWay::default(),
            device: None,
            courtesy: Courtesy::default(),
            store: Store::Off,
            waking: None,
            openings: 0,
            kept: None,
            beginning: None,
            deferred: VecDeque::new(),
            seen_to: Vec::new(),
            settled: false,
            beginning_stream: false,
            streams: 0,
            visible: true,
            search: Search::default(),
            asking: desk::Asking::default(),
            visitors: None,
            watch: rooms::Watch::default(),
            sought: String::new(),
            backward: Map::default(),
            pace: Pace::default(),
            wake_at: None,
            outputs: VecDeque::new(),
        }
    }

    /// Takes one input. Drain [`Engine::poll`] before the next.
    pub fn handle(&mut self, now: Now, input: Input) {
        let instant = now.instant;
        let Some(input) = self.hold_back(input) else { return };
        if self.wake_at.is_some_and(|at| instant.since(at) > LATE) {
            self.requests.postpone(instant);
        }
        match input {
            Input::Restore(_)
            | Input::RememberFailed
            | Input::StoreOpened(_)
            | Input::Saved { .. }
            | Input::SaveFailed { .. }
            | Input::Loaded { .. }
                if !WHOLE => {}
            Input::Command(command) => self.command(now, command),
            Input::Restore(remembered) => self.restore(now, *remembered),
            Input::Discovered { domain, host_meta } => {
                if self.user.as_ref().is_some_and(|user| user.account.address.domain() == domain) {
                    self.session.discovered(instant, endpoint::candidates(&domain, &host_meta));
                }
            }
            Input::Socket(SocketEvent::Opened) => self.session.opened(instant),
            Input::Socket(SocketEvent::Frame(text)) => self.session.frame(instant, &text),
            Input::Socket(SocketEvent::Closed) => self.session.closed(instant),
            Input::Stretched { request, salted } => self.session.stretched(instant, request, &salted),
            Input::RememberFailed => {
                if let Some(user) = &mut self.user {
                    user.account.remembered = false;
                    let account = user.account.clone();
                    self.domain.notices.push(Notice::NotRemembered);
                    self.change(Change::Account(Some(account)));
                }
            }
            // `online` in particular is a hint that trying now is worth it.
            Input::Network { .. } | Input::Woke => {
                self.session.woke(instant);
                self.features.self_ping.woke(instant);
            }
            Input::StoreOpened(records) => self.store_opened(now, records),
            Input::Saved { number } => self.saved(number),
            Input::SaveFailed { number, fault } => self.save_failed(now, number, fault),
            Input::Loaded { request, chunks } => {
                if !self.looked_through(now, request, &chunks) {
                    self.chunks_loaded(now, request, &chunks);
                }
            }
            Input::Deposed => self.deposed(),
            Input::Visible(visible) => self.seen(visible),
            Input::Tick => {
                self.wake_at = None;
                self.session.tick(instant);
            }
        }
        // An answer that is here is not late, however late it is looked at.
        self.follow_session(now);
        for purpose in self.requests.overdue(instant) {
            self.answered(now, purpose, Err(outbound::too_late()));
        }
        self.follow_session(now);
        self.after(now);
        self.session.settle();
        self.follow_session(now);
        self.keep(now);
        self.follow_session(now);
        self.look_on(now);
        self.publish(now);
        if WHOLE {
            self.tell_found();
        }
    }

    /// The next output, in order.
    pub fn poll(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    fn change(&mut self, change: Change) {
        if WHOLE {
            self.search.heed(&change, &self.domain.conversations);
        }
        self.outputs.push_back(Output::Change(change));
    }

    fn effect(&mut self, effect: Effect) {
        self.outputs.push_back(Output::Effect(effect));
    }

    /// Carries on with what the session did, until it has nothing more to say.
    fn follow_session(&mut self, now: Now) {
        while let Some(out) = self.session.poll() {
            match out {
                Out::Discover(domain) => self.effect(Effect::Discover { domain }),
                Out::Connect(url) => self.effect(Effect::Connect { url }),
                Out::Send(frame) => {
                    self.pace.said(now.instant, frame.len());
                    self.effect(Effect::Send(frame));
                }
                Out::Disconnect => self.effect(Effect::Disconnect),
                Out::Stretch { request, hash, password, salt, iterations } => {
                    let password = command::Password(password);
                    self.effect(Effect::Stretch { request, hash, password, salt, iterations });
                }
                Out::Connection(Connection::Failed(problem)) if self.is_removal(&problem) => self.removed(),
                Out::Connection(connection) => self.change(Change::Connection(connection)),
                Out::Errand(errand) => self.errand(errand),
                Out::Authenticated(keys) => self.authenticated(keys),
                Out::Online { device, resumed, features } => self.online(now, device, resumed, features),
                Out::Stanza(element) => self.inbound(now, element),
                Out::TooMuch(root) => self.too_much(now, &root),
                Out::Acked(tags) => self.delivered(&tags, &Delivery::Acked),
                Out::Uncertain(tags) => {
                    self.delivered(&tags, &Delivery::Unknown);
                    self.became_uncertain();
                }
                Out::NotArrived(tags) => self.not_arrived(&tags),
                Out::Rejected(problem) => self.rejected(problem),
            }
        }
    }

    /// The stream is there. After a resumption everything is as it was; a fresh one is set up from nothing.
    fn online(&mut self, now: Now, device: FullJid, resumed: bool, offer: Offer) {
        self.admit(&device);
        self.domain.abilities.pre_approval = offer.pre_approval;
        let csi = offer.csi;
        self.device = Some((device, offer));
        self.tell_abilities();
        if csi && !self.visible {
            self.session.indicate(&client_state::indication(false));
        }
        if resumed {
            self.resumed(now);
            self.rooms_resumed(now);
        } else {
            self.streams = self.streams.wrapping_add(1);
            self.settled = false;
            self.beginning_stream = true;
            // Their answers went down with the old stream.
            self.features.archive.stream_ended(&mut self.domain.conversations);
            self.rooms_stream_ended();
            self.visitor(now, Occasion::Begins);
            for purpose in self.requests.abandon() {
                self.answered(now, purpose, Err(outbound::too_late()));
            }
            self.with_features(now, |features, context| {
                for feature in features.all() {
                    feature.fresh_stream(context);
                }
            });
            self.beginning_stream = false;
            self.visitor(now, Occasion::Online);
        }
        self.flush_queue();
    }

    /// The stream goes on. If a page before this one began it, that one may have been in the middle of something.
    fn resumed(&mut self, now: Now) {
        let archive = &self.features.archive;
        let is_through = archive.catch_up() != CatchUp::Unknown
            && archive.pointers().holes.is_empty()
            && !self.domain.conversations.has_uncertain(None);
        if archive.is_asked() {
            return;
        }
        if !is_through {
            self.with_features(now, |features, context| features.archive.look_again(context));
        }
    }

    /// What follows once everything that came in is taken in.
    fn after(&mut self, now: Now) {
        if self.domain.conversations.take_released() {
            self.flush_queue();
        }
        if self.session.is_online() && self.domain.conversations.has_read() {
            self.with_features(now, |features, context| features.displayed.tell(context));
        }
        if self.session.is_online() && self.domain.conversations.has_to_mark() {
            self.mark(now);
        }
        if self.features.chat_states.wake_at().is_some_and(|at| at <= now.instant) {
            let paused = self.with_features(now, |features, context| features.chat_states.tick(context)).flatten();
            if let Some(paused) = paused {
                self.send_state(paused);
            }
        }
        self.ask_devices(now);
        self.after_rooms(now);
        self.fetch_faces(now);
        self.visitor(now, Occasion::After);
    }

    /// Some page is in sight, or none is any more.
    fn seen(&mut self, visible: bool) {
        let csi = self.device.as_ref().is_some_and(|(_, offer)| offer.csi);
        if std::mem::replace(&mut self.visible, visible) != visible && csi {
            self.session.indicate(&client_state::indication(visible));
        }
    }

    /// Lets features work on the domain, and sends what they want sent.
    fn with_features<R>(&mut self, now: Now, work: impl FnOnce(&mut Features, &mut Context<'_>) -> R) -> Option<R> {
        let (mut work, mut result) = (Some(work), None);
        self.let_work(now, &mut |features, context| result = work.take().map(|work| work(features, context)));
        result
    }

    /// The same for work of any kind: its code is there once, not once for each kind.
    fn let_work(&mut self, now: Now, work: &mut dyn FnMut(&mut Features, &mut Context<'_>)) {
        let Some((me, offer)) = self.device.as_ref() else { return };
        let mut outgoing = Vec::new();
        let mut context = Context { now, me, offer, domain: &mut self.domain, outgoing: &mut outgoing };
        work(&mut self.features, &mut context);
        for outgoing in outgoing {
            self.send(now, outgoing);
        }
    }

    /// Tells the views what became different, and the world when to call again.
    fn publish(&mut self, now: Now) {
        let changes: Vec<_> =
            self.domain.contacts.take_changes().chain(self.domain.conversations.take_changes()).collect();
        let notices = std::mem::take(&mut self.domain.notices).into_iter().map(Change::Notice);
        let others = std::mem::take(&mut self.domain.changes);
        let rooms = self.domain.rooms.take_changes(now.instant);
        let faces = self.domain.faces.take_changes();
        let changes: Vec<_> = changes.into_iter().chain(rooms).chain(faces).chain(others).chain(notices).collect();
        changes.into_iter().for_each(|change| self.change(change));
        let wake_at = [
            self.session.wake_at(),
            self.requests.wake_at(),
            self.save_at(),
            self.ask_devices_at(),
            self.features.chat_states.wake_at(),
            self.search.wake_at(),
            self.rooms_wake_at(now.instant),
            self.face_at(now.instant),
        ];
        let wake_at = wake_at.into_iter().flatten().min();
        // Nearly every frame moves the deadline back: that is looked at when the earlier one comes.
        if wake_at.is_some_and(|at| self.wake_at.is_none_or(|set| at < set)) {
            self.wake_at = wake_at;
            self.effect(Effect::WakeAt(wake_at));
        }
    }
}
