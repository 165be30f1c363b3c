//! A visitor at a support desk, in the chat of somebody else's page.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use waxwing::domain::account::{Account, Connection};
use waxwing::domain::conversation::{Conversation, Notify};
use waxwing::domain::desk::{DeskChange, Own, OwnVisit};
use waxwing::domain::room::{Phase, Role, Room, RoomChange};
use waxwing::engine::change::Change;
use waxwing::engine::command::Command;
use waxwing::engine::desk::{DeskOrder, Question};
use waxwing::ui::widget::{Ask, Desk, Entry, Setup, Told, Widget, With};
use web_sys::{Event, EventInit, HtmlElement};

use crate::fixture::{self, jid};
use crate::page::{document, until};

const VISIT: &str = "visit-00112233445566778899aabbccddeeff@rooms.ex";

struct Chat {
    root: HtmlElement,
    client: waxwing::ui::client::Client,
    asked: fixture::Asked,
    told: Rc<RefCell<Vec<Told>>>,
    _kept: Box<dyn std::any::Any>,
}

/// The chat with a desk of its own, so that tests keep nothing for each other.
fn chat(desk: &str, ask: &str, away: bool) -> Chat {
    let (client, asked) = fixture::asked_client();
    let root: HtmlElement = document().create_element("div").unwrap().unchecked_into();
    document().body().unwrap().append_child(&root).unwrap();
    let address = jid(desk);
    let desk = Desk { addresses: vec![address.clone()], rooms: None, asks: Ask::read(Some(ask)), away, label: None };
    let setup = Setup {
        with: With::Desk(address, Rc::new(desk)),
        entry: Entry::Guest(jid("guests.ex")),
        nickname: None,
        service: None,
        picture_hosts: Vec::new(),
        place: "https://chat.ex/".into(),
    };
    let told = Rc::new(RefCell::new(Vec::new()));
    let heard = told.clone();
    let kept = Widget::mount(root.clone(), client, setup, move |what| heard.borrow_mut().push(what));
    Chat { root, client, asked, told, _kept: Box::new(kept) }
}

impl Chat {
    fn find(&self, hook: &str) -> Option<HtmlElement> {
        let found = self.root.query_selector(&format!("[data-testid='{hook}']")).unwrap()?;
        Some(found.unchecked_into())
    }

    async fn press(&self, hook: &str) {
        until(hook, || self.find(hook).is_some()).await;
        self.find(hook).unwrap().click();
    }

    fn write(&self, hook: &str, text: &str) {
        let field = self.find(hook).unwrap();
        js_sys::Reflect::set(&field, &"value".into(), &text.into()).unwrap();
        let init = EventInit::new();
        init.set_bubbles(true);
        field.dispatch_event(&Event::new_with_event_init_dict("input", &init).unwrap()).unwrap();
    }

    fn text(&self, hook: &str) -> String {
        self.find(hook).and_then(|part| part.text_content()).unwrap_or_default()
    }

    fn orders(&self) -> Vec<DeskOrder> {
        let asked = self.asked.borrow();
        let desk =
            asked.iter().filter_map(|one| if let Command::Desk(order) = one { Some(order.clone()) } else { None });
        desk.collect()
    }

    /// The engine says how far the visit is.
    fn visit(&self, stage: Own) {
        let own =
            OwnVisit { room: Some(jid(VISIT)), key: "k".into(), nick: "Anna".into(), read: Some("7".into()), stage };
        self.client.apply(vec![Change::Desk(DeskChange::Own(Some(own)))]);
    }

    /// In the group chat, with or without a voice.
    fn is_in(&self, role: Role) {
        let account = Account { address: jid("x1@guests.ex"), device: None, remembered: false };
        let room = Room { phase: Phase::Joined, role, ..Room::new(jid(VISIT), "Anna".into()) };
        self.client.apply(vec![
            Change::Account(Some(account)),
            Change::Connection(Connection::Online),
            Change::Room(RoomChange::Room(room)),
            Change::Conversation(Conversation { room: Some(Notify::All), ..Conversation::new(jid(VISIT)) }),
        ]);
    }
}

impl Drop for Chat {
    fn drop(&mut self) {
        self.root.remove();
    }
}

#[wasm_bindgen_test]
async fn what_is_asked_first_goes_to_the_desk_and_the_conversation_is_kept_for_other_pages() {
    let one = chat("first@desk.ex", "name* email topic*", false);
    until("the form", || one.find("visit-form").is_some()).await;
    assert!(one.asked.borrow().is_empty(), "nobody is connected before they want to talk");
    one.press("visit-begin").await;
    until("it is said", || one.text("visit-form").contains("Please fill in what is missing.")).await;
    one.write("visit-name", " Anna ");
    one.write("visit-email", "anna");
    one.write("visit-topic", "My order\nNumber 7");
    one.press("visit-begin").await;
    until("it is said", || one.text("visit-form").contains("not a complete e-mail")).await;
    one.write("visit-email", "anna@ex.org");
    one.press("visit-begin").await;
    let question = Question {
        desk: vec![jid("first@desk.ex")],
        service: None,
        nick: "Anna".into(),
        title: "Visitor Anna".into(),
        topic: "My order".into(),
        first: "Name: Anna\nE-mail: anna@ex.org\nMy order\nNumber 7".into(),
    };
    assert_eq!(one.orders(), [DeskOrder::Ask(question)]);
    assert!(one.asked.borrow().iter().any(|asked| matches!(asked, Command::LogInAsGuest { .. })));
    one.is_in(Role::Participant);
    one.visit(Own::Making);
    until("it waits", || one.root.text_content().unwrap().contains("Connecting…")).await;
    one.visit(Own::Asked);
    until("the field", || one.find("composer").is_some()).await;
    until("the line", || one.text("widget-line") == "Somebody will be with you soon.").await;
    assert!(one.told.borrow().contains(&Told::Ready));

    // Another page of the same shop.
    let other = chat("first@desk.ex", "name", false);
    let back = DeskOrder::Return { room: jid(VISIT), key: "k".into(), nick: "Anna".into(), read: Some("7".into()) };
    until("it comes back", || other.orders() == [back.clone()]).await;
    assert!(other.find("visit-form").is_none());

    // It is kept and ended from its menu, each after one more question.
    one.press("visit-menu").await;
    one.press("visit-keep").await;
    until("the way", || one.find("visit-keep-open").is_some()).await;
    let link = one.find("visit-keep-open").unwrap();
    assert_eq!(link.get_attribute("href").unwrap(), format!("https://chat.ex/index.html#xmpp:{VISIT}?join;name=Anna"));
    assert!(link.get_attribute("rel").unwrap().contains("noopener"));
    one.press("visit-cancel").await;
    one.press("visit-menu").await;
    one.press("visit-end").await;
    one.press("visit-end-confirm").await;
    let left = DeskOrder::Leave { words: "The visitor has ended the conversation.".into() };
    assert_eq!(one.orders().last(), Some(&left));
}

#[wasm_bindgen_test]
async fn what_the_desk_ended_can_be_read_and_saved_and_another_one_begun() {
    let one = chat("second@desk.ex", "", true);
    until("it is said that nobody is here", || one.text("visit-form").contains("Nobody is here at the moment.")).await;
    assert_eq!(one.text("visit-begin"), "Leave a message");
    one.press("visit-begin").await;
    one.is_in(Role::Visitor);
    one.visit(Own::Ended);
    until("the end", || one.text("visit-ended").contains("This conversation has ended.")).await;
    assert!(one.find("composer").is_none() && one.find("ask-to-speak").is_none());
    one.press("visit-save-ended").await;
    one.press("visit-again").await;
    until("the form", || one.find("visit-form").is_some()).await;
    let storage = web_sys::window().unwrap().local_storage().unwrap().unwrap();
    assert_eq!(storage.get_item("waxwing.visit.second@desk.ex").unwrap(), None);
    assert!(one.asked.borrow().iter().any(|asked| matches!(asked, Command::LogOut)));
}

#[wasm_bindgen_test]
async fn where_it_cannot_go_on_it_says_so() {
    let one = chat("third@desk.ex", "topic", false);
    one.press("visit-begin").await;
    one.is_in(Role::Participant);
    one.visit(Own::Direct(jid("third@desk.ex")));
    until("the field", || one.find("composer").is_some()).await;
    until("it is said", || one.text("visit-direct").contains("ends when you leave the page")).await;
}
