//! What a conversation makes of messages in any order of arrival.

use super::*;
use crate::clock::Timestamp;

fn ann() -> BareJid {
    "ann@s.ex".parse().unwrap()
}

fn new(direction: Direction, id: &str, text: &str, delivery: Option<Delivery>) -> NewMessage {
    let body = Body::Text(text.into());
    let id = Some(id.into());
    NewMessage { id, delivery, ..NewMessage::new(direction, ann(), body, Timestamp(0)) }
}

fn old(id: &str, text: &str, place: Place) -> NewMessage {
    let archive_id = Some(format!("archive {id}"));
    NewMessage { archive_id, archived: Some(Archived::at(place, true)), ..new(Direction::In, id, text, None) }
}

#[test]
fn pages_of_the_archive_go_where_they_belong() {
    let mut conversations = Conversations::default();
    conversations.add(&ann(), new(Direction::In, "1", "before", None));
    conversations.add(&ann(), new(Direction::Out, "2", "waiting", Some(Delivery::Queued)));
    conversations.stream_began();
    conversations.add(&ann(), new(Direction::In, "3", "live", None));
    conversations.add(&ann(), old("4", "missed", Place::BeforeLive));
    conversations.add(&ann(), old("3", "live", Place::BeforeLive));
    conversations.add(&ann(), old("5", "missed too", Place::BeforeLive));
    conversations.add(&ann(), old("6", "oldest", Place::Start));
    assert_eq!(texts(&conversations), ["oldest", "before", "missed", "missed too", "live", "waiting"]);
    assert_eq!(conversations.oldest_archived(&ann()).as_deref(), Some("archive 6"));
}

#[test]
fn the_archive_tells_messages_apart_that_share_an_id() {
    let mut conversations = Conversations::default();
    conversations.add(&ann(), old("1", "a", Place::Start));
    let again = NewMessage { archive_id: Some("another".into()), ..old("1", "b", Place::Start) };
    assert!(conversations.add(&ann(), again.clone()).1);
    assert!(!conversations.add(&ann(), again).1);
}

fn texts(conversations: &Conversations) -> Vec<String> {
    let rows = conversations.entries[&ann()].rows.iter();
    rows.map(|row| match &row.message.body {
        Body::Text(text) => text.to_string(),
        Body::Unreadable => "?".into(),
        Body::Retracted => "-".into(),
        Body::Gap(_) => "…".into(),
    })
    .collect()
}

#[test]
fn what_waits_stays_below_what_arrives() {
    let mut conversations = Conversations::default();
    conversations.add(&ann(), new(Direction::In, "1", "a", None));
    let queued = conversations.add(&ann(), new(Direction::Out, "2", "mine", Some(Delivery::Queued))).0;
    conversations.add(&ann(), new(Direction::In, "3", "b", None));
    assert_eq!(texts(&conversations), ["a", "b", "mine"]);
    conversations.deliver(&ann(), queued, Delivery::Sent);
    conversations.add(&ann(), new(Direction::In, "4", "c", None));
    assert_eq!(texts(&conversations), ["a", "b", "mine", "c"]);
    conversations.requeue(&ann(), queued);
    assert_eq!(texts(&conversations), ["a", "b", "c", "mine"]);
    assert_eq!(conversations.waiting(false, false).len(), 1);
}

#[test]
fn one_id_is_one_message_of_its_sender() {
    let mut conversations = Conversations::default();
    assert!(conversations.add(&ann(), new(Direction::In, "1", "a", None)).1);
    assert!(!conversations.add(&ann(), new(Direction::In, "1", "b", None)).1);
    assert!(conversations.add(&ann(), new(Direction::Out, "1", "c", Some(Delivery::Sent))).1);
    assert_eq!(texts(&conversations), ["a", "c"]);
}

#[test]
fn unread_counts_what_was_not_looked_at() {
    let mut conversations = Conversations::default();
    let unread = |conversations: &Conversations| {
        let view = &conversations.entries[&ann()].view;
        (view.unread, view.first_unread)
    };
    let first = Some(conversations.add(&ann(), new(Direction::In, "1", "a", None)).0);
    conversations.add(&ann(), new(Direction::In, "2", "b", None));
    assert_eq!(unread(&conversations), (2, first));
    conversations.attend(vec![ann()]);
    assert_eq!(unread(&conversations), (0, first));
    conversations.add(&ann(), new(Direction::In, "4", "d", None));
    assert_eq!(unread(&conversations), (0, first));
    conversations.attend(Vec::new());
    assert_eq!(unread(&conversations), (0, None));
    let next = Some(conversations.add(&ann(), new(Direction::In, "5", "e", None)).0);
    assert_eq!(unread(&conversations), (1, next));
}

#[test]
fn a_dropped_message_does_not_come_back() {
    let mut conversations = Conversations::default();
    let key = conversations.add(&ann(), new(Direction::Out, "1", "a", Some(Delivery::Queued))).0;
    conversations.discard(&ann(), key);
    assert!(conversations.waiting(false, false).is_empty());
    assert!(!conversations.add(&ann(), new(Direction::Out, "1", "a", Some(Delivery::Sent))).1);
}
