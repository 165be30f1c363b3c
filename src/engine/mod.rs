//! The one door. Input, command and time go in; effects and changes come out. Nothing in here waits, reads a
//! clock, draws a random number or touches the browser, so any bug is a replayable list of inputs.

pub mod change;
pub mod command;
pub mod effect;
pub mod mirror;

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use self::change::Change;
use self::command::Command;
use self::effect::{Effect, Remembered};
use crate::clock::Now;
pub use crate::wire::host_meta::{HostMeta, Link};

/// What can happen to the engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// The user wishes something.
    Command(Command),
    /// What an earlier visit kept was found at start: sign in with it.
    Restore(Box<Remembered>),
    /// The answer to [`Effect::Discover`].
    Discovered {
        /// Whose addresses were sought.
        domain: String,
        /// What was found; empty documents where nothing was.
        host_meta: HostMeta,
    },
    /// Something happened to the socket.
    Socket(SocketEvent),
    /// The answer to [`Effect::Stretch`].
    Stretched {
        /// The number of the request.
        request: u32,
        /// The stretched password, as long as the hash.
        salted: Vec<u8>,
    },
    /// [`Effect::Remember`] could not be done.
    RememberFailed,
    /// The browser says whether there is a network.
    Network {
        /// Whether there is one.
        online: bool,
    },
    /// The page became visible, or the machine woke up: the connection may be dead without knowing it.
    Woke,
    /// The time of [`Effect::WakeAt`] has come.
    Tick,
}

/// What a socket does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SocketEvent {
    /// It is open.
    Opened,
    /// A text frame arrived.
    Frame(String),
    /// It is closed, or could not be opened. Nothing follows.
    Closed,
}

/// What comes out of the engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// For the world.
    Effect(Effect),
    /// For the views.
    Change(Change),
}

/// What the operator of a copy set, as far as it concerns the engine.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// The WebSocket address of the operator's server; discovery is skipped for `domain`.
    pub service: Option<String>,
    /// The domain that `service` serves; any domain, if `None`.
    pub domain: Option<String>,
    /// Whether PLAIN may be used where nothing better is offered, over an encrypted or local connection.
    pub allow_plain: bool,
}

/// The client of one account.
#[derive(Debug)]
pub struct Engine {
    outputs: VecDeque<Output>,
}

impl Engine {
    /// A client that is signed out. `entropy` must come from a cryptographic source; every id and nonce is derived from it.
    pub fn new(_settings: Settings, _entropy: [u8; 32]) -> Self {
        Self { outputs: VecDeque::new() }
    }

    /// Takes one input. Drain [`Engine::poll`] before the next.
    pub fn handle(&mut self, _now: Now, _input: Input) {}

    /// The next output, in order.
    pub fn poll(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }
}
