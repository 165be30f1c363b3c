//! Who is in a group chat.

use std::rc::Rc;

use crate::domain::room::{Author, Occupant, OccupantEdit};
use crate::map::Map;

/// People of one group chat that are known.
const MOST: usize = 20_000;

/// Everybody there, and who became different.
#[derive(Debug, Default)]
pub(super) struct People {
    by_number: Map<u64, Occupant>,
    numbers: Map<Rc<str>, u64>,
    /// Whom a view does not know as they are.
    different: Map<u64, ()>,
    /// A view must forget everybody first.
    cleared: bool,
}

impl People {
    pub(super) fn len(&self) -> usize {
        self.by_number.len()
    }

    pub(super) fn called(&self, nick: &str) -> Option<&Occupant> {
        self.by_number.get(self.numbers.get(nick)?)
    }

    pub(super) fn same(&self, who: &Author) -> Option<&Occupant> {
        let by_stay = who.number.and_then(|number| self.by_number.get(&number));
        let by_nick = || self.called(&who.nick).filter(|one| who.is(one));
        let found = by_stay.filter(|one| who.is(one)).or_else(by_nick);
        found.or_else(|| self.by_number.values().find(|one| who.is(one))).filter(|one| !one.is_me)
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Occupant> {
        self.by_number.values()
    }

    /// Returns whether the number was used: who is there already keeps theirs.
    pub(super) fn put(&mut self, next: u64, mut occupant: Occupant) -> bool {
        let known = self.numbers.get(&occupant.nick).copied();
        let same = known.and_then(|number| self.by_number.get(&number)).is_some_and(|before| {
            // Another name by the group chat: another person, even if nobody said that the first one left.
            before.occupant_id == occupant.occupant_id || before.occupant_id.is_none()
        });
        if let (Some(number), false) = (known, same) {
            self.forget(number);
        }
        let number = known.filter(|_| same).unwrap_or(next);
        if self.by_number.len() >= MOST && number == next && !occupant.is_me {
            return false;
        }
        occupant.number = number;
        if self.by_number.get(&number) == Some(&occupant) {
            return false;
        }
        self.numbers.insert(occupant.nick.clone(), number);
        self.by_number.insert(number, occupant);
        self.different.insert(number, ());
        number == next
    }

    pub(super) fn drop(&mut self, nick: &str) {
        if let Some(number) = self.numbers.remove(nick) {
            self.forget(number);
        }
    }

    fn forget(&mut self, number: u64) {
        self.by_number.remove(&number);
        self.different.insert(number, ());
    }

    pub(super) fn rename(&mut self, from: &str, to: &str) {
        let Some(number) = self.numbers.remove(from) else { return };
        let Some(occupant) = self.by_number.get_mut(&number) else { return };
        let nick: Rc<str> = to.into();
        occupant.nick = nick.clone();
        self.different.insert(number, ());
        if let Some(other) = self.numbers.insert(nick, number).filter(|other| *other != number) {
            self.forget(other);
        }
    }

    pub(super) fn clear(&mut self) {
        // Who left before may still be shown.
        self.cleared |= !self.by_number.is_empty() || !self.different.is_empty();
        self.by_number.clear();
        self.numbers.clear();
        self.different.clear();
    }

    pub(super) fn has_edits(&self) -> bool {
        self.cleared || !self.different.is_empty()
    }

    pub(super) fn take_edits(&mut self) -> Vec<OccupantEdit> {
        let mut edits = Vec::new();
        if std::mem::take(&mut self.cleared) {
            edits.push(OccupantEdit::Nobody);
        }
        for (number, ()) in std::mem::take(&mut self.different) {
            edits.push(match self.by_number.get(&number) {
                Some(occupant) => OccupantEdit::Put(occupant.clone()),
                None => OccupantEdit::Gone(number),
            });
        }
        edits
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::presence::Availability;
    use crate::domain::room::{Affiliation, Role};

    fn one(nick: &str, id: Option<&str>) -> Occupant {
        Occupant {
            number: 0,
            nick: nick.into(),
            occupant_id: id.map(Into::into),
            address: None,
            role: Role::Participant,
            affiliation: Affiliation::None,
            hats: Vec::new(),
            availability: Availability::Available,
            is_me: false,
        }
    }

    #[test]
    fn ten_thousand_changes_of_name_are_told_as_one() {
        let mut people = People::default();
        assert!(people.put(1, one("a0", None)));
        people.take_edits();
        for n in 0..10_000 {
            people.rename(&format!("a{n}"), &format!("a{}", n + 1));
        }
        let edits = people.take_edits();
        assert!(
            matches!(&edits[..], [OccupantEdit::Put(occupant)] if occupant.number == 1 && &*occupant.nick == "a10000")
        );
    }

    #[test]
    fn a_nickname_that_another_one_takes_is_another_person() {
        let mut people = People::default();
        assert!(people.put(1, one("bob", Some("x"))));
        assert!(!people.put(2, one("bob", Some("x"))), "the same one");
        assert!(people.put(2, one("bob", Some("y"))), "somebody else without a word of leaving");
        assert_eq!(people.called("bob").unwrap().number, 2);
        people.put(3, one("rob", None));
        people.rename("rob", "bob");
        assert_eq!(people.called("bob").unwrap().number, 3);
        people.take_edits();
        assert_eq!(people.by_number.len(), 1);
    }

    #[test]
    fn who_comes_and_goes_between_two_looks_leaves_no_trace() {
        let mut people = People::default();
        people.put(1, one("bob", None));
        people.drop("bob");
        assert_eq!(people.take_edits(), [OccupantEdit::Gone(1)]);
        people.clear();
        assert!(!people.has_edits());
        people.put(2, one("bob", None));
        people.take_edits();
        people.drop("bob");
        people.clear();
        assert_eq!(people.take_edits(), [OccupantEdit::Nobody], "whom a view still shows");
    }
}
