//! One conversation: who it is with, what was said, and what is to be said.

use crate::ui::parts::el::{IntoView, View, button, div, header, p, section, span, strong};
use leptos::reactive::graph::untrack;
mod actions;
mod completion;
mod composer;
mod composing;
mod draft;
mod extras;
mod file;
mod gap;
mod message;
mod messages;
mod nicks;
pub(crate) mod private;
mod room;
mod stranger;
mod talk;
pub(crate) mod text;
mod tray;
mod visit;

use std::rc::Rc;

use message::way;
use talk::Talk;

use super::client::Client;
use super::page::Dialog;
use super::parts::browser::now;
use super::parts::icon::{BACK, CLOSE, MORE, SEARCH, WARNING, icon};
use super::parts::live::{live, watch};
use super::parts::state::State;
use super::words;
use crate::domain::account::Connection;
use crate::domain::search::HitPlace;
use crate::domain::timeline::Direction;
use crate::engine::command::Command;
use crate::jid::BareJid;
use crate::present::{text as say, wording};

/// The open conversation, or what to do to open one.
pub(crate) fn pane(client: Client) -> View {
    let page = client.page();
    let shown = std::cell::Cell::new(false);
    watch(move || {
        let open = page.open.get();
        // That nothing is open need not be said before anything was.
        if shown.replace(open.is_some()) || open.is_some() {
            client.send(Command::Show(open.into_iter().collect()));
        }
    });
    let chat = live(move || page.open.get().map(|peer| untrack(|| chat(client, peer))));
    let empty = live(move || {
        page.open.with(Option::is_none).then(|| {
            div()
                .class("nothing-open")
                .child((
                    super::parts::icon::icon(super::parts::icon::CHATS),
                    strong().child(words::PICK),
                    p().child(words::PICK_HINT),
                ))
                .into_view()
        })
    });
    (chat, empty).into_view()
}

fn chat(client: Client, peer: BareJid) -> View {
    client.send(Command::OpenConversation(peer.clone()));
    let talk = Talk::new(client, peer.clone());
    let messages = messages::Messages::new(talk.clone());
    attend(client, peer.clone(), messages.clone());
    let foot = stranger::foot(talk, messages.clone());
    // On a small screen it would cover what was opened.
    if super::parts::browser::is_narrow() {
        client.page().participants.set(false);
    }
    let people = super::rooms::panel(client, peer.clone());
    let whole = section().class("chat").attr("data-jid", peer.to_string());
    let whole = tray::take_dropped(client, peer.clone(), whole).child((
        (head(client, peer.clone()), visit::bar(client, peer.clone())),
        messages.view(),
        (alone(client, peer.clone()), held(client, peer.clone(), messages), room::renamed(client, peer.clone())),
        foot,
        news(client, peer),
    ));
    (whole, people).into_view()
}

/// A conversation that stands for itself: no head, nothing beside it, and no other to go to.
pub(crate) fn alone_in(client: Client, peer: BareJid) -> View {
    client.send(Command::OpenConversation(peer.clone()));
    let talk = Talk::new(client, peer.clone());
    let messages = messages::Messages::new(talk.clone());
    attend(client, peer.clone(), messages.clone());
    let foot = stranger::foot(talk, messages.clone());
    let whole = section().class("chat").attr("data-jid", peer.to_string());
    tray::take_dropped(client, peer.clone(), whole)
        .child((messages.view(), held(client, peer.clone(), messages), foot, news(client, peer)))
        .into_view()
}

fn head(client: Client, peer: BareJid) -> View {
    let page = client.page();
    let details = peer.clone();
    let people = room::people_button(client, peer.clone());
    let who = live(move || {
        let name = client.name(&peer);
        let face = super::rooms::face(client, &peer, &name);
        if client.is_room(&peer) {
            let lines = span().class("lines").child((
                span().class("name").attr("dir", "auto").child(say::name(&name)),
                span().class("line").child(room::line(client, &peer)),
            ));
            return (face, lines).into_view();
        }
        let contact = client.contact(&peer);
        let availability = contact.as_ref().map(|contact| contact.availability());
        let status = contact.as_ref().and_then(|contact| contact.status()).map(say::name);
        let writes = client.writers(&peer);
        // Without a connection nobody knows who is there.
        let online = matches!(client.connection(), Connection::Online);
        let is_blocked = client.blocked().has(&peer);
        let idle = contact.as_ref().and_then(|contact| contact.idle_since()).map(|since| page.last_seen(since));
        let line = match (availability, status) {
            _ if is_blocked => words::BLOCKED_PERSON.to_owned(),
            _ if writes.is_some() => writes.unwrap_or_default(),
            (None, _) => words::NOT_A_CONTACT.to_owned(),
            (Some(_), _) if !online => String::new(),
            (Some(availability), None) if idle.is_some() => {
                format!("{} · {}", wording::availability(availability), idle.unwrap_or_default())
            }
            (Some(availability), Some(status)) => format!("{} · {status}", wording::availability(availability)),
            (Some(availability), None) => wording::availability(availability).to_owned(),
        };
        let address = (name != peer.as_str()).then(|| span().class("address").child(peer.to_string()));
        (
            face,
            span().class("lines").child((
                span().class("name").attr("dir", "auto").child(say::name(&name)),
                span()
                    .class("line")
                    .child(((!line.is_empty()).then(|| span().attr("dir", "auto").child(line)), address)),
            )),
        )
            .into_view()
    });
    let back = button()
        .class("icon-button back")
        .attr("type", "button")
        .attr("data-testid", "back")
        .attr("aria-label", words::BACK)
        .click(move || page.leave())
        .child(icon(BACK));
    let sought = details.clone();
    let search = button()
        .class("icon-button")
        .attr("type", "button")
        .attr("data-testid", "chat-search")
        .attr("aria-label", words::SEARCH_CHAT)
        .attr("title", words::SEARCH_CHAT)
        .click(move || super::search::within(client, &sought))
        .child(icon(SEARCH));
    let more = details.clone();
    let open_details = move || page.dialog.set(Some(Dialog::Details(details.clone())));
    let open_more = move || page.dialog.set(Some(Dialog::Details(more.clone())));
    header()
        .class("chat-head")
        .child((
            back,
            button()
                .class("person-button")
                .attr("type", "button")
                .attr("data-testid", "chat-person")
                .click(open_details)
                .child(who),
            search,
            people,
            button()
                .class("icon-button")
                .attr("type", "button")
                .attr("data-testid", "chat-details")
                .attr("aria-label", words::DETAILS)
                .click(open_more)
                .child(icon(MORE)),
        ))
        .into_view()
}

/// Shows a message that was found and cannot be shown in its place.
fn alone(client: Client, peer: BareJid) -> View {
    let page = client.page();
    let bar = live(move || {
        let hit = page.alone.get().filter(|hit| hit.peer == peer)?;
        let why = match hit.place {
            HitPlace::Archive(_) => words::ONLY_ON_SERVER,
            HitPlace::Row(_) => words::IS_GONE,
        };
        let close = button()
            .class("icon-button")
            .attr("type", "button")
            .attr("aria-label", words::CLOSE)
            .click(move || page.alone.set(None))
            .child(icon(CLOSE));
        let said = span().child((why, " ", span().attr("dir", "auto").child(super::search::marked(&hit.snippet))));
        Some(div().class("held").attr("data-testid", "found-alone").child((said, close)).into_view())
    });
    div().attr("role", "status").child(bar).into_view()
}

/// Says that a message was refused, and that others wait for what the user decides about it.
fn held(client: Client, peer: BareJid, messages: messages::Messages) -> View {
    let whose = peer.clone();
    let held_by = State::following(move || client.conversation(&whose)?.held_by);
    let bar = live(move || {
        let key = held_by.get()?;
        let (messages, retried, discarded) = (messages.clone(), peer.clone(), peer.clone());
        let retry = move || client.send(Command::Retry { peer: retried.clone(), key });
        let discard = move || client.send(Command::Discard { peer: discarded.clone(), key });
        let ways = span().class("ways").child((
            way("held-show", words::SHOW, move || messages.show(key)),
            way("held-retry", words::RETRY, retry),
            way("held-discard", words::DISCARD, discard),
        ));
        let what =
            div().class("held").attr("data-testid", "held").child((icon(WARNING), span().child(words::HELD), ways));
        Some(what.into_view())
    });
    // The place is there before the words are, so that who listens hears them.
    div().attr("role", "status").child(bar).into_view()
}

/// Tells the engine when the user looks at the end of this conversation, and when no longer.
fn attend(client: Client, peer: BareJid, messages: messages::Messages) {
    let page = client.page();
    let told = Rc::new(std::cell::Cell::new(false));
    let known = told.clone();
    watch(move || {
        let attends = page.watched.get() && messages.is_at_end();
        if told.replace(attends) != attends {
            client.send(Command::Attend(attends.then(|| peer.clone()).into_iter().collect()));
        }
    });
    super::parts::live::at_end(move || {
        if known.get() {
            client.send(Command::Attend(Vec::new()));
        }
    });
}

/// Says a new message to who cannot see it, once. What is loaded from history is not new.
fn news(client: Client, peer: BareJid) -> View {
    let mut heard = None;
    let opened = now();
    let said = live(move || {
        let conversation = client.conversation(&peer)?;
        let activity = conversation.activity;
        let before = heard.replace(activity)?;
        let last = conversation.last.as_ref().filter(|last| {
            // What was said before comes in, too, page by page.
            activity > before && last.direction == Direction::In && last.stamp >= opened
        })?;
        let who = super::conversations::who(last).unwrap_or_default();
        let name = say::name(&untrack(|| client.name(&peer)));
        Some(format!("{name}: {who}{}", super::conversations::said(last)))
    });
    div().class("unseen").attr("aria-live", "polite").child(said).into_view()
}
