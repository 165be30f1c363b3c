//! The reader: limits first, then well-formedness, then the tree.

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use super::{Attribute, Element, Node, Word, is_xml_char};
use crate::order;
use crate::wire::ns;

/// How much one frame may bring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The whole frame, in bytes.
    pub bytes: usize,
    /// Elements inside each other.
    pub depth: usize,
    /// Attributes of one element, and namespaces declared by it and the elements around it.
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
                // The end of a section where there is none (XML 1.0 §2.4).
                Event::Text(text) if text.contains("]]>") => return Err(FrameError::Malformed),
                Event::Text(text) => self.text(&text.xml10_content())?,
                // Around the root there may be white space, but not even white space in one of these forms.
                Event::CData(_) | Event::GeneralRef(_) if self.stack.is_empty() => return Err(FrameError::Malformed),
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
        if !is_spaced(start.attributes_raw()) {
            return Err(FrameError::Malformed);
        }
        let mut plain = Vec::new();
        let outer = self.scope.len();
        // Whether one stands twice is asked below, once, for the names that they stand for.
        for (index, attribute) in start.attributes().with_checks(false).enumerate() {
            let attribute = attribute.map_err(|_| FrameError::Malformed)?;
            self.within(index < self.limits.attributes, Limit::Attributes)?;
            if attribute.value.contains('<') {
                return Err(FrameError::Malformed);
            }
            let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|_| FrameError::Restricted)?;
            if !value.chars().all(is_xml_char) {
                return Err(FrameError::Malformed);
            }
            let name = attribute.key.0;
            self.within(name.len() <= self.limits.name, Limit::Name)?;
            match name.strip_prefix("xmlns") {
                Some("") if !is_reserved(&value) => self.declare("", outer, &value)?,
                Some("") => return Err(FrameError::Malformed),
                Some(declared) if declared.starts_with(':') => {
                    let prefix = declared.strip_prefix(':').unwrap_or_default();
                    // The prefix of XML itself is bound already, and may only be bound to the same again.
                    if prefix == "xml" && value == ns::XML {
                        continue;
                    }
                    // Neither may be bound anew, and no prefix may be bound to nothing (Namespaces in XML §3).
                    if matches!(prefix, "xml" | "xmlns") || !is_name(prefix) || value.is_empty() || is_reserved(&value)
                    {
                        return Err(FrameError::Malformed);
                    }
                    self.declare(prefix, outer, &value)?;
                }
                _ => plain.push((name, value.into_owned())),
            }
        }
        let mut element =
            Element { name: Word::default(), namespace: Word::default(), attributes: Vec::new(), children: Vec::new() };
        self.within(start.name().0.len() <= self.limits.name, Limit::Name)?;
        (element.namespace, element.name) = self.resolve(start.name().0, true)?;
        element.attributes.reserve_exact(plain.len());
        for (name, value) in plain {
            let (namespace, name) = self.resolve(name, false)?;
            element.attributes.push(Attribute { namespace, name, value });
        }
        if has_twins(&element.attributes) { Err(FrameError::Malformed) } else { Ok(element) }
    }

    /// Binds a prefix for the element that is being opened; `outer` bindings were there before.
    fn declare(&mut self, prefix: &str, outer: usize, namespace: &str) -> Result<(), FrameError> {
        if self.scope.iter().skip(outer).any(|(bound, ..)| bound == prefix) {
            return Err(FrameError::Malformed);
        }
        self.scope.push((prefix.to_owned(), self.stack.len(), namespace_word(namespace)));
        // Every name is looked up among them, so there must not be many at any place.
        self.within(self.scope.len() <= self.limits.attributes, Limit::Attributes)
    }

    fn resolve(&self, name: &str, is_element: bool) -> Result<(Word, Word), FrameError> {
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
            Some("") => return Err(FrameError::Malformed),
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

/// Whether two attributes have the same name. Sorted, because comparing each with each lets one frame of many
/// attributes take a second.
fn has_twins(attributes: &[Attribute]) -> bool {
    let mut names: Vec<(&str, &str)> = attributes.iter().map(|a| (&*a.name, &*a.namespace)).collect();
    order::sort(&mut names);
    names.array_windows().any(|[one, next]| one == next)
}

/// Whether there is white space between the attributes; the reader below us does without.
fn is_spaced(attributes: &str) -> bool {
    let mut quote = None;
    let mut characters = attributes.chars().peekable();
    while let Some(character) = characters.next() {
        match quote {
            None if matches!(character, '\'' | '"') => quote = Some(character),
            Some(open) if open == character => {
                quote = None;
                if characters.peek().is_some_and(|next| !next.is_ascii_whitespace()) {
                    return false;
                }
            }
            _ => {}
        }
    }
    true
}

/// Namespaces that only the prefixes `xml` and `xmlns` may stand for, and those without being declared.
fn is_reserved(namespace: &str) -> bool {
    namespace == ns::XML || namespace == ns::XMLNS
}

/// Whether this can be a local name or a prefix (XML 1.0 §2.3, without the colon).
fn is_name(name: &str) -> bool {
    let mut characters = name.chars();
    characters.next().is_some_and(starts_name)
        && characters.all(|c| {
            starts_name(c)
                || matches!(c, '-' | '.' | '0'..='9' | '\u{b7}' | '\u{300}'..='\u{36f}' | '\u{203f}'..='\u{2040}')
        })
}

const fn starts_name(character: char) -> bool {
    matches!(character, 'A'..='Z' | '_' | 'a'..='z' | '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{f6}' | '\u{f8}'..='\u{2ff}'
        | '\u{370}'..='\u{37d}' | '\u{37f}'..='\u{1fff}' | '\u{200c}'..='\u{200d}' | '\u{2070}'..='\u{218f}'
        | '\u{2c00}'..='\u{2fef}' | '\u{3001}'..='\u{d7ff}' | '\u{f900}'..='\u{fdcf}' | '\u{fdf0}'..='\u{fffd}'
        | '\u{10000}'..='\u{effff}')
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
