//! Naming somebody in a group chat: what is sent beside the text, and what counts as being named.

use waxwing::domain::timeline::{Manner, MessageKey};
use waxwing::engine::command::{Command, Sending};
use waxwing::wire::xml::Element;

use crate::harness::Client;
use crate::rooms_harness::*;

const REFERENCE: &str = "urn:xmpp:reference:0";
const OPEN_TO_ALL: &str = "<feature var='http://jabber.org/protocol/muc'/><feature var='urn:xmpp:sid:0'/>\
    <feature var='urn:xmpp:occupant-id:0'/><feature var='muc_nonanonymous'/>";

fn with_people(features: &str) -> Client {
    let mut client = inside(features);
    for (nick, address) in [("bob", "bob@x.ex/p"), ("bob builder", ""), ("Zoë & co/1", ""), ("c++", "")] {
        let jid = if address.is_empty() { String::new() } else { format!(" jid='{address}'") };
        let nick = nick.replace('&', "&amp;");
        client.stanza(&format!("<presence from='{ROOM}/{nick}'><x xmlns='http://jabber.org/protocol/muc#user'><item affiliation='none' role='participant'{jid}/></x></presence>"));
    }
    client.wait(60);
    client.changes.clear();
    client
}

/// Where the references of a message begin and end, and to whom they lead.
fn references(message: &Element) -> Vec<(String, String, String)> {
    let attribute = |one: &Element, name: &str| one.attribute(name).unwrap().to_owned();
    let all = message.children().filter(|child| child.is(REFERENCE, "reference"));
    all.map(|one| {
        assert_eq!(one.attribute("type"), Some("mention"));
        (attribute(one, "begin"), attribute(one, "end"), attribute(one, "uri"))
    })
    .collect()
}

fn reference(begin: u32, end: u32, uri: &str) -> (String, String, String) {
    (begin.to_string(), end.to_string(), uri.to_owned())
}

#[test]
fn who_is_named_is_referred_to() {
    let mut client = with_people(OPEN);
    say(&mut client, "🦀 @bob, @bob builder! and @Zoë & co/1: @c++");
    let found = references(&client.next());
    let wanted = [
        reference(2, 6, "xmpp:den@rooms.ex/bob"),
        reference(8, 20, "xmpp:den@rooms.ex/bob%20builder"),
        reference(26, 37, "xmpp:den@rooms.ex/Zo%C3%AB%20%26%20co%2F1"),
        reference(39, 43, "xmpp:den@rooms.ex/c%2B%2B"),
    ];
    assert_eq!(found, wanted);
    for text in ["bob, hi", "mail me@bob", "@bobby", "@nobody", "@me", "@", "@ bob", "a@bob.ex"] {
        say(&mut client, text);
        assert_eq!(references(&client.next()), [], "{text}");
    }
    say(&mut client, &"@bob ".repeat(50));
    assert_eq!(references(&client.next()).len(), 20);
}

#[test]
fn an_address_is_told_only_where_everybody_sees_it() {
    for (features, uri) in [(OPEN, "xmpp:den@rooms.ex/bob"), (OPEN_TO_ALL, "xmpp:bob@x.ex")] {
        let mut client = with_people(features);
        say(&mut client, "@bob");
        assert_eq!(references(&client.next()), [reference(0, 4, uri)]);
    }
}

#[test]
fn what_is_quoted_moves_the_place_and_names_nobody() {
    let mut client = with_people(WITH_IDS);
    client.stanza(&says("bob", "1", "ask @c++", &named("id-bob", "a1")));
    let key = rows(&client)[0].key;
    let reply = |client: &mut Client, key: MessageKey, text: &str| {
        let what = Sending::Text { text: text.into(), reply: Some(key), manner: Manner::default() };
        client.command(Command::Send { id: None, peer: room(), what });
        client.next()
    };
    let sent = reply(&mut client, key, "yes @bob");
    let body = sent.child("jabber:client", "body").unwrap().text();
    let found = references(&sent);
    assert_eq!(found.len(), 1, "{found:?}");
    let place = |text: &str| text.parse::<usize>().unwrap();
    let said: String = body.chars().skip(place(&found[0].0)).take(place(&found[0].1) - place(&found[0].0)).collect();
    assert_eq!(said, "@bob");
    // To a person there is nothing to refer to.
    client.command(Command::SendText { id: None, peer: "bob@x.ex".parse().unwrap(), text: "@bob".into() });
    assert_eq!(references(&client.next()), []);
}

#[test]
fn a_reference_to_the_user_counts_wherever_it_says_it_stands() {
    let names_me = |payload: &str| {
        let mut client = inside(OPEN);
        client.stanza(&says("bob", "1", "look here", payload));
        let row = rows(&client).pop().unwrap();
        row.more.is_some_and(|more| more.mentions_me)
    };
    let reference = |rest: &str| format!("<reference xmlns='{REFERENCE}' {rest}/>");
    for rest in [
        "type='mention' begin='0' end='4' uri='xmpp:den@rooms.ex/me'",
        "type='mention' begin='0' end='4' uri='xmpp:den%40rooms.ex/m%65'",
        "type='mention' begin='0' end='4' uri='xmpp:me@s.ex'",
        // Places that are none do no harm.
        "type='mention' begin='99999999999999999999' end='-1' uri='xmpp:me@s.ex'",
        "type='mention' begin='4' end='0' uri='xmpp:me@s.ex?message'",
        "type='mention' uri='xmpp:me@s.ex'",
    ] {
        assert!(names_me(&reference(rest)), "{rest}");
    }
    for rest in [
        "type='data' begin='0' end='4' uri='xmpp:me@s.ex'",
        "begin='0' end='4' uri='xmpp:me@s.ex'",
        "type='mention' begin='0' end='4'",
        "type='mention' begin='0' end='4' uri='xmpp:den@rooms.ex'",
        "type='mention' begin='0' end='4' uri='xmpp:den@rooms.ex/bob'",
        "type='mention' begin='0' end='4' uri='xmpp:cave@rooms.ex/me'",
        "type='mention' begin='0' end='4' uri='xmpp:me@s.ex/w1'",
        "type='mention' begin='0' end='4' uri='xmpp:me@s.ex.evil'",
        "type='mention' begin='0' end='4' uri='https://me@s.ex'",
        "type='mention' begin='0' end='4' uri='xmpp:me%ff@s.ex'",
        "type='mention' begin='0' end='4' uri='xmpp:%'",
        "type='mention' begin='0' end='4' uri='javascript:alert(1)'",
    ] {
        assert!(!names_me(&reference(rest)), "{rest}");
    }
    assert!(!names_me("<reference xmlns='urn:xmpp:reference:1' type='mention' uri='xmpp:me@s.ex'/>"));
}
