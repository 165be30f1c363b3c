//! The contact list, and who asks to be in it.

use crate::ui::parts::el::{IntoView, View, button, div, p, section, span, strong};
use crate::ui::parts::state::State;
use leptos::reactive::signal::ArcTrigger;
use leptos::reactive::traits::{Notify, Track};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use super::client::Client;
use super::page::Dialog;
use super::parts::avatar::{avatar, presence_dot};
use super::parts::icon::{DOWN, icon};
use super::parts::live::{live, watch};
use super::parts::window_list::{Behaviour, List, Rows};
use super::words;
use crate::domain::account::Connection;
use crate::domain::contact::{Contact, ContactRequest};
use crate::domain::presence::Availability;
use crate::engine::command::Command;
use crate::jid::BareJid;
use crate::present::contact_rows::{Arrangement, ContactRow, GroupNumbers, rows};
use crate::present::{text, wording};

/// The heights that `list.css` gives these rows, in pixels.
const CONTACT: f64 = 54.0;
const GROUP: f64 = 34.0;

/// What the headers of groups say, by group number: online, total, open.
type Counts = Rc<RefCell<HashMap<u32, (u32, u32, bool)>>>;

struct ContactRows {
    client: Client,
    rows: Vec<ContactRow>,
    counts: Counts,
    counted: ArcTrigger,
}

impl Rows for ContactRows {
    fn len(&self) -> usize {
        self.rows.len()
    }

    fn key(&self, index: usize) -> u64 {
        self.rows.get(index).map_or(0, ContactRow::key)
    }

    fn guess(&self, index: usize) -> f64 {
        match self.rows.get(index) {
            Some(ContactRow::Group { .. }) => GROUP,
            _ => CONTACT,
        }
    }

    fn view(&self, index: usize) -> View {
        match self.rows.get(index) {
            Some(ContactRow::Group { name, group, .. }) => {
                group_header(self.client, name.clone(), *group, self.counts.clone(), self.counted.clone())
            }
            Some(ContactRow::Contact { number, .. }) => match self.client.address_of(*number) {
                Some(address) => contact_row(self.client, address),
                None => View::NONE,
            },
            None => View::NONE,
        }
    }
}

/// The contact list. Returns the list too, so that the search field can hand the focus over.
pub(crate) fn contact_list(client: Client) -> (View, List) {
    let list = List::new(Behaviour { follows: false, measures: false, roves: true });
    let page = client.page();
    let numbers = RefCell::new(GroupNumbers::default());
    let counts = Counts::default();
    let counted = ArcTrigger::new();
    let filled = State::new(0_usize);
    let shown = list.clone();
    watch(move || {
        let arrangement = Arrangement {
            by_availability: page.by_availability.get(),
            collapsed: page.collapsed.get(),
            filter: page.filter.get(),
        };
        let rows = client.with_contacts(|entries| rows(entries, &arrangement, &mut numbers.borrow_mut()));
        {
            let mut counts = counts.borrow_mut();
            for row in &rows {
                if let ContactRow::Group { group, online, total, open, .. } = row {
                    counts.insert(*group, (*online, *total, *open));
                }
            }
        }
        counted.notify();
        filled.set(rows.len());
        shown.set_rows(Rc::new(ContactRows { client, rows, counts: counts.clone(), counted: counted.clone() }));
    });
    let empty = live(move || {
        let searching = !page.filter.with(|filter| filter.trim().is_empty());
        (filled.get() == 0).then(|| if searching { nothing_found() } else { no_contacts(client) })
    });
    let view =
        div().class("listing").child((list.view("contact-list", "list", words::CONTACTS, None), empty)).into_view();
    (view, list)
}

fn no_contacts(client: Client) -> View {
    let page = client.page();
    if !matches!(client.connection(), Connection::Online) {
        return hint(words::NOTHING_YET, words::NOTHING_YET_HINT, None);
    }
    hint(
        words::NO_CONTACTS,
        words::NO_CONTACTS_HINT,
        Some((
            words::ADD_CONTACT,
            Box::new(move || {
                page.dialog.set(Some(Dialog::Add(None)));
            }),
        )),
    )
}

/// What to do where nothing was found.
pub(crate) fn nothing_found() -> View {
    hint(words::NOTHING_FOUND, words::NOTHING_FOUND_HINT, None)
}

/// The label of a button, and what it does.
type Way = (&'static str, Box<dyn Fn()>);

/// What a place without content says, and the way on.
pub(crate) fn hint(title: &'static str, text: &'static str, way: Option<Way>) -> View {
    let way = way.map(|(label, go)| button().class("button").attr("type", "button").click(go).child(label));
    div().class("hint").child((strong().child(title), p().child(text), way)).into_view()
}

fn group_header(client: Client, name: Rc<str>, group: u32, counts: Counts, counted: ArcTrigger) -> View {
    let page = client.page();
    let toggled = name.clone();
    let toggle = move || {
        page.collapsed.update(|collapsed| match collapsed.iter().position(|closed| **closed == *toggled) {
            Some(place) => drop(collapsed.remove(place)),
            None => collapsed.push(toggled.to_string()),
        });
    };
    let count = {
        let (counts, counted) = (counts.clone(), counted.clone());
        live(move || {
            counted.track();
            let (online, total, _) = counts.borrow().get(&group).copied().unwrap_or_default();
            format!("{online}/{total}")
        })
    };
    let expanded = live(move || {
        counted.track();
        let open = counts.borrow().get(&group).is_none_or(|(_, _, open)| *open);
        if open { "true" } else { "false" }
    });
    let title = if name.is_empty() { words::OTHERS.to_owned() } else { text::name(&name) };
    button()
        .class("group")
        .attr("type", "button")
        .attr("data-testid", "group")
        .attr("aria-expanded", expanded)
        .click(toggle)
        .child((icon(DOWN), span().attr("dir", "auto").child(title), span().class("count").child(count)))
        .into_view()
}

fn contact_row(client: Client, address: BareJid) -> View {
    let page = client.page();
    let (who, watched, opened) = (address.clone(), address.clone(), address.clone());
    let presence = live(move || {
        client.contact(&watched).map_or(Availability::Unavailable, |contact| contact.availability()).name()
    });
    let current = live(move || page.open.with(|open| open.as_ref() == Some(&who)).then_some("true"));
    let content = {
        let address = address.clone();
        live(move || client.contact(&address).map(|contact| contact_face(client, &contact)))
    };
    button()
        .class("person")
        .attr("type", "button")
        .attr("data-testid", "contact")
        .attr("data-jid", address.to_string())
        .attr("data-presence", presence)
        .attr("aria-current", current)
        .click(move || open_chat(client, &opened))
        .child(content)
        .into_view()
}

fn contact_face(client: Client, contact: &Contact) -> View {
    let is_blocked = client.blocked().has(&contact.address);
    let availability = contact.availability();
    let dot = (!is_blocked).then(|| presence_dot(availability));
    let unread = client.conversation(&contact.address).map_or(0, |conversation| conversation.unread);
    let line = match contact.status() {
        _ if is_blocked => words::BLOCKED_PERSON.to_owned(),
        Some(status) => text::name(status),
        None if contact.asked && !contact.subscription.we_see_them() => words::ASKED.to_owned(),
        None => match contact.idle_since() {
            Some(since) => format!("{} · {}", wording::availability(availability), client.page().last_seen(since)),
            None => wording::availability(availability).to_owned(),
        },
    };
    (
        span().class("face").child((avatar(&contact.address, contact.display_name()), dot)),
        span().class("lines").child((
            span().class("name").attr("dir", "auto").child(text::name(contact.display_name())),
            span().class("line").attr("dir", "auto").child(line),
        )),
        badge(unread),
    )
        .into_view()
}

/// How many messages were not seen.
pub(crate) fn badge(unread: u32) -> Option<View> {
    let shown = if unread > 99 { "99+".to_owned() } else { unread.to_string() };
    (unread > 0)
        .then(|| span().class("badge").child((shown, span().class("unseen").child(words::NEW_MESSAGES))).into_view())
}

/// Opens the conversation with somebody.
pub(crate) fn open_chat(client: Client, peer: &BareJid) {
    client.page().show(peer);
    client.page().filter.set(String::new());
}

/// Who asks to become a contact.
pub(crate) fn requests(client: Client) -> View {
    let list = live(move || {
        let requests = client.requests();
        (!requests.is_empty()).then(|| {
            let rows: Vec<View> = requests.iter().take(20).map(|request| request_row(client, request)).collect();
            section().class("requests").attr("aria-label", words::REQUESTS).child(rows).into_view()
        })
    });
    list.into_view()
}

fn request_row(client: Client, request: &ContactRequest) -> View {
    let address = &request.address;
    let answer = |hook: &'static str, class: &'static str, label: &'static str, command: fn(BareJid) -> Command| {
        let address = address.clone();
        button()
            .class(class)
            .attr("type", "button")
            .attr("data-testid", hook)
            .click(move || client.send(command(address.clone())))
            .child(label)
    };
    let called = request
        .nickname
        .as_deref()
        .map(|nickname| span().class("name").attr("dir", "auto").child(text::name(nickname)));
    let message = request.message.as_deref().map(|message| p().attr("dir", "auto").child(text::name(message)));
    div()
        .class("request")
        .attr("data-testid", "request")
        .attr("data-jid", address.to_string())
        .child((
            div().class("who").child((
                avatar(address, request.nickname.as_deref().unwrap_or(address.as_str())),
                span().class("lines").child((
                    called,
                    span().class("address").attr("dir", "auto").child(address.to_string()),
                    span().class("line").child(words::WANTS_TO_ADD),
                )),
            )),
            message,
            div().class("answers").child((
                answer("accept", "button primary", words::ACCEPT, Command::AcceptRequest),
                answer("decline", "button", words::DECLINE, Command::DeclineRequest),
                answer("block", "button quiet", words::BLOCK, Command::BlockRequest),
            )),
        ))
        .into_view()
}
