//! Blocking, reporting, and where strangers are kept.

use waxwing::domain::change::{Change, Notice, Wish};
use waxwing::domain::conversation::Arrange;
use waxwing::engine::command::Command;
use waxwing::wire::xml::Element;

use crate::harness::{ANN, Client, FEATURES, ME, jid};

const BLOCKING: &str = "urn:xmpp:blocking";
const OFFERED: &str = "<feature var='urn:xmpp:blocking'/><feature var='urn:xmpp:reporting:1'/>";

/// Online at a server that can block; its list has one address.
fn online(offered: &'static str) -> Client {
    let mut client = Client::new();
    client.server = Some(offered);
    client.log_in();
    client.bind(FEATURES);
    for name in ["enable", "iq", "iq", "presence", "iq"] {
        assert_eq!(client.next().name(), name);
    }
    client.frame("<enabled xmlns='urn:xmpp:sm:3' id='A' resume='true'/>");
    let list = client.next();
    assert!(list.child(BLOCKING, "blocklist").is_some());
    let id = list.attribute("id").unwrap().to_owned();
    client.stanza(&format!(
        "<iq type='result' id='{id}'><blocklist xmlns='{BLOCKING}'><item jid='spam.ex'/><item jid='no address@@'/></blocklist></iq>"
    ));
    client.nothing_sent();
    client
}

fn is_blocked(client: &Client, address: &str) -> bool {
    client.mirror.blocked().has(&jid(address))
}

/// What is in the next order: its id, the kind, and its item.
fn order(client: &mut Client, kind: &str) -> (String, Element) {
    let order = client.next();
    assert_eq!((order.attribute("type"), order.attribute("to")), (Some("set"), None));
    let item = order.child(BLOCKING, kind).unwrap().child(BLOCKING, "item").unwrap().clone();
    (order.attribute("id").unwrap().to_owned(), item)
}

#[test]
fn the_list_is_fetched_where_it_is_offered_and_only_there() {
    let client = online(OFFERED);
    assert!(is_blocked(&client, "anybody@spam.ex") && !is_blocked(&client, "eve@x.ex"));
    assert!(client.mirror.abilities().blocking && client.mirror.abilities().reporting);
    let client = Client::online();
    client.nothing_sent();
    assert!(!client.mirror.abilities().blocking);
}

#[test]
fn pushes_are_believed_only_from_the_own_account() {
    let mut client = online(OFFERED);
    let push = |from: &str, content: &str| format!("<iq type='set' id='p'{from}>{content}</iq>");
    let block = format!("<block xmlns='{BLOCKING}'><item jid='eve@x.ex'/></block>");
    let unblock = format!("<unblock xmlns='{BLOCKING}'/>");
    for from in ["eve@x.ex", "me@s.ex/other", "s.ex", "ann@s.ex/phone"] {
        for content in [&block, &unblock] {
            client.stanza(&push(&format!(" from='{from}'"), content));
            client.nothing_sent();
            assert!(!is_blocked(&client, "eve@x.ex") && is_blocked(&client, "a@spam.ex"), "{from}");
        }
    }
    client.stanza(&push(&format!(" from='{ME}'"), &block));
    assert_eq!(client.next().attribute("type"), Some("result"));
    assert!(is_blocked(&client, "eve@x.ex"));
    client.stanza(&push("", &format!("<unblock xmlns='{BLOCKING}'><item jid='eve@x.ex'/></unblock>")));
    assert_eq!(client.next().attribute("type"), Some("result"));
    assert!(!is_blocked(&client, "eve@x.ex") && is_blocked(&client, "a@spam.ex"));
    client.stanza(&push("", &format!("<block xmlns='{BLOCKING}'/>")));
    assert_eq!(client.next().attribute("type"), Some("error"), "nobody is no one to block");
    client.stanza(&push("", &unblock));
    assert_eq!(client.next().attribute("type"), Some("result"));
    assert!(!is_blocked(&client, "a@spam.ex"), "everybody");
}

#[test]
fn somebody_is_blocked_and_unblocked() {
    let mut client = online(OFFERED);
    client.command(Command::Block(jid("eve@x.ex")));
    let (id, item) = order(&mut client, "block");
    assert_eq!(item.attribute("jid"), Some("eve@x.ex"));
    assert!(!is_blocked(&client, "eve@x.ex"), "not before the server says so");
    client.stanza(&format!("<iq type='result' id='{id}'/>"));
    assert!(is_blocked(&client, "eve@x.ex"));
    client.command(Command::Unblock(jid("eve@x.ex").into()));
    let (id, _) = order(&mut client, "unblock");
    client.stanza(&format!("<iq type='result' id='{id}'/>"));
    assert!(!is_blocked(&client, "eve@x.ex"));
}

#[test]
fn what_the_server_refuses_is_told() {
    let mut client = online(OFFERED);
    client.command(Command::Block(jid("eve@x.ex")));
    let (id, _) = order(&mut client, "block");
    client.stanza(&format!(
        "<iq type='error' id='{id}'><error type='cancel'><not-allowed xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"
    ));
    assert!(!is_blocked(&client, "eve@x.ex"));
    assert!(matches!(&client.notices()[..], [Notice::Refused { wish: Wish::Block, .. }]));
    client.command(Command::Block(jid(ME)));
    client.nothing_sent();
    client.break_off();
    client.command(Command::Unblock(jid("spam.ex").into()));
    assert!(matches!(client.notices().last(), Some(Notice::NotConnected(Wish::Unblock))));
}

#[test]
fn spam_is_reported_with_the_archive_s_names_of_its_messages() {
    let mut client = online(OFFERED);
    let say = |id: u32, by: &str| {
        format!(
            "<message from='eve@x.ex/r' type='chat' id='m{id}'><body>buy</body>\
             <stanza-id xmlns='urn:xmpp:sid:0' by='{by}' id='a{id}'/></message>"
        )
    };
    client.stanza(&say(1, ME));
    client.stanza(&say(2, "eve@x.ex"));
    client.stanza(&say(3, ME));
    client.command(Command::Report(jid("eve@x.ex")));
    let (_, item) = order(&mut client, "block");
    let report = item.child("urn:xmpp:reporting:1", "report").unwrap();
    assert_eq!(report.attribute("reason"), Some("urn:xmpp:reporting:spam"));
    let named: Vec<_> =
        report.children().map(|id| (id.attribute("by").unwrap(), id.attribute("id").unwrap())).collect();
    assert_eq!(named, [(ME, "a3"), (ME, "a1")], "the id that the sender pretended is no name");
    let mut client = online("<feature var='urn:xmpp:blocking'/>");
    client.command(Command::Report(jid("eve@x.ex")));
    assert!(order(&mut client, "block").1.children().next().is_none(), "a server that takes no reports gets none");
}

#[test]
fn a_stranger_is_one_until_answered_from_any_device() {
    let mut client = Client::online();
    let is_answered = |client: &Client, peer: &str| client.mirror.conversation(&jid(peer)).unwrap().answered;
    client.stanza("<message from='eve@x.ex/r' type='chat' id='1'><body>hi</body></message>");
    assert!(!is_answered(&client, "eve@x.ex"));
    client.stanza(
        "<message from='me@s.ex'><sent xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'>\
         <message xmlns='jabber:client' from='me@s.ex/phone' to='eve@x.ex' type='chat' id='2'><body>who?</body></message>\
         </forwarded></sent></message>",
    );
    assert!(is_answered(&client, "eve@x.ex"));
    client.stanza("<message from='ann@s.ex/r' type='chat' id='1'><body>hi</body></message>");
    client.command(Command::SendText { id: None, peer: jid(ANN), text: "hello".into() });
    assert!(is_answered(&client, ANN));
}

#[test]
fn conversations_are_arranged_and_deleted() {
    let mut client = Client::online();
    for peer in ["ann@s.ex", "bob@s.ex"] {
        client.stanza(&format!("<message from='{peer}/r' type='chat' id='1'><body>hi</body></message>"));
    }
    let order = |client: &mut Client| {
        client.mirror.flush();
        client.mirror.conversations().iter().map(|one| one.peer.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(order(&mut client), ["bob@s.ex", "ann@s.ex"]);
    client.command(Command::Arrange(jid(ANN), Arrange::Pin(true)));
    assert_eq!(order(&mut client), ["ann@s.ex", "bob@s.ex"]);
    client.command(Command::Arrange(jid("bob@s.ex"), Arrange::Mute(true)));
    client.command(Command::Arrange(jid("bob@s.ex"), Arrange::Archive(true)));
    let bob = client.mirror.conversation(&jid("bob@s.ex")).unwrap();
    assert!(bob.muted && bob.archived && bob.unread == 1);
    client.command(Command::Arrange(jid("bob@s.ex"), Arrange::Delete));
    assert_eq!(order(&mut client), ["ann@s.ex"]);
    assert!(client.mirror.timeline(&jid("bob@s.ex")).is_none());
    assert!(client.changes.contains(&Change::ConversationGone(jid("bob@s.ex"))));
    // What comes later begins anew.
    client.stanza("<message from='bob@s.ex/r' type='chat' id='2'><body>again</body></message>");
    assert_eq!(client.mirror.timeline(&jid("bob@s.ex")).unwrap().len(), 1);
}

#[test]
fn what_was_arranged_and_blocked_is_there_on_the_next_visit() {
    let mut client = Client::new();
    client.server = Some("<feature var='urn:xmpp:blocking'/>");
    client.log_in_with(true);
    client.bind(FEATURES);
    client.expect_setup();
    client.stanza("<iq type='set' id='p'><block xmlns='urn:xmpp:blocking'><item jid='eve@x.ex'/></block></iq>");
    client.stanza("<message from='ann@s.ex/r' type='chat' id='1'><body>hi</body></message>");
    client.stanza("<message from='me@s.ex' type='headline'><event xmlns='http://jabber.org/protocol/pubsub#event'>\
        <items node='http://jabber.org/protocol/nick'><item><nick xmlns='http://jabber.org/protocol/nick'>Myself</nick></item></items></event></message>");
    client.command(Command::Arrange(jid(ANN), Arrange::Pin(true)));
    client.wait(300);
    let remembered = client.remembered();
    let mut next = Client::new();
    next.disk = client.disk;
    next.input(waxwing::engine::Input::Restore(remembered));
    assert!(next.mirror.conversation(&jid(ANN)).unwrap().pinned);
    assert!(is_blocked(&next, "eve@x.ex") && next.mirror.abilities().blocking);
    assert_eq!(next.mirror.own_nickname().as_deref(), Some("Myself"));
}
