//! Signs in answer to a message, and how much is remembered of what was said about one.

use std::rc::Rc;

use super::{Applied, What};
use crate::domain::timeline::{Direction, Reaction};

/// Kinds of signs that are shown of one message.
const KINDS: usize = 50;
/// People whose signs for one message are shown.
const PEOPLE: usize = 1_000;

/// Leaves out the oldest that a later one of the same sender took the place of.
pub(super) fn shorten(applied: &mut Vec<Applied>) {
    let is_over = |place: usize, one: &Applied| {
        let same = |other: &Applied| {
            other.is_by_sender_of(one) && std::mem::discriminant(&other.what) == std::mem::discriminant(&one.what)
        };
        one.direction == Direction::In && applied.iter().skip(place.saturating_add(1)).any(same)
    };
    if let Some(place) = applied.iter().enumerate().position(|(place, one)| is_over(place, one)) {
        applied.remove(place);
    } else if applied.len() > PEOPLE {
        applied.remove(0);
    }
}

impl Applied {
    /// Whether both were said by the same side or, in a group chat, under the same name.
    fn is_by_sender_of(&self, other: &Self) -> bool {
        self.direction == other.direction && self.scope() == other.scope()
    }

    fn scope(&self) -> Option<&str> {
        self.author.as_ref().map(|author| author.scope())
    }
}

/// The signs that hold now: of each sender those that they gave last.
pub(super) fn reactions(applied: &[Applied]) -> Vec<Reaction> {
    let mut shown: Vec<(Reaction, Vec<&Applied>)> = Vec::new();
    for one in applied {
        let What::React(emojis) = &one.what else { continue };
        for (_, given) in &mut shown {
            given.retain(|other| !other.is_by_sender_of(one));
        }
        for emoji in emojis {
            match shown.iter_mut().find(|(reaction, _)| reaction.emoji == *emoji) {
                Some((_, given)) => given.push(one),
                None => {
                    let fresh = Reaction { emoji: emoji.clone(), own: false, theirs: false, by: Vec::new() };
                    shown.push((fresh, vec![one]));
                }
            }
        }
    }
    shown.retain(|(_, given)| !given.is_empty());
    shown.truncate(KINDS);
    let told = shown.into_iter().map(|(mut reaction, given)| {
        reaction.own = given.iter().any(|one| one.direction == Direction::Out);
        reaction.theirs = given.iter().any(|one| one.direction == Direction::In);
        let others = given.iter().filter(|one| one.direction == Direction::In);
        reaction.by = others.filter_map(|one| one.author.as_ref()).map(|author| Rc::clone(&author.nick)).collect();
        reaction
    });
    told.collect()
}
