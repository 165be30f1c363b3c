//! Who is in a group chat, beside it: thousands of people in a list of some dozens of rows.

use std::rc::Rc;

use leptos::reactive::graph::untrack;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, KeyboardEvent};

use super::deed;
use crate::domain::presence::Availability;
use crate::domain::room::{Affiliation, Occupant, Role};
use crate::engine::mirror::People;
use crate::jid::BareJid;
use crate::present::participants::{PersonRow, rows};
use crate::present::text;
use crate::ui::client::Client;
use crate::ui::page::Dialog;
use crate::ui::parts::avatar::{nick_avatar, presence_dot};
use crate::ui::parts::browser::{focused, next_frame, typed_text};
use crate::ui::parts::el::{IntoView, View, aside, button, div, h2, header, input, p, span};
use crate::ui::parts::icon::{CLOSE, SEARCH, icon};
use crate::ui::parts::live::{act, at_end, live, watch};
use crate::ui::parts::menu::round;
use crate::ui::parts::state::State;
use crate::ui::parts::window_list::{Behaviour, List, Rows};
use crate::ui::{room_words as words, words as common};

/// The heights that `rooms.css` gives these rows, in pixels.
const PERSON: f64 = 48.0;
const HEADING: f64 = 32.0;

struct PeopleRows {
    client: Client,
    room: BareJid,
    rows: Vec<PersonRow>,
}

impl Rows for PeopleRows {
    fn len(&self) -> usize {
        self.rows.len()
    }

    fn key(&self, index: usize) -> u64 {
        self.rows.get(index).map_or(0, PersonRow::key)
    }

    fn shape(&self, index: usize) -> u8 {
        match self.rows.get(index) {
            // A heading with another number is another row.
            Some(PersonRow::Heading(_, count)) => *count as u8,
            _ => 0,
        }
    }

    fn guess(&self, index: usize) -> f64 {
        if matches!(self.rows.get(index), Some(PersonRow::Heading(..))) { HEADING } else { PERSON }
    }

    fn view(&self, index: usize) -> View {
        match self.rows.get(index) {
            Some(PersonRow::Heading(affiliation, count)) => heading(*affiliation, *count),
            Some(PersonRow::Person(number)) => person(self.client, self.room.clone(), *number),
            None => View::NONE,
        }
    }
}

/// The people in a group chat, while that is wished.
pub(crate) fn panel(client: Client, room: BareJid) -> View {
    let page = client.page();
    let is_room = {
        let room = room.clone();
        State::following(move || client.is_room(&room))
    };
    // Whoever only comes from another conversation wants to write.
    let by_hand = std::cell::Cell::new(false);
    live(move || {
        let shown = is_room.get() && page.participants.get();
        let by_hand = by_hand.replace(true);
        shown.then(|| untrack(|| open(client, room.clone(), by_hand)))
    })
    .into_view()
}

fn open(client: Client, room: BareJid, by_hand: bool) -> View {
    let page = client.page();
    let before = focused().filter(|_| by_hand);
    at_end(move || {
        next_frame(move || {
            if let Some(before) = before.filter(|before| before.is_connected()) {
                let _ = before.focus();
            }
        });
    });
    let filter = State::new(String::new());
    let list = List::new(Behaviour { follows: false, measures: false, roves: true });
    let filled = State::new(0_usize);
    let (shown, whose) = (list.clone(), room.clone());
    watch(move || {
        let people = client.with_people(&whose, People::in_order).unwrap_or_else(|| Rc::new([]));
        let rows = filter.with(|filter| rows(&people, filter));
        filled.set(rows.len());
        shown.set_rows(Rc::new(PeopleRows { client, room: whose.clone(), rows }));
    });
    let counted = room.clone();
    let count = live(move || client.with_people(&counted, People::len).unwrap_or_default().to_string());
    let empty = live(move || (filled.get() == 0).then(|| p().class("help").child(words::NOBODY)));
    let downward = list.clone();
    let key = act(move |event: KeyboardEvent| {
        if event.key() == "ArrowDown" {
            event.prevent_default();
            downward.focus();
        }
    });
    let field = input()
        .attr("type", "search")
        .attr("data-testid", "participant-search")
        .attr("placeholder", words::SEARCH_PEOPLE)
        .attr("aria-label", words::SEARCH_PEOPLE)
        .attr("autocomplete", "off")
        .attr("spellcheck", "false")
        .on("input", act(move |event: Event| filter.set(typed_text(&event))))
        .on("keydown", key);
    let search: HtmlElement = field.node();
    if by_hand {
        next_frame(move || {
            let _ = search.focus();
        });
    }
    let close = act(move |event: KeyboardEvent| {
        if event.key() == "Escape" && !event.default_prevented() {
            page.participants.set(false);
        }
    });
    aside()
        .class("participants")
        .attr("data-testid", "participants")
        .attr("aria-label", words::PARTICIPANTS)
        .on("keydown", close)
        .child((
            header().child((
                h2().child((words::PARTICIPANTS, " ", span().class("count").child(count))),
                round("participants-close", common::CLOSE, CLOSE, move || page.participants.set(false)),
            )),
            div().class("search").child((icon(SEARCH), field)),
            div().class("listing").child((list.view("participant-list", "list", words::PARTICIPANTS, None), empty)),
        ))
        .into_view()
}

fn heading(affiliation: Affiliation, count: u32) -> View {
    div()
        .class("group")
        .attr("data-testid", "participant-group")
        .child((span().child(super::group(affiliation)), span().class("count").child(count.to_string())))
        .into_view()
}

fn person(client: Client, room: BareJid, number: u64) -> View {
    let whose = room.clone();
    // Of thousands who change, a row is built anew only for its own.
    let them = State::following(move || client.occupant(&whose, number));
    let element = std::rc::Rc::new(std::cell::RefCell::new(None::<Element>));
    let own = element.clone();
    let menu = move || {
        let (Some(them), Some(beside)) = (them.get_untracked(), own.borrow().clone()) else { return };
        if them.is_me {
            client.page().dialog.set(Some(Dialog::Details(room.clone())));
        } else {
            untrack(|| deed::open_menu(client, &room, &them, &beside));
        }
    };
    let row = button()
        .class("person")
        .attr("type", "button")
        .attr("data-testid", "participant")
        .attr("data-nick", live(move || them.with(|them| them.as_ref().map(|them| them.nick.to_string()))))
        .attr("data-me", live(move || them.with(|them| them.as_ref().is_some_and(|them| them.is_me)).then_some("")))
        .attr("aria-haspopup", "true")
        .click(menu)
        .child(live(move || them.get().map(|them| face(&them))));
    element.replace(Some(row.node::<HtmlElement>().unchecked_into()));
    row.into_view()
}

/// The labels that a group chat gave somebody.
pub(crate) fn hats(them: &Occupant) -> impl Iterator<Item = View> {
    them.hats.iter().map(|hat| {
        let label = span().class("tag").attr("data-testid", "hat").attr("dir", "auto");
        label.child(text::name(hat)).into_view()
    })
}

fn face(them: &Occupant) -> View {
    let dot = (them.availability != Availability::Available).then(|| presence_dot(them.availability));
    let you = them.is_me.then(|| span().class("tag").child(common::YOU));
    let hats = hats(them).take(3);
    let line = match them.role {
        Role::Visitor => Some(words::MAY_READ_ONLY.to_owned()),
        Role::Moderator if them.affiliation < Affiliation::Admin => Some(words::MODERATES.to_owned()),
        _ => them.address.as_ref().map(ToString::to_string),
    };
    (
        span().class("face").child((nick_avatar(&them.nick), dot)),
        span().class("lines").child((
            span().class("top").child((
                span().class("name").attr("dir", "auto").child(text::name(&them.nick)),
                you,
                hats.collect::<Vec<View>>(),
            )),
            line.map(|line| span().class("line").attr("dir", "auto").child(line)),
        )),
    )
        .into_view()
}
