//! The one list of this client. Of ten thousand rows a window of some dozens is in the page; [`Window`] knows which,
//! and this file puts them there. Rows are added and removed at the edges, kept rows keep their nodes.

use crate::ui::parts::el::{El, IntoView, View, div};
use crate::ui::parts::state::State;
use leptos::reactive::graph::untrack;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use leptos::reactive::owner::Owner;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Event, HtmlElement, KeyboardEvent, Node, ResizeObserver, ScrollBehavior, ScrollToOptions};

use super::browser::{document, focused, next_frame, pixels};
use super::live::{act, at_end};
use crate::present::window::Window;

/// What a list shows.
pub(crate) trait Rows {
    /// How many rows there are.
    fn len(&self) -> usize;
    /// A number that no other row has, and that the row keeps for as long as it exists.
    fn key(&self, index: usize) -> u64;
    /// A row is built anew when this changes.
    fn shape(&self, _index: usize) -> u8 {
        0
    }
    /// The height of a row that was never shown, in pixels.
    fn guess(&self, index: usize) -> f64;
    /// Builds a row.
    fn view(&self, index: usize) -> View;
}

/// How a list behaves.
#[derive(Clone, Copy)]
pub(crate) struct Behaviour {
    /// Starts at its end and stays there.
    pub(crate) follows: bool,
    /// Heights are measured; otherwise the guess is the truth.
    pub(crate) measures: bool,
    /// Arrow keys move from row to row.
    pub(crate) roves: bool,
}

/// A list on the page.
#[derive(Clone)]
pub(crate) struct List(Rc<Inner>);

struct Inner {
    behaviour: Behaviour,
    window: RefCell<Window>,
    rows: RefCell<Option<Rc<dyn Rows>>>,
    place: RefCell<Option<Place>>,
    mounted: RefCell<Vec<Mounted>>,
    /// The row that the arrow keys are on.
    active: Cell<usize>,
    at_end: State<bool>,
    /// Where the browser was last known to be scrolled to. Another position was chosen by the reader.
    seen: Cell<f64>,
    owner: Owner,
}

/// Where the list is in the page.
struct Place {
    outer: HtmlElement,
    inner: HtmlElement,
    observer: ResizeObserver,
    _observed: Closure<dyn FnMut()>,
}

struct Mounted {
    key: u64,
    shape: u8,
    index: usize,
    element: HtmlElement,
    owner: Owner,
}

impl List {
    /// A list that is not in the page yet. It goes with the current owner.
    pub(crate) fn new(behaviour: Behaviour) -> Self {
        let list = Self(Rc::new(Inner {
            behaviour,
            window: RefCell::new(Window::new(behaviour.follows)),
            rows: RefCell::default(),
            place: RefCell::default(),
            mounted: RefCell::default(),
            // Where somebody begins who comes with the keyboard.
            active: Cell::new(if behaviour.follows { usize::MAX } else { 0 }),
            seen: Cell::new(0.0),
            at_end: State::new(behaviour.follows),
            owner: Owner::current().map_or_else(Owner::new, |owner| owner.child()),
        }));
        let inner = Rc::downgrade(&list.0);
        at_end(move || {
            if let Some(inner) = inner.upgrade() {
                Self(inner).dispose();
            }
        });
        list
    }

    /// The view of the list. `hook` and `label` name it; `jid` tells whose it is.
    pub(crate) fn view(&self, hook: &'static str, role: &'static str, label: &'static str, jid: Option<String>) -> El {
        let (scrolled, key) = (self.clone(), self.clone());
        let outer = div()
            .class("list")
            .attr("data-testid", hook)
            .attr("data-jid", jid)
            .attr("role", role)
            .attr("aria-label", label)
            .attr("tabindex", if self.0.behaviour.roves { "-1" } else { "0" })
            .on("scroll", act(move |_: Event| scrolled.follow_scroll()))
            .on("keydown", act(move |event: KeyboardEvent| key.follow_key(&event)));
        self.settle(outer.node());
        outer
    }

    /// Shows other rows.
    pub(crate) fn set_rows(&self, rows: Rc<dyn Rows>) {
        self.catch_up();
        let keys = (0..rows.len()).map(|index| rows.key(index)).collect();
        self.0.window.borrow_mut().set_rows(keys, |index| rows.guess(index));
        self.0.rows.replace(Some(rows));
        self.sync();
    }

    /// Whether the end is in sight. Can be watched.
    pub(crate) fn is_at_end(&self) -> bool {
        self.0.at_end.get()
    }

    /// Goes to the end and stays there.
    pub(crate) fn go_to_end(&self) {
        self.0.window.borrow_mut().go_to_end();
        self.sync();
    }

    /// Shows a row below the upper edge.
    pub(crate) fn go_to(&self, index: usize) {
        self.0.window.borrow_mut().go_to(index);
        self.sync();
    }

    /// Draws the eye to a row that is in the page.
    pub(crate) fn point_at(&self, key: u64) {
        let mounted = self.0.mounted.borrow();
        if let Some(row) = mounted.iter().find(|row| row.key == key) {
            // Taken away and given again, so that it is seen each time.
            row.element.set_class_name("row");
            let _ = row.element.get_bounding_client_rect();
            row.element.set_class_name("row pointed");
        }
    }

    /// Whether it has no row.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.window.borrow().is_empty()
    }

    /// Gives the focus to the row that the arrow keys are on.
    pub(crate) fn focus(&self) {
        self.activate(self.0.active.get());
    }

    fn settle(&self, outer: HtmlElement) {
        let Some(inner) = new_div("rows", None) else { return };
        let _ = outer.append_child(&inner);
        let list = Rc::downgrade(&self.0);
        let observed = Closure::<dyn FnMut()>::new(move || {
            if let Some(inner) = list.upgrade() {
                Self(inner).follow_sizes();
            }
        });
        let Ok(observer) = ResizeObserver::new(observed.as_ref().unchecked_ref()) else { return };
        observer.observe(&outer);
        self.0.place.replace(Some(Place { outer, inner, observer, _observed: observed }));
    }

    fn follow_scroll(&self) {
        self.catch_up();
        self.sync();
    }

    /// Takes over where the reader scrolled to. The browser tells of it some time later, and until then nothing else
    /// may put the list back to where it was.
    fn catch_up(&self) {
        let Some(scroll) = self.0.place.borrow().as_ref().map(|place| f64::from(place.outer.scroll_top())) else {
            return;
        };
        // Fractions are lost on the way; a move of less than a pixel is none.
        if (self.0.seen.replace(scroll) - scroll).abs() >= 1.0 {
            self.0.window.borrow_mut().scrolled(scroll);
        }
    }

    /// The view or a row has another size. The browser calls this after layout and before painting, so what is put
    /// right here was never seen wrong.
    fn follow_sizes(&self) {
        if let Some(place) = &*self.0.place.borrow() {
            let mut window = self.0.window.borrow_mut();
            window.resized(f64::from(place.outer.client_height()));
            if self.0.behaviour.measures {
                let mounted = self.0.mounted.borrow();
                window.measured(mounted.iter().filter_map(|row| {
                    let height = row.element.get_bounding_client_rect().height();
                    (height > 0.0).then_some((row.index, height))
                }));
            }
        }
        if self.0.mounted.borrow().is_empty() {
            self.sync();
            return;
        }
        self.catch_up();
        self.adjust();
        // New rows are for the next frame: observing them in here would make the browser complain of a loop.
        let list = Rc::downgrade(&self.0);
        let stale = {
            let range = self.0.window.borrow().range();
            let mounted = self.0.mounted.borrow();
            mounted.first().map(|row| row.index) != Some(range.start) || mounted.len() != range.len()
        };
        if stale {
            next_frame(move || {
                if let Some(inner) = list.upgrade() {
                    Self(inner).follow_scroll();
                }
            });
        }
    }

    /// Brings the page in line with the window.
    fn sync(&self) {
        let Some(rows) = self.0.rows.borrow().clone() else { return };
        let range = self.0.window.borrow().range();
        let placed = self.0.place.borrow().as_ref().map(|place| (place.inner.clone(), place.observer.clone()));
        let Some((inner, observer)) = placed else { return };
        let mut old: Vec<Option<Mounted>> = self.0.mounted.take().into_iter().map(Some).collect();
        let wanted: Vec<(usize, u64, u8)> = range
            .clone()
            .filter(|&index| index < rows.len())
            .map(|index| (index, rows.key(index), rows.shape(index)))
            .collect();
        // A window is small, and rows that stay are mostly found at once.
        let mut take = |key, shape| {
            let is = |row: &Option<Mounted>| row.as_ref().is_some_and(|row| row.key == key && row.shape == shape);
            old.iter_mut().find(|row| is(row)).and_then(Option::take)
        };
        let mut kept: Vec<Option<Mounted>> = wanted.iter().map(|&(_, key, shape)| take(key, shape)).collect();
        let focus = focused();
        let mut lost_focus = false;
        for row in old.into_iter().flatten() {
            lost_focus |= focus.as_ref().is_some_and(|focus| row.element.contains(Some(focus)));
            row.unmount(&observer);
        }
        let mut next: Option<Node> = inner.first_child();
        let mut mounted = Vec::with_capacity(wanted.len());
        let count = rows.len().to_string();
        for (&(index, key, shape), row) in wanted.iter().zip(&mut kept) {
            let row = match row.take() {
                Some(mut row) => {
                    if row.index != index {
                        row.index = index;
                        row.number(index);
                    }
                    row
                }
                None => {
                    let Some(row) = self.mount(&*rows, index, key, shape) else { continue };
                    if self.0.behaviour.measures {
                        observer.observe(&row.element);
                    }
                    row
                }
            };
            let _ = row.element.set_attribute("aria-setsize", &count);
            if next.as_ref().is_some_and(|next| next.is_same_node(Some(&row.element))) {
                next = row.element.next_sibling();
            } else {
                let _ = inner.insert_before(&row.element, next.as_ref());
            }
            mounted.push(row);
        }
        self.0.mounted.replace(mounted);
        self.rove();
        self.adjust();
        if lost_focus && let Some(place) = &*self.0.place.borrow() {
            let _ = place.outer.focus();
        }
    }

    /// Sets the space around the rows and the scroll position.
    fn adjust(&self) {
        let at_end = {
            let window = self.0.window.borrow();
            let place = self.0.place.borrow();
            let Some(place) = &*place else { return };
            let mounted = self.0.mounted.borrow();
            let range =
                mounted.first().zip(mounted.last()).map(|(first, last)| first.index..last.index.saturating_add(1));
            let (above, below) = window.padding(&range.unwrap_or(0..0));
            let style = web_sys::HtmlElement::style(&place.inner);
            let _ = style.set_property("padding-top", &pixels(above));
            let _ = style.set_property("padding-bottom", &pixels(below));
            if (f64::from(place.outer.scroll_top()) - window.scroll()).abs() >= 1.0 {
                let options = ScrollToOptions::new();
                options.set_top(window.scroll());
                options.set_behavior(ScrollBehavior::Instant);
                place.outer.scroll_to_with_scroll_to_options(&options);
                self.0.seen.set(f64::from(place.outer.scroll_top()));
            }
            window.is_at_end()
        };
        if self.0.at_end.get_untracked() != at_end {
            self.0.at_end.set(at_end);
        }
    }

    fn mount(&self, rows: &dyn Rows, index: usize, key: u64, shape: u8) -> Option<Mounted> {
        let element = new_div("row", Some("listitem"))?;
        let owner = self.0.owner.child();
        owner.with(|| untrack(|| rows.view(index).append_to(&element)));
        let row = Mounted { key, shape, index, element, owner };
        row.number(index);
        Some(row)
    }

    fn follow_key(&self, event: &KeyboardEvent) {
        if !self.0.behaviour.roves {
            return;
        }
        let last = self.0.window.borrow().len().saturating_sub(1);
        let active = self.0.active.get().min(last);
        let page = self.0.mounted.borrow().len() / 3;
        let target = match event.key().as_str() {
            "ArrowDown" => active.saturating_add(1).min(last),
            "ArrowUp" => active.saturating_sub(1),
            "PageDown" => active.saturating_add(page).min(last),
            "PageUp" => active.saturating_sub(page),
            "Home" => 0,
            "End" => last,
            _ => return,
        };
        event.prevent_default();
        self.activate(target);
    }

    fn activate(&self, index: usize) {
        let index = {
            let mut window = self.0.window.borrow_mut();
            if window.is_empty() {
                return;
            }
            let index = index.min(window.len().saturating_sub(1));
            window.reveal(index);
            index
        };
        // The row that has the focus still is the active one for this.
        self.sync();
        self.0.active.set(index);
        let target = self.0.mounted.borrow().iter().find(|row| row.index == index).and_then(Mounted::target);
        if let Some(target) = target {
            let _ = target.focus();
        }
        self.rove();
    }

    /// Lets the tabulator reach exactly one row.
    fn rove(&self) {
        if !self.0.behaviour.roves {
            return;
        }
        let mounted = self.0.mounted.borrow();
        // A click or the tabulator may have moved the focus.
        let focus = focused();
        let held = mounted.iter().find(|row| focus.as_ref().is_some_and(|focus| row.element.contains(Some(focus))));
        if let Some(row) = held {
            self.0.active.set(row.index);
        }
        let active = self.0.active.get();
        let other = if self.0.behaviour.follows { mounted.last() } else { mounted.first() };
        let reachable = mounted.iter().find(|row| row.index == active).or(other).map(|row| row.index);
        for row in mounted.iter() {
            if let Some(target) = row.target() {
                target.set_tab_index(if Some(row.index) == reachable { 0 } else { -1 });
            }
        }
    }

    fn dispose(&self) {
        let place = self.0.place.take();
        if let Some(place) = &place {
            place.observer.disconnect();
        }
        for row in self.0.mounted.take() {
            row.owner.cleanup();
        }
        self.0.rows.take();
    }
}

impl Mounted {
    fn number(&self, index: usize) {
        let _ = self.element.set_attribute("aria-posinset", &index.saturating_add(1).to_string());
    }

    /// What takes the focus for the row; before it may stand what divides it from others.
    fn target(&self) -> Option<HtmlElement> {
        self.element.last_element_child()?.dyn_into().ok()
    }

    fn unmount(self, observer: &ResizeObserver) {
        observer.unobserve(&self.element);
        self.element.remove();
        self.owner.cleanup();
    }
}

fn new_div(class: &'static str, role: Option<&'static str>) -> Option<HtmlElement> {
    let element: HtmlElement = document().create_element("div").ok()?.dyn_into().ok()?;
    element.set_class_name(class);
    if let Some(role) = role {
        let _ = element.set_attribute("role", role);
    }
    Some(element)
}
