//! What people wrote, as it is shown: XEP-0393 (styling), XEP-0245 (actions), XEP-0382 (spoilers), links and mentions.
//!
//! All of a text is in the page, the marks of its style too, so that copying gives what was written; they are only not
//! to be seen or heard.

use std::rc::Rc;

use leptos::reactive::graph::untrack;
use web_sys::{Event, Url};

use crate::jid::BareJid;
use crate::present::rich_text::{Block, Row, Span, Style, action, blocks, mentions_in, nickname_in};
use crate::present::text::beginning;
use crate::ui::client::Client;
use crate::ui::page::Dialog;
use crate::ui::parts::el::{El, IntoView, View, a, blockquote, button, code, del, div, em, pre, span, strong};
use crate::ui::parts::live::{act, live};
use crate::ui::parts::state::State;
use crate::ui::words;

/// What is known of a text beside its letters.
#[derive(Clone, Default)]
pub(crate) struct How {
    /// Who wrote it, for what they say they do.
    pub(crate) author: Rc<str>,
    /// The sender said that nothing in it is style (XEP-0393 §6.2).
    pub(crate) unstyled: bool,
    /// The names of the one who reads it. Where they stand in the text is marked.
    pub(crate) names: Rc<[String]>,
    /// The one name is a nickname, which needs no sign.
    pub(crate) is_nick: bool,
}

impl How {
    /// How to show what `author` wrote. What others wrote may name the reader.
    pub(crate) fn of(client: Client, peer: &BareJid, author: &str, own: bool) -> Self {
        let local = || client.account().and_then(|account| account.address.local().map(str::to_owned));
        let nick = untrack(|| client.room(peer)).map(|room| room.nick.clone());
        let is_nick = nick.is_some();
        let me = nick.or_else(|| untrack(local));
        // "You waves" is no sentence.
        let author = me.as_deref().filter(|_| own).unwrap_or(author).into();
        Self { author, unstyled: false, names: me.filter(|_| !own).into_iter().collect(), is_nick }
    }
}

/// A text in its style.
pub(crate) fn rich(client: Client, text: &str, how: &How) -> View {
    let names: Vec<&str> = how.names.iter().map(String::as_str).collect();
    let writer = Writer { client, names: &names, is_nick: how.is_nick };
    match action(text).filter(|_| !how.unstyled) {
        Some(rest) => {
            let actor = strong().class("actor").child(&*how.author);
            let rest = writer.blocks(&blocks(rest, true));
            em().class("action").attr("data-testid", "action").child((mark("/me "), actor, " ", rest)).into_view()
        }
        None => writer.blocks(&blocks(text, !how.unstyled)),
    }
}

/// A text of any length: of a very long one the beginning, until `whole` is set.
pub(crate) fn long(client: Client, text: &str, how: &How, whole: State<bool>) -> View {
    match beginning(text).filter(|_| !whole.get()) {
        Some(beginning) => {
            let more = button()
                .class("button show-all")
                .attr("type", "button")
                .click(move || whole.set(true))
                .child(words::SHOW_ALL);
            (rich(client, beginning, how), "… ", more).into_view()
        }
        None => rich(client, text, how),
    }
}

/// What is not to be seen until somebody wants to (XEP-0382): `content` is made then. The hint may be empty.
pub(crate) fn spoiler(hint: &str, content: impl Fn() -> View + 'static) -> View {
    let open = State::new(false);
    let label = if hint.is_empty() { words::SPOILER.to_owned() } else { format!("{}: {hint}", words::SPOILER) };
    let toggle = button()
        .class("spoiler")
        .attr("type", "button")
        .attr("data-testid", "spoiler")
        .attr("aria-expanded", live(move || if open.get() { "true" } else { "false" }))
        .click(move || open.set(!open.get_untracked()))
        .child((
            span().attr("dir", "auto").child(label),
            " ",
            span().class("deed").child(live(move || if open.get() { words::HIDE } else { words::SHOW })),
        ));
    let hidden = live(move || open.get().then(|| untrack(&content)));
    (toggle, div().class("revealed").attr("data-testid", "revealed").child(hidden)).into_view()
}

/// A sign that is part of the text and not of what it says.
fn mark(text: &str) -> El {
    span().class("sign").attr("aria-hidden", "true").child(text)
}

/// A line break where a block makes one by itself.
fn seam() -> El {
    mark("\n").class("sign seam")
}

#[derive(Clone, Copy)]
struct Writer<'a> {
    client: Client,
    names: &'a [&'a str],
    is_nick: bool,
}

impl Writer<'_> {
    fn blocks(self, blocks: &[Block<'_>]) -> View {
        let mut views: Vec<View> = Vec::new();
        let mut before: Option<&Block<'_>> = None;
        for block in blocks {
            match (before, block) {
                (None, _) => {}
                (Some(Block::Line { .. }), Block::Line { .. }) => views.push("\n".into_view()),
                _ => views.push(seam().into_view()),
            }
            views.push(match block {
                Block::Line { lead, spans } => (lead_of(lead), self.spans(spans)).into_view(),
                Block::Quote(inner) => blockquote().class("quote").child(self.blocks(inner)).into_view(),
                Block::Pre { rows, closed } => preformatted(rows, *closed),
            });
            before = Some(block);
        }
        views.into_view()
    }

    fn spans(self, spans: &[Span<'_>]) -> View {
        let mut views: Vec<View> = Vec::new();
        for span in spans {
            views.push(match span {
                Span::Text(text) => self.text(text),
                Span::Link(text) => link(self.client, text).unwrap_or_else(|| text.into_view()),
                Span::Styled(style, inner) => {
                    let element = match style {
                        Style::Strong => strong(),
                        Style::Emphasis => em(),
                        Style::Strike => del(),
                        Style::Code => code(),
                    };
                    let sign = || mark(style.mark());
                    let inner = match (style, inner.as_slice()) {
                        (Style::Code, [Span::Text(text)]) => text.into_view(),
                        _ => self.spans(inner),
                    };
                    element.child((sign(), inner, sign())).into_view()
                }
            });
        }
        views.into_view()
    }

    fn text(self, text: &str) -> View {
        if self.names.is_empty() {
            return text.into_view();
        }
        let pieces = match self.names {
            [nick] if self.is_nick => nickname_in(text, nick),
            names => mentions_in(text, names),
        };
        let mut views: Vec<View> = Vec::new();
        for (piece, names_me) in pieces {
            views.push(match names_me {
                true => span().class("mention").attr("data-testid", "mention").child(piece).into_view(),
                false => piece.into_view(),
            });
        }
        views.into_view()
    }
}

fn lead_of(lead: &str) -> Option<El> {
    (!lead.is_empty()).then(|| mark(lead))
}

fn preformatted(rows: &[Row<'_>], closed: bool) -> View {
    let last = rows.len().saturating_sub(usize::from(closed));
    let mut views: Vec<View> = Vec::new();
    for (number, row) in rows.iter().enumerate() {
        let is_sign = number == 0 || number >= last;
        if number > 0 {
            // The breaks behind the first line and before the last one go with them.
            views.push(if number == 1 || is_sign { seam().into_view() } else { "\n".into_view() });
        }
        views.push(lead_of(row.lead()).into_view());
        views.push(if is_sign { mark(row.text()).class("sign seam").into_view() } else { row.text().into_view() });
    }
    // What is wider than the page moves; with a keyboard it moves only if it can have the focus.
    pre().class("pre").attr("tabindex", "0").attr("data-testid", "pre").child(code().child(views)).into_view()
}

/// A link, if it is one that may be followed.
fn link(client: Client, text: &str) -> Option<View> {
    let url = Url::new(text).ok()?;
    let scheme = url.protocol();
    let allowed = matches!(scheme.as_str(), "https:" | "http:" | "mailto:" | "xmpp:" | "geo:" | "tel:");
    // "https://bank.example@evil.example" is a trick to show the wrong name.
    if !allowed || !url.username().is_empty() || !url.password().is_empty() {
        return None;
    }
    if scheme == "xmpp:" {
        return inside(client, text, &url);
    }
    let shown = if is_honest(text, &url) { text.to_owned() } else { url.href() };
    let link = a()
        .attr("href", url.href())
        .attr("target", "_blank")
        .attr("rel", "noopener noreferrer nofollow ugc")
        .attr("dir", "ltr")
        .child(shown);
    Some(link.into_view())
}

/// Whether a link, as it was written, shows the host that it leads to.
fn is_honest(text: &str, url: &Url) -> bool {
    let host = url.hostname();
    if host.is_empty() {
        return true;
    }
    // A name of foreign letters may look like another one; its plain form cannot.
    let is_foreign = host.split('.').any(|label| label.starts_with("xn--"));
    let shown = text.split_once("://").map(|(_, rest)| rest.to_ascii_lowercase()).unwrap_or_default();
    let behind = shown.strip_prefix(host.as_str());
    !is_foreign && behind.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', ':', '?', '#']))
}

/// A link to somebody. It stays in this page, and asks before it opens a conversation.
fn inside(client: Client, text: &str, url: &Url) -> Option<View> {
    // "xmpp://own@address/" says who is to follow it, which is for the reader to say.
    let path = url.pathname();
    let bare = path.split('/').next().filter(|_| url.host().is_empty())?;
    let address = String::from(js_sys::decode_uri_component(bare).ok()?);
    let address = client.read_address(&address).ok()?;
    if client.page().embedded.get_untracked() {
        return None;
    }
    let ask = {
        let address = address.clone();
        Rc::new(move || client.page().dialog.set(Some(Dialog::Write(address.clone()))))
    };
    let also = ask.clone();
    let clicked = act(move |event: Event| {
        event.prevent_default();
        ask();
    });
    // With the middle button, too, nothing opens unasked.
    let aux = act(move |event: Event| {
        event.prevent_default();
        also();
    });
    let link = a()
        .attr("href", route(&address))
        .attr("rel", "noopener noreferrer nofollow ugc")
        .attr("data-testid", "address-link")
        .attr("dir", "ltr")
        .on("click", clicked)
        .on("auxclick", aux)
        .child(text);
    Some(link.into_view())
}

/// Where this page shows the conversation with somebody.
fn route(address: &BareJid) -> String {
    format!("#/chat/{}", js_sys::encode_uri_component(address.as_str()))
}
