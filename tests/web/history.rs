//! Holes in the history, and rows that are no longer held.

use wasm_bindgen_test::wasm_bindgen_test;
use waxwing::domain::account::Connection;
use waxwing::domain::timeline::{Direction, Gap, History, MessageKey};
use waxwing::engine::change::{Change, TimelineEdit};
use waxwing::engine::command::Command;
use web_sys::HtmlElement;

use crate::fixture::{self, gap, insert, jid, text};
use crate::page::{Page, click, frame, until};

const PEER: &str = "grace@bench.test";

fn from_end(page: &Page) -> i32 {
    let list = page.get("message-list");
    list.scroll_height() - list.scroll_top() - list.client_height()
}

fn states(page: &Page) -> Vec<String> {
    page.all("[data-testid=gap]").iter().filter_map(|gap| gap.get_attribute("data-state")).collect()
}

#[wasm_bindgen_test]
async fn what_is_missing_in_between_is_shown_between_its_neighbours() {
    let peer = jid(PEER);
    let page = Page::opened(PEER, fixture::gaps(&peer)).await;
    until("all", || page.all(".messages .row").len() == 7).await;
    assert_eq!(page.all("[data-testid=message]").len(), 5, "a hole is no message");
    assert_eq!(states(&page), ["failed", "filling"]);
    let said = |n: usize| page.all("[data-testid=gap] [role=status]")[n].text_content().unwrap();
    assert_eq!(said(0), "Some messages are missing here.");
    assert_eq!(said(1), "Loading missing messages…");
    // Within minutes of each other and of one sender, and yet apart.
    let class = |key: u64| page.all(&format!("[data-key='{key}']"))[0].class_name();
    assert!(!class(2).contains("start") && class(4).contains("start") && class(7).contains("start"));
    assert_eq!(page.all("[data-testid=day-divider]").len(), 1, "the day did not change");
    let place = |element: &HtmlElement| element.get_bounding_client_rect().top();
    let gaps = page.all("[data-testid=gap]");
    let at = |key: u64| place(&page.all(&format!("[data-key='{key}']"))[0]);
    assert!(at(2) < place(&gaps[0]) && place(&gaps[0]) < at(4));

    click(&gaps[0], "button");
    assert!(page.was_asked(|asked| *asked == Command::LoadMissing));
    let filling = gap(3, Gap::Filling, fixture::now().0);
    page.client.apply(vec![Change::Timeline(peer.clone(), TimelineEdit::Update(filling))]);
    until("filling", || states(&page) == ["filling", "filling"]).await;
    page.client.apply(vec![Change::Connection(Connection::Connecting)]);
    until("honest", || said(0) == "Messages that are missing here come when you are online.").await;

    page.client.apply(vec![
        Change::Timeline(peer.clone(), TimelineEdit::Remove(MessageKey(3))),
        Change::Timeline(peer.clone(), TimelineEdit::Remove(MessageKey(6))),
    ]);
    until("healed", || states(&page).is_empty()).await;
    until("together again", || class(7) == "message").await;
}

#[wasm_bindgen_test]
async fn a_hole_counts_for_nothing() {
    let peer = jid(PEER);
    let page = Page::opened(PEER, fixture::many_messages(&peer, 200)).await;
    until("at the end", || page.find("message").is_some() && from_end(&page) <= 1).await;
    let list = page.get("message-list");
    list.set_scroll_top(list.scroll_top() - 2_000);
    page.see("jump-to-end").await;
    let now = fixture::now().0;
    page.client.apply(vec![insert(&peer, gap(90_000, Gap::Filling, now))]);
    for _ in 0..4 {
        frame().await;
    }
    assert_eq!(page.get("jump-to-end").text_content().unwrap(), "", "a hole is nothing new");
    // What fills it stands at the end and was not seen.
    let older = |key| TimelineEdit::Insert {
        message: text(key, Direction::In, "filled in", now, None),
        before: Some(MessageKey(90_000)),
    };
    page.client.apply(vec![
        Change::Timeline(peer.clone(), older(90_001)),
        Change::Timeline(peer.clone(), older(90_002)),
        Change::Timeline(peer.clone(), TimelineEdit::Remove(MessageKey(90_000))),
    ]);
    page.client.apply(vec![insert(&peer, text(90_003, Direction::In, "new", now, None))]);
    let counted = || page.get("jump-to-end").text_content().unwrap();
    until("counted", || counted() == "3").await;
    page.client.apply(vec![Change::Timeline(peer.clone(), TimelineEdit::Remove(MessageKey(90_003)))]);
    for _ in 0..4 {
        frame().await;
    }
    assert_eq!(counted(), "3", "a message that goes makes no other one new");
}

#[wasm_bindgen_test]
async fn rows_that_are_no_longer_held_move_nothing() {
    let peer = jid(PEER);
    let page = Page::opened(PEER, fixture::many_messages(&peer, 400)).await;
    until("at the end", || page.find("message").is_some() && from_end(&page) <= 1).await;
    let trim = |key: u64| Change::Timeline(peer.clone(), TimelineEdit::Trim(MessageKey(key)));
    page.client.apply(vec![trim(10_100), Change::History(peer.clone(), History::More)]);
    for _ in 0..4 {
        frame().await;
    }
    assert!(from_end(&page) <= 1, "who is at the end stays there");

    let list = page.get("message-list");
    list.set_scroll_top(list.scroll_top() - 3_000);
    page.see("jump-to-end").await;
    for _ in 0..5 {
        frame().await;
    }
    let top = list.get_bounding_client_rect().top();
    let shown = page.all("[data-testid=message]");
    let read = shown.iter().find(|row| row.get_bounding_client_rect().top() > top + 20.0).unwrap().clone();
    let before = read.get_bounding_client_rect().top();
    let height = list.scroll_height();
    page.client.apply(vec![trim(10_200)]);
    until("lower", || list.scroll_height() < height - 1_000).await;
    for _ in 0..4 {
        frame().await;
        let moved = (read.get_bounding_client_rect().top() - before).abs();
        assert!(read.is_connected() && moved <= 1.5, "moved by {moved}");
    }
    assert!(page.get("jump-to-end").text_content().unwrap().is_empty(), "nothing is new");

    // What was read itself is let go: the nearest that is left stands there, and nothing else moves.
    page.client.apply(vec![trim(10_390)]);
    until("few", || page.all("[data-testid=message]").len() == 10).await;
    assert!(list.scroll_top() < 80, "only the lines above it are out of sight");
    let body = |row: &HtmlElement| row.text_content().unwrap();
    assert!(body(&page.all("[data-testid=message]")[0]).contains("(390)"));
}
