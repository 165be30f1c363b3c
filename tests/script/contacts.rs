//! Contacts, presence and who may see whom.

use waxwing::domain::change::{Change, Notice, Wish};
use waxwing::domain::contact::Subscription;
use waxwing::domain::presence::{Availability, OwnPresence};
use waxwing::engine::Input;
use waxwing::engine::SocketEvent;
use waxwing::engine::command::Command;

use crate::harness::{ANN, Client, FEATURES, jid};

const ITEM: &str = "<item jid='ann@s.ex' name='Ann' subscription='both'><group>Friends</group></item>";

fn with_ann() -> Client {
    let mut client = Client::online();
    client.push(ITEM);
    client
}

fn availability(client: &Client, address: &str) -> Availability {
    client.mirror.contact(&jid(address)).unwrap().availability()
}

#[test]
fn the_list_is_asked_for_by_version_and_an_empty_answer_keeps_it() {
    let mut client = Client::new();
    client.log_in();
    client.bind(FEATURES);
    client.settle_fresh(ITEM);
    client.push("<item jid='bob@s.ex' subscription='none'/>");
    client.stanza("<iq type='set' id='p2'><query xmlns='jabber:iq:roster' ver='v2'><item jid='bob@s.ex' name='Bob'/></query></iq>");
    client.next();
    client.break_off();
    client.authenticate(FEATURES);
    let resume = client.next();
    assert_eq!(resume.name(), "resume");
    client
        .frame("<failed xmlns='urn:xmpp:sm:3'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>");
    let id = client.next().attribute("id").unwrap().to_owned();
    client.stanza(&format!(
        "<iq type='result' id='{id}'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>me@s.ex/w1</jid></bind></iq>"
    ));
    assert_eq!(client.next().name(), "enable");
    let roster = client.next();
    assert_eq!(roster.child("jabber:iq:roster", "query").unwrap().attribute("ver"), Some("v2"));
    let id = roster.attribute("id").unwrap().to_owned();
    client.stanza(&format!("<iq type='result' id='{id}'/>"));
    assert_eq!(client.mirror.contact(&jid(ANN)).unwrap().name.as_deref(), Some("Ann"));
    assert_eq!(client.mirror.contact(&jid("bob@s.ex")).unwrap().name.as_deref(), Some("Bob"));
}

#[test]
fn pushes_are_believed_only_from_the_own_account() {
    let mut client = Client::online();
    for from in ["evil@x.ex", "me@s.ex/other", "s.ex", "ann@s.ex"] {
        client.stanza(&format!(
            "<iq type='set' id='p' from='{from}'><query xmlns='jabber:iq:roster'>{ITEM}</query></iq>"
        ));
        client.nothing_sent();
        assert!(client.mirror.contact(&jid(ANN)).is_none(), "{from}");
    }
    client.stanza(&format!("<iq type='set' id='p' from='me@s.ex'><query xmlns='jabber:iq:roster'>{ITEM}</query></iq>"));
    let result = client.next();
    assert_eq!((result.attribute("type"), result.attribute("id")), (Some("result"), Some("p")));
    assert_eq!(client.mirror.contact(&jid(ANN)).unwrap().subscription, Subscription::Both);
    client.stanza(&format!(
        "<iq type='set' id='p'><query xmlns='jabber:iq:roster'>{ITEM}<item jid='bob@s.ex'/></query></iq>"
    ));
    assert_eq!(client.next().attribute("type"), Some("error"), "exactly one item");
    assert!(client.mirror.contact(&jid("bob@s.ex")).is_none());
    client.push("<item jid='ann@s.ex' subscription='remove'/>");
    assert!(client.mirror.contact(&jid(ANN)).is_none());
}

#[test]
fn odd_groups_and_names_are_put_right() {
    let mut client = Client::online();
    client.push("<item jid='ann@s.ex' name='  '><group/><group>A</group><group> A </group><group>B</group></item>");
    let ann = client.mirror.contact(&jid(ANN)).unwrap();
    assert_eq!((ann.name.as_deref(), ann.groups.as_slice()), (None, &["A".to_owned(), "B".to_owned()][..]));
    assert_eq!(ann.display_name(), "ann");
}

#[test]
fn the_device_of_the_highest_priority_is_shown() {
    let mut client = with_ann();
    client.stanza(
        "<presence from='ann@s.ex/desk'><show>dnd</show><status>busy</status><priority>5</priority></presence>",
    );
    client.stanza("<presence from='ann@s.ex/phone'><priority>1</priority></presence>");
    assert_eq!(availability(&client, ANN), Availability::Dnd);
    assert_eq!(client.mirror.contact(&jid(ANN)).unwrap().status(), Some("busy"));
    client.stanza("<presence from='ann@s.ex/desk' type='unavailable'/>");
    assert_eq!(availability(&client, ANN), Availability::Available);
    client.stanza("<presence from='ann@s.ex/phone' type='unavailable'/>");
    assert_eq!(availability(&client, ANN), Availability::Unavailable);
}

#[test]
fn own_presence_says_what_was_chosen() {
    let mut client = Client::online();
    client.command(Command::SetPresence(OwnPresence { availability: Availability::Away, status: Some("tea".into()) }));
    let presence = client.next();
    assert_eq!(presence.child("jabber:client", "show").unwrap().text(), "away");
    assert_eq!(presence.child("jabber:client", "status").unwrap().text(), "tea");
    assert!(presence.child("http://jabber.org/protocol/caps", "c").is_some());
    client.command(Command::SetPresence(OwnPresence { availability: Availability::Available, status: None }));
    let presence = client.next();
    assert!(presence.child("jabber:client", "show").is_none(), "never <show>online</show>");
    // Somebody says that we are gone while we are here.
    client.stanza("<presence from='me@s.ex/w1' type='unavailable'/>");
    assert_eq!(client.next().name(), "presence");
}

#[test]
fn a_request_can_be_accepted_declined_or_blocked() {
    let subscribe = "<presence from='bob@x.ex' type='subscribe'><nick xmlns='http://jabber.org/protocol/nick'>Bob</nick><status>It is me</status></presence>";
    let mut client = Client::online();
    client.stanza(subscribe);
    client.nothing_sent();
    assert!(client.changes.iter().any(|change| matches!(change, Change::Request(request)
        if request.nickname.as_deref() == Some("Bob") && request.message.as_deref() == Some("It is me"))));
    client.command(Command::AcceptRequest(jid("bob@x.ex")));
    let granted = client.next();
    assert_eq!((granted.attribute("type"), granted.attribute("to")), (Some("subscribed"), Some("bob@x.ex")));
    let set = client.next();
    let item = set.child("jabber:iq:roster", "query").unwrap().child("jabber:iq:roster", "item").unwrap().clone();
    assert_eq!((item.attribute("jid"), item.attribute("name")), (Some("bob@x.ex"), None), "a claimed name is not kept");
    assert_eq!(client.next().attribute("type"), Some("subscribe"));
    client.nothing_sent();
    assert!(client.changes.contains(&Change::RequestGone(jid("bob@x.ex"))));

    let mut client = Client::online();
    client.stanza(subscribe);
    client.command(Command::DeclineRequest(jid("bob@x.ex")));
    assert_eq!(client.next().attribute("type"), Some("unsubscribed"));
    client.nothing_sent();

    let mut client = Client::online();
    client.stanza(subscribe);
    client.command(Command::BlockRequest(jid("bob@x.ex")));
    assert_eq!(client.next().attribute("type"), Some("unsubscribed"));
    let block = client.next();
    assert!(block.child("urn:xmpp:blocking", "block").is_some());
    let id = block.attribute("id").unwrap().to_owned();
    client.stanza(&format!("<iq type='error' id='{id}'><error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"));
    assert!(matches!(client.notices()[..], [Notice::Refused { wish: Wish::Block, .. }]));
}

#[test]
fn a_request_that_is_taken_back_is_gone() {
    let mut client = Client::online();
    client.stanza("<presence from='bob@x.ex' type='subscribe'/>");
    client.stanza("<presence from='bob@x.ex' type='unsubscribe'/>");
    assert!(client.changes.contains(&Change::RequestGone(jid("bob@x.ex"))));
}

#[test]
fn who_was_granted_before_is_granted_again_without_asking() {
    let mut client = Client::online();
    client.push("<item jid='bob@x.ex' subscription='none' approved='true'/>");
    client.stanza("<presence from='bob@x.ex' type='subscribe'/>");
    assert_eq!(client.next().attribute("type"), Some("subscribed"));
    assert!(!client.changes.iter().any(|change| matches!(change, Change::Request(_))));
}

#[test]
fn who_was_added_may_see_us_once_without_asking_again() {
    let asks = "<presence from='bob@x.ex' type='subscribe'/>";
    let add = || Command::AddContact { address: jid("bob@x.ex"), name: None, groups: vec![] };
    let mut client = Client::online();
    client.command(add());
    client.next();
    client.next();
    client.push("<item jid='bob@x.ex' subscription='to'/>");
    client.stanza(asks);
    assert_eq!(client.next().attribute("type"), Some("subscribed"));
    assert!(!client.changes.iter().any(|change| matches!(change, Change::Request(_))));
    // The invitation is used up: after this, they are strangers who ask.
    client.stanza(asks);
    client.nothing_sent();
    assert!(client.changes.iter().any(|change| matches!(change, Change::Request(_))));

    for second_thought in [
        Command::StopSeeing(jid("bob@x.ex")),
        Command::StopShowing(jid("bob@x.ex")),
        Command::RemoveContact(jid("bob@x.ex")),
    ] {
        let mut client = Client::online();
        client.command(add());
        client.next();
        client.next();
        client.command(second_thought);
        client.next();
        client.stanza(asks);
        client.nothing_sent();
    }
}

#[test]
fn contacts_are_added_edited_and_removed() {
    let mut client = Client::online();
    let (name, groups) = (Some("Bob <b>".to_owned()), vec!["Work".to_owned()]);
    client.command(Command::AddContact { address: jid("bob@x.ex"), name, groups });
    let set = client.next();
    assert!(set.to_xml().contains("<item jid='bob@x.ex' name='Bob &lt;b&gt;'><group>Work</group></item>"), "{set:?}");
    let subscribe = client.next();
    assert_eq!((subscribe.attribute("type"), subscribe.attribute("to")), (Some("subscribe"), Some("bob@x.ex")));
    let id = set.attribute("id").unwrap().to_owned();
    client.stanza(&format!("<iq type='error' id='{id}'><error type='modify'><not-acceptable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"));
    assert!(matches!(client.notices()[..], [Notice::Refused { wish: Wish::Add, .. }]));

    client.command(Command::EditContact { address: jid("bob@x.ex"), name: None, groups: vec![] });
    assert!(client.next().to_xml().contains("<item jid='bob@x.ex'/>"));
    client.command(Command::RemoveContact(jid("bob@x.ex")));
    assert!(client.next().to_xml().contains("<item jid='bob@x.ex' subscription='remove'/>"));
    for (command, kind) in [
        (Command::AskForPresence(jid("bob@x.ex")), "subscribe"),
        (Command::StopSeeing(jid("bob@x.ex")), "unsubscribe"),
        (Command::StopShowing(jid("bob@x.ex")), "unsubscribed"),
        (Command::ApproveBeforehand(jid("bob@x.ex")), "subscribed"),
    ] {
        client.command(command);
        assert_eq!(client.next().attribute("type"), Some(kind));
    }
}

#[test]
fn a_wish_without_a_connection_or_about_oneself_is_told() {
    let mut client = Client::online();
    client.command(Command::AddContact { address: jid("me@s.ex"), name: None, groups: vec![] });
    client.nothing_sent();
    assert!(matches!(client.notices()[..], [Notice::Refused { wish: Wish::Add, .. }]));
    client.changes.clear();
    client.input(Input::Socket(SocketEvent::Closed));
    client.command(Command::RemoveContact(jid(ANN)));
    assert_eq!(client.notices(), [Notice::NotConnected(Wish::Remove)]);
}

#[test]
fn a_fresh_stream_forgets_who_was_there_and_a_list_that_never_comes_is_given_up() {
    let mut client = with_ann();
    client.stanza("<presence from='ann@s.ex/phone'/>");
    assert_eq!(availability(&client, ANN), Availability::Available);
    client.break_off();
    client.authenticate(FEATURES);
    client.next();
    client.frame("<failed xmlns='urn:xmpp:sm:3'/>");
    let id = client.next().attribute("id").unwrap().to_owned();
    client.stanza(&format!(
        "<iq type='result' id='{id}'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>me@s.ex/w1</jid></bind></iq>"
    ));
    assert_eq!(availability(&client, ANN), Availability::Unavailable);
    client.wait(30_000);
    assert!(client.mirror.contact(&jid(ANN)).is_some(), "no answer is no reason to empty the list");
}
