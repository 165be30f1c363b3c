//! What is typed and not sent. It is told to the engine when typing pauses and before anything could take it away, and
//! the field shows it again wherever it was changed.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use leptos::reactive::graph::untrack;
use web_sys::HtmlTextAreaElement;

use crate::engine::command::Command;
use crate::jid::BareJid;
use crate::ui::client::Client;
use crate::ui::parts::browser::{document, is_focused, later, listen};
use crate::ui::parts::live::{at_end, watch};

/// A pause in typing, in milliseconds.
const PAUSE: i32 = 400;
/// How long somebody may type without a pause until what is there is told all the same, in milliseconds.
const LONGEST: f64 = 2_000.0;

/// The draft of one conversation and the field that shows it.
#[derive(Clone)]
pub(super) struct Draft(Rc<Inner>);

struct Inner {
    client: Client,
    peer: BareJid,
    field: HtmlTextAreaElement,
    /// Told when the field shows something that nobody typed.
    changed: Box<dyn Fn()>,
    /// The draft that the field and the engine agreed upon last. Anything else in the field is news of the user.
    agreed: RefCell<String>,
    /// What the draft will be once the engine has done what it was told. What it says until then is out of date.
    awaited: RefCell<Option<String>>,
    strokes: Cell<u32>,
    /// The field is for something else.
    held: Cell<bool>,
    /// When what is not told began.
    since: Cell<Option<f64>>,
}

impl Draft {
    /// Shows the draft in the field and keeps the two in agreement until the current owner goes.
    pub(super) fn follow(client: Client, peer: BareJid, field: HtmlTextAreaElement, changed: Box<dyn Fn()>) -> Self {
        let draft = Self(Rc::new(Inner {
            client,
            peer,
            field,
            changed,
            agreed: RefCell::default(),
            awaited: RefCell::default(),
            strokes: Cell::new(0),
            held: Cell::new(false),
            since: Cell::new(None),
        }));
        draft.listen();
        let shown = draft.clone();
        watch(move || {
            let kept = shown.kept();
            untrack(|| shown.take_over(kept));
        });
        let given = draft.clone();
        watch(move || {
            let given_back = client.page().given_back;
            if given_back.with(|peer| peer.as_ref() == Some(&given.0.peer)) {
                given_back.set(None);
                untrack(|| given.take_back());
            }
        });
        draft
    }

    /// The user changed the field.
    pub(super) fn typed(&self) {
        let stroke = self.0.strokes.get().wrapping_add(1);
        self.0.strokes.set(stroke);
        let now = js_sys::Date::now();
        let since = self.0.since.get().unwrap_or(now);
        self.0.since.set(Some(since));
        if now - since > LONGEST {
            return self.tell();
        }
        let draft = self.clone();
        later(PAUSE, move || {
            if draft.0.strokes.get() == stroke {
                draft.tell();
            }
        });
    }

    /// What the field held was sent, and the field is empty now. The draft goes with it.
    pub(super) fn sent(&self) {
        let inner = &self.0;
        inner.strokes.set(inner.strokes.get().wrapping_add(1));
        inner.agreed.take();
        let is_there = !untrack(|| self.kept()).is_empty() || inner.awaited.borrow().is_some();
        if is_there {
            inner.awaited.replace(Some(String::new()));
        }
    }

    /// The field is for something else than the draft, or is for the draft again, which it then shows.
    pub(super) fn hold(&self, held: bool) {
        if held && !self.0.held.get() {
            self.tell();
        }
        if self.0.held.replace(held) && !held {
            let awaited = self.0.awaited.borrow().clone();
            self.show(awaited.unwrap_or_else(|| untrack(|| self.kept())));
        }
    }

    fn listen(&self) {
        let tell = |draft: &Self| {
            let draft = draft.clone();
            move |_| draft.tell()
        };
        let left = self.clone();
        listen(&self.0.field, "blur", move |_| {
            left.tell();
            left.take_over(untrack(|| left.kept()));
        });
        // A page that is hidden may never be told that it ends.
        let hidden = self.clone();
        listen(&document(), "visibilitychange", move |_| {
            if document().hidden() {
                hidden.tell();
            }
        });
        if let Some(window) = web_sys::window() {
            listen(&window, "pagehide", tell(self));
        }
        let gone = self.clone();
        at_end(move || gone.tell());
    }

    /// Tells the engine what is in the field, if it does not know.
    fn tell(&self) {
        let inner = &self.0;
        inner.since.set(None);
        if inner.held.get() {
            return;
        }
        let text = self.typed_text();
        // Whoever signed out left nothing behind.
        if *inner.agreed.borrow() == text || untrack(|| inner.client.account()).is_none() {
            return;
        }
        inner.agreed.replace(text.clone());
        inner.awaited.replace(Some(text.clone()));
        inner.client.send(Command::SetDraft { peer: inner.peer.clone(), text });
    }

    /// Shows a draft that was changed elsewhere, unless the user is at it.
    fn take_over(&self, kept: String) {
        let inner = &self.0;
        if inner.held.get() {
            return;
        }
        if inner.awaited.borrow().as_ref().is_some_and(|awaited| *awaited != kept) {
            return;
        }
        inner.awaited.take();
        let text = self.typed_text();
        let is_news = *inner.agreed.borrow() != text;
        let is_at_it = !text.is_empty() && is_focused(&inner.field) && inner.client.page().watched.get_untracked();
        if is_news || is_at_it || kept == text {
            return;
        }
        self.show(kept);
    }

    /// A text could not be kept and is the draft again. Whatever was typed since stands below it.
    fn take_back(&self) {
        let kept = self.kept();
        self.0.awaited.take();
        let text = self.typed_text();
        if kept.ends_with(&text) || kept.starts_with(&text) {
            self.show(kept);
        } else if !text.starts_with(&kept) {
            self.0.field.set_value(&format!("{kept}\n{text}"));
            (self.0.changed)();
            self.tell();
        }
    }

    fn show(&self, text: String) {
        self.0.field.set_value(&text);
        self.0.agreed.replace(text);
        (self.0.changed)();
    }

    /// The draft as the engine has it.
    fn kept(&self) -> String {
        self.0.client.conversation(&self.0.peer).and_then(|conversation| conversation.draft.clone()).unwrap_or_default()
    }

    /// What is in the field; nothing but white space is nothing.
    fn typed_text(&self) -> String {
        let text = self.0.field.value();
        if text.trim().is_empty() { String::new() } else { text }
    }
}
