//! What stands at the foot of a conversation: the field to write in, before it what can be done about a stranger, and
//! in its place, with somebody who is blocked, the way to let them through again.

use leptos::reactive::graph::untrack;

use super::composer::composer;
use super::messages::Messages;
use super::talk::Talk;
use crate::engine::command::Command;
use crate::jid::BareJid;
use crate::present::conversation_rows::{Entry, Shelf};
use crate::ui::client::Client;
use crate::ui::dialogs::delete_now;
use crate::ui::parts::el::{IntoView, View, button, div, p, strong};
use crate::ui::parts::icon::{HAND, icon};
use crate::ui::parts::live::live;
use crate::ui::parts::state::State;
use crate::ui::words;

/// The foot of a conversation.
pub(super) fn foot(talk: Talk, messages: Messages) -> View {
    let (client, whose) = (talk.client, talk.peer.clone());
    let is_room = State::following(move || client.is_room(&whose));
    live(move || {
        let (talk, messages) = (talk.clone(), messages.clone());
        if is_room.get() {
            untrack(|| super::room::foot(talk, messages))
        } else {
            untrack(|| with_person(talk, messages))
        }
    })
    .into_view()
}

fn with_person(talk: Talk, messages: Messages) -> View {
    let (client, peer) = (talk.client, talk.peer.clone());
    let (known, whose) = (peer.clone(), peer.clone());
    let is_blocked = State::following(move || client.blocked().has(&known));
    let stranger = State::following(move || {
        client.watch_contact_names();
        // Whoever writes in a part of somebody else's page knows to whom, and has no list of contacts.
        let asks = !client.page().embedded.get_untracked();
        asks && client.conversation(&whose).is_some_and(|one| {
            let is_contact = client.is_contact(&whose);
            Entry { conversation: &one, is_contact, is_blocked: false }.shelf() == Shelf::Requests
        })
    });
    let asked = peer.clone();
    let bar = live(move || (stranger.get() && !is_blocked.get()).then(|| untrack(|| request(client, &asked))));
    let field = live(move || {
        if is_blocked.get() {
            note(client, &peer)
        } else {
            untrack(|| (super::composing::bar(talk.clone()), composer(&talk, messages.clone())).into_view())
        }
    });
    (bar, field).into_view()
}

/// What a stranger gets to be: a contact, or nothing.
fn request(client: Client, peer: &BareJid) -> View {
    let way = |hook: &'static str, class: &'static str, label: &'static str, go: Box<dyn Fn()>| {
        button().class(class).attr("type", "button").attr("data-testid", hook).click(go).child(label).into_view()
    };
    let send = |command: Command| -> Box<dyn Fn()> { Box::new(move || client.send(command.clone())) };
    let asks = client.requests().iter().any(|request| request.address == *peer);
    let accept = if asks {
        Command::AcceptRequest(peer.clone())
    } else {
        Command::AddContact { address: peer.clone(), name: None, groups: Vec::new() }
    };
    let mut ways = vec![way("stranger-add", "button primary", words::ADD_CONTACT, send(accept))];
    let abilities = client.abilities();
    if abilities.blocking {
        ways.push(way("stranger-block", "button", words::BLOCK, send(Command::Block(peer.clone()))));
    }
    if abilities.reporting {
        ways.push(way("stranger-report", "button", words::REPORT, send(Command::Report(peer.clone()))));
    }
    let gone = peer.clone();
    let delete = Box::new(move || delete_now(client, &gone));
    ways.push(way("stranger-delete", "button quiet", words::DISCARD, delete));
    div()
        .class("request-bar")
        .attr("data-testid", "stranger")
        .child((
            div().child((strong().child(words::STRANGER), p().class("help").child(words::STRANGER_HINT))),
            div().class("answers").child(ways),
        ))
        .into_view()
}

/// Says that nothing can be written, and why.
fn note(client: Client, peer: &BareJid) -> View {
    let address = untrack(|| client.blocked()).blocking(peer).unwrap_or_else(|| peer.clone().into());
    let free = move || client.send(Command::Unblock(address.clone()));
    div()
        .class("request-bar blocked-note")
        .attr("data-testid", "blocked-note")
        .attr("role", "status")
        .child((
            icon(HAND),
            p().child(words::BLOCKED_NOTE),
            button()
                .class("button")
                .attr("type", "button")
                .attr("data-testid", "unblock")
                .click(free)
                .child(words::UNBLOCK),
        ))
        .into_view()
}
