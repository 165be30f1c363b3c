//! Where a message is written.

use crate::ui::parts::el::{IntoView, View, button, form, textarea};
use crate::ui::parts::state::State;
use std::rc::Rc;

use super::draft::Draft;
use super::messages::Messages;
use super::tray;
use crate::engine::command::Command;
use crate::jid::BareJid;
use crate::present::text;
use crate::ui::client::Client;
use crate::ui::parts::browser::{is_narrow, next_frame};
use crate::ui::parts::icon::{SEND, icon};
use crate::ui::parts::live::{act, live};
use crate::ui::{uploads, words};
use web_sys::{Event, HtmlTextAreaElement, KeyboardEvent};

/// The field for a message to somebody, and the button that sends it.
pub(crate) fn composer(client: Client, peer: BareJid, messages: Messages) -> View {
    let page = client.page();
    let named = peer.clone();
    let empty = State::new(true);
    let label = live(move || format!("{} {}", words::MESSAGE, text::name(&client.name(&named))));
    let area = textarea()
        .attr("data-testid", "composer")
        .attr("rows", "1")
        .attr("dir", "auto")
        .attr("role", "textbox")
        .attr("aria-multiline", "true")
        .attr("enterkeyhint", "send")
        .attr("placeholder", words::MESSAGE)
        .attr("aria-label", label);
    let field: HtmlTextAreaElement = area.node();

    let grown = field.clone();
    let grow = move || {
        let style = grown.style();
        // The height of the content is known only while the field is not higher than it.
        let _ = style.set_property("height", "auto");
        let _ = style.set_property("height", &format!("{}px", grown.scroll_height()));
    };
    let (watched, grows) = (field.clone(), grow.clone());
    let changed = move || {
        empty.set_if_new(watched.value().trim().is_empty());
        grows();
    };
    let draft = Draft::follow(client, peer.clone(), field.clone(), Box::new(changed.clone()));
    let (pauses, changes) = (draft.clone(), changed.clone());
    let typed = act(move |_: Event| {
        changes();
        pauses.typed();
    });
    let (said, to) = (field.clone(), peer.clone());
    let say = Rc::new(move || {
        let text = said.value();
        if !text.trim().is_empty() {
            said.set_value("");
            changed();
            client.send(Command::SendText { id: None, peer: to.clone(), text });
            draft.sent();
            messages.go_to_end();
        }
    });
    tray::take_pasted(client, peer.clone(), &field);
    tray::send_caption(client, peer.clone(), field.clone(), say.clone());
    let (attach, tray) = (tray::attach(client, peer.clone()), tray::tray(client, peer.clone()));
    let (sent, to) = (field.clone(), peer.clone());
    let has_files = State::following(move || tray::has_chosen(client, &peer));
    let send = Rc::new(move || {
        // The text follows the files, and stays where it is until then.
        if !uploads::start(client, &to, sent.value().trim()) {
            say();
        }
        let _ = sent.focus();
    });
    let by_key = send.clone();
    let key = act(move |event: KeyboardEvent| {
        // While an input method composes, Enter is its own. Code 229 says so where `isComposing` comes too late.
        let composing = event.is_composing() || event.key_code() == 229;
        let plain = !event.shift_key() && !event.alt_key();
        let wanted = page.enter_sends.get_untracked() || event.ctrl_key() || event.meta_key();
        if event.key() == "Enter" && !composing && plain && wanted {
            event.prevent_default();
            by_key();
        }
    });
    let submit = act(move |event: Event| {
        event.prevent_default();
        send();
    });
    next_frame(move || {
        grow();
        // On a phone the keyboard would cover what one wants to read first.
        if !is_narrow() && field.is_connected() {
            let _ = field.focus();
        }
    });
    form()
        .class("composer")
        .attr("autocomplete", "off")
        .on("submit", submit)
        .child((
            tray,
            attach,
            area.on("input", typed).on("keydown", key),
            button()
                .class("send")
                .attr("type", "submit")
                .attr("data-testid", "send")
                .attr("aria-label", words::SEND)
                .attr("data-empty", live(move || if empty.get() && !has_files.get() { "true" } else { "false" }))
                .child(icon(SEND)),
        ))
        .into_view()
}
