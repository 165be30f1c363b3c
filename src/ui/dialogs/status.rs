//! Own status, and the few settings.

use crate::domain::presence::{Availability, OwnPresence};
use crate::engine::command::Command;
use crate::ui::account_words;
use crate::ui::client::Client;
use crate::ui::page::{Dialog, Theme};
use crate::ui::parts::avatar::presence_dot;
use crate::ui::parts::browser::is_ticked;
use crate::ui::parts::el::{IntoView, View, button, div, fieldset, form, input, label, legend, p, span};
use crate::ui::parts::live::{act, live};
use crate::ui::parts::state::State;
use crate::ui::words;
use leptos::reactive::graph::untrack;
use web_sys::{Event, SubmitEvent};

/// What can be chosen, in the order of the menu.
const CHOICES: [Availability; 5] =
    [Availability::Available, Availability::Chat, Availability::Away, Availability::Xa, Availability::Dnd];

/// Own status and settings.
pub(super) fn status(client: Client) -> View {
    let address = client.account().map(|account| account.address.to_string());
    let log_out = move || client.send(Command::LogOut);
    div()
        .class("settings")
        .child((
            p().class("address").attr("data-testid", "own-address").attr("dir", "auto").child(address),
            availabilities(client),
            (status_text(client), super::privacy::nickname(client)),
            (settings(client), super::privacy::privacy(client)),
            button()
                .class("button wide")
                .attr("type", "button")
                .attr("data-testid", "account")
                .click(move || client.page().dialog.set(Some(Dialog::Account)))
                .child(account_words::ACCOUNT),
            button()
                .class("button danger wide")
                .attr("type", "button")
                .attr("data-testid", "logout")
                .click(log_out)
                .child(words::LOG_OUT),
        ))
        .into_view()
}

fn availabilities(client: Client) -> View {
    let page = client.page();
    let choice = |availability: Availability, hook: &'static str| {
        let chosen = live(move || if client.own_presence().availability == availability { "true" } else { "false" });
        let choose = move || {
            let status = untrack(|| client.own_presence().status);
            client.send(Command::SetPresence(OwnPresence { availability, status }));
            page.close_dialog();
        };
        button()
            .class("choice")
            .attr("type", "button")
            .attr("data-testid", hook)
            .attr("aria-pressed", chosen)
            .click(choose)
            .child((
                presence_dot(availability),
                span().attr("aria-hidden", "true").child(crate::present::wording::availability(availability)),
            ))
            .into_view()
    };
    let choices: Vec<View> = CHOICES
        .into_iter()
        .map(|availability| {
            let hook = match availability {
                Availability::Available => "status-available",
                Availability::Chat => "status-chat",
                Availability::Away => "status-away",
                Availability::Xa => "status-xa",
                Availability::Dnd => "status-dnd",
                Availability::Unavailable => "status-unavailable",
            };
            choice(availability, hook)
        })
        .collect();
    div().class("choices").child(choices).into_view()
}

fn status_text(client: Client) -> View {
    let page = client.page();
    let text = State::new(client.own_presence().status.unwrap_or_default());
    let save = act(move |event: SubmitEvent| {
        event.prevent_default();
        let typed = text.get_untracked();
        let status = Some(typed.trim().to_owned()).filter(|status| !status.is_empty());
        let availability = untrack(|| client.own_presence().availability);
        client.send(Command::SetPresence(OwnPresence { availability, status }));
        page.close_dialog();
    });
    form()
        .class("form")
        .on("submit", save)
        .child((
            super::field(words::STATUS_TEXT, "status-text", words::STATUS_HINT, None, text),
            button().class("button").attr("type", "submit").attr("data-testid", "status-save").child(words::SAVE),
        ))
        .into_view()
}

fn settings(client: Client) -> View {
    let page = client.page();
    let themes: Vec<View> = Theme::ALL
        .into_iter()
        .map(|theme| {
            let (word, hook) = match theme {
                Theme::System => (words::THEME_SYSTEM, "theme-system"),
                Theme::Light => (words::THEME_LIGHT, "theme-light"),
                Theme::Dark => (words::THEME_DARK, "theme-dark"),
            };
            button()
                .class("tab")
                .attr("type", "button")
                .attr("data-testid", hook)
                .attr("aria-pressed", live(move || if page.theme.get() == theme { "true" } else { "false" }))
                .click(move || page.theme.set(theme))
                .child(word)
                .into_view()
        })
        .collect();
    let enter = input()
        .attr("type", "checkbox")
        .attr("data-testid", "enter-sends")
        .prop("checked", live(move || page.enter_sends.get()))
        .on("change", act(move |event: Event| page.enter_sends.set(is_ticked(&event))));
    (
        fieldset().class("themes").child((legend().child(words::APPEARANCE), div().class("segments").child(themes))),
        label().class("check").child((enter, span().child(words::ENTER_SENDS))),
    )
        .into_view()
}
