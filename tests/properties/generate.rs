//! Where the inputs come from.

use std::collections::BTreeMap;

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::select;

use crate::tree::{Tree, TreeNode};

pub const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// Any character that XML 1.0 can carry, the awkward ones more often than chance would have it.
pub fn xml_char() -> impl Strategy<Value = char> {
    prop_oneof![
        4 => prop::char::range('a', 'z'),
        3 => select(vec!['<', '>', '&', '\'', '"', ' ', '\t', '\n', '\r', ']', '[', '!', '-', '?', ';', '#', '/', '=']),
        2 => select(vec!['\u{85}', '\u{a0}', '\u{2028}', '\u{fffd}', '\u{feff}', '\u{d7ff}', '\u{e000}', '\u{10ffff}']),
        1 => prop::char::range('\u{20}', '\u{d7ff}'),
        1 => prop::char::range('\u{e000}', '\u{fffd}'),
        1 => prop::char::range('\u{10000}', '\u{10ffff}'),
    ]
}

/// Any text that XML can carry.
pub fn text() -> impl Strategy<Value = String> {
    vec(xml_char(), 0..12).prop_map(String::from_iter)
}

/// A name without a colon.
pub fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        2 => select(vec!["message", "body", "item", "delay", "x", "xml", "xmlns", "xmlnsx", "lang"]).prop_map(str::to_owned),
        3 => "[a-zA-Z_][a-zA-Z0-9_.-]{0,6}",
        1 => "[\u{c0}-\u{d6}\u{370}-\u{37d}\u{3041}-\u{3096}\u{10000}-\u{10fff}][a-z\u{b7}\u{300}\u{203f}]{0,2}",
    ]
}

/// A namespace, or none. Never one of the two that XML keeps for itself.
pub fn namespace() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => select(vec!["jabber:client", "urn:xmpp:delay", "urn:xmpp:carbons:2", "urn:a", "urn:b"]).prop_map(str::to_owned),
        1 => Just(String::new()),
        1 => text().prop_filter("kept by XML", |text| !text.contains("http://www.w3.org/")),
    ]
}

fn attributes() -> impl Strategy<Value = BTreeMap<(String, String), String>> {
    let key = prop_oneof![
        5 => name().prop_filter("declares a namespace", |name| name != "xmlns").prop_map(|name| (String::new(), name)),
        1 => Just((XML.to_owned(), "lang".to_owned())),
        1 => Just((XML.to_owned(), "space".to_owned())),
        1 => (namespace().prop_filter("no prefix may mean nothing", |namespace| !namespace.is_empty()), name()),
    ];
    btree_map(key, text(), 0..5)
}

fn leaf() -> impl Strategy<Value = Tree> {
    (namespace(), name(), attributes(), text()).prop_map(|(namespace, name, attributes, text)| {
        let mut tree = Tree { namespace, name, attributes, nodes: Vec::new() };
        tree.push_text(&text);
        tree
    })
}

/// Any element.
pub fn tree() -> impl Strategy<Value = Tree> {
    leaf().prop_recursive(5, 24, 4, |inner| {
        (leaf(), vec((inner, text()), 0..4)).prop_map(|(mut tree, children)| {
            for (child, text) in children {
                tree.nodes.push(TreeNode::Element(child));
                tree.push_text(&text);
            }
            tree
        })
    })
}

/// Which of the many ways to write the same element is taken; each decision uses up one number.
pub struct Taste {
    numbers: Vec<u8>,
    at: usize,
}

impl Taste {
    fn choose(&mut self, ways: u8) -> u8 {
        let number = self.numbers.get(self.at).copied().unwrap_or(0);
        self.at = (self.at + 1) % self.numbers.len().max(1);
        number % ways
    }
}

/// Any taste.
pub fn taste() -> impl Strategy<Value = Taste> {
    vec(any::<u8>(), 1..64).prop_map(|numbers| Taste { numbers, at: 0 })
}

impl std::fmt::Debug for Taste {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", self.numbers)
    }
}

/// Writes an element in any of the ways that XML allows: prefixes or defaults, either quote, references in
/// decimal or hexadecimal, sections, spaces.
pub fn write(tree: &Tree, taste: &mut Taste) -> String {
    let mut out = String::new();
    element(&mut out, tree, taste);
    out
}

fn element(out: &mut String, tree: &Tree, taste: &mut Taste) {
    let prefixed = !tree.namespace.is_empty() && taste.choose(2) == 1;
    let tag = if prefixed { format!("p:{}", tree.name) } else { tree.name.clone() };
    let mut written = Vec::new();
    written.push((if prefixed { "xmlns:p" } else { "xmlns" }.to_owned(), tree.namespace.as_str()));
    for (index, ((namespace, name), value)) in tree.attributes.iter().enumerate() {
        let name = match namespace.as_str() {
            "" => name.clone(),
            XML => format!("xml:{name}"),
            namespace => {
                written.push((format!("xmlns:q{index}"), namespace));
                format!("q{index}:{name}")
            }
        };
        written.push((name, value));
    }
    // The order of attributes and declarations means nothing.
    if taste.choose(2) == 1 {
        written.reverse();
    }
    out.push('<');
    out.push_str(&tag);
    for (name, value) in written {
        let quote = if taste.choose(2) == 1 { '"' } else { '\'' };
        out.push_str([" ", "\n ", "\t"][usize::from(taste.choose(3))]);
        out.push_str(&name);
        out.push_str(["=", " = ", "=\n"][usize::from(taste.choose(3))]);
        out.push(quote);
        for character in value.chars() {
            let must = matches!(character, '<' | '&' | '\t' | '\n' | '\r') || character == quote;
            escaped(out, character, must, taste);
        }
        out.push(quote);
    }
    if tree.nodes.is_empty() && taste.choose(2) == 1 {
        out.push_str(["/>", " />"][usize::from(taste.choose(2))]);
        return;
    }
    out.push_str([">", " >"][usize::from(taste.choose(2))]);
    for node in &tree.nodes {
        match node {
            TreeNode::Element(child) => element(out, child, taste),
            TreeNode::Text(text) if taste.choose(4) == 1 && !text.contains("]]>") && !text.contains('\r') => {
                out.push_str("<![CDATA[");
                out.push_str(text);
                out.push_str("]]>");
            }
            TreeNode::Text(text) => {
                for character in text.chars() {
                    escaped(out, character, matches!(character, '<' | '&' | '\r' | '>'), taste);
                }
            }
        }
    }
    out.push_str("</");
    out.push_str(&tag);
    out.push_str([">", " >", "\n>"][usize::from(taste.choose(3))]);
}

fn escaped(out: &mut String, character: char, must: bool, taste: &mut Taste) {
    if !must && taste.choose(8) != 1 {
        out.push(character);
        return;
    }
    let named = match character {
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        '&' => Some("&amp;"),
        '\'' => Some("&apos;"),
        '"' => Some("&quot;"),
        _ => None,
    };
    match (taste.choose(3), named) {
        (0, Some(named)) => out.push_str(named),
        (1, _) => out.push_str(&format!("&#{};", u32::from(character))),
        _ => out.push_str(&format!("&#x{:x};", u32::from(character))),
    }
}

/// Pieces of XML, right and wrong, in any order: reaches the reader's corners, which arbitrary text does not.
pub fn soup() -> impl Strategy<Value = String> {
    const PIECES: &[&str] = &[
        "<",
        ">",
        "</",
        "/>",
        "=",
        "'",
        "\"",
        " ",
        "\n",
        "\r\n",
        "&",
        ";",
        "&amp;",
        "&#x41;",
        "&#0;",
        "&#xd800;",
        "&e;",
        "&#",
        "<a>",
        "</a>",
        "<b/>",
        "<a b='c'>",
        "<p:a>",
        "</p:a>",
        " xmlns='u'",
        " xmlns:p='u'",
        " xmlns:p=''",
        " p:b='1'",
        " b='1'",
        " b=\"<\"",
        " xml:lang='en'",
        "xmlns",
        "xmlns:",
        ":",
        "a",
        "b",
        "p:",
        "xml",
        "-",
        ".",
        "1",
        "\u{d7}",
        "\u{feff}",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "<?xml version='1.0'?>",
        "<?p i?>",
        "<!DOCTYPE a>",
        "]]",
        "\u{0}",
        "\u{b}",
        "\u{ffff}",
        "<stream:error>",
        "</stream:error>",
        "\u{1f426}",
        "text",
        "<message xmlns='jabber:client'>",
        "</message>",
        "<body>hi</body>",
    ];
    vec(select(PIECES), 0..14).prop_map(|pieces| pieces.concat())
}

/// Something well formed with a few characters or pieces changed, moved, doubled or taken out.
pub fn mutated() -> impl Strategy<Value = String> {
    let change = (any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0..6_u8, soup());
    let start = prop_oneof![
        2 => (tree(), taste()).prop_map(|(tree, mut taste)| write(&tree, &mut taste)),
        1 => select(REAL).prop_map(str::to_owned),
    ];
    (start, vec(change, 1..4)).prop_map(|(text, changes)| {
        let mut text: Vec<char> = text.chars().collect();
        for (from, to, what, piece) in changes {
            if text.is_empty() {
                break;
            }
            let (from, to) = (from.index(text.len()), to.index(text.len()));
            let short = to.clamp(from, text.len().min(from + 12));
            match what {
                0 => drop(text.remove(from)),
                1 => text.swap(from, to),
                2 => drop(text.drain(from..short)),
                3 => {
                    let copy = text[from..short].to_vec();
                    drop(text.splice(to..to, copy));
                }
                4 => text.truncate(from),
                _ => drop(text.splice(from..from, piece.chars().take(24))),
            }
        }
        text.into_iter().collect()
    })
}

/// Frames as servers send them.
pub const REAL: &[&str] = &[
    "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' from='a.localhost' id='1' version='1.0' xml:lang='en'/>",
    "<stream:features xmlns:stream='http://etherx.jabber.org/streams'><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>\
     <mechanism>SCRAM-SHA-256</mechanism><mechanism>PLAIN</mechanism></mechanisms></stream:features>",
    "<stream:error xmlns:stream='http://etherx.jabber.org/streams'><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>\
     <text xml:lang='en' xmlns='urn:ietf:params:xml:ns:xmpp-streams'>Replaced</text></stream:error>",
    "<message xmlns='jabber:client' from='juliet@a.localhost/x' to='romeo@a.localhost' type='chat' id='1'><body>a &amp; b</body>\
     <delay xmlns='urn:xmpp:delay' stamp='2026-11-22T10:11:12Z' from='a.localhost'/></message>",
    "<presence xmlns='jabber:client' from='juliet@a.localhost/x' xml:lang='en'><show>away</show><status>tea</status><priority>5</priority>\
     <c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='https://c' ver='x='/></presence>",
    "<iq xmlns='jabber:client' type='set' id='push'><query xmlns='jabber:iq:roster' ver='7'><item jid='a@b' subscription='both'>\
     <group>Friends</group></item></query></iq>",
    "<iq xmlns='jabber:client' type='error' id='2' from='a.localhost'><error type='cancel'><item-not-found \
     xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>",
];
