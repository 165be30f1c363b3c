//! What must come of everything that was said about a text: a plain account of it, in the order of the archive, against
//! what the page shows.

use std::collections::{BTreeMap, BTreeSet};

use waxwing::domain::timeline::{Body, Delivery, Message};

use crate::ledger::PEERS;
use crate::saying::{By, Own, Said, Spoken, What, has_moved, is_corrected};
use crate::watch::proven;
use crate::world::{World, jid};

/// Messages of which it is not certain whether they count, before nobody can say any more what is right.
const MOST_DOUBTS: usize = 6;

#[derive(Clone, Debug, PartialEq, Eq)]
struct Picture {
    /// What it says now; nothing, if it was taken back.
    text: Option<String>,
    /// How many texts it had before.
    before: usize,
    own: BTreeSet<String>,
    theirs: BTreeSet<String>,
}

impl Picture {
    fn of(row: &Message) -> Self {
        let signs = |wanted: fn(&(bool, bool)) -> bool| {
            let all = row.reactions().iter().filter(|one| wanted(&(one.own, one.theirs)));
            all.map(|one| one.emoji.clone()).collect()
        };
        Self {
            text: row.body.text().map(|text| text.to_string()),
            before: row.versions().len(),
            own: signs(|(own, _)| *own),
            theirs: signs(|(_, theirs)| *theirs),
        }
    }

    /// What follows from everything that was said, in its order.
    fn after<'a>(first: &str, said: impl Iterator<Item = &'a Said>) -> Self {
        let (mut own, mut theirs) = (BTreeSet::new(), BTreeSet::new());
        let (mut text, mut before) = (first.to_owned(), 0);
        for one in said {
            match &one.what {
                What::Retract => return Self { text: None, before: 0, own: BTreeSet::new(), theirs: BTreeSet::new() },
                What::Correct(corrected) => {
                    text.clone_from(corrected);
                    before += 1;
                }
                What::React(signs) => {
                    *(if one.by.is_own() { &mut own } else { &mut theirs }) = signs.iter().cloned().collect();
                }
            }
        }
        Self { text: Some(text), before, own, theirs }
    }
}

impl World {
    /// Texts that look different from what was said about them, and what the user said about texts that is lost.
    pub fn wrong_pictures(&self, peer: usize) -> Vec<String> {
        let mut wrong = Vec::new();
        let Some(timeline) = self.mirror.timeline(&jid(PEERS[peer])) else { return wrong };
        let mut rows: BTreeMap<String, &Message> = BTreeMap::new();
        for row in (0..timeline.len()).filter_map(|place| timeline.get(place)) {
            if let Some(first) = self.watch.first_text(peer, row) {
                rows.insert(first, row);
            }
        }
        let mut said: BTreeMap<&str, Vec<&Said>> = BTreeMap::new();
        for one in &self.server.ledger.sayings.said {
            said.entry(&one.about).or_default().push(one);
        }
        for spoken in self.server.ledger.sayings.spoken.iter().filter(|spoken| spoken.peer == peer) {
            if let Some(row) = rows.get(&spoken.body) {
                let all = said.get(spoken.body.as_str()).map_or(&[][..], Vec::as_slice);
                wrong.extend(self.wrong_picture(spoken, row, all));
            }
        }
        for corrected in rows.keys().filter(|first| is_corrected(first)) {
            let original = corrected.split(" ~").next().unwrap_or_default();
            let spoken = self.server.ledger.sayings.spoken(original);
            // Without an archive the correction that it names may be lost.
            let is_certain = self.variant.archive.is_some() && rows.contains_key(original);
            if is_certain && spoken.is_some_and(|spoken| !spoken.reused) {
                wrong.push(format!("{corrected} stands beside what it corrects"));
            }
        }
        let own = self.server.ledger.sayings.own.iter().filter(|own| own.peer == peer);
        wrong.extend(own.filter_map(|own| self.is_lost(own, rows.get(&own.about).copied())));
        wrong.extend(self.wrong_answers(&rows));
        wrong
    }

    fn wrong_picture(&self, spoken: &Spoken, row: &Message, all: &[&Said]) -> Option<String> {
        let sayings = &self.server.ledger.sayings;
        // Two messages have the id that others name: either may be meant.
        if spoken.reused {
            return None;
        }
        let own: Vec<&Own> = sayings.own.iter().filter(|own| own.about == spoken.body).collect();
        let shown = Picture::of(row);
        // What was refused, or asked for again by the user, or was on a page that could not keep it, has no place of its
        // own: the client has it where it was tried last.
        let is_muddled = own.iter().any(|own| own.bounced || own.adrift || own.retried || own.times > 1);
        if is_muddled || self.variant.archive.is_none() {
            return self.impossible(spoken, row, &shown, all, &own);
        }
        if row.amending().is_some_and(|amending| !self.variant.sm || !proven(&amending.delivery)) {
            // Without XEP-0198 nothing tells before the next stream that it arrived.
            return self.variant.sm.then(|| format!("{} has something under way: {:?}", spoken.body, row.amending()));
        }
        // What the user dropped may have arrived all the same, and then a page may bring it back.
        let dropped = |said: &&&Said| own.iter().any(|own| own.id == said.id && own.discarded);
        let doubts: Vec<&str> = all.iter().filter(dropped).map(|said| said.id.as_str()).collect();
        if doubts.len() > MOST_DOUBTS {
            return None;
        }
        // What is sent here while another own device sends something: until a page tells, nobody knows which was first.
        let orders = [
            all.to_vec(),
            all.iter()
                .filter(|said| said.by != By::Client)
                .chain(all.iter().filter(|said| said.by == By::Client))
                .copied()
                .collect(),
            all.iter()
                .filter(|said| said.by != By::Phone)
                .chain(all.iter().filter(|said| said.by == By::Phone))
                .copied()
                .collect(),
        ];
        let is_right = (0..1_usize << doubts.len()).any(|chosen| {
            let counts = |said: &&&Said| {
                doubts.iter().position(|id| *id == said.id).is_none_or(|place| chosen & (1 << place) != 0)
            };
            orders.iter().any(|order| Picture::after(&spoken.body, order.iter().filter(counts).copied()) == shown)
        });
        let right = Picture::after(&spoken.body, all.iter().copied());
        (!is_right).then(|| format!("{} shows {shown:?} and not {right:?}, in doubt: {doubts:?}", spoken.body))
    }

    /// Where the order is not certain, and something may be lost without anybody to blame: nothing may be shown that
    /// nobody said, and what certainly came must count if there is nothing else of its kind.
    fn impossible(
        &self,
        spoken: &Spoken,
        row: &Message,
        shown: &Picture,
        all: &[&Said],
        own: &[&Own],
    ) -> Option<String> {
        let author = spoken.by.is_own();
        let client = own.iter().map(|own| (true, &own.what));
        let what: Vec<(bool, &What)> = all.iter().map(|said| (said.by.is_own(), &said.what)).chain(client).collect();
        let said = |wanted: &dyn Fn(&What) -> bool, is_own: bool| {
            what.iter().any(|(own, what)| *own == is_own && wanted(what))
        };
        let complain = |told: &str| Some(format!("{} {told}: {shown:?}", spoken.body));
        match &shown.text {
            None if !said(&|what| *what == What::Retract, author) => return complain("was taken back by nobody"),
            None => return None,
            Some(text) if *text != spoken.body && !said(&|what| *what == What::Correct(text.clone()), author) => {
                return complain("says what nobody said");
            }
            Some(_) => {}
        }
        for (signs, is_own) in [(&shown.own, true), (&shown.theirs, false)] {
            let given = |what: &What| matches!(what, What::React(given) if given.iter().cloned().collect::<BTreeSet<_>>() == *signs);
            if !signs.is_empty() && !said(&given, is_own) {
                return complain("has signs that nobody gave");
            }
        }
        // What others said and is due. The client's own is looked at in another place.
        let due = |said: &&&Said| said.note.is_some_and(|note| self.is_due(note));
        if all.iter().filter(due).any(|said| said.what == What::Retract) {
            return complain("was taken back");
        }
        let is_alone = |what: &What, is_own: bool| {
            let kind = std::mem::discriminant(what);
            what_count(&what_of(all, own), kind, is_own) == 1
        };
        for one in all.iter().filter(due).filter(|said| is_alone(&said.what, said.by.is_own())) {
            let counts = match &one.what {
                What::Correct(text) => shown.text.as_ref() == Some(text),
                What::React(signs) => {
                    signs.iter().cloned().collect::<BTreeSet<_>>()
                        == *(if one.by.is_own() { &shown.own } else { &shown.theirs })
                }
                What::Retract => true,
            };
            if !counts {
                return complain(&format!("does not show {one:?}, {:?}", row.key));
            }
        }
        None
    }

    /// Something that the user said about a text, was shown, and is not there any more.
    fn is_lost(&self, own: &Own, row: Option<&Message>) -> Option<String> {
        let about = self.server.ledger.by_body.get(&own.about).map(|place| &self.server.ledger.texts[*place]);
        let is_excused = own.discarded || own.excused || !own.shown || about.is_some_and(has_moved);
        if own.times > 0 || is_excused || own.bounced {
            return None;
        }
        // The user took the text back, and with it whatever was said about it and had not left.
        let row = row.filter(|row| row.body != Body::Retracted)?;
        let is_uncertain = row.amending().is_some_and(|amending| amending.delivery == Delivery::Unknown);
        (self.variant.archive.is_some() || !is_uncertain).then(|| format!("lost: {own:?}, {:?}", row.amending()))
    }

    fn wrong_answers(&self, rows: &BTreeMap<String, &Message>) -> Vec<String> {
        let mut wrong = Vec::new();
        for (answer, about) in &self.server.ledger.sayings.answers {
            let (Some(row), Some(answered)) = (rows.get(answer), rows.get(about)) else { continue };
            let is_named = self.server.ledger.sayings.spoken(about).is_some_and(|spoken| !spoken.reused);
            let Some(reply) = row.reply().filter(|_| is_named) else {
                if is_named && row.body != Body::Retracted {
                    wrong.push(format!("{answer} answers nothing"));
                }
                continue;
            };
            let quote = answered.body.text().map_or("", |text| text);
            if reply.to != Some(answered.key) || reply.author != Some(answered.direction) || reply.quote != quote {
                wrong.push(format!("{answer} answers {reply:?} and not {about}, which says {quote}"));
            }
        }
        wrong
    }
}

/// What was said, by which side.
fn what_of<'a>(all: &[&'a Said], own: &[&'a Own]) -> Vec<(bool, &'a What)> {
    let others = all.iter().filter(|said| said.by != By::Client).map(|said| (said.by.is_own(), &said.what));
    others.chain(own.iter().map(|own| (true, &own.what))).collect()
}

fn what_count(all: &[(bool, &What)], kind: std::mem::Discriminant<What>, is_own: bool) -> usize {
    all.iter().filter(|(own, what)| *own == is_own && std::mem::discriminant(*what) == kind).count()
}
