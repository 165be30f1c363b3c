//! What can be done with a message: a few buttons that appear beside the one that is pointed at or has the focus, and a
//! menu with everything. There is one set of buttons for all messages; it moves to where it is needed.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use leptos::reactive::graph::untrack;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, KeyboardEvent, PointerEvent};

use super::extras::react;
use super::room;
use super::talk::{Composing, Talk};
use crate::domain::timeline::{Delivery, Direction, Message, MessageKey};
use crate::engine::command::Sending;
use crate::ui::emoji::picker;
use crate::ui::page::Dialog;
use crate::ui::parts::browser::{copy, later, listen};
use crate::ui::parts::el::{El, IntoView, View, button, div};
use crate::ui::parts::icon::{BIN, COPY, FORWARD, INFO, MORE, PEN, PLUS, REPLY, SMILE};
use crate::ui::parts::live::live;
use crate::ui::parts::menu::{self, Choice, round};
use crate::ui::rooms::RoomDialog;
use crate::ui::{room_words, words};

/// The signs that are offered first.
const SIGNS: [&str; 6] = ["👍", "❤️", "😂", "😮", "😢", "🙏"];
/// How long a finger rests on a message until its menu opens, in milliseconds.
const LONG_PRESS: i32 = 450;

/// Makes the messages in a list answer to pointer, finger and keys.
pub(super) fn follow(talk: &Talk, list: &El) {
    let list: HtmlElement = list.node();
    let bar = Rc::new(Bar::new(talk));
    for event in ["pointerover", "focusin"] {
        let bar = bar.clone();
        listen(&list, event, move |event| {
            let by_finger = event.dyn_ref::<PointerEvent>().is_some_and(|event| event.pointer_type() == "touch");
            if let Some(message) = message_of(&event).filter(|_| !by_finger) {
                bar.move_to(&message);
            }
        });
    }
    let left = bar.clone();
    listen(&list, "pointerleave", move |_| left.leave());
    let keyed = talk.clone();
    listen(&list, "keydown", move |event| {
        let key: &KeyboardEvent = event.unchecked_ref();
        let wanted = key.key() == "ContextMenu" || (key.key() == "F10" && key.shift_key()) || key.key() == "Enter";
        let message = message_of(&event);
        // Enter on a button or a link is that button's.
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let is_message = target.is_some() && target == message;
        if let Some(message) = message.filter(|_| wanted && is_message) {
            event.prevent_default();
            open_menu(&keyed, &message, &message);
        }
    });
    long_press(talk, &list);
}

fn long_press(talk: &Talk, list: &HtmlElement) {
    let pressed = Rc::new(Cell::new(0_u32));
    let opened = Rc::new(Cell::new(false));
    let (down, talk, opens) = (pressed.clone(), talk.clone(), opened.clone());
    listen(list, "touchend", move |event| {
        // Lifting the finger is no click on what lies under it.
        if opened.take() {
            event.prevent_default();
        }
    });
    listen(list, "pointerdown", move |event| {
        let number = down.get().wrapping_add(1);
        down.set(number);
        let by_finger = event.dyn_ref::<PointerEvent>().is_some_and(|event| event.pointer_type() == "touch");
        let Some(message) = message_of(&event).filter(|_| by_finger) else { return };
        let (held, talk, opens) = (down.clone(), talk.clone(), opens.clone());
        later(LONG_PRESS, move || {
            if held.get() == number && message.is_connected() {
                opens.set(true);
                open_menu(&talk, &message, &message);
            }
        });
    });
    for event in ["pointerup", "pointercancel", "pointermove", "scroll"] {
        let pressed = pressed.clone();
        listen(list, event, move |event| {
            let is_still = event.dyn_ref::<PointerEvent>().is_some_and(|event| {
                event.type_() == "pointermove"
                    && event.movement_x().unsigned_abs().saturating_add(event.movement_y().unsigned_abs()) < 4
            });
            if !is_still {
                pressed.set(pressed.get().wrapping_add(1));
            }
        });
    }
}

fn message_of(event: &Event) -> Option<Element> {
    let target = event.target()?.dyn_into::<Element>().ok()?;
    target.closest("[data-testid=message]").ok()?
}

fn shown(talk: &Talk, element: &Element) -> Option<Rc<Message>> {
    let key = MessageKey(element.get_attribute("data-key")?.parse().ok()?);
    untrack(|| talk.client.message(&talk.peer, key))
}

/// The buttons beside a message.
struct Bar {
    talk: Talk,
    element: HtmlElement,
    reply: HtmlElement,
    react: HtmlElement,
    at: RefCell<Option<Element>>,
}

impl Bar {
    fn new(talk: &Talk) -> Self {
        let at = |act: fn(&Talk, &Element, &Element)| {
            let talk = talk.clone();
            move |own: &Element| {
                if let Ok(Some(message)) = own.closest("[data-testid=message]") {
                    act(&talk, &message, own);
                }
            }
        };
        let make = |hook, label, icon, act: fn(&Talk, &Element, &Element)| {
            let node: Rc<RefCell<Option<Element>>> = Rc::default();
            let (own, act) = (node.clone(), at(act));
            let made = round(hook, label, icon, move || {
                let own = own.borrow().clone();
                own.iter().for_each(&act);
            });
            node.replace(Some(made.node()));
            made
        };
        let react = make("message-react", words::REACT, SMILE, |talk, message, own| {
            if let Some(message) = shown(talk, message) {
                menu::open(words::REACT, own, Some(signs(talk, &message)), Vec::new());
            }
        });
        let reply = make("message-reply", words::REPLY, REPLY, |talk, message, _| {
            if let Some(message) = shown(talk, message) {
                talk.reply(&message);
            }
        });
        let more = make("message-more", words::MORE, MORE, open_menu);
        let (react_node, reply_node) = (react.node(), reply.node());
        let bar = div().class("actions").attr("role", "toolbar").attr("aria-label", words::MESSAGE_ACTIONS);
        let bar = bar.child((react, reply, more));
        Self { talk: talk.clone(), element: bar.node(), reply: reply_node, react: react_node, at: RefCell::default() }
    }

    fn move_to(&self, message: &Element) {
        let is_here =
            self.element.parent_element().is_some_and(|parent| parent.parent_element().as_ref() == Some(message));
        if is_here {
            return;
        }
        let Some(known) = shown(&self.talk, message) else { return };
        let Ok(Some(bubble)) = message.query_selector(".bubble") else { return };
        let may = untrack(|| room::may(self.talk.client, &self.talk.peer)).about(&known);
        let is_text = known.body.text().is_some();
        self.reply.set_hidden(!(is_text && may.refer));
        self.react.set_hidden(!(is_text && may.react));
        let _ = bubble.append_child(&self.element);
        self.at.replace(Some(message.clone()));
    }

    fn leave(&self) {
        let has_focus = self.at.borrow().as_ref().is_some_and(|at| at.matches(":focus-within").unwrap_or(false));
        if !has_focus {
            self.element.remove();
        }
    }
}

/// Lets somebody choose any sign for a message.
pub(super) fn any_sign(talk: Talk, list: HtmlElement) -> View {
    let picking = talk.picking;
    let window = live(move || {
        let key = picking.get()?;
        let anchor = list.query_selector(&format!("[data-key='{}'] .bubble", key.0)).ok()??.dyn_into().ok()?;
        let talk = talk.clone();
        let pick = move |sign: &str| {
            if let Some(message) = untrack(|| talk.client.message(&talk.peer, key)) {
                react(&talk, &message, sign);
            }
        };
        Some(untrack(|| picker(&anchor, pick, move || picking.set_if_new(None))))
    });
    window.into_view()
}

/// A row of signs to give.
fn signs(talk: &Talk, message: &Rc<Message>) -> View {
    let signs: Vec<View> = SIGNS
        .into_iter()
        .map(|sign| {
            let own = message.reactions().iter().any(|reaction| reaction.own && reaction.emoji == sign);
            let (talk, message) = (talk.clone(), message.clone());
            button()
                .class("give")
                .attr("type", "button")
                .attr("role", "menuitemcheckbox")
                .attr("aria-checked", if own { "true" } else { "false" })
                .attr("data-testid", "sign")
                .click(move || react(&talk, &message, sign))
                .child(sign)
                .into_view()
        })
        .collect();
    let (picking, key) = (talk.picking, message.key);
    let more = round("sign-more", words::MORE_SIGNS, PLUS, move || picking.set(Some(key)));
    div().class("signs").child((signs, more)).into_view()
}

/// Everything that can be done with a message.
fn open_menu(talk: &Talk, element: &Element, beside: &Element) {
    let Some(message) = shown(talk, element) else { return };
    let page = talk.client.page();
    // There are none in a part of somebody else's page.
    let has_dialogs = !page.embedded.get_untracked();
    let key = message.key;
    let mut choices: Vec<Choice> = Vec::new();
    let mut offer = |hook, icon, label, grave, act: Box<dyn FnMut()>| {
        choices.push(Choice { hook, icon, label, grave, act });
    };
    let may = untrack(|| room::may(talk.client, &talk.peer)).about(&message);
    if let Some(text) = message.body.text().cloned() {
        let composing = talk.composing;
        let (answers, answered) = (talk.clone(), message.clone());
        let reply = Box::new(move || answers.reply(&answered));
        if may.refer {
            offer("menu-reply", REPLY, words::REPLY, false, reply);
        }
        if may.write && can_edit(&message) {
            offer(
                "menu-edit",
                PEN,
                words::EDIT_TEXT,
                false,
                Box::new(move || composing.set(Some(Composing::Edit(key)))),
            );
        }
        let forwarded = text.clone();
        offer("menu-copy", COPY, words::COPY_TEXT, false, Box::new(move || copy(&text)));
        if has_dialogs {
            offer("menu-forward", FORWARD, words::FORWARD, false, {
                Box::new(move || page.dialog.set(Some(Dialog::Forward(forwarded.to_string()))))
            });
        }
    }
    let peer = talk.peer.clone();
    if has_dialogs {
        offer("menu-info", INFO, words::MESSAGE_INFO, false, {
            Box::new(move || page.dialog.set(Some(Dialog::Message(peer.clone(), key))))
        });
    }
    if message.direction == Direction::Out && message.body.text().is_some() && may.refer {
        let talk = talk.clone();
        offer("menu-remove", BIN, words::REMOVE_MESSAGE, true, Box::new(move || talk.send(Sending::Retract(key))));
    }
    if message.direction == Direction::In && message.body.text().is_some() && may.moderate && has_dialogs {
        let room = talk.peer.clone();
        let about = move || page.dialog.set(Some(Dialog::Room(RoomDialog::Remove(room.clone(), key))));
        offer("menu-moderate", BIN, room_words::REMOVE_FOR_ALL, true, Box::new(about));
    }
    let above = message.body.text().filter(|_| may.react).map(|_| signs(talk, &message));
    menu::open(words::MESSAGE_ACTIONS, beside, above, choices);
}

/// Whether the text of a message can be replaced: it is one's own, and the other side has it or may have it.
pub(super) fn can_edit(message: &Message) -> bool {
    message.direction == Direction::Out
        && message.body.text().is_some()
        && !message.manner().is_some_and(|manner| manner.file)
        && !matches!(message.delivery, Some(Delivery::Queued | Delivery::Failed(_)))
}
