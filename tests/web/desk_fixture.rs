//! A support desk for the tests of the interface and the gallery.
#![allow(dead_code)]

use waxwing::clock::Timestamp;
use waxwing::domain::conversation::{Conversation, Gist, Notify, Preview};
use waxwing::domain::desk::{Desk, DeskChange, Stage, Visit};
use waxwing::domain::room::{Affiliation, Phase, Role, Room, RoomChange, Traits};
use waxwing::domain::timeline::Direction;
use waxwing::engine::change::Change;

use crate::fixture::{jid, now};

/// The visit of which the agent at this device takes care.
pub const MINE: &str = "visit-00000000000000000000000000000001@rooms.bench.test";
/// One that waits.
pub const WAITING: &str = "visit-00000000000000000000000000000002@rooms.bench.test";
/// One of another agent.
pub const OTHERS: &str = "visit-00000000000000000000000000000003@rooms.bench.test";

fn taken(by: &str) -> Stage {
    Stage::Taken { by: by.into(), from: None }
}

pub fn visit(room: &str, stage: Stage, name: Option<&str>, topic: Option<&str>) -> Visit {
    let since = Timestamp(now().0 - 300_000);
    Visit { stage, ..Visit::new(jid(room), since, name, topic) }
}

/// A desk with these visits, at which Ada sits here, and Bob and Eve elsewhere.
pub fn desk(visits: Vec<Visit>) -> Change {
    let agents = vec!["Bob".into(), "Eve".into()];
    Change::Desk(DeskChange::Desk(Desk { on: true, name: Some("Ada".into()), me: "Ada".into(), visits, agents }))
}

/// One visit of each sort.
pub fn busy() -> Vec<Change> {
    let mine = visit(MINE, taken("Ada"), Some("Anna"), Some("My order"));
    vec![
        told(mine.clone()),
        conversation(),
        desk(vec![
            mine,
            visit(WAITING, Stage::Waiting, Some("<b>Zoë</b>\u{202e}"), Some("Where is my <i>parcel</i>?")),
            visit(OTHERS, taken("Bob"), None, None),
        ]),
    ]
}

fn told(visit: Visit) -> Change {
    let traits = Traits { known: true, hidden: true, persistent: true, archive: true, ..Traits::default() };
    Change::Room(RoomChange::Room(Room {
        phase: Phase::Joined,
        role: Role::Moderator,
        affiliation: Affiliation::Owner,
        traits,
        ..Room::new(visit.room, "Ada".into())
    }))
}

fn conversation() -> Change {
    Change::Conversation(Conversation {
        room: Some(Notify::All),
        unread: 2,
        answered: true,
        activity: 900,
        last: Some(Preview {
            direction: Direction::In,
            nick: Some("Anna".into()),
            private: false,
            text: "It was to come on Monday".into(),
            gist: Gist::Text,
            stamp: now(),
        }),
        ..Conversation::new(jid(MINE))
    })
}
