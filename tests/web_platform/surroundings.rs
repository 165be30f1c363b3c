use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen_test::wasm_bindgen_test;
use waxwing::clock::{Instant, Now, Timestamp};
use waxwing::platform::surroundings::Change::{Offline, Online, Woke};
use waxwing::platform::surroundings::{SleepWatch, Surroundings};
use web_sys::{Event, EventTarget};

use crate::page::set_visibility;

fn fire(target: &EventTarget, event: &str) {
    target.dispatch_event(&Event::new(event).unwrap()).unwrap();
}

#[wasm_bindgen_test]
fn the_network_and_the_return_are_noticed() {
    let window = web_sys::window().unwrap();
    let document = window.document().unwrap();
    let seen = Rc::new(RefCell::new(Vec::new()));
    let into = seen.clone();
    let watch = Surroundings::watch(move |change| into.borrow_mut().push(change));
    fire(&window, "offline");
    fire(&window, "online");
    set_visibility("hidden");
    fire(&window, "pageshow");
    assert_eq!(*seen.borrow(), [Offline, Online], "hiding the page and its first show are no return");
    set_visibility("visible");
    fire(&window, "focus");
    fire(&document, "resume");
    assert_eq!(*seen.borrow(), [Offline, Online, Woke], "one return, however many events tell it");
    drop(watch);
    fire(&window, "offline");
    assert_eq!(seen.borrow().len(), 3);
}

#[wasm_bindgen_test]
fn sleep_is_seen_in_the_clocks() {
    let watch = SleepWatch::default();
    let at = |instant, timestamp| Now { instant: Instant(instant), timestamp: Timestamp(timestamp) };
    assert!(!watch.slept(at(0, 1_000_000)));
    assert!(!watch.slept(at(60_000, 1_060_100)), "both went on together");
    assert!(watch.slept(at(60_010, 2_000_000)), "only the civil clock went on");
    assert!(!watch.slept(at(60_020, 2_000_010)), "told once");
    assert!(!watch.slept(at(60_030, 5)), "set back by hand");
}
