//! The server goes, in order or not, with messages in flight.

use super::Pair;
use crate::support::peer::Peer;
use crate::support::place::Ports;
use crate::support::proxy::Way;
use crate::support::server::{Kind, Server};
use crate::support::{Stage, scene};

#[test]
fn messages_in_flight_outlive_the_server_ejabberd() {
    scene(async |stage| ends(stage, Kind::Ejabberd).await);
}

#[test]
fn messages_in_flight_outlive_the_server_prosody() {
    scene(async |stage| ends(stage, Kind::Prosody).await);
}

/// Restarted, and killed where that can be judged, with messages on their way: some that the server has not got, some that it has
/// without the page having heard so. The last time the page is away meanwhile. The server knows no stream any more, so
/// only its archive can tell.
async fn ends(stage: &Stage, kind: Kind) {
    let server = Server::start(kind, Ports::claim(), None);
    let mut pair = Pair::meet(stage, &server, true).await;
    pair.write(2).await;
    for round in 0..3 {
        pair.she_heard().await;
        pair.road.lose(Way::In);
        pair.write(2).await;
        // What is in the archive when the server ends is there afterwards.
        pair.she_heard().await;
        pair.road.lose(Way::Out);
        pair.write(2).await;
        pair.page.wait_state(pair.last(), "sent").await;
        let away = round == 2;
        if away {
            pair.page.browser.client.goto("about:blank").await.expect("another page");
        }
        pair.road.cut(true);
        // An archive of a killed ejabberd was seen to lack what had been handed over, so it cannot be the judge.
        if round > 0 && kind == Kind::Prosody {
            server.kill();
        }
        server.restart();
        // There before he is, so that nothing is kept for her: what a killed server has handed over it may hand over again.
        pair.her = Peer::online(&server, &pair.juliet).await;
        pair.road.mend();
        if away {
            pair.page.go("").await;
            pair.back().await;
        }
        pair.write(1).await;
        pair.acked().await;
        pair.she_heard().await;
        pair.compare().await;
    }
    server.stop();
}
