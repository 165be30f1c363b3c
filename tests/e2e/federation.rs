//! A browser at one server, another client at another one; and several devices of one person.

use tokio_xmpp::parsers::presence::{Presence, Type};

use crate::support::peer::Peer;
use crate::support::world::{at_ejabberd, world};
use crate::support::{about, scene};

#[test]
fn a_browser_at_ejabberd_talks_with_another_client_at_prosody() {
    scene(async |stage| {
        let romeo = stage.person(&world().ejabberd, "romeo");
        let juliet = stage.person(&world().prosody, "juliet");
        let mut her = Peer::online(&world().prosody, &juliet).await;
        let page = stage.page(at_ejabberd(), "romeo").await;
        page.log_in(&romeo).await;

        page.add_contact(&juliet.address).await;
        her.sees(&romeo.address, Type::Subscribe).await;
        let him = || romeo.address.parse::<tokio_xmpp::jid::Jid>().expect("an address");
        her.send(Presence::new(Type::Subscribed).with_to(him())).await;
        her.send(Presence::new(Type::Subscribe).with_to(him())).await;
        her.sees(&romeo.address, Type::Subscribed).await;
        her.sees(&romeo.address, Type::None).await;
        page.show_contacts().await;
        page.wait_presence(&juliet.address, "available").await;

        page.send("But soft, what light?").await;
        assert_eq!(her.hears(&romeo.address).await, "But soft, what light?");
        page.wait_state("But soft, what light?", "acked").await;
        her.say(&romeo.address, "Ay me!").await;
        page.wait_said(&["out: But soft, what light?", "in: Ay me!"]).await;

        page.be("dnd").await;
        let shown = her.sees(&romeo.address, Type::None).await.show;
        assert_eq!(shown, Some(tokio_xmpp::parsers::presence::Show::Dnd));
        her.leave().await;
        page.wait_presence(&juliet.address, "unavailable").await;
    });
}

#[test]
fn what_another_device_of_mine_says_and_hears_is_shown_here() {
    scene(async |stage| {
        let romeo = stage.person(&world().ejabberd, "romeo");
        let juliet = stage.person(&world().prosody, "juliet");
        let page = stage.page(at_ejabberd(), "romeo").await;
        page.log_in(&romeo).await;
        let mut phone = Peer::online(&world().ejabberd, &romeo).await;
        let mut her = Peer::online(&world().prosody, &juliet).await;

        phone.say(&juliet.address, "Sent from my phone").await;
        assert_eq!(her.hears(&romeo.address).await, "Sent from my phone");
        page.wait_for(&about("conversation", &juliet.address)).await;
        page.open_chat(&juliet.address).await;
        page.wait_said(&["out: Sent from my phone"]).await;
        page.wait_unread(&juliet.address, 0).await;

        // To that device alone; the server hands a copy to this one.
        her.say(&phone.device(), "Received on the phone").await;
        assert_eq!(phone.hears(&juliet.address).await, "Received on the phone");
        page.wait_said(&["out: Sent from my phone", "in: Received on the phone"]).await;

        page.send("Sent from the browser").await;
        assert_eq!(her.hears(&romeo.address).await, "Sent from the browser");
        page.wait_said(&["out: Sent from my phone", "in: Received on the phone", "out: Sent from the browser"]).await;
        let from: Vec<String> = page.messages().await.into_iter().map(|shown| shown.from).collect();
        assert_eq!(from, [romeo.address.clone(), juliet.address.clone(), romeo.address.clone()]);
    });
}

#[test]
fn a_message_to_nobody_is_said_to_have_failed_and_can_be_sent_again_or_dropped() {
    scene(async |stage| {
        let romeo = stage.person(&world().ejabberd, "romeo");
        let page = stage.page(at_ejabberd(), "romeo").await;
        page.log_in(&romeo).await;
        for nobody in ["nobody@a.localhost", "nobody@b.localhost", "nobody@nowhere.invalid"] {
            page.write_to(nobody).await;
            page.send("Is anybody there?").await;
            page.wait_state("Is anybody there?", "failed").await;
        }
        // What is written after it waits. Sent again, it fails again; dropped, it is gone and the next one's turn comes.
        page.send("Hello?").await;
        page.wait_state("Hello?", "queued").await;
        page.press_hook("retry").await;
        page.wait_state("Is anybody there?", "failed").await;
        page.wait_said(&["out: Is anybody there?", "out: Hello?"]).await;
        page.press_hook("discard").await;
        page.wait_said(&["out: Hello?"]).await;
        page.wait_state("Hello?", "failed").await;
    });
}
