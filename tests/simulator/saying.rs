//! What people say about messages: what is written down of it, and how peers and another device of the user say it.

use std::collections::BTreeSet;

use waxwing::wire::ns;
use waxwing::wire::xml::Element;

use crate::ledger::{Incoming, Ledger, ME, PEERS, Text};
use crate::server::Server;

/// Who says something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// The user, at the page.
    Client,
    /// The user, with another device.
    Phone,
    Peer,
}

impl By {
    pub const fn is_own(self) -> bool {
        matches!(self, Self::Client | Self::Phone)
    }
}

/// A text that the server has.
#[derive(Clone, Debug)]
pub struct Spoken {
    pub peer: usize,
    pub by: By,
    /// What it said at first: no two are alike, so this names it.
    pub body: String,
    /// Its id, and perhaps another one.
    pub ids: Vec<String>,
    /// Somebody used its id again: what names it now is anybody's guess.
    pub reused: bool,
}

/// What is said about a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    Correct(String),
    Retract,
    React(Vec<String>),
}

/// Something about a text that the server has, in the order in which it got it.
#[derive(Clone, Debug)]
pub struct Said {
    pub by: By,
    pub id: String,
    pub about: String,
    pub what: What,
    /// Its place in what ours should get, if it did not say it.
    pub note: Option<usize>,
}

/// What the user said about a text at the page.
#[derive(Clone, Debug)]
pub struct Own {
    pub id: String,
    pub peer: usize,
    pub about: String,
    pub what: What,
    /// As with texts.
    pub shown: bool,
    pub discarded: bool,
    pub excused: bool,
    pub adrift: bool,
    pub retried: bool,
    pub bounced: bool,
    pub times: u32,
}

/// Everything that was said about texts.
#[derive(Debug, Default)]
pub struct Sayings {
    pub spoken: Vec<Spoken>,
    pub said: Vec<Said>,
    pub own: Vec<Own>,
    /// Answers, by their texts, and what they answer.
    pub answers: Vec<(String, String)>,
    /// The ids of own texts of which somebody said that they have them.
    pub received: BTreeSet<String>,
    /// Of each conversation the places, among all own texts, of those that were said to be seen.
    pub seen: Vec<(usize, usize)>,
    signs: u32,
}

impl Sayings {
    /// A sign that nobody gave before. It is none that a person would know.
    pub fn sign(&mut self) -> String {
        self.signs += 1;
        char::from_u32(0xe000 + self.signs % 6_000).unwrap().to_string()
    }

    pub fn spoken(&self, body: &str) -> Option<&Spoken> {
        self.spoken.iter().rev().find(|spoken| spoken.body == body)
    }

    pub fn own_about<'a>(&'a mut self, about: &'a str) -> impl Iterator<Item = &'a mut Own> {
        self.own.iter_mut().filter(move |own| own.about == about)
    }
}

impl Ledger {
    /// A message of the client reached the server, whole.
    pub fn hear(&mut self, id: &str, peer: usize, message: &Element) {
        let body = message.child(ns::CLIENT, "body").map(Element::text).unwrap_or_default();
        if let Some(text) = self.texts.iter().rev().find(|text| text.id == id) {
            let said = text.body.clone();
            if !body.ends_with(&said) {
                self.complaints.push(format!("{said} was sent as {body}"));
            }
            if !self.has(id) {
                let ids = vec![id.to_owned()];
                self.sayings.spoken.push(Spoken { peer, by: By::Client, body: said.clone(), ids, reused: false });
            }
            return self.arrive(id, &said, peer);
        }
        let Some(own) = self.sayings.own.iter_mut().rev().find(|own| own.id == id) else {
            return self.complaints.push(format!("nobody wrote {body}, {id}"));
        };
        own.times += 1;
        if own.peer != peer {
            self.complaints.push(format!("{own:?} went to {}", PEERS[peer]));
        }
        if own.times > 1 {
            return;
        }
        let said =
            Said { by: By::Client, id: id.to_owned(), about: own.about.clone(), what: own.what.clone(), note: None };
        let named = match &said.what {
            What::Correct(text) => {
                if !body.ends_with(text.as_str()) {
                    self.complaints.push(format!("{said:?} was sent as {body}"));
                }
                message.child(ns::CORRECT, "replace")
            }
            What::Retract => message.child(ns::RETRACT, "retract"),
            What::React(_) => message.child(ns::REACTIONS, "reactions"),
        };
        let named = named.and_then(|named| named.attribute("id")).unwrap_or_default();
        if self.sayings.spoken(&said.about).is_some_and(|spoken| !spoken.ids.iter().any(|id| id == named)) {
            self.complaints.push(format!("{said:?} names {named}"));
        }
        self.sayings.said.push(said);
    }

    /// Notes that the server refused a message.
    pub fn refuse(&mut self, id: &str) {
        self.texts.iter_mut().filter(|text| text.id == id).for_each(|text| text.bounced = true);
        self.sayings.own.iter_mut().filter(|own| own.id == id).for_each(|own| own.bounced = true);
    }
}

impl Server {
    /// A peer says something about an earlier message: an own one, or one of the user.
    pub fn peer_says(&mut self, now: u64, peer: usize) {
        match self.rng.below(12) {
            0..=3 => self.proves(now, peer),
            4 => self.attacks(now, peer),
            _ => self.says(now, peer, By::Peer),
        }
    }

    /// The text that somebody means: mostly a new one.
    fn meant(&mut self, peer: usize, wanted: impl Fn(&Spoken) -> bool) -> Option<Spoken> {
        let all: Vec<&Spoken> =
            self.ledger.sayings.spoken.iter().filter(|spoken| spoken.peer == peer && wanted(spoken)).collect();
        let far = if self.rng.chance(70) { 6 } else { 1_000 };
        let place = all.len().checked_sub(1 + self.rng.below(far.min(all.len().max(1) as u64)) as usize)?;
        Some(all[place].clone())
    }

    pub fn says(&mut self, now: u64, peer: usize, by: By) {
        let kind = self.rng.below(10);
        let same_side = |spoken: &Spoken| spoken.by.is_own() == by.is_own();
        let Some(meant) = self.meant(peer, |spoken| kind >= 5 || same_side(spoken)) else { return };
        let about = meant.body.clone();
        let id = self.rng.id();
        let mut named = meant.ids[0].clone();
        self.bodies += 1;
        let (what, payload) = match kind {
            0..=3 => {
                let text = format!("{about} ~{}", self.bodies);
                // Some name the correction before.
                let before = self
                    .ledger
                    .sayings
                    .said
                    .iter()
                    .rev()
                    .find(|said| said.about == about && said.by == by && matches!(said.what, What::Correct(_)));
                if let Some(before) = before.filter(|_| self.rng.chance(20)) {
                    named.clone_from(&before.id);
                }
                let payload = format!("<body>{text}</body><replace xmlns='{}' id='{named}'/>", ns::CORRECT);
                (What::Correct(text), payload)
            }
            4 => (What::Retract, format!("<body>Gone.</body><retract xmlns='{}' id='{named}'/>", ns::RETRACT)),
            _ => {
                let signs: Vec<String> = (0..self.rng.below(3)).map(|_| self.ledger.sayings.sign()).collect();
                let named = self.rng.pick(&meant.ids).clone();
                let list: String = signs.iter().map(|sign| format!("<reaction>{sign}</reaction>")).collect();
                let payload = format!("<reactions xmlns='{}' id='{named}'>{list}</reactions>", ns::REACTIONS);
                (What::React(signs), payload)
            }
        };
        let note = self.ledger.incoming.len();
        let said = Said { by, id: id.clone(), about, what, note: Some(note) };
        let label = format!("{said:?}");
        self.ledger.sayings.said.push(said);
        self.speaks(now, peer, by, &id, &payload, Incoming::about(label));
    }

    /// A device of a peer has an own message, or the peer saw it.
    fn proves(&mut self, now: u64, peer: usize) {
        let is_seen = self.rng.chance(50);
        let Some(meant) = self.meant(peer, |spoken| spoken.by == By::Client) else { return };
        let place = self.ledger.by_body[&meant.body];
        let payload = if is_seen {
            self.ledger.sayings.seen.push((peer, place));
            format!("<displayed xmlns='{}' id='{}'/>", ns::MARKERS, meant.ids[0])
        } else {
            self.ledger.sayings.received.insert(meant.ids[0].clone());
            format!("<received xmlns='{}' id='{}'/>", ns::RECEIPTS, meant.ids[0])
        };
        let id = self.rng.id();
        self.speaks(now, peer, By::Peer, &id, &payload, Incoming::about(format!("{payload} of {}", meant.body)));
    }

    /// Somebody says about a message what only others may say, or under an id that is taken.
    fn attacks(&mut self, now: u64, peer: usize) {
        self.bodies += 1;
        let id = self.rng.id();
        // A message of somebody else, perhaps in another conversation.
        let all = &self.ledger.sayings.spoken;
        let others: Vec<&Spoken> = all.iter().filter(|spoken| spoken.peer != peer || spoken.by.is_own()).collect();
        let Some(place) = others.len().checked_sub(1 + self.rng.below(20) as usize) else { return };
        let of = others[place].ids[0].clone();
        let evil = format!("evil {}", self.bodies);
        let (id, payload) = match self.rng.below(5) {
            0 => (id, format!("<body>{evil}</body><replace xmlns='{}' id='{of}'/>", ns::CORRECT)),
            1 => (id, format!("<body>{evil}</body><retract xmlns='{}' id='{of}'/>", ns::RETRACT)),
            // Under the id of the message itself, and about itself.
            2 => (of.clone(), format!("<body>{evil}</body><replace xmlns='{}' id='{of}'/>", ns::CORRECT)),
            3 => (of.clone(), format!("<body>{evil}</body>")),
            _ => {
                // Under the id of an own earlier text. Only an archive tells the two apart.
                let Some(mine) = self.meant(peer, |spoken| !spoken.by.is_own()) else { return };
                if self.archive.is_none() {
                    return;
                }
                let all = self.ledger.sayings.spoken.iter_mut();
                all.filter(|spoken| spoken.body == mine.body).for_each(|spoken| spoken.reused = true);
                let of = mine.ids[0].clone();
                (of.clone(), format!("<body>{evil}</body><retract xmlns='{}' id='{of}'/>", ns::RETRACT))
            }
        };
        self.speaks(now, peer, By::Peer, &id, &payload, Incoming::about(evil));
    }

    /// Puts a message of somebody else on its way.
    pub fn speaks(&mut self, now: u64, peer: usize, by: By, id: &str, payload: &str, incoming: Incoming) {
        // Sometimes to the other device alone, of which the server sends us a copy.
        let copied = by == By::Peer && self.rng.chance(10);
        let (from, to, copy) = match by {
            By::Peer if copied => (format!("{}/p", PEERS[peer]), format!("{ME}/phone"), "received"),
            By::Peer => (format!("{}/p", PEERS[peer]), ME.to_owned(), ""),
            By::Phone | By::Client => (format!("{ME}/phone"), PEERS[peer].to_owned(), "sent"),
        };
        let xml =
            format!("<message xmlns='jabber:client' from='{from}' to='{to}' type='chat' id='{id}'>{payload}</message>");
        self.incoming(now, peer, incoming, &xml, copy);
    }

    /// Somebody else writes a text, which may answer another one.
    pub fn writes(&mut self, now: u64, peer: usize, by: By) {
        self.bodies += 1;
        let name = &PEERS[peer][..3];
        let number = self.bodies;
        let body = if by == By::Peer { format!("{name}→me #{number}") } else { format!("phone→{name} #{number}") };
        let id = self.rng.id();
        let mut ids = vec![id.clone()];
        if self.rng.chance(20) {
            ids.push(self.rng.id());
        }
        let origin = ids.last().unwrap().clone();
        let mut payload = String::new();
        let answered = if self.rng.chance(20) { self.meant(peer, |_| true) } else { None };
        if let Some(answered) = answered {
            let of = self.rng.pick(&answered.ids);
            payload.push_str(&format!(
                "<body>&gt; x\n{body}</body><reply xmlns='{}' id='{of}'/><fallback xmlns='{}' for='{}'><body start='0' end='4'/></fallback>",
                ns::REPLY, ns::FALLBACK, ns::REPLY
            ));
            self.ledger.sayings.answers.push((body.clone(), answered.body));
        } else {
            payload.push_str(&format!("<body>{body}</body>"));
        }
        payload.push_str(&format!("<origin-id xmlns='urn:xmpp:sid:0' id='{origin}'/>"));
        if by == By::Peer && self.rng.chance(50) {
            payload.push_str(&format!("<request xmlns='{}'/><markable xmlns='{}'/>", ns::RECEIPTS, ns::MARKERS));
        }
        self.ledger.sayings.spoken.push(Spoken { peer, by, body: body.clone(), ids, reused: false });
        self.speaks(now, peer, by, &id, &payload, Incoming::text(body));
    }
}

/// Whether a text is what a correction says, and no text of its own.
pub fn is_corrected(body: &str) -> bool {
    body.contains(" ~")
}

/// Whether the user moved a text, or nobody knows any more where it is.
pub const fn has_moved(text: &Text) -> bool {
    text.retried || text.bounced || text.discarded || text.adrift
}
