use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Array;
use wasm_bindgen_test::wasm_bindgen_test;
use waxwing::domain::upload::{Progress, Slot, Trouble};
use waxwing::platform::upload::put;
use web_sys::Blob;

use crate::page::until;

type Told = Rc<RefCell<Vec<Progress>>>;

/// Puts something somewhere, and notes what is told of it.
fn begin(to: &str, headers: &[(&str, &str)]) -> (Told, Box<dyn Fn()>) {
    let told = Told::default();
    let noted = told.clone();
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let slot = Slot { put: to.to_owned(), headers, get: String::new() };
    let file = Blob::new_with_str_sequence(&Array::of1(&"words".into())).unwrap();
    let give_up = put(&slot, &file, Box::new(move |progress| noted.borrow_mut().push(progress)));
    (told, give_up)
}

fn end(told: &Told) -> Option<Progress> {
    told.borrow().iter().find(|progress| !matches!(progress, Progress::Part(_))).cloned()
}

/// The server of the tests takes nothing.
fn here() -> String {
    format!("{}/no-such-place", web_sys::window().unwrap().location().origin().unwrap())
}

#[wasm_bindgen_test]
async fn a_refusal_is_told_once_with_its_status() {
    let (told, give_up) = begin(&here(), &[("Authorization", "Basic abc=")]);
    until("the end", || end(&told).is_some()).await;
    assert!(matches!(end(&told), Some(Progress::Failed(Trouble::Status(400..=599)))), "{told:?}");
    give_up();
    // Whatever else there was to tell would have been told before the end of another one.
    let (other, _) = begin(&here(), &[]);
    until("the end of the other", || end(&other).is_some()).await;
    assert_eq!(told.borrow().iter().filter(|progress| !matches!(progress, Progress::Part(_))).count(), 1);
}

#[wasm_bindgen_test]
async fn where_nobody_answers_the_file_is_not_said_to_be_on_its_way() {
    let (told, _) = begin("http://127.0.0.1:9/x", &[]);
    until("the end", || end(&told).is_some()).await;
    assert_eq!(end(&told), Some(Progress::Failed(Trouble::Unreachable)));
}

#[wasm_bindgen_test]
async fn what_is_no_address_or_no_header_is_not_gone_to() {
    let (told, _) = begin("http://[", &[]);
    assert_eq!(end(&told), Some(Progress::Failed(Trouble::Unsafe)));
    let (told, _) = begin(&here(), &[("Authorization", "\u{1f339}")]);
    assert_eq!(end(&told), Some(Progress::Failed(Trouble::Unsafe)));
}

#[wasm_bindgen_test]
async fn what_was_given_up_says_nothing_more() {
    let (told, give_up) = begin(&here(), &[]);
    give_up();
    give_up();
    let (other, _) = begin(&here(), &[]);
    until("another one ends", || end(&other).is_some()).await;
    assert_eq!(end(&told), None);
}
