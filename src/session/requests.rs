//! Questions that wait for their answer (RFC 6120 §8.2.3). Every answer names its question, comes from whom it
//! was asked, and comes in time, or it is none.

use crate::clock::Instant;
use crate::jid::{FullJid, Jid};
use crate::map::Map;
use crate::wire::stanza::{Iq, IqKind};

/// How long an answer may take.
const PATIENCE: u64 = 30_000;
/// Time for an answer that may have come while the machine slept.
const AFTER_SLEEP: u64 = 5_000;
/// Open questions at most; the oldest is given up for a new one.
const MOST: usize = 1_000;

#[derive(Debug)]
struct Open<P> {
    to: Option<Jid>,
    purpose: P,
    deadline: Instant,
}

/// The open questions, each with what it was asked for.
#[derive(Debug)]
pub struct Requests<P> {
    open: Map<String, Open<P>>,
}

impl<P> Default for Requests<P> {
    fn default() -> Self {
        Self { open: Map::default() }
    }
}

impl<P> Requests<P> {
    /// A question is asked. Gives back the purpose of a question that had to make room.
    pub fn asked(&mut self, now: Instant, iq: &Iq, purpose: P) -> Option<P> {
        let oldest = (self.open.len() >= MOST)
            .then(|| self.open.iter().min_by_key(|(_, open)| open.deadline).map(|(id, _)| id.clone()))
            .flatten();
        let dropped = oldest.and_then(|id| self.open.remove(&id)).map(|open| open.purpose);
        let open = Open { to: iq.to.clone(), purpose, deadline: now.after(PATIENCE) };
        self.open.insert(iq.id.clone(), open);
        dropped
    }

    /// Takes the purpose of the question that this iq answers, if it is an answer and comes from whom we asked.
    ///
    /// Our own account and our server answer for each other when nobody was named.
    pub fn answered(&mut self, iq: &Iq, me: &FullJid) -> Option<P> {
        if !matches!(iq.kind, IqKind::Result(_) | IqKind::Error(_)) {
            return None;
        }
        let open = self.open.get(&iq.id)?;
        let ours = |jid: &Jid| {
            jid.as_bare() == Some(me.bare())
                || jid.as_bare() == Some(&me.bare().domain_jid())
                || jid.to_full().as_ref() == Some(me)
        };
        let fits = match (&open.to, &iq.from) {
            (None, None) => true,
            (None, Some(from)) => ours(from),
            (Some(to), Some(from)) => to == from,
            (Some(to), None) => to.as_bare() == Some(me.bare()),
        };
        if fits { self.open.remove(&iq.id).map(|open| open.purpose) } else { None }
    }

    /// The machine slept: answers may be here that nobody has looked at yet.
    pub fn postpone(&mut self, now: Instant) {
        for open in self.open.values_mut() {
            open.deadline = open.deadline.max(now.after(AFTER_SLEEP));
        }
    }

    /// The purposes of the questions whose time is up.
    pub fn overdue(&mut self, now: Instant) -> Vec<P> {
        let late: Vec<_> =
            self.open.iter().filter(|(_, open)| open.deadline <= now).map(|(id, _)| id.clone()).collect();
        late.iter().filter_map(|id| self.open.remove(id)).map(|open| open.purpose).collect()
    }

    /// When the next question is overdue.
    pub fn wake_at(&self) -> Option<Instant> {
        self.open.values().map(|open| open.deadline).min()
    }

    /// The stream is gone, and with it every answer.
    pub fn abandon(&mut self) -> Vec<P> {
        std::mem::take(&mut self.open).into_values().map(|open| open.purpose).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::xml::Element;

    fn iq(to: Option<&str>, from: Option<&str>, kind: IqKind) -> Iq {
        let jid = |text: &str| text.parse().unwrap();
        Iq { from: from.map(jid), to: to.map(jid), id: "1".into(), kind }
    }

    fn accepted(to: Option<&str>, from: Option<&str>) -> bool {
        let mut requests = Requests::default();
        requests.asked(Instant(0), &iq(to, None, IqKind::Get(Element::new("u", "q"))), ());
        requests.answered(&iq(None, from, IqKind::Result(None)), &"me@s.ex/w1".parse().unwrap()).is_some()
    }

    #[test]
    fn only_the_one_who_was_asked_can_answer() {
        for from in [None, Some("me@s.ex"), Some("me@s.ex/w1"), Some("s.ex")] {
            assert!(accepted(None, from), "{from:?}");
        }
        for from in ["evil@x.ex", "me@s.ex/other", "x.ex", "s.ex/r"] {
            assert!(!accepted(None, Some(from)), "{from}");
        }
        assert!(accepted(Some("me@s.ex"), None));
        assert!(accepted(Some("s.ex"), Some("s.ex")));
        assert!(!accepted(Some("s.ex"), None));
        assert!(!accepted(Some("s.ex"), Some("me@s.ex")));
        assert!(!accepted(Some("ann@s.ex/p"), Some("ann@s.ex")));
    }

    #[test]
    fn a_wrong_answer_leaves_the_question_open_and_time_closes_it() {
        let me: FullJid = "me@s.ex/w1".parse().unwrap();
        let mut requests = Requests::default();
        requests.asked(Instant(5), &iq(None, None, IqKind::Get(Element::new("u", "q"))), "roster");
        assert_eq!(requests.answered(&iq(None, Some("evil@x.ex"), IqKind::Result(None)), &me), None);
        assert_eq!(requests.answered(&iq(None, None, IqKind::Get(Element::new("u", "q"))), &me), None);
        assert_eq!(requests.wake_at(), Some(Instant(30_005)));
        assert!(requests.overdue(Instant(30_004)).is_empty());
        assert_eq!(requests.overdue(Instant(30_005)), ["roster"]);
        assert_eq!(requests.wake_at(), None);
    }
}
