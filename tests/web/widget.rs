//! What `<waxwing-chat>` shows, and that nothing is left of it.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Object, Reflect};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use waxwing::domain::account::{Account, Connection};
use waxwing::domain::conversation::Conversation;
use waxwing::domain::problem::{Problem, Reason};
use waxwing::engine::change::Change;
use waxwing::engine::command::{Command, Password};
use waxwing::ui::widget::{Entry, Setup, Told, Widget, With};
use web_sys::{Element, HtmlElement, ShadowRoot};

use crate::fixture::{Asked, asked_client, jid};
use crate::page::{frame, until};

/// A place in a shadow tree, as widget.js makes it.
fn place() -> (Element, HtmlElement, ShadowRoot) {
    let document = web_sys::window().unwrap().document().unwrap();
    let host = document.create_element("div").unwrap();
    document.body().unwrap().append_child(&host).unwrap();
    let options = Object::new();
    Reflect::set(&options, &"mode".into(), &"open".into()).unwrap();
    let tree: ShadowRoot = host.attach_shadow(options.unchecked_ref()).unwrap();
    let place: HtmlElement = document.create_element("div").unwrap().unchecked_into();
    tree.append_child(&place).unwrap();
    (host, place, tree)
}

fn setup(entry: Entry) -> Setup {
    Setup {
        with: With::Person(jid("help@bench.test")),
        entry,
        nickname: None,
        service: None,
        picture_hosts: Vec::new(),
        place: String::new(),
    }
}

fn has(asked: &Asked, wanted: &Command) -> bool {
    asked.borrow().contains(wanted)
}

#[wasm_bindgen_test]
async fn one_comes_in_talks_and_nothing_is_left() {
    let title = web_sys::window().unwrap().document().unwrap().title();
    let (host, root, tree) = place();
    let (client, asked) = asked_client();
    let told = Rc::new(RefCell::new(Vec::new()));
    let heard = told.clone();
    let hear = move |one| heard.borrow_mut().push(one);
    let (widget, view) = Widget::mount(root.clone(), client, setup(Entry::Guest(jid("guests.test"))), hear);
    assert!(has(&asked, &Command::LogInAsGuest { domain: jid("guests.test"), service: None }));
    assert!(tree.query_selector("textarea").unwrap().is_none());
    client.apply(vec![
        Change::Account(Some(Account { address: jid("x@guests.test"), device: None, remembered: false })),
        Change::Connection(Connection::Online),
    ]);
    until("the field", || tree.query_selector("textarea").unwrap().is_some()).await;
    assert!(has(&asked, &Command::OpenConversation(jid("help@bench.test"))));
    assert!(widget.focus());
    assert!(tree.active_element().is_some_and(|focused| focused.tag_name() == "TEXTAREA"));
    assert!(told.borrow().contains(&Told::Ready) && told.borrow().contains(&Told::Connection("online")));
    client.apply(vec![Change::Conversation(Conversation { unread: 3, ..Conversation::new(jid("help@bench.test")) })]);
    until("news", || told.borrow().contains(&Told::Unread(3))).await;
    widget.send("Hello".to_owned());
    until("words", || root.text_content().is_some_and(|text| text.contains("Hello"))).await;
    assert_eq!(web_sys::window().unwrap().document().unwrap().title(), title);

    widget.end();
    assert!(has(&asked, &Command::LogOut));
    drop(view);
    client.end();
    frame().await;
    assert_eq!(root.child_element_count(), 0);
    assert_eq!(client.watched_topics(), 0);
    let before = asked.borrow().len();
    client.send(Command::Reconnect);
    assert_eq!(asked.borrow().len(), before, "who is gone wishes nothing");
    host.remove();
}

#[wasm_bindgen_test]
async fn a_token_that_is_refused_is_asked_for_again() {
    let (host, root, tree) = place();
    let (client, asked) = asked_client();
    let told = Rc::new(RefCell::new(Vec::new()));
    let heard = told.clone();
    let hear = move |one| heard.borrow_mut().push(one);
    let (widget, view) = Widget::mount(root.clone(), client, setup(Entry::Token(None)), hear);
    assert!(!asked.borrow().iter().any(|one| matches!(one, Command::LogInWithToken { .. })));
    let token = |text: &str| Command::LogInWithToken {
        address: jid("me@bench.test"),
        token: Password(text.to_owned()),
        service: None,
    };
    widget.set_token(jid("me@bench.test"), Password("old".to_owned()));
    assert!(has(&asked, &token("old")));
    client.apply(vec![Change::Connection(Connection::Failed(Problem::new(Reason::WrongPassword)))]);
    until("words", || root.text_content().is_some_and(|text| text.contains("no longer valid"))).await;
    assert!(told.borrow().iter().any(|one| matches!(one, Told::Trouble { code: "sign-in-refused", .. })));
    assert!(tree.query_selector("input[type=password]").unwrap().is_none());
    widget.set_token(jid("me@bench.test"), Password("new".to_owned()));
    assert!(has(&asked, &token("new")));
    // Whoever is in keeps the conversation, and the next connection is made by the newest.
    client.apply(vec![
        Change::Account(Some(Account { address: jid("me@bench.test"), device: None, remembered: false })),
        Change::Connection(Connection::Online),
    ]);
    until("the field", || tree.query_selector("textarea").unwrap().is_some()).await;
    widget.set_token(jid("me@bench.test"), Password("newest".to_owned()));
    assert!(!has(&asked, &token("newest")));
    client.apply(vec![
        Change::Account(None),
        Change::Connection(Connection::Failed(Problem::new(Reason::CredentialsExpired))),
    ]);
    until("another try", || has(&asked, &token("newest"))).await;
    drop(view);
    client.end();
    host.remove();
}
