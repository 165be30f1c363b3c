//! A support desk, as its agents see it.

use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use waxwing::domain::desk::{DeskNews, Stage};
use waxwing::engine::change::{Change, Notice};
use waxwing::engine::command::Command;
use waxwing::engine::desk::DeskOrder;

use crate::desk_fixture::{MINE, OTHERS, WAITING, busy, desk, visit};
use crate::fixture::{self, jid};
use crate::page::{Page, frame, until};

fn orders(page: &Page) -> Vec<DeskOrder> {
    let asked = page.asked.borrow();
    asked.iter().filter_map(|asked| if let Command::Desk(order) = asked { Some(order.clone()) } else { None }).collect()
}

fn text(page: &Page, hook: &str) -> String {
    page.find(hook).and_then(|part| part.text_content()).unwrap_or_default()
}

fn of(page: &Page, room: &str, inside: &str) -> Option<web_sys::Element> {
    let wanted = format!("[data-testid=visit][data-jid='{room}'] {inside}");
    page.root.query_selector(&wanted).unwrap()
}

fn press(page: &Page, room: &str, inside: &str) {
    of(page, room, inside).unwrap().unchecked_into::<web_sys::HtmlElement>().click();
}

async fn at_the_desk() -> Page {
    let mut changes = fixture::people();
    changes.extend(busy());
    let page = Page::signed_in(changes);
    page.see("visitors").await;
    page
}

#[wasm_bindgen_test]
async fn visitors_stand_beside_the_chats_by_what_became_of_them() {
    let page = at_the_desk().await;
    let words = |room: &str| of(&page, room, ".who").and_then(|part| part.text_content()).unwrap_or_default();
    assert!(words(WAITING).contains("<b>Zoë</b>") && words(WAITING).contains("Waiting since"), "{}", words(WAITING));
    assert!(!words(WAITING).contains('\u{202e}'));
    assert!(of(&page, WAITING, "p").unwrap().text_content().unwrap().contains("<i>parcel</i>"));
    assert!(words(OTHERS).contains("Visitor") && words(OTHERS).contains("With Bob"), "{}", words(OTHERS));
    // The own visitor is a conversation, with what is new in it, and stands there once.
    let row = page.row(MINE);
    assert!(row.text_content().unwrap().contains("Anna: It was to come on Monday"));
    assert_eq!(page.root.query_selector_all(&format!("[data-jid='{MINE}']")).unwrap().length(), 1);
    // Whoever waits is counted.
    until("three", || text(&page, "tab-chats").contains('3')).await;
}

#[wasm_bindgen_test]
async fn a_visitor_is_taken_and_taken_over() {
    let page = at_the_desk().await;
    press(&page, OTHERS, "[data-testid=visit-take]");
    assert_eq!(orders(&page), [DeskOrder::Take(jid(OTHERS))]);
    press(&page, WAITING, "[data-testid=visit-take]");
    assert_eq!(orders(&page)[1], DeskOrder::Take(jid(WAITING)));
    until("it is open", || text(&page, "visit-bar").contains("Nobody is with this visitor.")).await;
    page.client.apply(vec![desk(vec![visit(WAITING, Stage::Taken { by: "Bob".into(), from: None }, None, None)])]);
    until("it is lost", || text(&page, "visit-bar").contains("Bob is with this visitor.")).await;
    page.client.apply(vec![Change::Notice(Notice::Desk(jid(WAITING), DeskNews::Lost("Bob".into())))]);
    let told = || page.root.text_content().unwrap().contains("Bob took this visitor, too, and is with them now.");
    until("it is said", told).await;
    page.client.apply(vec![desk(vec![visit(WAITING, Stage::Closed, None, None)])]);
    until("it is over", || text(&page, "visit-bar").contains("has ended")).await;
}

#[wasm_bindgen_test]
async fn a_visitor_is_handed_over_put_back_and_seen_off() {
    let page = at_the_desk().await;
    page.choose(MINE).await;
    page.click("visit-put-back").await;
    page.click("visit-hand-over").await;
    page.see("hand-over-confirm").await;
    let agents = page.root.query_selector_all("[data-testid=agent]").unwrap();
    assert_eq!(agents.length(), 2);
    page.click("agent").await;
    frame().await;
    assert!(page.find("hand-over-confirm").is_none());
    page.click("visit-hand-over").await;
    page.see("agent-name").await;
    page.write("agent-name", "Carol");
    page.click("hand-over-confirm").await;
    page.click("visit-end").await;
    page.see("farewell").await;
    page.write("farewell", "Goodbye");
    page.click("visit-end-confirm").await;
    let room = || jid(MINE);
    assert_eq!(
        orders(&page),
        [
            DeskOrder::PutBack(room()),
            DeskOrder::HandOver { room: room(), to: "Bob".into() },
            DeskOrder::HandOver { room: room(), to: "Carol".into() },
            DeskOrder::Close { room: room(), words: "Goodbye".into() },
        ]
    );
}

#[wasm_bindgen_test]
async fn an_account_becomes_a_desk_and_an_empty_one_says_so() {
    let page = Page::signed_in(fixture::people());
    page.see("status-menu").await;
    assert!(page.find("visitors").is_none(), "nobody is bothered who has no desk");
    page.click("status-menu").await;
    page.click("account").await;
    page.click("is-desk").await;
    page.see("agent-name").await;
    page.write("agent-name", " Ada ");
    page.click("desk-save").await;
    assert_eq!(orders(&page), [DeskOrder::Serve { on: true, name: Some(" Ada ".into()) }]);
    page.client.apply(vec![desk(Vec::new())]);
    until("it is empty", || text(&page, "visitors").contains("No visitor is waiting.")).await;
}
