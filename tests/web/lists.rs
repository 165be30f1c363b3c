//! Contacts and conversations.

use wasm_bindgen_test::wasm_bindgen_test;
use waxwing::domain::presence::Availability;
use waxwing::engine::change::Change;

use crate::fixture::{self, contact, jid};
use crate::page::{Page, document, press, until, value};

#[wasm_bindgen_test]
async fn ten_thousand_contacts_are_few_rows() {
    let page = Page::signed_in(vec![fixture::many_contacts(10_000)]);
    page.click("tab-contacts").await;
    page.see("contact").await;
    let list = page.get("contact-list");
    assert!(page.all(".row").len() < 150);
    assert!(list.scroll_height() > 500_000, "the scroll bar shows how much there is");
    let before = page.get("contact").get_attribute("data-jid");
    list.set_scroll_top(300_000);
    until("other rows", || page.find("contact").is_some_and(|row| row.get_attribute("data-jid") != before)).await;
    assert!(page.all(".row").len() < 150);
    list.set_scroll_top(list.scroll_height());
    until("the last row", || page.all(&format!("[aria-posinset='{}']", 10_020)).len() == 1).await;
}

#[wasm_bindgen_test]
async fn a_change_of_presence_reaches_its_row_only() {
    let page = Page::signed_in(vec![Change::Contacts(vec![
        contact("a@x.example", "Ada", &[], Availability::Available, None),
        contact("b@x.example", "Bea", &[], Availability::Away, None),
    ])]);
    page.click("tab-contacts").await;
    let row = page.see("contact").await;
    assert_eq!(row.get_attribute("data-presence").as_deref(), Some("available"));
    page.client.apply(vec![Change::Contact(contact("a@x.example", "Ada", &[], Availability::Dnd, Some("busy")))]);
    until("dnd", || row.get_attribute("data-presence").as_deref() == Some("dnd")).await;
    assert!(row.is_connected(), "the row kept its node");
    assert!(row.text_content().unwrap().contains("busy"));
}

#[wasm_bindgen_test]
async fn only_what_is_on_screen_is_watched() {
    let page = Page::signed_in(vec![fixture::many_contacts(10_000)]);
    page.click("tab-contacts").await;
    page.see("contact").await;
    let watched = page.client.watched_topics();
    assert!(watched < 300, "{watched} topics");
    for top in [100_000, 200_000, 400_000, 0] {
        page.get("contact-list").set_scroll_top(top);
        crate::page::frame().await;
        crate::page::frame().await;
    }
    assert!(page.client.watched_topics() < 300);
}

#[wasm_bindgen_test]
async fn a_hostile_name_is_shown_as_text() {
    let name = "<img src=x onerror=alert(1)>\u{202e}\"'&amp;";
    let mut person =
        contact("evil@x.example", name, &["<script>g</script>"], Availability::Available, Some("<b>s</b>"));
    person.devices[0].resource = "<i>r</i>".into();
    let page = Page::signed_in(vec![Change::Contacts(vec![person])]);
    page.click("tab-contacts").await;
    let row = page.see("contact").await;
    let text = row.text_content().unwrap();
    assert!(text.contains("<img src=x onerror=alert(1)>\"'&amp;") && text.contains("<b>s</b>"), "{text}");
    assert!(page.get("group").text_content().unwrap().contains("<script>g</script>"));
    row.click();
    page.click("chat-details").await;
    assert!(page.see("device").await.text_content().unwrap().contains("<i>r</i>"));
    assert!(page.all("img, script, b, i").is_empty());
}

#[wasm_bindgen_test]
async fn a_contact_opens_by_one_click_and_by_keyboard() {
    let page = Page::signed_in(fixture::people());
    page.click("tab-contacts").await;
    page.see("contact").await;
    page.get("search").focus().unwrap();
    page.write("search", "grace");
    until("one left", || page.all("[data-testid=contact]").len() == 1).await;
    press("ArrowDown");
    let row = page.get("contact");
    assert!(document().active_element().unwrap().is_same_node(Some(&row)));
    assert_eq!(row.get_attribute("tabindex").as_deref(), Some("0"));
    row.click();
    let composer = page.see("composer").await;
    assert_eq!(page.get("message-list").get_attribute("data-jid").as_deref(), Some("grace@bench.test"));
    until("the field has the focus", || document().active_element().unwrap().is_same_node(Some(&composer))).await;
    assert_eq!(value(&page.get("search")), "");
}

#[wasm_bindgen_test]
async fn arrow_keys_go_from_row_to_row() {
    let page = Page::signed_in(fixture::people());
    page.click("tab-contacts").await;
    page.see("contact").await;
    page.get("search").focus().unwrap();
    press("ArrowDown");
    let place = || {
        let focused = document().active_element().unwrap();
        let row = focused.closest("[aria-posinset]").unwrap().unwrap();
        assert_eq!(focused.get_attribute("tabindex").as_deref(), Some("0"));
        row.get_attribute("aria-posinset").unwrap()
    };
    for (key, wanted) in [("ArrowDown", "2"), ("ArrowDown", "3"), ("ArrowUp", "2"), ("Home", "1")] {
        press(key);
        assert_eq!(place(), wanted, "{key}");
    }
}

#[wasm_bindgen_test]
async fn an_address_that_is_no_contact_can_be_written_to() {
    let page = Page::signed_in(fixture::people());
    page.see("search").await;
    page.write("search", "New.Person@elsewhere.example");
    page.click("message-address").await;
    page.see("composer").await;
    assert_eq!(page.get("message-list").get_attribute("data-jid").as_deref(), Some("new.person@elsewhere.example"));
}

#[wasm_bindgen_test]
async fn a_request_is_answered() {
    let page = Page::signed_in(vec![fixture::request()]);
    let request = page.see("request").await;
    assert_eq!(request.get_attribute("data-jid").as_deref(), Some("tim@berners-lee.example"));
    assert!(page.find("decline").is_some() && page.find("block").is_some());
    page.click("accept").await;
    until("the request is gone", || page.find("request").is_none()).await;
}

#[wasm_bindgen_test]
async fn a_contact_is_added_and_removed_and_the_focus_comes_back() {
    let page = Page::signed_in(Vec::new());
    let opener = page.see("add-contact").await;
    opener.focus().unwrap();
    opener.click();
    page.see("add-contact-address").await;
    page.write("add-contact-address", "no address");
    page.click("add-contact-submit").await;
    until("a complaint", || !page.all("dialog [role=alert]").is_empty()).await;
    page.write("add-contact-address", "eve@x.example");
    page.write("add-contact-name", "Eve");
    page.click("add-contact-submit").await;
    until("the dialog is gone", || page.all("dialog").is_empty()).await;
    page.click("tab-contacts").await;
    assert!(page.see("contact").await.text_content().unwrap().contains("Eve"));
    page.click("chat-details").await;
    page.click("remove-contact").await;
    page.click("remove-confirm").await;
    until("the contact is gone", || page.find("contact").is_none()).await;
    let _ = jid("eve@x.example");
}

#[wasm_bindgen_test]
async fn the_status_menu_sets_presence_and_logs_out() {
    let page = Page::signed_in(fixture::people());
    page.click("status-menu").await;
    page.click("status-dnd").await;
    until("busy", || page.get("status-menu").text_content().unwrap().contains("Do not disturb")).await;
    page.click("status-menu").await;
    page.see("status-text").await;
    page.write("status-text", "in the garden");
    page.click("status-save").await;
    until("the text", || page.get("status-menu").text_content().unwrap().contains("in the garden")).await;
    page.click("status-menu").await;
    page.click("logout").await;
    until("the form", || page.find("app").is_none() && !page.get("login").hidden()).await;
    assert_eq!(page.client.watched_topics(), 3, "account, connection and what is done about an account");
}
