//! Of what in group chats the user wants to hear, as the devices share it beside the bookmarks.

use waxwing::domain::conversation::Notify;
use waxwing::engine::command::Command;
use waxwing::engine::rooms::RoomOrder;
use waxwing::wire::xml::Element;

use crate::harness::{Client, FEATURES};
use crate::rooms_harness::*;

const SETTINGS: &str = "urn:xmpp:notification-settings:1";
const BOOKMARKS: &str = "urn:xmpp:bookmarks:1";

fn conference(beside: &str) -> String {
    format!(
        "<item id='{ROOM}'><conference xmlns='{BOOKMARKS}' autojoin='1'><nick>me</nick>{beside}</conference></item>"
    )
}

fn notify(settings: &str) -> String {
    format!("<extensions><notify xmlns='{SETTINGS}'>{settings}</notify></extensions>")
}

/// A client whose account keeps bookmarks, with the question for them.
fn asking() -> (Client, Element) {
    let mut client = Client::new();
    client.log_in();
    client.bind(FEATURES);
    client.expect_setup();
    client.answer_about_archive(
        "<feature var='http://jabber.org/protocol/pubsub#publish-options'/><feature var='urn:xmpp:bookmarks:1#compat'/>",
    );
    let asked: Vec<Element> = std::iter::from_fn(|| (!client.sent.is_empty()).then(|| client.next())).collect();
    let list = asked.iter().find(|one| one.to_xml().contains(BOOKMARKS)).unwrap().clone();
    (client, list)
}

fn tell(client: &mut Client, list: &Element, item: &str) {
    let id = list.attribute("id").unwrap();
    client.stanza(&format!("<iq type='result' id='{id}'><pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='{BOOKMARKS}'>{item}</items></pubsub></iq>"));
}

/// In, with this beside the bookmark.
fn inside_with(beside: &str) -> Client {
    let (mut client, list) = asking();
    tell(&mut client, &list, &conference(beside));
    let info = client.next();
    answer(&mut client, &info, &info_of(OPEN));
    client.next();
    client.stanza(&there("me", "none", "participant", "<status code='110'/>"));
    client.nothing_sent();
    client
}

fn set(client: &mut Client, notify: Notify) {
    client.command(Command::Room(RoomOrder::SetNotify { room: room(), notify }));
}

fn wanted(client: &Client) -> Option<Notify> {
    client.mirror.conversation(&room()).unwrap().room
}

fn published(client: &mut Client) -> String {
    let publish = client.next();
    assert_eq!(publish.attribute("to"), None);
    let xml = publish.to_xml();
    assert!(xml.contains("publish-options") && xml.contains(&format!("id='{ROOM}'")), "{xml}");
    xml
}

#[test]
fn what_the_devices_share_counts_and_the_most_particular_of_it() {
    for (settings, counts) in [
        ("<always/>", Notify::All),
        ("<never/>", Notify::Nothing),
        ("<on-mention/>", Notify::Mentions),
        ("<never/><always identity-category='client'/>", Notify::All),
        (
            "<always identity-category='client' identity-type='web'/><never identity-category='client'/><on-mention/>",
            Notify::All,
        ),
        ("<always identity-category='client' identity-type='phone'/><never/>", Notify::Nothing),
        // Nothing for us, so it stays as it is here.
        ("<always identity-category='gateway'/>", Notify::Mentions),
        ("<sometimes/><always xmlns='other'/>", Notify::Mentions),
        ("", Notify::Mentions),
    ] {
        assert_eq!(wanted(&inside_with(&notify(settings))), Some(counts), "{settings}");
    }
    let old = "<extensions><notify xmlns='urn:xmpp:notification-settings:0'><never/></notify></extensions>";
    assert_eq!(wanted(&inside_with(old)), Some(Notify::Mentions), "that was another form");
    let elsewhere = format!("<notify xmlns='{SETTINGS}'><never/></notify>");
    assert_eq!(wanted(&inside_with(&elsewhere)), Some(Notify::Mentions), "that is no place for it");
}

#[test]
fn what_is_chosen_here_is_shared_and_what_others_put_there_stays() {
    let other = "<state xmlns='http://other.example' minimized='true'/>";
    let settings = "<never identity-category='client' identity-type='phone'/><always><advanced><x xmlns='custom'/></advanced></always>";
    let mut client = inside_with(&format!(
        "<extensions>{other}<notify xmlns='{SETTINGS}'>{settings}</notify></extensions><more xmlns='u'/>"
    ));
    set(&mut client, Notify::Nothing);
    assert_eq!(wanted(&client), Some(Notify::Nothing));
    let xml = published(&mut client);
    for part in [
        "minimized",
        "<more xmlns='u'/>",
        "<never identity-category='client' identity-type='phone'/><never><advanced><x xmlns='custom'/></advanced></never>",
        "<nick>me</nick>",
        "autojoin='true'",
    ] {
        assert!(xml.contains(part), "{part}: {xml}");
    }
    assert_eq!(xml.matches("<notify").count(), 1);
    set(&mut client, Notify::Nothing);
    client.nothing_sent();
    // Another device, and somebody who says that they are one.
    let event = |from: &str, settings: &str| {
        let item = conference(&notify(settings));
        format!(
            "<message from='{from}' type='headline'><event xmlns='http://jabber.org/protocol/pubsub#event'><items node='{BOOKMARKS}'>{item}</items></event></message>"
        )
    };
    for from in ["eve@x.ex", "me@s.ex/other", "s.ex", ROOM] {
        client.stanza(&event(from, "<always/>"));
        assert_eq!(wanted(&client), Some(Notify::Nothing), "{from}");
    }
    client.stanza(&event("me@s.ex", "<always/>"));
    assert_eq!(wanted(&client), Some(Notify::All));
    client.nothing_sent();
}

#[test]
fn where_nothing_is_shared_what_was_chosen_here_counts_and_is_shared_from_then_on() {
    let mut client = inside_with("");
    set(&mut client, Notify::All);
    assert!(published(&mut client).contains(&format!("<notify xmlns='{SETTINGS}'><always/></notify>")));
    // Chosen without a connection: it goes out once it is known what else is there.
    client.break_off();
    set(&mut client, Notify::Nothing);
    assert_eq!(wanted(&client), Some(Notify::Nothing));
    client.authenticate(FEATURES);
    client.next();
    client.frame("<failed xmlns='urn:xmpp:sm:3'/>");
    let id = client.next().attribute("id").unwrap().to_owned();
    client.stanza(&format!(
        "<iq type='result' id='{id}'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>me@s.ex/w1</jid></bind></iq>"
    ));
    client.expect_setup();
    client.sent.retain(|frame| !frame.contains(ROOM));
    client.answer_about_archive(
        "<feature var='http://jabber.org/protocol/pubsub#publish-options'/><feature var='urn:xmpp:bookmarks:1#compat'/>",
    );
    client.sent.retain(|frame| frame.contains(BOOKMARKS));
    let list = client.next();
    tell(&mut client, &list, &conference(&notify("<always/>")));
    assert_eq!(wanted(&client), Some(Notify::Nothing), "that was chosen later");
    client.sent.retain(|frame| frame.contains(BOOKMARKS));
    assert!(published(&mut client).contains("<never/>"));
}

#[test]
fn another_password_counts_from_then_on_and_at_once_if_it_was_missing() {
    let event = |password: &str| {
        let item = conference(&format!("<password>{password}</password>"));
        format!(
            "<message from='me@s.ex' type='headline'><event xmlns='http://jabber.org/protocol/pubsub#event'><items node='{BOOKMARKS}'>{item}</items></event></message>"
        )
    };
    let mut client = inside_with("<password>old</password>");
    client.stanza(&event("new"));
    client.nothing_sent();
    assert_eq!(client.mirror.room(&room()).unwrap().phase.name(), "joined");
    client.stanza(&gone_away("me", "<status code='110'/><status code='332'/>"));
    client.wait(31_000);
    client.sent.retain(|frame| frame.starts_with("<presence"));
    assert!(client.next().to_xml().contains("<password>new</password>"));
    let refuse = format!(
        "<presence from='{ROOM}/me' type='error'><error type='auth'><not-authorized xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></presence>"
    );
    client.stanza(&refuse);
    client.sent.clear();
    client.stanza(&event("newer"));
    client.sent.retain(|frame| frame.starts_with("<presence"));
    assert!(client.next().to_xml().contains("<password>newer</password>"), "it was missing");
    client.stanza(&refuse);
    client.sent.clear();
    client.stanza(&event("newer"));
    client.wait(5_000);
    assert!(!client.sent.iter().any(|frame| frame.starts_with("<presence")), "that one was tried");
}

#[test]
fn the_older_form_of_bookmarks_has_no_place_for_it() {
    let mut client = inside(OPEN);
    set(&mut client, Notify::All);
    assert_eq!(wanted(&client), Some(Notify::All));
    client.nothing_sent();
}
