//! One-to-one messages: live, copied, delayed, refused.

use waxwing::domain::change::Notice;
use waxwing::domain::timeline::MessageKey;
use waxwing::engine::command::Command;
use waxwing::engine::{Input, SocketEvent};

use crate::harness::{ANN, Client, jid};

fn message(text: &str) -> (String, Option<&'static str>) {
    (text.to_owned(), None)
}

fn mine(text: &str, state: &'static str) -> (String, Option<&'static str>) {
    (text.to_owned(), Some(state))
}

fn say(client: &mut Client, text: &str) {
    client.command(Command::SendText { id: None, peer: jid(ANN), text: text.into() });
}

#[test]
fn what_is_refused_after_the_server_took_it_holds_back_what_follows_until_the_user_decides() {
    let mut client = Client::online();
    say(&mut client, "one");
    let id = client.next().attribute("id").unwrap().to_owned();
    client.frame("<a xmlns='urn:xmpp:sm:3' h='7'/>");
    assert_eq!(client.rows(ANN)[0].1, Some("acked"));
    client.stanza(&format!(
        "<message type='error' from='ann@s.ex' id='{id}'><error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>"
    ));
    say(&mut client, "two");
    client.nothing_sent();
    assert_eq!(client.rows(ANN), [("one".into(), Some("failed")), ("two".into(), Some("queued"))]);
    let key = client.mirror.conversation(&jid(ANN)).unwrap().held_by.expect("it says what is in the way");
    client.command(Command::Retry { peer: jid(ANN), key });
    for text in ["one", "two"] {
        assert_eq!(client.next().child("jabber:client", "body").unwrap().text(), text, "in the order of writing");
    }
    assert_eq!(client.rows(ANN), [("one".into(), Some("sent")), ("two".into(), Some("sent"))]);
}

#[test]
fn a_message_opens_a_conversation_and_counts_as_unread() {
    let mut client = Client::online();
    client.stanza("<message from='ann@s.ex/p' type='chat' id='1'><composing xmlns='http://jabber.org/protocol/chatstates'/></message>");
    assert_eq!(client.rows(ANN), []);
    client.stanza("<message from='ann@s.ex/p' type='chat' id='2'><body>hi</body></message>");
    client.stanza("<message from='ann@s.ex/q' id='3'><body>again</body></message>");
    assert_eq!(client.rows(ANN), [message("hi"), message("again")]);
    assert_eq!(client.unread(ANN), 2);
    client.command(Command::Attend(vec![jid(ANN)]));
    assert_eq!(client.unread(ANN), 0);
    client.stanza("<message from='ann@s.ex/q' id='4'><body>seen at once</body></message>");
    assert_eq!(client.unread(ANN), 0);
}

#[test]
fn what_is_no_conversation_makes_none() {
    let mut client = Client::online();
    for stanza in [
        "<message from='s.ex' type='chat'><body>maintenance</body></message>",
        "<message from='ann@s.ex/p' type='headline'><body>news</body></message>",
        "<message from='ann@s.ex/p' type='groupchat'><body>room</body></message>",
        "<message from='room@muc.s.ex/ann' type='chat'><body>whisper</body><x xmlns='http://jabber.org/protocol/muc#user'/></message>",
        "<message from='ann@s.ex/p' type='chat'><body/></message>",
        "<message from='ann@s.ex/p'><forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' from='bob@s.ex'><body>inner</body></message></forwarded></message>",
    ] {
        client.stanza(stanza);
    }
    assert!(!client.changes.iter().any(|change| matches!(change, waxwing::domain::change::Change::Timeline(..))));
}

#[test]
fn the_same_message_twice_is_one_and_the_same_id_of_others_is_another() {
    let mut client = Client::online();
    for _ in 0..2 {
        client.stanza("<message from='ann@s.ex/p' type='chat' id='1'><body>hi</body></message>");
    }
    client.stanza("<message from='bob@s.ex/p' type='chat' id='1'><body>hi</body></message>");
    client.stanza("<message from='ann@s.ex/p' type='chat'><body>no id</body></message>");
    client.stanza("<message from='ann@s.ex/p' type='chat'><body>no id</body></message>");
    assert_eq!(client.rows(ANN), [message("hi"), message("no id"), message("no id")]);
    assert_eq!(client.rows("bob@s.ex"), [message("hi")]);
}

#[test]
fn a_text_goes_out_once_and_is_confirmed_by_proof_only() {
    let mut client = Client::online();
    say(&mut client, " hi \n");
    let sent = client.next();
    assert_eq!((sent.attribute("type"), sent.attribute("to")), (Some("chat"), Some(ANN)));
    assert_eq!(sent.child("jabber:client", "body").unwrap().text(), "hi");
    let id = sent.attribute("id").unwrap();
    assert_eq!(sent.child("urn:xmpp:sid:0", "origin-id").unwrap().attribute("id"), Some(id));
    assert_eq!(client.rows(ANN), [mine("hi", "sent")]);
    assert_eq!(client.asked, 1, "confirmation is asked for at once");
    client.wait(20_000);
    assert_eq!(client.rows(ANN), [mine("hi", "sent")], "time is no proof");
    // The contact list, carbons, presence and the questions about the archive and the server went before it.
    client.frame("<a xmlns='urn:xmpp:sm:3' h='6'/>");
    assert_eq!(client.rows(ANN), [mine("hi", "sent")]);
    client.frame("<a xmlns='urn:xmpp:sm:3' h='7'/>");
    assert_eq!(client.rows(ANN), [mine("hi", "acked")]);
    say(&mut client, "  \n ");
    client.nothing_sent();
}

#[test]
fn what_is_written_without_a_connection_waits_and_goes_out_in_order() {
    let mut client = Client::online();
    client.input(Input::Socket(SocketEvent::Closed));
    say(&mut client, "one");
    say(&mut client, "two");
    assert_eq!(client.rows(ANN), [mine("one", "queued"), mine("two", "queued")]);
    client.nothing_sent();
    client.wait(60_000);
    client.effects.retain(|effect| matches!(effect, waxwing::engine::effect::Effect::Connect { .. }));
    client.authenticate(crate::harness::FEATURES);
    assert_eq!(client.next().name(), "resume");
    client.frame("<resumed xmlns='urn:xmpp:sm:3' previd='A' h='6'/>");
    let bodies: Vec<_> =
        [client.next(), client.next()].iter().map(|sent| sent.child("jabber:client", "body").unwrap().text()).collect();
    assert_eq!(bodies, ["one", "two"]);
    assert_eq!(client.rows(ANN), [mine("one", "sent"), mine("two", "sent")]);
}

#[test]
fn a_refusal_stays_with_its_message_and_can_be_tried_again_or_dropped() {
    let mut client = Client::online();
    say(&mut client, "hi");
    let id = client.next().attribute("id").unwrap().to_owned();
    let error = |from: &str| {
        format!(
            "<message type='error' from='{from}' id='{id}'><error type='cancel'>\
             <service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/><text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>No</text></error></message>"
        )
    };
    client.stanza(&error("evil@x.ex"));
    assert_eq!(client.rows(ANN), [mine("hi", "sent")], "only where it went to can refuse it");
    client.stanza(&error(ANN));
    assert_eq!(client.rows(ANN), [mine("hi", "failed")]);
    client.frame("<a xmlns='urn:xmpp:sm:3' h='7'/>");
    assert_eq!(client.rows(ANN), [mine("hi", "failed")], "the server had it, and it failed all the same");
    client.sent.clear();
    let key = MessageKey(1);
    client.command(Command::Retry { peer: jid(ANN), key });
    assert_eq!(client.next().attribute("id"), Some(id.as_str()), "the same id, so that a copy can be told");
    assert_eq!(client.rows(ANN), [mine("hi", "sent")]);
    client.stanza(&error(ANN));
    client.command(Command::Discard { peer: jid(ANN), key });
    assert_eq!(client.rows(ANN), []);
}

#[test]
fn a_text_that_no_server_would_take_is_not_sent() {
    let mut client = Client::online();
    say(&mut client, &"x".repeat(130_000));
    client.nothing_sent();
    assert!(matches!(client.notices()[..], [Notice::TextTooLong { .. }]));
    say(&mut client, "a\u{0}b\u{ffff}c");
    assert_eq!(
        client.next().child("jabber:client", "body").unwrap().text(),
        "abc",
        "what XML cannot carry is left out"
    );
}

fn carbon(kind: &str, outer: &str, inner: &str) -> String {
    format!(
        "<message from='{outer}' to='me@s.ex/w1'><{kind} xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'>\
         {inner}</forwarded></{kind}></message>"
    )
}

#[test]
fn copies_of_other_devices_are_shown() {
    let mut client = Client::online();
    let received = "<message xmlns='jabber:client' type='chat' id='1' from='ann@s.ex/p' to='me@s.ex/phone'><body>to phone</body></message>";
    let sent = "<message xmlns='jabber:client' type='chat' id='2' from='me@s.ex/phone' to='ann@s.ex'><body>from phone</body></message>";
    client.stanza(&carbon("received", "me@s.ex", received));
    assert_eq!(client.unread(ANN), 1);
    client.stanza(&carbon("sent", "me@s.ex", sent));
    assert_eq!(client.rows(ANN), [message("to phone"), mine("from phone", "acked")]);
    assert_eq!(client.unread(ANN), 0, "whoever writes has read");
    client.stanza(&carbon("sent", "me@s.ex", sent));
    assert_eq!(client.rows(ANN).len(), 2);
    client.nothing_sent();
}

#[test]
fn forged_copies_do_nothing() {
    let mut client = Client::online();
    let received = "<message xmlns='jabber:client' type='chat' id='1' from='ann@s.ex/p' to='me@s.ex/phone'><body>x</body></message>";
    let sent =
        "<message xmlns='jabber:client' type='chat' id='2' from='me@s.ex/phone' to='ann@s.ex'><body>x</body></message>";
    for outer in ["evil@x.ex", "me@s.ex/other", "me@s.ex/w1", "ann@s.ex", "s.ex"] {
        client.stanza(&carbon("received", outer, received));
        client.stanza(&carbon("sent", outer, sent));
    }
    // From ourselves, but about others, nested, or of a room.
    client.stanza(&carbon("received", "me@s.ex", &sent.replace("me@s.ex/phone", "bob@s.ex")));
    client.stanza(&carbon("sent", "me@s.ex", received));
    client.stanza(&carbon("received", "me@s.ex", &received.replace("'chat'", "'groupchat'")));
    client.stanza(&carbon("received", "me@s.ex", ""));
    let nested = carbon("received", "me@s.ex", received)
        .replace("<message from", "<message xmlns='jabber:client' type='chat' from");
    client.stanza(&carbon("received", "me@s.ex", &nested));
    assert_eq!(client.rows(ANN), []);
    client.stanza(&carbon("received", "me@s.ex", received));
    assert_eq!(client.rows(ANN), [message("x")], "later ones work");
}

#[test]
fn a_message_is_not_given_a_time_by_strangers() {
    let mut client = Client::online();
    let delayed = |from: &str| {
        format!(
            "<message from='ann@s.ex/p' type='chat'><body>x</body><delay xmlns='urn:xmpp:delay' from='{from}' stamp='2020-01-01T00:00:00Z'/></message>"
        )
    };
    client.stanza(&delayed("s.ex"));
    client.stanza(&delayed("ann@s.ex"));
    let stamps: Vec<_> = client
        .changes
        .iter()
        .filter_map(|change| match change {
            waxwing::domain::change::Change::Timeline(
                _,
                waxwing::domain::change::TimelineEdit::Insert { message, .. },
            ) => Some(message.stamp.0),
            _ => None,
        })
        .collect();
    assert_eq!(stamps, [1_577_836_800_000, 1_795_000_000_000 + client.now as i64]);
}
