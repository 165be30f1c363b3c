//! The model server: one account, its streams, its archive and its offline store. What a real server may do at its
//! own discretion is left to chance.

use std::collections::BTreeMap;

use waxwing::wire::ns;
use waxwing::wire::xml::{Element, Limits, parse};

use crate::archive::Archive;
use crate::ledger::Ledger;
use crate::network::Down;
use crate::rng::Rng;
use crate::scram::Exchange;
use crate::stream::{Session, Stanza};
use crate::variant::Variant;

/// The server's civil time when everything begins.
pub const EPOCH: i64 = 1_795_000_000_000;

/// Where a connection stands.
#[derive(Debug)]
pub enum Phase {
    Start,
    Sasl,
    Challenged(Exchange),
    Proven,
    Unbound,
    Bound(u64),
}

#[derive(Debug)]
pub struct Server {
    pub variant: Variant,
    pub rng: Rng,
    pub connections: BTreeMap<u64, Phase>,
    pub sessions: BTreeMap<u64, Session>,
    pub last_session: u64,
    /// How long a stream without a socket is kept.
    pub patience: u64,
    /// How many it received, of streams that are gone: some servers remember.
    pub graves: BTreeMap<String, u32>,
    pub offline: Vec<Stanza>,
    pub archive: Option<Archive>,
    pub ledger: Ledger,
    /// What is to be put on the wire, in order.
    pub out: Vec<(u64, Down)>,
    /// Confirmations are held back.
    pub holds_acks: bool,
    /// The next message is refused.
    pub refuses: bool,
    /// Its clock is off by so much.
    pub skew: i64,
    /// Delivered lately: may be delivered again.
    pub recent: Vec<Stanza>,
    /// Whether it tells a client how much it had of a stream that is gone.
    pub answers_with_h: bool,
    /// How many stanzas go out before it asks for a confirmation.
    pub requests_after: u64,
    /// Counts what others write.
    pub bodies: u64,
}

/// A point in time as text (XEP-0082).
pub fn stamp(at: i64) -> String {
    let days = at.div_euclid(86_400_000);
    let rest = at.rem_euclid(86_400_000);
    // Days since the first of March of the year 0, after which the leap day comes last.
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day = days.rem_euclid(146_097);
    let year_of_era = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day_of_year = day - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let (d, m) = (day_of_year - (153 * month + 2) / 5 + 1, if month < 10 { month + 3 } else { month - 9 });
    let y = year_of_era + era * 400 + i64::from(m <= 2);
    let (hour, minute, second, milli) = (rest / 3_600_000, rest / 60_000 % 60, rest / 1_000 % 60, rest % 1_000);
    format!("{y:04}-{m:02}-{d:02}T{hour:02}:{minute:02}:{second:02}.{milli:03}Z")
}

impl Server {
    pub fn new(variant: Variant, mut rng: Rng) -> Self {
        let cap = *rng.pick(&[3, 10, 50, 250]);
        let patience = *rng.pick(&[20_000, 120_000, 300_000]);
        let (answers_with_h, requests_after) = (rng.chance(50), rng.between(1, 8));
        Self {
            variant,
            connections: BTreeMap::new(),
            sessions: BTreeMap::new(),
            last_session: 0,
            patience,
            graves: BTreeMap::new(),
            offline: Vec::new(),
            archive: variant.archive.map(|style| Archive::new(style, cap)),
            ledger: Ledger::default(),
            out: Vec::new(),
            holds_acks: false,
            refuses: false,
            skew: 0,
            recent: Vec::new(),
            answers_with_h,
            requests_after,
            bodies: 0,
            rng,
        }
    }

    pub const fn clock(&self, now: u64) -> i64 {
        EPOCH + now as i64 + self.skew
    }

    // Connections

    pub fn opened(&mut self, link: u64) {
        self.connections.insert(link, Phase::Start);
    }

    pub fn say(&mut self, link: u64, frame: impl Into<String>) {
        self.out.push((link, Down::Frame(frame.into(), None)));
    }

    /// The server noticed that a socket is gone.
    pub fn lost(&mut self, now: u64, link: u64) {
        if let Some(Phase::Bound(id)) = self.connections.remove(&link)
            && let Some(session) = self.sessions.get_mut(&id)
            && session.link == Some(link)
        {
            session.link = None;
            session.detached = now;
            if session.sm.is_none() {
                self.end(id);
            }
        }
    }

    /// Closes a socket from this side.
    fn hang_up(&mut self, now: u64, link: u64) {
        self.lost(now, link);
        self.out.push((link, Down::Close));
    }

    /// A stream ends for good. What the client did not confirm waits for its next one.
    pub fn end(&mut self, id: u64) {
        let Some(session) = self.sessions.remove(&id) else { return };
        if let Some(link) = session.link {
            self.connections.remove(&link);
            self.out.push((link, Down::Close));
        }
        let Some(sm) = session.sm else { return };
        self.graves.insert(sm.id, sm.inbound);
        // Where the archive has it, some servers leave it at that.
        let drops = self.archive.is_some() && self.rng.chance(40);
        for stanza in sm.unacked.into_iter().filter(|stanza| stanza.keeps) {
            if !drops {
                self.offline.push(stanza);
            }
        }
    }

    /// Streams whose time is over.
    pub fn expire(&mut self, now: u64) {
        let patience = self.patience;
        let over = |session: &Session| session.link.is_none() && now >= session.detached + patience;
        let ids: Vec<u64> = self.sessions.iter().filter(|(_, session)| over(session)).map(|(id, _)| *id).collect();
        ids.into_iter().for_each(|id| self.end(id));
    }

    /// Whether a message waits for another stream than one that has a socket.
    pub fn keeps(&self, note: usize) -> bool {
        let detached = self.sessions.values().filter(|session| session.link.is_none());
        let unacked = detached.filter_map(|session| session.sm.as_ref()).flat_map(|sm| &sm.unacked);
        self.offline.iter().chain(unacked).any(|stanza| stanza.note == Some(note))
    }

    // What may happen to a server

    /// The server starts anew. Without its streams it cannot resume any.
    pub fn restart(&mut self, now: u64, keeps_streams: bool) {
        let links: Vec<u64> = self.connections.keys().copied().collect();
        links.into_iter().for_each(|link| self.hang_up(now, link));
        if !keeps_streams {
            self.forget_streams();
            self.graves.clear();
        }
    }

    /// No stream can be resumed any more.
    pub fn forget_streams(&mut self) {
        let ids: Vec<u64> = self.sessions.keys().copied().collect();
        ids.into_iter().for_each(|id| self.end(id));
    }

    /// Another device takes the address of the client's.
    pub fn conflict(&mut self) {
        let bound: Vec<(u64, u64)> =
            self.sessions.iter().filter_map(|(id, session)| Some((*id, session.link?))).collect();
        for (id, link) in bound {
            // Prosody does not declare the prefix here.
            let prefix = if self.rng.chance(50) { " xmlns:stream='http://etherx.jabber.org/streams'" } else { "" };
            self.say(
                link,
                format!("<stream:error{prefix}><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>"),
            );
            self.say(link, "<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>");
            self.end(id);
        }
    }

    /// Something that was delivered comes again.
    pub fn repeat(&mut self) {
        if self.recent.is_empty() {
            return;
        }
        let stanza = self.rng.pick(&self.recent.clone()).clone();
        let ids: Vec<u64> = self.sessions.keys().copied().collect();
        for id in ids {
            self.stanza(id, Stanza { note: None, keeps: false, ..stanza.clone() });
        }
    }

    /// Gives the confirmations that are owed.
    pub fn confirm(&mut self) {
        let owed: Vec<(u64, u32)> = self
            .sessions
            .values_mut()
            .filter_map(|session| {
                let sm = session.sm.as_mut()?;
                let owes = std::mem::take(&mut sm.owes);
                session.link.filter(|_| owes).map(|link| (link, sm.inbound))
            })
            .collect();
        for (link, h) in owed {
            self.say(link, format!("<a xmlns='urn:xmpp:sm:3' h='{h}'/>"));
        }
    }

    // Frames of the client

    pub fn frame(&mut self, now: u64, link: u64, text: &str) {
        self.expire(now);
        let Some(phase) = self.connections.remove(&link) else { return };
        let Ok(element) = parse(text, &Limits::STANZA) else {
            self.ledger.complaints.push(format!("the client sent what is no XML: {text}"));
            return self.hang_up(now, link);
        };
        let (phase, hang_up) = self.step(now, link, phase, &element);
        if let Some(phase) = phase {
            self.connections.insert(link, phase);
            if hang_up {
                self.hang_up(now, link);
            }
        } else if hang_up {
            self.out.push((link, Down::Close));
        }
    }

    fn step(&mut self, now: u64, link: u64, phase: Phase, element: &Element) -> (Option<Phase>, bool) {
        if element.is(ns::FRAMING, "close") || element.is(ns::STREAM, "error") {
            if let Phase::Bound(id) = phase {
                // A stream that is closed in order is not resumed.
                if let Some(session) = self.sessions.get_mut(&id) {
                    session.link = None;
                }
                self.end(id);
            }
            self.say(link, "<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>");
            return (None, true);
        }
        let next = match (phase, element.namespace(), element.name()) {
            (Phase::Start, ns::FRAMING, "open") => {
                self.open(link);
                self.say(link, features("<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism><mechanism>SCRAM-SHA-1</mechanism></mechanisms>"));
                Phase::Sasl
            }
            (Phase::Sasl, ns::SASL, "auth") => {
                let Some((exchange, challenge)) = Exchange::begin(&element.text()) else { return (None, true) };
                self.say(link, format!("<challenge xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>{challenge}</challenge>"));
                Phase::Challenged(exchange)
            }
            (Phase::Challenged(exchange), ns::SASL, "response") => {
                let Some(proof) = exchange.finish(&element.text()) else { return (None, true) };
                self.say(link, format!("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>{proof}</success>"));
                Phase::Proven
            }
            (Phase::Proven, ns::FRAMING, "open") => {
                self.open(link);
                let sm = if self.variant.sm { "<sm xmlns='urn:xmpp:sm:3'/>" } else { "" };
                self.say(link, features(&format!("<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>{sm}<csi xmlns='urn:xmpp:csi:0'/><session xmlns='urn:ietf:params:xml:ns:xmpp-session'><optional/></session>")));
                Phase::Unbound
            }
            (Phase::Unbound, ns::SM, "resume") => self.resume(link, element),
            (Phase::Unbound, ns::CLIENT, "iq") if element.child(ns::BIND, "bind").is_some() => self.bind(link, element),
            (Phase::Bound(id), ns::SM, _) => {
                self.managed(link, id, element);
                Phase::Bound(id)
            }
            (Phase::Bound(id), ns::CLIENT, name) => {
                if let Some(sm) = self.sessions.get_mut(&id).and_then(|session| session.sm.as_mut()) {
                    sm.inbound = sm.inbound.wrapping_add(1);
                }
                match name {
                    "iq" => self.iq(id, element),
                    "presence" => self.presence(now, id, element),
                    _ => self.message(now, id, element),
                }
                Phase::Bound(id)
            }
            // Client state indication is a hint.
            (phase @ Phase::Bound(_), "urn:xmpp:csi:0", _) => phase,
            (phase, _, _) => {
                self.ledger.complaints.push(format!("not expected in {phase:?}: {element:?}"));
                phase
            }
        };
        (Some(next), false)
    }

    fn open(&mut self, link: u64) {
        self.say(link, "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' from='s.ex' id='1' version='1.0'/>");
    }
}

fn features(inside: &str) -> String {
    format!("<stream:features xmlns:stream='http://etherx.jabber.org/streams'>{inside}</stream:features>")
}
