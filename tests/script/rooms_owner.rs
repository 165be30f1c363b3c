//! Making group chats, deciding about them and the people in them, inviting and being invited, finding them.

use waxwing::domain::conversation::Notify;
use waxwing::domain::room::{Affiliation, Bookmark, Phase, Role, RoomKind, RoomNews, RoomWish, Why};
use waxwing::engine::command::Command;
use waxwing::engine::rooms::RoomOrder;
use waxwing::form::Answer;
use waxwing::wire::xml::Element;

use crate::harness::{ANN, Client, jid};
use crate::rooms_harness::*;

const OWNER: &str = "http://jabber.org/protocol/muc#owner";
const ADMIN: &str = "http://jabber.org/protocol/muc#admin";
const MUC_USER: &str = "http://jabber.org/protocol/muc#user";

/// The item of an order to moderators and admins.
fn item(order: &Element) -> Element {
    assert_eq!(order.attribute("to"), Some(ROOM));
    order.child(ADMIN, "query").unwrap().children().next().unwrap().clone()
}

fn field(x: &Element, name: &str) -> Option<String> {
    let field = x.children().find(|field| field.attribute("var") == Some(name))?;
    Some(field.children().next().map(Element::text).unwrap_or_default())
}

/// In as the owner of a group chat for members only.
fn owner() -> Client {
    let mut client = inside(
        "<feature var='http://jabber.org/protocol/muc'/><feature var='muc_membersonly'/><feature var='muc_nonanonymous'/>",
    );
    client.stanza(&there("me", "owner", "moderator", "<status code='110'/>"));
    client.changes.clear();
    client
}

const FORM: &str = "<query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' type='form'>\
    <field type='hidden' var='FORM_TYPE'><value>http://jabber.org/protocol/muc#roomconfig</value></field>\
    <field type='text-single' var='muc#roomconfig_roomname'><value/></field>\
    <field type='boolean' var='muc#roomconfig_membersonly'><value>0</value></field>\
    <field type='boolean' var='muc#roomconfig_publicroom'><value>1</value></field>\
    <field type='boolean' var='muc#roomconfig_persistentroom'><value>0</value></field>\
    <field type='list-single' var='muc#roomconfig_whois'><value>moderators</value><option><value>moderators</value></option><option><value>anyone</value></option></field>\
    <field type='list-single' var='muc#roomconfig_allowpm'><option><value>moderators</value></option></field>\
    <field type='boolean' var='mam'><value>0</value></field></x></query>";

#[test]
fn a_private_group_is_made_set_up_and_its_people_invited_as_members() {
    let mut client = online();
    order(
        &mut client,
        RoomOrder::Create {
            room: room(),
            nick: Some("me".into()),
            kind: RoomKind::PrivateGroup,
            name: Some("Friends".into()),
            invite: vec![jid(ANN)],
        },
    );
    let info = client.next();
    refuse(&mut client, &info, "item-not-found");
    assert_eq!(client.next().attribute("to"), Some("den@rooms.ex/me"));
    // Whoever makes one hears how they are called there before it is known that people are called so.
    let own = there("me", "owner", "moderator", "<status code='110'/><status code='201'/>");
    let id = "<occupant-id xmlns='urn:xmpp:occupant-id:0' id='id-me'/></presence>";
    client.stanza(&own.replace("</presence>", id));
    assert!(news(&client).is_empty(), "it is our own wish");
    assert_eq!(client.mirror.room(&room()).unwrap().name.as_deref(), Some("Friends"), "before it says so");
    let form = client.next();
    assert_eq!((form.attribute("type"), form.child(OWNER, "query").is_some()), (Some("get"), true));
    kept(&mut client);
    answer(&mut client, &form, FORM);
    let submit = client.next();
    let x = submit.child(OWNER, "query").unwrap().children().next().unwrap().clone();
    for (name, value) in [
        ("FORM_TYPE", "http://jabber.org/protocol/muc#roomconfig"),
        ("muc#roomconfig_roomname", "Friends"),
        ("muc#roomconfig_membersonly", "1"),
        ("muc#roomconfig_publicroom", "0"),
        ("muc#roomconfig_persistentroom", "1"),
        ("muc#roomconfig_whois", "anyone"),
        ("mam", "1"),
    ] {
        assert_eq!(field(&x, name).as_deref(), Some(value), "{name}");
    }
    assert_eq!(field(&x, "muc#roomconfig_allowpm").unwrap_or_default(), "", "only what is offered");
    client.changes.clear();
    client.stanza(&format!("<message from='{ROOM}' type='groupchat'><x xmlns='{MUC_USER}'><status code='104'/><status code='170'/></x></message>"));
    assert!(news(&client).is_empty(), "it is our own wish");
    let info = client.next();
    let names =
        "<feature var='muc_membersonly'/><feature var='urn:xmpp:occupant-id:0'/><feature var='urn:xmpp:sid:0'/>";
    answer(&mut client, &info, &info_of(names));
    answer(&mut client, &submit, "");
    let late =
        format!("<delay xmlns='urn:xmpp:delay' from='{ROOM}' stamp='2026-01-01T00:00:00Z'/>{}", named("id-me", "s1"));
    client.stanza(&says("me", "1", "mine", &late));
    assert_eq!(client.rows(ROOM)[0].1, Some("acked"), "by the name that the group chat gave us");
    let mut sent: Vec<Element> = std::iter::from_fn(|| (!client.sent.is_empty()).then(|| client.next())).collect();
    let at = sent.iter().position(|one| one.child(ADMIN, "query").is_some()).unwrap();
    let member = sent.remove(at);
    assert_eq!((item(&member).attribute("jid"), item(&member).attribute("affiliation")), (Some(ANN), Some("member")));
    answer(&mut client, &member, "");
    let invitation = client.next();
    assert_eq!(invitation.attribute("to"), Some(ANN));
    assert_eq!(invitation.child("jabber:x:conference", "x").unwrap().attribute("jid"), Some(ROOM));
    answer(&mut client, &sent[0], &info_of("<feature var='muc_membersonly'/><feature var='muc_nonanonymous'/>"));
    assert_eq!(client.mirror.room(&room()).unwrap().kind(), RoomKind::PrivateGroup);
    let group = client.mirror.conversation(&room()).unwrap();
    assert_eq!(group.room, Some(Notify::All), "whoever makes a private group wants to hear it");
}

#[test]
fn one_that_nobody_meant_to_make_is_opened_as_it_is() {
    let mut client = online();
    client.command(join(Some("me")));
    let info = client.next();
    refuse(&mut client, &info, "item-not-found");
    client.next();
    client.stanza(&there("me", "owner", "moderator", "<status code='110'/><status code='201'/>"));
    assert_eq!(news(&client), [RoomNews::Created], "nobody meant to");
    let submit = client.next();
    let x = submit.child(OWNER, "query").unwrap().children().next().unwrap().to_xml();
    assert_eq!((submit.attribute("type"), x.as_str()), (Some("set"), "<x xmlns='jabber:x:data' type='submit'/>"));
    kept(&mut client);
    answer(&mut client, &submit, "");
    assert_eq!(client.next().attribute("to"), Some(ROOM), "what it is now");
    client.nothing_sent();
}

#[test]
fn the_form_that_sets_it_up_is_shown_answered_and_closed() {
    let mut client = owner();
    order(&mut client, RoomOrder::Configure(room()));
    let form = client.next();
    answer(&mut client, &form, FORM);
    assert_eq!(client.mirror.room_form(&room()).unwrap().fields.len(), 8);
    let answers = vec![Answer { name: "muc#roomconfig_roomname".into(), values: vec!["New".into()] }];
    order(&mut client, RoomOrder::Submit { room: room(), answers: Some(answers) });
    let submit = client.next();
    let x = submit.child(OWNER, "query").unwrap().children().next().unwrap().clone();
    assert_eq!(field(&x, "muc#roomconfig_roomname").as_deref(), Some("New"));
    assert_eq!(field(&x, "muc#roomconfig_publicroom").as_deref(), Some("1"), "what was not answered stays");
    refuse(&mut client, &submit, "not-acceptable");
    assert!(client.mirror.room_form(&room()).is_some(), "it can be answered again");
    assert!(matches!(news(&client).last(), Some(RoomNews::Refused(RoomWish::Configure, _))));
    order(&mut client, RoomOrder::Submit { room: room(), answers: None });
    assert!(client.next().to_xml().contains("type='cancel'"));
    assert!(client.mirror.room_form(&room()).is_none());
    order(&mut client, RoomOrder::Configure(room()));
    let form = client.next();
    refuse(&mut client, &form, "forbidden");
    assert!(matches!(news(&client).last(), Some(RoomNews::Refused(RoomWish::Configure, _))));
}

#[test]
fn people_are_put_out_banned_given_voice_and_listed() {
    let mut client = owner();
    order(
        &mut client,
        RoomOrder::SetRole { room: room(), nick: "bob".into(), role: Role::None, reason: Some("noise".into()) },
    );
    let kick = client.next();
    let one = item(&kick);
    assert_eq!((one.attribute("nick"), one.attribute("role")), (Some("bob"), Some("none")));
    assert_eq!(one.children().next().unwrap().text(), "noise");
    refuse(&mut client, &kick, "not-allowed");
    assert!(matches!(news(&client).last(), Some(RoomNews::Refused(RoomWish::Role, _))));
    order(
        &mut client,
        RoomOrder::SetAffiliation {
            room: room(),
            who: jid("eve@x.ex"),
            affiliation: Affiliation::Outcast,
            reason: None,
        },
    );
    let ban = client.next();
    assert_eq!((item(&ban).attribute("jid"), item(&ban).attribute("affiliation")), (Some("eve@x.ex"), Some("outcast")));
    order(&mut client, RoomOrder::ListMembers { room: room(), affiliation: Affiliation::Outcast });
    let list = client.next();
    let items = "<item affiliation='outcast' jid='eve@x.ex'><reason>spam</reason></item><item affiliation='member' jid='ann@s.ex'/><item affiliation='outcast' jid='@'/>";
    answer(&mut client, &list, &format!("<query xmlns='{ADMIN}'>{items}</query>"));
    let listed = client.mirror.members(&room(), Affiliation::Outcast).unwrap().unwrap();
    assert_eq!(
        listed.iter().map(|one| (one.address.as_str(), one.reason.as_deref())).collect::<Vec<_>>(),
        [("eve@x.ex", Some("spam"))]
    );
    // A list that is not for us is no news.
    let told = news(&client).len();
    order(&mut client, RoomOrder::ListMembers { room: room(), affiliation: Affiliation::Owner });
    let list = client.next();
    refuse(&mut client, &list, "forbidden");
    assert_eq!(news(&client).len(), told);
}

#[test]
fn a_group_chat_is_destroyed_with_a_word_where_to_go() {
    let mut client = owner();
    order(
        &mut client,
        RoomOrder::Destroy { room: room(), alternate: Some(jid("cave@rooms.ex")), reason: Some("moved".into()) },
    );
    let xml = client.next().to_xml();
    assert!(xml.contains("<destroy jid='cave@rooms.ex'><reason>moved</reason></destroy>"), "{xml}");
    client.stanza(&format!("<presence from='{ROOM}/me' type='unavailable'><x xmlns='{MUC_USER}'><item affiliation='none' role='none'/><destroy jid='cave@rooms.ex'/></x></presence>"));
    assert!(matches!(client.mirror.room(&room()).unwrap().phase, Phase::Refused(Why::Destroyed { .. })));
    assert!(client.next().to_xml().contains("autojoin='false'"), "nobody makes it anew by going in");
}

#[test]
fn rank_and_voice_are_told_and_asked_for() {
    let mut client = inside(OPEN);
    client.stanza(&there("me", "none", "visitor", "<status code='110'/>"));
    assert_eq!(news(&client), [RoomNews::Voice(false)]);
    assert!(!client.mirror.room(&room()).unwrap().may_speak());
    order(&mut client, RoomOrder::RequestVoice(room()));
    let request = client.next();
    let x = request.child("jabber:x:data", "x").unwrap();
    assert_eq!((request.attribute("to"), field(x, "muc#role").as_deref()), (Some(ROOM), Some("participant")));
    client.stanza(&there("me", "member", "participant", "<status code='110'/>"));
    assert_eq!(news(&client), [RoomNews::Voice(false), RoomNews::Belongs(Affiliation::Member), RoomNews::Voice(true)]);
}

#[test]
fn who_asks_for_voice_is_answered_by_moderators_alone() {
    let form = format!(
        "<message from='{ROOM}'><x xmlns='jabber:x:data' type='form'><field var='FORM_TYPE' type='hidden'><value>http://jabber.org/protocol/muc#request</value></field>\
         <field var='muc#role'><value>participant</value></field><field var='muc#jid'><value>bob@x.ex/p</value></field><field var='muc#roomnick'><value>bob</value></field>\
         <field var='muc#request_allow' type='boolean'><value>false</value></field></x></message>"
    );
    let mut client = inside(OPEN);
    client.stanza(&form);
    assert!(news(&client).is_empty(), "we decide nothing");
    let mut client = owner();
    client.stanza(&form.replace(&format!("from='{ROOM}'"), &format!("from='{ROOM}/eve'")));
    assert!(news(&client).is_empty());
    client.stanza(&form);
    assert_eq!(news(&client), [RoomNews::WantsVoice { nick: "bob".into(), address: Some(jid("bob@x.ex")) }]);
    order(&mut client, RoomOrder::AnswerVoice { room: room(), nick: "eve".into(), allow: true });
    client.nothing_sent();
    order(&mut client, RoomOrder::AnswerVoice { room: room(), nick: "bob".into(), allow: true });
    let sent = client.next();
    let x = sent.child("jabber:x:data", "x").unwrap();
    assert_eq!(
        (field(x, "muc#request_allow").as_deref(), field(x, "muc#roomnick").as_deref()),
        (Some("true"), Some("bob"))
    );
}

#[test]
fn every_number_of_the_group_chat_has_its_word() {
    let mut client = inside(OPEN);
    let words = [
        (102, RoomNews::ShowsAbsent(true)),
        (103, RoomNews::ShowsAbsent(false)),
        (104, RoomNews::SetUpAnew),
        (170, RoomNews::Logged),
        (171, RoomNews::NotLogged),
        (172, RoomNews::AddressesShown),
        (173, RoomNews::AddressesHidden),
        (174, RoomNews::AddressesHidden),
    ];
    for (code, word) in words {
        client.changes.clear();
        client.sent.clear();
        client.stanza(&format!(
            "<message from='{ROOM}' type='groupchat'><x xmlns='{MUC_USER}'><status code='{code}'/></x></message>"
        ));
        assert_eq!(news(&client), [word], "{code}");
        let asks = client.sent.iter().any(|frame| frame.contains("disco#info"));
        assert_eq!(asks, code >= 104, "{code}: what it is now");
    }
    assert!(!client.mirror.room(&room()).unwrap().traits.logged);
    // On the way in.
    let mut client = online();
    client.command(join(Some("me")));
    let info = client.next();
    answer(&mut client, &info, &info_of(OPEN));
    client.next();
    client.stanza(&there("me", "none", "participant", "<status code='100'/><status code='110'/><status code='170'/>"));
    assert_eq!(news(&client), [RoomNews::AddressesShown, RoomNews::Logged]);
    assert!(client.mirror.room(&room()).unwrap().traits.logged);
}

#[test]
fn invitations_wait_for_the_user_and_none_is_followed_by_itself() {
    let mut client = online();
    client.stanza(&format!("<message from='ann@s.ex/p'><x xmlns='jabber:x:conference' jid='{ROOM}' password='p' reason='come'/><body>come!</body></message>"));
    client.nothing_sent();
    let waiting = client.mirror.room_invitations();
    let one = &waiting[0];
    assert_eq!((one.room.as_str(), one.mediated, one.reason.as_deref()), (ROOM, false, Some("come")));
    assert_eq!(one.from.as_ref().unwrap().bare().as_str(), ANN);
    assert!(client.rows(ANN).is_empty(), "no message beside it");
    // The same from another is one, and there are not more than twenty.
    client.stanza(&format!("<message from='{ROOM}'><x xmlns='{MUC_USER}'><invite from='eve@x.ex/p'><reason>please</reason></invite><password>q</password></x></message>"));
    assert_eq!(client.mirror.room_invitations().len(), 1);
    assert!(client.mirror.room_invitations()[0].mediated);
    for n in 0..30 {
        client.stanza(&format!(
            "<message from='eve@x.ex/p'><x xmlns='jabber:x:conference' jid='r{n}@rooms.ex'/></message>"
        ));
    }
    assert_eq!(client.mirror.room_invitations().len(), 20);
    // An archived one, and a copy of one that we sent, are none.
    order(&mut client, RoomOrder::AnswerInvitation { room: jid("r0@rooms.ex"), accept: false });
    client.nothing_sent();
    order(&mut client, RoomOrder::AnswerInvitation { room: room(), accept: true });
    let info = client.next();
    answer(&mut client, &info, &info_of(OPEN));
    let reserved = client.next();
    answer(&mut client, &reserved, "");
    let presence = client.next().to_xml();
    assert!(presence.contains("<password>q</password>"), "{presence}");
    client.stanza(&there("me", "none", "participant", "<status code='110'/>"));
    client.stanza(&format!("<message from='ann@s.ex/p'><x xmlns='jabber:x:conference' jid='{ROOM}'/></message>"));
    assert!(!client.mirror.room_invitations().iter().any(|one| one.room == room()), "we are there");
}

#[test]
fn a_mediated_invitation_is_declined_where_it_came_from() {
    let mut client = online();
    client.stanza(&format!("<message from='{ROOM}'><x xmlns='{MUC_USER}'><invite from='ann@s.ex/p'/></x></message>"));
    order(&mut client, RoomOrder::AnswerInvitation { room: room(), accept: false });
    let sent = client.next();
    let decline = sent.child(MUC_USER, "x").unwrap().children().next().unwrap().clone();
    assert_eq!(
        (sent.attribute("to"), decline.name(), decline.attribute("to")),
        (Some(ROOM), "decline", Some("ann@s.ex/p"))
    );
    assert!(client.mirror.room_invitations().is_empty());
    // Ours is declined.
    let mut client = inside(OPEN);
    order(&mut client, RoomOrder::Invite { room: room(), who: jid(ANN), reason: Some("come".into()) });
    let sent = client.next();
    assert_eq!(
        (sent.attribute("to"), sent.child("jabber:x:conference", "x").unwrap().attribute("reason")),
        (Some(ANN), Some("come"))
    );
    client.stanza(&format!("<message from='{ROOM}'><x xmlns='{MUC_USER}'><decline from='ann@s.ex/p'><reason>no time</reason></decline></x></message>"));
    assert_eq!(
        news(&client),
        [RoomNews::Declined { by: "ann@s.ex/p".parse().unwrap(), reason: Some("no time".into()) }]
    );
}

#[test]
fn whoever_may_not_decide_who_is_a_member_lets_the_group_chat_invite() {
    let mut client = inside("<feature var='muc_membersonly'/>");
    order(&mut client, RoomOrder::Invite { room: room(), who: jid(ANN), reason: None });
    let sent = client.next();
    let invite = sent.child(MUC_USER, "x").unwrap().children().next().unwrap().clone();
    assert_eq!((sent.attribute("to"), invite.attribute("to")), (Some(ROOM), Some(ANN)));
    let mut client = owner();
    order(&mut client, RoomOrder::Invite { room: room(), who: jid(ANN), reason: None });
    let member = client.next();
    assert_eq!(item(&member).attribute("affiliation"), Some("member"));
    client.nothing_sent();
    refuse(&mut client, &member, "not-allowed");
    assert!(matches!(news(&client).last(), Some(RoomNews::Refused(RoomWish::Invite, _))));
}

#[test]
fn what_one_must_be_in_for_is_refused_at_once_outside() {
    let mut client = online();
    order(&mut client, RoomOrder::SetSubject { room: room(), text: "x".into() });
    order(&mut client, RoomOrder::RequestVoice(room()));
    client.nothing_sent();
    assert_eq!(news(&client), [RoomNews::NotThere(RoomWish::Subject), RoomNews::NotThere(RoomWish::Voice)]);
    let mut client = inside(OPEN);
    order(&mut client, RoomOrder::SetSubject { room: room(), text: " Bears ".into() });
    let sent = client.next();
    assert_eq!(sent.child("jabber:client", "subject").unwrap().text(), "Bears");
    assert!(sent.child("jabber:client", "body").is_none());
    order(&mut client, RoomOrder::SetNotify { room: room(), notify: Notify::Nothing });
    let view = client.mirror.conversation(&room()).unwrap();
    assert_eq!((view.room, view.muted), (Some(Notify::Nothing), true));
}

#[test]
fn somebody_s_account_is_no_group_chat() {
    let mut client = Client::online();
    client.push("<item jid='ann@s.ex' name='Ann' subscription='both'/>");
    client.push("<item jid='joe@far.ex' subscription='from'/>");
    for address in [ANN, "joe@far.ex", "me@s.ex", "somebody@s.ex", "rooms.ex"] {
        client.changes.clear();
        order(&mut client, RoomOrder::Join { room: jid(address), nick: None, password: None });
        assert_eq!(news(&client), [RoomNews::NoGroup], "{address}");
        assert!(client.mirror.room(&jid(address)).is_none(), "{address} does not look like one");
    }
    client.nothing_sent();
    client.stanza("<presence from='ann@s.ex/p'/>");
    client.stanza("<message from='ann@s.ex/p' type='chat' id='1'><body>hi</body></message>");
    assert_eq!(client.rows(ANN).len(), 1);
}

#[test]
fn group_chats_are_found_at_the_own_server_and_by_those_who_search() {
    let mut client = online();
    order(&mut client, RoomOrder::Find { number: 7, service: None, text: "Den".into() });
    let items = client.next();
    assert_eq!(items.attribute("to"), Some("s.ex"));
    let disco = |items: &str| format!("<query xmlns='http://jabber.org/protocol/disco#items'>{items}</query>");
    answer(
        &mut client,
        &items,
        &disco("<item jid='rooms.ex'/><item jid='search.ex'/><item jid='irc.ex'/><item jid='@'/>"),
    );
    assert!(!client.mirror.found_rooms(7).unwrap().done);
    let infos = [client.next(), client.next(), client.next()];
    let info = |identity: &str, feature: &str| {
        format!(
            "<query xmlns='http://jabber.org/protocol/disco#info'><identity category='conference' type='{identity}'/><feature var='{feature}'/></query>"
        )
    };
    answer(&mut client, &infos[0], &info("text", "http://jabber.org/protocol/muc"));
    answer(&mut client, &infos[1], &info("x", "urn:xmpp:channel-search:0:search"));
    answer(&mut client, &infos[2], &info("irc", "http://jabber.org/protocol/muc"));
    let list = client.next();
    assert_eq!(list.attribute("to"), Some("rooms.ex"));
    answer(
        &mut client,
        &list,
        &disco(
            "<item jid='den@rooms.ex' name='Bears'/><item jid='x@rooms.ex' name='The Den'/><item jid='y@rooms.ex' name='Wolves'/><item jid='rooms.ex' name='den'/>",
        ),
    );
    let search = client.next();
    assert_eq!(search.attribute("to"), Some("search.ex"));
    let x = search.child("urn:xmpp:channel-search:0:search", "search").unwrap().children().next().unwrap().clone();
    assert_eq!(field(&x, "q").as_deref(), Some("Den"));
    let found = client.mirror.found_rooms(7).unwrap();
    assert_eq!((found.rooms.len(), found.done, client.mirror.room_place()), (2, false, Some(Some(jid("rooms.ex")))));
    answer(
        &mut client,
        &search,
        "<result xmlns='urn:xmpp:channel-search:0:search'><item address='den@rooms.ex'><name>Bears</name><nusers>12</nusers></item><item address='garden@far.ex'><description>flowers</description></item></result>",
    );
    let found = client.mirror.found_rooms(7).unwrap();
    assert_eq!((found.rooms.len(), found.done, found.failed, found.rooms[0].people), (3, true, false, Some(12)));
    client.nothing_sent();
    // One that does not answer, and a search that is over.
    order(&mut client, RoomOrder::Find { number: 8, service: Some(jid("far.ex")), text: String::new() });
    let asked = client.next();
    order(&mut client, RoomOrder::Find { number: 9, service: Some(jid("far.ex")), text: String::new() });
    refuse(&mut client, &asked, "remote-server-not-found");
    assert!(client.mirror.found_rooms(9).is_none());
    let asked = client.next();
    refuse(&mut client, &asked, "remote-server-not-found");
    let found = client.mirror.found_rooms(9).unwrap();
    assert!(found.done && found.failed);
}

#[test]
fn bookmarks_can_be_kept_without_going_in() {
    let mut client = online();
    let bookmark = Bookmark { room: room(), name: Some("Den".into()), nick: None, password: None, autojoin: false };
    order(&mut client, RoomOrder::SetBookmark(bookmark.clone()));
    let stored = client.next();
    refuse_own(&mut client, &stored);
    assert!(matches!(news(&client).last(), Some(RoomNews::Refused(RoomWish::Bookmark, _))));
    assert_eq!(client.mirror.bookmarks()[..], [bookmark]);
    order(&mut client, RoomOrder::RemoveBookmark(room()));
    assert!(!client.next().to_xml().contains(ROOM));
    assert!(client.mirror.bookmarks().is_empty());
    order(&mut client, RoomOrder::Forget(room()));
    client.nothing_sent();
}

fn refuse_own(client: &mut Client, question: &Element) {
    let id = question.attribute("id").unwrap();
    client.stanza(&format!("<iq type='error' id='{id}'><error type='cancel'><forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"));
}

#[test]
fn those_in_the_same_group_chat_are_told_who_is_away_and_other_devices_of_a_new_nickname() {
    let mut client = inside(OPEN);
    client.command(Command::SetPresence(waxwing::domain::presence::OwnPresence {
        availability: waxwing::domain::presence::Availability::Away,
        status: Some("for contacts only".into()),
    }));
    assert_eq!(client.next().attribute("to"), None);
    assert_eq!(
        client.next().to_xml(),
        "<presence xmlns='jabber:client' to='den@rooms.ex/me'><show>away</show></presence>"
    );
    order(&mut client, RoomOrder::SetNick { room: room(), nick: "Chief".into() });
    client.next();
    client.stanza(&renames("me", "Chief", "<status code='110'/>"));
    assert!(client.next().to_xml().contains("<nick>Chief</nick>"));
    // How we belong to it, told beside presence.
    client.changes.clear();
    client.stanza(&format!("<message from='{ROOM}'><x xmlns='{MUC_USER}'><item affiliation='admin' jid='me@s.ex'/><status code='101'/></x></message>"));
    assert_eq!(news(&client), [RoomNews::Belongs(Affiliation::Admin)]);
    assert_eq!(client.mirror.room(&room()).unwrap().affiliation, Affiliation::Admin);
}
