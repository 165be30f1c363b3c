use super::*;
use crate::clock::Timestamp;
use crate::domain::presence::{Availability, Device};
use crate::domain::timeline::{Body, Direction};
use crate::domain::timeline::{Delivery, Message, MessageKey};

fn jid(text: &str) -> BareJid {
    text.parse().unwrap()
}

fn contact(address: &str, name: &str) -> Contact {
    Contact { name: Some(name.into()), ..Contact::new(jid(address)) }
}

fn message(key: u64) -> Message {
    Message {
        key: MessageKey(key),
        direction: Direction::In,
        from: jid("a@x"),
        body: Body::Text("hi".into()),
        stamp: Timestamp(0),
        delivery: None,
        more: None,
        author: None,
        private: None,
    }
}

fn insert(key: u64, before: Option<u64>) -> Change {
    Change::Timeline(jid("a@x"), TimelineEdit::Insert { message: message(key), before: before.map(MessageKey) })
}

fn names(mirror: &Mirror) -> Vec<String> {
    mirror.contacts().map(|listed| listed.contact.display_name().to_owned()).collect()
}

fn keys(mirror: &Mirror) -> Vec<u64> {
    let timeline = mirror.timeline(&jid("a@x")).unwrap();
    (0..timeline.len()).map(|place| timeline.get(place).unwrap().key.0).collect()
}

#[test]
fn contacts_stand_by_name_whatever_their_case_and_accents() {
    let mut mirror = Mirror::default();
    mirror.apply(Change::Contacts(vec![contact("z@x", "émile"), contact("b@x", "Zoë"), contact("c@x", "adam")]));
    mirror.apply(Change::Contact(contact("d@x", "Bea")));
    mirror.flush();
    assert_eq!(names(&mirror), ["adam", "Bea", "émile", "Zoë"]);
    mirror.apply(Change::Contact(contact("d@x", "Zzz")));
    mirror.apply(Change::ContactGone(jid("c@x")));
    let touched = mirror.flush();
    assert_eq!(names(&mirror), ["émile", "Zoë", "Zzz"]);
    assert!(touched.contains(&Topic::Contact(jid("d@x"))) && touched.contains(&Topic::ContactList));
    assert!(!touched.contains(&Topic::Contact(jid("z@x"))));
    assert!(mirror.flush().is_empty());
}

#[test]
fn a_contact_that_comes_back_keeps_its_number_and_stands_once() {
    let mut mirror = Mirror::default();
    mirror.apply(Change::Contact(contact("a@x", "A")));
    let number = mirror.number(&jid("a@x"));
    mirror.apply(Change::ContactGone(jid("a@x")));
    mirror.apply(Change::Contact(contact("a@x", "A")));
    mirror.flush();
    assert_eq!(mirror.number(&jid("a@x")), number);
    assert_eq!(names(&mirror), ["A"]);
}

#[test]
fn a_whole_list_replaces_the_old_one_and_touches_every_contact() {
    let mut mirror = Mirror::default();
    mirror.apply(Change::Contacts(vec![contact("a@x", "A"), contact("b@x", "B")]));
    mirror.flush();
    mirror.apply(Change::Contacts(vec![contact("b@x", "B")]));
    assert!(mirror.flush().contains(&Topic::Contact(jid("a@x"))));
    assert_eq!(names(&mirror), ["B"]);
}

#[test]
fn messages_keep_their_order() {
    let mut mirror = Mirror::default();
    for change in [insert(1, None), insert(2, None), insert(3, Some(1)), insert(4, Some(2)), insert(5, Some(99))] {
        mirror.apply(change);
    }
    assert_eq!(keys(&mirror), [3, 1, 4, 2, 5]);
    mirror.apply(insert(3, None));
    assert_eq!(keys(&mirror), [1, 4, 2, 5, 3], "an insert of a known key moves it");
    mirror.flush();
    mirror.apply(Change::Timeline(jid("a@x"), TimelineEdit::Update(message(4))));
    mirror.apply(Change::Timeline(jid("a@x"), TimelineEdit::Update(message(77))));
    assert_eq!(mirror.flush().topics, [Topic::Message(jid("a@x"), MessageKey(4))].into());
    mirror.apply(Change::Timeline(jid("a@x"), TimelineEdit::Remove(MessageKey(2))));
    mirror.apply(Change::Timeline(jid("a@x"), TimelineEdit::Remove(MessageKey(2))));
    assert_eq!(keys(&mirror), [1, 4, 5, 3]);
}

#[test]
fn what_waits_to_be_sent_is_counted_whatever_happens_to_the_rows() {
    let mut mirror = Mirror::default();
    let own = |key: u64, delivery| Message {
        direction: Direction::Out,
        delivery: Some(delivery),
        body: Body::Text("hi".into()),
        ..message(key)
    };
    let put = |peer: &str, message| Change::Timeline(jid(peer), TimelineEdit::Insert { message, before: None });
    for key in 1..=3 {
        mirror.apply(put("a@x", own(key, Delivery::Queued)));
    }
    mirror.apply(put("b@x", own(4, Delivery::Queued)));
    mirror.apply(put("b@x", own(5, Delivery::Sent)));
    assert_eq!(mirror.waiting(), 4);
    mirror.apply(put("a@x", own(1, Delivery::Queued)));
    mirror.flush();
    mirror.apply(Change::Timeline(jid("a@x"), TimelineEdit::Update(own(2, Delivery::Sent))));
    mirror.apply(Change::Timeline(jid("a@x"), TimelineEdit::Update(own(99, Delivery::Queued))));
    assert_eq!(mirror.waiting(), 3);
    assert!(mirror.flush().contains(&Topic::Waiting));
    mirror.apply(Change::Timeline(jid("a@x"), TimelineEdit::Update(own(2, Delivery::Acked))));
    assert!(!mirror.flush().contains(&Topic::Waiting), "nobody is told of what is the same");
    mirror.apply(Change::Timeline(jid("a@x"), TimelineEdit::Remove(MessageKey(3))));
    mirror.apply(Change::Timeline(jid("b@x"), TimelineEdit::Trim(MessageKey(5))));
    assert_eq!(mirror.waiting(), 1);
    mirror.apply(Change::Reset);
    assert_eq!(mirror.waiting(), 0);
}

#[test]
fn nothing_is_left_after_signing_out() {
    let mut mirror = Mirror::default();
    mirror.apply(Change::Contact(contact("a@x", "A")));
    mirror.apply(insert(1, None));
    mirror.apply(Change::Account(None));
    assert!(mirror.flush().contains(&Topic::Account));
    assert_eq!(mirror.contacts().count(), 0);
    assert!(mirror.timeline(&jid("a@x")).is_none() && mirror.number(&jid("a@x")).is_none());
}

#[test]
fn conversations_stand_by_activity() {
    let mut mirror = Mirror::default();
    for (peer, activity) in [("a@x", 1), ("b@x", 3), ("c@x", 2)] {
        let conversation = Conversation { activity, ..Conversation::new(jid(peer)) };
        mirror.apply(Change::Conversation(conversation));
    }
    mirror.flush();
    let peers: Vec<_> = mirror.conversations().iter().map(|conversation| conversation.peer.to_string()).collect();
    assert_eq!(peers, ["b@x", "c@x", "a@x"]);
}

#[test]
fn a_thousand_presences_among_ten_thousand_contacts_move_nothing() {
    let mut mirror = Mirror::default();
    let person = |number: u32| contact(&format!("c{number}@x"), &format!("Contact {number:05}"));
    mirror.apply(Change::Contacts((0..10_000).map(person).collect()));
    mirror.flush();
    for number in 0..1_000 {
        let device = Device { resource: "r".into(), availability: Availability::Away, ..Device::default() };
        mirror.apply(Change::Contact(Contact { devices: vec![device], ..person(number) }));
    }
    assert!(!mirror.names_moved);
    assert_eq!(mirror.flush().topics.len(), 1_001);
}
