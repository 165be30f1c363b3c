//! A button with more behind it: a click does the one thing; a right click, a long press or the key for menus the other.

use std::cell::Cell;
use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::browser::{document, later, listen};
use super::el::{El, IntoView, View};

/// How long a finger rests for a long press, in milliseconds: a little longer than where the browser itself takes it
/// for a wish to see a menu.
const LONG: i32 = 600;

/// Finishes a button that does `go` on a click and `more` on a wish for more.
pub(crate) fn press(button: El, go: impl Fn() + 'static, more: impl Fn() + 'static) -> View {
    let element: Element = button.node();
    let row = element.clone();
    let more = Rc::new(move || {
        point_to(&row);
        more();
    });
    // Which touch it is, and whether it was long: the click that some browsers make of its end is none.
    let (touch, was_long) = (Rc::new(Cell::new(0_u32)), Rc::new(Cell::new(false)));
    {
        let (touch, was_long, more, element) = (touch.clone(), was_long.clone(), more.clone(), element.clone());
        listen(&element.clone(), "touchstart", move |_| {
            let this = touch.get().wrapping_add(1);
            touch.set(this);
            was_long.set(false);
            let (touch, was_long, more, element) = (touch.clone(), was_long.clone(), more.clone(), element.clone());
            later(LONG, move || {
                if touch.get() == this && element.is_connected() {
                    was_long.set(true);
                    more();
                }
            });
        });
    }
    for end in ["touchend", "touchmove", "touchcancel"] {
        let touch = touch.clone();
        listen(&element, end, move |_| touch.set(touch.get().wrapping_add(1)));
    }
    listen(&element, "contextmenu", move |event| {
        event.prevent_default();
        touch.set(touch.get().wrapping_add(1));
        more();
    });
    button
        .click(move || {
            if !was_long.replace(false) {
                go();
            }
        })
        .into_view()
}

/// Tells the style where what opens next belongs: beside this.
fn point_to(element: &Element) {
    let root = document().document_element().and_then(|root| root.dyn_into::<HtmlElement>().ok());
    let Some(style) = root.map(|root| root.style()) else { return };
    let place = element.get_bounding_client_rect();
    let _ = style.set_property("--beside-x", &format!("{}px", place.left() as i32));
    let _ = style.set_property("--beside-y", &format!("{}px", place.bottom() as i32));
}
