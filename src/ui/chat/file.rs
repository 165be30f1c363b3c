//! A message that is a file: a picture, or a card with a way to it.

use web_sys::{Event, Url};

use crate::domain::file::is_picture;
use crate::domain::timeline::{Direction, Message, MessageKey};
use crate::engine::mirror::Timeline;
use crate::jid::BareJid;
use crate::present::files;
use crate::ui::client::Client;
use crate::ui::parts::el::{El, IntoView, View, a, button, img, span};
use crate::ui::parts::icon::{FILE, WARNING, icon};
use crate::ui::parts::live::{act, live};
use crate::ui::parts::state::State;
use crate::ui::words;

/// The height of a row with a picture and its name, and of one with a card, in pixels. `style/files.css` makes them so;
/// the edges of the bubble are 19.
const PICTURE: f64 = 15.0 * 16.0 + 21.0 + 19.0;
const CARD: f64 = 3.5 * 16.0 + 19.0;

/// What stands in the bubble of a message that is a file. `None`, if its text is none that can be gone to.
pub(super) fn view(client: Client, message: &Message, text: &str) -> Option<View> {
    if !message.manner().is_some_and(|manner| manner.file) {
        return None;
    }
    let url = Url::new(text).ok()?;
    // What is another name before the host is there to deceive.
    let is_fit =
        matches!(&*url.protocol(), "https:" | "http:") && url.username().is_empty() && url.password().is_empty();
    if !is_fit {
        return None;
    }
    let file = File { address: url.href(), host: url.hostname(), name: files::name(&url.href()) };
    Some(if is_picture(&file.name) { picture(client, message, file) } else { card(&file) })
}

/// How high a row is that is a file, before anybody measured it. `None`, if it is none.
pub(super) fn guess(timeline: &Timeline, place: usize) -> Option<f64> {
    let message = timeline.get(place)?;
    let text = message.body.text()?;
    message
        .manner()
        .is_some_and(|manner| manner.file)
        .then(|| if is_picture(&files::name(text)) { PICTURE } else { CARD })
}

#[derive(Clone)]
struct File {
    /// As the browser reads it.
    address: String,
    host: String,
    name: String,
}

impl File {
    /// A link that leads out of this page, and tells nothing of where from.
    fn link(&self) -> El {
        a().attr("href", &*self.address).attr("target", "_blank").attr("rel", "noopener noreferrer nofollow ugc")
    }
}

fn card(file: &File) -> View {
    file.link()
        .class("file-card")
        .attr("data-testid", "file-card")
        .child((
            icon(FILE),
            span().class("lines").child((
                span().class("name").attr("dir", "auto").child(&*file.name),
                span().class("line").child(format!("{} · {}", files::kind(&file.name), file.host)),
            )),
        ))
        .into_view()
}

/// A picture in a box whose size is known before it is there. It is fetched only if that tells nothing to a stranger.
fn picture(client: Client, message: &Message, file: File) -> View {
    let (key, own, from) = (message.key, message.direction == Direction::Out, message.from.clone());
    let host = file.host.clone();
    let page = client.page();
    let wanted = move || page.wanted_pictures.with(|wanted| wanted.contains(&key));
    let shows = State::following(move || wanted() || may_fetch(client, own, &from, &host));
    let failed = State::new(false);
    let shown = file.clone();
    let content = live(move || match (shows.get(), failed.get()) {
        (false, _) => ask(client, key, &shown),
        (true, true) => sorry(&shown, failed),
        (true, false) => {
            let fails = act(move |_: Event| failed.set(true));
            let picture = img()
                .attr("loading", "lazy")
                .attr("decoding", "async")
                .attr("referrerpolicy", "no-referrer")
                .attr("alt", &*shown.name)
                .on("error", fails)
                .attr("src", &*shown.address);
            shown.link().class("picture").attr("data-testid", "picture").child(picture).into_view()
        }
    });
    let name = span().class("file-name").attr("dir", "auto").child(&*file.name);
    span().class("picture-box").child((content, name)).into_view()
}

fn ask(client: Client, key: MessageKey, file: &File) -> View {
    button()
        .class("picture")
        .attr("type", "button")
        .attr("data-testid", "load-picture")
        .click(move || client.page().wanted_pictures.update(|wanted| wanted.push(key)))
        .child((icon(FILE), span().child(format!("{} {}", words::LOAD_PICTURE, file.host))))
        .into_view()
}

fn sorry(file: &File, failed: State<bool>) -> View {
    let retry = super::message::way("picture-retry", words::RETRY, move || failed.set(false));
    let open = file.link().class("link").child(format!("{} {}", words::OPEN_AT, file.host));
    span()
        .class("picture")
        .attr("data-testid", "picture-failed")
        .child((icon(WARNING), span().child(words::NO_PICTURE), span().class("ways").child((retry, open))))
        .into_view()
}

/// Whether a picture may be fetched without asking: whoever has it learns when and from where. So only of contacts
/// and of the user, and only from where the user's own server keeps files, or the operator of this page says so.
fn may_fetch(client: Client, own: bool, from: &BareJid, host: &str) -> bool {
    let is_home = || client.account().is_some_and(|account| account.address.domain() == host);
    let is_kept = || client.abilities().upload.is_some_and(|able| able.hosts.iter().any(|known| known == host));
    let is_allowed = || client.page().picture_hosts.with(|hosts| hosts.iter().any(|known| known == host));
    (own || client.contact(from).is_some()) && (is_home() || is_kept() || is_allowed())
}
