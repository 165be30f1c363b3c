//! What people do: the user at the page, the peers, and the user with another device.

use std::rc::Rc;

use waxwing::domain::account::Connection;
use waxwing::domain::timeline::{Delivery, Direction, History, Manner, Message, MessageKey};
use waxwing::engine::command::{Command, Sending};
use waxwing::engine::mirror::Timeline;

use crate::ledger::{PEERS, Text};
use crate::saying::{By, Own, What, is_corrected};
use crate::world::{Event, World, jid};

impl World {
    pub fn user(&mut self) {
        if self.quiet {
            return;
        }
        let after = self.rng.between(50, 9_000);
        self.at(after, Event::User);
        if self.engine.is_none() {
            return;
        }
        if self.mirror.account().is_none() {
            return self.come_back();
        }
        match self.rng.below(29) {
            0..=9 => {
                // Often some in a row.
                for _ in 0..self.rng.between(1, 3) {
                    self.write();
                }
            }
            10 => {
                let peer = self.rng.below(3) as usize;
                self.command(Command::LoadOlder(jid(PEERS[peer])));
            }
            11 | 12 => {
                let peers = if self.rng.chance(30) { vec![] } else { vec![jid(PEERS[self.rng.below(3) as usize])] };
                self.command(Command::Show(peers.clone()));
                self.command(Command::Attend(peers));
            }
            13 => self.command(Command::LoadMissing),
            14 => {
                let peer = jid(PEERS[self.rng.below(3) as usize]);
                let text = if self.rng.chance(30) { String::new() } else { "half a sent".into() };
                self.command(Command::SetDraft { peer, text });
            }
            15 => {
                self.command(Command::OpenConversation(jid(PEERS[self.steps as usize % 3])));
                self.go_to_an_old_one();
            }
            16..=18 => self.decide(),
            19..=27 => self.say_something(),
            _ => self.come_back(),
        }
    }

    fn write(&mut self) {
        let peer = self.rng.below(3) as usize;
        let (id, body) = self.new_text(peer);
        let command = Command::SendText { id: Some(id), peer: jid(PEERS[peer]), text: body };
        // A page that does not know whether it was heard asks twice.
        if self.rng.chance(4) {
            self.command(command.clone());
        }
        self.command(command);
    }

    /// Notes a text that is about to be sent; its id, and what it says.
    fn new_text(&mut self, peer: usize) -> (String, String) {
        let number = self.server.ledger.texts.len() + 1;
        let body = format!("me→{} #{number}", &PEERS[peer][..3]);
        let id = self.rng.id();
        self.server.ledger.by_body.insert(body.clone(), number - 1);
        self.server.ledger.texts.push(Text {
            id: id.clone(),
            body: body.clone(),
            peer,
            shown: false,
            discarded: false,
            retried: false,
            excused: false,
            adrift: false,
            bounced: false,
        });
        (id, body)
    }

    /// All rows of texts, with what they said at first.
    fn rows(&self) -> Vec<(usize, String, Rc<Message>)> {
        let mut found = Vec::new();
        for (peer, address) in PEERS.iter().enumerate() {
            let Some(timeline) = self.mirror.timeline(&jid(address)) else { continue };
            for row in (0..timeline.len()).filter_map(|place| timeline.get(place)) {
                if let Some(first) = self.watch.first_text(peer, row) {
                    found.push((peer, first, Rc::clone(row)));
                }
            }
        }
        found
    }

    /// Corrects, takes back, reacts, or answers: mostly what is new.
    fn say_something(&mut self) {
        let peer = self.rng.below(3) as usize;
        let is_own = self.rng.chance(60);
        let is_fit = |(whose, first, row): &(usize, String, Rc<Message>)| {
            *whose == peer
                && !is_corrected(first)
                && first.contains(" #")
                && (row.direction == Direction::Out) == is_own
        };
        let found: Vec<_> = self.rows().into_iter().filter(is_fit).collect();
        let far = if self.rng.chance(70) { 5 } else { 1_000 };
        let back = 1 + self.rng.below(far.min(found.len().max(1) as u64)) as usize;
        let Some((_, about, row)) = found.len().checked_sub(back).map(|place| found[place].clone()) else { return };
        let (id, key) = (self.rng.id(), row.key);
        let (what, said) = match self.rng.below(10) {
            0..=4 if is_own => {
                let text = format!("{about} ~{}", self.server.ledger.sayings.own.len() + 100_000);
                (Sending::Correct { key, text: text.clone() }, What::Correct(text))
            }
            5 if is_own => {
                if matches!(row.delivery, Some(Delivery::Queued | Delivery::Failed(_))) {
                    self.drops(&about);
                }
                (Sending::Retract(key), What::Retract)
            }
            6 | 7 => {
                let (id, text) = self.new_text(peer);
                self.server.ledger.sayings.answers.push((text.clone(), about));
                let what = Sending::Text { text, reply: Some(key), manner: Manner::default(), private: None };
                return self.command(Command::Send { id: Some(id), peer: jid(PEERS[peer]), what });
            }
            _ => {
                let emojis: Vec<String> = (0..self.rng.below(3)).map(|_| self.server.ledger.sayings.sign()).collect();
                (Sending::React { key, emojis: emojis.clone() }, What::React(emojis))
            }
        };
        self.server.ledger.sayings.own.push(Own {
            id: id.clone(),
            peer,
            about,
            what: said,
            shown: false,
            discarded: false,
            excused: false,
            adrift: false,
            retried: false,
            bounced: false,
            times: 0,
        });
        self.command(Command::Send { id: Some(id), peer: jid(PEERS[peer]), what });
    }

    /// A text is dropped, and with it what waits to be said about it.
    fn drops(&mut self, body: &str) {
        if let Some(text) = self.server.ledger.text(body) {
            text.discarded = true;
        }
        self.server.ledger.sayings.own_about(body).for_each(|own| own.discarded = true);
    }

    /// The rows of which the user must decide something, and whether it is about the text itself.
    fn undecided(&self, wanted: impl Fn(&Delivery) -> bool) -> Vec<(usize, MessageKey, String, bool)> {
        let mut found = Vec::new();
        for (peer, first, row) in self.rows() {
            let itself = row.direction == Direction::Out && row.delivery.as_ref().is_some_and(&wanted);
            if itself || row.amending().is_some_and(|amending| wanted(&amending.delivery)) {
                // While a text itself is in trouble the user decides about that.
                let in_trouble =
                    |state: &Delivery| matches!(state, Delivery::Queued | Delivery::Failed(_) | Delivery::Unknown);
                let itself = row.direction == Direction::Out && row.delivery.as_ref().is_some_and(in_trouble);
                found.push((peer, row.key, first, itself));
            }
        }
        found
    }

    fn decide(&mut self) {
        let found =
            self.undecided(|delivery| matches!(delivery, Delivery::Failed(_) | Delivery::Unknown | Delivery::Queued));
        if found.is_empty() {
            return;
        }
        let (peer, key, body, itself) = self.rng.pick(&found).clone();
        let discards = self.rng.chance(40);
        self.decide_about(peer, key, &body, itself, discards);
    }

    fn decide_about(&mut self, peer: usize, key: MessageKey, body: &str, itself: bool, discards: bool) {
        let waits = self.watch.state(body) == Some(&Delivery::Queued);
        let peer = jid(PEERS[peer]);
        if discards {
            if itself {
                self.drops(body);
            } else {
                self.server.ledger.sayings.own_about(body).for_each(|own| own.discarded = true);
            }
            self.command(Command::Discard { peer, key });
        } else if !waits || !itself {
            if let Some(text) = self.server.ledger.text(body).filter(|_| itself) {
                text.retried = true;
            }
            if !itself {
                self.server.ledger.sayings.own_about(body).for_each(|own| own.retried = true);
            }
            self.command(Command::Retry { peer, key });
        }
    }

    /// The user sees that the page gave up.
    fn come_back(&mut self) {
        if self.engine.is_none() {
            return;
        }
        if self.mirror.account().is_none()
            && !matches!(self.mirror.connection(), Connection::Connecting | Connection::Authenticating)
        {
            self.log_in();
        } else if matches!(self.mirror.connection(), Connection::Failed(_)) {
            self.command(Command::Reconnect);
        }
    }

    /// What a patient user does once nothing goes wrong any more: looks at everything.
    pub fn tidy(&mut self) {
        if self.engine.is_none() || self.now < self.asleep_until {
            return;
        }
        self.come_back();
        for (peer, key, body, itself) in self.undecided(|delivery| matches!(delivery, Delivery::Failed(_))) {
            self.decide_about(peer, key, &body, itself, false);
        }
        // What is refused and has no row that shows it is decided about by the words above the field.
        for (peer, address) in PEERS.into_iter().enumerate() {
            if let Some(key) = self.mirror.conversation(&jid(address)).and_then(|view| view.held_by) {
                // It may be a text that is not read from disk yet.
                let body = self.watch.said_by(peer, key);
                if body.is_none() && self.mirror.timeline(&jid(address)).is_none_or(Timeline::is_empty) {
                    // Nobody knows which one.
                    self.command(Command::OpenConversation(jid(address)));
                    continue;
                }
                if let Some(text) = body.and_then(|body| self.server.ledger.text(body)) {
                    text.retried = true;
                }
                self.command(Command::Retry { peer: jid(address), key });
            }
        }
        if *self.mirror.connection() != Connection::Online {
            return;
        }
        if self.rng.chance(5) {
            self.command(Command::Show(PEERS.map(jid).to_vec()));
            self.command(Command::LoadMissing);
        }
        for address in PEERS {
            // A first visit brings the newest pages only: whom they do not have is looked for by name.
            if self.mirror.conversation(&jid(address)).is_none() {
                self.command(Command::OpenConversation(jid(address)));
            }
            if matches!(self.mirror.history(&jid(address)), History::More | History::Failed) {
                self.command(Command::LoadOlder(jid(address)));
            }
        }
    }

    pub fn peer(&mut self) {
        if self.quiet {
            return;
        }
        let after = self.rng.between(50, 12_000);
        self.at(after, Event::Peer);
        for _ in 0..self.rng.between(1, 4) {
            let peer = self.rng.below(3) as usize;
            if self.rng.chance(60) {
                self.server.writes(self.now, peer, By::Peer);
            } else {
                self.server.peer_says(self.now, peer);
            }
        }
    }

    pub fn device(&mut self) {
        if self.quiet {
            return;
        }
        let after = self.rng.between(1_000, 40_000);
        self.at(after, Event::Device);
        let peer = self.rng.below(3) as usize;
        if self.rng.chance(50) {
            self.server.writes(self.now, peer, By::Phone);
        } else {
            self.server.says(self.now, peer, By::Phone);
        }
    }
}
