//! The window to choose an emoji from. One group is in it at a time, so that it opens at once.

use std::cell::RefCell;
use std::rc::Rc;

use leptos::reactive::graph::untrack;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, KeyboardEvent};

use super::{TONE, note, recent, tone, with_table};
use crate::present::emoji::{self, Table, Tone};
use crate::ui::parts::browser::{is_focused, is_narrow, keep, next_frame, pixels, typed_text};
use crate::ui::parts::dialog::modal;
use crate::ui::parts::el::{IntoView, View, button, div, input, p, span};
use crate::ui::parts::live::{act, live};
use crate::ui::parts::state::State;
use crate::ui::words;

/// How many stand in a row; the style sheet knows it, too.
const ROW: usize = 8;
/// The most that a search shows.
const FOUND: usize = 96;
/// The distance from what it belongs to, and from the edges of the page, in pixels.
const DISTANCE: f64 = 8.0;

/// What shows the skin tones.
const HAND: &str = "✋";

/// Where the table stands.
#[derive(Clone, Default)]
enum Loaded {
    #[default]
    Waiting,
    Failed,
    Here(Rc<Table>),
}

#[derive(Clone)]
struct Picker {
    loaded: State<Loaded>,
    query: State<String>,
    /// The group that is shown; the first is what was used lately.
    group: State<usize>,
    tone: State<Tone>,
    cells: Rc<RefCell<Vec<HtmlElement>>>,
    pick: Rc<dyn Fn(&str)>,
}

/// Lets somebody choose an emoji, beside `anchor` or, where there is little room, at the foot of the page. After
/// `on_pick` and whenever somebody does not want one, `close` is called; the focus goes back to what had it.
pub(crate) fn picker(
    anchor: &HtmlElement,
    on_pick: impl Fn(&str) + 'static,
    close: impl Fn() + Copy + 'static,
) -> View {
    let pick = move |emoji: &str| {
        note(emoji);
        close();
        on_pick(emoji);
    };
    let picker = Picker {
        loaded: State::new(Loaded::Waiting),
        query: State::new(String::new()),
        group: State::new(usize::from(recent().is_empty())),
        tone: State::new(tone()),
        cells: Rc::default(),
        pick: Rc::new(pick),
    };
    picker.load();
    let whole = picker.clone();
    let content = div().class("emoji").child(live(move || match whole.loaded.get() {
        Loaded::Waiting => p().class("emoji-words").attr("role", "status").child(words::EMOJI_LOADING).into_view(),
        Loaded::Failed => whole.failed(),
        Loaded::Here(table) => untrack(|| whole.view(&table)),
    }));
    let element: Element = content.node();
    let view = modal("dialog picker", words::EMOJI, close, content.into_view());
    let anchor = anchor.clone();
    // In the same frame in which it is opened, so that it is never seen elsewhere.
    next_frame(move || place(&element, &anchor));
    view
}

/// Puts the window above what it belongs to, or below, wholly inside the page. The style sheet has the rest.
fn place(content: &Element, anchor: &HtmlElement) {
    let Some(dialog) = content.closest("dialog").ok().flatten().and_then(|it| it.dyn_into::<HtmlElement>().ok()) else {
        return;
    };
    let Some(window) = web_sys::window() else { return };
    let read =
        |value: Result<wasm_bindgen::JsValue, _>| value.ok().and_then(|value| value.as_f64()).unwrap_or_default();
    let (across, down) = (read(window.inner_width()), read(window.inner_height()));
    let (beside, own) = (anchor.get_bounding_client_rect(), dialog.get_bounding_client_rect());
    let x = beside.left().min(across - own.width() - DISTANCE).max(DISTANCE);
    let above = beside.top() - own.height() - DISTANCE;
    let below = (beside.bottom() + DISTANCE).min(down - own.height() - DISTANCE).max(DISTANCE);
    let y = if above >= DISTANCE { above } else { below };
    for (name, value) in [("--x", x), ("--y", y)] {
        let _ = dialog.style().set_property(name, &pixels(value));
    }
}

impl Picker {
    fn load(&self) {
        let loaded = self.loaded;
        loaded.set(Loaded::Waiting);
        with_table(move |table| loaded.set(table.map_or(Loaded::Failed, Loaded::Here)));
    }

    fn failed(&self) -> View {
        let picker = self.clone();
        let retry = button()
            .class("button")
            .attr("type", "button")
            .attr("data-testid", "emoji-retry")
            .click(move || picker.load())
            .child(words::RETRY);
        div().class("emoji-words").attr("role", "alert").child((p().child(words::EMOJI_FAILED), retry)).into_view()
    }

    fn view(&self, table: &Rc<Table>) -> View {
        let (shown, of) = (self.clone(), table.clone());
        let grid = live(move || shown.grid(&of));
        let (clicked, moved) = (self.clone(), self.clone());
        let click = act(move |event: Event| {
            let cell = event.target().and_then(|target| target.dyn_into::<Element>().ok());
            let cell = cell.and_then(|cell| cell.closest("[role=gridcell]").ok().flatten());
            if let Some(emoji) = cell.and_then(|cell| cell.text_content()) {
                (clicked.pick)(&emoji);
            }
        });
        let cells = div()
            .class("emoji-cells")
            .attr("data-testid", "emoji-cells")
            .on("click", click)
            .on("keydown", act(move |event: KeyboardEvent| moved.key(&event)))
            .child(grid);
        (self.search(), self.tabs(table), cells, self.tones()).into_view()
    }

    fn search(&self) -> View {
        let (query, picker) = (self.query, self.clone());
        let typed = act(move |event: Event| query.set(typed_text(&event)));
        let key = act(move |event: KeyboardEvent| {
            let first = picker.cells.borrow().first().cloned();
            match (event.key().as_str(), first) {
                ("ArrowDown", Some(first)) => {
                    event.prevent_default();
                    let _ = first.focus();
                }
                ("Enter", Some(first)) if !query.with_untracked(String::is_empty) && !event.is_composing() => {
                    event.prevent_default();
                    first.click();
                }
                _ => {}
            }
        });
        input()
            .attr("type", "text")
            .attr("role", "searchbox")
            .attr("inputmode", "search")
            .attr("data-testid", "emoji-search")
            .attr("aria-label", words::EMOJI_SEARCH)
            .attr("placeholder", words::EMOJI_SEARCH)
            .attr("autocomplete", "off")
            .attr("spellcheck", "false")
            // On a phone the keyboard would cover what one wants to see.
            .attr("autofocus", (!is_narrow()).then_some(""))
            .on("input", typed)
            .on("keydown", key)
            .into_view()
    }

    fn tabs(&self, table: &Rc<Table>) -> View {
        let (query, group) = (self.query, self.group);
        let tab = |number: usize, name: &str, face: &str| {
            let pressed = live(move || match query.with(String::is_empty) && group.get() == number {
                true => "true",
                false => "false",
            });
            let show = move || {
                group.set(number);
                query.set(String::new());
            };
            button()
                .class("emoji-tab")
                .attr("type", "button")
                .attr("aria-label", name.to_owned())
                .attr("title", name.to_owned())
                .attr("aria-pressed", pressed)
                .click(show)
                .child(face)
                .into_view()
        };
        let mut tabs = vec![tab(0, words::EMOJI_RECENT, "🕒")];
        for (number, name) in table.groups().enumerate() {
            let face = table.group(number).next().map(|emoji| emoji.plain).unwrap_or_default();
            tabs.push(tab(number.saturating_add(1), name, face));
        }
        div().class("emoji-tabs").attr("role", "group").attr("aria-label", words::EMOJI_GROUPS).child(tabs).into_view()
    }

    fn tones(&self) -> View {
        let tone = self.tone;
        let one = |which: Tone| {
            let shown = format!("{HAND}{}", which.modifier());
            let choose = move || {
                tone.set(which);
                keep(TONE, which.modifier());
            };
            button()
                .class("emoji-tab")
                .attr("type", "button")
                .attr("aria-pressed", live(move || if tone.get() == which { "true" } else { "false" }))
                .click(choose)
                .child(shown)
                .into_view()
        };
        let tones: Vec<View> = Tone::ALL.into_iter().map(one).collect();
        let row = div().class("emoji-tones").attr("role", "group").attr("aria-label", words::SKIN_TONE);
        row.attr("data-testid", "emoji-tones").child(tones).into_view()
    }

    /// What is searched for, was used lately, or is of the group.
    fn grid(&self, table: &Table) -> View {
        let query = self.query.get();
        let (group, tone) = (self.group.get(), self.tone.get());
        let pair = |emoji: emoji::Emoji<'_>| (emoji.toned(tone), emoji.name());
        let (name, shown): (&str, Vec<(String, String)>) = match (query.trim().is_empty(), group.checked_sub(1)) {
            (false, _) => (words::EMOJI_MATCHES, table.search(&query, FOUND).into_iter().map(pair).collect()),
            (true, None) => {
                let named = |emoji: &str| {
                    let plain: String = emoji.chars().filter(|c| !('\u{1f3fb}'..='\u{1f3ff}').contains(c)).collect();
                    (emoji.to_owned(), table.find(&plain).map_or(plain, |known| known.name()))
                };
                (words::EMOJI_RECENT, emoji::recent(&recent()).map(named).collect())
            }
            (true, Some(group)) => {
                (table.groups().nth(group).unwrap_or_default(), table.group(group).map(pair).collect())
            }
        };
        let mut cells = Vec::with_capacity(shown.len());
        let mut rows: Vec<View> = Vec::new();
        for chunk in shown.chunks(ROW) {
            let mut row: Vec<View> = Vec::new();
            for (emoji, name) in chunk {
                let cell = button()
                    .class("emoji-cell")
                    .attr("type", "button")
                    .attr("role", "gridcell")
                    .attr("tabindex", if cells.is_empty() { "0" } else { "-1" })
                    .attr("aria-label", name.as_str())
                    .attr("title", name.as_str())
                    .child(emoji.as_str());
                cells.push(cell.node());
                row.push(cell.into_view());
            }
            rows.push(div().class("emoji-row").attr("role", "row").child(row).into_view());
        }
        self.cells.replace(cells);
        let none = shown.is_empty().then(|| p().class("emoji-words").attr("role", "status").child(words::EMOJI_NONE));
        (
            span().class("emoji-name").attr("aria-hidden", "true").child(name),
            div().attr("role", "grid").attr("aria-label", name.to_owned()).child(rows),
            none,
        )
            .into_view()
    }

    /// Moves about the grid. Above its first row is the search.
    fn key(&self, event: &KeyboardEvent) {
        let cells = self.cells.borrow();
        let Some(at) = cells.iter().position(|cell| is_focused(cell)) else { return };
        let last = cells.len().saturating_sub(1);
        let to = match event.key().as_str() {
            "ArrowRight" => at.saturating_add(1).min(last),
            "ArrowLeft" => at.saturating_sub(1),
            "ArrowDown" => at.saturating_add(ROW).min(last),
            "ArrowUp" => match at.checked_sub(ROW) {
                Some(above) => above,
                None => return self.leave(event, cells.first()),
            },
            "Home" => 0,
            "End" => last,
            _ => return,
        };
        event.prevent_default();
        if let (Some(from), Some(to)) = (cells.get(at), cells.get(to)) {
            let _ = from.set_attribute("tabindex", "-1");
            let _ = to.set_attribute("tabindex", "0");
            let _ = to.focus();
        }
    }

    fn leave(&self, event: &KeyboardEvent, inside: Option<&HtmlElement>) {
        event.prevent_default();
        let whole = inside.and_then(|cell| cell.closest(".emoji").ok().flatten());
        let search = whole.and_then(|whole| whole.query_selector("input").ok().flatten());
        if let Some(search) = search.and_then(|search| search.dyn_into::<HtmlElement>().ok()) {
            let _ = search.focus();
        }
    }
}
