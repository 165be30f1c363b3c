//! Watches what a page shows, from one change to the next, and complains at once.

use std::collections::{BTreeMap, BTreeSet};

use waxwing::domain::change::{Change, Notice, TimelineEdit};
use waxwing::domain::timeline::{Body, Delivery, Message, MessageKey};
use waxwing::engine::effect::Write;

use crate::ledger::{Ledger, peer_of};
use crate::saying::{What, has_moved};
use crate::variant::Variant;

#[derive(Debug, Default)]
pub struct Watch {
    /// What is shown, row by row.
    rows: BTreeMap<(usize, MessageKey), String>,
    /// What rows said at first, also those of earlier pages: of what was taken back nothing else tells which it is.
    first: BTreeMap<(usize, MessageKey), String>,
    /// The rows of a text, and its state where it is an own one.
    shown: BTreeMap<String, (u32, Option<Delivery>)>,
    /// Texts that are taken back: nothing needs a state there.
    gone: BTreeSet<String>,
    /// Rows of earlier pages are not known: of what was taken back it cannot be told which it is.
    pub blind: bool,
    /// What is different since the last look.
    touched: BTreeSet<String>,
    not_kept: Vec<usize>,
    /// The ids of all messages that were given to a socket.
    sent: BTreeSet<String>,
    pub complaints: Vec<String>,
}

/// A delivery that proves that the server has the message.
pub const fn proven(delivery: &Delivery) -> bool {
    matches!(delivery, Delivery::Acked | Delivery::Delivered | Delivery::Displayed)
}

/// How far a delivery is on the one way that it can go.
const fn rank(delivery: &Delivery) -> u8 {
    match delivery {
        Delivery::Queued => 0,
        Delivery::Sent => 1,
        // What is uncertain may be found to have arrived, or wait anew.
        Delivery::Unknown | Delivery::Failed(_) => 2,
        Delivery::Acked => 3,
        Delivery::Delivered => 4,
        Delivery::Displayed => 5,
    }
}

impl Watch {
    pub fn complain(&mut self, complaint: String) {
        if self.complaints.len() < 20 {
            self.complaints.push(complaint);
        }
    }

    pub fn page_begins(&mut self) {
        self.rows.clear();
        self.shown.clear();
        self.gone.clear();
        self.touched.clear();
    }

    /// The page is gone. `loses`: it kept nothing, so what it had is gone as well.
    pub fn page_ends(&mut self, ledger: &mut Ledger, variant: Variant, loses: bool) {
        for incoming in &mut ledger.incoming {
            incoming.handed = false;
            incoming.forgotten |= loses && incoming.confirmed;
        }
        if loses {
            // The next page gives keys anew that the disk has not.
            self.first.clear();
            self.blind |= variant.kept;
            for text in &mut ledger.texts {
                text.excused = true;
                text.adrift |= variant.kept;
            }
            for own in &mut ledger.sayings.own {
                own.excused = true;
                own.adrift |= variant.kept;
            }
        }
    }

    /// A frame was given to the socket.
    pub fn sent(&mut self, frame: &str) {
        if frame.starts_with("<message ")
            && let Some((_, rest)) = frame.split_once(" id='")
        {
            self.sent.insert(rest.split('\'').next().unwrap_or_default().to_owned());
        }
    }

    /// The state of an own row, if it is shown.
    pub fn state(&self, body: &str) -> Option<&Delivery> {
        self.shown.get(body).filter(|(rows, _)| *rows > 0)?.1.as_ref()
    }

    /// Whether a row shows that this text was taken back.
    pub fn is_gone(&self, body: &str) -> bool {
        self.rows(body) > 0 && self.gone.contains(body)
    }

    pub fn rows(&self, body: &str) -> u32 {
        self.shown.get(body).map_or(0, |(rows, _)| *rows)
    }

    /// What a row said at first, whether it is shown now or was on an earlier page.
    pub fn said_by(&self, peer: usize, key: MessageKey) -> Option<&str> {
        self.first.get(&(peer, key)).map(String::as_str)
    }

    /// What a row said before anybody said something about it, which names it.
    pub fn first_text(&self, peer: usize, message: &Message) -> Option<String> {
        if message.body == Body::Retracted {
            return self.first.get(&(peer, message.key)).cloned();
        }
        let first = message.versions().first().map(|first| &first.text).or(message.body.text());
        first.map(|text| text.to_string())
    }

    pub fn change(&mut self, change: &Change, ledger: &mut Ledger, variant: Variant) {
        match change {
            Change::Timeline(address, edit) => {
                let Some(peer) = peer_of(address.as_str()) else {
                    return self.complain(format!("a conversation with {address}"));
                };
                match edit {
                    TimelineEdit::Insert { message, .. } => {
                        self.remove(peer, message.key);
                        self.show(peer, message, ledger, variant);
                    }
                    TimelineEdit::Update(message) => {
                        if self.rows.contains_key(&(peer, message.key)) {
                            self.remove(peer, message.key);
                            self.show(peer, message, ledger, variant);
                        }
                    }
                    TimelineEdit::Remove(key) => self.remove(peer, *key),
                    // The mirror knows the order.
                    TimelineEdit::Trim(first) => self.complain(format!("trimmed before {first:?}")),
                    TimelineEdit::Names(_) => {}
                }
            }
            Change::Reset | Change::Account(None) => self.page_begins(),
            Change::Notice(Notice::NotKept { peer }) => self.not_kept.extend(peer_of(peer.as_str())),
            _ => {}
        }
    }

    fn remove(&mut self, peer: usize, key: MessageKey) {
        if let Some(body) = self.rows.remove(&(peer, key))
            && let Some((rows, _)) = self.shown.get_mut(&body)
        {
            *rows -= 1;
        }
    }

    fn show(&mut self, peer: usize, message: &Message, ledger: &mut Ledger, variant: Variant) {
        let Some(body) = self.first_text(peer, message) else { return };
        self.first.insert((peer, message.key), body.clone());
        // Most rows are about nothing but themselves.
        let own = message.more.as_ref().map(|_| ledger.sayings.own_about(&body));
        for own in own.into_iter().flatten() {
            own.shown |= match &own.what {
                What::Correct(text) => message.body.text().is_some_and(|said| **said == **text),
                What::Retract => message.amending().is_some_and(|amending| amending.retracts),
                What::React(signs) => {
                    signs.first().is_some_and(|sign| message.reactions().iter().any(|one| one.emoji == *sign))
                }
            };
        }
        self.rows.insert((peer, message.key), body.clone());
        self.touched.insert(body.clone());
        if message.body == Body::Retracted {
            self.gone.insert(body.clone());
        }
        let shown = self.shown.entry(body.clone()).or_default();
        shown.0 += 1;
        let before = std::mem::replace(&mut shown.1, message.delivery.clone());
        let Some(place) = ledger.by_body.get(&body) else { return };
        let text = &ledger.texts[*place];
        let arrived = ledger.has(&text.id);
        if text.peer != peer {
            self.complain(format!("{body} in the conversation with {peer}"));
        } else if let (Some(before), Some(after)) = (before, &message.delivery) {
            let again = matches!((&before, after), (Delivery::Unknown | Delivery::Failed(_), Delivery::Queued));
            let again = again && (text.retried || variant.archive.is_some());
            // A resumption proves what the server has not got; of a text that was sent again, the second copy.
            let absent = (&before, after) == (&Delivery::Sent, &Delivery::Queued) && (!arrived || text.retried);
            // Refused after it was confirmed: the confirmation was true all the same.
            let refused = matches!(after, Delivery::Failed(_)) && text.bounced;
            if rank(after) < rank(&before) && !again && !absent && !refused {
                self.complain(format!("{body} went from {} back to {}", before.name(), after.name()));
            }
        }
    }

    /// One input is worked off: is everything that is different now true?
    pub fn look(&mut self, ledger: &mut Ledger) {
        for body in std::mem::take(&mut self.touched) {
            let Some((rows, state)) = self.shown.get(&body).cloned() else { continue };
            if rows > 1 {
                self.complain(format!("doubled: {rows} rows of {body}"));
            }
            let Some(text) = ledger.text(&body) else { continue };
            text.shown = true;
            // What was taken back is known by its key alone, and a disk that failed lets keys be given twice.
            if self.gone.contains(&body) {
                continue;
            }
            let (id, bounced, moved, peer) = (text.id.clone(), text.bounced, has_moved(text), text.peer);
            let place = ledger.by_body[&body];
            let sayings = &ledger.sayings;
            // What was sent again stands behind what was written after it.
            let is_behind = |seen: usize| seen >= place || has_moved(&ledger.texts[seen]);
            let seen = || sayings.seen.iter().any(|(whose, seen)| *whose == peer && is_behind(*seen));
            match state {
                Some(state) if proven(&state) && !ledger.has(&id) && !bounced => {
                    self.complain(format!("false tick: {body} is {} and the server has it not", state.name()));
                }
                Some(Delivery::Sent) if !self.sent.contains(&id) => {
                    self.complain(format!("false tick: {body} is sent and no socket got it"));
                }
                None => self.complain(format!("{body} is shown without a state")),
                Some(Delivery::Delivered) if !sayings.received.contains(&id) => {
                    self.complain(format!("false tick: nobody has {body}"));
                }
                Some(Delivery::Displayed) if !seen() && !moved => {
                    self.complain(format!("false tick: nobody saw {body}"));
                }
                _ => {}
            }
        }
        for peer in std::mem::take(&mut self.not_kept) {
            let gone = |text: &&mut crate::ledger::Text| text.peer == peer;
            for text in ledger.texts.iter_mut().filter(gone) {
                text.excused |= self.shown.get(&text.body).is_none_or(|(rows, _)| *rows == 0);
            }
            ledger.sayings.own.iter_mut().filter(|own| own.peer == peer).for_each(|own| own.excused = true);
        }
    }
}

/// What is written, in short.
pub fn told(writes: &[Write]) -> String {
    let told = writes.iter().map(|write| match write {
        Write::Put(record) => format!("{:?} {} ({} B)", record.table, record.id, record.bytes.len()),
        Write::Delete { table, id } => format!("no {table:?} {id}"),
    });
    told.collect::<Vec<_>>().join(", ")
}
