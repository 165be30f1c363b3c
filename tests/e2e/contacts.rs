//! Two people become contacts and see each other.

use crate::support::host::Host;
use crate::support::server::Server;
use crate::support::world::{at_ejabberd, at_prosody, world};
use crate::support::{Stage, about, scene};

#[test]
fn two_people_become_contacts_and_see_each_other_on_ejabberd() {
    scene(async |stage| become_contacts(stage, &world().ejabberd, at_ejabberd()).await);
}

#[test]
fn two_people_become_contacts_and_see_each_other_on_prosody() {
    scene(async |stage| become_contacts(stage, &world().prosody, at_prosody()).await);
}

async fn become_contacts(stage: &Stage, server: &Server, host: &'static Host) {
    let (romeo, juliet) = (stage.person(server, "romeo"), stage.person(server, "juliet"));
    let his = stage.page(host, "romeo").await;
    let hers = stage.page(host, "juliet").await;
    his.log_in(&romeo).await;
    hers.log_in(&juliet).await;

    his.add_contact(&juliet.address).await;
    his.show_contacts().await;
    his.wait_presence(&juliet.address, "unavailable").await;
    hers.wait_for(&about("request", &romeo.address)).await;
    hers.answer_request(&romeo.address, "accept").await;

    hers.show_contacts().await;
    his.wait_presence(&juliet.address, "available").await;
    hers.wait_presence(&romeo.address, "available").await;
    assert_eq!(his.script("return document.querySelectorAll('[data-testid=request]').length").await, 0);

    for presence in ["away", "dnd", "xa", "chat", "available"] {
        hers.be(presence).await;
        his.wait_presence(&juliet.address, presence).await;
    }
    hers.set_status("On the balcony").await;
    his.wait_text(&about("contact", &juliet.address), |text| text.contains("On the balcony")).await;
    hers.be("away").await;
    his.wait_presence(&juliet.address, "away").await;
    his.wait_text(&about("contact", &juliet.address), |text| text.contains("On the balcony")).await;

    hers.log_out().await;
    his.wait_presence(&juliet.address, "unavailable").await;
}
