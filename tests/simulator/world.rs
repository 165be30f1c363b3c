//! Virtual time: who does what when. The page, the server, the wire between them and the disk meet here only.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use waxwing::engine::mirror::Mirror;
use waxwing::engine::{Engine, HostMeta, Input};
use waxwing::jid::BareJid;

use crate::disk::Disk;
use crate::network::Link;
use crate::rng::Rng;
use crate::scram;
use crate::server::Server;
use crate::variant::Variant;
use crate::watch::Watch;

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Event {
    /// The next frame of a socket arrives.
    Up(u64),
    Down(u64),
    /// A socket opens.
    Opened(u64),
    /// The page learns that its socket is gone, or could not be opened.
    Closed(u64),
    /// The server notices the same.
    Lost(u64),
    /// The alarm that the page set; a later one replaces it.
    Alarm(u64),
    /// The disk did something; of which life of the page it was asked.
    Store(u64, Stored),
    Stretched(u64, u32),
    Discovered(u64, String),
    // What people do
    User,
    Peer,
    Device,
    // What goes wrong
    Fault,
    Repaired(Repair),
    /// The page begins.
    Start(u64),
    /// The world is quiet: look whether everything is as it should be.
    Look,
    /// The user does something about it.
    Tidy,
}

/// What the disk did.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stored {
    Opened,
    Saved,
    Loaded(u64, Vec<u64>),
}

/// What goes right again.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Repair {
    Acks,
    Network,
    Server,
    Store,
    Awake,
}

pub struct World {
    pub now: u64,
    pub rng: Rng,
    pub variant: Variant,
    pub server: Server,
    pub disk: Disk,
    pub watch: Watch,
    pub engine: Option<Engine>,
    pub mirror: Mirror,
    /// Counts the lives of the page.
    pub life: u64,
    pub born: u64,
    pub alarm: u64,
    pub links: BTreeMap<u64, Link>,
    pub link: Option<u64>,
    pub last_link: u64,
    /// No socket can be opened.
    pub offline: bool,
    pub down: bool,
    /// Nothing reaches the page before.
    pub asleep_until: u64,
    /// The clock of the page is off by so much.
    pub skew: i64,
    pub quiet: bool,
    /// The disk failed in this life of the page: what it had may be lost with it.
    pub unsafe_life: bool,
    /// Whether the engine keeps anything, so that a crash is fair.
    pub keeps: bool,
    queue: BinaryHeap<Reverse<(u64, u64, Event)>>,
    numbers: u64,
    pub steps: u64,
    /// The current second, and the inputs in it.
    pub second: (u64, u64),
    pub trace: Option<Vec<String>>,
}

pub fn jid(address: &str) -> BareJid {
    address.parse().unwrap()
}

impl World {
    pub fn new(variant: Variant, seed: u64, traced: bool) -> Self {
        let mut rng = Rng::new(seed);
        let server = Server::new(variant, rng.fork());
        let mut world = Self {
            now: 1_000,
            variant,
            server,
            disk: Disk::default(),
            watch: Watch::default(),
            engine: None,
            mirror: Mirror::default(),
            life: 0,
            born: 0,
            alarm: 0,
            links: BTreeMap::new(),
            link: None,
            last_link: 0,
            offline: false,
            down: false,
            asleep_until: 0,
            skew: 0,
            quiet: false,
            unsafe_life: false,
            keeps: false,
            queue: BinaryHeap::new(),
            numbers: 0,
            steps: 0,
            second: (0, 0),
            trace: traced.then(Vec::new),
            rng,
        };
        world.at(0, Event::Start(1));
        for event in [Event::User, Event::Peer, Event::Device, Event::Fault] {
            world.at(3_000, event);
        }
        world
    }

    pub fn note(&mut self, text: impl FnOnce() -> String) {
        if let Some(trace) = &mut self.trace {
            trace.push(format!("{:>9.3}  {}", self.now as f64 / 1_000.0, text()));
        }
    }

    /// Lets something happen after so many milliseconds.
    pub fn at(&mut self, after: u64, event: Event) {
        self.until(self.now + after, event);
    }

    pub fn until(&mut self, time: u64, event: Event) {
        self.numbers += 1;
        self.queue.push(Reverse((time, self.numbers, event)));
    }

    /// Lets the next thing happen; it was the last if there is none.
    pub fn step(&mut self) -> Option<Event> {
        let Reverse((time, _, event)) = self.queue.pop()?;
        self.now = self.now.max(time);
        self.happen(event.clone());
        self.carry();
        for complaint in std::mem::take(&mut self.server.ledger.complaints) {
            self.watch.complain(complaint);
        }
        Some(event)
    }

    fn happen(&mut self, event: Event) {
        let for_page = matches!(
            event,
            Event::Down(_) | Event::Opened(_) | Event::Closed(_) | Event::Alarm(_) | Event::Store(..) | Event::User
        );
        if for_page && self.now < self.asleep_until {
            return self.until(self.asleep_until, event);
        }
        match event {
            Event::Up(id) => self.arrives(id),
            Event::Down(id) => self.delivers(id),
            Event::Opened(id) => self.opened(id),
            Event::Closed(id) => self.closed(id),
            Event::Lost(id) => {
                if let Some(link) = self.links.get_mut(&id) {
                    link.server = false;
                }
                self.server.lost(self.now, id);
            }
            Event::Alarm(number) if number == self.alarm => self.input(Input::Tick),
            Event::Store(life, answer) if life == self.life => self.stored(answer),
            Event::Stretched(life, request) if life == self.life => {
                self.input(Input::Stretched { request, salted: scram::salted().to_vec() });
            }
            Event::Discovered(life, domain) if life == self.life => {
                self.input(Input::Discovered { domain, host_meta: HostMeta::default() });
            }
            Event::Alarm(_) | Event::Store(..) | Event::Stretched(..) | Event::Discovered(..) => {}
            Event::User => self.user(),
            Event::Peer => self.peer(),
            Event::Device => self.device(),
            Event::Fault => self.fault(),
            Event::Repaired(repair) => self.repair(repair),
            Event::Start(life) => self.start(life),
            Event::Look | Event::Tidy => {}
        }
    }
}
