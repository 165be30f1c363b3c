//! Invitations that came with the address of the page or were pasted. Who invites is shown, and nothing is done before
//! somebody agreed.

use super::account_words as words;
use super::client::Client;
use super::contacts::open_chat;
use super::page::Dialog;
use super::parts::el::{IntoView, View, button, div, p, section, strong};
use super::parts::state::State;
use crate::domain::invitation::{Invitation, To};
use crate::engine::account::Order;
use crate::engine::command::Command;

/// Above the sign-in form: who invites, and to what. `open` is whether an account is being made.
pub(super) fn banner(client: Client, offered: bool, open: State<bool>) -> Option<View> {
    let page = client.page();
    let invitation = page.invitation.get()?;
    let can_register = offered && invitation.makes_account();
    let is_open = open.get();
    let (text, help) = match invitation.to {
        To::Chat { .. } => {
            let who = strong().attr("dir", "auto").child(invitation.address.to_string());
            let help = if can_register { words::SIGN_IN_INSTEAD } else { words::SIGN_IN_FIRST };
            (p().child((who, words::INVITES_YOU)), help)
        }
        To::Room => (p().child(words::GOES_ON), words::GOES_ON_HINT),
        To::Account => {
            let place = strong().attr("dir", "auto").child(invitation.address.to_string());
            (p().child((words::INVITED_TO, place)), "")
        }
    };
    let create = move || {
        page.agreed.set(true);
        open.set(true);
    };
    let create = can_register.then(|| {
        button()
            .class("button primary")
            .attr("type", "button")
            .attr("data-testid", "invitation-create")
            .click(create)
            .child(words::CREATE)
    });
    let dismiss = button()
        .class("button")
        .attr("type", "button")
        .attr("data-testid", "invitation-dismiss")
        .click(move || page.invitation.set(None))
        .child(words::NOT_NOW);
    let help = (!help.is_empty()).then(|| p().class("help").child(help));
    let rest = (!is_open).then(|| (help, div().class("feet").child((dismiss, create))).into_view());
    let banner = section().class("invitation").attr("data-testid", "invitation").attr("aria-label", words::INVITATION);
    Some(banner.child((text, rest)).into_view())
}

/// Somebody is signed in, and there is an invitation.
pub(super) fn arrived(client: Client, invitation: &Invitation) {
    let page = client.page();
    let agreed = page.agreed.get_untracked();
    page.agreed.set(false);
    match invitation.to {
        // It was for the account that is signed in now.
        To::Account if agreed => page.invitation.set(None),
        To::Chat { .. } if agreed => accept(client, invitation, invitation.name.clone()),
        _ => page.dialog.set(Some(Dialog::Invitation)),
    }
}

/// Adds who invites, and opens the conversation.
pub(super) fn accept(client: Client, invitation: &Invitation, name: Option<String>) {
    let (address, token) = (invitation.address.clone(), invitation.token.clone());
    if invitation.to == To::Room {
        client.page().invitation.set(None);
        return super::rooms::join(client, &address, name, None);
    }
    client.send(Command::Account(Order::Accept { address: address.clone(), name, token }));
    client.page().invitation.set(None);
    open_chat(client, &address);
}
