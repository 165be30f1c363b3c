//! Own messages on their way, and what the page says without a connection or without storage.

use wasm_bindgen_test::wasm_bindgen_test;
use waxwing::clock::Instant;
use waxwing::domain::account::Connection;
use waxwing::domain::problem::{Problem, Reason};
use waxwing::domain::timeline::{Delivery, Direction, MessageKey};
use waxwing::engine::change::{Change, Storage, TimelineEdit};
use waxwing::engine::command::Command;
use web_sys::{Event, EventInit, HtmlElement};

use crate::fixture::{self, jid, text};
use crate::page::{Page, click, frame, until, value};

const PEER: &str = "grace@bench.test";

fn lost(retry_at: Option<Instant>) -> Change {
    Change::Connection(Connection::Reconnecting { retry_at, problem: Problem::new(Reason::Lost) })
}

/// The own message of a key.
fn message(page: &Page, key: u64) -> HtmlElement {
    page.all(&format!("[data-key='{key}']")).remove(0)
}

fn words(message: &HtmlElement) -> Option<String> {
    message.query_selector("[data-testid=state-words]").unwrap().map(|words| words.text_content().unwrap())
}

fn has(message: &HtmlElement, hook: &str) -> bool {
    message.query_selector(&format!("[data-testid={hook}]")).unwrap().is_some()
}

/// Whether the browser would ask before it leaves.
fn asks_before_leaving() -> bool {
    let init = EventInit::new();
    init.set_cancelable(true);
    let event = Event::new_with_event_init_dict("beforeunload", &init).unwrap();
    !web_sys::window().unwrap().dispatch_event(&event).unwrap()
}

#[wasm_bindgen_test]
async fn every_state_has_its_mark_its_words_and_its_ways_out() {
    let peer = jid(PEER);
    let page = Page::opened(PEER, fixture::states(&peer)).await;
    until("all", || page.all("[data-testid=message]").len() == 7).await;
    let expected = [
        (1, "displayed", "Read", None, false),
        (2, "delivered", "Delivered", None, false),
        (3, "acked", "On the server", None, false),
        (4, "unknown", "May not have arrived", Some("May not have arrived."), true),
        (
            5,
            "failed",
            "Not sent",
            Some("Not sent. Their server does not exist. Check the address. They say: “no such host”"),
            true,
        ),
        (6, "sent", "Sent", None, false),
        (7, "queued", "Waiting to be sent", Some("Waiting to be sent"), false),
    ];
    let mut drawings = Vec::new();
    for (key, state, title, said, ways) in expected {
        let shown = message(&page, key);
        assert_eq!(shown.get_attribute("data-state").as_deref(), Some(state));
        let mark = shown.query_selector(".mark").unwrap().unwrap();
        assert_eq!(mark.get_attribute("title").as_deref(), Some(title));
        assert_eq!(mark.text_content().unwrap(), title, "for who cannot see the drawing");
        assert_eq!(words(&shown).as_deref(), said, "under {state}");
        assert_eq!((has(&shown, "retry"), has(&shown, "discard")), (ways, ways), "{state}");
        let drawing = mark.query_selector("path").unwrap().unwrap().get_attribute("d").unwrap();
        if !drawings.contains(&drawing) {
            drawings.push(drawing);
        }
    }
    assert_eq!(drawings.len(), 5, "those that go well differ; trouble is told in words");

    // The words go with the newest own message, and follow its state.
    let mut last = text(7, Direction::Out, "This one is queued", fixture::now().0, Some(Delivery::Delivered));
    page.client.apply(vec![Change::Timeline(peer.clone(), TimelineEdit::Update(last.clone()))]);
    until("delivered", || words(&message(&page, 7)).as_deref() == Some("Delivered")).await;
    last.key = MessageKey(8);
    last.delivery = Some(Delivery::Sent);
    page.client.apply(vec![fixture::insert(&peer, last)]);
    until("sent", || page.all("[data-key='8']").len() == 1 && words(&message(&page, 8)).as_deref() == Some("Sent"))
        .await;
    assert_eq!(words(&message(&page, 7)), None);

    click(&message(&page, 4), "[data-testid=retry]");
    assert!(page.was_asked(|asked| *asked == Command::Retry { peer: jid(PEER), key: MessageKey(4) }));
    click(&message(&page, 5), "[data-testid=discard]");
    until("gone", || page.all("[data-key='5']").is_empty()).await;
}

#[wasm_bindgen_test]
async fn what_is_held_back_is_told_above_the_field() {
    let peer = jid(PEER);
    let page = Page::opened(PEER, fixture::held(&peer)).await;
    let held = page.see("held").await;
    assert!(held.text_content().unwrap().contains("A message was not sent; later ones wait for it."));
    let below = page.get("composer").get_bounding_client_rect().top();
    assert!(held.get_bounding_client_rect().bottom() <= below, "above the field");
    assert!(page.row(PEER).text_content().unwrap().contains("A message was not sent"), "in the list, too");

    let list = page.get("message-list");
    list.set_scroll_top(0);
    until("far away", || page.all("[data-key='1']").is_empty()).await;
    page.click("held-show").await;
    until("shown", || page.all(".pointed [data-key='1']").len() == 1).await;
    frame().await;
    let (seen, view) = (message(&page, 1).get_bounding_client_rect(), list.get_bounding_client_rect());
    assert!(seen.top() >= view.top() && seen.bottom() <= view.bottom(), "on screen");

    page.click("held-retry").await;
    assert!(page.was_asked(|asked| *asked == Command::Retry { peer: jid(PEER), key: MessageKey(1) }));
    page.click("held-discard").await;
    assert!(page.was_asked(|asked| *asked == Command::Discard { peer: jid(PEER), key: MessageKey(1) }));
    page.client.apply(vec![fixture::conversation(PEER, 0, 101, Direction::Out, "x", 0)]);
    until("no longer", || page.find("held").is_none()).await;
}

#[wasm_bindgen_test]
async fn without_a_connection_writing_goes_on_and_what_waits_is_counted() {
    let page = Page::opened(PEER, fixture::many_messages(&jid(PEER), 30)).await;
    assert!(page.find("waiting").is_none());
    page.client.apply(vec![lost(None)]);
    until("told", || page.get("connection-status").text_content().unwrap().contains("You are offline.")).await;
    assert!(page.find("waiting").is_none(), "nothing waits yet");
    for line in ["one", "two"] {
        page.write("composer", line);
        page.click("send").await;
    }
    let said = || page.find("waiting").and_then(|told| told.text_content());
    until("two", || said().as_deref() == Some("2 messages wait to be sent.")).await;
    assert_eq!(value(&page.get("composer")), "");
    let last = page.all("[data-testid=message]").pop().unwrap();
    assert_eq!(last.get_attribute("data-state").as_deref(), Some("queued"));
    assert_eq!(words(&last).as_deref(), Some("Waiting to be sent"));
    page.click("discard").await;
    until("one", || said().as_deref() == Some("1 message waits to be sent.")).await;
    page.click("try-now").await;
    assert!(page.was_asked(|asked| *asked == Command::Reconnect));
    page.client.apply(vec![Change::Connection(Connection::Online)]);
    until("online", || page.find("waiting").is_none()).await;
    assert!(page.find("discard").is_none(), "it goes out by itself now");
}

#[wasm_bindgen_test]
async fn what_was_kept_is_shown_without_a_network() {
    // Everything comes from the device; the network never answers.
    let mut kept = fixture::conversations();
    kept.insert(0, Change::Connection(Connection::Connecting));
    kept.extend(fixture::people());
    let page = Page::signed_in(kept);
    page.see("conversation").await;
    let bar = page.get("connection-status");
    assert!(bar.text_content().unwrap().contains("Connecting…"));
    page.choose(PEER).await;
    until("history", || page.all("[data-testid=message]").len() > 5).await;
    assert!(!wasm_bindgen::JsCast::unchecked_ref::<web_sys::HtmlTextAreaElement>(&page.get("composer")).disabled());
    page.click("tab-contacts").await;
    page.see("contact").await;

    let soon = web_sys::window().unwrap().performance().unwrap().now() as u64 + 9_000;
    page.client.apply(vec![lost(Some(Instant(soon)))]);
    until("counts down", || bar.text_content().unwrap().contains("Next try in 9 s.")).await;
    assert!(bar.query_selector("[aria-hidden=true]").unwrap().is_some(), "nobody hears every second");
    assert!(page.find("try-now").is_some());
    for state in [Connection::Offline, Connection::Failed(Problem::new(Reason::Unreachable))] {
        page.client.apply(vec![Change::Connection(state)]);
        until("told", || !bar.text_content().unwrap().contains("Next try")).await;
        assert!(page.find("try-now").is_some() && page.find("composer").is_some());
    }
    assert!(page.all("dialog[open]").is_empty(), "nothing stands in the way");
}

#[wasm_bindgen_test]
async fn who_has_nothing_yet_is_told_why() {
    let page = Page::signed_in(vec![Change::Connection(Connection::Connecting)]);
    let hint = || page.all(".hint strong").first().map(|hint| hint.text_content().unwrap());
    until("offline", || hint().as_deref() == Some("Nothing here yet")).await;
    page.client.apply(vec![Change::Connection(Connection::Online)]);
    until("online", || hint().as_deref() == Some("No conversations yet")).await;
}

#[wasm_bindgen_test]
async fn a_browser_without_storage_is_told_of_until_it_is_read() {
    let page = Page::opened(PEER, Vec::new()).await;
    assert!(page.find("storage-notice").is_none(), "nobody asked to keep anything");
    page.client.apply(vec![Change::Storage(Storage::Kept)]);
    frame().await;
    assert!(page.find("storage-notice").is_none());
    page.client.apply(vec![Change::Storage(Storage::Refused)]);
    let told = page.see("storage-notice").await;
    assert!(told.text_content().unwrap().contains("Messages are not kept on this device"));
    page.click("storage-close").await;
    until("read", || page.find("storage-notice").is_none()).await;
    page.client.apply(vec![Change::Storage(Storage::Kept), Change::Storage(Storage::Refused)]);
    frame().await;
    frame().await;
    assert!(page.find("storage-notice").is_none(), "once for a visit");
}

#[wasm_bindgen_test]
async fn the_browser_asks_before_it_leaves_only_if_something_would_be_lost() {
    let page = Page::opened(PEER, vec![lost(None)]).await;
    assert!(!asks_before_leaving());
    page.write("composer", "only here");
    page.click("send").await;
    until("asks", asks_before_leaving).await;
    page.client.apply(vec![Change::Storage(Storage::Kept)]);
    until("it is kept", || !asks_before_leaving()).await;
    page.client.apply(vec![Change::Storage(Storage::Refused)]);
    until("it is not", asks_before_leaving).await;
    page.click("discard").await;
    until("nothing waits", || !asks_before_leaving()).await;
}
