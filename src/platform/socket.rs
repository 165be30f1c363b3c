//! The WebSocket (RFC 7395).
//!
//! On web-sys directly: the four listeners below weigh 1.3 KB (brotli, glue included), the same through
//! gloo-net's futures 5.9 KB, and its stream has no use for callbacks that only fill a queue.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use js_sys::{Function, Reflect};
use wasm_bindgen::JsCast;
use web_sys::{MessageEvent, WebSocket};

use super::listener::Listener;
use super::timeout::Timeout;
use crate::engine::SocketEvent;

/// The subprotocol of RFC 7395 §3.1.
const SUBPROTOCOL: &str = "xmpp";

/// How long a connection may take to open, in milliseconds. A browser itself waits for minutes.
const CONNECT_LIMIT: i32 = 10_000;

/// How long a server may take to end a connection whose stream was closed, in milliseconds.
const FAREWELL: i32 = 1_000;

/// At most one socket at a time. Its events arrive until it is closed from either side, and never after.
pub struct Socket(Rc<Inner>);

struct Inner {
    report: Box<dyn Fn(SocketEvent)>,
    current: RefCell<Option<Link>>,
}

struct Link {
    socket: WebSocket,
    opening: RefCell<Option<Timeout>>,
    _listeners: [Listener; 3],
}

impl Socket {
    /// No socket yet. `report` hears what happens; it must only take note, and must not call back.
    pub fn new(report: impl Fn(SocketEvent) + 'static) -> Self {
        Self(Rc::new(Inner { report: Box::new(report), current: RefCell::default() }))
    }

    /// Opens a socket; an older one is dropped first.
    pub fn connect(&self, url: &str) {
        self.disconnect();
        match Link::open(url, &Rc::downgrade(&self.0)) {
            Some(link) => {
                self.0.current.replace(Some(link));
            }
            // Not an address, or one that this page may not open.
            None => (self.0.report)(SocketEvent::Closed),
        }
    }

    /// Sends a text frame. Nothing is sent, and nothing said, if the socket is not open: its end is reported
    /// on its own, or was asked for.
    pub fn send(&self, frame: &str) {
        if let Some(link) = &*self.0.current.borrow()
            && link.socket.ready_state() == WebSocket::OPEN
        {
            let _ = link.socket.send_with_str(frame);
        }
    }

    /// Closes the socket and reports nothing more of it.
    pub fn disconnect(&self) {
        self.0.current.take();
    }
}

impl Link {
    fn open(url: &str, owner: &Weak<Inner>) -> Option<Self> {
        let socket = WebSocket::new_with_str(url, SUBPROTOCOL).ok()?;
        let opened = {
            let owner = owner.clone();
            Listener::new(&socket, "open", move |_| {
                with(&owner, |inner| {
                    if let Some(link) = &*inner.current.borrow() {
                        link.opening.take();
                    }
                    (inner.report)(SocketEvent::Opened);
                });
            })
        };
        let message = {
            let owner = owner.clone();
            Listener::new(&socket, "message", move |event| {
                let text = event.dyn_ref::<MessageEvent>().and_then(|event| event.data().as_string());
                with(&owner, |inner| match text {
                    Some(text) => (inner.report)(SocketEvent::Frame(text)),
                    // A binary frame: whatever this is, it is not RFC 7395.
                    None => inner.end(),
                });
            })
        };
        // An "error" tells nothing, and a "close" follows it always.
        let closed = {
            let owner = owner.clone();
            Listener::new(&socket, "close", move |_| with(&owner, Inner::end))
        };
        let owner = owner.clone();
        let opening = Timeout::new(CONNECT_LIMIT, move || with(&owner, Inner::end));
        Some(Self { socket, opening: RefCell::new(Some(opening)), _listeners: [opened, message, closed] })
    }
}

impl Drop for Link {
    /// Whoever closes a stream lets the server end the connection (RFC 7395 §3.6): some still answer when they were
    /// told that nobody reads any more, which a browser takes for a breach of the protocol. So the socket of an open
    /// connection is closed a little later, if it is not closed by then.
    fn drop(&mut self) {
        if self.socket.ready_state() == WebSocket::OPEN
            && let Some(window) = web_sys::window()
            && let Ok(close) = Reflect::get(&self.socket, &"close".into()).and_then(JsCast::dyn_into::<Function>)
            && window
                .set_timeout_with_callback_and_timeout_and_arguments_0(&close.bind0(&self.socket), FAREWELL)
                .is_ok()
        {
            return;
        }
        let _ = self.socket.close();
    }
}

impl Inner {
    fn end(&self) {
        if self.current.take().is_some() {
            (self.report)(SocketEvent::Closed);
        }
    }
}

fn with(owner: &Weak<Inner>, act: impl FnOnce(&Inner)) {
    if let Some(inner) = owner.upgrade() {
        act(&inner);
    }
}
