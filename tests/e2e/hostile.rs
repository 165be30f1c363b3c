//! Somebody means harm. What they call themselves and what they write is shown as it is, and does nothing.

use tokio_xmpp::parsers::presence::Type;

use crate::support::page::Page;
use crate::support::peer::Peer;
use crate::support::world::{at_ejabberd, world};
use crate::support::{about, by_hook, scene};

/// Each would set `window.__pwned`, or lead somewhere, if it were taken for more than text.
const WORDS: [&str; 9] = [
    "<img src=x onerror=\"window.__pwned=1\">",
    "<svg onload=window.__pwned=1><script>window.__pwned=1</script></svg>",
    "\"><iframe srcdoc=\"<script>parent.__pwned=1</script>\"></iframe>",
    "javascript:window.__pwned=1",
    "JaVaScRiPt://example.org/%0awindow.__pwned=1",
    "data:text/html,<script>opener.__pwned=1</script>",
    "{{constructor.constructor('window.__pwned=1')()}}",
    "</textarea></title><style>*{display:none}</style>",
    "]]>&lt;b&gt;&#60;b&#62;&amp;nbsp;",
];

#[test]
fn hostile_messages_are_shown_as_they_are() {
    scene(async |stage| {
        let server = &world().ejabberd;
        let (romeo, eve) = (stage.person(server, "romeo"), stage.person(server, "eve"));
        let page = stage.page(at_ejabberd(), "romeo").await;
        page.log_in(&romeo).await;
        let mut foe = Peer::online(server, &eve).await;
        for words in WORDS {
            foe.say(&romeo.address, words).await;
        }
        page.show_requests().await;
        page.wait_unread(&eve.address, WORDS.len() as u32).await;
        // In the preview of the list first, then in the conversation, then quoted in the title and wherever else.
        page.open_chat(&eve.address).await;
        let said: Vec<String> = WORDS.iter().map(|words| format!("in: {words}")).collect();
        page.wait_said(&said.iter().map(String::as_str).collect::<Vec<_>>()).await;
        nothing_ran(&page).await;
        let links = "return [...document.querySelectorAll('[data-testid=message-body] a')].map(a => a.href).join()";
        assert_eq!(page.script(links).await, "", "none of these is a link");
    });
}

#[test]
fn links_are_links_only_where_they_lead_where_they_say() {
    scene(async |stage| {
        let server = &world().ejabberd;
        let (romeo, eve) = (stage.person(server, "romeo"), stage.person(server, "eve"));
        let page = stage.page(at_ejabberd(), "romeo").await;
        page.log_in(&romeo).await;
        let mut foe = Peer::online(server, &eve).await;
        let words = "See https://example.org/a?b=1&c=\"2 and https://bank.example@evil.example/ there";
        foe.say(&romeo.address, words).await;
        page.show_requests().await;
        page.wait_unread(&eve.address, 1).await;
        page.open_chat(&eve.address).await;
        page.wait_said(&[&format!("in: {words}")]).await;
        let links = page
            .script(
                "return [...document.querySelectorAll('[data-testid=message-body] a')].map(a =>
                [a.href, a.target, a.rel.includes('noopener'), a.rel.includes('noreferrer')].join(' ')).join(', ')",
            )
            .await;
        assert_eq!(links, "https://example.org/a?b=1&c= _blank true true");
    });
}

#[test]
fn hostile_names_are_shown_as_they_are() {
    scene(async |stage| {
        let server = &world().ejabberd;
        let (romeo, eve) = (stage.person(server, "romeo"), stage.person(server, "eve"));
        let page = stage.page(at_ejabberd(), "romeo").await;
        page.log_in(&romeo).await;
        let mut foe = Peer::online(server, &eve).await;
        let asking = about("request", &eve.address);
        for words in WORDS {
            foe.ask_to_see(&romeo.address, words, words).await;
            let short: String = words.chars().take(20).collect();
            let text = page.wait_text(&asking, |text| text.contains(&short)).await;
            assert!(text.contains(&eve.address), "the address stands beside the name: {text}");
            page.answer_request(&eve.address, "decline").await;
            // Until then the server would take another request for the same one.
            foe.sees(&romeo.address, Type::Unsubscribed).await;
        }
        // Turned around by the order of writing, this would read as another file and another name.
        foe.ask_to_see(&romeo.address, "Juliet\u{202e}gnp.exe", "\u{2066}\u{202d}Capulet").await;
        let text = page.wait_text(&asking, |text| text.contains("Juliet")).await;
        assert!(!text.contains(['\u{202e}', '\u{202d}', '\u{2066}']), "{text:?}");
        nothing_ran(&page).await;
    });
}

#[test]
fn hostile_status_texts_are_shown_as_they_are() {
    scene(async |stage| {
        let server = &world().ejabberd;
        let (romeo, eve) = (stage.person(server, "romeo"), stage.person(server, "eve"));
        server.befriend(&romeo, &eve);
        let page = stage.page(at_ejabberd(), "romeo").await;
        page.log_in(&romeo).await;
        page.show_contacts().await;
        let mut foe = Peer::online(server, &eve).await;
        for words in WORDS {
            foe.announce(words).await;
            let short: String = words.chars().take(20).collect();
            page.wait_text(&about("contact", &eve.address), |text| text.contains(&short)).await;
        }
        page.open_chat(&eve.address).await;
        page.press_hook("chat-details").await;
        page.wait_text(&by_hook("device"), |text| text.contains("]]>")).await;
        nothing_ran(&page).await;
    });
}

#[test]
fn a_message_of_64_kilobytes_is_shown_in_part_and_whole_when_asked() {
    scene(async |stage| {
        let server = &world().ejabberd;
        let (romeo, eve) = (stage.person(server, "romeo"), stage.person(server, "eve"));
        let page = stage.page(at_ejabberd(), "romeo").await;
        page.log_in(&romeo).await;
        let mut foe = Peer::online(server, &eve).await;
        let long = "All work and no play makes a dull message. ".repeat(1_524);
        assert!(long.len() > 65_500);
        foe.say(&romeo.address, &long).await;
        foe.say(&romeo.address, "short").await;
        page.show_requests().await;
        page.wait_unread(&eve.address, 2).await;
        page.open_chat(&eve.address).await;
        page.wait_for(&by_hook("message-body")).await;
        let shown = "return document.querySelector('[data-testid=message-body]').textContent.length";
        page.sees("its beginning only", &format!("{shown} < 11000")).await;
        page.press("[data-testid=message-body] button").await;
        page.sees("all of it", &format!("{shown} >= {}", long.len())).await;
        // The page goes on.
        page.send("I see").await;
        page.wait_state("I see", "acked").await;
    });
}

async fn nothing_ran(page: &Page) {
    assert_eq!(page.script("return typeof window.__pwned").await, "undefined");
    let foreign = "return document.querySelectorAll('img:not([src^=blob]), iframe, script:not([src])').length";
    assert_eq!(page.script(foreign).await, 0);
}
