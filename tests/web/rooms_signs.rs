//! Who is writing in a group chat, and who has seen what the user wrote.

use wasm_bindgen_test::wasm_bindgen_test;
use waxwing::domain::room::{OccupantEdit, RoomChange};
use waxwing::engine::change::Change;

use crate::fixture::{self, jid};
use crate::page::{Page, until};
use crate::room_fixture::{self as rooms, ROOM};

fn text(page: &Page, hook: &str) -> String {
    page.find(hook).and_then(|part| part.text_content()).unwrap_or_default()
}

async fn opened() -> Page {
    let page = Page::signed_in(rooms::all());
    page.see("conversation").await;
    page.choose(ROOM).await;
    page
}

#[wasm_bindgen_test]
async fn who_is_writing_stands_at_the_head_and_in_the_list() {
    let page = opened().await;
    let writing = |who: Vec<u64>| page.client.apply(vec![Change::Room(RoomChange::Writing(jid(ROOM), who))]);
    writing(vec![2]);
    until("one", || text(&page, "writing") == "Grace is writing…").await;
    assert!(page.row(ROOM).text_content().unwrap().contains("Grace is writing…"));
    writing(vec![2, 3]);
    until("two", || text(&page, "writing") == "Grace, Guido are writing…").await;
    writing(vec![2, 3, 4]);
    until("three", || text(&page, "writing") == "Grace, Guido, Barbara are writing…").await;
    writing(vec![2, 3, 4, 5]);
    until("many", || text(&page, "writing") == "Several people are writing…").await;
    // Whoever goes writes no more.
    let gone = [2, 3, 4].map(OccupantEdit::Gone).to_vec();
    page.client.apply(vec![Change::Room(RoomChange::Occupants(jid(ROOM), gone))]);
    until("the last", || text(&page, "writing") == "Niklaus is writing…").await;
    writing(Vec::new());
    until("nobody", || page.find("writing").is_none()).await;
    assert!(text(&page, "people-count").contains("6 participants"));
}

#[wasm_bindgen_test]
async fn who_has_seen_the_newest_own_message_is_said_under_it() {
    let page = opened().await;
    page.see("message").await;
    let seen =
        |nicks: &[&str]| rooms::conversation(|one| one.seen_by = nicks.iter().map(|&nick| nick.into()).collect());
    page.client.apply(vec![seen(&["Grace"])]);
    until("one", || text(&page, "seen-by") == "Seen by Grace").await;
    let row = page.get("seen-by").closest("[data-testid=message]").unwrap().unwrap();
    assert_eq!(row.get_attribute("data-key").as_deref(), Some("9"));
    page.client.apply(vec![seen(&["Grace", "Guido", "Barbara", "Niklaus", "ليلى"])]);
    until("five", || text(&page, "seen-by") == "Seen by Grace, Guido, Barbara + 2").await;
    // A new one of the user is seen by nobody yet.
    page.client.apply(vec![fixture::insert(&jid(ROOM), rooms::said(40, "Ada", "Where are you?", 0, None)), seen(&[])]);
    until("nobody", || page.find("seen-by").is_none()).await;
}
