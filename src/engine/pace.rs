//! How much was said of late, so that what can wait does not get the stream slowed down or cut off.

use crate::clock::Instant;

/// Milliseconds that are looked at.
const SECOND: u64 = 1_000;
/// Bytes that may be said in them by what can wait. ejabberd as Debian packages it takes 3,000 a second; what is left
/// is for what the user does meanwhile, and for a network that lets frames catch up with one another.
const LIMIT: usize = 2_600;

/// What was said within the last second.
#[derive(Debug, Default)]
pub(super) struct Pace {
    said: Vec<(Instant, usize)>,
}

impl Pace {
    /// So many bytes were said.
    pub(super) fn said(&mut self, now: Instant, bytes: usize) {
        match self.said.last_mut() {
            Some((at, sum)) if *at == now => *sum = sum.saturating_add(bytes),
            _ => {
                self.said.retain(|(at, _)| now.since(*at) < SECOND);
                self.said.push((now, bytes));
            }
        }
    }

    /// From when on so many more may be said.
    pub(super) fn free_at(&self, now: Instant, bytes: usize) -> Instant {
        let mut sum = bytes;
        let mut free = now;
        // From the latest back: what is too much must be a second old.
        for (at, said) in self.said.iter().rev() {
            sum = sum.saturating_add(*said);
            if sum > LIMIT {
                free = at.after(SECOND).max(now);
                break;
            }
        }
        free
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_said_counts_for_a_second() {
        let mut pace = Pace::default();
        let now = Instant(5_000);
        assert_eq!(pace.free_at(now, LIMIT), now);
        pace.said(now, 1_000);
        pace.said(now, 1_000);
        pace.said(now.after(300), 500);
        let later = now.after(400);
        assert_eq!(pace.free_at(later, 100), later);
        assert_eq!(pace.free_at(later, 101), now.after(1_000));
        assert_eq!(pace.free_at(later, LIMIT), now.after(1_300), "all of it must be gone");
        assert_eq!(pace.free_at(now.after(1_000), 2_100), now.after(1_000));
        pace.said(now.after(2_000), 1);
        assert_eq!(pace.said.len(), 1);
    }
}
