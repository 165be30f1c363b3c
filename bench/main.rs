//! What the page costs, in a real browser. Run by `make bench`; nothing here fails for being slow.
//!
//! `WAXWING_RESULTS=bench/RESULTS.md make bench` writes the table there, too.
//!
//! Main-thread time is `TaskDuration` of Chromium's developer tools: all that the page's main thread worked, without
//! its waiting. A burst is over when the page shows its end and has painted twice after that.

mod absence;
mod conversation;
mod marks;
mod measure;
mod memory;
mod network;
mod proof;
mod rooms;
mod scripted;
mod second_start;
#[path = "../tests/e2e/support/mod.rs"]
#[allow(dead_code, unused_imports, reason = "the tests use all of it")]
mod support;
mod table;
mod typing;

use std::fmt::Write as _;
use std::process::Command;

use measure::{Cost, median, watch};
use scripted::{CONTACTS, Scripted};
use support::page::Page;
use support::place::told;
use support::server::Person;
use support::world::{anywhere, at_ejabberd, world};
use support::{Stage, by_hook, scene};
use table::Table;

/// Each is measured so often, each time in a browser of its own; the middle one counts.
const TIMES: usize = 3;

/// A list of contacts so long that only a windowed one can show it.
const MANY: u32 = 10_000;

fn main() {
    // `cargo test --benches` and the like only want to know whether this builds.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let mut table = Table::default();
    let parts = [
        ("contacts", contact_list as fn(&mut Table)),
        ("presence", presence_burst),
        ("messages", messages),
        ("conversation", conversation::conversation),
        ("network", network::back),
        ("absence", absence::catch_up),
        ("rooms", rooms::rooms),
        ("start", second_start::second_start),
        ("memory", memory::stored),
    ];
    // One part alone by its name: `cargo bench --features e2e -- absence`.
    let wanted: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    for (name, measure) in parts {
        if wanted.is_empty() || wanted.iter().any(|wanted| wanted == name) {
            measure(&mut table);
        }
    }
    table.line("", "");
    for line in first_load().lines() {
        println!("{line}");
        let _ = writeln!(table.0, "    {line}");
    }
    if let Ok(file) = std::env::var("WAXWING_RESULTS") {
        let text = format!("# What the page costs\n\nWritten by `make bench`, see `bench/main.rs`.\n\n{}", table.0);
        std::fs::write(&file, text).unwrap_or_else(|problem| panic!("{file}: {problem}"));
    }
}

/// From pressing "Sign in" until the first screen of contacts is painted: signing in, reading the list, showing it.
fn contact_list(table: &mut Table) {
    let server = &world().ejabberd;
    for count in [0, MANY] {
        let owner = server.person(&format!("owner{count}"));
        // One contact more, so that there is always something to be seen.
        server.seed(&format!("contact | {} | aaa | aaa\ncontacts | {} | {count}", owner.name(), owner.name()));
        let mut costs = Vec::new();
        let mut seen = (0, 0);
        for _ in 0..TIMES {
            scene(async |stage| {
                let page = stage.page(at_ejabberd(), "owner").await;
                costs.push(sign_in_and_see_contacts(&page, &owner).await);
                let rows =
                    page.script("return document.querySelectorAll('[data-testid=contact-list] .row').length").await;
                let nodes = page.script("return document.querySelectorAll('*').length").await;
                seen = (rows.as_u64().unwrap_or_default(), nodes.as_u64().unwrap_or_default());
            });
        }
        table.costs(&format!("Signing in to a list of {} contacts", count + 1), &costs);
        table.line("    rows in the page / all elements", &format!("{} / {}", seen.0, seen.1));
    }
}

async fn sign_in_and_see_contacts(page: &Page, owner: &Person) -> Cost {
    page.fill("input[name=address]", &owner.address).await;
    page.fill("input[name=password]", owner.password).await;
    let start = watch(
        page,
        // The contacts are behind a tab; whoever sees the tab presses it.
        "const tab = document.querySelector('[data-testid=tab-contacts]');
         if (tab && tab.getAttribute('aria-pressed') !== 'true') tab.click();
         return document.querySelector('[data-testid=contact]') !== null
            && document.querySelector('[data-testid=app]').dataset.connection === 'online';",
    )
    .await;
    page.press_hook("login-submit").await;
    start.finish(page).await
}

/// Everybody comes online at once.
fn presence_burst(table: &mut Table) {
    let mut costs = Vec::new();
    for _ in 0..TIMES {
        scene(async |stage| {
            let server = Scripted::start().await;
            let page = signed_in(stage, &server).await;
            page.show_contacts().await;
            let group = by_hook("group");
            page.wait_text(&group, |text| text.contains(&format!("0/{CONTACTS}"))).await;
            let all = format!("return document.querySelector('{group}')?.innerText.includes('{CONTACTS}/{CONTACTS}')");
            let start = watch(&page, &all).await;
            server.everybody_comes_online();
            costs.push(start.finish(&page).await);
        });
    }
    table.costs(&format!("{CONTACTS} contacts come online in one burst"), &costs);
}

/// Somebody talks and talks, in the conversation that is open.
fn messages(table: &mut Table) {
    const MESSAGES: u32 = 1_000;
    for (pause, how) in [(0, "in one burst"), (10, "each 10 ms after the other")] {
        let mut costs = Vec::new();
        for _ in 0..TIMES {
            scene(async |stage| {
                let server = Scripted::start().await;
                let page = signed_in(stage, &server).await;
                page.show_contacts().await;
                page.open_chat(&Scripted::contact(0)).await;
                let last = format!(
                    "return [...document.querySelectorAll('[data-testid=message-body]')]
                        .some(body => body.textContent.startsWith('Message {} '))",
                    MESSAGES - 1
                );
                let start = watch(&page, &last).await;
                server.somebody_talks(MESSAGES, pause);
                costs.push(start.finish(&page).await);
            });
        }
        table.costs(&format!("{MESSAGES} messages {how}"), &costs);
        let each = median(&costs, |cost| cost.main_thread) / f64::from(MESSAGES);
        table.line("    main thread for each", &format!("{each:.2} ms"));
    }
}

async fn signed_in(stage: &Stage, server: &Scripted) -> std::rc::Rc<Page> {
    let page = stage.page(anywhere(), "owner").await;
    page.name_service(&server.service()).await;
    page.try_to_log_in("owner@s.localhost", "secret").await;
    page.wait_connection("online").await;
    page
}

/// Whether a message of a seeded history is on the page.
fn said(number: u32) -> String {
    format!(
        "return [...document.querySelectorAll('[data-testid=message-body]')]
            .some(body => body.textContent === 'Message {number} of a long history')"
    )
}

fn first_load() -> String {
    let size = Command::new(told("WAXWING_HOST")).args(["size", "--dir", &told("WAXWING_DIST")]).output();
    String::from_utf8_lossy(&size.expect("the sizes").stdout).into_owned()
}
