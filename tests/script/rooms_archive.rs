//! Group chats over time: their archives, lost streams, pages that are loaded again, and what another device does.

use waxwing::domain::conversation::Notify;
use waxwing::domain::room::{Phase, Why};
use waxwing::domain::timeline::{Direction, History};
use waxwing::engine::Input;
use waxwing::engine::command::Command;
use waxwing::engine::rooms::RoomOrder;
use waxwing::wire::xml::Element;

use crate::harness::{Client, FEATURES, jid};
use crate::rooms_harness::*;

const ARCHIVE: &str = "<feature var='http://jabber.org/protocol/muc'/><feature var='urn:xmpp:mam:2'/>\
    <feature var='urn:xmpp:occupant-id:0'/>";

/// In, with the first question to the archive of the group chat.
fn inside_with_archive() -> (Client, Element) {
    let mut client = online();
    go_in(&mut client, ARCHIVE);
    kept(&mut client);
    let query = client.next();
    assert_eq!((query.attribute("to"), query.attribute("type")), (Some(ROOM), Some("set")));
    (client, query)
}

fn place_of(query: &Element) -> String {
    let page = query.child("urn:xmpp:mam:2", "query").expect("a question to the archive");
    assert!(page.child("jabber:x:data", "x").is_none(), "everything in it is of one conversation");
    let set = page.child("http://jabber.org/protocol/rsm", "set").unwrap();
    let place = set.children().find(|child| child.name() != "max");
    place.map_or("first".into(), |place| format!("{} {}", place.name(), place.text()).trim().to_owned())
}

fn result(client: &mut Client, query: &Element, archive_id: &str, nick: &str, id: &str, text: &str) {
    result_from(client, ROOM, query, archive_id, &archived(nick, id, text, &format!("id-{nick}")));
}

fn archived(nick: &str, id: &str, text: &str, who: &str) -> String {
    says(nick, id, text, &format!("<occupant-id xmlns='urn:xmpp:occupant-id:0' id='{who}'/>"))
        .replace(" to='me@s.ex/w1'", "")
        .replace("<message ", "<message xmlns='jabber:client' ")
}

fn result_from(client: &mut Client, from: &str, query: &Element, archive_id: &str, message: &str) {
    let queryid = query.child("urn:xmpp:mam:2", "query").unwrap().attribute("queryid").unwrap();
    client.stanza(&format!(
        "<message from='{from}'><result xmlns='urn:xmpp:mam:2' queryid='{queryid}' id='{archive_id}'>\
         <forwarded xmlns='urn:xmpp:forward:0'><delay xmlns='urn:xmpp:delay' stamp='2026-01-01T00:00:00Z'/>\
         {message}</forwarded></result></message>"
    ));
}

fn end(client: &mut Client, query: &Element, complete: bool, last: &str) {
    let complete = if complete { "complete='true'" } else { "" };
    let set = if last.is_empty() { String::new() } else { format!("<last>{last}</last>") };
    answer(
        client,
        query,
        &format!(
            "<fin xmlns='urn:xmpp:mam:2' {complete}><set xmlns='http://jabber.org/protocol/rsm'>{set}</set></fin>"
        ),
    );
}

/// A fresh stream, up to the way into the group chat, which is known already.
fn again(client: &mut Client, meanwhile: &str) {
    client.break_off();
    if !meanwhile.is_empty() {
        say(client, meanwhile);
    }
    client.authenticate(FEATURES);
    assert_eq!(client.next().name(), "resume");
    client.frame("<failed xmlns='urn:xmpp:sm:3'/>");
    let id = client.next().attribute("id").unwrap().to_owned();
    client.stanza(&format!(
        "<iq type='result' id='{id}'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>me@s.ex/w1</jid></bind></iq>"
    ));
    for name in ["enable", "iq", "iq", "presence"] {
        assert_eq!(client.next().name(), name);
    }
    client.frame("<enabled xmlns='urn:xmpp:sm:3' id='A' resume='true'/>");
    client.answer_about_archive_later();
}

/// Answers what is asked on the way in, and goes in.
fn enter_again(client: &mut Client, features: &str) {
    if client.sent.is_empty() {
        // Much was said in the second before.
        client.wait(1_000);
    }
    let info = client.next();
    assert_eq!(info.attribute("to"), Some(ROOM));
    let presence = client.next();
    assert_eq!(presence.attribute("to"), Some("den@rooms.ex/me"), "at once: what it is was known");
    let x = presence.child("http://jabber.org/protocol/muc", "x").unwrap().to_xml();
    assert_eq!(x.contains("maxstanzas='0'"), features.contains("mam"), "{x}");
    answer(client, &info, &info_of(features));
    let own = there("me", "none", "participant", "<status code='110'/>");
    let id = "<occupant-id xmlns='urn:xmpp:occupant-id:0' id='id-me'/></presence>";
    client.stanza(&own.replace("</presence>", id));
    client.wait(60);
}

#[test]
fn the_newest_page_comes_first_and_counts_nothing() {
    let (mut client, query) = inside_with_archive();
    assert_eq!(place_of(&query), "before");
    result(&mut client, &query, "a1", "bob", "1", "one");
    result(&mut client, &query, "a2", "me", "2", "mine");
    result(&mut client, &query, "a3", "bob", "3", "live");
    end(&mut client, &query, false, "a3");
    assert_eq!(client.rows(ROOM), [("one".into(), None), ("mine".into(), Some("acked")), ("live".into(), None)]);
    assert_eq!(client.unread(ROOM), 0, "a first visit");
    assert_eq!(client.mirror.history(&room()), History::More);
    client.nothing_sent();
    client.command(Command::LoadOlder(room()));
    let older = client.next();
    assert_eq!((older.attribute("to"), place_of(&older).as_str()), (Some(ROOM), "before a1"));
    result(&mut client, &older, "a0", "bob", "0", "zero");
    end(&mut client, &older, true, "a0");
    assert_eq!(texts(&client), ["zero", "one", "mine", "live"]);
    assert_eq!(client.mirror.history(&room()), History::Complete);
}

#[test]
fn results_from_anybody_else_are_dropped() {
    let (mut client, query) = inside_with_archive();
    for from in ["den@rooms.ex/eve", "eve@x.ex", "me@s.ex", "rooms.ex"] {
        result_from(&mut client, from, &query, "a9", &archived("bob", "9", "forged", "id-bob"));
    }
    // Something else in it: of another group chat, of a person, no message of a group chat at all.
    let other = archived("bob", "1", "elsewhere", "id-bob").replace(ROOM, "other@rooms.ex");
    result_from(&mut client, ROOM, &query, "a1", &other);
    let person =
        "<message xmlns='jabber:client' type='chat' from='ann@s.ex/p' to='me@s.ex' id='2'><body>psst</body></message>";
    result_from(&mut client, ROOM, &query, "a2", person);
    result_from(
        &mut client,
        ROOM,
        &query,
        "a3",
        &archived("bob", "3", "private", "id-bob").replace("groupchat", "chat"),
    );
    result(&mut client, &query, "a4", "bob", "4", "real");
    end(&mut client, &query, true, "a4");
    assert_eq!(texts(&client), ["real"]);
    client.mirror.flush();
    assert_eq!(client.mirror.conversations().len(), 1);
}

#[test]
fn an_archived_message_under_our_nickname_is_ours_only_if_that_is_proven() {
    let (mut client, query) = inside_with_archive();
    result_from(&mut client, ROOM, &query, "a1", &archived("me", "1", "I owe eve money", "id-eve"));
    result_from(&mut client, ROOM, &query, "a2", &archived("chief", "2", "mine", "id-me"));
    end(&mut client, &query, true, "a2");
    let rows = rows(&client);
    assert_eq!((rows[0].direction, rows[1].direction), (Direction::In, Direction::Out));
}

#[test]
fn where_people_have_no_names_the_address_that_the_archive_tells_proves_what_is_ours() {
    let mut client = online();
    let no_names = "<feature var='http://jabber.org/protocol/muc'/><feature var='urn:xmpp:mam:2'/>";
    go_in(&mut client, no_names);
    kept(&mut client);
    let query = client.next();
    let by = |address: &str| {
        format!(
            "<x xmlns='http://jabber.org/protocol/muc#user'><item affiliation='none' role='none' jid='{address}'/></x>"
        )
    };
    let told = |id: &str, by: &str| {
        says("me", id, id, by).replace(" to='me@s.ex/w1'", "").replace("<message ", "<message xmlns='jabber:client' ")
    };
    result_from(&mut client, ROOM, &query, "a1", &told("from my phone", &by("me@s.ex/phone")));
    result_from(&mut client, ROOM, &query, "a2", &told("of another", &by("eve@s.ex/x")));
    result_from(&mut client, ROOM, &query, "a3", &told("nobody tells", ""));
    result_from(&mut client, ROOM, &query, "a4", &told("two", &format!("{}{}", by("eve@s.ex/x"), by("me@s.ex/x"))));
    end(&mut client, &query, true, "a4");
    let shown: Vec<Direction> = rows(&client).iter().map(|row| row.direction).collect();
    assert_eq!(shown, [Direction::Out, Direction::In, Direction::In, Direction::In]);
    // Live it is a word of the sender.
    client.stanza(&says("eve", "live", "I owe eve money", &by("me@s.ex/x")));
    assert_eq!(rows(&client).last().unwrap().direction, Direction::In);
    // Where the group chat gives names these alone prove it.
    let (mut client, query) = inside_with_archive();
    let forged = archived("me", "1", "I owe eve money", "id-eve")
        .replace("</message>", &format!("{}</message>", by("me@s.ex/x")));
    result_from(&mut client, ROOM, &query, "a1", &forged);
    end(&mut client, &query, true, "a1");
    assert_eq!(rows(&client)[0].direction, Direction::In);
}

#[test]
fn after_a_fresh_stream_what_was_missed_is_fetched_and_what_did_not_arrive_is_sent_first() {
    let (mut client, query) = inside_with_archive();
    result(&mut client, &query, "a1", "bob", "1", "one");
    end(&mut client, &query, true, "a1");
    for text in ["arrived", "lost"] {
        say(&mut client, text);
    }
    let arrived = client.next().attribute("id").unwrap().to_owned();
    let lost = client.next().attribute("id").unwrap().to_owned();
    client.confirm();
    again(&mut client, "later");
    assert_eq!(client.mirror.room(&room()).unwrap().phase, Phase::Joining);
    assert_eq!(texts(&client), ["one", "arrived", "lost", "later"], "what was here is shown at once");
    enter_again(&mut client, ARCHIVE);
    let query = client.next();
    assert_eq!(place_of(&query), "after a1");
    client.nothing_sent();
    result(&mut client, &query, "a2", "me", &arrived, "arrived");
    result(&mut client, &query, "a3", "bob", "3", "missed");
    end(&mut client, &query, true, "a3");
    let again = client.next();
    assert_eq!(again.attribute("id"), Some(lost.as_str()), "under its old id");
    assert_eq!(client.next().child("jabber:client", "body").unwrap().text(), "later");
    assert_eq!(texts(&client), ["one", "arrived", "missed", "lost", "later"]);
    assert_eq!(client.unread(ROOM), 1);
    client.stanza(&says("me", &lost, "lost", &named("id-me", "a4")));
    assert_eq!(client.rows(ROOM)[3], ("lost".into(), Some("acked")));
}

#[test]
fn a_long_absence_leaves_a_hole_in_that_conversation_alone_which_is_filled() {
    let (mut client, query) = inside_with_archive();
    result(&mut client, &query, "a1", "bob", "1", "one");
    end(&mut client, &query, true, "a1");
    client.stanza("<message from='ann@s.ex/p' type='chat' id='x'><body>hi</body></message>");
    again(&mut client, "");
    enter_again(&mut client, ARCHIVE);
    let query = client.next();
    result(&mut client, &query, "a2", "bob", "2", "two");
    end(&mut client, &query, false, "a2");
    let newest = client.next();
    assert_eq!(place_of(&newest), "before");
    result(&mut client, &newest, "a9", "bob", "9", "nine");
    end(&mut client, &newest, true, "a9");
    assert_eq!(texts(&client), ["one", "two", "(Filling)", "nine"]);
    assert_eq!(client.rows("ann@s.ex").len(), 1, "nothing is missing there");
    let hole = client.next();
    assert_eq!((hole.attribute("to"), place_of(&hole).as_str()), (Some(ROOM), "after a2"));
    result(&mut client, &hole, "a3", "bob", "3", "three");
    result(&mut client, &hole, "a9", "bob", "9", "nine");
    end(&mut client, &hole, false, "a9");
    assert_eq!(texts(&client), ["one", "two", "three", "nine"]);
    client.nothing_sent();
}

#[test]
fn a_hole_that_cannot_be_filled_can_be_tried_again() {
    let (mut client, query) = inside_with_archive();
    end(&mut client, &query, true, "a1");
    again(&mut client, "");
    enter_again(&mut client, ARCHIVE);
    let query = client.next();
    result(&mut client, &query, "a2", "bob", "2", "two");
    end(&mut client, &query, false, "a2");
    let newest = client.next();
    result(&mut client, &newest, "a9", "bob", "9", "nine");
    end(&mut client, &newest, true, "a9");
    let hole = client.next();
    let id = hole.attribute("id").unwrap();
    client.stanza(&format!("<iq type='error' from='{ROOM}' id='{id}'><error type='cancel'><internal-server-error xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"));
    assert_eq!(texts(&client), ["two", "(Failed)", "nine"]);
    client.command(Command::LoadMissing);
    let asked: Vec<Element> = std::iter::from_fn(|| (!client.sent.is_empty()).then(|| client.next())).collect();
    assert!(asked.iter().any(|one| one.attribute("to") == Some(ROOM)), "{asked:?}");
}

#[test]
fn without_an_archive_the_old_messages_come_along_and_none_is_there_twice() {
    let mut client = inside(OPEN);
    client.stanza(&there("bob", "none", "participant", ""));
    client.stanza(&format!("<message from='{ROOM}' type='groupchat'><subject/></message>"));
    client.stanza(&says("bob", "b1", "one", ""));
    say(&mut client, "mine");
    let id = client.next().attribute("id").unwrap().to_owned();
    client.confirm();
    again(&mut client, "");
    enter_again(&mut client, OPEN);
    let late = format!("<delay xmlns='urn:xmpp:delay' from='{ROOM}' stamp='2026-01-01T00:00:00Z'/>");
    for (nick, id, text) in [("bob", "b1", "one"), ("me", id.as_str(), "mine"), ("bob", "b2", "two")] {
        client.stanza(&says(nick, id, text, &late));
    }
    assert_eq!(client.rows(ROOM), [("one".into(), None), ("mine".into(), Some("acked")), ("two".into(), None)]);
    client.stanza(&format!("<message from='{ROOM}' type='groupchat'><subject/></message>"));
    // From now on a stamp says nothing about the place, and nobody hides behind it.
    client.stanza(&says("bob", "b3", "three", &late));
    assert_eq!(texts(&client).last().unwrap(), "three");
    assert_eq!(client.unread(ROOM), 2, "what was here had been counted");
}

#[test]
fn a_resumed_stream_enters_nothing() {
    let mut client = inside(OPEN);
    client.stanza(&there("bob", "none", "participant", ""));
    client.wait(60);
    client.break_off();
    client.authenticate(FEATURES);
    assert_eq!(client.next().name(), "resume");
    client.frame("<resumed xmlns='urn:xmpp:sm:3' previd='A' h='9'/>");
    client.nothing_sent();
    assert_eq!(people(&client), ["bob", "me"]);
    say(&mut client, "hi");
    assert_eq!(client.next().attribute("type"), Some("groupchat"));
}

#[test]
fn a_page_that_is_loaded_again_goes_on_and_only_asks_who_is_there() {
    let mut client = Client::new();
    client.log_in_with(true);
    client.bind(FEATURES);
    client.settle_fresh_kept();
    go_in(&mut client, OPEN);
    kept(&mut client);
    client.stanza(&format!("<message from='{ROOM}/bob' type='groupchat'><subject>Bears</subject></message>"));
    client.stanza(&says("bob", "1", "hello", ""));
    client.command(Command::Room(RoomOrder::SetNotify { room: room(), notify: Notify::All }));
    client.wait(300);
    let remembered = client.remembered_again();
    let mut next = Client::new();
    next.disk = client.disk.take();
    next.input(Input::Restore(remembered));
    let shown = next.mirror.room(&room()).unwrap();
    assert_eq!((&shown.phase, shown.subject.clone().unwrap().text.as_str()), (&Phase::Joined, "Bears"));
    assert_eq!(next.mirror.conversation(&room()).unwrap().room, Some(Notify::All));
    assert_eq!(next.mirror.bookmarks().len(), 1);
    next.authenticate(FEATURES);
    assert_eq!(next.next().name(), "resume");
    next.frame("<resumed xmlns='urn:xmpp:sm:3' previd='A' h='99999'/>".replace("99999", "10").as_str());
    let sent: Vec<Element> = std::iter::from_fn(|| (!next.sent.is_empty()).then(|| next.next())).collect();
    let to_room: Vec<&str> =
        sent.iter().filter_map(|one| one.attribute("to")).filter(|to| to.starts_with(ROOM)).collect();
    assert_eq!(to_room, [ROOM, "den@rooms.ex/me"]);
    assert_eq!(next.mirror.room(&room()).unwrap().phase, Phase::Joined, "all the while");
    next.stanza(&there("bob", "none", "participant", ""));
    next.stanza(&there("me", "none", "participant", "<status code='110'/>"));
    next.wait(60);
    assert_eq!(people(&next), ["bob", "me"]);
    next.stanza(&says("bob", "1", "hello", ""));
    next.stanza(&says("bob", "2", "again", ""));
    assert_eq!(texts(&next), ["hello", "again"]);
}

#[test]
fn a_silent_group_chat_is_asked_whether_we_are_still_there() {
    let ping = |client: &mut Client| {
        client.wait(900_001);
        client.confirm();
        client.sent.retain(|frame| frame.contains("urn:xmpp:ping") && frame.contains(ROOM));
        client.next()
    };
    let error = |client: &mut Client, ping: &Element, condition: &str| {
        let id = ping.attribute("id").unwrap();
        client.stanza(&format!("<iq type='error' from='den@rooms.ex/me' id='{id}'><error type='cancel'><{condition} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"));
    };
    let mut client = inside(OPEN);
    let asked = ping(&mut client);
    assert_eq!(asked.attribute("to"), Some("den@rooms.ex/me"));
    // An answer from elsewhere is none.
    let id = asked.attribute("id").unwrap();
    client.stanza(&format!("<iq type='error' from='den@rooms.ex/eve' id='{id}'><error type='cancel'><not-acceptable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"));
    assert_eq!(client.mirror.room(&room()).unwrap().phase, Phase::Joined);
    answer(&mut client, &asked, "");
    for condition in ["service-unavailable", "feature-not-implemented", "item-not-found"] {
        let asked = ping(&mut client);
        error(&mut client, &asked, condition);
        assert_eq!(client.mirror.room(&room()).unwrap().phase, Phase::Joined, "{condition} {:?}", client.sent);
    }
    let asked = ping(&mut client);
    error(&mut client, &asked, "remote-server-timeout");
    assert_eq!(client.mirror.room(&room()).unwrap().phase, Phase::Joined, "that proves nothing");
    client.nothing_sent();
    for condition in ["not-acceptable", "not-allowed", "bad-request"] {
        let asked = ping(&mut client);
        error(&mut client, &asked, condition);
        assert_eq!(client.mirror.room(&room()).unwrap().phase, Phase::Joining, "{condition}");
        enter_again(&mut client, OPEN);
        assert_eq!(client.mirror.room(&room()).unwrap().phase, Phase::Joined);
    }
    // After waking up it is asked at once, unless something was just heard.
    client.wait(10_000);
    client.sent.clear();
    client.input(Input::Woke);
    assert!(!client.sent.iter().any(|frame| frame.contains(ROOM)));
    client.confirm();
    client.wait(300_000);
    client.confirm();
    client.sent.clear();
    client.input(Input::Woke);
    assert!(client.sent.iter().any(|frame| frame.contains("den@rooms.ex/me")), "{:?}", client.sent);
}

#[test]
fn the_list_of_the_devices_is_followed_and_believed_from_the_own_account_alone() {
    let mut client = Client::new();
    client.log_in();
    client.bind(FEATURES);
    client.expect_setup();
    let features = "<feature var='http://jabber.org/protocol/pubsub#publish-options'/><feature var='urn:xmpp:bookmarks:1#compat'/>";
    client.answer_about_archive(features);
    let asked: Vec<Element> = std::iter::from_fn(|| (!client.sent.is_empty()).then(|| client.next())).collect();
    let list = asked.iter().find(|one| one.to_xml().contains("urn:xmpp:bookmarks:1")).unwrap();
    let item = "<item id='den@rooms.ex'><conference xmlns='urn:xmpp:bookmarks:1' name='Den' autojoin='1'><nick>Chief</nick>\
        <extensions><state xmlns='http://other.example' minimized='true'/></extensions></conference></item>";
    let id = list.attribute("id").unwrap();
    client.stanza(&format!("<iq type='result' id='{id}'><pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='urn:xmpp:bookmarks:1'>{item}</items></pubsub></iq>"));
    let info = client.next();
    assert_eq!(info.attribute("to"), Some(ROOM));
    answer(&mut client, &info, &info_of(OPEN));
    assert_eq!(client.next().attribute("to"), Some("den@rooms.ex/Chief"));
    client.stanza(&there("Chief", "none", "participant", "<status code='110'/>"));
    client.nothing_sent();
    assert_eq!(client.mirror.room(&room()).unwrap().name.as_deref(), Some("Den"), "as the user calls it");
    let event = |from: &str, what: &str| {
        format!(
            "<message from='{from}' type='headline'><event xmlns='http://jabber.org/protocol/pubsub#event'><items node='urn:xmpp:bookmarks:1'>{what}</items></event></message>"
        )
    };
    let other = item.replace("den@", "trap@");
    for from in ["eve@x.ex", "ann@s.ex", "me@s.ex/other", "s.ex", ROOM] {
        client.stanza(&event(from, &other));
        client.stanza(&event(from, "<retract id='den@rooms.ex'/>"));
    }
    client.nothing_sent();
    assert_eq!(client.mirror.bookmarks().len(), 1);
    // Going out changes what is kept, and leaves what others put there.
    client.command(Command::Room(RoomOrder::Leave(room())));
    assert_eq!(client.next().attribute("type"), Some("unavailable"));
    let publish = client.next();
    let xml = publish.to_xml();
    for part in
        ["publish-options", "autojoin='false'", "minimized", "whitelist", "<nick>Chief</nick>", "pubsub#max_items"]
    {
        assert!(xml.contains(part), "{part}: {xml}");
    }
    // ejabberd 23.01 knows two of the options.
    let id = publish.attribute("id").unwrap();
    client.stanza(&format!("<iq type='error' id='{id}'><error type='wait'><resource-constraint xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"));
    let again = client.next();
    assert!(!again.to_xml().contains("pubsub#max_items"));
    answer(&mut client, &again, "");
    assert!(client.next().to_xml().contains("pubsub#owner"));
    // Another device goes in, and out; and takes it off.
    client.now += 1_000;
    client.stanza(&event("me@s.ex", item));
    assert_eq!(client.next().attribute("to"), Some(ROOM));
    assert_eq!(client.next().attribute("to"), Some("den@rooms.ex/Chief"));
    client.stanza(&event("me@s.ex", "<retract id='den@rooms.ex'/>"));
    assert_eq!(client.next().attribute("type"), Some("unavailable"));
    assert!(client.mirror.bookmarks().is_empty());
}

#[test]
fn in_the_older_form_the_list_is_written_whole_with_what_others_put_there() {
    let mut client = Client::new();
    client.bookmarks = Some("<url name='x' url='http://x.example'/><conference jid='cave@rooms.ex' name='Cave'><other xmlns='u'/></conference>".into());
    client.log_in();
    client.bind(FEATURES);
    client.settle_up_to_archive();
    client.sent.clear();
    go_in(&mut client, OPEN);
    let kept = client.next().to_xml();
    for part in
        ["http://x.example", "name='Cave' autojoin='false'><other xmlns='u'/>", "jid='den@rooms.ex'", "<nick>me</nick>"]
    {
        assert!(kept.contains(part), "{part}: {kept}");
    }
    assert_eq!(
        client.mirror.bookmarks().iter().map(|one| one.room.clone()).collect::<Vec<_>>(),
        [jid("cave@rooms.ex"), room()]
    );
}

#[test]
fn what_is_not_answered_is_tried_again_later_and_later() {
    let mut client = online();
    client.command(join(Some("me")));
    client.wait(60_001);
    client.confirm();
    assert!(matches!(client.mirror.room(&room()).unwrap().phase, Phase::Refused(Why::Unreachable)));
    client.wait(30_001);
    assert_eq!(client.mirror.room(&room()).unwrap().phase, Phase::Joining);
}

#[test]
fn what_is_late_without_reason_proves_nothing_and_is_of_now() {
    let mut client = inside(OPEN);
    client.stanza(&format!("<message from='{ROOM}' type='groupchat'><subject/></message>"));
    client.stanza(&there("bob", "none", "participant", ""));
    let late = format!("<delay xmlns='urn:xmpp:delay' from='{ROOM}' stamp='2001-01-01T00:00:00Z'/>");
    client.stanza(&says("bob", "1", "long ago", &late));
    client.stanza(&says("me", "2", "not mine", &late));
    let rows = rows(&client);
    assert!(rows[0].stamp.0 > 1_790_000_000_000, "{:?}", rows[0].stamp);
    assert_eq!((rows[0].author.clone().unwrap().number, rows[1].direction), (None, Direction::In));
    assert_eq!(client.unread(ROOM), 2);
}

#[test]
fn what_somebody_looks_at_comes_first() {
    let mut client = inside(OPEN);
    for n in 0..8 {
        let order = RoomOrder::Join { room: jid(&format!("r{n}@rooms.ex")), nick: Some("me".into()), password: None };
        client.command(Command::Room(order));
    }
    client.command(Command::Show(vec![jid("r6@rooms.ex")]));
    again(&mut client, "");
    let to_rooms: Vec<Element> = std::iter::from_fn(|| (!client.sent.is_empty()).then(|| client.next())).collect();
    let to_rooms: Vec<&str> =
        to_rooms.iter().filter_map(|one| one.attribute("to")).filter(|to| to.contains("@rooms.ex")).collect();
    assert_eq!(to_rooms.first(), Some(&"r6@rooms.ex"));
    assert!(to_rooms.iter().filter(|to| !to.contains('/')).count() <= 4, "{to_rooms:?}");
}

#[test]
fn what_the_account_s_archive_and_other_devices_tell_of_group_chats_is_no_conversation_with_somebody() {
    let mut client = Client::new();
    client.log_in();
    client.bind(FEATURES);
    client.expect_setup();
    client.answer_about_archive("<feature var='urn:xmpp:mam:2'/>");
    let query = client.next();
    let to_me = |message: String| message.replace("<message ", "<message xmlns='jabber:client' ");
    let invite = format!(
        "<message from='ann@s.ex/p' to='me@s.ex' id='1'><x xmlns='jabber:x:conference' jid='{ROOM}'/><body>come!</body></message>"
    );
    result_from(&mut client, "me@s.ex", &query, "a1", &to_me(invite.clone()));
    result_from(&mut client, "me@s.ex", &query, "a2", &to_me(says("bob", "2", "said in a group chat", "")));
    end(&mut client, &query, true, "a2");
    client.mirror.flush();
    assert!(client.mirror.conversations().is_empty() && client.mirror.room_invitations().is_empty());
    let copy = to_me(invite);
    client.stanza(&format!("<message from='me@s.ex'><received xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'>{copy}</forwarded></received></message>"));
    assert_eq!(client.mirror.room_invitations().len(), 1, "one that only another device got");
    // A group chat without an archive has no history to wait for, whatever the account has.
    go_in(&mut client, OPEN);
    assert_eq!(client.mirror.history(&room()), History::None);
    client.sent.clear();
    client.command(Command::LoadOlder(room()));
    client.nothing_sent();
    // Nothing of it is left for whoever signs in next.
    client.command(Command::LogOut);
    assert!(client.mirror.room(&room()).is_none() && client.mirror.bookmarks().is_empty());
}

#[test]
fn a_group_chat_that_lost_us_is_entered_again_and_told_once_more() {
    let mut client = inside(OPEN);
    say(&mut client, "hi");
    let id = client.next().attribute("id").unwrap().to_owned();
    let lost = format!(
        "<message from='{ROOM}' id='{id}' type='error'><error type='cancel'><not-acceptable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>"
    );
    client.stanza(&lost);
    assert_eq!(client.rows(ROOM), [("hi".into(), Some("queued"))]);
    enter_again(&mut client, OPEN);
    assert_eq!(client.next().attribute("id"), Some(id.as_str()));
    client.stanza(&lost);
    assert_eq!(client.rows(ROOM), [("hi".into(), Some("failed"))], "there is another reason");
    assert_eq!(client.mirror.room(&room()).unwrap().phase, Phase::Joined);
    client.nothing_sent();
}

#[test]
fn the_next_visit_goes_on_behind_what_is_on_disk() {
    let mut client = Client::new();
    client.log_in_with(true);
    client.bind(FEATURES);
    client.settle_fresh_kept();
    go_in(&mut client, ARCHIVE);
    kept(&mut client);
    let query = client.next();
    result(&mut client, &query, "a1", "bob", "1", "one");
    end(&mut client, &query, true, "a1");
    client.stanza(&says("bob", "2", "two", &named("id-bob", "a2")));
    client.stanza("<message from='ann@s.ex/p' type='chat' id='x'><body>the latest</body></message>");
    say(&mut client, "on its way");
    let sent = client.next().attribute("id").unwrap().to_owned();
    client.wait(300);
    client.stanza("<message from='ann@s.ex/p' type='chat' id='y'><body>the very latest</body></message>");
    client.wait(300);
    let remembered = client.remembered();
    let mut next = Client::new();
    next.disk = client.disk.take();
    next.input(Input::Restore(remembered));
    next.authenticate(FEATURES);
    assert_eq!(next.next().name(), "resume");
    next.frame("<failed xmlns='urn:xmpp:sm:3'/>");
    let id = next.next().attribute("id").unwrap().to_owned();
    next.stanza(&format!(
        "<iq type='result' id='{id}'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>me@s.ex/w1</jid></bind></iq>"
    ));
    next.expect_setup();
    next.answer_about_archive_later();
    enter_again(&mut next, ARCHIVE);
    let query = next.next();
    assert_eq!(place_of(&query), "after a1");
    result(&mut next, &query, "a2", "bob", "2", "two");
    result(&mut next, &query, "a3", "me", &sent, "on its way");
    result(&mut next, &query, "a4", "bob", "4", "four");
    end(&mut next, &query, true, "a4");
    assert_eq!(
        next.rows(ROOM),
        [("one".into(), None), ("two".into(), None), ("on its way".into(), Some("acked")), ("four".into(), None)]
    );
    next.nothing_sent();
    // What somebody wrote before this visit is corrected by the same one, whom the group chat names.
    next.stanza(&says(
        "rob",
        "5",
        "two and a half",
        &format!("<replace id='2' xmlns='urn:xmpp:message-correct:0'/>{}", named("id-bob", "a5")),
    ));
    assert_eq!(texts(&next)[1], "two and a half");
}
