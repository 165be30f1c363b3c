//! Signing in with a password, which is asked for only where the page is our own: in a frame of `isolation="frame"`.

use web_sys::{Event, HtmlInputElement};

use super::{Setup, words};
use crate::domain::account::Connection;
use crate::engine::command::{Command, Password};
use crate::present::wording;
use crate::ui::client::Client;
use crate::ui::parts::el::{El, IntoView, View, button, div, form, input, label, span};
use crate::ui::parts::live::{act, live};
use crate::ui::parts::state::State;

/// The form. `home` completes an address that was typed without its domain.
pub(super) fn form_for(client: Client, setup: &Setup, home: Option<String>) -> View {
    let (address, password) = (field("text", "username"), field("password", "current-password"));
    let (typed, secret): (HtmlInputElement, HtmlInputElement) = (address.node(), password.node());
    let service = setup.service.clone();
    let wrong = State::new(false);
    let submit = act(move |event: Event| {
        event.prevent_default();
        let mut whole = typed.value().trim().to_owned();
        if let Some(home) = home.as_ref().filter(|_| !whole.contains('@')) {
            whole = format!("{whole}@{home}");
        }
        let address = client.read_address(&whole).ok().filter(|address| address.local().is_some());
        wrong.set(address.is_none());
        if let Some(address) = address {
            let (password, service) = (Password(secret.value()), service.clone());
            client.send(Command::LogIn { address, password, service, remember: false });
        }
    });
    let problem = live(move || match client.connection() {
        _ if wrong.get() => words::NO_ADDRESS.to_owned(),
        Connection::Failed(problem) => wording::problem(&problem),
        _ => String::new(),
    });
    let busy = live(move || match client.connection() {
        Connection::Connecting | Connection::Authenticating => Some(""),
        _ => None,
    });
    let send = button().class("button primary wide").attr("type", "submit").attr("data-testid", "widget-sign-in");
    form()
        .class("form widget-form")
        .attr("data-testid", "widget-form")
        .attr("method", "post")
        .on("submit", submit)
        .child((
            labelled(words::ADDRESS, address.attr("name", "address").attr("autocapitalize", "none")),
            labelled(words::PASSWORD, password.attr("name", "password")),
            div().class("complaint").attr("role", "alert").child(problem),
            send.attr("disabled", busy).child(words::SIGN_IN),
        ))
        .into_view()
}

fn field(kind: &'static str, complete: &'static str) -> El {
    input().attr("type", kind).attr("autocomplete", complete).attr("dir", "auto").attr("spellcheck", "false")
}

fn labelled(words: &'static str, field: El) -> El {
    label().class("field").child((span().class("label").child(words), field))
}
