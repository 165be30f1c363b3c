//! Files go by way of the server's own place for them.

use serde_json::json;

use crate::support::host::Host;
use crate::support::peer::Peer;
use crate::support::server::Server;
use crate::support::world::{at_ejabberd, at_prosody, world};
use crate::support::{Stage, by_hook, http, place, scene};

/// What both servers of the tests take.
const MOST: u64 = 10 * 1024 * 1024;

/// A red dot.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0\x90wS\xde\0\0\0\x0cIDATx\x9cc8\xa0\xa0\0\0\x02\xa4\x01\x01\xe3L\xa7-\0\0\0\0IEND\xaeB`\x82";

#[test]
fn files_arrive_as_they_were_on_ejabberd() {
    scene(async |stage| files_arrive(stage, &world().ejabberd, at_ejabberd()).await);
}

#[test]
fn files_arrive_as_they_were_on_prosody() {
    scene(async |stage| files_arrive(stage, &world().prosody, at_prosody()).await);
}

async fn files_arrive(stage: &Stage, server: &Server, host: &'static Host) {
    let (romeo, juliet) = (stage.person(server, "romeo"), stage.person(server, "juliet"));
    server.befriend(&romeo, &juliet);
    let mut device = Peer::online(server, &juliet).await;
    let his = stage.page(host, "romeo").await;
    let hers = stage.page(host, "juliet").await;
    his.log_in(&romeo).await;
    hers.log_in(&juliet).await;
    his.show_contacts().await;
    his.open_chat(&juliet.address).await;

    let said = "What's in a name? \u{1f339}\n".repeat(1_000);
    let (notes, rose) = (place::file("notes-ü.txt", said.as_bytes()), place::file("rose.png", PNG));
    his.attach(&[notes, rose]).await;
    his.fill(&by_hook("composer"), "A rose").await;
    his.press_hook("send").await;

    let address = device.hears(&romeo.address).await;
    assert!(address.starts_with("http://"), "{address}");
    assert_eq!(fetched(&address), said, "the very same bytes");
    assert!(device.hears(&romeo.address).await.ends_with("rose.png"));
    assert_eq!(device.hears(&romeo.address).await, "A rose");
    his.wait_until_gone(&by_hook("tray")).await;
    assert_eq!(his.value(&by_hook("composer")).await, "");

    hers.show_chats().await;
    hers.open_chat(&romeo.address).await;
    for page in [&his, &hers] {
        let seen =
            "const img = document.querySelector('[data-testid=picture] img'); return !!img && img.naturalWidth === 1";
        page.sees("the picture", seen).await;
        page.wait_text(&by_hook("file-card"), |card| card.contains("notes-ü.txt")).await;
    }
    device.leave().await;
}

#[test]
fn a_file_that_is_too_large_or_given_up_stays_here() {
    scene(async |stage| {
        let server = &world().ejabberd;
        let (romeo, juliet) = (stage.person(server, "romeo"), stage.person(server, "juliet"));
        server.befriend(&romeo, &juliet);
        let page = stage.page(at_ejabberd(), "romeo").await;
        page.log_in(&romeo).await;
        page.show_contacts().await;
        page.open_chat(&juliet.address).await;

        page.attach(&[place::empty_file("large.bin", MOST + 1)]).await;
        let words = page.wait_text(&by_hook("upload-words"), |words| words.contains("Too large")).await;
        assert_eq!(words, "Too large: it has 10485761 bytes, and your server takes up to 10485760 bytes.");
        page.press_hook("upload-remove").await;
        page.wait_until_gone(&by_hook("tray")).await;

        // A slow line, so that there is time to think again.
        page.browser.chromium("Network.enable", &json!({}));
        let slow = json!({ "offline": false, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 100_000 });
        page.browser.chromium("Network.emulateNetworkConditions", &slow);
        page.attach(&[place::empty_file("slow.bin", MOST)]).await;
        page.press_hook("send").await;
        page.wait_attribute(&by_hook("upload"), "data-state", "going").await;
        page.sees("how far it came", "return +document.querySelector('.upload progress').value > 0").await;
        page.press_hook("upload-remove").await;
        page.wait_until_gone(&by_hook("tray")).await;
        page.send("Never mind").await;
        page.wait_said(&["out: Never mind"]).await;
    });
}

/// What is at an address of a server of this machine.
fn fetched(address: &str) -> String {
    let rest = address.strip_prefix("http://").expect("no encryption on this machine");
    let (authority, path) = rest.split_once('/').expect("a path");
    let (host, port) = authority.split_once(':').expect("a port");
    http::request(&format!("GET /{path}"), host, port.parse().expect("a port"), "").body
}
