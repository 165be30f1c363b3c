//! The form that is painted before the program arrives.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use waxwing::domain::account::Connection;
use waxwing::domain::problem::{Problem, Reason};
use waxwing::engine::change::Change;
use waxwing::engine::command::Command;
use waxwing::ui::client::Client;
use waxwing::ui::config::PageConfig;
use web_sys::{Element, HtmlFormElement, HtmlInputElement};

use crate::fixture::Plain;
use crate::page::{Page, until};

fn field(root: &Element, name: &str) -> HtmlInputElement {
    root.query_selector(&format!("input[name={name}]")).unwrap().unwrap().unchecked_into()
}

/// A client that only notes what is asked.
fn noting() -> (Client, Rc<RefCell<Vec<Command>>>) {
    let noted = Rc::new(RefCell::new(Vec::new()));
    let client = Client::new(Rc::new(Plain));
    let note = noted.clone();
    client.connect_engine(Rc::new(move |command| note.borrow_mut().push(command)));
    (client, noted)
}

fn submit(page: &Page) {
    page.get("login-form").unchecked_into::<HtmlFormElement>().request_submit().unwrap();
}

#[wasm_bindgen_test]
async fn the_form_is_taken_over_as_it_is() {
    let (client, noted) = noting();
    let painted = RefCell::new(None);
    let page = Page::configured(client, PageConfig::default(), |form| {
        field(form, "address").set_value(" Romeo@A.example ");
        field(form, "password").set_value("secret");
        painted.replace(Some(field(form, "address")));
    });
    let painted = painted.take().unwrap();
    assert!(painted.is_connected(), "the very same node");
    until("ready", || !page.get("login-submit").has_attribute("disabled")).await;
    submit(&page);
    let commands = noted.borrow();
    let Some(Command::LogIn { address, password, service, remember }) = commands.first() else {
        panic!("{commands:?}")
    };
    assert_eq!((address.as_str(), password.0.as_str()), ("romeo@a.example", "secret"));
    assert_eq!((service.as_deref(), *remember), (None, false));
}

#[wasm_bindgen_test]
async fn enter_pressed_too_early_is_not_lost() {
    let (client, noted) = noting();
    let _page = Page::configured(client, PageConfig::default(), |form| {
        field(form, "address").set_value("romeo@a.example");
        field(form, "password").set_value("secret");
        form.query_selector("form").unwrap().unwrap().set_attribute("data-early", "").unwrap();
    });
    assert!(matches!(noted.borrow().as_slice(), [Command::LogIn { .. }]));
}

#[wasm_bindgen_test]
async fn what_is_missing_is_said() {
    let (client, noted) = noting();
    let config = PageConfig { domain: Some("a.example".into()), ..PageConfig::default() };
    let page = Page::configured(client, config, |_| ());
    let says = |text: &str| page.get("login-error").text_content().unwrap().contains(text);
    submit(&page);
    assert!(says("address"));
    field(&page.root, "address").set_value("romeo");
    submit(&page);
    assert!(says("password"));
    field(&page.root, "password").set_value("secret");
    field(&page.root, "service").set_value("http://a.example");
    submit(&page);
    assert!(says("wss://") && noted.borrow().is_empty());
    field(&page.root, "service").set_value("wss://a.example/ws");
    submit(&page);
    assert!(
        matches!(noted.borrow().as_slice(), [Command::LogIn { address, .. }] if address.as_str() == "romeo@a.example")
    );
}

#[wasm_bindgen_test]
async fn a_wrong_password_leaves_the_fields_filled() {
    let page = Page::signed_out();
    field(&page.root, "address").set_value("romeo@a.example");
    page.client.apply(vec![Change::Connection(Connection::Authenticating)]);
    until("busy", || page.get("login-submit").has_attribute("disabled")).await;
    page.client.apply(vec![Change::Connection(Connection::Failed(Problem::new(Reason::WrongPassword)))]);
    until("said", || page.get("login-error").text_content().unwrap().contains("not right")).await;
    assert!(!page.get("login-submit").has_attribute("disabled"));
    assert_eq!(field(&page.root, "address").value(), "romeo@a.example");
}

#[wasm_bindgen_test]
async fn signing_in_shows_the_page_and_forgets_the_password() {
    let page = Page::signed_out();
    field(&page.root, "address").set_value("romeo@a.example");
    field(&page.root, "password").set_value("secret");
    submit(&page);
    let app = page.see("app").await;
    assert_eq!(app.get_attribute("data-connection").as_deref(), Some("online"));
    assert!(page.get("login").hidden());
    assert_eq!(field(&page.root, "password").value(), "");
    page.client.apply(vec![Change::Connection(Connection::Reconnecting {
        retry_at: None,
        problem: Problem::new(Reason::Lost),
    })]);
    until("said", || page.get("connection-status").text_content().unwrap().contains("offline")).await;
    assert_eq!(app.get_attribute("data-connection").as_deref(), Some("reconnecting"));
}
