//! A support desk on real servers: a visitor who goes from page to page, and two agents of one account.

use std::rc::Rc;

use serde_json::{Value, json};

use crate::support::host::Host;
use crate::support::page::Page;
use crate::support::server::{Person, Server};
use crate::support::wait::until;
use crate::support::world::{at_ejabberd, at_prosody, world};
use crate::support::{Stage, about, by_hook, scene};

/// The domain whose guests come in, on both servers.
const GUESTS: &str = "anon.localhost";

#[test]
fn a_visitor_is_taken_care_of_from_page_to_page_on_ejabberd() {
    scene(async |stage| visit(stage, &world().ejabberd, at_ejabberd()).await);
}

#[test]
fn a_visitor_is_taken_care_of_from_page_to_page_on_prosody() {
    scene(async |stage| visit(stage, &world().prosody, at_prosody()).await);
}

/// Somebody at the desk, under a name.
async fn agent(stage: &Stage, host: &'static Host, desk: &Person, name: &str) -> Rc<Page> {
    let page = stage.page(host, name).await;
    page.log_in(desk).await;
    page.press_hook("status-menu").await;
    page.press_hook("account").await;
    page.press_hook("is-desk").await;
    page.fill(&by_hook("agent-name"), name).await;
    page.press_hook("desk-save").await;
    page.wait_text(&by_hook("visitors"), |text| text.contains("No visitor is waiting")).await;
    page
}

/// A page of a shop with the chat in it. The one before is gone.
async fn comes(anna: &Page, host: &Host, server: &Server, desk: &Person) {
    for way in ["about:blank".to_owned(), format!("{}widget.html", host.url())] {
        anna.browser.client.goto(&way).await.expect("a page");
    }
    anna.sees("the element", "return customElements.get('waxwing-chat') !== undefined").await;
    let options = json!({ "id": "desk", "service": server.websocket(), "domain": GUESTS, "desk": desk.address, "mode": "inline" });
    let put = format!(
        "document.querySelectorAll('waxwing-chat').forEach(one => one.remove());
         const chat = Object.assign(document.createElement('waxwing-chat'), {options});
         document.body.prepend(chat); return true"
    );
    anna.script(&put).await;
}

fn inside(selector: &str) -> String {
    format!("document.getElementById('desk')?.shadowRoot.querySelector({selector:?})")
}

async fn wait_inside(anna: &Page, hook: &str) {
    anna.sees(&format!("{hook} in the chat"), &format!("return !!{}", inside(&by_hook(hook)))).await;
}

async fn press_inside(anna: &Page, hook: &str) {
    wait_inside(anna, hook).await;
    anna.script(&format!("{}.click(); return true", inside(&by_hook(hook)))).await;
}

async fn fill_inside(anna: &Page, hook: &str, text: &str) {
    wait_inside(anna, hook).await;
    let field = inside(&by_hook(hook));
    let fill = format!(
        "const field = {field}; field.value = {text:?}; field.dispatchEvent(new Event('input', {{ bubbles: true }})); return true"
    );
    anna.script(&fill).await;
}

/// Waits until the chat says exactly this.
async fn wait_said(anna: &Page, wanted: &[&str]) {
    let read =
        "return [...document.getElementById('desk').shadowRoot.querySelectorAll('[data-testid=message]')].map(row =>
        `${row.dataset.direction}: ${row.querySelector('[data-testid=message-body]').textContent}`)";
    until(&format!("the chat shows {wanted:?}"), async || {
        let said: Value = anna.script(read).await;
        if said == json!(wanted) { Ok(()) } else { Err(format!("it shows {said}")) }
    })
    .await;
}

async fn visit(stage: &Stage, server: &Server, host: &'static Host) {
    let desk = stage.person(server, "desk");
    let eve = agent(stage, host, &desk, "Eve").await;
    let bob = agent(stage, host, &desk, "Bob").await;
    let anna = stage.page(host, "Anna").await;
    // The connection of a page that goes may be cut.
    anna.expects("WebSocket");
    // The demo has no icon.
    anna.expects("favicon.ico");

    // Anna asks, and waits; both agents see her, and Eve takes her.
    comes(&anna, host, server, &desk).await;
    fill_inside(&anna, "visit-name", "Anna").await;
    fill_inside(&anna, "visit-topic", "Where is my order?").await;
    press_inside(&anna, "visit-begin").await;
    let first = "out: Name: Anna\nWhere is my order?";
    wait_said(&anna, &[first]).await;
    let waits = format!("{}[data-stage=waiting]", by_hook("visit"));
    bob.wait_text(&waits, |text| text.contains("Anna") && text.contains("Where is my order?")).await;
    eve.press(&format!("{waits} {}", by_hook("visit-take"))).await;
    bob.wait_text(&format!("{}[data-stage=taken]", by_hook("visit")), |text| text.contains("With Eve")).await;
    eve.wait_said(&["in: Name: Anna\nWhere is my order?"]).await;
    eve.send("I look it up.").await;
    wait_said(&anna, &[first, "in: I look it up."]).await;
    let room = eve.script(&format!("return document.querySelector('{}').dataset.jid", by_hook("message-list"))).await;
    let room = room.as_str().expect("an address").to_owned();

    // She goes to another page, and has everything there: also what was said in between.
    anna.browser.client.goto("about:blank").await.expect("an empty page");
    eve.send("It is on its way.").await;
    eve.wait_state("It is on its way.", "acked").await;
    comes(&anna, host, server, &desk).await;
    wait_said(&anna, &[first, "in: I look it up.", "in: It is on its way."]).await;
    wait_inside(&anna, "composer").await;
    anna.script(&format!("{}.getRootNode().host.send('Thank you'); return true", inside(&by_hook("composer")))).await;
    wait_said(&anna, &[first, "in: I look it up.", "in: It is on its way.", "out: Thank you"]).await;
    eve.wait_text(&by_hook("message-list"), |text| text.contains("Thank you")).await;

    // Eve hands her over; Bob need do nothing for it.
    eve.press_hook("visit-hand-over").await;
    eve.press_hook("agent").await;
    eve.wait_text(&by_hook("visit-bar"), |text| text.contains("Bob is with this visitor")).await;
    bob.press(&about("conversation", &room)).await;
    bob.wait_text(&by_hook("message-list"), |text| text.contains("It is on its way.")).await;
    bob.send("Anything else?").await;
    bob.wait_state("Anything else?", "acked").await;
    // What Eve said is hers, though she has the same account.
    let own = bob.messages().await.into_iter().filter(|one| one.direction == "out").count();
    assert_eq!(own, 1);

    // It ends. Anna can read it, and not write; on another page, too.
    bob.press_hook("visit-end").await;
    bob.fill(&by_hook("farewell"), "Goodbye, Anna").await;
    bob.press_hook("visit-end-confirm").await;
    let whole = [
        first,
        "in: I look it up.",
        "in: It is on its way.",
        "out: Thank you",
        "in: Anything else?",
        "in: Goodbye, Anna",
    ];
    wait_said(&anna, &whole).await;
    wait_inside(&anna, "visit-ended").await;
    bob.wait_text(&by_hook("visit-bar"), |text| text.contains("has ended")).await;
    comes(&anna, host, server, &desk).await;
    wait_said(&anna, &whole).await;
    wait_inside(&anna, "visit-ended").await;
    press_inside(&anna, "visit-again").await;
    wait_inside(&anna, "visit-form").await;
    let kept = anna.script("return Object.keys(localStorage).filter(name => name.startsWith('waxwing.visit'))").await;
    assert_eq!(kept, json!([]));
    anna.go("").await;
}
