//! What is different where the conversation is a group chat: its head, what stands in place of the field while the
//! user cannot write, who wrote what, and what may be done with it.

use leptos::reactive::graph::untrack;
use web_sys::SubmitEvent;

use super::composer::composer;
use super::messages::Messages;
use super::talk::Talk;
use crate::domain::desk::is_visit;
use crate::domain::room::{Phase, Role, Room, Why};
use crate::domain::timeline::{Direction, Message, Removed};
use crate::engine::rooms::RoomOrder;
use crate::jid::BareJid;
use crate::present::{rooms as say, text};
use crate::ui::client::Client;
use crate::ui::dialogs::{delete_now, field};
use crate::ui::parts::avatar::{coloured, nick_avatar};
use crate::ui::parts::browser::later;
use crate::ui::parts::el::{El, IntoView, View, button, div, form, label, p, span};
use crate::ui::parts::icon::{CLOCK, HAND, INFO, PEOPLE, WARNING, icon};
use crate::ui::parts::live::{act, live, watch};
use crate::ui::parts::menu::round;
use crate::ui::parts::state::State;
use crate::ui::{room_words as words, rooms, words as common};

/// How long it stays that somebody goes by another nickname, in milliseconds.
const STAY: i32 = 10_000;

/// The line below the name of a group chat: how many are there, and what it is about.
pub(super) fn line(client: Client, room: &BareJid) -> View {
    let known = client.room(room);
    let state = match known.as_deref().map(|room| &room.phase) {
        Some(Phase::Joined) => None,
        Some(Phase::Joining) | None => Some(words::JOINING),
        Some(Phase::Left | Phase::Refused(_)) => Some(words::NOT_IN),
    };
    if let Some(writers) = client.writers(room).filter(|_| state.is_none()) {
        let line = span().class("count-of writing").attr("dir", "auto").attr("data-testid", "writing");
        return line.child(writers).into_view();
    }
    let about = rooms::about(client, room);
    let people = match state {
        Some(state) => Some(state.to_owned()),
        None => rooms::people(client, room),
    };
    let shown = if state.is_some() { "state-of" } else { "count-of" };
    let people = people.map(|people| span().class(shown).attr("data-testid", "people-count").child(people));
    let about =
        about.map(|about| span().class("address").attr("dir", "auto").attr("data-testid", "topic").child(about));
    (people, about).into_view()
}

/// The button that shows who is there.
pub(super) fn people_button(client: Client, room: BareJid) -> View {
    let page = client.page();
    let is_room = State::following(move || client.is_room(&room));
    live(move || {
        is_room.get().then(|| {
            let button = round("participants-open", words::PARTICIPANTS, PEOPLE, move || {
                page.participants.update(|shown| *shown = !*shown);
            });
            button.attr("aria-expanded", live(move || if page.participants.get() { "true" } else { "false" }))
        })
    })
    .into_view()
}

/// What stands at the foot of a group chat.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum Foot {
    /// The field.
    #[default]
    Field,
    /// The field, and above it why nothing goes out at the moment.
    Waits(Why),
    /// The user may only read.
    Silent,
    /// The user is not there, and why, if it was not their wish.
    Outside(Option<Why>),
}

impl Foot {
    fn of(room: Option<&Room>) -> Self {
        match room.map(|room| &room.phase) {
            None | Some(Phase::Left) => Self::Outside(None),
            Some(Phase::Joining) => Self::Field,
            Some(Phase::Joined) if room.is_some_and(Room::may_speak) => Self::Field,
            Some(Phase::Joined) => Self::Silent,
            Some(Phase::Refused(why)) if why.may_pass() => Self::Waits(why.clone()),
            Some(Phase::Refused(why)) => Self::Outside(Some(why.clone())),
        }
    }
}

/// The foot of a group chat.
pub(super) fn foot(talk: Talk, messages: Messages) -> View {
    let (client, peer) = (talk.client, talk.peer.clone());
    let whose = peer.clone();
    let foot = State::following(move || match client.room(&whose) {
        // Nobody has said anything of it yet.
        None if client.is_entered(&whose) => Foot::Field,
        room => Foot::of(room.as_deref()),
    });
    let writes = State::following(move || foot.with(|foot| matches!(foot, Foot::Field | Foot::Waits(_))));
    let whose = peer.clone();
    let note = live(move || match foot.get() {
        Foot::Field => None,
        // Above or below it stands what became of it.
        Foot::Silent | Foot::Outside(_) if is_visit(&whose) => None,
        Foot::Waits(why) => Some(untrack(|| outside(client, &whose, Some(&why)))),
        Foot::Silent => Some(untrack(|| silent(client, &whose))),
        Foot::Outside(why) => Some(untrack(|| outside(client, &whose, why.as_ref()))),
    });
    let field = live(move || {
        writes
            .get()
            .then(|| untrack(|| (super::composing::bar(talk.clone()), composer(&talk, messages.clone())).into_view()))
    });
    let phase = live(move || client.room(&peer).map(|room| room.phase.name()));
    let open = live(move || writes.get().then_some(""));
    let note =
        div().class("room-foot").attr("role", "status").attr("data-phase", phase).attr("data-writes", open).child(note);
    (note, field).into_view()
}

fn bar(hook: &'static str) -> El {
    div().class("request-bar blocked-note").attr("data-testid", hook)
}

fn way(hook: &'static str, class: &'static str, label: &'static str, go: impl Fn() + 'static) -> El {
    button().class(class).attr("type", "button").attr("data-testid", hook).click(go).child(label)
}

/// Says that the user may only read.
fn silent(client: Client, room: &BareJid) -> View {
    let (asked, room) = (State::new(false), room.clone());
    let ways = live(move || {
        let room = room.clone();
        let ask = move || {
            client.order(RoomOrder::RequestVoice(room.clone()));
            asked.set(true);
        };
        match asked.get() {
            true => span().class("help").attr("data-testid", "asked-to-speak").child(words::ASKED_TO_SPEAK).into_view(),
            false => way("ask-to-speak", "button", words::ASK_TO_SPEAK, ask).into_view(),
        }
    });
    bar("only-read").child((icon(INFO), p().child(words::ONLY_READ), ways)).into_view()
}

/// Says why the user is not in, and offers the way in, or elsewhere.
fn outside(client: Client, room: &BareJid, why: Option<&Why>) -> View {
    let again = room.clone();
    let retry = move || client.order(RoomOrder::Join { room: again.clone(), nick: None, password: None });
    let (shape, text) = match why {
        None => (INFO, words::LEFT.to_owned()),
        Some(why) if why.may_pass() => (CLOCK, say::why(why)),
        Some(Why::PasswordRequired | Why::NickTaken) => (INFO, say::why(why.unwrap_or(&Why::Full))),
        Some(why @ (Why::Kicked { .. } | Why::Banned | Why::BannedNow { .. })) => (HAND, say::why(why)),
        Some(why) => (WARNING, say::why(why)),
    };
    let said = p().attr("dir", "auto").attr("data-testid", "why").child(text);
    let gone = room.clone();
    let forget = move || delete_now(client, &gone);
    let forget = || way("forget", "button quiet", words::FORGET, forget);
    let whole = bar("not-in").child((icon(shape), said));
    let ways = div().class("answers");
    let whole = match why {
        Some(Why::PasswordRequired | Why::WrongPassword) => {
            return whole.child(ask(client, room.clone(), words::PASSWORD, "join-password")).into_view();
        }
        Some(Why::NickTaken | Why::BadNick | Why::NickFixed) => {
            return whole.child(ask(client, room.clone(), words::NICKNAME, "join-nick")).into_view();
        }
        Some(Why::Gone { to: Some(to) }) => whole.child(ways.child((follow(client, to.clone(), None), forget()))),
        Some(Why::Destroyed { alternate: Some(to), password, .. }) => {
            whole.child(ways.child((follow(client, to.clone(), password.clone()), forget())))
        }
        Some(Why::Gone { .. } | Why::Destroyed { .. } | Why::NoGroup) => whole.child(ways.child(forget())),
        None | Some(Why::Kicked { .. } | Why::NoMember | Why::MembersOnlyNow) => {
            whole.child(ways.child((way("join-again", "button primary", words::JOIN_AGAIN, retry), forget())))
        }
        Some(why) if why.may_pass() => whole.child(way("join-again", "button", words::TRY_AGAIN, retry)),
        Some(_) => whole.child(ways.child((way("join-again", "button", words::TRY_AGAIN, retry), forget()))),
    };
    whole.into_view()
}

fn follow(client: Client, to: BareJid, password: Option<String>) -> El {
    way("follow", "button primary", words::GO_THERE, move || rooms::join(client, &to, None, password.clone()))
}

/// Asks for what is missing, and goes in with it.
fn ask(client: Client, room: BareJid, title: &'static str, hook: &'static str) -> View {
    let text = State::new(String::new());
    let is_password = hook == "join-password";
    let field = match is_password {
        true => {
            let (shown, input) = crate::ui::parts::password::password("off");
            let _ = input.set_attribute("data-testid", hook);
            crate::ui::parts::browser::listen(&input.clone(), "input", move |_| text.set(input.value()));
            label().class("field").child((span().class("label").child(title), shown)).into_view()
        }
        false => field(title, hook, "", None, text),
    };
    let submit = act(move |event: SubmitEvent| {
        event.prevent_default();
        let given = Some(text.get_untracked()).filter(|text| !text.trim().is_empty());
        let (nick, password) = if is_password { (None, given) } else { (given, None) };
        if nick.is_some() || password.is_some() {
            client.order(RoomOrder::Join { room: room.clone(), nick, password });
        }
    });
    let button = button().class("button primary").attr("type", "submit").attr("data-testid", "join-submit");
    form().class("form saved").on("submit", submit).child((field, button.child(words::JOIN))).into_view()
}

/// The name above the first of somebody's messages, in their colour, with the labels that they have while they are there.
pub(super) fn author(client: Client, room: &BareJid, message: &Message) -> Option<View> {
    let author = message.author.as_ref().filter(|_| message.direction == Direction::In)?;
    let name = span().class("author").attr("data-testid", "author").attr("dir", "auto").child(text::name(&author.nick));
    let them = author.number.and_then(|number| untrack(|| client.occupant(room, number)));
    let hats: Vec<View> = them.iter().flat_map(|them| rooms::hats(them)).take(2).collect();
    let name = coloured(name, &author.nick);
    Some(if hats.is_empty() { name.into_view() } else { span().class("author-line").child((name, hats)).into_view() })
}

/// Their picture beside it.
pub(super) fn picture(message: &Message) -> Option<El> {
    let author = message.author.as_ref().filter(|_| message.direction == Direction::In)?;
    Some(nick_avatar(&author.nick).class("avatar beside"))
}

/// Who wrote a message, as others call them.
pub(super) fn name_of(client: Client, peer: &BareJid, message: &Message) -> String {
    match &message.author {
        Some(author) => text::name(&author.nick),
        None => text::name(&client.name(peer)),
    }
}

/// What stands in place of a message that was taken away by somebody else.
pub(super) fn removed(removed: &Removed) -> String {
    let mut words = match &removed.by {
        Some(by) => format!("{} {}", words::REMOVED_BY, text::name(by)),
        None => words::REMOVED.to_owned(),
    };
    if let Some(reason) = &removed.reason {
        words.push_str(": ");
        words.push_str(&text::name(reason));
    }
    words
}

/// Says for a while that somebody goes by another nickname.
pub(super) fn renamed(client: Client, room: BareJid) -> View {
    let known = State::following(move || client.renamed(&room));
    let (before, shown) = (untrack(|| known.get()), State::new(None));
    watch(move || {
        let now = known.get().filter(|now| before.as_ref() != Some(now));
        let Some((count, from, to)) = now else { return };
        let words = format!("{} {} {}", text::name(&from), words::NOW_CALLED, text::name(&to));
        shown.set(Some((count, words)));
        later(STAY, move || {
            if shown.with_untracked(|shown| shown.as_ref().is_some_and(|(shown, _)| *shown == count)) {
                shown.set(None);
            }
        });
    });
    let line = div().class("lately").attr("role", "status").attr("data-testid", "renamed").attr("dir", "auto");
    line.child(live(move || shown.get().map(|(_, words)| words.into_view()))).into_view()
}

/// What the user may do with the messages of a conversation.
#[derive(Clone, Copy)]
pub(super) struct May {
    /// Say something.
    pub(super) write: bool,
    /// Answer and take back.
    pub(super) refer: bool,
    /// React.
    pub(super) react: bool,
    /// Take away what others wrote.
    pub(super) moderate: bool,
}

impl May {
    /// With one message: what was said to one alone is nobody else's business, and needs no names by the group chat.
    pub(super) fn about(self, message: &Message) -> Self {
        match message.private {
            None => self,
            Some(_) => Self { refer: self.write, react: false, moderate: false, ..self },
        }
    }
}

/// What the user may do; with a person, everything that one does with own messages.
pub(super) fn may(client: Client, peer: &BareJid) -> May {
    if !client.is_room(peer) {
        return May { write: true, refer: true, react: true, moderate: false };
    }
    let Some(room) = client.room(peer) else {
        return May { write: false, refer: false, react: false, moderate: false };
    };
    let write = room.may_speak();
    let refer = write && room.traits.message_ids;
    let moderate = room.traits.moderation && room.role == Role::Moderator && room.phase == Phase::Joined;
    May { write, refer, react: refer, moderate }
}

/// Who is quoted or reacted to: a person by their name, participants by their nicknames.
pub(super) fn called(client: Client, peer: &BareJid, nick: Option<&str>, direction: Direction) -> String {
    match (direction, nick) {
        (Direction::Out, _) => common::YOU.to_owned(),
        (Direction::In, Some(nick)) => text::name(nick),
        (Direction::In, None) => text::name(&client.name(peer)),
    }
}
