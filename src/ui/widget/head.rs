//! Who is at the other end, above the conversation.

use std::rc::Rc;

use super::{Setup, With, words};
use crate::domain::account::Connection;
use crate::present::{text, wording};
use crate::ui::client::Client;
use crate::ui::parts::el::{IntoView, View, header, span};
use crate::ui::parts::live::live;
use crate::ui::{rooms, words as common};

/// The head of the conversation.
pub(super) fn head(client: Client, setup: Rc<Setup>) -> View {
    let who = live(move || {
        let address = setup.with.address();
        let name = client.name(address);
        let name = match (&setup.with, name == address.as_str()) {
            (With::Person(_), true) => address.local().unwrap_or(address.domain()).to_owned(),
            _ => name,
        };
        let face = rooms::face(client, address, &name);
        let lines = span().class("lines").child((
            span().class("name").attr("dir", "auto").child(text::name(&name)),
            span().class("line").attr("data-testid", "widget-line").child(line(client, &setup.with)),
        ));
        (face, lines).into_view()
    });
    header().class("widget-head").attr("part", "header").child(who).into_view()
}

fn line(client: Client, with: &With) -> String {
    let connection = client.connection();
    if matches!(connection, Connection::Offline) {
        return String::new();
    }
    if !matches!(connection, Connection::Online) {
        return wording::connection(&connection).to_owned();
    }
    match with {
        With::Room(room) => rooms::people(client, room).unwrap_or_else(|| words::GROUP.to_owned()),
        With::Person(peer) if client.is_writing(peer) => common::WRITING.to_owned(),
        With::Desk(..) => words::CONNECTED.to_owned(),
        With::Person(peer) => match client.contact(peer).map(|contact| contact.availability()) {
            Some(availability) => wording::availability(availability).to_owned(),
            None => words::CONNECTED.to_owned(),
        },
    }
}
