//! A menu above the page, beside what opened it, or at the foot of a small screen. Arrow keys move in it; Escape and a
//! press beside it close it. The browser's own way of closing one would take the end of the long press that opened it
//! for a press beside it.

use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, KeyboardEvent, Node};

use leptos::reactive::owner::Owner;

use super::browser::{document, focused, innermost, listen, next_frame, pixels};
use super::el::{El, IntoView, View, button, div, span};
use super::icon::{Icon, icon};

/// Pixels between a menu, what opened it, and the edge of the window.
const SPACE: f64 = 6.0;

/// Something that can be chosen.
pub(crate) struct Choice {
    /// Its hook.
    pub(crate) hook: &'static str,
    /// Its picture.
    pub(crate) icon: Icon,
    /// Its words.
    pub(crate) label: &'static str,
    /// Whether it takes something away.
    pub(crate) grave: bool,
    /// What it does.
    pub(crate) act: Box<dyn FnMut()>,
}

/// Opens a menu beside an element: first `above`, such as a row of signs, then the choices, one below the other.
/// It closes when something in it was chosen, and the focus goes back to where it was.
pub(crate) fn open(label: &'static str, beside: &Element, above: Option<View>, choices: Vec<Choice>) {
    let before = focused();
    // The menu outlives the row that it is about, and goes by itself.
    let owner = Owner::default();
    let made = owner.with(|| {
        let rows: Vec<View> = choices.into_iter().map(choice).collect();
        div()
            .class("popup")
            .attr("popover", "manual")
            .attr("role", "menu")
            .attr("aria-label", label)
            .attr("data-testid", "menu")
            .child((above, rows))
    });
    let menu: HtmlElement = made.node();
    // Within the client, so that its style and its root reach it.
    let Ok(Some(parent)) = beside.closest("[data-testid=app]") else { return };
    made.append_to(&parent);
    let (closed, kept, keys, pressed) = (menu.clone(), owner.clone(), menu.clone(), menu.clone());
    owner.with(|| {
        listen(&menu, "keydown", move |event: Event| follow_key(&keys, event.unchecked_ref()));
        listen(&document(), "pointerdown", move |event: Event| {
            if !pressed.contains(innermost::<Node>(&event).as_ref()) {
                let _ = pressed.hide_popover();
            }
        });
        listen(&menu, "click", {
            let menu = menu.clone();
            move |event| {
                let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
                if target.is_some_and(|target| target.closest("button").is_ok_and(|button| button.is_some())) {
                    let _ = menu.hide_popover();
                }
            }
        });
        listen(&menu, "toggle", move |_| {
            // It is closed when it has no place any more.
            if closed.matches(":popover-open").unwrap_or(false) {
                return;
            }
            let inside = focused().is_none_or(|focus| closed.contains(Some(&focus)) || focus.tag_name() == "BODY");
            closed.remove();
            if inside && let Some(before) = before.as_ref().filter(|before| before.is_connected()) {
                let _ = before.focus();
            }
            let kept = kept.clone();
            // Not from within its own handler.
            next_frame(move || kept.cleanup());
        });
    });
    if menu.show_popover().is_err() {
        menu.remove();
        return owner.cleanup();
    }
    place(&menu, beside);
    move_to(&menu, 0);
}

fn choice(choice: Choice) -> View {
    button()
        .class(if choice.grave { "popup-item grave" } else { "popup-item" })
        .attr("type", "button")
        .attr("role", "menuitem")
        .attr("tabindex", "-1")
        .attr("data-testid", choice.hook)
        .click(choice.act)
        .child((icon(choice.icon), span().child(choice.label)))
        .into_view()
}

/// Below what opened it, or above, where there is room. On a small screen the style decides.
fn place(menu: &HtmlElement, beside: &Element) {
    let Some(window) = web_sys::window() else { return };
    let size = |size: Result<wasm_bindgen::JsValue, _>| size.ok().and_then(|size| size.as_f64()).unwrap_or_default();
    let (width, height) = (size(window.inner_width()), size(window.inner_height()));
    let (around, own) = (beside.get_bounding_client_rect(), menu.get_bounding_client_rect());
    let below = around.bottom() + SPACE;
    let top = if below + own.height() > height { around.top() - SPACE - own.height() } else { below };
    let left = if around.left() + own.width() > width - SPACE { around.right() - own.width() } else { around.left() };
    let style = menu.style();
    let _ = style.set_property("top", &pixels(top.min(height - own.height() - SPACE).max(SPACE)));
    let _ = style.set_property("left", &pixels(left.max(SPACE)));
}

fn items(menu: &HtmlElement) -> Vec<HtmlElement> {
    let Ok(found) = menu.query_selector_all("button") else { return Vec::new() };
    (0..found.length()).filter_map(|place| found.get(place)?.dyn_into().ok()).collect()
}

fn move_to(menu: &HtmlElement, place: usize) {
    if let Some(item) = items(menu).get(place) {
        let _ = item.focus();
    }
}

fn follow_key(menu: &HtmlElement, event: &KeyboardEvent) {
    let items = items(menu);
    let last = items.len().saturating_sub(1);
    let at = focused().and_then(|focus| items.iter().position(|item| item.is_same_node(Some(&focus)))).unwrap_or(0);
    let target = match event.key().as_str() {
        "ArrowDown" | "ArrowRight" => {
            if at >= last {
                0
            } else {
                at.saturating_add(1)
            }
        }
        "ArrowUp" | "ArrowLeft" => at.checked_sub(1).unwrap_or(last),
        "Home" => 0,
        "End" => last,
        "Tab" | "Escape" => {
            event.prevent_default();
            let _ = menu.hide_popover();
            return;
        }
        _ => return,
    };
    event.prevent_default();
    event.stop_propagation();
    move_to(menu, target);
}

/// A round button with a picture.
pub(crate) fn round(hook: &'static str, label: &'static str, shape: Icon, go: impl FnMut() + 'static) -> El {
    button()
        .class("icon-button")
        .attr("type", "button")
        .attr("data-testid", hook)
        .attr("aria-label", label)
        .attr("title", label)
        .click(go)
        .child(icon(shape))
}
