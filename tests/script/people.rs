//! What people tell of themselves: their names, since when they are away, what their devices are and can do.

use waxwing::clock::Timestamp;
use waxwing::domain::change::{Change, Notice, Wish};
use waxwing::domain::presence::{Availability, OwnPresence, Skill};
use waxwing::engine::command::Command;
use waxwing::wire::xml::Element;

use crate::harness::{ANN, Client, ME, jid};

const NICK: &str = "http://jabber.org/protocol/nick";
const INFO: &str = "http://jabber.org/protocol/disco#info";
/// The hash of [`ZOO`].
const ZOO_HASH: &str = "jS3PpvuxbkKWTRl/8wcYabpIW4U=";
const ZOO: &str = "<identity category='client' type='phone' name='Zoo'/><feature var='http://jabber.org/protocol/chatstates'/>\
    <feature var='jabber:iq:version'/><feature var='urn:xmpp:time'/>";

fn with_ann() -> Client {
    let mut client = Client::online();
    client.push("<item jid='ann@s.ex' subscription='both'/>");
    client
}

fn named(from: &str, name: &str) -> String {
    format!(
        "<message from='{from}' type='headline'><event xmlns='http://jabber.org/protocol/pubsub#event'><items node='{NICK}'>\
         <item id='current'><nick xmlns='{NICK}'>{name}</nick></item></items></event></message>"
    )
}

fn shown(client: &Client) -> String {
    client.mirror.contact(&jid(ANN)).unwrap().display_name().to_owned()
}

#[test]
fn a_name_is_believed_only_from_the_account_itself() {
    let mut client = with_ann();
    client.stanza(&named(ANN, " Ännchen "));
    assert_eq!(shown(&client), "Ännchen");
    for from in ["eve@x.ex", "ann@s.ex/phone", "s.ex", "me@s.ex/other"] {
        client.stanza(&named(from, "Eve"));
    }
    // Wrapped into a copy that is none, and one that is: neither is an event of the account.
    client.stanza(&format!(
        "<message from='eve@x.ex'><received xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'>{}</forwarded></received></message>",
        named(ANN, "Eve").replace("<message", "<message xmlns='jabber:client' to='me@s.ex'")
    ));
    assert_eq!(shown(&client), "Ännchen");
    assert_eq!(client.mirror.own_nickname(), None);
    client.push("<item jid='ann@s.ex' name='Ann' subscription='both'/>");
    assert_eq!(shown(&client), "Ann", "the user's own name for them comes first");
    client.push("<item jid='ann@s.ex' subscription='both'/>");
    assert_eq!(shown(&client), "Ännchen");
    client.stanza(&named(ANN, "\u{202e}\u{200b}"));
    assert_eq!(shown(&client), "ann");
    client.stanza(&named(ANN, "<b>x</b>"));
    assert_eq!(shown(&client), "ann", "markup is no name");
    assert!(client.mirror.conversations().is_empty(), "none of it is a message");
}

#[test]
fn the_own_name_is_published_and_heard_of_from_other_devices() {
    let mut client = with_ann();
    client.command(Command::SetNickname(Some(" Romeo ".into())));
    let publish = client.next();
    assert_eq!((publish.attribute("type"), publish.attribute("to")), (Some("set"), None));
    let pubsub = publish.child("http://jabber.org/protocol/pubsub", "pubsub").unwrap();
    assert!(pubsub.child("http://jabber.org/protocol/pubsub", "publish-options").is_none(), "as the server has it");
    let item = pubsub.child("http://jabber.org/protocol/pubsub", "publish").unwrap().children().next().unwrap();
    assert_eq!(item.child(NICK, "nick").unwrap().text(), "Romeo");
    assert_eq!(client.mirror.own_nickname().as_deref(), Some("Romeo"));
    let id = publish.attribute("id").unwrap().to_owned();
    client.stanza(&format!(
        "<iq type='error' id='{id}'><error type='cancel'><forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"
    ));
    assert!(matches!(client.notices().last(), Some(Notice::Refused { wish: Wish::Nickname, .. })));
    client.stanza(&named(ME, "Montague"));
    assert_eq!(client.mirror.own_nickname().as_deref(), Some("Montague"));
    client.command(Command::SetNickname(None));
    client.next();
    assert_eq!(client.mirror.own_nickname(), None);
}

#[test]
fn since_when_somebody_is_away_is_told_unless_it_is_in_the_future() {
    let mut client = with_ann();
    let idle = |since: &str| {
        format!(
            "<presence from='ann@s.ex/p'><show>away</show><idle xmlns='urn:xmpp:idle:1' since='{since}'/></presence>"
        )
    };
    let since = |client: &Client| client.mirror.contact(&jid(ANN)).unwrap().idle_since();
    client.stanza(&idle("2026-11-18T00:00:00Z"));
    assert_eq!(since(&client), Some(Timestamp(1_794_960_000_000)));
    for odd in ["2999-01-01T00:00:00Z", "yesterday", ""] {
        client.stanza(&idle(odd));
        assert_eq!(since(&client), None, "{odd}");
    }
    client.stanza(&idle("0001-01-01T00:00:00Z"));
    assert!(since(&client).is_some());
    client.stanza("<presence from='ann@s.ex/desk'/>");
    assert_eq!(since(&client), None, "somebody is at another device");
}

#[test]
fn being_away_is_told_with_presence_and_taken_back() {
    let mut client = with_ann();
    let since = Timestamp(1_795_000_000_000);
    client.command(Command::Idle(Some(since)));
    let presence = client.next();
    assert_eq!(presence.child("urn:xmpp:idle:1", "idle").unwrap().attribute("since"), Some("2026-11-18T11:06:40Z"));
    assert_eq!(presence.child("jabber:client", "show").unwrap().text(), "away");
    client.command(Command::Idle(Some(since)));
    client.nothing_sent();
    client.command(Command::SetPresence(OwnPresence { availability: Availability::Dnd, status: None }));
    let presence = client.next();
    assert_eq!(presence.child("jabber:client", "show").unwrap().text(), "dnd", "what was chosen stays");
    assert!(presence.child("urn:xmpp:idle:1", "idle").is_some());
    client.command(Command::Idle(None));
    assert!(client.next().child("urn:xmpp:idle:1", "idle").is_none());
}

#[test]
fn the_time_here_is_told_to_those_who_see_us_if_the_user_wants_that() {
    let mut client = with_ann();
    let ask = |client: &mut Client, from: &str| {
        client.now += 1_000;
        client.stanza(&format!("<iq type='get' id='t' from='{from}'><time xmlns='urn:xmpp:time'/></iq>"));
        client.next()
    };
    assert_eq!(ask(&mut client, "ann@s.ex/p").attribute("type"), Some("error"), "nobody said that it may be told");
    client.command(Command::TellTime(Some(-210)));
    let answer = ask(&mut client, "ann@s.ex/p");
    let time = answer.child("urn:xmpp:time", "time").unwrap();
    assert_eq!(time.child("urn:xmpp:time", "tzo").unwrap().text(), "-03:30");
    assert!(time.child("urn:xmpp:time", "utc").unwrap().text().starts_with("2026-11-18T"));
    assert_eq!(ask(&mut client, "eve@x.ex/r").attribute("type"), Some("error"), "a stranger");
    client.command(Command::TellTime(None));
    assert_eq!(ask(&mut client, "ann@s.ex/p").attribute("type"), Some("error"));
}

/// A device of somebody announces a hash.
fn announce(client: &mut Client, device: &str, hash: &str) {
    client.stanza(&format!(
        "<presence from='{device}'><c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='https://zoo.ex' ver='{hash}'/></presence>"
    ));
}

/// Answers the question of what a device can.
fn tell(client: &mut Client, question: &Element, content: &str) {
    let (id, from) = (question.attribute("id").unwrap(), question.attribute("to").unwrap());
    client.stanza(&format!(
        "<iq type='result' id='{id}' from='{from}'><query xmlns='{INFO}' node='https://zoo.ex#x'>{content}</query></iq>"
    ));
}

fn can(client: &Client, address: &str, skill: Skill) -> Option<bool> {
    client.mirror.contact(&jid(address)).unwrap().can(skill)
}

#[test]
fn what_is_proven_by_its_hash_is_asked_once_for_all() {
    let mut client = with_ann();
    client.push("<item jid='bob@x.ex' subscription='to'/>");
    announce(&mut client, "ann@s.ex/phone", ZOO_HASH);
    let question = client.next();
    assert_eq!((question.attribute("type"), question.attribute("to")), (Some("get"), Some("ann@s.ex/phone")));
    let node = question.child(INFO, "query").unwrap().attribute("node");
    assert_eq!(node, Some(&*format!("https://zoo.ex#{ZOO_HASH}")));
    announce(&mut client, "bob@x.ex/r", ZOO_HASH);
    client.nothing_sent();
    // Not from somebody else, under the same id.
    let id = question.attribute("id").unwrap();
    client.stanza(&format!("<iq type='result' id='{id}' from='bob@x.ex/r'><query xmlns='{INFO}'>{ZOO}</query></iq>"));
    assert_eq!(can(&client, ANN, Skill::Typing), None);
    tell(&mut client, &question, ZOO);
    for address in [ANN, "bob@x.ex"] {
        assert_eq!(can(&client, address, Skill::Typing), Some(true), "{address}");
        assert_eq!(can(&client, address, Skill::Receipts), Some(false), "{address}");
    }
    let device = client.mirror.contact(&jid(ANN)).unwrap().devices[0].clone();
    assert_eq!(device.about.software.as_deref(), Some("Zoo"));
    client.wait(5_000);
    announce(&mut client, "ann@s.ex/tablet", ZOO_HASH);
    client.nothing_sent();
    assert_eq!(client.mirror.contact(&jid(ANN)).unwrap().devices.len(), 2);
}

#[test]
fn lies_about_a_hash_harm_only_the_liar() {
    let mut client = with_ann();
    client.push("<item jid='eve@x.ex' subscription='both'/>");
    announce(&mut client, "eve@x.ex/r", ZOO_HASH);
    let question = client.next();
    announce(&mut client, "ann@s.ex/phone", ZOO_HASH);
    client.nothing_sent();
    let lie = "<identity category='client' type='pc' name='Poison'/><feature var='urn:xmpp:receipts'/>";
    tell(&mut client, &question, lie);
    assert_eq!(can(&client, "eve@x.ex", Skill::Receipts), Some(true), "of herself she may say what she likes");
    assert_eq!(can(&client, ANN, Skill::Receipts), None, "but not of others");
    let question = client.next();
    assert_eq!(question.attribute("to"), Some("ann@s.ex/phone"), "who is asked in her place");
    tell(&mut client, &question, ZOO);
    assert_eq!((can(&client, ANN, Skill::Receipts), can(&client, ANN, Skill::Typing)), (Some(false), Some(true)));
    assert_eq!(can(&client, "eve@x.ex", Skill::Receipts), Some(true));
}

#[test]
fn devices_are_asked_two_at_a_time_and_one_a_second_of_each_domain() {
    let mut client = Client::online();
    let domains = ["x.ex", "x.ex", "x.ex", "y.ex", "z.ex"];
    for (place, domain) in domains.iter().enumerate() {
        client.push(&format!("<item jid='c{place}@{domain}' subscription='both'/>"));
    }
    for (place, domain) in domains.iter().enumerate() {
        announce(&mut client, &format!("c{place}@{domain}/r"), &format!("hash{place}"));
    }
    let asked = |client: &mut Client| -> Vec<(String, String)> {
        let questions: Vec<Element> = std::iter::from_fn(|| (!client.sent.is_empty()).then(|| client.next())).collect();
        let name = |question: &Element, name| question.attribute(name).unwrap().to_owned();
        questions.iter().map(|question| (name(question, "to"), name(question, "id"))).collect()
    };
    let refuse = |client: &mut Client, (from, id): &(String, String)| {
        client.stanza(&format!("<iq type='error' from='{from}' id='{id}'><error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"));
    };
    let to = |questions: &[(String, String)]| questions.iter().map(|(to, _)| to.clone()).collect::<Vec<_>>();
    let first = asked(&mut client);
    assert_eq!(to(&first), ["c0@x.ex/r", "c3@y.ex/r"]);
    client.wait(1_500);
    assert!(asked(&mut client).is_empty(), "two are being asked");
    refuse(&mut client, &first[0]);
    refuse(&mut client, &first[1]);
    assert_eq!(to(&asked(&mut client)), ["c1@x.ex/r", "c4@z.ex/r"], "nobody waits for who does not tell");
    let mut client = Client::online();
    for place in 0..3 {
        client.push(&format!("<item jid='c{place}@x.ex' subscription='both'/>"));
    }
    for place in 0..3 {
        announce(&mut client, &format!("c{place}@x.ex/r"), &format!("hash{place}"));
    }
    assert_eq!(to(&asked(&mut client)), ["c0@x.ex/r"]);
    client.wait(999);
    assert!(asked(&mut client).is_empty(), "not two of one domain within a second");
    client.wait(1);
    assert_eq!(to(&asked(&mut client)), ["c1@x.ex/r"]);
}

#[test]
fn strangers_cannot_make_us_ask() {
    let mut client = Client::online();
    announce(&mut client, "eve@x.ex/r", ZOO_HASH);
    client.wait(5_000);
    client.nothing_sent();
}

#[test]
fn whose_details_are_open_is_asked_for_time_and_version_if_they_can_tell() {
    let mut client = with_ann();
    client.stanza("<presence from='ann@s.ex/old'/>");
    announce(&mut client, "ann@s.ex/phone", ZOO_HASH);
    client.command(Command::LookUp(jid(ANN)));
    let question = client.next();
    tell(&mut client, &question, ZOO);
    client.nothing_sent();
    client.command(Command::LookUp(jid(ANN)));
    let (time, version) = (client.next(), client.next());
    for question in [&time, &version] {
        assert_eq!(question.attribute("to"), Some("ann@s.ex/phone"));
    }
    let answer = |question: &Element, payload: &str| {
        let id = question.attribute("id").unwrap();
        format!("<iq type='result' id='{id}' from='ann@s.ex/phone'>{payload}</iq>")
    };
    client
        .stanza(&answer(&time, "<time xmlns='urn:xmpp:time'><tzo>+05:30</tzo><utc>2026-11-18T00:00:00Z</utc></time>"));
    client.stanza(&answer(&version, "<query xmlns='jabber:iq:version'><name>Zoo</name><version>7</version></query>"));
    let ann = client.mirror.contact(&jid(ANN)).unwrap();
    let about = &ann.devices.iter().find(|device| device.resource == "phone").unwrap().about;
    assert_eq!((about.offset, about.version.as_deref()), (Some(330), Some("7")));
    assert!(client.changes.iter().any(|change| matches!(change, Change::Contact(_))));
}

#[test]
fn a_fresh_stream_asks_again_what_was_not_answered() {
    let mut client = with_ann();
    announce(&mut client, "ann@s.ex/phone", ZOO_HASH);
    client.next();
    client.lose_the_stream("");
    assert_eq!(client.next().name(), "enable");
    client.sent.clear();
    announce(&mut client, "ann@s.ex/phone", ZOO_HASH);
    client.wait(1_000);
    let questions: Vec<Element> = std::iter::from_fn(|| (!client.sent.is_empty()).then(|| client.next())).collect();
    assert!(questions.iter().any(|question| question.attribute("to") == Some("ann@s.ex/phone")));
}
