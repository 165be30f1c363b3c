//! XEP-0115: what the devices of contacts are and can do.
//!
//! A device announces a hash over what it can. One device is asked for each hash that is new, and what it says is
//! believed of every other one only if it has that hash (§5.4): otherwise anybody could tell lies about the devices
//! of all others. Not more than two are asked at a time, and none of a domain within a second of another one, so that
//! nobody can make us flood anybody (RFC 6120 §13.12).

use std::collections::VecDeque;

use base64ct::{Base64, Encoding};
use sha1::{Digest, Sha1};

use super::{Context, Feature, Purpose};
use crate::clock::Instant;
use crate::domain::presence::{Skill, Skills};
use crate::jid::{FullJid, Jid};
use crate::map::Map;
use crate::wire::ns;
use crate::wire::stanza::{IqKind, Presence, PresenceKind};
use crate::wire::stanza_error::StanzaError;
use crate::wire::xml::Element;

/// Devices that are asked at a time.
const AT_ONCE: usize = 2;
/// Milliseconds between two questions to one domain.
const INTERVAL: u64 = 1_000;
/// Hashes that are remembered, and hashes that wait.
const KNOWN: usize = 1_000;
const WAITING: usize = 500;
/// Devices that wait for one hash.
const DEVICES: usize = 5_000;
/// Bytes of a hash and of a node; those of honest clients are far shorter.
const LENGTH: usize = 200;
/// Identities and features of one answer that are looked at.
const ITEMS: usize = 300;
/// Characters of the name of a program that are kept.
const NAME: usize = 60;

/// What depends on which feature.
const SKILLS: [(&str, Skill); 4] = [
    (ns::CHAT_STATES, Skill::Typing),
    (ns::RECEIPTS, Skill::Receipts),
    (ns::TIME, Skill::LocalTime),
    (ns::VERSION, Skill::Version),
];

/// A device was asked what it means by a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    claim: String,
    device: FullJid,
}

/// What a device said of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Learnt {
    skills: Skills,
    software: Option<String>,
}

/// A word whose meaning is sought.
#[derive(Debug)]
struct Claim {
    /// The word as it was announced.
    word: String,
    node: String,
    /// Whether it is a hash that can be checked.
    is_hash: bool,
    /// Who announces it and was not asked yet.
    devices: Vec<FullJid>,
}

/// What is known of devices, and what is being asked.
#[derive(Debug, Default)]
pub struct Caps {
    /// What was proven by its hash.
    known: Map<String, Learnt>,
    claims: Map<String, Claim>,
    /// The claims in the order in which they came.
    order: VecDeque<String>,
    asking: Vec<String>,
    /// When each domain was last asked.
    asked_at: Map<String, Instant>,
    /// When the next one may be asked.
    due: Option<Instant>,
}

impl Caps {
    /// When something is to be asked.
    pub const fn wake_at(&self) -> Option<Instant> {
        self.due
    }

    /// Asks what may be asked now.
    pub fn ask_next(&mut self, context: &mut Context<'_>) {
        let now = context.now.instant;
        if self.due.is_none_or(|due| now < due) {
            return;
        }
        self.due = None;
        self.asked_at.retain(|_, at| now.since(*at) < INTERVAL);
        while self.asking.len() < AT_ONCE {
            let Some((key, device)) = self.first_free(context) else { break };
            let Some(claim) = self.claims.get(&key) else { break };
            let node = format!("{}#{}", claim.node, claim.word);
            let query = Element::new(ns::DISCO_INFO, "query").with("node", node);
            self.asked_at.insert(device.bare().domain().to_owned(), now);
            self.asking.push(key.clone());
            let asked = Asked { claim: key, device: device.clone() };
            context.ask_of(device.into(), IqKind::Get(query), Purpose::Caps(asked));
        }
        if self.asking.len() < AT_ONCE && !self.order.is_empty() {
            self.due = self.asked_at.values().min().map(|at| at.after(INTERVAL));
        }
    }

    /// The first claim that is not being asked about and has a device whose domain may be asked.
    fn first_free(&mut self, context: &Context<'_>) -> Option<(String, FullJid)> {
        let mut place = 0;
        while let Some(key) = self.order.get(place) {
            let Some(claim) = self.claims.get_mut(key) else {
                self.order.remove(place);
                continue;
            };
            let is_asked = self.asking.contains(key);
            // Who has left or says something else by now is not asked.
            while claim.devices.last().is_some_and(|device| !still_says(context, device, &claim.word)) {
                claim.devices.pop();
            }
            let Some(device) = claim.devices.last() else {
                if is_asked {
                    place = place.saturating_add(1);
                } else {
                    self.claims.remove(key);
                    self.order.remove(place);
                }
                continue;
            };
            if is_asked || self.asked_at.contains_key(device.bare().domain()) {
                place = place.saturating_add(1);
                continue;
            }
            return Some((key.clone(), claim.devices.pop()?));
        }
        None
    }

    /// The answer of a device.
    pub fn answered(
        &mut self,
        context: &mut Context<'_>,
        asked: &Asked,
        answer: Result<Option<&Element>, StanzaError>,
    ) {
        self.asking.retain(|key| *key != asked.claim);
        self.due = Some(context.now.instant);
        let Some(query) = answer.ok().flatten().filter(|query| query.is(ns::DISCO_INFO, "query")) else { return };
        let Some(claim) = self.claims.get(&asked.claim) else { return };
        let learnt = read(query);
        let contacts = &mut context.domain.contacts;
        contacts.learnt(&asked.device, &claim.word, learnt.skills, learnt.software.as_deref());
        if !claim.is_hash || hash(query).as_ref() != Some(&claim.word) {
            return;
        }
        if let Some(claim) = self.claims.remove(&asked.claim) {
            for device in &claim.devices {
                contacts.learnt(device, &claim.word, learnt.skills, learnt.software.as_deref());
            }
            if self.known.len() >= KNOWN {
                self.known.clear();
            }
            self.known.insert(claim.word, learnt);
        }
    }
}

fn still_says(context: &Context<'_>, device: &FullJid, word: &str) -> bool {
    context.domain.contacts.device_of(device).is_some_and(|known| known.about.announced.as_deref() == Some(word))
}

/// What an answer says, as far as it matters here.
fn read(query: &Element) -> Learnt {
    let mut learnt = Learnt::default();
    for child in query.children().take(ITEMS) {
        if child.is(ns::DISCO_INFO, "identity") && learnt.software.is_none() {
            let name = child.attribute("name").map(|name| name.trim().chars().take(NAME).collect::<String>());
            learnt.software = name.filter(|name| !name.is_empty());
        } else if child.is(ns::DISCO_INFO, "feature") {
            let skill = SKILLS.iter().find(|(feature, _)| child.attribute("var") == Some(feature));
            learnt.skills = skill.map_or(learnt.skills, |(_, skill)| learnt.skills.with(*skill));
        }
    }
    learnt
}

/// The hash of an answer (§5.1); `None` if another answer could have the same one. The text that is hashed does not
/// tell where an identity ends and a feature begins, so there must be an identity, none may hold the marks that
/// separate them, and an answer with forms, whose fields pass for features, proves nothing.
fn hash(query: &Element) -> Option<String> {
    let (mut identities, mut features) = (Vec::new(), Vec::new());
    for child in query.children() {
        let attribute = |name| child.attribute(name).unwrap_or_default();
        let (list, text) = if child.is(ns::DISCO_INFO, "identity") {
            let (category, kind) = (attribute("category"), attribute("type"));
            let language = child.language().unwrap_or_default();
            if [category, kind, language].iter().any(|part| part.contains('/')) {
                return None;
            }
            (&mut identities, format!("{category}/{kind}/{language}/{}", attribute("name")))
        } else if child.is(ns::DISCO_INFO, "feature") {
            (&mut features, attribute("var").to_owned())
        } else if child.is(ns::DATA, "x") {
            return None;
        } else {
            continue;
        };
        if text.contains('<') || list.len() >= ITEMS {
            return None;
        }
        // Sorted as it is filled: the lists are short, and a sort of its own weighs kilobytes.
        let place = list.iter().position(|known| *known >= text).unwrap_or(list.len());
        if list.get(place) == Some(&text) {
            return None;
        }
        list.insert(place, text);
    }
    if identities.is_empty() {
        return None;
    }
    let mut all = String::new();
    for text in identities.iter().chain(&features) {
        all.push_str(text);
        all.push('<');
    }
    Some(Base64::encode_string(&Sha1::digest(all.as_bytes())))
}

impl Feature for Caps {
    fn fresh_stream(&mut self, _context: &mut Context<'_>) {
        self.claims.clear();
        self.order.clear();
        self.asking.clear();
        self.due = None;
    }

    fn presence(&mut self, context: &mut Context<'_>, from: &Jid, presence: &Presence) {
        let announced = presence.payload(ns::CAPS, "c").filter(|_| presence.kind == PresenceKind::Available);
        let (Some(announced), Some(device)) = (announced, from.to_full()) else { return };
        let (Some(node), Some(word)) = (announced.attribute("node"), announced.attribute("ver")) else { return };
        if node.len() > LENGTH || word.len() > LENGTH || !context.domain.contacts.announced(&device, word) {
            return;
        }
        let is_hash = announced.attribute("hash") == Some("sha-1");
        if let Some(learnt) = self.known.get(word).filter(|_| is_hash) {
            return context.domain.contacts.learnt(&device, word, learnt.skills, learnt.software.as_deref());
        }
        // What is no hash says something about this device only.
        let key = if is_hash { word.to_owned() } else { format!("{word} {device}") };
        if let Some(claim) = self.claims.get_mut(&key) {
            if claim.devices.len() < DEVICES {
                claim.devices.push(device);
            }
        } else if self.claims.len() < WAITING {
            let claim = Claim { word: word.to_owned(), node: node.to_owned(), is_hash, devices: vec![device] };
            self.order.push_back(key.clone());
            self.claims.insert(key, claim);
        }
        self.due = Some(context.now.instant);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::xml::{Limits, parse};

    fn of(content: &str) -> Option<String> {
        let query = format!("<query xmlns='http://jabber.org/protocol/disco#info'>{content}</query>");
        hash(&parse(&query, &Limits::STANZA).unwrap())
    }

    #[test]
    fn the_example_of_the_document_has_its_hash() {
        // XEP-0115 §5.2.
        let query = "<identity category='client' type='pc' name='Exodus 0.9.1'/>\
            <feature var='http://jabber.org/protocol/caps'/><feature var='http://jabber.org/protocol/disco#info'/>\
            <feature var='http://jabber.org/protocol/disco#items'/><feature var='http://jabber.org/protocol/muc'/>";
        assert_eq!(of(query).as_deref(), Some("QgayPKawpkPSDYmwT/WM94uAlu0="));
    }

    #[test]
    fn what_could_be_read_in_another_way_proves_nothing() {
        let identity = "<identity category='client' type='pc'/>";
        assert!(of(identity).is_some());
        for query in [
            "<feature var='a'/>".to_owned(),
            format!("{identity}{identity}"),
            format!("{identity}<feature var='a'/><feature var='a'/>"),
            format!("{identity}<feature var='a&lt;b'/>"),
            "<identity category='client/pc' type='x'/>".to_owned(),
            "<identity category='client' type='pc' name='x&lt;y'/>".to_owned(),
            format!("{identity}<x xmlns='jabber:x:data' type='result'/>"),
        ] {
            assert_eq!(of(&query), None, "{query}");
        }
    }
}
