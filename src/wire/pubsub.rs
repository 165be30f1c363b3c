//! XEP-0060: what is asked of a node of an account (XEP-0163), and how one is kept private (XEP-0223).

use super::ns;
use super::xml::Element;

fn pubsub(namespace: &'static str, inner: Element) -> Element {
    Element::new(namespace, "pubsub").child_with(inner)
}

fn named(namespace: &'static str, name: &'static str, node: &str) -> Element {
    Element::new(namespace, name).with("node", node)
}

/// Asks for everything on a node.
pub fn items(node: &str) -> Element {
    pubsub(ns::PUBSUB, named(ns::PUBSUB, "items", node))
}

/// Puts an item on a private node. Some servers know only the first two of its four options.
pub fn publish(node: &str, id: &str, content: Element, few_options: bool) -> Element {
    let item = Element::new(ns::PUBSUB, "item").with("id", id).child_with(content);
    let publish = pubsub(ns::PUBSUB, named(ns::PUBSUB, "publish", node).child_with(item));
    let options = options(ns::PUBLISH_OPTIONS, if few_options { 2 } else { 4 });
    publish.child_with(Element::new(ns::PUBSUB, "publish-options").child_with(options))
}

/// Takes an item off, and has others told.
pub fn retract(node: &str, id: &str) -> Element {
    let item = Element::new(ns::PUBSUB, "item").with("id", id);
    pubsub(ns::PUBSUB, named(ns::PUBSUB, "retract", node).with("notify", "true").child_with(item))
}

/// Sets up a private node that is there already.
pub fn configure(node: &str) -> Element {
    let configure = named(ns::PUBSUB_OWNER, "configure", node);
    pubsub(ns::PUBSUB_OWNER, configure.child_with(options(ns::NODE_CONFIG, 4)))
}

fn options(kind: &str, count: usize) -> Element {
    let all = [
        ("pubsub#persist_items", "true"),
        ("pubsub#access_model", "whitelist"),
        ("pubsub#max_items", if kind == ns::NODE_CONFIG { "1000" } else { "max" }),
        ("pubsub#send_last_published_item", "never"),
    ];
    let mut form = Element::new(ns::DATA, "x").with("type", "submit");
    form.push(field("FORM_TYPE", kind));
    all.into_iter().take(count).for_each(|(name, value)| form.push(field(name, value)));
    form
}

/// One field of a form (XEP-0004).
pub fn field(name: &str, value: &str) -> Element {
    let value = Element::new(ns::DATA, "value").text_with(value);
    Element::new(ns::DATA, "field").with("var", name).child_with(value)
}

/// Whether an account can keep a node private (XEP-0223 §5), by what it says of itself.
pub fn can_be_private(info: &Element) -> bool {
    let mut features = info.children().filter(|child| child.is(ns::DISCO_INFO, "feature"));
    features.any(|child| child.attribute("var") == Some(ns::PUBLISH_OPTIONS))
}
