//! The picture of a person: letters on the person's colour, with a mark that says whether they are there.

use crate::domain::presence::Availability;
use crate::jid::BareJid;
use crate::present::colour::{hue, initials};
use crate::present::wording;
use crate::ui::parts::el::{El, span};

/// The picture of an address.
pub(crate) fn avatar(address: &BareJid, name: &str) -> El {
    span()
        .class("avatar")
        .style("--hue", &hue(address).to_string())
        .attr("aria-hidden", "true")
        .child(initials(&crate::present::text::name(name)))
}

/// The mark of an availability: its shape tells it apart without its colour. The word is there for who cannot see it.
pub(crate) fn presence_dot(availability: Availability) -> El {
    span()
        .class("dot")
        .attr("data-presence", availability.name())
        .child(span().class("unseen").child(wording::availability(availability)))
}
