//! The dialogs above the page; one at most is open.

mod details;
mod people;
mod status;

use leptos::html::{button, div, input, label, span};
use leptos::{ev, prelude::*};

use super::client::Client;
use super::page::Dialog;
use super::parts::dialog::modal;
use super::parts::live::{act, live_view};
use super::words;

/// Shows the dialog that is asked for.
pub(crate) fn host(client: Client) -> AnyView {
    let page = client.page();
    let opened = Memo::new(move |count: Option<&u64>| {
        page.dialog.track();
        count.copied().unwrap_or_default().wrapping_add(1)
    });
    // Numbered, so that each opening is a dialog of its own and never another one patched.
    let each = move || {
        let number = opened.get();
        page.dialog.with_untracked(Option::is_some).then_some(number)
    };
    let show = move |_: u64| {
        let close = move || page.close_dialog();
        let Some(dialog) = page.dialog.get_untracked() else { return ().into_any() };
        match dialog {
            Dialog::Status => modal("dialog menu", words::STATUS, close, status::status(client)),
            Dialog::Add(address) => modal("dialog", words::ADD_CONTACT, close, people::add(client, address)),
            Dialog::Details(address) => modal("dialog", words::DETAILS, close, details::details(client, address)),
            Dialog::Edit(address) => modal("dialog", words::EDIT_CONTACT, close, people::edit(client, &address)),
            Dialog::Remove(address) => modal("dialog", words::REMOVE_CONTACT, close, people::remove(client, address)),
        }
    };
    For(ForProps::builder().each(each).key(|number| *number).children(show).build()).into_any()
}

/// A field with its label above and a hint below.
fn field(
    title: &'static str,
    hook: &'static str,
    placeholder: &'static str,
    hint: Option<&'static str>,
    value: RwSignal<String>,
) -> AnyView {
    let typed = act(move |event: ev::Event| value.set(event_target_value(&event)));
    label()
        .class("field")
        .child((
            span().class("label").child(title),
            input()
                .attr("type", "text")
                .attr("data-testid", hook)
                .attr("dir", "auto")
                .attr("autocomplete", "off")
                .attr("autocapitalize", "none")
                .attr("spellcheck", "false")
                .attr("placeholder", placeholder)
                .prop("value", super::parts::live::live(move || value.get()))
                .on(ev::input, typed),
            hint.map(|hint| span().class("help").child(hint)),
        ))
        .into_any()
}

/// The buttons at the foot of a dialog: the deed, and the way back.
fn feet(client: Client, deed: &'static str, hook: &'static str, class: &'static str) -> AnyView {
    let page = client.page();
    div()
        .class("feet")
        .child((
            button()
                .class("button")
                .attr("type", "button")
                .on(ev::click, act(move |_: ev::MouseEvent| page.close_dialog()))
                .child(words::CANCEL),
            button().class(class).attr("type", "submit").attr("data-testid", hook).child(deed),
        ))
        .into_any()
}

/// A line that says what is wrong with what was entered.
fn complaint(problem: RwSignal<Option<&'static str>>) -> AnyView {
    let shown = live_view(move || {
        problem.get().map(|problem| div().class("complaint").attr("role", "alert").child(problem).into_any())
    });
    shown.into_any()
}
