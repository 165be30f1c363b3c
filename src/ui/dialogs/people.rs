//! Adding, changing and removing a contact.

use super::{complaint, feet, field};
use crate::engine::command::Command;
use crate::jid::BareJid;
use crate::present::text;
use crate::ui::client::Client;
use crate::ui::contacts::open_chat;
use crate::ui::parts::el::{IntoView, View, form, p};
use crate::ui::parts::live::act;
use crate::ui::parts::state::State;
use crate::ui::words;
use web_sys::SubmitEvent;

/// Adds a contact.
pub(super) fn add(client: Client, address: Option<BareJid>) -> View {
    let page = client.page();
    let typed = State::new(address.map(|address| address.to_string()).unwrap_or_default());
    let name = State::new(String::new());
    let groups = State::new(String::new());
    let problem = State::new(None);
    let submit = act(move |event: SubmitEvent| {
        event.prevent_default();
        match client.read_address(&typed.get_untracked()) {
            Ok(address) if address.local().is_some() => {
                client.send(Command::AddContact {
                    address: address.clone(),
                    name: read_name(&name.get_untracked()),
                    groups: read_groups(&groups.get_untracked()),
                });
                page.close_dialog();
                open_chat(client, &address);
            }
            _ => problem.set(Some(words::ADDRESS_WRONG)),
        }
    });
    form()
        .class("form")
        .on("submit", submit)
        .child((
            field(words::ADDRESS, "add-contact-address", "name@example.org", None, typed),
            field(words::NAME, "add-contact-name", "", Some(words::NAME_HINT), name),
            field(words::GROUPS, "add-contact-groups", "", Some(words::GROUPS_HINT), groups),
            complaint(problem),
            (
                feet(client, words::ADD_CONTACT, "add-contact-submit", "button primary"),
                super::invitation::offer(client),
            ),
        ))
        .into_view()
}

/// Changes the name and the groups of a contact.
pub(super) fn edit(client: Client, address: &BareJid) -> View {
    let page = client.page();
    let contact = client.contact(address);
    let name = State::new(contact.as_ref().and_then(|contact| contact.name.clone()).unwrap_or_default());
    let groups = State::new(contact.map(|contact| contact.groups.join(", ")).unwrap_or_default());
    let edited = address.clone();
    let submit = act(move |event: SubmitEvent| {
        event.prevent_default();
        client.send(Command::EditContact {
            address: edited.clone(),
            name: read_name(&name.get_untracked()),
            groups: read_groups(&groups.get_untracked()),
        });
        page.close_dialog();
    });
    form()
        .class("form")
        .on("submit", submit)
        .child((
            p().class("address").attr("dir", "auto").child(address.to_string()),
            field(words::NAME, "edit-name", "", Some(words::NAME_HINT), name),
            field(words::GROUPS, "edit-groups", "", Some(words::GROUPS_HINT), groups),
            feet(client, words::SAVE, "edit-submit", "button primary"),
        ))
        .into_view()
}

/// Asks before a contact is removed.
pub(super) fn remove(client: Client, address: BareJid) -> View {
    let page = client.page();
    let question = format!("Remove {} from your contacts?", text::name(&client.name(&address)));
    let submit = act(move |event: SubmitEvent| {
        event.prevent_default();
        client.send(Command::RemoveContact(address.clone()));
        page.close_dialog();
    });
    form()
        .class("form")
        .on("submit", submit)
        .child((
            p().attr("dir", "auto").child(question),
            p().class("help").child(words::REMOVE_HINT),
            feet(client, words::REMOVE, "remove-confirm", "button danger"),
        ))
        .into_view()
}

fn read_name(text: &str) -> Option<String> {
    let name = text.trim();
    (!name.is_empty()).then(|| name.to_owned())
}

fn read_groups(text: &str) -> Vec<String> {
    let mut groups: Vec<String> = Vec::new();
    for group in text.split(',').map(str::trim).filter(|group| !group.is_empty()) {
        if !groups.iter().any(|known| known == group) {
            groups.push(group.to_owned());
        }
    }
    groups
}
