//! Support desks: agents who share what became of visits, and visitors who come back under another address.

use waxwing::domain::change::{Change, Notice};
use waxwing::domain::desk::{DeskNews, Own, OwnVisit, Stage};
use waxwing::domain::timeline::{Direction, Message};
use waxwing::engine::command::Command;
use waxwing::engine::desk::{DeskOrder, Question};
use waxwing::jid::BareJid;
use waxwing::wire::xml::{Element, Limits, parse};

use crate::harness::{Client, FEATURES, jid};
use crate::rooms_harness::{answer, info_of};

const VISIT: &str = "visit-00112233445566778899aabbccddeeff@rooms.ex";
const DESK: &str = "desk@s.ex";
const PRIVATE: &str = "<feature var='http://jabber.org/protocol/pubsub#publish-options'/>";
const ROOM: &str = "<feature var='http://jabber.org/protocol/muc'/><feature var='urn:xmpp:mam:2'/>\
    <feature var='urn:xmpp:occupant-id:0'/>";

fn order(client: &mut Client, order: DeskOrder) {
    client.command(Command::Desk(order));
}

/// Takes the first thing that was sent and has all of this in it.
fn sent(client: &mut Client, parts: &[&str]) -> Element {
    let has = |frame: &String| parts.iter().all(|part| frame.contains(part));
    if !client.sent.iter().any(has) {
        // Much was said in the second before.
        client.wait(1_000);
    }
    let place = client.sent.iter().position(has).unwrap_or_else(|| panic!("{parts:?} is not in {:?}", client.sent));
    parse(&client.sent.remove(place).unwrap(), &Limits::STANZA).unwrap()
}

fn refuse(client: &mut Client, question: &Element, condition: &str) {
    let from = question.attribute("to").map(|to| format!(" from='{to}'")).unwrap_or_default();
    let id = question.attribute("id").unwrap();
    client.stanza(&format!(
        "<iq type='error' id='{id}'{from}><error type='cancel'><{condition} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"
    ));
}

fn told(client: &Client) -> Vec<DeskNews> {
    let told = client.changes.iter().filter_map(|change| match change {
        Change::Notice(Notice::Desk(_, news)) => Some(news.clone()),
        _ => None,
    });
    told.collect()
}

fn rows(client: &Client, room: &str) -> Vec<Message> {
    let timeline = client.mirror.timeline(&jid(room));
    let rows = timeline.into_iter().flat_map(|timeline| (0..timeline.len()).filter_map(|place| timeline.get(place)));
    rows.map(|row| (**row).clone()).collect()
}

fn said(client: &Client, room: &str) -> Vec<(Direction, String)> {
    let rows = rows(client, room).into_iter();
    rows.map(|row| (row.direction, row.body.text().map(|text| text.to_string()).unwrap_or_default())).collect()
}

/// A message out of the archive of a visit, as an answer to the question for it.
fn archived(client: &mut Client, query: &Element, archive_id: &str, nick: &str, who: &str, id: &str, text: &str) {
    let room = query.attribute("to").unwrap();
    let queryid = query.child("urn:xmpp:mam:2", "query").unwrap().attribute("queryid").unwrap();
    client.stanza(&format!(
        "<message from='{room}'><result xmlns='urn:xmpp:mam:2' queryid='{queryid}' id='{archive_id}'>\
         <forwarded xmlns='urn:xmpp:forward:0'><delay xmlns='urn:xmpp:delay' stamp='2026-11-18T00:00:00Z'/>\
         <message xmlns='jabber:client' from='{room}/{nick}' type='groupchat' id='{id}'><body>{text}</body>\
         <occupant-id xmlns='urn:xmpp:occupant-id:0' id='{who}'/></message></forwarded></result></message>"
    ));
}

fn end_of_page(client: &mut Client, query: &Element) {
    let fin = "<fin xmlns='urn:xmpp:mam:2' complete='true'><set xmlns='http://jabber.org/protocol/rsm'/></fin>";
    answer(client, query, fin);
}

/// Somebody is in a visit.
fn there(room: &str, nick: &str, affiliation: &str, role: &str, rest: &str) -> String {
    format!(
        "<presence from='{room}/{nick}'><x xmlns='http://jabber.org/protocol/muc#user'>\
         <item affiliation='{affiliation}' role='{role}'/>{rest}</x>\
         <occupant-id xmlns='urn:xmpp:occupant-id:0' id='id-{nick}'/></presence>"
    )
}

mod agents {
    use super::*;

    /// A client of an account that keeps nodes private.
    fn agent() -> Client {
        let mut client = Client::new();
        client.log_in();
        client.bind(FEATURES);
        client.expect_setup();
        client.answer_about_archive(PRIVATE);
        while !client.sent.is_empty() {
            let question = client.next();
            refuse(&mut client, &question, "item-not-found");
        }
        client.changes.clear();
        order(&mut client, DeskOrder::Serve { on: true, name: Some("Eve".into()) });
        let presence = client.next().to_xml();
        assert!(presence.contains("<nick xmlns='http://jabber.org/protocol/nick'>Eve</nick>"), "{presence}");
        let items = sent(&mut client, &["<items node='urn:waxwing:visits:0'/>"]);
        refuse(&mut client, &items, "item-not-found");
        client.nothing_sent();
        client
    }

    fn asks(client: &mut Client, from: &str, room: &str, rest: &str) {
        client.stanza(&format!(
            "<message from='{from}' to='me@s.ex' id='i'><body>Visitor Anna: My order</body>\
             <x xmlns='jabber:x:conference' jid='{room}' reason='My order'/>\
             <visit xmlns='urn:waxwing:visit:0' name='Anna'/>{rest}</message>"
        ));
    }

    fn event(client: &mut Client, from: &str, room: &str, visit: &str) {
        client.stanza(&format!(
            "<message from='{from}' type='headline'><event xmlns='http://jabber.org/protocol/pubsub#event'>\
             <items node='urn:waxwing:visits:0'><item id='{room}'><visit xmlns='urn:waxwing:visit:0' {visit}/></item>\
             </items></event></message>"
        ));
    }

    fn stage(client: &Client) -> Option<Stage> {
        client.mirror.desk().visit(&jid(VISIT)).map(|visit| visit.stage.clone())
    }

    fn taken(by: &str, from: Option<&str>) -> Option<Stage> {
        Some(Stage::Taken { by: by.into(), from: from.map(str::to_owned) })
    }

    /// Goes in as asked.
    fn goes_in(client: &mut Client, nick: &str) {
        // At the pace of a server as it is packaged.
        client.wait(3_000);
        let info = sent(client, &["disco#info", VISIT]);
        answer(client, &info, &info_of(ROOM));
        sent(client, &["<presence", &format!("{VISIT}/{nick}")]);
        client.stanza(&there(VISIT, "Anna", "none", "participant", ""));
        client.stanza(&there(VISIT, nick, "owner", "moderator", "<status code='110'/>"));
    }

    /// Has a visit, in which nothing was said.
    fn with_visitor() -> Client {
        let mut client = agent();
        asks(&mut client, "x1@anon.ex/r", VISIT, "");
        order(&mut client, DeskOrder::Take(jid(VISIT)));
        let publish = client.next();
        event(&mut client, "me@s.ex", VISIT, "state='taken' by='Eve'");
        goes_in(&mut client, "Eve");
        answer(&mut client, &publish, "");
        let page = sent(&mut client, &["urn:xmpp:mam:2", VISIT]);
        end_of_page(&mut client, &page);
        client.changes.clear();
        client
    }

    #[test]
    fn a_visit_waits_is_taken_and_entered_under_the_agent_s_name() {
        let mut client = agent();
        asks(&mut client, "x1@anon.ex/r", VISIT, "");
        assert_eq!(told(&client), [DeskNews::Waiting]);
        assert!(client.mirror.room_invitations().is_empty() && client.mirror.conversations().is_empty());
        let desk = client.mirror.desk();
        let visit = desk.visit(&jid(VISIT)).unwrap();
        assert_eq!((visit.name.as_deref(), visit.topic.as_deref()), (Some("Anna"), Some("My order")));
        assert_eq!(visit.stage, Stage::Waiting);
        // The same again, by another way.
        asks(&mut client, "x1@anon.ex/r", VISIT, "");
        assert_eq!(told(&client).len(), 1);
        client.nothing_sent();

        order(&mut client, DeskOrder::Take(jid(VISIT)));
        let publish = client.next();
        let xml = publish.to_xml();
        for part in [VISIT, "state='taken' by='Eve' since=", "name='Anna' topic='My order'", "whitelist"] {
            assert!(xml.contains(part), "{part}: {xml}");
        }
        client.nothing_sent();
        assert_eq!(stage(&client), Some(Stage::Waiting), "the account says who has it");
        event(&mut client, "me@s.ex", VISIT, "state='taken' by='Eve'");
        assert_eq!(stage(&client), taken("Eve", None));
        goes_in(&mut client, "Eve");
        answer(&mut client, &publish, "");
        // No bookmark: the other agents do not follow.
        let page = client.next();
        assert_eq!(page.attribute("to"), Some(VISIT));
        client.nothing_sent();
    }

    #[test]
    fn whoever_runs_no_desk_is_not_disturbed() {
        let mut client = Client::online();
        asks(&mut client, "x1@anon.ex/r", VISIT, "");
        assert!(told(&client).is_empty());
        assert_eq!(client.mirror.desk().visits.len(), 1, "it is there for whoever looks");
        client.nothing_sent();
    }

    #[test]
    fn of_two_who_take_it_the_later_one_has_it_and_the_other_is_told() {
        let mut client = with_visitor();
        event(&mut client, "me@s.ex", VISIT, "state='taken' by='Bob'");
        assert_eq!(client.next().attribute("type"), Some("unavailable"));
        assert_eq!((stage(&client), told(&client)), (taken("Bob", None), vec![DeskNews::Lost("Bob".into())]));
        client.nothing_sent();
    }

    #[test]
    fn a_server_that_does_not_tell_whoever_published_is_enough() {
        let mut client = agent();
        asks(&mut client, "x1@anon.ex/r", VISIT, "");
        order(&mut client, DeskOrder::Take(jid(VISIT)));
        let publish = client.next();
        answer(&mut client, &publish, "");
        assert_eq!(stage(&client), taken("Eve", None));
        goes_in(&mut client, "Eve");
        // But what came in between counts more than that it was published.
        order(&mut client, DeskOrder::PutBack(jid(VISIT)));
        let publish = sent(&mut client, &["state='open'"]);
        event(&mut client, "me@s.ex", VISIT, "state='taken' by='Bob'");
        answer(&mut client, &publish, "");
        assert_eq!(stage(&client), taken("Bob", None));
    }

    #[test]
    fn a_visit_is_handed_over_and_taken_over() {
        let mut client = with_visitor();
        client.stanza(
            "<presence from='me@s.ex/w2'><nick xmlns='http://jabber.org/protocol/nick'>Bob\u{202e}</nick></presence>",
        );
        client.stanza(
            "<presence from='x@s.ex/w2'><nick xmlns='http://jabber.org/protocol/nick'>Mallory</nick></presence>",
        );
        assert_eq!(client.mirror.desk().agents, ["Bob"]);
        order(&mut client, DeskOrder::HandOver { room: jid(VISIT), to: "Bob".into() });
        assert!(client.next().to_xml().contains("state='taken' by='Bob' from='Eve'"));
        event(&mut client, "me@s.ex", VISIT, "state='taken' by='Bob' from='Eve'");
        assert_eq!(client.next().attribute("type"), Some("unavailable"));
        assert!(told(&client).is_empty(), "it was our own wish");
        event(&mut client, "me@s.ex", VISIT, "state='taken' by='Eve' from='Bob'");
        assert_eq!(told(&client), [DeskNews::Handed("Bob".into())]);
        client.wait(3_000);
        assert_eq!(sent(&mut client, &["disco#info"]).attribute("to"), Some(VISIT));
        client.stanza("<presence from='me@s.ex/w2' type='unavailable'/>");
        assert!(client.mirror.desk().agents.is_empty());
    }

    #[test]
    fn a_visit_is_ended_so_that_the_visitor_can_read_and_not_write() {
        let mut client = with_visitor();
        order(&mut client, DeskOrder::Close { room: jid(VISIT), words: "Goodbye".into() });
        assert_eq!(client.next().child("jabber:client", "body").map(Element::text).as_deref(), Some("Goodbye"));
        let role = client.next().to_xml();
        assert!(role.contains("<item nick='Anna' role='visitor'/>"), "{role}");
        let form = client.next();
        answer(
            &mut client,
            &form,
            "<query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' type='form'>\
             <field type='boolean' var='muc#roomconfig_moderatedroom'><value>0</value></field>\
             <field type='boolean' var='muc#roomconfig_persistentroom'><value>1</value></field>\
             <field type='boolean' var='members_by_default'><value>1</value></field></x></query>",
        );
        let submit = client.next();
        let xml = submit.to_xml();
        for (field, value) in [("moderatedroom", 1), ("persistentroom", 1)] {
            assert!(xml.contains(&format!("muc#roomconfig_{field}'><value>{value}</value>")), "{xml}");
        }
        assert!(xml.contains("members_by_default'><value>0</value>"), "{xml}");
        answer(&mut client, &submit, "");
        let publish = sent(&mut client, &["state='closed'"]);
        event(&mut client, "me@s.ex", VISIT, "state='closed'");
        assert_eq!(sent(&mut client, &["unavailable"]).attribute("to").unwrap(), format!("{VISIT}/Eve"));
        answer(&mut client, &publish, "");
        assert_eq!(stage(&client), Some(Stage::Closed));
        assert!(client.mirror.conversation(&jid(VISIT)).unwrap().archived);
        assert!(told(&client).is_empty());
    }

    #[test]
    fn what_cannot_be_set_up_is_ended_all_the_same() {
        let mut client = agent();
        asks(&mut client, "x1@anon.ex/r", VISIT, "");
        order(&mut client, DeskOrder::Close { room: jid(VISIT), words: "Goodbye".into() });
        let form = client.next();
        refuse(&mut client, &form, "forbidden");
        assert!(client.next().to_xml().contains("state='closed'"));
    }

    #[test]
    fn only_the_own_account_tells_what_became_of_a_visit() {
        let mut client = with_visitor();
        for from in ["x1@anon.ex", "ann@s.ex", "me@s.ex/other", "s.ex", VISIT, &format!("{VISIT}/Anna")] {
            event(&mut client, from, VISIT, "state='taken' by='Bob'");
            event(&mut client, from, VISIT, "state='closed'");
            event(&mut client, from, &VISIT.replace("00", "11"), "state='taken' by='Eve'");
        }
        // Nor does what is said in it, whoever says it.
        client.stanza(&format!(
            "<message from='{VISIT}/Anna' type='groupchat' id='1'><body>x</body>\
             <visit xmlns='urn:waxwing:visit:0' state='closed'/></message>"
        ));
        client.nothing_sent();
        assert_eq!((stage(&client), client.mirror.desk().visits.len()), (taken("Eve", None), 1));
    }

    #[test]
    fn nobody_makes_an_agent_close_what_is_no_visit() {
        let mut client = agent();
        for room in ["staff@rooms.ex", "visit-1@rooms.ex", "rooms.ex", &VISIT.replace("00112233", "00 12233")] {
            asks(&mut client, "x1@anon.ex/r", room, "");
            event(&mut client, "me@s.ex", room, "state='taken' by='Eve'");
        }
        assert!(client.mirror.desk().visits.is_empty());
        client.nothing_sent();
        for state in ["", "state='gone'", "state='taken'", "state='taken' by=' '"] {
            event(&mut client, "me@s.ex", VISIT, state);
        }
        assert!(client.mirror.desk().visits.is_empty());
    }

    #[test]
    fn strangers_fill_neither_memory_nor_screen() {
        let mut client = agent();
        let long = "x".repeat(5_000);
        for number in 0..300 {
            let room = format!("visit-{number:032x}@rooms.ex");
            client.stanza(&format!(
                "<message from='x1@anon.ex/r' to='me@s.ex'><x xmlns='jabber:x:conference' jid='{room}' reason='{long}'/>\
                 <visit xmlns='urn:waxwing:visit:0' name='\u{202e}{long}'/></message>"
            ));
        }
        let desk = client.mirror.desk();
        assert_eq!(desk.visits.len(), 200);
        let visit = &desk.visits[0];
        assert_eq!(visit.name.as_ref().map(String::len), Some(60));
        assert_eq!(visit.topic.as_ref().map(String::len), Some(300));
    }

    #[test]
    fn what_waited_while_nobody_was_here_waits_and_what_is_long_over_is_taken_away() {
        let mut client = Client::new();
        client.log_in();
        client.bind(FEATURES);
        client.expect_setup();
        client.answer_about_archive(&format!("{PRIVATE}<feature var='urn:xmpp:mam:2'/>"));
        let page = sent(&mut client, &["<query xmlns='urn:xmpp:mam:2'"]);
        let queryid = page.child("urn:xmpp:mam:2", "query").unwrap().attribute("queryid").unwrap().to_owned();
        let old = VISIT.replace("00", "11");
        for (room, day) in [(VISIT, "2026-11-17"), (&old, "2026-10-01")] {
            client.stanza(&format!(
                "<message><result xmlns='urn:xmpp:mam:2' queryid='{queryid}' id='{day}'><forwarded xmlns='urn:xmpp:forward:0'>\
                 <delay xmlns='urn:xmpp:delay' stamp='{day}T00:00:00Z'/><message xmlns='jabber:client' from='x1@anon.ex/r'>\
                 <body>Visitor Anna</body><x xmlns='jabber:x:conference' jid='{room}'/>\
                 <visit xmlns='urn:waxwing:visit:0' name='Anna'/></message></forwarded></result></message>"
            ));
        }
        end_of_page(&mut client, &page);
        assert_eq!(stage(&client), Some(Stage::Waiting));
        assert!(told(&client).is_empty(), "it is in the list, and no news");
        let items = sent(&mut client, &["<items node='urn:waxwing:visits:0'/>"]);
        answer(
            &mut client,
            &items,
            &format!(
                "<pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='urn:waxwing:visits:0'>\
                 <item id='{VISIT}'><visit xmlns='urn:waxwing:visit:0' state='taken' by='Bob' since='2026-11-17T01:00:00Z'/></item>\
                 <item id='{old}'><visit xmlns='urn:waxwing:visit:0' state='closed' since='2026-10-02T00:00:00Z'/></item>\
                 </items></pubsub>"
            ),
        );
        assert_eq!(stage(&client), taken("Bob", None));
        let visit = client.mirror.desk().visit(&jid(VISIT)).cloned().unwrap();
        assert_eq!(visit.name.as_deref(), Some("Anna"));
        assert_eq!(sent(&mut client, &["<destroy"]).attribute("to"), Some(old.as_str()));
        sent(&mut client, &["<retract", "notify='true'", &old]);
    }

    #[test]
    fn what_a_colleague_said_is_not_what_this_agent_said() {
        let mut client = agent();
        asks(&mut client, "x1@anon.ex/r", VISIT, "");
        event(&mut client, "me@s.ex", VISIT, "state='taken' by='Eve' from='Bob'");
        goes_in(&mut client, "Eve");
        let page = sent(&mut client, &["urn:xmpp:mam:2", VISIT]);
        // One account, and so one name by the group chat.
        archived(&mut client, &page, "1", "Bob", "id-Eve", "b", "I am Bob");
        archived(&mut client, &page, "2", "Eve", "id-Eve", "e", "I am Eve");
        end_of_page(&mut client, &page);
        assert_eq!(
            said(&client, VISIT),
            [(Direction::In, "I am Bob".to_owned()), (Direction::Out, "I am Eve".to_owned())]
        );
    }

    #[test]
    fn in_a_visit_it_is_told_who_writes_and_what_was_seen() {
        let mut client = with_visitor();
        client.command(Command::Writing { peer: jid(VISIT), writes: true });
        let state = client.next();
        assert_eq!((state.attribute("type"), state.attribute("to")), (Some("groupchat"), Some(VISIT)));
        assert!(state.to_xml().contains("<composing"));
        let composing = |nick: &str| {
            format!(
                "<message from='{VISIT}/{nick}' type='groupchat'><composing xmlns='http://jabber.org/protocol/chatstates'/></message>"
            )
        };
        client.stanza(&composing("Eve"));
        assert!(!client.mirror.is_writing(&jid(VISIT)), "ourselves");
        client.stanza(&composing("Anna"));
        assert!(client.mirror.is_writing(&jid(VISIT)));
        client.command(Command::Attend(vec![jid(VISIT)]));
        client.stanza(&format!(
            "<message from='{VISIT}/Anna' type='groupchat' id='1'><body>Hello</body><markable xmlns='urn:xmpp:chat-markers:0'/>\
             <stanza-id xmlns='urn:xmpp:sid:0' by='{VISIT}' id='s1'/></message>"
        ));
        assert!(!client.mirror.is_writing(&jid(VISIT)), "it is said");
        let seen = sent(&mut client, &["<displayed xmlns='urn:xmpp:chat-markers:0' id='s1'/>"]);
        assert_eq!((seen.attribute("type"), seen.attribute("to")), (Some("groupchat"), Some(VISIT)));
        client.command(Command::SendText { id: None, peer: jid(VISIT), text: "Good day".into() });
        let text = sent(&mut client, &["Good day", "markable"]);
        let id = text.attribute("id").unwrap();
        client.stanza(&format!(
            "<message from='{VISIT}/Eve' type='groupchat' id='{id}'><body>Good day</body>\
             <stanza-id xmlns='urn:xmpp:sid:0' by='{VISIT}' id='s2'/></message>"
        ));
        let marker = |nick: &str| {
            format!(
                "<message from='{VISIT}/{nick}' type='groupchat'><displayed xmlns='urn:xmpp:chat-markers:0' id='s2'/></message>"
            )
        };
        let delivery = |client: &Client| rows(client, VISIT).last().unwrap().delivery.as_ref().unwrap().name();
        client.stanza(&marker("Eve"));
        assert_eq!(delivery(&client), "acked");
        client.stanza(&marker("Anna"));
        assert_eq!(delivery(&client), "displayed");
    }
}

mod visitors {
    use super::*;

    /// From what the server offers to the address that it gives.
    fn sign_in(client: &mut Client, address: &str) {
        client.frame("<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>ANONYMOUS</mechanism></mechanisms></stream:features>");
        client.next();
        client.frame("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
        client.next();
        client.frame("<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' from='s.ex' version='1.0'/>");
        client.frame("<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></stream:features>");
        let id = client.next().attribute("id").unwrap().to_owned();
        client.stanza(&format!(
            "<iq type='result' id='{id}'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>{address}@s.ex/r</jid></bind></iq>"
        ));
    }

    /// A guest, after everything that follows a fresh bind.
    fn guest(address: &str) -> Client {
        let mut client = Client::new();
        client.command(Command::LogInAsGuest { domain: jid("s.ex"), service: Some("wss://s.ex/ws".into()) });
        client.open();
        sign_in(&mut client, address);
        while !client.sent.is_empty() {
            let sent = client.next();
            if sent.name() == "iq" {
                refuse(&mut client, &sent, "service-unavailable");
            }
        }
        client
    }

    fn question(service: Option<&str>) -> Question {
        Question {
            desk: vec![jid(DESK)],
            service: service.map(jid),
            nick: "Anna".into(),
            title: "Visitor Anna".into(),
            topic: "My order".into(),
            first: "Name: Anna\nMy order".into(),
        }
    }

    fn own(client: &Client) -> OwnVisit {
        (*client.mirror.own_visit().expect("no visit")).clone()
    }

    fn come_back(client: &mut Client, own: &OwnVisit) {
        let OwnVisit { room, key, nick, read, .. } = own.clone();
        order(client, DeskOrder::Return { room: room.unwrap(), key, nick, read });
    }

    const FORM: &str = "<query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' type='form'>\
        <field type='text-single' var='muc#roomconfig_roomname'><value/></field>\
        <field type='boolean' var='muc#roomconfig_membersonly'><value>0</value></field>\
        <field type='boolean' var='muc#roomconfig_publicroom'><value>1</value></field>\
        <field type='boolean' var='muc#roomconfig_persistentroom'><value>0</value></field>\
        <field type='list-single' var='muc#roomconfig_whois'><value>anyone</value><option><value>moderators</value></option><option><value>anyone</value></option></field>\
        <field type='boolean' var='mam'><value>0</value></field></x></query>";

    /// In the group chat that was just made, which is not set up.
    fn makes_it(client: &mut Client) -> String {
        let info = sent(client, &["disco#info", "visit-"]);
        let room = info.attribute("to").unwrap().to_owned();
        refuse(client, &info, "item-not-found");
        sent(client, &["<presence", &format!("{room}/Anna")]);
        client.stanza(&there(&room, "Anna", "owner", "moderator", "<status code='110'/><status code='201'/>"));
        room
    }

    /// A guest who asked the desk.
    fn asked() -> (Client, String) {
        let mut client = guest("x1");
        order(&mut client, DeskOrder::Ask(question(Some("rooms.ex"))));
        let room = makes_it(&mut client);
        let form = sent(&mut client, &["muc#owner"]);
        answer(&mut client, &form, FORM);
        let submit = sent(&mut client, &["muc#owner"]);
        let xml = submit.to_xml();
        for (field, value) in [
            ("muc#roomconfig_roomname", "Visitor Anna"),
            ("muc#roomconfig_membersonly", "0"),
            ("muc#roomconfig_publicroom", "0"),
            ("muc#roomconfig_persistentroom", "1"),
            ("muc#roomconfig_whois", "moderators"),
            ("mam", "1"),
        ] {
            assert!(xml.contains(&format!("<field var='{field}'><value>{value}</value>")), "{field}: {xml}");
        }
        answer(&mut client, &submit, "");
        let info = sent(&mut client, &["disco#info"]);
        answer(&mut client, &info, &info_of(ROOM));
        (client, room)
    }

    fn owner_then_invited(client: &mut Client) {
        let owner = sent(client, &["muc#admin", &format!("jid='{DESK}' affiliation='owner'")]);
        answer(client, &owner, "");
    }

    #[test]
    fn a_visit_is_made_given_to_the_desk_and_the_desk_asked_to_come() {
        let (mut client, room) = asked();
        assert_eq!(own(&client).stage, Own::Making, "nobody was asked yet");
        owner_then_invited(&mut client);
        let invitation = sent(&mut client, &["jabber:x:conference"]);
        assert_eq!((invitation.attribute("to"), invitation.attribute("type")), (Some(DESK), None));
        let xml = invitation.to_xml();
        for part in [
            "<body>Visitor Anna: My order</body>",
            &format!("jid='{room}' reason='My order'"),
            "<visit xmlns='urn:waxwing:visit:0' name='Anna'/>",
            "<store xmlns='urn:xmpp:hints'/>",
        ] {
            assert!(xml.contains(part), "{part}: {xml}");
        }
        assert_eq!((own(&client).stage, own(&client).room), (Own::Asked, Some(jid(&room))));
        let page = sent(&mut client, &["urn:xmpp:mam:2", &room]);
        end_of_page(&mut client, &page);
        let first = sent(&mut client, &["groupchat"]);
        assert_eq!(first.child("jabber:client", "body").unwrap().text(), "Name: Anna\nMy order");
        // The desk may be wrong.
        let id = invitation.attribute("id").unwrap();
        let bounce = |from: &str| {
            format!(
                "<message type='error' from='{from}' id='{id}'><error type='cancel'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>"
            )
        };
        client.stanza(&bounce("eve@s.ex"));
        assert_eq!(own(&client).stage, Own::Asked);
        client.stanza(&bounce(DESK));
        assert!(matches!(own(&client).stage, Own::Refused(_)));
        assert_eq!(sent(&mut client, &["<destroy"]).attribute("to"), Some(room.as_str()));
    }

    #[test]
    fn where_it_can_be_made_is_found_out_and_where_it_cannot_both_speak_directly() {
        for found in [true, false] {
            let mut client = guest("x1");
            order(&mut client, DeskOrder::Ask(question(None)));
            let items = sent(&mut client, &["disco#items"]);
            assert_eq!(items.attribute("to"), Some("s.ex"));
            answer(
                &mut client,
                &items,
                "<query xmlns='http://jabber.org/protocol/disco#items'><item jid='up.ex'/><item jid='rooms.ex'/></query>",
            );
            let up = sent(&mut client, &["disco#info", "up.ex"]);
            refuse(&mut client, &up, "service-unavailable");
            let rooms = sent(&mut client, &["disco#info", "'rooms.ex'"]);
            if found {
                answer(&mut client, &rooms, &info_of(ROOM));
                assert!(makes_it(&mut client).ends_with("@rooms.ex"));
                continue;
            }
            refuse(&mut client, &rooms, "service-unavailable");
            assert_eq!(own(&client).stage, Own::Direct(jid(DESK)));
            let text = sent(&mut client, &["<body>Name: Anna"]);
            assert_eq!((text.attribute("to"), text.attribute("type")), (Some(DESK), Some("chat")));
        }
        // The service refuses.
        let mut client = guest("x1");
        order(&mut client, DeskOrder::Ask(question(Some("rooms.ex"))));
        let info = sent(&mut client, &["disco#info"]);
        refuse(&mut client, &info, "item-not-found");
        let presence = sent(&mut client, &["<presence", "visit-"]);
        let to = presence.attribute("to").unwrap();
        client.stanza(&format!(
            "<presence type='error' from='{to}'><error type='cancel'><not-allowed xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></presence>"
        ));
        assert_eq!(own(&client).stage, Own::Direct(jid(DESK)));
        assert_eq!(sent(&mut client, &["<body>Name: Anna"]).attribute("to"), Some(DESK));
        assert!(client.mirror.conversations().iter().all(|one| one.peer == jid(DESK)));
    }

    #[test]
    fn another_page_comes_back_and_knows_its_own_words_by_what_nobody_can_forge() {
        let (mut client, room) = asked();
        owner_then_invited(&mut client);
        let page = sent(&mut client, &["urn:xmpp:mam:2", &room]);
        end_of_page(&mut client, &page);
        let first = sent(&mut client, &["groupchat"]).attribute("id").unwrap().to_owned();
        let kept = own(&client);

        let mut client = guest("x2");
        come_back(&mut client, &kept);
        let info = sent(&mut client, &["disco#info", &room]);
        answer(&mut client, &info, &info_of(ROOM));
        sent(&mut client, &["<presence", &format!("{room}/Anna")]);
        client.stanza(&there(&room, "Eve", "owner", "moderator", ""));
        client.stanza(&there(&room, "Anna", "none", "participant", "<status code='110'/>"));
        let page = sent(&mut client, &["urn:xmpp:mam:2", &room]);
        let sealed = first.split_once('.').unwrap();
        archived(&mut client, &page, "1", "Anna", "id-x1", &first, "Name: Anna\nMy order");
        archived(&mut client, &page, "2", "Eve", "id-eve", "e1", "What about it?");
        // Somebody who had the nickname meanwhile, with ids that were never drawn here, or were, by a copy.
        archived(&mut client, &page, "3", "Anna", "id-mallory", "m1", "forged");
        archived(&mut client, &page, "4", "Anna", "id-mallory", &format!("m2.{}", sealed.1), "forged, too");
        end_of_page(&mut client, &page);
        use Direction::{In, Out};
        let all = said(&client, &room);
        let whose: Vec<Direction> = all.iter().map(|(whose, _)| *whose).collect();
        assert_eq!(whose, [Out, In, In, In], "{all:?}");
        // What another page of the same browser says at the same time is ours.
        client.stanza(&format!(
            "<message from='{room}/Anna 2' type='groupchat' id='{first}'><body>Name: Anna\nMy order</body></message>"
        ));
        assert_eq!(own(&client).stage, Own::Asked);
    }

    #[test]
    fn the_visitor_of_a_moment_ago_may_still_have_the_nickname() {
        let (client, room) = asked();
        let kept = OwnVisit { stage: Own::Asked, ..own(&client) };
        let mut client = guest("x2");
        come_back(&mut client, &kept);
        let info = sent(&mut client, &["disco#info", &room]);
        answer(&mut client, &info, &info_of(ROOM));
        for nick in ["Anna", "Anna 2"] {
            sent(&mut client, &["<presence", &format!("{room}/{nick}'")]);
            client.stanza(&format!(
                "<presence type='error' from='{room}/{nick}'><error type='cancel'><conflict xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></presence>"
            ));
            // What it is is asked again, and known well enough to go in.
            client.wait(3_000);
            sent(&mut client, &["disco#info"]);
        }
        sent(&mut client, &["<presence", &format!("{room}/Anna 3'")]);
        client.stanza(&there(&room, "Anna 3", "none", "participant", "<status code='110'/>"));
        assert_eq!((own(&client).stage, own(&client).nick), (Own::Asked, "Anna".to_owned()));
    }

    #[test]
    fn a_visit_ends_when_the_desk_takes_the_voice_and_when_nothing_of_it_is_left() {
        let (client, room) = asked();
        let kept = OwnVisit { stage: Own::Asked, ..own(&client) };
        let mut client = guest("x2");
        come_back(&mut client, &kept);
        let info = sent(&mut client, &["disco#info", &room]);
        answer(&mut client, &info, &info_of(ROOM));
        client.stanza(&there(&room, "Anna", "none", "participant", "<status code='110'/>"));
        // Nobody says so by a message.
        client.stanza(&format!(
            "<message from='{room}/Eve' type='groupchat' id='1'><body>x</body><visit xmlns='urn:waxwing:visit:0' state='closed'/></message>"
        ));
        assert_eq!(own(&client).stage, Own::Asked);
        client.stanza(&there(&room, "Anna", "none", "visitor", ""));
        assert_eq!(own(&client).stage, Own::Ended);
        assert!(client.mirror.room(&jid(&room)).is_some_and(|state| !state.may_speak()));

        // Long after, it is gone: going in would make it anew, and that is left again.
        let mut client = guest("x3");
        come_back(&mut client, &kept);
        let info = sent(&mut client, &["disco#info", &room]);
        refuse(&mut client, &info, "item-not-found");
        client.sent.clear();
        client.stanza(&there(&room, "Anna", "owner", "moderator", "<status code='110'/><status code='201'/>"));
        assert_eq!(client.next().attribute("type"), Some("unavailable"));
        client.nothing_sent();
        assert_eq!(own(&client).stage, Own::Ended);
    }

    #[test]
    fn the_visitor_ends_it_and_goes_when_that_was_heard() {
        let (mut client, room) = asked();
        owner_then_invited(&mut client);
        let page = sent(&mut client, &["urn:xmpp:mam:2", &room]);
        end_of_page(&mut client, &page);
        let first = sent(&mut client, &["groupchat"]);
        order(&mut client, DeskOrder::Leave { words: "I am leaving.".into() });
        assert_eq!(own(&client).stage, Own::Ended);
        let last = sent(&mut client, &["I am leaving."]);
        for said in [first, last] {
            assert!(!client.sent.iter().any(|frame| frame.contains("unavailable")));
            let id = said.attribute("id").unwrap();
            client.stanza(&format!("<message from='{room}/Anna' type='groupchat' id='{id}'><body>x</body></message>"));
        }
        assert_eq!(sent(&mut client, &["unavailable"]).attribute("to").unwrap(), format!("{room}/Anna"));
    }

    #[test]
    fn what_was_not_made_before_the_stream_was_lost_is_made_anew() {
        let mut client = guest("x1");
        order(&mut client, DeskOrder::Ask(question(Some("rooms.ex"))));
        let first = sent(&mut client, &["disco#info", "visit-"]).attribute("to").unwrap().to_owned();
        client.break_off();
        client.input(waxwing::engine::Input::Socket(waxwing::engine::SocketEvent::Opened));
        client.next();
        client.frame("<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' from='s.ex' id='1' version='1.0'/>");
        sign_in(&mut client, "x2");
        let second = makes_it(&mut client);
        assert_ne!(first, second);
        let own: BareJid = own(&client).room.unwrap();
        assert_eq!(own, jid(&second));
        assert!(client.mirror.conversation(&jid(&first)).is_none());
    }
}
