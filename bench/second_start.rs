//! The page is opened again, and the network does not answer.

use crate::TIMES;
use crate::marks::{Noted, note_from_the_start};
use crate::network::on_a_road;
use crate::support::scene;
use crate::support::world::world;
use crate::table::Table;

const CONTACTS: u32 = 1_000;
const CONVERSATIONS: u32 = 50;

/// From the navigation until it is painted, all from the local store.
pub fn second_start(table: &mut Table) {
    let server = &world().ejabberd;
    let (mut chats, mut conversation, mut contacts) = (vec![], vec![], vec![]);
    scene(async |stage| {
        let (owner, friend) = (server.person("keeper"), server.person("keeper.friend"));
        server.befriend(&owner, &friend);
        let name = owner.name();
        server.seed(&format!("contacts | {name} | {CONTACTS}"));
        let history = |number| format!("history | 1 | {name} | c{number:05} | 20");
        server.seed(&(1..CONVERSATIONS).map(history).collect::<Vec<_>>().join("\n"));
        server.seed(&format!("history | 0 | {name} | {} | 20", friend.name()));
        let (page, road) = on_a_road(stage, server, name).await;
        page.show_chats().await;
        let rows = |list: &str, rows: u32| {
            format!(
                "const row = document.querySelector('[data-testid={list}] [aria-setsize]');
                 return Number(row?.getAttribute('aria-setsize')) >= {rows}"
            )
        };
        page.sees("all conversations", &rows("conversation-list", CONVERSATIONS)).await;
        page.open_chat(&friend.address).await;
        // What is acknowledged is on disk, and all that was there before.
        page.send("Good night").await;
        page.wait_state("Good night", "acked").await;
        page.show_contacts().await;
        page.sees("all contacts", &rows("contact-list", CONTACTS)).await;
        page.show_chats().await;

        road.cut(true);
        let last = "return document.querySelector('[data-testid=message-list]')?.innerText.includes('Good night')";
        let list = "return document.querySelector('[data-testid=conversation]') !== null";
        // The contacts are behind a tab; whoever sees the tab presses it, after the conversations are there.
        let tab = "if (noted.marks.list && noted.marks.last && !noted.pressed) {
                noted.pressed = true;
                document.querySelector('[data-testid=tab-contacts]').click();
            }
            return document.querySelector('[data-testid=contact]') !== null";
        note_from_the_start(&page, &[("list", list), ("last", last), ("contacts", tab)]);
        for _ in 0..2 * TIMES {
            page.browser.client.goto("about:blank").await.expect("an empty page");
            page.go(&format!("#/chat/{}", friend.address)).await;
            page.sees("everything", "return Object.keys(window.__noted.marks).length === 3").await;
            let noted = Noted::of(&page).await;
            assert!(noted.online(0.0).is_nan(), "the network answered");
            chats.push(noted.mark("list"));
            conversation.push(noted.mark("last"));
            contacts.push(noted.mark("contacts"));
        }
    });
    table.part(&format!("Opened again without a network: {} contacts, {CONVERSATIONS} conversations", CONTACTS + 1));
    table.spread("from the navigation until the conversations are painted", "ms", &chats);
    table.spread("from the navigation until the last conversation is painted", "ms", &conversation);
    table.spread("from the navigation until the contacts are painted, behind their tab", "ms", &contacts);
}
