//! About somebody: address, devices, who sees whom, and what can be done about it.

use crate::domain::contact::{Contact, Subscription};
use crate::engine::command::Command;
use crate::jid::BareJid;
use crate::present::{text, wording};
use crate::ui::client::Client;
use crate::ui::contacts::open_chat;
use crate::ui::page::Dialog;
use crate::ui::parts::avatar::{avatar, presence_dot};
use crate::ui::parts::el::{IntoView, View, button, div, h3, li, p, span, ul};
use crate::ui::parts::live::live;
use crate::ui::words;

/// Shows an address, and the contact if it is one.
pub(super) fn details(client: Client, address: BareJid) -> View {
    let content = live(move || {
        let contact = client.contact(&address);
        let name = contact.as_ref().map_or(address.as_str(), |contact| contact.display_name()).to_owned();
        let head = div().class("profile").child((
            avatar(&address, &name),
            span().class("lines").child((
                span().class("name").attr("dir", "auto").child(text::name(&name)),
                span().class("address").attr("dir", "auto").child(address.to_string()),
            )),
        ));
        let rest = match &contact {
            Some(contact) => known(client, contact),
            None => stranger(client, &address),
        };
        Some((head, rest).into_view())
    });
    div().class("details").attr("data-testid", "details").child(content).into_view()
}

fn stranger(client: Client, address: &BareJid) -> View {
    let page = client.page();
    let added = address.clone();
    let add = move || page.dialog.set(Some(Dialog::Add(Some(added.clone()))));
    (
        p().class("help").child(words::NOT_A_CONTACT),
        div().class("feet").child(
            button()
                .class("button primary")
                .attr("type", "button")
                .attr("data-testid", "details-add")
                .click(add)
                .child(words::ADD_CONTACT),
        ),
    )
        .into_view()
}

fn known(client: Client, contact: &Contact) -> View {
    let page = client.page();
    let devices: Vec<View> = contact
        .devices
        .iter()
        .take(20)
        .map(|device| {
            let status = device
                .status
                .as_deref()
                .map(|status| span().class("line").attr("dir", "auto").child(text::name(status)));
            li().attr("data-testid", "device")
                .child((
                    presence_dot(device.availability),
                    span().class("lines").child((
                        span().class("name").attr("dir", "auto").child(text::name(&device.resource)),
                        span().class("line").child(wording::availability(device.availability)),
                        status,
                    )),
                ))
                .into_view()
        })
        .collect();
    let shown = if devices.is_empty() {
        p().class("help").child(words::NO_DEVICES).into_view()
    } else {
        ul().class("devices").child(devices).into_view()
    };
    let groups = (!contact.groups.is_empty()).then(|| {
        let tags: Vec<View> = contact
            .groups
            .iter()
            .take(50)
            .map(|group| span().class("tag").attr("dir", "auto").child(text::name(group)).into_view())
            .collect();
        div().class("tags").child(tags)
    });
    let address = contact.address.clone();
    let (edited, removed, written) = (address.clone(), address.clone(), address);
    let write = move || {
        page.close_dialog();
        open_chat(client, &written);
    };
    (
        groups,
        h3().child(words::DEVICES),
        shown,
        sight(client, contact),
        div().class("feet").child((
            button()
                .class("button danger")
                .attr("type", "button")
                .attr("data-testid", "remove-contact")
                .click(move || page.dialog.set(Some(Dialog::Remove(removed.clone()))))
                .child(words::REMOVE),
            button()
                .class("button")
                .attr("type", "button")
                .attr("data-testid", "edit-contact")
                .click(move || page.dialog.set(Some(Dialog::Edit(edited.clone()))))
                .child(words::EDIT),
            button().class("button primary").attr("type", "button").click(write).child(words::MESSAGE),
        )),
    )
        .into_view()
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
    div().class("sight").child((p().class("help").child(text), asked, approved, ways)).into_view()
}
