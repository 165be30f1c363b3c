//! Ten thousand messages came while nobody was there.

use std::time::{Duration, Instant};

use crate::marks::{Noted, note_from_the_start};
use crate::measure::main_thread;
use crate::network::on_a_road;
use crate::support::page::Page;
use crate::support::place::Ports;
use crate::support::proxy::{Road, Way};
use crate::support::server::{Kind, Server};
use crate::support::{by_hook, scene};
use crate::table::Table;
use crate::typing::{self, percentile};
use crate::{TIMES, said};

const MISSED: u32 = 10_000;
/// What is here before: more than nothing, so that there is a place in the archive to go on from.
const KNOWN: u32 = 40;
/// The newest page, which is shown first, begins after this one.
const BELOW: u32 = 9_949;
/// The goal is 60 s; this is how long it is worth waiting for a bad value.
const LONGEST: Duration = Duration::from_secs(150);

/// What one catch-up took, in milliseconds.
#[derive(Default)]
struct Taken {
    first: Vec<f64>,
    all: Vec<f64>,
    work: Vec<f64>,
    task: Vec<f64>,
    key: Vec<f64>,
    slowest_key: Vec<f64>,
}

pub fn catch_up(table: &mut Table) {
    for kind in [Kind::Ejabberd, Kind::Prosody] {
        let server = Server::start(kind, Ports::claim(), None);
        let mut taken = Taken::default();
        for number in 0..TIMES {
            one(&server, number, &mut taken);
        }
        server.stop();
        table.part(&format!("Coming back to {MISSED} archived messages, {kind:?}"));
        table.spread("from being online until the newest are painted (goal: 1000 ms)", "ms", &taken.first);
        table.spread("from being online until all are here (goal: 60000 ms)", "ms", &taken.all);
        table.spread("main thread meanwhile", "ms", &taken.work);
        table.spread("longest task meanwhile", "ms", &taken.task);
        table.spread("from pressing a key until it is painted, 95 of 100", "ms", &taken.key);
        table.spread("the slowest key (goal: 100 ms)", "ms", &taken.slowest_key);
    }
}

fn one(server: &Server, number: usize, taken: &mut Taken) {
    scene(async |stage| {
        let (owner, friend) = (server.person(&format!("owner{number}")), server.person(&format!("friend{number}")));
        let history = |minutes: u32, count| {
            server.seed(&format!("history | {minutes} | {} | {} | {count}", owner.name(), friend.name()));
        };
        server.befriend(&owner, &friend);
        history(20_000, KNOWN);
        let (page, road) = on_a_road(stage, server, owner.name()).await;
        page.show_chats().await;
        page.open_chat(&friend.address).await;
        page.sees("what is known", &said(KNOWN)).await;
        // What is acknowledged is on disk, and all that was there before.
        page.send("Good night").await;
        page.wait_state("Good night", "acked").await;
        page.browser.client.goto("about:blank").await.expect("an empty page");
        // The server forgets the stream, so that only its archive can tell what came.
        server.restart();
        history(0, MISSED);

        note_from_the_start(&page, &[("first", &said(MISSED))]);
        page.go(&format!("#/chat/{}", friend.address)).await;
        let before = main_thread(&page);
        page.press(&by_hook("composer")).await;
        type_until_all_is_here(&page, &road).await;
        taken.work.push(main_thread(&page) - before);
        let noted = Noted::of(&page).await;
        see_no_hole(&page).await;

        let (online, first, all) = (noted.online(0.0), noted.mark("first"), noted.last_growth());
        taken.first.push(first - online);
        taken.all.push(all - online);
        taken.task.push(noted.longest_task(online, all));
        let keys = noted.keys(online, all);
        taken.key.push(percentile(&keys, 95));
        taken.slowest_key.push(percentile(&keys, 100));
    });
}

async fn type_until_all_is_here(page: &Page, road: &Road) {
    let began = Instant::now();
    let last = format!("Message {BELOW} of");
    let mut before = 0;
    loop {
        typing::a_second(page).await;
        let frames = road.frames();
        let passed =
            |way, what: &str| frames.iter().filter(|(passed, text)| *passed == way && text.contains(what)).count();
        let (asked, answered) = (passed(Way::Out, "<query xmlns='urn:xmpp:mam:2'"), passed(Way::In, "<fin "));
        // Twice the same: an answer that only just passed may lead to another question.
        if asked == answered && asked == before && passed(Way::In, &last) > 0 {
            return;
        }
        before = asked;
        assert!(began.elapsed() < LONGEST, "only {answered} of {asked} questions are answered");
    }
}

/// Goes up to where the newest page begins.
async fn see_no_hole(page: &Page) {
    let (below, above) = (said(BELOW), said(BELOW + 5));
    let look = format!(
        "const list = document.querySelector('[data-testid=message-list]');
         if (list.querySelector('[data-testid=gap]')) return 'a gap';
         if ((() => {{ {below} }})() && (() => {{ {above} }})()) return true;
         list.scrollTop -= list.clientHeight / 2;
         return list.innerText.slice(0, 100);"
    );
    page.sees("no hole", &look).await;
}
