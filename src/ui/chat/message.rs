//! One message.

use super::text::{How, long, spoiler};
use crate::ui::parts::el::{IntoView, View, button, div, span};
use crate::ui::parts::state::State;
use leptos::reactive::graph::untrack;
use std::rc::Rc;

use super::talk::Talk;
use crate::domain::account::Connection;
use crate::domain::timeline::{Body, Delivery, Direction, Message, MessageKey};
use crate::engine::command::Command;
use crate::jid::BareJid;
use crate::present::grouping::Shape;
use crate::present::text::is_lone_emoji;
use crate::present::{rooms, wording};
use crate::ui::client::Client;
use crate::ui::parts::browser::civil;
use crate::ui::parts::icon::{CLOCK, Icon, TICK, TICKS, UP, WARNING, icon};
use crate::ui::parts::live::live;
use crate::ui::words;

/// A message with what stands above it, and under the newest own one in words how far it came.
pub(super) fn row(talk: &Talk, message: Rc<Message>, shape: Shape, last_own: State<Option<MessageKey>>) -> View {
    let Talk { client, peer, .. } = talk.clone();
    let page = client.page();
    let stamp = message.stamp;
    let day = shape.day.then(|| {
        let label = live(move || civil(stamp).day.label(page.today.get()));
        div().class("day").attr("data-testid", "day-divider").child(span().child(label))
    });
    let new = shape
        .new
        .then(|| div().class("new").attr("data-testid", "new-messages").child(span().child(words::NEW_MESSAGES)));
    let key = message.key;
    let own = message.direction == Direction::Out;
    let whole = State::new(false);
    let author = if own { words::YOU.to_owned() } else { super::room::name_of(client, &message.from, &message) };
    let manner = message.manner().cloned().unwrap_or_default();
    let how = How { unstyled: manner.unstyled, ..How::of(client, &peer, &author, own) };
    // What changes while the message stands there is its state; its words hardly ever do.
    let state = {
        let (peer, message) = (peer.clone(), message.clone());
        live(move || current(client, &peer, &message).delivery.as_ref().map(Delivery::name))
    };
    let body = {
        let (peer, message, file) = (peer.clone(), message.clone(), message.clone());
        // A new state must not build the words anew: somebody may be selecting them.
        let said = State::following(move || {
            let message = current(client, &peer, &message);
            Some((message.body.clone(), message.more.as_ref().and_then(|more| more.removed.clone())))
        });
        live(move || {
            let (said, removed) = said.get()?;
            if let Some(removed) = removed {
                let words = super::room::removed(&removed);
                return Some(span().class("unreadable").attr("data-testid", "removed").child(words).into_view());
            }
            let file = said.text().and_then(|text| super::file::view(client, &file, text));
            if let Some(file) = file {
                return Some(file);
            }
            Some(match manner.spoiler.as_ref().filter(|_| said.text().is_some()) {
                Some(hint) => {
                    let how = how.clone();
                    spoiler(hint, move || body(client, &said, &how, whole))
                }
                None => body(client, &said, &how, whole),
            })
        })
    };
    let mark = own.then(|| {
        let (peer, message) = (peer.clone(), message.clone());
        live(move || current(client, &peer, &message).delivery.as_ref().map(mark))
    });
    let trouble = own.then(|| {
        let (peer, message) = (peer.clone(), message.clone());
        live(move || {
            let message = current(client, &peer, &message);
            let delivery = message.delivery.as_ref()?;
            let is_last = || last_own.with(|last| *last == Some(message.key));
            under(client, &peer, &message, delivery, is_last)
        })
    });
    // What is said about a message comes and goes; most have nothing of it.
    let extra = |part: fn(&Talk, &Rc<Message>) -> Option<View>| {
        let (talk, message) = (talk.clone(), message.clone());
        let more = State::following({
            let (talk, message) = (talk.clone(), message.clone());
            move || current(client, &talk.peer, &message).more.clone()
        });
        live(move || {
            more.track();
            untrack(|| part(&talk, &current(client, &talk.peer, &message)))
        })
    };
    let quote = extra(|talk, message| super::extras::quote(talk, message));
    let edited = extra(|talk, message| super::extras::edited(talk, message));
    let reactions = extra(super::extras::reactions);
    let amending = {
        let (talk, message) = (talk.clone(), message.clone());
        own.then(|| live(move || super::extras::amending(&talk, &current(client, &talk.peer, &message))))
    };
    let is_plain = message.manner().is_none_or(|manner| manner.spoiler.is_none());
    let lone = is_plain && matches!(&message.body, Body::Text(text) if is_lone_emoji(text));
    let (picture, name) = match shape.start {
        true => (super::room::picture(&message), super::room::author(client, &peer, &message)),
        false => (None, None),
    };
    let named = name.unwrap_or_else(|| span().class("unseen").child(format!("{author}: ")).into_view());
    let is_many = message.author.is_some().then_some("");
    let names_me = message.more.as_ref().is_some_and(|more| more.mentions_me).then_some("");
    let bubble = div().class(if lone { "bubble lone" } else { "bubble" }).child((
        named,
        super::private::mark(&message),
        quote,
        div().class("body").attr("data-testid", "message-body").attr("dir", "auto").child(body),
        span().class("meta").child((edited, span().class("time").child(civil(stamp).time()), mark)),
    ));
    let class = if shape.start { "message start" } else { "message" };
    let shown = div()
        .class(class)
        .attr("data-testid", "message")
        .attr("data-direction", if own { "out" } else { "in" })
        .attr("data-state", state)
        .attr("data-many", is_many)
        .attr("data-names-me", names_me)
        .attr("data-private", message.private.is_some().then_some(""))
        .attr("data-from", message.from.to_string())
        .attr("data-encrypted", "false")
        .attr("data-key", key.0.to_string())
        .child((picture, bubble, reactions, amending, trouble));
    (day, new, shown).into_view()
}

/// The message as it is now; as it was, if it is just going.
fn current(client: Client, peer: &BareJid, known: &Rc<Message>) -> Rc<Message> {
    client.message(peer, known.key).unwrap_or_else(|| known.clone())
}

fn body(client: Client, body: &Body, how: &How, whole: State<bool>) -> View {
    match body {
        Body::Text(text) => long(client, text, how, whole),
        Body::Retracted => span().class("unreadable").child(words::RETRACTED).into_view(),
        Body::Unreadable | Body::Gap(_) => span().class("unreadable").child(words::UNREADABLE).into_view(),
    }
}

fn mark(delivery: &Delivery) -> View {
    let shape: Icon = match delivery {
        Delivery::Queued => CLOCK,
        Delivery::Sent => UP,
        Delivery::Acked => TICK,
        Delivery::Delivered | Delivery::Displayed => TICKS,
        Delivery::Failed(_) | Delivery::Unknown => WARNING,
    };
    let word = wording::delivery(delivery);
    span().class("mark").attr("title", word).child((icon(shape), span().class("unseen").child(word))).into_view()
}

/// What is to be said under an own message: what went wrong and the ways out, that it waits for a connection, or of
/// the newest one how far it came. Of all others the mark says enough.
fn under(
    client: Client,
    peer: &BareJid,
    message: &Message,
    delivery: &Delivery,
    is_last: impl FnOnce() -> bool,
) -> Option<View> {
    let state = wording::delivery(delivery);
    let waits = *delivery == Delivery::Queued && !matches!(client.connection(), Connection::Online);
    let key = message.key;
    let (why, again) = match (delivery, &message.private) {
        (Delivery::Failed(refusal), Some(who)) => {
            (format!("{state}. {}", rooms::whisper_refused(&who.nick, refusal)), true)
        }
        (Delivery::Failed(refusal), None) => (format!("{state}. {}", wording::refusal(refusal)), true),
        (Delivery::Unknown, _) => (format!("{state}."), true),
        _ if waits => (state.to_owned(), false),
        // The mark has said it to who listens.
        _ if is_last() => {
            return Some(
                div()
                    .class("under")
                    .attr("data-testid", "state-words")
                    .attr("aria-hidden", "true")
                    .child(state)
                    .into_view(),
            );
        }
        _ => return None,
    };
    let (retried, discarded) = (peer.clone(), peer.clone());
    let retry = again.then(|| {
        let retry = move || client.send(Command::Retry { peer: retried.clone(), key });
        way("retry", words::RETRY, retry)
    });
    let discard = move || client.send(Command::Discard { peer: discarded.clone(), key });
    let discard = way("discard", words::DISCARD, discard);
    let said = span().attr("data-testid", "state-words").attr("dir", "auto").child(why);
    Some(div().class(if again { "under trouble" } else { "under" }).child((said, retry, discard)).into_view())
}

/// A way out of trouble.
pub(super) fn way(hook: &'static str, label: &'static str, go: impl FnMut() + 'static) -> View {
    button().class("link").attr("type", "button").attr("data-testid", hook).click(go).child(label).into_view()
}
