//! Connections break and servers go. What is written meanwhile arrives once, and in order.

use crate::support::peer::Peer;
use crate::support::place::Ports;
use crate::support::proxy::{Road, Way};
use crate::support::server::{Kind, Server};
use crate::support::world::{anywhere, world};
use crate::support::{Stage, scene};

const REFUSED: &str = "WebSocket connection to";

#[test]
fn a_stream_that_broke_off_is_resumed() {
    scene(async |stage| {
        let server = &world().ejabberd;
        let (romeo, juliet) = (stage.person(server, "romeo"), stage.person(server, "juliet"));
        server.befriend(&romeo, &juliet);
        let mut her = Peer::online(server, &juliet).await;
        let road = Road::to(server).await;
        let page = stage.page(anywhere(), "romeo").await;
        page.expects(REFUSED);
        page.name_service(&road.service()).await;
        page.log_in(&romeo).await;
        page.show_contacts().await;
        page.wait_presence(&juliet.address, "available").await;
        page.open_chat(&juliet.address).await;
        page.send("before").await;
        page.wait_state("before", "acked").await;

        road.cut(true);
        page.wait_connection("reconnecting").await;
        for text in ["first meanwhile", "second meanwhile"] {
            page.send(text).await;
            page.wait_state(text, "queued").await;
        }
        her.say(&romeo.address, "her own, meanwhile").await;
        road.mend();
        page.wait_connection("online").await;
        page.wait_state("second meanwhile", "acked").await;
        page.send("after").await;
        for text in ["before", "first meanwhile", "second meanwhile", "after"] {
            assert_eq!(her.hears(&romeo.address).await, text);
        }
        page.wait_state("after", "acked").await;
        let resumed =
            road.frames().iter().filter(|(way, text)| *way == Way::In && text.starts_with("<resumed")).count();
        assert_eq!(resumed, 1);
        let said: Vec<_> = page.messages().await.into_iter().filter(|shown| shown.direction == "in").collect();
        assert!(matches!(&said[..], [one] if one.body == "her own, meanwhile"), "{said:?}");
        // Who was there is still there, though nobody said so again.
        page.wait_presence(&juliet.address, "available").await;
    });
}

#[test]
fn what_got_lost_on_the_way_is_sent_again_once() {
    scene(async |stage| {
        let server = &world().prosody;
        let (romeo, juliet) = (stage.person(server, "romeo"), stage.person(server, "juliet"));
        server.befriend(&romeo, &juliet);
        let mut her = Peer::online(server, &juliet).await;
        let road = Road::to(server).await;
        let page = stage.page(anywhere(), "romeo").await;
        page.expects(REFUSED);
        page.name_service(&road.service()).await;
        page.log_in(&romeo).await;
        page.show_contacts().await;
        page.open_chat(&juliet.address).await;
        page.send("before").await;
        page.wait_state("before", "acked").await;

        road.lose(Way::Out);
        for text in ["lost", "lost too"] {
            page.send(text).await;
            page.wait_state(text, "sent").await;
        }
        road.cut(true);
        page.wait_connection("reconnecting").await;
        road.mend();
        page.wait_state("lost too", "acked").await;
        page.send("after").await;
        for text in ["before", "lost", "lost too", "after"] {
            assert_eq!(her.hears(&romeo.address).await, text);
        }
        page.wait_said(&["out: before", "out: lost", "out: lost too", "out: after"]).await;
    });
}

#[test]
fn a_server_that_was_killed_and_came_back_is_found_again_ejabberd() {
    scene(async |stage| killed_and_back(stage, Kind::Ejabberd).await);
}

#[test]
fn a_server_that_was_killed_and_came_back_is_found_again_prosody() {
    scene(async |stage| killed_and_back(stage, Kind::Prosody).await);
}

/// The server comes back without its streams, so nothing can be resumed.
async fn killed_and_back(stage: &Stage, kind: Kind) {
    let server = Server::start(kind, Ports::claim(), None);
    let (romeo, juliet) = (stage.person(&server, "romeo"), stage.person(&server, "juliet"));
    server.befriend(&romeo, &juliet);
    let mut her = Peer::online(&server, &juliet).await;
    let page = stage.page(anywhere(), "romeo").await;
    page.expects(REFUSED);
    page.name_service(&server.websocket()).await;
    page.log_in(&romeo).await;
    page.show_contacts().await;
    page.wait_presence(&juliet.address, "available").await;
    page.open_chat(&juliet.address).await;
    page.send("before").await;
    page.wait_state("before", "acked").await;
    assert_eq!(her.hears(&romeo.address).await, "before");
    her.leave().await;
    page.wait_presence(&juliet.address, "unavailable").await;

    server.kill();
    page.wait_connection("reconnecting").await;
    for text in ["first meanwhile", "second meanwhile", "third meanwhile"] {
        page.send(text).await;
        page.wait_state(text, "queued").await;
    }
    server.restart();
    page.wait_connection("online").await;
    page.wait_state("third meanwhile", "acked").await;
    let mut her = Peer::online(&server, &juliet).await;
    page.wait_presence(&juliet.address, "available").await;
    page.send("after").await;
    for text in ["first meanwhile", "second meanwhile", "third meanwhile", "after"] {
        assert_eq!(her.hears(&romeo.address).await, text);
    }
    let said = ["before", "first meanwhile", "second meanwhile", "third meanwhile", "after"];
    page.wait_said(&said.map(|text| format!("out: {text}")).each_ref().map(String::as_str)).await;
    server.stop();
}

/// The server loses what it knew of the stream, so only its archive can tell what arrived.
#[test]
fn what_may_not_have_arrived_is_looked_up_and_sent_again_only_if_it_did_not() {
    scene(async |stage| {
        let server = Server::start(Kind::Prosody, Ports::claim(), None);
        let (romeo, juliet) = (stage.person(&server, "romeo"), stage.person(&server, "juliet"));
        server.befriend(&romeo, &juliet);
        let mut her = Peer::online(&server, &juliet).await;
        let road = Road::to(&server).await;
        let page = stage.page(anywhere(), "romeo").await;
        page.expects(REFUSED);
        page.name_service(&road.service()).await;
        page.log_in(&romeo).await;
        page.show_contacts().await;
        page.open_chat(&juliet.address).await;
        page.send("before").await;
        page.wait_state("before", "acked").await;
        assert_eq!(her.hears(&romeo.address).await, "before");

        road.lose(Way::In);
        page.send("arrived").await;
        assert_eq!(her.hears(&romeo.address).await, "arrived");
        her.leave().await;
        road.lose(Way::Out);
        for text in ["lost", "lost too"] {
            page.send(text).await;
            page.wait_state(text, "sent").await;
        }
        page.wait_state("arrived", "sent").await;
        road.cut(true);
        server.kill();
        page.wait_connection("reconnecting").await;
        page.send("meanwhile").await;
        server.restart();
        road.mend();
        page.wait_state("meanwhile", "acked").await;

        let mut her = Peer::online(&server, &juliet).await;
        page.send("after").await;
        for text in ["lost", "lost too", "meanwhile", "after"] {
            assert_eq!(her.hears(&romeo.address).await, text);
        }
        page.wait_state("after", "acked").await;
        let said = ["before", "arrived", "lost", "lost too", "meanwhile", "after"];
        page.wait_said(&said.map(|text| format!("out: {text}")).each_ref().map(String::as_str)).await;
        let messages = page.messages().await;
        assert!(messages.iter().all(|shown| shown.has_arrived()), "{messages:?}");
        server.stop();
    });
}
