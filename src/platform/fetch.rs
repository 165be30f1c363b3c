//! Fetching small texts.

use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortSignal, ReadableStreamDefaultReader, ReferrerPolicy, Request, RequestCache, RequestCredentials, RequestInit,
    Response,
};

/// The longest text that is read, in bytes.
pub const SIZE_LIMIT: usize = 64 * 1024;

/// How long a fetch may take in all, in milliseconds.
pub const TIME_LIMIT: u32 = 5_000;

/// The text at an address; `None` for whatever reason there is none.
pub async fn text(url: &str, credentials: RequestCredentials, cache: RequestCache) -> Option<String> {
    let options = RequestInit::new();
    options.set_cache(cache);
    options.set_credentials(credentials);
    options.set_referrer_policy(ReferrerPolicy::NoReferrer);
    options.set_signal(Some(&AbortSignal::timeout_with_u32(TIME_LIMIT)));
    let request = Request::new_with_str_and_init(url, &options).ok()?;
    let response = JsFuture::from(web_sys::window()?.fetch_with_request(&request)).await.ok()?;
    let response: Response = response.dyn_into().ok()?;
    // A redirect is followed, but not to where everybody on the way can answer.
    let downgraded = url.starts_with("https:") && !response.url().starts_with("https:");
    if !response.ok() || downgraded {
        return None;
    }
    let bytes = body(&response).await?;
    let text = String::from_utf8(bytes).ok()?;
    Some(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

async fn body(response: &Response) -> Option<Vec<u8>> {
    let Some(stream) = response.body() else { return Some(Vec::new()) };
    let reader = ReadableStreamDefaultReader::new(&stream).ok()?;
    let mut bytes = Vec::new();
    loop {
        let part = JsFuture::from(reader.read()).await.ok()?;
        if member(&part, "done").is_truthy() {
            return Some(bytes);
        }
        let part: Uint8Array = member(&part, "value").dyn_into().ok()?;
        if bytes.len().saturating_add(part.length() as usize) > SIZE_LIMIT {
            // The rest is not wanted; the answer to this is of no interest.
            let _ = reader.cancel();
            return None;
        }
        bytes.extend(part.to_vec());
    }
}

/// A member of a JavaScript value; undefined, if it is no object or has no such member.
pub fn member(value: &JsValue, name: &str) -> JsValue {
    Reflect::get(value, &name.into()).unwrap_or(JsValue::UNDEFINED)
}
