//! What the model server does with stanzas: it answers, archives and passes on.

use waxwing::wire::ns;
use waxwing::wire::xml::Element;

use crate::ledger::{Incoming, ME, PEERS, peer_of};
use crate::server::{Server, stamp};
use crate::stream::{Session, Stanza};

impl Server {
    pub fn iq(&mut self, session: u64, iq: &Element) {
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
                    results.into_iter().for_each(|result| self.plain(session, result));
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
        self.plain(session, answer);
    }

    pub fn presence(&mut self, now: u64, id: u64, presence: &Element) {
        if presence.attribute("to").is_some() {
            return;
        }
        let session = self.sessions.get_mut(&id).unwrap();
        let first = !std::mem::replace(&mut session.available, presence.attribute("type").is_none());
        if !first {
            return;
        }
        for peer in PEERS {
            self.plain(id, format!("<presence xmlns='jabber:client' from='{peer}/p' to='{ME}'/>"));
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
            self.stanza(id, Stanza { xml, ..stanza });
        }
    }

    /// A message of the client.
    pub fn message(&mut self, now: u64, session: u64, message: &Element) {
        let id = message.attribute("id").unwrap_or_default().to_owned();
        let Some(peer) = message.attribute("to").and_then(peer_of) else { return };
        let is_proof = [(ns::RECEIPTS, "received"), (ns::MARKERS, "displayed")]
            .into_iter()
            .any(|(namespace, name)| message.child(namespace, name).is_some());
        if !is_proof {
            if std::mem::take(&mut self.refuses) {
                self.ledger.refuse(&id);
                let address = PEERS[peer];
                return self.plain(session, format!(
                    "<message xmlns='jabber:client' type='error' id='{id}' from='{address}' to='{ME}'><error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>"
                ));
            }
            self.ledger.hear(&id, peer, message);
        }
        let resource = self.sessions[&session].resource.clone();
        let xml = message.to_xml().replacen("<message ", &format!("<message from='{ME}/{resource}' "), 1);
        let clock = self.clock(now);
        if let Some(archive) = &mut self.archive {
            archive.store(&mut self.rng, clock, peer, &xml);
        }
    }

    // What others write

    pub fn incoming(&mut self, now: u64, peer: usize, incoming: Incoming, xml: &str, copy: &str) {
        self.expire(now);
        let note = self.ledger.incoming.len();
        let clock = self.clock(now);
        let archive_id = self.archive.as_mut().map(|archive| archive.store(&mut self.rng, clock, peer, xml));
        self.ledger.incoming.push(Incoming { copied: !copy.is_empty(), ..incoming });
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
            ids.into_iter().for_each(|id| self.stanza(id, stanza.clone()));
        }
    }
}
