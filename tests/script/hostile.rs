//! What strangers and broken servers try.

use waxwing::domain::account::Connection;
use waxwing::domain::problem::Reason;
use waxwing::engine::Input;
use waxwing::engine::SocketEvent;
use waxwing::engine::command::Command;

use crate::harness::{ANN, Client, FEATURES, jid};

#[test]
fn a_contact_list_from_anybody_but_the_server_is_ignored() {
    let mut client = Client::new();
    client.log_in();
    client.bind(FEATURES);
    client.next();
    let id = client.next().attribute("id").unwrap().to_owned();
    let answer = |from: &str| {
        format!(
            "<iq type='result' id='{id}' {from}><query xmlns='jabber:iq:roster'><item jid='ann@s.ex'/></query></iq>"
        )
    };
    for from in ["from='evil@x.ex'", "from='me@s.ex/other'", "from='x.ex'"] {
        client.stanza(&answer(from));
        assert!(client.mirror.contact(&jid(ANN)).is_none(), "{from}");
    }
    client.stanza(&answer(""));
    assert!(client.mirror.contact(&jid(ANN)).is_some());
}

#[test]
fn questions_are_answered_to_those_who_may_know_us() {
    let questions = [
        ("<ping xmlns='urn:xmpp:ping'/>", "result"),
        ("<query xmlns='jabber:iq:version'/>", "result"),
        ("<query xmlns='http://jabber.org/protocol/disco#info'/>", "result"),
        ("<query xmlns='http://jabber.org/protocol/disco#info' node='other'/>", "error"),
        ("<query xmlns='urn:unknown'/>", "error"),
    ];
    let mut client = Client::online();
    client.push("<item jid='ann@s.ex' subscription='from'/>");
    for (payload, answer) in questions {
        client.now += 1_000;
        for (from, expected) in
            [("s.ex", answer), ("me@s.ex/other", answer), ("ann@s.ex/p", answer), ("evil@x.ex/r", "error")]
        {
            client.stanza(&format!("<iq type='get' id='q' from='{from}'>{payload}</iq>"));
            let reply = client.next();
            assert_eq!((reply.attribute("id"), reply.attribute("to")), (Some("q"), Some(from)));
            assert_eq!(reply.attribute("type"), Some(expected), "{payload} from {from}");
        }
    }
}

#[test]
fn nobody_can_make_us_talk_without_end() {
    let mut client = Client::online();
    for _ in 0..1_000 {
        client.stanza("<iq type='get' id='q' from='evil@x.ex/r'><ping xmlns='urn:xmpp:ping'/></iq>");
    }
    assert_eq!(client.sent.len(), 20);
}

#[test]
fn unknown_things_are_ignored() {
    let mut client = Client::online();
    for frame in [
        "<whatever xmlns='urn:x'/>",
        "<message xmlns='urn:x'><body>x</body></message>",
        "<resumed xmlns='urn:xmpp:sm:3' previd='A' h='0'/>",
        "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>",
        "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>",
        "<stream:features xmlns:stream='http://etherx.jabber.org/streams'/>",
        "<iq xmlns='jabber:client' type='result' id='never-asked' from='evil@x.ex'/>",
        "<message xmlns='jabber:client' from='@'><body>x</body></message>",
        "<presence xmlns='jabber:client' type='odd' from='ann@s.ex'/>",
    ] {
        client.frame(frame);
    }
    client.nothing_sent();
    assert_eq!(client.changes, []);
}

#[test]
fn what_is_too_large_stands_as_a_row_and_the_stream_goes_on() {
    let mut client = Client::online();
    let deep =
        format!("<message from='ann@s.ex/p' type='chat' id='1'>{}{}</message>", "<a>".repeat(100), "</a>".repeat(100));
    client.stanza(&deep);
    let large =
        format!("<message from='ann@s.ex/p' type='chat' id='2'><body>{}</body></message>", "x".repeat(2_000_000));
    client.stanza(&large);
    assert_eq!(client.rows(ANN).iter().map(|row| row.0.as_str()).collect::<Vec<_>>(), ["(unreadable)", "(unreadable)"]);
    let question = format!("<iq type='get' from='ann@s.ex/p' id='3'><q xmlns='u'>{}</q></iq>", "<a/>".repeat(30_000));
    client.stanza(&question);
    let refusal = client.next();
    assert_eq!((refusal.attribute("type"), refusal.attribute("id")), (Some("error"), Some("3")));
    client.nothing_sent();
    client.frame("<r xmlns='urn:xmpp:sm:3'/>");
    assert_eq!(client.next().attribute("h"), Some("7"), "they count like any other");
}

#[test]
fn a_contact_list_of_ten_thousand_is_taken() {
    let mut client = Client::new();
    client.log_in();
    client.bind(FEATURES);
    let items: String = (0..10_000)
        .map(|n| format!("<item jid='contact-number-{n}@some.example.org' name='Contact {n}' subscription='both'><group>Group {}</group></item>", n % 7))
        .collect();
    client.settle_fresh(&items);
    assert_eq!(client.mirror.contact(&jid("contact-number-9999@some.example.org")).unwrap().groups, ["Group 3"]);
    // Only while it was awaited.
    client.stanza(&format!(
        "<iq type='set' id='p' from='evil@x.ex'><query xmlns='jabber:iq:roster'>{items}</query></iq>"
    ));
    assert_eq!(client.next().attribute("type"), Some("error"));
}

#[test]
fn what_xmpp_forbids_ends_the_stream_and_after_three_times_the_trying() {
    let mut client = Client::online();
    for (time, frame) in
        ["<!DOCTYPE x><message/>", "<message xmlns='jabber:client'", "<message xmlns='jabber:client'>&evil;</message>"]
            .into_iter()
            .enumerate()
    {
        client.frame(frame);
        let error = client.next();
        assert!(error.is("http://etherx.jabber.org/streams", "error"));
        assert_eq!(client.next().name(), "close");
        match (time, client.connection()) {
            (0 | 1, Connection::Reconnecting { problem, .. }) => assert_eq!(problem.reason, Reason::BadServer),
            (2, Connection::Failed(problem)) => return assert_eq!(problem.reason, Reason::Poisoned),
            (_, other) => panic!("{other:?}"),
        }
        client.wait(60_000);
        client.effects.retain(|effect| matches!(effect, waxwing::engine::effect::Effect::Connect { .. }));
        client.bind(FEATURES);
        client.settle_fresh("");
    }
    panic!("the third time was not reached");
}

#[test]
fn frames_after_the_end_do_nothing() {
    let mut client = Client::online();
    client.command(Command::LogOut);
    client.sent.clear();
    client.changes.clear();
    client.stanza("<message from='ann@s.ex/p' type='chat' id='1'><body>late</body></message>");
    client.input(Input::Socket(SocketEvent::Closed));
    client.stanza("<message from='ann@s.ex/p' type='chat' id='2'><body>later</body></message>");
    assert_eq!(client.changes, []);
    client.nothing_sent();
}
