//! One conversation of ten thousand messages: as they come in, while one writes, and as one goes through them.

use serde_json::json;

use crate::TIMES;
use crate::marks::{Noted, note_from_the_start};
use crate::measure::{chromium, main_thread, watch};
use crate::scripted::Scripted;
use crate::support::page::Page;
use crate::support::world::anywhere;
use crate::support::{Stage, by_hook, scene};
use crate::table::Table;
use crate::typing::{self, percentile};

const MESSAGES: u32 = 10_000;
/// Fifty in a second.
const PAUSE: u64 = 20;
const SECONDS: u32 = 10;
/// Pixels in a second: some two hundred messages, as a wheel that is spun.
const SPEED: u32 = 8_000;
/// A frame of a screen that shows sixty in a second, in milliseconds.
const FRAME: f64 = 1_000.0 / 60.0;

/// Notes when each frame of the page begins.
const FRAMES: &str = "const frames = window.__frames = [];
    const next = at => { frames.push(at); if (window.__frames === frames) requestAnimationFrame(next); };
    requestAnimationFrame(next);";
/// Ends it, and tells how many there were and how many were missed: one that takes as long as three stands for two more.
const MISSED: &str = "const frames = window.__frames;
    window.__frames = null;
    let missed = 0;
    for (let at = 1; at < frames.length; at++) missed += Math.max(0, Math.round((frames[at] - frames[at - 1]) / FRAME) - 1);
    return [frames.length, missed];";

pub fn conversation(table: &mut Table) {
    table.part(&format!("A conversation of {MESSAGES} messages"));
    append(table);
    write_meanwhile(table);
    go_through(table);
}

/// They come as fast as they can, into the conversation that is open.
fn append(table: &mut Table) {
    let (mut each, mut nodes) = (vec![], 0);
    for _ in 0..TIMES {
        scene(async |stage| {
            let server = Scripted::start().await;
            let page = opened(stage, &server, false).await;
            let start = watch(&page, &shows(MESSAGES)).await;
            server.somebody_talks(MESSAGES, 0);
            each.push(start.finish(&page).await.main_thread * 1_000.0 / f64::from(MESSAGES));
            nodes = count(&page, "*").await;
        });
    }
    table.spread("main thread for each that is appended (goal: 500 µs)", "µs", &each);
    table.line("elements in the page after it", &nodes.to_string());
}

/// They come fifty in a second, and the user writes.
fn write_meanwhile(table: &mut Table) {
    let (mut keys, mut slowest, mut work) = (vec![], vec![], vec![]);
    for _ in 0..TIMES {
        scene(async |stage| {
            let server = Scripted::start().await;
            let page = opened(stage, &server, false).await;
            page.press(&by_hook("composer")).await;
            let began = page.script("return performance.now()").await.as_f64().unwrap_or_default();
            let before = main_thread(&page);
            server.somebody_talks(SECONDS * 1_000 / PAUSE as u32, PAUSE);
            for _ in 0..SECONDS {
                typing::a_second(&page).await;
            }
            work.push((main_thread(&page) - before) / f64::from(SECONDS));
            let all = Noted::of(&page).await.keys(began, f64::INFINITY);
            keys.push(percentile(&all, 95));
            slowest.push(percentile(&all, 100));
        });
    }
    table.spread("50 messages a second: a key until it is painted, 95 of 100 (goal: 50 ms)", "ms", &keys);
    table.spread("50 messages a second: the slowest key", "ms", &slowest);
    table.spread("50 messages a second: main thread in a second", "ms", &work);
}

/// From the newest to the oldest; all but the newest are on disk only.
fn go_through(table: &mut Table) {
    scene(async |stage| {
        let server = Scripted::start().await;
        let page = opened(stage, &server, true).await;
        server.somebody_talks(MESSAGES, 0);
        page.sees("the last of them", &shows(MESSAGES)).await;
        let list = by_hook("message-list");
        let place = page
            .script(&format!(
                "const box = document.querySelector('{list}').getBoundingClientRect();
                 return [box.x + box.width / 2, box.y + box.height / 2]"
            ))
            .await;
        let (mut frames, mut missed, mut way) = (0, 0, 0.0);
        // The list does not know how tall the rows are that it never showed, so its height says little: it goes on until
        // the first of them is there.
        while page.script(&shows(1)).await != json!(true) {
            page.script(FRAMES).await;
            let gesture = json!({
                "x": place[0], "y": place[1], "yDistance": 5 * SPEED, "speed": SPEED, "gestureSourceType": "mouse",
                "preventFling": true,
            });
            chromium(&page, "Input.synthesizeScrollGesture", &gesture);
            let seen = page.script(&MISSED.replace("FRAME", &FRAME.to_string())).await;
            frames += seen[0].as_u64().unwrap_or_default();
            missed += seen[1].as_u64().unwrap_or_default();
            way += f64::from(5 * SPEED);
            assert!(way < 100.0 * f64::from(MESSAGES), "the first message is not found");
        }
        let nodes = count(&page, "*").await;
        let all = (frames + missed).max(1);
        let tenths = missed * 1_000 / all;
        table.line("going through all of them: frames that were not shown (goal: 5 %)", &tenth_percent(tenths));
        table.line("    frames in all / elements in the page", &format!("{all} / {nodes}"));
    });
}

fn tenth_percent(tenths: u64) -> String {
    format!("{}.{} %", tenths / 10, tenths % 10)
}

/// Signed in, with the conversation open that they come into.
async fn opened(stage: &Stage, server: &Scripted, remembers: bool) -> std::rc::Rc<Page> {
    let page = stage.page(anywhere(), "owner").await;
    note_from_the_start(&page, &[]);
    page.go("").await;
    page.name_service(&server.service()).await;
    if remembers {
        page.press("input[name=remember]").await;
    }
    page.try_to_log_in("owner@s.localhost", "secret").await;
    page.wait_connection("online").await;
    page.show_contacts().await;
    page.open_chat(&Scripted::contact(0)).await;
    page
}

/// Whether that one of them is on the page; the first is 1.
fn shows(number: u32) -> String {
    format!(
        "return [...document.querySelectorAll('[data-testid=message-body]')]
            .some(body => body.textContent.startsWith('Message {} '))",
        number - 1
    )
}

async fn count(page: &Page, selector: &str) -> u64 {
    page.script(&format!("return document.querySelectorAll('{selector}').length")).await.as_u64().unwrap_or_default()
}
