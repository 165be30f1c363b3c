//! What several tests do to the page.

use js_sys::{Array, Function, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen(module = "/tests/web_platform/page.js")]
extern "C" {
    #[wasm_bindgen(js_name = playSockets)]
    pub fn play_sockets() -> Array;
    pub fn happen(socket: &JsValue, event: &str, data: &JsValue);
    #[wasm_bindgen(js_name = setVisibility)]
    pub fn set_visibility(state: &str);
    #[wasm_bindgen(js_name = rawRecord)]
    pub fn raw_record() -> Promise;
    #[wasm_bindgen(js_name = putRaw)]
    pub fn put_raw(record: &JsValue) -> Promise;
    #[wasm_bindgen(js_name = hideCryptography)]
    pub fn hide_cryptography(hidden: bool);
    #[wasm_bindgen(js_name = tapChannels)]
    pub fn tap_channels(passes: &Closure<dyn FnMut(String, u8) -> bool>);
    #[wasm_bindgen(js_name = takeLock)]
    pub fn take_lock(name: &str, steal: bool) -> Promise;
    #[wasm_bindgen(js_name = holdFrames)]
    pub fn hold_frames() -> Function;
    #[wasm_bindgen(js_name = comeBack)]
    pub fn come_back();
}

/// Waits; 0 is one task.
pub async fn pause(milliseconds: i32) {
    let elapsed = Promise::new(&mut |resolve, _| {
        web_sys::window()
            .unwrap()
            .set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, milliseconds)
            .unwrap();
    });
    JsFuture::from(elapsed).await.unwrap();
}

/// Waits until something is so; fails if that takes seconds.
pub async fn until(what: &str, so: impl Fn() -> bool) {
    for _ in 0..300 {
        if so() {
            return;
        }
        pause(10).await;
    }
    panic!("waited in vain: {what}");
}
