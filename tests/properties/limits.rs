//! The limits hold for every frame, whatever else is wrong with it.

use proptest::prelude::*;
use waxwing::wire::xml::{Element, FrameError, Limits, Node, parse};

use crate::cases;
use crate::generate::{mutated, taste, tree, write};
use crate::tree::{Tree, TreeNode};

fn limits() -> impl Strategy<Value = Limits> {
    (1..600_usize, 1..5_usize, 0..6_usize, 1..20_usize, 1..9_usize)
        .prop_map(|(bytes, depth, attributes, nodes, name)| Limits { bytes, depth, attributes, nodes, name })
}

/// Depth, nodes, and the longest name.
fn measure(element: &Element) -> (usize, usize, usize) {
    let mut most = (0, 1, element.name().len());
    for node in element.nodes() {
        let (depth, nodes, name) = match node {
            Node::Element(child) => measure(child),
            Node::Text(_) => (0, 1, 0),
        };
        most = (most.0.max(depth), most.1 + nodes, most.2.max(name));
    }
    (most.0 + 1, most.1, most.2)
}

fn most_attributes(tree: &Tree) -> usize {
    let inner = tree.nodes.iter().map(|node| match node {
        TreeNode::Element(child) => most_attributes(child),
        TreeNode::Text(_) => 0,
    });
    inner.max().unwrap_or(0).max(tree.attributes.len())
}

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn what_is_read_is_within_the_limits(frame in mutated(), limits in limits()) {
        match parse(&frame, &limits) {
            Ok(element) => {
                let (depth, nodes, name) = measure(&element);
                prop_assert!(frame.len() <= limits.bytes);
                prop_assert!(depth <= limits.depth && nodes <= limits.nodes && name <= limits.name);
                let attributes = Tree::read(&element.to_xml()).map(|tree| most_attributes(&tree));
                prop_assert!(attributes.is_some_and(|number| number <= limits.attributes));
            }
            // What stands for the frame is empty and small enough itself.
            Err(FrameError::TooMuch { root: Some(root), .. }) => {
                prop_assert!(root.nodes().is_empty() && root.name().len() <= limits.name);
            }
            Err(_) => {}
        }
    }

    /// A frame that fits is never refused for its size, and exactly at the limit it fits still.
    #[test]
    fn what_fits_is_read(tree in tree(), mut taste in taste()) {
        let frame = write(&tree, &mut taste);
        let element = parse(&frame, &Limits::STANZA).unwrap();
        let (depth, nodes, _) = measure(&element);
        let exact = Limits { bytes: frame.len(), depth, nodes, ..Limits::STANZA };
        prop_assert_eq!(parse(&frame, &exact), Ok(element));
        for small in [
            Limits { bytes: frame.len() - 1, ..exact },
            Limits { depth: depth - 1, ..exact },
            Limits { nodes: nodes - 1, ..exact },
        ] {
            let refused = matches!(parse(&frame, &small), Err(FrameError::TooMuch { .. }));
            prop_assert!(refused, "{small:?}\n{frame}");
        }
    }
}
