//! The whole page.

use std::cell::Cell;

use leptos::mount::{UnmountHandle, mount_to};
use leptos::reactive::graph::untrack;
use leptos::tachys::view::Mountable;
use web_sys::{Element, HtmlElement};

use super::client::Client;
use super::config::PageConfig;
use super::parts::browser::document;
use super::parts::el::{IntoView, div};
use super::parts::live::{at_end, live, watch};
use super::parts::state::State;
use super::{emoji, invitation, login, shell};

/// Shows the page and takes over the sign-in form that is already painted.
pub fn mount(client: Client, config: PageConfig) {
    if let Some(body) = document().body() {
        mount_in(body, client, config).forget();
    }
}

/// Shows the page inside an element, until the returned handle is dropped.
pub fn mount_in(parent: HtmlElement, client: Client, config: PageConfig) -> UnmountHandle<impl Mountable> {
    // Leptos sees a view without nodes: it owns the effects, and the nodes are made by `parts::el`.
    mount_to(parent.clone(), move || untrack(|| page(&parent, client, &config)))
}

fn page(parent: &HtmlElement, client: Client, config: &PageConfig) {
    let page = client.page();
    page.follow(move |text| client.read_address(text).ok());
    page.picture_hosts.set(config.picture_hosts.clone());
    login::take_over(parent, client, config);
    let signed_in = State::following(move || client.account().is_some());
    let was_signed_in = Cell::new(false);
    watch(move || {
        let signed_in = signed_in.get();
        if was_signed_in.replace(signed_in) && !signed_in {
            untrack(|| page.clear());
        }
    });
    watch(move || {
        if let (true, Some(found)) = (signed_in.get(), page.invitation.get()) {
            untrack(|| invitation::arrived(client, &found));
        }
    });
    let root = div().class("root").child(live(move || signed_in.get().then(|| untrack(|| shell::shell(client)))));
    let element: Element = root.node();
    root.append_to(parent);
    at_end(move || {
        element.remove();
        emoji::forget();
    });
}
