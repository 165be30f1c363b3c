//! What goes on around the page: the network comes and goes, the page is looked at again, the machine wakes up.

use std::cell::Cell;
use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{Event, PageTransitionEvent, VisibilityState};

use super::listener::Listener;
use crate::clock::Now;

/// Coming back is signalled by several events at once; one is told in this many milliseconds.
const SETTLE: f64 = 1_000.0;

/// A machine was asleep if its civil clock ran ahead of its steady one by this many milliseconds.
const SLEEP: i64 = 15_000;

/// What can happen around the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// There is a network again.
    Online,
    /// There is no network.
    Offline,
    /// Time may have passed unnoticed.
    Woke,
}

/// Listens for as long as it lives.
pub struct Surroundings {
    _listeners: Vec<Listener>,
}

impl Surroundings {
    /// Calls `report` for each change; at once, if there is no network to begin with.
    pub fn watch(report: impl Fn(Change) + 'static) -> Self {
        let mut listeners = Vec::new();
        if let Some(window) = web_sys::window()
            && let Some(document) = window.document()
        {
            let report: Rc<dyn Fn(Change)> = Rc::new(report);
            if !window.navigator().on_line() {
                report(Change::Offline);
            }
            let tell = |change| {
                let report = report.clone();
                move |_: Event| report(change)
            };
            listeners.push(Listener::new(&window, "online", tell(Change::Online)));
            listeners.push(Listener::new(&window, "offline", tell(Change::Offline)));

            let last = Rc::new(Cell::new(f64::NEG_INFINITY));
            let woke = Rc::new(move || {
                let now = js_sys::Date::now();
                // A clock that was set back must not silence this for long.
                if !(0.0..SETTLE).contains(&(now - last.get())) {
                    last.set(now);
                    report(Change::Woke);
                }
            });
            let wake = |decides: fn(&Event) -> bool| {
                let woke = woke.clone();
                move |event: Event| {
                    if decides(&event) {
                        woke();
                    }
                }
            };
            listeners.push(Listener::new(&window, "focus", wake(|_| true)));
            listeners.push(Listener::new(&window, "pageshow", wake(was_kept)));
            listeners.push(Listener::new(&document, "resume", wake(|_| true)));
            listeners.push(Listener::new(&document, "visibilitychange", wake(|_| is_visible())));
        }
        Self { _listeners: listeners }
    }
}

/// Watches whether the page is shown, for as long as it lives.
pub struct Sight {
    _listener: Option<Listener>,
}

impl Sight {
    /// Calls `changed` when that may have changed.
    pub fn watch(changed: impl Fn() + 'static) -> Self {
        let document = web_sys::window().and_then(|window| window.document());
        let listen = |document: web_sys::Document| Listener::new(&document, "visibilitychange", move |_| changed());
        Self { _listener: document.map(listen) }
    }
}

/// Whether the page is shown. A page that cannot say so is.
pub fn is_visible() -> bool {
    web_sys::window()
        .and_then(|window| window.document())
        .is_none_or(|document| document.visibility_state() != VisibilityState::Hidden)
}

fn was_kept(event: &Event) -> bool {
    event.dyn_ref::<PageTransitionEvent>().is_some_and(PageTransitionEvent::persisted)
}

/// Notices by its clocks that the machine was asleep: no event tells that of a page that stays in sight.
#[derive(Debug, Default)]
pub struct SleepWatch {
    lead: Cell<Option<i64>>,
}

impl SleepWatch {
    /// Whether the machine was asleep between the last call and this one.
    pub fn slept(&self, now: Now) -> bool {
        let lead = now.timestamp.0.saturating_sub(i64::try_from(now.instant.0).unwrap_or(i64::MAX));
        self.lead.replace(Some(lead)).is_some_and(|before| lead.saturating_sub(before) > SLEEP)
    }
}
