//! Making a group chat, and inviting people to one.

use web_sys::{Event, SubmitEvent};

use super::choose::Chosen;
use super::typed;
use crate::domain::room::RoomKind;
use crate::engine::rooms::RoomOrder;
use crate::jid::BareJid;
use crate::present::participants::local_part;
use crate::ui::client::Client;
use crate::ui::dialogs::{complaint, feet, field};
use crate::ui::parts::browser::is_ticked;
use crate::ui::parts::el::{IntoView, View, fieldset, form, input, label, legend, p, span};
use crate::ui::parts::live::{act, live, watch};
use crate::ui::parts::state::State;
use crate::ui::room_words as words;

/// Makes a group chat.
pub(super) fn new(client: Client) -> View {
    client.order(RoomOrder::SeekPlace);
    let service = State::following(move || client.room_place().flatten());
    let nowhere = State::following(move || client.room_place() == Some(None));
    let (name, address) = (State::new(String::new()), State::new(String::new()));
    let is_channel = State::new(false);
    let chosen = Chosen::new(client);
    let problem = State::new(None);
    let random = ((js_sys::Math::random() * 1e6) as u64).to_string();
    // Follows the name until somebody writes another address.
    let proposed = State::following(move || {
        let local = name.with(|name| local_part(name));
        let service = service.get()?;
        let local = match local.as_str() {
            "" => return None,
            // Nobody is to find a private group by trying names.
            local if !is_channel.get() => format!("{local}-{random}"),
            local => local.to_owned(),
        };
        Some(format!("{local}@{service}"))
    });
    let filled = State::new(None::<String>);
    watch(move || {
        let proposed = proposed.get();
        if filled.with_untracked(|filled| filled.as_deref().unwrap_or_default() == address.get_untracked()) {
            address.set_if_new(proposed.clone().unwrap_or_default());
            filled.set(proposed);
        }
    });
    let submit = act(move |event: SubmitEvent| {
        event.prevent_default();
        let Some(name) = name.with_untracked(|name| typed(name)) else { return problem.set(Some(words::NAME_MISSING)) };
        let room = client.read_address(address.get_untracked().trim()).ok().filter(|room| room.local().is_some());
        let (Some(room), Some(invite)) = (room, chosen.all()) else { return problem.set(Some(words::ADDRESS_WRONG)) };
        let kind = if is_channel.get_untracked() { RoomKind::PublicChannel } else { RoomKind::PrivateGroup };
        let name = Some(name);
        client.order(RoomOrder::Create { room: room.clone(), nick: None, kind, name, invite });
        client.page().close_dialog();
        super::enter(client, &room);
    });
    let kinds = fieldset().class("kinds").child((
        legend().child(words::KIND),
        kind(is_channel, false, "kind-private", words::PRIVATE_GROUP, words::PRIVATE_HINT),
        kind(is_channel, true, "kind-channel", words::CHANNEL, words::CHANNEL_HINT),
    ));
    // Of a private group nobody needs the address; it is asked for if it cannot be made up.
    let place = live(move || {
        let asked = is_channel.get() || nowhere.get();
        let hint = nowhere.get().then(|| p().class("help").child(words::NO_SERVICE));
        asked.then(|| (hint, field(crate::ui::words::ADDRESS, "room-address", "", Some(words::ADDRESS_HINT), address)))
    });
    form()
        .class("form")
        .on("submit", submit)
        .child((
            field(words::ROOM_NAME, "room-name", "", Some(words::ROOM_NAME_HINT), name),
            kinds,
            place,
            chosen.view(),
            complaint(problem),
            feet(client, words::CREATE, "room-create", "button primary"),
        ))
        .into_view()
}

/// One of the two kinds.
fn kind(state: State<bool>, is: bool, hook: &'static str, title: &'static str, hint: &'static str) -> View {
    let chosen = act(move |event: Event| {
        if is_ticked(&event) {
            state.set(is);
        }
    });
    let choice = input()
        .attr("type", "radio")
        .attr("name", "kind")
        .attr("data-testid", hook)
        .prop("checked", live(move || state.get() == is))
        .on("change", chosen);
    let lines = (span().class("name").child(title), span().class("help").child(hint));
    label().class("check kind").child((choice, span().class("lines").child(lines))).into_view()
}

/// Invites people.
pub(super) fn invite(client: Client, room: BareJid) -> View {
    let chosen = Chosen::new(client);
    let reason = State::new(String::new());
    let problem = State::new(None);
    let submit = act(move |event: SubmitEvent| {
        event.prevent_default();
        match chosen.all().filter(|people| !people.is_empty()) {
            Some(people) => {
                for who in people {
                    let reason = reason.with_untracked(|reason| typed(reason));
                    client.order(RoomOrder::Invite { room: room.clone(), who, reason });
                }
                client.page().close_dialog();
            }
            None => problem.set(Some(crate::ui::words::ADDRESS_WRONG)),
        }
    });
    form()
        .class("form")
        .on("submit", submit)
        .child((
            chosen.view(),
            field(words::REASON, "invite-reason", words::OPTIONAL, None, reason),
            complaint(problem),
            feet(client, words::INVITE, "invite-submit", "button primary"),
        ))
        .into_view()
}
