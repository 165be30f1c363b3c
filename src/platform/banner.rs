//! Telling what is wrong with the page itself, by the barest means: this must work when nothing else does.

use js_sys::{Function, Reflect};
use wasm_bindgen::JsCast;
use web_sys::{Document, Element};

/// The element of `index.html` in which `boot.js` tells that the program could not be loaded, too.
const PLACE: &str = "boot-problem";

/// Shows a text, with a button that loads the page again if that can help.
pub fn show(text: &str, offer_reload: bool) {
    if let Some(document) = web_sys::window().and_then(|window| window.document())
        && let Some(place) = place(&document)
    {
        place.set_text_content(Some(text));
        let _ = place.remove_attribute("hidden");
        if offer_reload {
            append_reload(&document, &place);
        }
    }
}

/// Takes back what was shown.
pub fn hide() {
    if let Some(document) = web_sys::window().and_then(|window| window.document())
        && let Some(place) = document.get_element_by_id(PLACE)
    {
        let _ = place.set_attribute("hidden", "");
    }
}

/// Nothing but the banner can be used any more: what is typed into a page that stands still goes nowhere.
pub fn stop_the_rest() {
    let Some(document) = web_sys::window().and_then(|window| window.document()) else { return };
    let mut next = document.body().and_then(|body| body.first_element_child());
    while let Some(element) = next {
        if element.id() != PLACE {
            let _ = element.set_attribute("inert", "");
        }
        next = element.next_element_sibling();
    }
}

fn place(document: &Document) -> Option<Element> {
    document.get_element_by_id(PLACE).or_else(|| {
        let place = document.create_element("p").ok()?;
        place.set_attribute("role", "alert").ok()?;
        place.set_id(PLACE);
        document.body()?.prepend_with_node_1(&place).ok()?;
        Some(place)
    })
}

fn append_reload(document: &Document, place: &Element) {
    let Ok(button) = document.create_element("button") else { return };
    let _ = button.set_attribute("type", "button");
    button.set_text_content(Some("Reload"));
    // The browser's own function, not one of ours: ours may be what stopped.
    let Some(location) = web_sys::window().map(|window| window.location()) else { return };
    let Ok(Ok(reload)) = Reflect::get(&location, &"reload".into()).map(JsCast::dyn_into::<Function>) else { return };
    let _ = button.add_event_listener_with_callback("click", &reload.bind0(&location));
    let _ = place.append_with_str_1(" ");
    let _ = place.append_with_node_1(&button);
}
