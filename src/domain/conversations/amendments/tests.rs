//! What becomes of messages about messages when rows come and go, and that the order of arrival never shows.

use super::*;
use crate::clock::Timestamp;
use crate::domain::conversations::kept::Behind;
use crate::domain::conversations::{Archived, Neighbour, NewMessage, Place};
use crate::domain::problem::Refusal;

fn ann() -> BareJid {
    "ann@s.ex".parse().unwrap()
}

fn new(direction: Direction, id: &str, text: &str) -> NewMessage {
    let delivery = (direction == Direction::Out).then_some(Delivery::Acked);
    let id = Some(id.to_owned());
    NewMessage { id, delivery, ..NewMessage::new(direction, ann(), Body::Text(text.into()), Timestamp(0)) }
}

fn about(direction: Direction, id: &str, of: &str, what: What) -> NewMessage {
    let text = if let What::Correct(text) = &what { text.to_string() } else { String::new() };
    let amends = Some(Box::new(Amendment { of: of.to_owned(), what }));
    NewMessage { amends, ..new(direction, id, &text) }
}

fn correct(text: &str) -> What {
    What::Correct(text.into())
}

fn react(sign: &str) -> What {
    What::React(vec![sign.to_owned()])
}

fn waits(message: NewMessage) -> NewMessage {
    NewMessage { delivery: Some(Delivery::Queued), ..message }
}

fn archived(message: NewMessage, archive_id: &str) -> NewMessage {
    let archived = Some(Archived::at(Place::BeforeLive, false));
    NewMessage { archive_id: Some(archive_id.to_owned()), archived, ..message }
}

fn add(conversations: &mut Conversations, message: NewMessage) -> MessageKey {
    conversations.add(&ann(), message).0
}

fn refused() -> Delivery {
    Delivery::Failed(Refusal { condition: crate::condition::Condition::NotAllowed, text: None })
}

/// The rows that a page shows.
fn picture(conversations: &Conversations) -> Vec<String> {
    let rows = conversations.entries[&ann()].rows.iter().filter(|row| row.is_shown_message());
    rows.map(|row| {
        let message = &row.message;
        let versions: Vec<&str> = message.versions().iter().map(|version| &*version.text).collect();
        let mut signs: Vec<_> =
            message.reactions().iter().map(|one| (one.emoji.clone(), one.own, one.theirs)).collect();
        signs.sort();
        let reply = message.reply().map(|reply| (reply.author, reply.quote.clone()));
        format!("{:?} {versions:?} {signs:?} {reply:?}", message.body)
    })
    .collect()
}

#[test]
fn a_second_copy_of_what_was_taken_back_does_not_bring_it_back() {
    let mut conversations = Conversations::default();
    add(&mut conversations, archived(new(Direction::Out, "1", "secret"), "first"));
    add(&mut conversations, about(Direction::Out, "2", "1", What::Retract));
    assert!(!conversations.add(&ann(), archived(new(Direction::Out, "1", "secret"), "second")).1);
    assert_eq!(picture(&conversations).len(), 1);
}

#[test]
fn who_drops_a_message_drops_what_waits_to_be_said_about_it() {
    let mut conversations = Conversations::default();
    let key = add(&mut conversations, waits(new(Direction::Out, "1", "helo")));
    add(&mut conversations, waits(about(Direction::Out, "2", "1", correct("hello"))));
    conversations.discard(&ann(), key);
    assert!(conversations.waiting(false, false).is_empty());
    assert!(conversations.entries[&ann()].rows.is_empty());
}

#[test]
fn what_is_taken_back_is_not_sent_again_nor_does_a_refused_correction_hold_back_others() {
    let mut conversations = Conversations::default();
    let key =
        add(&mut conversations, NewMessage { delivery: Some(Delivery::Sent), ..new(Direction::Out, "1", "oops") });
    conversations.deliver(&ann(), key, Delivery::Unknown);
    let sent = |message| NewMessage { delivery: Some(Delivery::Sent), ..message };
    let correction = add(&mut conversations, sent(about(Direction::Out, "2", "1", correct("ops"))));
    let retraction = add(&mut conversations, sent(about(Direction::Out, "3", "1", What::Retract)));
    conversations.deliver(&ann(), retraction, Delivery::Acked);
    conversations.deliver(&ann(), correction, refused());
    assert_eq!(conversations.message(&ann(), key).unwrap().body, Body::Retracted);
    assert!(!conversations.has_uncertain());
    assert_eq!(conversations.entries[&ann()].view.held_by, None);
}

#[test]
fn the_name_of_an_own_message_means_that_one_whoever_else_uses_it() {
    let mut conversations = Conversations::default();
    add(&mut conversations, archived(new(Direction::In, "1", "evil"), "a1"));
    add(&mut conversations, about(Direction::Out, "2", "1", react("👍")));
    add(&mut conversations, archived(new(Direction::In, "1", "evil once more"), "a2"));
    add(&mut conversations, about(Direction::In, "4", "1", react("🎉")));
    add(&mut conversations, about(Direction::In, "5", "1", What::Retract));
    let reply = Some(Reply { id: "1".into(), to: None, author: None, nick: None, quote: String::new() });
    let more = Some(Box::new(More { reply, ..More::default() }));
    add(&mut conversations, NewMessage { more, ..new(Direction::In, "3", "yes") });
    add(&mut conversations, new(Direction::Out, "1", "mine"));
    let picture = picture(&conversations);
    assert!(!picture[0].contains('👍'), "{picture:?}");
    assert!(picture[2].contains("(Some(Out), \"mine\")"), "{picture:?}");
    assert!(picture[3].contains('👍') && picture[3].contains('🎉'), "{picture:?}");
}

#[test]
fn who_answers_a_correction_answers_what_was_corrected() {
    let mut conversations = Conversations::default();
    let key = add(&mut conversations, new(Direction::In, "1", "helo"));
    add(&mut conversations, about(Direction::In, "2", "1", correct("hello")));
    let reply = Some(Reply { id: "2".into(), to: None, author: None, nick: None, quote: String::new() });
    let more = Some(Box::new(More { reply, ..More::default() }));
    let answer = add(&mut conversations, NewMessage { more, ..new(Direction::In, "3", "yes") });
    let reply = conversations.message(&ann(), answer).unwrap().reply().cloned().unwrap();
    assert_eq!((reply.to, &*reply.quote), (Some(key), "hello"));
}

#[test]
fn what_certainly_did_not_arrive_waits_behind_what_came_meanwhile() {
    let mut conversations = Conversations::default();
    let keys: Vec<_> = ["1", "2"].map(|id| add(&mut conversations, waits(new(Direction::Out, id, id)))).into();
    for key in keys {
        conversations.deliver(&ann(), key, Delivery::Unknown);
    }
    add(&mut conversations, new(Direction::In, "3", "3"));
    add(&mut conversations, waits(new(Direction::Out, "4", "4")));
    conversations.resend_uncertain();
    let rows = conversations.entries[&ann()].rows.iter();
    let texts: Vec<&str> = rows.filter_map(|row| row.message.body.text()).map(|text| &**text).collect();
    assert_eq!(texts, ["3", "1", "2", "4"]);
    let waiting: Vec<String> = conversations.waiting(false, false).into_iter().map(|waiting| waiting.id).collect();
    assert_eq!(waiting, ["1", "2", "4"]);
}

#[test]
fn what_becomes_of_a_change_shows_on_a_row_that_was_on_disk_meanwhile() {
    let mut conversations = Conversations::default();
    let key = add(&mut conversations, new(Direction::Out, "1", "one"));
    for id in 10..150 {
        add(&mut conversations, new(Direction::In, &id.to_string(), "x"));
    }
    let correction = add(&mut conversations, waits(about(Direction::Out, "2", "1", correct("two"))));
    let counters = conversations.counters();
    let Behind { conversations: kept, chunks, outbox, .. } = conversations.take_behind();
    let mut conversations = Conversations::default();
    conversations.restore(counters, kept, outbox);
    let mut chunks: Vec<_> = chunks.into_iter().map(|(id, rows)| (id, Some(rows))).collect();
    let later = chunks.split_off(1);
    conversations.loaded(&ann(), later);
    conversations.deliver(&ann(), correction, Delivery::Acked);
    conversations.loaded(&ann(), chunks);
    let row = conversations.message(&ann(), key).unwrap();
    assert_eq!((row.body.text().map(|text| &**text), row.amending()), (Some("two"), None));
}

#[test]
fn a_long_row_of_reactions_does_not_grow_without_end() {
    let mut conversations = Conversations::default();
    let key = add(&mut conversations, new(Direction::Out, "1", "one"));
    for id in 0..1_000 {
        add(&mut conversations, about(Direction::In, &format!("r{id}"), "1", react("👍")));
    }
    let last = add(&mut conversations, about(Direction::In, "last", "1", What::React(Vec::new())));
    let row = conversations.entries[&ann()].row(key).unwrap();
    assert!(row.applied.len() <= APPLIED && row.applied.last().unwrap().key == last);
    assert!(row.message.reactions().is_empty());
}

/// Ten messages in the order of the archive: two texts, two corrections, two lists of signs of each side, a message
/// taken back, and an answer.
fn ten() -> Vec<NewMessage> {
    let reply = Some(Reply { id: "a".into(), to: None, author: None, nick: None, quote: "?".into() });
    let more = Some(Box::new(More { reply, ..More::default() }));
    vec![
        new(Direction::In, "a", "helo"),
        new(Direction::Out, "b", "secret"),
        about(Direction::In, "c1", "a", correct("hello")),
        about(Direction::Out, "r1", "a", react("👍")),
        about(Direction::In, "s1", "a", react("🙂")),
        about(Direction::In, "c2", "c1", correct("hello!")),
        NewMessage { more, ..new(Direction::Out, "d", "yes") },
        about(Direction::Out, "r2", "a", react("💚")),
        about(Direction::Out, "x", "b", What::Retract),
        about(Direction::In, "s2", "a", react("👎")),
    ]
}

/// Numbers by chance, always the same ones.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap().checked_rem(limit).unwrap()
    }
}

#[test]
fn every_order_of_arrival_ends_in_the_picture_that_the_archive_gives() {
    let all = ten();
    let mut chance = Chance(1);
    let right = [
        "Text(\"hello!\") [\"helo\", \"hello\"] [(\"👎\", false, true), (\"💚\", true, false)] None",
        "Retracted [] [] None",
        "Text(\"yes\") [] [] Some((Some(In), \"hello!\"))",
    ];
    for run in 0..20_000 {
        let mut conversations = Conversations::default();
        conversations.archive_found();
        conversations.stream_began();
        // Some arrive live, in any order; servers do not tell of own ones where the archive has them.
        let mut order: Vec<usize> = (0..all.len()).collect();
        for place in (1..order.len()).rev() {
            order.swap(place, chance.below(place + 1));
        }
        let live = order[..chance.below(all.len() + 1)].to_vec();
        for place in &live {
            let tells = all[*place].direction == Direction::In || chance.below(2) == 0;
            let archive_id = tells.then(|| format!("archive {place}"));
            add(&mut conversations, NewMessage { archive_id, ..all[*place].clone() });
        }
        // Then the archive tells of all, from either end.
        let forward = chance.below(2) == 0;
        let mut last = None;
        for step in 0..all.len() {
            let place = if forward { step } else { all.len() - 1 - step };
            let next_to = last.map(|last| if forward { Neighbour::After(last) } else { Neighbour::Before(last) });
            let into = if forward { Place::BeforeLive } else { Place::Start };
            let archived = Some(Archived { next_to, ..Archived::at(into, false) });
            let archive_id = Some(format!("archive {place}"));
            last = Some(add(&mut conversations, NewMessage { archive_id, archived, ..all[place].clone() }));
        }
        assert_eq!(picture(&conversations), right, "run {run}: live {live:?}, forward {forward}");
    }
}

/// What 500 reactions to old ones of 5,000 rows cost: `cargo test --release --lib what_reactions_cost -- --ignored --nocapture`
#[test]
#[ignore = "it measures, and holds nothing"]
fn what_reactions_cost() {
    let mut conversations = Conversations::default();
    for id in 0..5_000 {
        add(&mut conversations, new(if id % 2 == 0 { Direction::In } else { Direction::Out }, &id.to_string(), "text"));
    }
    for (name, spread) in [("spread", 5), ("on one row", 0)] {
        let began = std::time::Instant::now();
        for id in 0..500 {
            let of = (2_001 + id * spread).to_string();
            add(&mut conversations, about(Direction::In, &format!("{name} {id}"), &of, react("👍")));
            conversations.take_changes().for_each(drop);
        }
        println!("{name}: {} us each", began.elapsed().as_secs_f64() * 1e6 / 500.0);
    }
}
