//! What is no stanza: the frames around and before them, both ways.

use std::collections::BTreeSet;

use waxwing::wire::framing::{self, Features, Frame, Open, StreamError};
use xmpp_parsers::stream_error::DefinedCondition;
use xmpp_parsers::{bind, sasl, sm, stream_error, stream_features, websocket};

use crate::tree::Tree;
use crate::write::TEXT;
use crate::{read_ours, their_value, their_xml};

fn frame(value: &impl xso::AsXml) -> Frame {
    let text = their_xml(value);
    let ours = read_ours(&text);
    assert_eq!(Tree::read(&ours.to_xml()), Tree::read(&text), "{text}");
    Frame::of(ours)
}

#[test]
fn opening_a_stream() {
    let theirs: websocket::Open = their_value(&framing::open("a.example"));
    assert_eq!(theirs, websocket::Open::new("a.example".parse().unwrap()));
    let mut theirs = websocket::Open::new("b.example".parse().unwrap())
        .with_from("a.example".parse().unwrap())
        .with_id(TEXT.to_owned());
    theirs.xml_lang = Some("de".to_owned());
    assert_eq!(
        frame(&theirs),
        Frame::Open(Open {
            from: Some("a.example".to_owned()),
            id: Some(TEXT.to_owned()),
            version: Some("1.0".to_owned())
        })
    );
}

/// Every condition of a stream error, by its name in RFC 6120 §4.9.3.
fn conditions() -> Vec<(&'static str, DefinedCondition)> {
    use DefinedCondition as C;
    vec![
        ("bad-format", C::BadFormat),
        ("bad-namespace-prefix", C::BadNamespacePrefix),
        ("conflict", C::Conflict),
        ("connection-timeout", C::ConnectionTimeout),
        ("host-gone", C::HostGone),
        ("host-unknown", C::HostUnknown),
        ("improper-addressing", C::ImproperAddressing),
        ("internal-server-error", C::InternalServerError),
        ("invalid-from", C::InvalidFrom),
        ("invalid-namespace", C::InvalidNamespace),
        ("invalid-xml", C::InvalidXml),
        ("not-authorized", C::NotAuthorized),
        ("not-well-formed", C::NotWellFormed),
        ("policy-violation", C::PolicyViolation),
        ("remote-connection-failed", C::RemoteConnectionFailed),
        ("reset", C::Reset),
        ("resource-constraint", C::ResourceConstraint),
        ("restricted-xml", C::RestrictedXml),
        ("see-other-host", C::SeeOtherHost(String::new())),
        ("system-shutdown", C::SystemShutdown),
        ("undefined-condition", C::UndefinedCondition),
        ("unsupported-encoding", C::UnsupportedEncoding),
        ("unsupported-feature", C::UnsupportedFeature),
        ("unsupported-stanza-type", C::UnsupportedStanzaType),
        ("unsupported-version", C::UnsupportedVersion),
    ]
}

#[test]
fn stream_errors_both_ways() {
    for (name, condition) in conditions() {
        let theirs: stream_error::StreamError = their_value(&StreamError::element(name));
        assert_eq!(theirs.condition, condition);
        for (texts, text) in [(vec![], None), (vec![(String::new(), TEXT.to_owned())], Some(TEXT.to_owned()))] {
            let theirs = stream_error::StreamError {
                condition: condition.clone(),
                texts: texts.into_iter().map(|(language, text)| (language.into(), text)).collect(),
                application_specific: vec!["<more xmlns='urn:example:more'/>".parse().unwrap()],
            };
            assert_eq!(frame(&theirs), Frame::StreamError(StreamError { condition: name.to_owned(), text }));
        }
    }
}

#[test]
fn what_a_server_offers() {
    let names = ["SCRAM-SHA-256", "PLAIN"].map(str::to_owned);
    let before = stream_features::StreamFeatures { sasl_mechanisms: BTreeSet::from(names), ..Default::default() };
    let expected = Features { mechanisms: Some(vec!["PLAIN".into(), "SCRAM-SHA-256".into()]), ..Features::default() };
    assert_eq!(frame(&before), Frame::Features(expected));

    let after = stream_features::StreamFeatures {
        bind: Some(bind::BindFeature { required: true }),
        stream_management: Some(sm::StreamManagement { optional: true }),
        in_band_registration: true,
        others: [
            "<session xmlns='urn:ietf:params:xml:ns:xmpp-session'/>",
            "<ver xmlns='urn:xmpp:features:rosterver'/>",
            "<sub xmlns='urn:xmpp:features:pre-approval'/>",
        ]
        .map(|text| text.parse().unwrap())
        .into(),
        ..Default::default()
    };
    let Frame::Features(features) = frame(&after) else { panic!() };
    assert!(features.bind && features.sm && features.session_required);
    assert!(features.roster_versions && features.pre_approval);
}

#[test]
fn authentication() {
    let data = vec![0, 255, 62, 63, 10];
    let success = sasl::Success { data: data.clone() };
    for value in [
        frame(&sasl::Challenge { data: data.clone() }),
        frame(&success),
        frame(&sasl::Response { data: data.clone() }),
        frame(&sasl::Auth { mechanism: sasl::Mechanism::ScramSha256, data }),
    ] {
        let Frame::Sasl(element) = value else { panic!("{value:?}") };
        assert_eq!(element.text(), "AP8+Pwo=");
    }
    let texts = [("en".to_owned(), TEXT.to_owned())].into();
    let failure = sasl::Failure { defined_condition: sasl::DefinedCondition::NotAuthorized, texts };
    let Frame::Sasl(element) = frame(&failure) else { panic!() };
    assert!(element.child("urn:ietf:params:xml:ns:xmpp-sasl", "not-authorized").is_some());
    let text = element.child("urn:ietf:params:xml:ns:xmpp-sasl", "text").unwrap();
    assert_eq!((text.text(), text.language()), (TEXT.to_owned(), Some("en")));
    assert!(matches!(frame(&sasl::Abort), Frame::Sasl(element) if element.name() == "abort"));
}

#[test]
fn stream_management() {
    let id = || sm::StreamId(TEXT.to_owned());
    for (value, name, attribute, expected) in [
        (frame(&sm::Enable { max: Some(60), resume: true }), "enable", "resume", "true"),
        (frame(&sm::Enabled { id: Some(id()), location: None, max: Some(300), resume: true }), "enabled", "id", TEXT),
        (frame(&sm::Resume { h: 7, previd: id() }), "resume", "previd", TEXT),
        (frame(&sm::Resumed { h: u32::MAX, previd: id() }), "resumed", "h", "4294967295"),
        (frame(&sm::A { h: 0 }), "a", "h", "0"),
        (frame(&sm::Failed { h: Some(9), error: None }), "failed", "h", "9"),
    ] {
        let Frame::Sm(element) = value else { panic!("{value:?}") };
        assert_eq!((element.name(), element.attribute(attribute)), (name, Some(expected)));
    }
    assert!(matches!(frame(&sm::R), Frame::Sm(element) if element.name() == "r"));
}

#[test]
fn binding_a_resource() {
    let response = bind::BindResponse { jid: "romeo@a.example/Garten ä".parse().unwrap() };
    let element = read_ours(&their_xml(&response));
    let jid = element.child("urn:ietf:params:xml:ns:xmpp-bind", "jid").unwrap();
    assert_eq!(jid.text().parse::<waxwing::jid::FullJid>().unwrap().resource(), "Garten ä");
    let query = read_ours(&their_xml(&bind::BindQuery::new(Some(TEXT.to_owned()))));
    assert_eq!(query.child("urn:ietf:params:xml:ns:xmpp-bind", "resource").unwrap().text(), TEXT);
}
