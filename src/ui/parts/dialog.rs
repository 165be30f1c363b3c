//! A window above the page. The browser's own `<dialog>` keeps the focus inside, closes on Escape and gives the focus
//! back to what had it before.

use leptos::html::{button, dialog, div, h2, header};
use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlDialogElement};

use super::browser::{focused, next_frame};
use super::icon::{CLOSE, icon};
use super::live::{act, at_end, with_element};
use crate::ui::words;

/// Shows `content` above the page until `close` was called, by a button, Escape or a click beside it.
pub(crate) fn modal(
    kind: &'static str,
    title: &'static str,
    close: impl Fn() + Copy + 'static,
    content: AnyView,
) -> AnyView {
    let before = focused();
    at_end(move || {
        // Only once the dialog is gone can anything else have the focus.
        next_frame(move || {
            if let Some(before) = before.filter(|before| before.is_connected()) {
                let _ = before.focus();
            }
        });
    });
    let open = with_element(|element: Element| {
        // It can be opened only once it is in the page.
        next_frame(move || {
            if let Some(dialog) = element.dyn_ref::<HtmlDialogElement>().filter(|dialog| dialog.is_connected()) {
                let _ = dialog.show_modal();
            }
        });
    });
    // The dialog has no padding of its own, so a click that hits it, and nothing in it, is beside the content.
    let beside = act(move |event: ev::MouseEvent| {
        if event.target().is_some_and(|target| target.dyn_ref::<HtmlDialogElement>().is_some()) {
            close();
        }
    });
    let closer = button()
        .class("icon-button")
        .attr("type", "button")
        .attr("aria-label", words::CLOSE)
        .on(ev::click, act(move |_: ev::MouseEvent| close()))
        .child(icon(CLOSE));
    dialog()
        .class(kind)
        .attr("aria-label", title)
        .on(ev::close, act(move |_: ev::Event| close()))
        .on(ev::mousedown, beside)
        .directive(open, ())
        .child(div().class("sheet").child((header().child((h2().child(title), closer)), content)))
        .into_any()
}
