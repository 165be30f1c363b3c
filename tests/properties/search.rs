//! Finding messages: the index says what a look at every message says.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use waxwing::clock::Timestamp;
use waxwing::domain::search::query::{Query, kinds};
use waxwing::domain::search::words::{folded, words};
use waxwing::domain::search::{Index, Said, snippet};
use waxwing::domain::timeline::{Direction, MessageKey};
use waxwing::jid::BareJid;

use crate::cases;

/// What happens to the messages.
#[derive(Clone, Debug)]
enum Event {
    Says { key: u64, peer: usize, own: bool, stamp: i64, text: String },
    Goes(u64),
}

const PEERS: [&str; 3] = ["ann@s.ex", "anna@s.ex", "bob@t.ex"];
const ME: &str = "me@s.ex";

fn jid(text: &str) -> BareJid {
    text.parse().unwrap()
}

fn word() -> impl Strategy<Value = String> {
    let some = [
        "a",
        "ab",
        "abc",
        "Äb",
        "b",
        "b.a",
        "don't",
        "東",
        "東京",
        "京都東",
        "タ",
        "👍",
        "👍👍",
        "x京",
        "https://a.b/c.png",
    ];
    prop_oneof![3 => select(some.map(str::to_owned).to_vec()), 1 => "[a-c\u{301} -~東京]{0,5}"]
}

fn text() -> impl Strategy<Value = String> {
    vec(word(), 0..6).prop_map(|words| words.join(" "))
}

fn event() -> impl Strategy<Value = Event> {
    let says = (0..12_u64, 0..PEERS.len(), any::<bool>(), 0..6_i64, text())
        .prop_map(|(key, peer, own, stamp, text)| Event::Says { key, peer, own, stamp, text });
    prop_oneof![4 => says, 1 => (0..12_u64).prop_map(Event::Goes)]
}

fn question() -> impl Strategy<Value = String> {
    let condition =
        select(vec!["from:me", "from:an", "in:ann@", "in:bo", "has:link", "has:image", "before:1970-01-02"]);
    let quoted = text().prop_map(|text| format!("\"{}\"", text.replace('"', "")));
    vec(prop_oneof![5 => word(), 2 => quoted, 1 => condition.prop_map(str::to_owned)], 1..4)
        .prop_map(|parts| parts.join(" "))
}

#[derive(Clone, Debug)]
struct Kept {
    key: u64,
    peer: usize,
    own: bool,
    stamp: i64,
    text: String,
}

/// Looks at one message by itself.
fn matches(kept: &Kept, query: &Query) -> bool {
    let mut all: Vec<String> = Vec::new();
    words(&kept.text, &mut |word, _, _| all.push(word.to_owned()));
    let has = query.terms.iter().all(|term| {
        (0..all.len())
            .any(|at| term.iter().enumerate().all(|(step, want)| all.get(at + step).is_some_and(|word| want.is(word))))
    });
    let peer = PEERS[kept.peer];
    let author = if kept.own { ME } else { peer };
    has && kinds(&kept.text) & query.has == query.has
        && query.is_within(kept.stamp)
        && query.inside.iter().all(|sought| Query::means(sought, peer, ""))
        && query.from.iter().all(|sought| if sought == "me" { kept.own } else { Query::means(sought, author, "") })
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn the_index_finds_what_a_look_at_every_message_finds(
        events in vec(event(), 1..40),
        typed in question(),
        most in 1..8_usize,
    ) {
        let (mut index, mut kept) = (Index::default(), Vec::<Kept>::new());
        for event in events {
            match event {
                Event::Says { key, peer, own, stamp, text } => {
                    // A row stays in its conversation, with its author and its time.
                    let same = kept.iter().find(|known| known.key == key).cloned();
                    let (peer, own, stamp) = same.map_or((peer, own, stamp), |same| (same.peer, same.own, same.stamp));
                    let said = Said {
                        key: MessageKey(key),
                        from: jid(if own { ME } else { PEERS[peer] }),
                        direction: if own { Direction::Out } else { Direction::In },
                        stamp: Timestamp(stamp),
                        text: text.as_str().into(),
                        archived: 0,
                    };
                    index.put(&jid(PEERS[peer]), said);
                    kept.retain(|known| known.key != key);
                    kept.push(Kept { key, peer, own, stamp, text });
                }
                Event::Goes(key) => {
                    let was_there = kept.iter().any(|known| known.key == key);
                    prop_assert_eq!(index.remove(MessageKey(key)), was_there);
                    kept.retain(|known| known.key != key);
                }
            }
        }
        let query = Query::read(&typed, 0);
        let found = index.find(&query, most, &|_| String::new());
        let mut wanted: Vec<_> = kept.iter().filter(|kept| !query.is_empty() && matches(kept, &query)).collect();
        wanted.sort_by_key(|kept| std::cmp::Reverse((kept.stamp, kept.key)));
        prop_assert_eq!(found.count as usize, wanted.len());
        let keys: Vec<u64> = found.newest.iter().map(|found| found.key.0).collect();
        prop_assert_eq!(keys, wanted.iter().take(most).map(|kept| kept.key).collect::<Vec<_>>());
        for found in &found.newest {
            prop_assert!(query.terms.is_empty() || snippet(&found.text, &query).iter().any(|piece| piece.is_hit));
        }
    }

    /// What has no spaces is found by any part of it, as a plain look into the text finds it.
    #[test]
    fn any_part_of_a_text_without_spaces_is_found(text in "[東京都タワー]{1,8}", part in "[東京都タワー]{1,3}") {
        let mut index = Index::default();
        let said = Said {
            key: MessageKey(1),
            from: jid(ME),
            direction: Direction::Out,
            stamp: Timestamp(0),
            text: text.as_str().into(),
            archived: 0,
        };
        index.put(&jid(ME), said);
        let count = index.find(&Query::read(&part, 0), 1, &|_| String::new()).count;
        prop_assert_eq!(count == 1, text.contains(&part));
    }

    /// Whatever arrives and whatever is typed: nothing traps, and what was found is shown.
    #[test]
    fn nothing_that_is_written_or_typed_does_harm(text in any::<String>(), typed in any::<String>()) {
        let query = Query::read(&typed, 840);
        let shown: String = snippet(&text, &query).into_iter().map(|piece| piece.text).collect();
        prop_assert!(shown.chars().count() <= 170);
        prop_assert!(text.is_empty() || !shown.is_empty());
        let _ = (folded(&text), kinds(&text));
    }
}

/// The numbers of a large history: `cargo test --release --test properties -- --ignored --nocapture hundred`.
#[test]
#[ignore = "it measures"]
fn a_hundred_thousand_messages() {
    let mut state = 7_u64;
    let mut next = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    // Words as unevenly used as those of people: the n-th one as often as 1/n.
    let mut word = move || {
        let spread = (next(1 << 20) as f64) / f64::from(1 << 20);
        let rank = (60_000_f64).powf(spread) as u64;
        format!("{}{}", ["ka", "lo", "mi", "tu", "re"][(rank % 5) as usize], rank)
    };
    let texts: Vec<std::rc::Rc<str>> =
        (0..100_000).map(|number| (0..6 + number % 13).map(|_| word()).collect::<Vec<_>>().join(" ").into()).collect();
    let bytes: usize = texts.iter().map(|text| text.len()).sum();
    let peers: Vec<BareJid> = (0..100).map(|number| jid(&format!("p{number}@s.ex"))).collect();
    let started = std::time::Instant::now();
    let mut index = Index::default();
    for (number, text) in texts.iter().enumerate() {
        let peer = &peers[number % 100];
        let said = Said {
            key: MessageKey(number as u64),
            from: peer.clone(),
            direction: Direction::In,
            stamp: Timestamp(number as i64),
            text: text.clone(),
            archived: 0,
        };
        index.put(peer, said);
    }
    let took = started.elapsed();
    let (known, places) = index.size();
    println!("{bytes} bytes of text indexed in {took:?}: {known} words, {places} bytes of places");
    for typed in
        ["ka", "k", "ka5", "lo1 mi2", "\"lo1 mi2\"", "tu3 from:p7", "tu58873", "has:link", "ka5 lo1 mi2 tu3 re4"]
    {
        let query = Query::read(typed, 0);
        let started = std::time::Instant::now();
        let found = index.find(&query, 50, &|_| String::new());
        println!("{typed:24} {:8} in {:?}", found.count, started.elapsed());
    }
}
