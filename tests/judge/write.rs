//! Every stanza that we write is read by the judge, with equal values.

use std::collections::BTreeMap;

use waxwing::condition::Condition;
use waxwing::wire::stanza::{Iq, IqKind, Message, MessageKind, Presence, PresenceKind, Show};
use waxwing::wire::stanza_error::{ErrorKind, StanzaError};
use waxwing::wire::xml::Element;
use xmpp_parsers::{iq, message, presence, stanza_error};

use crate::{settled, their_element, their_value};

/// Text with everything that could go wrong in it.
pub const TEXT: &str = " Grüße <b> & \"'\u{1f426}'\" ]]> \t\r\n ";

pub const MESSAGE_KINDS: [(MessageKind, message::MessageType); 5] = [
    (MessageKind::Chat, message::MessageType::Chat),
    (MessageKind::Error, message::MessageType::Error),
    (MessageKind::Groupchat, message::MessageType::Groupchat),
    (MessageKind::Headline, message::MessageType::Headline),
    (MessageKind::Normal, message::MessageType::Normal),
];

pub fn presence_kinds() -> [(PresenceKind, presence::Type); 8] {
    [
        (PresenceKind::Available, presence::Type::None),
        (PresenceKind::Error, presence::Type::Error),
        (PresenceKind::Probe, presence::Type::Probe),
        (PresenceKind::Subscribe, presence::Type::Subscribe),
        (PresenceKind::Subscribed, presence::Type::Subscribed),
        (PresenceKind::Unavailable, presence::Type::Unavailable),
        (PresenceKind::Unsubscribe, presence::Type::Unsubscribe),
        (PresenceKind::Unsubscribed, presence::Type::Unsubscribed),
    ]
}

pub fn shows() -> [(Option<Show>, Option<presence::Show>); 5] {
    [
        (None, None),
        (Some(Show::Away), Some(presence::Show::Away)),
        (Some(Show::Chat), Some(presence::Show::Chat)),
        (Some(Show::Dnd), Some(presence::Show::Dnd)),
        (Some(Show::Xa), Some(presence::Show::Xa)),
    ]
}

pub fn error_kinds() -> [(ErrorKind, stanza_error::ErrorType); 5] {
    [
        (ErrorKind::Auth, stanza_error::ErrorType::Auth),
        (ErrorKind::Cancel, stanza_error::ErrorType::Cancel),
        (ErrorKind::Continue, stanza_error::ErrorType::Continue),
        (ErrorKind::Modify, stanza_error::ErrorType::Modify),
        (ErrorKind::Wait, stanza_error::ErrorType::Wait),
    ]
}

/// The judge's word for a condition. Written out, so that our names are not compared with themselves.
pub fn their_condition(condition: Condition) -> stanza_error::DefinedCondition {
    use stanza_error::DefinedCondition as Theirs;
    match condition {
        Condition::BadRequest => Theirs::BadRequest,
        Condition::Conflict => Theirs::Conflict,
        Condition::FeatureNotImplemented => Theirs::FeatureNotImplemented,
        Condition::Forbidden => Theirs::Forbidden,
        Condition::Gone => Theirs::Gone { new_address: None },
        Condition::InternalServerError => Theirs::InternalServerError,
        Condition::ItemNotFound => Theirs::ItemNotFound,
        Condition::JidMalformed => Theirs::JidMalformed,
        Condition::NotAcceptable => Theirs::NotAcceptable,
        Condition::NotAllowed => Theirs::NotAllowed,
        Condition::NotAuthorized => Theirs::NotAuthorized,
        Condition::PolicyViolation => Theirs::PolicyViolation,
        Condition::RecipientUnavailable => Theirs::RecipientUnavailable,
        Condition::Redirect => Theirs::Redirect { new_address: None },
        Condition::RegistrationRequired => Theirs::RegistrationRequired,
        Condition::RemoteServerNotFound => Theirs::RemoteServerNotFound,
        Condition::RemoteServerTimeout => Theirs::RemoteServerTimeout,
        Condition::ResourceConstraint => Theirs::ResourceConstraint,
        Condition::ServiceUnavailable => Theirs::ServiceUnavailable,
        Condition::SubscriptionRequired => Theirs::SubscriptionRequired,
        Condition::UndefinedCondition => Theirs::UndefinedCondition,
        Condition::UnexpectedRequest => Theirs::UnexpectedRequest,
    }
}

pub fn their_jid(text: &str) -> Option<jid::Jid> {
    Some(text.parse().unwrap())
}

pub fn in_no_language<L: From<String> + Ord>(text: Option<&str>) -> BTreeMap<L, String> {
    text.map(|text| (L::from(String::new()), text.to_owned())).into_iter().collect()
}

/// A payload with a namespace, attributes, text and children of another namespace.
pub fn payload() -> Element {
    Element::new("urn:example:a", "thing")
        .with("value", TEXT)
        .text_with(TEXT)
        .child_with(Element::new("urn:example:b", "part").child_with(Element::new("urn:example:a", "thing")))
}

#[test]
fn every_kind_of_message() {
    for (kind, type_) in MESSAGE_KINDS {
        for (body, subject, payloads) in [
            (None, None, vec![]),
            (Some(TEXT), None, vec![payload()]),
            (Some(""), Some(TEXT), vec![payload(), payload()]),
        ] {
            let error = (kind == MessageKind::Error).then(|| StanzaError::new(ErrorKind::Cancel, Condition::Gone));
            let ours = Message {
                from: Some("romeo@a.example/Garten ä".parse().unwrap()),
                to: Some("juliet@b.example".parse().unwrap()),
                id: Some(TEXT.to_owned()),
                kind,
                body: body.map(str::to_owned),
                subject: subject.map(str::to_owned),
                error: error.clone(),
                payloads: payloads.clone(),
            };
            let errors = error.iter().map(|error| their_element(&error.to_element()));
            let mut theirs: message::Message = their_value(&ours.to_element());
            theirs.payloads = theirs.payloads.iter().map(settled).collect();
            assert_eq!(
                theirs,
                message::Message {
                    from: their_jid("romeo@a.example/Garten ä"),
                    to: their_jid("juliet@b.example"),
                    id: Some(message::Id(TEXT.to_owned())),
                    type_: type_.clone(),
                    bodies: in_no_language(body),
                    subjects: in_no_language(subject),
                    thread: None,
                    payloads: payloads.iter().map(their_element).chain(errors).collect(),
                }
            );
        }
    }
}

#[test]
fn a_message_of_the_usual_kind() {
    let ours = Message::new(MessageKind::Chat, "juliet@b.example/x".parse().unwrap(), "1".to_owned());
    let mut theirs = message::Message::chat(their_jid("juliet@b.example/x"));
    theirs.id = Some(message::Id("1".to_owned()));
    assert_eq!(their_value::<message::Message>(&ours.to_element()), theirs);
}

#[test]
fn every_kind_of_presence() {
    for (kind, type_) in presence_kinds() {
        for (show, their_show) in shows() {
            for (status, priority) in [(None, 0), (Some(TEXT), 127), (Some("x"), -128)] {
                let error =
                    (kind == PresenceKind::Error).then(|| StanzaError::new(ErrorKind::Wait, Condition::Conflict));
                let ours = Presence {
                    from: Some("a.example".parse().unwrap()),
                    to: Some("juliet@b.example/x".parse().unwrap()),
                    id: Some("1".to_owned()),
                    kind,
                    show,
                    status: status.map(str::to_owned),
                    priority,
                    error: error.clone(),
                    payloads: vec![payload()],
                };
                let mut payloads = vec![their_element(&payload())];
                payloads.extend(error.iter().map(|error| their_element(&error.to_element())));
                let mut theirs: presence::Presence = their_value(&ours.to_element());
                theirs.payloads = theirs.payloads.iter().map(settled).collect();
                assert_eq!(
                    theirs,
                    presence::Presence {
                        from: their_jid("a.example"),
                        to: their_jid("juliet@b.example/x"),
                        id: Some("1".to_owned()),
                        type_: type_.clone(),
                        show: their_show.clone(),
                        statuses: in_no_language(status),
                        priority: presence::Priority(priority),
                        payloads,
                    }
                );
            }
        }
    }
}

#[test]
fn a_presence_that_says_only_its_type() {
    for (kind, type_) in presence_kinds() {
        let theirs: presence::Presence = their_value(&Presence::new(kind).to_element());
        assert_eq!(theirs, presence::Presence::new(type_));
    }
}

#[test]
fn every_kind_of_iq() {
    let (from, to) = (their_jid("romeo@a.example/x"), their_jid("b.example"));
    let id = TEXT.to_owned();
    let their_payload = their_element(&payload());
    let error = StanzaError {
        kind: ErrorKind::Modify,
        condition: Condition::BadRequest,
        text: Some(TEXT.to_owned()),
        elsewhere: None,
    };
    let their_error = stanza_error::StanzaError::new(
        stanza_error::ErrorType::Modify,
        stanza_error::DefinedCondition::BadRequest,
        "",
        TEXT,
    );
    for (kind, theirs) in [
        (
            IqKind::Get(payload()),
            iq::Iq::Get { from: from.clone(), to: to.clone(), id: id.clone(), payload: their_payload.clone() },
        ),
        (
            IqKind::Set(payload()),
            iq::Iq::Set { from: from.clone(), to: to.clone(), id: id.clone(), payload: their_payload.clone() },
        ),
        (
            IqKind::Result(Some(payload())),
            iq::Iq::Result { from: from.clone(), to: to.clone(), id: id.clone(), payload: Some(their_payload) },
        ),
        (IqKind::Result(None), iq::Iq::Result { from: from.clone(), to: to.clone(), id: id.clone(), payload: None }),
        (IqKind::Error(error), iq::Iq::Error { from, to, id: id.clone(), error: their_error, payload: None }),
    ] {
        let ours = Iq {
            from: Some("romeo@a.example/x".parse().unwrap()),
            to: Some("b.example".parse().unwrap()),
            id: id.clone(),
            kind,
        };
        let mut read: iq::Iq = their_value(&ours.to_element());
        match &mut read {
            iq::Iq::Get { payload, .. } | iq::Iq::Set { payload, .. } => *payload = settled(payload),
            iq::Iq::Result { payload, .. } | iq::Iq::Error { payload, .. } => *payload = payload.as_ref().map(settled),
        }
        assert_eq!(read, theirs);
    }
}

#[test]
fn every_condition_and_kind_of_stanza_error() {
    for &condition in Condition::ALL {
        for (kind, type_) in error_kinds() {
            for text in [None, Some(TEXT)] {
                let ours = StanzaError { kind, condition, text: text.map(str::to_owned), elsewhere: None };
                let theirs: stanza_error::StanzaError = their_value(&ours.to_element());
                assert_eq!(
                    theirs,
                    stanza_error::StanzaError {
                        type_: type_.clone(),
                        by: None,
                        defined_condition: their_condition(condition),
                        texts: in_no_language(text),
                        other: None,
                    }
                );
            }
        }
    }
}
