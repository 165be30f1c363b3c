//! Who belongs to a group chat, and who is banned, whether or not they are there.

use web_sys::SubmitEvent;

use super::typed;
use crate::domain::room::{Affiliation, Listed, RoomWish};
use crate::engine::rooms::RoomOrder;
use crate::jid::BareJid;
use crate::present::{rooms, text, wording};
use crate::ui::client::Client;
use crate::ui::dialogs::{complaint, field};
use crate::ui::parts::avatar::avatar;
use crate::ui::parts::el::{IntoView, View, button, div, form, li, p, span, ul};
use crate::ui::parts::live::{act, live, watch};
use crate::ui::parts::state::State;
use crate::ui::{room_words as words, words as common};

/// The lists, in the order in which they are offered.
const LISTS: [(Affiliation, &str); 4] = [
    (Affiliation::Member, "list-members"),
    (Affiliation::Admin, "list-admins"),
    (Affiliation::Owner, "list-owners"),
    (Affiliation::Outcast, "list-banned"),
];

/// More rows than this are not shown at once.
const MOST: usize = 500;

/// Shows the lists, and changes them.
pub(super) fn members(client: Client, room: BareJid) -> View {
    let shown = State::new(0_usize);
    let list = move || LISTS.get(shown.get()).map_or(Affiliation::Member, |(affiliation, _)| *affiliation);
    let asked = room.clone();
    watch(move || client.order(RoomOrder::ListMembers { room: asked.clone(), affiliation: list() }));
    let tabs: Vec<View> = LISTS
        .into_iter()
        .enumerate()
        .map(|(place, (affiliation, hook))| {
            button()
                .class("tab")
                .attr("type", "button")
                .attr("data-testid", hook)
                .attr("aria-pressed", live(move || if shown.get() == place { "true" } else { "false" }))
                .click(move || shown.set(place))
                .child(super::group(affiliation))
                .into_view()
        })
        .collect();
    let whose = room.clone();
    let rows = live(move || {
        let how = list();
        let Some(members) = client.members(&whose, how) else {
            return p().class("help").attr("role", "status").child(words::LOADING).into_view();
        };
        let members = match members {
            Ok(members) => members,
            Err(why) => {
                let words = format!("{} {}", rooms::wish(RoomWish::Members), wording::refusal(&why));
                return p()
                    .class("help")
                    .attr("role", "status")
                    .attr("data-testid", "not-listed")
                    .child(words)
                    .into_view();
            }
        };
        if members.is_empty() {
            return p().class("help").attr("role", "status").child(words::NOBODY_LISTED).into_view();
        }
        let rows: Vec<View> = members.iter().take(MOST).map(|one| row(client, &whose, how, one)).collect();
        ul().class("blocked").child(rows).into_view()
    });
    let (who, problem) = (State::new(String::new()), State::new(None));
    let submit = act(move |event: SubmitEvent| {
        event.prevent_default();
        let address = client.read_address(who.get_untracked().trim()).ok();
        let Some(address) = address.filter(|_| who.with_untracked(|who| typed(who)).is_some()) else {
            return problem.set(Some(common::ADDRESS_WRONG));
        };
        problem.set(None);
        who.set(String::new());
        let list = LISTS.get(shown.get_untracked()).map_or(Affiliation::Member, |list| list.0);
        change(client, &room, address, list, list);
    });
    let add = form().class("form add-member").on("submit", submit).child((
        field(common::ADDRESS, "member-address", "name@example.org", None, who),
        button().class("button").attr("type", "submit").attr("data-testid", "member-add").child(words::ADD),
    ));
    let themes = div().class("themes").child(div().class("segments").child(tabs));
    div().class("details").child((themes, div().class("members").child(rows), add, complaint(problem))).into_view()
}

/// Sets how somebody belongs to it, and asks for the list that is shown anew: answers come in the order of questions.
fn change(client: Client, room: &BareJid, who: BareJid, affiliation: Affiliation, shown: Affiliation) {
    client.order(RoomOrder::SetAffiliation { room: room.clone(), who, affiliation, reason: None });
    client.order(RoomOrder::ListMembers { room: room.clone(), affiliation: shown });
}

fn row(client: Client, room: &BareJid, how: Affiliation, one: &Listed) -> View {
    let name = one.nick.clone().unwrap_or_else(|| client.name(&one.address));
    let (taken, whose) = (one.address.clone(), room.clone());
    let take = move || change(client, &whose, taken.clone(), Affiliation::None, how);
    let reason = one.reason.as_deref().map(|reason| span().class("line").attr("dir", "auto").child(text::name(reason)));
    let address =
        (name != one.address.as_str()).then(|| span().class("line").attr("dir", "auto").child(one.address.to_string()));
    let label = if how == Affiliation::Outcast { common::UNBLOCK } else { words::TAKE_OUT };
    li().attr("data-testid", "member")
        .attr("data-jid", one.address.to_string())
        .child((
            avatar(&one.address, &name),
            span().class("lines").child((
                span().class("name").attr("dir", "auto").child(text::name(&name)),
                address,
                reason,
            )),
            button()
                .class("button")
                .attr("type", "button")
                .attr("data-testid", "member-remove")
                .click(take)
                .child(label),
        ))
        .into_view()
}
