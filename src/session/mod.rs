//! One stream's life: from a name to a socket, to a proven identity, to a bound device, and again after each loss.
//!
//! [`Session`] is a pure state machine. Its owner feeds it the fate of the socket and the time, drains
//! [`Session::poll`], and calls [`Session::settle`] when it has nothing more to send for now.

pub mod backoff;
pub mod endpoint;
pub mod entropy;
mod hand_over;
mod handshake;
mod orders;
mod registration;
pub mod requests;
pub mod sasl;
pub mod scram;
pub mod sm;

use std::collections::VecDeque;

use self::backoff::Backoff;
use self::entropy::Entropy;
pub use self::orders::{Inherited, Login, Out};
pub use self::registration::Filled;
use self::registration::SignUp;
use self::sasl::{Credentials, Exchange};

use self::sm::{StreamManagement, Tag};
use crate::clock::Instant;
use crate::domain::account::Connection;
use crate::domain::problem::{Problem, Reason};
use crate::jid::FullJid;
use crate::wire::framing::{self, Features, Frame, StreamError};
use crate::wire::ns;
use crate::wire::stanza::{Iq, IqKind};
use crate::wire::xml::{Element, FrameError, Limits, parse};

/// The most time between two steps of a handshake.
const STEP: u64 = 20_000;
/// Silence after which the server is asked whether it is still there.
const SILENCE: u64 = 25_000;
/// Time to answer that, and the shorter time after waking from sleep.
const PROBE: u64 = 10_000;
const PROBE_AFTER_SLEEP: u64 = 5_000;
/// A timer this late means that the machine slept.
const LATE: u64 = 15_000;
/// Time for the server to close its side after we closed ours.
const CLOSING: u64 = 2_000;
/// Broken frames after which connecting again is left to the user.
const BROKEN_FRAMES: u32 = 3;
/// Redirects that are followed in a row (RFC 7395 §3.6.1 leaves the number to us).
const REDIRECTS: u32 = 3;

/// Where a stream stands. What a step needs is held by its state.
#[derive(Debug)]
enum State {
    Off,
    Discovering,
    Opening,
    AwaitingOpen { authenticated: bool },
    AwaitingFeatures { authenticated: bool },
    Registering,
    Authenticating { exchange: Exchange, stretch: u32 },
    Resuming(Features),
    Binding { id: String, features: Features },
    EstablishingSession { id: String, features: Features, device: FullJid },
    Online,
    Waiting { until: Instant },
    Closing,
}

/// The connection of one account.
#[derive(Debug)]
pub struct Session {
    state: State,
    login: Option<Login>,
    /// An account is being made; until it is there, `login` names its domain.
    sign_up: Option<SignUp>,
    /// The account was made on this very stream: a server that does not let it sign in there is asked on another.
    just_made: bool,
    /// Kept from one stream to the next, so that the device keeps its address.
    resource: String,
    device: Option<FullJid>,
    endpoints: VecDeque<String>,
    url: String,
    scram_seen: bool,
    sm: StreamManagement,
    backoff: Backoff,
    redirects: u32,
    broken_frames: u32,
    stretches: u32,
    /// When the current step, closing or probe has lasted too long.
    deadline: Option<Instant>,
    heard: Instant,
    probing: bool,
    /// An answer of our server that may be long is awaited.
    long_answer: bool,
    entropy: Entropy,
    out: VecDeque<Out>,
}

impl Session {
    /// A session that is off.
    pub fn new(mut entropy: Entropy) -> Self {
        // Random, and telling nothing about the person, the machine or the place.
        let resource = entropy.id().chars().take(10).collect();
        Self {
            state: State::Off,
            login: None,
            sign_up: None,
            just_made: false,
            resource,
            device: None,
            endpoints: VecDeque::new(),
            url: String::new(),
            scram_seen: false,
            sm: StreamManagement::default(),
            backoff: Backoff::default(),
            redirects: 0,
            broken_frames: 0,
            stretches: 0,
            deadline: None,
            heard: Instant::default(),
            probing: false,
            long_answer: false,
            entropy,
            out: VecDeque::new(),
        }
    }

    /// The next thing to do or to know.
    pub fn poll(&mut self) -> Option<Out> {
        self.out.pop_front()
    }

    /// When [`Session::tick`] wants to be called.
    pub fn wake_at(&self) -> Option<Instant> {
        match self.state {
            State::Off | State::Discovering => None,
            State::Waiting { until } => Some(until),
            State::Online if !self.probing => Some(self.heard.after(SILENCE)),
            _ => self.deadline,
        }
    }

    /// Whether stanzas can be sent now.
    pub const fn is_online(&self) -> bool {
        matches!(self.state, State::Online)
    }

    /// A fresh id of 128 random bits.
    pub fn fresh_id(&mut self) -> String {
        self.entropy.id()
    }

    /// Signs in.
    pub fn start(&mut self, now: Instant, login: Login) {
        self.sign_up = None;
        self.begin(now, login);
    }

    fn begin(&mut self, now: Instant, mut login: Login) {
        self.just_made = false;
        self.sm.forget();
        self.device = None;
        if let Some(Inherited { device, stream, sent }) = login.inherited.take() {
            // The same address even on a new stream: others see the same device come back.
            device.resource().clone_into(&mut self.resource);
            self.device = Some(device);
            if let Some(stream) = stream {
                self.sm = StreamManagement::inherit(stream, sent);
            }
        }
        self.scram_seen = false;
        self.broken_frames = 0;
        self.backoff.reset();
        self.login = Some(login);
        self.connect(now);
    }

    /// Signs out: closes the stream in order, and forgets who was signed in.
    pub fn stop(&mut self, now: Instant) {
        self.login = None;
        self.sign_up = None;
        self.just_made = false;
        self.sm.forget();
        if matches!(self.state, State::Online) {
            self.send_frame(&framing::close());
            self.state = State::Closing;
            self.deadline = Some(now.after(CLOSING));
        } else {
            self.state = State::Off;
            self.out.push_back(Out::Disconnect);
        }
    }

    /// Tries again at once.
    pub fn reconnect(&mut self, now: Instant) {
        if self.login.is_some() && matches!(self.state, State::Off | State::Waiting { .. }) {
            self.broken_frames = 0;
            self.backoff.reset();
            self.connect(now);
        }
    }

    /// The connection may be dead without knowing it.
    pub fn woke(&mut self, now: Instant) {
        match self.state {
            State::Waiting { .. } => self.reconnect(now),
            State::Online => self.probe(now, PROBE_AFTER_SLEEP),
            _ => {}
        }
    }

    /// The addresses that were found.
    pub fn discovered(&mut self, now: Instant, endpoints: Vec<String>) {
        if matches!(self.state, State::Discovering) {
            self.endpoints = endpoints.into();
            self.try_next(now, Problem::new(Reason::Unreachable));
        }
    }

    /// A password was stretched.
    pub fn stretched(&mut self, now: Instant, request: u32, salted: &[u8]) {
        if let State::Authenticating { exchange, stretch } = &mut self.state
            && *stretch == request
            && let Some(step) = exchange.stretched(salted)
        {
            self.authenticate(now, step);
        }
    }

    /// The socket is open.
    pub fn opened(&mut self, now: Instant) {
        if matches!(self.state, State::Opening) {
            self.open_stream(now, false);
        }
    }

    /// The socket is closed, or could not be opened.
    pub fn closed(&mut self, now: Instant) {
        match self.state {
            State::Off | State::Waiting { .. } | State::Discovering => {}
            State::Closing => {
                self.state = State::Off;
                self.out.push_back(Out::Disconnect);
            }
            State::Opening => self.try_next(now, Problem::new(Reason::Unreachable)),
            State::AwaitingOpen { .. } | State::AwaitingFeatures { authenticated: false } => {
                self.try_next(now, Problem::new(Reason::NotXmpp));
            }
            _ => self.conclude(now, Problem::new(Reason::Lost)),
        }
    }

    /// A frame arrived.
    pub fn frame(&mut self, now: Instant, text: &str) {
        if matches!(self.state, State::Off | State::Waiting { .. } | State::Discovering | State::Opening) {
            return;
        }
        self.heard = now;
        if self.probing {
            self.probing = false;
            self.deadline = None;
        }
        let limits = if self.long_answer { &Limits::CONTACT_LIST } else { &Limits::STANZA };
        match parse(text, limits) {
            Ok(element) => self.element(now, Frame::of(element)),
            Err(FrameError::TooMuch { root, .. }) => {
                let Some(root) = root.filter(|root| root.namespace() == ns::CLIENT) else { return };
                if self.is_online() {
                    self.sm.received();
                    self.out.push_back(Out::TooMuch(*root));
                }
            }
            Err(error) => self.broken_frame(now, &error),
        }
    }

    /// Time passed.
    pub fn tick(&mut self, now: Instant) {
        if self.wake_at().is_none_or(|at| now < at) {
            return;
        }
        match self.state {
            State::Waiting { .. } => self.connect(now),
            State::Online if !self.probing => {
                let slept = now.since(self.heard) > SILENCE.saturating_add(LATE);
                self.probe(now, if slept { PROBE_AFTER_SLEEP } else { PROBE });
            }
            State::Online => self.conclude(now, Problem::new(Reason::Lost)),
            State::Closing => {
                self.state = State::Off;
                self.out.push_back(Out::Disconnect);
            }
            State::Opening | State::AwaitingOpen { .. } => self.try_next(now, Problem::new(Reason::TimedOut)),
            _ => self.conclude(now, Problem::new(Reason::TimedOut)),
        }
    }

    /// Sends a stanza. It is lost if the session is not online; the owner looks before it calls.
    ///
    /// A tagged stanza is told about by [`Out::Acked`] or [`Out::Uncertain`].
    ///
    /// Returns its number on a managed stream, modulo 2^32.
    pub fn send(&mut self, stanza: &Element, tag: Option<Tag>) -> Option<u32> {
        if !self.is_online() {
            return None;
        }
        let xml = stanza.to_xml();
        let number = self.sm.sent(&xml, tag);
        self.out.push_back(Out::Send(xml));
        number
    }

    /// An answer of our server is awaited that may be longer than a stanza, or it came.
    pub const fn await_long_answer(&mut self, awaited: bool) {
        self.long_answer = awaited;
    }

    /// Nothing more is to be sent for now: the server is asked for its confirmation, if something waits for it.
    pub fn settle(&mut self) {
        if self.is_online() && self.sm.wants_request() {
            self.send_frame(&sm::request());
        }
    }

    fn element(&mut self, now: Instant, frame: Frame) {
        match frame {
            Frame::StreamError(error) => {
                self.send_frame(&framing::close());
                let problem = handshake::stream_problem(error);
                self.conclude(now, problem);
            }
            Frame::Close { see_other_uri } => self.close_received(now, see_other_uri),
            Frame::Stanza(element) if self.is_online() => {
                self.sm.received();
                self.out.push_back(Out::Stanza(element));
            }
            Frame::Sm(element) if self.is_online() => self.sm_element(now, &element),
            frame => self.shake_hands(now, frame),
        }
    }

    fn sm_element(&mut self, now: Instant, element: &Element) {
        match element.name() {
            "r" => {
                let answer = self.sm.answer();
                self.send_frame(&answer);
            }
            "a" => match self.sm.acked(element) {
                Ok(tags) if tags.is_empty() => {}
                Ok(tags) => self.out.push_back(Out::Acked(tags)),
                Err(sm::TooHigh) => {
                    self.send_frame(&StreamError::element("undefined-condition"));
                    self.send_frame(&framing::close());
                    let uncertain = self.sm.give_up();
                    self.uncertain(uncertain);
                    self.conclude(now, Problem::new(Reason::BadServer));
                }
            },
            "enabled" => self.sm.enabled(element),
            "failed" => self.sm.refused(),
            _ => {}
        }
    }

    fn close_received(&mut self, now: Instant, see_other_uri: Option<String>) {
        if matches!(self.state, State::Closing) {
            self.state = State::Off;
            self.out.push_back(Out::Disconnect);
            return;
        }
        self.send_frame(&framing::close());
        // A stream that was closed in order cannot be resumed (XEP-0198 §5).
        if self.is_online() {
            let uncertain = self.sm.give_up();
            self.uncertain(uncertain);
        }
        match see_other_uri {
            None if self.is_online() => self.conclude(now, Problem::new(Reason::Lost)),
            None => self.conclude(now, Problem::new(Reason::NotXmpp)),
            Some(url) if self.redirects < REDIRECTS && endpoint::may_redirect(&self.url, &url) => {
                self.redirects = self.redirects.saturating_add(1);
                self.out.push_back(Out::Disconnect);
                self.open_socket(now, url);
            }
            Some(_) => self.conclude(now, Problem::new(Reason::RedirectRefused)),
        }
    }

    fn broken_frame(&mut self, now: Instant, error: &FrameError) {
        let condition = if *error == FrameError::Restricted { "restricted-xml" } else { "not-well-formed" };
        self.send_frame(&StreamError::element(condition));
        self.send_frame(&framing::close());
        if matches!(self.state, State::AwaitingOpen { .. }) {
            return self.try_next(now, Problem::new(Reason::NotXmpp));
        }
        // A resumed stream would bring the same frame again.
        let uncertain = self.sm.give_up();
        self.uncertain(uncertain);
        self.broken_frames = self.broken_frames.saturating_add(1);
        let reason = if self.broken_frames >= BROKEN_FRAMES { Reason::Poisoned } else { Reason::BadServer };
        self.conclude(now, Problem::new(reason));
    }

    fn probe(&mut self, now: Instant, patience: u64) {
        if self.sm.is_on() {
            self.send_frame(&sm::request());
        } else {
            let to = self.device.as_ref().map(|device| device.bare().domain_jid().into());
            let id = self.entropy.id();
            // A stanza like any other: the server counts it.
            let ping = Iq { from: None, to, id, kind: IqKind::Get(Element::new(ns::PING, "ping")) };
            self.send(&ping.to_element(), None);
        }
        self.probing = true;
        self.deadline = Some(now.after(patience));
    }

    fn uncertain(&mut self, tags: Vec<Tag>) {
        if !tags.is_empty() {
            self.out.push_back(Out::Uncertain(tags));
        }
    }

    fn send_frame(&mut self, element: &Element) {
        self.out.push_back(Out::Send(element.to_xml()));
    }

    /// Ends the attempt or the stream, and decides whether there is another.
    fn conclude(&mut self, now: Instant, problem: Problem) {
        if self.sign_up.is_some() {
            return self.sign_up_broke(problem);
        }
        if std::mem::take(&mut self.just_made) && self.login.is_some() {
            self.out.push_back(Out::Disconnect);
            return self.connect(now);
        }
        let Some(login) = &mut self.login else {
            self.state = State::Off;
            return self.out.push_back(Out::Disconnect);
        };
        let problem = match (&login.credentials, problem.reason) {
            // Whoever kept no password did not mistype it.
            (Credentials::Keys(_), Reason::WrongPassword | Reason::CredentialsExpired) => {
                Problem { reason: Reason::SignInAgain, ..problem }
            }
            _ => problem,
        };
        self.probing = false;
        self.deadline = None;
        self.long_answer = false;
        self.out.push_back(Out::Disconnect);
        if !login.known || problem.reason.needs_credentials() {
            self.state = State::Off;
            self.login = None;
            let uncertain = self.sm.give_up();
            self.uncertain(uncertain);
            return self.out.push_back(Out::Rejected(problem));
        }
        if problem.reason.retries() {
            let until = now.after(self.backoff.next(&mut self.entropy));
            self.state = State::Waiting { until };
            self.out.push_back(Out::Connection(Connection::Reconnecting { retry_at: Some(until), problem }));
        } else {
            self.state = State::Off;
            let uncertain = self.sm.give_up();
            self.uncertain(uncertain);
            self.out.push_back(Out::Connection(Connection::Failed(problem)));
        }
    }
}
