//! What follows the data: closures that Leptos runs again whenever something they read has changed.
//!
//! They are boxed, so that all closures of one result share one type: the bundle holds the code of an effect once,
//! not once for each place on the page.

use leptos::reactive::effect::RenderEffect;
use leptos::reactive::owner::on_cleanup;
use send_wrapper::SendWrapper;

/// What can be run again and again. A box of `FnMut` would bring for each closure, beside its own code, that of calling
/// it once and for all, which nobody does.
pub(crate) trait Run<T> {
    /// Runs it.
    fn run(&mut self) -> T;
}

impl<T, F: FnMut() -> T> Run<T> for F {
    fn run(&mut self) -> T {
        self()
    }
}

/// What can be told of events; see [`Run`].
pub(crate) trait Handle<E> {
    /// Tells it of one.
    fn handle(&mut self, event: E);
}

impl<E, F: FnMut(E)> Handle<E> for F {
    fn handle(&mut self, event: E) {
        self(event);
    }
}

/// A value that the page reads again whenever what it was made of changes.
pub(crate) type Live<T> = Box<dyn Run<T>>;

/// Makes a value that follows what `read` reads.
pub(crate) fn live<T: 'static>(read: impl FnMut() -> T + 'static) -> Live<T> {
    Box::new(read)
}

/// Makes an event handler.
pub(crate) fn act<E: 'static>(handle: impl FnMut(E) + 'static) -> Box<dyn Handle<E>> {
    Box::new(handle)
}

/// Runs `end` when the current owner goes.
pub(crate) fn at_end(end: impl FnOnce() + 'static) {
    at_end_boxed(Box::new(end));
}

fn at_end_boxed(end: Box<dyn FnOnce()>) {
    // There is one thread on a page; Leptos cannot know.
    let end = SendWrapper::new(end);
    on_cleanup(move || end.take()());
}

/// Runs `run` now and whenever what it reads changes, until the current owner goes.
pub(crate) fn watch(run: impl FnMut() + 'static) {
    watch_boxed(Box::new(run));
}

fn watch_boxed(mut watcher: Live<()>) {
    let effect = RenderEffect::new(move |_: Option<()>| watcher.run());
    at_end(move || drop(effect));
}
