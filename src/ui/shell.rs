//! The frame of the signed-in page: connection, sidebar, conversation, what stands above them.

use super::client::Client;
use super::parts::browser::{every, listen, steady_now};
use super::parts::icon::{CLOCK, CLOSE, WARNING, icon};
use super::parts::live::{live, watch};
use super::parts::toasts::toasts;
use super::{chat, dialogs, idle, sidebar, title, uploads, words};
use crate::clock::Instant;
use crate::domain::account::Connection;
use crate::engine::change::Storage;
use crate::engine::command::Command;
use crate::present::wording;
use crate::ui::parts::el::{IntoView, View, button, div, main, span};
use crate::ui::parts::state::State;

/// The whole page of somebody who is signed in.
pub(crate) fn shell(client: Client) -> View {
    let page = client.page();
    guard_leaving(client);
    idle::follow(client);
    title::follow(client);
    uploads::follow(client);
    div()
        .class("app")
        .attr("data-testid", "app")
        .attr("data-connection", live(move || client.connection().name()))
        .attr("data-view", live(move || if page.open.with(Option::is_some) { "chat" } else { "list" }))
        .child((
            div().class("bars").child((connection_bar(client), storage_bar(client))),
            sidebar::sidebar(client),
            main().class("pane").child(chat::pane(client)),
            dialogs::host(client),
            toasts(client),
        ))
        .into_view()
}

/// Says where the connection stands whenever that is not "online", and how much waits for it.
pub(crate) fn connection_bar(client: Client) -> View {
    let content = live(move || {
        let connection = client.connection();
        let try_now = || bar_button(words::TRY_NOW, move || client.send(Command::Reconnect));
        let (text, countdown, way) = match &connection {
            Connection::Online => return None,
            Connection::Reconnecting { retry_at: Some(retry_at), problem } => {
                (wording::reason(problem.reason).to_owned(), Some(countdown(*retry_at)), Some(try_now()))
            }
            Connection::Failed(problem) if wording::needs_sign_in(problem.reason) => {
                let again = bar_button(words::SIGN_IN_AGAIN, move || client.send(Command::LogOut));
                (wording::problem(problem), None, Some(again))
            }
            Connection::Failed(problem) => (wording::problem(problem), None, Some(try_now())),
            Connection::Connecting | Connection::Authenticating => {
                (wording::connection(&connection).to_owned(), None, None)
            }
            // How much is sent then is told beside it.
            Connection::Reconnecting { retry_at: None, .. } if client.waiting() > 0 => {
                (words::OFFLINE.to_owned(), None, Some(try_now()))
            }
            Connection::Offline | Connection::Reconnecting { retry_at: None, .. } => {
                (wording::connection(&connection).to_owned(), None, Some(try_now()))
            }
        };
        let waiting = live(move || {
            let waiting = client.waiting();
            let words = (waiting > 0).then(|| wording::waiting(waiting))?;
            Some(span().class("waiting").attr("data-testid", "waiting").child((icon(CLOCK), words)).into_view())
        });
        let text = span().attr("dir", "auto").child(text);
        Some((text, countdown, waiting, way).into_view())
    });
    div()
        .class("connection")
        .attr("data-testid", "connection-status")
        .attr("role", "status")
        .attr("data-state", live(move || client.connection().name()))
        .child((
            span().class("unseen").child(live(move || match client.connection() {
                Connection::Online => wording::connection(&Connection::Online),
                _ => "",
            })),
            content,
        ))
        .into_view()
}

/// How long until the next try. Nobody wants to hear every second of it.
fn countdown(retry_at: Instant) -> View {
    let seconds = move || retry_at.since(steady_now()).div_ceil(1000);
    let left = State::new(seconds());
    every(500, move || left.set_if_new(seconds()));
    let words = live(move || match left.get() {
        0 => "Trying again…".to_owned(),
        left => format!("Next try in {left} s."),
    });
    span().class("countdown").attr("aria-hidden", "true").child(words).into_view()
}

fn bar_button(label: &'static str, go: impl Fn() + 'static) -> View {
    button().class("link").attr("type", "button").attr("data-testid", "try-now").click(go).child(label).into_view()
}

/// Says, until the user has read it in this visit, that nothing outlives the page though it was to.
fn storage_bar(client: Client) -> View {
    let page = client.page();
    let bar = live(move || {
        (client.storage() == Storage::Refused && !page.knows_storage.get()).then(|| {
            let close = button()
                .class("icon-button")
                .attr("type", "button")
                .attr("data-testid", "storage-close")
                .attr("aria-label", words::CLOSE)
                .click(move || page.knows_storage.set(true))
                .child(icon(CLOSE));
            let text = span().child(words::NOT_STORED);
            div()
                .class("standing")
                .attr("data-testid", "storage-notice")
                .child((icon(WARNING), text, close))
                .into_view()
        })
    });
    div().attr("role", "status").child(bar).into_view()
}

/// Lets the browser ask before the page is closed while own messages or files wait that would go with it.
fn guard_leaving(client: Client) {
    let loses =
        State::following(move || client.waiting() > 0 && client.storage() != Storage::Kept || uploads::any(client));
    watch(move || {
        let window = web_sys::window().filter(|_| loses.get());
        // Listened to only while it matters: a page that listens is not kept for the way back.
        if let Some(window) = window {
            listen(&window, "beforeunload", |event| event.prevent_default());
        }
    });
}
