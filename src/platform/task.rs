//! A task of its own for work that must let typing and painting go first.

use std::cell::Cell;
use std::rc::Rc;

use wasm_bindgen::JsValue;
use web_sys::{MessageChannel, MessagePort};

use super::listener::Listener;

/// A callback that runs in a browser task of its own each time it is posted. Unlike a timer, a message is not
/// throttled in a hidden page and not delayed by nesting; unlike a promise, it lets other events in between.
pub struct Task {
    posted: Rc<Cell<bool>>,
    port: Option<MessagePort>,
    _listener: Option<Listener>,
}

impl Task {
    /// Prepares the callback.
    pub fn new(run: impl Fn() + 'static) -> Self {
        let posted = Rc::new(Cell::new(false));
        let Ok(channel) = MessageChannel::new() else {
            return Self { posted, port: None, _listener: None };
        };
        let receiver = channel.port2();
        let arrived = posted.clone();
        let listener = Listener::new(&receiver, "message", move |_| {
            arrived.set(false);
            run();
        });
        receiver.start();
        Self { posted, port: Some(channel.port1()), _listener: Some(listener) }
    }

    /// Runs the callback soon. Posting again before it ran changes nothing.
    pub fn post(&self) {
        if let Some(port) = &self.port
            && !self.posted.replace(true)
            && port.post_message(&JsValue::NULL).is_err()
        {
            self.posted.set(false);
        }
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        if let Some(port) = &self.port {
            port.close();
        }
    }
}
