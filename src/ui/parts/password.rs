//! A field for a password, with an eye to see what was typed.

use web_sys::{Element, HtmlInputElement};

use super::el::{El, button, input, span};
use super::icon::{EYE, LID, icon};
use crate::ui::words;

/// The field and its eye. `complete` is what password managers are told.
pub(crate) fn password(complete: &'static str) -> (El, HtmlInputElement) {
    let field = input().attr("type", "password").attr("autocomplete", complete);
    let node: HtmlInputElement = field.node();
    let eye = button()
        .class("icon-button")
        .attr("type", "button")
        .attr("aria-label", words::SHOW_PASSWORD)
        .attr("aria-pressed", "false")
        .child((icon(EYE), icon(LID).attr("class", "icon lid")));
    let (shown, pressed): (HtmlInputElement, Element) = (node.clone(), eye.node());
    let eye = eye.click(move || {
        let hidden = shown.type_() == "password";
        shown.set_type(if hidden { "text" } else { "password" });
        let _ = pressed.set_attribute("aria-pressed", if hidden { "true" } else { "false" });
        let word = if hidden { words::HIDE_PASSWORD } else { words::SHOW_PASSWORD };
        let _ = pressed.set_attribute("aria-label", word);
        let _ = shown.focus();
    });
    (span().class("password").child((field, eye)), node)
}
