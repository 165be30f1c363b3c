//! Staying signed in, and being forgotten.

use crate::support::page::Page;
use crate::support::wait::until;
use crate::support::world::{at_ejabberd, at_prosody, world};
use crate::support::{Stage, by_hook, scene};

/// Everything that the page keeps in the browser, as one text.
const KEPT: &str = "const done = arguments[arguments.length - 1];
    (async () => {
        const all = [JSON.stringify(localStorage), JSON.stringify(sessionStorage), document.cookie];
        for (const { name } of await indexedDB.databases()) {
            const database = await new Promise((yes, no) => {
                const asked = indexedDB.open(name);
                asked.onsuccess = () => yes(asked.result);
                asked.onerror = no;
            });
            for (const store of database.objectStoreNames) {
                const rows = await new Promise((yes, no) => {
                    const asked = database.transaction(store).objectStore(store).getAll();
                    asked.onsuccess = () => yes(asked.result);
                    asked.onerror = no;
                });
                // Bytes are shown as text, so that a password kept as bytes is found, too.
                const plain = (_, value) => value?.buffer || value instanceof ArrayBuffer
                    ? new TextDecoder().decode(value) : value;
                all.push(store + ': ' + JSON.stringify(rows, plain));
            }
            database.close();
        }
        return all.join(' ');
    })().then(done, problem => done('failed: ' + problem));";

#[test]
fn whoever_stays_signed_in_needs_no_password_after_a_reload_on_ejabberd() {
    scene(async |stage| stay(stage, false).await);
}

#[test]
fn whoever_stays_signed_in_needs_no_password_after_a_reload_on_prosody() {
    scene(async |stage| stay(stage, true).await);
}

async fn stay(stage: &Stage, prosody: bool) {
    let (server, host) = if prosody { (&world().prosody, at_prosody()) } else { (&world().ejabberd, at_ejabberd()) };
    let romeo = stage.person(server, "romeo");
    let page = stage.page(host, "romeo").await;
    page.press("input[name=remember]").await;
    page.log_in(&romeo).await;
    // Sealed: neither who it is nor the password can be read from it.
    let kept = everything_kept(&page).await;
    assert!(kept.contains("vault: [{"), "{kept}");
    assert!(!kept.contains("romeo") && !kept.contains(romeo.password), "{kept}");

    for _ in 0..2 {
        page.reload().await;
        page.wait_connection("online").await;
    }
    page.log_out().await;
    until("nothing is kept", async || nothing_kept(&page).await).await;
    page.reload().await;
    page.wait_for_form().await;
    page.wait_until_gone(&by_hook("app")).await;
}

#[test]
fn whoever_does_not_stay_signed_in_leaves_nothing_behind() {
    scene(async |stage| {
        let romeo = stage.person(&world().ejabberd, "romeo");
        let page = stage.page(at_ejabberd(), "romeo").await;
        page.log_in(&romeo).await;
        nothing_kept(&page).await.expect("nothing to be kept");
        page.reload().await;
        page.wait_for_form().await;
        page.wait_until_gone(&by_hook("app")).await;
        assert_eq!(page.value("input[name=password]").await, "");
    });
}

#[test]
fn whoever_signs_in_next_sees_nothing_of_the_one_before() {
    scene(async |stage| {
        let server = &world().ejabberd;
        let [romeo, juliet, nurse] = ["romeo", "juliet", "nurse"].map(|name| stage.person(server, name));
        server.befriend(&romeo, &juliet);
        let page = stage.page(at_ejabberd(), "shared").await;
        page.log_in(&romeo).await;
        page.show_contacts().await;
        page.open_chat(&juliet.address).await;
        page.send("For your eyes only").await;
        page.wait_state("For your eyes only", "acked").await;
        page.log_out().await;
        assert_eq!(page.value("input[name=password]").await, "");
        page.log_in(&nurse).await;
        page.show_contacts().await;
        let text = page.script("return document.documentElement.outerHTML").await.to_string();
        assert!(!text.contains("juliet") && !text.contains("For your eyes only"), "{text}");
    });
}

async fn nothing_kept(page: &Page) -> Result<(), String> {
    let kept = everything_kept(page).await;
    if kept.contains("vault: [{") || kept.contains("romeo") { Err(kept) } else { Ok(()) }
}

async fn everything_kept(page: &Page) -> String {
    let kept = page.browser.client.execute_async(KEPT, Vec::new()).await.expect("what is kept");
    let kept = kept.as_str().unwrap_or_default().to_owned();
    assert!(!kept.starts_with("failed"), "{kept}");
    kept
}
