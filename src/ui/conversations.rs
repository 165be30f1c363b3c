//! The conversations, the latest first.

use crate::ui::parts::el::{IntoView, View, button, div, h2, p, span};
use crate::ui::parts::state::State;
use leptos::reactive::graph::untrack;
use std::rc::Rc;

use super::client::Client;
use super::contacts::{hint, nothing_found, open_chat};
use super::page::{Dialog, Tab};
use super::parts::browser::civil;
use super::parts::icon::{BACK, BOX, Icon, MUTED, PEOPLE, PIN, WARNING, icon};
use super::parts::live::{live, watch};
use super::parts::press::press;
use super::parts::window_list::{Behaviour, List, Rows};
use super::{room_words, rooms, words};
use crate::domain::account::Connection;
use crate::domain::conversation::{Conversation, Gist, Preview};
use crate::domain::fold::fold;
use crate::domain::timeline::Direction;
use crate::jid::BareJid;
use crate::present::conversation_rows::{Behind, Entry, Row, Shelf, rows};
use crate::present::{files, rooms as say, text};

/// The height that `list.css` gives a row, in pixels.
const ROW: f64 = 60.0;
const DOOR: f64 = 46.0;

struct ConversationRows {
    client: Client,
    rows: Vec<Shown>,
    counts: [State<Behind>; 2],
}

/// A row with the number that names it.
enum Shown {
    Conversation(u32, BareJid),
    Door(Shelf),
}

impl Rows for ConversationRows {
    fn len(&self) -> usize {
        self.rows.len()
    }

    fn key(&self, index: usize) -> u64 {
        match self.rows.get(index) {
            Some(Shown::Conversation(number, _)) => (*number).into(),
            // No address has such a number.
            Some(Shown::Door(Shelf::Requests)) => 1 << 32,
            _ => 1 << 33,
        }
    }

    fn guess(&self, index: usize) -> f64 {
        if matches!(self.rows.get(index), Some(Shown::Door(_))) { DOOR } else { ROW }
    }

    fn view(&self, index: usize) -> View {
        match self.rows.get(index) {
            Some(Shown::Conversation(_, peer)) => conversation_row(self.client, peer.clone()),
            Some(Shown::Door(shelf)) => {
                let [requests, archived] = self.counts;
                door(self.client, *shelf, if *shelf == Shelf::Requests { requests } else { archived })
            }
            None => View::NONE,
        }
    }
}

/// The list of conversations. Returns the list too, so that the search field can hand the focus over.
pub(crate) fn conversation_list(client: Client) -> (View, List) {
    let list = List::new(Behaviour { follows: false, measures: false, roves: true });
    let page = client.page();
    let filled = State::new(0_usize);
    let counts = [State::new(Behind::default()), State::new(Behind::default())];
    let shown = list.clone();
    watch(move || {
        let filter = page.filter.with(|filter| fold(filter.trim()));
        let matches = |conversation: &Conversation| {
            conversation.peer.as_str().contains(&filter)
                || untrack(|| fold(&client.name(&conversation.peer))).contains(&filter)
        };
        client.watch_contact_names();
        let (mut all, blocked, desk) = (client.conversations(), client.blocked(), client.desk());
        // Own visitors stand above the list; a search looks everywhere.
        all.retain(|one| !filter.is_empty() || !desk.is_mine(&one.peer));
        let entries = all.iter().map(|one| Entry {
            conversation: one,
            is_contact: client.is_contact(&one.peer),
            is_blocked: blocked.has(&one.peer),
        });
        let shelf = page.shelf.get();
        let sought: Option<&dyn Fn(&Conversation) -> bool> = (!filter.is_empty()).then_some(&matches);
        let arranged = rows(entries, shelf, sought);
        let [requests, archived] = counts;
        requests.set_if_new(arranged.requests);
        archived.set_if_new(arranged.archived);
        // Nobody stays in a room that is empty.
        if shelf != Shelf::Chats && sought.is_none() && arranged.rows.is_empty() {
            page.shelf.set(Shelf::Chats);
            return;
        }
        let found = arranged.rows.into_iter().filter_map(|row| match row {
            Row::Door(shelf) => Some(Shown::Door(shelf)),
            Row::Conversation(place) => {
                let peer = &all.get(place)?.peer;
                Some(Shown::Conversation(client.number(peer), peer.clone()))
            }
        });
        let rows: Vec<Shown> = found.collect();
        filled.set(rows.len());
        shown.set_rows(Rc::new(ConversationRows { client, rows, counts }));
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
    let rows = div().class("listing").child((list.view("conversation-list", "list", words::CHATS, None), empty));
    ((shelf_head(client), rows).into_view(), list)
}

/// What is listed, and the way back, unless it is what is always listed.
fn shelf_head(client: Client) -> View {
    let page = client.page();
    live(move || {
        let (title, text) = match page.shelf.get() {
            Shelf::Chats => return None,
            Shelf::Requests => (words::MESSAGE_REQUESTS, Some(words::REQUESTS_HINT)),
            Shelf::Archived => (words::ARCHIVED, None),
        };
        let back = button()
            .class("icon-button")
            .attr("type", "button")
            .attr("data-testid", "shelf-back")
            .attr("aria-label", words::BACK_TO_CHATS)
            .click(move || page.shelf.set(Shelf::Chats))
            .child(icon(BACK));
        let text = text.map(|text| p().class("help").child(text));
        Some(div().class("shelf").attr("data-testid", "shelf").child((back, h2().child(title), text)).into_view())
    })
    .into_view()
}

/// The row that leads to conversations that are kept apart.
fn door(client: Client, shelf: Shelf, count: State<Behind>) -> View {
    let page = client.page();
    let (hook, title, shape) = match shelf {
        Shelf::Requests => ("requests-door", words::MESSAGE_REQUESTS, PEOPLE),
        _ => ("archived-door", words::ARCHIVED, BOX),
    };
    let unread = live(move || count.get().unread.to_string());
    let count = live(move || span().class("count").child(count.get().conversations.to_string()));
    button()
        .class("door")
        .attr("type", "button")
        .attr("data-testid", hook)
        .attr("data-unread", unread)
        .click(move || page.shelf.set(shelf))
        .child((icon(shape), span().child(title), count))
        .into_view()
}

pub(super) fn conversation_row(client: Client, peer: BareJid) -> View {
    let page = client.page();
    let (who, counted, opened, shown) = (peer.clone(), peer.clone(), peer.clone(), peer.clone());
    let unread = live(move || client.conversation(&counted).map_or(0, |conversation| conversation.unread).to_string());
    let current = live(move || page.open.with(|open| open.as_ref() == Some(&who)).then_some("true"));
    let content =
        live(move || client.conversation(&shown).map(|conversation| conversation_face(client, &conversation)));
    let arranged = peer.clone();
    let muted = live(move || {
        let is_muted = client.conversation(&arranged).is_some_and(|one| one.muted);
        (is_muted || client.blocked().has(&arranged)).then_some("")
    });
    let menu = peer.clone();
    let row = button()
        .class("person")
        .attr("type", "button")
        .attr("data-testid", "conversation")
        .attr("data-jid", peer.to_string())
        .attr("data-unread", unread)
        .attr("data-muted", muted)
        .attr("aria-current", current)
        .attr("aria-keyshortcuts", "Shift+F10")
        .child(content);
    let open = move || open_chat(client, &opened);
    press(row, open, move || client.page().dialog.set_if_new(Some(Dialog::Arrange(menu.clone()))))
}

fn conversation_face(client: Client, conversation: &Conversation) -> View {
    let peer = &conversation.peer;
    let name = client.name(peer);
    let standing = rooms::standing(client, conversation);
    let today = client.page().today.get();
    let writers = client.writers(peer);
    // While it is open the draft stands in its field.
    let draft = conversation.draft.as_ref().filter(|_| client.page().open.with(|open| open.as_ref() != Some(peer)));
    let when = conversation.last.as_ref().map(|last| civil(last.stamp).short(today));
    let line = match (draft, &conversation.last) {
        _ if standing.is_some() => span().class("said-of").attr("dir", "auto").child(standing).into_view(),
        _ if writers.is_some() => span().class("writing").attr("dir", "auto").child(writers).into_view(),
        (Some(draft), _) => {
            let label = span().class("draft").child(format!("{}: ", words::DRAFT));
            (label, span().attr("dir", "auto").child(one_line(draft))).into_view()
        }
        (None, Some(last)) => {
            let who = who(last).map(|who| span().attr("dir", "auto").child(who));
            (who, span().attr("dir", "auto").child(one_line(&said(last)))).into_view()
        }
        (None, None) => rooms::about(client, peer).unwrap_or_else(|| words::NO_MESSAGES.to_owned()).into_view(),
    };
    let held = conversation.held_by.map(|_| {
        let mark = span().class("held-mark").attr("title", words::NOT_SENT);
        mark.child((icon(WARNING), span().class("unseen").child(words::NOT_SENT)))
    });
    (
        rooms::face(client, peer, &name),
        span().class("lines").child((
            span().class("top").child((
                span().class("name").attr("dir", "auto").child(text::name(&name)),
                span().class("when").child(when),
            )),
            span().class("top").child((
                span().class("line").child(line),
                held,
                mark(conversation.muted, MUTED, words::MUTED),
                mark(conversation.pinned, PIN, words::PINNED),
                rooms::badges(conversation),
            )),
        )),
    )
        .into_view()
}

/// Says in a small picture how the conversation is arranged.
fn mark(is: bool, shape: Icon, words: &'static str) -> Option<View> {
    let mark = || span().class("mark").attr("title", words);
    is.then(|| mark().child((icon(shape), span().class("unseen").child(words))).into_view())
}

/// Who said the newest message, and that it was to one alone, as it stands before what it says.
pub(super) fn who(last: &Preview) -> Option<String> {
    let nick = last.nick.as_deref();
    let name = match last.direction {
        Direction::Out => words::YOU.to_owned(),
        Direction::In => nick.map(text::name)?,
    };
    let alone = match (last.direction, nick.filter(|_| last.private)) {
        (_, None) => String::new(),
        (Direction::In, Some(_)) => format!(" ({})", room_words::ONLY_TO_YOU),
        (Direction::Out, Some(nick)) => format!(" ({})", say::only_to(nick)),
    };
    Some(format!("{name}{alone}: "))
}

/// What the newest message says; of a file, its name.
pub(super) fn said(last: &Preview) -> String {
    match last.gist {
        Gist::Text => last.text.clone(),
        Gist::File => files::name(&last.text),
        Gist::Spoiler => words::A_SPOILER.to_owned(),
        Gist::Retracted => words::RETRACTED.to_owned(),
        Gist::Unreadable => words::UNREADABLE.to_owned(),
    }
}

fn one_line(text: &str) -> String {
    text.chars().map(|character| if character.is_whitespace() { ' ' } else { character }).take(120).collect()
}
