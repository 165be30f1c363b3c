//! Where a message is written.

use crate::ui::parts::el::{IntoView, View, button, form, textarea};
use crate::ui::parts::state::State;
use leptos::reactive::graph::untrack;
use std::cell::Cell;
use std::rc::Rc;

use super::completion::Completion;
use super::composing::newest_own;
use super::draft::Draft;
use super::messages::Messages;
use super::private::{self, Only};
use super::talk::{Composing, Talk};
use super::tray;
use crate::domain::timeline::Manner;
use crate::engine::command::{Command, Sending};
use crate::present::spoiler::written;
use crate::present::text;
use crate::ui::parts::browser::{is_narrow, next_frame};
use crate::ui::parts::icon::{SEND, TICK, icon};
use crate::ui::parts::live::{act, live, watch};
use crate::ui::{uploads, words};
use web_sys::{Event, HtmlTextAreaElement, KeyboardEvent};

/// The field for a message to somebody, and the button that sends it.
pub(super) fn composer(talk: &Talk, messages: Messages) -> View {
    let Talk { client, peer, composing, .. } = talk.clone();
    let page = client.page();
    let (named, whose) = (peer.clone(), peer.clone());
    let empty = State::new(true);
    // Beside a group chat, one participant of it.
    let only = Only::of(client, whose);
    let alone = move || only.title.get();
    let label = move || alone().unwrap_or_else(|| format!("{} {}", words::MESSAGE, text::name(&client.name(&named))));
    let area = textarea()
        .attr("data-testid", "composer")
        .attr("rows", "1")
        .attr("dir", "auto")
        .attr("role", "textbox")
        .attr("aria-multiline", "true")
        .attr("enterkeyhint", "send")
        .attr("placeholder", live(move || alone().unwrap_or_else(|| words::MESSAGE.to_owned())))
        .attr("aria-label", live(label));
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
    let (typing, to) = (field.clone(), peer.clone());
    let told = Rc::new(move || {
        changes();
        pauses.typed();
        let writes = !typing.value().trim().is_empty();
        client.send(Command::Writing { peer: to.clone(), writes });
    });
    // Another text for a message takes the place of the draft, which comes back after it.
    let (edited, edits, shows) = (field.clone(), draft.clone(), talk.clone());
    let is_edit = State::following(move || matches!(composing.get(), Some(Composing::Edit(_))));
    let edit_changed = changed.clone();
    watch(move || {
        let chosen = composing.get();
        let text = match chosen {
            Some(Composing::Edit(key)) => {
                untrack(|| client.message(&shows.peer, key)).and_then(|one| one.body.text().cloned())
            }
            _ => None,
        };
        edits.hold(text.is_some());
        if let Some(text) = text {
            edited.set_value(&text);
            edit_changed();
        }
        if chosen.is_some() {
            let _ = edited.focus();
        }
    });
    let (chosen, whose, first, last) = (field.clone(), peer.clone(), Cell::new(true), Cell::new(0));
    watch(move || {
        let one = client.conversation(&whose).and_then(|one| one.private.as_ref().map(|who| who.number.unwrap_or(1)));
        let one = one.unwrap_or_default();
        if last.replace(one) != one && one != 0 && !first.get() {
            let chosen = chosen.clone();
            // The menu gives the focus back to where it was first.
            next_frame(move || drop(chosen.focus()));
        }
        first.set(false);
    });
    let also = told.clone();
    let completion = Completion::new(talk.clone(), field.clone(), Box::new(move || also()));
    let names = completion.clone();
    watch(move || {
        if let Some(nick) = page.named.get() {
            page.named.set(None);
            names.name(&nick);
        }
    });
    let (emoji, picker) = completion.picker();
    let completes = completion.clone();
    let typed = act(move |_: Event| {
        told();
        completes.typed();
    });
    let (said, to, says) = (field.clone(), peer.clone(), talk.clone());
    let upward = talk.clone();
    let say = Rc::new(move || {
        let text = said.value();
        if text.trim().is_empty() {
            return;
        }
        let purpose = composing.get_untracked();
        // An own message is changed for whoever has it; all else goes nowhere while the one that it is for is not there.
        if only.gone.get_untracked() && !matches!(purpose, Some(Composing::Edit(_))) {
            return;
        }
        composing.set(None);
        if let Some(Composing::Edit(key)) = purpose {
            return says.send(Sending::Correct { key, text });
        }
        said.set_value("");
        changed();
        let reply = match purpose {
            Some(Composing::Reply(key)) => Some(key),
            _ => None,
        };
        let private = uploads::only(client, &to);
        let is_plain = reply.is_none() && private.is_none();
        let (text, spoiler) = match written(&text) {
            Some(spoiler) => (spoiler.text.to_owned(), Some(spoiler.hint.to_owned())),
            None => (text, None),
        };
        let is_plain = is_plain && spoiler.is_none();
        let manner = Manner { spoiler, ..Manner::default() };
        match is_plain {
            true => client.send(Command::SendText { id: None, peer: to.clone(), text }),
            false => says.send(Sending::Text { text, reply, manner, private }),
        }
        draft.sent();
        messages.go_to_end();
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
    let (by_key, above, ended) = (send.clone(), field.clone(), talk.peer.clone());
    let completed = completion.clone();
    let key = act(move |event: KeyboardEvent| {
        if completed.takes(&event) {
            return;
        }
        // While an input method composes, Enter is its own. Code 229 says so where `isComposing` comes too late.
        let composing_text = event.is_composing() || event.key_code() == 229;
        let plain = !event.shift_key() && !event.alt_key();
        let wanted = page.enter_sends.get_untracked() || event.ctrl_key() || event.meta_key();
        match event.key().as_str() {
            "Escape" if composing.get_untracked().is_some() => {
                event.prevent_default();
                return composing.set(None);
            }
            "Escape" if only.title.with_untracked(Option::is_some) => {
                event.prevent_default();
                return private::set(client, &ended, None);
            }
            "ArrowUp" if !composing_text && above.value().is_empty() && composing.get_untracked().is_none() => {
                if let Some(newest) = newest_own(&upward) {
                    event.prevent_default();
                    composing.set(Some(Composing::Edit(newest.key)));
                }
                return;
            }
            _ => {}
        }
        if event.key() == "Enter" && !composing_text && plain && wanted {
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
        // On a phone the keyboard would cover what one wants to read first, and in a page of somebody else the cursor is
        // not ours to take.
        if !is_narrow() && !page.embedded.get_untracked() && field.is_connected() {
            let _ = field.focus();
        }
    });
    let form = form().class("composer").attr("autocomplete", "off").on("submit", submit).child((
        (completion.view(), tray),
        (attach, emoji),
        area.on("input", typed).on("keydown", key),
        button()
            .class("send")
            .attr("type", "submit")
            .attr("data-testid", "send")
            .attr("aria-label", live(move || if is_edit.get() { words::SAVE } else { words::SEND }))
            .attr("data-empty", live(move || if empty.get() && !has_files.get() { "true" } else { "false" }))
            .child(live(move || Some(icon(if is_edit.get() { TICK } else { SEND }).into_view()))),
    ));
    let alone = untrack(|| client.is_room(&talk.peer)).then(|| private::bar(talk, only, empty));
    // Not in the form: Enter in one of its fields is not for the message.
    (alone, form, picker).into_view()
}
