//! Which row something is about that was said about an earlier message, and who may say it.

use super::super::entry::Entry;
use super::super::{Row, Writer};
use super::{Amendment, What};
use crate::domain::timeline::{Direction, MessageKey};

/// How often one message may be corrected by naming the correction before.
const CHAIN: usize = 8;

impl Entry {
    /// The row that an amendment is about, if it is here. A sender may name an earlier correction.
    pub(in super::super) fn target(&self, amendment: &Amendment, writer: Writer<'_>) -> Option<MessageKey> {
        let mut named = self.looked_up(&amendment.what, writer, &amendment.of);
        for _ in 0..CHAIN {
            let row = self.row(named?)?;
            match &row.amends {
                None => {
                    let may = row.gap.is_none() && (!self.is_room() || may_say(&amendment.what, writer, row));
                    return may.then_some(row.message.key);
                }
                Some(next) if self.is_room() => named = self.looked_up(&next.what, row.writer(), &next.of),
                Some(next) => named = self.looked_up(&amendment.what, writer, &next.of),
            }
        }
        None
    }

    /// In a group chat everything but a correction names a message as the group chat does (XEP-0424 §5.1, XEP-0444 §4.2).
    fn looked_up(&self, what: &What, writer: Writer<'_>, id: &str) -> Option<MessageKey> {
        match what {
            What::React(_) => self.named(id),
            What::Retract | What::Moderate(_) if self.is_room() && !writer.private => self.archived(id),
            What::Correct(_) | What::Retract | What::Moderate(_) => self.named_by(writer, id),
        }
    }

    /// The message that an answer is to. Who names a correction means what was corrected.
    pub(super) fn answered(&self, id: &str, by: MessageKey) -> Option<MessageKey> {
        let key = self.named(id).or_else(|| self.named_between(id, by))?;
        let row = self.row(key)?;
        match &row.amends {
            Some(amends) if row.hidden => self.target(amends, row.writer()),
            _ => Some(key),
        }
    }

    /// The message of this id, whoever wrote it.
    fn named(&self, id: &str) -> Option<MessageKey> {
        if self.is_room() {
            return self.archived(id);
        }
        let is_here = |key: &MessageKey| self.row(*key).is_some();
        let own = self.named_by(Writer::ME, id).filter(is_here);
        own.or_else(|| self.named_by(Writer::PEER, id).filter(is_here))
    }
}

impl Entry {
    /// The message of this id among what was said with one participant alone, for an answer that was said so, too.
    fn named_between(&self, id: &str, by: MessageKey) -> Option<MessageKey> {
        let other = self.row(by)?.message.private.as_deref()?;
        let theirs = Writer { author: Some(other), private: true, ..Writer::PEER };
        let is_ours = |key: &MessageKey| {
            let with = self.row(*key).and_then(|row| row.message.private.as_deref());
            with.is_some_and(|with| with.is_same(other))
        };
        let own = self.named_by(Writer::ME, id).filter(is_ours);
        own.or_else(|| self.named_by(theirs, id).filter(is_ours))
    }
}

/// Whether a participant of a group chat may say this about a row: corrections and retractions are for its author alone.
fn may_say(what: &What, writer: Writer<'_>, row: &Row) -> bool {
    // What is said to one alone is never about what all have read, nor the other way round.
    if writer.private != row.message.private.is_some() {
        return false;
    }
    match what {
        What::React(_) => true,
        // The group chat itself, which is no participant.
        What::Moderate(_) => writer.direction == Direction::In && writer.author.is_none(),
        What::Correct(_) | What::Retract => {
            writer.direction == row.message.direction
                && (writer.direction == Direction::Out
                    || writer.author.zip(row.message.author.as_deref()).is_some_and(|(a, b)| a.is_same(b)))
        }
    }
}
