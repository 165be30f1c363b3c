//! People, conversations and an engine that answers at once: what the tests of the interface and the gallery show.
#![allow(dead_code)]

use std::cell::RefCell;
use std::rc::Rc;

use waxwing::clock::Timestamp;
use waxwing::domain::account::{Account, Connection};
use waxwing::domain::blocked::Blocked;
use waxwing::domain::contact::{Contact, ContactRequest, Subscription};
use waxwing::domain::conversation::{Arrange, Conversation, Gist, Preview};
use waxwing::domain::presence::{About, Availability, Device, OwnPresence};
use waxwing::domain::problem::{Condition, Refusal};
use waxwing::domain::timeline::{
    Amending, Body, Delivery, Direction, Gap, Manner, Message, MessageKey, More, Reaction, Reply, Version,
};
use waxwing::domain::upload::Uploads;
use waxwing::engine::change::{Abilities, Change, TimelineEdit};
use waxwing::engine::command::Command;
use waxwing::jid::{BareJid, Prepare};
use waxwing::ui::client::Client;

/// Enough of Unicode for fixtures.
pub struct Plain;

impl Prepare for Plain {
    fn nfkc(&self, text: &str) -> String {
        text.to_owned()
    }

    fn lowercase(&self, text: &str) -> String {
        text.to_lowercase()
    }
}

pub fn jid(text: &str) -> BareJid {
    text.parse().expect("a fixture's address")
}

/// What was asked of an engine.
pub type Asked = Rc<RefCell<Vec<Command>>>;

/// A client whose engine answers what a real one would, at once.
pub fn client() -> Client {
    asked_client().0
}

/// The same, and what it was asked.
pub fn asked_client() -> (Client, Asked) {
    let client = Client::new(Rc::new(Plain));
    let asked = Asked::default();
    let noted = asked.clone();
    let drafted = move |peer: BareJid, text: String| {
        let known = client.conversation(&peer);
        let known = known.map_or_else(|| Conversation::new(peer), |known| (*known).clone());
        Change::Conversation(Conversation { draft: Some(text).filter(|text| !text.is_empty()), ..known })
    };
    let next = RefCell::new(1_000_000_u64);
    let blocked = RefCell::new(blocked_people());
    let presence = RefCell::new(OwnPresence { availability: Availability::Available, status: None });
    client.connect_engine(Rc::new(move |command| {
        noted.borrow_mut().push(command.clone());
        let changes = match command {
            Command::LogIn { address, .. } => vec![
                Change::Account(Some(Account { address, device: None, remembered: false })),
                Change::Connection(Connection::Online),
            ],
            Command::LogOut => vec![Change::Account(None), Change::Connection(Connection::Offline)],
            Command::SetPresence(wanted) => {
                presence.replace(wanted.clone());
                vec![Change::OwnPresence(wanted)]
            }
            Command::AddContact { address, name, groups } => {
                vec![Change::Contact(Contact { name, groups, asked: true, ..Contact::new(address) })]
            }
            Command::RemoveContact(address) => vec![Change::ContactGone(address)],
            Command::AcceptRequest(address) | Command::DeclineRequest(address) | Command::BlockRequest(address) => {
                vec![Change::RequestGone(address)]
            }
            Command::SendText { peer, text, .. } => {
                let mut key = next.borrow_mut();
                *key += 1;
                let message = Message {
                    key: MessageKey(*key),
                    direction: Direction::Out,
                    from: jid("me@bench.test"),
                    body: Body::Text(text.into()),
                    stamp: now(),
                    delivery: Some(Delivery::Queued),
                    more: None,
                    author: None,
                    private: None,
                };
                vec![insert(&peer, message), drafted(peer, String::new())]
            }
            Command::SetDraft { peer, text } => vec![drafted(peer, text)],
            Command::SetPrivate { peer, to } => {
                let known = client.conversation(&peer).map(|known| (*known).clone());
                known.into_iter().map(|one| Change::Conversation(Conversation { private: to.clone(), ..one })).collect()
            }
            Command::Arrange(peer, wish) => arranged(client, peer, wish),
            Command::Block(address) | Command::Report(address) => {
                blocked.borrow_mut().add(address.into());
                vec![Change::Blocked(blocked.borrow().clone())]
            }
            Command::Unblock(address) => {
                blocked.borrow_mut().remove(&address);
                vec![Change::Blocked(blocked.borrow().clone())]
            }
            Command::SetNickname(name) => vec![Change::OwnNickname(name)],
            Command::Discard { peer, key } => vec![Change::Timeline(peer, TimelineEdit::Remove(key))],
            _ => Vec::new(),
        };
        client.apply(changes);
    }));
    (client, asked)
}

fn arranged(client: Client, peer: BareJid, wish: Arrange) -> Vec<Change> {
    let known = client.conversation(&peer);
    let mut known = known.map_or_else(|| Conversation::new(peer.clone()), |known| (*known).clone());
    match wish {
        Arrange::Pin(is) => known.pinned = is,
        Arrange::Mute(is) => known.muted = is,
        Arrange::Archive(is) => known.archived = is,
        Arrange::Delete => return vec![Change::ConversationGone(peer)],
    }
    vec![Change::Conversation(known)]
}

pub fn now() -> Timestamp {
    Timestamp(js_sys::Date::now() as i64)
}

pub fn signed_in() -> Vec<Change> {
    vec![
        Change::Account(Some(Account { address: jid("me@bench.test"), device: None, remembered: true })),
        Change::Connection(Connection::Online),
        Change::OwnPresence(OwnPresence { availability: Availability::Available, status: None }),
        Change::Abilities(Abilities { pre_approval: true, blocking: true, reporting: true, upload: None }),
    ]
}

pub fn contact(
    address: &str,
    name: &str,
    groups: &[&str],
    availability: Availability,
    status: Option<&str>,
) -> Contact {
    let devices = match availability {
        Availability::Unavailable => Vec::new(),
        availability => vec![
            device("laptop", availability, status, 5),
            Device {
                idle_since: Some(Timestamp(now().0 - 47 * 60_000)),
                about: About {
                    software: Some("Conversations".into()),
                    version: Some("2.17".into()),
                    ..About::default()
                },
                ..device("phone", Availability::Away, None, 0)
            },
        ],
    };
    Contact {
        name: Some(name.into()),
        groups: groups.iter().map(|&group| group.into()).collect(),
        subscription: Subscription::Both,
        devices,
        ..Contact::new(jid(address))
    }
}

fn device(resource: &str, availability: Availability, status: Option<&str>, priority: i8) -> Device {
    Device { resource: resource.into(), availability, status: status.map(Into::into), priority, ..Device::default() }
}

const FIRST: [&str; 16] = [
    "Ada Lovelace",
    "Alan Turing",
    "Anita Borg",
    "Barbara Liskov",
    "Bjarne Stroustrup",
    "Dennis Ritchie",
    "Donald Knuth",
    "Edsger Dijkstra",
    "Frances Allen",
    "Grace Hopper",
    "Guido van Rossum",
    "Hedy Lamarr",
    "Ken Thompson",
    "Leslie Lamport",
    "Margaret Hamilton",
    "Niklaus Wirth",
];

pub fn people() -> Vec<Change> {
    use Availability::{Available, Away, Chat, Dnd, Unavailable, Xa};
    let states = [Away, Available, Available, Dnd, Available, Unavailable, Chat, Xa];
    let texts = [
        Some("Back tomorrow"),
        None,
        Some("In a meeting until three"),
        None,
        Some("On the train"),
        None,
        None,
        Some("Please write, do not call"),
    ];
    let groups: [&[&str]; 5] = [&["Family"], &["Friends"], &["Work"], &["Work", "Friends"], &[]];
    let mut contacts: Vec<Contact> = FIRST
        .iter()
        .enumerate()
        .map(|(number, name)| {
            let local = name.split(' ').next().unwrap_or_default().to_lowercase();
            let state = states[number % states.len()];
            contact(
                &format!("{local}@bench.test"),
                name,
                groups[number % groups.len()],
                state,
                texts[number % texts.len()],
            )
        })
        .collect();
    contacts.push(contact("layla@bench.test", "ليلى حداد", &["Friends"], Available, Some("مرحبا بالعالم")));
    contacts.push(contact(
        "long@bench.test",
        "Wolfeschlegelsteinhausenbergerdorff Anastasia",
        &["Friends"],
        Away,
        None,
    ));
    contacts.push(Contact { asked: true, ..Contact::new(jid("new.person@elsewhere.example")) });
    vec![Change::Contacts(contacts)]
}

pub fn many_contacts(number: u32) -> Change {
    let states = [Availability::Available, Availability::Away, Availability::Unavailable, Availability::Dnd];
    Change::Contacts(
        (0..number)
            .map(|n| {
                let name = format!("{} {n}", FIRST[n as usize % FIRST.len()]);
                let group = format!("Group {}", n % 20);
                contact(&format!("c{n}@bench.test"), &name, &[&group], states[n as usize % 4], None)
            })
            .collect(),
    )
}

/// Presence of the first `number` contacts of [`many_contacts`], all different from before.
pub fn presence_burst(number: u32, round: u32) -> Vec<Change> {
    let states = [Availability::Available, Availability::Away, Availability::Unavailable, Availability::Dnd];
    (0..number)
        .map(|n| {
            let name = format!("{} {n}", FIRST[n as usize % FIRST.len()]);
            let group = format!("Group {}", n % 20);
            let state = states[(n + round) as usize % 4];
            Change::Contact(contact(&format!("c{n}@bench.test"), &name, &[&group], state, Some("burst")))
        })
        .collect()
}

pub fn request() -> Change {
    Change::Request(ContactRequest {
        address: jid("tim@berners-lee.example"),
        nickname: Some("Tim".into()),
        message: Some("Hello, we met at the conference.".into()),
    })
}

pub fn text(key: u64, direction: Direction, body: &str, stamp: i64, delivery: Option<Delivery>) -> Message {
    let from = match direction {
        Direction::In => jid("grace@bench.test"),
        Direction::Out => jid("me@bench.test"),
    };
    let delivery = (direction == Direction::Out).then(|| delivery.unwrap_or(Delivery::Displayed));
    let (key, body, stamp) = (MessageKey(key), Body::Text(body.into()), Timestamp(stamp));
    Message { key, direction, from, body, stamp, delivery, more: None, author: None, private: None }
}

/// A hole in the history.
pub fn gap(key: u64, state: Gap, stamp: i64) -> Message {
    Message { body: Body::Gap(state), ..text(key, Direction::In, "", stamp, None) }
}

pub fn insert(peer: &BareJid, message: Message) -> Change {
    Change::Timeline(peer.clone(), TimelineEdit::Insert { message, before: None })
}

pub fn conversation(peer: &str, unread: u32, activity: u64, direction: Direction, last: &str, minutes: i64) -> Change {
    Change::Conversation(Conversation {
        answered: true,
        unread,
        last: Some(Preview {
            direction,
            nick: None,
            text: last.into(),
            gist: Gist::Text,
            stamp: Timestamp(now().0 - minutes * 60_000),
            private: false,
        }),
        activity,
        ..Conversation::new(jid(peer))
    })
}

pub fn conversations() -> Vec<Change> {
    use Direction::{In, Out};
    let grace = jid("grace@bench.test");
    let base = now().0;
    let at = |minutes: i64| base - minutes * 60_000;
    let refusal = Refusal { condition: Condition::RemoteServerNotFound, text: None };
    let lines: Vec<(Direction, &str, i64, Option<Delivery>)> = vec![
        (In, "Did the numbers for the compiler come in?", 1520, None),
        (Out, "Yes. Without the cache a build takes nine minutes, which is about what we feared.", 1517, None),
        (Out, "With it, under a minute.", 1516, None),
        (In, "Then we can run it on every push 🎉", 1510, None),
        (In, "مرحبا، هل انتهت الترجمة؟", 190, None),
        (
            Out,
            "Nearly. The last two paragraphs are with the reviewer and she promised to send them back before lunch, so I would not wait for them with the announcement.",
            186,
            None,
        ),
        (
            In,
            "Donaudampfschifffahrtsgesellschaftskapitaen https://example.com/a/very/long/path/that/does/not/break/anywhere/at/all/0123456789abcdef0123456789abcdef",
            90,
            None,
        ),
        (In, "👍", 89, None),
        (Out, "See you at 15:00 then", 60, None),
        (
            In,
            "One more thing: could you bring the printed schedule? The projector in the small room is broken again.",
            22,
            None,
        ),
        (Out, "Of course", 21, Some(Delivery::Delivered)),
        (Out, "😂😂", 20, Some(Delivery::Acked)),
        (Out, "I will also bring the adapter, just in case.", 4, Some(Delivery::Failed(refusal))),
        (Out, "And the cake", 3, Some(Delivery::Unknown)),
        (Out, "On my way", 1, Some(Delivery::Sent)),
        (Out, "Two minutes", 0, Some(Delivery::Queued)),
    ];
    let mut changes: Vec<Change> = lines
        .into_iter()
        .enumerate()
        .map(|(n, (direction, body, minutes, state))| {
            insert(&grace, text(n as u64 + 1, direction, body, at(minutes), state))
        })
        .collect();
    changes.push(Change::Conversation(Conversation {
        first_unread: Some(MessageKey(10)),
        last: Some(Preview {
            direction: Out,
            nick: None,
            text: "Two minutes".into(),
            gist: Gist::Text,
            stamp: Timestamp(base),
            private: false,
        }),
        activity: 100,
        answered: true,
        ..Conversation::new(grace)
    }));
    changes.extend([
        conversation("bjarne@bench.test", 1, 99, In, "Lunch at one?", 4),
        conversation("niklaus@bench.test", 3, 98, In, "Thanks, that works for me. I will tell the others.", 30),
        conversation("alan@bench.test", 1, 97, In, "Did you see the new drawing?", 45),
        conversation("layla@bench.test", 0, 96, In, "شكرا جزيلا", 200),
        conversation("dennis@bench.test", 0, 95, In, "The parcel arrived", 300),
        conversation("guido@bench.test", 0, 94, Out, "Can you send me the slides of yesterday?", 1500),
        conversation("anita@bench.test", 0, 93, In, "Can you send me the photos?", 4000),
        conversation("stranger@elsewhere.example", 0, 92, In, "Hi, is this still for sale?", 20000),
    ]);
    changes
}

/// What strangers wrote, what was put away, what is kept on top and what is silenced; and somebody who is blocked.
pub fn arranged_conversations() -> Vec<Change> {
    use Direction::{In, Out};
    let with = |change: Change, edit: fn(&mut Conversation)| match change {
        Change::Conversation(mut one) => {
            edit(&mut one);
            Change::Conversation(one)
        }
        other => other,
    };
    let eve = jid("eve@market.example");
    let lines = ["Good day! I saw your address in a list of winners.", "Reply now and the prize is yours 🎁"];
    let mut changes: Vec<Change> = (0..)
        .zip(lines)
        .map(|(n, body)| insert(&eve, Message { from: eve.clone(), ..text(n + 1, In, body, now().0 - 120_000, None) }))
        .collect();
    changes.extend([
        with(conversation(eve.as_str(), 2, 101, In, lines[1], 2), |one| one.answered = false),
        with(conversation("old.friend@elsewhere.example", 1, 91, In, "Do you remember me?", 600), |one| {
            one.answered = false
        }),
        with(conversation("anita@bench.test", 0, 93, In, "Can you send me the photos?", 4000), |one| one.pinned = true),
        with(conversation("niklaus@bench.test", 3, 98, In, "Thanks, that works for me.", 30), |one| one.muted = true),
        with(conversation("dennis@bench.test", 0, 95, Out, "The parcel arrived", 300), |one| one.archived = true),
        Change::Blocked(blocked_people()),
        Change::OwnNickname(Some("Ada of the Mill".into())),
    ]);
    changes
}

fn blocked_people() -> Blocked {
    Blocked::new(["alan@bench.test", "spam.example"].iter().filter_map(|one| one.parse().ok()))
}

/// Grace as somebody of whom much is known.
pub fn grace_in_detail() -> Change {
    let mut grace =
        contact("grace@bench.test", "Grace Hopper", &["Work", "Friends"], Availability::Away, Some("On the train"));
    grace.nickname = Some("Amazing Grace".into());
    for (device, software) in grace.devices.iter_mut().zip(["Gajim", "Conversations"]) {
        device.about = About {
            software: Some(software.into()),
            version: Some("2.17".into()),
            offset: Some(330),
            ..About::default()
        };
        device.idle_since = Some(Timestamp(now().0 - 47 * 60_000));
    }
    Change::Contact(grace)
}

/// One own message in each state a message can have, the oldest first.
pub fn states(peer: &BareJid) -> Vec<Change> {
    let refusal = Refusal { condition: Condition::RemoteServerNotFound, text: Some("no such host".into()) };
    let states = [
        Delivery::Displayed,
        Delivery::Delivered,
        Delivery::Acked,
        Delivery::Unknown,
        Delivery::Failed(refusal),
        Delivery::Sent,
        Delivery::Queued,
    ];
    let base = now().0 - 7 * 60_000;
    let one = |(n, state): (u64, Delivery)| {
        let body = format!("This one is {}", state.name());
        insert(peer, text(n + 1, Direction::Out, &body, base + n as i64 * 60_000, Some(state)))
    };
    (0..).zip(states).map(one).collect()
}

/// Text in all its styles.
pub fn rich(peer: &BareJid) -> Vec<Change> {
    let base = now().0 - 9 * 60_000;
    let bodies = [
        "This is *strong*, this _matters_, ~this is wrong~ and `cargo test` runs it all",
        "> Who brings the projector?\n>> The small one?\nI do. @me has the cable.",
        "```rust\nfn main() {\n    println!(\"a line that is much too long for a phone, and moves inside of its own block instead\");\n}\n```\nThat is all of it",
        "/me waves",
        "See https://en.wikipedia.org/wiki/Waxwing_(bird), or ask xmpp:alan@bench.test",
        "https://еxample.org/looks-like-another",
        "👩🏽‍❤️‍💋‍👨🏽 🇩🇪 1️⃣",
    ];
    let one = |(n, body): (u64, &str)| {
        let direction = if n % 3 == 2 { Direction::Out } else { Direction::In };
        insert(peer, text(n + 1, direction, body, base + n as i64 * 60_000, None))
    };
    (0..).zip(bodies).map(one).collect()
}

/// A refused message and what waits for it.
pub fn held(peer: &BareJid) -> Vec<Change> {
    let refusal = Refusal { condition: Condition::RemoteServerTimeout, text: None };
    let base = now().0;
    let mut changes = many_messages(peer, 60);
    let lines = [
        ("The keys are with the neighbour", Delivery::Failed(refusal)),
        ("She is at home until six", Delivery::Queued),
        ("Second floor, on the left", Delivery::Queued),
    ];
    changes.extend((0..).zip(lines).map(|(n, (body, state))| {
        insert(peer, text(n + 1, Direction::Out, body, base - (3 - n as i64) * 60_000, Some(state)))
    }));
    let last = Preview {
        direction: Direction::Out,
        nick: None,
        text: "Second floor, on the left".into(),
        gist: Gist::Text,
        stamp: Timestamp(base),
        private: false,
    };
    changes.push(Change::Conversation(Conversation {
        last: Some(last),
        held_by: Some(MessageKey(1)),
        activity: 100,
        ..Conversation::new(peer.clone())
    }));
    changes
}

/// History with a hole that is being filled and one that could not be.
pub fn gaps(peer: &BareJid) -> Vec<Change> {
    let base = now().0 - 3 * 60 * 60_000;
    let at = |minutes: i64| base + minutes * 60_000;
    let rows = [
        text(1, Direction::In, "Is the room free on Friday?", at(0), None),
        text(2, Direction::In, "All day, if that is possible", at(1), None),
        gap(3, Gap::Failed, at(1)),
        text(4, Direction::In, "Then Friday it is", at(2), None),
        text(5, Direction::Out, "Fine, I will tell the others", at(3), None),
        gap(6, Gap::Filling, at(3)),
        text(7, Direction::Out, "They are coming too", at(5), Some(Delivery::Delivered)),
    ];
    rows.into_iter().map(|row| insert(peer, row)).collect()
}

/// Everything that can stand around a message.
pub fn around(peer: &BareJid) -> Vec<Change> {
    let base = now().0 - 60 * 60_000;
    let at = |minutes: i64| base + minutes * 60_000;
    let with = |message: Message, more: More| Message { more: Some(Box::new(more)), ..message };
    let reaction = |emoji: &str, own, theirs| Reaction { emoji: emoji.into(), own, theirs, by: Vec::new() };
    let reply = |to: Option<u64>, author, quote: &str| {
        Some(Reply { id: "x".into(), to: to.map(MessageKey), author, nick: None, quote: quote.into() })
    };
    let version = |text: &str, minutes| Version { text: text.into(), stamp: Timestamp(at(minutes)) };
    let failed = Delivery::Failed(Refusal { condition: Condition::ServiceUnavailable, text: None });
    let rows = [
        with(
            text(1, Direction::In, "Shall we take the early train on Friday?", at(0), None),
            More { reactions: vec![reaction("👍", true, false), reaction("🎉", true, true)], ..More::default() },
        ),
        with(
            text(2, Direction::Out, "The one at 7:40, then we are there before noon", at(1), Some(Delivery::Displayed)),
            More {
                versions: vec![version("The one at 7:30", 1), version("The one at 7:40", 2)],
                reactions: vec![reaction("❤️", false, true)],
                ..More::default()
            },
        ),
        with(
            text(3, Direction::In, "Do we have seats?", at(3), None),
            More {
                reply: reply(Some(2), Some(Direction::Out), "The one at 7:40, then we are there before noon"),
                ..More::default()
            },
        ),
        Message { body: Body::Retracted, ..text(4, Direction::In, "", at(4), None) },
        with(
            text(5, Direction::Out, "Yes, two at the window", at(5), Some(Delivery::Delivered)),
            More { reply: reply(None, None, "You promised to pay"), ..More::default() },
        ),
        with(
            text(6, Direction::Out, "Coach 12", at(6), Some(Delivery::Acked)),
            More {
                versions: vec![version("Coach 21", 6)],
                amending: Some(Amending { key: MessageKey(90), retracts: false, delivery: failed }),
                ..More::default()
            },
        ),
        with(
            text(7, Direction::Out, "Seats 4 and 5", at(7), Some(Delivery::Acked)),
            More {
                amending: Some(Amending { key: MessageKey(91), retracts: true, delivery: Delivery::Sent }),
                ..More::default()
            },
        ),
    ];
    let mut changes: Vec<Change> = rows.into_iter().map(|row| insert(peer, row)).collect();
    changes.push(Change::Writing(peer.clone(), true));
    changes
}

/// Pictures and other files, both ways, and a server that takes files up to 10 MB.
pub fn files(peer: &BareJid) -> Vec<Change> {
    let here = web_sys::window().and_then(|window| window.location().origin().ok()).unwrap_or_default();
    let base = now().0 - 10 * 60_000;
    let urls = [
        (Direction::In, "https://up.bench.test/4f/Minutes%20of%20the%20meeting.pdf".to_owned()),
        (Direction::In, format!("{here}/icons/waxwing-512.png")),
        (Direction::In, "https://pictures.elsewhere.example/2026/harbour.jpg".to_owned()),
        (Direction::Out, format!("{here}/no/such/picture.png")),
        (Direction::Out, format!("{here}/icons/waxwing-192.png")),
    ];
    let upload = Some(Uploads { limit: Some(10_000_000), hosts: vec!["up.bench.test".into()] });
    let mut changes =
        vec![Change::Abilities(Abilities { pre_approval: true, blocking: true, reporting: true, upload })];
    changes.extend((0..).zip(urls).map(|(n, (direction, url))| {
        let manner = Manner { file: true, ..Manner::default() };
        let more = Some(Box::new(More { manner, ..More::default() }));
        insert(peer, Message { more, ..text(n + 1, direction, &url, base + n as i64 * 60_000, None) })
    }));
    changes
}

/// Takes away what [`conversations`] put into a conversation.
pub fn without(peer: &BareJid) -> Vec<Change> {
    (1..=16).map(|key| Change::Timeline(peer.clone(), TimelineEdit::Remove(MessageKey(key)))).collect()
}

pub fn many_messages(peer: &BareJid, number: u32) -> Vec<Change> {
    let base = now().0 - i64::from(number) * 120_000;
    let bodies = [
        "Short one",
        "A message of a usual length that says a little more than yes or no, as most of them do.",
        "👍",
        "A long message. It goes on over several lines of the bubble, because somebody had time to write and a lot to \
         tell, and nobody minds reading it. It goes on over several lines of the bubble, as they do.",
    ];
    (0..number)
        .map(|n| {
            let direction = if n % 5 < 3 { Direction::In } else { Direction::Out };
            let body = format!("{} ({n})", bodies[n as usize % bodies.len()]);
            insert(peer, text(u64::from(n) + 10_000, direction, &body, base + i64::from(n) * 120_000, None))
        })
        .collect()
}
