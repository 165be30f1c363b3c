//! Invitations to group chats that wait to be answered.

use crate::domain::room::RoomInvitation;
use crate::engine::rooms::RoomOrder;
use crate::jid::Jid;
use crate::present::text;
use crate::ui::client::Client;
use crate::ui::parts::avatar::avatar;
use crate::ui::parts::el::{IntoView, View, button, div, p, section, span};
use crate::ui::parts::live::live;
use crate::ui::{room_words as words, words as common};

/// Who invites the user to where.
pub(crate) fn invitations(client: Client) -> View {
    live(move || {
        let waiting = client.room_invitations();
        (!waiting.is_empty()).then(|| {
            let cards: Vec<View> = waiting.iter().take(20).map(|one| card(client, one)).collect();
            section().class("requests").attr("aria-label", words::INVITATIONS).child(cards).into_view()
        })
    })
    .into_view()
}

/// Who invites, as the user knows them. An address within the group chat is a nickname there.
fn inviter(client: Client, one: &RoomInvitation, from: &Jid) -> String {
    let bare = from.bare();
    match from.resource().filter(|_| *bare == one.room) {
        Some(nick) => text::name(nick),
        None => text::name(&client.name(bare)),
    }
}

fn card(client: Client, one: &RoomInvitation) -> View {
    let name = client.room_name(&one.room);
    let from = one.from.as_ref().filter(|from| from.resource().is_some() || *from.bare() != one.room);
    let line = match from {
        Some(from) => format!("{} {}", inviter(client, one, from), words::INVITES_YOU),
        None => words::INVITED.to_owned(),
    };
    let answer = |hook: &'static str, class: &'static str, label: &'static str, accept: bool| {
        let room = one.room.clone();
        let go = move || {
            client.order(RoomOrder::AnswerInvitation { room: room.clone(), accept });
            if accept {
                super::enter(client, &room);
            }
        };
        button().class(class).attr("type", "button").attr("data-testid", hook).click(go).child(label)
    };
    let lines = (
        span().class("name").attr("dir", "auto").child(text::name(&name)),
        span().class("address").attr("dir", "auto").child(one.room.to_string()),
        span().class("line").attr("dir", "auto").child(line),
    );
    let reason = one.reason.as_deref().map(|reason| p().attr("dir", "auto").child(text::name(reason)));
    div()
        .class("request")
        .attr("data-testid", "room-invitation")
        .attr("data-jid", one.room.to_string())
        .child((
            div()
                .class("who")
                .child((avatar(&one.room, &name).class("avatar many"), span().class("lines").child(lines))),
            reason,
            div().class("answers").child((
                answer("invitation-accept", "button primary", common::ACCEPT, true),
                answer("invitation-decline", "button", common::DECLINE, false),
            )),
        ))
        .into_view()
}
