//! Answering an invitation, and making one.

use leptos::reactive::graph::untrack;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{HtmlInputElement, SubmitEvent};

use super::{feet, field};
use crate::domain::errand::Errand;
use crate::domain::invitation::To;
use crate::engine::account::Order;
use crate::engine::command::Command;
use crate::present::account;
use crate::ui::client::Client;
use crate::ui::invitation::accept;
use crate::ui::parts::el::{IntoView, View, button, div, form, input, label, p, span, strong};
use crate::ui::parts::live::{act, at_end, live};
use crate::ui::parts::state::State;
use crate::ui::{account_words as words, room_words};

/// Asks whether to add who invites.
pub(super) fn invitation(client: Client) -> View {
    let page = client.page();
    let Some(invitation) = page.invitation.get_untracked() else { return View::NONE };
    // Closed without an answer, it is declined.
    at_end(move || page.invitation.set(None));
    if invitation.to == To::Account {
        return p().child(words::FOR_NEW_ACCOUNTS).into_view();
    }
    let is_room = invitation.to == To::Room;
    let name = State::new(invitation.name.clone().unwrap_or_default());
    let who = strong().attr("dir", "auto").child(invitation.address.to_string());
    let submit = act(move |event: SubmitEvent| {
        event.prevent_default();
        let typed = name.get_untracked();
        let typed = Some(typed.trim().to_owned()).filter(|name| !name.is_empty());
        accept(client, &invitation, typed);
        page.close_dialog();
    });
    form()
        .class("form")
        .attr("data-testid", "invitation-form")
        .on("submit", submit)
        .child((
            p().child((who, if is_room { words::IS_A_GROUP } else { words::INVITES_YOU })),
            match is_room {
                true => field(room_words::NICKNAME, "invitation-name", "", Some(room_words::NICKNAME_HINT), name),
                false => field(words::INVITED_NAME, "invitation-name", "", Some(super::words::NAME_HINT), name),
            },
            (!is_room).then(|| p().class("help").child(words::INVITED_HINT)),
            feet(client, if is_room { room_words::JOIN } else { words::ACCEPT }, "invitation-accept", "button primary"),
        ))
        .into_view()
}

/// A way to invite somebody by a link, if the server makes such.
pub(super) fn offer(client: Client) -> View {
    client.send(Command::Account(Order::LookForInvitations));
    at_end(move || client.send(Command::Account(Order::Leave)));
    let content = live(move || {
        let errand = client.errand();
        untrack(|| match errand {
            Errand::CanInvite => Some(
                button()
                    .class("link")
                    .attr("type", "button")
                    .attr("data-testid", "invite")
                    .click(move || client.send(Command::Account(Order::Invite)))
                    .child(words::INVITE)
                    .into_view(),
            ),
            Errand::Invitation(link) => Some(shown(&link)),
            Errand::Refused(refusal) => {
                Some(div().class("complaint").attr("role", "alert").child(account::refused(&refusal)).into_view())
            }
            _ => None,
        })
    });
    div().class("invite").child(content).into_view()
}

/// The link: the page of the server, or this page, which takes the invitation behind its `#`.
fn shown(link: &str) -> View {
    let here = || {
        let location = web_sys::window()?.location();
        let page = format!("{}{}", location.origin().ok()?, location.pathname().ok()?);
        Some(format!("{page}#invite={}", String::from(js_sys::encode_uri_component(link))))
    };
    let whole = if link.starts_with("xmpp:") { here() } else { None }.unwrap_or_else(|| link.to_owned());
    let copied = State::new(false);
    let text = input()
        .attr("type", "text")
        .attr("readonly", "")
        .attr("data-testid", "invite-link")
        .attr("value", whole.as_str());
    let node: HtmlInputElement = text.node();
    let copy = button()
        .class("button")
        .attr("type", "button")
        .attr("data-testid", "invite-copy")
        .click(move || {
            node.select();
            let (Some(window), value) = (web_sys::window(), node.value()) else { return };
            // Without a secure origin there is no clipboard; what is selected can be copied by hand.
            let clipboard = window.navigator().clipboard();
            if !clipboard.is_undefined() {
                let written = clipboard.write_text(&value);
                spawn_local(async move {
                    if JsFuture::from(written).await.is_ok() {
                        copied.set(true);
                    }
                });
            }
        })
        .child(live(move || if copied.get() { words::COPIED } else { words::COPY }));
    div()
        .class("form")
        .child((
            label().class("field").child((span().class("label").child(words::INVITE_LINK), text)),
            div().class("feet").attr("role", "status").child(copy),
        ))
        .into_view()
}
