//! The dialogs above the page; one at most is open.

use crate::ui::parts::el::{IntoView, View, button, div, input, label, span};
use crate::ui::parts::state::State;
use web_sys::Event;
mod account;
mod arrange;
mod details;
mod devices;
mod invitation;
mod link;
mod message;
pub(crate) mod new_chat;
mod people;
mod privacy;
mod status;

pub(crate) use arrange::delete_now;
use leptos::reactive::graph::untrack;

use super::account_words;
use super::client::Client;
use super::page::Dialog;
use super::parts::browser::typed_text;
use super::parts::dialog::modal;
use super::parts::live::{act, live};
use super::words;

/// Shows the dialog that is asked for.
pub(crate) fn host(client: Client) -> View {
    let page = client.page();
    let show = move |dialog: Dialog| {
        let close = move || page.close_dialog();
        match dialog {
            Dialog::Status => modal("dialog menu", words::STATUS, close, status::status(client)),
            Dialog::Add(address) => modal("dialog", words::ADD_CONTACT, close, people::add(client, address)),
            Dialog::Details(address) => modal("dialog", words::DETAILS, close, details::details(client, address)),
            Dialog::Edit(address) => modal("dialog", words::EDIT_CONTACT, close, people::edit(client, &address)),
            Dialog::Message(peer, key) => {
                modal("dialog", words::MESSAGE_INFO, close, message::about(client, peer, key))
            }
            Dialog::Forward(said) => modal("dialog", words::FORWARD, close, message::forward(client, said)),
            Dialog::NewChat => modal("dialog", words::NEW_CHAT, close, new_chat::new_chat(client)),
            Dialog::Arrange(peer) => modal("dialog popup", words::ARRANGE, close, arrange::menu(client, &peer)),
            Dialog::Delete(peer) => modal("dialog", words::DELETE, close, arrange::delete(client, peer)),
            Dialog::Blocked => modal("dialog", words::BLOCKED_PEOPLE, close, privacy::blocked(client)),
            Dialog::Account => modal("dialog", account_words::ACCOUNT, close, account::account(client)),
            Dialog::RemoveAccount => modal("dialog", account_words::REMOVE_ACCOUNT, close, account::remove(client)),
            Dialog::Invitation => modal("dialog", account_words::INVITATION, close, invitation::invitation(client)),
            Dialog::Remove(address) => modal("dialog", words::REMOVE_CONTACT, close, people::remove(client, address)),
            Dialog::Room(about) => super::rooms::dialog(client, about),
            Dialog::Desk(about) => super::desk::dialog(client, about),
            Dialog::Write(address) => modal("dialog", words::WRITE_TITLE, close, link::write(client, address)),
        }
    };
    live(move || page.dialog.get().map(|dialog| untrack(|| show(dialog)))).into_view()
}

/// A field with its label above and a hint below.
pub(crate) fn field(
    title: &'static str,
    hook: &'static str,
    placeholder: &'static str,
    hint: Option<&'static str>,
    value: State<String>,
) -> View {
    let typed = act(move |event: Event| value.set(typed_text(&event)));
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
                .on("input", typed),
            hint.map(|hint| span().class("help").child(hint)),
        ))
        .into_view()
}

/// The buttons at the foot of a dialog: the deed, and the way back.
pub(crate) fn feet(client: Client, deed: &'static str, hook: &'static str, class: &'static str) -> View {
    let page = client.page();
    div()
        .class("feet")
        .child((
            button().class("button").attr("type", "button").click(move || page.close_dialog()).child(words::CANCEL),
            button().class(class).attr("type", "submit").attr("data-testid", hook).child(deed),
        ))
        .into_view()
}

/// A line that says what is wrong with what was entered.
pub(crate) fn complaint(problem: State<Option<&'static str>>) -> View {
    let shown = live(move || {
        problem.get().map(|problem| div().class("complaint").attr("role", "alert").child(problem).into_view())
    });
    shown.into_view()
}
