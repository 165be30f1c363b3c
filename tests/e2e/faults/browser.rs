//! The browser is loaded anew, crashes, is killed, is closed until the next day, sleeps.

use std::time::Duration;

use serde_json::json;

use super::Pair;
use crate::support::peer::Peer;
use crate::support::place::Ports;
use crate::support::proxy::Way;
use crate::support::server::{Kind, Server};
use crate::support::wait::until;
use crate::support::world::world;
use crate::support::{Stage, about, by_hook, scene};

#[test]
fn a_page_loaded_again_while_it_sends_loses_nothing_on_ejabberd() {
    scene(async |stage| reloads(stage, &world().ejabberd, 0x5eed).await);
}

#[test]
fn a_page_loaded_again_while_it_sends_loses_nothing_on_prosody() {
    scene(async |stage| reloads(stage, &world().prosody, 0xbeef).await);
}

/// Three texts, and the page is loaded again at some point of their way, from the moment on at which they are kept.
async fn reloads(stage: &Stage, server: &Server, seed: u64) {
    let mut pair = Pair::meet(stage, server, true).await;
    let mut random = seed;
    for round in 0..25 {
        // As good as any, and the same in each run (Knuth).
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let point = random >> 33;
        let before = pair.road.frames().len();
        pair.write(3).await;
        pair.shown().await;
        if round % 2 == 0 {
            tokio::time::sleep(Duration::from_millis(point % 60)).await;
        } else {
            let frames = usize::try_from(point % 5).unwrap_or_default();
            until("so many frames pass", async || {
                let passed = pair.road.frames().len() - before;
                if passed >= frames { Ok(()) } else { Err(format!("{passed} passed")) }
            })
            .await;
        }
        pair.page.reload().await;
        pair.back().await;
    }
    pair.agree().await;
    let frames = pair.road.frames();
    let resumed = frames.iter().filter(|(way, text)| *way == Way::In && text.starts_with("<resumed")).count();
    assert!(resumed > 0, "no page went on with the stream of the one before");
}

#[test]
fn a_tab_that_crashes_while_it_sends_loses_nothing_on_ejabberd() {
    scene(async |stage| crashes(stage, &world().ejabberd).await);
}

#[test]
fn a_tab_that_crashes_while_it_sends_loses_nothing_on_prosody() {
    scene(async |stage| crashes(stage, &world().prosody).await);
}

/// First its tab crashes, then all of the browser is killed.
async fn crashes(stage: &Stage, server: &Server) {
    let mut pair = Pair::meet(stage, server, true).await;
    for _ in 0..2 {
        let page = pair.page.clone();
        let spare = page.browser.client.new_window(true).await.expect("another tab").handle;
        pair.write(3).await;
        pair.shown().await;
        page.browser.chromium("Page.crash", &json!({}));
        page.browser.client.switch_to_window(spare).await.expect("the other tab");
        page.go("").await;
        pair.back().await;
    }
    for _ in 0..2 {
        pair.write(3).await;
        pair.shown().await;
        pair.page.browser.kill().await;
        pair.page = stage.again(&pair.page).await;
        pair.back().await;
    }
    pair.agree().await;
}

#[test]
fn what_was_written_without_a_connection_goes_out_the_next_day_on_ejabberd() {
    scene(async |stage| next_day(stage, Kind::Ejabberd).await);
}

#[test]
fn what_was_written_without_a_connection_goes_out_the_next_day_on_prosody() {
    scene(async |stage| next_day(stage, Kind::Prosody).await);
}

async fn next_day(stage: &Stage, kind: Kind) {
    let server = Server::start(kind, Ports::claim(), None);
    let mut pair = Pair::meet(stage, &server, true).await;
    pair.write(1).await;
    pair.acked().await;
    pair.she_heard().await;
    pair.road.cut(true);
    pair.page.wait_connection("reconnecting").await;
    pair.write(3).await;
    pair.page.wait_state(pair.last(), "queued").await;
    pair.page.browser.quit().await;
    // By the next day the server has forgotten the stream.
    server.restart();
    pair.her = Peer::online(&server, &pair.juliet).await;
    // Before there is a connection, everything is there to be read.
    pair.page = stage.again(&pair.page).await;
    pair.back().await;
    pair.page.wait_state(pair.last(), "queued").await;
    pair.road.mend();
    pair.agree().await;
    server.stop();
}

#[test]
fn a_browser_that_slept_finds_its_way_back_on_ejabberd() {
    scene(async |stage| sleeps(stage, &world().ejabberd).await);
}

#[test]
fn a_browser_that_slept_finds_its_way_back_on_prosody() {
    scene(async |stage| sleeps(stage, &world().prosody).await);
}

/// Long enough for the page to see that it slept; and the connection did not outlive it.
async fn sleeps(stage: &Stage, server: &Server) {
    let mut pair = Pair::meet(stage, server, false).await;
    pair.write(1).await;
    pair.acked().await;
    let page = pair.page.clone();
    tokio::join!(page.browser.sleep(Duration::from_secs(17)), async {
        pair.answer().await;
        pair.road.cut(false);
        pair.answer().await;
    });
    pair.page_shows(&pair.said).await;
    pair.agree().await;
}

#[test]
fn drafts_and_what_was_not_read_outlive_the_page() {
    scene(async |stage| {
        let server = &world().ejabberd;
        let mut pair = Pair::meet(stage, server, true).await;
        let nurse = stage.person(server, "nurse");
        pair.page.keys(&by_hook("composer"), "not yet sent").await;
        pair.page.write_to(&nurse.address).await;
        pair.answer().await;
        pair.answer().await;
        pair.page.show_chats().await;
        pair.page.wait_unread(&pair.juliet.address, 2).await;
        // What is kept is kept in order: once this is shown, everything before it is kept.
        pair.page.send("Come hither").await;
        pair.page.wait_state("Come hither", "acked").await;
        pair.page.reload().await;
        pair.page.show_chats().await;
        pair.page.wait_for(&about("conversation", &pair.juliet.address)).await;
        pair.page.wait_unread(&pair.juliet.address, 2).await;
        pair.page.open_chat(&pair.juliet.address).await;
        until("the draft is there", async || match pair.page.value(&by_hook("composer")).await {
            text if text == "not yet sent" => Ok(()),
            other => Err(other),
        })
        .await;
        pair.page_shows(&pair.said).await;
        pair.page.wait_unread(&pair.juliet.address, 0).await;
    });
}
