//! One engine for all tabs.
//!
//! Of the pages of one copy of the client that are open in a browser, one leads: it holds a lock and runs the engine.
//! The others show what it shows, batch by batch, and hand it what their users wish. When the leader goes, the browser
//! gives the lock to another page, which starts an engine from what is kept on this device and so resumes the stream.
//! Where there are no locks or no channels between pages, as over an insecure connection, every page runs its own.
//!
//! - *Nothing is missed.* Batches are numbered. Whoever finds a hole asks for everything, and gets it as of one number.
//! - *Nothing is done twice, or not at all.* A wish is repeated until a leader confirms it; a leader does the wishes of
//!   a page in order, each once. A text has an id from the page where it was typed, so a leader that knows nothing of
//!   what was done before sends it once all the same.
//! - *A leader that stands still* answers no questions. A page in sight asks every few seconds, and takes the lock when
//!   it got no answer three times. Only pages in sight have timers that can be trusted, and answering needs none.
//! - *Builds do not mix.* Pages of different builds understand only each other's header. The one that was loaded later
//!   has what the server gives out now; the other steps down and is loaded again, as soon as nobody looks at it. A
//!   leader whose session is in memory only would end it by that, so it leads on until its user reloads it.

mod channel;
mod follower;
mod leader;
mod lock;
pub mod outdated;

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::rc::{Rc, Weak};

use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Event, EventTarget, PageTransitionEvent, Url};

use self::channel::{About, Arrived, Channel, Header, Message};
use self::follower::Follower;
use self::leader::Leader;
use super::listener::Listener;
use super::random;
use super::surroundings::{self, Surroundings, is_visible};
use super::timeout::Timeout;
use crate::engine::Input;
use crate::engine::change::Change;
use crate::engine::command::Command;
use crate::engine::effect::Remembered;

/// A running engine: the way in. It ends when the last of these is dropped.
pub type Engine = Rc<dyn Fn(Input)>;

/// How often a page in sight asks whether the leader is there, in milliseconds.
const TICK: i32 = 5_000;

/// How long a text that a leader took may not be on disk yet, in milliseconds. Much longer than it ever takes.
const UNSAVED: f64 = 10_000.0;

/// How often the leader asks who is still there, in ticks.
const ROLL_CALL: f64 = 12.0;

/// The page that a tab is, as far as it matters here.
pub trait Page {
    /// Looks up what an engine is started with.
    fn remembered(&self) -> Pin<Box<dyn Future<Output = Option<Remembered>>>>;
    /// Starts an engine, whose changes go to `show`, once per frame at most.
    fn start(&self, show: Box<dyn Fn(Vec<Change>)>) -> Engine;
    /// Shows changes. Called once per frame at most.
    fn show(&self, changes: Vec<Change>);
    /// The changes that make an empty page show what this one does.
    fn snapshot(&self) -> Vec<Change>;
    /// There is something to show, or nothing to wait for. Called again and again.
    fn ready(&self);
    /// A newer build is there. If `stopped`, this page shows nothing new any more.
    fn outdated(&self, stopped: bool);
    /// An older build leads and cannot be replaced for now; or that is over.
    fn blocked(&self, blocked: bool);
}

/// Who this page is.
#[derive(Clone, Debug)]
pub struct Options {
    /// Names the lock and the channel: pages of the same name belong together.
    pub name: String,
    /// Names the build.
    pub version: String,
    /// When the page was loaded, in milliseconds of civil time.
    pub loaded: u64,
    /// How often a page in sight asks whether the leader is there, in milliseconds.
    pub tick: i32,
}

impl Options {
    /// This page, as its own files and address tell.
    pub fn of_page() -> Self {
        let window = web_sys::window();
        let document = window.as_ref().and_then(|window| window.document());
        // The name of the program's file has its hash in it.
        let script = document.as_ref().and_then(|document| document.query_selector("script[data-wasm]").ok().flatten());
        let version = script.and_then(|script| script.get_attribute("data-wasm")).unwrap_or_default();
        let place = document.and_then(|document| document.base_uri().ok().flatten());
        let place = place.and_then(|base| Url::new_with_base(".", &base).ok()).map(|url| url.pathname());
        let loaded = window.and_then(|window| window.performance()).map(|performance| performance.time_origin());
        Self {
            name: format!("waxwing-engine {}", place.unwrap_or_default()),
            version,
            loaded: loaded.unwrap_or_else(js_sys::Date::now) as u64,
            tick: TICK,
        }
    }
}

/// This page among the others, for as long as it lives.
pub struct Tabs(Rc<Inner>);

struct Inner {
    page: Box<dyn Page>,
    header: Header,
    options: Options,
    locks: Option<JsValue>,
    channel: RefCell<Option<Channel>>,
    role: RefCell<Role>,
    about: RefCell<About>,
    /// Wishes that no leader confirmed, as they are sent, and the number of the first of them.
    wishes: RefCell<VecDeque<Vec<u8>>>,
    next: Cell<u32>,
    /// Texts of this page that a leader took within the last seconds. A leader may die before they are on
    /// disk, so the next one gets them again, and knows by their ids whether it has them.
    texts: RefCell<VecDeque<(f64, Command)>>,
    /// The highest reign that was heard of.
    reign: Cell<u64>,
    /// Counts the times this page stood in line for the lock.
    attempt: Cell<u32>,
    /// Whether the session would end with this page's engine.
    memory_only: Cell<bool>,
    blocked: Cell<bool>,
    outdated: Cell<bool>,
    called: Cell<f64>,
    timer: RefCell<Option<Timeout>>,
    _events: Vec<Listener>,
    _surroundings: Surroundings,
    weak: Weak<Self>,
}

enum Role {
    /// Shows what a leader shows, and stands in line for the lock.
    Follower(Follower),
    /// Runs the engine.
    Leader(Leader),
    /// Takes no part: outdated, or put aside by the browser.
    Out,
}

impl Tabs {
    /// Joins the other pages.
    pub fn start(options: Options, page: Box<dyn Page>) -> Self {
        let inner = Rc::new_cyclic(|weak: &Weak<Inner>| {
            let id = random::bytes().map_or(1, u64::from_le_bytes).max(1);
            let woken = weak.clone();
            Inner {
                page,
                header: Header { version: hash(&options.version), loaded: options.loaded, from: id, to: 0 },
                locks: lock::locks(),
                channel: RefCell::default(),
                role: RefCell::new(Role::Out),
                about: RefCell::new(About { visible: is_visible(), ..About::default() }),
                wishes: RefCell::default(),
                texts: RefCell::default(),
                next: Cell::new(1),
                reign: Cell::new(0),
                attempt: Cell::new(0),
                memory_only: Cell::new(false),
                blocked: Cell::new(false),
                outdated: Cell::new(false),
                called: Cell::new(0.0),
                timer: RefCell::default(),
                _events: watch(weak),
                _surroundings: Surroundings::watch(move |change| {
                    if change == surroundings::Change::Woke
                        && let Some(inner) = woken.upgrade()
                    {
                        inner.woke();
                    }
                }),
                options,
                weak: weak.clone(),
            }
        });
        if inner.locks.is_some() {
            let weak = inner.weak.clone();
            let channel = Channel::open(&inner.options.name, move |arrived| {
                if let Some(inner) = weak.upgrade() {
                    inner.heard(arrived);
                }
            });
            inner.channel.replace(channel);
        }
        inner.join();
        inner.arm();
        Self(inner)
    }

    /// Asks the engine for something, wherever it runs.
    pub fn send(&self, mut command: Command) {
        let inner = &self.0;
        match &mut command {
            Command::Attend(peers) => {
                inner.about.borrow_mut().attends = std::mem::take(peers);
                return inner.tell_about();
            }
            Command::Show(peers) => {
                inner.about.borrow_mut().shows = std::mem::take(peers);
                return inner.tell_about();
            }
            command => {
                if let Some(id @ None) = command.sending() {
                    *id = random::bytes::<16>().map(hex);
                }
            }
        }
        match inner.engine() {
            Some(engine) => {
                inner.remember_text(&command);
                engine(Input::Command(command));
            }
            None => inner.wish(command),
        }
    }

    /// Whether the engine runs in this page.
    pub fn leads(&self) -> bool {
        self.0.engine().is_some()
    }
}

impl Inner {
    /// Says something to the other pages.
    fn post(&self, to: u64, message: &Message, changes: &[Change]) {
        self.post_written(to, &channel::write(message, changes));
    }

    fn post_written(&self, to: u64, content: &[u8]) {
        if let Some(channel) = &*self.channel.borrow() {
            channel.post(Header { to, ..self.header }, content);
        }
    }

    fn remember_text(&self, command: &Command) {
        if let Command::SendText { .. } | Command::Send { .. } = command {
            self.texts.borrow_mut().push_back((js_sys::Date::now(), command.clone()));
        }
        self.forget_texts();
    }

    fn forget_texts(&self) {
        let since = js_sys::Date::now() - UNSAVED;
        self.texts.borrow_mut().retain(|(taken, _)| *taken >= since);
    }

    /// Gives a new leader the texts that the one before may have taken to its grave.
    fn repeat_texts(&self) {
        self.forget_texts();
        let texts: Vec<Command> = self.texts.borrow().iter().map(|(_, text)| text.clone()).collect();
        for text in texts {
            match self.engine() {
                Some(engine) => engine(Input::Command(text)),
                None => self.wish(text),
            }
        }
    }

    fn engine(&self) -> Option<Engine> {
        match &*self.role.borrow() {
            Role::Leader(leader) => leader.engine.clone(),
            _ => None,
        }
    }

    /// Takes part: shows what the leader shows, and leads as soon as nobody else does.
    fn join(&self) {
        self.about.borrow_mut().visible = is_visible();
        self.role.replace(Role::Follower(Follower::new(&self.weak)));
        match &self.locks {
            Some(locks) if self.channel.borrow().is_some() => {
                self.request(locks, false);
                self.tell_here(true);
            }
            _ => self.lead(None),
        }
    }

    fn request(&self, locks: &JsValue, steal: bool) {
        let attempt = self.attempt.get().wrapping_add(1);
        self.attempt.set(attempt);
        let weak = self.weak.clone();
        let granted = Box::new(move |lock| {
            // A lock that comes too late is given back by being dropped.
            if let Some(inner) = weak.upgrade()
                && inner.attempt.get() == attempt
            {
                inner.lead(Some(lock));
            }
        });
        let promise = lock::request(locks, &self.options.name, steal, granted);
        let weak = self.weak.clone();
        spawn_local(async move {
            if let Some(promise) = promise
                && JsFuture::from(promise).await.is_err()
                && let Some(inner) = weak.upgrade()
                && inner.attempt.get() == attempt
            {
                inner.refused();
            }
        });
    }

    /// The lock was taken away, or is not to be had at all: then this page is on its own.
    fn refused(&self) {
        if self.step_down() {
            self.join();
        } else {
            self.channel.take();
            self.lead(None);
        }
    }

    /// Ends the engine in silence, for another page resumes its stream. Returns whether this page led.
    fn step_down(&self) -> bool {
        if !matches!(*self.role.borrow(), Role::Leader(_)) {
            return false;
        }
        if let Role::Leader(Leader { engine: Some(engine), .. }) = self.role.replace(Role::Out) {
            engine(Input::Deposed);
        }
        true
    }

    /// Takes no part, until the page joins again.
    fn leave(&self) {
        // Whatever lock is granted to this page from here on is given back.
        self.attempt.set(self.attempt.get().wrapping_add(1));
        if !self.step_down() && matches!(self.role.replace(Role::Out), Role::Follower(_)) {
            self.post(0, &Message::Bye, &[]);
        }
    }

    fn heard(&self, (header, bytes): Arrived) {
        if header.version != self.header.version {
            return self.foreign(header);
        }
        if header.to != 0 && header.to != self.header.from {
            return;
        }
        let Some((message, rest)) = channel::read(&bytes) else { return };
        let from = header.from;
        match message {
            Message::Here { about, next, wants } => self.is_here(from, about, next, wants),
            Message::Bye => self.is_gone(from),
            Message::Woke => {
                if let Some(engine) = self.engine() {
                    engine(Input::Woke);
                }
            }
            Message::Wish { count, command } => self.do_wish(from, count, command),
            Message::Lead { reign, number } => self.heard_leader(reign, number, header.to == 0),
            Message::Snapshot { reign, number } => self.replace_all(header, reign, number, rest),
            Message::Batch { reign, number } => self.take_batch(header, reign, number, rest),
            Message::Done { reign, count } => self.confirm(reign, count),
        }
    }

    /// A page of another build is there.
    fn foreign(&self, other: Header) {
        let newer = (other.loaded, other.version) > (self.header.loaded, self.header.version);
        let leads = matches!(*self.role.borrow(), Role::Leader(_));
        if !newer {
            self.heard_older(other);
        } else if leads && self.memory_only.get() {
            self.post(other.from, &Message::Bye, &[]);
            if !self.outdated.replace(true) {
                self.page.outdated(false);
            }
        } else if !matches!(*self.role.borrow(), Role::Out) {
            self.leave();
            self.outdated.set(true);
            self.page.outdated(true);
        }
    }

    fn unblock(&self) {
        if self.blocked.replace(false) {
            self.page.blocked(false);
        }
    }

    fn arm(&self) {
        let weak = self.weak.clone();
        let timer = Timeout::new(self.options.tick, move || {
            if let Some(inner) = weak.upgrade() {
                inner.tick();
                inner.arm();
            }
        });
        self.timer.replace(Some(timer));
    }

    fn tick(&self) {
        let due = match &*self.role.borrow() {
            Role::Follower(_) => None,
            Role::Leader(leader) if leader.is_followed() => Some(js_sys::Date::now() - self.called.get()),
            _ => return,
        };
        match due {
            None => self.ask(),
            // A clock that was set back must not silence this for long.
            Some(passed) if (0.0..ROLL_CALL * f64::from(self.options.tick)).contains(&passed) => {}
            Some(_) => {
                self.call_roll();
                self.settle();
            }
        }
    }

    /// Something is different about this page.
    fn tell_about(&self) {
        self.settle();
        self.tell_here(false);
    }

    /// The page was looked at again.
    fn woke(&self) {
        if matches!(*self.role.borrow(), Role::Follower(_)) {
            self.post(0, &Message::Woke, &[]);
        }
    }

    fn event(&self, event: &Event) {
        match event.type_().as_str() {
            "visibilitychange" => {
                self.about.borrow_mut().visible = is_visible();
                self.tell_about();
            }
            "pagehide" => self.leave(),
            // A session that is in memory only would not survive it, and others may never look here.
            "freeze" if !self.memory_only.get() => self.leave(),
            "pageshow" if !event.dyn_ref::<PageTransitionEvent>().is_some_and(PageTransitionEvent::persisted) => {}
            "pageshow" | "resume" if !self.outdated.get() && matches!(*self.role.borrow(), Role::Out) => self.join(),
            _ => {}
        }
    }
}

fn watch(weak: &Weak<Inner>) -> Vec<Listener> {
    let Some(window) = web_sys::window() else { return Vec::new() };
    let Some(document) = window.document() else { return Vec::new() };
    let (window, document): (EventTarget, EventTarget) = (window.into(), document.into());
    let events = [
        (&document, "visibilitychange"),
        (&document, "freeze"),
        (&document, "resume"),
        (&window, "pagehide"),
        (&window, "pageshow"),
    ];
    let listen = |(target, name)| {
        let weak = weak.clone();
        Listener::new(target, name, move |event| {
            if let Some(inner) = weak.upgrade() {
                inner.event(&event);
            }
        })
    };
    events.into_iter().map(listen).collect()
}

/// A notice is told once: not in a page that nobody sees, if there is one that somebody does.
fn drop_notices(changes: &mut Vec<Change>) {
    changes.retain(|change| !matches!(change, Change::Notice(_)));
}

/// FNV-1a: different builds have different numbers.
fn hash(version: &str) -> u64 {
    version.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

fn hex(bytes: [u8; 16]) -> String {
    format!("{:032x}", u128::from_be_bytes(bytes))
}
