//! Group chats: going in and out, who is there, what is said, and what nobody but the group chat itself may say.

use waxwing::domain::change::{Change, Notice};
use waxwing::domain::room::{Affiliation, Phase, Role, RoomNews, Why};
use waxwing::domain::timeline::{Direction, Message};
use waxwing::engine::command::{Command, Sending};
use waxwing::engine::rooms::RoomOrder;

use crate::rooms_harness::*;

#[test]
fn going_in_asks_what_it_is_and_is_done_with_the_own_presence() {
    let mut client = online();
    client.command(join(None));
    let info = client.next();
    assert_eq!((info.attribute("to"), info.attribute("type")), (Some(ROOM), Some("get")));
    assert_eq!(client.mirror.room(&room()).unwrap().phase, Phase::Joining);
    answer(&mut client, &info, &info_of(OPEN));
    let reserved = client.next();
    assert_eq!(reserved.children().next().unwrap().attribute("node"), Some("x-roomuser-item"));
    answer(&mut client, &reserved, "<query xmlns='http://jabber.org/protocol/disco#info' node='x-roomuser-item'/>");
    let presence = client.next();
    assert_eq!(presence.attribute("to"), Some("den@rooms.ex/me"));
    let x = presence.child("http://jabber.org/protocol/muc", "x").unwrap();
    assert_eq!(x.children().next().unwrap().attribute("maxstanzas"), Some("50"), "there is no archive");
    // ejabberd sends one of the group chat itself first.
    client.stanza(&format!(
        "<presence from='{ROOM}'><c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='x' ver='y'/></presence>"
    ));
    client.stanza(&there("bob", "owner", "moderator", ""));
    assert_eq!(client.mirror.room(&room()).unwrap().phase, Phase::Joining, "only by the own presence");
    client.stanza(&there("me", "none", "participant", "<status code='110'/>"));
    let shown = client.mirror.room(&room()).unwrap();
    assert_eq!((&shown.phase, shown.role, shown.affiliation), (&Phase::Joined, Role::Participant, Affiliation::None));
    assert_eq!((shown.name.as_deref(), shown.may_speak()), (Some("The den"), true));
    client.wait(60);
    assert_eq!(people(&client), ["bob", "me"]);
    assert!(client.mirror.people(&room()).unwrap().called("me").unwrap().is_me);
    client.stanza(&format!("<message from='{ROOM}/bob' type='groupchat'><subject>Bears</subject></message>"));
    let subject = client.mirror.room(&room()).unwrap().subject.clone().unwrap();
    assert_eq!((subject.text.as_str(), subject.by.as_deref()), ("Bears", Some("bob")));
    assert!(client.rows(ROOM).is_empty(), "a subject is no message");
    kept(&mut client);
    client.nothing_sent();
}

#[test]
fn the_nickname_that_is_kept_for_the_user_is_used_unless_another_is_given() {
    let mut client = online();
    client.command(join(None));
    let info = client.next();
    answer(&mut client, &info, &info_of(OPEN));
    let reserved = client.next();
    answer(
        &mut client,
        &reserved,
        "<query xmlns='http://jabber.org/protocol/disco#info'><identity category='conference' type='text' name='Chief'/></query>",
    );
    assert_eq!(client.next().attribute("to"), Some("den@rooms.ex/Chief"));
    let mut client = online();
    client.command(join(Some("Romeo")));
    let info = client.next();
    answer(&mut client, &info, &info_of(OPEN));
    assert_eq!(client.next().attribute("to"), Some("den@rooms.ex/Romeo"));
    // The group chat makes another one of it (210).
    client.stanza(&there("romeo", "none", "participant", "<status code='110'/><status code='210'/>"));
    assert_eq!(client.mirror.room(&room()).unwrap().nick, "romeo");
    assert!(news(&client).contains(&RoomNews::NickGiven("romeo".into())));
}

#[test]
fn every_refusal_has_its_reason() {
    let refused = |condition: &str, password: Option<&str>| {
        let mut client = online();
        client.command(Command::Room(RoomOrder::Join {
            room: room(),
            nick: Some("me".into()),
            password: password.map(str::to_owned),
        }));
        let info = client.next();
        answer(&mut client, &info, &info_of(OPEN));
        let presence = client.next();
        let x = presence.child("http://jabber.org/protocol/muc", "x").unwrap();
        let said = x.children().find(|child| child.name() == "password").map(|password| password.text());
        assert_eq!(said.as_deref(), password);
        client.stanza(&format!(
            "<presence from='{ROOM}/me' type='error'><error type='cancel'>{condition}</error></presence>"
        ));
        match &client.mirror.room(&room()).unwrap().phase {
            Phase::Refused(why) => why.clone(),
            other => panic!("{other:?}"),
        }
    };
    let plain = |name: &str| format!("<{name} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>");
    for (condition, why) in [
        ("not-authorized", Why::PasswordRequired),
        ("forbidden", Why::Banned),
        ("registration-required", Why::MembersOnly),
        ("conflict", Why::NickTaken),
        ("not-acceptable", Why::NickFixed),
        ("service-unavailable", Why::Full),
        ("item-not-found", Why::NotThere),
        ("not-allowed", Why::MayNotCreate),
        ("resource-constraint", Why::TooMuch),
        ("jid-malformed", Why::BadNick),
        ("remote-server-not-found", Why::Unreachable),
        ("gone", Why::Gone { to: None }),
    ] {
        assert_eq!(refused(&plain(condition), None), why, "{condition}");
    }
    assert_eq!(refused(&plain("not-authorized"), Some("wrong")), Why::WrongPassword);
    let moved = "<gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>xmpp:cave@rooms.ex?join</gone>";
    assert_eq!(refused(moved, None), Why::Gone { to: Some("cave@rooms.ex".parse().unwrap()) });
    assert!(matches!(refused(&plain("internal-server-error"), None), Why::Other(_)));
}

#[test]
fn whoever_is_put_out_is_told_why() {
    let put_out = |x: &str| {
        let mut client = inside(OPEN);
        client.stanza(&format!(
            "<presence from='{ROOM}/me' type='unavailable'><x xmlns='http://jabber.org/protocol/muc#user'>{x}</x></presence>"
        ));
        client.wait(60);
        assert!(client.mirror.people(&room()).unwrap().is_empty(), "nobody is seen any more");
        let Phase::Refused(why) = client.mirror.room(&room()).unwrap().phase.clone() else { panic!() };
        why
    };
    let item =
        "<item affiliation='none' role='none'><actor nick='bob'/><reason> Out! </reason></item><status code='110'/>";
    let (by, reason) = (Some("bob".to_owned()), Some("Out!".to_owned()));
    assert_eq!(put_out(&format!("{item}<status code='307'/>")), Why::Kicked { by: by.clone(), reason: reason.clone() });
    assert_eq!(put_out(&format!("{item}<status code='301'/>")), Why::BannedNow { by, reason });
    assert_eq!(put_out(&format!("{item}<status code='321'/>")), Why::NoMember);
    assert_eq!(put_out(&format!("{item}<status code='322'/>")), Why::MembersOnlyNow);
    assert_eq!(put_out(&format!("{item}<status code='332'/>")), Why::ShutDown);
    assert_eq!(put_out(&format!("{item}<status code='307'/><status code='333'/>")), Why::Fault);
    assert_eq!(
        put_out("<item affiliation='none' role='none'/><destroy jid='cave@rooms.ex'><reason>old</reason></destroy>"),
        Why::Destroyed {
            alternate: Some("cave@rooms.ex".parse().unwrap()),
            password: None,
            reason: Some("old".into())
        }
    );
}

#[test]
fn what_may_pass_is_tried_again_and_what_the_user_must_decide_is_not() {
    let mut client = inside(OPEN);
    client.stanza(&gone_away("me", "<status code='110'/><status code='332'/>"));
    client.nothing_sent();
    client.wait(30_000);
    client.sent.retain(|frame| !frame.starts_with("<r "));
    assert_eq!(client.next().attribute("to"), Some(ROOM), "what it is");
    assert_eq!(client.next().attribute("to"), Some("den@rooms.ex/me"), "and at once in, as last time");
    client.stanza(&there("me", "none", "participant", "<status code='110'/>"));
    assert_eq!(client.mirror.room(&room()).unwrap().phase, Phase::Joined);
    client.stanza(&gone_away("me", "<status code='110'/><status code='307'/>"));
    client.wait(700_000);
    assert!(!client.sent.iter().any(|frame| frame.contains(ROOM)), "{:?}", client.sent);
}

#[test]
fn a_change_of_name_keeps_the_person() {
    let mut client = inside(OPEN);
    client.stanza(&there("bob", "member", "participant", ""));
    client.wait(60);
    let number = client.mirror.people(&room()).unwrap().called("bob").unwrap().number;
    client.stanza(&renames("bob", "rob", ""));
    client.stanza(&there("rob", "member", "participant", ""));
    client.wait(60);
    let rob = client.mirror.people(&room()).unwrap().called("rob").unwrap();
    assert_eq!((rob.number, people(&client)), (number, vec!["me".into(), "rob".into()]));
    assert!(client.rows(ROOM).is_empty(), "no lines about it");
    let renamed = client.mirror.renamed(&room()).unwrap();
    assert_eq!((renamed.0, &*renamed.1, &*renamed.2), (1, "bob", "rob"), "it is said for a while");
    // Our own, too.
    client.command(Command::Room(RoomOrder::SetNick { room: room(), nick: "Chief".into() }));
    assert_eq!(client.next().attribute("to"), Some("den@rooms.ex/Chief"));
    client.stanza(&renames("me", "Chief", "<status code='110'/>"));
    client.stanza(&there("Chief", "none", "participant", "<status code='110'/>"));
    let shown = client.mirror.room(&room()).unwrap();
    assert_eq!((shown.nick.as_str(), &shown.phase), ("Chief", &Phase::Joined));
    // A nickname that somebody has.
    client.command(Command::Room(RoomOrder::SetNick { room: room(), nick: "rob".into() }));
    client.next();
    client.stanza(&format!("<presence from='{ROOM}/rob' type='error'><error type='cancel'><conflict xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></presence>"));
    assert_eq!(client.mirror.room(&room()).unwrap().phase, Phase::Joined);
    assert!(matches!(news(&client).last(), Some(RoomNews::Refused(..))));
}

#[test]
fn thousands_of_presences_are_told_in_few_changes() {
    let mut client = inside(OPEN);
    client.changes.clear();
    for n in 0..2_000 {
        client.stanza(&there(&format!("p{n}"), "none", "participant", ""));
        if n % 200 == 0 {
            client.wait(10);
        }
    }
    client.wait(60);
    let told = client.changes.iter().filter(|change| matches!(change, Change::Room(_))).count();
    assert!(told <= 4, "{told}");
    assert_eq!(client.mirror.people(&room()).unwrap().len(), 2_001);
}

#[test]
fn an_own_message_is_on_its_way_until_it_comes_back() {
    let mut client = inside(OPEN);
    client.stanza(&there("bob", "none", "participant", ""));
    say(&mut client, "hi");
    let sent = client.next();
    assert_eq!((sent.attribute("type"), sent.attribute("to")), (Some("groupchat"), Some(ROOM)));
    assert!(sent.child("urn:xmpp:receipts", "request").is_none(), "thousands would answer");
    let id = sent.attribute("id").unwrap().to_owned();
    client.confirm();
    assert_eq!(client.rows(ROOM), [("hi".into(), Some("sent"))], "our server has it, the group chat not yet");
    client.stanza(&says("bob", "x1", "before", ""));
    assert_eq!(texts(&client), ["before", "hi"], "the group chat had that before ours");
    client.stanza(&says("me", &id, "hi!", ""));
    assert_eq!(client.rows(ROOM)[1], ("hi!".into(), Some("acked")), "as the group chat passes it on");
    let row = rows(&client).remove(0);
    assert_eq!((row.direction, &*row.author.unwrap().nick), (Direction::In, "bob"));
    assert_eq!(client.unread(ROOM), 1);
    // From another device of ours.
    client.stanza(&says("me", "other", "from the desk", ""));
    assert_eq!(client.rows(ROOM)[2], ("from the desk".into(), Some("acked")));
}

#[test]
fn what_does_not_come_back_is_uncertain() {
    let mut client = inside(OPEN);
    say(&mut client, "hi");
    client.next();
    client.confirm();
    client.wait(29_000);
    assert_eq!(client.rows(ROOM)[0].1, Some("sent"));
    client.wait(1_001);
    assert_eq!(client.rows(ROOM)[0].1, Some("unknown"));
}

#[test]
fn what_the_group_chat_refuses_is_told_and_can_be_tried_again() {
    let mut client = inside(OPEN);
    say(&mut client, "hi");
    let id = client.next().attribute("id").unwrap().to_owned();
    let error = |from: &str| {
        format!(
            "<message from='{from}' id='{id}' type='error'><error type='auth'><forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>"
        )
    };
    client.stanza(&error("den@rooms.ex/bob"));
    client.stanza(&error("eve@x.ex"));
    assert_eq!(client.rows(ROOM)[0].1, Some("sent"), "a participant refuses nothing");
    client.stanza(&error(ROOM));
    assert_eq!(client.rows(ROOM)[0].1, Some("failed"));
    let key = rows(&client)[0].key;
    client.command(Command::Retry { peer: room(), key });
    assert_eq!(client.next().attribute("id"), Some(id.as_str()));
}

#[test]
fn what_is_written_before_one_is_in_waits() {
    let mut client = online();
    client.command(join(Some("me")));
    say(&mut client, "hi");
    let info = client.next();
    answer(&mut client, &info, &info_of(OPEN));
    client.next();
    client.nothing_sent();
    assert_eq!(client.rows(ROOM), [("hi".into(), Some("queued"))]);
    client.stanza(&there("me", "none", "participant", "<status code='110'/>"));
    kept(&mut client);
    assert_eq!(client.next().child("jabber:client", "body").unwrap().text(), "hi");
}

#[test]
fn only_the_group_chat_itself_says_what_became_of_it() {
    let mut client = inside(OPEN);
    client.stanza(&there("eve", "none", "participant", ""));
    client.changes.clear();
    let x = "<x xmlns='http://jabber.org/protocol/muc#user'><status code='172'/></x>";
    let invite =
        "<x xmlns='http://jabber.org/protocol/muc#user'><invite from='ann@s.ex'><reason>come</reason></invite></x>";
    for from in ["den@rooms.ex/eve", "eve@x.ex/p"] {
        client.stanza(&says_as(from, "1", "hello", x));
        client.stanza(&format!("<message from='{from}'>{invite}</message>"));
        client.stanza(&format!("<message from='{from}' type='groupchat'>{invite}</message>"));
        client.stanza(&format!("<message from='{from}' type='groupchat'>{x}</message>"));
    }
    assert!(news(&client).is_empty(), "{:?}", news(&client));
    assert!(client.mirror.room_invitations().is_empty());
    assert_eq!(texts(&client), ["hello"], "what a participant says is only that");
    client.stanza(&format!("<message from='{ROOM}' type='groupchat'>{x}</message>"));
    assert_eq!(news(&client), [RoomNews::AddressesShown]);
    assert_eq!(client.next().attribute("to"), Some(ROOM), "what it is now");
    // Presence of others that says it is ours.
    client.stanza(&there("eve", "owner", "moderator", "<status code='110'/>"));
    let shown = client.mirror.room(&room()).unwrap();
    assert_eq!((shown.nick.as_str(), shown.role), ("me", Role::Participant));
    client.stanza(&gone_away("eve", "<status code='110'/><status code='301'/>"));
    assert_eq!(client.mirror.room(&room()).unwrap().phase, Phase::Joined);
}

#[test]
fn what_is_said_outside_of_where_we_are_is_not_heard() {
    let mut client = inside(OPEN);
    client.stanza("<message from='other@rooms.ex/eve' type='groupchat' id='1'><body>psst</body></message>");
    client.stanza("<presence from='other@rooms.ex/me'><x xmlns='http://jabber.org/protocol/muc#user'><item affiliation='owner' role='moderator'/><status code='110'/></x></presence>");
    assert!(client.mirror.room(&"other@rooms.ex".parse().unwrap()).is_none());
    // A copy of what another device of ours got.
    let inner = format!(
        "<message xmlns='jabber:client' from='{ROOM}/eve' to='me@s.ex/x' type='groupchat'><body>psst</body></message>"
    );
    for kind in ["received", "sent"] {
        client.stanza(&format!("<message from='me@s.ex'><{kind} xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'>{inner}</forwarded></{kind}></message>"));
    }
    assert!(client.rows(ROOM).is_empty());
    client.mirror.flush();
    assert_eq!(client.mirror.conversations().len(), 1);
}

#[test]
fn only_who_wrote_a_message_corrects_it_and_a_nickname_proves_nothing() {
    let mut client = inside(OPEN);
    client.stanza(&there("bob", "none", "participant", ""));
    client.stanza(&there("eve", "none", "participant", ""));
    client.stanza(&says("bob", "b1", "helo", ""));
    client.stanza(&says("eve", "e1", "owned", "<replace id='b1' xmlns='urn:xmpp:message-correct:0'/>"));
    assert_eq!(texts(&client), ["helo", "owned"], "it stands for itself");
    client.stanza(&says("bob", "b2", "hello", "<replace id='b1' xmlns='urn:xmpp:message-correct:0'/>"));
    assert_eq!(texts(&client), ["hello", "owned"]);
    // Bob leaves, and eve takes the nickname.
    client.stanza(&gone_away("bob", ""));
    client.stanza(&renames("eve", "bob", ""));
    client.stanza(&there("bob", "none", "participant", ""));
    client.stanza(&says("bob", "e2", "I was bad", "<replace id='b1' xmlns='urn:xmpp:message-correct:0'/>"));
    assert_eq!(texts(&client), ["hello", "owned", "I was bad"]);
    // Ids of different senders never meet.
    client.stanza(&there("ann", "none", "participant", ""));
    client.stanza(&says("ann", "b1", "another", ""));
    assert_eq!(texts(&client).last().unwrap(), "another");
}

#[test]
fn who_is_named_by_the_group_chat_is_known_under_every_nickname() {
    let mut client = inside(WITH_IDS);
    client.stanza(&there_as("bob", "id-bob"));
    client.stanza(&says("bob", "b1", "helo", &named("id-bob", "s1")));
    client.stanza(&gone_away("bob", ""));
    client.stanza(&there_as("rob", "id-bob"));
    client.stanza(&there_as("bob", "id-eve"));
    let fix = "<replace id='b1' xmlns='urn:xmpp:message-correct:0'/>";
    client.stanza(&says("bob", "e1", "owned", &format!("{fix}{}", named("id-eve", "s2"))));
    assert_eq!(texts(&client), ["helo", "owned"]);
    client.stanza(&says("rob", "b2", "hello", &format!("{fix}{}", named("id-bob", "s3"))));
    assert_eq!(texts(&client), ["hello", "owned"]);
    // Taken back by the name that the group chat gave the message, and by its author alone.
    let retract = |of: &str| format!("<retract id='{of}' xmlns='urn:xmpp:message-retract:1'/>");
    client.stanza(&says("bob", "e2", "x", &format!("{}{}", retract("s1"), named("id-eve", "s4"))));
    client.stanza(&says("rob", "b3", "x", &format!("{}{}", retract("b1"), named("id-bob", "s5"))));
    assert_eq!(texts(&client), ["hello", "owned"]);
    client.stanza(&says("rob", "b4", "x", &format!("{}{}", retract("s1"), named("id-bob", "s6"))));
    assert_eq!(texts(&client), ["(retracted)", "owned"]);
}

#[test]
fn names_of_participants_and_messages_are_believed_only_where_they_are_offered() {
    let mut client = inside(OPEN);
    client.stanza(&there_as("bob", "id-bob"));
    client.stanza(&there_as("eve", "id-bob"));
    client.stanza(&says("bob", "b1", "hello", &named("id-bob", "s1")));
    let fix = "<replace id='b1' xmlns='urn:xmpp:message-correct:0'/>";
    client.stanza(&says("eve", "e1", "owned", &format!("{fix}{}", named("id-bob", "s2"))));
    assert_eq!(texts(&client), ["hello", "owned"]);
    let row = rows(&client).remove(0);
    assert_eq!(row.author.unwrap().occupant_id, None);
    client.command(Command::Send {
        id: None,
        peer: room(),
        what: Sending::React { key: row.key, emojis: vec!["👍".into()] },
    });
    client.nothing_sent();
}

#[test]
fn signs_answers_and_corrections_of_ours_go_by_the_names_that_the_group_chat_gave() {
    let mut client = inside(WITH_IDS);
    client.stanza(&there_as("bob", "id-bob"));
    client.stanza(&says("bob", "b1", "hello", &named("id-bob", "s1")));
    let key = rows(&client)[0].key;
    let send = |client: &mut crate::harness::Client, what| {
        client.command(Command::Send { id: None, peer: room(), what });
        client.next()
    };
    let react = send(&mut client, Sending::React { key, emojis: vec!["👍".into()] });
    assert_eq!(react.attribute("type"), Some("groupchat"));
    assert_eq!(react.child("urn:xmpp:reactions:0", "reactions").unwrap().attribute("id"), Some("s1"));
    let text = Sending::Text { text: "hi bob".into(), reply: Some(key), manner: Default::default(), private: None };
    let reply = send(&mut client, text);
    let told = reply.child("urn:xmpp:reply:0", "reply").unwrap();
    assert_eq!((told.attribute("id"), told.attribute("to")), (Some("s1"), Some("den@rooms.ex/bob")));
    let id = reply.attribute("id").unwrap().to_owned();
    client.stanza(&says("me", &id, "> hello\nhi bob", &format!(
        "<reply xmlns='urn:xmpp:reply:0' id='s1'/><fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:reply:0'><body start='0' end='8'/></fallback>{}", named("id-me", "s2"))));
    let mine = rows(&client).remove(1);
    assert_eq!(mine.body.text().unwrap().as_ref(), "hi bob");
    assert_eq!(mine.reply().unwrap().nick.as_deref(), Some("bob"));
    let correct = send(&mut client, Sending::Correct { key: mine.key, text: "hi Bob".into() });
    assert_eq!(correct.child("urn:xmpp:message-correct:0", "replace").unwrap().attribute("id"), Some(id.as_str()));
    let fixed = correct.attribute("id").unwrap().to_owned();
    client.stanza(&says(
        "me",
        &fixed,
        "hi Bob",
        &format!("<replace id='{id}' xmlns='urn:xmpp:message-correct:0'/>{}", named("id-me", "s3")),
    ));
    let retract = send(&mut client, Sending::Retract(mine.key));
    assert_eq!(retract.child("urn:xmpp:message-retract:1", "retract").unwrap().attribute("id"), Some("s2"));
    // The signs of many, each by nickname.
    let sign = |id: &str, who: &str| {
        format!("<reactions id='s1' xmlns='urn:xmpp:reactions:0'><reaction>👍</reaction></reactions>{}", named(who, id))
    };
    client.stanza(&there_as("eve", "id-eve"));
    client.stanza(&says("eve", "e1", "👍", &sign("s4", "id-eve")));
    client.stanza(&says("bob", "b2", "👍", &sign("s5", "id-bob")));
    let reactions = rows(&client)[0].reactions().to_vec();
    let by: Vec<&str> = reactions[0].by.iter().map(|nick| &**nick).collect();
    assert_eq!((reactions.len(), reactions[0].own, by), (1, true, vec!["eve", "bob"]));
    client.stanza(&says(
        "eve",
        "e2",
        "x",
        &format!("<reactions id='s1' xmlns='urn:xmpp:reactions:0'/>{}", named("id-eve", "s6")),
    ));
    assert_eq!(rows(&client)[0].reactions()[0].by.len(), 1);
    assert_eq!(rows(&client).len(), 2, "none of it is a row");
}

#[test]
fn a_moderator_takes_a_message_away_and_only_the_group_chat_says_so() {
    let mut client = inside(WITH_IDS);
    client.stanza(&there_as("bob", "id-bob"));
    client.stanza(&says("bob", "b1", "buy!", &named("id-bob", "s1")));
    let key = rows(&client)[0].key;
    let moderated = "<retract id='s1' xmlns='urn:xmpp:message-retract:1'><moderated by='den@rooms.ex/eve' xmlns='urn:xmpp:message-moderate:1'/><reason>spam</reason></retract>";
    client.stanza(&says("bob", "b2", "x", &format!("{moderated}{}", named("id-bob", "s2"))));
    client.stanza(&says_as("eve@x.ex/p", "b3", "x", moderated));
    assert_eq!(texts(&client), ["buy!"]);
    client.command(Command::Room(RoomOrder::Moderate { room: room(), key, reason: Some("spam".into()) }));
    let order = client.next();
    assert_eq!((order.attribute("to"), order.attribute("type")), (Some(ROOM), Some("set")));
    let moderate = order.child("urn:xmpp:message-moderate:1", "moderate").unwrap();
    assert_eq!(moderate.attribute("id"), Some("s1"));
    assert_eq!(moderate.children().map(|child| child.name().to_owned()).collect::<Vec<_>>(), ["retract", "reason"]);
    let id = order.attribute("id").unwrap();
    client.stanza(&format!("<iq type='error' from='{ROOM}' id='{id}'><error type='auth'><forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"));
    assert_eq!(texts(&client), ["buy!"]);
    assert!(matches!(news(&client).last(), Some(RoomNews::Refused(..))));
    client.stanza(&format!("<message from='{ROOM}' type='groupchat' id='m1'>{moderated}</message>"));
    let row: Message = rows(&client).remove(0);
    assert_eq!(texts(&client), ["(retracted)"]);
    let removed = row.more.unwrap().removed.unwrap();
    assert_eq!((removed.by.as_deref(), removed.reason.as_deref()), (Some("eve"), Some("spam")));
}

#[test]
fn a_message_that_names_the_user_is_counted_apart() {
    let mut client = inside(OPEN);
    client.stanza(&there("bob", "none", "participant", ""));
    client.stanza(&says("bob", "1", "somebody", ""));
    client.stanza(&says("bob", "2", "Me, you there?", ""));
    client.stanza(&says(
        "bob",
        "3",
        "@you",
        "<reference xmlns='urn:xmpp:reference:0' type='mention' uri='xmpp:me@s.ex'/>",
    ));
    let view = client.mirror.conversation(&room()).unwrap();
    assert_eq!((view.unread, view.mentions), (3, 2));
    client.command(Command::Attend(vec![room()]));
    let view = client.mirror.conversation(&room()).unwrap();
    assert_eq!((view.unread, view.mentions), (0, 0));
}

#[test]
fn going_out_is_told_to_the_group_chat_and_to_the_other_devices() {
    let mut client = inside(OPEN);
    client.command(Command::Room(RoomOrder::Leave(room())));
    let presence = client.next();
    assert_eq!((presence.attribute("type"), presence.attribute("to")), (Some("unavailable"), Some("den@rooms.ex/me")));
    let storage = client.next().to_xml();
    assert!(storage.contains("autojoin='false'"), "{storage}");
    assert_eq!(client.mirror.room(&room()).unwrap().phase, Phase::Left);
    client.stanza(&gone_away("me", "<status code='110'/>"));
    client.stanza(&says("bob", "1", "still there?", ""));
    assert_eq!(client.mirror.room(&room()).unwrap().phase, Phase::Left);
    assert!(client.rows(ROOM).is_empty());
    assert!(!client.changes.iter().any(|change| matches!(change, Change::Notice(Notice::Room(..)))));
}

#[test]
fn odd_things_from_a_group_chat_harm_nobody() {
    let mut client = inside(WITH_IDS);
    let x = "http://jabber.org/protocol/muc#user";
    for odd in [
        format!("<presence from='{ROOM}/bob'/>"),
        format!("<presence from='{ROOM}/bob'><x xmlns='{x}'/></presence>"),
        format!(
            "<presence from='{ROOM}/bob'><x xmlns='{x}'><item affiliation='king' role='fool' jid='@'/><status code='99999999'/><status/></x></presence>"
        ),
        format!(
            "<presence from='{ROOM}/bob' type='unavailable'><x xmlns='{x}'><item nick=''/><status code='303'/></x></presence>"
        ),
        format!(
            "<presence from='{ROOM}/nobody' type='unavailable'><x xmlns='{x}'><item nick='me'/><status code='303'/></x></presence>"
        ),
        format!("<presence from='{ROOM}/bob' type='error'/>"),
        format!("<presence from='{ROOM}' type='error'><error/></presence>"),
        format!("<presence from='{ROOM}' type='unavailable'/>"),
        format!("<presence from='{ROOM}' type='subscribe'/>"),
        format!("<message from='{ROOM}' type='groupchat'/>"),
        format!("<message from='{ROOM}/bob' type='groupchat'/>"),
        format!("<message from='{ROOM}/bob' type='groupchat'><retract xmlns='urn:xmpp:message-retract:1'/></message>"),
        format!(
            "<message from='{ROOM}' type='groupchat'><retract id='x' xmlns='urn:xmpp:message-retract:1'><moderated xmlns='urn:xmpp:message-moderate:1' by='@'/></retract></message>"
        ),
        format!(
            "<message from='{ROOM}/bob' type='groupchat' id=''><body>{}</body><occupant-id xmlns='urn:xmpp:occupant-id:0' id='{}'/></message>",
            "x".repeat(20_000),
            "y".repeat(20_000)
        ),
        format!(
            "<message from='{ROOM}/{}' type='groupchat'><body>{}</body></message>",
            "n".repeat(1_000),
            "\u{202e}".repeat(100)
        ),
        format!("<message from='{ROOM}'><x xmlns='{x}'><invite from='@'/><decline/></x></message>"),
        format!(
            "<message from='{ROOM}'><x xmlns='jabber:x:data' type='form'><field var='FORM_TYPE'><value>http://jabber.org/protocol/muc#request</value></field></x></message>"
        ),
        format!("<message from='{ROOM}' type='error'/>"),
        format!("<message from='{ROOM}'><result xmlns='urn:xmpp:mam:2' queryid='x' id='y'/></message>"),
        format!("<iq type='set' id='1' from='{ROOM}'><query xmlns='http://jabber.org/protocol/muc#admin'/></iq>"),
        "<message from='eve@x.ex'><x xmlns='jabber:x:conference'/></message>".into(),
        "<message from='eve@x.ex'><x xmlns='jabber:x:conference' jid='@'/></message>".into(),
    ] {
        client.stanza(&odd);
        client.wait(60);
        let shown = client.mirror.room(&room()).unwrap();
        assert_eq!((&shown.phase, shown.nick.as_str()), (&Phase::Joined, "me"), "{odd}");
    }
    assert!(client.mirror.room_invitations().is_empty(), "we are there");
    // Whom it says to be called as we are is not us: two people never have one nickname.
    client.stanza(&says("me", "1", "mine", &named("id-me", "s1")));
    assert_eq!(client.rows(ROOM).last().unwrap(), &("mine".to_owned(), Some("acked")));
}
