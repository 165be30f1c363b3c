//! What is said about messages, to a client that nobody of this project wrote, and by it.

use tokio_xmpp::Stanza;
use tokio_xmpp::minidom::Element;

use crate::support::host::Host;
use crate::support::peer::Peer;
use crate::support::server::Server;
use crate::support::wait::until;
use crate::support::world::{at_ejabberd, at_prosody, world};
use crate::support::{Stage, by_hook, scene};

const RECEIPTS: &str = "urn:xmpp:receipts";
const MARKERS: &str = "urn:xmpp:chat-markers:0";

#[test]
fn messages_are_proven_changed_answered_and_taken_back_on_ejabberd() {
    scene(async |stage| both_ways(stage, &world().ejabberd, at_ejabberd()).await);
}

#[test]
fn messages_are_proven_changed_answered_and_taken_back_on_prosody() {
    scene(async |stage| both_ways(stage, &world().prosody, at_prosody()).await);
}

async fn both_ways(stage: &Stage, server: &Server, host: &'static Host) {
    let (romeo, juliet) = (stage.person(server, "romeo"), stage.person(server, "juliet"));
    server.befriend(&romeo, &juliet);
    let mut her = Peer::online(server, &juliet).await;
    let his = stage.page(host, "romeo").await;
    his.press("input[name=remember]").await;
    his.log_in(&romeo).await;
    his.show_contacts().await;
    his.open_chat(&juliet.address).await;
    let to = &romeo.address;

    // What he writes is proven by her device, and then by her eyes.
    his.send("Lady by yonder moon").await;
    let first = message(&mut her, "the first", |one| one.get_child("body", "jabber:client").is_some()).await;
    assert!(first.has_child("request", RECEIPTS) && first.has_child("markable", MARKERS));
    let id = first.attr("id").expect("an id").to_owned();
    her.say_about(to, "r1", &format!("<received xmlns='{RECEIPTS}' id='{id}'/>")).await;
    his.wait_state("Lady by yonder moon", "delivered").await;
    her.say_about(to, "d1", &format!("<displayed xmlns='{MARKERS}' id='{id}'/>")).await;
    his.wait_state("Lady by yonder moon", "displayed").await;

    // She writes: that she does, what she wants to say, and what she wanted to say.
    her.say_about(to, "c1", "<composing xmlns='http://jabber.org/protocol/chatstates'/>").await;
    his.wait_text(".chat-head", |text| text.contains("writing")).await;
    let asks = format!("<request xmlns='{RECEIPTS}'/><markable xmlns='{MARKERS}'/>");
    her.say_about(to, "m1", &format!("<body>Swear not by the sun</body>{asks}")).await;
    message(&mut her, "a receipt", |one| names(one, "received", RECEIPTS, "m1")).await;
    message(&mut her, "that it was seen", |one| names(one, "displayed", MARKERS, "m1")).await;
    her.say_about(to, "m2", "<body>Swear not by the moon</body><replace xmlns='urn:xmpp:message-correct:0' id='m1'/>")
        .await;
    her.say_about(
        to,
        "m3",
        &format!("<reactions xmlns='urn:xmpp:reactions:0' id='{id}'><reaction>🌙</reaction></reactions>"),
    )
    .await;
    his.wait_said(&["out: Lady by yonder moon", "in: Swear not by the moon"]).await;
    his.wait_text(&by_hook("reaction"), |text| text.contains('🌙')).await;
    his.wait_for(&by_hook("edited")).await;

    // He changes his words with the keyboard, answers hers, and gives her a sign.
    his.keys(&by_hook("composer"), "\u{e013}").await;
    until("his words are in the field", async || {
        let words = his.value(&by_hook("composer")).await;
        if words == "Lady by yonder moon" { Ok(()) } else { Err(words) }
    })
    .await;
    his.fill(&by_hook("composer"), "Lady, by yonder blessed moon").await;
    his.press_hook("send").await;
    let changed =
        message(&mut her, "a correction", |one| names(one, "replace", "urn:xmpp:message-correct:0", &id)).await;
    assert_eq!(body(&changed), "Lady, by yonder blessed moon");
    his.choose("in", &["message-react", "sign"]).await;
    let sign = message(&mut her, "a sign", |one| names(one, "reactions", "urn:xmpp:reactions:0", "m1")).await;
    assert!(String::from(&sign).contains("👍"));
    his.choose("in", &["message-reply"]).await;
    his.send("What shall I swear by?").await;
    let answer = message(&mut her, "an answer", |one| names(one, "reply", "urn:xmpp:reply:0", "m1")).await;
    assert_eq!(body(&answer), "> Swear not by the moon\nWhat shall I swear by?");

    // Each takes something back.
    his.choose("out", &["message-more", "menu-remove"]).await;
    message(&mut her, "a retraction", |one| names(one, "retract", "urn:xmpp:message-retract:1", &id)).await;
    let back = "<body>I took it back</body><retract xmlns='urn:xmpp:message-retract:1' id='m1'/>\
                <fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:message-retract:1'/><store xmlns='urn:xmpp:hints'/>";
    her.say_about(to, "m4", back).await;
    let left = ["out: This message was removed", "in: This message was removed", "out: What shall I swear by?"];
    his.wait_said(&left).await;
    his.reload().await;
    his.wait_connection("online").await;
    his.wait_said(&left).await;
}

/// Waits for a message of which that is so.
async fn message(her: &mut Peer, what: &str, is: impl Fn(&Element) -> bool) -> Element {
    her.waits_for(what, |stanza| match stanza {
        Stanza::Message(message) => Some(Element::from(message.clone())).filter(&is),
        _ => None,
    })
    .await
}

fn names(message: &Element, name: &str, namespace: &str, id: &str) -> bool {
    message.get_child(name, namespace).is_some_and(|child| child.attr("id") == Some(id))
}

fn body(message: &Element) -> String {
    message.get_child("body", "jabber:client").map_or_else(String::new, Element::text)
}
