//! What people in a small group see of each other beside words: who is writing, and who has seen what.

use waxwing::domain::privacy::Privacy;
use waxwing::domain::room::Author;
use waxwing::engine::command::{Command, Sending};

use crate::harness::Client;
use crate::rooms_harness::*;

const STATES: &str = "http://jabber.org/protocol/chatstates";

/// A client in a group chat with bob and eve.
fn with_people(features: &str) -> Client {
    let mut client = inside(features);
    client.stanza(&there_as("bob", "id-bob"));
    client.stanza(&there_as("eve", "id-eve"));
    client.wait(60);
    client
}

fn signs(nick: &str, payload: &str) -> String {
    format!("<message from='{ROOM}/{nick}' to='me@s.ex/w1' type='groupchat'>{payload}</message>")
}

fn state(nick: &str, state: &str) -> String {
    signs(nick, &format!("<{state} xmlns='{STATES}'/>"))
}

fn writers(client: &Client) -> Vec<String> {
    client.mirror.writers(&room()).iter().map(|nick| nick.to_string()).collect()
}

fn writing(client: &mut Client, writes: bool) {
    client.command(Command::Writing { peer: room(), writes });
}

/// So many people more.
fn crowd(client: &mut Client, number: usize) {
    for n in 0..number {
        client.stanza(&there_as(&format!("p{n}"), &format!("id-{n}")));
    }
    client.wait(60);
}

#[test]
fn who_is_writing_is_shown_until_they_end_or_say_it() {
    let mut client = with_people(GROUP);
    client.stanza(&state("bob", "composing"));
    client.stanza(&state("eve", "composing"));
    client.stanza(&state("eve", "composing"));
    client.stanza(&state("me", "composing"));
    client.stanza(&state("ghost", "composing"));
    assert_eq!(writers(&client), ["bob", "eve"], "each once, and nobody who is not there or is the user");
    client.stanza(&renames("bob", "rob", ""));
    client.stanza(&there_as("rob", "id-bob"));
    client.wait(60);
    assert_eq!(writers(&client), ["rob", "eve"]);
    client.stanza(&says("rob", "b1", "hello", &named("id-bob", "s1")));
    assert_eq!(writers(&client), ["eve"], "a message ends it");
    client.stanza(&state("eve", "paused"));
    assert!(writers(&client).is_empty());
    client.stanza(&state("eve", "composing"));
    client.stanza(&gone_away("eve", ""));
    client.wait(60);
    assert!(writers(&client).is_empty(), "whoever goes writes no more");
    client.stanza(&state("rob", "composing"));
    client.wait(31_000);
    assert!(writers(&client).is_empty());
    // What is old means nothing, and what is said to one alone is nobody's.
    client.stanza(&signs(
        "rob",
        &format!("<composing xmlns='{STATES}'/><delay xmlns='urn:xmpp:delay' stamp='2026-01-01T00:00:00Z'/>"),
    ));
    client.stanza(&state("rob", "composing").replace("groupchat", "chat"));
    assert!(writers(&client).is_empty());
    assert_eq!(texts(&client), ["hello"]);
    assert!(!client.mirror.is_writing(&room()));
}

#[test]
fn own_writing_is_told_to_a_small_private_group_alone() {
    let mut client = with_people(GROUP);
    writing(&mut client, true);
    let told = client.next();
    assert_eq!((told.attribute("to"), told.attribute("type")), (Some(ROOM), Some("groupchat")));
    assert!(told.child(STATES, "composing").is_some() && told.child("urn:xmpp:hints", "no-store").is_some());
    writing(&mut client, true);
    client.nothing_sent();
    client.wait(6_000);
    let paused = client.next();
    assert!(paused.child(STATES, "paused").is_some() && paused.attribute("type") == Some("groupchat"));
    // For one alone it is nobody else's business; what was told before is taken back.
    writing(&mut client, true);
    client.next();
    let people = client.mirror.people(&room()).unwrap();
    let bob = std::rc::Rc::new(Author::of(&people.called("bob").unwrap()));
    client.command(Command::SetPrivate { peer: room(), to: Some(bob.clone()) });
    writing(&mut client, true);
    assert!(client.next().child(STATES, "active").is_some());
    writing(&mut client, true);
    let what = Sending::Text { text: "psst".into(), reply: None, manner: Default::default(), private: Some(bob) };
    client.command(Command::Send { id: None, peer: room(), what });
    assert!(client.next().child("jabber:client", "body").is_some());
    client.command(Command::SetPrivate { peer: room(), to: None });
    // Not if the user does not wish it, and not to many.
    client.command(Command::SetPrivacy(Privacy { writing: false, ..Privacy::default() }));
    writing(&mut client, true);
    client.nothing_sent();
    client.command(Command::SetPrivacy(Privacy::default()));
    crowd(&mut client, 18);
    writing(&mut client, true);
    client.nothing_sent();
    client.stanza(&state("bob", "composing"));
    assert!(writers(&client).is_empty(), "among many it is nothing to look at");
    // Nor where anybody comes by.
    let mut client = with_people(WITH_IDS);
    writing(&mut client, true);
    client.nothing_sent();
    // Nor where the user has no voice.
    let mut client = with_people(GROUP);
    client.stanza(&there("me", "none", "visitor", ""));
    writing(&mut client, true);
    client.nothing_sent();
}

const MARKERS: &str = "urn:xmpp:chat-markers:0";

fn saw(nick: &str, id: &str) -> String {
    signs(nick, &format!("<displayed xmlns='{MARKERS}' id='{id}'/>"))
}

fn seen_by(client: &Client) -> Vec<String> {
    client.mirror.conversation(&room()).unwrap().seen_by.iter().map(|nick| nick.to_string()).collect()
}

/// The user says something, and it comes back under this name.
fn said(client: &mut Client, text: &str, name: &str) {
    say(client, text);
    let id = client.next().attribute("id").unwrap().to_owned();
    client.stanza(&says("me", &id, text, &named("id-me", name)));
}

#[test]
fn who_has_seen_the_newest_own_message_is_shown_and_nobody_twice() {
    let mut client = with_people(GROUP);
    said(&mut client, "hello", "s1");
    client.stanza(&saw("bob", "s1"));
    client.stanza(&saw("bob", "s1"));
    client.stanza(&saw("me", "s1"));
    client.stanza(&saw("ghost", "s1"));
    client.stanza(&saw("eve", "nothing"));
    assert_eq!(seen_by(&client), ["bob"]);
    client.stanza(&says("bob", "b1", "hi", &named("id-bob", "s2")));
    client.stanza(&saw("eve", "s2"));
    assert_eq!(seen_by(&client), ["bob", "eve"], "what comes later covers what was before it");
    said(&mut client, "again", "s3");
    assert!(seen_by(&client).is_empty());
    client.stanza(&saw("eve", "s2"));
    assert!(seen_by(&client).is_empty(), "that was before");
    // By the name of the group chat, and of the sender alone no word.
    let id = {
        say(&mut client, "more");
        client.next().attribute("id").unwrap().to_owned()
    };
    client.stanza(&says("me", &id, "more", &named("id-me", "s4")));
    client.stanza(&saw("eve", &id));
    client.stanza(&saw("eve", "s4").replace("groupchat", "chat"));
    assert!(seen_by(&client).is_empty());
    // In a channel nobody is watched.
    let mut channel = with_people(WITH_IDS);
    said(&mut channel, "hello", "s1");
    channel.stanza(&saw("bob", "s1"));
    assert!(seen_by(&channel).is_empty());
    assert_eq!(texts(&channel), ["hello"]);
}

#[test]
fn that_something_was_seen_is_told_to_a_small_private_group_now_and_then() {
    let mut client = with_people(GROUP);
    client.command(Command::Attend(vec![room()]));
    client.stanza(&says("bob", "b1", "hello", &named("id-bob", "s1")));
    let told = client.next();
    assert_eq!((told.attribute("to"), told.attribute("type")), (Some(ROOM), Some("groupchat")));
    assert_eq!(told.child(MARKERS, "displayed").unwrap().attribute("id"), Some("s1"));
    for n in 2..9 {
        client.stanza(&says("bob", &format!("b{n}"), "hello", &named("id-bob", &format!("s{n}"))));
    }
    client.nothing_sent();
    client.wait(5_000);
    assert_eq!(client.next().child(MARKERS, "displayed").unwrap().attribute("id"), Some("s8"), "the newest, once");
    client.wait(60_000);
    client.sent.retain(|frame| frame.contains(MARKERS));
    client.nothing_sent();
    // Not what is for the user alone, nor what the user said, nor without the user's will.
    client.stanza(&says("bob", "b10", "psst", "").replace("groupchat", "chat"));
    said(&mut client, "hi", "s10");
    client.nothing_sent();
    client.command(Command::SetPrivacy(Privacy { markers: false, ..Privacy::default() }));
    client.stanza(&says("bob", "b11", "hello", &named("id-bob", "s11")));
    client.nothing_sent();
    client.command(Command::SetPrivacy(Privacy::default()));
    crowd(&mut client, 18);
    client.stanza(&says("bob", "b12", "hello", &named("id-bob", "s12")));
    client.nothing_sent();
    for features in [
        WITH_IDS,
        "<feature var='http://jabber.org/protocol/muc'/><feature var='muc_membersonly'/><feature var='muc_nonanonymous'/>",
    ] {
        let mut other = with_people(features);
        other.command(Command::Attend(vec![room()]));
        other.stanza(&says("bob", "b1", "hello", &named("id-bob", "s1")));
        other.nothing_sent();
    }
}
