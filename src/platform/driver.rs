//! Runs the engine: what happens goes in, what it wants is done, what changed is shown.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::{Rc, Weak};

use wasm_bindgen_futures::spawn_local;

use super::clock::Clock;
use super::delivery::Delivery;
use super::discovery::{self, Reach};
use super::socket::Socket;
use super::store::Store;
use super::stretch::stretch;
use super::surroundings::{self, SleepWatch, Surroundings};
use super::task::Task;
use super::unicode::prepare_password;
use super::vault::Vault;
use crate::clock::Now;
use crate::engine::account::Order;
use crate::engine::change::Change;
use crate::engine::command::{Command, Password};
use crate::engine::effect::Effect;
use crate::engine::{Engine, Input, Output, Settings};

/// How long the page's thread is kept at a time, in milliseconds.
const SLICE: f64 = 4.0;

/// A deadline noticed this late, in milliseconds, means that the page stood still in between.
const STOOD_STILL: u64 = 15_000;

/// The running engine of this page. Clones are handles of the same one; it stops when the last one is dropped.
///
/// What the user wishes is done at once. What the world brings waits in line, and is worked off in slices with
/// room in between for typing and painting, so a flood of frames delays frames only.
pub struct Driver<C: Core = Engine>(Rc<Inner<C>>);

/// What a driver drives.
pub trait Core: 'static {
    /// Whether anything of it is kept on this device. What is not kept needs no code for it either: in the widget, which is
    /// a guest in somebody else's page, whose storage may hold what another copy of the client keeps there.
    const KEEPS: bool = true;
    /// Takes one input.
    fn handle(&mut self, now: Now, input: Input);
    /// The next output, in order.
    fn poll(&mut self) -> Option<Output>;
}

impl Core for Engine {
    fn handle(&mut self, now: Now, input: Input) {
        Engine::handle(self, now, input);
    }

    fn poll(&mut self) -> Option<Output> {
        Engine::poll(self)
    }
}

struct Inner<C> {
    core: RefCell<C>,
    wishes: RefCell<VecDeque<Input>>,
    events: RefCell<VecDeque<Input>>,
    working: Cell<bool>,
    reach: Reach,
    clock: Clock,
    sleep: SleepWatch,
    socket: Socket,
    vault: Vault,
    store: Store,
    views: Delivery<Change>,
    slice: Task,
    surroundings: RefCell<Option<Surroundings>>,
    weak: Weak<Self>,
}

impl Driver {
    /// Starts an engine. `on_changes` is called at most once per frame, and may give commands.
    pub fn start(settings: Settings, reach: Reach, entropy: [u8; 32], on_changes: Box<dyn Fn(Vec<Change>)>) -> Self {
        Self::run(Engine::new(settings, entropy), reach, on_changes)
    }
}

impl<C: Core> Clone for Driver<C> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<C: Core> Driver<C> {
    /// Runs whatever takes inputs and gives outputs as an engine does.
    pub fn run(core: C, reach: Reach, on_changes: Box<dyn Fn(Vec<Change>)>) -> Self {
        let inner = Rc::new_cyclic(|weak: &Weak<Inner<C>>| Inner {
            core: RefCell::new(core),
            wishes: RefCell::default(),
            events: RefCell::default(),
            working: Cell::new(false),
            reach,
            clock: Clock::new(again(weak, Inner::rang)),
            sleep: SleepWatch::default(),
            socket: Socket::new(later(weak, |inner, event| inner.happened(Input::Socket(event)))),
            vault: Vault::new(again(weak, |inner| inner.happened(Input::RememberFailed))),
            store: Store::new(later(weak, Inner::happened)),
            views: Delivery::new(on_changes),
            slice: Task::new(again(weak, Inner::work)),
            surroundings: RefCell::default(),
            weak: weak.clone(),
        });
        let surroundings = Surroundings::watch(later(&inner.weak, |inner, change| {
            inner.happened(match change {
                surroundings::Change::Online => Input::Network { online: true },
                surroundings::Change::Offline => Input::Network { online: false },
                surroundings::Change::Woke => Input::Woke,
            });
        }));
        inner.surroundings.replace(Some(surroundings));
        Self(inner)
    }

    /// Does what the user wishes. It may be called from everywhere, also while changes are being shown.
    pub fn command(&self, command: Command) {
        self.input(Input::Command(command));
    }

    /// Tells the engine that something happened.
    pub fn input(&self, input: Input) {
        match input {
            // After the last one the driver may be gone before it gets to what waits in line.
            Input::Command(_) | Input::Restore(_) | Input::Deposed => {
                self.0.wishes.borrow_mut().push_back(prepared(input));
                self.0.serve();
            }
            other => self.0.happened(other),
        }
    }
}

impl<C: Core> Inner<C> {
    /// Puts what happened in line.
    fn happened(&self, input: Input) {
        self.events.borrow_mut().push_back(input);
        self.slice.post();
    }

    /// Serves the wishes that wait. A wish made while the engine is at work is served right after.
    fn serve(&self) {
        if self.working.replace(true) {
            return;
        }
        while let Some(wish) = next(&self.wishes) {
            self.step(wish);
        }
        self.working.set(false);
    }

    /// Works for one slice.
    fn work(&self) {
        let start = self.clock.milliseconds();
        loop {
            self.serve();
            let Some(event) = next(&self.events) else { break };
            self.working.set(true);
            self.step(event);
            self.working.set(false);
            if self.clock.milliseconds() - start >= SLICE {
                self.slice.post();
                break;
            }
        }
        self.serve();
    }

    fn step(&self, input: Input) {
        let now = self.clock.now();
        if self.sleep.slept(now) {
            self.handle(now, Input::Woke);
        }
        match input {
            // Rung for a deadline that was put off or given up since.
            Input::Tick => {
                if let Some(lateness) = self.clock.take_due() {
                    if lateness > STOOD_STILL {
                        self.handle(now, Input::Woke);
                    }
                    self.handle(now, Input::Tick);
                }
            }
            input => self.handle(now, input),
        }
    }

    /// One input, and everything that comes of it.
    fn handle(&self, now: Now, input: Input) {
        self.core.borrow_mut().handle(now, input);
        loop {
            let output = self.core.borrow_mut().poll();
            match output {
                Some(Output::Effect(effect)) => self.perform(effect),
                Some(Output::Change(change)) => self.views.add(change),
                None => break,
            }
        }
    }

    fn perform(&self, effect: Effect) {
        match effect {
            Effect::Discover { domain } => {
                let (weak, reach) = (self.weak.clone(), self.reach);
                spawn_local(async move {
                    let host_meta = discovery::host_meta(&domain, reach).await;
                    tell(&weak, Input::Discovered { domain, host_meta });
                });
            }
            Effect::Connect { url } => {
                self.drop_socket();
                self.socket.connect(&url);
            }
            Effect::Send(frame) => self.socket.send(&frame),
            Effect::Disconnect => self.drop_socket(),
            Effect::Stretch { request, hash, password, salt, iterations } => {
                let weak = self.weak.clone();
                spawn_local(async move {
                    let salted = stretch(hash, password, &salt, iterations).await;
                    tell(&weak, Input::Stretched { request, salted });
                });
            }
            Effect::Remember(_)
            | Effect::ForgetKeys
            | Effect::Forget
            | Effect::OpenStore { .. }
            | Effect::Save { .. }
            | Effect::Load { .. }
                if !C::KEEPS => {}
            Effect::Remember(remembered) => self.vault.keep(remembered),
            Effect::ForgetKeys => self.vault.forget(),
            Effect::Forget => {
                self.vault.forget();
                self.store.forget();
            }
            Effect::OpenStore { account } => self.store.open(account),
            Effect::Save { number, strict, writes } => self.store.save(number, strict, writes),
            Effect::Load { request, chunks } => self.store.load(request, chunks),
            Effect::WakeAt(deadline) => self.clock.wake_at(deadline),
        }
    }

    /// Ends the socket, and whatever of it still waits in line.
    fn drop_socket(&self) {
        self.socket.disconnect();
        self.events.borrow_mut().retain(|event| !matches!(event, Input::Socket(_)));
    }

    /// A deadline waits in line like everything else: what arrived before it may be what it was set for.
    fn rang(&self) {
        if !self.events.borrow().contains(&Input::Tick) {
            self.happened(Input::Tick);
        }
    }
}

fn next(queue: &RefCell<VecDeque<Input>>) -> Option<Input> {
    queue.borrow_mut().pop_front()
}

/// A callback with a value that comes to nothing once the driver is gone.
fn later<C: Core, T: 'static>(weak: &Weak<Inner<C>>, act: fn(&Inner<C>, T)) -> impl Fn(T) + 'static {
    let weak = weak.clone();
    move |value| {
        if let Some(inner) = weak.upgrade() {
            act(&inner, value);
        }
    }
}

/// A callback that comes to nothing once the driver is gone.
fn again<C: Core>(weak: &Weak<Inner<C>>, act: fn(&Inner<C>)) -> impl Fn() + 'static {
    let weak = weak.clone();
    move || {
        if let Some(inner) = weak.upgrade() {
            act(&inner);
        }
    }
}

fn tell<C: Core>(weak: &Weak<Inner<C>>, input: Input) {
    if let Some(inner) = weak.upgrade() {
        inner.happened(input);
    }
}

/// A password goes to the engine in the form in which servers know it.
fn prepared(input: Input) -> Input {
    match input {
        Input::Command(Command::LogIn { address, password, service, remember }) => {
            let password = Password(prepare_password(&password.0));
            Input::Command(Command::LogIn { address, password, service, remember })
        }
        Input::Command(Command::Account(order)) => Input::Command(Command::Account(match order {
            Order::Make { username, password, answers, remember } => {
                let password = Password(prepare_password(&password.0));
                Order::Make { username, password, answers, remember }
            }
            Order::ChangePassword(password) => Order::ChangePassword(Password(prepare_password(&password.0))),
            other => other,
        })),
        other => other,
    }
}
