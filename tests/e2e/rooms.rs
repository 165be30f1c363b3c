//! Group chats on real servers, with people who use another client.

use std::rc::Rc;

use tokio_xmpp::Stanza;
use tokio_xmpp::minidom::Element;
use tokio_xmpp::parsers::message::MessageType;

use crate::support::host::Host;
use crate::support::page::Page;
use crate::support::peer::Peer;
use crate::support::place::{self, Ports};
use crate::support::server::{Kind, Person, Server};
use crate::support::wait::until;
use crate::support::world::{at_ejabberd, at_prosody, hosted_by, world};
use crate::support::{Stage, about, by_hook, scene};

const OCCUPANTS: usize = 10;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0\x90wS\xde\0\0\0\x0cIDATx\x9cc8\xa0\xa0\0\0\x02\xa4\x01\x01\xe3L\xa7-\0\0\0\0IEND\xaeB`\x82";

#[test]
fn a_group_is_made_filled_ruled_and_ended_on_ejabberd() {
    scene(async |stage| life(stage, &world().ejabberd, at_ejabberd(), true).await);
}

#[test]
fn a_group_is_made_filled_ruled_and_ended_on_prosody() {
    // As it is packaged it gives group chats no pictures.
    scene(async |stage| life(stage, &world().prosody, at_prosody(), false).await);
}

/// A page of somebody who made a private group, and its address.
async fn made(
    stage: &Stage,
    host: &'static Host,
    owner: &Person,
    name: &str,
    guests: &[&Person],
) -> (Rc<Page>, String) {
    let page = stage.page(host, "owner").await;
    page.press("input[name=remember]").await;
    page.log_in(owner).await;
    page.press_hook("new-chat").await;
    page.press_hook("new-room").await;
    page.fill(&by_hook("room-name"), name).await;
    for guest in guests {
        page.fill(&by_hook("invite-people"), &guest.address).await;
        page.keys(&by_hook("invite-people"), "\u{e007}").await;
    }
    page.press_hook("room-create").await;
    let list = by_hook("message-list");
    page.wait_for(&list).await;
    let room = page.script(&format!("return document.querySelector('{list}').dataset.jid")).await;
    let room = room.as_str().expect("an address").to_owned();
    page.wait_text(&by_hook("people-count"), |text| text.contains("1 participant")).await;
    (page, room)
}

/// She is asked to come, by when she belongs to it, and comes.
async fn comes(her: &mut Peer, room: &str) {
    let invitation = |one: &Stanza| match one {
        Stanza::Message(message) => Some(String::from(&Element::from(message.clone())))
            .filter(|text| text.contains("jabber:x:conference") || text.contains("<invite")),
        _ => None,
    };
    let asked = her.waits_for("an invitation", invitation).await;
    assert!(asked.contains(room), "{asked}");
    her.enter(room, "juliet").await;
}

/// It gets a picture, which the server keeps and announces.
async fn shows_a_picture(page: &Page) {
    page.press(".person-button").await;
    page.wait_for(&by_hook("picture-choose")).await;
    page.put_files(&by_hook("picture-field"), &[place::file("balcony.png", PNG)]).await;
    page.wait_for(".chat-head .avatar > img").await;
    page.wait_for(&by_hook("picture-remove")).await;
    page.keys(&by_hook("picture-choose"), "\u{e00c}").await;
    page.wait_until_gone(&by_hook("picture-choose")).await;
}

async fn life(stage: &Stage, server: &Server, host: &'static Host, pictures: bool) {
    let (romeo, juliet) = (stage.person(server, "romeo"), stage.person(server, "juliet"));
    server.befriend(&romeo, &juliet);
    let mut her = Peer::online(server, &juliet).await;
    let (page, room) = made(stage, host, &romeo, "The balcony", &[&juliet]).await;

    comes(&mut her, &room).await;
    page.wait_text(&by_hook("people-count"), |text| text.contains("2 participants")).await;

    if pictures {
        shows_a_picture(&page).await;
    }

    // Each hears the other, once.
    page.send("But soft, what light?").await;
    assert_eq!(her.hears(&room).await, "But soft, what light?");
    page.wait_state("But soft, what light?", "acked").await;
    her.say_in(&room, "j1", "<body>Ay me</body>").await;
    page.wait_said(&["out: But soft, what light?", "in: Ay me"]).await;
    her.say_in(&room, "j2", "<body>Ay me!</body><replace xmlns='urn:xmpp:message-correct:0' id='j1'/>").await;
    page.wait_said(&["out: But soft, what light?", "in: Ay me!"]).await;

    // What she says to him alone stands there, marked, and so he answers.
    let (nick, _) = romeo.address.split_once('@').expect("an address");
    her.say_about(&format!("{room}/{nick}"), "w1", "<body>Wilt thou be gone?</body>").await;
    page.wait_text(&by_hook("private-mark"), |text| text.contains("only to you")).await;
    let point =
        "document.querySelector('.message[data-private]').dispatchEvent(new Event('pointerover', { bubbles: true }))";
    page.script(&format!("{point}; return true")).await;
    page.press_hook("message-reply").await;
    page.wait_text(&by_hook("private-bar"), |text| text == "Only to juliet").await;
    page.send("It was the nightingale").await;
    page.wait_state("It was the nightingale", "acked").await;
    let alone = |one: &Stanza| match one {
        Stanza::Message(message) if message.type_ == MessageType::Chat => message.bodies.values().next().cloned(),
        _ => None,
    };
    assert!(her.waits_for("words for her alone", alone).await.ends_with("It was the nightingale"));
    page.press_hook("private-end").await;
    page.wait_until_gone(&by_hook("private-bar")).await;

    // Others may come once they belong to it; ten of them.
    page.press_hook("participants-open").await;
    let mut others = Vec::new();
    for number in 0..OCCUPANTS {
        let name = format!("guest{number}");
        let person = stage.person(server, &name);
        let mut peer = Peer::online(server, &person).await;
        page.press(".person-button").await;
        page.press_hook("room-members").await;
        page.fill(&by_hook("member-address"), &person.address).await;
        page.press_hook("member-add").await;
        page.wait_for(&about("member", &person.address)).await;
        page.keys(&by_hook("member-address"), "\u{e00c}").await;
        page.wait_until_gone(&by_hook("member-address")).await;
        peer.enter(&room, &name).await;
        others.push(peer);
    }
    let everybody = format!("{} participants", OCCUPANTS + 2);
    page.wait_text(&by_hook("people-count"), |text| text.contains(&everybody)).await;
    for (number, other) in others.iter_mut().enumerate() {
        other.say_in(&room, "g1", &format!("<body>guest {number} is here</body>")).await;
    }
    until("all are heard", async || {
        let said = page.all_messages().await;
        let heard = said.iter().filter(|one| one.body.ends_with("is here")).count();
        if heard == OCCUPANTS { Ok(()) } else { Err(format!("{heard} of them")) }
    })
    .await;

    // One is put out, one is banned.
    let person = |nick: &str| format!("[data-testid=participant][data-nick={nick}]");
    page.press(&person("guest3")).await;
    page.press_hook("person-put-out").await;
    page.press_hook("deed-confirm").await;
    assert!(others[3].put_out(&room, "guest3").await.contains(&"307".to_owned()));
    page.press(&person("guest4")).await;
    page.press_hook("person-ban").await;
    page.press_hook("deed-confirm").await;
    assert!(others[4].put_out(&room, "guest4").await.contains(&"301".to_owned()));
    let left = format!("{} participants", OCCUPANTS);
    page.wait_text(&by_hook("people-count"), |text| text.contains(&left)).await;

    // The page is loaded again: everything is where it was, and goes on.
    page.reload().await;
    page.wait_connection("online").await;
    page.wait_text(&by_hook("people-count"), |text| text.contains(&left)).await;
    others[0].say_in(&room, "g2", "<body>Still here</body>").await;
    page.wait_text(&by_hook("message-list"), |text| text.contains("Still here")).await;

    // It ends for everybody.
    page.press(".person-button").await;
    page.press_hook("room-destroy").await;
    page.press_hook("destroy-confirm").await;
    her.put_out(&room, "juliet").await;
}

#[test]
fn whoever_was_away_for_five_hundred_lines_misses_none_on_ejabberd() {
    scene(async |stage| away(stage, Kind::Ejabberd).await);
}

#[test]
fn whoever_was_away_for_five_hundred_lines_misses_none_on_prosody() {
    scene(async |stage| away(stage, Kind::Prosody).await);
}

/// The page is closed, five hundred lines are said, and the server starts again before the page comes back.
async fn away(stage: &Stage, kind: Kind) {
    const LINES: usize = 500;
    let server = Server::start(kind, Ports::claim(), None);
    let host: &'static Host = Box::leak(Box::new(hosted_by(&server)));
    let (romeo, juliet) = (server.person("romeo"), server.person("juliet"));
    server.befriend(&romeo, &juliet);
    let mut her = Peer::online(&server, &juliet).await;
    let (page, room) = made(stage, host, &romeo, "The orchard", &[&juliet]).await;
    page.expects("WebSocket connection to");
    comes(&mut her, &room).await;
    her.say_in(&room, "l", "<body>line 0</body>").await;
    page.wait_text(&by_hook("message-list"), |text| text.contains("line 0")).await;
    // What is acknowledged is on disk, and all that was there before.
    page.send("Good night").await;
    page.wait_state("Good night", "acked").await;
    page.browser.client.goto("about:blank").await.expect("an empty page");
    for line in 1..=LINES {
        her.say_in(&room, &format!("l{line}"), &format!("<body>line {line}</body>")).await;
    }
    let last = format!("line {LINES}");
    her.waits_for("its last line", |stanza| match stanza {
        Stanza::Message(message) => message.bodies.values().any(|body| *body == last).then_some(()),
        _ => None,
    })
    .await;
    server.restart();
    page.go(&format!("#/chat/{room}")).await;
    page.wait_connection("online").await;
    until("all lines are there, once and in order", async || {
        let said: Vec<String> = page.all_messages().await.into_iter().map(|one| one.body).collect();
        let lines: Vec<&String> = said.iter().filter(|body| body.starts_with("line ")).collect();
        let wanted: Vec<String> = (0..=LINES).map(|line| format!("line {line}")).collect();
        if lines.iter().copied().eq(wanted.iter()) { Ok(()) } else { Err(format!("{} of them", lines.len())) }
    })
    .await;
    // The page went in again by itself.
    let mut her = Peer::online(&server, &juliet).await;
    her.enter(&room, "juliet").await;
    her.say_in(&room, "m", "<body>Good morrow</body>").await;
    page.wait_text(&by_hook("message-list"), |text| text.contains("Good morrow")).await;
    page.send("Good morrow, love").await;
    page.wait_state("Good morrow, love", "acked").await;
    server.stop();
}
