//! What an agent of a support desk can do with the visit that is open.

use super::message::way;
use crate::domain::desk::{Stage, is_visit};
use crate::engine::desk::DeskOrder;
use crate::jid::BareJid;
use crate::present::text;
use crate::ui::client::Client;
use crate::ui::desk::{DeskDialog, ask, take_visit};
use crate::ui::desk_words as words;
use crate::ui::parts::el::{IntoView, View, div, span};
use crate::ui::parts::live::live;

/// Who is with the visitor, and what may follow.
pub(super) fn bar(client: Client, room: BareJid) -> View {
    if !is_visit(&room) {
        return View::NONE;
    }
    let shown = live(move || {
        let desk = client.desk();
        let visit = desk.visit(&room)?;
        let taken = room.clone();
        let take = move || take_visit(client, &taken);
        let (said, ways) = match &visit.stage {
            Stage::Taken { .. } if desk.is_mine(&room) => {
                let (given, back, over) = (room.clone(), room.clone(), room.clone());
                let give = move || ask(client, DeskDialog::HandOver(given.clone()));
                let put_back = move || client.order_desk(DeskOrder::PutBack(back.clone()));
                let end = move || ask(client, DeskDialog::End(over.clone()));
                let ways = (
                    way("visit-hand-over", words::HAND_OVER, give),
                    way("visit-put-back", words::PUT_BACK, put_back),
                    way("visit-end", words::END, end),
                );
                (words::WITH_YOU.to_owned(), ways.into_view())
            }
            Stage::Taken { by, .. } => {
                let said = format!("{} {}", text::name(by), words::WITH_OTHER);
                (said, way("visit-take", words::TAKE_OVER, take).into_view())
            }
            Stage::Waiting => (words::WITH_NOBODY.to_owned(), way("visit-take", words::TAKE, take).into_view()),
            Stage::Closed => (words::IS_OVER.to_owned(), View::NONE),
        };
        let said = span().attr("dir", "auto").child(said);
        let bar = div().class("held visit-bar").attr("data-testid", "visit-bar");
        Some(bar.child((said, span().class("ways").child(ways))).into_view())
    });
    div().attr("role", "status").child(shown).into_view()
}
