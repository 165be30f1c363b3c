//! A visitor at a support desk: what is asked first, the conversation, and its end. What the conversation needs to go on
//! with another page lies in the storage of the page around, under the desk that it is with, and nothing else.

mod ask;
mod kept;
mod over;

use std::cell::Cell;
use std::rc::Rc;

use leptos::reactive::graph::untrack;
use web_sys::{Element, HtmlElement};

pub use self::ask::{Ask, What};
use self::kept::Kept;
use super::{Entry, Setup, Told, begin, desk_words as words, news, words as common};
use crate::domain::account::Connection;
use crate::domain::desk::{Own, OwnVisit};
use crate::engine::command::Command;
use crate::engine::desk::DeskOrder;
use crate::jid::BareJid;
use crate::present::{text, wording};
use crate::ui::client::Client;
use crate::ui::parts::avatar::avatar;
use crate::ui::parts::browser::listen;
use crate::ui::parts::el::{IntoView, View, button, div, header, main, p, span, strong};
use crate::ui::parts::icon::{BIN, CHATS, FILE, MORE, PIN, icon};
use crate::ui::parts::live::{at_end, live, watch};
use crate::ui::parts::menu::{self, Choice, round};
use crate::ui::parts::state::State;
use crate::ui::parts::toasts::toasts;
use crate::ui::{chat, shell, uploads};

/// What an operator says of a desk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Desk {
    /// Its addresses; the first one stands for it.
    pub addresses: Vec<BareJid>,
    /// The service at which conversations are made; found out, if `None`.
    pub rooms: Option<BareJid>,
    /// What is asked before a conversation.
    pub asks: Vec<Ask>,
    /// Nobody is at the desk at this time of the day.
    pub away: bool,
    /// How it is called.
    pub label: Option<String>,
}

impl Desk {
    fn address(&self) -> Option<&BareJid> {
        self.addresses.first()
    }

    fn name(&self) -> String {
        let local = || self.address().and_then(BareJid::local).unwrap_or_default();
        text::name(self.label.as_deref().unwrap_or_else(local))
    }
}

/// What all parts of it share.
#[derive(Clone)]
struct Visitor {
    client: Client,
    setup: Rc<Setup>,
    desk: Rc<Desk>,
    /// A conversation was begun, or is come back to.
    begun: State<bool>,
    /// What is to be decided about it.
    deed: State<Option<Deed>>,
}

/// What a visitor may want, and is asked once more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deed {
    /// End it.
    End,
    /// Keep it.
    Keep,
}

impl Visitor {
    fn own(&self) -> Option<Rc<OwnVisit>> {
        self.client.own_visit()
    }

    /// With what address one talks, as soon as one does.
    fn talk(&self) -> Option<BareJid> {
        let own = self.own()?;
        match &own.stage {
            Own::Asked | Own::Ended => own.room.clone(),
            Own::Direct(desk) => Some(desk.clone()),
            Own::Making | Own::Refused(_) => None,
        }
    }

    /// Goes on with what an earlier page kept.
    fn come_back(&self, kept: Kept) {
        self.begun.set(true);
        begin(self.client, &self.setup, &self.setup.entry);
        let Kept { room, key, nick, read } = kept;
        self.client.send(Command::Desk(DeskOrder::Return { room, key, nick, read }));
    }

    /// Lets go of the conversation, so that another one can begin.
    fn anew(&self) {
        kept::forget(&self.desk);
        self.deed.set(None);
        self.begun.set(false);
        self.client.page().open.set(None);
        self.client.send(Command::LogOut);
    }
}

/// Shows it inside an element.
pub(super) fn view(parent: &HtmlElement, client: Client, setup: Rc<Setup>, desk: Rc<Desk>, told: Rc<dyn Fn(Told)>) {
    let page = client.page();
    page.follow_time_and_focus();
    uploads::follow(client);
    let visitor = Visitor { client, setup, desk, begun: State::new(false), deed: State::new(None) };
    let with = visitor.clone();
    news::follow(client, Rc::new(move || with.talk()), told);
    follow(&visitor);
    let (shown, first) = (visitor.clone(), visitor.clone());
    let talk = State::following({
        let visitor = visitor.clone();
        move || visitor.talk()
    });
    let is_in = State::following(move || client.account().is_some());
    let content = live(move || {
        if !first.begun.get() {
            let form = untrack(|| ask::form_of(&first));
            return Some(div().class("nothing-open visit-first").child(form).into_view());
        }
        match talk.get().filter(|_| is_in.get()) {
            Some(with) => Some(untrack(|| chat::alone_in(client, with))),
            None => Some(untrack(|| waits(&first))),
        }
    });
    let bars = live(move || is_in.get().then(|| untrack(|| shell::connection_bar(client))));
    let root = div()
        .class("app embedded")
        .attr("data-testid", "app")
        .attr("data-connection", live(move || client.connection().name()))
        .child((
            head(&visitor),
            div().class("bars").child(bars),
            main().class("pane").child(content),
            over::bar(&shown),
            toasts(client),
        ));
    let element: Element = root.node();
    root.append_to(parent);
    at_end(move || element.remove());
    if let Some(kept) = kept::of(&visitor.desk) {
        visitor.come_back(kept);
    }
}

/// Keeps what another page needs, opens what is talked in, and says goodbye to the server when the page goes: a nickname
/// is free then, and nobody waits for whoever is not there.
fn follow(visitor: &Visitor) {
    let followed = visitor.clone();
    let client = visitor.client;
    let before = Cell::new(false);
    watch(move || {
        let Some(own) = followed.own() else { return };
        if let Some(kept) = Kept::of(&own) {
            kept::keep(&followed.desk, &kept);
        }
        let talk = followed.talk();
        if let Some(talk) = talk.filter(|_| !before.get()) {
            before.set(true);
            untrack(|| {
                client.send(Command::Show(vec![talk.clone()]));
                client.page().open.set(Some(talk));
            });
        }
        before.set(followed.talk().is_some());
    });
    let Some(window) = web_sys::window() else { return };
    listen(&window, "pagehide", move |_| client.send(Command::LogOut));
    let back = visitor.clone();
    listen(&window, "pageshow", move |event| {
        let persisted = js_sys::Reflect::get(&event, &"persisted".into()).is_ok_and(|persisted| persisted.is_truthy());
        if let Some(kept) = kept::of(&back.desk).filter(|_| persisted) {
            back.come_back(kept);
        }
    });
}

fn head(visitor: &Visitor) -> View {
    let (shown, menu_of) = (visitor.clone(), visitor.clone());
    let name = visitor.desk.name();
    let address = visitor.desk.address().cloned();
    let line = live(move || line(&shown));
    let picture = address.map(|address| span().class("face").child(avatar(&address, &name)));
    let lines = span().class("lines").child((
        span().class("name").attr("dir", "auto").child(name),
        span().class("line").attr("dir", "auto").attr("data-testid", "widget-line").child(line),
    ));
    let talks = State::following({
        let visitor = visitor.clone();
        move || visitor.begun.get() && visitor.talk().is_some()
    });
    let more = live(move || {
        talks.get().then(|| {
            let visitor = menu_of.clone();
            let more = round("visit-menu", words::MENU, MORE, || ());
            let beside: HtmlElement = more.node();
            more.attr("aria-haspopup", "menu").click(move || open_menu(&visitor, &beside))
        })
    });
    header().class("widget-head").attr("part", "header").child((picture, lines, more)).into_view()
}

fn open_menu(visitor: &Visitor, beside: &HtmlElement) {
    let (saved, deed) = (visitor.clone(), visitor.deed);
    let ended = untrack(|| visitor.own()).is_none_or(|own| own.stage == Own::Ended);
    let in_group = untrack(|| visitor.own()).is_some_and(|own| own.room.is_some());
    let mut choices = vec![Choice {
        hook: "visit-save",
        icon: FILE,
        label: words::SAVE,
        grave: false,
        act: Box::new(move || over::save(&saved)),
    }];
    if in_group {
        let keep = move || deed.set(Some(Deed::Keep));
        choices.push(Choice { hook: "visit-keep", icon: PIN, label: words::KEEP, grave: false, act: Box::new(keep) });
    }
    if !ended {
        let end = move || deed.set(Some(Deed::End));
        choices.push(Choice { hook: "visit-end", icon: BIN, label: words::END, grave: true, act: Box::new(end) });
    }
    menu::open(words::MENU, beside, None, choices);
}

/// Who is there.
fn line(visitor: &Visitor) -> String {
    let client = visitor.client;
    if !visitor.begun.get() {
        return if visitor.desk.away { words::AWAY.to_owned() } else { String::new() };
    }
    let connection = client.connection();
    if !matches!(connection, Connection::Online) {
        return wording::connection(&connection).to_owned();
    }
    let Some(talk) = visitor.talk() else { return common::CONNECTED.to_owned() };
    let is_over = visitor.own().is_some_and(|own| own.stage == Own::Ended);
    if is_over {
        return words::ENDED.to_owned();
    }
    if client.is_writing(&talk) {
        return crate::ui::words::WRITING.to_owned();
    }
    let others = |people: &crate::engine::mirror::People| {
        let others = people.in_order();
        let names: Vec<String> = others.iter().filter(|one| !one.is_me).map(|one| text::name(&one.nick)).collect();
        names.join(", ")
    };
    let names = client.with_people(&talk, others).unwrap_or_default();
    match names.is_empty() {
        false => names,
        true if visitor.desk.away => words::AWAY.to_owned(),
        true => words::SOON.to_owned(),
    }
}

/// What stands there until one can talk.
fn waits(visitor: &Visitor) -> View {
    let visitor = visitor.clone();
    let content = live(move || {
        let refused = visitor.own().and_then(|own| match &own.stage {
            Own::Refused(why) => Some(wording::refusal(why)),
            _ => None,
        });
        let why = match visitor.client.connection() {
            Connection::Failed(problem) => Some(wording::problem(&problem)),
            _ => refused,
        };
        let Some(why) = why else { return p().class("working").child(common::CONNECTING).into_view() };
        let again = visitor.clone();
        let again = move || match kept::of(&again.desk) {
            Some(kept) => again.come_back(kept),
            None => again.anew(),
        };
        let button = button().class("button").attr("type", "button").attr("data-testid", "widget-again").click(again);
        (strong().child(common::NO_CHAT), p().attr("dir", "auto").child(why), button.child(common::TRY_AGAIN))
            .into_view()
    });
    div().class("nothing-open").attr("role", "status").child((icon(CHATS), content)).into_view()
}

/// Whether one can come to a desk in this way: as a guest.
pub(super) const fn is_open_to(entry: &Entry) -> bool {
    matches!(entry, Entry::Guest(_))
}
