//! What stands around the text of a message: what it answers, that it was changed, and the signs that people gave.

use std::rc::Rc;

use super::message::way;
use super::room::called;
use super::talk::Talk;
use crate::domain::account::Connection;
use crate::domain::timeline::{Delivery, Direction, Message};
use crate::engine::command::{Command, Sending};
use crate::present::{text, wording};
use crate::ui::page::Dialog;
use crate::ui::parts::el::{IntoView, View, button, div, span};
use crate::ui::parts::icon::{REPLY, icon};
use crate::ui::words;

/// The message that is answered, in short. It leads there.
pub(super) fn quote(talk: &Talk, message: &Message) -> Option<View> {
    let reply = message.reply()?;
    // What is not here can only be claimed.
    let who = match reply.author {
        Some(direction) => called(talk.client, &talk.peer, reply.nick.as_deref(), direction),
        None => {
            let nick = message.author.as_ref().map(|author| &*author.nick);
            format!("{} {}", words::QUOTED_BY, called(talk.client, &talk.peer, nick, message.direction))
        }
    };
    let said = if reply.quote.trim().is_empty() { words::A_MESSAGE.to_owned() } else { reply.quote.clone() };
    let lines = (
        span().class("quote-author").attr("dir", "auto").child((icon(REPLY), span().child(who))),
        span().class("quote-text").attr("dir", "auto").child(said),
    );
    Some(match reply.to {
        Some(to) => {
            let wanted = talk.wanted;
            button()
                .class("answered")
                .attr("type", "button")
                .attr("data-testid", "quote")
                .click(move || wanted.set(Some(to)))
                .child(lines)
                .into_view()
        }
        None => div().class("answered").attr("data-testid", "quote").child(lines).into_view(),
    })
}

/// That the text was changed; it leads to what it said before.
pub(super) fn edited(talk: &Talk, message: &Message) -> Option<View> {
    if message.versions().is_empty() {
        return None;
    }
    let (page, peer, key) = (talk.client.page(), talk.peer.clone(), message.key);
    let show = move || page.dialog.set(Some(Dialog::Message(peer.clone(), key)));
    if page.embedded.get_untracked() {
        return Some(span().class("edited").attr("data-testid", "edited").child(words::EDITED).into_view());
    }
    let edited = button().class("edited").attr("type", "button").attr("data-testid", "edited");
    Some(edited.attr("title", words::EARLIER_TEXTS).click(show).child(words::EDITED).into_view())
}

/// The signs that were given, each a button that gives or takes back the user's own.
pub(super) fn reactions(talk: &Talk, message: &Rc<Message>) -> Option<View> {
    if message.reactions().is_empty() {
        return None;
    }
    let signs: Vec<View> = message
        .reactions()
        .iter()
        .map(|reaction| {
            let (toggled, known, sign) = (talk.clone(), message.clone(), reaction.emoji.clone());
            let mut who = Vec::new();
            if reaction.own {
                who.push(words::YOU.to_owned());
            }
            who.extend(reaction.by.iter().map(|nick| text::name(nick)));
            if reaction.theirs && reaction.by.is_empty() {
                who.push(called(talk.client, &talk.peer, None, Direction::In));
            }
            let both = (who.len() > 1).then(|| span().class("count").child(who.len().to_string()));
            button()
                .class("reaction")
                .attr("type", "button")
                .attr("data-testid", "reaction")
                .attr("aria-pressed", if reaction.own { "true" } else { "false" })
                .attr("title", who.join(", "))
                .click(move || react(&toggled, &known, &sign))
                .child((reaction.emoji.clone(), both, span().class("unseen").child(who.join(", "))))
                .into_view()
        })
        .collect();
    let label = words::REACTIONS;
    Some(div().class("reactions").attr("role", "group").attr("aria-label", label).child(signs).into_view())
}

/// Gives a sign, or takes it back.
pub(super) fn react(talk: &Talk, message: &Message, sign: &str) {
    let own = message.reactions().iter().filter(|reaction| reaction.own).map(|reaction| reaction.emoji.clone());
    let mut emojis: Vec<String> = own.collect();
    if emojis.iter().any(|known| known == sign) {
        emojis.retain(|known| known != sign);
    } else {
        emojis.push(sign.to_owned());
    }
    talk.send(Sending::React { key: message.key, emojis });
}

/// An own change of a message that the server does not have: that it is on its way, or what went wrong with it.
pub(super) fn amending(talk: &Talk, message: &Message) -> Option<View> {
    let amending = message.amending()?;
    let (words, failed) = match &amending.delivery {
        Delivery::Failed(refusal) => (format!("{} {}", words::CHANGE_REFUSED, wording::refusal(refusal)), true),
        Delivery::Unknown => (words::CHANGE_UNKNOWN.to_owned(), true),
        _ if amending.retracts => (words::BEING_REMOVED.to_owned(), false),
        // What waits only a moment is not worth a word.
        Delivery::Queued if !matches!(talk.client.connection(), Connection::Online) => {
            (words::CHANGE_WAITS.to_owned(), false)
        }
        _ => return None,
    };
    let key = message.key;
    let command = |make: fn(crate::jid::BareJid, crate::domain::timeline::MessageKey) -> Command| {
        let (client, peer) = (talk.client, talk.peer.clone());
        move || client.send(make(peer.clone(), key))
    };
    let ways = failed.then(|| {
        (
            way("change-retry", words::RETRY, command(|peer, key| Command::Retry { peer, key })),
            way("change-discard", words::DISCARD_CHANGE, command(|peer, key| Command::Discard { peer, key })),
        )
            .into_view()
    });
    let class = if failed { "under trouble" } else { "under" };
    Some(div().class(class).attr("data-testid", "change-state").child((span().child(words), ways)).into_view())
}
