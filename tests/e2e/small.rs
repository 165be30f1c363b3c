//! On a phone, and without a mouse.

use fantoccini::key::Key;

use crate::support::world::{at_ejabberd, world};
use crate::support::{about, by_hook, scene};

#[test]
fn on_a_phone_one_goes_from_the_list_to_a_conversation_and_back() {
    scene(async |stage| {
        let server = &world().ejabberd;
        let (romeo, juliet) = (stage.person(server, "romeo"), stage.person(server, "juliet"));
        server.befriend(&romeo, &juliet);
        let page = stage.page(at_ejabberd(), "romeo").await;
        page.resize(390, 844).await;
        page.log_in(&romeo).await;
        page.show_contacts().await;
        for _ in 0..2 {
            page.wait_until_hidden(&by_hook("composer")).await;
            page.open_chat(&juliet.address).await;
            page.wait_until_hidden(&by_hook("contact-list")).await;
            page.send("From my phone").await;
            page.press_hook("back").await;
            page.wait_until_shown(&by_hook("contact-list")).await;
        }
        // The browser's own way back does the same.
        page.open_chat(&juliet.address).await;
        page.wait_until_hidden(&by_hook("contact-list")).await;
        page.browser.client.back().await.expect("the way back");
        page.wait_until_shown(&by_hook("contact-list")).await;
        // Nothing is wider than the phone.
        page.sees("no more than fits", "return document.documentElement.scrollWidth <= innerWidth").await;
        page.log_out().await;
    });
}

#[test]
fn the_keyboard_alone_is_enough() {
    scene(async |stage| {
        let server = &world().ejabberd;
        let (romeo, juliet) = (stage.person(server, "romeo"), stage.person(server, "juliet"));
        server.befriend(&romeo, &juliet);
        let page = stage.page(at_ejabberd(), "romeo").await;
        // The form asks for the address first, so one can begin to type at once.
        page.tab_to("input[name=address]").await;
        page.type_keys(&romeo.address).await;
        page.tab_to("input[name=password]").await;
        page.type_keys(romeo.password).await;
        page.press_key(Key::Enter).await;
        page.wait_connection("online").await;

        page.tab_to(&by_hook("tab-contacts")).await;
        page.press_key(Key::Enter).await;
        page.wait_for(&about("contact", &juliet.address)).await;
        page.tab_to(&about("contact", &juliet.address)).await;
        page.press_key(Key::Enter).await;
        page.wait_for(&about("message-list", &juliet.address)).await;
        page.tab_to(&by_hook("composer")).await;
        page.type_keys("With my own ten fingers").await;
        page.press_key(Key::Enter).await;
        page.wait_state("With my own ten fingers", "acked").await;

        // A dialog takes the focus, keeps it, and gives it back.
        page.tab_to(&by_hook("status-menu")).await;
        page.press_key(Key::Enter).await;
        page.tab_to(&by_hook("status-dnd")).await;
        page.press_key(Key::Escape).await;
        page.wait_until_gone("dialog").await;
        page.wait_focus(&by_hook("status-menu")).await;
        page.press_key(Key::Enter).await;
        page.tab_to(&by_hook("logout")).await;
        page.press_key(Key::Enter).await;
        page.wait_for_form().await;
    });
}
