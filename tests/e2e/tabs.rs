//! Several tabs of one browser, and the page without a network.

use crate::support::host::Host;
use crate::support::page::Page;
use crate::support::peer::Peer;
use crate::support::world::{at_ejabberd, at_prosody, world};
use crate::support::{Stage, by_hook, scene};

#[test]
fn tabs_share_one_session_and_the_last_keeps_it_on_ejabberd() {
    scene(async |stage| share(stage, false).await);
}

#[test]
fn tabs_share_one_session_and_the_last_keeps_it_on_prosody() {
    scene(async |stage| share(stage, true).await);
}

async fn share(stage: &Stage, prosody: bool) {
    let (server, host) = if prosody { (&world().prosody, at_prosody()) } else { (&world().ejabberd, at_ejabberd()) };
    let (romeo, juliet) = (stage.person(server, "romeo"), stage.person(server, "juliet"));
    server.befriend(&romeo, &juliet);
    let mut her = Peer::online(server, &juliet).await;
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
    her.say(&romeo.address, "How camest thou hither?").await;
    page.wait_said(&["in: How camest thou hither?"]).await;
    page.send("With love's light wings").await;
    page.wait_state("With love's light wings", "acked").await;
    assert_eq!(her.hears(&romeo.address).await, "With love's light wings");
    go_to(&page, &first).await;
    page.wait_said(&["in: How camest thou hither?", "out: With love's light wings"]).await;

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

async fn here(page: &Page) -> fantoccini::wd::WindowHandle {
    page.browser.client.window().await.expect("a tab")
}

async fn go_to(page: &Page, tab: &fantoccini::wd::WindowHandle) {
    page.browser.client.switch_to_window(tab.clone()).await.expect("the tab");
}

/// Opens another tab with the page and goes there.
async fn open_tab(page: &Page) -> fantoccini::wd::WindowHandle {
    let tab = page.browser.client.new_window(true).await.expect("another tab").handle;
    go_to(page, &tab).await;
    page.go("").await;
    tab
}
