//! The frame of the signed-in page: connection, sidebar, conversation, what stands above them.

use super::client::Client;
use super::parts::browser::{every, steady_now};
use super::parts::live::live;
use super::parts::toasts::toasts;
use super::{chat, dialogs, sidebar, words};
use crate::domain::account::Connection;
use crate::engine::command::Command;
use crate::present::wording;
use crate::ui::parts::el::{IntoView, View, button, div, main, span};
use crate::ui::parts::state::State;

/// The whole page of somebody who is signed in.
pub(crate) fn shell(client: Client) -> View {
    let page = client.page();
    div()
        .class("app")
        .attr("data-testid", "app")
        .attr("data-connection", live(move || client.connection().name()))
        .attr("data-view", live(move || if page.open.with(Option::is_some) { "chat" } else { "list" }))
        .child((
            connection_bar(client),
            sidebar::sidebar(client),
            main().class("pane").child(chat::pane(client)),
            dialogs::host(client),
            toasts(client),
        ))
        .into_view()
}

/// Says where the connection stands whenever that is not "online".
fn connection_bar(client: Client) -> View {
    let content = live(move || {
        let connection = client.connection();
        let (text, way) = match &connection {
            Connection::Online => return None,
            Connection::Reconnecting { retry_at, problem } => {
                let countdown = retry_at.map(|retry_at| {
                    let seconds = move || retry_at.since(steady_now()).div_ceil(1000);
                    let left = State::new(seconds());
                    every(500, move || {
                        let now = seconds();
                        if left.get_untracked() != now {
                            left.set(now);
                        }
                    });
                    live(move || match left.get() {
                        0 => " Trying again…".to_owned(),
                        left => format!(" Next try in {left} s."),
                    })
                });
                let text = match retry_at {
                    Some(_) => wording::reason(problem.reason).to_owned(),
                    None => wording::connection(&connection).to_owned(),
                };
                let again = bar_button(words::TRY_NOW, move || client.send(Command::Reconnect));
                (text, (countdown, again).into_view())
            }
            Connection::Failed(problem) => {
                let again = if wording::needs_sign_in(problem.reason) {
                    bar_button(words::SIGN_IN_AGAIN, move || client.send(Command::LogOut))
                } else {
                    bar_button(words::TRY_NOW, move || client.send(Command::Reconnect))
                };
                (wording::problem(problem), again)
            }
            other => (wording::connection(other).to_owned(), View::NONE),
        };
        Some((span().attr("dir", "auto").child(text), way).into_view())
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

fn bar_button(label: &'static str, go: impl Fn() + 'static) -> View {
    button().class("link").attr("type", "button").attr("data-testid", "try-now").click(go).child(label).into_view()
}
