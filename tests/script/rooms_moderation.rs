//! Taking away the messages of others in the form before (XEP-0425 0.2, by XEP-0422), as packaged servers speak it.

use waxwing::domain::room::{RoomNews, RoomWish};
use waxwing::domain::timeline::{Body, Message};
use waxwing::engine::command::Command;
use waxwing::engine::rooms::RoomOrder;
use waxwing::wire::xml::Element;

use crate::harness::Client;
use crate::rooms_harness::*;

const OLD: &str = "<feature var='http://jabber.org/protocol/muc'/><feature var='urn:xmpp:occupant-id:0'/>\
    <feature var='urn:xmpp:sid:0'/><feature var='urn:xmpp:message-moderate:0'/>";
const MODERATE: &str = "urn:xmpp:message-moderate:0";
const FASTEN: &str = "urn:xmpp:fasten:0";
const RETRACT: &str = "urn:xmpp:message-retract:0";

fn taken(id: &str, by: &str, reason: &str) -> String {
    let reason = if reason.is_empty() { String::new() } else { format!("<reason>{reason}</reason>") };
    format!(
        "<apply-to id='{id}' xmlns='{FASTEN}'><moderated by='{by}' xmlns='{MODERATE}'>\
         <retract xmlns='{RETRACT}'/>{reason}</moderated></apply-to>"
    )
}

fn with_messages(features: &str) -> Client {
    let mut client = inside(features);
    client.stanza(&there("me", "admin", "moderator", ""));
    client.stanza(&there_as("bob", "id-bob"));
    client.stanza(&says("bob", "b1", "buy things", &named("id-bob", "s1")));
    client.stanza(&says("bob", "b2", "hello", &named("id-bob", "s2")));
    client.changes.clear();
    client
}

fn order(client: &mut Client, reason: Option<&str>) -> Element {
    let key = rows(client)[0].key;
    client.command(Command::Room(RoomOrder::Moderate { room: room(), key, reason: reason.map(str::to_owned) }));
    client.next()
}

fn is_there(row: &Message) -> bool {
    row.body.text().is_some()
}

#[test]
fn it_is_asked_for_in_the_form_that_the_group_chat_speaks() {
    let mut client = with_messages(OLD);
    let asked = order(&mut client, Some("spam"));
    assert_eq!((asked.attribute("to"), asked.attribute("type")), (Some(ROOM), Some("set")));
    let apply = asked.child(FASTEN, "apply-to").unwrap();
    assert_eq!(apply.attribute("id"), Some("s1"), "by the group chat's own name for it");
    let moderate = apply.child(MODERATE, "moderate").unwrap();
    assert!(moderate.child(RETRACT, "retract").is_some());
    assert_eq!(moderate.child(MODERATE, "reason").unwrap().text(), "spam");
    // Of one that speaks both, the one of today.
    let both = format!("{OLD}<feature var='urn:xmpp:message-moderate:1'/>");
    let asked = order(&mut with_messages(&both), None);
    assert!(asked.child("urn:xmpp:message-moderate:1", "moderate").is_some(), "{asked:?}");
    // A refusal is told, and the message stays.
    let mut client = with_messages(OLD);
    let id = order(&mut client, None).attribute("id").unwrap().to_owned();
    client.stanza(&format!("<iq type='error' from='{ROOM}' id='{id}'><error type='auth'><forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"));
    assert!(matches!(news(&client)[..], [RoomNews::Refused(RoomWish::Moderate, _)]));
    assert!(rows(&client).iter().all(is_there));
}

#[test]
fn only_the_group_chat_itself_takes_away_and_only_what_is_meant() {
    let mut client = with_messages(OLD);
    let spam = taken("s1", "den@rooms.ex/eve", "spam");
    // A participant, a stranger, another group chat, in a message of another kind.
    client.stanza(&says("eve", "e1", "", &format!("{spam}{}", named("id-eve", "s8"))));
    client.stanza(&says("bob", "e2", "x", &format!("{spam}{}", named("id-bob", "s9"))));
    client.stanza(&says_as("eve@x.ex/p", "e3", "x", &spam));
    client.stanza(&format!("<message from='cave@rooms.ex' type='groupchat' id='e4'>{spam}</message>"));
    client.stanza(&format!("<message from='eve@x.ex/p' type='chat' id='e5'><body>x</body>{spam}</message>"));
    // What means nothing: no name, no such message, not taken back, another form inside.
    for odd in [
        taken("", "den@rooms.ex/eve", ""),
        taken("s77", "den@rooms.ex/eve", ""),
        format!("<apply-to id='s1' xmlns='{FASTEN}'><moderated xmlns='{MODERATE}' by='den@rooms.ex/eve'/></apply-to>"),
        format!("<apply-to id='s1' xmlns='{FASTEN}'><retract xmlns='{RETRACT}'/></apply-to>"),
        format!("<moderated xmlns='{MODERATE}' by='den@rooms.ex/eve'><retract xmlns='{RETRACT}'/></moderated>"),
    ] {
        client.stanza(&format!("<message from='{ROOM}' type='groupchat' id='o'>{odd}</message>"));
    }
    let said = rows(&client);
    assert!(said.iter().all(is_there) && said.len() >= 2, "{said:?}");
    client.stanza(&format!("<message from='{ROOM}' type='groupchat' id='m1'>{spam}</message>"));
    let said = rows(&client);
    assert_eq!(said[0].body, Body::Retracted);
    let removed = said[0].more.clone().unwrap().removed.unwrap();
    assert_eq!((removed.by.as_deref(), removed.reason.as_deref()), (Some("eve"), Some("spam")));
    assert!(said[1..].iter().all(is_there));
    // Whoever did it need not be named.
    client.stanza(&format!("<message from='{ROOM}' type='groupchat' id='m2'>{}</message>", taken("s2", "", "")));
    let removed = rows(&client)[1].more.clone().unwrap().removed.unwrap();
    assert_eq!((removed.by, removed.reason), (None, None));
}
