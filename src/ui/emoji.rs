//! The emoji: the table, which is fetched when somebody first wants one, and the window to choose from.

mod picker;

pub(crate) use picker::picker;

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{AbortSignal, RequestInit, Response};

use super::parts::browser::{file_at, keep, kept};
use crate::present::emoji::{Table, Tone, used};

/// Beside the program.
const FILE: &str = "emoji.txt";
/// How long the table may take, in milliseconds.
const TIME_LIMIT: u32 = 20_000;
/// Under which names the browser keeps what was used lately, and the skin tone.
const RECENT: &str = "emoji";
const TONE: &str = "emoji-tone";

thread_local! {
    static TABLE: RefCell<Option<Rc<Table>>> = const { RefCell::new(None) };
}

/// Gives the table, at once if it is there; nothing, if it could not be loaded.
pub(crate) fn with_table(then: impl FnOnce(Option<Rc<Table>>) + 'static) {
    if let Some(table) = TABLE.with_borrow(Clone::clone) {
        return then(Some(table));
    }
    spawn_local(async move {
        let table = fetch().await.and_then(Table::new).map(Rc::new);
        if table.is_some() {
            TABLE.set(table.clone());
        }
        then(table);
    });
}

/// The page goes, and the table with it.
pub(crate) fn forget() {
    TABLE.set(None);
}

/// Notes that an emoji was used.
pub(crate) fn note(emoji: &str) {
    keep(RECENT, &used(&recent(), emoji));
}

/// What was used lately, as it is kept.
fn recent() -> String {
    kept(RECENT).unwrap_or_default()
}

/// The skin tone that was chosen on this device.
pub(crate) fn tone() -> Tone {
    kept(TONE).map(|modifier| Tone::of(&modifier)).unwrap_or_default()
}

async fn fetch() -> Option<String> {
    let options = RequestInit::new();
    options.set_signal(Some(&AbortSignal::timeout_with_u32(TIME_LIMIT)));
    let answer = JsFuture::from(web_sys::window()?.fetch_with_str_and_init(&file_at(FILE), &options)).await.ok()?;
    let answer: Response = answer.dyn_into().ok()?;
    let text = if answer.ok() { answer.text().ok()? } else { return None };
    JsFuture::from(text).await.ok()?.as_string()
}
