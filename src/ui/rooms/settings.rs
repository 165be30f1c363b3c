//! Setting up a group chat by the form of its server, and destroying it.

use std::cell::RefCell;
use std::rc::Rc;

use leptos::reactive::graph::untrack;
use web_sys::SubmitEvent;

use super::typed;
use crate::engine::rooms::RoomOrder;
use crate::jid::BareJid;
use crate::present::text;
use crate::ui::client::Client;
use crate::ui::dialogs::{complaint, feet, field};
use crate::ui::form::{Known, Sheet};
use crate::ui::parts::el::{IntoView, View, form, p};
use crate::ui::parts::live::{act, at_end, live};
use crate::ui::parts::state::State;
use crate::ui::{room_words as words, words as common};

/// The form of the server.
pub(super) fn settings(client: Client, room: BareJid) -> View {
    client.order(RoomOrder::Configure(room.clone()));
    let sheet: Rc<RefCell<Option<Sheet>>> = Rc::default();
    let sent = Rc::new(std::cell::Cell::new(false));
    let (closed, was_sent) = (room.clone(), sent.clone());
    at_end(move || {
        if !was_sent.get() {
            client.order(RoomOrder::Submit { room: closed.clone(), answers: None });
        }
    });
    let (kept, whose) = (sheet.clone(), room.clone());
    let fields = live(move || match client.room_form(&whose) {
        Some(form) => {
            let (made, view) = untrack(|| Sheet::new(&form, &[], &|_| Known::default()));
            kept.replace(Some(made));
            let feet = feet(client, common::SAVE, "settings-save", "button primary");
            (view, feet).into_view()
        }
        None => p().class("help").attr("role", "status").child(words::LOADING).into_view(),
    });
    let submit = act(move |event: SubmitEvent| {
        event.prevent_default();
        let answers = match &*sheet.borrow() {
            Some(sheet) if sheet.check(&|_, _| None) => sheet.answers(),
            _ => return,
        };
        sent.set(true);
        client.order(RoomOrder::Submit { room: room.clone(), answers: Some(answers) });
        client.page().close_dialog();
    });
    form()
        .class("form room-settings")
        .attr("data-testid", "room-settings")
        .on("submit", submit)
        .child(fields)
        .into_view()
}

/// Asks before a group chat is destroyed.
pub(super) fn destroy(client: Client, room: BareJid) -> View {
    let (reason, alternate) = (State::new(String::new()), State::new(String::new()));
    let problem = State::new(None);
    let question = format!("Destroy {}?", text::name(&client.name(&room)));
    let submit = act(move |event: SubmitEvent| {
        event.prevent_default();
        let other = alternate.with_untracked(|other| typed(other));
        let read = other.as_deref().map(|other| client.read_address(other));
        let Ok(alternate) = read.transpose() else { return problem.set(Some(words::ADDRESS_WRONG)) };
        let reason = reason.with_untracked(|reason| typed(reason));
        client.order(RoomOrder::Destroy { room: room.clone(), alternate, reason });
        client.page().close_dialog();
    });
    form()
        .class("form")
        .on("submit", submit)
        .child((
            p().class("question").attr("dir", "auto").child(question),
            p().class("help").child(words::DESTROY_HINT),
            field(words::REASON, "destroy-reason", words::OPTIONAL, None, reason),
            field(words::ALTERNATE, "destroy-alternate", words::OPTIONAL, None, alternate),
            complaint(problem),
            feet(client, words::DESTROY, "destroy-confirm", "button danger"),
        ))
        .into_view()
}
