//! The archive: what was missed, what is older, and what became of uncertain messages.

use waxwing::domain::timeline::History;
use waxwing::engine::command::Command;
use waxwing::engine::effect::Remembered;
use waxwing::wire::xml::Element;

use crate::harness::{ANN, Client, FEATURES, ME, jid};
use crate::keeping::next_page;

const ARCHIVE: &str = "<feature var='urn:xmpp:mam:2'/>";

/// A client that is online with an archive, and its first question to it.
fn online() -> (Client, Element) {
    let mut client = Client::new();
    client.log_in();
    client.bind(FEATURES);
    let query = settle(&mut client);
    (client, query)
}

/// The same of a client that keeps things, on a stream that the next page can go on with.
fn kept() -> (Client, Box<Remembered>, Element) {
    let mut client = Client::new();
    client.log_in_with(true);
    client.bind(FEATURES);
    let remembered = client.remembered();
    assert_eq!(client.next().name(), "enable");
    client.frame("<enabled xmlns='urn:xmpp:sm:3' id='A' resume='true'/>");
    let id = client.next().attribute("id").unwrap().to_owned();
    client.stanza(&format!("<iq type='result' id='{id}'><query xmlns='jabber:iq:roster'/></iq>"));
    for name in ["iq", "presence"] {
        assert_eq!(client.next().name(), name);
    }
    client.answer_about_archive(ARCHIVE);
    let query = client.next();
    (client, remembered, query)
}

/// Answers what follows a fresh bind, up to the first question to the archive.
fn settle(client: &mut Client) -> Element {
    client.expect_setup();
    client.answer_about_archive(ARCHIVE);
    client.next()
}

fn message(id: &str, from: &str, to: &str, text: &str) -> String {
    format!(
        "<message xmlns='jabber:client' type='chat' id='{id}' from='{from}' to='{to}'><body>{text}</body></message>"
    )
}

fn from_ann(id: &str, text: &str) -> String {
    message(id, "ann@s.ex/p", ME, text)
}

/// A message arrives, and the archive has it under this id.
fn hear(client: &mut Client, id: &str, text: &str, archive_id: &str) {
    let named = format!("<stanza-id xmlns='urn:xmpp:sid:0' by='{ME}' id='{archive_id}'/></message>");
    client.frame(&from_ann(id, text).replace("</message>", &named));
}

/// The id that results carry, and the place of the page.
fn page_of(query: &Element) -> (String, String) {
    let page = query.child("urn:xmpp:mam:2", "query").expect("a question to the archive");
    let set = page.child("http://jabber.org/protocol/rsm", "set").unwrap();
    let place = set.children().find(|child| child.name() != "max");
    let place = place.map_or("first".into(), |place| format!("{} {}", place.name(), place.text()).trim().to_owned());
    (page.attribute("queryid").unwrap().to_owned(), place)
}

fn result(client: &mut Client, query: &Element, archive_id: &str, message: &str) {
    result_from(client, "from='me@s.ex'", &page_of(query).0, archive_id, message);
}

fn result_from(client: &mut Client, from: &str, queryid: &str, archive_id: &str, message: &str) {
    client.stanza(&format!(
        "<message {from}><result xmlns='urn:xmpp:mam:2' queryid='{queryid}' id='{archive_id}'>\
         <forwarded xmlns='urn:xmpp:forward:0'><delay xmlns='urn:xmpp:delay' stamp='2026-01-01T00:00:00Z'/>\
         {message}</forwarded></result></message>"
    ));
}

fn end(client: &mut Client, query: &Element, complete: bool, last: &str) {
    let id = query.attribute("id").unwrap();
    let complete = if complete { "complete='true'" } else { "" };
    let set = if last.is_empty() { String::new() } else { format!("<first>first</first><last>{last}</last>") };
    client.stanza(&format!(
        "<iq type='result' id='{id}'><fin xmlns='urn:xmpp:mam:2' {complete}>\
         <set xmlns='http://jabber.org/protocol/rsm'>{set}</set></fin></iq>"
    ));
}

/// The end of a page that is not the last one.
fn end_of(client: &mut Client, query: &Element, first: &str, last: &str) {
    let id = query.attribute("id").unwrap();
    client.stanza(&format!(
        "<iq type='result' id='{id}'><fin xmlns='urn:xmpp:mam:2'><set xmlns='http://jabber.org/protocol/rsm'>\
         <first>{first}</first><last>{last}</last></set></fin></iq>"
    ));
}

fn say(client: &mut Client, text: &str) {
    client.command(Command::SendText { id: None, peer: jid(ANN), text: text.into() });
}

fn texts(client: &Client) -> Vec<String> {
    client.rows(ANN).into_iter().map(|(text, _)| text).collect()
}

/// Back after an absence, with one message of before: the question for what came meanwhile is about to be answered.
fn back() -> (Client, Element) {
    let (mut client, query) = online();
    result(&mut client, &query, "a1", &from_ann("1", "one"));
    end(&mut client, &query, true, "a1");
    client.lose_the_stream("");
    let query = settle(&mut client);
    end(&mut client, &query, true, "");
    let query = client.next();
    (client, query)
}

#[test]
fn a_first_visit_shows_the_newest_page_and_counts_nothing_of_it_as_unread() {
    let (mut client, query) = online();
    assert_eq!(page_of(&query).1, "before");
    client.stanza("<message from='ann@s.ex/p' type='chat' id='3'><body>offline</body></message>");
    result(&mut client, &query, "a1", &from_ann("1", "one"));
    result(&mut client, &query, "a2", &message("2", "me@s.ex/x", ANN, "mine"));
    result(&mut client, &query, "a3", &from_ann("3", "offline"));
    assert_eq!(texts(&client), ["offline"], "a page is shown when it is whole");
    end(&mut client, &query, true, "a3");
    assert_eq!(client.rows(ANN), [("one".into(), None), ("mine".into(), Some("acked")), ("offline".into(), None)]);
    assert_eq!(client.unread(ANN), 1, "only what was delivered as new");
    client.nothing_sent();
    assert_eq!(client.mirror.history(&jid(ANN)), History::More);
}

#[test]
fn what_was_missed_comes_page_by_page_and_counts_as_unread() {
    let (mut client, query) = online();
    result(&mut client, &query, "a1", &from_ann("1", "one"));
    end(&mut client, &query, true, "a1");
    client.lose_the_stream("");
    let query = settle(&mut client);
    assert_eq!(page_of(&query).1, "after a1");
    client.stanza("<message from='ann@s.ex/p' type='chat' id='4'><body>live</body></message>");
    result(&mut client, &query, "a2", &from_ann("2", "two"));
    end(&mut client, &query, false, "a2");
    let query = client.next();
    assert_eq!(page_of(&query).1, "before", "what is newest comes before the rest");
    result(&mut client, &query, "a2", &from_ann("2", "two"));
    result(&mut client, &query, "a3", &from_ann("3", "three"));
    result(&mut client, &query, "a4", &from_ann("4", "live"));
    end(&mut client, &query, true, "a4");
    assert_eq!(texts(&client), ["one", "two", "three", "live"]);
    assert_eq!(client.unread(ANN), 3);
    client.nothing_sent();
}

#[test]
fn a_page_that_does_not_move_on_ends_the_paging() {
    let (mut client, query) = online();
    end(&mut client, &query, true, "a1");
    client.lose_the_stream("");
    let query = settle(&mut client);
    end(&mut client, &query, false, "a1");
    let query = client.next();
    assert_eq!(page_of(&query).1, "before", "whether the archive still knows where we were");
    result(&mut client, &query, "a1", &from_ann("1", "one"));
    end(&mut client, &query, false, "a1");
    client.nothing_sent();
}

#[test]
fn uncertain_messages_are_looked_for_and_what_is_absent_is_sent_again_first() {
    let (mut client, query) = online();
    end(&mut client, &query, true, "");
    say(&mut client, "arrived");
    let arrived = client.next().attribute("id").unwrap().to_owned();
    say(&mut client, "lost");
    let lost = client.next().attribute("id").unwrap().to_owned();
    client.lose_the_stream("later");
    let query = settle(&mut client);
    assert_eq!(page_of(&query).1, "first", "the archive was empty");
    client.nothing_sent();
    result(&mut client, &query, "a1", &message(&arrived, "me@s.ex/w1", ANN, "arrived"));
    end(&mut client, &query, true, "a1");
    let again = client.next();
    assert_eq!(again.attribute("id"), Some(lost.as_str()), "under its old id, so that a copy can be told");
    assert_eq!(again.child("jabber:client", "body").unwrap().text(), "lost");
    assert_eq!(client.next().child("jabber:client", "body").unwrap().text(), "later");
    client.nothing_sent();
    let row = |text: &str, state| (text.to_owned(), Some(state));
    assert_eq!(client.rows(ANN), [row("arrived", "acked"), row("lost", "sent"), row("later", "sent")]);
}

#[test]
fn what_follows_a_hole_stands_behind_what_was_found_in_it_from_above() {
    let (mut client, query) = back();
    assert_eq!(page_of(&query).1, "before", "whether the archive still knows where we were");
    // It does, but two messages arrive meanwhile, and it shows the last one only.
    hear(&mut client, "2", "two", "a2");
    result(&mut client, &query, "a3", &message("b", "bob@s.ex/p", ME, "elsewhere"));
    end(&mut client, &query, false, "a3");
    let query = client.next();
    result(&mut client, &query, "a1", &from_ann("1", "one"));
    result(&mut client, &query, "a2", &from_ann("2", "two"));
    end(&mut client, &query, false, "a2");
    hear(&mut client, "3", "three", "a4");
    client.command(Command::LoadMissing);
    let query = client.next();
    assert_eq!(page_of(&query).1, "after a3");
    result(&mut client, &query, "a4", &from_ann("3", "three"));
    end(&mut client, &query, true, "a4");
    assert_eq!(texts(&client), ["one", "two", "three"]);
}

#[test]
fn what_is_older_is_not_asked_for_across_a_hole() {
    let (mut client, query) = online();
    result(&mut client, &query, "a1", &message("b1", "bob@s.ex/p", ME, "elsewhere"));
    end(&mut client, &query, true, "a1");
    client.lose_the_stream("");
    let query = settle(&mut client);
    result(&mut client, &query, "a2", &message("b2", "bob@s.ex/p", ME, "elsewhere"));
    end(&mut client, &query, false, "a2");
    let query = client.next();
    result(&mut client, &query, "a9", &from_ann("9", "new"));
    end_of(&mut client, &query, "a9", "a9");
    let fill = client.next();
    assert_eq!(page_of(&fill).1, "after a2");
    client.command(Command::LoadOlder(jid(ANN)));
    client.nothing_sent();
    result(&mut client, &fill, "a3", &from_ann("3", "in the hole"));
    result(&mut client, &fill, "a9", &from_ann("9", "new"));
    end_of(&mut client, &fill, "a3", "a9");
    let query = client.next();
    assert_eq!(page_of(&query).1, "before a3", "as soon as it is filled");
    result(&mut client, &query, "a0", &from_ann("0", "old"));
    end(&mut client, &query, true, "a0");
    assert_eq!(texts(&client), ["old", "in the hole", "new"]);
}

#[test]
fn older_pages_know_where_they_are_after_one_that_makes_no_row_and_on_a_later_stream() {
    let (mut client, query) = online();
    result(&mut client, &query, "a9", &from_ann("9", "new"));
    end(&mut client, &query, true, "a9");
    hear(&mut client, "1", "kept offline for long", "a1");
    client.command(Command::LoadOlder(jid(ANN)));
    let query = client.next();
    assert_eq!(page_of(&query).1, "before a9");
    let seen = "<message xmlns='jabber:client' type='chat' id='m' from='ann@s.ex/p' to='me@s.ex'>\
                <displayed xmlns='urn:xmpp:chat-markers:0' id='x'/></message>";
    result(&mut client, &query, "a5", seen);
    end_of(&mut client, &query, "a5", "a5");
    client.lose_the_stream("");
    let query = settle(&mut client);
    end(&mut client, &query, true, "");
    let query = client.next();
    result(&mut client, &query, "a9", &from_ann("9", "new"));
    end(&mut client, &query, false, "a9");
    client.command(Command::LoadOlder(jid(ANN)));
    let query = client.next();
    assert_eq!(page_of(&query).1, "before a5");
    result(&mut client, &query, "a1", &from_ann("1", "kept offline for long"));
    end(&mut client, &query, true, "a1");
    assert_eq!(texts(&client), ["kept offline for long", "new"]);
}

#[test]
fn what_is_looked_through_from_the_end_does_not_go_on_where_an_empty_page_was() {
    let (mut client, query) = online();
    end(&mut client, &query, true, "");
    hear(&mut client, "1", "one", "a1");
    client.command(Command::LoadOlder(jid(ANN)));
    let query = client.next();
    assert_eq!(page_of(&query).1, "before a1");
    end(&mut client, &query, true, "");
    let named = "<delay xmlns='urn:xmpp:delay' from='s.ex' stamp='2026-01-01T00:00:00Z'/>\
                 <stanza-id xmlns='urn:xmpp:sid:0' by='me@s.ex' id='a2'/></message>";
    client.frame(&from_ann("2", "two, late").replace("</message>", named));
    client.command(Command::LoadOlder(jid(ANN)));
    let query = client.next();
    assert_eq!(page_of(&query).1, "before", "nobody knows what is between the two");
    result(&mut client, &query, "a2", &from_ann("2", "two, late"));
    end_of(&mut client, &query, "a2", "a2");
    assert_eq!(texts(&client), ["one", "two, late"]);
}

#[test]
fn an_archive_that_does_not_answer_proves_nothing_and_nothing_overtakes_what_is_uncertain() {
    let (mut client, query) = online();
    end(&mut client, &query, true, "");
    say(&mut client, "lost");
    let lost = client.next().attribute("id").unwrap().to_owned();
    client.lose_the_stream("later");
    let query = settle(&mut client);
    let id = query.attribute("id").unwrap();
    client.stanza(&format!(
        "<iq type='error' id='{id}'><error type='cancel'>\
         <internal-server-error xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"
    ));
    client.nothing_sent();
    client.command(Command::LoadMissing);
    let query = client.next();
    end(&mut client, &query, true, "");
    assert_eq!(client.next().attribute("id"), Some(lost.as_str()));
    assert_eq!(client.next().child("jabber:client", "body").unwrap().text(), "later");
}

#[test]
fn what_is_found_not_to_have_arrived_late_overtakes_nothing_that_was_written_before_it() {
    let (mut client, remembered, query) = kept();
    end(&mut client, &query, true, "a0");
    let body = |client: &mut Client| client.next().child("jabber:client", "body").unwrap().text();
    say(&mut client, "one");
    assert_eq!(body(&mut client), "one");
    client.wait(300);
    client.held_saves = Some([].into());
    say(&mut client, "two");
    client.save(None);
    assert_eq!(body(&mut client), "two");
    // The page dies before the disk hears as which stanza the second one went out.
    let mut next = next_page(client, remembered);
    next.authenticate(FEATURES);
    assert_eq!(next.next().name(), "resume");
    next.frame("<resumed xmlns='urn:xmpp:sm:3' previd='A' h='6'/>");
    let states = [("one".into(), Some("queued")), ("two".into(), Some("unknown"))];
    assert_eq!(next.rows(ANN), states, "the count tells of the first one, the archive of the second");
    let query = next.next();
    next.nothing_sent();
    end(&mut next, &query, true, "");
    assert_eq!([body(&mut next), body(&mut next)], ["one", "two"]);
    assert_eq!(texts(&next), ["one", "two"]);
}

#[test]
fn without_an_archive_the_user_decides_and_nothing_waits_for_it() {
    let mut client = Client::online();
    say(&mut client, "uncertain");
    client.lose_the_stream("later");
    client.expect_setup();
    client.answer_about_archive("");
    assert_eq!(client.next().child("jabber:client", "body").unwrap().text(), "later");
    assert_eq!(client.rows(ANN), [("uncertain".into(), Some("unknown")), ("later".into(), Some("sent"))]);
}

#[test]
fn older_pages_come_when_asked_for_until_there_are_no_more() {
    let (mut client, query) = online();
    result(&mut client, &query, "a3", &from_ann("3", "three"));
    end(&mut client, &query, true, "a3");
    client.command(Command::LoadOlder(jid(ANN)));
    client.command(Command::LoadOlder(jid(ANN)));
    let query = client.next();
    client.nothing_sent();
    assert_eq!(client.mirror.history(&jid(ANN)), History::Loading);
    assert_eq!(page_of(&query).1, "before a3");
    assert!(query.to_xml().contains("<field var='with'><value>ann@s.ex</value></field>"));
    result(&mut client, &query, "a1", &from_ann("1", "one"));
    result(&mut client, &query, "a2", &from_ann("2", "two"));
    end(&mut client, &query, true, "a2");
    assert_eq!(texts(&client), ["one", "two", "three"]);
    assert_eq!(client.mirror.history(&jid(ANN)), History::Complete);
    assert_eq!(client.unread(ANN), 0);
}

#[test]
fn a_page_that_fails_can_be_asked_for_again() {
    let (mut client, query) = online();
    result(&mut client, &query, "a3", &from_ann("3", "three"));
    end(&mut client, &query, true, "a3");
    client.command(Command::LoadOlder(jid(ANN)));
    client.next();
    client.wait(20_000);
    client.frame("<a xmlns='urn:xmpp:sm:3' h='0'/>");
    client.wait(10_000);
    assert_eq!(client.mirror.history(&jid(ANN)), History::Failed);
    client.command(Command::LoadOlder(jid(ANN)));
    assert_eq!(page_of(&client.next()).1, "before a3");
}

#[test]
fn results_from_anybody_else_or_of_no_question_are_dropped() {
    let (mut client, query) = online();
    let queryid = page_of(&query).0;
    for from in ["from='evil@x.ex'", "from='me@s.ex/other'", "from='ann@s.ex'", "from='s.ex'"] {
        result_from(&mut client, from, &queryid, "a1", &from_ann("1", "forged"));
    }
    result_from(&mut client, "", "archive-99", "a1", &from_ann("1", "forged"));
    result_from(&mut client, "", &queryid, "a2", &from_ann("2", "true"));
    end(&mut client, &query, true, "a2");
    assert_eq!(texts(&client), ["true"], "a missing sender is the own account, as Prosody has it");
}

#[test]
fn an_archive_id_told_by_others_says_nothing() {
    let (mut client, query) = online();
    let live = |from: &str, by: &str, id: &str| {
        format!(
            "<message from='{from}' type='chat'><body>live</body><stanza-id xmlns='urn:xmpp:sid:0' by='{by}' id='{id}'/></message>"
        )
    };
    client.stanza(&live("ann@s.ex/p", "ann@s.ex", "a1"));
    client.stanza(&live("bob@s.ex/p", "me@s.ex", "a2"));
    result(&mut client, &query, "a1", &from_ann("1", "another"));
    result(&mut client, &query, "a2", &message("", "bob@s.ex/p", ME, "live").replace(" id=''", ""));
    end(&mut client, &query, true, "a2");
    assert_eq!(texts(&client), ["another", "live"]);
    assert_eq!(client.rows("bob@s.ex").len(), 1, "the own server's id makes one of two");
}

#[test]
fn a_first_visit_looks_some_pages_back_for_other_conversations() {
    let (mut client, query) = online();
    result(&mut client, &query, "a9", &from_ann("9", "newest"));
    end(&mut client, &query, false, "a9");
    let mut pages = 0;
    while !client.sent.is_empty() {
        let query = client.next();
        assert_eq!(page_of(&query).1, if pages == 0 { "before first".into() } else { format!("before p{pages}") });
        pages += 1;
        let peer = format!("peer{pages}@s.ex");
        result(&mut client, &query, &format!("b{pages}"), &message(&format!("m{pages}"), &peer, ME, "old"));
        let id = query.attribute("id").unwrap();
        client.stanza(&format!(
            "<iq type='result' id='{id}'><fin xmlns='urn:xmpp:mam:2'><set xmlns='http://jabber.org/protocol/rsm'>\
             <first>p{pages}</first><last>x</last></set></fin></iq>"
        ));
    }
    assert_eq!(pages, 5);
    client.mirror.flush();
    let listed: Vec<_> = client.mirror.conversations().iter().map(|view| view.peer.to_string()).collect();
    assert_eq!(listed, [ANN, "peer1@s.ex", "peer2@s.ex", "peer3@s.ex", "peer4@s.ex", "peer5@s.ex"], "the newest first");
}

/// A client that has seen `a1`, has lost its stream, and finds more than a page behind it; the newest page has `a8`
/// and `a9`. The next question is given back: it is about what is between.
fn with_a_hole() -> (Client, Element) {
    let (mut client, query) = online();
    result(&mut client, &query, "a1", &from_ann("1", "one"));
    end(&mut client, &query, true, "a1");
    client.lose_the_stream("");
    let query = settle(&mut client);
    result(&mut client, &query, "a2", &from_ann("2", "two"));
    end(&mut client, &query, false, "a2");
    let query = client.next();
    assert_eq!(page_of(&query).1, "before");
    result(&mut client, &query, "a8", &from_ann("8", "eight"));
    result(&mut client, &query, "a9", &from_ann("9", "nine"));
    end_of(&mut client, &query, "a8", "a9");
    let query = client.next();
    (client, query)
}

#[test]
fn a_long_absence_shows_the_newest_first_and_fills_the_hole_from_below() {
    let (mut client, query) = with_a_hole();
    assert_eq!(page_of(&query).1, "after a2");
    assert_eq!(texts(&client), ["one", "two", "(Filling)", "eight", "nine"]);
    client.stanza("<message from='ann@s.ex/p' type='chat' id='10'><body>live</body></message>");
    result(&mut client, &query, "a3", &from_ann("3", "three"));
    end(&mut client, &query, false, "a3");
    assert_eq!(texts(&client), ["one", "two", "three", "(Filling)", "eight", "nine", "live"]);
    let query = client.next();
    assert_eq!(page_of(&query).1, "after a3");
    result(&mut client, &query, "a7", &from_ann("7", "seven"));
    result(&mut client, &query, "a8", &from_ann("8", "eight"));
    end(&mut client, &query, false, "a8");
    assert_eq!(texts(&client), ["one", "two", "three", "seven", "eight", "nine", "live"]);
    assert_eq!(client.unread(ANN), 6, "all that was missed, and once each");
    client.nothing_sent();
}

#[test]
fn a_hole_that_cannot_be_filled_says_so_and_can_be_tried_again() {
    let (mut client, mut query) = with_a_hole();
    for _ in 0..2 {
        let id = query.attribute("id").unwrap();
        client.stanza(&format!(
            "<iq type='error' id='{id}'><error type='cancel'><internal-server-error xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"
        ));
        assert_eq!(texts(&client), ["one", "two", "(Failed)", "eight", "nine"]);
        client.nothing_sent();
        client.command(Command::LoadMissing);
        query = client.next();
        assert_eq!(page_of(&query).1, "after a2");
        let overlap = client.next();
        assert_eq!(page_of(&overlap).1, "after a9");
        end(&mut client, &overlap, true, "");
        assert_eq!(texts(&client), ["one", "two", "(Filling)", "eight", "nine"]);
    }
}

#[test]
fn a_hole_is_filled_on_a_later_stream() {
    let (mut client, _) = with_a_hole();
    client.lose_the_stream("");
    let query = settle(&mut client);
    assert_eq!(page_of(&query).1, "after a9");
    end(&mut client, &query, true, "");
    let query = client.next();
    assert_eq!(page_of(&query).1, "before", "whether the archive still knows where we were");
    result(&mut client, &query, "a9", &from_ann("9", "nine"));
    end(&mut client, &query, false, "a9");
    let query = client.next();
    assert_eq!(page_of(&query).1, "after a2");
    result(&mut client, &query, "a8", &from_ann("8", "eight"));
    end(&mut client, &query, true, "a8");
    assert_eq!(texts(&client), ["one", "two", "eight", "nine"]);
}

#[test]
fn an_archive_that_forgot_where_we_were_is_read_from_above() {
    let (mut client, query) = back();
    result(&mut client, &query, "b9", &from_ann("9", "nine"));
    end(&mut client, &query, false, "b9");
    let query = client.next();
    assert_eq!(page_of(&query).1, "before first");
    result(&mut client, &query, "b7", &from_ann("7", "seven"));
    result(&mut client, &query, "b8", &from_ann("8", "eight"));
    let id = query.attribute("id").unwrap();
    client.stanza(&format!(
        "<iq type='result' id='{id}'><fin xmlns='urn:xmpp:mam:2'><set xmlns='http://jabber.org/protocol/rsm'>\
         <first>b7</first><last>b8</last></set></fin></iq>"
    ));
    assert_eq!(texts(&client), ["one", "(Filling)", "seven", "eight", "nine"]);
    let query = client.next();
    assert_eq!(page_of(&query).1, "before b7");
    result(&mut client, &query, "b6", &from_ann("6", "six"));
    end(&mut client, &query, true, "b6");
    assert_eq!(texts(&client), ["one", "six", "seven", "eight", "nine"]);
}

#[test]
fn what_arrived_out_of_order_goes_to_its_place() {
    let (mut client, query) = online();
    end(&mut client, &query, true, "");
    client.lose_the_stream("");
    let query = settle(&mut client);
    for id in ["1", "3"] {
        client.stanza(&format!("<message from='ann@s.ex/p' type='chat' id='{id}'><body>offline {id}</body></message>"));
    }
    result(&mut client, &query, "a1", &from_ann("1", "offline 1"));
    result(&mut client, &query, "a2", &message("2", "me@s.ex/x", ANN, "from the phone"));
    result(&mut client, &query, "a3", &from_ann("3", "offline 3"));
    end(&mut client, &query, true, "a3");
    assert_eq!(texts(&client), ["offline 1", "from the phone", "offline 3"]);
}

#[test]
fn what_a_page_proves_to_be_seen_is_what_the_archive_has_before_it() {
    let (mut client, query) = online();
    end(&mut client, &query, true, "a0");
    for text in ["one", "two"] {
        say(&mut client, text);
    }
    let ids: Vec<String> = (0..2).map(|_| client.next().attribute("id").unwrap().to_owned()).collect();
    client.frame("<a xmlns='urn:xmpp:sm:3' h='7'/>");
    // It was there before, and comes late.
    hear(&mut client, "x", "hi", "a1");
    client.lose_the_stream("");
    let query = settle(&mut client);
    let seen = format!(
        "<message xmlns='jabber:client' type='chat' id='m' from='ann@s.ex/p' to='{ME}'>\
         <displayed xmlns='urn:xmpp:chat-markers:0' id='{}'/></message>",
        ids[0]
    );
    result(&mut client, &query, "a1", &from_ann("x", "hi"));
    result(&mut client, &query, "a2", &message(&ids[0], "me@s.ex/w1", ANN, "one"));
    result(&mut client, &query, "a3", &seen);
    result(&mut client, &query, "a4", &message(&ids[1], "me@s.ex/w1", ANN, "two"));
    end(&mut client, &query, true, "a4");
    let rows = client.rows(ANN);
    assert_eq!(rows, [("hi".into(), None), ("one".into(), Some("displayed")), ("two".into(), Some("acked"))]);
}

#[test]
fn what_stands_before_a_message_that_was_seen_is_not_seen_for_coming_from_disk() {
    let (mut client, remembered, query) = kept();
    end(&mut client, &query, true, "a0");
    say(&mut client, "one");
    let one = client.next().attribute("id").unwrap().to_owned();
    client.confirm();
    client.lose_the_stream("two");
    client.expect_setup();
    client.answer_about_archive(ARCHIVE);
    assert_eq!(client.next().child("jabber:client", "body").unwrap().text(), "two", "nothing is uncertain");
    let query = client.next();
    client.stanza("<message from='ann@s.ex/p' type='chat' id='1'><body>before</body></message>");
    result(&mut client, &query, "a1", &from_ann("1", "before"));
    result(&mut client, &query, "a2", &message("2", "me@s.ex/x", ANN, "from the phone"));
    result(&mut client, &query, "a3", &message(&one, "me@s.ex/w1", ANN, "one"));
    end(&mut client, &query, true, "a3");
    client.confirm();
    client.stanza(&format!(
        "<message from='ann@s.ex/p' type='chat' id='m'><displayed xmlns='urn:xmpp:chat-markers:0' id='{one}'/></message>"
    ));
    let seen = [
        ("two".into(), Some("acked")),
        ("before".into(), None),
        ("from the phone".into(), Some("displayed")),
        ("one".into(), Some("displayed")),
    ];
    assert_eq!(client.rows(ANN), seen, "no page has told yet where the second one is");
    client.wait(300);
    let next = next_page(client, remembered);
    assert_eq!(next.rows(ANN), seen);
}
