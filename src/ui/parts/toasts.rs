//! Notices that appear for a while. Screen readers hear them once.

use leptos::html::{button, div, span};
use leptos::{ev, prelude::*};

use super::icon::{CLOSE, icon};
use super::live::act;
use crate::present::{text, wording};
use crate::ui::client::Client;
use crate::ui::words;

/// How long a notice stays.
const STAY: std::time::Duration = std::time::Duration::from_secs(8);

/// More notices than this are never shown at once.
const MOST: usize = 3;

/// The place where notices appear.
pub(crate) fn toasts(client: Client) -> AnyView {
    let shown = RwSignal::new(Vec::<(u64, String)>::new());
    let next = StoredValue::new(0_u64);
    let add = move |words: String| {
        let id = next.get_value();
        next.set_value(id.wrapping_add(1));
        shown.update(|shown| {
            shown.push((id, words));
            let surplus = shown.len().saturating_sub(MOST);
            shown.drain(..surplus);
        });
        set_timeout(
            move || {
                let _ = shown.try_update(|shown| shown.retain(|(known, _)| *known != id));
            },
            STAY,
        );
    };
    super::live::watch(move || {
        for notice in client.take_notices() {
            let name = |address: &_| text::name(&client.name(address));
            add(untrack(|| wording::notice(&notice, name)));
        }
    });
    let toast = move |(id, words): (u64, String)| {
        let close = act(move |_| shown.update(|shown| shown.retain(|(known, _)| *known != id)));
        div()
            .class("toast")
            .attr("data-testid", "toast")
            .child((
                span().attr("dir", "auto").child(words),
                button()
                    .class("icon-button")
                    .attr("type", "button")
                    .attr("aria-label", words::CLOSE)
                    .on(ev::click, close)
                    .child(icon(CLOSE)),
            ))
            .into_any()
    };
    div()
        .class("toasts")
        .attr("role", "status")
        .child(For(ForProps::builder().each(move || shown.get()).key(|(id, _)| *id).children(toast).build()))
        .into_any()
}
