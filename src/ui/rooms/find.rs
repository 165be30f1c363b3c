//! Finding a group chat: in the list of the server, or by its address.

use std::rc::Rc;

use web_sys::HtmlElement;

use super::{join, typed};
use crate::domain::room::FoundRoom;
use crate::engine::rooms::RoomOrder;
use crate::jid::BareJid;
use crate::order;
use crate::present::text;
use crate::ui::client::Client;
use crate::ui::dialogs::field;
use crate::ui::parts::avatar::{avatar, group_sign};
use crate::ui::parts::browser::later;
use crate::ui::parts::el::{IntoView, View, button, div, p, span};
use crate::ui::parts::icon::{PEOPLE, icon};
use crate::ui::parts::live::{live, watch};
use crate::ui::parts::state::State;
use crate::ui::parts::window_list::{Behaviour, List, Rows};
use crate::ui::room_words as words;

/// The height that `rooms.css` gives a row, in pixels.
const ROW: f64 = 64.0;
/// How long typing pauses before others are asked, in milliseconds.
const PAUSE: i32 = 350;

/// A number for a search that no other page has.
pub(super) fn number(client: Client) -> u64 {
    let page = ((js_sys::Math::random() * f64::from(u32::MAX)) as u64) << 32;
    page | u64::from(client.page().next_number())
}

struct Found {
    rooms: Vec<FoundRoom>,
    go: Rc<dyn Fn(&BareJid)>,
    client: Client,
}

impl Rows for Found {
    fn len(&self) -> usize {
        self.rooms.len()
    }

    fn key(&self, index: usize) -> u64 {
        index as u64
    }

    fn guess(&self, _: usize) -> f64 {
        ROW
    }

    fn view(&self, index: usize) -> View {
        self.rooms.get(index).map_or(View::NONE, |room| row(room, self.client.room(&room.address).is_some(), &self.go))
    }
}

/// Finds a group chat and goes in.
pub(super) fn find(client: Client) -> View {
    let page = client.page();
    let (text, nick) = (State::new(String::new()), State::new(String::new()));
    let asked = State::new(number(client));
    let sought = State::new(String::new());
    watch(move || {
        let typed = text.get();
        later(PAUSE, move || {
            if text.with_untracked(|now| *now == typed) {
                sought.set_if_new(typed);
            }
        });
    });
    watch(move || {
        let text = sought.get();
        let number = number(client);
        asked.set(number);
        client.order(RoomOrder::Find { number, service: None, text: text.trim().to_owned() });
    });
    let go: Rc<dyn Fn(&BareJid)> = Rc::new(move |room: &BareJid| {
        let nick = nick.with_untracked(|nick| typed(nick));
        page.close_dialog();
        join(client, room, nick, None);
    });
    let list = List::new(Behaviour { follows: false, measures: false, roves: true });
    let (shown, goes, filled) = (list.clone(), go.clone(), State::new(0_usize));
    watch(move || {
        let found = client.found_rooms(asked.get());
        let mut rooms = found.map(|found| found.rooms.clone()).unwrap_or_default();
        // Where most people are comes first.
        order::sort_by(&mut rooms, |a, b| b.people.cmp(&a.people).then_with(|| a.address.cmp(&b.address)));
        filled.set(rooms.len());
        shown.set_rows(Rc::new(Found { rooms, go: goes.clone(), client }));
    });
    let by_address = live(move || {
        let room = client.read_address(text.get().trim()).ok().filter(|room| room.local().is_some())?;
        let (go, shown) = (go.clone(), room.to_string());
        let lines =
            (span().class("name").child(words::JOIN_ADDRESS), span().class("line").attr("dir", "auto").child(shown));
        let row = button().class("person").attr("type", "button").attr("data-testid", "join-address");
        let face = span().class("round").child(icon(PEOPLE));
        Some(row.click(move || go(&room)).child((face, span().class("lines").child(lines))).into_view())
    });
    let state = live(move || {
        let found = client.found_rooms(asked.get());
        let done = found.as_ref().is_some_and(|found| found.done);
        let words = match found {
            _ if !done => Some(words::SEARCHING),
            Some(found) if found.failed => Some(words::NOT_ALL),
            _ if filled.get() == 0 => Some(words::NONE_FOUND),
            _ => None,
        };
        let hint = (done && filled.get() == 0).then_some(words::NONE_FOUND_HINT);
        words.map(|words| p().class("help").child((words, hint.map(|hint| (". ", hint)))))
    });
    let place = div().class("found-rooms").attr("data-empty", live(move || (filled.get() == 0).then_some("")));
    let style = place.node::<HtmlElement>().style();
    // As high as its rows, and no higher than there is room for.
    watch(move || {
        let _ = style.set_property("--rows", &filled.get().to_string());
    });
    div()
        .class("form find-room")
        .child((
            field(words::SEARCH_ROOMS, "find-text", "", None, text),
            by_address,
            place.child(list.view("found-rooms", "list", words::FIND, None)),
            div().attr("role", "status").child(state),
            field(words::NICKNAME, "find-nick", "", Some(words::NICKNAME_HINT), nick),
        ))
        .into_view()
}

fn row(room: &FoundRoom, is_in: bool, go: &Rc<dyn Fn(&BareJid)>) -> View {
    let name = text::name(room.name.as_deref().unwrap_or(room.address.local().unwrap_or_default()));
    let about = room.description.as_deref().map_or_else(|| room.address.to_string(), text::name);
    let people = room.people.map(|people| {
        let words = if people == 1 { "1 participant".to_owned() } else { format!("{people} participants") };
        span().class("many-people").attr("title", words.clone()).child((
            icon(PEOPLE),
            span().attr("aria-hidden", "true").child(people.to_string()),
            span().class("unseen").child(words),
        ))
    });
    let (go, address) = (go.clone(), room.address.clone());
    button()
        .class("person")
        .attr("type", "button")
        .attr("data-testid", "found-room")
        .attr("data-jid", room.address.to_string())
        .attr("title", room.address.to_string())
        .click(move || go(&address))
        .child((
            span().class("face").child((avatar(&room.address, &name).class("avatar many"), group_sign())),
            span().class("lines").child((
                span().class("name").attr("dir", "auto").child(name),
                span().class("line").attr("dir", "auto").child(about),
            )),
            people,
            span().class("deed").child(if is_in { crate::ui::words::SHOW } else { words::JOIN }),
        ))
        .into_view()
}
