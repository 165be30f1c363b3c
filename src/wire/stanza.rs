//! The three stanzas (RFC 6120 §8, RFC 6121) as types. What a type does not name is kept as a payload.

use super::ns;
use super::stanza_error::StanzaError;
use super::xml::Element;
use crate::jid::Jid;

/// Any stanza.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stanza {
    /// Pushed to somebody.
    Message(Box<Message>),
    /// Told to everybody who may know.
    Presence(Box<Presence>),
    /// Asked and answered.
    Iq(Box<Iq>),
}

/// Why an element is not a stanza that can be handled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StanzaFault {
    /// Not a stanza at all.
    NotAStanza,
    /// `from` or `to` is not an address.
    BadAddress,
    /// An iq without an id, without one payload, or of an unknown type; a presence of an unknown type.
    BadForm,
}

/// A `<message/>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Sender; absent means our own account (RFC 6120 §8.1.2.1).
    pub from: Option<Jid>,
    /// Receiver.
    pub to: Option<Jid>,
    /// Chosen by the sender.
    pub id: Option<String>,
    /// What kind of exchange it belongs to.
    pub kind: MessageKind,
    /// The text in the language of the stanza, or else the first.
    pub body: Option<String>,
    /// The subject, chosen in the same way.
    pub subject: Option<String>,
    /// For `kind` error.
    pub error: Option<StanzaError>,
    /// Every other child.
    pub payloads: Vec<Element>,
}

/// The `type` of a message (RFC 6121 §5.2.2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MessageKind {
    /// One of a conversation between two.
    Chat,
    /// Something could not be delivered.
    Error,
    /// Sent to a room.
    Groupchat,
    /// News that wants no answer.
    Headline,
    /// By itself; also what an unknown type counts as.
    #[default]
    Normal,
}

/// A `<presence/>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Presence {
    /// Sender; absent means our own account.
    pub from: Option<Jid>,
    /// Receiver.
    pub to: Option<Jid>,
    /// Chosen by the sender.
    pub id: Option<String>,
    /// What it says.
    pub kind: PresenceKind,
    /// How available.
    pub show: Option<Show>,
    /// What the user wrote; never empty.
    pub status: Option<String>,
    /// -128 to 127.
    pub priority: i8,
    /// For `kind` error.
    pub error: Option<StanzaError>,
    /// Every other child.
    pub payloads: Vec<Element>,
}

/// The `type` of a presence (RFC 6121 §4.7.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PresenceKind {
    /// No `type`: connected.
    Available,
    /// Could not be delivered.
    Error,
    /// The server asks for the current presence.
    Probe,
    /// A wish to see presence.
    Subscribe,
    /// A wish granted.
    Subscribed,
    /// No longer connected.
    Unavailable,
    /// No longer wants to see presence.
    Unsubscribe,
    /// A wish denied, or a grant taken back.
    Unsubscribed,
}

/// `<show/>` (RFC 6121 §4.7.2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Show {
    /// Away for a while.
    Away,
    /// Looking for a chat.
    Chat,
    /// Not to be disturbed.
    Dnd,
    /// Away for long.
    Xa,
}

/// An `<iq/>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Iq {
    /// Sender; absent means our own account, or our server on its behalf.
    pub from: Option<Jid>,
    /// Receiver; absent means our own account.
    pub to: Option<Jid>,
    /// Names the question and its answer.
    pub id: String,
    /// The question or the answer.
    pub kind: IqKind,
}

/// The `type` of an iq with what belongs to it (RFC 6120 §8.2.3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IqKind {
    /// A question.
    Get(Element),
    /// An order.
    Set(Element),
    /// Done, perhaps with an answer.
    Result(Option<Element>),
    /// Refused.
    Error(StanzaError),
}

impl Stanza {
    /// Reads a stanza of the namespace `jabber:client`.
    pub fn parse(element: Element) -> Result<Self, StanzaFault> {
        if element.is(ns::CLIENT, "message") {
            Message::parse(element).map(|message| Self::Message(Box::new(message)))
        } else if element.is(ns::CLIENT, "presence") {
            Presence::parse(element).map(|presence| Self::Presence(Box::new(presence)))
        } else if element.is(ns::CLIENT, "iq") {
            Iq::parse(element).map(|iq| Self::Iq(Box::new(iq)))
        } else {
            Err(StanzaFault::NotAStanza)
        }
    }
}

/// An address attribute: absent, or an address.
pub fn address(element: &Element, name: &str) -> Result<Option<Jid>, StanzaFault> {
    element.attribute(name).map(|text| text.parse().map_err(|_| StanzaFault::BadAddress)).transpose()
}

/// Takes over a text child: one in the language of its stanza wins, else the first.
fn choose(chosen: &mut Option<String>, has_plain: &mut bool, child: &Element, stanza: Option<&str>) {
    let plain = child.language().is_none() || child.language() == stanza;
    if chosen.is_none() || (plain && !*has_plain) {
        *chosen = Some(child.text());
        *has_plain = plain;
    }
}

impl Message {
    /// A message to somebody.
    pub const fn new(kind: MessageKind, to: Jid, id: String) -> Self {
        Self {
            from: None,
            to: Some(to),
            id: Some(id),
            kind,
            body: None,
            subject: None,
            error: None,
            payloads: Vec::new(),
        }
    }

    /// Reads a `<message/>` of any namespace that its caller has checked.
    pub fn parse(element: Element) -> Result<Self, StanzaFault> {
        let kind = match element.attribute("type") {
            Some("chat") => MessageKind::Chat,
            Some("error") => MessageKind::Error,
            Some("groupchat") => MessageKind::Groupchat,
            Some("headline") => MessageKind::Headline,
            _ => MessageKind::Normal,
        };
        let mut message = Self {
            from: address(&element, "from")?,
            to: address(&element, "to")?,
            id: element.attribute("id").map(str::to_owned),
            kind,
            body: None,
            subject: None,
            error: None,
            payloads: Vec::new(),
        };
        let (mut plain_body, mut plain_subject) = (false, false);
        let language = element.language().map(str::to_owned);
        for child in element.into_children() {
            if child.is(ns::CLIENT, "body") {
                choose(&mut message.body, &mut plain_body, &child, language.as_deref());
            } else if child.is(ns::CLIENT, "subject") {
                choose(&mut message.subject, &mut plain_subject, &child, language.as_deref());
            } else if kind == MessageKind::Error && child.is(ns::CLIENT, "error") {
                message.error = Some(StanzaError::parse(&child));
            } else {
                message.payloads.push(child);
            }
        }
        Ok(message)
    }

    /// The `<message/>`.
    pub fn to_element(&self) -> Element {
        let kind = match self.kind {
            MessageKind::Chat => Some("chat"),
            MessageKind::Error => Some("error"),
            MessageKind::Groupchat => Some("groupchat"),
            MessageKind::Headline => Some("headline"),
            MessageKind::Normal => None,
        };
        let mut element = head("message", self.from.as_ref(), self.to.as_ref(), self.id.as_deref(), kind);
        for (name, text) in [("subject", &self.subject), ("body", &self.body)] {
            if let Some(text) = text {
                element.push(Element::new(ns::CLIENT, name).text_with(text));
            }
        }
        finish(element, &self.payloads, self.error.as_ref())
    }

    /// The first such payload.
    pub fn payload(&self, namespace: &str, name: &str) -> Option<&Element> {
        self.payloads.iter().find(|payload| payload.is(namespace, name))
    }
}

impl Presence {
    /// A presence that says only its type.
    pub const fn new(kind: PresenceKind) -> Self {
        Self {
            from: None,
            to: None,
            id: None,
            kind,
            show: None,
            status: None,
            priority: 0,
            error: None,
            payloads: Vec::new(),
        }
    }

    /// The same to somebody.
    pub fn to(mut self, to: impl Into<Jid>) -> Self {
        self.to = Some(to.into());
        self
    }

    fn parse(element: Element) -> Result<Self, StanzaFault> {
        let kind = match element.attribute("type") {
            None => PresenceKind::Available,
            Some("error") => PresenceKind::Error,
            Some("probe") => PresenceKind::Probe,
            Some("subscribe") => PresenceKind::Subscribe,
            Some("subscribed") => PresenceKind::Subscribed,
            Some("unavailable") => PresenceKind::Unavailable,
            Some("unsubscribe") => PresenceKind::Unsubscribe,
            Some("unsubscribed") => PresenceKind::Unsubscribed,
            Some(_) => return Err(StanzaFault::BadForm),
        };
        let mut presence = Self::new(kind);
        presence.from = address(&element, "from")?;
        presence.to = address(&element, "to")?;
        presence.id = element.attribute("id").map(str::to_owned);
        let mut plain_status = false;
        let language = element.language().map(str::to_owned);
        for child in element.into_children() {
            if child.is(ns::CLIENT, "show") {
                presence.show = match child.text().trim() {
                    "away" => Some(Show::Away),
                    "chat" => Some(Show::Chat),
                    "dnd" => Some(Show::Dnd),
                    "xa" => Some(Show::Xa),
                    _ => None,
                };
            } else if child.is(ns::CLIENT, "status") {
                choose(&mut presence.status, &mut plain_status, &child, language.as_deref());
            } else if child.is(ns::CLIENT, "priority") {
                presence.priority = child.text().trim().parse().unwrap_or(0);
            } else if kind == PresenceKind::Error && child.is(ns::CLIENT, "error") {
                presence.error = Some(StanzaError::parse(&child));
            } else {
                presence.payloads.push(child);
            }
        }
        presence.status = presence.status.filter(|status| !status.trim().is_empty());
        Ok(presence)
    }

    /// The `<presence/>`.
    pub fn to_element(&self) -> Element {
        let kind = match self.kind {
            PresenceKind::Available => None,
            PresenceKind::Error => Some("error"),
            PresenceKind::Probe => Some("probe"),
            PresenceKind::Subscribe => Some("subscribe"),
            PresenceKind::Subscribed => Some("subscribed"),
            PresenceKind::Unavailable => Some("unavailable"),
            PresenceKind::Unsubscribe => Some("unsubscribe"),
            PresenceKind::Unsubscribed => Some("unsubscribed"),
        };
        let mut element = head("presence", self.from.as_ref(), self.to.as_ref(), self.id.as_deref(), kind);
        if let Some(show) = self.show {
            let show = match show {
                Show::Away => "away",
                Show::Chat => "chat",
                Show::Dnd => "dnd",
                Show::Xa => "xa",
            };
            element.push(Element::new(ns::CLIENT, "show").text_with(show));
        }
        if let Some(status) = &self.status {
            element.push(Element::new(ns::CLIENT, "status").text_with(status));
        }
        if self.priority != 0 {
            element.push(Element::new(ns::CLIENT, "priority").text_with(&self.priority.to_string()));
        }
        finish(element, &self.payloads, self.error.as_ref())
    }

    /// The first such payload.
    pub fn payload(&self, namespace: &str, name: &str) -> Option<&Element> {
        self.payloads.iter().find(|payload| payload.is(namespace, name))
    }
}

impl Iq {
    fn parse(element: Element) -> Result<Self, StanzaFault> {
        let from = address(&element, "from")?;
        let to = address(&element, "to")?;
        let id = element.attribute("id").filter(|id| !id.is_empty()).ok_or(StanzaFault::BadForm)?.to_owned();
        let kind = element.attribute("type").map(str::to_owned);
        let mut children = element.into_children();
        let kind = match kind.as_deref() {
            Some("result") => IqKind::Result(children.next()),
            Some("error") => {
                let error = children.find(|child| child.is(ns::CLIENT, "error")).as_ref().map(StanzaError::parse);
                IqKind::Error(error.unwrap_or_else(|| StanzaError::parse(&Element::new(ns::CLIENT, "error"))))
            }
            // Exactly one payload (RFC 6120 §8.2.3).
            Some(kind @ ("get" | "set")) => match (children.next(), children.next()) {
                (Some(payload), None) if kind == "get" => IqKind::Get(payload),
                (Some(payload), None) => IqKind::Set(payload),
                _ => return Err(StanzaFault::BadForm),
            },
            _ => return Err(StanzaFault::BadForm),
        };
        Ok(Self { from, to, id, kind })
    }

    /// The `<iq/>`.
    pub fn to_element(&self) -> Element {
        let (kind, payload, error) = match &self.kind {
            IqKind::Get(payload) => ("get", Some(payload), None),
            IqKind::Set(payload) => ("set", Some(payload), None),
            IqKind::Result(payload) => ("result", payload.as_ref(), None),
            IqKind::Error(error) => ("error", None, Some(error)),
        };
        let element = head("iq", self.from.as_ref(), self.to.as_ref(), Some(&self.id), Some(kind));
        finish(element, payload.map_or(&[], std::slice::from_ref), error)
    }
}

fn head(name: &'static str, from: Option<&Jid>, to: Option<&Jid>, id: Option<&str>, kind: Option<&str>) -> Element {
    Element::new(ns::CLIENT, name)
        .with_some("from", from.map(Jid::to_string))
        .with_some("to", to.map(Jid::to_string))
        .with_some("id", id)
        .with_some("type", kind)
}

fn finish(mut element: Element, payloads: &[Element], error: Option<&StanzaError>) -> Element {
    for payload in payloads {
        element.push(payload.clone());
    }
    if let Some(error) = error {
        element.push(error.to_element());
    }
    element
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::xml::{Limits, parse};

    fn read(frame: &str) -> Result<Stanza, StanzaFault> {
        Stanza::parse(parse(frame, &Limits::STANZA).unwrap())
    }

    #[test]
    fn the_body_without_a_language_wins() {
        let Ok(Stanza::Message(message)) = read(
            "<message xmlns='jabber:client' type='weird' id='1' from='a@b/c'><body xml:lang='de'>hallo</body>\
             <body>hi</body><body xml:lang='fr'>salut</body><x xmlns='u'/></message>",
        ) else {
            panic!()
        };
        assert_eq!(message.body.as_deref(), Some("hi"));
        assert_eq!(message.kind, MessageKind::Normal);
        assert!(message.payload("u", "x").is_some());
    }

    #[test]
    fn the_body_in_the_language_of_the_stanza_wins() {
        let Ok(Stanza::Message(message)) = read(
            "<message xmlns='jabber:client' xml:lang='de'><body xml:lang='fr'>salut</body><body xml:lang='de'>hallo</body></message>",
        ) else {
            panic!()
        };
        assert_eq!(message.body.as_deref(), Some("hallo"));
    }

    #[test]
    fn presence_says_what_it_means() {
        let Ok(Stanza::Presence(presence)) = read(
            "<presence xmlns='jabber:client' from='a@b/c'><show>dnd</show><status>  </status><priority>300</priority></presence>",
        ) else {
            panic!()
        };
        assert_eq!((presence.show, presence.status.clone(), presence.priority), (Some(Show::Dnd), None, 0));
        assert_eq!(read("<presence xmlns='jabber:client' type='online'/>"), Err(StanzaFault::BadForm));
    }

    #[test]
    fn an_iq_needs_an_id_and_one_payload() {
        for frame in [
            "<iq xmlns='jabber:client' type='get'><q xmlns='u'/></iq>",
            "<iq xmlns='jabber:client' type='get' id='1'/>",
            "<iq xmlns='jabber:client' type='set' id='1'><q xmlns='u'/><q xmlns='u'/></iq>",
            "<iq xmlns='jabber:client' type='ask' id='1'><q xmlns='u'/></iq>",
            "<iq xmlns='jabber:client' id='1'><q xmlns='u'/></iq>",
        ] {
            assert_eq!(read(frame), Err(StanzaFault::BadForm), "{frame}");
        }
        assert_eq!(read("<iq xmlns='jabber:client' type='result' id='1' from='@'/>"), Err(StanzaFault::BadAddress));
        assert_eq!(read("<iq type='result' id='1'/>"), Err(StanzaFault::NotAStanza));
    }
}
