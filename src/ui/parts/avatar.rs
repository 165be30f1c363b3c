//! The picture of a person: letters on the person's colour, with a mark that says whether they are there.

use leptos::html::span;
use leptos::prelude::*;

use crate::domain::presence::Availability;
use crate::jid::BareJid;
use crate::present::colour::{hue, initials};
use crate::present::wording;

/// The picture of an address.
pub(crate) fn avatar(address: &BareJid, name: &str) -> AnyView {
    span()
        .class("avatar")
        .style(("--hue", hue(address).to_string()))
        .attr("aria-hidden", "true")
        .child(initials(&crate::present::text::name(name)))
        .into_any()
}

/// The mark of an availability: its shape tells it apart without its colour. The word is there for who cannot see it.
pub(crate) fn presence_dot(availability: Availability) -> AnyView {
    span()
        .class("dot")
        .attr("data-presence", availability.name())
        .child(span().class("unseen").child(wording::availability(availability)))
        .into_any()
}
