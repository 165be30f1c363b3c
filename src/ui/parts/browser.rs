//! The few things that views ask of the browser.

use std::cell::RefCell;

use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag, Document, Element, Event, EventTarget, HtmlElement, HtmlInputElement, Url};

use super::live::{Handle, at_end};
use crate::clock::{Instant, Timestamp};
use crate::form::Picture;
use crate::present::dates::Civil;

/// The prefix of what the interface keeps in the browser's storage.
const STORE: &str = "waxwing.";

/// The document; a page without one does not get as far as to ask.
pub(crate) fn document() -> Document {
    match web_sys::window().and_then(|window| window.document()) {
        Some(document) => document,
        None => wasm_bindgen::throw_str("no document"),
    }
}

/// A length for a style. In hundredths, because writing a fraction out takes ten kilobytes of code that nothing else
/// needs.
pub(crate) fn pixels(length: f64) -> String {
    let hundredths = (length * 100.0).round() as i64;
    format!("{}.{:02}px", hundredths.div_euclid(100), hundredths.rem_euclid(100))
}

/// A picture as something that this browser can show, until it is revoked.
pub(crate) fn local_address(kind: Picture, bytes: &[u8]) -> Option<String> {
    let options = BlobPropertyBag::new();
    options.set_type(kind.media_type());
    let parts = js_sys::Array::of1(&js_sys::Uint8Array::from(bytes));
    let blob = Blob::new_with_u8_array_sequence_and_options(&parts, &options);
    blob.and_then(|blob| Url::create_object_url_with_blob(&blob)).ok()
}

/// A wall clock in the reader's time zone, as it was or will be at that time.
pub(crate) fn civil(stamp: Timestamp) -> Civil {
    let date = js_sys::Date::new(&(stamp.0 as f64).into());
    Civil::new(stamp, ahead(&date))
}

/// How many minutes the reader's clock is ahead of UTC now.
pub(crate) fn offset() -> i32 {
    ahead(&js_sys::Date::new_0())
}

/// The wall clock now, as a stamp.
pub(crate) fn now() -> Timestamp {
    Timestamp(js_sys::Date::now() as i64)
}

fn ahead(date: &js_sys::Date) -> i32 {
    let offset = date.get_timezone_offset();
    if offset.is_finite() { -offset as i32 } else { 0 }
}

/// The wall clock now.
pub(crate) fn civil_now() -> Civil {
    civil(Timestamp(js_sys::Date::now() as i64))
}

/// The steady clock, the same that the platform gives to the engine.
pub(crate) fn steady_now() -> Instant {
    let steady = web_sys::window().and_then(|window| window.performance()).map(|performance| performance.now());
    Instant(steady.unwrap_or_else(js_sys::Date::now) as u64)
}

/// A choice that outlives the page. Never holds anything that others wrote or that is secret.
pub(crate) fn kept(name: &str) -> Option<String> {
    web_sys::window()?.local_storage().ok()??.get_item(&format!("{STORE}{name}")).ok()?
}

/// Keeps a choice for the next visit; a browser that refuses just forgets it.
pub(crate) fn keep(name: &str, value: &str) {
    let storage = web_sys::window().and_then(|window| window.local_storage().ok().flatten());
    if let Some(storage) = storage {
        let _ = storage.set_item(&format!("{STORE}{name}"), value);
    }
}

/// Listens until the current owner goes.
pub(crate) fn listen(target: &EventTarget, event: &'static str, handle: impl FnMut(Event) + 'static) {
    listen_boxed(target, event, Box::new(handle));
}

/// Boxed, so that the glue of a callback is there once, not once for each place that listens.
fn listen_boxed(target: &EventTarget, event: &'static str, mut handle: Box<dyn Handle<Event>>) {
    let callback = Closure::wrap(Box::new(move |event| handle.handle(event)) as Box<dyn FnMut(Event)>);
    let _ = target.add_event_listener_with_callback(event, callback.as_ref().unchecked_ref());
    let target = target.clone();
    at_end(move || {
        let _ = target.remove_event_listener_with_callback(event, callback.as_ref().unchecked_ref());
    });
}

/// Calls `tick` again and again until the current owner goes.
pub(crate) fn every(milliseconds: i32, tick: impl FnMut() + 'static) {
    let callback = Closure::wrap(Box::new(tick) as Box<dyn FnMut()>);
    let Some(window) = web_sys::window() else { return };
    let function = callback.as_ref().unchecked_ref();
    if let Ok(timer) = window.set_interval_with_callback_and_timeout_and_arguments_0(function, milliseconds) {
        at_end(move || {
            window.clear_interval_with_handle(timer);
            drop(callback);
        });
    }
}

/// Calls `then` once, some time later, whatever becomes of the current owner.
pub(crate) fn later(milliseconds: i32, then: impl FnOnce() + 'static) {
    let callback = once(Box::new(then));
    if let Some(window) = web_sys::window() {
        let function = callback.unchecked_ref();
        let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(function, milliseconds);
    }
}

/// Calls `then` once, before the next frame is painted.
pub(crate) fn next_frame(then: impl FnOnce() + 'static) {
    let callback = once(Box::new(then));
    if let Some(window) = web_sys::window() {
        let _ = window.request_animation_frame(callback.unchecked_ref());
    }
}

fn once(then: Box<dyn FnOnce()>) -> JsValue {
    Closure::once_into_js(then)
}

/// Puts a text where other programs find it. Without a secure origin there is no such place.
pub(crate) fn copy(text: &str) {
    let Some(window) = web_sys::window() else { return };
    let clipboard = window.navigator().clipboard();
    if !clipboard.is_undefined() {
        let _ = clipboard.write_text(text);
    }
}

/// Finds a part of the page by its hook.
pub(crate) fn by_hook(root: &Element, hook: &'static str) -> Option<HtmlElement> {
    root.query_selector(&format!("[data-testid={hook}]")).ok()??.dyn_into().ok()
}

/// What a field holds that tells of an event.
pub(crate) fn typed_text(event: &Event) -> String {
    event
        .target()
        .and_then(|target| target.dyn_into::<HtmlInputElement>().ok())
        .map(|field| field.value())
        .unwrap_or_default()
}

/// Whether a box that tells of an event is ticked.
pub(crate) fn is_ticked(event: &Event) -> bool {
    event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()).is_some_and(|field| field.checked())
}

/// What has the focus now. What stands in a shadow tree is hidden behind its host.
pub(crate) fn focused() -> Option<HtmlElement> {
    let mut focused = document().active_element()?;
    while let Some(inner) = focused.shadow_root().and_then(|tree| tree.active_element()) {
        focused = inner;
    }
    focused.dyn_into().ok()
}

/// Whether this has the focus.
pub(crate) fn is_focused(element: &Element) -> bool {
    element.matches(":focus").unwrap_or(false)
}

/// What an event is about, also for who listens outside the shadow tree in which that stands.
pub(crate) fn innermost<T: JsCast>(event: &Event) -> Option<T> {
    event.composed_path().get(0).dyn_into().ok()
}

thread_local! {
    static PLACE: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Says where the files of this program lie, if not beside the page.
pub(crate) fn lies_at(place: &str) {
    PLACE.set(place.to_owned());
}

/// The address of a file of this program.
pub(crate) fn file_at(name: &str) -> String {
    PLACE.with_borrow(|place| place.to_owned() + name)
}

/// Whether the user looks at this window.
pub(crate) fn window_is_watched() -> bool {
    document().has_focus().unwrap_or(true) && document().visibility_state() == web_sys::VisibilityState::Visible
}

/// Whether the view is as narrow as a phone.
pub(crate) fn is_narrow() -> bool {
    web_sys::window()
        .and_then(|window| window.inner_width().ok())
        .and_then(|width| width.as_f64())
        .is_some_and(|width| width < 720.0)
}
