//! What a link in a message asks for, before it does it.

use super::feet;
use crate::jid::BareJid;
use crate::ui::client::Client;
use crate::ui::contacts::open_chat;
use crate::ui::parts::el::{IntoView, View, form, p};
use crate::ui::parts::live::act;
use crate::ui::words;
use web_sys::SubmitEvent;

/// Asks before a conversation is opened that a link names.
pub(super) fn write(client: Client, address: BareJid) -> View {
    let page = client.page();
    let shown = address.to_string();
    let submit = act(move |event: SubmitEvent| {
        event.prevent_default();
        page.close_dialog();
        open_chat(client, &address);
    });
    form()
        .class("form")
        .on("submit", submit)
        .child((
            p().child(words::WRITE_HINT),
            p().class("address").attr("dir", "ltr").attr("data-testid", "write-address").child(shown),
            feet(client, words::WRITE, "write-confirm", "button primary"),
        ))
        .into_view()
}
