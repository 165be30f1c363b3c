//! From a name to a bound device: discovery, open, SASL, restart, resume or bind.

use super::sasl::{Exchange, Policy, Step};
use super::{Login, Out, STEP, Session, State, endpoint};
use crate::clock::Instant;
use crate::domain::account::Connection;
use crate::domain::problem::{Problem, Reason};
use crate::jid::FullJid;
use crate::session::sasl::Credentials;
use crate::wire::framing::{self, Features, Frame, StreamError};
use crate::wire::ns;
use crate::wire::stanza::{Iq, IqKind, Stanza};
use crate::wire::xml::Element;

impl Session {
    /// Begins an attempt.
    pub(super) fn connect(&mut self, now: Instant) {
        let Some(login) = &self.login else { return };
        self.redirects = 0;
        self.out.push_back(Out::Connection(Connection::Connecting));
        if login.endpoints.is_empty() {
            self.state = State::Discovering;
            self.out.push_back(Out::Discover(login.account.domain().to_owned()));
        } else {
            self.endpoints = login.endpoints.iter().cloned().collect();
            self.try_next(now, Problem::new(Reason::Unreachable));
        }
    }

    /// Tries the next address, or ends the attempt with the problem of the last.
    pub(super) fn try_next(&mut self, now: Instant, problem: Problem) {
        match self.endpoints.pop_front() {
            Some(url) => self.open_socket(now, url),
            None => self.conclude(now, problem),
        }
    }

    pub(super) fn open_socket(&mut self, now: Instant, url: String) {
        if !endpoint::is_safe(&url) {
            return self.try_next(now, Problem::new(Reason::InsecureService));
        }
        self.state = State::Opening;
        self.deadline = Some(now.after(STEP));
        self.url.clone_from(&url);
        self.out.push_back(Out::Connect(url));
    }

    pub(super) fn open_stream(&mut self, now: Instant, authenticated: bool) {
        let Some(login) = &self.login else { return };
        let open = framing::open(login.account.domain());
        self.send_frame(&open);
        self.state = State::AwaitingOpen { authenticated };
        self.deadline = Some(now.after(STEP));
    }

    /// A frame that belongs to the handshake. What does not fit the state is ignored: a server may say things
    /// that we did not ask about, and none of them can move us forward. Only who does not begin as a server of XMPP
    /// does is none.
    pub(super) fn shake_hands(&mut self, now: Instant, frame: Frame) {
        match (std::mem::replace(&mut self.state, State::Off), frame) {
            (State::AwaitingOpen { authenticated }, Frame::Open(_)) => {
                self.state = State::AwaitingFeatures { authenticated };
                self.deadline = Some(now.after(STEP));
            }
            (State::AwaitingOpen { authenticated: false }, _) => self.try_next(now, Problem::new(Reason::NotXmpp)),
            (State::AwaitingFeatures { authenticated: false }, Frame::Features(features)) if self.sign_up.is_some() => {
                self.begin_registration(now, features);
            }
            (State::Registering, Frame::Stanza(element)) => {
                self.state = State::Registering;
                self.registration_stanza(now, element);
            }
            (State::AwaitingFeatures { authenticated: false }, Frame::Features(features)) => {
                self.begin_sasl(now, &features);
            }
            (State::AwaitingFeatures { authenticated: true }, Frame::Features(features)) => {
                self.resume_or_bind(now, features);
            }
            (State::Authenticating { mut exchange, stretch }, Frame::Sasl(element)) => {
                let step = exchange.handle(&element);
                self.state = State::Authenticating { exchange, stretch };
                self.authenticate(now, step);
            }
            (State::Resuming(features), Frame::Sm(element)) => self.resumption(now, features, &element),
            (State::Binding { id, features }, Frame::Stanza(element)) => self.bound(now, id, features, element),
            (State::EstablishingSession { id, features, device }, Frame::Stanza(element)) => {
                if element.is(ns::CLIENT, "iq") && element.attribute("id") == Some(id.as_str()) {
                    self.go_online(now, device, false, features);
                } else {
                    self.state = State::EstablishingSession { id, features, device };
                }
            }
            (state, _) => self.state = state,
        }
    }

    pub(super) fn begin_sasl(&mut self, now: Instant, features: &Features) {
        let Some(login) = &self.login else { return };
        let Some(offered) = &features.mechanisms else {
            return self.conclude(now, Problem::new(Reason::NotXmpp));
        };
        // `is_safe` let only encrypted and local connections come this far.
        let policy = Policy { plain: login.allow_plain, scram_seen: self.scram_seen };
        let user = login.account.local().unwrap_or_default();
        match Exchange::begin(user, &login.credentials, offered, policy, &mut self.entropy) {
            Ok((exchange, auth)) => {
                self.scram_seen |= matches!(exchange, Exchange::First(..));
                self.out.push_back(Out::Connection(Connection::Authenticating));
                self.send_frame(&auth);
                self.state = State::Authenticating { exchange, stretch: 0 };
                self.deadline = Some(now.after(STEP));
            }
            Err(problem) => self.conclude(now, problem),
        }
    }

    pub(super) fn authenticate(&mut self, now: Instant, step: Step) {
        self.deadline = Some(now.after(STEP));
        match step {
            Step::Send(element) => self.send_frame(&element),
            Step::Stretch { hash, password, salt, iterations } => {
                self.stretches = self.stretches.wrapping_add(1);
                let request = self.stretches;
                if let State::Authenticating { stretch, .. } = &mut self.state {
                    *stretch = request;
                }
                self.out.push_back(Out::Stretch { request, hash, password, salt, iterations });
            }
            Step::Done(keys) => {
                if let Some(Login { credentials: Credentials::Password(_, saved), .. }) = &mut self.login {
                    saved.clone_from(&keys);
                }
                self.out.push_back(Out::Authenticated(keys));
                self.open_stream(now, true);
            }
            Step::Failed(problem, last_word) => {
                if let Some(last_word) = last_word {
                    self.send_frame(&last_word);
                }
                self.send_frame(&framing::close());
                self.conclude(now, problem);
            }
        }
    }

    fn resume_or_bind(&mut self, now: Instant, features: Features) {
        self.deadline = Some(now.after(STEP));
        match self.sm.resume() {
            Some(resume) if features.sm => {
                self.send_frame(&resume);
                self.state = State::Resuming(features);
            }
            _ => self.bind(features),
        }
    }

    fn resumption(&mut self, now: Instant, features: Features, element: &Element) {
        match (element.name(), self.device.clone()) {
            ("resumed", Some(device)) => match self.sm.resumed(element) {
                Ok(resumed) => {
                    // Before anything new is sent, what was lost takes its place again.
                    if !resumed.acked.is_empty() {
                        self.out.push_back(Out::Acked(resumed.acked));
                    }
                    if !resumed.lost.is_empty() {
                        self.out.push_back(Out::NotArrived(resumed.lost));
                    }
                    self.out.extend(resumed.again.into_iter().map(Out::Send));
                    self.go_online(now, device, true, features);
                }
                Err(_) => self.conclude(now, Problem::new(Reason::BadServer)),
            },
            ("failed", _) => {
                let (acked, uncertain) = self.sm.not_resumed(element);
                if !acked.is_empty() {
                    self.out.push_back(Out::Acked(acked));
                }
                self.uncertain(uncertain);
                self.bind(features);
            }
            _ => self.state = State::Resuming(features),
        }
    }

    fn bind(&mut self, features: Features) {
        let id = self.entropy.id();
        let resource = Element::new(ns::BIND, "resource").text_with(&self.resource);
        let bind = Element::new(ns::BIND, "bind").child_with(resource);
        self.send_frame(&Iq { from: None, to: None, id: id.clone(), kind: IqKind::Set(bind) }.to_element());
        self.state = State::Binding { id, features };
    }

    fn bound(&mut self, now: Instant, id: String, features: Features, element: Element) {
        let iq = match Stanza::parse(element) {
            Ok(Stanza::Iq(iq)) if iq.id == id => iq,
            _ => return self.state = State::Binding { id, features },
        };
        let device = match &iq.kind {
            IqKind::Result(Some(bind)) => {
                bind.child(ns::BIND, "jid").and_then(|jid| jid.text().parse::<FullJid>().ok())
            }
            _ => None,
        };
        match device.filter(|device| self.is_ours(device)) {
            Some(device) if features.session_required => {
                let id = self.entropy.id();
                let session = IqKind::Set(Element::new(ns::SESSION, "session"));
                self.send_frame(&Iq { from: None, to: None, id: id.clone(), kind: session }.to_element());
                self.state = State::EstablishingSession { id, features, device };
            }
            Some(device) => self.go_online(now, device, false, features),
            None => {
                let text = match iq.kind {
                    IqKind::Error(error) => error.text,
                    _ => None,
                };
                self.conclude(now, Problem { reason: Reason::BindRefused, text });
            }
        }
    }

    /// Whether the server gave us an address that we can be: our account, or any of the domain for a guest.
    fn is_ours(&self, device: &FullJid) -> bool {
        self.login.as_ref().is_some_and(|login| match login.credentials {
            Credentials::Guest => device.bare().domain() == login.account.domain(),
            _ => *device.bare() == login.account,
        })
    }

    fn go_online(&mut self, now: Instant, device: FullJid, resumed: bool, features: Features) {
        if let Some(login) = &mut self.login {
            login.known = true;
            // The address that worked is the one to come back to.
            login.endpoints = vec![self.url.clone()];
        }
        device.resource().clone_into(&mut self.resource);
        self.device = Some(device.clone());
        self.state = State::Online;
        self.just_made = false;
        self.deadline = None;
        self.probing = false;
        self.heard = now;
        self.backoff.reset();
        if !resumed {
            // Whatever the last stream left behind, before the counters begin anew.
            let uncertain = self.sm.give_up();
            self.uncertain(uncertain);
        }
        if !resumed && features.sm {
            let enable = self.sm.enable();
            self.send_frame(&enable);
        }
        self.out.push_back(Out::Online { device, resumed, features });
        self.out.push_back(Out::Connection(Connection::Online));
    }
}

/// The reason behind a stream error (RFC 6120 §4.9.3).
pub(super) fn stream_problem(error: StreamError) -> Problem {
    let reason = match error.condition.as_str() {
        "conflict" => Reason::Replaced,
        "host-gone" | "host-unknown" | "improper-addressing" => Reason::HostUnknown,
        "not-authorized" => Reason::AuthRefused,
        "policy-violation" => Reason::PolicyViolation,
        "reset" | "system-shutdown" => Reason::Shutdown,
        "resource-constraint" => Reason::Overloaded,
        "see-other-host" => Reason::RedirectRefused,
        "connection-timeout" => Reason::Lost,
        "internal-server-error" | "remote-connection-failed" | "undefined-condition" => Reason::ServerFault,
        _ => Reason::BadClient,
    };
    Problem { reason, text: error.text }
}
