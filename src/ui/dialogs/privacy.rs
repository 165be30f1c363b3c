//! What others get to know of the user, and whom nothing comes through of.

use leptos::reactive::graph::untrack;

use crate::domain::privacy::Privacy;
use crate::engine::command::Command;
use crate::jid::Jid;
use crate::ui::client::Client;
use crate::ui::page::Dialog;
use crate::ui::parts::browser::is_ticked;
use crate::ui::parts::el::{IntoView, View, button, fieldset, form, input, label, legend, li, p, span, ul};
use crate::ui::parts::live::{act, live};
use crate::ui::parts::state::State;
use crate::ui::words;
use web_sys::{Event, SubmitEvent};

/// The name under which contacts see the user.
pub(super) fn nickname(client: Client) -> View {
    let text = State::new(client.own_nickname().unwrap_or_default());
    let save = act(move |event: SubmitEvent| {
        event.prevent_default();
        let name = text.get_untracked();
        client.send(Command::SetNickname(Some(name).filter(|name| !name.trim().is_empty())));
        client.page().close_dialog();
    });
    form()
        .class("form")
        .on("submit", save)
        .child((
            super::field(words::YOUR_NAME, "nickname", words::YOUR_NAME_HINT, None, text),
            button().class("button").attr("type", "submit").attr("data-testid", "nickname-save").child(words::SAVE),
        ))
        .into_view()
}

/// A part of what others learn: its hook, its words, how it is read, and how it is set.
type Told = (&'static str, &'static str, fn(&Privacy) -> bool, fn(&mut Privacy, bool));

const TOLD: [Told; 3] = [
    ("tell-arrived", words::TELL_ARRIVED, |told| told.receipts, |told, is| told.receipts = is),
    ("tell-read", words::TELL_READ, |told| told.markers, |told, is| told.markers = is),
    ("tell-writing", words::TELL_WRITING, |told| told.writing, |told, is| told.writing = is),
];

/// What contacts may know, and the way to who is blocked.
pub(super) fn privacy(client: Client) -> View {
    let page = client.page();
    let choice = |state: State<bool>, hook: &'static str, words: &'static str| {
        let tick = input()
            .attr("type", "checkbox")
            .attr("data-testid", hook)
            .prop("checked", live(move || state.get()))
            .on("change", act(move |event: Event| state.set(is_ticked(&event))));
        label().class("check").child((tick, span().child(words)))
    };
    let told: Vec<View> = TOLD
        .into_iter()
        .map(|(hook, word, read, set)| {
            let changed = act(move |event: Event| {
                let mut told = untrack(|| client.privacy());
                set(&mut told, is_ticked(&event));
                client.send(Command::SetPrivacy(told));
            });
            let ticked = input()
                .attr("type", "checkbox")
                .attr("data-testid", hook)
                .prop("checked", live(move || read(&client.privacy())))
                .on("change", changed);
            label().class("check").child((ticked, span().child(word))).into_view()
        })
        .collect();
    let blocked = live(move || {
        client.abilities().blocking.then(|| {
            let count = client.blocked().addresses().len();
            let count = (count > 0).then(|| span().class("count").child(count.to_string()));
            button()
                .class("button quiet wide")
                .attr("type", "button")
                .attr("data-testid", "blocked-people")
                .click(move || page.dialog.set(Some(Dialog::Blocked)))
                .child((words::BLOCKED_PEOPLE, count))
                .into_view()
        })
    });
    (
        fieldset().class("privacy").child((
            legend().child(words::PRIVACY),
            told,
            choice(page.tells_idle, "tells-idle", words::TELL_IDLE),
            choice(page.tells_time, "tells-time", words::TELL_TIME),
        )),
        blocked,
    )
        .into_view()
}

/// Everybody who is blocked.
pub(super) fn blocked(client: Client) -> View {
    let list = live(move || {
        let blocked = client.blocked();
        if blocked.addresses().is_empty() {
            return p().class("help").child(words::NOBODY_BLOCKED).into_view();
        }
        let rows: Vec<View> = blocked.addresses().iter().take(500).map(|address| row(client, address)).collect();
        ul().class("blocked").child(rows).into_view()
    });
    list.into_view()
}

fn row(client: Client, address: &Jid) -> View {
    let freed = address.clone();
    let free = move || client.send(Command::Unblock(freed.clone()));
    let button = button().class("button").attr("type", "button").attr("data-testid", "unblock").click(free);
    li().attr("data-testid", "blocked")
        .attr("data-jid", address.to_string())
        .child((span().class("address").attr("dir", "auto").child(address.to_string()), button.child(words::UNBLOCK)))
        .into_view()
}
