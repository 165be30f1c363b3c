//! Files that the user chose in this page, from the choice until their addresses are sent.
//!
//! A file cannot leave its page, so the page that has it puts it to its place, whichever page runs the engine; of the
//! engine it asks only for the place and for the message in the end. Files are not kept: when the page goes, they go.

use std::rc::Rc;

use js_sys::{Array, Uint8Array};
use leptos::reactive::graph::untrack;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, BlobPropertyBag, File, Url};

use super::client::Client;
use super::page::Page;
use super::parts::browser::later;
use super::parts::live::watch;
use super::parts::state::State;
use crate::domain::account::Connection;
use crate::domain::change::Notice;
use crate::domain::file::{clean_name, ending};
use crate::domain::photo::{Piece, without_place};
use crate::domain::room::Author;
use crate::domain::timeline::Manner;
use crate::domain::upload::{Progress, Slot, Trouble, Wanted};
use crate::engine::change::Change;
use crate::engine::command::{Command, Sending};
use crate::jid::BareJid;
use crate::present::files::may_help;

/// Puts a file to its place and tells how far it came. What it returns gives it up.
pub type Put = Rc<dyn Fn(&Slot, &Blob, Box<dyn Fn(Progress)>) -> Box<dyn Fn()>>;

/// How long the answer to the question for a place may take, in milliseconds. The engine gives up before; this is for
/// an answer that went down with the page that ran it.
const ANSWER: i32 = 45_000;
/// A photograph of more bytes than this is not looked into.
const PHOTO: f64 = 100e6;
/// Where it is kept, for the life of the tab, how many files were not sent.
const UNSENT: &str = "waxwing.unsent-files";

/// How far a file came.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Stage {
    /// The user chose it.
    Chosen,
    /// The user sent it; others are before it.
    Waiting,
    /// It is being read, or a place is being asked for.
    Preparing,
    /// So much of a thousand is there.
    Going(u16),
    /// It was not sent.
    Failed(Trouble),
}

/// One file.
#[derive(Clone)]
pub(crate) struct Upload {
    pub(crate) number: u32,
    pub(crate) peer: BareJid,
    pub(crate) name: Rc<str>,
    /// Its bytes, as they were chosen.
    pub(crate) size: u64,
    /// A local address of it, if it is a picture that can be shown.
    pub(crate) picture: Option<Rc<str>>,
    pub(crate) stage: Stage,
    /// For whom alone it is, in a group chat: decided as it is sent.
    private: Option<Rc<Author>>,
    file: Blob,
    /// Names the last question for a place.
    asked: Rc<str>,
    give_up: Option<Rc<dyn Fn()>>,
}

/// The text that goes out after the files of a conversation. Until then it stays in its field.
#[derive(Clone)]
pub(crate) struct Caption {
    pub(crate) peer: BareJid,
    pub(crate) text: String,
    /// For whom alone it is, in a group chat.
    pub(crate) private: Option<Rc<Author>>,
    /// The files are sent.
    pub(crate) due: bool,
}

impl Upload {
    /// Whether it may still be sent.
    fn is_open(&self) -> bool {
        !matches!(&self.stage, Stage::Failed(trouble) if !may_help(trouble))
    }

    fn drop_it(&self) {
        if let Some(give_up) = &self.give_up {
            give_up();
        }
        if let Some(picture) = &self.picture {
            let _ = Url::revoke_object_url(picture);
        }
    }
}

/// Takes files for a conversation. What the server would not take is refused at once.
pub(crate) fn add(client: Client, peer: &BareJid, files: Vec<File>) {
    let Some(able) = client.abilities().upload else { return };
    let page = client.page();
    page.uploads.update(|uploads| {
        for file in files {
            let number = page.next_number();
            let size = file.size() as u64;
            let is_too_large = able.limit.is_some_and(|limit| size > limit);
            let drawn = ["image/jpeg", "image/png", "image/gif", "image/webp", "image/avif"];
            let picture =
                drawn.contains(&&*file.type_()).then(|| Url::create_object_url_with_blob(&file).ok()).flatten();
            uploads.push(Upload {
                number,
                peer: peer.clone(),
                name: clean_name(&file.name()).into(),
                size,
                picture: picture.map(Rc::from),
                stage: if is_too_large {
                    Stage::Failed(Trouble::TooLarge { limit: able.limit })
                } else {
                    Stage::Chosen
                },
                private: None,
                file: file.into(),
                asked: Rc::default(),
                give_up: None,
            });
        }
    });
    page.uploads_changed.set(0);
}

/// Sends the files that were chosen for a conversation, and after them the text. `false`, if there are none.
pub(crate) fn start(client: Client, peer: &BareJid, text: &str) -> bool {
    let page = client.page();
    let is_chosen = |upload: &Upload| upload.peer == *peer && upload.stage == Stage::Chosen;
    page.captions.update(|captions| captions.retain(|caption| caption.peer != *peer));
    if !page.uploads.with_untracked(|uploads| uploads.iter().any(is_chosen)) {
        return false;
    }
    let private = only(client, peer);
    page.uploads.update(|uploads| {
        for upload in uploads.iter_mut().filter(|upload| is_chosen(upload)) {
            upload.stage = Stage::Waiting;
            upload.private = private.clone();
        }
    });
    if !text.is_empty() {
        let caption = Caption { peer: peer.clone(), text: text.to_owned(), private, due: false };
        page.captions.update(|captions| captions.push(caption));
    }
    go_on(client);
    true
}

/// For whom alone is what is sent in a conversation now.
pub(crate) fn only(client: Client, peer: &BareJid) -> Option<Rc<Author>> {
    untrack(|| client.conversation(peer)).and_then(|conversation| conversation.private.clone())
}

/// Gives a file up, wherever it is.
pub(crate) fn remove(client: Client, number: u32) {
    let page = client.page();
    let Some(gone) = take(client, number) else { return };
    gone.drop_it();
    // Without its files the text is no caption any more; it is where it was.
    if !has_open(client, &gone.peer) {
        page.captions.update(|captions| captions.retain(|caption| caption.peer != gone.peer || caption.due));
    }
    go_on(client);
}

/// Tries again to send a file.
pub(crate) fn retry(client: Client, number: u32) {
    set(client, number, Stage::Waiting);
    go_on(client);
}

/// Gives all files up: somebody signed out.
pub(crate) fn clear(page: Page) {
    page.uploads.with_untracked(|all| all.iter().for_each(Upload::drop_it));
    page.uploads.set(Vec::new());
    page.uploads_changed.set(0);
}

/// Whether files wait that would go with the page. Can be watched.
pub(crate) fn any(client: Client) -> bool {
    client.page().uploads.with(|uploads| uploads.iter().any(Upload::is_open))
}

/// Takes the answers of the engine, and remembers how many files would be lost, until the current owner goes.
pub(crate) fn follow(client: Client) {
    let store = || web_sys::window()?.session_storage().ok()?;
    let before = store().and_then(|store| store.get_item(UNSENT).ok()?).and_then(|count| count.parse().ok());
    if let Some(count) = before {
        client.apply(vec![Change::Notice(Notice::FilesForgotten(count))]);
    }
    let page = client.page();
    let count = State::following(move || page.uploads.with(|all| all.iter().filter(|one| one.is_open()).count()));
    watch(move || {
        let Some(store) = store() else { return };
        let _ = match count.get() {
            0 => store.remove_item(UNSENT),
            count => store.set_item(UNSENT, &count.to_string()),
        };
    });
    watch(move || {
        for (asked, slot) in client.take_slots() {
            answered(client, &asked, slot);
        }
    });
    // What could not be sent for want of a connection is sent when there is one.
    let online = State::following(move || matches!(client.connection(), Connection::Online));
    watch(move || {
        if online.get() {
            let waits = |upload: &&mut Upload| upload.stage == Stage::Failed(Trouble::NotConnected);
            page.uploads.update(|all| all.iter_mut().filter(waits).for_each(|upload| upload.stage = Stage::Waiting));
            go_on(client);
        }
    });
}

fn find(client: Client, number: u32) -> Option<Upload> {
    client.page().uploads.with_untracked(|all| all.iter().find(|upload| upload.number == number).cloned())
}

fn take(client: Client, number: u32) -> Option<Upload> {
    let found = find(client, number)?;
    client.page().uploads.update(|all| all.retain(|upload| upload.number != number));
    client.page().uploads_changed.set(number);
    Some(found)
}

fn change(client: Client, number: u32, change: impl FnOnce(&mut Upload)) {
    client.page().uploads.update(|all| {
        if let Some(upload) = all.iter_mut().find(|upload| upload.number == number) {
            change(upload);
        }
    });
}

fn set(client: Client, number: u32, stage: Stage) {
    change(client, number, |upload| {
        upload.stage = stage;
        if !matches!(upload.stage, Stage::Going(_)) {
            upload.give_up = None;
        }
    });
}

fn has_open(client: Client, peer: &BareJid) -> bool {
    client.page().uploads.with_untracked(|all| all.iter().any(|upload| upload.peer == *peer && upload.is_open()))
}

/// Begins with the next file, if none is on its way: one after the other, so that they arrive in their order.
fn go_on(client: Client) {
    let next = client.page().uploads.with_untracked(|all| {
        let is_busy = all.iter().any(|upload| matches!(upload.stage, Stage::Preparing | Stage::Going(_)));
        let next = all.iter().find(|upload| upload.stage == Stage::Waiting);
        next.filter(|_| !is_busy).map(|upload| upload.number)
    });
    let Some(number) = next else { return };
    set(client, number, Stage::Preparing);
    spawn_local(async move {
        let Some(upload) = find(client, number) else { return };
        match prepared(&upload).await {
            Some(file) => ask(client, number, file),
            None => fail(client, number, Trouble::Unreadable),
        }
    });
}

/// The file as it goes out: photographs without what they tell beside the picture.
async fn prepared(upload: &Upload) -> Option<Blob> {
    let file = &upload.file;
    let is_photo = file.type_() == "image/jpeg"
        || ending(&upload.name).is_some_and(|ending| matches!(&*ending.to_ascii_lowercase(), "jpg" | "jpeg"));
    if !is_photo || file.size() > PHOTO {
        return Some(file.clone());
    }
    let bytes = Uint8Array::new(&JsFuture::from(file.array_buffer()).await.ok()?).to_vec();
    let Some(pieces) = without_place(&bytes) else { return Some(file.clone()) };
    let parts = Array::new();
    for piece in pieces {
        match piece {
            Piece::Kept(range) => {
                parts.push(&file.slice_with_f64_and_f64(range.start as f64, range.end as f64).ok()?.into());
            }
            Piece::New(bytes) => {
                parts.push(&Uint8Array::from(&*bytes));
            }
        }
    }
    let options = BlobPropertyBag::new();
    options.set_type(&file.type_());
    Blob::new_with_blob_sequence_and_options(&parts, &options).ok()
}

/// Asks for a place.
fn ask(client: Client, number: u32, file: Blob) {
    // Other tabs ask, too: it need not be secret, but another one.
    let id: Rc<str> = ((js_sys::Math::random() * 1e18) as u64).to_string().into();
    let Some(upload) = find(client, number) else { return go_on(client) };
    let wanted = Wanted { name: upload.name.to_string(), size: file.size() as u64, kind: file.type_() };
    let asked = id.clone();
    change(client, number, |upload| {
        upload.asked = asked;
        upload.file = file;
    });
    client.send(Command::AskSlot { id: id.to_string(), wanted });
    later(ANSWER, move || {
        if let Some(number) = asking(client, &id) {
            fail(client, number, Trouble::Stalled);
        }
    });
}

/// The file that waits for the answer to a question.
fn asking(client: Client, asked: &str) -> Option<u32> {
    client.page().uploads.with_untracked(|all| {
        let waits = |upload: &&Upload| upload.stage == Stage::Preparing && &*upload.asked == asked;
        all.iter().find(waits).map(|upload| upload.number)
    })
}

/// The engine answered; perhaps to a file of another page.
fn answered(client: Client, asked: &str, slot: Result<Slot, Trouble>) {
    let Some(number) = asking(client, asked) else { return };
    let (slot, put) = match (slot, client.uploader()) {
        (Ok(slot), Some(put)) => (slot, put),
        (Err(trouble), _) => return fail(client, number, trouble),
        (Ok(_), None) => return fail(client, number, Trouble::NoService),
    };
    let Some(upload) = find(client, number) else { return };
    set(client, number, Stage::Going(0));
    let get = slot.get.clone();
    let told = move |progress| match progress {
        Progress::Part(part) => change(client, number, |upload| upload.stage = Stage::Going(part)),
        Progress::Done => arrived(client, number, get.clone()),
        Progress::Failed(trouble) => fail(client, number, trouble),
    };
    let give_up = put(&slot, &upload.file, Box::new(told));
    change(client, number, |upload| upload.give_up = Some(give_up.into()));
}

fn fail(client: Client, number: u32, trouble: Trouble) {
    set(client, number, Stage::Failed(trouble));
    go_on(client);
}

/// A file is there: its address is the message.
fn arrived(client: Client, number: u32, address: String) {
    let Some(upload) = take(client, number) else { return };
    if let Some(picture) = &upload.picture {
        let _ = Url::revoke_object_url(picture);
    }
    let manner = Manner { file: true, ..Manner::default() };
    let what = Sending::Text { text: address, reply: None, manner, private: upload.private.clone() };
    client.send(Command::Send { id: None, peer: upload.peer.clone(), what });
    if !has_open(client, &upload.peer) {
        caption(client, &upload.peer);
    }
    go_on(client);
}

/// All files of a conversation are sent: the text follows. If its field is on the page, that sends it.
fn caption(client: Client, peer: &BareJid) {
    let page = client.page();
    if page.open.with_untracked(|open| open.as_ref() == Some(peer)) {
        page.captions.update(|captions| {
            captions.iter_mut().filter(|caption| caption.peer == *peer).for_each(|caption| caption.due = true);
        });
        return;
    }
    let draft = client.conversation(peer).and_then(|conversation| conversation.draft.clone()).unwrap_or_default();
    let private = only(client, peer);
    page.captions.update(|captions| {
        captions.retain(|caption| {
            let is_it = caption.peer == *peer;
            // Whoever changed it since wants to send something else.
            if is_it && draft.trim() == caption.text && private == caption.private {
                let (text, reply, manner) = (caption.text.clone(), None, Manner::default());
                let what = Sending::Text { text, reply, manner, private: private.clone() };
                client.send(Command::Send { id: None, peer: peer.clone(), what });
            }
            !is_it
        });
    });
}
