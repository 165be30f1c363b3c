//! The server's side of one stream (XEP-0198).

use std::collections::VecDeque;

use waxwing::wire::ns;
use waxwing::wire::xml::Element;

use crate::ledger::ME;
use crate::network::Down;
use crate::server::{Phase, Server};

/// A stanza for the client.
#[derive(Clone, Debug)]
pub struct Stanza {
    pub xml: String,
    /// Which entry of the ledger it carries.
    pub note: Option<usize>,
    /// Whether it waits for the next stream if this one is lost; copies from other devices do not.
    pub keeps: bool,
}

#[derive(Debug)]
pub struct Management {
    pub id: String,
    /// Stanzas that the client sent.
    pub inbound: u32,
    /// Stanzas that the client confirmed.
    pub acked: u32,
    pub unacked: VecDeque<Stanza>,
    /// A confirmation is owed to the client.
    pub owes: bool,
}

impl Management {
    pub const fn new(id: String) -> Self {
        Self { id, inbound: 0, acked: 0, unacked: VecDeque::new(), owes: false }
    }

    /// The client confirms; what leaves the queue, or a complaint.
    pub fn trim(&mut self, h: &str) -> Result<Vec<Stanza>, String> {
        let h: u32 = h.parse().map_err(|_| format!("h='{h}' is no number"))?;
        let count = h.wrapping_sub(self.acked) as usize;
        if count > self.unacked.len() {
            let sent = self.acked.wrapping_add(self.unacked.len() as u32);
            return Err(format!("the client confirms {h} stanzas, of {sent} sent and {} confirmed before", self.acked));
        }
        self.acked = h;
        Ok(self.unacked.drain(..count).collect())
    }
}

/// A bound device.
#[derive(Debug)]
pub struct Session {
    pub resource: String,
    pub link: Option<u64>,
    pub sm: Option<Management>,
    pub available: bool,
    pub carbons: bool,
    /// When its socket went.
    pub detached: u64,
    pub sent_since_request: u64,
}

impl Server {
    pub fn bind(&mut self, link: u64, iq: &Element) -> Phase {
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

    pub fn resume(&mut self, link: u64, element: &Element) -> Phase {
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
            self.repeat();
        }
        Phase::Bound(id)
    }

    pub fn trim(&mut self, id: u64, h: &str) {
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

    pub fn managed(&mut self, link: u64, id: u64, element: &Element) {
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
    pub fn stanza(&mut self, id: u64, stanza: Stanza) {
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

    pub fn plain(&mut self, id: u64, xml: impl Into<String>) {
        self.stanza(id, Stanza { xml: xml.into(), note: None, keeps: false });
    }
}
