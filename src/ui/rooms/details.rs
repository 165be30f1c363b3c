//! About a group chat: what it is, what the user hears of it, and what can be done with it.

use web_sys::{Event, SubmitEvent};

use super::{RoomDialog, face, kind, people};
use crate::domain::conversation::{Arrange, Notify};
use crate::domain::room::{Affiliation, Bookmark, Phase, Role, Room};
use crate::engine::command::Command;
use crate::engine::rooms::RoomOrder;
use crate::jid::BareJid;
use crate::present::{rooms, text};
use crate::ui::client::Client;
use crate::ui::dialogs::field;
use crate::ui::page::Dialog;
use crate::ui::parts::browser::is_ticked;
use crate::ui::parts::el::{El, IntoView, View, button, div, fieldset, form, h3, input, label, legend, p, span};
use crate::ui::parts::live::{act, live};
use crate::ui::parts::state::State;
use crate::ui::{room_words as words, words as common};

/// Shows a group chat.
pub(crate) fn details(client: Client, address: BareJid) -> View {
    let picture = super::picture::picture(client, address.clone());
    let (shown, about, deeds) = (address.clone(), address.clone(), address.clone());
    let head = live(move || head(client, &shown));
    // The fields stay as they are while people come and go.
    let rights = State::following(move || {
        let room = client.room(&about)?;
        Some((room.may_set_subject(), room.phase == Phase::Joined, room.subject.clone(), room.nick.clone()))
    });
    let whose = address.clone();
    let fields = live(move || {
        let (may, joined, subject, nick) = rights.get()?;
        let subject = subject.map(|subject| subject.text).unwrap_or_default();
        let nick = joined.then(|| nickname(client, whose.clone(), nick));
        Some((topic(client, whose.clone(), subject, may && joined), nick).into_view())
    });
    let ways = live(move || client.room(&deeds).map(|room| ways(client, &room)));
    div()
        .class("details")
        .attr("data-testid", "room-details")
        .child((head, picture, fields, notify(client, address.clone()), keeping(client, address), ways))
        .into_view()
}

fn head(client: Client, address: &BareJid) -> View {
    let name = client.name(address);
    let room = client.room(address);
    let mut facts = room.as_deref().map_or(words::GROUP_CHAT, kind).to_owned();
    if let Some(people) = people(client, address) {
        facts.push_str(" · ");
        facts.push_str(&people);
    }
    let state = room.as_deref().and_then(|room| match &room.phase {
        Phase::Refused(why) => Some(rooms::why(why)),
        Phase::Left => Some(words::LEFT.to_owned()),
        _ => None,
    });
    let described = room.as_deref().and_then(|room| room.description.as_deref());
    let open = room.as_deref().and_then(super::gives_away);
    let open = open.map(|open| p().class("help").attr("data-testid", "room-open").child(open));
    let profile = div().class("profile").child((
        face(client, address, &name),
        span().class("lines").child((
            span().class("name").attr("dir", "auto").child(text::name(&name)),
            span().class("address").attr("dir", "auto").child(address.to_string()),
            span().class("line").attr("data-testid", "room-facts").child(facts),
        )),
    ));
    (
        profile,
        open,
        state.map(|state| p().class("said").attr("dir", "auto").child(state)),
        described.map(|said| p().class("said").attr("dir", "auto").child(said.chars().take(500).collect::<String>())),
    )
        .into_view()
}

/// A field with the button that saves it.
fn saved(
    title: &'static str,
    hook: &'static str,
    save: &'static str,
    text: State<String>,
    go: impl Fn(String) + 'static,
) -> View {
    let submit = act(move |event: SubmitEvent| {
        event.prevent_default();
        go(text.get_untracked().trim().to_owned());
    });
    let button = button().class("button").attr("type", "submit").attr("data-testid", save).child(common::SAVE);
    form().class("form saved").on("submit", submit).child((field(title, hook, "", None, text), button)).into_view()
}

fn topic(client: Client, room: BareJid, subject: String, may: bool) -> View {
    if !may {
        let shown = if subject.is_empty() { words::NO_TOPIC.to_owned() } else { subject };
        return (h3().child(words::TOPIC), p().class("said").attr("dir", "auto").child(shown)).into_view();
    }
    saved(words::TOPIC, "room-subject", "room-subject-save", State::new(subject), move |text| {
        client.order(RoomOrder::SetSubject { room: room.clone(), text });
    })
}

fn nickname(client: Client, room: BareJid, nick: String) -> View {
    saved(words::NICK_HERE, "room-nick", "room-nick-save", State::new(nick), move |nick| {
        if !nick.is_empty() {
            client.order(RoomOrder::SetNick { room: room.clone(), nick });
        }
    })
}

/// Of what the user wants to hear.
fn notify(client: Client, room: BareJid) -> View {
    let choices = [
        (Notify::All, "notify-all", words::NOTIFY_ALL),
        (Notify::Mentions, "notify-mentions", words::NOTIFY_MENTIONS),
        (Notify::Nothing, "notify-none", words::NOTIFY_NONE),
    ];
    let tabs: Vec<View> = choices
        .into_iter()
        .map(|(notify, hook, words)| {
            let (shown, set) = (room.clone(), room.clone());
            let chosen = move || client.conversation(&shown).and_then(|one| one.room) == Some(notify);
            button()
                .class("tab")
                .attr("type", "button")
                .attr("data-testid", hook)
                .attr("aria-pressed", live(move || if chosen() { "true" } else { "false" }))
                .click(move || client.order(RoomOrder::SetNotify { room: set.clone(), notify }))
                .child(words)
                .into_view()
        })
        .collect();
    fieldset().class("themes").child((legend().child(words::NOTIFY), div().class("segments").child(tabs))).into_view()
}

/// Whether it stays on top here, and whether all devices go in by themselves.
fn keeping(client: Client, room: BareJid) -> View {
    let check = |hook: &'static str, words: &'static str, is: Box<dyn Fn() -> bool>, set: Box<dyn Fn(bool)>| {
        let tick = input()
            .attr("type", "checkbox")
            .attr("data-testid", hook)
            .prop("checked", live(is))
            .on("change", act(move |event: Event| set(is_ticked(&event))));
        label().class("check").child((tick, span().child(words)))
    };
    let (joins, pinned, arranged) = (room.clone(), room.clone(), room.clone());
    let autojoin = Box::new(move || client.room(&joins).is_some_and(|room| room.bookmark == Some(true)));
    let set = Box::new(move |autojoin| {
        let known = client.room(&room);
        let new = || Bookmark {
            room: room.clone(),
            name: known.as_ref().and_then(|known| known.name.clone()),
            nick: known.as_ref().map(|known| known.nick.clone()),
            password: None,
            autojoin,
        };
        let bookmark = client.bookmark(&room).map_or_else(new, |known| Bookmark { autojoin, ..known });
        client.order(RoomOrder::SetBookmark(bookmark));
    });
    let is_pinned = Box::new(move || client.conversation(&pinned).is_some_and(|one| one.pinned));
    let pin = Box::new(move |is| client.send(Command::Arrange(arranged.clone(), Arrange::Pin(is))));
    div()
        .class("checks")
        .child((check("room-autojoin", words::AUTOJOIN, autojoin, set), check("room-pin", common::PIN, is_pinned, pin)))
        .into_view()
}

/// What can be done, by what the user may.
fn ways(client: Client, room: &Room) -> View {
    let page = client.page();
    let joined = room.phase == Phase::Joined;
    let way = |hook: &'static str, class: &'static str, label: &'static str| {
        button().class(class).attr("type", "button").attr("data-testid", hook).child(label)
    };
    let show = |about: RoomDialog| move || page.dialog.set(Some(Dialog::Room(about.clone())));
    let at = || room.address.clone();
    let decides = room.affiliation >= Affiliation::Admin;
    let owns = room.affiliation == Affiliation::Owner;
    let may_invite =
        joined && (!room.traits.members_only || room.traits.members_invite || decides || room.role == Role::Moderator);
    let mut ways: Vec<El> = Vec::new();
    if may_invite {
        ways.push(way("room-invite", "button", words::INVITE).click(show(RoomDialog::Invite(at()))));
    }
    if joined && (decides || room.affiliation == Affiliation::Member) {
        ways.push(way("room-members", "button", words::LISTS).click(show(RoomDialog::Members(at()))));
    }
    if joined && owns {
        ways.push(way("room-settings-open", "button", words::SETTINGS).click(show(RoomDialog::Settings(at()))));
    }
    let left = at();
    let leave = move || {
        client.order(RoomOrder::Leave(left.clone()));
        page.close_dialog();
    };
    let entered = at();
    let enter = move || {
        page.close_dialog();
        super::join(client, &entered, None, None);
    };
    let last = match room.phase {
        Phase::Joined | Phase::Joining => way("room-leave", "button danger", words::LEAVE).click(leave),
        _ => way("room-join", "button primary", words::JOIN).click(enter),
    };
    let destroy = (joined && owns)
        .then(|| way("room-destroy", "button danger", words::DESTROY).click(show(RoomDialog::Destroy(at()))));
    (div().class("room-ways").child(ways), div().class("feet").child((destroy, last))).into_view()
}
