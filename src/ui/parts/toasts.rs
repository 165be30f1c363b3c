//! Notices that appear for a while. Screen readers hear them once.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use leptos::reactive::graph::untrack;
use leptos::reactive::owner::Owner;
use web_sys::{Element, Node};

use super::browser::later;
use super::el::{El, IntoView, View, button, div, span};
use super::icon::{CLOSE, icon};
use super::live::watch;
use crate::domain::room::RoomNews;
use crate::engine::change::Notice;
use crate::present::{text, wording};
use crate::ui::client::Client;
use crate::ui::rooms::voice_ways;
use crate::ui::words;

/// How long a notice stays, in milliseconds.
const STAY: i32 = 8_000;

/// More notices than this are never shown at once.
const MOST: usize = 3;

type Shown = Rc<RefCell<VecDeque<(Owner, Element)>>>;

/// The place where notices appear.
pub(crate) fn toasts(client: Client) -> View {
    let place = div().class("toasts").attr("role", "status");
    let shown = Shown::default();
    let parent: Node = place.node();
    // Each notice has an owner of its own, because each goes at its own time.
    let owner = Owner::current().unwrap_or_default();
    watch(move || {
        for notice in client.take_notices() {
            if let Notice::NotKept { peer } | Notice::TextTooLong { peer, .. } = &notice {
                client.page().given_back.set(Some(peer.clone()));
            }
            if let Notice::Room(room, RoomNews::NoGroup) = &notice {
                client.page().entered.update(|entered| drop(entered.take_if(|entered| entered == room)));
            }
            let words = untrack(|| wording::notice(&notice, |address| text::name(&client.name(address))));
            let surplus = shown.borrow().len().saturating_add(1).saturating_sub(MOST);
            for _ in 0..surplus {
                take_down(&shown, None);
            }
            let own = owner.child();
            let ways = own.with(|| voice_ways(client, &notice));
            // Who is asked something has more time.
            let stay = if ways.is_some() { STAY.saturating_mul(8) } else { STAY };
            let toast = own.with(|| untrack(|| toast(words, ways, shown.clone())));
            let element: Element = toast.node();
            toast.append_to(&parent);
            shown.borrow_mut().push_back((own, element.clone()));
            let shown = shown.clone();
            later(stay, move || take_down(&shown, Some(&element)));
        }
    });
    place.into_view()
}

fn toast(words: String, ways: Option<View>, shown: Shown) -> El {
    let toast = div().class("toast").attr("data-testid", "toast").child(span().attr("dir", "auto").child(words));
    let element: Element = toast.node();
    let (answered, answers) = (element.clone(), shown.clone());
    // With an answer it has done its duty.
    let ways = ways.map(|ways| span().class("ways").child(ways).click(move || take_down(&answers, Some(&answered))));
    toast.child((
        ways,
        button()
            .class("icon-button")
            .attr("type", "button")
            .attr("aria-label", words::CLOSE)
            .click(move || take_down(&shown, Some(&element)))
            .child(icon(CLOSE)),
    ))
}

/// Removes a notice, or the oldest.
fn take_down(shown: &Shown, which: Option<&Element>) {
    let taken = {
        let mut shown = shown.borrow_mut();
        let place = match which {
            Some(which) => shown.iter().position(|(_, element)| element == which),
            None => Some(0),
        };
        place.and_then(|place| shown.remove(place))
    };
    if let Some((owner, element)) = taken {
        element.remove();
        owner.cleanup();
    }
}
