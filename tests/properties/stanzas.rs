//! Stanzas and frames.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use waxwing::condition::Condition;
use waxwing::jid::Jid;
use waxwing::wire::framing::Frame;
use waxwing::wire::stanza::{Iq, IqKind, Message, MessageKind, Presence, PresenceKind, Show, Stanza};
use waxwing::wire::stanza_error::{ErrorKind, StanzaError};
use waxwing::wire::xml::{Element, Limits, parse};

use crate::cases;
use crate::generate::{mutated, taste, text, tree, write};

fn jid() -> impl Strategy<Value = Option<Jid>> {
    option::of("[a-zé]{1,4}@[a-z]{1,4}\\.example(/[a-z @/\u{1f426}]{1,4})?".prop_map(|text| text.parse().unwrap()))
}

/// Any element that a stanza would not take for one of its own.
fn payload() -> impl Strategy<Value = Element> {
    (tree(), taste()).prop_map(|(mut tree, mut taste)| {
        tree.namespace = format!("urn:{}", tree.namespace);
        parse(&write(&tree, &mut taste), &Limits::STANZA).unwrap()
    })
}

fn error() -> impl Strategy<Value = StanzaError> {
    let kind =
        select(vec![ErrorKind::Auth, ErrorKind::Cancel, ErrorKind::Continue, ErrorKind::Modify, ErrorKind::Wait]);
    let text = option::of(text().prop_filter("an empty text is none", |text| !text.is_empty()));
    (kind, select(Condition::ALL), text).prop_map(|(kind, condition, text)| StanzaError {
        kind,
        condition,
        text,
        elsewhere: None,
    })
}

fn message() -> impl Strategy<Value = Message> {
    let kind = select(vec![
        MessageKind::Chat,
        MessageKind::Error,
        MessageKind::Groupchat,
        MessageKind::Headline,
        MessageKind::Normal,
    ]);
    let words = (option::of(text()), option::of(text()), option::of(text()));
    (kind, jid(), jid(), words, option::of(error()), vec(payload(), 0..3)).prop_map(
        |(kind, from, to, (id, body, subject), error, payloads)| {
            // Only a message of type error has one.
            let error = error.filter(|_| kind == MessageKind::Error);
            Message { from, to, id, kind, body, subject, error, payloads }
        },
    )
}

fn presence() -> impl Strategy<Value = Presence> {
    let kind = select(vec![
        PresenceKind::Available,
        PresenceKind::Error,
        PresenceKind::Probe,
        PresenceKind::Subscribe,
        PresenceKind::Subscribed,
        PresenceKind::Unavailable,
        PresenceKind::Unsubscribe,
        PresenceKind::Unsubscribed,
    ]);
    let show = option::of(select(vec![Show::Away, Show::Chat, Show::Dnd, Show::Xa]));
    let status = option::of(text().prop_filter("blank is none", |text| !text.trim().is_empty()));
    ((kind, jid(), jid()), (option::of(text()), show, status, any::<i8>()), option::of(error()), vec(payload(), 0..3))
        .prop_map(|((kind, from, to), (id, show, status, priority), error, payloads)| {
            let error = error.filter(|_| kind == PresenceKind::Error);
            Presence { from, to, id, kind, show, status, priority, error, payloads }
        })
}

fn iq() -> impl Strategy<Value = Iq> {
    let kind = prop_oneof![
        payload().prop_map(IqKind::Get),
        payload().prop_map(IqKind::Set),
        option::of(payload()).prop_map(IqKind::Result),
        error().prop_map(IqKind::Error),
    ];
    let id = text().prop_filter("an iq has an id", |id| !id.is_empty());
    (jid(), jid(), id, kind).prop_map(|(from, to, id, kind)| Iq { from, to, id, kind })
}

fn back(element: &Element) -> Stanza {
    let read = parse(&element.to_xml(), &Limits::STANZA).unwrap();
    assert_eq!(&read, element);
    Stanza::parse(read).unwrap()
}

proptest! {
    #![proptest_config(cases(60))]

    #[test]
    fn every_message_comes_back(message in message()) {
        prop_assert_eq!(back(&message.to_element()), Stanza::Message(Box::new(message)));
    }

    #[test]
    fn every_presence_comes_back(presence in presence()) {
        prop_assert_eq!(back(&presence.to_element()), Stanza::Presence(Box::new(presence)));
    }

    #[test]
    fn every_iq_comes_back(iq in iq()) {
        prop_assert_eq!(back(&iq.to_element()), Stanza::Iq(Box::new(iq)));
    }
}

proptest! {
    #![proptest_config(cases(300))]

    /// No frame makes any reader panic, and a stanza that is read can be written and read again as the same.
    #[test]
    fn no_frame_makes_a_reader_panic(frame in mutated()) {
        if let Ok(element) = parse(&frame, &Limits::STANZA) {
            let _ = Frame::of(element.clone());
            if let Ok(stanza) = Stanza::parse(element) {
                let written = match &stanza {
                    Stanza::Message(message) => message.to_element(),
                    Stanza::Presence(presence) => presence.to_element(),
                    Stanza::Iq(iq) => iq.to_element(),
                };
                prop_assert_eq!(back(&written), stanza, "{}", frame);
            }
        }
    }
}
