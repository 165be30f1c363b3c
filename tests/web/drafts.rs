//! What is typed and not sent, and which conversation is on the page.

use wasm_bindgen_test::wasm_bindgen_test;
use waxwing::domain::conversation::Conversation;
use waxwing::domain::timeline::Direction;
use waxwing::engine::change::{Change, Notice};
use waxwing::engine::command::Command;
use web_sys::Event;

use crate::fixture::{self, jid};
use crate::page::{Page, frame, until, value};

const PEER: &str = "grace@bench.test";
const OTHER: &str = "alan@bench.test";

/// What the engine was asked to keep, in order.
fn told(page: &Page) -> Vec<String> {
    let text = |command: &Command| match command {
        Command::SetDraft { text, .. } => Some(text.clone()),
        _ => None,
    };
    page.asked.borrow().iter().filter_map(text).collect()
}

fn draft(peer: &str, text: Option<&str>) -> Change {
    Change::Conversation(Conversation { draft: text.map(Into::into), activity: 1, ..Conversation::new(jid(peer)) })
}

fn written(page: &Page) -> String {
    value(&page.get("composer"))
}

async fn both() -> Page {
    Page::opened(PEER, vec![fixture::conversation(OTHER, 0, 2, Direction::In, "yo", 1)]).await
}

#[wasm_bindgen_test]
async fn a_draft_is_kept_when_typing_pauses_and_stands_in_the_list() {
    let page = both().await;
    for text in ["n", "no", "not", "not yet"] {
        page.write("composer", text);
    }
    assert!(told(&page).is_empty(), "not with every stroke");
    until("a pause", || !told(&page).is_empty()).await;
    assert_eq!(told(&page), ["not yet"]);
    assert!(!page.row(PEER).text_content().unwrap().contains("Draft"), "it stands in its field");
    page.write("composer", "not yet ready");
    page.choose(OTHER).await;
    assert_eq!(told(&page), ["not yet", "not yet ready"], "at once, since it would be gone");
    assert_eq!(written(&page), "");
    until("in the list", || page.row(PEER).text_content().unwrap().contains("Draft: not yet ready")).await;
    page.choose(PEER).await;
    assert_eq!(written(&page), "not yet ready");
    assert!(!page.row(PEER).text_content().unwrap().contains("Draft"));
    assert_eq!(told(&page).len(), 2, "nothing new is told");
}

#[wasm_bindgen_test]
async fn a_draft_is_kept_while_one_types_on_without_a_pause() {
    let page = both().await;
    let began = js_sys::Date::now();
    let mut strokes = 0;
    while told(&page).is_empty() {
        strokes += 1;
        page.write("composer", &"x".repeat(strokes));
        frame().await;
        assert!(js_sys::Date::now() - began < 10_000.0, "nothing is kept");
    }
    assert!(strokes > 20, "not with every stroke");
}

#[wasm_bindgen_test]
async fn a_draft_is_kept_at_once_when_the_page_may_go() {
    let page = both().await;
    page.write("composer", "one");
    page.get("composer").dispatch_event(&Event::new("blur").unwrap()).unwrap();
    assert_eq!(told(&page), ["one"]);
    page.write("composer", "two");
    web_sys::window().unwrap().dispatch_event(&Event::new("pagehide").unwrap()).unwrap();
    assert_eq!(told(&page), ["one", "two"]);
    page.write("composer", "   ");
    page.get("composer").dispatch_event(&Event::new("blur").unwrap()).unwrap();
    assert_eq!(told(&page), ["one", "two", ""], "white space is no draft");
}

#[wasm_bindgen_test]
async fn a_draft_goes_when_it_is_sent() {
    let page = both().await;
    page.write("composer", "done");
    until("kept", || told(&page) == ["done"]).await;
    page.click("send").await;
    assert!(page.was_asked(|asked| matches!(asked, Command::SendText { text, id: None, .. } if text == "done")));
    assert_eq!(told(&page), ["done"], "it goes with the message");
    assert_eq!(written(&page), "");
    // The next one is told after a pause that is longer than what is left of any other.
    page.write("composer", "next");
    until("the next", || told(&page).len() > 1).await;
    assert_eq!(told(&page), ["done", "next"], "what was sent is not told again");
    page.write("composer", "");
    page.choose(OTHER).await;
    assert!(!page.row(PEER).text_content().unwrap().contains("Draft"));
}

#[wasm_bindgen_test]
async fn a_draft_that_changes_elsewhere_is_shown_unless_one_is_writing() {
    let page = both().await;
    page.client.apply(vec![draft(PEER, Some("from there"))]);
    until("into the empty field", || written(&page) == "from there").await;
    page.get("composer").blur().unwrap();
    page.client.apply(vec![draft(PEER, Some("from there, longer"))]);
    until("into a field that is left alone", || written(&page) == "from there, longer").await;
    page.write("composer", "mine");
    page.client.apply(vec![draft(PEER, Some("theirs"))]);
    for _ in 0..3 {
        frame().await;
    }
    assert_eq!(written(&page), "mine", "what was just typed stays");
    until("and is kept", || told(&page) == ["mine"]).await;
    assert_eq!(written(&page), "mine");
}

#[wasm_bindgen_test]
async fn a_text_that_could_not_be_kept_is_a_draft_again() {
    let page = both().await;
    page.write("composer", "precious");
    page.click("send").await;
    assert_eq!(written(&page), "");
    let given_back = || vec![draft(PEER, Some("precious")), Change::Notice(Notice::NotKept { peer: jid(PEER) })];
    page.client.apply(given_back());
    until("again", || written(&page) == "precious").await;
    assert!(page.see("toast").await.text_content().unwrap().contains("could not keep your message to Grace Hopper"));

    page.click("send").await;
    page.write("composer", "the next one");
    page.client.apply(given_back());
    until("both", || written(&page) == "precious\nthe next one").await;
    page.client.apply(vec![
        draft(PEER, Some("precious\nthe next one\nlater")),
        Change::Notice(Notice::NotKept { peer: jid(PEER) }),
    ]);
    until("joined already", || written(&page) == "precious\nthe next one\nlater").await;
    page.write("composer", "precious\nthe next one");
    until("both kept", || told(&page).last().is_some_and(|text| text == "precious\nthe next one")).await;

    page.choose(OTHER).await;
    page.client.apply(given_back());
    until("in the list", || page.row(PEER).text_content().unwrap().contains("Draft: precious")).await;
    assert_eq!(written(&page), "", "not in the field of somebody else");
}

#[wasm_bindgen_test]
async fn the_engine_knows_which_conversation_is_on_the_page() {
    let page = both().await;
    let shown = || {
        let text = |command: &Command| match command {
            Command::Show(peers) => Some(peers.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")),
            _ => None,
        };
        page.asked.borrow().iter().filter_map(text).collect::<Vec<_>>()
    };
    assert_eq!(shown(), [PEER]);
    page.choose(OTHER).await;
    assert_eq!(shown(), [PEER, OTHER]);
    web_sys::window().unwrap().location().set_hash("#/").unwrap();
    until("closed", || page.find("composer").is_none()).await;
    assert_eq!(shown(), [PEER, OTHER, ""]);
}
