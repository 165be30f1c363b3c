//! The reader: limits first, then well-formedness, then the tree.

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use super::{Attribute, Element, Node, Word, is_xml_char};
use crate::wire::ns;

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
