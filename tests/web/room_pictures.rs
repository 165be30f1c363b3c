//! Pictures of group chats.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use waxwing::domain::face::Face;
use waxwing::domain::room::{Affiliation, Room};
use waxwing::engine::command::Command;
use waxwing::engine::rooms::RoomOrder;
use web_sys::{DataTransfer, Event, EventInit, File, FilePropertyBag, HtmlImageElement, HtmlInputElement};

use crate::fixture::jid;
use crate::page::{Page, until};
use crate::room_fixture::{self as rooms, ROOM};
use crate::rooms::opened;

const PICTURE: &[u8] = include_bytes!("../../public/icons/waxwing-192.png");

fn drawn(page: &Page) -> Vec<HtmlImageElement> {
    page.all(".avatar.many > img").into_iter().map(|image| image.unchecked_into()).collect()
}

#[wasm_bindgen_test]
async fn the_picture_is_asked_for_when_it_is_on_the_page_and_covers_the_letters() {
    let page = opened(vec![rooms::shows(PICTURE)]).await;
    until("wanted", || page.asked.borrow().contains(&Command::WantFace(jid(ROOM)))).await;
    assert!(drawn(&page).is_empty());
    page.client.apply(vec![rooms::face(PICTURE)]);
    until("in the list and at the head", || drawn(&page).len() == 2).await;
    until("drawn", || drawn(&page).iter().all(|image| image.natural_width() == 192)).await;
    for image in drawn(&page) {
        let source = image.src();
        assert!(source.starts_with("blob:"), "{source}");
        let (picture, letters) = (image.get_bounding_client_rect(), image.parent_element().unwrap());
        let letters = letters.get_bounding_client_rect();
        assert_eq!((picture.left(), picture.width()), (letters.left(), letters.width()));
    }
    // What cannot be drawn leaves the letters.
    let broken = [PICTURE.get(..40).unwrap(), b"nothing"].concat();
    page.client.apply(vec![rooms::shows(&broken), rooms::face(&broken)]);
    until("gone", || drawn(&page).is_empty()).await;
}

fn choose(page: &Page, name: &str, bytes: &[u8]) {
    let options = FilePropertyBag::new();
    options.set_type("image/png");
    let file = File::new_with_u8_array_sequence_and_options(&Array::of1(&Uint8Array::from(bytes)), name, &options);
    let data = DataTransfer::new().unwrap();
    data.items().add_with_file(&file.unwrap()).unwrap();
    let field: HtmlInputElement = page.get("picture-field").unchecked_into();
    field.set_files(data.files().as_ref());
    let bubbles = EventInit::new();
    bubbles.set_bubbles(true);
    field.dispatch_event(&Event::new_with_event_init_dict("change", &bubbles).unwrap()).unwrap();
}

#[wasm_bindgen_test]
async fn an_owner_chooses_a_picture_which_is_drawn_anew() {
    let page = opened(vec![rooms::shows(PICTURE)]).await;
    page.click("chat-details").await;
    page.see("room-details").await;
    assert!(page.find("picture-choose").is_none(), "an admin does not");
    page.client.apply(vec![rooms::told(Room { affiliation: Affiliation::Owner, ..rooms::room() })]);
    page.see("picture-choose").await;
    let set = || {
        page.asked.borrow().iter().rev().find_map(|command| match command {
            Command::Room(RoomOrder::SetPicture { file, .. }) => Some(file.clone()),
            _ => None,
        })
    };
    choose(&page, "words.png", b"no picture");
    until("a complaint", || !page.all("dialog [role=alert]").is_empty()).await;
    assert!(set().is_none());
    choose(&page, "icon.png", PICTURE);
    until("set", || set().is_some()).await;
    let file = set().unwrap().unwrap();
    assert!(file != PICTURE && Face::read(file).is_some());
    page.click("picture-remove").await;
    assert_eq!(set(), Some(None));
}
