//! Beginning a conversation: with any address, or with a contact found by name.

use super::{complaint, feet, field};
use crate::domain::fold::fold;
use crate::jid::BareJid;
use crate::present::text;
use crate::ui::client::Client;
use crate::ui::contacts::open_chat;
use crate::ui::parts::avatar::{avatar, presence_dot};
use crate::ui::parts::el::{IntoView, View, button, div, form, span};
use crate::ui::parts::live::{act, live};
use crate::ui::parts::state::State;
use crate::ui::words;
use web_sys::SubmitEvent;

/// Contacts that are offered at most.
const OFFERED: usize = 5;

/// Asks for an address.
pub(super) fn new_chat(client: Client) -> View {
    let page = client.page();
    let typed = State::new(String::new());
    let problem = State::new(None);
    let begin = move |peer: &BareJid| {
        page.close_dialog();
        open_chat(client, peer);
    };
    let submit = act(move |event: SubmitEvent| {
        event.prevent_default();
        let text = typed.get_untracked();
        match client.read_address(text.trim()) {
            Ok(peer) if peer.local().is_some() => begin(&peer),
            // A name that only one contact has is as good as an address.
            _ => match &found(client, &text)[..] {
                [one] => begin(one),
                _ => problem.set(Some(words::ADDRESS_WRONG)),
            },
        }
    });
    let offers = live(move || {
        let found = found(client, &typed.get());
        found.into_iter().map(|peer| offer(client, peer, begin)).collect::<Vec<View>>()
    });
    form()
        .class("form")
        .on("submit", submit)
        .child((
            field(words::ADDRESS, "new-chat-address", "name@example.org", Some(words::NEW_CHAT_HINT), typed),
            div().class("offers").attr("aria-live", "polite").child(offers),
            complaint(problem),
            feet(client, words::START_CHAT, "new-chat-submit", "button primary"),
            crate::ui::rooms::ways_to_begin(client),
        ))
        .into_view()
}

/// The contacts whose name or address has what was typed.
pub(crate) fn found(client: Client, typed: &str) -> Vec<BareJid> {
    let sought = fold(typed.trim());
    if sought.is_empty() {
        return Vec::new();
    }
    client.with_contacts(|entries| {
        let fits =
            entries.filter(|entry| entry.folded.contains(&sought) || entry.contact.address.as_str().contains(&sought));
        fits.take(OFFERED).map(|entry| entry.contact.address.clone()).collect()
    })
}

fn offer(client: Client, peer: BareJid, begin: impl Fn(&BareJid) + Copy + 'static) -> View {
    let name = client.name(&peer);
    let dot = client.contact(&peer).map(|contact| presence_dot(contact.availability()));
    let address = peer.to_string();
    button()
        .class("person")
        .attr("type", "button")
        .attr("data-testid", "offer")
        .attr("data-jid", peer.to_string())
        .child((
            span().class("face").child((avatar(&peer, &name), dot)),
            span().class("lines").child((
                span().class("name").attr("dir", "auto").child(text::name(&name)),
                span().class("line").attr("dir", "auto").child(address),
            )),
        ))
        .click(move || begin(&peer))
        .into_view()
}
