//! What is told of people, who is blocked, and where strangers wait.

use tokio_xmpp::Stanza;
use tokio_xmpp::parsers::message::MessageType;

use crate::support::host::Host;
use crate::support::peer::Peer;
use crate::support::server::Server;
use crate::support::world::{at_ejabberd, at_prosody, world};
use crate::support::{Stage, about, by_hook, scene};

#[test]
fn people_are_known_by_name_blocked_and_kept_apart_on_ejabberd() {
    scene(async |stage| people(stage, &world().ejabberd, at_ejabberd()).await);
}

#[test]
fn people_are_known_by_name_blocked_and_kept_apart_on_prosody() {
    scene(async |stage| people(stage, &world().prosody, at_prosody()).await);
}

async fn people(stage: &Stage, server: &Server, host: &'static Host) {
    let (romeo, juliet) = (stage.person(server, "romeo"), stage.person(server, "juliet"));
    server.befriend(&romeo, &juliet);
    let mut her = Peer::online(server, &juliet).await;
    let page = stage.page(host, "romeo").await;
    page.log_in(&romeo).await;
    page.show_contacts().await;
    page.wait_presence(&juliet.address, "available").await;

    // She says how she is called, and that she left an hour ago.
    her.call_herself("Jules").await;
    her.be_idle_for(3_700).await;
    page.wait_presence(&juliet.address, "away").await;
    page.open_chat(&juliet.address).await;
    page.press_hook("chat-details").await;
    // His own name for her comes first.
    page.wait_text(&by_hook("nickname-of"), |text| text.contains("Jules")).await;
    page.wait_text(&by_hook("state"), |text| text.contains("Last seen 1 h ago")).await;

    // He says how he is called.
    page.press("dialog header button").await;
    page.press_hook("status-menu").await;
    page.fill(&by_hook("nickname"), "Ro").await;
    page.press_hook("nickname-save").await;
    page.wait_text(&by_hook("status-menu"), |text| text.contains("Ro")).await;

    // Nothing of her comes through, until it may again.
    page.press_hook("chat-details").await;
    page.press_hook("details-block").await;
    page.wait_for(&by_hook("is-blocked")).await;
    page.press("dialog header button").await;
    page.wait_for(&by_hook("blocked-note")).await;
    page.wait_until_gone(&by_hook("composer")).await;
    her.say(&romeo.address, "Do you hear me?").await;
    her.waits_for("her message to come back", |stanza| match stanza {
        Stanza::Message(message) if message.type_ == MessageType::Error => Some(()),
        _ => None,
    })
    .await;
    // It is the server that keeps the list.
    page.reload().await;
    page.log_in(&romeo).await;
    page.wait_for(&by_hook("blocked-note")).await;
    page.press_hook("unblock").await;
    page.wait_for(&by_hook("composer")).await;
    her.say(&romeo.address, "And now?").await;
    page.wait_said(&["in: And now?"]).await;
    her.leave().await;

    // A stranger waits apart until he is answered.
    let mercutio = stage.person(server, "mercutio");
    let mut him = Peer::online(server, &mercutio).await;
    him.say(&romeo.address, "Sir, a word").await;
    page.show_chats().await;
    page.wait_attribute(&by_hook("requests-door"), "data-unread", "1").await;
    page.sees("a quiet title", "return !document.title.startsWith('(')").await;
    page.show_requests().await;
    page.open_chat(&mercutio.address).await;
    page.wait_for(&by_hook("stranger")).await;
    page.send("Couple it with something").await;
    assert_eq!(him.hears(&romeo.address).await, "Couple it with something");
    page.wait_until_gone(&by_hook("stranger")).await;
    page.wait_until_gone(&by_hook("shelf")).await;
    page.wait_for(&about("conversation", &mercutio.address)).await;
    him.leave().await;
}
