//! The conversations, the latest first.

use crate::ui::parts::el::{IntoView, View, button, div, span};
use crate::ui::parts::state::State;
use leptos::prelude::untrack;
use std::rc::Rc;

use super::client::Client;
use super::contacts::{badge, hint, nothing_found, open_chat};
use super::page::Tab;
use super::parts::avatar::{avatar, presence_dot};
use super::parts::browser::civil;
use super::parts::icon::{WARNING, icon};
use super::parts::live::{live, watch};
use super::parts::window_list::{Behaviour, List, Rows};
use super::words;
use crate::domain::account::Connection;
use crate::domain::conversation::{Conversation, Gist, Preview};
use crate::domain::fold::fold;
use crate::domain::timeline::Direction;
use crate::jid::BareJid;
use crate::present::{files, text};

/// The height that `list.css` gives a row, in pixels.
const ROW: f64 = 60.0;

struct ConversationRows {
    client: Client,
    peers: Vec<(u64, BareJid)>,
}

impl Rows for ConversationRows {
    fn len(&self) -> usize {
        self.peers.len()
    }

    fn key(&self, index: usize) -> u64 {
        self.peers.get(index).map_or(0, |(key, _)| *key)
    }

    fn guess(&self, _index: usize) -> f64 {
        ROW
    }

    fn view(&self, index: usize) -> View {
        match self.peers.get(index) {
            Some((_, peer)) => conversation_row(self.client, peer.clone()),
            None => View::NONE,
        }
    }
}

/// The list of conversations. Returns the list too, so that the search field can hand the focus over.
pub(crate) fn conversation_list(client: Client) -> (View, List) {
    let list = List::new(Behaviour { follows: false, measures: false, roves: true });
    let page = client.page();
    let filled = State::new(0_usize);
    let shown = list.clone();
    watch(move || {
        let filter = page.filter.with(|filter| fold(filter.trim()));
        let matches = |conversation: &Rc<Conversation>| {
            filter.is_empty()
                || conversation.peer.as_str().contains(&filter)
                || untrack(|| fold(&client.name(&conversation.peer))).contains(&filter)
        };
        let peers: Vec<(u64, BareJid)> = client
            .conversations()
            .iter()
            .filter(|conversation| matches(conversation))
            .map(|conversation| (client.number(&conversation.peer).into(), conversation.peer.clone()))
            .collect();
        filled.set(peers.len());
        shown.set_rows(Rc::new(ConversationRows { client, peers }));
    });
    let empty = live(move || {
        let searching = !page.filter.with(|filter| filter.trim().is_empty());
        (filled.get() == 0).then(|| {
            if searching {
                nothing_found()
            } else {
                let go = Box::new(move || page.tab.set(Tab::Contacts));
                match client.connection() {
                    Connection::Online => hint(words::NO_CHATS, words::NO_CHATS_HINT, Some((words::CONTACTS, go))),
                    _ => hint(words::NOTHING_YET, words::NOTHING_YET_HINT, None),
                }
            }
        })
    });
    let view =
        div().class("listing").child((list.view("conversation-list", "list", words::CHATS, None), empty)).into_view();
    (view, list)
}

fn conversation_row(client: Client, peer: BareJid) -> View {
    let page = client.page();
    let (who, counted, opened, shown) = (peer.clone(), peer.clone(), peer.clone(), peer.clone());
    let unread = live(move || client.conversation(&counted).map_or(0, |conversation| conversation.unread).to_string());
    let current = live(move || page.open.with(|open| open.as_ref() == Some(&who)).then_some("true"));
    let content =
        live(move || client.conversation(&shown).map(|conversation| conversation_face(client, &conversation)));
    button()
        .class("person")
        .attr("type", "button")
        .attr("data-testid", "conversation")
        .attr("data-jid", peer.to_string())
        .attr("data-unread", unread)
        .attr("aria-current", current)
        .click(move || open_chat(client, &opened))
        .child(content)
        .into_view()
}

fn conversation_face(client: Client, conversation: &Conversation) -> View {
    let peer = &conversation.peer;
    let name = client.name(peer);
    let dot = client.contact(peer).map(|contact| presence_dot(contact.availability()));
    let today = client.page().today.get();
    // While it is open the draft stands in its field.
    let draft = conversation.draft.as_ref().filter(|_| client.page().open.with(|open| open.as_ref() != Some(peer)));
    let when = conversation.last.as_ref().map(|last| civil(last.stamp).short(today));
    let line = match (draft, &conversation.last) {
        (Some(draft), _) => {
            let label = span().class("draft").child(format!("{}: ", words::DRAFT));
            (label, span().attr("dir", "auto").child(one_line(draft))).into_view()
        }
        (None, Some(last)) => {
            let own = (last.direction == Direction::Out).then(|| format!("{}: ", words::YOU));
            (own, span().attr("dir", "auto").child(one_line(&said(last)))).into_view()
        }
        (None, None) => words::NO_MESSAGES.into_view(),
    };
    let held = conversation.held_by.map(|_| {
        let mark = span().class("held-mark").attr("title", words::NOT_SENT);
        mark.child((icon(WARNING), span().class("unseen").child(words::NOT_SENT)))
    });
    (
        span().class("face").child((avatar(peer, &name), dot)),
        span().class("lines").child((
            span().class("top").child((
                span().class("name").attr("dir", "auto").child(text::name(&name)),
                span().class("when").child(when),
            )),
            span().class("top").child((span().class("line").child(line), held, badge(conversation.unread))),
        )),
    )
        .into_view()
}

/// What the newest message says; of a file, its name.
pub(super) fn said(last: &Preview) -> String {
    if last.gist == Gist::File { files::name(&last.text) } else { last.text.clone() }
}

fn one_line(text: &str) -> String {
    text.chars().map(|character| if character.is_whitespace() { ' ' } else { character }).take(120).collect()
}
