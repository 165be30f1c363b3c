//! A group chat with six thousand people in it.

use crate::TIMES;
use crate::marks::{Noted, note_from_the_start};
use crate::measure::main_thread;
use crate::memory::Memory;
use crate::scripted::{OCCUPANTS, ROOM, Scripted};
use crate::support::page::Page;
use crate::support::wait::until;
use crate::support::world::anywhere;
use crate::support::{by_hook, scene};
use crate::table::Table;
use crate::typing::{self, percentile};

/// Changes of names, leaving and coming back.
const CHANGES: u32 = 10_000;

/// What it took, in milliseconds.
#[derive(Default)]
struct Taken {
    joined: Vec<f64>,
    task: Vec<f64>,
    key: Vec<f64>,
    slowest_key: Vec<f64>,
    storm: Vec<f64>,
    storm_task: Vec<f64>,
    memory: Option<Memory>,
    rows: u64,
}

pub fn rooms(table: &mut Table) {
    many_people(table);
    hundred(table);
}

fn many_people(table: &mut Table) {
    let mut taken = Taken::default();
    for _ in 0..TIMES {
        scene(async |stage| {
            let server = Scripted::start().await;
            let page = stage.page(anywhere(), "owner").await;
            let all = format!(
                "return document.querySelector('[data-testid=people-count]')?.textContent.includes('{} participants')",
                OCCUPANTS + 1
            );
            note_from_the_start(&page, &[("all", &all)]);
            page.go("").await;
            page.name_service(&server.service()).await;
            page.try_to_log_in("owner@s.localhost", "secret").await;
            page.wait_connection("online").await;
            one(&page, &server, &mut taken).await;
        });
    }
    table.part(&format!("A group chat of {OCCUPANTS} people"));
    table.spread("from joining until everybody is counted (goal: 3000 ms)", "ms", &taken.joined);
    table.spread("longest task meanwhile", "ms", &taken.task);
    table.spread("a key until it is painted, 95 of 100", "ms", &taken.key);
    table.spread("the slowest key (goal: 100 ms)", "ms", &taken.slowest_key);
    table.line("rows of participants in the page", &taken.rows.to_string());
    table.spread(&format!("{CHANGES} changes of presence: until seen"), "ms", &taken.storm);
    table.spread(&format!("{CHANGES} changes of presence: longest task (goal: 200 ms)"), "ms", &taken.storm_task);
    if let Some(memory) = &taken.memory {
        memory.line(table, "after it (goal: 120 MiB)");
    }
}

/// At home in a hundred group chats, and signed in.
fn hundred(table: &mut Table) {
    const ROOMS: u32 = 100;
    let (mut first, mut all, mut most, mut task) = (vec![], vec![], vec![], vec![]);
    for _ in 0..TIMES {
        scene(async |stage| {
            let server = Scripted::with_bookmarks(ROOMS).await;
            let page = stage.page(anywhere(), "owner").await;
            let app = "document.querySelector('[data-testid=app]')?.dataset.connection === 'online'";
            let joined = "[...document.querySelectorAll('[data-testid=conversation]')].some(row => !row.textContent.includes('Joining'))";
            note_from_the_start(&page, &[("first", &format!("return {app} && {joined}"))]);
            page.go("").await;
            page.name_service(&server.service()).await;
            page.try_to_log_in("owner@s.localhost", "secret").await;
            page.wait_connection("online").await;
            let online = Noted::of(&page).await.online(0.0);
            server.forget_what_was_said();
            let began = now(&page).await;
            until("all are entered", async || match server.entered() {
                ROOMS => Ok(()),
                some => Err(format!("{some} of them")),
            })
            .await;
            all.push(now(&page).await - began);
            most.push(server.most_in_a_second() as f64);
            let noted = Noted::of(&page).await;
            first.push(noted.mark("first") - online);
            task.push(noted.longest_task(online, f64::INFINITY));
        });
    }
    table.part(&format!("At home in {ROOMS} group chats"));
    table.spread("from being online until the first can be used (goal: 1000 ms)", "ms", &first);
    table.spread("until all are entered", "ms", &all);
    table.spread("the most that was said in one second (limit of a packaged ejabberd: 3000)", "bytes", &most);
    table.spread("longest task meanwhile", "ms", &task);
}

async fn one(page: &Page, server: &Scripted, taken: &mut Taken) {
    page.press_hook("new-chat").await;
    page.press_hook("find-room").await;
    page.fill(&by_hook("find-text"), ROOM).await;
    page.wait_for(&by_hook("join-address")).await;
    let began = now(page).await;
    page.press_hook("join-address").await;
    page.wait_for(&by_hook("composer")).await;
    page.press(&by_hook("composer")).await;
    for _ in 0..3 {
        typing::a_second(page).await;
    }
    page.wait_text(&by_hook("people-count"), |text| text.contains(&format!("{} participants", OCCUPANTS + 1))).await;
    let noted = Noted::of(page).await;
    taken.task.push(noted.longest_task(began, f64::INFINITY));
    let keys = noted.keys(began, f64::INFINITY);
    taken.key.push(percentile(&keys, 95));
    taken.slowest_key.push(percentile(&keys, 100));
    taken.joined.push(noted.mark("all") - began);

    page.press_hook("participants-open").await;
    page.wait_for(&by_hook("participant")).await;
    let rows = "return document.querySelectorAll('[data-testid=participant]').length";
    taken.rows = page.script(rows).await.as_u64().unwrap_or_default();
    let began = now(page).await;
    let before = main_thread(page);
    page.fill(&by_hook("participant-search"), &format!("q{:05}", CHANGES / 4 - 1)).await;
    server.storm_in_the_room(CHANGES);
    page.wait_for(&by_hook("participant")).await;
    taken.storm.push(now(page).await - began);
    let noted = Noted::of(page).await;
    taken.storm_task.push(noted.longest_task(began, f64::INFINITY));
    assert!(main_thread(page) > before, "nothing was done");
    taken.memory = Some(Memory::of(page));
}

async fn now(page: &Page) -> f64 {
    page.script("return performance.now()").await.as_f64().unwrap_or(f64::NAN)
}
