//! The handle through which components read and act.

use std::rc::Rc;

use crate::engine::change::Change;
use crate::engine::command::Command;
use crate::jid::Prepare;

/// The handle of one page: what it shows, and the way to ask for something.
#[derive(Clone)]
pub struct Client {
    _prepare: Rc<dyn Prepare>,
}

impl Client {
    /// A client that nobody is signed in to. `prepare` reads addresses that people type.
    pub fn new(prepare: Rc<dyn Prepare>) -> Self {
        Self { _prepare: prepare }
    }

    /// Says where commands go. Until then they wait.
    pub fn connect_engine(&self, _send: Rc<dyn Fn(Command)>) {}

    /// Shows changes. Called at most once per animation frame.
    pub fn apply(&self, _changes: Vec<Change>) {}
}
