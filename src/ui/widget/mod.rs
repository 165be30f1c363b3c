//! One conversation as a part of somebody else's page: what `<waxwing-chat>` shows once it was opened.
//!
//! Nothing here reaches beyond the element that it is given: no title, no address bar, no dialog of the page.

mod desk;
mod desk_words;
mod head;
mod news;
mod sign_in;
mod words;

use std::cell::RefCell;
use std::rc::Rc;

use leptos::mount::{UnmountHandle, mount_to};
use leptos::reactive::graph::untrack;
use leptos::tachys::view::Mountable;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

pub use self::desk::{Ask, Desk, What};
use super::client::Client;
use super::parts::browser::{by_hook, lies_at, next_frame};
use super::parts::el::{IntoView, View, button, div, main, p, strong};
use super::parts::icon::{CHATS, icon};
use super::parts::live::{at_end, live, watch};
use super::parts::state::State;
use super::parts::toasts::toasts;
use super::{chat, shell, uploads};
use crate::domain::account::Connection;
use crate::domain::problem::Reason;
use crate::engine::command::{Command, Password};
use crate::engine::rooms::RoomOrder;
use crate::jid::BareJid;
use crate::present::wording;

/// With whom one talks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum With {
    /// One address.
    Person(BareJid),
    /// A group chat.
    Room(BareJid),
    /// A support desk.
    Desk(BareJid, Rc<Desk>),
}

impl With {
    /// The address, of whatever it is.
    pub const fn address(&self) -> &BareJid {
        match self {
            Self::Person(address) | Self::Room(address) | Self::Desk(address, _) => address,
        }
    }
}

/// As whom one comes in.
#[derive(Clone, PartialEq, Eq)]
pub enum Entry {
    /// As a guest of a domain (XEP-0175).
    Guest(BareJid),
    /// As the owner of an account, by a token that the page has for it; `None` until the page gave it.
    Token(Option<(BareJid, Password)>),
    /// As whoever signs in here, with a domain that completes an address. Only where the page around is our own.
    Form(Option<String>),
}

/// What an element is about.
#[derive(Clone, PartialEq, Eq)]
pub struct Setup {
    /// With whom one talks.
    pub with: With,
    /// As whom one comes in.
    pub entry: Entry,
    /// Under which name.
    pub nickname: Option<String>,
    /// The WebSocket address; discovered, if `None`.
    pub service: Option<String>,
    /// Hosts from which pictures are shown without asking.
    pub picture_hosts: Vec<String>,
    /// Where the files of this program lie, with a slash at the end.
    pub place: String,
}

/// What the page around is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// One can write now.
    Ready,
    /// Somebody wrote something.
    Message {
        /// Whether it was the user.
        own: bool,
        /// The nickname, in a group chat.
        nick: Option<String>,
        /// Its beginning; empty, if it is no text.
        text: String,
    },
    /// So many messages were not seen.
    Unread(u32),
    /// Where the connection stands: the name of a [`Connection`].
    Connection(&'static str),
    /// It does not go on without somebody doing something.
    Trouble {
        /// The stable name of what is wrong.
        code: &'static str,
        /// The same for people.
        words: String,
    },
}

/// One element that is open. It goes with [`Widget::end`].
pub struct Widget {
    client: Client,
    root: HtmlElement,
    entry: State<Option<Entry>>,
    setup: Rc<Setup>,
}

impl Widget {
    /// Shows a conversation inside an element. `told` hears what the page around is to know.
    ///
    /// The second value must be kept for as long as it is to be seen.
    pub fn mount(
        parent: HtmlElement,
        client: Client,
        setup: Setup,
        told: impl Fn(Told) + 'static,
    ) -> (Self, UnmountHandle<impl Mountable>) {
        lies_at(&setup.place);
        let page = client.page();
        page.embedded.set(true);
        page.picture_hosts.set(setup.picture_hosts.clone());
        let setup = Rc::new(setup);
        let entry = client.own(|| State::new(Some(setup.entry.clone())));
        let widget = Self { client, root: parent.clone(), entry, setup: setup.clone() };
        let shown = parent.clone();
        let handle =
            client.own(|| mount_to(parent, move || untrack(|| view(&shown, client, setup, entry, Rc::new(told)))));
        (widget, handle)
    }

    /// Says whether the element can be seen.
    pub fn set_in_sight(&self, in_sight: bool) {
        self.client.page().in_sight.set_if_new(in_sight);
    }

    /// Puts the cursor into the field for a message, or else into the first one of a form, if there is one.
    pub fn focus(&self) -> bool {
        let first = || self.root.query_selector("form input").ok()??.dyn_into().ok();
        by_hook(&self.root, "composer").or_else(first).is_some_and(|field| field.focus().is_ok())
    }

    /// Says something.
    pub fn send(&self, text: String) {
        if !text.trim().is_empty() {
            // At a desk nobody knows beforehand where one talks.
            let open = self.client.page().open.get_untracked();
            let peer = open.unwrap_or_else(|| self.setup.with.address().clone());
            self.client.send(Command::SendText { id: None, peer, text });
        }
    }

    /// Comes in by another token.
    pub fn set_token(&self, address: BareJid, token: Password) {
        let is_in = untrack(|| self.client.account()).is_some_and(|account| account.address == address);
        let entry = Entry::Token(Some((address, token)));
        self.entry.set(Some(entry.clone()));
        // Whoever is in already needs it when the connection is made anew, and the old one is not good for that.
        if !is_in {
            begin(self.client, &self.setup, &entry);
        }
    }

    /// Leaves, and lets go of everything.
    pub fn end(self) {
        self.client.send(Command::LogOut);
    }
}

fn begin(client: Client, setup: &Setup, entry: &Entry) {
    let service = setup.service.clone();
    match entry.clone() {
        Entry::Guest(domain) => client.send(Command::LogInAsGuest { domain, service }),
        Entry::Token(Some((address, token))) => client.send(Command::LogInWithToken { address, token, service }),
        Entry::Token(None) | Entry::Form(_) => {}
    }
}

fn view(parent: &HtmlElement, client: Client, setup: Rc<Setup>, entry: State<Option<Entry>>, told: Rc<dyn Fn(Told)>) {
    if let With::Desk(_, desk) = &setup.with
        && desk::is_open_to(&setup.entry)
    {
        return desk::view(parent, client, setup.clone(), desk.clone(), told);
    }
    let page = client.page();
    page.follow_time_and_focus();
    uploads::follow(client);
    let with = setup.with.address().clone();
    news::follow(client, Rc::new(move || Some(with.clone())), told);
    enter(parent, client, setup.clone(), entry);
    let signed_in = State::following(move || client.account().is_some());
    let (shown, asked) = (setup.clone(), setup.clone());
    let talk = live(move || {
        signed_in.get().then(|| {
            let with = shown.with.address().clone();
            untrack(|| chat::alone_in(client, with))
        })
    });
    let before = live(move || (!signed_in.get()).then(|| waits(client, asked.clone(), entry)));
    let root = div()
        .class("app embedded")
        .attr("data-testid", "app")
        .attr("data-connection", live(move || client.connection().name()))
        .child((
            head::head(client, setup),
            div().class("bars").child(live(move || signed_in.get().then(|| untrack(|| shell::connection_bar(client))))),
            main().class("pane").child((talk, before)),
            toasts(client),
        ));
    let element: Element = root.node();
    root.append_to(parent);
    at_end(move || element.remove());
}

/// Begins, and goes where one is to talk once one is in.
fn enter(root: &HtmlElement, client: Client, setup: Rc<Setup>, entry: State<Option<Entry>>) {
    let root = root.clone();
    let page = client.page();
    begin(client, &setup, &setup.entry);
    let (tried, asked) = (RefCell::new(setup.entry.clone()), setup.clone());
    watch(move || {
        // A token that came while the one before was good enough.
        let (newest, failed) = (entry.get(), matches!(client.connection(), Connection::Failed(_)));
        if let Some(newest) = newest.filter(|newest| failed && *newest != *tried.borrow()) {
            tried.replace(newest.clone());
            untrack(|| begin(client, &asked, &newest));
        }
    });
    let signed_in = State::following(move || client.account().is_some());
    watch(move || {
        let with = setup.with.address().clone();
        if !signed_in.get() {
            page.open.set(None);
            return;
        }
        untrack(|| {
            if let (With::Room(room), nick) = (&setup.with, setup.nickname.clone()) {
                client.order(RoomOrder::Join { room: room.clone(), nick, password: None });
            }
            client.send(Command::Show(vec![with.clone()]));
            page.open.set(Some(with));
            // Whoever just signed in wants to write.
            if matches!(setup.entry, Entry::Form(_)) {
                let root = root.clone();
                next_frame(move || {
                    let _ = by_hook(&root, "composer").map(|field| field.focus());
                });
            }
        });
    });
}

/// What stands in place of the conversation until there is one.
fn waits(client: Client, setup: Rc<Setup>, entry: State<Option<Entry>>) -> View {
    if let Entry::Form(home) = &setup.entry {
        return div().class("nothing-open").child(sign_in::form_for(client, &setup, home.clone())).into_view();
    }
    let content = live(move || {
        if matches!(entry.get(), Some(Entry::Token(None))) {
            return p().child(words::NO_TOKEN).into_view();
        }
        let by_token = matches!(entry.get_untracked(), Some(Entry::Token(_)));
        let Connection::Failed(problem) = client.connection() else {
            return p().class("working").child(words::CONNECTING).into_view();
        };
        let why = if by_token && is_about_token(problem.reason) {
            words::TOKEN_REFUSED.to_owned()
        } else {
            wording::problem(&problem)
        };
        let setup = setup.clone();
        let again = move || {
            if let Some(entry) = entry.get_untracked() {
                begin(client, &setup, &entry);
            }
        };
        (
            strong().child(words::NO_CHAT),
            p().attr("dir", "auto").child(why),
            button()
                .class("button")
                .attr("type", "button")
                .attr("data-testid", "widget-again")
                .click(again)
                .child(words::TRY_AGAIN),
        )
            .into_view()
    });
    div().class("nothing-open").attr("role", "status").child((icon(CHATS), content)).into_view()
}

/// Whether another token may help.
const fn is_about_token(reason: Reason) -> bool {
    matches!(reason, Reason::WrongPassword | Reason::CredentialsExpired | Reason::SignInAgain | Reason::AuthRefused)
}
