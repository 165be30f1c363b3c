//! Elements survive reading and writing.

use proptest::prelude::*;
use waxwing::wire::xml::{Element, Limits, Node, parse};

use crate::cases;
use crate::generate::{XML, soup, taste, text, tree, write};
use crate::tree::{Tree, TreeNode};

/// Builds an element by our own means. They take names that live for ever, so the test gives its own away.
/// Attributes with a namespace cannot be built, only read.
fn build(tree: &Tree) -> Element {
    let leak = |text: &String| -> &'static str { text.clone().leak() };
    let mut element = Element::new(leak(&tree.namespace), leak(&tree.name));
    for ((namespace, name), value) in &tree.attributes {
        if namespace.is_empty() {
            element.set(leak(name), value.clone());
        }
    }
    for node in &tree.nodes {
        match node {
            TreeNode::Element(child) => element.push(build(child)),
            TreeNode::Text(text) => element.push_text(text),
        }
    }
    element
}

fn without_prefixed(tree: &Tree) -> Tree {
    let mut tree = tree.clone();
    tree.attributes.retain(|(namespace, _), _| namespace.is_empty());
    for node in &mut tree.nodes {
        if let TreeNode::Element(child) = node {
            *child = without_prefixed(child);
        }
    }
    tree
}

/// Whether an element says what it should, asked through the same functions that the client uses.
fn same(element: &Element, tree: &Tree) -> bool {
    let attributes = tree.attributes.iter().all(|((namespace, name), value)| match namespace.as_str() {
        "" => element.attribute(name) == Some(value),
        XML if name == "lang" => element.language() == Some(value),
        _ => true,
    });
    element.is(&tree.namespace, &tree.name)
        && attributes
        && element.nodes().len() == tree.nodes.len()
        && element.nodes().iter().zip(&tree.nodes).all(|pair| match pair {
            (Node::Element(element), TreeNode::Element(tree)) => same(element, tree),
            (Node::Text(own), TreeNode::Text(text)) => own == text,
            _ => false,
        })
}

proptest! {
    #![proptest_config(cases(150))]

    /// However an element is written, we read it, and write it again so that the judge reads the same.
    #[test]
    fn every_way_to_write_an_element_is_read(tree in tree(), mut taste in taste()) {
        let written = write(&tree, &mut taste);
        let element = parse(&written, &Limits::STANZA).unwrap();
        prop_assert!(same(&element, &tree), "{written}\n{element:?}");
        let again = element.to_xml();
        prop_assert_eq!(Tree::read(&again), Some(tree), "{}", again);
        prop_assert_eq!(parse(&again, &Limits::STANZA), Ok(element));
    }

    /// The generator itself writes what it means, so that the property above says something.
    #[test]
    fn the_judge_reads_what_the_generator_writes(tree in tree(), mut taste in taste()) {
        let written = write(&tree, &mut taste);
        prop_assert_eq!(Tree::read(&written), Some(tree), "{}", written);
    }

    /// What we build ourselves arrives.
    #[test]
    fn written_then_read_is_the_same(tree in tree()) {
        let element = build(&tree);
        let written = element.to_xml();
        prop_assert_eq!(Tree::read(&written), Some(without_prefixed(&tree)), "{}", written);
        prop_assert_eq!(parse(&written, &Limits::STANZA), Ok(element), "{}", written);
    }

    /// Whatever a person pastes, what we write stays well formed and says the rest.
    #[test]
    fn nothing_pasted_breaks_a_frame(before in text(), pasted in any::<String>(), value in any::<String>()) {
        let element = Element::new("urn:a", "a").with("b", value).text_with(&before).text_with(&pasted);
        let written = element.to_xml();
        let read = Tree::read(&written);
        prop_assert!(read.is_some(), "{written:?}");
        prop_assert!(parse(&written, &Limits::STANZA).is_ok(), "{written:?}");
    }
}

proptest! {
    #![proptest_config(cases(600))]

    #[test]
    fn no_text_makes_the_reader_panic(text in any::<String>(), soup in soup()) {
        let _ = parse(&text, &Limits::STANZA);
        let _ = parse(&soup, &Limits::STANZA);
        let _ = waxwing::wire::host_meta::links(&soup, "a");
    }
}
