//! One socket's way between the page and the server: frames in order, late, or not at all.

use std::collections::VecDeque;

use waxwing::engine::{Input, SocketEvent};

use crate::world::{Event, World};

/// What the server puts on the wire.
#[derive(Clone, Debug)]
pub enum Down {
    /// A frame, and which entry of the ledger it carries.
    Frame(String, Option<usize>),
    /// The end of the socket.
    Close,
}

#[derive(Debug, Default)]
pub struct Link {
    pub up: VecDeque<String>,
    pub down: VecDeque<Down>,
    pub last_up: u64,
    pub last_down: u64,
    /// Nothing moves before.
    pub stalled_until: u64,
    /// Frames vanish.
    pub hole_up: bool,
    pub hole_down: bool,
    /// After so many more frames the socket is reset.
    pub resets_after: Option<u64>,
    /// Whether the page still has its end, and the server its own.
    pub client: bool,
    pub server: bool,
    /// Whether the page was told that it is open.
    pub opened: bool,
}

impl World {
    pub fn connect(&mut self) {
        self.hang_up();
        self.last_link += 1;
        let id = self.last_link;
        let reachable = !self.offline && !self.down;
        let mut link = Link { client: true, server: reachable, ..Link::default() };
        if !self.quiet && self.rng.chance(12) {
            link.resets_after = Some(self.rng.below(25));
        }
        self.links.insert(id, link);
        self.links.retain(|known, link| link.client || link.server || *known == id);
        self.link = Some(id);
        let after = self.latency() * 2;
        self.note(|| format!("  == connect ({id})"));
        self.at(after, if reachable { Event::Opened(id) } else { Event::Closed(id) });
    }

    pub fn opened(&mut self, id: u64) {
        if self.link != Some(id) {
            return;
        }
        let link = self.links.get_mut(&id).unwrap();
        link.opened = true;
        if link.server {
            self.server.opened(id);
        }
        self.input(Input::Socket(SocketEvent::Opened));
    }

    pub fn closed(&mut self, id: u64) {
        if self.link == Some(id) {
            self.link = None;
            self.links.get_mut(&id).unwrap().client = false;
            self.input(Input::Socket(SocketEvent::Closed));
        }
    }

    pub fn latency(&mut self) -> u64 {
        if self.rng.chance(5) { self.rng.between(50, 3_000) } else { self.rng.between(5, 80) }
    }

    pub fn send(&mut self, frame: String) {
        self.note(|| format!("  -> {frame}"));
        self.watch.sent(&frame);
        let Some(id) = self.link else { return };
        let latency = self.latency();
        let link = self.links.get_mut(&id).unwrap();
        if link.hole_up || !link.server {
            return;
        }
        link.up.push_back(frame);
        link.last_up = link.last_up.max(self.now + latency);
        let at = link.last_up;
        self.until(at, Event::Up(id));
    }

    /// Puts on the wire what the server has to say.
    pub fn carry(&mut self) {
        for (id, down) in std::mem::take(&mut self.server.out) {
            let latency = self.latency();
            let Some(link) = self.links.get_mut(&id) else { continue };
            if matches!(down, Down::Close) {
                link.server = false;
            }
            if link.hole_down || !link.client {
                continue;
            }
            link.down.push_back(down);
            link.last_down = link.last_down.max(self.now + latency);
            let at = link.last_down;
            self.until(at, Event::Down(id));
        }
    }

    /// Whether a socket is stalled, or breaks now.
    fn held(&mut self, id: u64, event: Event) -> bool {
        let Some(link) = self.links.get_mut(&id) else { return true };
        if self.now < link.stalled_until {
            let at = link.stalled_until;
            self.until(at, event);
            return true;
        }
        match &mut link.resets_after {
            Some(0) => {
                self.reset(id);
                true
            }
            Some(frames) => {
                *frames -= 1;
                false
            }
            None => false,
        }
    }

    pub fn arrives(&mut self, id: u64) {
        if self.held(id, Event::Up(id)) {
            return;
        }
        let link = self.links.get_mut(&id).unwrap();
        if let Some(frame) = link.up.pop_front()
            && link.server
        {
            self.server.frame(self.now, id, &frame);
        }
    }

    pub fn delivers(&mut self, id: u64) {
        if self.held(id, Event::Down(id)) {
            return;
        }
        let link = self.links.get_mut(&id).unwrap();
        match link.down.pop_front() {
            Some(Down::Frame(frame, note)) if self.link == Some(id) => {
                if let Some(note) = note {
                    self.server.ledger.incoming[note].handed = true;
                }
                self.input(Input::Socket(SocketEvent::Frame(frame)));
            }
            Some(Down::Close) if self.link == Some(id) => self.closed(id),
            _ => {}
        }
    }

    /// The page drops its socket: what it sent is under way, and some of it may arrive.
    pub fn hang_up(&mut self) {
        if let Some(id) = self.link.take() {
            self.note(|| format!("  == dropped ({id})"));
            self.cut(id);
        }
    }

    /// The socket breaks. Both sides learn of it, sooner or later.
    pub fn reset(&mut self, id: u64) {
        self.note(|| format!("  == reset ({id})"));
        self.cut(id);
        let after = self.rng.between(0, 500);
        self.at(after, Event::Closed(id));
    }

    fn cut(&mut self, id: u64) {
        let Some(link) = self.links.get_mut(&id) else { return };
        let arrive = self.rng.part(link.up.len());
        let frames: Vec<String> = std::mem::take(&mut link.up).into_iter().take(arrive).collect();
        link.down.clear();
        link.client = false;
        link.hole_down = true;
        link.hole_up = true;
        link.resets_after = None;
        if !link.server || !link.opened {
            return;
        }
        for frame in frames {
            self.note(|| format!("     arrives all the same: {frame}"));
            self.server.frame(self.now, id, &frame);
        }
        let notices = if self.rng.chance(70) { 0 } else { self.rng.between(1_000, 90_000) };
        self.at(notices, Event::Lost(id));
    }
}
