//! What other devices of the user are told and tell: how far was read (0490), and whether anybody looks (0352).

use waxwing::engine::Input;
use waxwing::engine::command::Command;

use crate::harness::{ANN, Client, FEATURES, ME, jid};

const PRIVATE: &str = "<feature var='http://jabber.org/protocol/pubsub#publish-options'/>";
const OTHER: &str = "me@s.ex/phone";

/// Online with a private node, on which the given items are.
fn online(items: &str) -> Client {
    let mut client = Client::new();
    client.log_in();
    client.bind(FEATURES);
    client.expect_setup();
    client.answer_about_archive(PRIVATE);
    let question = client.next();
    let id = question.attribute("id").unwrap().to_owned();
    assert!(question.to_xml().contains("<items node='urn:xmpp:mds:displayed:0'/>"), "{}", question.to_xml());
    client.stanza(&format!(
        "<iq type='result' id='{id}'><pubsub xmlns='http://jabber.org/protocol/pubsub'>\
         <items node='urn:xmpp:mds:displayed:0'>{items}</items></pubsub></iq>"
    ));
    client
}

fn item(id: &str) -> String {
    format!(
        "<item id='{ANN}'><displayed xmlns='urn:xmpp:mds:displayed:0'>\
         <stanza-id xmlns='urn:xmpp:sid:0' by='{ME}' id='{id}'/></displayed></item>"
    )
}

fn event(client: &mut Client, from: &str, id: &str) {
    let item = item(id);
    client.stanza(&format!(
        "<message {from} type='headline'><event xmlns='http://jabber.org/protocol/pubsub#event'>\
         <items node='urn:xmpp:mds:displayed:0'>{item}</items></event></message>"
    ));
}

fn hear(client: &mut Client, id: &str) {
    client.stanza(&format!(
        "<message from='ann@s.ex/p' to='{ME}' type='chat' id='{id}'><body>{id}</body>\
         <stanza-id xmlns='urn:xmpp:sid:0' by='{ME}' id='a{id}'/></message>"
    ));
}

#[test]
fn what_another_device_read_is_read() {
    let mut client = online("");
    for id in ["1", "2", "3"] {
        hear(&mut client, id);
    }
    assert_eq!(client.unread(ANN), 3);
    event(&mut client, &format!("from='{ME}'"), "a2");
    assert_eq!(client.unread(ANN), 1, "only what is behind it is unread");
    event(&mut client, "", "a1");
    assert_eq!(client.unread(ANN), 1, "what was read stays read");
}

#[test]
fn only_the_own_account_tells_what_was_read() {
    let mut client = online("");
    hear(&mut client, "1");
    for from in ["from='ann@s.ex'", "from='s.ex'", &format!("from='{OTHER}'")] {
        event(&mut client, from, "a1");
        assert_eq!(client.unread(ANN), 1, "{from}");
    }
}

#[test]
fn what_was_read_before_it_arrived_here_is_read() {
    let mut client = online(&item("a2"));
    for id in ["1", "2", "3"] {
        hear(&mut client, id);
    }
    assert_eq!(client.unread(ANN), 1);
}

#[test]
fn reading_is_told_once_and_with_fewer_options_where_the_server_knows_fewer() {
    let mut client = online("");
    hear(&mut client, "1");
    client.nothing_sent();
    client.command(Command::Attend(vec![jid(ANN)]));
    let publish = client.next();
    let xml = publish.to_xml();
    assert!(xml.contains("<publish node='urn:xmpp:mds:displayed:0'><item id='ann@s.ex'>"), "{xml}");
    assert!(xml.contains("<stanza-id xmlns='urn:xmpp:sid:0' by='me@s.ex' id='a1'/>"), "{xml}");
    assert!(xml.contains("pubsub#max_items") && xml.contains("<value>whitelist</value>"), "{xml}");
    let id = publish.attribute("id").unwrap();
    client.stanza(&format!(
        "<iq type='error' id='{id}'><error type='wait'><resource-constraint xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"
    ));
    let again = client.next();
    let xml = again.to_xml();
    assert!(!xml.contains("pubsub#max_items") && xml.contains("<value>whitelist</value>"), "{xml}");
    let id = again.attribute("id").unwrap();
    client.stanza(&format!("<iq type='result' id='{id}'/>"));
    let configure = client.next().to_xml();
    assert!(configure.contains("pubsub#owner") && configure.contains("<value>1000</value>"), "{configure}");
    event(&mut client, "", "a1");
    client.command(Command::Attend(vec![]));
    client.command(Command::Attend(vec![jid(ANN)]));
    client.nothing_sent();
    hear(&mut client, "2");
    assert!(client.next().to_xml().contains("id='a2'"), "what arrives before the user's eyes is read");
}

#[test]
fn nothing_is_told_where_it_could_not_be_kept_private() {
    let mut client = Client::online();
    hear(&mut client, "1");
    client.command(Command::Attend(vec![jid(ANN)]));
    client.nothing_sent();
}

#[test]
fn the_server_is_told_whether_anybody_looks_and_told_again_on_each_stream() {
    let features = format!("{FEATURES}<csi xmlns='urn:xmpp:csi:0'/>");
    let mut client = Client::new();
    client.log_in();
    client.bind(&features);
    client.settle_fresh("");
    client.input(Input::Visible(true));
    client.nothing_sent();
    client.input(Input::Visible(false));
    assert_eq!(client.next().to_xml(), "<inactive xmlns='urn:xmpp:csi:0'/>");
    client.break_off();
    client.authenticate(&features);
    assert_eq!(client.next().name(), "resume");
    client.frame("<resumed xmlns='urn:xmpp:sm:3' previd='A' h='6'/>");
    assert_eq!(client.next().name(), "inactive");
    client.input(Input::Visible(true));
    assert_eq!(client.next().name(), "active");
}
