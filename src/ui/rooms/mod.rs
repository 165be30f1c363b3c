//! Group chats beside the conversation itself: how they look in lists, who is there, and the dialogs about them.

mod begin;
mod choose;
mod deed;
mod details;
mod find;
mod invitations;
mod members;
mod panel;
mod picture;
mod settings;

pub(crate) use deed::voice_ways;
pub(crate) use details::details;
pub(crate) use invitations::invitations;
pub(crate) use panel::{hats, panel};

use super::client::Client;
use super::contacts::badge;
use super::page::Dialog;
use super::parts::avatar::{avatar, group_sign, presence_dot, seen};
use super::parts::dialog::modal;
use super::parts::el::{IntoView, View, button, div, span};
use super::parts::icon::{Icon, PEOPLE, SEARCH, icon};
use super::room_words as words;
use crate::domain::conversation::{Conversation, Notify};
use crate::domain::room::{Affiliation, Phase, Room};
use crate::domain::timeline::MessageKey;
use crate::engine::rooms::RoomOrder;
use crate::jid::BareJid;
use crate::present::participants::Deed;
use crate::present::{rooms, text};

/// A dialog about group chats.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RoomDialog {
    /// Make one.
    New,
    /// Find one.
    Find,
    /// Invite people to one.
    Invite(BareJid),
    /// Who belongs to one, and who is banned.
    Members(BareJid),
    /// The form that sets one up.
    Settings(BareJid),
    /// Really destroy one?
    Destroy(BareJid),
    /// Really do this about a participant, and why?
    Deed(BareJid, u64, Deed),
    /// Really take the message of somebody away, and why?
    Remove(BareJid, MessageKey),
}

/// Shows a dialog about group chats.
pub(crate) fn dialog(client: Client, about: RoomDialog) -> View {
    let page = client.page();
    let close = move || page.close_dialog();
    match about {
        RoomDialog::New => modal("dialog", words::NEW, close, begin::new(client)),
        RoomDialog::Find => modal("dialog", words::FIND, close, find::find(client)),
        RoomDialog::Invite(room) => modal("dialog", words::INVITE, close, begin::invite(client, room)),
        RoomDialog::Members(room) => modal("dialog", words::LISTS, close, members::members(client, room)),
        RoomDialog::Settings(room) => modal("dialog", words::SETTINGS, close, settings::settings(client, room)),
        RoomDialog::Destroy(room) => modal("dialog", words::DESTROY, close, settings::destroy(client, room)),
        RoomDialog::Deed(room, number, deed) => {
            let title = deed::label(deed);
            modal("dialog", title, close, deed::ask(client, room, number, deed))
        }
        RoomDialog::Remove(room, key) => modal("dialog", words::REMOVE_FOR_ALL, close, deed::remove(client, room, key)),
    }
}

/// The picture of a conversation: of a person with how they are, of a group chat with its sign.
pub(crate) fn face(client: Client, peer: &BareJid, name: &str) -> View {
    let picture = avatar(peer, name);
    let face = span().class("face");
    if client.is_room(peer) {
        let shown = client.face(peer).map(|url| seen(&url));
        return face.child((picture.class("avatar many").child(shown), group_sign())).into_view();
    }
    let contact = client.contact(peer).filter(|_| !client.blocked().has(peer));
    face.child((picture, contact.map(|contact| presence_dot(contact.availability())))).into_view()
}

/// How the user stands in a group chat, if that is to be said before what was written there last.
pub(crate) fn standing(client: Client, conversation: &Conversation) -> Option<String> {
    conversation.room?;
    match client.room(&conversation.peer)?.phase {
        Phase::Joined => None,
        Phase::Joining => Some(words::JOINING.to_owned()),
        Phase::Left => Some(words::LEFT.to_owned()),
        Phase::Refused(ref why) => Some(rooms::why(why)),
    }
}

/// What a group chat is about: its topic, or what it says about itself.
pub(crate) fn about(client: Client, room: &BareJid) -> Option<String> {
    let room = client.room(room)?;
    let subject = room.subject.as_ref().map(|subject| subject.text.as_str());
    subject.or(room.description.as_deref()).map(text::name)
}

/// How many people are in a group chat, in words.
pub(crate) fn people(client: Client, room: &BareJid) -> Option<String> {
    match client.with_people(room, |people| people.len())? {
        0 => None,
        1 => Some("1 participant".to_owned()),
        many => Some(format!("{many} participants")),
    }
}

/// How a kind of group chat is called, as far as that is known.
pub(crate) const fn kind(room: &Room) -> &'static str {
    use crate::domain::room::RoomKind::{PrivateGroup, PublicChannel};
    match room.kind() {
        _ if !room.traits.known => words::GROUP_CHAT,
        PrivateGroup => words::PRIVATE_GROUP,
        PublicChannel => words::CHANNEL,
    }
}

/// How those are called who belong to it in this way.
pub(crate) const fn group(affiliation: Affiliation) -> &'static str {
    match affiliation {
        Affiliation::Owner => words::OWNERS,
        Affiliation::Admin => words::ADMINS,
        Affiliation::Member => words::MEMBERS,
        Affiliation::None => words::GUESTS,
        Affiliation::Outcast => words::BANNED,
    }
}

/// How much is new in a conversation, and whether some of it names the user.
pub(crate) fn badges(conversation: &Conversation) -> View {
    let Some(notify) = conversation.room else { return badge(conversation.unread).into_view() };
    let named = (conversation.mentions > 0).then(|| {
        let mark = span().class("badge named").attr("data-testid", "mentions").attr("title", words::MENTIONED);
        mark.child(("@", span().class("unseen").child(words::MENTIONED)))
    });
    let count = badge(conversation.unread);
    let quiet = span().class(if notify == Notify::All { "loud" } else { "low" });
    (named, count.map(|count| quiet.child(count))).into_view()
}

/// A choice of a dialog: a picture, words, and more words below.
fn choice(hook: &'static str, shape: Icon, label: &'static str, hint: &'static str, go: impl Fn() + 'static) -> View {
    let lines = (span().class("name").child(label), span().class("line").child(hint));
    button()
        .class("person")
        .attr("type", "button")
        .attr("data-testid", hook)
        .click(go)
        .child((span().class("round").child(icon(shape)), span().class("lines").child(lines)))
        .into_view()
}

/// The ways to a group chat, among those to a new conversation.
pub(crate) fn ways_to_begin(client: Client) -> View {
    let page = client.page();
    let show = |about: RoomDialog| move || page.dialog.set(Some(Dialog::Room(about.clone())));
    div()
        .class("ways-to-rooms")
        .child((
            choice("new-room", PEOPLE, words::NEW, words::NEW_HINT, show(RoomDialog::New)),
            choice("find-room", SEARCH, words::FIND, words::FIND_HINT, show(RoomDialog::Find)),
        ))
        .into_view()
}

/// Goes into a group chat and shows it.
pub(crate) fn join(client: Client, room: &BareJid, nick: Option<String>, password: Option<String>) {
    client.order(RoomOrder::Join { room: room.clone(), nick, password });
    enter(client, room);
}

/// Shows a group chat that the user asked to be let into.
fn enter(client: Client, room: &BareJid) {
    client.page().entered.set(Some(room.clone()));
    super::contacts::open_chat(client, room);
}

/// What the user gives away by being in a group chat.
pub(crate) fn gives_away(room: &Room) -> Option<String> {
    let traits = room.traits;
    let seen = if traits.non_anonymous { words::SEES_ALL } else { words::SEES_FEW };
    let kept = if traits.members_only { words::KEPT_FOR_MEMBERS } else { words::KEPT_FOR_ALL };
    traits.known.then(|| if traits.logged { format!("{seen} {kept}") } else { seen.to_owned() })
}

/// What was typed, if it is more than spaces.
fn typed(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}
