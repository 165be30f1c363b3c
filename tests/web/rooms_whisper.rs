//! What is written to one participant of a group chat alone, and what they write.

use std::rc::Rc;

use wasm_bindgen_test::wasm_bindgen_test;
use waxwing::condition::Condition;
use waxwing::domain::problem::Refusal;
use waxwing::domain::room::{Affiliation, Author, OccupantEdit, Role, Room, RoomChange, Traits};
use waxwing::domain::timeline::{Delivery, Message, MessageKey};
use waxwing::engine::change::{Change, TimelineEdit};
use waxwing::engine::command::{Command, Sending};
use waxwing::jid::BareJid;

use crate::fixture::{self, jid};
use crate::page::{Page, focused, frame, press, until, value};
use crate::room_fixture::{self as rooms, ROOM};
use crate::rooms::opened;

fn text(page: &Page, hook: &str) -> String {
    page.find(hook).and_then(|part| part.text_content()).unwrap_or_default()
}

fn grace() -> Rc<Author> {
    Rc::new(Author::of(&rooms::occupant(2, "Grace", Affiliation::Owner, Role::Moderator)))
}

/// Something said to the user alone, or by the user to one alone.
fn alone(key: u64, nick: &str, body: &str) -> Message {
    Message { private: Some(grace()), ..rooms::said(key, nick, body, 0, None) }
}

fn gone(number: u64) -> Change {
    Change::Room(RoomChange::Occupants(jid(ROOM), vec![OccupantEdit::Gone(number)]))
}

fn last_private(page: &Page) -> Option<Option<Rc<Author>>> {
    let asked = page.asked.borrow();
    let mut all = asked.iter().filter_map(|command| match command {
        Command::SetPrivate { to, .. } => Some(to.clone()),
        _ => None,
    });
    all.next_back()
}

/// What was sent from the field: whom it is for alone, and what it says.
fn sent(page: &Page) -> Vec<(Option<String>, String)> {
    let asked = page.asked.borrow();
    let all = asked.iter().filter_map(|command| match command {
        Command::SendText { text, .. } => Some((None, text.clone())),
        Command::Send { what: Sending::Text { text, private, .. }, .. } => {
            Some((private.as_ref().map(|who| who.nick.to_string()), text.clone()))
        }
        _ => None,
    });
    all.collect()
}

fn to_grace(text: &str) -> (Option<String>, String) {
    (Some("Grace".to_owned()), text.to_owned())
}

fn has_focus(hook: &str) -> bool {
    focused().is_some_and(|it| it.get_attribute("data-testid").as_deref() == Some(hook))
}

async fn begin(page: &Page) {
    page.click("participants-open").await;
    page.see("participant").await;
    let rows = page.all("[data-testid=participant]");
    rows.into_iter().find(|row| row.get_attribute("data-nick").as_deref() == Some("Grace")).unwrap().click();
    page.see("menu").await;
    assert!(page.find("person-write").is_none(), "addresses are hidden from others here");
    page.click("person-whisper").await;
    page.see("private-bar").await;
}

#[wasm_bindgen_test]
async fn one_is_written_to_alone_until_that_is_ended() {
    let page = opened(Vec::new()).await;
    begin(&page).await;
    assert_eq!(last_private(&page), Some(Some(grace())));
    assert_eq!(text(&page, "private-bar"), "Only to Grace");
    assert_eq!(page.get("private-bar").parent_element().unwrap().get_attribute("role").as_deref(), Some("status"));
    let composer = page.get("composer");
    assert_eq!(composer.get_attribute("aria-label").as_deref(), Some("Only to Grace"));
    until("the field has the focus", || has_focus("composer")).await;
    page.write("composer", "psst");
    press("Enter");
    assert_eq!(sent(&page), [to_grace("psst")]);
    assert!(page.find("private-bar").is_some(), "the next one is for them, too");
    page.write("composer", "more");
    press("Escape");
    until("ended", || page.find("private-bar").is_none()).await;
    assert_eq!(last_private(&page), Some(None));
    assert_eq!(text(&page, "private-ended"), "What you write goes to everybody here.");
    assert_eq!(value(&composer), "more");
    press("Enter");
    assert_eq!(sent(&page)[1..], [(None, "more".to_owned())]);
    assert!(composer.get_attribute("aria-label").unwrap().contains("Bird watchers"));
    page.write("composer", "x");
    until("said once", || page.find("private-ended").is_none()).await;
}

#[wasm_bindgen_test]
async fn what_is_written_for_somebody_who_left_goes_to_nobody() {
    let page = opened(Vec::new()).await;
    begin(&page).await;
    page.write("composer", "only you");
    page.client.apply(vec![gone(2)]);
    until("it says so", || page.get("private-bar").has_attribute("data-gone")).await;
    assert!(text(&page, "private-bar").starts_with("Grace is not here any more"));
    page.get("composer").focus().unwrap();
    press("Enter");
    page.click("send").await;
    assert!(sent(&page).is_empty());
    assert_eq!(value(&page.get("composer")), "only you");
    // Somebody else takes the nickname.
    let mut other = rooms::occupant(77, "Grace", Affiliation::None, Role::Participant);
    other.address = None;
    page.client.apply(vec![Change::Room(RoomChange::Occupants(jid(ROOM), vec![OccupantEdit::Put(other)]))]);
    frame().await;
    page.get("composer").focus().unwrap();
    press("Enter");
    assert!(sent(&page).is_empty() && page.get("private-bar").has_attribute("data-gone"));
    page.click("private-end").await;
    until("ended", || page.find("private-bar").is_none()).await;
    assert_eq!(value(&page.get("composer")), "only you");
    assert_eq!(text(&page, "private-ended"), "What you write goes to everybody here.");
}

#[wasm_bindgen_test]
async fn with_nothing_written_it_ends_by_itself_when_they_leave() {
    let page = opened(Vec::new()).await;
    begin(&page).await;
    let renamed = rooms::occupant(2, "Grace H", Affiliation::Owner, Role::Moderator);
    page.client.apply(vec![Change::Room(RoomChange::Occupants(jid(ROOM), vec![OccupantEdit::Put(renamed)]))]);
    until("the new name", || text(&page, "private-bar") == "Only to Grace H").await;
    page.client.apply(vec![gone(2)]);
    until("ended", || page.find("private-bar").is_none()).await;
    assert_eq!(last_private(&page), Some(None));
    assert_eq!(text(&page, "private-ended"), "What you write goes to everybody here.");
}

#[wasm_bindgen_test]
async fn what_was_said_to_one_alone_says_so_and_is_answered_so() {
    let private = rooms::conversation(|one| {
        let last = one.last.as_mut().unwrap();
        (last.private, last.text) = (true, "psst".into());
    });
    let rows = [alone(31, "Grace", "psst"), alone(32, "Ada", "what?")];
    let mut changes: Vec<Change> = rows.iter().map(|row| fixture::insert(&jid(ROOM), row.clone())).collect();
    changes.push(private);
    let page = opened(changes).await;
    page.see("private-mark").await;
    assert!(page.row(ROOM).text_content().unwrap().contains("Grace (Privately, only to you): psst"));
    let marks: Vec<String> =
        page.all("[data-testid=private-mark]").iter().filter_map(|one| one.text_content()).collect();
    assert_eq!(marks, ["Privately, only to you", "Only to Grace"]);
    assert_eq!(page.all(".message[data-private]").len(), 2);
    // Nobody reacts to it, and an answer goes the same way.
    page.all("[data-key='31']")[0].focus().unwrap();
    press("Enter");
    page.see("menu-reply").await;
    assert!(page.find("sign").is_none() && page.find("menu-moderate").is_none());
    page.click("menu-reply").await;
    page.see("composing").await;
    until("only to Grace", || text(&page, "private-bar") == "Only to Grace").await;
    page.write("composer", "yes");
    page.get("composer").focus().unwrap();
    press("Enter");
    let is_answer = |command: &Command| matches!(command, Command::Send { what: Sending::Text { private: Some(to), reply: Some(MessageKey(31)), .. }, .. } if *to.nick == *"Grace");
    assert!(page.was_asked(is_answer));
    // Why one did not go.
    let refused = |condition| Delivery::Failed(Refusal { condition, text: None });
    let failed = |condition| {
        let row = Message { delivery: Some(refused(condition)), ..rows[1].clone() };
        Change::Timeline(jid(ROOM), TimelineEdit::Update(row))
    };
    page.client.apply(vec![failed(Condition::ItemNotFound)]);
    let says = |words: &str| page.all(".under.trouble").iter().any(|one| one.text_content().unwrap().contains(words));
    until("why", || says("Grace is not here any more. It was told to nobody.")).await;
    page.client.apply(vec![failed(Condition::Forbidden)]);
    until("why", || says("Writing to one participant alone is not allowed here.")).await;
}

#[wasm_bindgen_test]
async fn a_draft_for_one_alone_comes_back_as_that() {
    let draft = |peer: &BareJid, to: Option<Rc<Author>>| {
        rooms::conversation(|one| {
            (one.peer, one.private, one.draft) = (peer.clone(), to, Some("not for all".into()));
        })
    };
    let page = opened(vec![draft(&jid(ROOM), Some(grace()))]).await;
    page.see("private-bar").await;
    until("the draft", || value(&page.get("composer")) == "not for all").await;
    page.get("composer").focus().unwrap();
    press("Enter");
    assert_eq!(sent(&page), [to_grace("not for all")]);
}

#[wasm_bindgen_test]
async fn where_all_see_the_addresses_of_all_one_writes_to_those() {
    let traits = Traits { known: true, non_anonymous: true, ..Traits::default() };
    let page = opened(vec![rooms::told(Room { traits, ..rooms::room() })]).await;
    page.click("participants-open").await;
    page.see("participant").await;
    page.all("[data-testid=participant]")[1].click();
    page.see("person-write").await;
    assert!(page.find("person-whisper").is_none());
    page.click("person-write").await;
    until("the chat with the person", || {
        page.get("message-list").get_attribute("data-jid").as_deref() == Some("grace@bench.test")
    })
    .await;
}
