//! Stanza errors (RFC 6120 §8.3).

use super::ns;
use super::xml::Element;
use crate::condition::Condition;

/// What the sender of a stanza may do about its error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// Prove who you are, then try again.
    Auth,
    /// Do not try again.
    Cancel,
    /// It was a warning only.
    Continue,
    /// Change it, then try again.
    Modify,
    /// Wait, then try again.
    Wait,
}

/// Why a stanza was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StanzaError {
    /// What may be done about it.
    pub kind: ErrorKind,
    /// The defined condition.
    pub condition: Condition,
    /// What the refusing side wrote about it.
    pub text: Option<String>,
    /// Where to go instead (RFC 6120 §8.3.3.5, §8.3.3.14), as it was written.
    pub elsewhere: Option<String>,
}

impl StanzaError {
    /// An error that says all there is to say.
    pub const fn new(kind: ErrorKind, condition: Condition) -> Self {
        Self { kind, condition, text: None, elsewhere: None }
    }

    /// Reads an `<error/>`. What is missing or unknown becomes `undefined-condition`, as a receiver must treat it.
    pub fn parse(element: &Element) -> Self {
        let kind = match element.attribute("type") {
            Some("auth") => ErrorKind::Auth,
            Some("continue") => ErrorKind::Continue,
            Some("modify") => ErrorKind::Modify,
            Some("wait") => ErrorKind::Wait,
            _ => ErrorKind::Cancel,
        };
        let mut conditions = element.children().filter(|child| child.namespace() == ns::STANZA_ERRORS);
        let defined = conditions.find_map(|child| {
            let condition = Condition::ALL.iter().find(|condition| condition.name() == child.name())?;
            Some((*condition, child))
        });
        let condition = defined.map_or(Condition::UndefinedCondition, |(condition, _)| condition);
        let elsewhere = defined.map(|(_, child)| child.text()).filter(|text| !text.trim().is_empty());
        let text = element.child(ns::STANZA_ERRORS, "text").map(Element::text).filter(|text| !text.is_empty());
        Self { kind, condition, text, elsewhere }
    }

    /// The `<error/>`.
    pub fn to_element(&self) -> Element {
        let kind = match self.kind {
            ErrorKind::Auth => "auth",
            ErrorKind::Cancel => "cancel",
            ErrorKind::Continue => "continue",
            ErrorKind::Modify => "modify",
            ErrorKind::Wait => "wait",
        };
        let mut element = Element::new(ns::CLIENT, "error").with("type", kind).child_with(
            Element::new(ns::STANZA_ERRORS, self.condition.name())
                .text_with(self.elsewhere.as_deref().unwrap_or_default()),
        );
        if let Some(text) = &self.text {
            element.push(Element::new(ns::STANZA_ERRORS, "text").text_with(text));
        }
        element
    }
}
