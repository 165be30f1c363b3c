//! From the sign-in form to the first presence, and every way to fail.

use waxwing::domain::account::Connection;
use waxwing::domain::change::Change;
use waxwing::domain::problem::Reason;
use waxwing::engine::command::{Command, Password};
use waxwing::engine::effect::Effect;
use waxwing::engine::{HostMeta, Input, Settings, SocketEvent};

use crate::harness::{ANN, Client, FEATURES, ME, jid};

fn failure(client: &Client) -> Reason {
    match client.connection() {
        Connection::Failed(problem) => problem.reason,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_first_presence_is_out_after_five_round_trips_and_five_stanzas() {
    let mut client = Client::new();
    client.log_in();
    // Each of these waits for the server once: open, auth, response, open, bind.
    client.bind(FEATURES);
    let flush: Vec<_> = client.sent.iter().map(|frame| frame.split([' ', '>']).next().unwrap().to_owned()).collect();
    assert_eq!(
        flush,
        ["<enable", "<iq", "<iq", "<presence", "<iq"],
        "everything in one flush, presence after the contact list"
    );
    assert!(client.sent.iter().all(|frame| frame.contains(" xmlns='")), "every frame declares its namespace");
    assert_eq!(client.connection(), Connection::Online);
    assert!(client.mirror.account().is_some());
}

#[test]
fn a_session_is_established_only_where_it_is_required() {
    let mut client = Client::new();
    client.log_in();
    client
        .bind("<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/><session xmlns='urn:ietf:params:xml:ns:xmpp-session'/>");
    let session = client.next();
    assert!(session.child("urn:ietf:params:xml:ns:xmpp-session", "session").is_some());
    client.nothing_sent();
    let id = session.attribute("id").unwrap().to_owned();
    client.stanza(&format!("<iq type='result' id='{id}'/>"));
    assert_eq!(client.connection(), Connection::Online);
    assert_eq!(client.next().name(), "iq", "no stream management where it is not offered");
}

#[test]
fn a_server_that_does_not_know_the_password_is_left() {
    let mut client = Client::new();
    client.log_in();
    client.open();
    client.scram("SCRAM-SHA-1", false);
    assert_eq!(failure(&client), Reason::ServerNotProven);
    assert_eq!(client.next().name(), "abort");
    assert_eq!(client.next().name(), "close");
    client.frame("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
    client.nothing_sent();
    assert!(client.mirror.account().is_none());
}

#[test]
fn a_wrong_password_is_told_and_not_tried_again() {
    let mut client = Client::new();
    client.log_in();
    client.open();
    client.frame("<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>SCRAM-SHA-1</mechanism></mechanisms></stream:features>");
    client.next();
    client.frame("<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><not-authorized/><text>Invalid username or password</text></failure>");
    assert_eq!(failure(&client), Reason::WrongPassword);
    assert_eq!(client.next().name(), "close");
    client.effects.clear();
    client.wait(600_000);
    assert_eq!(client.effects, []);
}

#[test]
fn the_password_is_never_sent_where_the_operator_did_not_allow_it() {
    let features = "<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism></mechanisms></stream:features>";
    let mut client = Client::new();
    client.log_in();
    client.open();
    client.frame(features);
    assert_eq!(failure(&client), Reason::NoCommonMechanism);
    let mut client = Client::with(Settings { allow_plain: true, ..Settings::default() });
    client.log_in();
    client.open();
    client.frame(features);
    assert_eq!(client.next().attribute("mechanism"), Some("PLAIN"));
}

#[test]
fn an_unencrypted_service_is_refused_before_anything_is_opened() {
    let mut client = Client::new();
    client.command(Command::LogIn {
        address: jid(ME),
        password: Password("secret".into()),
        service: Some("ws://s.ex/ws".into()),
        remember: false,
    });
    assert_eq!(failure(&client), Reason::InsecureService);
    assert!(!client.effects.iter().any(|effect| matches!(effect, Effect::Connect { .. })));
}

#[test]
fn addresses_are_discovered_and_tried_in_turn() {
    let mut client = Client::new();
    let password = Password("secret".into());
    client.command(Command::LogIn { address: jid(ME), password, service: None, remember: false });
    assert!(client.effects.contains(&Effect::Discover { domain: "s.ex".into() }));
    let xml = "<XRD xmlns='http://docs.oasis-open.org/ns/xri/xrd-1.0'>\
               <Link rel='urn:xmpp:alt-connections:websocket' href='ws://s.ex/plain'/>\
               <Link rel='urn:xmpp:alt-connections:websocket' href='wss://one.s.ex/ws'/>\
               <Link rel='urn:xmpp:alt-connections:websocket' href='wss://two.s.ex/ws'/></XRD>";
    let host_meta = HostMeta { xml: Some(xml.into()), links: vec![] };
    client.input(Input::Discovered { domain: "s.ex".into(), host_meta });
    client.input(Input::Socket(SocketEvent::Closed));
    client.input(Input::Socket(SocketEvent::Closed));
    let urls: Vec<_> = client
        .effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Connect { url } => Some(url.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(urls, ["wss://one.s.ex/ws", "wss://two.s.ex/ws"]);
    assert_eq!(failure(&client), Reason::Unreachable);
}

#[test]
fn a_service_that_begins_with_something_else_is_no_server() {
    for greeting in ["hello", "<html><body>It works!</body></html>", "{}", "<message xmlns='jabber:client'/>", "<r/>"] {
        let mut client = Client::new();
        client.log_in();
        client.input(Input::Socket(SocketEvent::Opened));
        client.frame(greeting);
        assert_eq!(failure(&client), Reason::NotXmpp, "{greeting}");
    }
}

#[test]
fn a_silent_server_is_left_after_a_while() {
    let mut client = Client::new();
    client.log_in();
    client.input(Input::Socket(SocketEvent::Opened));
    client.wait(20_000);
    assert_eq!(failure(&client), Reason::TimedOut);
}

#[test]
fn stream_errors_are_told_apart() {
    for (condition, reason) in [
        ("host-unknown", Reason::HostUnknown),
        ("conflict", Reason::Replaced),
        ("system-shutdown", Reason::Shutdown),
        ("policy-violation", Reason::PolicyViolation),
        ("not-well-formed", Reason::BadClient),
        ("something-new", Reason::BadClient),
    ] {
        let mut client = Client::new();
        client.log_in();
        client.open();
        // As Prosody sends it: the prefix is not declared.
        client
            .frame(&format!("<stream:error><{condition} xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>"));
        assert_eq!(client.next().name(), "close");
        assert_eq!(failure(&client), reason, "{condition}");
    }
}

#[test]
fn another_device_of_the_same_name_ends_it_until_the_user_says_so() {
    let mut client = Client::online();
    client.frame("<stream:error xmlns:stream='http://etherx.jabber.org/streams'><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>");
    assert_eq!(failure(&client), Reason::Replaced);
    assert!(client.mirror.account().is_some(), "the page stays");
    client.wait(600_000);
    assert!(!client.effects.iter().any(|effect| matches!(effect, Effect::Connect { .. })));
    client.command(Command::Reconnect);
    assert!(client.effects.iter().any(|effect| matches!(effect, Effect::Connect { .. })));
}

#[test]
fn redirects_stay_on_the_host() {
    let close = |uri: &str| format!("<close xmlns='urn:ietf:params:xml:ns:xmpp-framing' see-other-uri='{uri}'/>");
    let mut client = Client::new();
    client.log_in();
    client.open();
    client.frame(&close("wss://s.ex:5443/other"));
    assert!(client.effects.contains(&Effect::Connect { url: "wss://s.ex:5443/other".into() }));
    client.input(Input::Socket(SocketEvent::Opened));
    client.frame(&close("wss://evil.ex/ws"));
    assert_eq!(failure(&client), Reason::RedirectRefused);
}

#[test]
fn keys_are_kept_in_place_of_the_password_and_serve_the_next_visit() {
    let mut client = Client::new();
    client.log_in_with(true);
    client.bind(FEATURES);
    let remembered = client.remembered();
    let mut next = Client::new();
    next.input(Input::Restore(remembered.clone()));
    assert!(next.mirror.account().is_some(), "the page is there before the server is");
    next.bind(FEATURES);
    assert_eq!(next.connection(), Connection::Online);

    let mut offline = Client::new();
    offline.input(Input::Restore(remembered.clone()));
    offline.input(Input::Socket(SocketEvent::Closed));
    assert!(matches!(offline.connection(), Connection::Reconnecting { .. }), "a dead network is waited out");

    let mut changed = Client::new();
    changed.input(Input::Restore(remembered));
    changed.open();
    changed.frame("<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>SCRAM-SHA-1</mechanism></mechanisms></stream:features>");
    changed.frame("<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><not-authorized/></failure>");
    assert_eq!(failure(&changed), Reason::SignInAgain);
    assert!(changed.effects.contains(&Effect::ForgetKeys), "what was kept of the account stays");
    assert!(changed.mirror.account().is_none());
}

#[test]
fn what_was_not_asked_to_be_kept_is_not() {
    let mut client = Client::new();
    client.log_in();
    client.bind(FEATURES);
    assert!(!client.effects.iter().any(|effect| matches!(effect, Effect::Remember(_))));
}

#[test]
fn logging_out_says_goodbye_and_forgets() {
    let mut client = Client::online();
    client.command(Command::SendText { id: None, peer: jid(ANN), text: "hi".into() });
    client.sent.clear();
    client.command(Command::LogOut);
    let farewell = client.next();
    assert_eq!((farewell.name(), farewell.attribute("type")), ("presence", Some("unavailable")));
    assert_eq!(client.next().name(), "close");
    client.nothing_sent();
    assert!(client.effects.contains(&Effect::Forget));
    assert!(client.changes.contains(&Change::Account(None)));
    assert_eq!(client.connection(), Connection::Offline);
    // The server closes its side; a later login does not resume.
    client.frame("<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>");
    assert!(client.effects.contains(&Effect::Disconnect));
    client.effects.clear();
    client.log_in();
    client.bind(FEATURES);
    assert_eq!(client.next().name(), "enable");
}

#[test]
fn guests_take_the_address_that_they_are_given() {
    let mut client = Client::new();
    client.command(Command::LogInAsGuest { domain: jid("s.ex"), service: Some("wss://s.ex/ws".into()) });
    client.open();
    client.frame("<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>ANONYMOUS</mechanism></mechanisms></stream:features>");
    assert_eq!(client.next().to_xml(), "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='ANONYMOUS'/>");
    client.frame("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
    client.next();
    client.frame("<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' from='s.ex' version='1.0'/>");
    client.frame("<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></stream:features>");
    let id = client.next().attribute("id").unwrap().to_owned();
    client.stanza(&format!(
        "<iq type='result' id='{id}'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>x7@s.ex/r</jid></bind></iq>"
    ));
    assert_eq!(client.mirror.account().unwrap().address, jid("x7@s.ex"));
}

#[test]
fn an_address_that_is_not_ours_is_refused() {
    let mut client = Client::new();
    client.log_in();
    client.authenticate(FEATURES);
    let id = client.next().attribute("id").unwrap().to_owned();
    client.stanza(&format!(
        "<iq type='result' id='{id}'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>you@s.ex/w1</jid></bind></iq>"
    ));
    assert_eq!(failure(&client), Reason::BindRefused);
}

#[test]
fn a_server_that_changes_its_salt_is_come_back_to() {
    let mut client = Client::online();
    client.break_off();
    client.open();
    client.scram_with_salt("SCRAM-SHA-1", true, b"another one");
    assert!(client.next().is("urn:ietf:params:xml:ns:xmpp-framing", "open"), "the password still serves");
}
