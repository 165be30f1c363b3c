//! What an XML text says, told by `rxml`, the parser of restricted XML below `xmpp-parsers`. No code of ours
//! takes part, so both our reader and our writer can be held against it.

use std::collections::BTreeMap;

use rxml::{Event, Options, Parse, Parser, WithOptions};

/// An element: its name, attributes and content, without the prefixes that it happened to be written with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tree {
    pub namespace: String,
    pub name: String,
    /// By namespace and name.
    pub attributes: BTreeMap<(String, String), String>,
    pub nodes: Vec<TreeNode>,
}

/// What an element contains.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TreeNode {
    Element(Tree),
    /// Never empty; two never stand side by side.
    Text(String),
}

impl Tree {
    /// Reads one element with nothing around it; `None` if `rxml` refuses it.
    pub fn read(text: &str) -> Option<Self> {
        // Its own limit on tokens would hide what it thinks of a long one.
        let options = Options { max_token_length: text.len().max(16), ..Options::default() };
        let mut parser = Parser::with_options(options);
        let mut left = text.as_bytes();
        let mut open: Vec<Self> = Vec::new();
        let mut root = None;
        while let Some(event) = parser.parse(&mut left, true).ok()? {
            match event {
                Event::XmlDeclaration(..) => return None,
                Event::StartElement(_, (namespace, name), attributes) => open.push(Self {
                    namespace: namespace.as_str().to_owned(),
                    name: name.to_string(),
                    attributes: attributes
                        .into_iter()
                        .map(|((namespace, name), value)| ((namespace.as_str().to_owned(), name.to_string()), value))
                        .collect(),
                    nodes: Vec::new(),
                }),
                Event::Text(_, text) => open.last_mut()?.push_text(&text),
                Event::EndElement(_) => {
                    let element = open.pop()?;
                    match open.last_mut() {
                        Some(parent) => parent.nodes.push(TreeNode::Element(element)),
                        None => root = Some(element),
                    }
                }
            }
        }
        root
    }

    pub fn push_text(&mut self, text: &str) {
        match self.nodes.last_mut() {
            _ if text.is_empty() => {}
            Some(TreeNode::Text(before)) => before.push_str(text),
            _ => self.nodes.push(TreeNode::Text(text.to_owned())),
        }
    }
}
