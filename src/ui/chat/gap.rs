//! The row above the first message that is known: there may be more.

use crate::domain::timeline::History;
use crate::engine::command::Command;
use crate::jid::BareJid;
use crate::ui::client::Client;
use crate::ui::parts::browser::next_frame;
use crate::ui::parts::el::{IntoView, View, button, div, span};
use crate::ui::words;

/// Whether there is such a row.
pub(super) const fn is_shown(history: History) -> bool {
    matches!(history, History::More | History::Loading | History::Failed)
}

/// A number that is different for what the row can say, and that no message has as its shape.
pub(super) const fn code(history: History) -> u8 {
    match history {
        History::More => 0x10,
        History::Loading => 0x11,
        _ => 0x12,
    }
}

/// The row. It is built when the reader comes near, and asks for what is missing then.
pub(super) fn gap(client: Client, peer: &BareJid, history: History) -> View {
    let row = div().class("gap").attr("data-testid", "gap");
    let wanted = peer.clone();
    let load = move || client.send(Command::LoadOlder(wanted.clone()));
    match history {
        History::Loading => row.child(words::LOADING_OLDER).into_view(),
        History::Failed => row.child((span().child(words::OLDER_FAILED), way(words::RETRY, load))).into_view(),
        _ => {
            let soon = load.clone();
            next_frame(soon);
            row.child(way(words::LOAD_OLDER, load)).into_view()
        }
    }
}

fn way(label: &'static str, go: impl FnMut() + 'static) -> View {
    button().class("link").attr("type", "button").click(go).child(label).into_view()
}
