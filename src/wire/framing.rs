//! RFC 7395: XMPP over WebSocket; stream features and stream errors of RFC 6120.

use super::ns;
use super::xml::Element;

/// What a frame is, apart from what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frame {
    /// The server opens its side.
    Open(Open),
    /// The server closes its side, perhaps pointing elsewhere.
    Close {
        /// Where to go instead (RFC 7395 §3.6.1).
        see_other_uri: Option<String>,
    },
    /// What the server offers.
    Features(Features),
    /// The stream failed.
    StreamError(StreamError),
    /// Anything of the SASL namespace.
    Sasl(Element),
    /// Anything of the stream management namespace.
    Sm(Element),
    /// A message, presence or iq.
    Stanza(Element),
    /// Something else.
    Unknown(Element),
}

impl Frame {
    /// Tells what an element is.
    pub fn of(element: Element) -> Self {
        match (element.namespace(), element.name()) {
            (ns::CLIENT, "message" | "presence" | "iq") => Self::Stanza(element),
            (ns::FRAMING, "open") => Self::Open(Open {
                from: element.attribute("from").map(str::to_owned),
                id: element.attribute("id").map(str::to_owned),
                version: element.attribute("version").map(str::to_owned),
            }),
            (ns::FRAMING, "close") => {
                Self::Close { see_other_uri: element.attribute("see-other-uri").map(str::to_owned) }
            }
            (ns::STREAM, "features") => Self::Features(Features::parse(&element)),
            (ns::STREAM, "error") => Self::StreamError(StreamError::parse(&element)),
            (ns::SASL, _) => Self::Sasl(element),
            (ns::SM, _) => Self::Sm(element),
            _ => Self::Unknown(element),
        }
    }
}

/// The header of the server's stream.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Open {
    /// The domain that answers.
    pub from: Option<String>,
    /// The id of the stream.
    pub id: Option<String>,
    /// The XMPP version.
    pub version: Option<String>,
}

/// The header of our stream.
pub fn open(domain: &str) -> Element {
    Element::new(ns::FRAMING, "open").with("to", domain).with("version", "1.0")
}

/// The end of our stream.
pub fn close() -> Element {
    Element::new(ns::FRAMING, "close")
}

/// What a server offers at one moment of a stream (RFC 6120 §4.3.2).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Features {
    /// The names of the SASL mechanisms; `None` when authentication is not the matter now.
    pub mechanisms: Option<Vec<String>>,
    /// Accounts are made for whoever shows a token (XEP-0445).
    pub register_by_token: bool,
    /// A resource can be bound.
    pub bind: bool,
    /// The session of RFC 3921 must be established.
    pub session_required: bool,
    /// Stream management (XEP-0198).
    pub sm: bool,
    /// The contact list has versions.
    pub roster_versions: bool,
    /// Requests can be approved before they come.
    pub pre_approval: bool,
    /// The server wants to know whether anybody looks (XEP-0352).
    pub csi: bool,
}

impl Features {
    fn parse(element: &Element) -> Self {
        let mechanisms = element.child(ns::SASL, "mechanisms").map(|mechanisms| {
            mechanisms
                .children()
                .filter(|child| child.is(ns::SASL, "mechanism"))
                .map(|child| child.text().trim().to_owned())
                .collect()
        });
        let session = element.child(ns::SESSION, "session");
        Self {
            mechanisms,
            register_by_token: element.child(ns::REGISTER_BY_TOKEN, "register").is_some(),
            bind: element.child(ns::BIND, "bind").is_some(),
            session_required: session.is_some_and(|session| session.child(ns::SESSION, "optional").is_none()),
            sm: element.child(ns::SM, "sm").is_some(),
            roster_versions: element.child(ns::ROSTER_VERSIONS, "ver").is_some(),
            pre_approval: element.child(ns::PRE_APPROVAL, "sub").is_some(),
            csi: element.child(ns::CSI, "csi").is_some(),
        }
    }
}

/// Why a stream failed (RFC 6120 §4.9).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamError {
    /// The name of the defined condition; `undefined-condition` if there was none.
    pub condition: String,
    /// What the server wrote about it.
    pub text: Option<String>,
}

impl StreamError {
    fn parse(element: &Element) -> Self {
        let condition = element
            .children()
            .find(|child| child.namespace() == ns::STREAM_ERRORS && child.name() != "text")
            .map_or("undefined-condition", Element::name)
            .to_owned();
        let text = element.child(ns::STREAM_ERRORS, "text").map(Element::text).filter(|text| !text.is_empty());
        Self { condition, text }
    }

    /// A stream error of our own.
    pub fn element(condition: &'static str) -> Element {
        Element::new(ns::STREAM, "error").child_with(Element::new(ns::STREAM_ERRORS, condition))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::xml::{Limits, parse};

    fn read(frame: &str) -> Frame {
        Frame::of(parse(frame, &Limits::STANZA).unwrap())
    }

    #[test]
    fn reads_the_features_of_ejabberd_and_prosody() {
        let Frame::Features(features) = read(
            "<stream:features xmlns:stream='http://etherx.jabber.org/streams'><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>\
             <mechanism>PLAIN</mechanism><mechanism>SCRAM-SHA-1</mechanism></mechanisms><register xmlns='http://jabber.org/features/iq-register'/></stream:features>",
        ) else {
            panic!()
        };
        assert_eq!(features.mechanisms, Some(vec!["PLAIN".to_owned(), "SCRAM-SHA-1".to_owned()]));
        let Frame::Features(features) = read(
            "<stream:features xmlns:stream='http://etherx.jabber.org/streams' xmlns='jabber:client'><sm xmlns='urn:xmpp:sm:2'><optional/></sm>\
             <sm xmlns='urn:xmpp:sm:3'><optional/></sm><sub xmlns='urn:xmpp:features:pre-approval'/><ver xmlns='urn:xmpp:features:rosterver'/>\
             <bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><required/></bind><session xmlns='urn:ietf:params:xml:ns:xmpp-session'><optional/></session></stream:features>",
        ) else {
            panic!()
        };
        assert_eq!(
            features,
            Features {
                mechanisms: None,
                register_by_token: false,
                bind: true,
                session_required: false,
                sm: true,
                roster_versions: true,
                pre_approval: true,
                csi: false
            }
        );
    }

    #[test]
    fn reads_a_stream_error_whose_prefix_is_not_declared() {
        assert_eq!(
            read(
                "<stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/><text xmlns='urn:ietf:params:xml:ns:xmpp-streams'>Replaced</text></stream:error>"
            ),
            Frame::StreamError(StreamError { condition: "conflict".into(), text: Some("Replaced".into()) })
        );
    }

    #[test]
    fn our_frames_declare_their_namespace() {
        assert_eq!(
            open("a.localhost").to_xml(),
            "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='a.localhost' version='1.0'/>"
        );
        assert_eq!(close().to_xml(), "<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>");
        assert!(matches!(read("<close xmlns='urn:ietf:params:xml:ns:xmpp-framing' x='1'/>"), Frame::Close { .. }));
    }
}
