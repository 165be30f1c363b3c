//! Files on their way out of a conversation: how they are taken, and the tray above the field that shows them.

use std::rc::Rc;

use leptos::reactive::graph::untrack;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    ClipboardEvent, DataTransfer, DragEvent, Element, Event, File, FileList, HtmlInputElement, HtmlTextAreaElement,
    Node,
};

use crate::domain::account::Connection;
use crate::engine::command::Command;
use crate::jid::BareJid;
use crate::present::files;
use crate::ui::client::Client;
use crate::ui::parts::browser::listen;
use crate::ui::parts::el::{El, IntoView, View, button, div, img, input, progress, span};
use crate::ui::parts::icon::{CLIP, CLOSE, FILE, RETRY, WARNING, icon};
use crate::ui::parts::live::{act, live, watch};
use crate::ui::parts::state::State;
use crate::ui::uploads::{self, Stage, Upload};
use crate::ui::words;

/// The button that takes files; nothing, where the server takes none.
pub(super) fn attach(client: Client, peer: BareJid) -> View {
    // Asked when somebody may want it, and again on each new stream.
    let online = State::following(move || matches!(client.connection(), Connection::Online));
    watch(move || {
        if online.get() {
            client.send(Command::SeekUploads);
        }
    });
    // Built anew only when its words are others: it may have the focus.
    let label =
        State::following(move || client.abilities().upload.map_or(String::new(), |able| files::attach(able.limit)));
    live(move || {
        let label = label.get();
        if label.is_empty() {
            return None;
        }
        let field =
            input().attr("type", "file").attr("multiple", "").attr("hidden", "").attr("data-testid", "attach-field");
        let chooser: HtmlInputElement = field.node();
        let peer = peer.clone();
        let chosen = chooser.clone();
        let take = act(move |_: Event| {
            uploads::add(client, &peer, listed(chosen.files()));
            // The same file can be chosen again.
            chosen.set_value("");
        });
        let open = button()
            .class("icon-button attach")
            .attr("type", "button")
            .attr("data-testid", "attach")
            .attr("title", &*label)
            .attr("aria-label", &*label)
            .click(move || chooser.click())
            .child(icon(CLIP));
        Some((open, field.on("change", take)).into_view())
    })
    .into_view()
}

/// Takes pictures that are pasted into the field.
pub(super) fn take_pasted(client: Client, peer: BareJid, field: &Element) {
    listen(field, "paste", move |event| {
        let Some(data) = event.dyn_ref::<ClipboardEvent>().and_then(ClipboardEvent::clipboard_data) else { return };
        let pasted = listed(data.files());
        // A table copied from a document comes as a picture, too; its text is what is meant.
        let has_text = data.get_data("text/plain").is_ok_and(|text| !text.is_empty());
        if !pasted.is_empty() && !has_text && is_able(client) {
            event.prevent_default();
            uploads::add(client, &peer, pasted);
        }
    });
}

/// Takes files that are dropped anywhere on a conversation, and shows where they would go.
pub(super) fn take_dropped(client: Client, peer: BareJid, chat: El) -> El {
    let over = State::new(false);
    let whole: Element = chat.node();
    listen(&whole, "dragover", move |event| {
        if let Some(data) = files_of(&event).filter(|_| is_able(client)) {
            data.set_drop_effect("copy");
            over.set_if_new(true);
        }
    });
    let inside = whole.clone();
    listen(&whole, "dragleave", move |event| {
        let to = event.dyn_ref::<DragEvent>().and_then(|event| event.related_target());
        if !to.is_some_and(|to| inside.contains(to.dyn_ref::<Node>())) {
            over.set_if_new(false);
        }
    });
    listen(&whole, "drop", move |event| {
        over.set_if_new(false);
        if let Some(data) = files_of(&event) {
            uploads::add(client, &peer, listed(data.files()));
        }
    });
    // Beside the conversation a file would take the place of this page. Of somebody else's page that is theirs to say.
    if let Some(window) = web_sys::window().filter(|_| !client.page().embedded.get_untracked()) {
        for event in ["dragover", "drop"] {
            listen(&window, event, |event| {
                if let Some(data) = files_of(&event) {
                    if !event.default_prevented() {
                        data.set_drop_effect("none");
                    }
                    event.prevent_default();
                }
            });
        }
    }
    let zone = live(move || {
        over.get().then(|| {
            div().class("drop-zone").attr("data-testid", "drop-zone").child((icon(CLIP), span().child(words::DROP)))
        })
    });
    chat.child(zone)
}

/// The files that wait or are on their way, each with how far it came and the ways out.
pub(super) fn tray(client: Client, peer: BareJid) -> View {
    let page = client.page();
    let entries = live(move || {
        page.uploads_changed.track();
        let mut shown = page.uploads.with_untracked(Vec::clone);
        shown.retain(|upload| upload.peer == peer);
        (!shown.is_empty()).then(|| {
            let entries: Vec<View> = shown.iter().map(|upload| untrack(|| entry(client, upload))).collect();
            div()
                .class("tray")
                .attr("data-testid", "tray")
                .attr("role", "list")
                .attr("aria-label", words::FILES)
                .child(entries)
        })
    });
    // The place is there before the words are, so that who listens hears them.
    div().class("tray-place").attr("aria-live", "polite").child(entries).into_view()
}

fn entry(client: Client, upload: &Upload) -> View {
    let (number, size) = (upload.number, upload.size);
    let page = client.page();
    let stage = move || page.uploads.with(|all| Some(all.iter().find(|one| one.number == number)?.stage.clone()));
    // What is shown changes with this, and not with every step of a file on its way.
    let state = State::following(move || stage().map_or("", |stage| state_name(&stage)).to_owned());
    let is = move |name: &str| state.with(|state| state == name);
    let going = move || is("waiting") || is("preparing") || is("going");
    let face = match &upload.picture {
        Some(picture) => img().class("thumb").attr("src", &**picture).attr("alt", "").into_view(),
        None => span().class("thumb").child(icon(FILE)).into_view(),
    };
    let line = live(move || {
        state.track();
        match untrack(stage)? {
            Stage::Chosen => Some(files::size(size)),
            Stage::Waiting => Some(format!("{} · {}", words::WAITS, files::size(size))),
            Stage::Preparing | Stage::Going(_) => Some(format!("{} · {}", words::SENDING, files::size(size))),
            Stage::Failed(trouble) => Some(files::trouble(&trouble, size)),
        }
    });
    let bar = live(move || {
        going().then(|| {
            let value = live(move || match stage() {
                Some(Stage::Going(part)) => Some(part.to_string()),
                _ => None,
            });
            progress().attr("max", "1000").attr("value", value).attr("aria-label", words::SENDING)
        })
    });
    let again = live(move || {
        state.track();
        let helps = matches!(untrack(stage)?, Stage::Failed(trouble) if files::may_help(&trouble));
        let retry = button()
            .class("icon-button")
            .attr("type", "button")
            .attr("data-testid", "upload-retry")
            .attr("title", words::RETRY)
            .attr("aria-label", words::RETRY)
            .click(move || uploads::retry(client, number))
            .child(icon(RETRY));
        helps.then_some(retry)
    });
    let warning = live(move || is("failed").then(|| icon(WARNING)));
    let end = live(move || if going() { words::CANCEL } else { words::REMOVE });
    let named = upload.name.clone();
    let label = live(move || format!("{}: {named}", if going() { words::CANCEL } else { words::REMOVE }));
    div()
        .class("upload")
        .attr("role", "listitem")
        .attr("data-testid", "upload")
        .attr("data-state", live(move || state.get()))
        .child((
            face,
            span().class("lines").child((
                span().class("name").attr("dir", "auto").child(&*upload.name),
                span().class("line").attr("data-testid", "upload-words").child((warning, line)),
                bar,
            )),
            again,
            button()
                .class("icon-button")
                .attr("type", "button")
                .attr("data-testid", "upload-remove")
                .attr("title", end)
                .attr("aria-label", label)
                .click(move || uploads::remove(client, number))
                .child(icon(CLOSE)),
        ))
        .into_view()
}

const fn state_name(stage: &Stage) -> &'static str {
    match stage {
        Stage::Chosen => "chosen",
        Stage::Waiting => "waiting",
        Stage::Preparing => "preparing",
        Stage::Going(_) => "going",
        Stage::Failed(_) => "failed",
    }
}

/// Whether files wait in the tray for the button that sends. Can be watched.
pub(super) fn has_chosen(client: Client, peer: &BareJid) -> bool {
    let is = |upload: &Upload| upload.peer == *peer && upload.stage == Stage::Chosen;
    client.page().uploads.with(|all| all.iter().any(is))
}

/// Sends the text of the field once the files before it are sent, unless it was changed meanwhile.
pub(super) fn send_caption(client: Client, peer: BareJid, field: HtmlTextAreaElement, say: Rc<impl Fn() + 'static>) {
    let captions = client.page().captions;
    watch(move || {
        let due = captions.with(|all| all.iter().find(|one| one.due && one.peer == peer).cloned());
        let Some(due) = due else { return };
        untrack(|| {
            captions.update(|all| all.retain(|one| one.peer != peer));
            if field.value().trim() == due.text && uploads::only(client, &peer) == due.private {
                say();
            }
        });
    });
}

fn is_able(client: Client) -> bool {
    untrack(|| client.abilities().upload.is_some())
}

/// What is dragged, if there are files among it. Nobody else decides about it then.
fn files_of(event: &Event) -> Option<DataTransfer> {
    let data = event.dyn_ref::<DragEvent>()?.data_transfer()?;
    let has_files = data.types().includes(&JsValue::from_str("Files"), 0);
    if has_files && event.current_target().is_some_and(|target| target.is_instance_of::<Element>()) {
        event.prevent_default();
    }
    has_files.then_some(data)
}

fn listed(files: Option<FileList>) -> Vec<File> {
    let files = files.into_iter().flat_map(|files| (0..files.length()).filter_map(move |place| files.item(place)));
    files.collect()
}
