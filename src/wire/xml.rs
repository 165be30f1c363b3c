//! Elements: one whole element per frame (RFC 7395 §3.3), read under limits and written without prefixes.
//!
//! XMPP forbids comments, processing instructions, document types and entities of one's own (RFC 6120 §11.1).
//! Those, and XML that is not well formed, end the stream. What is merely too large or too deep does not: its
//! root is kept, so that the stanza can be answered or stood for.

use std::borrow::Cow;
use std::fmt;

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use super::ns;

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

/// How much one frame may bring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The whole frame, in bytes.
    pub bytes: usize,
    /// Elements inside each other.
    pub depth: usize,
    /// Attributes of one element.
    pub attributes: usize,
    /// Elements and texts of one frame.
    pub nodes: usize,
    /// One name, in bytes.
    pub name: usize,
}

impl Limits {
    /// For anything that somebody else may have caused. 1 MiB is also the most that Openfire takes.
    pub const STANZA: Self = Self { bytes: 1_048_576, depth: 64, attributes: 128, nodes: 20_000, name: 256 };

    /// While an answer of our own server is awaited that may be long: 50,000 contacts with two groups each come
    /// as one frame of about 8 MiB, and 10,000 already break the limits for a stanza.
    pub const CONTACT_LIST: Self = Self { bytes: 16_777_216, nodes: 500_000, ..Self::STANZA };
}

/// The limit that a frame broke.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// [`Limits::bytes`]
    Bytes,
    /// [`Limits::depth`]
    Depth,
    /// [`Limits::attributes`]
    Attributes,
    /// [`Limits::nodes`]
    Nodes,
    /// [`Limits::name`]
    Name,
}

/// What is wrong with a frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FrameError {
    /// It is not well formed, or not one element. The stream cannot go on.
    Malformed,
    /// It contains what XMPP forbids (RFC 6120 §11.1). The stream cannot go on.
    Restricted,
    /// It is more than we take. The stream can go on.
    TooMuch {
        /// The outermost element, empty, with its attributes; `None` if not even that was to be had.
        root: Option<Box<Element>>,
        /// The limit that it broke.
        limit: Limit,
    },
}

/// Reads one frame.
pub fn parse(frame: &str, limits: &Limits) -> Result<Element, FrameError> {
    if frame.len() > limits.bytes {
        return Err(FrameError::TooMuch { root: first_tag(frame, limits), limit: Limit::Bytes });
    }
    if !frame.chars().all(is_xml_char) {
        return Err(FrameError::Malformed);
    }
    Parser { scope: Vec::new(), stack: Vec::new(), limits, nodes: 0 }.run(frame)
}

/// The outermost element of a frame that is too long to be read.
fn first_tag(frame: &str, limits: &Limits) -> Option<Box<Element>> {
    // A start tag that does not end within the first 64 KiB is not worth looking at.
    let head: String = frame.chars().take(65_536).collect();
    let mut parser = Parser { scope: Vec::new(), stack: Vec::new(), limits, nodes: 0 };
    match Reader::from_str(&head).read_event() {
        Ok(Event::Start(start) | Event::Empty(start)) => parser.open(&start).ok().map(Box::new),
        _ => None,
    }
}

/// A prefix, the depth at which it was declared, and what it stands for.
type Binding = (String, usize, Word);

struct Parser<'a> {
    scope: Vec<Binding>,
    stack: Vec<Element>,
    limits: &'a Limits,
    nodes: usize,
}

impl Parser<'_> {
    fn run(mut self, frame: &str) -> Result<Element, FrameError> {
        let mut reader = Reader::from_str(frame);
        let mut done = None;
        loop {
            let event = reader.read_event().map_err(|_| FrameError::Malformed)?;
            match event {
                // One frame, one element: nothing may follow the root but white space.
                Event::Start(_) | Event::Empty(_) if done.is_some() => return Err(FrameError::Malformed),
                Event::Start(start) => {
                    let element = self.open(&start)?;
                    self.stack.push(element);
                }
                Event::Empty(start) => {
                    let element = self.open(&start)?;
                    self.leave_scope();
                    done = self.close(element);
                }
                Event::End(_) => {
                    let element = self.stack.pop().ok_or(FrameError::Malformed)?;
                    self.leave_scope();
                    done = self.close(element);
                }
                Event::Text(text) => self.text(&text.xml10_content())?,
                Event::CData(text) => self.text(&text.xml10_content())?,
                Event::GeneralRef(reference) => {
                    let character = match reference.resolve_char_ref() {
                        Ok(Some(character)) => character,
                        Ok(None) => predefined(&reference).ok_or(FrameError::Restricted)?,
                        Err(_) => return Err(FrameError::Malformed),
                    };
                    if !is_xml_char(character) {
                        return Err(FrameError::Malformed);
                    }
                    self.text(character.encode_utf8(&mut [0; 4]))?;
                }
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {
                    return Err(FrameError::Restricted);
                }
                Event::Eof if self.stack.is_empty() => return done.ok_or(FrameError::Malformed),
                Event::Eof => return Err(FrameError::Malformed),
            }
        }
    }

    /// Puts a finished element into its parent, or gives it back if it has none.
    fn close(&mut self, element: Element) -> Option<Element> {
        match self.stack.last_mut() {
            Some(parent) => {
                parent.push(element);
                None
            }
            None => Some(element),
        }
    }

    fn text(&mut self, text: &str) -> Result<(), FrameError> {
        let Some(parent) = self.stack.last_mut() else {
            return if text.trim_ascii().is_empty() { Ok(()) } else { Err(FrameError::Malformed) };
        };
        if !matches!(parent.children.last(), Some(Node::Text(_))) {
            self.nodes = self.nodes.saturating_add(1);
        }
        parent.push_text(text);
        self.within(self.nodes <= self.limits.nodes, Limit::Nodes)
    }

    fn open(&mut self, start: &BytesStart<'_>) -> Result<Element, FrameError> {
        self.nodes = self.nodes.saturating_add(1);
        self.within(self.nodes <= self.limits.nodes, Limit::Nodes)?;
        self.within(self.stack.len() < self.limits.depth, Limit::Depth)?;
        let depth = self.stack.len();
        let mut plain = Vec::new();
        for (index, attribute) in start.attributes().enumerate() {
            let attribute = attribute.map_err(|_| FrameError::Malformed)?;
            self.within(index < self.limits.attributes, Limit::Attributes)?;
            if attribute.value.contains('<') {
                return Err(FrameError::Malformed);
            }
            let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|_| FrameError::Restricted)?;
            if !value.chars().all(is_xml_char) {
                return Err(FrameError::Malformed);
            }
            match attribute.key.0.strip_prefix("xmlns") {
                Some("") => self.scope.push((String::new(), depth, namespace_word(&value))),
                Some(declared) if declared.starts_with(':') => {
                    let prefix = declared.trim_start_matches(':');
                    // Neither may be bound anew, and no prefix may be bound to nothing (Namespaces in XML §3).
                    if matches!(prefix, "" | "xml" | "xmlns") || value.is_empty() {
                        return Err(FrameError::Malformed);
                    }
                    self.scope.push((prefix.to_owned(), depth, namespace_word(&value)));
                }
                _ => plain.push((attribute.key.0, value.into_owned())),
            }
        }
        let mut element =
            Element { name: Word::default(), namespace: Word::default(), attributes: Vec::new(), children: Vec::new() };
        (element.namespace, element.name) = self.resolve(start.name().0, true)?;
        element.attributes.reserve_exact(plain.len());
        for (name, value) in plain {
            let (namespace, name) = self.resolve(name, false)?;
            if element.attributes.iter().any(|a| a.namespace == namespace && a.name == name) {
                return Err(FrameError::Malformed);
            }
            element.attributes.push(Attribute { namespace, name, value });
        }
        Ok(element)
    }

    fn resolve(&self, name: &str, is_element: bool) -> Result<(Word, Word), FrameError> {
        self.within(name.len() <= self.limits.name, Limit::Name)?;
        let (prefix, local) = match name.split_once(':') {
            Some((prefix, local)) => (Some(prefix), local),
            None => (None, name),
        };
        if !is_name(local) {
            return Err(FrameError::Malformed);
        }
        let namespace = match prefix {
            None if !is_element => Word::default(),
            None => self.bound("").unwrap_or_default(),
            Some("xml") => ns::XML.into(),
            Some(prefix) => match self.bound(prefix) {
                Some(namespace) => namespace,
                // Prosody's `<stream:error>` comes without its declaration.
                None if prefix == "stream" => ns::STREAM.into(),
                None => return Err(FrameError::Malformed),
            },
        };
        Ok((namespace, name_word(local)))
    }

    fn bound(&self, prefix: &str) -> Option<Word> {
        self.scope.iter().rev().find(|(bound, ..)| bound == prefix).map(|(.., namespace)| namespace.clone())
    }

    /// Drops what the element that just ended had declared.
    fn leave_scope(&mut self) {
        let depth = self.stack.len();
        while self.scope.last().is_some_and(|(_, declared, _)| *declared >= depth) {
            self.scope.pop();
        }
    }

    fn within(&self, fits: bool, limit: Limit) -> Result<(), FrameError> {
        if fits {
            return Ok(());
        }
        let root = self.stack.first().map(|root| Element { children: Vec::new(), ..root.clone() }).map(Box::new);
        Err(FrameError::TooMuch { root, limit })
    }
}

fn predefined(reference: &str) -> Option<char> {
    Some(match reference {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "apos" => '\'',
        "quot" => '"',
        _ => return None,
    })
}

/// Whether this can be a local name: stricter than XML beyond ASCII it is not, within ASCII it is exact.
fn is_name(name: &str) -> bool {
    let mut characters = name.chars();
    let first = |c: char| c.is_ascii_alphabetic() || c == '_' || !c.is_ascii();
    characters.next().is_some_and(first) && characters.all(|c| first(c) || c.is_ascii_digit() || matches!(c, '-' | '.'))
}

fn namespace_word(namespace: &str) -> Word {
    ns::known(namespace).map_or_else(|| namespace.to_owned().into(), Word::Borrowed)
}

/// The names that most stanzas consist of, so that reading them costs no allocation.
fn name_word(name: &str) -> Word {
    macro_rules! common {
        ($($common:literal)*) => {
            match name {
                $($common => $common.into(),)*
                _ => name.to_owned().into(),
            }
        };
    }
    common!("message" "presence" "iq" "body" "x" "c" "show" "status" "priority" "item" "group" "query" "delay"
        "error" "a" "r" "received" "sent" "forwarded" "result" "fin" "set" "stanza-id" "origin-id" "thread"
        "from" "to" "id" "type" "jid" "name" "subscription" "ask" "approved" "ver" "node" "hash" "stamp" "by"
        "h" "var" "affiliation" "role" "code" "request" "active" "composing" "paused")
}

#[cfg(test)]
mod tests;
