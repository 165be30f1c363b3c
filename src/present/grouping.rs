//! Which messages belong together, and which lines stand between them.

use std::rc::Rc;

use super::dates::Day;
use crate::clock::Timestamp;
use crate::domain::room::Author;
use crate::domain::timeline::Direction;

/// Messages of one sender within this time stand close together.
const CLOSE: u64 = 5 * 60_000;

/// What decides about the place of a message among its neighbours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Who wrote it.
    pub direction: Direction,
    /// Which participant, in a group chat.
    pub author: Option<Rc<Author>>,
    /// With whom alone it was said, in a group chat.
    pub private: Option<Rc<Author>>,
    /// When.
    pub stamp: Timestamp,
    /// On which day.
    pub day: Day,
}

/// What stands above a message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shape {
    /// The line with the day.
    pub day: bool,
    /// The line "New messages".
    pub new: bool,
    /// Some air: the message does not belong to the one above.
    pub start: bool,
}

impl Shape {
    /// The shape of a message below `above`. `apart` says whether messages are missing between the two, and
    /// `first_unread` whether it is the first one not seen.
    pub fn of(above: Option<Head>, apart: bool, head: Head, first_unread: bool) -> Self {
        let day = above.as_ref().is_none_or(|above| above.day != head.day);
        let together = above.is_some_and(|above| {
            above.direction == head.direction
                && is_one(above.author.as_deref(), head.author.as_deref())
                && is_one(above.private.as_deref(), head.private.as_deref())
                && above.stamp.0.abs_diff(head.stamp.0) <= CLOSE
        });
        Self { day, new: first_unread, start: day || apart || first_unread || !together }
    }

    /// A number that is different for every shape.
    pub fn code(self) -> u8 {
        u8::from(self.day) | u8::from(self.new) << 1 | u8::from(self.start) << 2
    }
}

/// Whether two messages stand under one name: of one person who did not change it in between.
fn is_one(one: Option<&Author>, other: Option<&Author>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => one.scope() == other.scope() && one.nick == other.nick,
        (one, other) => one.is_none() && other.is_none(),
    }
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests {
    use super::*;

    fn head(direction: Direction, minute: i64) -> Head {
        Head {
            direction,
            author: None,
            private: None,
            stamp: Timestamp(minute * 60_000),
            day: Day(minute.div_euclid(1440)),
        }
    }

    #[test]
    fn one_sender_within_five_minutes_stands_together() {
        let first = head(Direction::In, 10);
        assert_eq!(Shape::of(Some(first.clone()), false, head(Direction::In, 15), false), Shape::default());
        for other in [head(Direction::Out, 11), head(Direction::In, 16)] {
            assert_eq!(Shape::of(Some(first.clone()), false, other, false), Shape { start: true, ..Shape::default() });
        }
        let early = head(Direction::In, 7);
        assert!(
            !Shape::of(Some(first.clone()), false, early.clone(), false).start,
            "a clock that goes back a little parts nothing"
        );
        assert!(Shape::of(Some(first), true, early, false).start, "what is missing parts");
    }

    #[test]
    fn each_participant_stands_alone() {
        let by = |nick: &str, id: Option<&str>| {
            let author = Author { nick: nick.into(), occupant_id: id.map(Into::into), address: None, number: None };
            Head { author: Some(Rc::new(author)), ..head(Direction::In, 10) }
        };
        let starts = |one: Head, other: Head| Shape::of(Some(one), false, other, false).start;
        assert!(!starts(by("ann", None), by("ann", None)));
        assert!(starts(by("ann", None), by("bob", None)));
        assert!(!starts(by("ann", Some("1")), by("ann", Some("1"))));
        assert!(starts(by("ann", Some("1")), by("ann", Some("2"))), "a nickname proves nothing");
        assert!(starts(by("ann", Some("1")), by("anne", Some("1"))), "the new name is to be seen");
        let alone = |head: Head| Head { private: head.author.clone(), ..head };
        assert!(!starts(alone(by("ann", None)), alone(by("ann", None))));
        assert!(starts(by("ann", None), alone(by("ann", None))), "what others do not know stands apart");
    }

    #[test]
    fn lines_between() {
        let last = head(Direction::In, 1439);
        assert_eq!(Shape::of(None, false, last.clone(), false), Shape { day: true, new: false, start: true });
        assert!(Shape::of(Some(last.clone()), false, head(Direction::In, 1440), false).day);
        assert_eq!(Shape::of(Some(last.clone()), false, last, true), Shape { day: false, new: true, start: true });
    }
}
