//! What is done about participants and their messages, with a reason where it is grave.

use std::rc::Rc;

use web_sys::{Element, SubmitEvent};

use super::{RoomDialog, typed};
use crate::domain::room::RoomNews;
use crate::domain::room::{Affiliation, Author, Occupant, Role};
use crate::domain::timeline::MessageKey;
use crate::engine::change::Notice;
use crate::engine::rooms::RoomOrder;
use crate::jid::BareJid;
use crate::present::participants::{Deed, deeds};
use crate::present::text;
use crate::ui::client::Client;
use crate::ui::contacts::open_chat;
use crate::ui::dialogs::{feet, field};
use crate::ui::page::Dialog;
use crate::ui::parts::browser::is_narrow;
use crate::ui::parts::el::{IntoView, View, button, form, p, span};
use crate::ui::parts::icon::{BACK, CHATS, HAND, Icon, LID, LOCK, PEN, PEOPLE, PIN};
use crate::ui::parts::live::act;
use crate::ui::parts::menu::{self, Choice};
use crate::ui::parts::state::State;
use crate::ui::room_words as words;

/// How a deed is called.
pub(super) const fn label(deed: Deed) -> &'static str {
    match deed {
        Deed::Write => words::WRITE,
        Deed::Whisper => words::WHISPER,
        Deed::Mention => words::MENTION,
        Deed::Voice => words::LET_SPEAK,
        Deed::Silence => words::SILENCE,
        Deed::Make(Affiliation::Owner) => words::MAKE_OWNER,
        Deed::Make(Affiliation::Admin) => words::MAKE_ADMIN,
        Deed::Make(Affiliation::Member) => words::MAKE_MEMBER,
        Deed::Make(_) => words::MAKE_GUEST,
        Deed::PutOut => words::PUT_OUT,
        Deed::Ban => words::BAN,
    }
}

/// Its picture, the stable name of its place in a menu, and whether it takes something away.
const fn look(deed: Deed) -> (Icon, &'static str, bool) {
    match deed {
        Deed::Write => (CHATS, "person-write", false),
        Deed::Whisper => (LOCK, "person-whisper", false),
        Deed::Mention => (PEN, "person-mention", false),
        Deed::Voice => (CHATS, "person-voice", false),
        Deed::Silence => (LID, "person-silence", false),
        Deed::Make(Affiliation::Owner) => (PIN, "person-owner", false),
        Deed::Make(Affiliation::Admin) => (PIN, "person-admin", false),
        Deed::Make(Affiliation::Member) => (PEOPLE, "person-member", false),
        Deed::Make(_) => (PEOPLE, "person-guest", false),
        Deed::PutOut => (BACK, "person-put-out", true),
        Deed::Ban => (HAND, "person-ban", true),
    }
}

/// Opens the menu of a participant.
pub(super) fn open_menu(client: Client, room: &BareJid, them: &Occupant, beside: &Element) {
    let Some(known) = client.room(room) else { return };
    let choices: Vec<Choice> = deeds(&known, them)
        .into_iter()
        .map(|deed| {
            let (icon, hook, grave) = look(deed);
            let (room, them) = (room.clone(), them.clone());
            Choice { hook, icon, label: label(deed), grave, act: Box::new(move || begin(client, &room, &them, deed)) }
        })
        .collect();
    let about = span().class("popup-title").child((
        span().class("name").attr("dir", "auto").child(text::name(&them.nick)),
        them.address.as_ref().map(|address| span().class("address").attr("dir", "auto").child(address.to_string())),
    ));
    menu::open(words::PERSON, beside, Some(about.into_view()), choices);
}

fn begin(client: Client, room: &BareJid, them: &Occupant, deed: Deed) {
    let page = client.page();
    // On a small screen the list covers where it goes on.
    if is_narrow() && matches!(deed, Deed::Write | Deed::Whisper | Deed::Mention) {
        page.participants.set(false);
    }
    match deed {
        Deed::Write => {
            if let Some(address) = &them.address {
                open_chat(client, address);
            }
        }
        Deed::Whisper => crate::ui::chat::private::set(client, room, Some(Rc::new(Author::of(them)))),
        Deed::Mention => page.named.set(Some(them.nick.to_string())),
        Deed::PutOut | Deed::Ban | Deed::Make(Affiliation::Owner) => {
            page.dialog.set(Some(Dialog::Room(RoomDialog::Deed(room.clone(), them.number, deed))));
        }
        _ => order(client, room, them, deed, None),
    }
}

fn order(client: Client, room: &BareJid, them: &Occupant, deed: Deed, reason: Option<String>) {
    let (room, nick) = (room.clone(), them.nick.to_string());
    let role = |room, role| RoomOrder::SetRole { room, nick, role, reason: reason.clone() };
    let affiliation = |room, affiliation| {
        let who = them.address.clone()?;
        Some(RoomOrder::SetAffiliation { room, who, affiliation, reason: reason.clone() })
    };
    let order = match deed {
        Deed::Write | Deed::Whisper | Deed::Mention => None,
        Deed::Voice => Some(role(room, Role::Participant)),
        Deed::Silence => Some(role(room, Role::Visitor)),
        Deed::PutOut => Some(role(room, Role::None)),
        Deed::Make(how) => affiliation(room, how),
        Deed::Ban => affiliation(room, Affiliation::Outcast),
    };
    if let Some(order) = order {
        client.order(order);
    }
}

/// Asks before somebody is put out, banned or made an owner.
pub(super) fn ask(client: Client, room: BareJid, number: u64, deed: Deed) -> View {
    let Some(them) = client.occupant(&room, number) else { return p().child(words::NOBODY).into_view() };
    let reason = State::new(String::new());
    let hint = match deed {
        Deed::Ban => words::BAN_HINT,
        Deed::PutOut => words::PUT_OUT_HINT,
        _ => words::OWNER_HINT,
    };
    let question = format!("{}: {}?", label(deed), text::name(&them.nick));
    let submit = act(move |event: SubmitEvent| {
        event.prevent_default();
        order(client, &room, &them, deed, reason.with_untracked(|reason| typed(reason)));
        client.page().close_dialog();
    });
    with_reason(client, question, hint, reason, label(deed)).on("submit", submit).into_view()
}

/// Asks before the message of somebody is taken away.
pub(super) fn remove(client: Client, room: BareJid, key: MessageKey) -> View {
    let Some(message) = client.message(&room, key) else { return View::NONE };
    let reason = State::new(String::new());
    let who = message.author.as_ref().map(|author| text::name(&author.nick)).unwrap_or_default();
    let said = message.body.text().map(|text| text.chars().take(200).collect::<String>()).unwrap_or_default();
    let submit = act(move |event: SubmitEvent| {
        event.prevent_default();
        let reason = reason.with_untracked(|reason| typed(reason));
        client.order(RoomOrder::Moderate { room: room.clone(), key, reason });
        client.page().close_dialog();
    });
    let question = format!("{who}: “{said}”");
    with_reason(client, question, words::REMOVE_HINT, reason, words::REMOVE_FOR_ALL).on("submit", submit).into_view()
}

fn with_reason(
    client: Client,
    question: String,
    hint: &'static str,
    reason: State<String>,
    deed: &'static str,
) -> crate::ui::parts::el::El {
    form().class("form").child((
        p().class("question").attr("dir", "auto").child(question),
        p().class("help").child(hint),
        field(words::REASON, "reason", "", Some(words::REASON_HINT), reason),
        feet(client, deed, "deed-confirm", "button danger"),
    ))
}

/// The two answers to somebody who asks to be allowed to write, if a notice is about that.
pub(crate) fn voice_ways(client: Client, notice: &Notice) -> Option<View> {
    let Notice::Room(room, RoomNews::WantsVoice { nick, .. }) = notice else { return None };
    let way = |hook: &'static str, label: &'static str, allow: bool| {
        let (room, nick) = (room.clone(), nick.clone());
        let answer = move || client.order(RoomOrder::AnswerVoice { room: room.clone(), nick: nick.clone(), allow });
        button().class("link").attr("type", "button").attr("data-testid", hook).click(answer).child(label)
    };
    Some((way("voice-allow", words::ALLOW, true), way("voice-refuse", words::REFUSE, false)).into_view())
}
