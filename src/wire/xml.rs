//! Elements: one whole element per frame (RFC 7395 §3.3), read under limits and written without prefixes.
//!
//! XMPP forbids comments, processing instructions, document types and entities of one's own (RFC 6120 §11.1).
//! Those, and XML that is not well formed, end the stream. What is merely too large or too deep does not: its
//! root is kept, so that the stanza can be answered or stood for.

use std::borrow::Cow;
use std::fmt;

use super::ns;

mod read;

pub use read::{FrameError, Limit, Limits, parse};

/// A string that is either one of ours or was read.
type Word = Cow<'static, str>;

/// An XML element. Names are compared by namespace and local name together, always.
#[derive(Clone, PartialEq, Eq)]
pub struct Element {
    name: Word,
    namespace: Word,
    attributes: Vec<Attribute>,
    children: Vec<Node>,
}

/// What an element contains.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// An element.
    Element(Element),
    /// Text, never empty; two never stand side by side.
    Text(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Attribute {
    /// Empty for the usual attribute without a prefix.
    namespace: Word,
    name: Word,
    value: String,
}

impl Element {
    /// An empty element.
    pub fn new(namespace: &'static str, name: &'static str) -> Self {
        Self { name: name.into(), namespace: namespace.into(), attributes: Vec::new(), children: Vec::new() }
    }

    /// The same with an attribute.
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.set(name, value);
        self
    }

    /// The same with an attribute, if there is a value.
    pub fn with_some(self, name: &'static str, value: Option<impl Into<String>>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// The same with a child at the end.
    pub fn child_with(mut self, child: Element) -> Self {
        self.push(child);
        self
    }

    /// The same with text at the end.
    pub fn text_with(mut self, text: &str) -> Self {
        self.push_text(text);
        self
    }

    /// Sets an attribute.
    pub fn set(&mut self, name: &'static str, value: impl Into<String>) {
        let value = value.into();
        match self.attributes.iter_mut().find(|a| a.namespace.is_empty() && a.name == name) {
            Some(attribute) => attribute.value = value,
            None => self.attributes.push(Attribute { namespace: Word::default(), name: name.into(), value }),
        }
    }

    /// Puts a child at the end.
    pub fn push(&mut self, child: Element) {
        self.children.push(Node::Element(child));
    }

    /// Puts text at the end. Characters that XML cannot carry are left out.
    pub fn push_text(&mut self, text: &str) {
        let kept: Cow<'_, str> = if text.chars().all(is_xml_char) {
            text.into()
        } else {
            text.chars().filter(|&c| is_xml_char(c)).collect()
        };
        if kept.is_empty() {
            return;
        }
        match self.children.last_mut() {
            Some(Node::Text(before)) => before.push_str(&kept),
            _ => self.children.push(Node::Text(kept.into_owned())),
        }
    }

    /// The local name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The namespace.
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    /// Whether this is that element.
    pub fn is(&self, namespace: &str, name: &str) -> bool {
        self.namespace == namespace && self.name == name
    }

    /// The value of an attribute that has no namespace.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|a| a.namespace.is_empty() && a.name == name).map(|a| a.value.as_str())
    }

    /// `xml:lang`, if it stands on this very element.
    pub fn language(&self) -> Option<&str> {
        self.attributes.iter().find(|a| a.namespace == ns::XML && a.name == "lang").map(|a| a.value.as_str())
    }

    /// Everything inside, in order.
    pub fn nodes(&self) -> &[Node] {
        &self.children
    }

    /// The elements inside, in order.
    pub fn children(&self) -> impl Iterator<Item = &Element> {
        self.children.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// The elements inside, in order, taken out.
    pub fn into_children(self) -> impl Iterator<Item = Element> {
        self.children.into_iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// The first such element inside.
    pub fn child(&self, namespace: &str, name: &str) -> Option<&Element> {
        self.children().find(|element| element.is(namespace, name))
    }

    /// The text directly inside.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for node in &self.children {
            if let Node::Text(part) = node {
                text.push_str(part);
            }
        }
        text
    }

    /// The element as XML. Its namespace is always declared, as RFC 7395 §3.3.3 wants of every frame.
    pub fn to_xml(&self) -> String {
        let mut out = String::with_capacity(256);
        self.write(&mut out, "");
        out
    }

    fn write(&self, out: &mut String, outer: &str) {
        out.push('<');
        out.push_str(&self.name);
        if self.namespace != outer {
            out.push_str(" xmlns='");
            escape_into(out, &self.namespace);
            out.push('\'');
        }
        let mut prefixes = 0_u32;
        for attribute in &self.attributes {
            out.push(' ');
            if attribute.namespace == ns::XML {
                out.push_str("xml:");
            } else if !attribute.namespace.is_empty() {
                prefixes = prefixes.saturating_add(1);
                let prefix = format!("a{prefixes}");
                out.push_str("xmlns:");
                out.push_str(&prefix);
                out.push_str("='");
                escape_into(out, &attribute.namespace);
                out.push_str("' ");
                out.push_str(&prefix);
                out.push(':');
            }
            out.push_str(&attribute.name);
            out.push_str("='");
            escape_into(out, &attribute.value);
            out.push('\'');
        }
        if self.children.is_empty() {
            out.push_str("/>");
            return;
        }
        out.push('>');
        for node in &self.children {
            match node {
                Node::Element(element) => element.write(out, &self.namespace),
                Node::Text(text) => escape_into(out, text),
            }
        }
        out.push_str("</");
        out.push_str(&self.name);
        out.push('>');
    }
}

impl fmt::Debug for Element {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_xml())
    }
}

fn escape_into(out: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\'' => out.push_str("&apos;"),
            '"' => out.push_str("&quot;"),
            // Would come back as a space or a line feed otherwise (XML 1.0 §2.11, §3.3.3).
            '\t' => out.push_str("&#9;"),
            '\n' => out.push_str("&#10;"),
            '\r' => out.push_str("&#13;"),
            character if is_xml_char(character) => out.push(character),
            _ => {}
        }
    }
}

/// The characters that XML 1.0 can carry (§2.2).
const fn is_xml_char(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..='\u{10ffff}')
}

#[cfg(test)]
mod tests;
