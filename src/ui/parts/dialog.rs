//! A window above the page. The browser's own `<dialog>` keeps the focus inside, closes on Escape and gives the focus
//! back to what had it before.

use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlDialogElement, MouseEvent};

use super::browser::{focused, next_frame};
use super::el::{IntoView, View, button, dialog, div, h2, header};
use super::icon::{CLOSE, icon};
use super::live::{act, at_end};
use crate::ui::words;

/// Shows `content` above the page until `close` was called, by a button, Escape or a click beside it.
pub(crate) fn modal(kind: &'static str, title: &'static str, close: impl Fn() + Copy + 'static, content: View) -> View {
    let before = focused();
    at_end(move || {
        // Only once the dialog is gone can anything else have the focus.
        next_frame(move || {
            if let Some(before) = before.filter(|before| before.is_connected()) {
                let _ = before.focus();
            }
        });
    });
    // The dialog has no padding of its own, so a click that hits it, and nothing in it, is beside the content.
    let beside = act(move |event: MouseEvent| {
        if event.target().is_some_and(|target| target.dyn_ref::<HtmlDialogElement>().is_some()) {
            close();
        }
    });
    let closer = button()
        .class("icon-button")
        .attr("type", "button")
        .attr("aria-label", words::CLOSE)
        .click(close)
        .child(icon(CLOSE));
    let view = dialog()
        .class(kind)
        .attr("aria-label", title)
        .on("close", act(move |_: Event| close()))
        .on("mousedown", beside)
        .child(div().class("sheet").child((header().child((h2().child(title), closer)), content)));
    let element: HtmlDialogElement = view.node();
    // It can be opened only once it is in the page.
    next_frame(move || {
        if element.is_connected() {
            let _ = element.show_modal();
        }
    });
    view.into_view()
}
