//! `xmpp-parsers`, `rxml` and the `jid` crate judge every stanza we write and read, and every address.
//!
//! They share no code with us and are used by other clients, so what we agree on with them is XMPP and not
//! merely our own opinion of it. Where we differ on purpose, the test says so and why.

mod addresses;
mod alphabet;
mod read;
mod streams;
mod tree;
mod write;

use waxwing::wire::xml::{Element, Limits, parse};
use xmpp_parsers::minidom;

/// Reads what the judge wrote.
fn read_ours(text: &str) -> Element {
    parse(text, &Limits::STANZA).unwrap_or_else(|error| panic!("{error:?}: {text}"))
}

/// The XML of one of the judge's values.
fn their_xml(value: &impl xso::AsXml) -> String {
    String::from_utf8(xso::to_vec(value).unwrap()).unwrap()
}

/// One of the judge's values, from our XML.
fn their_value<T: xso::FromXml>(element: &Element) -> T {
    let text = element.to_xml();
    xso::from_bytes(text.as_bytes()).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// The same element for the judge.
fn their_element(element: &Element) -> minidom::Element {
    settled(&element.to_xml().parse().unwrap())
}

/// The judge compares prefixes and the pieces in which text arrived. Neither means anything, so both go.
fn settled(element: &minidom::Element) -> minidom::Element {
    let mut bare = minidom::Element::bare(element.name(), element.ns());
    *bare.attrs_mut() = element.attrs().clone();
    let mut text = String::new();
    for node in element.nodes() {
        match node {
            minidom::Node::Text(part) => text.push_str(part),
            minidom::Node::Element(child) => {
                if !text.is_empty() {
                    bare.append_text_node(std::mem::take(&mut text));
                }
                bare.append_child(settled(child));
            }
        }
    }
    if !text.is_empty() {
        bare.append_text_node(text);
    }
    bare
}
