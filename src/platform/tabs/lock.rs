//! A Web Lock: one page of many holds it, and the browser gives it on when that page goes, however it goes.
//!
//! Called by name, because the bindings count it as unstable; a page that came over an insecure connection, and an
//! old browser, have none.

use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};

use super::super::fetch::member;

/// A lock that this page holds, until it is dropped.
pub struct Lock(Function);

impl Drop for Lock {
    fn drop(&mut self) {
        let _ = self.0.call0(&JsValue::UNDEFINED);
    }
}

/// The browser's locks, if it has them.
pub fn locks() -> Option<JsValue> {
    let locks = member(&web_sys::window()?.navigator(), "locks");
    locks.is_object().then_some(locks)
}

/// Stands in line for a lock, or takes it from whoever holds it. `granted` is called at most once. The promise ends
/// when the lock was given back, and fails when it was taken away or is not to be had at all.
pub fn request(locks: &JsValue, name: &str, steal: bool, granted: Box<dyn FnOnce(Lock)>) -> Option<Promise> {
    let options = Object::new();
    Reflect::set(&options, &"steal".into(), &steal.into()).ok()?;
    let held = Closure::once_into_js(move || {
        let mut lock = None;
        // Held for as long as this promise is open.
        let promise = Promise::new(&mut |release, _| lock = Some(Lock(release)));
        if let Some(lock) = lock {
            granted(lock);
        }
        promise
    });
    let request: Function = member(locks, "request").dyn_into().ok()?;
    request.call3(locks, &name.into(), &options, &held).ok()?.dyn_into().ok()
}
