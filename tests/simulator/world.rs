//! Virtual time: who does what when. The page, the server, the wire between them and the disk meet here only.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use waxwing::clock::{Instant, Now, Timestamp};
use waxwing::engine::command::{Command, Password};
use waxwing::engine::effect::Effect;
use waxwing::engine::mirror::Mirror;
use waxwing::engine::{Engine, HostMeta, Input, Output, Settings, SocketEvent};
use waxwing::jid::BareJid;

use crate::disk::Disk;
use crate::ledger::{ME, PEERS};
use crate::network::{Down, Link};
use crate::rng::Rng;
use crate::scram;
use crate::server::{EPOCH, Server};
use crate::variant::Variant;
use crate::watch::Watch;

/// The most inputs of one virtual second: more is a loop without end.
const MOST_A_SECOND: u64 = 20_000;

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Event {
    /// The next frame of a socket arrives.
    Up(u64),
    Down(u64),
    /// A socket opens, or does not.
    Opened(u64),
    Refused(u64),
    /// The page learns that its socket is gone.
    Closed(u64),
    /// The server notices the same.
    Lost(u64),
    /// The alarm that the page set; a later one replaces it.
    Alarm(u64),
    /// The disk did something; of which life of the page it was asked.
    StoreOpened(u64),
    Saved(u64),
    Loaded(u64, u64, Vec<u64>),
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
}

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
    born: u64,
    alarm: u64,
    pub links: BTreeMap<u64, Link>,
    pub link: Option<u64>,
    last_link: u64,
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
    second: (u64, u64),
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
        self.server.ledger.complaints.first().map(|complaint| self.watch.complain(complaint.clone()));
        Some(event)
    }

    fn happen(&mut self, event: Event) {
        let for_page =
            matches!(event, Event::Down(_) | Event::Opened(_) | Event::Refused(_) | Event::Closed(_) | Event::Alarm(_))
                || matches!(event, Event::StoreOpened(_) | Event::Saved(_) | Event::Loaded(..) | Event::User);
        if for_page && self.now < self.asleep_until {
            return self.until(self.asleep_until, event);
        }
        match event {
            Event::Up(id) => self.arrives(id),
            Event::Down(id) => self.delivers(id),
            Event::Opened(id) => {
                if self.link == Some(id) {
                    let link = self.links.get_mut(&id).unwrap();
                    link.opened = true;
                    if link.server {
                        self.server.opened(id);
                    }
                    self.input(Input::Socket(SocketEvent::Opened));
                }
            }
            Event::Refused(id) | Event::Closed(id) => {
                if self.link == Some(id) {
                    self.link = None;
                    self.links.get_mut(&id).unwrap().client = false;
                    self.input(Input::Socket(SocketEvent::Closed));
                }
            }
            Event::Lost(id) => self.server.lost(self.now, id),
            Event::Alarm(number) => {
                if number == self.alarm {
                    self.input(Input::Tick);
                }
            }
            Event::StoreOpened(life) if life == self.life => {
                let records = self.disk.open();
                self.unsafe_life |= records.is_err();
                self.input(Input::StoreOpened(records));
            }
            Event::Saved(life) if life == self.life => match self.disk.finish() {
                Some((number, None)) => self.input(Input::Saved { number }),
                Some((number, Some(fault))) => {
                    self.unsafe_life = true;
                    self.input(Input::SaveFailed { number, fault });
                }
                None => {}
            },
            Event::Loaded(life, request, chunks) if life == self.life => {
                let chunks = self.disk.load(&chunks);
                self.input(Input::Loaded { request, chunks });
            }
            Event::Stretched(life, request) if life == self.life => {
                self.input(Input::Stretched { request, salted: scram::salted().to_vec() });
            }
            Event::Discovered(life, domain) if life == self.life => {
                self.input(Input::Discovered { domain, host_meta: HostMeta::default() });
            }
            Event::User => self.user(),
            Event::Peer => self.peer(),
            Event::Device => self.device(),
            Event::Fault => self.fault(),
            Event::Repaired(repair) => self.repair(repair),
            Event::Start(life) => self.start(life),
            _ => {}
        }
    }

    // The page

    fn start(&mut self, life: u64) {
        if life != self.life + 1 {
            return;
        }
        self.life = life;
        self.born = self.now;
        self.unsafe_life = self.disk.fault.is_some();
        self.engine = Some(Engine::new(Settings::default(), self.rng.bytes()));
        self.mirror = Mirror::default();
        self.watch.page_begins();
        self.note(|| format!("--- the page begins, for the {life}. time"));
        match self.disk.remembered.clone() {
            Some(remembered) => self.input(Input::Restore(Box::new(remembered))),
            None => self.log_in(),
        }
    }

    pub fn log_in(&mut self) {
        self.command(Command::LogIn {
            address: jid(ME),
            password: Password(scram::PASSWORD.into()),
            service: Some("wss://s.ex/ws".into()),
            remember: self.variant.kept,
        });
    }

    pub fn command(&mut self, command: Command) {
        self.input(Input::Command(command));
    }

    pub fn input(&mut self, input: Input) {
        let Some(mut engine) = self.engine.take() else { return };
        self.steps += 1;
        if self.second.0 == self.now / 1_000 {
            self.second.1 += 1;
            if self.second.1 == MOST_A_SECOND {
                self.watch.complain("a loop without end".into());
            }
        } else {
            self.second = (self.now / 1_000, 0);
        }
        self.note(|| match &input {
            Input::Socket(SocketEvent::Frame(frame)) => format!("  <- {frame}"),
            Input::Tick => "     tick".into(),
            Input::StoreOpened(Ok(records)) => format!("     store opened, {} records", records.len()),
            Input::Loaded { request, chunks } => format!("     loaded {request}, {} chunks", chunks.len()),
            Input::Restore(_) => "     restore".into(),
            input => format!("     {input:?}"),
        });
        let instant = Instant(self.now - self.born + 1_000);
        let timestamp = Timestamp(EPOCH + self.now as i64 + self.skew);
        engine.handle(Now { instant, timestamp }, input);
        let mut changes = Vec::new();
        let mut effects = Vec::new();
        while let Some(output) = engine.poll() {
            match output {
                Output::Effect(effect) => effects.push(effect),
                Output::Change(change) => changes.push(change),
            }
        }
        self.engine = Some(engine);
        effects.into_iter().for_each(|effect| self.effect(effect));
        for change in changes {
            if self.trace.is_some() {
                self.note(|| format!("                                        {change:?}"));
            }
            self.watch.change(&change, &mut self.server.ledger, self.variant);
            self.mirror.apply(change);
        }
        self.watch.look(&mut self.server.ledger);
    }

    fn effect(&mut self, effect: Effect) {
        let life = self.life;
        match effect {
            Effect::Send(frame) => self.send(frame),
            Effect::Connect { .. } => self.connect(),
            Effect::Disconnect => self.hang_up(),
            Effect::Stretch { request, .. } => self.at(50, Event::Stretched(life, request)),
            Effect::Discover { domain } => self.at(50, Event::Discovered(life, domain)),
            Effect::Remember(remembered) => self.disk.remembered = Some(*remembered),
            Effect::ForgetKeys => self.disk.remembered = None,
            Effect::Forget => self.disk.erase(),
            Effect::OpenStore { .. } => {
                self.keeps = true;
                let after = self.rng.between(1, 200);
                self.at(after, Event::StoreOpened(life));
            }
            Effect::Save { number, writes, .. } => {
                self.note(|| format!("     save {number}: {}", crate::watch::told(&writes)));
                self.disk.save(number, writes);
                let late = if self.rng.chance(5) { 2_000 } else { 30 };
                let done = (self.now + self.rng.between(1, late)).max(self.disk.busy_until);
                self.disk.busy_until = done;
                self.until(done, Event::Saved(life));
            }
            Effect::Load { request, chunks } => {
                let after = self.rng.between(1, 60);
                self.at(after, Event::Loaded(life, request, chunks));
            }
            Effect::WakeAt(at) => {
                self.alarm += 1;
                if let Some(Instant(at)) = at {
                    let at = (at + self.born).saturating_sub(1_000).max(self.now);
                    self.until(at, Event::Alarm(self.alarm));
                }
            }
        }
    }

    /// The page is gone, at whatever moment. Its socket may have sent some of what it was given.
    pub fn crash(&mut self) {
        self.note(|| "--- the page is gone".into());
        self.engine = None;
        self.hang_up();
        let done = self.rng.part(self.disk.pending());
        self.disk.crash(done);
        let loses = self.unsafe_life || !self.variant.kept || !self.keeps;
        self.watch.page_ends(&mut self.server.ledger, loses);
        self.alarm += 1;
        let after = self.rng.between(10, 20_000);
        self.at(after, Event::Start(self.life + 1));
    }

    // The wire

    fn connect(&mut self) {
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
        self.at(after, if reachable { Event::Opened(id) } else { Event::Refused(id) });
    }

    pub fn latency(&mut self) -> u64 {
        if self.rng.chance(5) { self.rng.between(50, 3_000) } else { self.rng.between(5, 80) }
    }

    fn send(&mut self, frame: String) {
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
    fn carry(&mut self) {
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

    fn arrives(&mut self, id: u64) {
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

    fn delivers(&mut self, id: u64) {
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
            Some(Down::Close) if self.link == Some(id) => self.happen(Event::Closed(id)),
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

    /// The conversations that the peers have with us.
    pub fn peers() -> [BareJid; 3] {
        PEERS.map(jid)
    }
}
