//! What was read on one device is read on the other (XEP-0490).

use tokio_xmpp::Stanza;
use tokio_xmpp::minidom::Element;
use tokio_xmpp::parsers::iq::Iq;

use crate::support::host::Host;
use crate::support::peer::Peer;
use crate::support::server::Server;
use crate::support::world::{at_ejabberd, at_prosody, world};
use crate::support::{Stage, scene};

const PUBSUB: &str = "http://jabber.org/protocol/pubsub";
const DISPLAYED: &str = "urn:xmpp:mds:displayed:0";

#[test]
fn what_was_read_on_one_device_is_read_on_the_other_on_ejabberd() {
    scene(async |stage| read(stage, &world().ejabberd, at_ejabberd()).await);
}

#[test]
fn what_was_read_on_one_device_is_read_on_the_other_on_prosody() {
    scene(async |stage| read(stage, &world().prosody, at_prosody()).await);
}

async fn read(stage: &Stage, server: &Server, host: &'static Host) {
    let [romeo, juliet, nurse] = ["romeo", "juliet", "nurse"].map(|name| stage.person(server, name));
    server.befriend(&romeo, &juliet);
    server.befriend(&romeo, &nurse);
    let desk = stage.page(host, "desk").await;
    let phone = stage.page(host, "phone").await;
    desk.log_in(&romeo).await;
    phone.log_in(&romeo).await;
    for person in [&juliet, &nurse] {
        let mut peer = Peer::online(server, person).await;
        for text in ["one", "two"] {
            peer.say(&romeo.address, text).await;
        }
        for page in [&desk, &phone] {
            page.wait_unread(&person.address, 2).await;
        }
    }
    desk.open_chat(&juliet.address).await;
    desk.wait_unread(&juliet.address, 0).await;
    phone.wait_unread(&juliet.address, 0).await;
    phone.wait_unread(&nurse.address, 2).await;
    phone.open_chat(&nurse.address).await;
    phone.wait_unread(&nurse.address, 0).await;
    desk.wait_unread(&nurse.address, 0).await;

    let mut reader = Peer::unseen(server, &romeo).await;
    let items = Element::builder("items", PUBSUB).attr("node".try_into().expect("a name"), DISPLAYED);
    let payload = Element::builder("pubsub", PUBSUB).append(items).build();
    reader.send(Iq::Get { from: None, to: None, id: "items".to_owned(), payload }).await;
    let items = reader
        .waits_for("what the node holds", |stanza| match stanza {
            Stanza::Iq(Iq::Result { id, payload: Some(payload), .. }) if id == "items" => Some(payload.clone()),
            _ => None,
        })
        .await;
    // Each conversation has an item of its own, for devices that were not online. ejabberd 23.01 makes the node for one
    // item only, so the page has told it otherwise.
    let kept = items.get_child("items", PUBSUB).into_iter().flat_map(Element::children);
    let mut kept: Vec<_> = kept.filter_map(|item| item.attr("id")).collect();
    kept.sort_unstable();
    let mut all = [&*juliet.address, &*nurse.address];
    all.sort_unstable();
    assert_eq!(kept, all);
}
