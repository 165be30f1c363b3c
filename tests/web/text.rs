//! How text is shown and written: styles, links, emoji.

use js_sys::{Promise, Reflect};
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_test::wasm_bindgen_test;
use waxwing::domain::timeline::{Direction, Manner, Message, More};
use waxwing::engine::command::Command;
use web_sys::{HtmlElement, Response};

use crate::fixture::{insert, jid, text};
use crate::page::{Page, document, press, until, value};

const PEER: &str = "grace@bench.test";
const TABLE: &str = include_str!("../../public/emoji.txt");

async fn said(body: &str) -> Page {
    let page = Page::opened(PEER, vec![insert(&jid(PEER), text(1, Direction::In, body, 0, None))]).await;
    page.see("message-body").await;
    page
}

/// Answers for the emoji table: with it, or with nothing.
fn serve(table: Option<&'static str>) {
    let answer = move || match table {
        Some(table) => Promise::resolve(&JsValue::from(Response::new_with_opt_str(Some(table)).unwrap())),
        None => Promise::reject(&JsValue::from("no network")),
    };
    let fetch = Closure::<dyn FnMut() -> Promise>::new(answer).into_js_value();
    Reflect::set(&web_sys::window().unwrap(), &"fetch".into(), &fetch).unwrap();
}

fn texts(elements: &[HtmlElement]) -> Vec<String> {
    elements.iter().map(|element| element.text_content().unwrap()).collect()
}

#[wasm_bindgen_test]
async fn styles_are_elements_and_all_of_the_text_is_there() {
    let body = "*strong* _em_ ~gone~ `co*d*e`\n> quoted\n>> twice\n```rust\nfn <b>main</b>() {}\n```\n<i>no</i> *not";
    let page = said(body).await;
    let shown = page.get("message-body");
    assert_eq!(shown.text_content().unwrap(), body);
    for (selector, content) in [("strong", "*strong*"), ("em", "_em_"), ("del", "~gone~"), (".body > code", "`co*d*e`")]
    {
        assert_eq!(
            texts(&page.all(&format!("[data-testid=message-body] {selector}").replace(".body >", ">"))),
            [content]
        );
    }
    assert_eq!(page.all("blockquote").len(), 2);
    assert_eq!(page.get("pre").get_attribute("tabindex").as_deref(), Some("0"));
    assert!(page.all("[data-testid=message-body] b, [data-testid=message-body] i").is_empty());
    // The marks are there, and take no room.
    let sign = page.all("strong .sign")[0].get_bounding_client_rect();
    assert!(sign.width() < 0.5, "{}", sign.width());
}

#[wasm_bindgen_test]
async fn who_does_something_is_named() {
    let page = said("/me waves at *you*").await;
    let action = page.see("action").await;
    assert!(action.text_content().unwrap().contains("Grace Hopper waves at *you*"));
}

#[wasm_bindgen_test]
async fn who_reads_sees_where_they_are_named() {
    let page = said("hi @Me, and not @mean or you@me").await;
    assert_eq!(texts(&page.all("[data-testid=mention]")), ["@Me"]);
}

#[wasm_bindgen_test]
async fn a_link_shows_where_it_leads() {
    let page = said(
        "https://good.example/a_b_ http://2130706433/x https://exаmple.org tel:+491234 geo:1.5,2 javascript:alert(1) \
         https://bank.example@evil.example",
    )
    .await;
    let links = page.all("[data-testid=message-body] a");
    assert_eq!(
        texts(&links),
        ["https://good.example/a_b", "http://127.0.0.1/x", "https://xn--exmple-4nf.org/", "tel:+491234", "geo:1.5,2"]
    );
    assert!(links.iter().all(|link| link.get_attribute("rel").unwrap() == "noopener noreferrer nofollow ugc"));
}

#[wasm_bindgen_test]
async fn a_link_to_somebody_asks_first_and_stays_inside() {
    let page = said("write to xmpp:alan@bench.test?message;body=now or xmpp://me@bench.test/alan@bench.test").await;
    assert_eq!(page.all("[data-testid=message-body] a").len(), 1);
    page.click("address-link").await;
    let named = page.see("write-address").await;
    assert_eq!(named.text_content().unwrap(), "alan@bench.test");
    let opened =
        |command: &Command| matches!(command, Command::OpenConversation(peer) if *peer == jid("alan@bench.test"));
    assert!(!page.was_asked(opened));
    page.click("write-confirm").await;
    until("open", || page.was_asked(opened)).await;
    assert_eq!(value(&page.see("composer").await), "");
}

#[wasm_bindgen_test]
async fn hostile_bodies_stay_text() {
    let piece =
        ["*", "_", "`", "<img src=x onerror=alert(1)>", ">", "\n", "```\n", "https://a.example/\"'<", "\u{202e}", " "];
    let mut seed = 7_usize;
    for _ in 0..20 {
        let mut body = String::from("x");
        for _ in 0..60 {
            seed = seed.wrapping_mul(1_103_515_245).wrapping_add(12_345) % 2_147_483_648;
            body.push_str(piece[(seed >> 8) % piece.len()]);
        }
        let page = said(&body).await;
        assert_eq!(page.get("message-body").text_content().unwrap(), body);
        assert!(page.all("[data-testid=message-body] img, script").is_empty());
    }
}

#[wasm_bindgen_test]
async fn emoji_are_picked_with_keys_searched_and_remembered() {
    let page = Page::opened(PEER, Vec::new()).await;
    let storage = web_sys::window().unwrap().local_storage().unwrap().unwrap();
    storage.remove_item("waxwing.emoji").unwrap();
    storage.remove_item("waxwing.emoji-tone").unwrap();
    serve(None);
    page.write("composer", "ab");
    let field: web_sys::HtmlTextAreaElement = wasm_bindgen::JsCast::unchecked_into(page.get("composer"));
    field.set_selection_range(1, 1).unwrap();
    page.click("emoji").await;
    page.see("emoji-retry").await;
    serve(Some(TABLE));
    page.click("emoji-retry").await;
    until("cells", || page.all("[role=gridcell]").len() > 100).await;
    assert!(page.all("dialog")[0].get_bounding_client_rect().bottom() <= 800.0);
    page.write("emoji-search", "waving");
    until("found", || page.all("[role=gridcell]").len() < 10).await;
    page.get("emoji-search").focus().unwrap();
    press("ArrowDown");
    assert_eq!(texts(&[document().active_element().unwrap()].map(wasm_bindgen::JsCast::unchecked_into)), ["👋"]);
    assert_eq!(document().active_element().unwrap().get_attribute("aria-label").as_deref(), Some("waving hand"));
    page.all("[data-testid=emoji-tones] button")[3].click();
    until("toned", || page.all("[role=gridcell]")[0].text_content().unwrap() == "👋🏽").await;
    page.all("[role=gridcell]")[0].click();
    until("closed", || page.all("dialog").is_empty()).await;
    assert_eq!(value(&page.get("composer")), "a👋🏽b");
    until("focus", || document().active_element().is_some_and(|it| it == *page.get("composer"))).await;
    assert_eq!(storage.get_item("waxwing.emoji").unwrap().as_deref(), Some("👋🏽"));
    page.click("emoji").await;
    until("lately", || texts(&page.all("[role=gridcell]")) == ["👋🏽"]).await;
    storage.remove_item("waxwing.emoji").unwrap();
    storage.remove_item("waxwing.emoji-tone").unwrap();
}

#[wasm_bindgen_test]
async fn shortcodes_complete_themselves() {
    serve(Some(TABLE));
    let page = Page::opened(PEER, Vec::new()).await;
    page.get("composer").focus().unwrap();
    page.write("composer", "hi :smi");
    page.see("emoji-options").await;
    assert_eq!(page.get("composer").get_attribute("aria-activedescendant").as_deref(), Some("emoji-option-0"));
    assert!(!press("ArrowDown"));
    assert!(!press("Enter"), "takes it and sends nothing");
    assert_eq!(value(&page.get("composer")), "hi 😄 ");
    until("gone", || page.find("emoji-options").is_none()).await;
    page.write("composer", "at :par");
    page.see("emoji-options").await;
    assert!(!press("Escape"));
    until("gone", || page.find("emoji-options").is_none()).await;
    page.write("composer", "at :party");
    crate::page::frame().await;
    assert!(page.find("emoji-options").is_none(), "declined");
    page.write("composer", "x :tada:");
    until("at once", || value(&page.get("composer")) == "x 🎉").await;
    page.write("composer", "at 10:30");
    crate::page::frame().await;
    assert!(page.find("emoji-options").is_none());
    press("Enter");
    until("sent", || page.was_asked(|command| matches!(command, Command::SendText { text, .. } if text == "at 10:30")))
        .await;
}

/// Opening costs less than a frame or two of work.
#[wasm_bindgen_test]
async fn the_picker_opens_quickly() {
    serve(Some(TABLE));
    let page = Page::opened(PEER, Vec::new()).await;
    page.click("emoji").await;
    until("cells", || !page.all("[role=gridcell]").is_empty()).await;
    crate::page::click(&page.all("dialog")[0], "header button");
    until("closed", || page.all("dialog").is_empty()).await;
    let clock = web_sys::window().unwrap().performance().unwrap();
    let begin = clock.now();
    page.get("emoji").click();
    let none: JsValue = JsValue::NULL;
    let _ = wasm_bindgen_futures::JsFuture::from(Promise::resolve(&none)).await;
    let cells = page.all("[role=gridcell]").len();
    let _ = page.root.get_bounding_client_rect();
    let took = clock.now() - begin;
    web_sys::console::log_1(&format!("picker: {cells} cells in {took:.1} ms").into());
    assert!(took < 400.0, "{took} ms, in a build for tests");
}

#[wasm_bindgen_test]
async fn what_is_hidden_is_not_in_the_page_before_somebody_wants_it() {
    let manner = Manner { spoiler: Some("the end".into()), ..Manner::default() };
    let more = Some(Box::new(More { manner, ..More::default() }));
    let message = Message { more, ..text(1, Direction::In, "the butler did it", 0, None) };
    let page = Page::opened(PEER, vec![insert(&jid(PEER), message)]).await;
    let toggle = page.see("spoiler").await;
    assert!(toggle.text_content().unwrap().contains("the end"));
    assert_eq!(toggle.get_attribute("aria-expanded").as_deref(), Some("false"));
    assert!(!page.get("message-body").text_content().unwrap().contains("butler"));
    page.click("spoiler").await;
    until("it is shown", || page.get("revealed").text_content().unwrap() == "the butler did it").await;
    assert_eq!(toggle.get_attribute("aria-expanded").as_deref(), Some("true"));
    page.click("spoiler").await;
    until("it is hidden again", || page.get("revealed").text_content().unwrap().is_empty()).await;
}
