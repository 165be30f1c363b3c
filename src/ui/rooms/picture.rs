//! Giving a group chat another picture: it is drawn anew, small, so nothing goes out that a photograph tells beside itself.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, Event, HtmlCanvasElement, HtmlImageElement, HtmlInputElement, Url};

use crate::domain::room::{Affiliation, Phase};
use crate::engine::rooms::RoomOrder;
use crate::jid::BareJid;
use crate::ui::client::Client;
use crate::ui::dialogs::complaint;
use crate::ui::parts::browser::{document, listen};
use crate::ui::parts::el::{El, IntoView, View, button, div, img, input};
use crate::ui::parts::live::{act, live};
use crate::ui::parts::state::State;
use crate::ui::room_words as words;

/// Pixels of a side.
const SIDE: u32 = 256;
/// Characters of a drawing that goes out as it is; what is longer goes out as a JPEG.
const SHORT: usize = 60_000;

/// The ways to another picture, for whoever owns a group chat that can have one.
pub(super) fn picture(client: Client, room: BareJid) -> View {
    let whose = room.clone();
    let may = State::following(move || {
        let known = client.room(&whose);
        let owns = known.is_some_and(|room| room.affiliation == Affiliation::Owner && room.phase == Phase::Joined);
        let shown = client.face_of(&whose).filter(|shown| owns && shown.settable);
        shown.map(|shown| !shown.names.is_empty())
    });
    live(move || may.get().map(|has| ways(client, &room, has))).into_view()
}

fn ways(client: Client, room: &BareJid, has: bool) -> View {
    let problem = State::new(None);
    let field =
        input().attr("type", "file").attr("accept", "image/*").attr("hidden", "").attr("data-testid", "picture-field");
    let chooser: HtmlInputElement = field.node();
    let (chosen, whose) = (chooser.clone(), room.clone());
    let take = act(move |_: Event| {
        problem.set(None);
        if let Some(file) = chosen.files().and_then(|files| files.get(0)) {
            let room = whose.clone();
            let done = move |drawn: Option<Vec<u8>>| match drawn {
                Some(file) => client.order(RoomOrder::SetPicture { room: room.clone(), file: Some(file) }),
                None => problem.set(Some(words::NO_PICTURE)),
            };
            if let Ok(url) = Url::create_object_url_with_blob(&file) {
                draw(url, done);
            }
        }
        chosen.set_value("");
    });
    let way = |hook: &'static str, label: &'static str| -> El {
        button().class("button").attr("type", "button").attr("data-testid", hook).child(label)
    };
    let removed = room.clone();
    let remove = move || client.order(RoomOrder::SetPicture { room: removed.clone(), file: None });
    let remove = has.then(|| way("picture-remove", words::TAKE_PICTURE).click(remove));
    let choose = way("picture-choose", words::CHOOSE_PICTURE).click(move || chooser.click());
    (div().class("room-ways").child((choose, remove, field.on("change", take))), complaint(problem)).into_view()
}

/// Draws the middle of a picture, as large as it is shown at most.
fn draw(url: String, done: impl Fn(Option<Vec<u8>>) + Clone + 'static) {
    let picture: HtmlImageElement = img().node();
    let (drawn, address, failed) = (picture.clone(), url.clone(), done.clone());
    listen(&picture, "load", move |_| {
        let _ = Url::revoke_object_url(&address);
        done(file_of(&drawn).ok());
    });
    listen(&picture, "error", move |_| failed(None));
    picture.set_src(&url);
}

fn file_of(picture: &HtmlImageElement) -> Result<Vec<u8>, JsValue> {
    let (wide, high) = (picture.natural_width(), picture.natural_height());
    let middle = wide.min(high);
    let side = f64::from(middle.min(SIDE));
    let canvas: HtmlCanvasElement = document().create_element("canvas")?.unchecked_into();
    canvas.set_width(middle.min(SIDE));
    canvas.set_height(middle.min(SIDE));
    let context: CanvasRenderingContext2d = canvas.get_context("2d")?.ok_or(JsValue::NULL)?.unchecked_into();
    let half = |length: u32| f64::from(length.saturating_sub(middle)) / 2.0;
    let middle = f64::from(middle);
    context.draw_image_with_html_image_element_and_sw_and_sh_and_dx_and_dy_and_dw_and_dh(
        picture,
        half(wide),
        half(high),
        middle,
        middle,
        0.0,
        0.0,
        side,
        side,
    )?;
    let mut address = canvas.to_data_url()?;
    if address.len() > SHORT {
        // A JPEG has nothing to see through.
        context.set_global_composite_operation("destination-over")?;
        context.set_fill_style_str("#fff");
        context.fill_rect(0.0, 0.0, side, side);
        address = canvas.to_data_url_with_type_and_encoder_options("image/jpeg", &0.85.into())?;
    }
    let data = address.split_once(',').map_or("", |(_, data)| data);
    let bytes = web_sys::window().ok_or(JsValue::NULL)?.atob(data)?;
    // Each character is one byte.
    Ok(bytes.chars().map(|byte| u32::from(byte) as u8).collect())
}
