//! Who is in a group chat: whatever happens, and however rarely it is told, a page shows who is there, each person once
//! and under one number for as long as they stay.

use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::*;
use waxwing::clock::Instant;
use waxwing::domain::presence::Availability;
use waxwing::domain::room::{Affiliation, Occupant, Role};
use waxwing::domain::rooms::Rooms;
use waxwing::engine::mirror::Mirror;
use waxwing::jid::BareJid;

use crate::cases;

/// What happens there.
#[derive(Clone, Debug)]
enum Event {
    /// Somebody is there, or is different; the second number is what the group chat calls them, under 0 nothing.
    Comes(u8, u8),
    Goes(u8),
    Renames(u8, u8),
    /// The user went out and in.
    Emptied,
    /// It is looked whether something is to be told, so many milliseconds later.
    Looks(u64),
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        6 => (0..8_u8, 0..3_u8).prop_map(|(nick, id)| Event::Comes(nick, id)),
        3 => (0..8_u8).prop_map(Event::Goes),
        4 => (0..8_u8, 0..8_u8).prop_map(|(from, to)| Event::Renames(from, to)),
        1 => Just(Event::Emptied),
        3 => (0..80_u64).prop_map(Event::Looks),
    ]
}

fn nick(number: u8) -> String {
    format!("n{number}")
}

fn occupant(number: u8, id: u8) -> Occupant {
    Occupant {
        number: 0,
        nick: nick(number).into(),
        occupant_id: (id > 0).then(|| format!("id{id}").into()),
        address: None,
        role: Role::Participant,
        affiliation: Affiliation::None,
        hats: Vec::new(),
        availability: Availability::Available,
        is_me: false,
    }
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn a_page_shows_who_is_there(events in vec(event(), 0..60)) {
        let room: BareJid = "den@rooms.ex".parse().unwrap();
        let mut rooms = Rooms::default();
        rooms.open(&room, "me");
        let mut mirror = Mirror::default();
        let mut now = Instant(1_000);
        // By nickname: what the group chat calls them, and the number that they had when they came.
        let mut model: BTreeMap<String, (Option<String>, u64)> = BTreeMap::new();
        let mut highest = 0;
        for event in events {
            match event {
                Event::Comes(who, id) => {
                    let one = occupant(who, id);
                    let id = one.occupant_id.as_deref().map(str::to_owned);
                    rooms.came(&room, one);
                    let number = rooms.occupant(&room, &nick(who)).unwrap().number;
                    match model.get(&nick(who)) {
                        Some((known, before)) if known.is_none() || *known == id => prop_assert_eq!(number, *before),
                        _ => {
                            prop_assert!(number > highest, "a number is never given twice");
                            highest = number;
                        }
                    }
                    model.insert(nick(who), (id, number));
                }
                Event::Goes(who) => {
                    rooms.left(&room, &nick(who));
                    model.remove(&nick(who));
                }
                Event::Renames(from, to) => {
                    rooms.renamed(&room, &nick(from), &nick(to));
                    if let Some(one) = model.remove(&nick(from)) {
                        model.insert(nick(to), one);
                    }
                }
                Event::Emptied => {
                    rooms.empty(&room);
                    model.clear();
                }
                Event::Looks(later) => {
                    now = now.after(later);
                    rooms.take_changes(now).into_iter().for_each(|change| mirror.apply(change));
                }
            }
        }
        rooms.take_changes(now.after(100)).into_iter().for_each(|change| mirror.apply(change));
        prop_assert!(rooms.wake_at().is_none(), "everything was told");
        let shown = mirror.people(&room).map(|people| people.in_order().to_vec()).unwrap_or_default();
        let shown: BTreeMap<String, (Option<String>, u64)> = shown
            .iter()
            .map(|one| (one.nick.to_string(), (one.occupant_id.as_deref().map(str::to_owned), one.number)))
            .collect();
        prop_assert_eq!(&shown, &model);
        // A page that comes later shows the same.
        let mut late = Mirror::default();
        mirror.snapshot().into_iter().for_each(|change| late.apply(change));
        prop_assert_eq!(late.people(&room).map_or(0, |people| people.len()), model.len());
    }
}
