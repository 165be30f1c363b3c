//! Streams that break: resuming, binding anew, and noticing.

use waxwing::domain::account::Connection;
use waxwing::domain::problem::Reason;
use waxwing::engine::Input;
use waxwing::engine::command::Command;

use crate::harness::{ANN, Client, FEATURES, jid};

fn say(client: &mut Client, text: &str) {
    client.command(Command::SendText { id: None, peer: jid(ANN), text: text.into() });
}

fn states(client: &Client) -> Vec<&'static str> {
    client.rows(ANN).into_iter().filter_map(|(_, state)| state).collect()
}

#[test]
fn a_resumed_stream_repeats_only_what_was_not_confirmed() {
    let mut client = Client::online();
    client.stanza("<message from='ann@s.ex/p' type='chat' id='1'><body>hi</body></message>");
    say(&mut client, "one");
    say(&mut client, "two");
    client.break_off();
    client.authenticate(FEATURES);
    let resume = client.next();
    // Three answers and a message arrived since `<enabled/>`; the one about the server came before.
    assert_eq!(resume.to_xml(), "<resume xmlns='urn:xmpp:sm:3' previd='A' h='5'/>");
    client.frame("<resumed xmlns='urn:xmpp:sm:3' previd='A' h='7'/>");
    assert_eq!(client.next().child("jabber:client", "body").unwrap().text(), "two");
    client.nothing_sent();
    assert_eq!(states(&client), ["acked", "sent"]);
    assert_eq!(client.connection(), Connection::Online);
    client.frame("<a xmlns='urn:xmpp:sm:3' h='8'/>");
    assert_eq!(states(&client), ["acked", "acked"]);
}

#[test]
fn what_a_lost_stream_leaves_open_is_said_so() {
    let mut client = Client::online();
    say(&mut client, "one");
    say(&mut client, "two");
    client.break_off();
    client.authenticate(FEATURES);
    client.next();
    client.frame(
        "<failed xmlns='urn:xmpp:sm:3' h='7'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>",
    );
    assert_eq!(states(&client), ["acked", "unknown"]);
    assert!(client.next().child("urn:ietf:params:xml:ns:xmpp-bind", "bind").is_some());
    client.nothing_sent();
}

#[test]
fn a_refused_enable_leaves_a_stream_without_confirmations() {
    let mut client = Client::new();
    client.log_in();
    client.bind(FEATURES);
    for name in ["enable", "iq", "iq", "presence"] {
        assert_eq!(client.next().name(), name);
    }
    client.frame(
        "<failed xmlns='urn:xmpp:sm:3'><unexpected-request xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>",
    );
    client.answer_about_archive("");
    say(&mut client, "one");
    assert_eq!(client.next().name(), "message");
    assert_eq!(client.asked, 0);
    assert_eq!(states(&client), ["sent"], "never claimed to have arrived");
    client.break_off();
    client.bind(FEATURES);
    assert_eq!(states(&client), ["unknown"], "and not forgotten when the stream breaks");
}

#[test]
fn a_server_that_confirms_too_much_is_left() {
    let mut client = Client::online();
    client.frame("<a xmlns='urn:xmpp:sm:3' h='99'/>");
    assert!(client.next().child("urn:ietf:params:xml:ns:xmpp-streams", "undefined-condition").is_some());
    assert_eq!(client.next().name(), "close");
    assert!(
        matches!(client.connection(), Connection::Reconnecting { problem, .. } if problem.reason == Reason::BadServer)
    );
}

#[test]
fn requests_for_confirmation_are_answered_with_what_arrived() {
    let mut client = Client::online();
    client.stanza("<message from='ann@s.ex/p' type='chat' id='1'><body>hi</body></message>");
    client.frame("<r xmlns='urn:xmpp:sm:3'/>");
    assert_eq!(client.next().to_xml(), "<a xmlns='urn:xmpp:sm:3' h='5'/>");
}

#[test]
fn a_dead_socket_is_noticed() {
    let mut client = Client::online();
    client.wait(24_999);
    assert_eq!(client.asked, 0);
    client.wait(1);
    assert_eq!(client.asked, 1);
    client.wait(9_999);
    assert!(client.changes.is_empty());
    client.wait(1);
    assert!(matches!(client.connection(), Connection::Reconnecting { .. }), "35 s after the last sign of life");
}

#[test]
fn after_waking_it_is_noticed_sooner() {
    let mut client = Client::online();
    client.input(Input::Woke);
    assert_eq!(client.asked, 1);
    client.wait(5_000);
    assert!(matches!(client.connection(), Connection::Reconnecting { .. }));
    client.effects.clear();
    client.input(Input::Network { online: true });
    assert!(matches!(client.connection(), Connection::Connecting), "the network is back: no more waiting");
}

#[test]
fn any_sign_of_life_will_do() {
    let mut client = Client::online();
    client.wait(25_000);
    assert_eq!(client.asked, 1);
    client.stanza("<presence from='ann@s.ex/p'/>");
    client.wait(10_000);
    assert!(!client.changes.iter().any(|change| matches!(change, waxwing::domain::change::Change::Connection(_))));
}

#[test]
fn a_stream_closed_by_the_server_is_closed_by_us_and_begun_again_soon() {
    let mut client = Client::online();
    client.frame("<close xmlns='urn:ietf:params:xml:ns:xmpp-framing' x='1'/>");
    assert_eq!(client.next().name(), "close");
    let Connection::Reconnecting { retry_at, .. } = client.connection() else { panic!() };
    assert!(retry_at.unwrap().0 <= client.now + 1_000);
}
