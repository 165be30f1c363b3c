//! What is written for one participant of a group chat alone: to whom it goes, said plainly above the field, and the way
//! out. As long as that holds nothing from the field goes to all, whatever becomes of that participant.

use std::rc::Rc;

use leptos::reactive::graph::untrack;

use super::talk::Talk;
use crate::domain::room::{Author, Occupant, Phase};
use crate::domain::timeline::{Direction, Message};
use crate::engine::command::Command;
use crate::jid::BareJid;
use crate::present::rooms as say;
use crate::ui::client::Client;
use crate::ui::parts::el::{IntoView, View, div, span};
use crate::ui::parts::icon::{CLOSE, LOCK, WARNING, icon};
use crate::ui::parts::live::{live, watch};
use crate::ui::parts::menu::round;
use crate::ui::parts::state::State;
use crate::ui::room_words as words;

/// For whom alone the field is, and whether they can be reached.
#[derive(Clone, Copy)]
pub(super) struct Only {
    /// What is said about it; nothing, if the field is for all.
    pub(super) title: State<Option<String>>,
    /// They left, or it is not certain that they are who is there: nothing may go.
    pub(super) gone: State<bool>,
}

impl Only {
    /// Of a conversation, from now on.
    pub(super) fn of(client: Client, peer: BareJid) -> Self {
        let whose = peer.clone();
        let title = State::following(move || {
            let who = client.conversation(&peer)?.private.clone()?;
            Some(match there(client, &peer, &who) {
                Some(one) => say::only_to(&one.nick),
                None if is_known(client, &peer) => say::gone(&who.nick),
                None => say::only_to(&who.nick),
            })
        });
        let gone = State::following(move || {
            let who = client.conversation(&whose).and_then(|one| one.private.clone());
            who.is_some_and(|who| there(client, &whose, &who).is_none() && is_known(client, &whose))
        });
        Self { title, gone }
    }
}

fn there(client: Client, peer: &BareJid, who: &Author) -> Option<Rc<Occupant>> {
    client.with_people(peer, |people| people.same(who)).flatten()
}

/// Whether it was told who is there.
fn is_known(client: Client, peer: &BareJid) -> bool {
    let is_in = client.room(peer).is_some_and(|room| room.phase == Phase::Joined);
    is_in && client.with_people(peer, |people| !people.is_empty()).unwrap_or_default()
}

/// What the field is for is for one participant alone from now on, or for all.
pub(crate) fn set(client: Client, peer: &BareJid, to: Option<Rc<Author>>) {
    client.send(Command::SetPrivate { peer: peer.clone(), to });
}

/// Says above the field to whom alone it goes, and that it goes to all again; ends it when they leave and nothing is
/// written. `is_empty` says whether nothing is.
pub(super) fn bar(talk: &Talk, only: Only, is_empty: State<bool>) -> View {
    let (client, peer) = (talk.client, talk.peer.clone());
    let ended = State::new(false);
    let (whose, mut was) = (peer.clone(), only.title.with_untracked(Option::is_some));
    watch(move || {
        let (is, is_empty) = (only.title.with(Option::is_some), is_empty.get());
        // Said until something is written, or for somebody alone again.
        ended.set_if_new(!is && (was || (ended.get_untracked() && is_empty)));
        was = is;
        if only.gone.get() && is_empty {
            untrack(|| set(client, &whose, None));
        }
    });
    let shown = live(move || {
        let (title, gone) = (only.title.get(), only.gone.get());
        let Some(title) = title else {
            let again = || div().class("composing").attr("data-testid", "private-ended").child(words::TO_ALL_AGAIN);
            return ended.get().then(|| again().into_view());
        };
        let peer = peer.clone();
        let end = round("private-end", words::TO_ALL, CLOSE, move || set(client, &peer, None));
        let help = gone.then(|| span().class("quote-text").child(words::GONE_HINT));
        let lines =
            span().class("lines").child((span().class("composing-title").attr("dir", "auto").child(title), help));
        let shape = if gone { WARNING } else { LOCK };
        let bar = div().class("composing alone").attr("data-testid", "private-bar");
        Some(bar.attr("data-gone", gone.then_some("")).child((icon(shape), lines, end)).into_view())
    });
    div().attr("role", "status").child(shown).into_view()
}

/// Above the text of what was said to one alone: who else knows it, which is nobody.
pub(super) fn mark(message: &Message) -> Option<View> {
    let who = message.private.as_ref()?;
    let said = match message.direction {
        Direction::In => words::ONLY_TO_YOU.to_owned(),
        Direction::Out => say::only_to(&who.nick),
    };
    let mark = span().class("alone-mark").attr("data-testid", "private-mark").attr("dir", "auto");
    Some(mark.child((icon(LOCK), said)).into_view())
}
