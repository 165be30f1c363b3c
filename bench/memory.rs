//! What a hundred thousand messages take: memory while they come and after, and room on the disk.

use std::fs;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::marks::{Noted, note_from_the_start};
use crate::measure::{chromium, metrics};
use crate::scripted::Scripted;
use crate::support::page::Page;
use crate::support::world::anywhere;
use crate::support::{about, by_hook, scene};
use crate::table::Table;
use crate::typing::{self, percentile};

const MESSAGES: u32 = 100_000;
const CONVERSATIONS: u32 = 10;
/// As many as the server says before it sees the last of them on the page.
const BATCH: u32 = 5_000;
const MEBIBYTE: f64 = 1_048_576.0;
/// How long it is worth waiting.
const LONGEST: Duration = Duration::from_secs(200);

/// Bytes, by the browser's own estimate, and records.
const ON_DISK: &str = "const done = arguments[arguments.length - 1];
    const answer = asked => new Promise((yes, no) => {
        asked.onsuccess = () => yes(asked.result);
        asked.onerror = no;
    });
    (async () => {
        let records = 0;
        for (const { name } of await indexedDB.databases()) {
            const database = await answer(indexedDB.open(name));
            for (const store of database.objectStoreNames) {
                records += await answer(database.transaction(store).objectStore(store).count());
            }
            database.close();
        }
        return [(await navigator.storage.estimate()).usage, records];
    })().then(done, problem => done([null, null]));";

/// In bytes.
pub struct Memory {
    heap: f64,
    wasm: f64,
    renderer: f64,
}

/// They come as fast as the page shows them, or all at once.
pub fn stored(table: &mut Table) {
    for (batch, how) in [(BATCH, "as fast as they are shown"), (MESSAGES, "all at once")] {
        scene(async |stage| {
            let server = Scripted::start().await;
            let page = stage.page(anywhere(), "owner").await;
            page.expects("WebSocket connection to");
            note_from_the_start(&page, &[]);
            page.go("").await;
            page.name_service(&server.service()).await;
            page.press("input[name=remember]").await;
            page.try_to_log_in("owner@s.localhost", "secret").await;
            page.wait_connection("online").await;
            let before = Memory::of(&page);
            page.show_contacts().await;
            page.open_chat(&Scripted::contact(0)).await;
            page.show_chats().await;
            page.press(&by_hook("composer")).await;

            let began = Instant::now();
            for first in (0..MESSAGES).step_by(batch as usize) {
                server.many_talk(first, batch, CONVERSATIONS);
                see(&page, first + batch - 1).await;
            }
            let spent = began.elapsed();
            let noted = Noted::of(&page).await;
            table.part(&format!("{MESSAGES} messages to {CONVERSATIONS} conversations, {how}"));
            table.line("until all are shown", &format!("{:.1} s", spent.as_secs_f64()));
            table.line("longest task (goal: 200 ms)", &format!("{:.0} ms", noted.longest_task(0.0, f64::INFINITY)));
            let keys = noted.keys(0.0, f64::INFINITY);
            let (most, all) = (percentile(&keys, 95), percentile(&keys, 100));
            table.line("a key, 95 of 100 (goal: 100 ms) / the slowest", &format!("{most:.0} / {all:.0} ms"));
            before.line(table, "before them");
            Memory::of(&page).line(table, "after them");
            // What is shown of one's own is on disk, and all that was there before.
            page.send("That was all").await;
            page.sees("the last word", &shown("That was all")).await;
            // A page that holds nothing of it any more, and no network.
            page.browser.client.goto("about:blank").await.expect("an empty page");
            page.go(&format!("#/chat/{}", Scripted::contact(0))).await;
            page.sees("the last word", &shown("That was all")).await;
            Memory::of(&page).line(table, "after the next start");
            let disk = page.browser.client.execute_async(ON_DISK, Vec::new()).await.expect("what is on disk");
            let [bytes, records] = [0, 1].map(|place| disk[place].as_f64().unwrap_or(f64::NAN));
            let (all, each) = (bytes / MEBIBYTE, bytes / f64::from(MESSAGES));
            table.line("on disk", &format!("{all:.1} MiB in {records:.0} records, {each:.0} bytes a message"));
        });
    }
}

/// Types until the last of the messages is on the page, in the list of conversations.
async fn see(page: &Page, last: u32) {
    let row = about("conversation", &Scripted::contact(last % CONVERSATIONS));
    let seen = format!("return document.querySelector({row:?})?.innerText.includes('Message {last} ') ?? false");
    let began = Instant::now();
    while page.script(&seen).await != true {
        typing::a_second(page).await;
        assert!(began.elapsed() < LONGEST, "message {last} does not come");
    }
}

fn shown(text: &str) -> String {
    format!(
        "return [...document.querySelectorAll('[data-testid=message-body]')]
            .some(body => body.textContent === {text:?})"
    )
}

impl Memory {
    /// After everything that nobody needs is gone.
    pub fn of(page: &Page) -> Self {
        chromium(page, "HeapProfiler.collectGarbage", &json!({}));
        let metrics = metrics(page);
        let all = metrics["metrics"].as_array().into_iter().flatten();
        let heap = all.filter(|metric| metric["name"] == "JSHeapUsedSize").find_map(|metric| metric["value"].as_f64());
        Self { heap: heap.unwrap_or(f64::NAN), wasm: wasm(page), renderer: renderer() }
    }

    pub fn line(&self, table: &mut Table, when: &str) {
        let [heap, wasm, renderer] = [self.heap, self.wasm, self.renderer].map(|bytes| bytes / MEBIBYTE);
        let what = format!("memory {when}: JavaScript / WebAssembly / process");
        table.line(&what, &format!("{heap:.1} / {wasm:.1} / {renderer:.0} MiB"));
    }
}

/// The memories that the page's program has, found by what they are made from.
fn wasm(page: &Page) -> f64 {
    let made_from = chromium(page, "Runtime.evaluate", &json!({ "expression": "WebAssembly.Memory.prototype" }));
    let found =
        chromium(page, "Runtime.queryObjects", &json!({ "prototypeObjectId": made_from["result"]["objectId"] }));
    let sum = "function() { return this.reduce((sum, memory) => sum + memory.buffer.byteLength, 0) }";
    let objects = &found["objects"]["objectId"];
    let size = json!({ "objectId": objects, "functionDeclaration": sum, "returnByValue": true });
    chromium(page, "Runtime.callFunctionOn", &size)["result"]["value"].as_f64().unwrap_or(f64::NAN)
}

/// What the largest renderer among the processes of this run has for itself alone.
fn renderer() -> f64 {
    let all: Vec<(u32, u32)> = fs::read_dir("/proc")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let pid = entry.file_name().to_str()?.parse().ok()?;
            let stat = fs::read_to_string(entry.path().join("stat")).ok()?;
            // After the name, which may hold anything: the state, then the parent.
            let parent = stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()?;
            Some((pid, parent))
        })
        .collect();
    let mut ours = vec![std::process::id()];
    let mut next = 0;
    while let Some(&parent) = ours.get(next) {
        ours.extend(all.iter().filter(|(_, of)| *of == parent).map(|(pid, _)| *pid));
        next += 1;
    }
    let is_renderer = |pid: &&u32| {
        // Chromium writes its own, with spaces.
        let line = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        String::from_utf8_lossy(&line).contains("--type=renderer")
    };
    ours.iter().filter(is_renderer).map(|pid| private(*pid)).fold(0.0, f64::max)
}

fn private(pid: u32) -> f64 {
    let rollup = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).unwrap_or_default();
    let kibibytes = rollup
        .lines()
        .filter(|line| line.starts_with("Private_"))
        .filter_map(|line| line.split_whitespace().nth(1)?.parse::<f64>().ok());
    kibibytes.sum::<f64>() * 1_024.0
}
