use std::cell::Cell;
use std::rc::Rc;

use wasm_bindgen_test::wasm_bindgen_test;
use waxwing::platform::clock::Clock;
use waxwing::platform::random;

use crate::page::{pause, until};

fn counted() -> (Rc<Clock>, Rc<Cell<u32>>) {
    let due = Rc::new(Cell::new(0));
    let clock = Rc::new_cyclic(|weak: &std::rc::Weak<Clock>| {
        let (weak, due) = (weak.clone(), due.clone());
        Clock::new(move || {
            if weak.upgrade().is_some_and(|clock| clock.take_due().is_some()) {
                due.set(due.get() + 1);
            }
        })
    });
    (clock, due)
}

#[wasm_bindgen_test]
async fn a_deadline_comes_once_and_not_early() {
    let (clock, due) = counted();
    let start = clock.now().instant;
    clock.wake_at(Some(start.after(30)));
    until("the deadline", || due.get() == 1).await;
    assert!(clock.now().instant.since(start) >= 30);
    pause(60).await;
    assert_eq!(due.get(), 1);
}

#[wasm_bindgen_test]
async fn a_deadline_is_replaced_and_cancelled() {
    let (clock, due) = counted();
    let start = clock.now().instant;
    clock.wake_at(Some(start.after(20)));
    clock.wake_at(Some(start.after(40)));
    clock.wake_at(None);
    pause(80).await;
    assert_eq!(due.get(), 0);
    clock.wake_at(Some(start));
    until("a deadline in the past", || due.get() == 1).await;
}

#[wasm_bindgen_test]
fn a_deadline_beyond_every_timer_is_accepted() {
    let (clock, due) = counted();
    clock.wake_at(Some(waxwing::clock::Instant(u64::MAX)));
    assert_eq!(due.get(), 0);
}

#[wasm_bindgen_test]
fn random_bytes_differ() {
    assert_ne!(random::bytes::<32>().unwrap(), random::bytes::<32>().unwrap());
}
