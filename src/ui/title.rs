//! How many messages wait, in the title of the window and on its icon.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, BlobPropertyBag, Element, Response, Url};

use super::client::Client;
use super::parts::browser::document;
use super::parts::live::{at_end, watch};
use super::parts::state::State;
use crate::present::conversation_rows::Entry;

/// Messages in all conversations that are counted.
pub(crate) fn counted(client: Client) -> u32 {
    client.watch_contact_names();
    let blocked = client.blocked();
    let desk = client.desk();
    let waiting = if desk.on { u32::try_from(desk.waiting()).unwrap_or(u32::MAX) } else { 0 };
    client.conversations().iter().fold(waiting, |sum: u32, one| {
        let (is_contact, is_blocked) = (client.is_contact(&one.peer), blocked.has(&one.peer));
        sum.saturating_add(Entry { conversation: one, is_contact, is_blocked }.counted())
    })
}

/// Tells them until the current owner goes.
pub(crate) fn follow(client: Client) {
    let title = document().title();
    let unread = State::following(move || counted(client));
    let icon = document().query_selector("link[rel=icon]").ok().flatten();
    let plain = icon.as_ref().and_then(|icon| icon.get_attribute("href"));
    let quiet = title.clone();
    watch(move || {
        let unread = unread.get();
        document().set_title(&if unread > 0 { format!("({unread}) {title}") } else { title.clone() });
    });
    let marks = icon
        .zip(plain)
        .map(|(icon, plain)| Rc::new(Icon { icon, plain, drawn: RefCell::default(), wanted: Cell::new(0) }));
    let icon = marks.clone();
    let number = State::following(move || unread.get().min(MANY));
    watch(move || {
        let number = number.get();
        if let Some(icon) = &icon {
            icon.show(number);
        }
    });
    at_end(move || {
        document().set_title(&quiet);
        if let Some(icon) = &marks {
            icon.show(0);
        }
    });
}

/// From this number on the icon says that it is many.
const MANY: u32 = 10;

/// The icon of the window. A picture of it is drawn once for each number and kept for as long as the page: a browser may
/// still be fetching the one that was shown before.
struct Icon {
    icon: Element,
    plain: String,
    drawn: RefCell<Vec<(u32, String)>>,
    wanted: Cell<u32>,
}

impl Icon {
    /// Shows a number; the icon as it is, for none.
    fn show(self: &Rc<Self>, number: u32) {
        self.wanted.set(number);
        if number == 0 {
            return self.set(&self.plain);
        }
        let drawn = self.drawn.borrow().iter().find(|(known, _)| *known == number).map(|(_, url)| url.clone());
        if let Some(url) = drawn {
            return self.set(&url);
        }
        let icon = self.clone();
        spawn_local(async move {
            let Some(url) = draw(&icon.plain, number).await else { return };
            icon.drawn.borrow_mut().push((number, url.clone()));
            if icon.wanted.get() == number {
                icon.set(&url);
            }
        });
    }

    fn set(&self, url: &str) {
        if self.icon.get_attribute("href").as_deref() != Some(url) {
            let _ = self.icon.set_attribute("href", url);
        }
    }
}

/// Draws a number upon the icon, which is a drawing itself: a mark is put before its end.
async fn draw(plain: &str, number: u32) -> Option<String> {
    let response = JsFuture::from(web_sys::window()?.fetch_with_str(plain)).await.ok()?;
    let text = response.unchecked_into::<Response>().text().ok()?;
    let drawing = JsFuture::from(text).await.ok()?.as_string()?;
    let (drawing, _) = drawing.rsplit_once("</svg>")?;
    let number = if number < MANY { number.to_string() } else { "9+".to_owned() };
    let marked = format!(
        "{drawing}<circle cx=\"44\" cy=\"20\" r=\"20\" fill=\"#a9342b\"/><text x=\"44\" y=\"30\" fill=\"#fff\" \
         font-family=\"sans-serif\" font-size=\"28\" font-weight=\"700\" text-anchor=\"middle\">{number}</text></svg>"
    );
    let kind = BlobPropertyBag::new();
    kind.set_type("image/svg+xml");
    let blob = Blob::new_with_str_sequence_and_options(&js_sys::Array::of1(&marked.into()), &kind).ok()?;
    Url::create_object_url_with_blob(&blob).ok()
}
