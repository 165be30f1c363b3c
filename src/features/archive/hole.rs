//! XEP-0313: a hole in what is here of the archive, and how pages fill it.

use serde::{Deserialize, Serialize};

use super::Found;

/// A hole in what is here of the archive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hole {
    /// Its number; younger ones have higher numbers and newer messages.
    pub number: u32,
    /// The last message before it.
    pub after: String,
    /// The first message behind it.
    pub before: String,
    /// It is filled from above, because the archive does not know what is before it.
    pub from_above: bool,
}

/// What is kept of the archive from one visit to the next.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pointers {
    /// The last message of the newest piece.
    pub top: Option<String>,
    /// What is missing, oldest first.
    pub holes: Vec<Hole>,
    /// Numbers of holes that were given.
    pub last_hole: u32,
}

/// What a page did to a hole.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Filled {
    Closed,
    More,
    Stuck,
}

impl Hole {
    /// Takes in a page of a hole, leaving out what is behind its end.
    pub(super) fn fill(
        &mut self,
        results: &mut Vec<Found>,
        complete: bool,
        first: Option<String>,
        last: Option<String>,
    ) -> Filled {
        if self.from_above {
            if let Some(known) = results.iter().rposition(|found| found.id == self.after) {
                results.drain(..=known);
                return Filled::Closed;
            }
            return match first.filter(|first| *first != self.before) {
                _ if complete => Filled::Closed,
                Some(first) => {
                    self.before = first;
                    Filled::More
                }
                None => Filled::Stuck,
            };
        }
        if let Some(end) = results.iter().position(|found| found.id == self.before) {
            results.truncate(end);
            return Filled::Closed;
        }
        match last.filter(|last| *last != self.after) {
            // It must end where the next piece begins; if it ends elsewhere, the rest is sought from above.
            Some(last) => {
                self.after = last;
                self.from_above = complete;
                Filled::More
            }
            None => {
                self.from_above = true;
                Filled::More
            }
        }
    }
}
