//! What one participant of a group chat and the user say to each other alone: out to the one it was begun to and to nobody
//! else, in with its mark, and never as something that was said to all.

use std::rc::Rc;

use waxwing::condition::Condition;
use waxwing::domain::room::{Author, Whispers};
use waxwing::domain::timeline::{Body, Delivery, Direction, Message};
use waxwing::engine::command::{Command, Sending};
use waxwing::wire::xml::Element;

use crate::harness::{Client, FEATURES};
use crate::rooms_harness::*;

/// Somebody who is there, as a page names them.
fn who(client: &Client, nick: &str) -> Rc<Author> {
    let people = client.mirror.people(&room()).unwrap();
    Rc::new(Author::of(&people.called(nick).unwrap()))
}

fn whisper(client: &mut Client, to: &Rc<Author>, text: &str) {
    let what = Sending::Text { text: text.into(), reply: None, manner: Default::default(), private: Some(to.clone()) };
    client.command(Command::Send { id: None, peer: room(), what });
}

/// One participant to the user alone.
fn psst(nick: &str, id: &str, text: &str, rest: &str) -> String {
    format!(
        "<message from='{ROOM}/{nick}' to='me@s.ex/w1' type='chat' id='{id}'><body>{text}</body>\
         <x xmlns='http://jabber.org/protocol/muc#user'/>{rest}</message>"
    )
}

/// A client in a group chat with bob and eve.
fn with_people(features: &str) -> Client {
    let mut client = inside(features);
    client.stanza(&there_as("bob", "id-bob"));
    client.stanza(&there_as("eve", "id-eve"));
    client.wait(60);
    client
}

fn only(row: &Message) -> Option<&str> {
    row.private.as_ref().map(|who| &*who.nick)
}

fn conversations(client: &mut Client) -> usize {
    client.mirror.flush();
    client.mirror.conversations().len()
}

fn state(client: &Client) -> &'static str {
    rows(client).last().unwrap().delivery.as_ref().unwrap().name()
}

#[test]
fn a_text_for_one_goes_to_them_alone_and_is_proven_by_the_server() {
    let mut client = with_people(WITH_IDS);
    let bob = who(&client, "bob");
    whisper(&mut client, &bob, "psst");
    let sent = client.next();
    assert_eq!((sent.attribute("to"), sent.attribute("type")), (Some("den@rooms.ex/bob"), Some("chat")));
    assert!(sent.child("http://jabber.org/protocol/muc#user", "x").is_some(), "so that it is copied as what it is");
    assert_eq!(
        sent.child("urn:xmpp:sid:0", "origin-id").and_then(|id| id.attribute("id")),
        sent.attribute("id"),
        "known again"
    );
    let asked = ["urn:xmpp:receipts", "urn:xmpp:chat-markers:0", "http://jabber.org/protocol/chatstates"];
    assert!(sent.children().all(|child| !asked.contains(&child.namespace())), "{sent:?}");
    let row = rows(&client).remove(0);
    assert_eq!((row.direction, only(&row), state(&client)), (Direction::Out, Some("bob"), "sent"));
    client.confirm();
    assert_eq!(state(&client), "acked", "it does not come back: the server's word is the proof");
    let last = client.mirror.conversation(&room()).unwrap().last.clone().unwrap();
    assert_eq!((last.private, last.nick.as_deref()), (true, Some("bob")));
    // It is not waited for, either.
    client.wait(40_000);
    assert_eq!(state(&client), "acked");
}

#[test]
fn a_text_for_one_never_reaches_somebody_else_of_that_name() {
    for features in [OPEN, WITH_IDS] {
        let mut client = with_people(features);
        let bob = who(&client, "bob");
        // Another nickname, the same person.
        client.stanza(&renames("bob", "rob", ""));
        client.stanza(&there_as("rob", "id-bob"));
        whisper(&mut client, &bob, "one");
        assert_eq!(client.next().attribute("to"), Some("den@rooms.ex/rob"));
        client.confirm();
        // The old nickname is somebody else's now.
        client.stanza(&gone_away("rob", ""));
        client.stanza(&there_as("bob", "id-mallory"));
        whisper(&mut client, &bob, "two");
        client.nothing_sent();
        let row = rows(&client).remove(1);
        assert!(matches!(&row.delivery, Some(Delivery::Failed(why)) if why.condition == Condition::ItemNotFound));
        // Whoever comes back is the same if the group chat says so, and only then.
        client.stanza(&gone_away("bob", ""));
        client.stanza(&there_as("bob", "id-bob"));
        client.command(Command::Retry { peer: room(), key: row.key });
        match features == WITH_IDS {
            true => assert_eq!(client.next().attribute("to"), Some("den@rooms.ex/bob")),
            false => client.nothing_sent(),
        }
    }
}

#[test]
fn what_waits_for_a_way_in_is_looked_at_again_before_it_leaves() {
    let mut client = with_people(OPEN);
    let bob = who(&client, "bob");
    client.stanza(&gone_away("me", "<status code='110'/><status code='332'/>"));
    whisper(&mut client, &bob, "psst");
    say(&mut client, "to all");
    client.nothing_sent();
    client.wait(30_000);
    client.sent.clear();
    client.stanza(&there_as("bob", "id-bob"));
    client.stanza(&there("me", "none", "participant", "<status code='110'/>"));
    let sent: Vec<Element> = (0..client.sent.len()).map(|_| client.next()).collect();
    let bodies: Vec<String> =
        sent.iter().filter_map(|one| one.child("jabber:client", "body")).map(|body| body.text()).collect();
    assert_eq!(bodies, ["to all"], "nobody proves that it is the same bob, and others do not wait for it");
    assert!(matches!(rows(&client)[0].delivery, Some(Delivery::Failed(_))));
}

#[test]
fn a_refusal_counts_from_where_the_text_went_and_from_nowhere_else() {
    let refusal = |from: &str, id: &str, condition: &str| {
        format!(
            "<message from='{from}' to='me@s.ex/w1' type='error' id='{id}'><error type='cancel'>\
             <{condition} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>"
        )
    };
    let mut client = with_people(WITH_IDS);
    let bob = who(&client, "bob");
    whisper(&mut client, &bob, "psst");
    let id = client.next().attribute("id").unwrap().to_owned();
    client.confirm();
    client.stanza(&refusal("den@rooms.ex/eve", &id, "item-not-found"));
    client.stanza(&refusal("bob@rooms.ex", &id, "item-not-found"));
    assert_eq!(state(&client), "acked");
    client.stanza(&refusal("den@rooms.ex/bob", &id, "forbidden"));
    assert!(matches!(&rows(&client)[0].delivery, Some(Delivery::Failed(why)) if why.condition == Condition::Forbidden));
    assert_eq!(client.mirror.conversation(&room()).unwrap().held_by, None, "what is said to all does not wait for it");
    say(&mut client, "to all");
    let public = client.next();
    client.stanza(&refusal("den@rooms.ex/bob", public.attribute("id").unwrap(), "forbidden"));
    assert_eq!(state(&client), "sent", "nobody but the group chat refuses what is said to all");
}

#[test]
fn what_one_says_to_us_alone_is_marked_counted_and_told_like_a_mention() {
    let mut client = with_people(WITH_IDS);
    client.stanza(&psst("bob", "b1", "psst", ""));
    client.stanza(&says("bob", "b2", "hello", &named("id-bob", "s1")));
    let shown = rows(&client);
    assert_eq!(texts(&client), ["psst", "hello"]);
    assert_eq!((only(&shown[0]), only(&shown[1])), (Some("bob"), None));
    let author = shown[0].author.as_ref().unwrap();
    assert_eq!((&*author.nick, author.occupant_id.as_deref()), ("bob", Some("id-bob")));
    assert!(author.number.is_some());
    let view = client.mirror.conversation(&room()).unwrap();
    assert_eq!((view.unread, view.mentions), (2, 1));
    assert_eq!(conversations(&mut client), 1, "no second conversation");
    client.nothing_sent();
    // More than we take.
    let too_much = "<a/>".repeat(20_001);
    client.stanza(&psst("bob", "b3", "much", &too_much));
    let row = rows(&client).remove(2);
    assert_eq!((row.body.clone(), only(&row)), (Body::Unreadable, Some("bob")));
    client.stanza(&psst("ghost", "g", "much", &too_much));
    // Without a kind (RFC 6121 §5.2.2), and without the mark that services should add.
    client.stanza(&format!("<message from='{ROOM}/eve' id='e1'><body>me too</body></message>"));
    let last = [("psst", Some("bob")), ("hello", None), ("Unreadable", Some("bob")), ("me too", Some("eve"))];
    assert_eq!(rows_of(&client), last.map(own));
}

fn own((text, only): (&str, Option<&str>)) -> (String, Option<String>) {
    (text.to_owned(), only.map(str::to_owned))
}

fn rows_of(client: &Client) -> Vec<(String, Option<String>)> {
    let text = |row: &Message| match &row.body {
        Body::Text(text) => text.to_string(),
        other => format!("{other:?}"),
    };
    rows(client).iter().map(|row| (text(row), only(row).map(str::to_owned))).collect()
}

#[test]
fn nobody_is_anybody_else_by_saying_it_in_private() {
    let mut client = with_people(WITH_IDS);
    // The name that the group chat gave is known; one that comes with the text is only claimed.
    client.stanza(&psst("eve", "e1", "I am bob", "<occupant-id xmlns='urn:xmpp:occupant-id:0' id='id-bob'/>"));
    assert_eq!(rows(&client)[0].author.as_ref().unwrap().occupant_id.as_deref(), Some("id-eve"));
    // Numbers, subjects, moderations and forms in it are words of nobody.
    let before = client.mirror.room(&room()).unwrap();
    client.stanza(&says("bob", "b1", "hello", &named("id-bob", "s1")));
    client.stanza(&psst("eve", "e2", "x", "<subject>mine now</subject>"));
    client.stanza(&format!("<message from='{ROOM}/eve' type='chat' id='e3'><subject>mine now</subject></message>"));
    client.stanza(&format!(
        "<message from='{ROOM}/eve' type='chat' id='e4'><body>y</body><x xmlns='http://jabber.org/protocol/muc#user'>\
         <status code='110'/><status code='307'/><destroy/><item affiliation='outcast' role='none'/></x></message>"
    ));
    let moderate = "<retract id='s1' xmlns='urn:xmpp:message-retract:1'><moderated xmlns='urn:xmpp:message-moderate:1'/></retract>";
    client.stanza(&psst("eve", "e5", "z", moderate));
    let react = "<reactions id='s1' xmlns='urn:xmpp:reactions:0'><reaction>👍</reaction></reactions>";
    client.stanza(&psst("bob", "b2", "👍", react));
    assert_eq!(client.mirror.room(&room()).unwrap(), before);
    let said = rows_of(&client);
    assert_eq!(said[1], own(("hello", None)));
    assert!(said.iter().all(|(text, only)| text == "hello" || only.as_deref() == Some("eve")), "{said:?}");
    assert!(rows(&client).iter().all(|row| row.reactions().is_empty()));
    // Nobody else goes by our nickname.
    let count = said.len();
    client.stanza(&psst("me", "m1", "it is me", ""));
    assert_eq!(rows(&client).len(), count);
    // What is said to all is not private, whatever it claims.
    client.stanza(&says("eve", "e6", "only to you", "<x xmlns='http://jabber.org/protocol/muc#user'/>"));
    assert_eq!(rows(&client).last().unwrap().private, None);
    // Who is not there at all is shown by the nickname, and is nobody whom one could answer.
    client.stanza(&psst("ghost", "g1", "boo", ""));
    let ghost = rows(&client).last().unwrap().clone();
    assert_eq!((only(&ghost), ghost.author.as_ref().unwrap().number), (Some("ghost"), None));
    whisper(&mut client, &ghost.author.unwrap(), "who are you?");
    client.nothing_sent();
    assert_eq!(state(&client), "failed");
}

#[test]
fn in_a_group_chat_that_we_are_not_in_nobody_says_anything_to_us() {
    let mut client = with_people(WITH_IDS);
    client.stanza(&gone_away("me", "<status code='110'/><status code='307'/>"));
    client.stanza(&psst("bob", "b1", "psst", ""));
    assert!(rows(&client).is_empty());
    assert_eq!(conversations(&mut client), 1);
}

#[test]
fn what_is_said_in_private_and_to_all_never_meet() {
    let mut client = with_people(WITH_IDS);
    client.stanza(&says("bob", "b1", "hello", &named("id-bob", "s1")));
    client.stanza(&psst("bob", "b1", "psst", ""));
    assert_eq!(rows_of(&client), [("hello", None), ("psst", Some("bob"))].map(own), "the same id, two messages");
    client.stanza(&psst("bob", "b2", "more", ""));
    let fix = |of: &str| format!("<replace id='{of}' xmlns='urn:xmpp:message-correct:0'/>");
    // A correction to us alone of what all have read, and one to all of what we alone have read.
    client.stanza(&says("bob", "b3", "later", &named("id-bob", "s2")));
    client.stanza(&psst("bob", "b4", "I said bye", &fix("b3")));
    client.stanza(&says("bob", "b5", "nothing", &format!("{}{}", fix("b2"), named("id-bob", "s3"))));
    let said = rows_of(&client);
    assert_eq!(said[2..4], [("more", Some("bob")), ("later", None)].map(own));
    assert_eq!(said[4..], [("I said bye", Some("bob")), ("nothing", None)].map(own));
    // Somebody else corrects nothing; its author does.
    client.stanza(&psst("eve", "e1", "owned", &fix("b2")));
    assert_eq!(rows_of(&client)[2], own(("more", Some("bob"))));
    client.stanza(&psst("bob", "b6", "much more", &fix("b2")));
    assert_eq!(rows_of(&client)[2], own(("much more", Some("bob"))));
    let retract = "<retract id='b2' xmlns='urn:xmpp:message-retract:1'/>";
    client.stanza(&psst("eve", "e2", "x", retract));
    assert_eq!(rows_of(&client)[2], own(("much more", Some("bob"))));
    client.stanza(&psst("bob", "b7", "x", retract));
    let gone = rows(&client).remove(2);
    assert_eq!((&gone.body, only(&gone)), (&Body::Retracted, Some("bob")), "it keeps its mark");
}

#[test]
fn an_answer_to_a_private_text_is_private_and_quotes_nothing_to_others() {
    let mut client = with_people(WITH_IDS);
    client.stanza(&psst("bob", "b1", "my secret", ""));
    let key = rows(&client)[0].key;
    let text = Sending::Text { text: "noted".into(), reply: Some(key), manner: Default::default(), private: None };
    client.command(Command::Send { id: None, peer: room(), what: text });
    let sent = client.next();
    assert_eq!((sent.attribute("to"), sent.attribute("type")), (Some("den@rooms.ex/bob"), Some("chat")));
    let told = sent.child("urn:xmpp:reply:0", "reply").unwrap();
    assert_eq!((told.attribute("id"), told.attribute("to")), (Some("b1"), Some("den@rooms.ex/bob")));
    let row = rows(&client).remove(1);
    assert_eq!((row.reply().unwrap().to, only(&row)), (Some(key), Some("bob")));
    // To somebody else it goes without the words of the first.
    let eve = who(&client, "eve");
    let what = Sending::Text { text: "guess".into(), reply: Some(key), manner: Default::default(), private: Some(eve) };
    client.command(Command::Send { id: None, peer: room(), what });
    let sent = client.next();
    assert_eq!(sent.attribute("to"), Some("den@rooms.ex/eve"));
    assert!(!sent.to_xml().contains("secret"), "{sent:?}");
    // The answer of the first shows what it answers; somebody else's does not.
    let id = rows(&client)[1].key;
    let own_id = {
        client.command(Command::Identify { peer: room(), key: id });
        client.changes.iter().rev().find_map(|change| match change {
            waxwing::domain::change::Change::Timeline(_, waxwing::domain::change::TimelineEdit::Names(names)) => {
                names.id.clone()
            }
            _ => None,
        })
    };
    let reply = format!("<reply xmlns='urn:xmpp:reply:0' id='{}'/>", own_id.unwrap());
    client.stanza(&psst("eve", "e1", "I know", &reply));
    assert_eq!(rows(&client).last().unwrap().reply().unwrap().to, None);
    client.stanza(&psst("bob", "b2", "good", &reply));
    assert_eq!(rows(&client).last().unwrap().reply().unwrap().to, Some(id));
    client.command(Command::Send { id: None, peer: room(), what: Sending::React { key, emojis: vec!["👍".into()] } });
    client.nothing_sent();
}

#[test]
fn an_answer_to_what_we_said_ourselves_does_not_tell_our_address() {
    let mut client = with_people(WITH_IDS);
    say(&mut client, "hello");
    let id = client.next().attribute("id").unwrap().to_owned();
    client.stanza(&says("me", &id, "hello", &named("id-me", "s1")));
    let key = rows(&client)[0].key;
    let text = Sending::Text { text: "again".into(), reply: Some(key), manner: Default::default(), private: None };
    client.command(Command::Send { id: None, peer: room(), what: text });
    let sent = client.next();
    assert_eq!(sent.child("urn:xmpp:reply:0", "reply").unwrap().attribute("to"), Some("den@rooms.ex/me"));
    assert!(!sent.to_xml().contains("me@s.ex"), "{sent:?}");
}

#[test]
fn copies_and_the_archive_of_the_account_take_the_same_road() {
    let mut client = with_people(WITH_IDS);
    let copy = |kind: &str, message: &str| {
        format!(
            "<message from='me@s.ex'><{kind} xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'>{message}\
             </forwarded></{kind}></message>"
        )
    };
    let x = "<x xmlns='http://jabber.org/protocol/muc#user'/>";
    let sent = format!(
        "<message xmlns='jabber:client' from='me@s.ex/phone' to='{ROOM}/bob' type='chat' id='p1'><body>from my phone</body>{x}</message>"
    );
    client.stanza(&copy("sent", &sent));
    client.stanza(&copy("sent", &sent));
    client.stanza(&copy(
        "received",
        &psst("eve", "e1", "to all of mine", "").replace("<message ", "<message xmlns='jabber:client' "),
    ));
    // It came to this device, too.
    client.stanza(&psst("eve", "e1", "to all of mine", ""));
    assert_eq!(rows_of(&client), [("from my phone", Some("bob")), ("to all of mine", Some("eve"))].map(own));
    assert_eq!(rows(&client)[0].delivery, Some(Delivery::Acked));
    assert_eq!(conversations(&mut client), 1);
    client.nothing_sent();
    // Somebody else's copy.
    let forged = copy("sent", &sent.replace("p1", "p2")).replace("from='me@s.ex'>", "from='den@rooms.ex/eve'>");
    client.stanza(&forged);
    assert_eq!(rows(&client).len(), 2);
}

#[test]
fn what_is_typed_for_one_alone_is_kept_as_that() {
    let mut client = with_people(WITH_IDS);
    let bob = who(&client, "bob");
    client.command(Command::SetPrivate { peer: room(), to: Some(bob.clone()) });
    client.command(Command::SetDraft { peer: room(), text: "not for".into() });
    let view = client.mirror.conversation(&room()).unwrap();
    assert_eq!((view.private.clone(), view.draft.as_deref()), (Some(bob.clone()), Some("not for")));
    whisper(&mut client, &bob, "not for all");
    let view = client.mirror.conversation(&room()).unwrap();
    assert_eq!((view.private.clone(), view.draft.as_deref()), (Some(bob), None), "the next one is for them, too");
    client.command(Command::SetPrivate { peer: room(), to: None });
    assert_eq!(client.mirror.conversation(&room()).unwrap().private, None);
    client.command(Command::SetPrivate { peer: crate::harness::jid("ann@s.ex"), to: None });
}

#[test]
fn a_group_chat_says_whether_it_allows_it() {
    let form = |value: &str| {
        format!(
            "{OPEN}<x xmlns='jabber:x:data' type='result'><field var='FORM_TYPE' type='hidden'>\
             <value>http://jabber.org/protocol/muc#roominfo</value></field>\
             <field var='muc#roomconfig_allowpm'><value>{value}</value></field></x>"
        )
    };
    for (value, whispers, may) in [
        ("anyone", Whispers::All, true),
        ("participants", Whispers::Participants, true),
        ("moderators", Whispers::Moderators, false),
        ("none", Whispers::None, false),
    ] {
        let client = inside(&form(value));
        let known = client.mirror.room(&room()).unwrap();
        assert_eq!((known.traits.whispers, known.may_whisper()), (whispers, may), "{value}");
    }
}

#[test]
fn the_archive_of_the_account_brings_it_to_its_place_once_and_the_own_order_of_the_group_chat_stays() {
    let mut client = Client::new();
    client.log_in();
    client.bind(FEATURES);
    client.expect_setup();
    client.answer_about_archive("<feature var='urn:xmpp:mam:2'/>");
    let query = client.next();
    go_in(&mut client, WITH_IDS);
    kept(&mut client);
    client.stanza(&there_as("bob", "id-bob"));
    client.stanza(&says("bob", "b1", "hello", &named("id-bob", "s1")));
    let result = |client: &mut Client, id: &str, message: &str| {
        let queryid = query.child("urn:xmpp:mam:2", "query").unwrap().attribute("queryid").unwrap();
        let message = message.replace("<message ", "<message xmlns='jabber:client' ");
        client.stanza(&format!(
            "<message from='me@s.ex'><result xmlns='urn:xmpp:mam:2' queryid='{queryid}' id='{id}'>\
             <forwarded xmlns='urn:xmpp:forward:0'><delay xmlns='urn:xmpp:delay' stamp='2026-01-01T00:00:00Z'/>\
             {message}</forwarded></result></message>"
        ));
    };
    let theirs = psst("bob", "b0", "psst", "<occupant-id xmlns='urn:xmpp:occupant-id:0' id='id-bob'/>");
    result(&mut client, "a1", &theirs);
    let mine =
        format!("<message from='me@s.ex/phone' to='{ROOM}/bob' type='chat' id='p1'><body>what?</body></message>");
    result(&mut client, "a2", &mine);
    // One without an id is known by that of the archive.
    result(&mut client, "a3", &psst("bob", "", "sss", "").replace(" id=''", ""));
    result(&mut client, "a3", &psst("bob", "", "sss", "").replace(" id=''", ""));
    result(&mut client, "a4", &says("bob", "b1", "hello", ""));
    answer(
        &mut client,
        &query,
        "<fin xmlns='urn:xmpp:mam:2' complete='true'><set xmlns='http://jabber.org/protocol/rsm'><last>a4</last></set></fin>",
    );
    let wanted = [("psst", Some("bob")), ("what?", Some("bob")), ("sss", Some("bob")), ("hello", None)];
    assert_eq!(rows_of(&client), wanted.map(own));
    assert_eq!(conversations(&mut client), 1);
    assert_eq!(rows(&client)[0].author.as_ref().unwrap().occupant_id.as_deref(), Some("id-bob"));
    client.stanza(&psst("bob", "b0", "psst", ""));
    assert_eq!(rows(&client).len(), 4);
    // The same person, by the name that the group chat gave them.
    let key = rows(&client)[0].key;
    let text =
        Sending::Text { text: "what is it?".into(), reply: Some(key), manner: Default::default(), private: None };
    client.sent.clear();
    client.command(Command::Send { id: None, peer: room(), what: text });
    assert_eq!(client.next().attribute("to"), Some("den@rooms.ex/bob"));
}

#[test]
fn it_is_found_like_all_that_was_said() {
    let mut client = with_people(WITH_IDS);
    client.stanza(&psst("bob", "b1", "the treasure is here", ""));
    let bob = who(&client, "bob");
    whisper(&mut client, &bob, "which treasure?");
    client.command(Command::Search { number: 1, text: "treasure".into(), most: 20, zone: 0 });
    for _ in 0..100 {
        client.wait(1);
    }
    let found = client.mirror.found(1).unwrap();
    assert_eq!(found.count, 2);
    assert!(found.results.iter().all(|hit| hit.peer == room()));
}

#[test]
fn what_may_have_left_for_one_alone_is_uncertain_and_the_user_decides() {
    let mut client = Client::new();
    client.log_in_with(true);
    client.bind(FEATURES);
    client.settle_fresh_kept();
    go_in(&mut client, WITH_IDS);
    kept(&mut client);
    client.stanza(&there_as("bob", "id-bob"));
    client.wait(60);
    let bob = who(&client, "bob");
    client.command(Command::SetPrivate { peer: room(), to: Some(bob.clone()) });
    whisper(&mut client, &bob, "psst");
    let id = client.next().attribute("id").unwrap().to_owned();
    client.wait(300);
    let remembered = client.remembered_again();
    let mut next = crate::keeping::next_page(client, remembered);
    assert_eq!(next.mirror.conversation(&room()).unwrap().private.as_deref(), Some(&*bob));
    next.authenticate(FEATURES);
    assert_eq!(next.next().name(), "resume");
    next.frame("<failed xmlns='urn:xmpp:sm:3'/>");
    let bind = next.next();
    answer(&mut next, &bind, "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>me@s.ex/w1</jid></bind>");
    next.expect_setup();
    next.answer_about_archive_later();
    next.sent.clear();
    next.stanza(&there_as("bob", "id-bob"));
    next.stanza(&there("me", "none", "participant", "<status code='110'/>"));
    let row = rows(&next).remove(0);
    assert_eq!((row.delivery.clone(), only(&row)), (Some(Delivery::Unknown), Some("bob")));
    assert!(!next.sent.iter().any(|frame| frame.contains("psst")));
    next.sent.clear();
    next.command(Command::Retry { peer: room(), key: row.key });
    let again = next.next();
    assert_eq!((again.attribute("id"), again.attribute("to")), (Some(&*id), Some("den@rooms.ex/bob")));
    next.confirm();
}
