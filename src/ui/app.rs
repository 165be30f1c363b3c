//! The whole page.

use std::cell::Cell;

use any_spawner::Executor;
use reactive_graph::graph::untrack;
use reactive_graph::owner::Owner;
use web_sys::{Element, HtmlElement};

use super::client::Client;
use super::config::PageConfig;
use super::parts::browser::document;
use super::parts::el::{IntoView, div};
use super::parts::live::{at_end, live, watch};
use super::parts::state::State;
use super::{emoji, invitation, login, shell};

/// The page in its place, until this is dropped.
#[derive(Debug)]
#[must_use = "the page goes with it"]
pub struct Mounted {
    _owner: Owner,
}

/// Shows the page and takes over the sign-in form that is already painted.
pub fn mount(client: Client, config: PageConfig) {
    if let Some(body) = document().body() {
        // It stays for as long as the document.
        std::mem::forget(mount_in(body, client, config));
    }
}

/// Shows the page inside an element.
pub fn mount_in(parent: HtmlElement, client: Client, config: PageConfig) -> Mounted {
    // Refused only where it is set already.
    let _ = Executor::init_wasm_bindgen();
    let owner = Owner::new();
    owner.with(|| untrack(|| page(&parent, client, &config)));
    Mounted { _owner: owner }
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
