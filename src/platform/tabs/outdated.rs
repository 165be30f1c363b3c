//! Loading the page again, because a newer build is there.

use super::super::banner;
use super::super::listener::Listener;
use super::super::surroundings::is_visible;

/// Says in the session's storage which build loaded itself again.
const KEY: &str = "waxwing.reloaded";

/// Loads the page again: at once if nobody sees it, or when it is put out of sight; whoever looks at it is asked.
/// Where that brings the same build again, it is left to people, for it would go on for ever.
pub fn reload(version: &str) {
    banner::show("A new version is ready.", true);
    let Some(window) = web_sys::window() else { return };
    let Ok(Some(storage)) = window.session_storage() else { return };
    if storage.get_item(KEY).ok().flatten().as_deref() == Some(version) {
        return;
    }
    let version = version.to_owned();
    let when_hidden = move || {
        if !is_visible() && storage.set_item(KEY, &version).is_ok() {
            let _ = window.location().reload();
        }
    };
    when_hidden();
    if let Some(document) = web_sys::window().and_then(|window| window.document()) {
        let listener = Listener::new(&document, "visibilitychange", move |_| when_hidden());
        // For as long as the page lives, which is not long.
        std::mem::forget(listener);
    }
}
