//! The whole page.

use std::cell::Cell;

use leptos::mount::mount_to;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::client::Client;
use super::config::PageConfig;
use super::parts::live::{live_view, watch};
use super::{login, shell};

/// Shows the page and takes over the sign-in form that is already painted.
pub fn mount(client: Client, config: PageConfig) {
    if let Some(body) = document().body() {
        mount_in(body, client, config).forget();
    }
}

/// Shows the page inside an element, until the returned handle is dropped.
pub fn mount_in(
    parent: HtmlElement,
    client: Client,
    config: PageConfig,
) -> leptos::mount::UnmountHandle<impl leptos::tachys::view::Mountable> {
    mount_to(parent.unchecked_into(), move || page(client, &config))
}

fn page(client: Client, config: &PageConfig) -> AnyView {
    let page = client.page();
    page.follow(move |text| client.read_address(text).ok());
    login::take_over(client, config);
    let signed_in = Memo::new(move |_| client.account().is_some());
    let was_signed_in = Cell::new(false);
    watch(move || {
        let signed_in = signed_in.get();
        if was_signed_in.replace(signed_in) && !signed_in {
            untrack(|| page.clear());
        }
    });
    live_view(move || signed_in.get().then(|| untrack(|| shell::shell(client)))).into_any()
}
