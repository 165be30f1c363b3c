//! A conversation.

use wasm_bindgen_test::wasm_bindgen_test;
use waxwing::domain::timeline::{Body, Delivery, Direction, History, MessageKey};
use waxwing::engine::change::{Change, TimelineEdit};

use crate::fixture::{self, insert, jid, text};
use crate::page::{Page, document, press, until};

const PEER: &str = "grace@bench.test";

async fn opened(changes: Vec<Change>) -> Page {
    Page::opened(PEER, changes).await
}

fn from_end(page: &Page) -> i32 {
    let list = page.get("message-list");
    list.scroll_height() - list.scroll_top() - list.client_height()
}

#[wasm_bindgen_test]
async fn a_hostile_body_is_shown_as_text_and_only_safe_links_are_links() {
    let body = "<script>alert(1)</script> <a href='javascript:x'>x</a> javascript:alert(1) data:text/html,x \
                https://good.example/?q=1 https://bank.example@evil.example/ http://x.ex/\"onmouseover=\"a";
    let page = opened(vec![insert(&jid(PEER), text(1, Direction::In, body, 0, None))]).await;
    page.see("message-body").await;
    assert_eq!(page.get("message-body").text_content().unwrap(), body);
    let links: Vec<String> = page.all("a").iter().map(|link| link.get_attribute("href").unwrap()).collect();
    assert_eq!(links, ["https://good.example/?q=1", "http://x.ex/"]);
    for link in page.all("a") {
        assert_eq!(link.get_attribute("rel").unwrap(), "noopener noreferrer nofollow ugc");
    }
    assert!(page.all("script").is_empty());
}

#[wasm_bindgen_test]
async fn ten_thousand_messages_are_few_rows_and_begin_at_the_end() {
    let page = opened(fixture::many_messages(&jid(PEER), 10_000)).await;
    until("the end", || {
        page.all(".row").iter().any(|row| row.get_attribute("aria-posinset").as_deref() == Some("10000"))
    })
    .await;
    assert!(page.all(".messages .row").len() < 150);
    until("at the end", || from_end(&page) <= 1).await;
    assert!(page.find("jump-to-end").is_none());
}

#[wasm_bindgen_test]
async fn who_is_at_the_end_stays_there_and_who_reads_history_is_not_moved() {
    let peer = jid(PEER);
    let page = opened(fixture::many_messages(&peer, 300)).await;
    until("at the end", || page.find("message").is_some() && from_end(&page) <= 1).await;
    let now = fixture::now().0;
    page.client.apply(vec![insert(&peer, text(90_001, Direction::In, "new\nand\nhigh", now, None))]);
    until("follows", || page.all("[data-key='90001']").len() == 1 && from_end(&page) <= 1).await;

    let list = page.get("message-list");
    list.set_scroll_top(list.scroll_top() - 2_000);
    page.see("jump-to-end").await;
    for _ in 0..5 {
        crate::page::frame().await;
    }
    let anchor = page.all("[data-testid=message]")[10].clone();
    let before = anchor.get_bounding_client_rect().top();
    page.client.apply(vec![
        insert(&peer, text(90_002, Direction::In, "unseen", now, None)),
        Change::Timeline(
            peer.clone(),
            TimelineEdit::Insert {
                message: text(1, Direction::In, "older", 0, None),
                before: Some(MessageKey(10_000)),
            },
        ),
    ]);
    until("the count", || {
        page.get("jump-to-end").text_content().unwrap().contains('1')
            || page.get("jump-to-end").text_content().unwrap().contains('2')
    })
    .await;
    let moved = (anchor.get_bounding_client_rect().top() - before).abs();
    assert!(anchor.is_connected() && moved <= 1.5, "moved by {moved}");
    page.click("jump-to-end").await;
    until("at the end again", || from_end(&page) <= 1 && page.find("jump-to-end").is_none()).await;
}

#[wasm_bindgen_test]
async fn a_message_is_written_sent_and_marked() {
    let peer = jid(PEER);
    let page = opened(Vec::new()).await;
    page.write("composer", "two\nlines");
    page.get("composer").focus().unwrap();
    assert!(!press("Enter"), "Enter sends and makes no new line");
    let message = page.see("message").await;
    assert_eq!(crate::page::value(&page.get("composer")), "");
    assert_eq!(message.get_attribute("data-direction").as_deref(), Some("out"));
    assert_eq!(message.get_attribute("data-state").as_deref(), Some("queued"));
    let mut known = text(1_000_001, Direction::Out, "two\nlines", fixture::now().0, Some(Delivery::Displayed));
    known.body = Body::Text("two\nlines".into());
    page.client.apply(vec![Change::Timeline(peer, TimelineEdit::Update(known))]);
    until("read", || message.get_attribute("data-state").as_deref() == Some("displayed")).await;
    assert!(message.is_connected(), "the message kept its node");
    assert!(message.text_content().unwrap().contains("Read"), "in words");
}

#[wasm_bindgen_test]
async fn a_draft_stays_with_its_conversation() {
    let page = opened(vec![fixture::conversation("alan@bench.test", 0, 2, Direction::In, "yo", 1)]).await;
    page.write("composer", "not yet");
    let opened_jid = page.get("message-list").get_attribute("data-jid");
    let rows = page.all("[data-testid=conversation]");
    let other = rows.iter().find(|row| row.get_attribute("data-jid") != opened_jid).unwrap();
    let same = rows.iter().find(|row| row.get_attribute("data-jid") == opened_jid).unwrap();
    other.click();
    until("the other", || page.get("message-list").get_attribute("data-jid") != opened_jid).await;
    until("its draft", || crate::page::value(&page.get("composer")).is_empty()).await;
    same.click();
    until("back", || page.get("message-list").get_attribute("data-jid") == opened_jid).await;
    until("its draft", || crate::page::value(&page.get("composer")) == "not yet").await;
}

#[wasm_bindgen_test]
async fn what_failed_offers_a_way_out_and_dividers_stand() {
    let mut changes = fixture::conversations();
    changes.retain(|change| !matches!(change, Change::Conversation(other) if other.peer != jid(PEER)));
    let page = opened(changes).await;
    page.see("message").await;
    assert!(page.find("new-messages").is_some());
    until("a day", || page.find("day-divider").is_some() || page.get("message-list").scroll_top() > 0).await;
    page.get("message-list").set_scroll_top(0);
    page.see("day-divider").await;
    page.get("message-list").set_scroll_top(100_000);
    page.see("retry").await;
    let failed = page.all("[data-state=failed]").len();
    page.click("discard").await;
    until("one less", || page.all("[data-state=failed]").len() < failed).await;
}

#[wasm_bindgen_test]
async fn who_comes_near_the_beginning_asks_for_what_is_older_and_is_not_moved() {
    let peer = jid(PEER);
    let mut changes = fixture::many_messages(&peer, 100);
    changes.push(Change::History(peer.clone(), History::Complete));
    let page = opened(changes).await;
    until("at the end", || page.find("message").is_some() && from_end(&page) <= 1).await;
    assert!(page.find("gap").is_none());
    page.client.apply(vec![Change::History(peer.clone(), History::More)]);
    let list = page.get("message-list");
    list.set_scroll_top(0);
    page.see("gap").await;
    let first = page.all("[data-key='10000']")[0].clone();
    until("settled", || first.is_connected()).await;
    let before = first.get_bounding_client_rect().top();
    let older = (0..20).map(|n| {
        Change::Timeline(
            peer.clone(),
            TimelineEdit::Insert {
                message: text(100 + n, Direction::In, "older", 0, None),
                before: Some(MessageKey(10_000)),
            },
        )
    });
    page.client.apply(older.chain([Change::History(peer.clone(), History::Loading)]).collect());
    until("older rows", || page.all("[data-key='119']").len() == 1).await;
    crate::page::frame().await;
    let first = page.all("[data-key='10000']")[0].clone();
    // The day line above it may go, because it is no longer the first of its day.
    let moved = (first.get_bounding_client_rect().bottom() - before).abs();
    assert!(moved < 140.0, "moved by {moved}");
    page.client.apply(vec![Change::History(peer.clone(), History::Complete)]);
    until("the beginning", || page.find("gap").is_none()).await;
}

#[wasm_bindgen_test]
async fn escape_closes_a_dialog() {
    let page = opened(Vec::new()).await;
    page.click("chat-details").await;
    until("open", || page.all("dialog[open]").len() == 1).await;
    // The browser closes a dialog on Escape by this event; a script cannot press the real key.
    page.all("dialog")[0].dyn_ref_close();
    until("closed", || page.all("dialog").is_empty()).await;
    until("focus", || document().active_element().is_some()).await;
}

trait Close {
    fn dyn_ref_close(&self);
}

impl Close for web_sys::HtmlElement {
    fn dyn_ref_close(&self) {
        use wasm_bindgen::JsCast;
        self.unchecked_ref::<web_sys::HtmlDialogElement>().close();
    }
}
