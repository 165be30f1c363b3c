//! XEP-0059: one page of a long result.

use super::ns;
use super::xml::Element;

/// Which page is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Page {
    /// The first one.
    First,
    /// The last one.
    Last,
    /// The one before this item.
    Before(String),
    /// The one after this item.
    After(String),
}

/// `<set/>` of a request for at most `most` items.
pub fn request(page: &Page, most: u32) -> Element {
    let set = Element::new(ns::RSM, "set");
    let most = Element::new(ns::RSM, "max").text_with(&most.to_string());
    let place = match page {
        Page::First => return set.child_with(most),
        Page::Last => Element::new(ns::RSM, "before"),
        Page::Before(id) => Element::new(ns::RSM, "before").text_with(id),
        Page::After(id) => Element::new(ns::RSM, "after").text_with(id),
    };
    set.child_with(most).child_with(place)
}

/// What a page says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Received {
    /// Its first item.
    pub first: Option<String>,
    /// Its last item.
    pub last: Option<String>,
}

impl Received {
    /// Reads the `<set/>` inside an answer.
    pub fn of(answer: &Element) -> Self {
        let set = answer.child(ns::RSM, "set");
        let text = |name| {
            let text = set.and_then(|set| set.child(ns::RSM, name)).map(|item| item.text().trim().to_owned());
            text.filter(|text| !text.is_empty())
        };
        Self { first: text("first"), last: text("last") }
    }
}
