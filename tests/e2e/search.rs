//! Finding what was said long ago.

use crate::support::host::Host;
use crate::support::peer::Peer;
use crate::support::server::{Person, Server};
use crate::support::wait::until;
use crate::support::world::{at_ejabberd, at_prosody, world};
use crate::support::{Stage, by_hook, scene};

const OLD: &str = "It was the nightingale, and not the lark";

/// Juliet says something memorable, and so much after it that nobody finds it by scrolling.
async fn speak(server: &Server, juliet: &Person, romeo: &Person, after: usize) {
    let mut her = Peer::online(server, juliet).await;
    her.say(&romeo.address, OLD).await;
    for number in 0..after {
        her.say(&romeo.address, &format!("Good night {number}")).await;
    }
    her.leave().await;
}

#[test]
fn what_is_kept_is_found_after_a_reload_without_its_conversation_being_opened_on_prosody() {
    scene(async |stage| kept(stage, &world().prosody, at_prosody()).await);
}

#[test]
fn what_is_kept_is_found_after_a_reload_without_its_conversation_being_opened_on_ejabberd() {
    scene(async |stage| kept(stage, &world().ejabberd, at_ejabberd()).await);
}

async fn kept(stage: &Stage, server: &Server, host: &'static Host) {
    let [romeo, juliet, nurse] = ["romeo", "juliet", "nurse"].map(|name| stage.person(server, name));
    server.befriend(&romeo, &juliet);
    server.befriend(&romeo, &nurse);
    let page = stage.page(host, "romeo").await;
    page.press("input[name=remember]").await;
    page.log_in(&romeo).await;
    // More than comes into memory when a conversation is opened.
    speak(server, &juliet, &romeo, 640).await;
    page.wait_unread(&juliet.address, 641).await;
    let mut other = Peer::online(server, &nurse).await;
    other.say(&romeo.address, "Peter, stay at the gate").await;
    page.wait_unread(&nurse.address, 1).await;
    other.leave().await;
    // A save is done before the server hears of the last stanza, and that is before this is answered.
    page.open_chat(&nurse.address).await;
    page.send("I come, anon").await;
    page.wait_state("I come, anon", "acked").await;
    page.go("#/").await;
    page.reload().await;
    page.wait_connection("online").await;
    page.wait_until_gone(&by_hook("message-list")).await;
    page.fill(&by_hook("search"), "lark nightingale").await;
    let result = by_hook("search-result");
    page.wait_text(&result, |text| text.contains(OLD)).await;
    page.wait_text(&format!("{result} mark"), |text| text == "nightingale").await;
    page.press(&result).await;
    until("the message is in sight, among the others", async || {
        let said: Vec<String> = page.messages().await.into_iter().map(|shown| shown.body).collect();
        let found = said.iter().position(|body| body == OLD);
        match found.and_then(|place| said.get(place + 1)) {
            Some(next) if next == "Good night 0" => Ok(()),
            _ => Err(format!("it shows {said:?}")),
        }
    })
    .await;
}
