//! What is written for one participant of a group chat alone: to whom it goes, said plainly above the field, and the way
//! out. As long as that holds nothing from the field goes to all, whatever becomes of that participant.

use std::rc::Rc;

use leptos::reactive::graph::untrack;

use super::talk::Talk;
use crate::domain::room::{Author, Phase};
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Only {
    pub(super) who: Rc<Author>,
    /// They left, or it is not certain that they are who is there.
    gone: bool,
}

impl Only {
    /// Of a conversation, as it is now. Can be watched.
    pub(super) fn of(client: Client, peer: &BareJid) -> Option<Self> {
        let who = client.conversation(peer)?.private.clone()?;
        let is_in = client.room(peer).is_some_and(|room| room.phase == Phase::Joined);
        let there = client.with_people(peer, |people| (people.is_empty(), people.same(&who)));
        let (is_unknown, there) = there.unwrap_or((true, None));
        Some(match there {
            Some(one) => Self { who: Rc::new(Author::of(&one)), gone: false },
            None => Self { who, gone: is_in && !is_unknown },
        })
    }
}

/// What the field is for is for one participant alone from now on, or for all.
pub(crate) fn set(client: Client, peer: &BareJid, to: Option<Rc<Author>>) {
    client.send(Command::SetPrivate { peer: peer.clone(), to });
}

/// Says above the field to whom alone it goes, and that it goes to all again; ends it when they leave and nothing is
/// written. `is_empty` says whether nothing is.
pub(super) fn bar(talk: &Talk, only: State<Option<Only>>, is_empty: State<bool>) -> View {
    let (client, peer) = (talk.client, talk.peer.clone());
    let ended = State::new(false);
    let (whose, mut was) = (peer.clone(), untrack(|| only.get()).is_some());
    watch(move || {
        let (now, is_empty) = (only.get(), is_empty.get());
        let is = now.is_some();
        // Said until something is written, or for somebody alone again.
        ended.set_if_new(!is && (was || (ended.get_untracked() && is_empty)));
        was = is;
        if now.is_some_and(|now| now.gone) && is_empty {
            untrack(|| set(client, &whose, None));
        }
    });
    let shown = live(move || {
        let Some(Only { who, gone }) = only.get() else {
            let again = || div().class("composing").attr("data-testid", "private-ended").child(words::TO_ALL_AGAIN);
            return ended.get().then(|| again().into_view());
        };
        let peer = peer.clone();
        let end = round("private-end", words::TO_ALL, CLOSE, move || set(client, &peer, None));
        let help = gone.then(|| span().class("quote-text").child(words::GONE_HINT));
        let title = if gone { say::gone(&who.nick) } else { say::only_to(&who.nick) };
        let lines =
            span().class("lines").child((span().class("composing-title").attr("dir", "auto").child(title), help));
        let shape = if gone { WARNING } else { LOCK };
        let bar = div().class("composing alone").attr("data-testid", "private-bar");
        Some(bar.attr("data-gone", gone.then_some("")).child((icon(shape), lines, end)).into_view())
    });
    div().attr("role", "status").child(shown).into_view()
}

/// Whether what is written now can go out. Nothing does for somebody who is not there.
pub(super) fn may_go(only: State<Option<Only>>) -> bool {
    only.with_untracked(|only| only.as_ref().is_none_or(|only| !only.gone))
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
