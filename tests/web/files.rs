//! Files: how they are taken, how they go out, and how they are shown.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Promise, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;
use waxwing::domain::change::Abilities;
use waxwing::domain::timeline::{Direction, Manner, Message, More};
use waxwing::domain::upload::{Progress, Slot, Trouble, Uploads};
use waxwing::engine::change::Change;
use waxwing::engine::command::{Command, Sending};
use waxwing::jid::BareJid;
use waxwing::ui::config::PageConfig;
use web_sys::{
    Blob, ClipboardEvent, ClipboardEventInit, DataTransfer, DragEvent, DragEventInit, EventTarget, File,
    FilePropertyBag, HtmlElement, HtmlImageElement,
};

use crate::fixture::{self, insert, jid, text};
use crate::page::{Page, document, frame, press, until, value};

const PEER: &str = "grace@bench.test";
const STRANGER: &str = "stranger@elsewhere.example";
/// Where the tests come from: something is there that answers, and it has no pictures.
const HERE: &str = "127.0.0.1";

/// What was put somewhere: the place, the file, a way to tell how far it came, and whether it was given up.
#[derive(Clone)]
struct Given {
    slot: Slot,
    file: Blob,
    told: Rc<dyn Fn(Progress)>,
    given_up: Rc<RefCell<bool>>,
}

type Puts = Rc<RefCell<Vec<Given>>>;

fn able(limit: Option<u64>) -> Change {
    let upload = Some(Uploads { limit, hosts: vec!["up.bench.test".into()] });
    Change::Abilities(Abilities { upload, ..Abilities::default() })
}

/// An open conversation with a server that takes files up to 2000 bytes.
async fn opened(peer: &str, changes: Vec<Change>) -> (Page, Puts) {
    let mut all = vec![able(Some(2_000))];
    all.extend(changes);
    let page = Page::opened(peer, all).await;
    let puts = Puts::default();
    let noted = puts.clone();
    page.client.connect_uploads(Rc::new(move |slot, file, told| {
        let given_up = Rc::new(RefCell::new(false));
        let given = Given { slot: slot.clone(), file: file.clone(), told: told.into(), given_up: given_up.clone() };
        noted.borrow_mut().push(given);
        Box::new(move || {
            given_up.replace(true);
        })
    }));
    (page, puts)
}

fn file(name: &str, kind: &str, bytes: &[u8]) -> File {
    let options = FilePropertyBag::new();
    options.set_type(kind);
    let parts = Array::of1(&Uint8Array::from(bytes));
    File::new_with_u8_array_sequence_and_options(&parts, name, &options).unwrap()
}

fn data(files: &[File]) -> DataTransfer {
    let data = DataTransfer::new().unwrap();
    for file in files {
        data.items().add_with_file(file).unwrap();
    }
    data
}

fn drag(target: &EventTarget, event: &str, files: &[File]) -> bool {
    let init = DragEventInit::new();
    init.set_bubbles(true);
    init.set_cancelable(true);
    init.set_data_transfer(Some(&data(files)));
    target.dispatch_event(&DragEvent::new_with_event_init_dict(event, &init).unwrap()).unwrap()
}

fn drop_on(page: &Page, files: &[File]) {
    let chat = page.all(".chat")[0].clone();
    assert!(!drag(&chat, "drop", files), "the browser must not open it");
}

fn words(page: &Page) -> Vec<String> {
    page.all("[data-testid=upload-words]").iter().map(|one| one.text_content().unwrap()).collect()
}

fn states(page: &Page) -> Vec<String> {
    page.all("[data-testid=upload]").iter().map(|one| one.get_attribute("data-state").unwrap()).collect()
}

/// The last question for a place: its id, and the name and size of the file.
fn asked(page: &Page) -> Option<(String, String, u64)> {
    page.asked.borrow().iter().rev().find_map(|command| match command {
        Command::AskSlot { id, wanted } => Some((id.clone(), wanted.name.clone(), wanted.size)),
        _ => None,
    })
}

fn questions(page: &Page) -> usize {
    page.asked.borrow().iter().filter(|command| matches!(command, Command::AskSlot { .. })).count()
}

/// What was sent: addresses of files and texts.
fn sent(page: &Page) -> Vec<String> {
    let asked = page.asked.borrow();
    let said = asked.iter().filter_map(|command| match command {
        Command::Send { what: Sending::Text { text, manner, .. }, .. } => Some(format!("{} {text}", manner.file)),
        Command::SendText { text, .. } => Some(text.clone()),
        _ => None,
    });
    said.collect()
}

fn slot(name: &str) -> Slot {
    Slot {
        put: format!("https://up.bench.test/put/{name}"),
        headers: vec![],
        get: format!("https://up.bench.test/get/{name}"),
    }
}

/// Waits for a question and answers it with a place.
async fn give_place(page: &Page, puts: &Puts, name: &str) -> Given {
    until("a question for a place", || asked(page).is_some_and(|(_, asked, _)| asked == name)).await;
    let before = puts.borrow().len();
    page.client.apply(vec![Change::Slot(asked(page).unwrap().0, Ok(slot(name)))]);
    until("it is put", || puts.borrow().len() > before).await;
    puts.borrow().last().unwrap().clone()
}

#[wasm_bindgen_test]
async fn without_a_service_nothing_offers_files() {
    let page = Page::opened(PEER, vec![]).await;
    assert!(page.was_asked(|command| *command == Command::SeekUploads), "the server is asked");
    assert!(page.find("attach").is_none());
    drop_on(&page, &[file("a.txt", "text/plain", b"a")]);
    frame().await;
    assert!(page.find("upload").is_none());
    page.client.apply(vec![able(Some(10_485_760))]);
    assert_eq!(page.see("attach").await.get_attribute("aria-label").unwrap(), "Attach files, up to 10.5 MB each");
    page.client.apply(vec![able(None)]);
    until("no limit", || page.get("attach").get_attribute("title").as_deref() == Some("Attach files")).await;
}

#[wasm_bindgen_test]
async fn files_are_dropped_where_the_page_shows_it_and_can_be_taken_away() {
    let (page, _) = opened(PEER, vec![]).await;
    let chat = page.all(".chat")[0].clone();
    let files = [file("notes.txt", "text/plain", b"hello"), file("../big\u{202e}.bin", "", &[0; 2_001])];
    assert!(!drag(&chat, "dragover", &files));
    page.see("drop-zone").await;
    drag(&chat, "dragleave", &files);
    until("the zone goes", || page.find("drop-zone").is_none()).await;
    drag(&chat, "dragover", &files);
    page.see("drop-zone").await;
    drop_on(&page, &files);
    until("both are in the tray", || states(&page).len() == 2).await;
    assert!(page.find("drop-zone").is_none());
    assert_eq!(states(&page), ["chosen", "failed"]);
    assert_eq!(words(&page), ["5 bytes", "Too large: it has 2001 bytes, and your server takes up to 2000 bytes."]);
    assert_eq!(page.all(".upload .name")[1].text_content().unwrap(), "big.bin");
    assert!(page.find("upload-retry").is_none(), "it would be as large the next time");
    assert_eq!(questions(&page), 0);
    page.all("[data-testid=upload-remove]")[1].click();
    until("one is left", || states(&page) == ["chosen"]).await;
    page.click("upload-remove").await;
    until("none is left", || page.find("tray").is_none()).await;
    // Beside the conversation it must not take the place of the page.
    assert!(!drag(&page.root, "drop", &files));
    assert!(page.find("tray").is_none());
}

#[wasm_bindgen_test]
async fn a_pasted_picture_is_shown_and_pasted_words_are_left_alone() {
    let (page, _) = opened(PEER, vec![]).await;
    let paste = |files: &[File], text: &str| {
        let data = data(files);
        if !text.is_empty() {
            data.set_data("text/plain", text).unwrap();
        }
        let init = ClipboardEventInit::new();
        init.set_cancelable(true);
        init.set_clipboard_data(Some(&data));
        let event = ClipboardEvent::new_with_event_init_dict("paste", &init).unwrap();
        page.get("composer").dispatch_event(&event).unwrap()
    };
    assert!(paste(&[], "words"));
    assert!(paste(&[file("table.png", "image/png", b"x")], "a\tb"));
    assert!(page.find("upload").is_none());
    assert!(!paste(&[file("image.png", "image/png", b"x")], ""));
    page.see("upload").await;
    let thumb: HtmlImageElement = page.all("img.thumb")[0].clone().unchecked_into();
    assert!(thumb.src().starts_with("blob:"));
    // What could run is never a picture.
    drop_on(&page, &[file("a.svg", "image/svg+xml", b"<svg/>")]);
    until("two", || states(&page).len() == 2).await;
    assert_eq!(page.all("img.thumb").len(), 1);
}

#[wasm_bindgen_test]
async fn files_go_out_in_order_and_the_text_after_them() {
    let (page, puts) = opened(PEER, vec![]).await;
    let files = [file("one.txt", "text/plain", b"one"), file("two.txt", "text/plain", b"two!")];
    drop_on(&page, &files);
    until("both", || states(&page).len() == 2).await;
    assert_eq!(page.get("send").get_attribute("data-empty").unwrap(), "false");
    page.write("composer", "Here they are");
    page.click("send").await;
    let first = give_place(&page, &puts, "one.txt").await;
    assert_eq!(questions(&page), 1, "one after the other");
    assert_eq!(asked(&page).unwrap().2, 3);
    assert_eq!(first.slot, slot("one.txt"));
    (first.told)(Progress::Part(420));
    until("it moves", || {
        page.all(".upload progress").iter().any(|bar| bar.get_attribute("value").as_deref() == Some("420"))
    })
    .await;
    assert_eq!(states(&page), ["going", "waiting"]);
    assert!(sent(&page).is_empty());
    assert_eq!(value(&page.get("composer")), "Here they are", "nothing is lost meanwhile");
    (first.told)(Progress::Done);
    let second = give_place(&page, &puts, "two.txt").await;
    assert_eq!(sent(&page), ["true https://up.bench.test/get/one.txt"]);
    (second.told)(Progress::Done);
    until("the text follows", || sent(&page).len() == 3).await;
    assert_eq!(sent(&page)[1..], ["true https://up.bench.test/get/two.txt", "Here they are"]);
    until("all is empty", || page.find("tray").is_none() && value(&page.get("composer")).is_empty()).await;
}

#[wasm_bindgen_test]
async fn what_goes_wrong_is_said_and_can_be_tried_again() {
    let (page, puts) = opened(PEER, vec![]).await;
    drop_on(&page, &[file("one.txt", "text/plain", b"one")]);
    page.see("upload").await;
    page.get("composer").focus().unwrap();
    page.write("composer", "caption");
    press("Enter");
    let mut last = String::new();
    for (trouble, said) in [
        (Trouble::Status(403), "refused it (HTTP 403)"),
        (Trouble::Status(413), "refused it (HTTP 413)"),
        (Trouble::Unreachable, "cannot be reached"),
        (Trouble::Stalled, "did not get any further"),
    ] {
        let put = give_place(&page, &puts, "one.txt").await;
        (put.told)(Progress::Failed(trouble));
        until("it failed", || states(&page) == ["failed"]).await;
        assert!(words(&page)[0].contains(said), "{:?}", words(&page));
        assert!(page.all(".upload progress").is_empty(), "no bar without an end");
        let before = questions(&page);
        page.click("upload-retry").await;
        until("a new place is asked for", || questions(&page) > before).await;
        let (id, ..) = asked(&page).unwrap();
        assert_ne!(id, last);
        last = id;
    }
    page.client.apply(vec![Change::Slot(last.clone(), Err(Trouble::Unsafe))]);
    until("it failed", || states(&page) == ["failed"]).await;
    assert!(words(&page)[0].contains("not safe"));
    // An answer to an old question changes nothing.
    page.client.apply(vec![Change::Slot(last, Ok(slot("late")))]);
    page.click("upload-retry").await;
    let put = give_place(&page, &puts, "one.txt").await;
    page.click("upload-remove").await;
    until("it is gone", || page.find("upload").is_none()).await;
    assert!(*put.given_up.borrow());
    assert!(sent(&page).is_empty());
    assert_eq!(value(&page.get("composer")), "caption", "the words are where they were");
}

#[wasm_bindgen_test]
async fn without_a_connection_a_file_waits_for_one() {
    let (page, puts) = opened(PEER, vec![]).await;
    drop_on(&page, &[file("one.txt", "text/plain", b"one")]);
    page.see("upload").await;
    page.click("send").await;
    until("asked", || questions(&page) == 1).await;
    page.client.apply(vec![
        Change::Connection(waxwing::domain::account::Connection::Offline),
        Change::Slot(asked(&page).unwrap().0, Err(Trouble::NotConnected)),
    ]);
    until("it says so", || words(&page).first().is_some_and(|said| said.contains("no connection"))).await;
    page.client.apply(vec![Change::Connection(waxwing::domain::account::Connection::Online)]);
    until("asked again", || questions(&page) == 2).await;
    give_place(&page, &puts, "one.txt").await;
}

#[wasm_bindgen_test]
async fn a_photograph_does_not_tell_where_it_was_taken() {
    let (page, puts) = opened(PEER, vec![]).await;
    let photo = [&b"\xff\xd8\xff\xe1\0\x10Exif\0\0GPS 52 N"[..], b"\xff\xda\0\x02picture\xff\xd9"].concat();
    drop_on(&page, &[file("me.jpg", "image/jpeg", &photo)]);
    page.see("upload").await;
    page.click("send").await;
    let put = give_place(&page, &puts, "me.jpg").await;
    let bytes = Uint8Array::new(&JsFuture::from(put.file.array_buffer()).await.unwrap()).to_vec();
    assert_eq!(bytes, b"\xff\xd8\xff\xda\0\x02picture\xff\xd9");
    assert_eq!((asked(&page).unwrap().2, put.file.type_()), (bytes.len() as u64, "image/jpeg".into()));
}

#[wasm_bindgen_test]
async fn a_page_that_was_loaded_again_says_how_many_files_are_gone() {
    let store = || web_sys::window().unwrap().session_storage().unwrap().unwrap();
    let count = || store().get_item("waxwing.unsent-files").unwrap();
    // Other tests end in the middle.
    store().remove_item("waxwing.unsent-files").unwrap();
    {
        let (page, _) = opened(PEER, vec![]).await;
        drop_on(&page, &[file("a.txt", "", b"a"), file("b.txt", "", b"b"), file("large", "", &[0; 2_001])]);
        until("it is noted", || count().as_deref() == Some("2")).await;
        assert!(page.find("toast").is_none());
    }
    let page = Page::opened(PEER, vec![able(None)]).await;
    let said = page.see("toast").await.text_content().unwrap();
    assert!(said.contains("before 2 files were sent"), "{said}");
    assert_eq!(count(), None, "said once");
}

fn sends_file(key: u64, direction: Direction, from: &BareJid, url: &str) -> Change {
    let manner = Manner { file: true, ..Manner::default() };
    let more = Some(Box::new(More { manner, ..More::default() }));
    let message = Message { more, from: from.clone(), ..text(key, direction, url, fixture::now().0, None) };
    insert(from, message)
}

/// Waits until something holds, while nothing can come from the network.
async fn at_once(what: &str, holds: impl Fn() -> bool) {
    for _ in 0..100 {
        if holds() {
            return;
        }
        JsFuture::from(Promise::resolve(&JsValue::NULL)).await.unwrap();
    }
    panic!("not at once: {what}");
}

fn heights(page: &Page) -> Vec<f64> {
    page.all(".picture").iter().map(|one| one.get_bounding_client_rect().height()).collect()
}

#[wasm_bindgen_test]
async fn a_picture_of_a_contact_is_fetched_from_known_hosts_only() {
    let port = document().location().unwrap().port().unwrap();
    let here = format!("http://{HERE}:{port}/no/such%20picture.png");
    let client = fixture::client();
    client.apply(fixture::signed_in());
    client.apply(fixture::people());
    client.apply(vec![able(None), fixture::conversation(PEER, 0, 1, Direction::In, "hi", 1)]);
    client.apply(vec![
        sends_file(1, Direction::In, &jid(PEER), "https://elsewhere.example/cat.jpg"),
        sends_file(2, Direction::In, &jid(PEER), "https://up.bench.test/logo.svg"),
        sends_file(3, Direction::In, &jid(PEER), "https://up.bench.test/a/report%20final.pdf"),
        sends_file(4, Direction::In, &jid(PEER), &here),
    ]);
    let config = PageConfig { picture_hosts: vec![HERE.into()], ..PageConfig::default() };
    let page = Page::configured(client, config, |_| ());
    page.see("conversation").await;
    page.choose(PEER).await;
    // The server of the tests has no pictures: it may have said so before anybody looked.
    page.see("picture-failed").await;
    assert_eq!(heights(&page), [240.0, 240.0]);
    page.click("picture-retry").await;
    at_once("tried again", || page.find("picture").is_some()).await;
    let picture = page.get("picture");
    let image: HtmlElement = picture.query_selector("img").unwrap().unwrap().unchecked_into();
    let read = |name: &str| image.get_attribute(name).unwrap_or_default();
    assert_eq!((read("src"), read("alt")), (here.clone(), "such picture.png".into()));
    assert_eq!((&*read("loading"), &*read("referrerpolicy")), ("lazy", "no-referrer"));
    assert_eq!(picture.get_attribute("rel").unwrap(), "noopener noreferrer nofollow ugc");
    assert_eq!(page.all("img").len(), 1, "nothing else is fetched");
    assert_eq!(page.get("load-picture").text_content().unwrap(), "Load picture from elsewhere.example");
    assert_eq!(heights(&page), [240.0, 240.0], "the box is as large without it");
    let cards: Vec<String> =
        page.all("[data-testid=file-card]").iter().map(|card| card.text_content().unwrap()).collect();
    assert_eq!(cards, ["logo.svgSVG file · up.bench.test", "report final.pdfPDF file · up.bench.test"]);
    assert_eq!(page.get("file-card").get_attribute("href").unwrap(), "https://up.bench.test/logo.svg");
}

#[wasm_bindgen_test]
async fn a_picture_of_a_stranger_is_fetched_when_one_asks_for_it() {
    let stranger = jid(STRANGER);
    let client = fixture::client();
    client.apply(fixture::signed_in());
    client.apply(vec![able(None), fixture::conversation(STRANGER, 0, 1, Direction::In, "hi", 1)]);
    let url = "https://up.bench.test/a/x.png";
    client.apply(vec![
        sends_file(1, Direction::In, &stranger, url),
        sends_file(2, Direction::In, &stranger, "https://bank.example@up.bench.test/x.png"),
        sends_file(3, Direction::In, &stranger, "javascript:alert(1)//.png"),
    ]);
    let page = Page::with(client);
    page.see("conversation").await;
    page.choose(STRANGER).await;
    let ask = page.see("load-picture").await;
    assert_eq!(ask.text_content().unwrap(), "Load picture from up.bench.test");
    assert!(page.all("img").is_empty());
    assert_eq!(page.all(".picture").len(), 1, "a name before the host deceives: that is text");
    ask.click();
    until("it is asked for", || page.all("img").len() == 1 || page.find("picture-failed").is_some()).await;
    assert!(page.find("load-picture").is_none());
}
