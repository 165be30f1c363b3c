//! Where a message is written.

use leptos::html::{Textarea, button, form, textarea};
use leptos::{ev, prelude::*};

use super::messages::Messages;
use crate::engine::command::Command;
use crate::jid::BareJid;
use crate::present::text;
use crate::ui::client::Client;
use crate::ui::parts::browser::{is_narrow, next_frame};
use crate::ui::parts::icon::{SEND, icon};
use crate::ui::parts::live::{act, live};
use crate::ui::words;

/// The field for a message to somebody, and the button that sends it.
pub(crate) fn composer(client: Client, peer: BareJid, messages: Messages) -> AnyView {
    let page = client.page();
    let field = NodeRef::<Textarea>::new();
    let empty = RwSignal::new(page.draft(&peer).trim().is_empty());

    let grow = move || {
        if let Some(field) = field.get_untracked() {
            let style = web_sys::HtmlElement::style(&field);
            // The height of the content is known only while the field is not higher than it.
            let _ = style.set_property("height", "auto");
            let _ = style.set_property("height", &format!("{}px", field.scroll_height()));
        }
    };
    let (kept, sent) = (peer.clone(), peer.clone());
    let typed = act(move |_: ev::Event| {
        let Some(field) = field.get_untracked() else { return };
        let text = field.value();
        empty.set(text.trim().is_empty());
        page.keep_draft(&kept, text);
        grow();
    });
    let send = move || {
        let Some(field) = field.get_untracked() else { return };
        let text = field.value();
        if !text.trim().is_empty() {
            client.send(Command::SendText { peer: sent.clone(), text });
            page.keep_draft(&sent, String::new());
            field.set_value("");
            empty.set(true);
            grow();
            messages.go_to_end();
        }
        let _ = field.focus();
    };
    let by_key = send.clone();
    let key = act(move |event: ev::KeyboardEvent| {
        // While an input method composes, Enter is its own. Code 229 says so where `isComposing` comes too late.
        let composing = event.is_composing() || event.key_code() == 229;
        let plain = !event.shift_key() && !event.alt_key();
        let wanted = page.enter_sends.get_untracked() || event.ctrl_key() || event.meta_key();
        if event.key() == "Enter" && !composing && plain && wanted {
            event.prevent_default();
            by_key();
        }
    });
    let submit = act(move |event: ev::SubmitEvent| {
        event.prevent_default();
        send();
    });
    let draft = page.draft(&peer);
    next_frame(move || {
        if let Some(Some(field)) = field.try_get_untracked() {
            field.set_value(&draft);
            grow();
            // On a phone the keyboard would cover what one wants to read first.
            if !is_narrow() {
                let _ = field.focus();
            }
        }
    });
    let label = live(move || format!("{} {}", words::MESSAGE, text::name(&client.name(&peer))));
    form()
        .class("composer")
        .attr("autocomplete", "off")
        .on(ev::submit, submit)
        .child((
            textarea()
                .attr("data-testid", "composer")
                .attr("rows", "1")
                .attr("dir", "auto")
                .attr("role", "textbox")
                .attr("aria-multiline", "true")
                .attr("enterkeyhint", "send")
                .attr("placeholder", words::MESSAGE)
                .attr("aria-label", label)
                .node_ref(field)
                .on(ev::input, typed)
                .on(ev::keydown, key),
            button()
                .class("send")
                .attr("type", "submit")
                .attr("data-testid", "send")
                .attr("aria-label", words::SEND)
                .attr("data-empty", live(move || if empty.get() { "true" } else { "false" }))
                .child(icon(SEND)),
        ))
        .into_any()
}
