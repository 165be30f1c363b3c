//! What the search field finds among the messages.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use leptos::reactive::graph::untrack;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlInputElement, KeyboardEvent};

use super::client::Client;
use super::parts::avatar::avatar;
use super::parts::browser::{by_hook, civil, document, focused, is_narrow, later, listen};
use super::parts::live::{act, live, watch};
use super::parts::state::State;
use super::parts::window_list::{Behaviour, List, Rows};
use super::words;
use crate::domain::search::query::has_condition;
use crate::domain::search::{ArchiveSearch, Found, Hit, HitPlace, Piece};
use crate::domain::timeline::Direction;
use crate::engine::command::Command;
use crate::jid::BareJid;
use crate::present::{text, wording};
use crate::ui::parts::el::{IntoView, View, button, div, mark, section, span};

/// The heights that `list.css` gives rows, in pixels.
const ROW: f64 = 72.0;
const MORE_ROW: f64 = 48.0;
/// Results at first, and how many more whenever more are wanted.
const MOST: u32 = 50;
/// How long typing must pause before the server is asked, in milliseconds.
const PAUSE: i32 = 700;

/// The conditions that can be added, as they are typed.
const CONDITIONS: [&str; 7] = ["from:me", "from:", "in:", "has:link", "has:image", "before:", "after:"];

thread_local! {
    /// What had the focus before the search field was jumped to.
    static CAME_FROM: RefCell<Option<HtmlElement>> = const { RefCell::new(None) };
}

/// Whether what is typed is sought among the messages, too. One letter would be in nearly all of them.
pub(crate) fn is_on(client: Client) -> bool {
    client.page().filter.with(|typed| typed.trim().chars().nth(1).is_some() || !typed.trim().is_ascii())
}

/// Whether people are sought, too, or messages only.
pub(crate) fn mode(client: Client) -> Option<&'static str> {
    is_on(client).then(|| if client.page().filter.with(|typed| has_condition(typed)) { "messages" } else { "all" })
}

/// Jumps to the search field; [`leave`] leads back.
pub(crate) fn jump(client: Client) {
    if is_narrow() && client.page().open.with_untracked(Option::is_some) {
        client.page().leave();
    }
    let Some(field) = field() else { return };
    if let Some(before) = focused().filter(|before| *before != *field) {
        CAME_FROM.set(Some(before));
    }
    let _ = field.focus();
    field.select();
}

/// Back to where the user came from, if that is still there.
pub(crate) fn leave() {
    if let Some(before) = CAME_FROM.take().filter(|before| before.is_connected()) {
        let _ = before.focus();
    }
}

/// Searches in one conversation: typing goes on behind its address.
pub(crate) fn within(client: Client, peer: &BareJid) {
    client.page().filter.set(format!("in:{peer} "));
    jump(client);
}

fn field() -> Option<HtmlInputElement> {
    by_hook(&document().document_element()?, "search")?.dyn_into().ok()
}

/// A text with what was sought in it.
pub(crate) fn marked(pieces: &[Piece]) -> Vec<View> {
    let view = |piece: &Piece| match piece.is_hit {
        true => mark().child(&*piece.text).into_view(),
        false => piece.text.as_str().into_view(),
    };
    pieces.iter().map(view).collect()
}

struct Results {
    client: Client,
    found: Rc<Found>,
    /// Counts searches: rows of another one are built anew.
    shape: u8,
    most: State<u32>,
}

impl Results {
    fn has_more(&self) -> bool {
        let shown = u32::try_from(self.found.results.len()).unwrap_or(u32::MAX);
        self.found.count > shown && shown >= MOST
    }
}

impl Rows for Results {
    fn len(&self) -> usize {
        self.found.results.len().saturating_add(usize::from(self.has_more()))
    }

    fn key(&self, index: usize) -> u64 {
        match self.found.results.get(index).map(|hit| &hit.place) {
            Some(HitPlace::Row(key)) => key.0,
            // Rows count up from 1, and these count down.
            Some(HitPlace::Archive(_)) => u64::MAX.saturating_sub(index as u64),
            None => 0,
        }
    }

    fn shape(&self, _index: usize) -> u8 {
        self.shape
    }

    fn guess(&self, index: usize) -> f64 {
        if index < self.found.results.len() { ROW } else { MORE_ROW }
    }

    fn view(&self, index: usize) -> View {
        match self.found.results.get(index) {
            Some(hit) => result(self.client, Rc::new(hit.clone())),
            None => {
                let most = self.most;
                let more = move || most.update(|most| *most = most.saturating_add(MOST));
                let way = button().class("button more").attr("type", "button").attr("data-testid", "search-more");
                way.click(more).child(words::FOUND_MORE).into_view()
            }
        }
    }
}

/// The conditions that can be added, what was found, and the list of it.
pub(crate) fn results(client: Client) -> (View, View, List) {
    let list = List::new(Behaviour { follows: false, measures: false, roves: true });
    let page = client.page();
    let (asked, paused, most) = (State::new(0_u64), State::new(0_u64), State::new(MOST));
    let shown = State::new(None::<Rc<Found>>);
    // The upper half names this page among those of the same browser.
    let last = Cell::new(((js_sys::Math::random() * f64::from(u32::MAX)) as u64) << 32);
    let before = RefCell::new((String::new(), MOST));
    watch(move || {
        let typed = if is_on(client) { page.filter.get() } else { String::new() };
        let wanted = most.get();
        let is_new = before.borrow().0 != typed;
        if is_new && wanted != MOST {
            return most.set(MOST);
        }
        if before.replace((typed.clone(), wanted)).1 == wanted && !is_new {
            return;
        }
        let number = last.get().wrapping_add(1);
        last.set(number);
        asked.set(number);
        if typed.is_empty() {
            shown.set(None);
        } else {
            later(PAUSE, move || paused.set(number));
        }
        let zone = js_sys::Date::new_0().get_timezone_offset();
        let zone = if zone.is_finite() { -zone as i32 } else { 0 };
        client.send(Command::Search { number, text: typed, most: wanted, zone });
    });
    watch(move || {
        let number = asked.get();
        let Some(found) = client.found(number) else { return };
        if found.archive == ArchiveSearch::Possible && paused.get() == number {
            client.send(Command::SearchArchive { number });
        }
        shown.set_if_new(Some(found));
    });
    let filled = list.clone();
    watch(move || {
        let found = shown.get().unwrap_or_default();
        let shape = found.number as u8;
        filled.set_rows(Rc::new(Results { client, found, shape, most }));
    });
    shortcut(client);
    let hints = live(move || is_on(client).then(|| conditions(client)));
    let view = list.view("search-results", "list", words::FOUND, None);
    let told = live(move || {
        let found = shown.get()?;
        let archive = match found.archive {
            ArchiveSearch::Asking => words::ASKING_SERVER,
            ArchiveSearch::Failed => words::SERVER_FAILED,
            ArchiveSearch::None => words::ONLY_HERE,
            ArchiveSearch::Possible | ArchiveSearch::Done => "",
        };
        let count = wording::found(found.count, found.is_looking);
        Some((span().child(count), span().class("asked").child(archive)).into_view())
    });
    let back = act(|event: KeyboardEvent| {
        if event.key() == "Escape"
            && let Some(field) = field()
        {
            event.prevent_default();
            let _ = field.focus();
        }
    });
    let head = div().class("found-head").attr("data-testid", "search-count").attr("role", "status").child(told);
    let results = section().class("found").attr("aria-label", words::FOUND).on("keydown", back).child((head, view));
    (hints.into_view(), results.into_view(), list)
}

/// Ctrl+K, or on a Mac ⌘K, jumps to the search.
fn shortcut(client: Client) {
    let Some(window) = web_sys::window() else { return };
    listen(&window, "keydown", move |event| {
        let event: KeyboardEvent = event.unchecked_into();
        let is_it = (event.ctrl_key() || event.meta_key()) && !event.alt_key() && !event.shift_key();
        if is_it && event.key() == "k" && client.page().dialog.with_untracked(Option::is_none) {
            event.prevent_default();
            jump(client);
        }
    });
}

/// Buttons that add a condition to what is typed.
fn conditions(client: Client) -> View {
    let page = client.page();
    let chip = |condition: &'static str| {
        let add = move || {
            page.filter.update(|typed| {
                if !typed.ends_with(' ') {
                    typed.push(' ');
                }
                typed.push_str(condition);
                if !condition.ends_with(':') {
                    typed.push(' ');
                }
            });
            if let Some(field) = field() {
                let _ = field.focus();
            }
        };
        let is_there = live(move || page.filter.with(|typed| has(typed, condition)).then_some("true"));
        button()
            .class("chip")
            .attr("type", "button")
            .attr("data-testid", "search-condition")
            .attr("data-used", is_there)
            .click(add)
            .child(condition)
            .into_view()
    };
    let chips: Vec<View> = CONDITIONS.into_iter().map(chip).collect();
    div().class("chips").attr("role", "group").attr("aria-label", words::CONDITIONS).child(chips).into_view()
}

fn has(typed: &str, condition: &str) -> bool {
    has_condition(typed) && typed.split_whitespace().any(|part| part.starts_with(condition))
}

fn result(client: Client, hit: Rc<Hit>) -> View {
    let page = client.page();
    let peer = hit.peer.clone();
    let name = untrack(|| client.name(&peer));
    let stamp = hit.stamp;
    let when = live(move || civil(stamp).short(page.today.get()));
    let own = (hit.direction == Direction::Out).then(|| format!("{}: ", words::YOU));
    let far = matches!(hit.place, HitPlace::Archive(_)).then(|| span().class("asked").child(words::ON_SERVER));
    let place = if far.is_some() { "archive" } else { "here" };
    let said = span().attr("dir", "auto").child(marked(&hit.snippet));
    let lines = span().class("lines").child((
        span().class("top").child((
            span().class("name").attr("dir", "auto").child(text::name(&name)),
            far,
            span().class("when").child(when),
        )),
        span().class("line").child((own, said)),
    ));
    let go = move || {
        page.alone.set(None);
        page.going.set(Some(hit.clone()));
        client.send(Command::GoTo { peer: hit.peer.clone(), place: hit.place.clone() });
        page.show(&hit.peer);
    };
    button()
        .class("person")
        .attr("type", "button")
        .attr("data-testid", "search-result")
        .attr("data-jid", peer.to_string())
        .attr("data-place", place)
        .click(go)
        .child((span().class("face").child(avatar(&peer, &name)), lines))
        .into_view()
}
