//! Putting a file to its place (XEP-0363 §6).
//!
//! By `XMLHttpRequest` and not by `fetch`, which does not tell how much of a body has left: a bar that does not move
//! for minutes is what people give up on.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{Blob, Event, EventTarget, ProgressEvent, XmlHttpRequest};

use super::listener::Listener;
use super::timeout::Timeout;
use crate::domain::upload::{Progress, Slot, Trouble};

/// How long nothing may move before it is given up, in milliseconds. A slow server may also take its time to answer.
const PATIENCE: i32 = 60_000;

/// Puts a file to its place and tells how far it came, the end of it once. What is returned gives it up in silence.
///
/// No credentials of this page go with it; only what the service itself asked for.
pub fn put(slot: &Slot, file: &Blob, told: Box<dyn Fn(Progress)>) -> Box<dyn Fn()> {
    let Ok(request) = XmlHttpRequest::new() else {
        told(Progress::Failed(Trouble::Unreachable));
        return Box::new(|| ());
    };
    let sending = Rc::new(Sending {
        request,
        told,
        ended: Cell::new(false),
        events: RefCell::default(),
        patience: RefCell::default(),
    });
    sending.listen();
    if sending.begin(slot, file).is_none() {
        sending.end(Some(Progress::Failed(Trouble::Unsafe)));
    }
    Box::new(move || sending.end(None))
}

struct Sending {
    request: XmlHttpRequest,
    told: Box<dyn Fn(Progress)>,
    ended: Cell<bool>,
    events: RefCell<Vec<Listener>>,
    patience: RefCell<Option<Timeout>>,
}

impl Sending {
    fn begin(&self, slot: &Slot, file: &Blob) -> Option<()> {
        self.request.open("PUT", &slot.put).ok()?;
        for (name, value) in &slot.headers {
            self.request.set_request_header(name, value).ok()?;
        }
        // The type of the file goes with it by itself, as it was named when the place was asked for.
        self.request.send_with_opt_blob(Some(file)).ok()
    }

    /// The listeners hold this up until it ends, and are let go then.
    fn listen(self: &Rc<Self>) {
        let target: &EventTarget = self.request.as_ref();
        let upload: Option<EventTarget> = self.request.upload().ok().map(|upload| upload.unchecked_into());
        let mut events = self.events.borrow_mut();
        for event in ["load", "error", "abort"] {
            events.push(self.on(target, event));
        }
        if let Some(upload) = &upload {
            events.push(self.on(upload, "progress"));
        }
        drop(events);
        self.wait();
    }

    fn on(self: &Rc<Self>, target: &EventTarget, event: &'static str) -> Listener {
        let sending = self.clone();
        Listener::new(target, event, move |event| sending.happened(&event))
    }

    fn happened(self: &Rc<Self>, event: &Event) {
        match event.dyn_ref::<ProgressEvent>() {
            Some(progress) if event.type_() == "progress" => {
                self.wait();
                let part = if progress.total() > 0.0 { progress.loaded() / progress.total() * 1000.0 } else { 0.0 };
                (self.told)(Progress::Part(part as u16));
            }
            _ => {
                let status = self.request.status().unwrap_or_default();
                self.end(Some(match status {
                    200..=299 => Progress::Done,
                    0 => Progress::Failed(Trouble::Unreachable),
                    status => Progress::Failed(Trouble::Status(status)),
                }));
            }
        }
    }

    /// Something moved.
    fn wait(self: &Rc<Self>) {
        let weak = Rc::downgrade(self);
        let patience = Timeout::new(PATIENCE, move || {
            if let Some(sending) = weak.upgrade() {
                sending.end(Some(Progress::Failed(Trouble::Stalled)));
            }
        });
        self.patience.replace(Some(patience));
    }

    fn end(self: &Rc<Self>, last: Option<Progress>) {
        if self.ended.replace(true) {
            return;
        }
        let _ = self.request.abort();
        if let Some(last) = last {
            (self.told)(last);
        }
        // Not while one of them is being called.
        let sending = self.clone();
        wasm_bindgen_futures::spawn_local(async move {
            sending.events.take();
            sending.patience.take();
        });
    }
}
