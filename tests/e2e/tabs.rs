//! Several tabs of one browser, and the page without a network.

use std::rc::Rc;

use fantoccini::wd::WindowHandle;

use crate::support::host::Host;
use crate::support::page::{Page, Shown};
use crate::support::peer::Peer;
use crate::support::server::{Person, Server};
use crate::support::wait::until;
use crate::support::world::{at_ejabberd, at_prosody, world};
use crate::support::{Stage, by_hook, place, scene};

#[test]
fn tabs_share_one_session_and_the_last_keeps_it_on_ejabberd() {
    scene(async |stage| share(stage, false).await);
}

#[test]
fn tabs_share_one_session_and_the_last_keeps_it_on_prosody() {
    scene(async |stage| share(stage, true).await);
}

/// Romeo in two tabs of one browser, both in the conversation with Juliet, the second in sight.
struct Two {
    romeo: Person,
    her: Peer,
    page: Rc<Page>,
    first: WindowHandle,
    second: WindowHandle,
}

async fn two(stage: &Stage, server: &Server, host: &'static Host) -> Two {
    let (romeo, juliet) = (stage.person(server, "romeo"), stage.person(server, "juliet"));
    server.befriend(&romeo, &juliet);
    let her = Peer::online(server, &juliet).await;
    let page = stage.page(host, "romeo").await;
    page.press("input[name=remember]").await;
    page.log_in(&romeo).await;
    page.show_contacts().await;
    page.open_chat(&juliet.address).await;
    let first = here(&page).await;
    // The second one is signed in without being asked, and has no connection of its own.
    let second = open_tab(&page).await;
    page.wait_connection("online").await;
    page.show_contacts().await;
    page.open_chat(&juliet.address).await;
    Two { romeo, her, page, first, second }
}

async fn share(stage: &Stage, prosody: bool) {
    let (server, host) = if prosody { (&world().prosody, at_prosody()) } else { (&world().ejabberd, at_ejabberd()) };
    let Two { romeo, mut her, page, first, second } = two(stage, server, host).await;
    her.say(&romeo.address, "How camest thou hither?").await;
    page.wait_said(&["in: How camest thou hither?"]).await;
    page.send("With love's light wings").await;
    page.wait_state("With love's light wings", "acked").await;
    assert_eq!(her.hears(&romeo.address).await, "With love's light wings");
    go_to(&page, &first).await;
    page.wait_said(&["in: How camest thou hither?", "out: With love's light wings"]).await;

    // A tab without a connection puts its file there itself.
    go_to(&page, &second).await;
    page.attach(&[place::file("letter.txt", b"Dear love")]).await;
    page.press_hook("send").await;
    assert!(her.hears(&romeo.address).await.ends_with("letter.txt"));
    go_to(&page, &first).await;

    // The one that has the connection goes.
    page.browser.client.close_window().await.expect("the first tab closes");
    go_to(&page, &second).await;
    page.send("did I o'er-perch these walls").await;
    page.wait_state("did I o'er-perch these walls", "acked").await;
    page.wait_connection("online").await;
    assert_eq!(her.hears(&romeo.address).await, "did I o'er-perch these walls");

    // Whoever signs out does so everywhere.
    let third = open_tab(&page).await;
    page.wait_connection("online").await;
    page.log_out().await;
    go_to(&page, &second).await;
    page.wait_until_gone(&by_hook("app")).await;
    go_to(&page, &third).await;
}

/// How many texts each tab writes.
const EACH: usize = 20;

#[test]
fn two_tabs_write_at_once_and_show_the_same_on_ejabberd() {
    scene(async |stage| at_once(stage, &world().ejabberd, at_ejabberd(), false).await);
}

#[test]
fn two_tabs_write_at_once_and_show_the_same_on_prosody() {
    scene(async |stage| at_once(stage, &world().prosody, at_prosody(), false).await);
}

#[test]
fn the_tab_with_the_connection_crashes_while_both_write_on_ejabberd() {
    scene(async |stage| at_once(stage, &world().ejabberd, at_ejabberd(), true).await);
}

#[test]
fn the_tab_with_the_connection_crashes_while_both_write_on_prosody() {
    scene(async |stage| at_once(stage, &world().prosody, at_prosody(), true).await);
}

async fn at_once(stage: &Stage, server: &Server, host: &'static Host, crashes: bool) {
    let Two { romeo, mut her, page, first, second } = two(stage, server, host).await;

    // The second begins, and goes on writing while the first, which has the connection, writes too or crashes.
    write_on(&page, "second").await;
    go_to(&page, &first).await;
    write_on(&page, "first").await;
    let both = if crashes {
        has_written(&page, "first", 3).await;
        page.browser.chromium("Page.crash", &serde_json::json!({}));
        false
    } else {
        has_written(&page, "first", EACH - 1).await;
        true
    };
    go_to(&page, &second).await;
    page.wait_connection("online").await;
    has_written(&page, "second", EACH - 1).await;
    until("nothing is on its way", async || {
        let shown = page.messages().await;
        if shown.iter().all(|shown| shown.has_arrived()) { Ok(()) } else { Err(format!("{shown:?}")) }
    })
    .await;
    let shown: Vec<String> = page.all_messages().await.into_iter().map(|shown| shown.body).collect();
    let mut heard = Vec::new();
    while heard.len() < shown.len() {
        heard.push(her.hears(&romeo.address).await);
    }
    assert_eq!(heard, shown, "what she heard is what is shown, once each and in that order");
    let of = |who: &str| heard.iter().filter(|text| text.starts_with(who)).cloned().collect::<Vec<_>>();
    let written = |who: &str| (0..EACH).map(|number| format!("{who} {number}")).collect::<Vec<_>>();
    assert_eq!(of("second"), written("second"));
    let firsts = of("first");
    assert!(written("first").starts_with(&firsts) && firsts.len() > 3, "{firsts:?}");
    if both {
        assert_eq!(firsts.len(), EACH);
        go_to(&page, &first).await;
        let other: Vec<String> = page.all_messages().await.into_iter().map(|shown| shown.body).collect();
        assert_eq!(other, shown, "both tabs show the same rows in the same order");
        go_to(&page, &second).await;
    }
}

/// Waits until this text of a tab, or a later one, is at the server. Earlier ones may be out of sight by then.
async fn has_written(page: &Page, who: &str, least: usize) {
    let number = |body: &str| body.strip_prefix(who)?.trim().parse::<usize>().ok();
    until(&format!("{who} {least} is at the server"), async || {
        let shown = page.messages().await;
        let is_there = |one: &Shown| one.has_arrived() && number(&one.body).is_some_and(|number| number >= least);
        if shown.iter().any(is_there) { Ok(()) } else { Err(format!("{shown:?}")) }
    })
    .await;
}

/// Has the tab write its texts by itself, one after the other, and goes on at once: no driver types in two tabs.
async fn write_on(page: &Page, who: &str) {
    let script = format!(
        "const write = number => {{
            const field = document.querySelector('[data-testid=composer]');
            field.value = '{who} ' + number;
            field.dispatchEvent(new Event('input', {{ bubbles: true }}));
            document.querySelector('[data-testid=send]').click();
            if (number + 1 < {EACH}) setTimeout(() => write(number + 1), 15);
        }};
        write(0);"
    );
    page.script(&script).await;
}

#[test]
fn the_page_is_there_without_a_network() {
    scene(async |stage| {
        let host = Box::leak(Box::new(Host::start("offline", r#"{"discovery": false}"#, &[])));
        let page = stage.page(host, "romeo").await;
        page.expects("ERR_CONNECTION_REFUSED");
        let kept = "const done = arguments[arguments.length - 1]; navigator.serviceWorker.ready.then(() => done());";
        page.browser.client.execute_async(kept, Vec::new()).await.expect("the page to be kept");
        host.stop();
        page.reload().await;
        page.wait_for_form().await;
        page.sees("no complaint", "return document.getElementById('boot-problem').hidden").await;
    });
}

async fn here(page: &Page) -> WindowHandle {
    page.browser.client.window().await.expect("a tab")
}

async fn go_to(page: &Page, tab: &WindowHandle) {
    page.browser.client.switch_to_window(tab.clone()).await.expect("the tab");
}

/// Opens another tab with the page and goes there.
async fn open_tab(page: &Page) -> WindowHandle {
    let tab = page.browser.client.new_window(true).await.expect("another tab").handle;
    go_to(page, &tab).await;
    page.go("").await;
    tab
}
