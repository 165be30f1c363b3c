//! Holes in the history: before the first message that is known, and in between.

use crate::domain::account::Connection;
use crate::domain::timeline::{Body, Gap, History, MessageKey};
use crate::engine::command::Command;
use crate::jid::BareJid;
use crate::present::wording;
use crate::ui::client::Client;
use crate::ui::parts::browser::next_frame;
use crate::ui::parts::el::{El, IntoView, View, button, div, span};
use crate::ui::parts::live::live;
use crate::ui::parts::state::State;
use crate::ui::words;

/// Whether there is a row above the first message.
pub(super) const fn is_shown(history: History) -> bool {
    matches!(history, History::More | History::Loading | History::Failed)
}

/// A number that is different for what the row above the first message can say, and that no message has as its shape.
pub(super) const fn code(history: History) -> u8 {
    match history {
        History::More => 0x10,
        History::Loading => 0x11,
        _ => 0x12,
    }
}

/// The row above the first message. It is built when the reader comes near, and asks for what is missing then.
pub(super) fn before_all(client: Client, peer: &BareJid, history: History) -> View {
    let row = |state: &'static str| row().attr("data-state", state);
    let wanted = peer.clone();
    let load = move || client.send(Command::LoadOlder(wanted.clone()));
    match history {
        History::Loading => row("loading").child(words::LOADING_OLDER).into_view(),
        History::Failed => {
            row("failed").child((span().child(words::OLDER_FAILED), way(words::RETRY, load))).into_view()
        }
        _ => {
            let soon = load.clone();
            next_frame(soon);
            row("more").child(way(words::LOAD_OLDER, load)).into_view()
        }
    }
}

/// A row for messages that are missing between two others.
pub(super) fn between(client: Client, peer: BareJid, key: MessageKey) -> View {
    let gap = State::following(move || match client.message(&peer, key)?.body {
        Body::Gap(gap) => Some(gap),
        Body::Text(_) | Body::Retracted | Body::Unreadable => None,
    });
    let online = State::following(move || matches!(client.connection(), Connection::Online));
    let state = live(move || gap.get().map(name));
    // Who listens hears when it changes, and that it is no message.
    let said = span().attr("role", "status").child(live(move || gap.get().map(|gap| wording::gap(gap, online.get()))));
    let load = live(move || {
        (gap.get() == Some(Gap::Failed)).then(|| way(words::LOAD_MISSING, move || client.send(Command::LoadMissing)))
    });
    row().attr("data-state", state).child(div().class("gap-words").child((said, load))).into_view()
}

const fn name(gap: Gap) -> &'static str {
    match gap {
        Gap::Filling => "filling",
        Gap::Failed => "failed",
    }
}

fn row() -> El {
    div().class("gap").attr("data-testid", "gap")
}

fn way(label: &'static str, go: impl FnMut() + 'static) -> View {
    button().class("link").attr("type", "button").click(go).child(label).into_view()
}
