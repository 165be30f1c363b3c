//! Builds the page, node by node.
//!
//! The views of Leptos are types: each arrangement of elements is a type of its own with its own code to build,
//! compare, patch and remove it. Measured on this client they made up two thirds of the interface's code. Here an
//! element exists as soon as it is named, and what changes in it is an effect of Leptos on that one place. Nothing is
//! ever parsed as markup: text becomes text nodes, so the strictest Trusted Types policy holds by itself.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, HtmlElement, Node};

use super::browser::{document, listen};
use super::live::{Handle, Live, watch};

/// An element that is being built.
#[derive(Clone)]
pub(crate) struct El(Element);

/// A finished part of the page: one node, several, or none.
pub(crate) struct View(Option<Node>);

/// What can stand inside an element.
pub(crate) trait IntoView: Sized {
    /// Puts itself at the end of a node.
    fn append_to(self, parent: &Node);

    /// Forgets of what kind it is.
    fn into_view(self) -> View {
        let fragment: Node = document().create_document_fragment().into();
        self.append_to(&fragment);
        View(Some(fragment))
    }
}

/// What can be the value of an attribute.
pub(crate) trait IntoAttribute {
    /// Sets the attribute of an element.
    fn set(self, element: &Element, name: &'static str);
}

macro_rules! elements {
    ($($name:ident)*) => {$(
        /// An element of that name.
        pub(crate) fn $name() -> El {
            El::new(stringify!($name))
        }
    )*};
}

elements! {
    a aside blockquote button code del dialog div em fieldset form h2 h3 header img input label legend li main mark nav option p pre progress section
    select slot span strong textarea ul
}

impl El {
    fn new(name: &str) -> Self {
        // Fails only for names that are none, and these are known.
        Self(document().create_element(name).unwrap_or_else(|error| wasm_bindgen::throw_val(error)))
    }

    /// A drawing: the strokes of one path.
    pub(crate) fn drawing(view_box: &str, strokes: &str) -> Self {
        const SVG: Option<&str> = Some("http://www.w3.org/2000/svg");
        let make =
            |name| document().create_element_ns(SVG, name).unwrap_or_else(|error| wasm_bindgen::throw_val(error));
        let (svg, path) = (make("svg"), make("path"));
        let _ = svg.set_attribute("viewBox", view_box);
        let _ = svg.set_attribute("aria-hidden", "true");
        let _ = path.set_attribute("d", strokes);
        let _ = svg.append_child(&path);
        Self(svg)
    }

    /// Its classes, which are ours alone.
    pub(crate) fn class(self, class: &'static str) -> Self {
        self.attr("class", class)
    }

    /// One attribute.
    pub(crate) fn attr(self, name: &'static str, value: impl IntoAttribute) -> Self {
        value.set(&self.0, name);
        self
    }

    /// One custom property of its style, set without any style being parsed.
    pub(crate) fn style(self, name: &'static str, value: &str) -> Self {
        let style = self.0.unchecked_ref::<HtmlElement>().style();
        let _ = style.set_property(name, value);
        self
    }

    /// A property that follows the data, such as what a field holds.
    pub(crate) fn prop<T: Into<JsValue> + 'static>(self, name: &'static str, mut value: Live<T>) -> Self {
        let element = self.0.clone();
        watch(move || {
            let value = value.run().into();
            // Setting what is there already would move the cursor.
            if js_sys::Reflect::get(&element, &name.into()).is_ok_and(|known| known != value) {
                let _ = js_sys::Reflect::set(&element, &name.into(), &value);
            }
        });
        self
    }

    /// What happens on an event.
    pub(crate) fn on<E: JsCast + 'static>(self, event: &'static str, mut handle: Box<dyn Handle<E>>) -> Self {
        listen(&self.0, event, move |event: Event| handle.handle(event.unchecked_into()));
        self
    }

    /// What happens on a click.
    pub(crate) fn click(self, act: impl FnMut() + 'static) -> Self {
        self.click_boxed(Box::new(act))
    }

    fn click_boxed(self, mut act: Live<()>) -> Self {
        listen(&self.0, "click", move |_| act.run());
        self
    }

    /// What stands in it, after what stands there already.
    pub(crate) fn child(self, content: impl IntoView) -> Self {
        content.append_to(&self.0);
        self
    }

    /// The element, as what it is known to be.
    pub(crate) fn node<T: JsCast>(&self) -> T {
        self.0.clone().unchecked_into()
    }
}

impl View {
    /// Nothing.
    pub(crate) const NONE: Self = Self(None);
}

impl IntoView for View {
    fn append_to(self, parent: &Node) {
        if let Some(node) = self.0 {
            let _ = parent.append_child(&node);
        }
    }

    fn into_view(self) -> Self {
        self
    }
}

impl IntoView for El {
    fn append_to(self, parent: &Node) {
        let _ = parent.append_child(&self.0);
    }

    fn into_view(self) -> View {
        View(Some(self.0.into()))
    }
}

impl IntoView for &str {
    fn append_to(self, parent: &Node) {
        let _ = parent.append_child(&document().create_text_node(self));
    }
}

impl IntoView for String {
    fn append_to(self, parent: &Node) {
        self.as_str().append_to(parent);
    }
}

impl<T: IntoView> IntoView for Option<T> {
    fn append_to(self, parent: &Node) {
        if let Some(view) = self {
            view.append_to(parent);
        }
    }
}

impl<T: IntoView> IntoView for Vec<T> {
    fn append_to(self, parent: &Node) {
        self.into_iter().for_each(|view| view.append_to(parent));
    }
}

impl<T: IntoView + 'static> IntoView for Live<T> {
    fn append_to(mut self, parent: &Node) {
        region(parent, Box::new(move |place: &Node| self.run().append_to(place)));
    }
}

macro_rules! tuples {
    ($($name:ident)*) => {
        impl<$($name: IntoView),*> IntoView for ($($name,)*) {
            #[allow(non_snake_case)]
            fn append_to(self, parent: &Node) {
                let ($($name,)*) = self;
                $($name.append_to(parent);)*
            }
        }
    };
}

tuples!(A B);
tuples!(A B C);
tuples!(A B C D);
tuples!(A B C D E);
tuples!(A B C D E F);

/// A part of the page that is built anew whenever what it was made of changes. Two empty texts mark where it is.
fn region(parent: &Node, mut build: Box<dyn for<'a> Handle<&'a Node>>) {
    let (start, end) = (document().create_text_node(""), document().create_text_node(""));
    let _ = parent.append_child(&start);
    let _ = parent.append_child(&end);
    watch(move || {
        let fragment: Node = document().create_document_fragment().into();
        build.handle(&fragment);
        let Some(parent) = end.parent_node() else { return };
        while let Some(old) = start.next_sibling().filter(|old| !old.is_same_node(Some(&end))) {
            let _ = parent.remove_child(&old);
        }
        let _ = parent.insert_before(&fragment, Some(&end));
    });
}

impl IntoAttribute for &str {
    fn set(self, element: &Element, name: &'static str) {
        let _ = element.set_attribute(name, self);
    }
}

impl IntoAttribute for String {
    fn set(self, element: &Element, name: &'static str) {
        self.as_str().set(element, name);
    }
}

impl<T: IntoAttribute> IntoAttribute for Option<T> {
    fn set(self, element: &Element, name: &'static str) {
        match self {
            Some(value) => value.set(element, name),
            None => {
                let _ = element.remove_attribute(name);
            }
        }
    }
}

impl<T: IntoAttribute + 'static> IntoAttribute for Live<T> {
    fn set(mut self, element: &Element, name: &'static str) {
        let element = element.clone();
        watch(move || self.run().set(&element, name));
    }
}
