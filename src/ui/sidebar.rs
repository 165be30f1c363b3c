//! The left side, or on a phone the first screen: who I am, the search, chats and contacts.

use super::client::Client;
use super::contacts::{contact_list, open_chat, requests};
use super::conversations::conversation_list;
use super::page::{Dialog, Tab};
use super::parts::avatar::{avatar, presence_dot};
use super::parts::browser::typed_text;
use super::parts::icon::{CHATS, CLOSE, DOWN, Icon, PEN, PEOPLE, PLUS, SEARCH, SORT, icon};
use super::parts::live::{act, live};
use super::parts::state::State;
use super::parts::window_list::List;
use super::{rooms, search, words};
use crate::domain::account::Connection;
use crate::domain::presence::Availability;
use crate::jid::BareJid;
use crate::present::{text, wording};
use crate::ui::parts::el::{IntoView, View, aside, button, div, input, nav, span};
use leptos::reactive::graph::untrack;
use web_sys::{Event, KeyboardEvent};

/// The left side.
pub(crate) fn sidebar(client: Client) -> View {
    let page = client.page();
    let lists = State::new(None::<List>);
    let listing = live(move || {
        let (view, list) = match page.tab.get() {
            Tab::Chats => untrack(|| conversation_list(client)),
            Tab::Contacts => untrack(|| contact_list(client)),
        };
        lists.set(Some(list));
        view
    });
    let (hints, results, found) = search::results(client);
    aside()
        .class("side")
        .attr("aria-label", words::SIDEBAR)
        .attr("data-searching", live(move || search::mode(client)))
        .child((
            own(client),
            field(client, lists, found),
            hints,
            tabs(client),
            (super::desk::visitors(client), rooms::invitations(client), requests(client)),
            stranger(client),
        ))
        .child((listing, results))
        .into_view()
}

fn own(client: Client) -> View {
    let page = client.page();
    let face = live(move || {
        client.account().map(|account| {
            let name = client.own_nickname();
            let name = name.unwrap_or_else(|| account.address.local().unwrap_or(account.address.domain()).to_owned());
            let online = matches!(client.connection(), Connection::Online);
            let presence = client.own_presence();
            let shown = if online { presence.availability } else { Availability::Unavailable };
            let line = match presence.status.filter(|_| online) {
                Some(status) => text::name(&status),
                None => wording::availability(shown).to_owned(),
            };
            (
                span().class("face").child((avatar(&account.address, &name), presence_dot(shown))),
                span().class("lines").child((
                    span().class("name").attr("dir", "auto").child(text::name(&name)),
                    span().class("line").attr("dir", "auto").child(line),
                )),
                icon(DOWN),
            )
        })
    });
    button()
        .class("own")
        .attr("type", "button")
        .attr("data-testid", "status-menu")
        .attr("aria-haspopup", "dialog")
        .attr("title", words::STATUS)
        .click(move || page.dialog.set(Some(Dialog::Status)))
        .child(face)
        .into_view()
}

fn field(client: Client, lists: State<Option<List>>, found: List) -> View {
    let page = client.page();
    let typed = act(move |event: Event| page.filter.set(typed_text(&event)));
    let key = act(move |event: KeyboardEvent| match event.key().as_str() {
        "ArrowDown" => {
            event.prevent_default();
            match lists.get_untracked().filter(|list| !list.is_empty()) {
                Some(list) => list.focus(),
                None => found.focus(),
            }
        }
        "Escape" => {
            page.filter.set(String::new());
            search::leave();
        }
        "Enter" => match typed_address(client) {
            Some(peer) => open_chat(client, &peer),
            None => found.focus(),
        },
        _ => {}
    });
    let clear = live(move || {
        (!page.filter.with(String::is_empty)).then(|| {
            button()
                .class("icon-button")
                .attr("type", "button")
                .attr("aria-label", words::CLEAR_SEARCH)
                .click(move || page.filter.set(String::new()))
                .child(icon(CLOSE))
                .into_view()
        })
    });
    div()
        .class("find")
        .attr("role", "search")
        .child((
            div().class("search").child((
                icon(SEARCH),
                input()
                    .attr("type", "search")
                    .attr("data-testid", "search")
                    .attr("placeholder", words::SEARCH)
                    .attr("aria-label", words::SEARCH)
                    .attr("autocomplete", "off")
                    .attr("autocapitalize", "none")
                    .attr("spellcheck", "false")
                    .attr("enterkeyhint", "go")
                    .prop("value", live(move || page.filter.get()))
                    .on("input", typed)
                    .on("keydown", key),
                clear,
            )),
            button()
                .class("icon-button add")
                .attr("type", "button")
                .attr("data-testid", "add-contact")
                .attr("aria-label", words::ADD_CONTACT)
                .attr("title", words::ADD_CONTACT)
                .click(move || page.dialog.set(Some(Dialog::Add(None))))
                .child(icon(PLUS)),
        ))
        .into_view()
}

/// What was typed into the search field, if it is a whole address.
fn typed_address(client: Client) -> Option<BareJid> {
    let typed = client.page().filter.get();
    typed.contains('@').then(|| client.read_address(&typed).ok()).flatten().filter(|peer| peer.local().is_some())
}

/// Offers to write to the address in the search field.
fn stranger(client: Client) -> View {
    let page = client.page();
    live(move || {
        let peer = typed_address(client)?;
        let known = client.contact(&peer).is_some();
        let (opened, added, shown) = (peer.clone(), peer.clone(), peer.to_string());
        let add = (!known).then(|| {
            button()
                .class("icon-button")
                .attr("type", "button")
                .attr("data-testid", "add-typed")
                .attr("aria-label", words::ADD_CONTACT)
                .click(move || page.dialog.set(Some(Dialog::Add(Some(added.clone())))))
                .child(icon(PLUS))
        });
        let write = button()
            .class("person")
            .attr("type", "button")
            .attr("data-testid", "message-address")
            .click(move || open_chat(client, &opened))
            .child((
                span().class("face").child(avatar(&peer, peer.as_str())),
                span().class("lines").child((
                    span().class("name").child(words::MESSAGE),
                    span().class("line").attr("dir", "auto").child(shown),
                )),
            ));
        Some(div().class("stranger").child((write, add)).into_view())
    })
    .into_view()
}

fn tabs(client: Client) -> View {
    let page = client.page();
    let tab = move |which: Tab, hook: &'static str, label: &'static str, shape: Icon, count: View| {
        button()
            .class("tab")
            .attr("type", "button")
            .attr("data-testid", hook)
            .attr("aria-pressed", live(move || if page.tab.get() == which { "true" } else { "false" }))
            .click(move || page.tab.set(which))
            .child((icon(shape), span().child(label), count))
    };
    let unread = live(move || super::contacts::badge(super::title::counted(client)));
    let asking = live(move || super::contacts::badge(u32::try_from(client.requests().len()).unwrap_or(u32::MAX)));
    let sort = live(move || {
        if page.tab.get() == Tab::Chats {
            return Some(
                button()
                    .class("icon-button sort")
                    .attr("type", "button")
                    .attr("data-testid", "new-chat")
                    .attr("aria-label", words::NEW_CHAT)
                    .attr("title", words::NEW_CHAT)
                    .click(move || page.dialog.set(Some(Dialog::NewChat)))
                    .child(icon(PEN))
                    .into_view(),
            );
        }
        Some({
            let label =
                live(
                    move || {
                        if page.by_availability.get() { words::SORT_BY_AVAILABILITY } else { words::SORT_BY_NAME }
                    },
                );
            let title =
                live(
                    move || {
                        if page.by_availability.get() { words::SORT_BY_AVAILABILITY } else { words::SORT_BY_NAME }
                    },
                );
            button()
                .class("icon-button sort")
                .attr("type", "button")
                .attr("data-testid", "sort")
                .attr("aria-label", label)
                .attr("title", title)
                .attr("aria-pressed", live(move || if page.by_availability.get() { "true" } else { "false" }))
                .click(move || page.by_availability.update(|sorted| *sorted = !*sorted))
                .child(icon(SORT))
                .into_view()
        })
    });
    nav()
        .class("tabs")
        .child((
            tab(Tab::Chats, "tab-chats", words::CHATS, CHATS, unread.into_view()),
            tab(Tab::Contacts, "tab-contacts", words::CONTACTS, PEOPLE, asking.into_view()),
            sort,
        ))
        .into_view()
}
