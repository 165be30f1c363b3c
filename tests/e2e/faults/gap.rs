//! Much was said while nobody looked.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::time::{Duration, Instant};

use super::Pair;
use crate::support::peer::Peer;
use crate::support::place::Ports;
use crate::support::proxy::{Mishap, Way};
use crate::support::server::{Kind, Server};
use crate::support::wait::until;
use crate::support::{Stage, scene};

/// Into its archive ejabberd takes ever longer: ten thousand would take a minute.
const MANY: usize = 600;

#[test]
#[ignore = "takes minutes, nearly all of them the server's; name it to run it"]
fn ten_thousand_messages_come_while_one_writes_prosody() {
    // Its archive takes no more than ten thousand, those of the scene included.
    scene(async |stage| comes(stage, Kind::Prosody, 9_990, None).await);
}

#[test]
fn a_long_gap_closes_though_the_connection_breaks_on_ejabberd() {
    scene(async |stage| comes(stage, Kind::Ejabberd, MANY, Some(Mishap::Half)).await);
}

#[test]
fn a_long_gap_closes_though_the_connection_breaks_on_prosody() {
    scene(async |stage| comes(stage, Kind::Prosody, MANY, Some(Mishap::Last)).await);
}

async fn comes(stage: &Stage, kind: Kind, count: usize, mishap: Option<Mishap>) {
    let server = Server::start(kind, Ports::claim(), None);
    let mut pair = Pair::meet(stage, &server, true).await;
    pair.write(2).await;
    pair.acked().await;
    pair.she_heard().await;
    // The stream goes with the server, so the page has to ask what it missed.
    pair.road.cut(true);
    server.restart();
    let mut seed = String::new();
    let (his, hers) = (pair.romeo.name().to_owned(), pair.juliet.name().to_owned());
    for number in 0..count {
        let _ = writeln!(seed, "message | 0 | {hers} | {his} | gap {number}.");
        pair.said.push(format!("in: gap {number}."));
    }
    server.seed(&seed);
    pair.her = Peer::online(&server, &pair.juliet).await;
    if let Some(mishap) = mishap {
        // In the middle of some page of many.
        pair.road.plan(Way::In, count / 2 + 13, mishap);
    }
    let before = pair.road.frames().len();
    pair.road.mend();
    pair.page.wait_connection("online").await;
    let online = Instant::now();
    let newest = format!("gap {}.", count - 1);
    until("the newest is shown", async || {
        let shown = pair.page.messages().await;
        if shown.iter().any(|shown| shown.body == newest) { Ok(()) } else { Err(format!("{shown:?}")) }
    })
    .await;
    let first_page = online.elapsed();
    let filling = arrived(&pair, before) < count;
    pair.write(1).await;
    pair.acked().await;
    let wrote = online.elapsed();
    assert!(filling, "the newest page is shown before the rest has come");
    // How fast they come is for the server to say; that they go on coming is not.
    for some in (0..=count).step_by(500).chain([count]) {
        until(&format!("{some} have come"), async || match arrived(&pair, before) {
            enough if enough >= some => Ok(()),
            few => Err(format!("{few} of {count} have")),
        })
        .await;
    }
    let all = online.elapsed();
    println!(
        "{count} missed: the newest shown after {first_page:?}, one more sent by {wrote:?}, all there after {all:?}"
    );
    assert!(first_page < Duration::from_secs(5), "the newest page took {first_page:?}");
    assert!(pair.road.is_as_planned(), "the connection broke in the midst of it");
    if count > MANY {
        // To go through all of them row by row would take minutes; that is done where there are fewer.
        pair.write(1).await;
        pair.acked().await;
        pair.she_heard().await;
        pair.compare_archives().await;
        let shown = pair.page.messages().await;
        let shown: Vec<String> = shown.iter().map(|shown| format!("{}: {}", shown.direction, shown.body)).collect();
        assert!(shown.len() > 5 && pair.said.ends_with(&shown), "{shown:?}");
    } else {
        pair.agree().await;
    }
    server.stop();
}

/// How many of those that were missed have come.
fn arrived(pair: &Pair<'_>, before: usize) -> usize {
    let number = |text: &str| text.split_once("<body>gap ")?.1.split_once('.')?.0.parse::<usize>().ok();
    let frames = pair.road.frames();
    let frames = frames.get(before..).unwrap_or_default();
    let all: BTreeSet<usize> = frames.iter().filter_map(|(_, text)| number(text)).collect();
    all.len()
}
