//! What the page around is told of what happens here.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::Told;
use crate::domain::account::Connection;
use crate::domain::problem::Reason;
use crate::domain::timeline::Direction;
use crate::jid::BareJid;
use crate::present::wording;
use crate::ui::client::Client;
use crate::ui::parts::browser::now;
use crate::ui::parts::live::watch;
use crate::ui::parts::state::State;

/// Tells it until the current owner goes. Tells of the conversation with whom `with` names, if it names anybody.
pub(super) fn follow(client: Client, with: Rc<dyn Fn() -> Option<BareJid>>, told: Rc<dyn Fn(Told)>) {
    let (ready, before) = (Cell::new(false), RefCell::new(None));
    let tell = told.clone();
    watch(move || {
        let connection = client.connection();
        let name = connection.name();
        if before.replace(Some(name)) != Some(name) {
            tell(Told::Connection(name));
        }
        if let Connection::Failed(problem) = &connection {
            tell(Told::Trouble { code: code(problem.reason), words: wording::problem(problem) });
        }
        if matches!(connection, Connection::Online) && !ready.replace(true) {
            tell(Told::Ready);
        }
    });
    let talk = with.clone();
    let unread = State::following(move || {
        talk().and_then(|with| client.conversation(&with)).map_or(0, |conversation| conversation.unread)
    });
    let tell = told.clone();
    watch(move || tell(Told::Unread(unread.get())));
    let (heard, begun) = (Cell::new(None), now());
    watch(move || {
        let Some(conversation) = with().and_then(|with| client.conversation(&with)) else { return };
        let activity = conversation.activity;
        let known = heard.replace(Some(activity));
        let is_new = known.is_none_or(|known| activity > known);
        if let Some(last) = conversation.last.as_ref().filter(|last| is_new && last.stamp >= begun) {
            told(Told::Message {
                own: last.direction == Direction::Out,
                nick: last.nick.as_deref().map(str::to_owned),
                text: last.text.clone(),
            });
        }
    });
}

/// The stable names of what ends a connection.
const fn code(reason: Reason) -> &'static str {
    match reason {
        Reason::GuestsRefused => "guests-refused",
        reason if reason.needs_credentials() => "sign-in-refused",
        Reason::HostUnknown | Reason::InsecureService | Reason::RedirectRefused => "bad-service",
        _ => "unreachable",
    }
}
