//! Two people talk.

use crate::support::host::Host;
use crate::support::server::Server;
use crate::support::world::{at_ejabberd, at_prosody, world};
use crate::support::{Stage, about, scene};

#[test]
fn two_people_talk_both_ways_on_ejabberd() {
    scene(async |stage| talk(stage, &world().ejabberd, at_ejabberd()).await);
}

#[test]
fn two_people_talk_both_ways_on_prosody() {
    scene(async |stage| talk(stage, &world().prosody, at_prosody()).await);
}

async fn talk(stage: &Stage, server: &Server, host: &'static Host) {
    let (romeo, juliet) = (stage.person(server, "romeo"), stage.person(server, "juliet"));
    server.befriend(&romeo, &juliet);
    let his = stage.page(host, "romeo").await;
    let hers = stage.page(host, "juliet").await;
    his.log_in(&romeo).await;
    hers.log_in(&juliet).await;

    his.show_contacts().await;
    his.open_chat(&juliet.address).await;
    his.send("Lady, by yonder blessed moon I swear").await;
    his.wait_state("Lady, by yonder blessed moon I swear", "acked").await;

    // She looks at no conversation, so it counts as unread until she opens it.
    hers.wait_unread(&romeo.address, 1).await;
    his.send("That tips with silver all these fruit-tree tops").await;
    hers.wait_unread(&romeo.address, 2).await;
    hers.open_chat(&romeo.address).await;
    hers.wait_said(&[
        "in: Lady, by yonder blessed moon I swear",
        "in: That tips with silver all these fruit-tree tops",
    ])
    .await;
    hers.wait_unread(&romeo.address, 0).await;

    hers.send("O, swear not by the moon").await;
    his.wait_said(&[
        "out: Lady, by yonder blessed moon I swear",
        "out: That tips with silver all these fruit-tree tops",
        "in: O, swear not by the moon",
    ])
    .await;
    hers.wait_state("O, swear not by the moon", "acked").await;
    let from = his.messages().await.pop().expect("a message").from;
    assert_eq!(from, juliet.address);

    // What arrives while the conversation is open and looked at is never unread.
    his.show_chats().await;
    his.wait_for(&about("conversation", &juliet.address)).await;
    his.wait_unread(&juliet.address, 0).await;
}
