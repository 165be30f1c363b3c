//! The model server: one account, its streams, its archive and its offline store. What a real server may do at its
//! own discretion is left to chance.

use std::collections::BTreeMap;

use waxwing::wire::ns;
use waxwing::wire::xml::{Element, Limits, parse};

use crate::archive::Archive;
use crate::ledger::{Incoming, Ledger, ME, PEERS, peer_of};
use crate::network::Down;
use crate::rng::Rng;
use crate::scram::Exchange;
use crate::stream::{Management, Session, Stanza};
use crate::variant::Variant;

/// The server's civil time when everything begins.
pub const EPOCH: i64 = 1_795_000_000_000;

/// Where a connection stands.
#[derive(Debug)]
enum Phase {
    Start,
    Sasl,
    Challenged(Exchange),
    Proven,
    Unbound,
    Bound(u64),
}

#[derive(Debug)]
pub struct Server {
    variant: Variant,
    rng: Rng,
    connections: BTreeMap<u64, Phase>,
    pub sessions: BTreeMap<u64, Session>,
    last_session: u64,
    /// How long a stream without a socket is kept.
    patience: u64,
    /// How many it received, of streams that are gone: some servers remember.
    graves: BTreeMap<String, u32>,
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
    recent: Vec<Stanza>,
    answers_with_h: bool,
    requests_after: u64,
    bodies: u64,
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

    const fn clock(&self, now: u64) -> i64 {
        EPOCH + now as i64 + self.skew
    }

    // Connections

    pub fn opened(&mut self, link: u64) {
        self.connections.insert(link, Phase::Start);
    }

    fn say(&mut self, link: u64, frame: impl Into<String>) {
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
    fn end(&mut self, id: u64) {
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
    pub fn repeat(&mut self, now: u64) {
        if self.recent.is_empty() {
            return;
        }
        let stanza = self.rng.pick(&self.recent.clone()).clone();
        let ids: Vec<u64> = self.sessions.keys().copied().collect();
        for id in ids {
            self.stanza(now, id, Stanza { note: None, keeps: false, ..stanza.clone() });
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
            (Phase::Unbound, ns::SM, "resume") => self.resume(now, link, element),
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
                    "iq" => self.iq(now, id, element),
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

    fn bind(&mut self, link: u64, iq: &Element) -> Phase {
        let bind = iq.child(ns::BIND, "bind").unwrap();
        let resource = bind.child(ns::BIND, "resource").map(Element::text).unwrap_or_else(|| self.rng.id());
        let same: Vec<u64> =
            self.sessions.iter().filter(|(_, other)| other.resource == resource).map(|(id, _)| *id).collect();
        same.into_iter().for_each(|id| self.end(id));
        self.last_session += 1;
        let id = self.last_session;
        self.say(link, format!(
            "<iq xmlns='jabber:client' type='result' id='{}'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>{ME}/{resource}</jid></bind></iq>",
            iq.attribute("id").unwrap()
        ));
        let session = Session {
            resource,
            link: Some(link),
            sm: None,
            available: false,
            carbons: false,
            detached: 0,
            sent_since_request: 0,
        };
        self.sessions.insert(id, session);
        Phase::Bound(id)
    }

    fn resume(&mut self, now: u64, link: u64, element: &Element) -> Phase {
        let previd = element.attribute("previd").unwrap_or_default();
        let h = element.attribute("h").unwrap_or_default();
        let found = self.sessions.iter().find(|(_, session)| session.sm.as_ref().is_some_and(|sm| sm.id == previd));
        let Some(id) = found.map(|(id, _)| *id) else {
            let h = self.graves.get(previd).filter(|_| self.answers_with_h).map(|h| format!(" h='{h}'"));
            self.say(link, format!(
                "<failed xmlns='urn:xmpp:sm:3'{}><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>",
                h.unwrap_or_default()
            ));
            return Phase::Unbound;
        };
        self.trim(id, h);
        let session = self.sessions.get_mut(&id).unwrap();
        let old = session.link.replace(link);
        let sm = session.sm.as_mut().unwrap();
        sm.owes = false;
        let (inbound, again) = (sm.inbound, sm.unacked.clone());
        if let Some(old) = old {
            self.connections.remove(&old);
            self.out.push((old, Down::Close));
        }
        self.say(link, format!("<resumed xmlns='urn:xmpp:sm:3' previd='{previd}' h='{inbound}'/>"));
        for stanza in again {
            self.out.push((link, Down::Frame(stanza.xml, stanza.note)));
        }
        self.say(link, "<r xmlns='urn:xmpp:sm:3'/>");
        if self.rng.chance(5) {
            self.repeat(now);
        }
        Phase::Bound(id)
    }

    fn trim(&mut self, id: u64, h: &str) {
        let Some(sm) = self.sessions.get_mut(&id).and_then(|session| session.sm.as_mut()) else { return };
        match sm.trim(h) {
            Ok(confirmed) => {
                for stanza in confirmed {
                    if let Some(note) = stanza.note {
                        self.ledger.incoming[note].confirmed = true;
                        self.recent.push(stanza);
                        if self.recent.len() > 5 {
                            self.recent.remove(0);
                        }
                    }
                }
            }
            Err(complaint) => self.ledger.complaints.push(complaint),
        }
    }

    fn managed(&mut self, link: u64, id: u64, element: &Element) {
        match element.name() {
            "enable" => {
                let name = self.rng.id();
                let session = self.sessions.get_mut(&id).unwrap();
                if session.sm.is_some() || !self.variant.sm {
                    return self.ledger.complaints.push("stream management was asked for wrongly".into());
                }
                session.sm = Some(Management::new(name.clone()));
                let max = self.patience / 1_000;
                self.say(link, format!("<enabled xmlns='urn:xmpp:sm:3' resume='true' max='{max}' id='{name}'/>"));
            }
            "r" => {
                let Some(sm) = self.sessions.get_mut(&id).and_then(|session| session.sm.as_mut()) else { return };
                sm.owes = true;
                if !self.holds_acks {
                    self.confirm();
                }
            }
            "a" => self.trim(id, element.attribute("h").unwrap_or_default()),
            _ => self.ledger.complaints.push(format!("not expected: {element:?}")),
        }
    }

    /// Sends a stanza over a stream, or lets it wait for its resumption.
    fn stanza(&mut self, _now: u64, id: u64, stanza: Stanza) {
        let after = self.requests_after;
        let Some(session) = self.sessions.get_mut(&id) else { return };
        let link = session.link;
        let mut asks = false;
        if let Some(sm) = &mut session.sm {
            sm.unacked.push_back(stanza.clone());
            session.sent_since_request += 1;
            asks = session.sent_since_request >= after;
            if asks {
                session.sent_since_request = 0;
            }
        }
        if let Some(link) = link {
            self.out.push((link, Down::Frame(stanza.xml, stanza.note)));
            if asks {
                self.say(link, "<r xmlns='urn:xmpp:sm:3'/>");
            }
        }
    }

    fn plain(&mut self, now: u64, id: u64, xml: impl Into<String>) {
        self.stanza(now, id, Stanza { xml: xml.into(), note: None, keeps: false });
    }

    fn iq(&mut self, now: u64, session: u64, iq: &Element) {
        if matches!(iq.attribute("type"), Some("result" | "error")) {
            return;
        }
        let id = iq.attribute("id").unwrap_or_default().to_owned();
        let (to, set) = (iq.attribute("to"), iq.attribute("type") == Some("set"));
        // Our own account answers from its bare address, or from nowhere.
        let from = match to {
            Some(to) if to != ME || self.rng.chance(50) => format!(" from='{to}'"),
            _ => String::new(),
        };
        let Some(payload) = iq.children().next() else { return };
        let answer = match (payload.namespace(), payload.name()) {
            (ns::ROSTER, "query") if !set => {
                let items = PEERS.map(|peer| format!("<item jid='{peer}' subscription='both'/>")).concat();
                Ok(format!("<query xmlns='jabber:iq:roster'>{items}</query>"))
            }
            (ns::CARBONS, "enable") => {
                self.sessions.get_mut(&session).unwrap().carbons = true;
                Ok(String::new())
            }
            (ns::DISCO_INFO, "query") if to == Some(ME) || to == Some("s.ex") => {
                let archive = if self.archive.is_some() { "<feature var='urn:xmpp:mam:2'/>" } else { "" };
                Ok(format!(
                    "<query xmlns='http://jabber.org/protocol/disco#info'><feature var='http://jabber.org/protocol/disco#info'/><feature var='urn:xmpp:sid:0'/>{archive}</query>"
                ))
            }
            (ns::MAM, "query") if set => match self.archive.as_ref().map(|archive| archive.page(payload)) {
                Some(Ok((results, fin))) => {
                    results.into_iter().for_each(|result| self.plain(now, session, result));
                    Ok(fin)
                }
                Some(Err(condition)) => Err(condition),
                None => Err("service-unavailable"),
            },
            (ns::PING, "ping") => Ok(String::new()),
            ("http://jabber.org/protocol/pubsub", "pubsub") => {
                if set || self.rng.chance(50) {
                    Ok(String::new())
                } else {
                    Err("item-not-found")
                }
            }
            _ => Err("service-unavailable"),
        };
        let answer = match answer {
            Ok(payload) => format!("<iq xmlns='jabber:client' type='result' id='{id}'{from}>{payload}</iq>"),
            Err(condition) => format!(
                "<iq xmlns='jabber:client' type='error' id='{id}'{from}><error type='cancel'><{condition} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"
            ),
        };
        self.plain(now, session, answer);
    }

    fn presence(&mut self, now: u64, id: u64, presence: &Element) {
        if presence.attribute("to").is_some() {
            return;
        }
        let session = self.sessions.get_mut(&id).unwrap();
        let first = !std::mem::replace(&mut session.available, presence.attribute("type").is_none());
        if !first {
            return;
        }
        for peer in PEERS {
            self.plain(now, id, format!("<presence xmlns='jabber:client' from='{peer}/p' to='{ME}'/>"));
        }
        for stanza in std::mem::take(&mut self.offline) {
            let delay = format!(
                "<delay xmlns='urn:xmpp:delay' from='s.ex' stamp='{}'>Offline storage</delay></message>",
                stamp(self.clock(now))
            );
            let xml = if stanza.xml.contains("urn:xmpp:delay") {
                stanza.xml.clone()
            } else {
                stanza.xml.replace("</message>", &delay)
            };
            self.stanza(now, id, Stanza { xml, ..stanza });
        }
    }

    /// A message of the client.
    fn message(&mut self, now: u64, session: u64, message: &Element) {
        let id = message.attribute("id").unwrap_or_default().to_owned();
        let peer = message.attribute("to").and_then(peer_of);
        let (Some(peer), Some(body)) = (peer, message.child(ns::CLIENT, "body")) else { return };
        let body = body.text();
        if std::mem::take(&mut self.refuses) {
            if let Some(text) = self.ledger.text(&body) {
                text.bounced = true;
            }
            let address = PEERS[peer];
            return self.plain(now, session, format!(
                "<message xmlns='jabber:client' type='error' id='{id}' from='{address}' to='{ME}'><error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>"
            ));
        }
        self.ledger.arrive(&id, &body, peer);
        let resource = self.sessions[&session].resource.clone();
        let xml = chat(&format!("{ME}/{resource}"), PEERS[peer], &id, &body);
        let clock = self.clock(now);
        if let Some(archive) = &mut self.archive {
            archive.store(&mut self.rng, clock, peer, &xml);
        }
    }

    // What others write

    /// A peer writes to the user.
    pub fn peer_writes(&mut self, now: u64, peer: usize) {
        self.bodies += 1;
        let body = format!("{}→me #{}", &PEERS[peer][..3], self.bodies);
        let id = self.rng.id();
        // Sometimes to the other device alone, of which the server sends us a copy.
        let copied = self.rng.chance(10);
        let to = if copied { format!("{ME}/phone") } else { ME.to_owned() };
        let xml = chat(&format!("{}/p", PEERS[peer]), &to, &id, &body);
        self.incoming(now, peer, body, &xml, if copied { "received" } else { "" });
    }

    /// The user writes with another device.
    pub fn other_device_writes(&mut self, now: u64, peer: usize) {
        self.bodies += 1;
        let body = format!("phone→{} #{}", &PEERS[peer][..3], self.bodies);
        let id = self.rng.id();
        let xml = chat(&format!("{ME}/phone"), PEERS[peer], &id, &body);
        self.incoming(now, peer, body, &xml, "sent");
    }

    fn incoming(&mut self, now: u64, peer: usize, body: String, xml: &str, copy: &str) {
        self.expire(now);
        let note = self.ledger.incoming.len();
        let clock = self.clock(now);
        let archive_id = self.archive.as_mut().map(|archive| archive.store(&mut self.rng, clock, peer, xml));
        self.ledger.incoming.push(Incoming {
            body,
            peer,
            copied: !copy.is_empty(),
            handed: false,
            confirmed: false,
            archived: archive_id.is_some(),
            forgotten: false,
        });
        let stanza_id =
            archive_id.map(|id| format!("<stanza-id xmlns='urn:xmpp:sid:0' by='{ME}' id='{id}'/></message>"));
        let inner = match stanza_id {
            // Not every server tells it in the copies of what was sent.
            Some(stanza_id) if copy != "sent" || self.rng.chance(50) => xml.replace("</message>", &stanza_id),
            _ => xml.to_owned(),
        };
        let xml = if copy.is_empty() {
            inner
        } else {
            format!(
                "<message xmlns='jabber:client' from='{ME}' to='{ME}/x' type='chat'><{copy} xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'>{inner}</forwarded></{copy}></message>"
            )
        };
        let stanza = Stanza { xml, note: Some(note), keeps: copy.is_empty() };
        let takes = |session: &Session| session.available && (copy.is_empty() || session.carbons);
        let ids: Vec<u64> = self.sessions.iter().filter(|(_, session)| takes(session)).map(|(id, _)| *id).collect();
        if ids.is_empty() && copy.is_empty() {
            self.offline.push(stanza);
        } else {
            ids.into_iter().for_each(|id| self.stanza(now, id, stanza.clone()));
        }
    }
}

fn features(inside: &str) -> String {
    format!("<stream:features xmlns:stream='http://etherx.jabber.org/streams'>{inside}</stream:features>")
}

fn chat(from: &str, to: &str, id: &str, body: &str) -> String {
    format!(
        "<message xmlns='jabber:client' from='{from}' to='{to}' type='chat' id='{id}'><body>{body}</body><origin-id xmlns='urn:xmpp:sid:0' id='{id}'/></message>"
    )
}
