//! Strangers, blocked people, how conversations are arranged, and what is told of people.

use wasm_bindgen_test::wasm_bindgen_test;
use waxwing::domain::conversation::Arrange;
use waxwing::engine::change::Change;
use waxwing::engine::command::Command;
use web_sys::Event;

use crate::fixture::{self, jid};
use crate::page::{Page, document, until, value};

const EVE: &str = "eve@market.example";

fn people() -> Vec<Change> {
    let mut changes = fixture::people();
    changes.extend(fixture::conversations());
    changes.extend(fixture::arranged_conversations());
    changes
}

fn addresses(page: &Page) -> Vec<String> {
    let rows = page.all("[data-testid=conversation]");
    rows.iter().filter_map(|row| row.get_attribute("data-jid")).collect()
}

fn menu_of(page: &Page, peer: &str) {
    let event = web_sys::EventInit::new();
    event.set_bubbles(true);
    event.set_cancelable(true);
    let event = Event::new_with_event_init_dict("contextmenu", &event).unwrap();
    page.row(peer).dispatch_event(&event).unwrap();
}

#[wasm_bindgen_test]
async fn strangers_wait_behind_a_door_and_are_not_counted() {
    let page = Page::signed_in(people());
    let door = page.see("requests-door").await;
    assert_eq!(door.get_attribute("data-unread").as_deref(), Some("3"));
    assert!(!addresses(&page).contains(&EVE.to_owned()));
    // Of those at hand one is muted, and one is of somebody who is blocked.
    until("the title", || document().title().starts_with("(1)")).await;
    door.click();
    until("the requests", || addresses(&page) == [EVE, "old.friend@elsewhere.example"]).await;
    page.row(EVE).click();
    page.see("stranger").await;
    assert!(page.find("composer").is_some(), "one may answer at once");
    page.click("stranger-add").await;
    until("the bar is gone", || page.find("stranger").is_none()).await;
    assert!(page.was_asked(|asked| matches!(asked, Command::AddContact { address, .. } if *address == jid(EVE))));
    until("only the other waits", || addresses(&page) == ["old.friend@elsewhere.example"]).await;
    page.click("shelf-back").await;
    until("she is at hand", || addresses(&page).contains(&EVE.to_owned())).await;
    until("and counted", || document().title().starts_with("(3)")).await;
}

#[wasm_bindgen_test]
async fn a_stranger_is_reported_or_deleted_in_one_step() {
    let page = Page::signed_in(people());
    page.click("requests-door").await;
    until("the requests", || addresses(&page).contains(&EVE.to_owned())).await;
    page.row(EVE).click();
    page.click("stranger-report").await;
    assert!(page.was_asked(|asked| *asked == Command::Report(jid(EVE))));
    page.see("blocked-note").await;
    until("nothing to write in", || page.find("composer").is_none()).await;
    until("out of sight", || addresses(&page) == ["old.friend@elsewhere.example"]).await;
    page.row("old.friend@elsewhere.example").click();
    page.click("stranger-delete").await;
    assert!(
        page.was_asked(|asked| { *asked == Command::Arrange(jid("old.friend@elsewhere.example"), Arrange::Delete) })
    );
    until("nobody waits, so the chats are back", || page.find("requests-door").is_none() && addresses(&page).len() > 3)
        .await;
    assert!(page.find("message-list").is_none(), "what is gone is not shown");
}

#[wasm_bindgen_test]
async fn who_is_blocked_cannot_be_written_to_until_unblocked() {
    let page = Page::signed_in(people());
    page.see("conversation").await;
    page.row("alan@bench.test").click();
    page.see("blocked-note").await;
    assert!(page.find("composer").is_none());
    page.click("unblock").await;
    page.see("composer").await;
    page.click("status-menu").await;
    page.click("blocked-people").await;
    until("one is left", || {
        let rows = page.all("[data-testid=blocked]");
        rows.iter().filter_map(|row| row.get_attribute("data-jid")).collect::<Vec<_>>() == ["spam.example"]
    })
    .await;
    page.all("[data-testid=blocked] button").first().unwrap().click();
    until("nobody is left", || page.all("[data-testid=blocked]").is_empty()).await;
}

#[wasm_bindgen_test]
async fn conversations_are_pinned_muted_archived_and_deleted_by_a_menu() {
    let page = Page::signed_in(people());
    page.see("conversation").await;
    assert_eq!(addresses(&page).first().map(String::as_str), Some("anita@bench.test"), "pinned before all others");
    let guido = "guido@bench.test";
    page.row(guido).focus().unwrap();
    menu_of(&page, guido);
    page.click("pin").await;
    until("on top", || addresses(&page).iter().take(2).any(|one| one == guido)).await;
    until("the focus is back", || {
        document().active_element().is_some_and(|it| it.is_same_node(Some(&page.row(guido))))
    })
    .await;
    menu_of(&page, guido);
    page.click("mute").await;
    until("muted", || page.row(guido).has_attribute("data-muted")).await;
    menu_of(&page, guido);
    page.click("archive").await;
    until("put away", || !addresses(&page).contains(&guido.to_owned())).await;
    page.click("archived-door").await;
    until("both", || addresses(&page) == [guido, "dennis@bench.test"]).await;
    menu_of(&page, guido);
    page.click("delete").await;
    page.click("delete-confirm").await;
    until("gone", || addresses(&page) == ["dennis@bench.test"]).await;
    page.write("search", "hi, no such name");
    until("nothing is found", || addresses(&page).is_empty()).await;
    page.write("search", "EVE@");
    until("a search looks behind the doors", || addresses(&page) == [EVE]).await;
}

#[wasm_bindgen_test]
async fn a_chat_is_begun_with_a_contact_found_by_name_or_with_any_address() {
    let page = Page::signed_in(people());
    page.click("new-chat").await;
    page.see("new-chat-address").await;
    page.write("new-chat-address", "an");
    until("offers", || page.all("[data-testid=offer]").len() == 5).await;
    page.write("new-chat-address", "nobody at all");
    page.click("new-chat-submit").await;
    until("a complaint", || !page.all("dialog [role=alert]").is_empty()).await;
    page.write("new-chat-address", "liskov");
    page.click("new-chat-submit").await;
    page.see("message-list").await;
    assert_eq!(page.get("message-list").get_attribute("data-jid").as_deref(), Some("barbara@bench.test"));
    page.click("new-chat").await;
    page.see("new-chat-address").await;
    page.write("new-chat-address", "Somebody@New.example");
    page.click("new-chat-submit").await;
    let list = || page.find("message-list").and_then(|list| list.get_attribute("data-jid"));
    until("the other conversation", || list().as_deref() == Some("somebody@new.example")).await;
    assert!(page.find("stranger").is_none(), "who begins it is no stranger's victim");
}

#[wasm_bindgen_test]
async fn details_tell_names_devices_and_time_as_text() {
    let mut changes = people();
    changes.push(fixture::grace_in_detail());
    let page = Page::opened("grace@bench.test", changes).await;
    page.click("chat-details").await;
    let text = |hook: &str| page.find(hook).and_then(|part| part.text_content()).unwrap_or_default();
    page.see("details").await;
    assert_eq!(text("state"), "Away · Last seen 47 min ago");
    assert_eq!(text("nickname-of"), "They call themselves Amazing Grace");
    let devices: Vec<String> =
        page.all("[data-testid=device]").iter().filter_map(|device| device.text_content()).collect();
    assert!(devices[0].contains("Gajim 2.17") && devices[0].contains("47 min"), "{devices:?}");
    assert!(page.was_asked(|asked| *asked == Command::LookUp(jid("grace@bench.test"))));
    page.click("details-mute").await;
    until("muted", || page.client.conversation(&jid("grace@bench.test")).is_some_and(|one| one.muted)).await;
    page.click("details-block").await;
    page.see("is-blocked").await;
    page.click("details-unblock").await;
    until("unblocked", || page.find("is-blocked").is_none()).await;
}

#[wasm_bindgen_test]
async fn the_own_name_is_shown_and_changed() {
    let page = Page::signed_in(people());
    until("the name", || page.get("status-menu").text_content().unwrap().contains("Ada of the Mill")).await;
    page.click("status-menu").await;
    let field = page.see("nickname").await;
    assert_eq!(value(&field), "Ada of the Mill");
    page.write("nickname", " Countess ");
    page.click("nickname-save").await;
    assert!(page.was_asked(|asked| *asked == Command::SetNickname(Some(" Countess ".into()))));
}

#[wasm_bindgen_test]
async fn the_time_here_is_told_only_as_long_as_the_user_wants_that() {
    let page = Page::signed_in(people());
    page.see("status-menu").await;
    assert!(page.was_asked(|asked| matches!(asked, Command::TellTime(Some(_)))));
    page.click("status-menu").await;
    page.click("tells-time").await;
    until("no longer", || page.was_asked(|asked| *asked == Command::TellTime(None))).await;
    page.click("tells-time").await;
}
