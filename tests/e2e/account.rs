//! The life of an account: made, used, given another password, given up; and one made by invitation.

use crate::support::host::Host;
use crate::support::page::Page;
use crate::support::server::Server;
use crate::support::world::{at_ejabberd, at_prosody, world};
use crate::support::{Stage, by_hook, scene};

/// The field of a server's form.
fn field(name: &str) -> String {
    format!("[data-testid=form-field][data-var={name}]")
}

#[test]
fn an_account_lives_and_ends_on_ejabberd() {
    scene(async |stage| life(stage, &world().ejabberd, at_ejabberd()).await);
}

#[test]
fn an_account_lives_and_ends_on_prosody() {
    scene(async |stage| life(stage, &world().prosody, at_prosody()).await);
}

async fn ask(page: &Page, domain: &str) {
    page.press_hook("create-account").await;
    page.fill(&by_hook("signup-server"), domain).await;
    page.press_hook("signup-submit").await;
    page.wait_for(&field("username")).await;
}

async fn fill_in(page: &Page, name: &str, password: &str) {
    page.fill(&field("username"), name).await;
    page.fill(&field("password"), password).await;
}

async fn life(stage: &Stage, server: &Server, host: &'static Host) {
    let romeo = stage.person(server, "romeo");
    let page = stage.page(host, "mercutio").await;
    let address = format!("mercutio@{}", server.domain());
    ask(&page, server.domain()).await;

    // A name that is taken is said, and the form stays.
    fill_in(&page, romeo.name(), "wherefore").await;
    page.press_hook("signup-submit").await;
    page.wait_text(&by_hook("signup-error"), |text| text.contains("taken")).await;
    page.fill(&field("username"), "mercutio").await;
    page.press_hook("signup-remember").await;
    page.press_hook("signup-submit").await;
    page.wait_connection("online").await;

    page.add_contact(&romeo.address).await;
    page.send("A plague o' both your houses").await;
    page.wait_state("A plague o' both your houses", "acked").await;

    page.press_hook("status-menu").await;
    page.press_hook("account").await;
    for hook in ["new-password", "new-password-again"] {
        page.fill(&by_hook(hook), "zounds").await;
    }
    page.press_hook("password-submit").await;
    page.wait_text(&by_hook("account-outcome"), |text| text.contains("was changed")).await;
    page.wait_connection("online").await;
    page.press("dialog .icon-button[aria-label=Close]").await;
    // The keys of the new password are kept: the next visit needs none.
    page.reload().await;
    page.wait_connection("online").await;
    page.log_out().await;
    page.try_to_log_in(&address, "wherefore").await;
    page.login_error().await;
    page.try_to_log_in(&address, "zounds").await;
    page.wait_connection("online").await;

    page.press_hook("status-menu").await;
    page.press_hook("account").await;
    page.press_hook("remove-account").await;
    page.fill(&by_hook("removal-address"), &address).await;
    page.press_hook("removal-submit").await;
    page.wait_for_form().await;
    assert_eq!(page.login_error().await, "Your account was deleted.");
    page.try_to_log_in(&address, "zounds").await;
    page.wait_text(&by_hook("login-error"), |text| text.contains("not right")).await;
}

#[test]
fn an_invitation_leads_to_the_first_message() {
    scene(async |stage| {
        let server = &world().prosody;
        let romeo = stage.person(server, "romeo");
        let his = stage.page(at_prosody(), "romeo").await;
        his.log_in(&romeo).await;
        his.press_hook("add-contact").await;
        his.press_hook("invite").await;
        his.wait_for(&by_hook("invite-link")).await;
        let link = his.value(&by_hook("invite-link")).await;
        let (_, invitation) = link.split_once('#').expect("an invitation behind the #");
        his.press("dialog .icon-button[aria-label=Close]").await;

        let hers = stage.page(at_prosody(), "juliet").await;
        hers.script(&format!("location.hash = '#{invitation}'")).await;
        hers.wait_text(&by_hook("invitation"), |text| text.contains(&romeo.address)).await;
        hers.press_hook("invitation-create").await;
        hers.wait_for(&field("username")).await;
        let name = format!("juliet.of.{}", romeo.name());
        fill_in(&hers, &name, "stifled in the vault").await;
        hers.press_hook("signup-submit").await;
        hers.wait_connection("online").await;
        // The conversation with who invited is open already.
        hers.send("O Romeo, Romeo").await;
        hers.wait_state("O Romeo, Romeo", "acked").await;
        let address = format!("{name}@{}", server.domain());
        his.show_chats().await;
        his.wait_unread(&address, 1).await;
        his.show_contacts().await;
        his.wait_presence(&address, "available").await;
    });
}

#[test]
fn a_picture_is_read_before_ejabberd_makes_an_account() {
    scene(async |stage| {
        let page = stage.page(at_ejabberd(), "tybalt").await;
        ask(&page, "captcha.localhost").await;
        let painted = "const picture = document.querySelector('.challenge'); return picture !== null && picture.naturalWidth === 1";
        page.sees("the picture", painted).await;
        fill_in(&page, "tybalt", "ratcatcher").await;
        page.fill(&field("ocr"), "000000").await;
        page.press_hook("signup-submit").await;
        page.wait_text(&by_hook("signup-error"), |text| !text.is_empty()).await;
        // Another picture; what was typed elsewhere is still there, but for the password's sake it is typed again.
        page.fill(&field("password"), "ratcatcher").await;
        page.fill(&field("ocr"), &world().ejabberd.note("captcha.key")).await;
        page.press_hook("signup-submit").await;
        page.wait_connection("online").await;
    });
}
