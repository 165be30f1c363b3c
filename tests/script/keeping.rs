//! What is on disk before anything else happens with it, and what comes back.

use waxwing::domain::account::Connection;
use waxwing::domain::change::{Change, Notice, Storage};
use waxwing::domain::presence::{Availability, OwnPresence};
use waxwing::engine::command::Command;
use waxwing::engine::effect::{Effect, Remembered, StoreFault, Table, Write};
use waxwing::engine::{Input, SocketEvent};

use crate::harness::{ANN, Client, FEATURES, jid};

const SETUP: [&str; 4] = ["enable", "iq", "iq", "presence"];

/// A client that keeps things, is online as me@s.ex/w1, and has no archive.
fn online() -> (Client, Box<Remembered>) {
    let mut client = Client::new();
    client.log_in_with(true);
    client.bind(FEATURES);
    let remembered = client.remembered();
    client.settle_fresh("<item jid='ann@s.ex' subscription='both' name='Ann'/>");
    client.wait(1_000);
    (client, remembered)
}

/// The page is closed without a word, and another one opens.
pub fn next_page(client: Client, remembered: Box<Remembered>) -> Client {
    let mut next = Client::new();
    next.disk = client.disk;
    next.now = client.now + 1;
    next.input(Input::Restore(remembered));
    next
}

fn say(client: &mut Client, text: &str) {
    client.command(Command::SendText { id: None, peer: jid(ANN), text: text.into() });
}

fn hear(client: &mut Client, id: &str, text: &str) {
    client.stanza(&format!("<message from='ann@s.ex/p' type='chat' id='{id}'><body>{text}</body></message>"));
}

fn body(client: &mut Client) -> String {
    client.next().child("jabber:client", "body").expect("a message with a text").text()
}

fn row(text: &str, state: &'static str) -> (String, Option<&'static str>) {
    (text.to_owned(), Some(state))
}

#[test]
fn who_signs_in_on_a_new_device_is_shown_as_available() {
    let (client, _) = online();
    assert_eq!(client.mirror.own_presence().availability, Availability::Available);
}

/// Frames sent, without their order of arrival at the disk being settled: nothing may leave before that.
#[test]
fn nothing_leaves_and_nothing_is_shown_before_it_is_on_disk() {
    let (mut client, _) = online();
    client.held_saves = Some([].into());
    say(&mut client, "one");
    client.nothing_sent();
    assert_eq!(client.rows(ANN), [], "not even as waiting");
    client.save(None);
    assert_eq!(body(&mut client), "one");
    assert_eq!(client.rows(ANN), [row("one", "sent")]);
}

#[test]
fn what_cannot_be_kept_goes_back_into_the_composer() {
    let (mut client, _) = online();
    client.held_saves = Some([].into());
    say(&mut client, "precious");
    client.save(Some(StoreFault::Unavailable));
    assert_eq!(client.next().name(), "close", "the disk must not know of a stream that goes on without it");
    client.nothing_sent();
    assert_eq!(client.rows(ANN), []);
    assert_eq!(client.mirror.conversation(&jid(ANN)).unwrap().draft.as_deref(), Some("precious"));
    assert!(client.notices().contains(&Notice::NotKept { peer: jid(ANN) }));
    assert!(client.changes.contains(&Change::Storage(Storage::Refused)), "and the user is told that nothing is kept");
    client.effects.retain(|effect| matches!(effect, Effect::Connect { .. }));
    client.bind(FEATURES);
    client.settle_fresh("");
    say(&mut client, "without a store");
    assert_eq!(body(&mut client), "without a store", "from now on in memory");
}

#[test]
fn after_a_save_that_failed_none_is_done_that_knows_nothing_of_it() {
    let (mut client, remembered) = online();
    client.held_saves = Some([].into());
    say(&mut client, "one");
    say(&mut client, "two");
    client.save(Some(StoreFault::Unavailable));
    while client.held_saves.as_ref().is_some_and(|held| !held.is_empty()) {
        client.save(None);
    }
    assert_eq!(client.mirror.conversation(&jid(ANN)).unwrap().draft.as_deref(), Some("one\ntwo"));
    let next = next_page(client, remembered);
    assert_eq!(next.rows(ANN), [], "what went back into the composer does not wait on disk");
}

#[test]
fn only_what_is_on_disk_is_confirmed() {
    let (mut client, _) = online();
    client.held_saves = Some([].into());
    hear(&mut client, "1", "hi");
    client.frame("<r xmlns='urn:xmpp:sm:3'/>");
    let told = client.next().attribute("h").unwrap().parse::<u32>().unwrap();
    client.wait(200);
    client.save(None);
    assert_eq!(client.next().attribute("h").unwrap().parse::<u32>().unwrap(), told + 1, "as soon as it is");
}

#[test]
fn the_next_page_goes_on_with_the_same_stream_and_asks_for_nothing_again() {
    let (mut client, remembered) = online();
    hear(&mut client, "1", "hi");
    say(&mut client, "arrived");
    say(&mut client, "lost");
    client.wait(300);
    let mut next = next_page(client, remembered);
    assert_eq!(next.rows(ANN), [("hi".into(), None), row("arrived", "sent"), row("lost", "sent")]);
    assert_eq!(next.mirror.contact(&jid(ANN)).unwrap().display_name(), "Ann", "before the server is there");
    next.authenticate(FEATURES);
    let resume = next.next();
    assert_eq!((resume.name(), resume.attribute("previd")), ("resume", Some("A")));
    // Roster, carbons, presence and three questions before the first of the two.
    next.frame("<resumed xmlns='urn:xmpp:sm:3' previd='A' h='7'/>");
    assert_eq!(next.rows(ANN), [("hi".into(), None), row("arrived", "acked"), row("lost", "queued")]);
    // The page before was not through with it: there was no archive.
    next.answer_about_archive("");
    assert_eq!(body(&mut next), "lost");
    next.nothing_sent();
    next.frame("<a xmlns='urn:xmpp:sm:3' h='10'/>");
    assert_eq!(next.rows(ANN).last(), Some(&row("lost", "acked")));
}

#[test]
fn what_waited_offline_goes_out_the_next_day() {
    let (mut client, remembered) = online();
    client.input(Input::Socket(SocketEvent::Closed));
    client.sent.clear();
    say(&mut client, "tomorrow");
    assert_eq!(client.rows(ANN), [row("tomorrow", "queued")]);
    let mut next = next_page(client, remembered);
    assert_eq!(next.rows(ANN), [row("tomorrow", "queued")]);
    next.authenticate(FEATURES);
    assert_eq!(next.next().name(), "resume");
    next.frame("<failed xmlns='urn:xmpp:sm:3'/>");
    let id = next.next().attribute("id").unwrap().to_owned();
    next.stanza(&format!(
        "<iq type='result' id='{id}'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>me@s.ex/w1</jid></bind></iq>"
    ));
    for name in SETUP {
        assert_eq!(next.next().name(), name);
    }
    next.answer_about_archive("");
    assert_eq!(body(&mut next), "tomorrow");
}

#[test]
fn what_may_have_left_before_a_crash_is_uncertain_and_never_sent_twice_by_itself() {
    let (mut client, remembered) = online();
    client.held_saves = Some([].into());
    say(&mut client, "perhaps");
    client.save(None);
    assert_eq!(body(&mut client), "perhaps");
    // The page dies before the disk hears as which stanza it went out.
    let mut next = next_page(client, remembered);
    assert_eq!(next.rows(ANN), [row("perhaps", "unknown")]);
    next.authenticate(FEATURES);
    assert_eq!(next.next().name(), "resume");
    next.frame("<resumed xmlns='urn:xmpp:sm:3' previd='A' h='7'/>");
    next.answer_about_archive("");
    next.nothing_sent();
    assert_eq!(next.rows(ANN), [row("perhaps", "unknown")], "without an archive the user decides");
}

#[test]
fn a_stream_that_was_not_set_up_is_not_gone_on_with() {
    let mut client = Client::new();
    client.log_in_with(true);
    client.bind(FEATURES);
    let remembered = client.remembered();
    client.expect_setup();
    client.wait(1_000);
    let mut next = next_page(client, remembered);
    next.authenticate(FEATURES);
    assert_eq!(next.next().name(), "iq", "a fresh one is bound");
}

#[test]
fn a_page_that_was_deposed_ends_without_a_word() {
    let (mut client, _) = online();
    client.input(Input::Deposed);
    client.nothing_sent();
    assert_eq!(client.effects.pop(), Some(Effect::Disconnect));
    say(&mut client, "too late");
    client.nothing_sent();
}

#[test]
fn a_browser_without_a_store_says_so_and_works() {
    let mut client = Client::new();
    client.disk = None;
    client.log_in_with(true);
    client.bind(FEATURES);
    client.settle_fresh("");
    assert_eq!(client.connection_or_online(), Connection::Online);
    assert_eq!(client.mirror.storage(), Storage::Refused);
    say(&mut client, "hi");
    assert_eq!(body(&mut client), "hi");
}

#[test]
fn drafts_come_back_and_are_told_apart() {
    let (mut client, remembered) = online();
    client.command(Command::SetDraft { peer: jid(ANN), text: "not yet".into() });
    client.wait(300);
    let mut next = next_page(client, remembered);
    let draft = |client: &Client| client.mirror.conversation(&jid(ANN)).unwrap().draft.clone();
    assert_eq!(draft(&next).as_deref(), Some("not yet"));
    next.command(Command::SetDraft { peer: jid(ANN), text: String::new() });
    assert_eq!(draft(&next), None);
}

#[test]
fn long_conversations_come_from_disk_bit_by_bit() {
    let (mut client, remembered) = online();
    for number in 0..2_000 {
        hear(&mut client, &format!("m{number}"), &format!("text {number}"));
    }
    client.wait(300);
    client.wait(300);
    let held = client.mirror.timeline(&jid(ANN)).unwrap().len();
    assert!((512..1_100).contains(&held), "what nobody looks at does not stay in memory: {held}");
    let mut next = next_page(client, remembered);
    let first = next.mirror.timeline(&jid(ANN)).unwrap().len();
    assert!((512..700).contains(&first), "{first}");
    while next.mirror.history(&jid(ANN)) == waxwing::domain::timeline::History::More {
        next.command(Command::LoadOlder(jid(ANN)));
    }
    let texts: Vec<String> = next.rows(ANN).into_iter().map(|(text, _)| text).collect();
    let expected: Vec<String> = (0..2_000).map(|number| format!("text {number}")).collect();
    assert_eq!(texts, expected);
}

#[test]
fn a_full_disk_gives_up_what_the_archive_has_and_keeps_what_it_has_not() {
    let (mut client, _) = online();
    for number in 0..2_000 {
        client.stanza(&format!(
            "<message from='ann@s.ex/p' type='chat' id='m{number}'><body>text {number}</body>\
             <stanza-id xmlns='urn:xmpp:sid:0' by='me@s.ex' id='a{number}'/></message>"
        ));
    }
    client.wait(300);
    client.wait(300);
    client.held_saves = Some([].into());
    say(&mut client, "no room");
    client.save(Some(StoreFault::Full));
    let (_, writes) = client.held_saves.as_ref().unwrap().front().expect("once more, with less").clone();
    let dropped = writes.iter().filter(|write| matches!(write, Write::Delete { table: Table::Chunks, .. })).count();
    assert!(dropped > 0);
    client.save(None);
    assert_eq!(body(&mut client), "no room");
}

#[test]
fn lost_chunks_are_stood_for_and_the_rest_comes() {
    let (mut client, remembered) = online();
    for number in 0..100 {
        hear(&mut client, &format!("m{number}"), &format!("text {number}"));
    }
    client.wait(300);
    let disk = client.disk.as_mut().unwrap();
    let first = *disk.keys().find(|(table, _)| *table == Table::Chunks as u8).unwrap();
    disk.get_mut(&first).unwrap().bytes.truncate(7);
    let next = next_page(client, remembered);
    let rows = next.rows(ANN);
    assert_eq!(rows.first().map(|(text, _)| text.as_str()), Some("(unreadable)"));
    assert_eq!(rows.last().map(|(text, _)| text.as_str()), Some("text 99"));
}

#[test]
fn a_stranger_on_this_device_sees_nothing_before_proving_to_be_the_user() {
    let (client, _) = online();
    let mut next = Client::new();
    next.disk = client.disk;
    next.log_in_with(true);
    assert!(next.mirror.account().is_none());
    assert!(next.mirror.contact(&jid(ANN)).is_none());
    next.bind(FEATURES);
    assert!(next.mirror.contact(&jid(ANN)).is_some());
}

/// A conversation that is not the latest stays on disk until it is needed.
fn next_page_with_ann_on_disk() -> Client {
    let (mut client, remembered) = online();
    hear(&mut client, "1", "first");
    client.stanza("<message from='bob@s.ex/p' type='chat' id='2'><body>later</body></message>");
    client.wait(300);
    let mut next = next_page(client, remembered);
    assert!(next.mirror.timeline(&jid(ANN)).is_none(), "nobody has asked for it");
    next.authenticate(FEATURES);
    assert_eq!(next.next().name(), "resume");
    next.frame("<resumed xmlns='urn:xmpp:sm:3' previd='A' h='6'/>");
    next
}

#[test]
fn what_is_too_large_stands_behind_what_comes_from_disk_for_it() {
    let mut next = next_page_with_ann_on_disk();
    let text = "x".repeat(1 << 20);
    next.stanza(&format!("<message from='ann@s.ex/p' type='chat' id='3'><body>{text}</body></message>"));
    let texts: Vec<String> = next.rows(ANN).into_iter().map(|(text, _)| text).collect();
    assert_eq!(texts, ["first", "(unreadable)"]);
}

#[test]
fn hearing_what_was_read_leaves_on_disk_what_it_does_not_change() {
    let mut next = next_page_with_ann_on_disk();
    next.command(Command::Show(vec![jid(ANN)]));
    next.command(Command::Attend(vec![jid(ANN)]));
    next.command(Command::Attend(vec![]));
    next.wait(300);
    let item = |peer: &str, id: &str| {
        format!(
            "<message from='me@s.ex'><event xmlns='http://jabber.org/protocol/pubsub#event'>\
             <items node='urn:xmpp:mds:displayed:0'><item id='{peer}'><displayed xmlns='urn:xmpp:mds:displayed:0'>\
             <stanza-id xmlns='urn:xmpp:sid:0' by='me@s.ex' id='{id}'/></displayed></item></items></event></message>"
        )
    };
    let mut last = Client::new();
    last.disk = next.disk.take();
    last.now = next.now + 1;
    let (_, remembered) = online();
    last.input(Input::Restore(remembered));
    last.authenticate(FEATURES);
    last.sent.clear();
    last.frame("<resumed xmlns='urn:xmpp:sm:3' previd='A' h='6'/>");
    last.stanza(&item(ANN, "a1"));
    assert!(last.mirror.timeline(&jid(ANN)).is_none(), "nothing of it was unread");
}

#[test]
fn the_chosen_presence_comes_back() {
    let (mut client, remembered) = online();
    let away = OwnPresence { availability: Availability::Dnd, status: Some("busy".into()) };
    client.command(Command::SetPresence(away.clone()));
    let next = next_page(client, remembered);
    assert_eq!(*next.mirror.own_presence(), away);
}
