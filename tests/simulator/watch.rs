//! Watches what a page shows, from one change to the next, and complains at once.

use std::collections::{BTreeMap, BTreeSet};

use waxwing::domain::change::{Change, Notice, TimelineEdit};
use waxwing::domain::timeline::{Body, Delivery, Message, MessageKey};
use waxwing::engine::effect::Write;

use crate::ledger::{Ledger, peer_of};
use crate::variant::Variant;

#[derive(Debug, Default)]
pub struct Watch {
    /// What is shown, row by row.
    rows: BTreeMap<(usize, MessageKey), String>,
    /// The rows of a text, and its state where it is an own one.
    shown: BTreeMap<String, (u32, Option<Delivery>)>,
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
        self.touched.clear();
    }

    /// The page is gone. `loses`: it kept nothing, so what it had is gone as well.
    pub fn page_ends(&mut self, ledger: &mut Ledger, variant: Variant, loses: bool) {
        for incoming in &mut ledger.incoming {
            incoming.handed = false;
            incoming.forgotten |= loses && incoming.confirmed;
        }
        if loses {
            for text in &mut ledger.texts {
                text.excused = true;
                text.adrift |= variant.kept;
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

    pub fn rows(&self, body: &str) -> u32 {
        self.shown.get(body).map_or(0, |(rows, _)| *rows)
    }

    pub fn change(&mut self, change: &Change, ledger: &Ledger, variant: Variant) {
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

    fn show(&mut self, peer: usize, message: &Message, ledger: &Ledger, variant: Variant) {
        let Body::Text(body) = &message.body else { return };
        let body = body.to_string();
        self.rows.insert((peer, message.key), body.clone());
        self.touched.insert(body.clone());
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
            let (id, bounced) = (text.id.clone(), text.bounced);
            match state {
                Some(state) if proven(&state) && !ledger.has(&id) && !bounced => {
                    self.complain(format!("false tick: {body} is {} and the server has it not", state.name()));
                }
                Some(Delivery::Sent) if !self.sent.contains(&id) => {
                    self.complain(format!("false tick: {body} is sent and no socket got it"));
                }
                None => self.complain(format!("{body} is shown without a state")),
                _ => {}
            }
        }
        for peer in std::mem::take(&mut self.not_kept) {
            let gone = |text: &&mut crate::ledger::Text| text.peer == peer;
            for text in ledger.texts.iter_mut().filter(gone) {
                text.excused |= self.shown.get(&text.body).is_none_or(|(rows, _)| *rows == 0);
            }
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
