//! Finding messages, as a user sees it.

use wasm_bindgen_test::wasm_bindgen_test;
use waxwing::domain::search::{ArchiveSearch, Found, Hit, HitPlace, Piece};
use waxwing::domain::timeline::{Direction, MessageKey};
use waxwing::engine::change::Change;
use waxwing::engine::command::Command;

use crate::fixture::{self, insert, jid, now, text};
use crate::page::{Page, document, frame, press, until, value};

const GRACE: &str = "grace@bench.test";

fn hit(place: HitPlace, pieces: &[(&str, bool)]) -> Hit {
    Hit {
        peer: jid(GRACE),
        place,
        from: jid(GRACE),
        direction: Direction::In,
        stamp: now(),
        snippet: pieces.iter().map(|(text, is_hit)| Piece { text: (*text).into(), is_hit: *is_hit }).collect(),
    }
}

/// The number of the last search that the engine was asked for, and what was typed.
fn asked(page: &Page) -> Option<(u64, String)> {
    page.asked.borrow().iter().rev().find_map(|command| match command {
        Command::Search { number, text, .. } => Some((*number, text.clone())),
        _ => None,
    })
}

async fn search(page: &Page, typed: &str) -> u64 {
    page.see("search").await;
    page.write("search", typed);
    until("asked", || asked(page).is_some_and(|(_, text)| text == typed)).await;
    asked(page).unwrap().0
}

fn answer(page: &Page, number: u64, results: Vec<Hit>, archive: ArchiveSearch) {
    let count = results.len() as u32;
    page.client.apply(vec![Change::Found(Found { number, results, count, is_looking: false, archive })]);
}

fn many() -> Vec<Change> {
    (1..=300).map(|key| insert(&jid(GRACE), text(key, Direction::In, &format!("Number {key}"), 0, None))).collect()
}

#[wasm_bindgen_test]
async fn what_is_found_is_shown_with_the_words_marked_and_as_text() {
    let page = Page::signed_in(fixture::people());
    let number = search(&page, "comp").await;
    let pieces = [("<b>My</b> ", false), ("compiler", true), (" works", false)];
    answer(&page, number, vec![hit(HitPlace::Row(MessageKey(5)), &pieces)], ArchiveSearch::None);
    let result = page.see("search-result").await;
    assert!(result.text_content().unwrap().contains("Grace Hopper"));
    assert!(result.text_content().unwrap().contains("<b>My</b> compiler works"));
    let marks = result.query_selector_all("mark").unwrap();
    assert_eq!((marks.length(), marks.item(0).unwrap().text_content().unwrap()), (1, "compiler".to_owned()));
    until("counted", || page.get("search-count").text_content().unwrap().contains("1 message")).await;
    assert!(result.client_height() > 40 && page.get("search-results").client_height() > 200, "there is room for it");
    let number = search(&page, "comp xyz").await;
    answer(&page, number, Vec::new(), ArchiveSearch::None);
    until("nothing", || page.get("search-count").text_content().unwrap().contains("Nothing found")).await;
    assert!(page.find("search-result").is_none());
    page.write("search", "");
    until("over", || asked(&page).unwrap().1.is_empty()).await;
    assert_eq!(page.get("search-results").client_height(), 0, "and the list is gone");
}

#[wasm_bindgen_test]
async fn a_result_opens_its_message() {
    let mut changes = fixture::people();
    changes.push(fixture::conversation(GRACE, 0, 1, Direction::In, "hi", 1));
    changes.extend(many());
    let page = Page::signed_in(changes);
    let number = search(&page, "number").await;
    let place = HitPlace::Row(MessageKey(40));
    answer(&page, number, vec![hit(place.clone(), &[("Number", true), (" 40", false)])], ArchiveSearch::None);
    page.click("search-result").await;
    until("opened", || page.find("message-list").is_some()).await;
    assert!(page.was_asked(|command| matches!(command, Command::GoTo { peer, .. } if *peer == jid(GRACE))));
    page.client.apply(vec![Change::Reached { peer: jid(GRACE), place, key: Some(MessageKey(40)) }]);
    until("pointed at", || !page.all(".pointed [data-key='40']").is_empty()).await;
    assert_eq!(value(&page.get("search")), "number", "the results stay");
    frame().await;
    assert_eq!(page.all(".pointed [data-key='40']").len(), 1, "and it stays in sight");
}

#[wasm_bindgen_test]
async fn what_cannot_be_opened_in_its_place_is_shown_alone() {
    let page = Page::signed_in(fixture::people());
    let number = search(&page, "old").await;
    let place = HitPlace::Archive("a1".into());
    answer(
        &page,
        number,
        vec![hit(place.clone(), &[("An ", false), ("old", true), (" tale", false)])],
        ArchiveSearch::Done,
    );
    let result = page.see("search-result").await;
    assert_eq!(result.get_attribute("data-place").as_deref(), Some("archive"));
    assert!(result.text_content().unwrap().contains("On the server"));
    result.click();
    page.see("message-list").await;
    page.client.apply(vec![Change::Reached { peer: jid(GRACE), place, key: None }]);
    assert!(page.see("found-alone").await.text_content().unwrap().contains("An old tale"));
}

#[wasm_bindgen_test]
async fn the_server_is_asked_once_typing_pauses_and_only_if_it_can_be() {
    let page = Page::signed_in(fixture::people());
    let first = search(&page, "ol").await;
    answer(&page, first, Vec::new(), ArchiveSearch::Possible);
    let second = search(&page, "old").await;
    answer(&page, second, Vec::new(), ArchiveSearch::Possible);
    let was_asked =
        |wanted: u64| page.was_asked(|c| matches!(c, Command::SearchArchive { number } if *number == wanted));
    until("asked the server", || was_asked(second)).await;
    assert!(!was_asked(first));
}

#[wasm_bindgen_test]
async fn the_keyboard_leads_to_the_search_through_it_and_back() {
    let page = Page::opened(GRACE, many()).await;
    let before = document().active_element().unwrap();
    let init = web_sys::KeyboardEventInit::new();
    init.set_key("k");
    init.set_ctrl_key(true);
    init.set_bubbles(true);
    init.set_cancelable(true);
    let event = web_sys::KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &init).unwrap();
    assert!(!before.dispatch_event(&event).unwrap(), "the browser is not to do anything with it");
    let field = page.get("search");
    assert!(document().active_element().unwrap() == *field);
    let number = search(&page, "in:").await;
    let hits = [7, 6].map(|key| hit(HitPlace::Row(MessageKey(key)), &[("Number", true)]));
    answer(&page, number, hits.into(), ArchiveSearch::None);
    page.see("search-result").await;
    press("Enter");
    let is_on = |place: usize| document().active_element().unwrap() == *page.all("[data-testid=search-result]")[place];
    assert!(is_on(0));
    press("ArrowDown");
    assert!(is_on(1));
    press("Escape");
    assert!(document().active_element().unwrap() == *field);
    press("Escape");
    assert!(document().active_element().unwrap() == before, "back to what was left");
    until("empty", || value(&field).is_empty()).await;
}

#[wasm_bindgen_test]
async fn one_conversation_is_searched_from_its_head() {
    let page = Page::opened(GRACE, Vec::new()).await;
    page.click("chat-search").await;
    until("the condition", || value(&page.get("search")) == format!("in:{GRACE} ")).await;
    assert!(document().active_element().unwrap() == *page.get("search"));
    until("asked", || asked(&page).is_some_and(|(_, text)| text.contains(GRACE))).await;
    let link = page.all("[data-testid=search-condition]").into_iter().find(|chip| chip.inner_text() == "has:link");
    link.unwrap().click();
    until("added", || value(&page.get("search")) == format!("in:{GRACE} has:link ")).await;
}
