//! What stands below a conversation with a desk that is over, or is to be ended or kept; and the conversation as a text.

use js_sys::Array;
use leptos::reactive::graph::untrack;
use wasm_bindgen::JsCast;
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

use super::super::desk_words as words;
use super::{Deed, Visitor};
use crate::domain::desk::Own;
use crate::domain::timeline::{History, Message};
use crate::engine::command::Command;
use crate::engine::desk::DeskOrder;
use crate::present::transcript::transcript;
use crate::ui::parts::browser::{civil, document, later};
use crate::ui::parts::el::{El, IntoView, View, a, button, div, p};
use crate::ui::parts::live::live;
use crate::ui::words as common;

fn way(hook: &'static str, class: &'static str, label: &'static str, go: impl Fn() + 'static) -> El {
    button().class(class).attr("type", "button").attr("data-testid", hook).click(go).child(label)
}

/// What is to be decided, or what follows now that it is over.
pub(super) fn bar(visitor: &Visitor) -> View {
    let visitor = visitor.clone();
    let shown = live(move || {
        let own = visitor.begun.get().then(|| visitor.own()).flatten()?;
        let bar = |hook: &'static str| div().class("request-bar visit-over").attr("data-testid", hook);
        let deed = visitor.deed;
        let cancel = || way("visit-cancel", "button", common::CANCEL, move || deed.set(None));
        match deed.get() {
            Some(Deed::End) if own.stage != Own::Ended => {
                let (client, left) = (visitor.client, visitor.clone());
                let end = move || {
                    client.send(Command::Desk(DeskOrder::Leave { words: words::LEFT.to_owned() }));
                    super::kept::forget(&left.desk);
                    deed.set(None);
                };
                let ways = (way("visit-end-confirm", "button danger", words::END, end), cancel());
                return Some(bar("visit-ending").child((p().child(words::END_QUESTION), answers(ways))).into_view());
            }
            Some(Deed::Keep) => {
                let link = own.room.as_ref().map(|room| {
                    let name = String::from(js_sys::encode_uri_component(&own.nick));
                    format!("{}index.html#xmpp:{room}?join;name={name}", visitor.setup.place)
                });
                let open = link.map(|link| {
                    let open =
                        a().class("button primary").attr("data-testid", "visit-keep-open").attr("href", link.as_str());
                    open.attr("target", "_blank").attr("rel", "noopener noreferrer").child(words::KEEP_OPEN)
                });
                return Some(
                    bar("visit-keeping").child((p().child(words::KEEP_HINT), answers((open, cancel())))).into_view(),
                );
            }
            _ => {}
        }
        if own.stage != Own::Ended {
            let note = matches!(own.stage, Own::Direct(_)).then(|| p().class("help").child(words::ENDS_WITH_PAGE));
            return note.map(|note| bar("visit-direct").child(note).into_view());
        }
        let (saved, again) = (visitor.clone(), visitor.clone());
        let ways = (
            way("visit-save-ended", "button", words::SAVE, move || save(&saved)),
            way("visit-again", "button primary", words::AGAIN, move || again.anew()),
        );
        Some(bar("visit-ended").child((p().child(words::ENDED), answers(ways))).into_view())
    });
    div().attr("role", "status").child(shown).into_view()
}

fn answers(ways: impl IntoView) -> El {
    div().class("answers").child(ways)
}

/// Gives the conversation to the visitor as a file of text.
pub(super) fn save(visitor: &Visitor) {
    let Some((own, talk)) = untrack(|| visitor.own().zip(visitor.talk())) else { return };
    let client = visitor.client;
    let missing = (client.history(&talk) != History::Complete).then_some(words::NOT_ALL);
    let text = client.peek_timeline(&talk, |timeline| {
        let rows = (0..timeline.len()).filter_map(|place| timeline.get(place));
        let rows = rows.map(|row| -> &Message { row });
        transcript(&visitor.desk.name(), &own.nick, missing, rows, civil)
    });
    let options = BlobPropertyBag::new();
    options.set_type("text/plain;charset=utf-8");
    let parts = Array::of1(&text.unwrap_or_default().into());
    let url = Blob::new_with_str_sequence_and_options(&parts, &options)
        .and_then(|blob| Url::create_object_url_with_blob(&blob));
    let Ok(url) = url else { return };
    let Ok(link) = document().create_element("a").map(JsCast::unchecked_into::<HtmlAnchorElement>) else { return };
    link.set_href(&url);
    link.set_download(words::FILE_NAME);
    link.click();
    // The browser has begun to read it by then.
    later(10_000, move || {
        let _ = Url::revoke_object_url(&url);
    });
}
