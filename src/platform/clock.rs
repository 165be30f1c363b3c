//! Both clocks, and one alarm.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Function, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Performance, Worker};

use super::listener::Listener;
use super::timeout::Timeout;
use crate::clock::{Instant, Now, Timestamp};

/// The property of the page that holds a function which starts the alarm worker. `boot.js` puts it there: a
/// worker's address must be vouched for by a Trusted Types policy, and that policy should know this one only.
const START_WORKER: &str = "waxwingClock";

/// Reads the clocks and rings at a deadline.
///
/// Two timers run for each deadline, the page's own and one in a worker, and whoever comes first rings: a
/// hidden page's timers are held back to one a minute, which is too late for a connection; a worker's are not,
/// but it may be forbidden, missing, or have died.
pub struct Clock {
    performance: Option<Performance>,
    deadline: Cell<Option<Instant>>,
    ring: Rc<dyn Fn()>,
    timeout: RefCell<Option<Timeout>>,
    worker: Option<(Worker, Listener)>,
}

impl Clock {
    /// Calls `ring` at, or after, each deadline. It has to ask [`Clock::take_due`], for a ring may be one too many.
    pub fn new(ring: impl Fn() + 'static) -> Self {
        let ring: Rc<dyn Fn()> = Rc::new(ring);
        let worker = start_worker().map(|worker| {
            let ring = ring.clone();
            let listener = Listener::new(&worker, "message", move |_| ring());
            (worker, listener)
        });
        let performance = web_sys::window().and_then(|window| window.performance());
        Self { performance, deadline: Cell::new(None), ring, timeout: RefCell::default(), worker }
    }

    /// What the clocks show.
    pub fn now(&self) -> Now {
        let civil = js_sys::Date::now();
        let steady = self.performance.as_ref().map_or(civil, Performance::now);
        Now { instant: Instant(steady as u64), timestamp: Timestamp(civil as i64) }
    }

    /// A finer reading of the steady clock, for measuring how long something takes.
    pub fn milliseconds(&self) -> f64 {
        self.performance.as_ref().map_or_else(js_sys::Date::now, Performance::now)
    }

    /// Sets the deadline; it replaces the one before.
    pub fn wake_at(&self, deadline: Option<Instant>) {
        self.deadline.set(deadline);
        self.arm();
    }

    /// Whether the deadline has come; if so, how late it was noticed, in milliseconds. It is over then.
    pub fn take_due(&self) -> Option<u64> {
        let deadline = self.deadline.get()?;
        let now = self.now().instant;
        if now < deadline {
            // Timers are rounded, and no timer runs longer than 24 days.
            self.arm();
            return None;
        }
        self.deadline.set(None);
        self.timeout.take();
        Some(now.since(deadline))
    }

    fn arm(&self) {
        let delay = self.deadline.get().map(|deadline| {
            // A round up, or it would ring within the last millisecond and be set again.
            i32::try_from(deadline.since(self.now().instant).saturating_add(1)).unwrap_or(i32::MAX)
        });
        let timeout = delay.map(|delay| {
            let ring = self.ring.clone();
            Timeout::new(delay, move || ring())
        });
        self.timeout.replace(timeout);
        if let Some((worker, _)) = &self.worker {
            let _ = worker.post_message(&delay.map_or(JsValue::NULL, JsValue::from));
        }
    }
}

impl Drop for Clock {
    fn drop(&mut self) {
        if let Some((worker, _)) = &self.worker {
            worker.terminate();
        }
    }
}

fn start_worker() -> Option<Worker> {
    let window = web_sys::window()?;
    let start: Function = Reflect::get(&window, &START_WORKER.into()).ok()?.dyn_into().ok()?;
    start.call0(&JsValue::NULL).ok()?.dyn_into().ok()
}
