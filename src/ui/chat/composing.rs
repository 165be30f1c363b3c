//! What the field is for, if it is for more than a new message: an answer, or another text for an own message.

use std::rc::Rc;

use leptos::reactive::graph::untrack;

use super::actions::can_edit;
use super::extras::author;
use super::talk::{Composing, Talk};
use crate::domain::conversations::quotation;
use crate::domain::timeline::Message;
use crate::ui::parts::el::{IntoView, View, div, span};
use crate::ui::parts::icon::{CLOSE, PEN, REPLY, icon};
use crate::ui::parts::live::live;
use crate::ui::parts::menu::round;
use crate::ui::words;

/// Says above the field what is answered or changed, with a way out.
pub(super) fn bar(talk: Talk) -> View {
    let shown = live(move || {
        let composing = talk.composing.get()?;
        let (key, shape, label) = match composing {
            Composing::Reply(key) => (key, REPLY, words::REPLYING_TO),
            Composing::Edit(key) => (key, PEN, words::EDITING),
        };
        let message = untrack(|| talk.client.message(&talk.peer, key))?;
        let title = match composing {
            Composing::Reply(_) => format!("{label} {}", author(&talk, message.direction)),
            Composing::Edit(_) => label.to_owned(),
        };
        let state = talk.composing;
        let cancel = round("composing-cancel", words::CANCEL, CLOSE, move || state.set(None));
        let lines = span().class("lines").child((
            span().class("composing-title").attr("dir", "auto").child(title),
            span().class("quote-text").attr("dir", "auto").child(quotation(&message.body)),
        ));
        Some(div().class("composing").attr("data-testid", "composing").child((icon(shape), lines, cancel)).into_view())
    });
    div().attr("role", "status").child(shown).into_view()
}

/// The newest own message whose text can be replaced.
pub(super) fn newest_own(talk: &Talk) -> Option<Rc<Message>> {
    let found = talk.client.peek_timeline(&talk.peer, |timeline| {
        let rows = (0..timeline.len()).rev().take(100).filter_map(|place| timeline.get(place));
        rows.into_iter().find(|message| can_edit(message)).cloned()
    });
    found.flatten()
}
