//! Emoji in the field for a message: `:shortcodes:` that complete themselves, and the button for the picker.

use std::cell::Cell;
use std::rc::Rc;

use leptos::reactive::graph::untrack;
use web_sys::{HtmlElement, HtmlTextAreaElement, KeyboardEvent, MouseEvent};

use crate::present::emoji::{Typed, typed};
use crate::ui::emoji::{note, picker, tone, with_table};
use crate::ui::parts::browser::{is_narrow, listen};
use crate::ui::parts::el::{IntoView, View, button, div, span};
use crate::ui::parts::icon::{SMILE, icon};
use crate::ui::parts::live::{act, live, watch};
use crate::ui::parts::state::State;
use crate::ui::words;

/// The most that are offered.
const OFFERED: usize = 6;
/// The longest end of a text that is looked at, in units of UTF-16.
const LOOK: usize = 48;

/// What completes shortcodes in one field.
#[derive(Clone)]
pub(super) struct Completion(Rc<Inner>);

struct Inner {
    field: HtmlTextAreaElement,
    /// Told when the field holds something that was not typed.
    changed: Box<dyn Fn()>,
    /// What is offered: the emoji and its shortcode.
    offered: State<Vec<(String, String)>>,
    chosen: State<usize>,
    picking: State<bool>,
    /// Nothing is offered for this word any more.
    declined: Cell<bool>,
}

impl Completion {
    pub(super) fn new(field: HtmlTextAreaElement, changed: Box<dyn Fn()>) -> Self {
        let (offered, chosen) = (State::new(Vec::new()), State::new(0));
        let told = field.clone();
        watch(move || {
            let _ = match offered.with(Vec::is_empty) {
                true => told.remove_attribute("aria-activedescendant"),
                false => told.set_attribute("aria-activedescendant", &format!("emoji-option-{}", chosen.get())),
            };
        });
        listen(&field, "blur", move |_| offered.set(Vec::new()));
        let picking = State::new(false);
        Self(Rc::new(Inner { field, changed, offered, chosen, picking, declined: Cell::new(false) }))
    }

    /// The user changed the field.
    pub(super) fn typed(&self) {
        let inner = &self.0;
        let before = self.before();
        let Some(Typed { ended, .. }) = typed(&before) else {
            inner.declined.set(false);
            return inner.offered.set(Vec::new());
        };
        if ended || !inner.declined.get() {
            let completion = self.clone();
            // When it comes the field may hold something else.
            with_table(move |table| {
                let before = completion.before();
                let (Some(table), Some(known)) = (table, typed(&before)) else { return };
                let inner = &completion.0;
                if known.ended {
                    if let Some(emoji) = table.with_code(known.code) {
                        completion.replace(known.len(), &emoji.toned(tone()));
                    }
                    return inner.offered.set(Vec::new());
                }
                let found = table.search(known.code, OFFERED);
                inner.chosen.set(0);
                inner.offered.set(found.iter().map(|one| (one.toned(tone()), one.code().to_owned())).collect());
            });
        }
    }

    /// Whether a key was for what is offered.
    pub(super) fn takes(&self, event: &KeyboardEvent) -> bool {
        let inner = &self.0;
        let number = inner.offered.with_untracked(Vec::len);
        let held = event.shift_key() || event.ctrl_key() || event.alt_key() || event.meta_key();
        if number == 0 || held || event.is_composing() {
            return false;
        }
        let chosen = inner.chosen.get_untracked();
        let last = number.saturating_sub(1);
        match event.key().as_str() {
            "ArrowDown" => inner.chosen.set(if chosen >= last { 0 } else { chosen.saturating_add(1) }),
            "ArrowUp" => inner.chosen.set(chosen.checked_sub(1).unwrap_or(last)),
            "Enter" | "Tab" => self.take(chosen),
            "Escape" => {
                inner.declined.set(true);
                inner.offered.set(Vec::new());
            }
            _ => return false,
        }
        event.prevent_default();
        event.stop_propagation();
        true
    }

    /// What is offered, above the field.
    pub(super) fn view(&self) -> View {
        let completion = self.clone();
        let list = live(move || {
            let offered = completion.0.offered.get();
            (!offered.is_empty()).then(|| {
                let options: Vec<View> = offered.iter().enumerate().map(|(n, one)| completion.option(n, one)).collect();
                div()
                    .class("options")
                    .attr("role", "listbox")
                    .attr("aria-label", words::EMOJI_MATCHES)
                    .attr("data-testid", "emoji-options")
                    .child(options)
                    .into_view()
            })
        });
        list.into_view()
    }

    fn option(&self, number: usize, (emoji, code): &(String, String)) -> View {
        let (completion, chosen) = (self.clone(), self.0.chosen);
        // Not with the click: the field would have lost the focus by then.
        let press = act(move |event: MouseEvent| {
            event.prevent_default();
            completion.take(number);
        });
        div()
            .class("option")
            .attr("role", "option")
            .attr("id", format!("emoji-option-{number}"))
            .attr("aria-selected", live(move || if chosen.get() == number { "true" } else { "false" }))
            .on("mousedown", press)
            .child((span().class("option-face").child(emoji.as_str()), format!(":{code}:")))
            .into_view()
    }

    /// The button that opens the picker, and the picker: the second is to stand outside of any form.
    pub(super) fn picker(&self) -> (View, View) {
        let picking = self.0.picking;
        let field = self.0.field.clone();
        let open = move || {
            // What has the focus now has it again in the end. On a phone that would bring the keyboard up.
            if !is_narrow() {
                let _ = field.focus();
            }
            picking.set(true);
        };
        let opener = button()
            .class("icon-button")
            .attr("type", "button")
            .attr("data-testid", "emoji")
            .attr("aria-label", words::EMOJI)
            .attr("aria-haspopup", "dialog")
            .click(open)
            .child(icon(SMILE));
        let anchor: HtmlElement = opener.node();
        let completion = self.clone();
        let window = live(move || {
            let picked = completion.clone();
            let pick = move |emoji: &str| picked.replace(0, emoji);
            picking.get().then(|| untrack(|| picker(&anchor, pick, move || picking.set_if_new(false))))
        });
        (opener.into_view(), window.into_view())
    }

    fn take(&self, number: usize) {
        let before = self.before();
        let taken = self.0.offered.with_untracked(|offered| offered.get(number).cloned());
        self.0.offered.set(Vec::new());
        if let (Some((emoji, _)), Some(known)) = (taken, typed(&before)) {
            note(&emoji);
            self.replace(known.len(), &format!("{emoji} "));
        }
    }

    /// The end of what stands before the cursor.
    fn before(&self) -> String {
        let caret = self.caret();
        let units: Vec<u16> = self.0.field.value().encode_utf16().take(caret).collect();
        let from = units.len().saturating_sub(LOOK);
        String::from_utf16_lossy(units.get(from..).unwrap_or_default())
    }

    fn caret(&self) -> usize {
        self.0.field.selection_end().ok().flatten().unwrap_or(u32::MAX) as usize
    }

    /// Puts a text in place of the letters before the cursor, or of what is selected.
    fn replace(&self, letters: usize, text: &str) {
        let inner = &self.0;
        let start = match letters {
            0 => inner.field.selection_start().ok().flatten().unwrap_or(u32::MAX) as usize,
            letters => self.caret().saturating_sub(letters),
        };
        let units: Vec<u16> = inner.field.value().encode_utf16().collect();
        let (start, end) = (start.min(units.len()), self.caret().min(units.len()));
        let part = |range: std::ops::Range<usize>| String::from_utf16_lossy(units.get(range).unwrap_or_default());
        inner.field.set_value(&format!("{}{text}{}", part(0..start), part(end..units.len())));
        let caret = start.saturating_add(text.encode_utf16().count()) as u32;
        let _ = inner.field.set_selection_range(caret, caret);
        (inner.changed)();
    }
}
