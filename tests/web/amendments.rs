//! What can be done with a message, and what is shown of what was done.

use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use waxwing::domain::timeline::{Delivery, Direction, MessageKey};
use waxwing::engine::change::{Change, Names, TimelineEdit};
use waxwing::engine::command::{Command, Sending};
use web_sys::{Element, Event, EventInit, HtmlElement};

use crate::fixture::{self, jid, text};
use crate::page::{Page, press, until, value};

const PEER: &str = "grace@bench.test";

async fn opened(changes: Vec<Change>) -> Page {
    Page::opened(PEER, changes).await
}

fn message(page: &Page, key: u64) -> HtmlElement {
    page.all(&format!("[data-key='{key}']")).swap_remove(0)
}

/// Comes to a message with the pointer.
async fn point(page: &Page, key: u64) {
    let init = EventInit::new();
    init.set_bubbles(true);
    let event = Event::new_with_event_init_dict("pointerover", &init).unwrap();
    message(page, key).dispatch_event(&event).unwrap();
    page.see("message-more").await;
}

fn sent(page: &Page) -> Option<Sending> {
    let asked = page.asked.borrow();
    asked.iter().rev().find_map(|command| match command {
        Command::Send { what, .. } => Some(what.clone()),
        _ => None,
    })
}

fn inside(message: &HtmlElement, hook: &str) -> Option<Element> {
    message.query_selector(&format!("[data-testid={hook}]")).unwrap()
}

#[wasm_bindgen_test]
async fn what_was_done_with_a_message_is_shown_beside_it() {
    let page = opened(fixture::around(&jid(PEER))).await;
    let all = |key: u64| message(&page, key).text_content().unwrap();
    assert!(all(1).contains("👍") && all(1).contains('2'), "{}", all(1));
    assert_eq!(inside(&message(&page, 1), "reaction").unwrap().get_attribute("aria-pressed").as_deref(), Some("true"));
    assert!(all(2).contains("edited"));
    let quote = inside(&message(&page, 3), "quote").unwrap();
    assert!(quote.text_content().unwrap().contains("The one at 7:40") && quote.tag_name() == "BUTTON");
    assert!(all(4).contains("This message was removed"));
    let claimed = inside(&message(&page, 5), "quote").unwrap();
    assert!(
        claimed.text_content().unwrap().contains("Quoted by You") && claimed.tag_name() == "DIV",
        "no more than a claim"
    );
    assert!(
        inside(&message(&page, 6), "change-retry").is_some() && inside(&message(&page, 6), "change-discard").is_some()
    );
    assert!(all(7).contains("Is being removed"));
    assert!(page.get("conversation").text_content().unwrap().contains("writing…"));
    inside(&message(&page, 2), "edited").unwrap().unchecked_into::<HtmlElement>().click();
    let info = page.see("message-info").await;
    assert!(info.text_content().unwrap().contains("The one at 7:30"), "what it said before");
    let asked = Command::Identify { peer: jid(PEER), key: MessageKey(2) };
    assert!(page.was_asked(|command| *command == asked));
    let names = Names { key: MessageKey(2), id: Some("wire-2".into()), archive_id: Some("archive-2".into()) };
    page.client.apply(vec![Change::Timeline(jid(PEER), TimelineEdit::Names(names))]);
    let is_there = || {
        let info = page.get("message-info").text_content().unwrap();
        info.contains("wire-2") && info.contains("archive-2")
    };
    until("its names", is_there).await;
}

#[wasm_bindgen_test]
async fn an_answer_is_written_and_can_be_left() {
    let page = opened(fixture::around(&jid(PEER))).await;
    point(&page, 3).await;
    page.click("message-reply").await;
    assert!(page.see("composing").await.text_content().unwrap().contains("Do we have seats?"));
    page.get("composer").focus().unwrap();
    press("Escape");
    until("left", || page.find("composing").is_none()).await;
    point(&page, 3).await;
    page.click("message-reply").await;
    page.see("composing").await;
    page.write("composer", "Yes");
    page.click("send").await;
    assert!(matches!(sent(&page), Some(Sending::Text { text, reply: Some(MessageKey(3)), .. }) if text == "Yes"));
    until("done", || page.find("composing").is_none()).await;
    assert_eq!(value(&page.get("composer")), "");
}

#[wasm_bindgen_test]
async fn arrow_up_changes_the_newest_own_message_and_the_draft_comes_back() {
    let page = opened(vec![
        fixture::insert(&jid(PEER), text(1, Direction::Out, "helo", 0, Some(Delivery::Acked))),
        fixture::insert(&jid(PEER), text(2, Direction::In, "what?", 1, None)),
    ])
    .await;
    let field = page.get("composer");
    field.focus().unwrap();
    press("ArrowUp");
    until("the text", || value(&field) == "helo").await;
    page.write("composer", "hello");
    press("Enter");
    assert!(matches!(sent(&page), Some(Sending::Correct { key: MessageKey(1), text }) if text == "hello"));
    until("done", || value(&field).is_empty() && page.find("composing").is_none()).await;

    page.write("composer", "a draft");
    point(&page, 1).await;
    page.click("message-more").await;
    page.click("menu-edit").await;
    until("the text", || value(&field) == "helo").await;
    press("Escape");
    until("the draft", || value(&field) == "a draft").await;
}

#[wasm_bindgen_test]
async fn a_sign_is_given_and_taken_back() {
    let page = opened(fixture::around(&jid(PEER))).await;
    inside(&message(&page, 2), "reaction").unwrap().unchecked_into::<HtmlElement>().click();
    assert!(matches!(sent(&page), Some(Sending::React { key: MessageKey(2), emojis }) if emojis == ["❤️"]));
    inside(&message(&page, 1), "reaction").unwrap().unchecked_into::<HtmlElement>().click();
    assert!(matches!(sent(&page), Some(Sending::React { key: MessageKey(1), emojis }) if emojis == ["🎉"]));
    point(&page, 3).await;
    page.click("message-react").await;
    page.click("sign").await;
    assert!(matches!(sent(&page), Some(Sending::React { key: MessageKey(3), emojis }) if emojis == ["👍"]));
    until("closed", || page.find("menu").is_none()).await;
}

#[wasm_bindgen_test]
async fn the_keyboard_alone_reaches_everything_that_can_be_done() {
    let page = opened(fixture::around(&jid(PEER))).await;
    // A conversation that was opened puts the focus into its field.
    until("the field", || crate::page::focused() == page.find("composer")).await;
    let last = message(&page, 7);
    assert_eq!(last.tab_index(), 0, "the newest one is where the tabulator arrives");
    last.focus().unwrap();
    press("ArrowUp");
    until("the one above", || crate::page::focused() == Some(message(&page, 6))).await;
    press("Enter");
    page.see("menu").await;
    assert_eq!(crate::page::focused().unwrap().get_attribute("data-testid").as_deref(), Some("sign"));
    press("End");
    assert_eq!(crate::page::focused().unwrap().get_attribute("data-testid").as_deref(), Some("menu-remove"));
    crate::page::focused().unwrap().click();
    assert_eq!(sent(&page), Some(Sending::Retract(MessageKey(6))));
    until("closed", || page.find("menu").is_none()).await;
    assert_eq!(crate::page::focused(), Some(message(&page, 6)), "the focus comes back");
}

#[wasm_bindgen_test]
async fn only_what_can_be_done_is_offered() {
    let page = opened(fixture::around(&jid(PEER))).await;
    point(&page, 3).await;
    page.click("message-more").await;
    page.see("menu").await;
    assert!(page.find("menu-edit").is_none() && page.find("menu-remove").is_none(), "it is hers");
    press("Escape");
    until("closed", || page.find("menu").is_none()).await;
    point(&page, 4).await;
    page.click("message-more").await;
    page.see("menu-info").await;
    for hook in ["menu-reply", "menu-copy", "sign"] {
        assert!(page.find(hook).is_none(), "{hook} of what is gone");
    }
}
