//! What is said about messages: that they arrived, were seen, say something else now, are taken back, are answered.

use waxwing::domain::privacy::Privacy;
use waxwing::domain::timeline::{Body, Direction, Manner, Message, MessageKey};
use waxwing::engine::command::{Command, Sending};
use waxwing::wire::xml::Element;

use crate::harness::{ANN, Client, FEATURES, jid};

const CLIENT: &str = "jabber:client";
const CORRECT: &str = "urn:xmpp:message-correct:0";
const RETRACT: &str = "urn:xmpp:message-retract:1";
const REACTIONS: &str = "urn:xmpp:reactions:0";
const REPLY: &str = "urn:xmpp:reply:0";
const FALLBACK: &str = "urn:xmpp:fallback:0";
const RECEIPTS: &str = "urn:xmpp:receipts";
const MARKERS: &str = "urn:xmpp:chat-markers:0";
const STATES: &str = "http://jabber.org/protocol/chatstates";

/// Online, with Ann, who sees our presence and shows hers.
fn with_ann() -> Client {
    let mut client = Client::online();
    client.push("<item jid='ann@s.ex' subscription='both'/>");
    client.command(Command::OpenConversation(jid(ANN)));
    client
}

fn from_ann(client: &mut Client, id: &str, payloads: &str) {
    client.stanza(&format!("<message from='ann@s.ex/p' to='me@s.ex/w1' type='chat' id='{id}'>{payloads}</message>"));
}

/// The rows as a page shows them.
fn rows(client: &Client, peer: &str) -> Vec<Message> {
    let timeline = client.mirror.timeline(&jid(peer));
    timeline.map_or_else(Vec::new, |timeline| {
        (0..timeline.len()).filter_map(|at| timeline.get(at)).map(|row| (**row).clone()).collect()
    })
}

fn row(client: &Client, place: usize) -> Message {
    rows(client, ANN).swap_remove(place)
}

fn text(message: &Message) -> &str {
    message.body.text().map_or("", |text| text)
}

/// Sends a text to Ann, and returns its id.
fn say(client: &mut Client, text: &str) -> String {
    client.command(Command::SendText { id: None, peer: jid(ANN), text: text.into() });
    client.next().attribute("id").unwrap().to_owned()
}

fn send(client: &mut Client, what: Sending) -> Element {
    client.command(Command::Send { id: None, peer: jid(ANN), what });
    client.next()
}

fn body(stanza: &Element) -> String {
    stanza.child(CLIENT, "body").map_or_else(String::new, Element::text)
}

fn reactions(message: &Message) -> Vec<(String, bool, bool)> {
    message.reactions().iter().map(|one| (one.emoji.clone(), one.own, one.theirs)).collect()
}

#[test]
fn a_text_asks_for_all_proofs_and_each_is_shown() {
    let mut client = with_ann();
    client.command(Command::SendText { id: None, peer: jid(ANN), text: " hi ".into() });
    let sent = client.next();
    assert_eq!(body(&sent), "hi");
    let id = sent.attribute("id").unwrap().to_owned();
    assert_eq!(sent.child("urn:xmpp:sid:0", "origin-id").unwrap().attribute("id"), Some(&*id));
    assert!(sent.child(RECEIPTS, "request").is_some() && sent.child(MARKERS, "markable").is_some());
    assert!(sent.child(STATES, "active").is_some());
    from_ann(&mut client, "r1", &format!("<received xmlns='{RECEIPTS}' id='{id}'/>"));
    from_ann(&mut client, "r2", &format!("<received xmlns='{RECEIPTS}' id='{id}'/>"));
    assert_eq!(client.rows(ANN), [("hi".into(), Some("delivered"))]);
    from_ann(&mut client, "d1", &format!("<displayed xmlns='{MARKERS}' id='{id}'/>"));
    from_ann(&mut client, "r3", &format!("<received xmlns='{RECEIPTS}' id='{id}'/>"));
    assert_eq!(client.rows(ANN), [("hi".into(), Some("displayed"))]);
    assert_eq!(client.unread(ANN), 0, "proofs are no messages");
    client.nothing_sent();
}

#[test]
fn what_is_seen_covers_what_was_sent_before_it() {
    let mut client = with_ann();
    let ids: Vec<String> = ["one", "two", "three"].iter().map(|text| say(&mut client, text)).collect();
    client.confirm();
    from_ann(&mut client, "d", &format!("<displayed xmlns='{MARKERS}' id='{}'/>", ids[1]));
    let states: Vec<_> = client.rows(ANN).into_iter().map(|row| row.1.unwrap()).collect();
    assert_eq!(states, ["displayed", "displayed", "acked"]);
}

#[test]
fn nobody_else_proves_anything() {
    let mut client = with_ann();
    let id = say(&mut client, "hi");
    for from in ["bob@s.ex/p", "s.ex", "me@s.ex/other"] {
        client.stanza(&format!(
            "<message from='{from}' to='me@s.ex/w1' type='chat' id='x'><received xmlns='{RECEIPTS}' id='{id}'/>\
             <displayed xmlns='{MARKERS}' id='{id}'/></message>"
        ));
    }
    assert_eq!(client.rows(ANN), [("hi".into(), Some("sent"))]);
}

#[test]
fn receipts_are_given_once_to_people_who_may_know_and_for_live_messages_only() {
    let mut client = with_ann();
    let request = format!("<body>hi</body><request xmlns='{RECEIPTS}'/>");
    from_ann(&mut client, "1", &request);
    let receipt = client.next();
    assert_eq!((receipt.attribute("to"), receipt.attribute("type")), (Some("ann@s.ex/p"), Some("chat")));
    assert_eq!(receipt.child(RECEIPTS, "received").unwrap().attribute("id"), Some("1"));
    // A stranger, a copy, an own message, an error.
    client.stanza(&format!("<message from='bob@s.ex/p' to='me@s.ex/w1' type='chat' id='2'>{request}</message>"));
    client.stanza(&format!(
        "<message from='me@s.ex'><received xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'>\
         <message xmlns='jabber:client' from='ann@s.ex/p' to='me@s.ex/other' type='chat' id='3'>{request}</message>\
         </forwarded></received></message>"
    ));
    client.stanza(&format!("<message from='me@s.ex/other' to='me@s.ex/w1' type='chat' id='4'>{request}</message>"));
    client.stanza(&format!("<message from='ann@s.ex/p' to='me@s.ex/w1' type='error' id='5'>{request}</message>"));
    client.nothing_sent();
    client.command(Command::SetPrivacy(Privacy { receipts: false, ..Privacy::default() }));
    from_ann(&mut client, "6", &request);
    client.nothing_sent();
}

#[test]
fn that_a_message_was_seen_is_told_once_when_it_is() {
    let mut client = with_ann();
    for id in ["1", "2"] {
        from_ann(&mut client, id, &format!("<body>hi</body><markable xmlns='{MARKERS}'/>"));
    }
    client.nothing_sent();
    client.command(Command::Attend(vec![jid(ANN)]));
    let marker = client.next();
    assert_eq!((marker.attribute("to"), marker.attribute("type")), (Some(ANN), Some("chat")));
    assert_eq!(marker.child(MARKERS, "displayed").unwrap().attribute("id"), Some("2"));
    client.command(Command::Attend(vec![]));
    client.command(Command::Attend(vec![jid(ANN)]));
    client.nothing_sent();
    // Strangers are told nothing.
    client.stanza(&format!(
        "<message from='bob@s.ex/p' to='me@s.ex/w1' type='chat' id='3'><body>hi</body><markable xmlns='{MARKERS}'/></message>"
    ));
    client.command(Command::Attend(vec![jid("bob@s.ex")]));
    client.nothing_sent();
}

#[test]
fn what_was_said_to_be_seen_long_ago_is_no_reason_to_say_it_again() {
    let mut client = with_ann();
    for id in ["1", "2"] {
        from_ann(&mut client, id, &format!("<body>hi</body><markable xmlns='{MARKERS}'/>"));
    }
    client.command(Command::Attend(vec![jid(ANN)]));
    assert_eq!(client.next().child(MARKERS, "displayed").unwrap().attribute("id"), Some("2"));
    client.command(Command::Attend(vec![]));
    client.stanza(&format!(
        "<message from='me@s.ex'><sent xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'>\
         <message xmlns='jabber:client' from='me@s.ex/other' to='ann@s.ex' type='chat'>\
         <displayed xmlns='{MARKERS}' id='1'/></message></forwarded></sent></message>"
    ));
    client.command(Command::Attend(vec![jid(ANN)]));
    client.nothing_sent();
}

#[test]
fn a_change_that_waits_for_the_disk_does_not_undo_what_came_meanwhile() {
    let mut client = Client::new();
    client.log_in_with(true);
    client.bind(FEATURES);
    client.settle_fresh("<item jid='ann@s.ex' subscription='both'/>");
    from_ann(&mut client, "a", "<body>helo</body>");
    client.wait(1_000);
    client.held_saves = Some([].into());
    let key = row(&client, 0).key;
    let what = Sending::React { key, emojis: vec!["👍".into()] };
    client.command(Command::Send { id: None, peer: jid(ANN), what });
    from_ann(&mut client, "c", &format!("<body>hello</body><replace xmlns='{CORRECT}' id='a'/>"));
    from_ann(&mut client, "b", "<body>new</body>");
    client.save(None);
    assert_eq!(text(&row(&client, 0)), "hello");
    assert_eq!(reactions(&row(&client, 0)), [("👍".into(), true, false)]);
    assert_eq!(client.mirror.conversation(&jid(ANN)).unwrap().last.as_ref().unwrap().text, "new");
}

#[test]
fn what_another_own_device_saw_is_read_here() {
    let mut client = with_ann();
    for id in ["1", "2", "3"] {
        from_ann(&mut client, id, &format!("<body>hi</body><markable xmlns='{MARKERS}'/>"));
    }
    let copy = |id: &str, outer: &str| {
        format!(
            "<message from='{outer}'><sent xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'>\
             <message xmlns='jabber:client' from='me@s.ex/other' to='ann@s.ex' type='chat'>\
             <displayed xmlns='{MARKERS}' id='{id}'/></message></forwarded></sent></message>"
        )
    };
    client.stanza(&copy("3", "ann@s.ex"));
    assert_eq!(client.unread(ANN), 3, "only the own account sends copies");
    client.stanza(&copy("2", "me@s.ex"));
    assert_eq!(client.unread(ANN), 1);
}

#[test]
fn writing_is_shown_until_it_ends() {
    let mut client = with_ann();
    let state = |client: &mut Client, state: &str| from_ann(client, "s", &format!("<{state} xmlns='{STATES}'/>"));
    let writes = |client: &Client| client.mirror.is_writing(&jid(ANN));
    for end in ["paused", "active", "inactive", "gone"] {
        state(&mut client, "composing");
        assert!(writes(&client));
        state(&mut client, end);
        assert!(!writes(&client), "{end}");
    }
    state(&mut client, "composing");
    from_ann(&mut client, "m", "<body>hi</body>");
    assert!(!writes(&client), "a message ends it");
    state(&mut client, "composing");
    client.wait(29_000);
    assert!(writes(&client));
    client.wait(2_000);
    assert!(!writes(&client), "whoever says nothing for half a minute does not write");
    // In a copy of what was sent elsewhere it means nothing, and an old one neither.
    client.stanza(&format!(
        "<message from='me@s.ex'><sent xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'>\
         <message xmlns='jabber:client' from='me@s.ex/other' to='ann@s.ex' type='chat'><composing xmlns='{STATES}'/></message>\
         </forwarded></sent></message>"
    ));
    from_ann(
        &mut client,
        "o",
        &format!("<composing xmlns='{STATES}'/><delay xmlns='urn:xmpp:delay' stamp='2026-01-01T00:00:00Z'/>"),
    );
    assert!(!writes(&client));
    assert_eq!(client.rows(ANN).len(), 1);
    // Whoever has no conversation gets none by writing.
    client.stanza(&format!("<message from='bob@s.ex/p' type='chat'><composing xmlns='{STATES}'/></message>"));
    assert!(client.mirror.conversation(&jid("bob@s.ex")).is_none());
}

#[test]
fn own_writing_is_told_to_those_who_may_know() {
    let mut client = with_ann();
    let writing =
        |client: &mut Client, peer: &str, writes: bool| client.command(Command::Writing { peer: jid(peer), writes });
    writing(&mut client, ANN, true);
    let composing = client.next();
    assert!(composing.child(STATES, "composing").is_some() && composing.child("urn:xmpp:hints", "no-store").is_some());
    writing(&mut client, ANN, true);
    client.nothing_sent();
    client.wait(6_000);
    assert!(client.next().child(STATES, "paused").is_some());
    writing(&mut client, ANN, true);
    client.next();
    writing(&mut client, ANN, false);
    assert!(client.next().child(STATES, "active").is_some());
    // A message says it itself.
    writing(&mut client, ANN, true);
    client.next();
    say(&mut client, "hi");
    client.wait(6_000);
    client.nothing_sent();
    writing(&mut client, "bob@s.ex", true);
    client.command(Command::SetPrivacy(Privacy { writing: false, ..Privacy::default() }));
    writing(&mut client, ANN, true);
    client.nothing_sent();
}

#[test]
fn a_correction_changes_the_text_in_place() {
    let mut client = with_ann();
    from_ann(&mut client, "a", "<body>helo</body>");
    from_ann(&mut client, "b", "<body>other</body>");
    let before = row(&client, 0);
    from_ann(&mut client, "c", &format!("<body>hello</body><replace xmlns='{CORRECT}' id='a'/>"));
    // From another of her devices, and naming the correction before.
    client.stanza(&format!(
        "<message from='ann@s.ex/q' to='me@s.ex/w1' type='chat' id='d'><body>hello!</body><replace xmlns='{CORRECT}' id='c'/></message>"
    ));
    let after = row(&client, 0);
    assert_eq!((text(&after), after.key, after.stamp), ("hello!", before.key, before.stamp));
    let versions: Vec<&str> = after.versions().iter().map(|version| &*version.text).collect();
    assert_eq!(versions, ["helo", "hello"], "what it said is kept");
    assert_eq!(rows(&client, ANN).len(), 2);
    assert_eq!(client.unread(ANN), 2);
    assert_eq!(client.mirror.conversation(&jid(ANN)).unwrap().last.as_ref().unwrap().text, "other");
}

#[test]
fn own_corrections_always_name_the_first_id() {
    let mut client = with_ann();
    let id = say(&mut client, "helo");
    let key = row(&client, 0).key;
    let mut ids = vec![id.clone()];
    for text in ["hello", "hello!"] {
        let sent = send(&mut client, Sending::Correct { key, text: text.into() });
        assert_eq!(body(&sent), text);
        assert_eq!(sent.child(CORRECT, "replace").unwrap().attribute("id"), Some(&*id));
        ids.push(sent.attribute("id").unwrap().to_owned());
    }
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 3, "each has an id of its own");
    assert_eq!(text(&row(&client, 0)), "hello!");
    assert!(row(&client, 0).amending().is_some(), "the server does not have it yet");
    client.confirm();
    assert!(row(&client, 0).amending().is_none());
    client.command(Command::Send { id: None, peer: jid(ANN), what: Sending::Correct { key, text: " hello! ".into() } });
    client.nothing_sent();
}

#[test]
fn a_refused_correction_is_tried_again_or_dropped_with_its_text() {
    let mut client = with_ann();
    say(&mut client, "one");
    client.confirm();
    let key = row(&client, 0).key;
    let refuse = |client: &mut Client, id: &str| {
        client.stanza(&format!(
            "<message type='error' from='ann@s.ex' id='{id}'><error type='cancel'>\
             <service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>"
        ));
    };
    let id = send(&mut client, Sending::Correct { key, text: "two".into() }).attribute("id").unwrap().to_owned();
    refuse(&mut client, &id);
    assert_eq!(row(&client, 0).amending().unwrap().delivery.name(), "failed");
    assert!(client.mirror.conversation(&jid(ANN)).unwrap().held_by.is_some());
    client.command(Command::Retry { peer: jid(ANN), key });
    assert_eq!(client.next().attribute("id"), Some(&*id));
    refuse(&mut client, &id);
    client.command(Command::Discard { peer: jid(ANN), key });
    let after = row(&client, 0);
    assert_eq!((text(&after), &after.more), ("one", &None));
    assert!(client.mirror.conversation(&jid(ANN)).unwrap().held_by.is_none());
}

#[test]
fn what_the_user_must_decide_is_not_covered_by_what_was_said_later() {
    let mut client = with_ann();
    say(&mut client, "one");
    client.confirm();
    let key = row(&client, 0).key;
    let id = send(&mut client, Sending::Correct { key, text: "two".into() }).attribute("id").unwrap().to_owned();
    client.lose_the_stream("");
    client.expect_setup();
    client.answer_about_archive("");
    assert_eq!(row(&client, 0).amending().unwrap().delivery.name(), "unknown");
    send(&mut client, Sending::React { key, emojis: vec!["👍".into()] });
    assert_eq!(row(&client, 0).amending().unwrap().delivery.name(), "unknown");
    client.command(Command::Retry { peer: jid(ANN), key });
    assert_eq!(client.next().attribute("id"), Some(&*id));
}

#[test]
fn who_asks_is_told_the_names_of_a_message() {
    let mut client = with_ann();
    from_ann(&mut client, "m1", "<body>hi</body><stanza-id xmlns='urn:xmpp:sid:0' by='me@s.ex' id='a1'/>");
    let key = row(&client, 0).key;
    client.command(Command::Identify { peer: jid(ANN), key });
    let names = client.mirror.timeline(&jid(ANN)).unwrap().names(key).unwrap();
    assert_eq!(names.id.as_deref(), Some("m1"));
    client.command(Command::Identify { peer: jid(ANN), key: MessageKey(99) });
    assert!(client.mirror.timeline(&jid(ANN)).unwrap().names(MessageKey(99)).is_none());
}

#[test]
fn only_who_wrote_a_message_changes_it() {
    let mut client = with_ann();
    let mine = say(&mut client, "mine");
    from_ann(&mut client, "a", "<body>hers</body>");
    for (from, id) in [("bob@s.ex/p", "a"), ("ann@s.ex/p", &*mine), ("ann@evil.ex/p", "a")] {
        client.stanza(&format!(
            "<message from='{from}' to='me@s.ex/w1' type='chat' id='x1'><body>evil</body><replace xmlns='{CORRECT}' id='{id}'/></message>"
        ));
        client.stanza(&format!(
            "<message from='{from}' to='me@s.ex/w1' type='chat' id='x2'><body>gone</body><retract xmlns='{RETRACT}' id='{id}'/></message>"
        ));
    }
    let texts: Vec<_> = rows(&client, ANN).iter().take(2).map(|row| text(row).to_owned()).collect();
    assert_eq!(texts, ["mine", "hers"]);
    // One that names itself, or goes round in a circle, harms nobody.
    from_ann(&mut client, "s", &format!("<body>self</body><replace xmlns='{CORRECT}' id='s'/>"));
    from_ann(&mut client, "t", &format!("<body>t</body><replace xmlns='{CORRECT}' id='u'/>"));
    from_ann(&mut client, "u", &format!("<body>u</body><replace xmlns='{CORRECT}' id='t'/>"));
    assert_eq!(text(&row(&client, 1)), "hers");
}

#[test]
fn a_correction_of_what_is_not_here_stands_for_itself_until_that_comes() {
    let mut client = with_ann();
    from_ann(&mut client, "c", &format!("<body>hello</body><replace xmlns='{CORRECT}' id='a'/>"));
    assert_eq!(client.rows(ANN), [("hello".into(), None)]);
    assert_eq!(client.unread(ANN), 0);
    from_ann(&mut client, "a", "<body>helo</body>");
    assert_eq!(client.rows(ANN), [("hello".into(), None)]);
    assert_eq!(row(&client, 0).versions().len(), 1);
}

#[test]
fn what_is_taken_back_leaves_a_place_and_nothing_else() {
    let mut client = with_ann();
    from_ann(&mut client, "a", "<body>secret</body>");
    from_ann(&mut client, "c", &format!("<body>more secret</body><replace xmlns='{CORRECT}' id='a'/>"));
    from_ann(&mut client, "r", &format!("<reactions xmlns='{REACTIONS}' id='a'><reaction>👍</reaction></reactions>"));
    from_ann(
        &mut client,
        "x",
        &format!(
            "<body>took it back</body><retract xmlns='{RETRACT}' id='a'/><fallback xmlns='{FALLBACK}' for='{RETRACT}'/>"
        ),
    );
    let after = row(&client, 0);
    assert_eq!((after.body, after.more), (Body::Retracted, None));
    from_ann(&mut client, "r2", &format!("<reactions xmlns='{REACTIONS}' id='a'><reaction>👍</reaction></reactions>"));
    assert_eq!((row(&client, 0).body, row(&client, 0).more), (Body::Retracted, None));
    assert_eq!(rows(&client, ANN).len(), 1, "nor does what it says to others show");
    assert_eq!(client.mirror.conversation(&jid(ANN)).unwrap().last.as_ref().unwrap().text, "");
}

#[test]
fn an_own_message_is_gone_once_the_server_has_that() {
    let mut client = with_ann();
    let id = say(&mut client, "oops");
    client.confirm();
    let key = row(&client, 0).key;
    let sent = send(&mut client, Sending::Retract(key));
    assert_eq!(sent.child(RETRACT, "retract").unwrap().attribute("id"), Some(&*id));
    assert_eq!(sent.child(FALLBACK, "fallback").unwrap().attribute("for"), Some(RETRACT));
    assert!(sent.child("urn:xmpp:hints", "store").is_some());
    assert_eq!(text(&row(&client, 0)), "oops", "until it is certain that it is taken back, it is not");
    assert!(row(&client, 0).amending().unwrap().retracts);
    client.confirm();
    assert_eq!(row(&client, 0).body, Body::Retracted);
    // Hers cannot be taken back.
    from_ann(&mut client, "a", "<body>hers</body>");
    let key = row(&client, 1).key;
    client.command(Command::Send { id: None, peer: jid(ANN), what: Sending::Retract(key) });
    client.nothing_sent();
}

#[test]
fn what_was_refused_and_is_gone_holds_back_nothing() {
    let mut client = with_ann();
    for elsewhere in [false, true] {
        let id = say(&mut client, "one");
        client.stanza(&format!(
            "<message type='error' from='ann@s.ex' id='{id}'><error type='cancel'>\
             <service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>"
        ));
        client.command(Command::SendText { id: None, peer: jid(ANN), text: "two".into() });
        client.nothing_sent();
        if elsewhere {
            client.stanza(&format!(
                "<message from='me@s.ex' to='me@s.ex/w1'><sent xmlns='urn:xmpp:carbons:2'>\
                 <forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' type='chat' id='r' to='ann@s.ex' \
                 from='me@s.ex/x'><body>gone</body><retract xmlns='urn:xmpp:message-retract:1' id='{id}'/></message>\
                 </forwarded></sent></message>"
            ));
        } else {
            let key = row(&client, 0).key;
            client.command(Command::Discard { peer: jid(ANN), key });
        }
        assert_eq!(client.mirror.conversation(&jid(ANN)).unwrap().held_by, None);
        assert_eq!(body(&client.next()), "two");
    }
}

#[test]
fn what_waits_to_be_sent_and_is_taken_back_never_leaves() {
    let mut client = with_ann();
    client.input(waxwing::engine::Input::Socket(waxwing::engine::SocketEvent::Closed));
    client.command(Command::SendText { id: None, peer: jid(ANN), text: "oops".into() });
    let key = row(&client, 0).key;
    client.command(Command::Send { id: None, peer: jid(ANN), what: Sending::Retract(key) });
    assert!(rows(&client, ANN).is_empty());
}

#[test]
fn reactions_are_those_given_last() {
    let mut client = with_ann();
    let id = say(&mut client, "hi");
    let key = row(&client, 0).key;
    client.stanza("<message from='ann@s.ex/p' to='me@s.ex/w1' type='chat' id='q'><body>yo</body></message>");
    from_ann(
        &mut client,
        "r1",
        &format!(
            "<reactions xmlns='{REACTIONS}' id='{id}'><reaction>👍</reaction><reaction>❤️</reaction><reaction>👍</reaction><reaction>word</reaction></reactions>"
        ),
    );
    assert_eq!(reactions(&row(&client, 0)), [("👍".into(), false, true), ("❤️".into(), false, true)]);
    let sent = send(&mut client, Sending::React { key, emojis: vec!["👍".into()] });
    let list = sent.child(REACTIONS, "reactions").unwrap();
    assert_eq!((list.attribute("id"), list.child(REACTIONS, "reaction").unwrap().text()), (Some(&*id), "👍".into()));
    assert!(sent.child(CLIENT, "body").is_none() && sent.child("urn:xmpp:hints", "store").is_some());
    assert_eq!(reactions(&row(&client, 0)), [("👍".into(), true, true), ("❤️".into(), false, true)]);
    from_ann(&mut client, "r2", &format!("<reactions xmlns='{REACTIONS}' id='{id}'/>"));
    assert_eq!(reactions(&row(&client, 0)), [("👍".into(), true, false)]);
    // Somebody else's, and two lists in one message, are none.
    client.stanza(&format!("<message from='bob@s.ex/p' type='chat' id='b'><reactions xmlns='{REACTIONS}' id='{id}'><reaction>👎</reaction></reactions></message>"));
    let list = format!("<reactions xmlns='{REACTIONS}' id='{id}'><reaction>👎</reaction></reactions>");
    from_ann(&mut client, "r3", &format!("{list}{list}"));
    assert_eq!(reactions(&row(&client, 0)), [("👍".into(), true, false)]);
    assert_eq!((rows(&client, ANN).len(), client.unread(ANN)), (2, 0), "whoever answers has read");
}

#[test]
fn an_answer_shows_what_it_answers_and_not_its_quotation() {
    let mut client = with_ann();
    let id = say(&mut client, "Where are you?\nSay!");
    let key = row(&client, 0).key;
    from_ann(
        &mut client,
        "a",
        &format!(
            "<body>&gt; Where?\nHere</body><reply xmlns='{REPLY}' to='me@s.ex' id='{id}'/>\
             <fallback xmlns='{FALLBACK}' for='{REPLY}'><body start='0' end='9'/></fallback>"
        ),
    );
    let answer = row(&client, 1);
    assert_eq!(text(&answer), "Here");
    let reply = answer.reply().unwrap();
    assert_eq!((reply.to, reply.author, &*reply.quote), (Some(key), Some(Direction::Out), "Where are you?\nSay!"));
    // What is quoted of something that is not here is the word of who answers.
    from_ann(
        &mut client,
        "b",
        &format!(
            "<body>&gt; I owe you 100\nYes</body><reply xmlns='{REPLY}' to='me@s.ex' id='nothing'/>\
             <fallback xmlns='{FALLBACK}' for='{REPLY}'><body start='0' end='16'/></fallback>"
        ),
    );
    let reply = row(&client, 2).reply().cloned().unwrap();
    assert_eq!((reply.to, reply.author, &*reply.quote), (None, None, "I owe you 100"));

    let key = row(&client, 1).key;
    let what = Sending::Text { text: "Good".into(), reply: Some(key), manner: Manner::default(), private: None };
    let sent = send(&mut client, what);
    assert_eq!(body(&sent), "> Here\nGood");
    let reply = sent.child(REPLY, "reply").unwrap();
    assert_eq!((reply.attribute("id"), reply.attribute("to")), (Some("a"), Some(ANN)));
    let range = sent.child(FALLBACK, "fallback").unwrap().child(FALLBACK, "body").unwrap();
    assert_eq!((range.attribute("start"), range.attribute("end")), (Some("0"), Some("7")));
    assert_eq!(text(&row(&client, 3)), "Good");
}

#[test]
fn how_a_text_wants_to_be_shown() {
    let mut client = with_ann();
    let url = "https://up.s.ex/x/cat.png";
    from_ann(&mut client, "1", &format!("<body>{url}</body><x xmlns='jabber:x:oob'><url>{url}</url></x>"));
    from_ann(&mut client, "2", &format!("<body>look</body><x xmlns='jabber:x:oob'><url>{url}</url></x>"));
    from_ann(&mut client, "3", "<body>*a*</body><unstyled xmlns='urn:xmpp:styling:0'/>");
    from_ann(&mut client, "4", "<body>he dies</body><spoiler xmlns='urn:xmpp:spoiler:0'>The end</spoiler>");
    let manner = |place| row(&client, place).manner().cloned().unwrap_or_default();
    assert!(manner(0).file && !manner(1).file && manner(2).unstyled);
    assert_eq!(manner(3).spoiler.as_deref(), Some("The end"));
    assert_eq!(client.mirror.conversation(&jid(ANN)).unwrap().last.as_ref().unwrap().text, "", "nothing is given away");
    let manner = Manner { spoiler: Some("Film".into()), ..Manner::default() };
    let sent = send(&mut client, Sending::Text { text: "x".into(), reply: None, manner, private: None });
    assert_eq!(sent.child("urn:xmpp:spoiler:0", "spoiler").unwrap().text(), "Film");
}

/// What a page shows of Ann's conversation.
fn picture(client: &Client, peer: &str) -> Vec<String> {
    let show = |row: &Message| {
        let versions: Vec<&str> = row.versions().iter().map(|version| &*version.text).collect();
        format!(
            "{:?} {:?} {versions:?} {:?} {:?}",
            row.direction,
            row.body,
            reactions(row),
            row.reply().map(|reply| (&reply.id, reply.author, &reply.quote))
        )
    };
    rows(client, peer).iter().map(show).collect()
}

#[test]
fn every_order_of_arrival_ends_in_the_same_picture() {
    let all = [
        ("a", "<body>helo</body>".to_owned()),
        ("c", format!("<body>hello</body><replace xmlns='{CORRECT}' id='a'/>")),
        ("r", format!("<reactions xmlns='{REACTIONS}' id='a'><reaction>👍</reaction></reactions>")),
        (
            "b",
            format!(
                "<body>&gt; helo\nyes</body><reply xmlns='{REPLY}' to='ann@s.ex' id='a'/><fallback xmlns='{FALLBACK}' for='{REPLY}'><body start='0' end='7'/></fallback>"
            ),
        ),
        ("x", format!("<body>gone</body><retract xmlns='{RETRACT}' id='b'/>")),
        ("y", format!("<reactions xmlns='{REACTIONS}' id='b'><reaction>👎</reaction></reactions>")),
    ];
    let mut client = with_ann();
    let mut numbers = 0..;
    let mut seen: Option<Vec<String>> = None;
    let mut order: Vec<usize> = (0..all.len()).collect();
    permutations(&mut order, 0, &mut |order| {
        let peer = format!("ann{}@s.ex", numbers.next().unwrap());
        for place in order {
            let (id, payloads) = &all[*place];
            client.stanza(&format!(
                "<message from='{peer}/p' to='me@s.ex/w1' type='chat' id='{id}'>{payloads}</message>"
            ));
        }
        let mut picture = picture(&client, &peer);
        // Without an archive the two messages stand in the order in which they came.
        picture.sort();
        assert_eq!(seen.get_or_insert_with(|| picture.clone()), &picture, "{order:?}");
    });
    let seen = seen.unwrap();
    assert_eq!(seen.len(), 2);
    assert!(
        seen.iter().any(|row| row.contains("\"hello\"") && row.contains("[\"helo\"]") && row.contains("👍")),
        "{seen:?}"
    );
    assert!(seen.iter().any(|row| row.contains("Retracted")), "{seen:?}");
}

fn permutations(order: &mut Vec<usize>, from: usize, each: &mut dyn FnMut(&[usize])) {
    if from == order.len() {
        return each(order);
    }
    for other in from..order.len() {
        order.swap(from, other);
        permutations(order, from + 1, each);
        order.swap(from, other);
    }
}
