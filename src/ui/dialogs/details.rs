//! About somebody: address, devices, who sees whom, and what can be done about it.

use crate::domain::contact::{Contact, Subscription};
use crate::domain::conversation::Arrange;
use crate::engine::command::Command;
use crate::jid::BareJid;
use crate::present::{text, wording};
use crate::ui::client::Client;
use crate::ui::contacts::open_chat;
use crate::ui::page::Dialog;
use crate::ui::parts::avatar::{avatar, presence_dot};
use crate::ui::parts::browser::is_ticked;
use crate::ui::parts::el::{IntoView, View, button, div, h3, input, label, p, span};
use crate::ui::parts::icon::{HAND, icon};
use crate::ui::parts::live::{act, live};
use crate::ui::words;
use web_sys::Event;

/// Shows an address, and the contact if it is one.
pub(super) fn details(client: Client, address: BareJid) -> View {
    if client.is_room(&address) {
        return crate::ui::rooms::details(client, address);
    }
    client.send(Command::LookUp(address.clone()));
    let (who, conversation) = (address.clone(), address.clone());
    let content = live(move || {
        let contact = client.contact(&address);
        let rest = match &contact {
            Some(contact) => known(client, contact),
            None => stranger(client, &address),
        };
        Some((head(client, &address, contact.as_deref()), rest).into_view())
    });
    div()
        .class("details")
        .attr("data-testid", "details")
        .child((content, arrangement(client, conversation), feet(client, who)))
        .into_view()
}

/// Who it is, and how they are.
fn head(client: Client, address: &BareJid, contact: Option<&Contact>) -> View {
    let name = contact.map_or(address.as_str(), |contact| contact.display_name()).to_owned();
    let dot = contact.map(|contact| presence_dot(contact.availability()));
    let called = contact.filter(|contact| contact.name.is_some()).and_then(|contact| contact.nickname.as_deref());
    let called = called.map(text::name).filter(|called| *called != text::name(&name)).map(|called| {
        span()
            .class("line")
            .attr("data-testid", "nickname-of")
            .attr("dir", "auto")
            .child(format!("{} {called}", words::CALLED))
    });
    let state = contact.map(|contact| {
        let mut state = wording::availability(contact.availability()).to_owned();
        if let Some(since) = contact.idle_since() {
            state.push_str(" · ");
            state.push_str(&client.page().last_seen(since));
        }
        span().class("line").attr("data-testid", "state").child(state)
    });
    let profile = div().class("profile").child((
        span().class("face").child((avatar(address, &name), dot)),
        span().class("lines").child((
            span().class("name").attr("dir", "auto").child(text::name(&name)),
            span().class("address").attr("dir", "auto").child(address.to_string()),
            called,
            state,
        )),
    ));
    let status = contact.and_then(Contact::status);
    let status = status.map(|status| p().class("said").attr("dir", "auto").child(text::name(status)));
    let blocked = client
        .blocked()
        .has(address)
        .then(|| p().class("fact").attr("data-testid", "is-blocked").child((icon(HAND), words::BLOCKED_NOTE)));
    (profile, status, blocked).into_view()
}

fn stranger(client: Client, address: &BareJid) -> View {
    let page = client.page();
    let added = address.clone();
    let add = move || page.dialog.set(Some(Dialog::Add(Some(added.clone()))));
    div()
        .class("sight")
        .child((
            p().class("help").child(words::NOT_A_CONTACT),
            button()
                .class("button primary")
                .attr("type", "button")
                .attr("data-testid", "details-add")
                .click(add)
                .child(words::ADD_CONTACT),
        ))
        .into_view()
}

fn known(client: Client, contact: &Contact) -> View {
    let groups = (!contact.groups.is_empty()).then(|| {
        let tag = |group: &String| span().class("tag").attr("dir", "auto").child(text::name(group)).into_view();
        let tags: Vec<View> = contact.groups.iter().take(50).map(tag).collect();
        (h3().child(words::GROUPS), div().class("tags").child(tags)).into_view()
    });
    (super::devices::local_time(contact), groups, super::devices::devices(contact), sight(client, contact)).into_view()
}

/// How the conversation with them is kept on this device.
fn arrangement(client: Client, peer: BareJid) -> View {
    let choice = |hook: &'static str, words: &'static str, is: fn(bool) -> Arrange, pins: bool| {
        let (shown, arranged) = (peer.clone(), peer.clone());
        let chosen =
            live(move || client.conversation(&shown).is_some_and(|one| if pins { one.pinned } else { one.muted }));
        let change = act(move |event: Event| {
            let peer = arranged.clone();
            client.send(Command::OpenConversation(peer.clone()));
            client.send(Command::Arrange(peer, is(is_ticked(&event))));
        });
        let tick =
            input().attr("type", "checkbox").attr("data-testid", hook).prop("checked", chosen).on("change", change);
        label().class("check").child((tick, span().child(words)))
    };
    div()
        .class("sight")
        .child((
            h3().child(words::ARRANGE),
            div().class("checks").child((
                choice("details-pin", words::PIN, Arrange::Pin, true),
                choice("details-mute", words::MUTE, Arrange::Mute, false),
            )),
            blocking(client, peer.clone()),
        ))
        .into_view()
}

/// Lets nothing of them through, or lets them through again.
fn blocking(client: Client, address: BareJid) -> View {
    live(move || {
        let blocking = client.blocked().blocking(&address);
        let (hook, label, command) = match blocking {
            Some(blocking) => ("details-unblock", words::UNBLOCK, Command::Unblock(blocking)),
            None => ("details-block", words::BLOCK, Command::Block(address.clone())),
        };
        let go = move || client.send(command.clone());
        let way = button().class("link").attr("type", "button").attr("data-testid", hook).click(go).child(label);
        client.abilities().blocking.then_some(way)
    })
    .into_view()
}

/// What can be done.
fn feet(client: Client, address: BareJid) -> View {
    let page = client.page();
    let known = address.clone();
    let ways = live(move || {
        let show = |dialog: Dialog| move || page.dialog.set(Some(dialog.clone()));
        let way = |hook: &'static str, class: &'static str, label: &'static str| {
            button().class(class).attr("type", "button").attr("data-testid", hook).child(label)
        };
        let is_contact = client.contact(&known).is_some();
        let remove = is_contact
            .then(|| way("remove-contact", "button danger", words::REMOVE).click(show(Dialog::Remove(known.clone()))));
        let edit =
            is_contact.then(|| way("edit-contact", "button", words::EDIT).click(show(Dialog::Edit(known.clone()))));
        (remove, edit).into_view()
    });
    let write = move || {
        page.close_dialog();
        open_chat(client, &address);
    };
    let message = button().class("button primary").attr("type", "button").click(write).child(words::MESSAGE);
    div().class("feet").child((ways, message)).into_view()
}

/// Who sees whom, and how to change it.
fn sight(client: Client, contact: &Contact) -> View {
    let mut ways: Vec<View> = Vec::new();
    let mut way = |hook: &'static str, label: &'static str, command: fn(BareJid) -> Command| {
        let address = contact.address.clone();
        let go = move || client.send(command(address.clone()));
        ways.push(
            button().class("link").attr("type", "button").attr("data-testid", hook).click(go).child(label).into_view(),
        );
    };
    if contact.subscription.we_see_them() {
        way("stop-seeing", words::STOP_SEEING, Command::StopSeeing);
    } else {
        way("ask-again", words::ASK, Command::AskForPresence);
        if contact.asked {
            way("take-back", words::TAKE_BACK, Command::StopSeeing);
        }
    }
    if contact.subscription.they_see_us() {
        way("stop-showing", words::STOP_SHOWING, Command::StopShowing);
    } else if client.abilities().pre_approval && !contact.approved {
        way("approve", words::APPROVE, Command::ApproveBeforehand);
    }
    let text = match contact.subscription {
        Subscription::Both => words::SEE_EACH_OTHER,
        Subscription::To => words::WE_SEE,
        Subscription::From => words::THEY_SEE,
        Subscription::None => words::NONE_SEES,
    };
    let asked = (contact.asked && !contact.subscription.we_see_them()).then(|| p().class("help").child(words::ASKED));
    let approved =
        (contact.approved && !contact.subscription.they_see_us()).then(|| p().class("help").child(words::APPROVED));
    let text = (h3().child(words::WHO_SEES), p().class("help").child(text));
    div().class("sight").attr("data-testid", "sight").child((text, asked, approved, ways)).into_view()
}
