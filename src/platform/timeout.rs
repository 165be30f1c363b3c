//! One call, later.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

/// A call of the page's own timer. Dropping it takes it back.
pub struct Timeout {
    id: Option<i32>,
    _callback: Closure<dyn Fn()>,
}

impl Timeout {
    /// Calls `callback` after so many milliseconds, or later: a hidden page is throttled to once a minute.
    pub fn new(milliseconds: i32, callback: impl Fn() + 'static) -> Self {
        let callback = Closure::<dyn Fn()>::new(callback);
        let id = web_sys::window().and_then(|window| {
            window
                .set_timeout_with_callback_and_timeout_and_arguments_0(callback.as_ref().unchecked_ref(), milliseconds)
                .ok()
        });
        Self { id, _callback: callback }
    }
}

impl Drop for Timeout {
    fn drop(&mut self) {
        if let (Some(window), Some(id)) = (web_sys::window(), self.id) {
            window.clear_timeout_with_handle(id);
        }
    }
}
