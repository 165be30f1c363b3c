//! Finding messages: here, on disk and in the archive.

use waxwing::domain::change::Change;
use waxwing::domain::search::{ArchiveSearch, Found, HitPlace};
use waxwing::domain::timeline::MessageKey;
use waxwing::engine::Input;
use waxwing::engine::command::Command;
use waxwing::engine::effect::{Effect, Remembered};
use waxwing::wire::xml::Element;

use crate::harness::{ANN, Client, FEATURES, ME, jid};

const BOB: &str = "bob@t.ex";
const MAM: &str = "<feature var='urn:xmpp:mam:2'/>";

fn hear(client: &mut Client, from: &str, id: &str, text: &str) {
    client.now += 1_000;
    client.stanza(&format!("<message from='{from}/p' type='chat' id='{id}'><body>{text}</body></message>"));
}

fn search(client: &mut Client, number: u64, typed: &str) {
    client.command(Command::Search { number, text: typed.into(), most: 20, zone: 0 });
    for _ in 0..100 {
        client.wait(1);
    }
}

fn found(client: &Client, number: u64) -> Found {
    client.mirror.found(number).map(|found| (**found).clone()).expect("the search is answered")
}

fn said(client: &Client, number: u64) -> Vec<String> {
    let results = found(client, number).results;
    results.iter().map(|hit| hit.snippet.iter().map(|piece| &*piece.text).collect()).collect()
}

fn key(client: &Client, number: u64) -> MessageKey {
    match found(client, number).results.first().map(|hit| hit.place.clone()) {
        Some(HitPlace::Row(key)) => key,
        other => panic!("{other:?}"),
    }
}

fn reached(client: &Client) -> Option<(HitPlace, Option<MessageKey>)> {
    client.changes.iter().rev().find_map(|change| match change {
        Change::Reached { place, key, .. } => Some((place.clone(), *key)),
        _ => None,
    })
}

#[test]
fn what_was_said_is_found_the_newest_first() {
    let mut client = Client::online();
    client.push("<item jid='bob@t.ex' subscription='both' name='Robert Nobody'/>");
    hear(&mut client, ANN, "1", "Lunch at the Café?");
    hear(&mut client, BOB, "2", "No lunch today");
    client.command(Command::SendText { id: None, peer: jid(ANN), text: "Yes, lunch!".into() });
    search(&mut client, 1, "lun");
    assert_eq!(said(&client, 1), ["Yes, lunch!", "No lunch today", "Lunch at the Café?"]);
    assert_eq!((found(&client, 1).count, found(&client, 1).is_looking), (3, false));
    assert_eq!(found(&client, 1).archive, ArchiveSearch::None);
    for (number, typed, wanted) in [
        (2, "lunch cafe", vec!["Lunch at the Café?"]),
        (3, "from:me lunch", vec!["Yes, lunch!"]),
        (4, "lunch from:nobo", vec!["No lunch today"]),
        (5, "in:ann lunch", vec!["Yes, lunch!", "Lunch at the Café?"]),
        (6, "\"lunch today\"", vec!["No lunch today"]),
        (7, "lunch before:2000-01-01", vec![]),
    ] {
        search(&mut client, number, typed);
        assert_eq!(said(&client, number), wanted, "{typed}");
    }
}

#[test]
fn what_comes_and_goes_later_is_known_too() {
    let mut client = Client::online();
    search(&mut client, 1, "secret");
    assert_eq!(said(&client, 1), [""; 0]);
    hear(&mut client, ANN, "1", "a secret");
    search(&mut client, 2, "secret");
    assert_eq!(said(&client, 2), ["a secret"]);
    client.break_off();
    client.command(Command::SendText { id: None, peer: jid(ANN), text: "my secret".into() });
    search(&mut client, 3, "secret");
    assert_eq!(said(&client, 3), ["my secret", "a secret"]);
    let key = key(&client, 3);
    client.command(Command::Discard { peer: jid(ANN), key });
    assert_eq!(said(&client, 3), ["a secret"], "it goes from what is on the screen at once");
}

#[test]
fn each_page_has_a_search_of_its_own_and_gets_no_stale_answers() {
    let mut client = Client::online();
    hear(&mut client, ANN, "1", "one two");
    let (first, second) = (1 << 32, 2 << 32);
    search(&mut client, first, "one");
    search(&mut client, second, "two");
    search(&mut client, first + 1, "three");
    client.changes.clear();
    search(&mut client, first + 2, "");
    assert!(client.changes.is_empty(), "nothing is told of a search that ended: {:?}", client.changes);
    assert_eq!((said(&client, second).len(), said(&client, first + 1).len()), (1, 0));
}

#[test]
fn nothing_of_one_account_is_found_by_the_next() {
    let mut client = Client::online();
    hear(&mut client, ANN, "1", "private");
    search(&mut client, 1, "private");
    client.command(Command::LogOut);
    assert_eq!(client.mirror.found(1), None);
    client.sent.clear();
    client.effects.clear();
    client.log_in();
    client.bind(FEATURES);
    client.settle_fresh("");
    search(&mut client, 2, "private");
    assert_eq!(said(&client, 2), [""; 0]);
}

/// A client that keeps things, has no archive, and was told this much by Bob, and after that a little by Ann.
fn kept(messages: usize) -> (Client, Box<Remembered>) {
    let mut client = Client::new();
    client.log_in_with(true);
    client.bind(FEATURES);
    let remembered = client.remembered();
    client.settle_fresh("");
    for number in 0..messages {
        hear(&mut client, BOB, &format!("b{number}"), &format!("Number {number} of many"));
    }
    hear(&mut client, ANN, "1", "hello");
    client.wait(1_000);
    (client, remembered)
}

fn next_page(client: Client, remembered: Box<Remembered>) -> Client {
    let mut next = Client::new();
    next.disk = client.disk;
    next.now = client.now + 1;
    next.input(Input::Restore(remembered));
    next
}

#[test]
fn what_is_on_disk_only_is_found_without_being_brought_into_memory() {
    let (client, remembered) = kept(3_000);
    let mut next = next_page(client, remembered);
    assert_eq!(next.rows(BOB), [], "asleep");
    search(&mut next, 1, "\"number 17\"");
    assert_eq!(said(&next, 1), ["Number 17 of many"]);
    assert!(!found(&next, 1).is_looking);
    assert_eq!(next.rows(BOB), [], "and it still is");
    search(&mut next, 2, "many");
    assert_eq!((said(&next, 2).len(), found(&next, 2).count), (20, 3_000));
    assert_eq!(said(&next, 2)[0], "Number 2999 of many");
}

#[test]
fn what_is_taken_back_or_changed_is_not_found_though_it_is_on_disk_only() {
    let (mut client, _) = kept(2_000);
    let about = |client: &mut Client, id: &str, of: &str, payload: &str| {
        let payload = payload.replace("OF", of);
        client.stanza(&format!("<message from='{BOB}/p' type='chat' id='{id}'>{payload}</message>"));
    };
    search(&mut client, 1, "\"number 3\"");
    assert_eq!(found(&client, 1).count, 1);
    let correct = "<body>walnut</body><replace xmlns='urn:xmpp:message-correct:0' id='OF'/>";
    let retract = "<retract xmlns='urn:xmpp:message-retract:1' id='OF'/>";
    about(&mut client, "x1", "b3", retract);
    about(&mut client, "x2", "b4", correct);
    search(&mut client, 2, "\"number 3\"");
    assert_eq!(found(&client, 2).count, 0);
    search(&mut client, 3, "\"number 4\"");
    assert_eq!(found(&client, 3).count, 0);
    // Nor does somebody else's word count.
    client.stanza(&format!("<message from='{ANN}/p' type='chat' id='x3'>{}</message>", retract.replace("OF", "b5")));
    search(&mut client, 4, "\"number 5\"");
    assert_eq!(found(&client, 4).count, 1);
}

#[test]
fn answers_come_while_the_disk_is_being_read() {
    let (client, remembered) = kept(3_000);
    let mut next = next_page(client, remembered);
    next.changes.clear();
    search(&mut next, 1, "many");
    let told = next.changes.iter().filter_map(|change| match change {
        Change::Found(found) => Some((found.count, found.is_looking)),
        _ => None,
    });
    let told: Vec<_> = told.collect();
    assert_eq!(told.first(), Some(&(0, true)));
    assert_eq!(told.last(), Some(&(3_000, false)));
    assert!((3..10).contains(&told.len()), "some, and not one with every step: {told:?}");
}

#[test]
fn a_message_far_back_is_gone_to_and_stays_as_long_as_it_is_looked_at() {
    let (client, remembered) = kept(12_000);
    let mut next = next_page(client, remembered);
    search(&mut next, 1, "\"number 17\"");
    let key = key(&next, 1);
    next.command(Command::Show(vec![jid(BOB)]));
    next.command(Command::GoTo { peer: jid(BOB), place: HitPlace::Row(key) });
    assert_eq!(reached(&next), Some((HitPlace::Row(key), Some(key))));
    assert!(next.mirror.timeline(&jid(BOB)).unwrap().message(key).is_some(), "and the page has it");
    let rows = next.mirror.timeline(&jid(BOB)).unwrap().len();
    assert!(rows > 11_900);
    // Whatever is saved meanwhile.
    next.command(Command::SetDraft { peer: jid(BOB), text: "x".into() });
    next.wait(1_000);
    assert_eq!(next.mirror.timeline(&jid(BOB)).unwrap().len(), rows);
    next.command(Command::Show(vec![jid(ANN)]));
    next.command(Command::SetDraft { peer: jid(BOB), text: "y".into() });
    next.wait(1_000);
    assert!(next.mirror.timeline(&jid(BOB)).unwrap().len() < 2_000, "then memory is given back");
    search(&mut next, 2, "\"number 17\"");
    assert_eq!(said(&next, 2), ["Number 17 of many"], "and it is found all the same");
}

#[test]
fn what_is_gone_from_here_is_said_to_be() {
    let mut client = Client::online();
    hear(&mut client, ANN, "1", "hi");
    let place = HitPlace::Row(MessageKey(77));
    client.command(Command::GoTo { peer: jid(ANN), place: place.clone() });
    assert_eq!(reached(&client), Some((place, None)));
}

/// A client with an archive that is empty.
fn with_archive() -> Client {
    let mut client = Client::new();
    client.log_in();
    client.bind(FEATURES);
    client.expect_setup();
    client.stanza(&format!("<iq type='result' id='{}'><query xmlns='jabber:iq:roster'/></iq>", "none"));
    client.answer_about_archive(MAM);
    page(&mut client, "");
    client.nothing_sent();
    client
}

/// Answers the next page that is asked for. `results` has `QUERY` for the id of the question.
fn page(client: &mut Client, results: &str) -> Element {
    let question = client.next();
    let query = question.child("urn:xmpp:mam:2", "query").expect("a page is asked for").clone();
    for result in results.lines().filter(|line| !line.trim().is_empty()) {
        client.stanza(&result.trim().replace("QUERY", query.attribute("queryid").unwrap()));
    }
    let id = question.attribute("id").unwrap();
    client.stanza(&format!("<iq type='result' id='{id}'><fin xmlns='urn:xmpp:mam:2' complete='true'/></iq>"));
    query
}

fn result(archive: &str, id: &str, from: &str, to: &str, stamp: &str, text: &str) -> String {
    format!(
        "<message from='{archive}' to='{ME}'><result xmlns='urn:xmpp:mam:2' queryid='QUERY' id='{id}'>\
         <forwarded xmlns='urn:xmpp:forward:0'><delay xmlns='urn:xmpp:delay' stamp='{stamp}T10:00:00Z'/>\
         <message xmlns='jabber:client' type='chat' from='{from}' to='{to}'><body>{text}</body></message>\
         </forwarded></result></message>\n"
    )
}

/// Answers the question for the form of the archive by these fields.
fn form(client: &mut Client, fields: &[&str]) {
    let question = client.next();
    assert!(question.child("urn:xmpp:mam:2", "query").is_some_and(|query| query.children().count() == 0));
    assert_eq!(question.attribute("type"), Some("get"));
    let id = question.attribute("id").unwrap();
    let fields: String = fields.iter().map(|name| format!("<field var='{name}' type='text-single'/>")).collect();
    client.stanza(&format!(
        "<iq type='result' id='{id}'><query xmlns='urn:xmpp:mam:2'><x xmlns='jabber:x:data' type='form'>{fields}</x></query></iq>"
    ));
}

fn value(query: &Element, name: &str) -> Option<String> {
    let form = query.child("jabber:x:data", "x")?;
    let field = form.children().find(|field| field.attribute("var") == Some(name))?;
    Some(field.child("jabber:x:data", "value")?.text())
}

#[test]
fn a_server_that_does_not_search_is_asked_for_nothing() {
    let mut client = with_archive();
    search(&mut client, 1, "old");
    form(&mut client, &["with", "start", "end"]);
    assert_eq!(found(&client, 1).archive, ArchiveSearch::None);
    client.command(Command::SearchArchive { number: 1 });
    search(&mut client, 2, "older");
    client.nothing_sent();
    assert_eq!(found(&client, 2).archive, ArchiveSearch::None);
}

#[test]
fn an_archive_that_searches_is_asked_when_that_is_wished_and_its_answer_is_merged() {
    for field in ["withtext", "{urn:xmpp:fulltext:0}fulltext"] {
        let mut client = with_archive();
        client.stanza(
            "<message from='ann@s.ex/p' to='me@s.ex/w1' type='chat' id='1'><body>old friend</body>\
             <stanza-id xmlns='urn:xmpp:sid:0' by='me@s.ex' id='a9'/></message>",
        );
        search(&mut client, 1, "old in:ann@s.ex");
        form(&mut client, &["with", field]);
        client.nothing_sent();
        assert_eq!(found(&client, 1).archive, ArchiveSearch::Possible);
        client.command(Command::SearchArchive { number: 1 });
        assert_eq!(found(&client, 1).archive, ArchiveSearch::Asking);
        let results = [
            result(ME, "a1", "ann@s.ex/p", ME, "2020-01-01", "old times"),
            result(ME, "a2", "me@s.ex/w", "ann@s.ex", "2020-01-02", "old song"),
            result("mallory@evil.ex", "a3", "ann@s.ex/p", ME, "2020-01-03", "old lie"),
            result(ME, "a9", "ann@s.ex/p", ME, "2026-01-03", "old friend"),
            result(ME, "a4", "bob@t.ex/p", ME, "2020-01-03", "an old man elsewhere"),
        ];
        let query = page(&mut client, &results.concat());
        assert_eq!((value(&query, field), value(&query, "with")), (Some("old".into()), Some(ANN.into())));
        assert_eq!(said(&client, 1), ["old friend", "old song", "old times"]);
        let answer = found(&client, 1);
        assert_eq!((answer.archive, answer.count), (ArchiveSearch::Done, 3));
        assert!(matches!(answer.results[0].place, HitPlace::Row(_)), "what is here is not said twice");
        assert_eq!(answer.results[2].place, HitPlace::Archive("a1".into()));
        client.command(Command::SearchArchive { number: 1 });
        client.nothing_sent();
        assert_eq!(client.rows(ANN).len(), 1, "and nothing of it became a row");
    }
}

#[test]
fn a_refusal_of_the_archive_is_told() {
    let mut client = with_archive();
    search(&mut client, 1, "old");
    form(&mut client, &["withtext"]);
    client.command(Command::SearchArchive { number: 1 });
    let id = client.next().attribute("id").unwrap().to_owned();
    client.stanza(&format!(
        "<iq type='error' id='{id}'><error type='cancel'><feature-not-implemented xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"
    ));
    assert_eq!(found(&client, 1).archive, ArchiveSearch::Failed);
}

#[test]
fn what_only_the_archive_has_is_fetched_into_its_place() {
    let mut client = with_archive();
    client.stanza(
        "<message from='ann@s.ex/p' to='me@s.ex/w1' type='chat' id='1'><body>new</body>\
         <stanza-id xmlns='urn:xmpp:sid:0' by='me@s.ex' id='a9'/></message>",
    );
    client.command(Command::LoadOlder(jid(ANN)));
    page(&mut client, &result(ME, "a8", "ann@s.ex/p", ME, "2026-01-01", "newer")).text();
    let place = HitPlace::Archive("a8".into());
    client.command(Command::GoTo { peer: jid(ANN), place: place.clone() });
    let key = client.mirror.timeline(&jid(ANN)).unwrap().get(0).map(|row| row.key);
    assert_eq!(reached(&client), Some((place, key)));
    // The whole history is here, and this is not in it.
    let place = HitPlace::Archive("a0".into());
    client.command(Command::GoTo { peer: jid(ANN), place: place.clone() });
    assert_eq!(reached(&client), Some((place, None)));
}

#[test]
fn a_search_writes_nothing() {
    let (client, remembered) = kept(10);
    let mut next = next_page(client, remembered);
    next.wait(1_000);
    next.effects.clear();
    let disk = next.disk.clone();
    search(&mut next, 1, "many");
    assert_eq!(next.disk, disk);
    assert!(!next.effects.iter().any(|effect| matches!(effect, Effect::Save { .. })));
}
