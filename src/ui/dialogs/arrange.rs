//! What can be done with a conversation as a whole.

use super::feet;
use crate::domain::conversation::Arrange;
use crate::engine::command::Command;
use crate::engine::rooms::RoomOrder;
use crate::jid::BareJid;
use crate::present::text;
use crate::ui::client::Client;
use crate::ui::page::{Dialog, Page};
use crate::ui::parts::el::{IntoView, View, button, div, form, p, span};
use crate::ui::parts::icon::{BIN, BOX, HAND, INFO, Icon, MUTED, PIN, WARNING, icon};
use crate::ui::parts::live::act;
use crate::ui::{room_words, words};
use web_sys::SubmitEvent;

/// The choices for one conversation.
pub(super) fn menu(client: Client, peer: &BareJid) -> View {
    let page = client.page();
    let Some(one) = client.conversation(peer) else { return View::NONE };
    let (abilities, is_blocked) = (client.abilities(), client.blocked().has(peer));
    let is_contact = client.contact(peer).is_some();
    let choice = |hook: &'static str, label: &'static str, shape: Icon, go: Box<dyn Fn()>| {
        let go = move || {
            page.close_dialog();
            go();
        };
        button()
            .class("choice")
            .attr("type", "button")
            .attr("data-testid", hook)
            .click(go)
            .child((icon(shape), span().child(label)))
            .into_view()
    };
    let send = |command: Command| -> Box<dyn Fn()> { Box::new(move || client.send(command.clone())) };
    let arrange = |wish: Arrange| send(Command::Arrange(peer.clone(), wish));
    let show = |dialog: Dialog| -> Box<dyn Fn()> { Box::new(move || page.dialog.set(Some(dialog.clone()))) };
    let mut choices = vec![
        choice("pin", if one.pinned { words::UNPIN } else { words::PIN }, PIN, arrange(Arrange::Pin(!one.pinned))),
        choice("mute", if one.muted { words::UNMUTE } else { words::MUTE }, MUTED, arrange(Arrange::Mute(!one.muted))),
        choice(
            "archive",
            if one.archived { words::UNARCHIVE } else { words::ARCHIVE },
            BOX,
            arrange(Arrange::Archive(!one.archived)),
        ),
        choice("show-details", words::DETAILS, INFO, show(Dialog::Details(peer.clone()))),
    ];
    if client.is_room(peer) {
        let order = RoomOrder::Leave(peer.clone());
        choices.push(choice("leave", room_words::LEAVE, HAND, send(Command::Room(order))));
    } else if is_blocked {
        choices.push(choice("unblock", words::UNBLOCK, HAND, send(Command::Unblock(peer.clone().into()))));
    } else if abilities.blocking {
        choices.push(choice("block-person", words::BLOCK, HAND, send(Command::Block(peer.clone()))));
        if abilities.reporting && !is_contact {
            choices.push(choice("report", words::REPORT, WARNING, send(Command::Report(peer.clone()))));
        }
    }
    choices.push(choice("delete", words::DELETE, BIN, show(Dialog::Delete(peer.clone()))));
    let who = p().class("address").attr("dir", "auto").child(text::name(&client.name(peer)));
    (who, div().class("choices").child(choices)).into_view()
}

/// Asks before a conversation is deleted.
pub(super) fn delete(client: Client, peer: BareJid) -> View {
    let question = format!("Delete the conversation with {}?", text::name(&client.name(&peer)));
    let submit = act(move |event: SubmitEvent| {
        event.prevent_default();
        client.page().close_dialog();
        delete_now(client, &peer);
    });
    form()
        .class("form")
        .on("submit", submit)
        .child((
            p().attr("dir", "auto").child(question),
            p().class("help").child(words::DELETE_HINT),
            feet(client, words::DELETE, "delete-confirm", "button danger"),
        ))
        .into_view()
}

/// Deletes it, and shows it no longer.
pub(crate) fn delete_now(client: Client, peer: &BareJid) {
    let page: Page = client.page();
    if page.open.with_untracked(|open| open.as_ref() == Some(peer)) {
        page.forget();
    }
    if client.is_room(peer) {
        client.order(RoomOrder::Forget(peer.clone()));
    }
    client.send(Command::Arrange(peer.clone(), Arrange::Delete));
}
