//! What can be done about contacts and about those who want to be one.

use tokio_xmpp::Stanza;
use tokio_xmpp::parsers::message::MessageType;
use tokio_xmpp::parsers::presence::Type;

use crate::support::host::Host;
use crate::support::page::Page;
use crate::support::peer::Peer;
use crate::support::server::Server;
use crate::support::world::{at_ejabberd, at_prosody, world};
use crate::support::{Stage, about, by_hook, scene};

#[test]
fn a_contact_is_renamed_sorted_and_removed_on_ejabberd() {
    scene(async |stage| rename_sort_remove(stage, &world().ejabberd, at_ejabberd()).await);
}

#[test]
fn a_contact_is_renamed_sorted_and_removed_on_prosody() {
    scene(async |stage| rename_sort_remove(stage, &world().prosody, at_prosody()).await);
}

async fn rename_sort_remove(stage: &Stage, server: &Server, host: &'static Host) {
    let (romeo, juliet) = (stage.person(server, "romeo"), stage.person(server, "juliet"));
    server.befriend(&romeo, &juliet);
    let mut her = Peer::online(server, &juliet).await;
    let page = stage.page(host, "romeo").await;
    page.log_in(&romeo).await;
    page.show_contacts().await;
    page.wait_presence(&juliet.address, "available").await;
    page.open_chat(&juliet.address).await;

    edit(&page, "My love", "Verona, Family").await;
    let contact = about("contact", &juliet.address);
    page.wait_text(&contact, |text| text.contains("My love")).await;
    let groups = "return [...document.querySelectorAll('[data-testid=group]')].map(g => g.innerText).join()";
    assert_eq!(wait_for_groups(&page, groups, &["Family", "Verona"]).await, 2);
    // She is in both groups.
    let rows = format!("return document.querySelectorAll({contact:?}).length === 2");
    page.sees("her in both groups", &rows).await;

    edit(&page, "", "Verona").await;
    page.wait_text(&contact, |text| text.contains("juliet") && !text.contains("My love")).await;
    page.sees("her in one group", &rows.replace('2', "1")).await;

    // It is the server that keeps it.
    page.log_out().await;
    page.log_in(&romeo).await;
    page.show_contacts().await;
    assert_eq!(wait_for_groups(&page, groups, &["Verona"]).await, 1);

    page.open_chat(&juliet.address).await;
    page.press_hook("chat-details").await;
    page.press_hook("remove-contact").await;
    page.press_hook("remove-confirm").await;
    page.wait_until_gone("dialog").await;
    page.wait_until_gone(&contact).await;
    her.sees(&romeo.address, Type::Unsubscribe).await;
    her.sees(&romeo.address, Type::Unsubscribed).await;
    // The conversation stays, with somebody who is no contact.
    page.wait_for(&about("message-list", &juliet.address)).await;
}

async fn edit(page: &Page, name: &str, groups: &str) {
    page.press_hook("chat-details").await;
    page.press_hook("edit-contact").await;
    page.fill(&by_hook("edit-name"), name).await;
    page.fill(&by_hook("edit-groups"), groups).await;
    page.press_hook("edit-submit").await;
    page.wait_until_gone("dialog").await;
}

/// The names of the groups, as far as they are among the wanted ones; all of those are waited for.
async fn wait_for_groups(page: &Page, script: &str, wanted: &[&str]) -> usize {
    crate::support::wait::until(&format!("the groups are {wanted:?}"), async || {
        let seen = page.script(script).await;
        let text = seen.as_str().unwrap_or_default();
        if wanted.iter().all(|group| text.contains(group)) { Ok(wanted.len()) } else { Err(text.to_owned()) }
    })
    .await
}

#[test]
fn a_request_is_declined_and_another_one_may_follow() {
    scene(async |stage| {
        let server = &world().ejabberd;
        let (romeo, paris) = (stage.person(server, "romeo"), stage.person(server, "paris"));
        let page = stage.page(at_ejabberd(), "romeo").await;
        page.log_in(&romeo).await;
        let mut suitor = Peer::online(server, &paris).await;
        for _ in 0..2 {
            suitor.ask_to_see(&romeo.address, "Paris", "Let me in").await;
            let request = about("request", &paris.address);
            let text = page.wait_text(&request, |_| true).await;
            // What he calls himself stands beside his address, never in place of it.
            assert!(text.contains("Paris") && text.contains(&paris.address), "{text}");
            page.answer_request(&paris.address, "decline").await;
            suitor.sees(&romeo.address, Type::Unsubscribed).await;
        }
        page.show_contacts().await;
        page.wait_until_gone(&about("contact", &paris.address)).await;
    });
}

#[test]
fn who_is_blocked_is_not_heard_on_ejabberd() {
    scene(async |stage| block(stage, &world().ejabberd, at_ejabberd()).await);
}

#[test]
fn who_is_blocked_is_not_heard_on_prosody() {
    scene(async |stage| block(stage, &world().prosody, at_prosody()).await);
}

async fn block(stage: &Stage, server: &Server, host: &'static Host) {
    let [romeo, tybalt, nurse] = ["romeo", "tybalt", "nurse"].map(|name| stage.person(server, name));
    let page = stage.page(host, "romeo").await;
    page.log_in(&romeo).await;
    let mut foe = Peer::online(server, &tybalt).await;
    foe.ask_to_see(&romeo.address, "Tybalt", "Draw").await;
    page.answer_request(&tybalt.address, "block").await;
    foe.sees(&romeo.address, Type::Unsubscribed).await;

    // The order to block follows the refusal, so the first words may still slip through; in the end they do not.
    loop {
        foe.say(&romeo.address, "Turn, villain").await;
        let bounced = foe.waits_for("his own words to come back", |stanza| match stanza {
            Stanza::Message(message) => Some(message.type_ == MessageType::Error),
            _ => None,
        });
        if tokio::time::timeout(std::time::Duration::from_millis(500), bounced).await == Ok(true) {
            break;
        }
    }
    foe.say(&romeo.address, "Turn, villain, again").await;
    // What another one says after that is heard, so what he said would have been.
    let mut friend = Peer::online(server, &nurse).await;
    friend.say(&romeo.address, "Fare you well").await;
    // A search looks at strangers, too.
    page.fill(&by_hook("search"), "nurse").await;
    page.wait_unread(&nurse.address, 1).await;
    let text = page.script("return document.body.innerText").await.to_string();
    assert!(!text.contains("again"), "{text}");
}
