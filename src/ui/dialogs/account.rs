//! The account itself: another password, and giving it up.

use leptos::reactive::graph::untrack;
use web_sys::SubmitEvent;

use super::field;
use crate::domain::errand::Errand;
use crate::engine::account::Order;
use crate::engine::command::{Command, Password};
use crate::present::account;
use crate::ui::account_words as words;
use crate::ui::client::Client;
use crate::ui::page::Dialog;
use crate::ui::parts::el::{IntoView, View, button, div, form, input, label, p, span};
use crate::ui::parts::live::{act, at_end, live};
use crate::ui::parts::password::password;
use crate::ui::parts::state::State;
use crate::ui::words::PASSWORD_MISSING;

/// Another password, and the way to give the account up.
pub(super) fn account(client: Client) -> View {
    let page = client.page();
    let problem = State::new(None);
    begin(client);
    let (first, typed) = password("new-password");
    let (again, repeated) = password("new-password");
    for (field, hook) in [(&typed, "new-password"), (&repeated, "new-password-again")] {
        let _ = field.set_attribute("data-testid", hook);
    }
    let submit = act(move |event: SubmitEvent| {
        event.prevent_default();
        let wanted = typed.value();
        if wanted.is_empty() {
            problem.set(Some(PASSWORD_MISSING));
            let _ = typed.focus();
        } else if wanted != repeated.value() {
            problem.set(Some(words::PASSWORDS_DIFFER));
            let _ = repeated.focus();
        } else {
            problem.set(None);
            typed.set_value("");
            repeated.set_value("");
            client.send(Command::Account(Order::ChangePassword(Password(wanted))));
        }
    });
    let labelled = |title: &'static str, view| label().class("field").child((span().class("label").child(title), view));
    // Who it is for: password managers keep it under this name.
    let name = client.account().map(|account| account.address.to_string());
    let name = input().attr("type", "text").attr("autocomplete", "username").attr("value", name).attr("hidden", "");
    let change =
        form().class("form").attr("data-testid", "password-form").attr("novalidate", "").on("submit", submit).child((
            name,
            labelled(words::NEW_PASSWORD, first),
            labelled(words::NEW_PASSWORD_AGAIN, again),
            outcome(client, problem),
            deed(client, words::CHANGE_PASSWORD, "password-submit", "button primary wide"),
        ));
    let remove = button()
        .class("button danger wide")
        .attr("type", "button")
        .attr("data-testid", "remove-account")
        .click(move || page.dialog.set(Some(Dialog::RemoveAccount)))
        .child(words::REMOVE_ACCOUNT);
    div().class("details").child((change, crate::ui::desk::settings(client), remove)).into_view()
}

/// Asks for the address before the account is given up.
pub(super) fn remove(client: Client) -> View {
    let problem = State::new(None);
    let typed = State::new(String::new());
    begin(client);
    let submit = act(move |event: SubmitEvent| {
        event.prevent_default();
        let own = untrack(|| client.account()).map(|account| account.address.clone());
        if own.is_some() && client.read_address(&typed.get_untracked()).ok() == own {
            problem.set(None);
            client.send(Command::Account(Order::Remove));
        } else {
            problem.set(Some(words::REMOVE_WRONG));
        }
    });
    let own = client.account().map(|account| account.address.to_string());
    form()
        .class("form")
        .attr("data-testid", "removal-form")
        .on("submit", submit)
        .child((
            p().class("address").attr("dir", "auto").child(own),
            p().child(words::REMOVE_ACCOUNT_HINT),
            field(super::words::ADDRESS, "removal-address", "", None, typed),
            outcome(client, problem),
            deed(client, words::REMOVE_ACCOUNT, "removal-submit", "button danger wide"),
        ))
        .into_view()
}

/// Nothing of an earlier errand is told here, and nothing of this one elsewhere.
fn begin(client: Client) {
    let leave = move || client.send(Command::Account(Order::Leave));
    leave();
    at_end(leave);
}

/// The button that sends the form; it waits while the server does.
fn deed(client: Client, words: &'static str, hook: &'static str, class: &'static str) -> View {
    button()
        .class(class)
        .attr("type", "submit")
        .attr("data-testid", hook)
        .attr("disabled", live(move || (client.errand() == Errand::Waiting).then_some("")))
        .child(words)
        .into_view()
}

/// What is wrong with what was entered, or what came of it.
fn outcome(client: Client, problem: State<Option<&'static str>>) -> View {
    let told = live(move || {
        let (text, bad) = match (problem.get(), client.errand()) {
            (Some(problem), _) => (problem.to_owned(), true),
            (None, Errand::Refused(refusal)) => (account::refused(&refusal), true),
            (None, Errand::NotConnected) => (words::NOT_CONNECTED.to_owned(), true),
            (None, Errand::PasswordChanged) => (words::PASSWORD_CHANGED.to_owned(), false),
            (None, Errand::Waiting) => (words::WORKING.to_owned(), false),
            _ => return None,
        };
        let line = p().attr("data-testid", "account-outcome").child(text);
        Some(
            if bad { line.class("complaint").attr("role", "alert") } else { line.class("help").attr("role", "status") }
                .into_view(),
        )
    });
    told.into_view()
}
