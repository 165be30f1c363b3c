//! Group chats for the tests of the interface and the gallery.
#![allow(dead_code)]

use std::rc::Rc;

use waxwing::domain::conversation::{Conversation, Gist, Notify, Preview};
use waxwing::domain::face::{Face, FaceChange, Shown};
use waxwing::domain::presence::Availability;
use waxwing::domain::problem::{Condition, Refusal};
use waxwing::domain::room::{
    Affiliation, Answered, Author, FoundRoom, FoundRooms, Listed, Occupant, OccupantEdit, Phase, Role, Room,
    RoomChange, RoomInvitation, RoomNews, Subject, Traits, Why,
};
use waxwing::domain::timeline::{Body, Delivery, Direction, Message, MessageKey, More, Reaction, Removed, Reply};
use waxwing::engine::change::{Change, Notice};
use waxwing::form::{Choice, Field, FieldKind, Form, Picture};

use crate::fixture::{insert, jid, now, text};

pub const ROOM: &str = "birds@rooms.bench.test";

/// A group chat in which the user is an admin.
pub fn room() -> Room {
    let room = Room::new(jid(ROOM), "Ada".into());
    Room {
        name: Some("Bird watchers".into()),
        description: Some("Who saw what, and where. Pictures are welcome.".into()),
        phase: Phase::Joined,
        role: Role::Moderator,
        affiliation: Affiliation::Admin,
        subject: Some(Subject { text: "Waxwings at the harbour since Monday".into(), by: Some("Grace".into()) }),
        traits: Traits {
            known: true,
            persistent: true,
            archive: true,
            occupant_ids: true,
            message_ids: true,
            moderation: true,
            ..Traits::default()
        },
        bookmark: Some(true),
        ..room
    }
}

/// What the group chat says about its picture.
pub fn shows(file: &[u8]) -> Change {
    let face = Face { kind: Picture::Png, bytes: file.to_vec() };
    Change::Face(FaceChange::Of(jid(ROOM), Shown { names: vec![face.name().into()], settable: true }))
}

/// The picture.
pub fn face(file: &[u8]) -> Change {
    let face = Face { kind: Picture::Png, bytes: file.to_vec() };
    Change::Face(FaceChange::Is(face.name().into(), face))
}

pub fn told(room: Room) -> Change {
    Change::Room(RoomChange::Room(room))
}

pub fn refused(why: Why) -> Change {
    told(Room { phase: Phase::Refused(why), role: Role::None, ..room() })
}

pub fn occupant(number: u64, nick: &str, affiliation: Affiliation, role: Role) -> Occupant {
    Occupant {
        number,
        nick: nick.into(),
        occupant_id: None,
        address: Some(jid(&format!("{}@bench.test", nick.to_lowercase().replace(' ', ".")))),
        role,
        affiliation,
        hats: Vec::new(),
        availability: Availability::Available,
        is_me: false,
    }
}

fn came(people: Vec<Occupant>) -> Change {
    let edits = people.into_iter().map(OccupantEdit::Put).collect();
    Change::Room(RoomChange::Occupants(jid(ROOM), edits))
}

/// A dozen of people, one of each sort at least.
pub fn some_people() -> Change {
    use Affiliation::{Admin, Member, None, Owner};
    let with = |occupant: Occupant, availability| Occupant { availability, ..occupant };
    came(vec![
        Occupant { is_me: true, ..occupant(1, "Ada", Admin, Role::Moderator) },
        Occupant { hats: vec!["Host".into()], ..occupant(2, "Grace", Owner, Role::Moderator) },
        with(occupant(3, "Guido", Member, Role::Participant), Availability::Away),
        occupant(4, "Barbara", Member, Role::Participant),
        with(occupant(5, "Niklaus", Member, Role::Participant), Availability::Dnd),
        occupant(6, "Mallory", None, Role::Participant),
        occupant(7, "Kibitz", None, Role::Visitor),
        Occupant { address: Option::None, ..occupant(8, "ليلى", None, Role::Participant) },
        with(occupant(9, "Wolfeschlegelsteinhausenbergerdorff Anastasia", None, Role::Participant), Availability::Xa),
    ])
}

pub fn many_people(number: u64) -> Change {
    let names = ["Robin", "Wren", "Martin", "Jay", "Phoebe", "Merle", "Lark", "Starling"];
    let mut people = vec![Occupant { is_me: true, ..occupant(1, "Ada", Affiliation::Admin, Role::Moderator) }];
    people.extend((2..=number).map(|n| {
        let nick = format!("{} {n}", names[n as usize % names.len()]);
        let affiliation = match n {
            2 | 3 => Affiliation::Owner,
            4..=9 => Affiliation::Admin,
            10..=60 => Affiliation::Member,
            _ => Affiliation::None,
        };
        occupant(n, &nick, affiliation, Role::Participant)
    }));
    came(people)
}

pub fn conversation(edit: impl FnOnce(&mut Conversation)) -> Change {
    let mut one = Conversation {
        room: Some(Notify::Mentions),
        answered: true,
        activity: 500,
        last: Some(Preview {
            direction: Direction::In,
            nick: Some("Grace".into()),
            text: "Down at the pier, in the rowan trees".into(),
            gist: Gist::Text,
            stamp: now(),
            private: false,
        }),
        ..Conversation::new(jid(ROOM))
    };
    edit(&mut one);
    Change::Conversation(one)
}

pub fn said(key: u64, nick: &str, body: &str, minutes: i64, more: Option<More>) -> Message {
    // She is there, and has a label.
    let number = (nick == "Grace").then_some(2);
    let author = Author { nick: nick.into(), occupant_id: Some(format!("id-{nick}").into()), address: None, number };
    let direction = if nick == "Ada" { Direction::Out } else { Direction::In };
    let stamp = now().0 - minutes * 60_000;
    Message {
        from: jid(ROOM),
        author: Some(Rc::new(author)),
        more: more.map(Box::new),
        ..text(key, direction, body, stamp, Some(Delivery::Acked))
    }
}

/// What was said in the group chat.
pub fn messages() -> Vec<Change> {
    let reaction = |emoji: &str, own, by: &[&str]| Reaction {
        emoji: emoji.into(),
        own,
        theirs: !by.is_empty(),
        by: by.iter().map(|&nick| nick.into()).collect(),
    };
    let removed = Removed { by: Some("Grace".into()), reason: Some("No advertising, please".into()) };
    let rows = [
        said(1, "Guido", "Good morning! Is anybody at the harbour today?", 52, None),
        said(2, "Guido", "The light would be perfect", 51, None),
        said(
            3,
            "Grace",
            "I am. Seven waxwings, and two fieldfares that want their berries for themselves.",
            47,
            Some(More {
                reactions: vec![reaction("😍", false, &["Guido", "Barbara"]), reaction("👍", true, &["Niklaus"])],
                ..More::default()
            }),
        ),
        said(4, "Ada", "Where exactly?", 45, None),
        said(
            5,
            "Grace",
            "Down at the pier, in the rowan trees",
            44,
            Some(More {
                reply: Some(Reply {
                    id: "4".into(),
                    to: Some(MessageKey(4)),
                    author: Some(Direction::Out),
                    nick: Some("Ada".into()),
                    quote: "Where exactly?".into(),
                }),
                ..More::default()
            }),
        ),
        Message {
            body: Body::Retracted,
            ..said(6, "Mallory", "", 30, Some(More { removed: Some(removed), ..More::default() }))
        },
        said(
            7,
            "Barbara",
            "@Ada can you bring the long lens? Mine is at the repair shop until next week, and they do not say which day.",
            12,
            Some(More { mentions_me: true, ..More::default() }),
        ),
        said(8, "ليلى", "صباح الخير", 8, None),
        said(9, "Ada", "Of course. See you at ten", 2, None),
        said(10, "Niklaus", "/me packs the thermos", 1, None),
    ];
    rows.into_iter().map(|row| insert(&jid(ROOM), row)).collect()
}

/// The whole group chat.
pub fn all() -> Vec<Change> {
    let mut changes = vec![told(room()), some_people()];
    changes.extend(messages());
    changes.push(conversation(|one| {
        one.unread = 4;
        one.mentions = 1;
    }));
    changes
}

/// Other group chats, each in another state.
pub fn others() -> Vec<Change> {
    let other = |address: &str, name: &str, phase: Phase, unread: u32, activity: u64, notify: Notify| {
        let room = Room { address: jid(address), name: Some(name.into()), phase, ..room() };
        let conversation = conversation(|one| {
            one.peer = jid(address);
            one.room = Some(notify);
            (one.unread, one.activity) = (unread, activity);
        });
        [told(room), conversation]
    };
    let kicked = Why::Kicked { by: Some("Guido".into()), reason: Some("Cool down".into()) };
    [
        other("choir@rooms.bench.test", "Choir", Phase::Joining, 0, 499, Notify::All),
        other("chess@rooms.bench.test", "Chess club", Phase::Refused(kicked), 0, 498, Notify::All),
        other("rust@rooms.elsewhere.example", "Rust", Phase::Joined, 128, 497, Notify::Mentions),
    ]
    .concat()
}

pub fn invitation() -> RoomInvitation {
    RoomInvitation {
        room: jid("cooking@rooms.bench.test"),
        from: "grace@bench.test".parse().ok(),
        mediated: true,
        reason: Some("We swap recipes here".into()),
        password: None,
    }
}

pub fn invitations(all: Vec<RoomInvitation>) -> Change {
    Change::Room(RoomChange::Invitations(all))
}

pub fn found(number: u64, done: bool) -> Change {
    let one = |address: &str, name: &str, description: &str, people: u32| FoundRoom {
        address: jid(address),
        name: Some(name.into()),
        description: (!description.is_empty()).then(|| description.into()),
        people: Some(people),
    };
    Change::Room(RoomChange::Found(FoundRooms {
        number,
        rooms: vec![
            one("garden@rooms.bench.test", "Gardening", "Seeds, soil and slugs", 12),
            one("trains@rooms.bench.test", "Night trains of Europe", "Timetables, reports and seat reservations", 310),
            one("quiet@rooms.bench.test", "Quiet", "", 1),
            one(ROOM, "Bird watchers", "Who saw what, and where", 9),
        ],
        done,
        failed: false,
    }))
}

/// Where new ones are made.
pub fn place() -> Change {
    Change::Room(RoomChange::Place(Some(jid("rooms.bench.test"))))
}

pub fn form() -> Change {
    let field = |name: &str, label: &str, kind, value: &str| Field {
        name: name.into(),
        label: Some(label.into()),
        kind,
        values: vec![value.into()],
        ..Field::default()
    };
    let choices = [("10", "10"), ("100", "100"), ("none", "Unlimited")];
    let form = Form {
        title: Some("Settings of Bird watchers".into()),
        instructions: Vec::new(),
        fields: vec![
            field("muc#roomconfig_roomname", "Name", FieldKind::Text, "Bird watchers"),
            field("muc#roomconfig_publicroom", "Anybody can find it", FieldKind::Boolean, "1"),
            field("muc#roomconfig_membersonly", "Only members are let in", FieldKind::Boolean, "0"),
            Field {
                options: choices
                    .iter()
                    .map(|&(value, label)| Choice { value: value.into(), label: Some(label.into()) })
                    .collect(),
                ..field("muc#roomconfig_maxusers", "Most participants", FieldKind::One, "100")
            },
        ],
    };
    Change::Room(RoomChange::Answered(jid(ROOM), Answered::Form(form)))
}

pub fn members() -> Change {
    let one =
        |address: &str, nick: Option<&str>| Listed { address: jid(address), nick: nick.map(Into::into), reason: None };
    let members = vec![one("guido@bench.test", Some("Guido")), one("someone@elsewhere.example", None)];
    Change::Room(RoomChange::Answered(jid(ROOM), Answered::Members(Affiliation::Member, members)))
}

pub fn not_listed() -> Change {
    let refusal = Refusal { condition: Condition::Forbidden, text: None };
    Change::Room(RoomChange::Answered(jid(ROOM), Answered::NotListed(Affiliation::Outcast, refusal)))
}

pub fn wants_voice() -> Change {
    Change::Notice(Notice::Room(jid(ROOM), RoomNews::WantsVoice { nick: "Kibitz".into(), address: None }))
}

/// How the user stands in the group chat.
pub fn standing(how: &str) -> Option<Change> {
    Some(match how {
        "reading" => told(Room { role: Role::Visitor, affiliation: Affiliation::None, ..room() }),
        "password" => refused(Why::PasswordRequired),
        "nick" => refused(Why::NickTaken),
        "removed" => {
            refused(Why::Kicked { by: Some("Grace".into()), reason: Some("Come back when you are calm".into()) })
        }
        "moved" => refused(Why::Gone { to: Some(jid("birds@rooms.elsewhere.example")) }),
        "owner" => told(Room { affiliation: Affiliation::Owner, ..room() }),
        _ => return None,
    })
}
