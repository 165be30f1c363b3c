//! What is told of group chats, and what is not: own deeds, names, refused lists, the place where they are made.

use waxwing::condition::Condition;
use waxwing::domain::room::{Affiliation, Phase, RoomNews, Why};
use waxwing::engine::rooms::RoomOrder;
use waxwing::form::Answer;

use crate::harness::{Client, jid};
use crate::rooms_harness::*;

const OWNER: &str = "http://jabber.org/protocol/muc#owner";
const MUC_USER: &str = "http://jabber.org/protocol/muc#user";

fn codes(client: &mut Client, from: &str, codes: &[u16]) {
    let codes: String = codes.iter().map(|code| format!("<status code='{code}'/>")).collect();
    client.stanza(&format!("<message from='{from}' type='groupchat'><x xmlns='{MUC_USER}'>{codes}</x></message>"));
    client.sent.clear();
}

#[test]
fn what_the_owner_sets_up_is_not_told_to_the_owner_and_what_others_do_is() {
    let mut client = inside(OPEN);
    client.stanza(&there("me", "owner", "moderator", "<status code='110'/>"));
    client.changes.clear();
    order(&mut client, RoomOrder::Configure(room()));
    let asked = client.next();
    let form = format!(
        "<query xmlns='{OWNER}'><x xmlns='jabber:x:data' type='form'><field type='boolean' var='muc#roomconfig_membersonly'><value>0</value></field></x></query>"
    );
    answer(&mut client, &asked, &form);
    let yes = Answer { name: "muc#roomconfig_membersonly".into(), values: vec!["1".into()] };
    order(&mut client, RoomOrder::Submit { room: room(), answers: Some(vec![yes]) });
    let submitted = client.next();
    codes(&mut client, ROOM, &[104]);
    answer(&mut client, &submitted, "");
    codes(&mut client, ROOM, &[104, 170, 172]);
    assert!(news(&client).is_empty(), "{:?}", news(&client));
    client.wait(11_000);
    codes(&mut client, &format!("{ROOM}/eve"), &[172]);
    assert!(news(&client).is_empty(), "a participant is not the group chat");
    codes(&mut client, ROOM, &[104, 172]);
    assert_eq!(news(&client), [RoomNews::SetUpAnew, RoomNews::AddressesShown]);
}

#[test]
fn what_was_made_by_others_tells_who_goes_in_that_addresses_are_seen() {
    let mut client = online();
    client.command(join(Some("me")));
    let info = client.next();
    answer(&mut client, &info, &info_of(OPEN));
    client.next();
    client.stanza(&there("me", "none", "participant", "<status code='100'/><status code='110'/><status code='170'/>"));
    assert_eq!(news(&client), [RoomNews::AddressesShown, RoomNews::Logged]);
}

#[test]
fn a_list_that_is_refused_is_known_to_be_refused() {
    let refusal = |client: &Client| client.mirror.members(&room(), Affiliation::Member).unwrap().unwrap_err().condition;
    let mut client = inside(OPEN);
    let list = RoomOrder::ListMembers { room: room(), affiliation: Affiliation::Member };
    order(&mut client, list.clone());
    assert!(client.mirror.members(&room(), Affiliation::Member).is_none());
    let asked = client.next();
    refuse(&mut client, &asked, "forbidden");
    assert_eq!(refusal(&client), Condition::Forbidden);
    assert!(client.mirror.members(&room(), Affiliation::Owner).is_none(), "that one was not asked for");
    // The next answer counts.
    order(&mut client, list.clone());
    let asked = client.next();
    answer(&mut client, &asked, "<query xmlns='http://jabber.org/protocol/muc#admin'/>");
    assert!(client.mirror.members(&room(), Affiliation::Member).unwrap().unwrap().is_empty());
    // Nobody answers, and nobody can be asked.
    order(&mut client, list.clone());
    for _ in 0..130 {
        client.wait(1_000);
        client.confirm();
    }
    assert_eq!(refusal(&client), Condition::RemoteServerTimeout);
    order(&mut client, RoomOrder::Leave(room()));
    order(&mut client, list);
    assert_eq!(refusal(&client), Condition::RemoteServerTimeout);
}

#[test]
fn an_address_that_says_that_it_is_a_person_s_is_not_entered() {
    for (category, phase) in [
        ("account", Phase::Refused(Why::NoGroup)),
        ("client", Phase::Refused(Why::NoGroup)),
        ("server", Phase::Refused(Why::NoGroup)),
        // Whatever that is: it may let us in.
        ("other", Phase::Joining),
    ] {
        let mut client = online();
        client.command(join(Some("me")));
        let info = client.next();
        let identity = format!(
            "<query xmlns='http://jabber.org/protocol/disco#info'><identity category='{category}' type='registered' name='Ann'/></query>"
        );
        answer(&mut client, &info, &identity);
        let shown = client.mirror.room(&room()).unwrap();
        assert_eq!((&shown.phase, shown.name.as_deref()), (&phase, None), "{category}");
        if phase == Phase::Joining {
            assert_eq!(client.next().name(), "presence");
        }
        client.nothing_sent();
    }
}

#[test]
fn the_place_for_new_ones_is_found_without_a_list_of_all() {
    let mut client = online();
    let info = |kind: &str| {
        format!(
            "<query xmlns='http://jabber.org/protocol/disco#info'><identity category='conference' type='{kind}'/><feature var='http://jabber.org/protocol/muc'/><feature var='urn:xmpp:channel-search:0:search'/></query>"
        )
    };
    order(&mut client, RoomOrder::SeekPlace);
    assert_eq!(client.mirror.room_place(), None);
    let items = client.next();
    order(&mut client, RoomOrder::SeekPlace);
    client.nothing_sent();
    answer(
        &mut client,
        &items,
        "<query xmlns='http://jabber.org/protocol/disco#items'><item jid='irc.s.ex'/><item jid='rooms.ex'/><item jid='more.ex'/></query>",
    );
    let asked = [client.next(), client.next(), client.next()];
    answer(&mut client, &asked[0], &info("irc"));
    assert_eq!(client.mirror.room_place(), None);
    answer(&mut client, &asked[1], &info("text"));
    assert_eq!(client.mirror.room_place(), Some(Some(jid("rooms.ex"))));
    answer(&mut client, &asked[2], &info("text"));
    assert_eq!(client.mirror.room_place(), Some(Some(jid("rooms.ex"))), "the first");
    order(&mut client, RoomOrder::SeekPlace);
    client.nothing_sent();
    assert!(client.mirror.found_rooms(0).is_none(), "that was no search");
    // A server without such a place, and one that says nothing.
    let mut client = online();
    order(&mut client, RoomOrder::SeekPlace);
    let items = client.next();
    answer(&mut client, &items, "<query xmlns='http://jabber.org/protocol/disco#items'><item jid='irc.s.ex'/></query>");
    let asked = client.next();
    refuse(&mut client, &asked, "service-unavailable");
    assert_eq!(client.mirror.room_place(), Some(None));
    order(&mut client, RoomOrder::SeekPlace);
    let items = client.next();
    refuse(&mut client, &items, "item-not-found");
    assert_eq!(client.mirror.room_place(), Some(None));
}

#[test]
fn how_many_are_there_is_no_part_of_the_name() {
    let listed = |names: &[&str]| {
        let mut client = online();
        order(&mut client, RoomOrder::Find { number: 7, service: Some(jid("rooms.ex")), text: String::new() });
        let info = client.next();
        answer(
            &mut client,
            &info,
            "<query xmlns='http://jabber.org/protocol/disco#info'><identity category='conference' type='text'/><feature var='http://jabber.org/protocol/muc'/></query>",
        );
        let list = client.next();
        let items: String =
            names.iter().enumerate().map(|(n, name)| format!("<item jid='r{n}@rooms.ex' name='{name}'/>")).collect();
        answer(&mut client, &list, &format!("<query xmlns='http://jabber.org/protocol/disco#items'>{items}</query>"));
        let found = client.mirror.found_rooms(7).unwrap();
        found.rooms.iter().map(|room| (room.name.clone().unwrap_or_default(), room.people)).collect::<Vec<_>>()
    };
    let one = |name: &str, people| (name.to_owned(), people);
    assert_eq!(
        listed(&["Bears (1)", "Class of (2019) (12)"]),
        [one("Bears", Some(1)), one("Class of (2019)", Some(12))]
    );
    assert_eq!(listed(&["Bears", "Class of (2019)"]), [one("Bears", None), one("Class of (2019)", None)]);
    for name in ["Bears (x)", "Bears(1)", "Bears (1) ", "Bears (-1)", "(1)", "Bears (99999999999)"] {
        let trimmed = name.trim_end();
        let (kept, people) = if name == "Bears (1) " { ("Bears", Some(1)) } else { (trimmed, None) };
        assert_eq!(listed(&[name]), [one(kept, people)], "{name}");
    }
}

#[test]
fn the_name_of_where_somebody_is_invited_is_asked_of_whom_may_know_us() {
    let named = |client: &Client, room: &str| client.mirror.room_name(&jid(room)).map(str::to_owned);
    let invite = |client: &mut Client, from: &str, room: &str| {
        client
            .stanza(&format!("<message from='{from}' id='i'><x xmlns='jabber:x:conference' jid='{room}'/></message>"));
    };
    let mut client = online();
    client.push("<item jid='ann@s.ex' subscription='both'/>");
    client.push("<item jid='tom@s.ex' subscription='to'/>");
    for (from, room, asks) in [
        ("ann@s.ex/p", "cave@far.ex", true),
        ("tom@s.ex/p", "trap@far.ex", false),
        ("eve@x.ex/p", "trap@x.ex", false),
        ("eve@x.ex/p", "hut@rooms.s.ex", true),
        ("eve@x.ex/p", "trap@rooms-s.ex", false),
        ("eve@x.ex/p", "trap@s.ex", false),
    ] {
        client.sent.clear();
        invite(&mut client, from, room);
        assert_eq!(client.sent.len(), usize::from(asks), "{from} {room} {:?}", client.sent);
        if asks {
            let asked = client.next();
            assert_eq!(asked.attribute("to"), Some(room));
            let name = if room.starts_with("cave") { "conference' name='The cave" } else { "account' name='Liar" };
            answer(
                &mut client,
                &asked,
                &format!("<query xmlns='http://jabber.org/protocol/disco#info'><identity category='{name}'/></query>"),
            );
        }
    }
    assert_eq!(named(&client, "cave@far.ex").as_deref(), Some("The cave"));
    assert_eq!(named(&client, "hut@rooms.s.ex"), None, "that is no group chat");
    // Who passes an invitation on may say that it comes from a contact.
    client.sent.clear();
    client.stanza(&format!("<message from='bait@x.ex'><x xmlns='{MUC_USER}'><invite from='ann@s.ex'/></x></message>"));
    assert_eq!(client.mirror.room_invitations().len(), 7);
    client.nothing_sent();
}
