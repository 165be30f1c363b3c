//! What `widget.js` says about an element, read into types, and what it is told.

use js_sys::{Function, Object, Reflect};
use wasm_bindgen::JsValue;

use super::config::is_safe;
use super::fetch::member;

/// What an element asks for, in the words of its attributes; whatever is no text or empty is missing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// The WebSocket address, if it is one that nobody on the way can listen to.
    pub service: Option<String>,
    /// The domain whose guest one is.
    pub domain: Option<String>,
    /// The address of somebody.
    pub peer: Option<String>,
    /// The address of a group chat.
    pub room: Option<String>,
    /// The addresses of a support desk, with spaces between them.
    pub desk: Option<String>,
    /// The service for the group chats of its visits.
    pub rooms: Option<String>,
    /// What is asked before a visit.
    pub ask: Option<String>,
    /// Nobody is at the desk now.
    pub away: bool,
    /// How the chat is called.
    pub label: Option<String>,
    /// The name under which one comes.
    pub nickname: Option<String>,
    /// `anonymous`, `token` or `login`.
    pub auth: Option<String>,
    /// For which account the token is.
    pub address: Option<String>,
    /// A token for that account.
    pub token: Option<String>,
    /// Where the files of this program lie, with a slash at the end.
    pub place: String,
    /// The page around is our own, and may ask for a password.
    pub framed: bool,
}

impl Asked {
    /// Reads what `widget.js` gave.
    pub fn read(options: &JsValue) -> Self {
        let text = |name| text(options, name);
        Self {
            service: text("service").filter(|service| is_safe(service)),
            domain: text("domain"),
            peer: text("peer"),
            room: text("room"),
            desk: text("desk"),
            rooms: text("rooms"),
            ask: text("ask"),
            away: text("away").is_some(),
            label: text("label"),
            nickname: text("nickname"),
            auth: text("auth"),
            address: text("address"),
            token: text("token"),
            place: text("place").unwrap_or_default(),
            framed: member(options, "framed").is_truthy(),
        }
    }
}

/// A text of an object from outside, without spaces around it; an empty one is none.
pub fn text(object: &JsValue, name: &str) -> Option<String> {
    let text = member(object, name).as_string()?;
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// Tells the page around: the name of what happened, and the rest of it by name.
pub fn tell(hears: &Function, what: &str, about: &[(&str, JsValue)]) {
    let detail = Object::new();
    for (name, value) in about {
        let _ = Reflect::set(&detail, &JsValue::from_str(name), value);
    }
    let _ = hears.call2(&JsValue::NULL, &JsValue::from_str(what), &detail);
}
