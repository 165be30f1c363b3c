//! How many messages wait, in the title of the window and on its icon.

use reactive_graph::graph::untrack;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, BlobPropertyBag, Element, Response, Url};

use super::client::Client;
use super::parts::browser::document;
use super::parts::live::{at_end, watch};
use super::parts::state::State;
use crate::present::conversation_rows::Entry;

/// Messages in all conversations that are counted.
pub(crate) fn counted(client: Client) -> u32 {
    client.watch_contact_names();
    let blocked = client.blocked();
    client.conversations().iter().fold(0, |sum: u32, one| {
        let (is_contact, is_blocked) = (client.is_contact(&one.peer), blocked.has(&one.peer));
        sum.saturating_add(Entry { conversation: one, is_contact, is_blocked }.counted())
    })
}

/// Tells them until the current owner goes.
pub(crate) fn follow(client: Client) {
    let title = document().title();
    let unread = State::following(move || counted(client));
    let icon = document().query_selector("link[rel=icon]").ok().flatten();
    let plain = icon.as_ref().and_then(|icon| icon.get_attribute("href"));
    let (first, quiet, shown) = (State::new(true), title.clone(), icon.clone().zip(plain.clone()));
    watch(move || {
        let unread = unread.get();
        document().set_title(&if unread > 0 { format!("({unread}) {title}") } else { title.clone() });
        // The icon is right as long as nothing was ever counted.
        if unread == 0 && untrack(|| first.get()) {
            return;
        }
        first.set(false);
        if let Some((icon, plain)) = shown.clone() {
            draw(icon, plain, unread);
        }
    });
    at_end(move || {
        document().set_title(&quiet);
        if let (Some(icon), Some(plain)) = (icon, plain) {
            let _ = icon.set_attribute("href", &plain);
        }
    });
}

/// Draws a number upon the icon, which is a drawing itself: a mark is put before its end.
fn draw(icon: Element, plain: String, unread: u32) {
    if unread == 0 {
        let _ = icon.set_attribute("href", &plain);
        return;
    }
    spawn_local(async move {
        let Some(window) = web_sys::window() else { return };
        let Ok(response) = JsFuture::from(window.fetch_with_str(&plain)).await else { return };
        let Ok(text) = response.unchecked_into::<Response>().text() else { return };
        let Some(drawing) = JsFuture::from(text).await.ok().and_then(|text| text.as_string()) else { return };
        let Some((drawing, _)) = drawing.rsplit_once("</svg>") else { return };
        let number = if unread > 9 { "9+".to_owned() } else { unread.to_string() };
        let marked = format!(
            "{drawing}<circle cx=\"44\" cy=\"20\" r=\"20\" fill=\"#a9342b\"/><text x=\"44\" y=\"30\" fill=\"#fff\" \
             font-family=\"sans-serif\" font-size=\"28\" font-weight=\"700\" text-anchor=\"middle\">{number}</text></svg>"
        );
        let kind = BlobPropertyBag::new();
        kind.set_type("image/svg+xml");
        let blob = Blob::new_with_str_sequence_and_options(&js_sys::Array::of1(&marked.into()), &kind);
        let Some(url) = blob.ok().and_then(|blob| Url::create_object_url_with_blob(&blob).ok()) else { return };
        let before = icon.get_attribute("href").filter(|href| href.starts_with("blob:"));
        let _ = icon.set_attribute("href", &url);
        if let Some(before) = before {
            let _ = Url::revoke_object_url(&before);
        }
    });
}
