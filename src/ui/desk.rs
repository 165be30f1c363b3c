//! What an agent of a support desk sees beside the conversations: who waits, who is with whom, and the dialogs about it.

use web_sys::{Event, SubmitEvent};

use super::client::Client;
use super::contacts::open_chat;
use super::conversations::conversation_row;
use super::desk_words as words;
use super::dialogs::{feet, field};
use super::page::Dialog;
use super::parts::avatar::avatar;
use super::parts::browser::{civil, is_ticked};
use super::parts::dialog::modal;
use super::parts::el::{IntoView, View, button, div, form, h2, input, label, p, section, span};
use super::parts::live::{act, live};
use super::parts::state::State;
use super::words as common;
use crate::domain::desk::{Stage, Visit};
use crate::engine::desk::DeskOrder;
use crate::jid::BareJid;
use crate::present::text;

/// Visits of one sort that are shown at a time.
const MOST: usize = 20;

/// A dialog about a visit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum DeskDialog {
    /// Hand it over to whom?
    HandOver(BareJid),
    /// Really end it?
    End(BareJid),
}

/// Shows a dialog about a visit.
pub(crate) fn dialog(client: Client, about: DeskDialog) -> View {
    let close = move || client.page().close_dialog();
    match about {
        DeskDialog::HandOver(room) => modal("dialog", words::HAND_OVER, close, hand_over(client, room)),
        DeskDialog::End(room) => modal("dialog", words::END_TITLE, close, end(client, room)),
    }
}

/// Opens a dialog about a visit.
pub(crate) fn ask(client: Client, about: DeskDialog) {
    client.page().dialog.set(Some(Dialog::Desk(about)));
}

/// The visitors, as long as there are any or the account is a desk.
pub(crate) fn visitors(client: Client) -> View {
    live(move || {
        let desk = client.desk();
        let mine: Vec<View> = desk
            .visits
            .iter()
            .filter(|visit| desk.is_mine(&visit.room) && client.conversation(&visit.room).is_some())
            .map(|visit| conversation_row(client, visit.room.clone()))
            .collect();
        let cards = |waits: bool| {
            let of_kind = |visit: &&Visit| match visit.stage {
                Stage::Waiting => waits,
                Stage::Taken { .. } => !waits && !desk.is_mine(&visit.room),
                Stage::Closed => false,
            };
            desk.visits.iter().filter(of_kind).take(MOST).map(|visit| card(client, visit)).collect::<Vec<View>>()
        };
        let (waiting, others) = (cards(true), cards(false));
        let is_empty = mine.is_empty() && waiting.is_empty() && others.is_empty();
        if is_empty && !desk.on {
            return None;
        }
        let more = desk.waiting() > MOST;
        let note = if more { Some(words::MORE) } else { waiting.is_empty().then_some(words::NONE_WAITS) };
        let note = note.map(|note| p().class("help").attr("role", "status").child(note));
        let whole =
            section().class("requests visitors").attr("aria-label", words::VISITORS).attr("data-testid", "visitors");
        Some(whole.child((h2().child(words::VISITORS), waiting, note, mine, others)).into_view())
    })
    .into_view()
}

/// How a visitor is called.
fn name_of(visit: &Visit) -> String {
    visit.name.as_deref().map_or_else(|| words::VISITOR.to_owned(), text::name)
}

fn card(client: Client, visit: &Visit) -> View {
    let today = client.page().today.get();
    let name = name_of(visit);
    let (line, label, stage) = match visit.agent() {
        Some(by) => (format!("{} {}", words::WITH, text::name(by)), words::TAKE_OVER, "taken"),
        None => (format!("{} {}", words::WAITS_SINCE, civil(visit.since).short(today)), words::TAKE, "waiting"),
    };
    let waits = visit.agent().is_none();
    let (room, taken) = (visit.room.clone(), visit.room.clone());
    let button_of = |class: &'static str, hook: &'static str| {
        button().class(class).attr("type", "button").attr("data-testid", hook)
    };
    let take = button_of(if waits { "button primary" } else { "button" }, "visit-take");
    let take = take.click(move || take_visit(client, &taken)).child(label);
    let close = waits.then(|| {
        button_of("button quiet", "visit-end")
            .click(move || ask(client, DeskDialog::End(room.clone())))
            .child(words::END)
    });
    let topic = visit.topic.as_deref().map(|topic| p().attr("dir", "auto").child(text::name(topic)));
    let lines = (
        span().class("name").attr("dir", "auto").child(name.clone()),
        span().class("line").attr("dir", "auto").attr("data-testid", "visit-line").child(line),
    );
    div()
        .class("request")
        .attr("data-testid", "visit")
        .attr("data-jid", visit.room.to_string())
        .attr("data-stage", stage)
        .child((
            div().class("who").child((avatar(&visit.room, &name), span().class("lines").child(lines))),
            topic,
            div().class("answers").child((take, close)),
        ))
        .into_view()
}

/// Cares for a visit, and shows it.
pub(crate) fn take_visit(client: Client, room: &BareJid) {
    client.order_desk(DeskOrder::Take(room.clone()));
    open_chat(client, room);
}

fn hand_over(client: Client, room: BareJid) -> View {
    let typed = State::new(String::new());
    let give = move |to: String| {
        client.order_desk(DeskOrder::HandOver { room: room.clone(), to });
        client.page().close_dialog();
    };
    let agents: Vec<View> = client
        .desk()
        .agents
        .iter()
        .map(|agent| {
            let (give, to) = (give.clone(), agent.clone());
            button()
                .class("button wide")
                .attr("type", "button")
                .attr("data-testid", "agent")
                .attr("dir", "auto")
                .click(move || give(to.clone()))
                .child(text::name(agent))
                .into_view()
        })
        .collect();
    let submit = act(move |event: SubmitEvent| {
        event.prevent_default();
        let to = typed.get_untracked();
        if !to.trim().is_empty() {
            give(to);
        }
    });
    form()
        .class("form")
        .on("submit", submit)
        .child((
            p().class("help").child(words::HAND_OVER_HINT),
            agents,
            field(words::OTHER_AGENT, "agent-name", "", None, typed),
            feet(client, words::HAND_OVER, "hand-over-confirm", "button primary"),
        ))
        .into_view()
}

fn end(client: Client, room: BareJid) -> View {
    let said = State::new(words::FAREWELL_TEXT.to_owned());
    let submit = act(move |event: SubmitEvent| {
        event.prevent_default();
        client.order_desk(DeskOrder::Close { room: room.clone(), words: said.get_untracked() });
        client.page().close_dialog();
    });
    form()
        .class("form")
        .on("submit", submit)
        .child((
            p().class("help").child(words::END_HINT),
            field(words::FAREWELL, "farewell", "", None, said),
            feet(client, words::END, "visit-end-confirm", "button danger"),
        ))
        .into_view()
}

/// Whether the account is a desk, and who is at it.
pub(crate) fn settings(client: Client) -> View {
    let desk = client.desk();
    let (on, name) = (State::new(desk.on), State::new(desk.name.clone().unwrap_or_default()));
    let submit = act(move |event: SubmitEvent| {
        event.prevent_default();
        let name = Some(name.get_untracked()).filter(|name| !name.trim().is_empty());
        client.order_desk(DeskOrder::Serve { on: on.get_untracked(), name });
        client.page().close_dialog();
    });
    let tick = input()
        .attr("type", "checkbox")
        .attr("data-testid", "is-desk")
        .prop("checked", live(move || on.get()))
        .on("change", act(move |event: Event| on.set(is_ticked(&event))));
    let named =
        live(move || on.get().then(|| field(words::AGENT_NAME, "agent-name", "", Some(words::AGENT_NAME_HINT), name)));
    form()
        .class("form")
        .attr("data-testid", "desk-form")
        .on("submit", submit)
        .child((
            label().class("check").child((tick, span().child(words::IS_DESK))),
            p().class("help").child(words::IS_DESK_HINT),
            named,
            button().class("button wide").attr("type", "submit").attr("data-testid", "desk-save").child(common::SAVE),
        ))
        .into_view()
}
