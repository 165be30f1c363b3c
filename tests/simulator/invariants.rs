//! What must hold once everything is quiet: nothing lost, nothing doubled, nothing out of order, no false tick.

use waxwing::domain::account::Connection;
use waxwing::domain::timeline::{Delivery, History};

use crate::ledger::{Incoming, PEERS, Text};
use crate::saying::{What, has_moved, is_corrected};
use crate::watch::proven;
use crate::world::{World, jid};

impl World {
    /// Everything that does not hold, or not yet.
    pub fn unsettled(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        if *self.mirror.connection() != Connection::Online {
            wrong.push(format!("the page is {}", self.mirror.connection().name()));
        }
        wrong.extend(self.server.ledger.texts.iter().filter_map(|text| self.wrong_with(text)));
        let incoming = self.server.ledger.incoming.iter().enumerate();
        wrong.extend(incoming.filter_map(|(note, incoming)| self.wrong_with_incoming(note, incoming)));
        for (peer, address) in PEERS.iter().enumerate() {
            if self.variant.archive.is_some() {
                let history = self.mirror.history(&jid(address));
                if history != History::Complete && self.mirror.timeline(&jid(address)).is_some() {
                    wrong.push(format!("the history with {address} is {history:?}"));
                }
            }
            wrong.extend(self.inversions(peer));
            wrong.extend(self.wrong_pictures(peer));
        }
        wrong
    }

    fn wrong_with(&self, text: &Text) -> Option<String> {
        let arrived = self.server.ledger.has(&text.id);
        let state = self.watch.state(&text.body);
        let Text { body, .. } = text;
        let archive = self.variant.archive.is_some();
        if self.watch.is_gone(body) || (state.is_none() && self.may_be_gone(body)) {
            return None;
        }
        let fine = match (arrived, state) {
            (true, Some(state)) if proven(state) => true,
            (true, Some(Delivery::Sent)) => !self.variant.sm,
            (_, Some(Delivery::Unknown)) => !archive,
            (_, Some(Delivery::Failed(_))) => text.bounced,
            // The refusal was lost with its stream: the server did take it, and nobody can know better.
            (false, Some(state)) if proven(state) => text.bounced,
            (_, Some(_)) => false,
            (true, None) => text.discarded || !archive && (text.excused || !text.shown),
            (false, None) => text.discarded || text.excused || !text.shown,
        };
        let state = state.map_or("not shown", |state| state.name());
        (!fine).then(|| format!("{body} {} and is {state}", if arrived { "arrived" } else { "did not arrive" }))
    }

    /// Whether ours should have got something that somebody else said.
    pub fn is_due(&self, note: usize) -> bool {
        let incoming = &self.server.ledger.incoming[note];
        if self.variant.archive.is_some() {
            true
        } else if self.variant.sm {
            !incoming.forgotten && (incoming.confirmed || !incoming.copied) && !self.server.keeps(note)
        } else {
            incoming.handed
        }
    }

    /// Whether a text may be one of those that were taken back and nobody knows any more which they are.
    fn may_be_gone(&self, body: &str) -> bool {
        let sayings = &self.server.ledger.sayings;
        let said = sayings.said.iter().any(|said| said.about == body && said.what == What::Retract);
        let reused = sayings.spoken(body).is_some_and(|spoken| spoken.reused);
        self.watch.blind
            && (said || reused || sayings.own.iter().any(|own| own.about == body && own.what == What::Retract))
    }

    fn wrong_with_incoming(&self, note: usize, incoming: &Incoming) -> Option<String> {
        if !incoming.is_text {
            return None;
        }
        let variant = self.variant;
        let due = if variant.archive.is_some() {
            true
        } else if variant.sm {
            !incoming.forgotten && (incoming.confirmed || !incoming.copied)
        } else {
            incoming.handed
        };
        let rows = self.watch.rows(&incoming.body);
        if rows == 0 && self.may_be_gone(&incoming.body) {
            return None;
        }
        // It comes with the next stream.
        let due = due && (variant.archive.is_some() || rows > 0 || !self.server.keeps(note));
        (due && rows != 1).then(|| format!("{} is shown {rows} times: {incoming:?}", incoming.body))
    }

    /// Own messages that arrived, and messages that are shown, in another order than they were written.
    fn inversions(&self, peer: usize) -> Vec<String> {
        let mut wrong = Vec::new();
        let ledger = &self.server.ledger;
        let place = |body: &str| ledger.by_body.get(body).copied();
        // What was refused, dropped, or asked for again by the user has no place of its own any more.
        let straight = |place: &usize| ledger.texts[*place].peer == peer && !has_moved(&ledger.texts[*place]);
        let mut last = None;
        let mut seen = std::collections::BTreeSet::new();
        for arrival in &ledger.arrivals {
            let Some(place) = place(&arrival.body).filter(straight) else { continue };
            if !seen.insert(place) {
                continue;
            }
            if last.is_some_and(|last| place < last) {
                wrong.push(format!("inversion: {} arrived after a later one", arrival.body));
            }
            last = last.max(Some(place));
        }
        let Some(timeline) = self.mirror.timeline(&jid(PEERS[peer])) else { return wrong };
        let mut newest = std::collections::BTreeMap::new();
        for row in (0..timeline.len()).filter_map(|place| timeline.get(place)) {
            let Some(body) = self.watch.first_text(peer, row).filter(|body| !is_corrected(body)) else { continue };
            let Some((writer, number)) = body.split_once(" #") else { continue };
            let own = place(&body);
            // Without an archive the order of arrival is all there is.
            if own.is_some_and(|place| has_moved(&ledger.texts[place]))
                || own.is_none() && self.variant.archive.is_none()
            {
                continue;
            }
            let number: u64 = number.parse().unwrap();
            let newest = newest.entry(writer.to_owned()).or_insert(0);
            if number < *newest {
                wrong.push(format!("inversion: {body} is shown after #{newest}"));
            }
            *newest = number.max(*newest);
        }
        wrong
    }

    /// Doubles at the peer, whenever they are looked for.
    pub fn doubles(&self) -> Option<String> {
        let ledger = &self.server.ledger;
        let doubled = |own: &&crate::saying::Own| {
            own.times > 1 && !own.adrift && !(self.variant.archive.is_none() && own.retried)
        };
        if let Some(own) = ledger.sayings.own.iter().rev().take(10).find(doubled) {
            return Some(format!("doubled: {own:?}"));
        }
        let last = ledger.arrivals.last()?;
        let text = ledger.by_body.get(&last.body).map(|place| &ledger.texts[*place])?;
        if last.id != text.id {
            return Some(format!("{} was sent under another id", last.body));
        }
        if last.peer != text.peer {
            return Some(format!("{} went to {}", last.body, PEERS[last.peer]));
        }
        let times = ledger.arrived.get(&last.id).copied().unwrap_or_default();
        // Without an archive the user may want it so; and a disk that failed knows nothing of the first one.
        let allowed = text.adrift || self.variant.archive.is_none() && text.retried;
        (times > 1 && !allowed).then(|| format!("doubled: {} arrived {times} times", last.body))
    }
}
