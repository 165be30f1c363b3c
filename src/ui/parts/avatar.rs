//! The picture of a person: letters on the person's colour, with a mark that says whether they are there.

use web_sys::{Element, Event};

use crate::domain::presence::Availability;
use crate::jid::BareJid;
use crate::present::colour::{hue, initials};
use crate::present::wording;
use crate::ui::parts::el::{El, img, span};
use crate::ui::parts::icon::{PEOPLE, icon};
use crate::ui::parts::live::act;

/// The picture of an address.
pub(crate) fn avatar(address: &BareJid, name: &str) -> El {
    picture(address.as_str(), name)
}

/// The picture of a participant of a group chat.
pub(crate) fn nick_avatar(nick: &str) -> El {
    picture(nick, nick)
}

fn picture(coloured_by: &str, name: &str) -> El {
    coloured(span().class("avatar"), coloured_by)
        .attr("aria-hidden", "true")
        .child(initials(&crate::present::text::name(name)))
}

/// A picture over the letters; they show again if it cannot be drawn.
pub(crate) fn seen(url: &str) -> El {
    let picture = img().attr("alt", "").attr("draggable", "false");
    let node: Element = picture.node();
    picture.on("error", act(move |_: Event| node.remove())).attr("src", url)
}

/// Gives something the colour of a person or a nickname.
pub(crate) fn coloured(element: El, name: &str) -> El {
    element.style("--hue", &hue(name).to_string())
}

/// The mark of a group chat, where people have their availability.
pub(crate) fn group_sign() -> El {
    span().class("group-sign").child(icon(PEOPLE))
}

/// The mark of an availability: its shape tells it apart without its colour. The word is there for who cannot see it.
pub(crate) fn presence_dot(availability: Availability) -> El {
    span()
        .class("dot")
        .attr("data-presence", availability.name())
        .child(span().class("unseen").child(wording::availability(availability)))
}
