//! The browser has no place to keep anything, or no more of it.

use super::Pair;
use crate::support::server::Server;
use crate::support::wait::until;
use crate::support::world::world;
use crate::support::{Stage, by_hook, scene};

/// As in a browser that forbids it.
const NO_DATABASES: &str = "Object.defineProperty(window, 'indexedDB', { value: undefined });";

/// From now on nothing more fits of what the user writes. What the page keeps of itself still does, or it would know before
/// anything is written that there is no room.
const FULL: &str = "const { put } = IDBObjectStore.prototype;
    IDBObjectStore.prototype.put = function (...what) {
        if (this.name === 'outbox') throw new DOMException('no room', 'QuotaExceededError');
        return put.apply(this, what);
    };";

#[test]
fn without_a_database_one_is_told_and_can_talk_on_ejabberd() {
    scene(async |stage| without(stage, &world().ejabberd).await);
}

#[test]
fn without_a_database_one_is_told_and_can_talk_on_prosody() {
    scene(async |stage| without(stage, &world().prosody).await);
}

async fn without(stage: &Stage, server: &Server) {
    let mut pair = Pair::meet_where(stage, server, true, Some(NO_DATABASES)).await;
    pair.page.wait_until_shown(&by_hook("storage-notice")).await;
    pair.write(2).await;
    pair.acked().await;
    pair.answer().await;
    pair.page_shows(&pair.said).await;
    pair.road.cut(false);
    pair.agree().await;
}

#[test]
fn without_room_words_come_back_and_one_can_talk_on_ejabberd() {
    scene(async |stage| full(stage, &world().ejabberd).await);
}

#[test]
fn without_room_words_come_back_and_one_can_talk_on_prosody() {
    scene(async |stage| full(stage, &world().prosody).await);
}

async fn full(stage: &Stage, server: &Server) {
    let mut pair = Pair::meet(stage, server, true).await;
    pair.write(1).await;
    pair.acked().await;
    // A stand-in for a full disk: a lower limit set by Chromium's own command changed nothing here.
    pair.page.script(FULL).await;
    pair.page.keys(&by_hook("composer"), "precious\u{e007}").await;
    until("the words come back", async || match pair.page.value(&by_hook("composer")).await {
        text if text == "precious" => Ok(()),
        other => Err(other),
    })
    .await;
    pair.page.wait_until_shown(&by_hook("storage-notice")).await;
    // Whoever has read the notice may send them all the same.
    pair.page.press_hook("send").await;
    pair.said.push("out: precious".to_owned());
    pair.acked().await;
    pair.answer().await;
    pair.page_shows(&pair.said).await;
    pair.agree().await;
}
