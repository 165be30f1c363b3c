use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;
use waxwing::platform::delivery::Delivery;

use crate::page::{hold_frames, pause, set_visibility, until};

type Received = Rc<RefCell<Vec<Vec<u32>>>>;

fn delivery() -> (Delivery<u32>, Received) {
    let received = Received::default();
    let into = received.clone();
    (Delivery::new(Box::new(move |batch| into.borrow_mut().push(batch))), received)
}

#[wasm_bindgen_test]
async fn what_changes_within_a_frame_comes_together() {
    let (delivery, received) = delivery();
    delivery.add(1);
    delivery.add(2);
    assert!(received.borrow().is_empty());
    until("the frame", || *received.borrow() == [[1, 2]]).await;
    delivery.add(3);
    until("the next frame", || received.borrow().len() == 2).await;
    pause(300).await;
    assert_eq!(received.borrow().len(), 2, "the time limit of a frame that came must not deliver again");
}

#[wasm_bindgen_test]
async fn a_hidden_page_is_told_without_frames_and_timers() {
    let (delivery, received) = delivery();
    set_visibility("hidden");
    delivery.add(1);
    pause(0).await;
    pause(0).await;
    set_visibility("visible");
    assert_eq!(*received.borrow(), [[1]]);
}

#[wasm_bindgen_test]
async fn a_page_that_is_hidden_before_its_frame_came_is_told_all_the_same() {
    let (delivery, received) = delivery();
    delivery.add(1);
    set_visibility("hidden");
    pause(0).await;
    pause(0).await;
    set_visibility("visible");
    assert_eq!(*received.borrow(), [[1]]);
}

#[wasm_bindgen_test]
async fn a_receiver_may_add_more() {
    let received = Received::default();
    let delivery: Rc<RefCell<Option<Delivery<u32>>>> = Rc::default();
    let (into, more) = (received.clone(), delivery.clone());
    let made = Delivery::new(Box::new(move |batch: Vec<u32>| {
        if batch == [1] {
            more.borrow().as_ref().unwrap().add(2);
        }
        into.borrow_mut().push(batch);
    }));
    delivery.replace(Some(made));
    delivery.borrow().as_ref().unwrap().add(1);
    until("both", || *received.borrow() == [[1], [2]]).await;
    delivery.take();
}

#[wasm_bindgen_test]
async fn frames_that_come_late_find_nobody_that_is_gone() {
    let (delivery, received) = delivery();
    let come = hold_frames();
    delivery.add(1);
    until("the time limit", || received.borrow().len() == 1).await;
    delivery.add(2);
    drop(delivery);
    assert_eq!(come.call0(&JsValue::UNDEFINED), Ok(JsValue::UNDEFINED));
    assert_eq!(*received.borrow(), [[1]]);
}
