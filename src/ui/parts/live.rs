//! Closures for views. Leptos wants them to be `Send`; on a page there is one thread, and what they hold is not.
//! Boxing them also gives all closures of one result a single type, which keeps the bundle small.

use leptos::prelude::*;
use send_wrapper::SendWrapper;

/// A value that a view reads again whenever what it was made of changes.
pub(crate) type Live<T> = Box<dyn FnMut() -> T + Send>;

/// Makes a value that follows what `read` reads.
pub(crate) fn live<T: 'static>(read: impl FnMut() -> T + 'static) -> Live<T> {
    let mut read = SendWrapper::new(read);
    Box::new(move || read())
}

/// A part of a page that is there, or not, or changes its kind.
pub(crate) fn live_view(read: impl FnMut() -> Option<AnyView> + 'static) -> Live<Option<AnyView>> {
    live(read)
}

/// Makes an event handler.
pub(crate) fn act<E: 'static>(handle: impl FnMut(E) + 'static) -> Box<dyn FnMut(E)> {
    Box::new(handle)
}

/// Runs `setup` with the element as soon as it exists.
pub(crate) fn with_element(setup: impl Fn(web_sys::Element) + 'static) -> Box<dyn Fn(web_sys::Element)> {
    Box::new(setup)
}

/// Runs `end` when the current owner goes.
pub(crate) fn at_end(end: impl FnOnce() + 'static) {
    let end = SendWrapper::new(end);
    on_cleanup(move || end.take()());
}

/// Runs `run` now and whenever what it reads changes, until the current owner goes.
pub(crate) fn watch(mut run: impl FnMut() + 'static) {
    let effect = RenderEffect::new(move |_: Option<()>| run());
    at_end(move || drop(effect));
}
