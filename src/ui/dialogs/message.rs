//! About one message: who wrote it and when, how far it came, and what it said before.

use std::rc::Rc;

use web_sys::Event;

use crate::domain::fold::fold;
use crate::domain::timeline::{Direction, MessageKey};
use crate::engine::command::Command;
use crate::jid::BareJid;
use crate::present::{text, wording};
use crate::ui::client::Client;
use crate::ui::contacts::open_chat;
use crate::ui::parts::browser::{civil, typed_text};
use crate::ui::parts::el::{IntoView, View, button, div, h3, input, p, span};
use crate::ui::parts::live::{act, live};
use crate::ui::parts::state::State;
use crate::ui::{rooms, words};

/// People that are offered at once.
const OFFERED: usize = 50;

/// Everything that is known about a message.
pub(super) fn about(client: Client, peer: BareJid, key: MessageKey) -> View {
    client.send(Command::Identify { peer: peer.clone(), key });
    let content = live(move || {
        let message = client.message(&peer, key)?;
        let today = client.page().today.get();
        let when = |stamp| {
            let civil = civil(stamp);
            format!("{}, {}", civil.day.label(today), civil.time())
        };
        let who = match message.direction {
            Direction::Out => words::YOU.to_owned(),
            Direction::In => match &message.author {
                Some(author) => text::name(&author.nick),
                None => text::name(&client.name(&message.from)),
            },
        };
        let mut facts = vec![fact(words::WRITTEN_BY, who), fact(words::WRITTEN, when(message.stamp))];
        if let Some(delivery) = &message.delivery {
            facts.push(fact(words::STATE, wording::delivery(delivery).to_owned()));
        }
        if let Some(names) = client.names(&peer, key) {
            facts.extend(names.id.map(|id| fact(words::SENDERS_ID, id)));
            facts.extend(names.archive_id.map(|id| fact(words::SERVERS_ID, id)));
        }
        let mut texts: Vec<View> = Vec::new();
        if !message.versions().is_empty() {
            texts.push(h3().child(words::EARLIER_TEXTS).into_view());
        }
        for version in message.versions() {
            let said = p().class("version").attr("dir", "auto").attr("data-testid", "version").child(&*version.text);
            texts.push(div().child((span().class("help").child(when(version.stamp)), said)).into_view());
        }
        Some((facts, texts).into_view())
    });
    div().class("details").attr("data-testid", "message-info").child(content).into_view()
}

fn fact(name: &'static str, value: String) -> View {
    div().class("fact").child((span().class("help").child(name), span().attr("dir", "auto").child(value))).into_view()
}

/// Chooses whom to send a text to.
pub(super) fn forward(client: Client, said: String) -> View {
    let page = client.page();
    let filter = State::new(String::new());
    let said: Rc<str> = said.into();
    let shown = said.clone();
    let people = live(move || {
        let wanted = fold(&filter.get());
        let mut found: Vec<BareJid> = client.conversations().iter().map(|one| one.peer.clone()).collect();
        client.with_contacts(|contacts| {
            for contact in contacts {
                if !found.contains(&contact.contact.address) {
                    found.push(contact.contact.address.clone());
                }
            }
        });
        let fits = |peer: &BareJid| {
            wanted.is_empty() || peer.as_str().contains(&wanted) || fold(&client.name(peer)).contains(&wanted)
        };
        let rows = found.into_iter().filter(fits).take(OFFERED).map(|peer| {
            let (name, said, to) = (client.name(&peer), said.clone(), peer.clone());
            let send = move || {
                client.send(Command::SendText { id: None, peer: to.clone(), text: said.to_string() });
                page.close_dialog();
                open_chat(client, &to);
            };
            let lines = span().class("lines").child(span().class("name").attr("dir", "auto").child(text::name(&name)));
            button()
                .class("person")
                .attr("type", "button")
                .attr("data-testid", "forward-to")
                .attr("data-jid", peer.to_string())
                .click(send)
                .child((rooms::face(client, &peer, &name), lines))
                .into_view()
        });
        rows.collect::<Vec<_>>()
    });
    let search = input()
        .attr("type", "search")
        .attr("data-testid", "forward-filter")
        .attr("aria-label", words::FORWARD_TO)
        .attr("placeholder", words::FORWARD_TO)
        .on("input", act(move |event: Event| filter.set(typed_text(&event))));
    div()
        .class("details")
        .child((
            p().class("version").attr("dir", "auto").child(text::beginning(&shown).unwrap_or(&shown).to_owned()),
            search,
            div().class("people").child(people),
        ))
        .into_view()
}
