//! Every stanza that the judge writes is read by us, with equal values and nothing lost.

use std::collections::BTreeMap;

use waxwing::condition::Condition;
use waxwing::wire::stanza::{Iq, IqKind, Message, MessageKind, Presence, PresenceKind, Stanza};
use waxwing::wire::stanza_error::StanzaError;
use waxwing::wire::xml::Element;
use xmpp_parsers::message::Lang;
use xmpp_parsers::{
    blocking, caps, carbons, chatstates, delay, disco, displayed_markers, forwarding, hashes, iq, mam, message,
    message_correct, minidom, nick, ping, presence, receipts, roster, rsm, stanza_error, stanza_id, version,
};

use crate::tree::Tree;
use crate::write::{
    MESSAGE_KINDS, TEXT, error_kinds, in_no_language, payload, presence_kinds, shows, their_condition, their_jid,
};
use crate::{read_ours, their_element, their_xml};

/// Reads what the judge wrote and makes sure that we could pass it on without a loss.
fn read(value: &impl xso::AsXml) -> Element {
    let text = their_xml(value);
    let ours = read_ours(&text);
    let tree = Tree::read(&text);
    assert!(tree.is_some(), "{text}");
    assert_eq!(Tree::read(&ours.to_xml()), tree, "{text}");
    ours
}

fn message(value: &message::Message) -> Message {
    match Stanza::parse(read(value)) {
        Ok(Stanza::Message(message)) => *message,
        other => panic!("{other:?}"),
    }
}

fn presence(value: &presence::Presence) -> Presence {
    match Stanza::parse(read(value)) {
        Ok(Stanza::Presence(presence)) => *presence,
        other => panic!("{other:?}"),
    }
}

fn iq(value: &iq::Iq) -> Iq {
    match Stanza::parse(read(value)) {
        Ok(Stanza::Iq(iq)) => *iq,
        other => panic!("{other:?}"),
    }
}

fn in_languages<L: From<String> + Ord>(texts: &[(&str, &str)]) -> BTreeMap<L, String> {
    texts.iter().map(|(language, text)| (L::from((*language).to_owned()), (*text).to_owned())).collect()
}

#[test]
fn every_kind_of_message() {
    for (kind, type_) in MESSAGE_KINDS {
        let theirs = message::Message {
            from: their_jid("romeo@a.example/Garten ä"),
            to: their_jid("juliet@b.example"),
            id: Some(message::Id(TEXT.to_owned())),
            type_,
            bodies: in_languages(&[("", TEXT), ("de", "anders"), ("en", "other")]),
            subjects: in_languages(&[("de", TEXT)]),
            thread: Some(message::Thread { parent: None, id: "t".to_owned() }),
            payloads: vec![their_element(&payload())],
        };
        let thread = Element::new("jabber:client", "thread").text_with("t");
        assert_eq!(
            message(&theirs),
            Message {
                from: Some("romeo@a.example/Garten ä".parse().unwrap()),
                to: Some("juliet@b.example".parse().unwrap()),
                id: Some(TEXT.to_owned()),
                kind,
                body: Some(TEXT.to_owned()),
                subject: Some(TEXT.to_owned()),
                error: None,
                payloads: vec![thread, payload()],
            }
        );
    }
}

#[test]
fn every_kind_of_presence() {
    for (kind, type_) in presence_kinds() {
        for (show, their_show) in shows() {
            for (texts, status, priority) in [
                (vec![], None, 0),
                (vec![("", TEXT), ("de", "anders")], Some(TEXT), 127),
                (vec![("de", TEXT)], Some(TEXT), -128),
            ] {
                let theirs = presence::Presence {
                    from: their_jid("romeo@a.example/x"),
                    to: None,
                    id: Some("1".to_owned()),
                    type_: type_.clone(),
                    show: their_show.clone(),
                    statuses: in_languages(&texts),
                    priority: presence::Priority(priority),
                    payloads: vec![their_element(&payload())],
                };
                assert_eq!(
                    presence(&theirs),
                    Presence {
                        from: Some("romeo@a.example/x".parse().unwrap()),
                        to: None,
                        id: Some("1".to_owned()),
                        kind,
                        show,
                        status: status.map(str::to_owned),
                        priority,
                        error: None,
                        payloads: vec![payload()],
                    }
                );
            }
        }
    }
}

#[test]
fn every_condition_and_kind_of_stanza_error_in_every_stanza() {
    for &condition in Condition::ALL {
        for (kind, type_) in error_kinds() {
            for text in [None, Some(TEXT)] {
                let theirs = stanza_error::StanzaError {
                    type_: type_.clone(),
                    by: their_jid("b.example"),
                    defined_condition: their_condition(condition),
                    texts: in_no_language(text),
                    other: Some("<more xmlns='urn:example:more'/>".parse().unwrap()),
                };
                let ours = StanzaError { kind, condition, text: text.map(str::to_owned), elsewhere: None };
                let mut failed = message::Message::error(None);
                failed.payloads.push(theirs.clone().into());
                assert_eq!(message(&failed).error, Some(ours.clone()));
                let mut failed = presence::Presence::new(presence::Type::Error);
                failed.payloads.push(theirs.clone().into());
                let failed = presence(&failed);
                assert_eq!((failed.kind, failed.error), (PresenceKind::Error, Some(ours.clone())));
                // The refused question may come back beside its error.
                let question = Some(their_element(&payload()));
                let failed = iq::Iq::Error { from: None, to: None, id: "1".into(), error: theirs, payload: question };
                assert_eq!(iq(&failed).kind, IqKind::Error(ours));
            }
        }
    }
}

/// The judge's payload as an element of ours.
fn ours(value: impl Into<minidom::Element>) -> Element {
    read_ours(&String::from(&value.into()))
}

fn inner_message() -> message::Message {
    let mut inner = message::Message::chat(their_jid("juliet@b.example/x"));
    inner.from = their_jid("romeo@a.example/y");
    inner.with_body(Lang::new(), TEXT.to_owned())
}

fn stamp() -> xmpp_parsers::date::DateTime {
    "2026-11-22T10:11:12.345+01:00".parse().unwrap()
}

fn forwarded() -> forwarding::Forwarded {
    let delay = delay::Delay { from: their_jid("b.example"), stamp: stamp(), data: Some(TEXT.to_owned()) };
    forwarding::Forwarded { delay: Some(delay), message: inner_message() }
}

#[test]
fn what_messages_carry() {
    fn carry(payload: impl Into<minidom::Element> + Clone) -> (Element, Element) {
        let payloads = vec![payload.clone().into()];
        let mut read = message(&message::Message::chat(None).with_payloads(payloads));
        assert_eq!((read.payloads.len(), read.kind), (1, MessageKind::Chat));
        (read.payloads.remove(0), ours(payload))
    }
    let delay = delay::Delay { from: their_jid("b.example"), stamp: stamp(), data: None };
    let (read, written) = carry(delay);
    assert_eq!(read, written);
    assert!(read.is("urn:xmpp:delay", "delay"));
    assert_eq!(read.attribute("from"), Some("b.example"));
    let stamp = read.attribute("stamp").and_then(waxwing::wire::time::parse);
    assert_eq!(stamp.map(|stamp| stamp.0), Some(1_795_338_672_345));

    for (read, written) in [
        carry(receipts::Received { id: TEXT.to_owned() }),
        carry(stanza_id::OriginId { id: TEXT.to_owned() }),
        carry(displayed_markers::Displayed { id: message::Id(TEXT.to_owned()) }),
        carry(message_correct::Replace { id: message::Id(TEXT.to_owned()) }),
    ] {
        assert_eq!(read, written);
        assert_eq!(read.attribute("id"), Some(TEXT));
    }
    for (read, written) in [
        carry(receipts::Request),
        carry(displayed_markers::Markable),
        carry(carbons::Private),
        carry(chatstates::ChatState::Active),
        carry(chatstates::ChatState::Composing),
        carry(chatstates::ChatState::Paused),
        carry(stanza_id::StanzaId { id: TEXT.to_owned(), by: "b.example".parse().unwrap() }),
        carry(nick::Nick(TEXT.to_owned())),
    ] {
        assert_eq!(read, written);
    }

    for (read, written) in [
        carry(carbons::Received { forwarded: forwarded() }),
        carry(carbons::Sent { forwarded: forwarded() }),
        carry(mam::Result_ { id: "1".into(), queryid: Some(mam::QueryId("q".into())), forwarded: forwarded() }),
    ] {
        assert_eq!(read, written);
        let forwarded = read.child("urn:xmpp:forward:0", "forwarded").unwrap();
        assert!(forwarded.child("urn:xmpp:delay", "delay").is_some_and(|delay| delay.text() == TEXT));
        let inner = Message::parse(forwarded.child("jabber:client", "message").unwrap().clone()).unwrap();
        assert_eq!(inner, message(&inner_message()));
        assert_eq!(inner.body.as_deref(), Some(TEXT));
    }
}

#[test]
fn what_presence_carries() {
    let hash = hashes::Hash { algo: hashes::Algo::Sha_1, hash: vec![0, 255, 62, 63] };
    let mut theirs = presence::Presence::available().with_payload(caps::Caps::new("https://client.example", hash));
    theirs.payloads.push(nick::Nick(TEXT.to_owned()).into());
    let read = presence(&theirs);
    let caps = read.payload("http://jabber.org/protocol/caps", "c").unwrap();
    assert_eq!(caps.attribute("node"), Some("https://client.example"));
    assert_eq!((caps.attribute("hash"), caps.attribute("ver")), (Some("sha-1"), Some("AP8+Pw==")));
    assert_eq!(read.payload("http://jabber.org/protocol/nick", "nick").unwrap().text(), TEXT);
}

#[test]
fn what_iqs_carry() {
    let item = roster::Item {
        jid: "juliet@b.example".parse().unwrap(),
        name: Some(TEXT.to_owned()),
        subscription: roster::Subscription::Both,
        ask: roster::Ask::Subscribe,
        groups: vec![roster::Group(TEXT.to_owned()), roster::Group("x".to_owned())],
        approved: Some(true),
    };
    let list = roster::Roster { ver: Some(TEXT.to_owned()), items: vec![item.clone(), item] };
    let IqKind::Result(Some(query)) = iq(&iq::Iq::from_result("1", Some(list))).kind else { panic!() };
    assert!(query.is("jabber:iq:roster", "query") && query.attribute("ver") == Some(TEXT));
    let items: Vec<&Element> = query.children().collect();
    assert_eq!((items.len(), items[0]), (2, items[1]));
    for (name, value) in [
        ("jid", "juliet@b.example"),
        ("name", TEXT),
        ("subscription", "both"),
        ("ask", "subscribe"),
        ("approved", "true"),
    ] {
        assert_eq!(items[0].attribute(name), Some(value), "{name}");
    }
    assert_eq!(items[0].children().map(Element::text).collect::<Vec<_>>(), [TEXT, "x"]);

    let info = disco::DiscoInfoResult {
        node: Some(TEXT.to_owned()),
        identities: vec![disco::Identity::new("client", "web", "de", TEXT)],
        features: ["urn:xmpp:ping".to_owned(), TEXT.to_owned()].into(),
        extensions: vec![],
    };
    let IqKind::Result(Some(query)) = iq(&iq::Iq::from_result("1", Some(info))).kind else { panic!() };
    let identity = query.child("http://jabber.org/protocol/disco#info", "identity").unwrap();
    assert_eq!((identity.attribute("name"), identity.language()), (Some(TEXT), Some("de")));
    assert_eq!(query.children().filter(|child| child.name() == "feature").count(), 2);

    // For the rest, `read` compares every name, attribute and text.
    let set = rsm::SetResult { first: None, last: None, count: Some(3) };
    let jids = vec!["juliet@b.example".parse().unwrap()];
    for theirs in [
        iq::Iq::from_get("1", disco::DiscoInfoQuery { node: Some(TEXT.to_owned()) }),
        iq::Iq::from_get("1", disco::DiscoItemsQuery { node: None, rsm: None }),
        iq::Iq::from_get("1", ping::Ping),
        iq::Iq::from_get("1", version::VersionQuery),
        iq::Iq::from_get("1", roster::Roster { ver: Some(String::new()), items: vec![] }),
        iq::Iq::from_get("1", blocking::BlocklistRequest),
        iq::Iq::from_set("1", carbons::Enable),
        iq::Iq::from_set("1", blocking::Block { items: jids }),
        iq::Iq::from_result("1", Some(mam::Fin { complete: true, set })),
        iq::Iq::from_result(
            "1",
            Some(version::VersionResult { name: TEXT.to_owned(), version: "1".to_owned(), os: None }),
        ),
        iq::Iq::from_result("1", None::<roster::Roster>),
    ] {
        let ours = iq(&theirs);
        assert_eq!(ours.id, "1");
        let named = matches!(
            (&theirs, &ours.kind),
            (iq::Iq::Get { .. }, IqKind::Get(_))
                | (iq::Iq::Set { .. }, IqKind::Set(_))
                | (iq::Iq::Result { payload: Some(_), .. }, IqKind::Result(Some(_)))
                | (iq::Iq::Result { payload: None, .. }, IqKind::Result(None))
        );
        assert!(named, "{theirs:?}");
    }
}
