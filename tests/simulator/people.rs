//! What people do: the user at the page, the peers, and the user with another device.

use waxwing::domain::account::Connection;
use waxwing::domain::timeline::{Body, Delivery, Direction, History, MessageKey};
use waxwing::engine::command::Command;

use crate::ledger::{PEERS, Text};
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
        match self.rng.below(20) {
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
            _ => self.come_back(),
        }
    }

    fn write(&mut self) {
        let peer = self.rng.below(3) as usize;
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
        let command = Command::SendText { id: Some(id), peer: jid(PEERS[peer]), text: body };
        // A page that does not know whether it was heard asks twice.
        if self.rng.chance(4) {
            self.command(command.clone());
        }
        self.command(command);
    }

    /// The rows of which the user must decide something.
    fn undecided(&self, wanted: impl Fn(&Delivery) -> bool) -> Vec<(usize, MessageKey, String)> {
        let mut found = Vec::new();
        for (peer, address) in PEERS.iter().enumerate() {
            let Some(timeline) = self.mirror.timeline(&jid(address)) else { continue };
            for row in (0..timeline.len()).filter_map(|place| timeline.get(place)) {
                if let (Direction::Out, Some(delivery), Body::Text(body)) = (row.direction, &row.delivery, &row.body)
                    && wanted(delivery)
                {
                    found.push((peer, row.key, body.to_string()));
                }
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
        let (peer, key, body) = self.rng.pick(&found).clone();
        let discards = self.rng.chance(40);
        self.decide_about(peer, key, &body, discards);
    }

    fn decide_about(&mut self, peer: usize, key: MessageKey, body: &str, discards: bool) {
        let waits = self.watch.state(body) == Some(&Delivery::Queued);
        let Some(text) = self.server.ledger.text(body) else { return };
        let peer = jid(PEERS[peer]);
        if discards {
            text.discarded = true;
            self.command(Command::Discard { peer, key });
        } else if !waits {
            text.retried = true;
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
        for (peer, key, body) in self.undecided(|delivery| matches!(delivery, Delivery::Failed(_))) {
            self.decide_about(peer, key, &body, false);
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
            self.server.peer_writes(self.now, peer);
        }
    }

    pub fn device(&mut self) {
        if self.quiet {
            return;
        }
        let after = self.rng.between(1_000, 40_000);
        self.at(after, Event::Device);
        let peer = self.rng.below(3) as usize;
        self.server.other_device_writes(self.now, peer);
    }
}
