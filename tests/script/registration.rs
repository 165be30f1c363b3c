//! Making an account, with and without an invitation; changing its password; giving it up.

use waxwing::domain::account::Connection;
use waxwing::domain::errand::{Errand, Fault, Inquiry};
use waxwing::domain::problem::{Condition, Reason};
use waxwing::engine::account::Order;
use waxwing::engine::command::{Command, Password};
use waxwing::engine::effect::Effect;
use waxwing::engine::{Input, SocketEvent};
use waxwing::form::{Answer, FieldKind, Media};
use waxwing::wire::xml::Element;

use crate::harness::{Client, FEATURES, ME, jid};

const OFFER: &str = "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>SCRAM-SHA-1</mechanism></mechanisms>\
    <register xmlns='http://jabber.org/features/iq-register'/>";
const BY_TOKEN: &str = "<register xmlns='urn:xmpp:ibr-token:0'/>";
const PLAIN: &str = "<instructions>Choose</instructions><username/><password/>";
const FORM: &str = "<instructions>Use the form</instructions><x xmlns='jabber:x:data' type='form'><title>New</title>\
    <field type='hidden' var='FORM_TYPE'><value>jabber:iq:register</value></field>\
    <field type='text-single' var='username' label='User'><required/></field>\
    <field type='text-private' var='password'><required/></field>\
    <field type='boolean' var='news' label='Newsletter'><value>0</value></field></x>";
const CAPTCHA: &str = "<x xmlns='jabber:x:oob'><url>https://s.ex/captcha/7</url></x><x xmlns='jabber:x:data' type='form'>\
    <field type='hidden' var='FORM_TYPE'><value>urn:xmpp:captcha</value></field>\
    <field type='hidden' var='challenge'><value>7</value></field>\
    <field var='username'><required/></field><field type='text-private' var='password'><required/></field>\
    <field type='fixed' var='captcha-fallback-text'><value>or there</value></field>\
    <field var='captcha-fallback-url'><value>https://s.ex/captcha/7</value></field>\
    <field var='ocr' label='Enter what you see'><required/><media xmlns='urn:xmpp:media-element'>\
    <uri type='image/png'>cid:sha1+a@bob.xmpp.org</uri></media></field></x>\
    <data xmlns='urn:xmpp:bob' cid='sha1+a@bob.xmpp.org' max-age='0' type='image/png'>iVBORw0KGgoAAAA=</data>";

fn register(client: &mut Client, token: Option<&str>) {
    client.command(Command::Account(Order::Register {
        domain: jid("s.ex"),
        service: Some("wss://s.ex/ws".into()),
        token: token.map(str::to_owned),
    }));
}

fn offer(client: &mut Client, features: &str) {
    client.open();
    client.frame(&format!(
        "<stream:features xmlns:stream='http://etherx.jabber.org/streams'>{features}</stream:features>"
    ));
}

fn id(element: &Element) -> String {
    element.attribute("id").unwrap().to_owned()
}

fn is_asked(client: &mut Client) -> String {
    let get = client.next();
    assert_eq!((get.attribute("type"), get.attribute("to")), (Some("get"), Some("s.ex")));
    assert!(get.child("jabber:iq:register", "query").is_some());
    id(&get)
}

fn ask(client: &mut Client, form: &str) {
    let id = is_asked(client);
    client.stanza(&format!(
        "<iq type='result' from='s.ex' id='{id}'><query xmlns='jabber:iq:register'>{form}</query></iq>"
    ));
}

/// A client that was shown this form.
fn asked(form: &str) -> Client {
    let mut client = Client::new();
    register(&mut client, None);
    offer(&mut client, OFFER);
    ask(&mut client, form);
    client
}

fn make(client: &mut Client, username: &str, answers: &[(&str, &str)]) {
    let answers = answers.iter().map(|(name, value)| Answer { name: (*name).into(), values: vec![(*value).into()] });
    client.command(Command::Account(Order::Make {
        username: username.into(),
        password: Password("secret".into()),
        answers: answers.collect(),
        remember: true,
    }));
}

fn errand(client: &Client) -> Errand {
    client.mirror.errand().clone()
}

fn inquiry(client: &Client) -> Inquiry {
    let Errand::Inquiry(inquiry) = errand(client) else { panic!("{:?}", errand(client)) };
    *inquiry
}

fn refuse(client: &mut Client, id: &str, condition: &str) {
    client.stanza(&format!(
        "<iq type='error' from='s.ex' id='{id}'><error type='cancel'><{condition} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>\
         <text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>why</text></error></iq>"
    ));
}

/// The server makes the account; it is signed in to on the same stream.
fn is_made(client: &mut Client, id: &str) {
    client.stanza(&format!("<iq type='result' from='s.ex' id='{id}'/>"));
    assert_eq!(errand(client), Errand::Created(jid(ME)));
    client.scram("SCRAM-SHA-1", true);
    assert!(client.next().is("urn:ietf:params:xml:ns:xmpp-framing", "open"));
}

#[test]
fn plain_fields_make_an_account_and_sign_in_on_the_same_stream() {
    let mut client = asked(PLAIN);
    let shown = inquiry(&client);
    assert_eq!((shown.domain.as_str(), shown.form.instructions[0].as_str()), ("s.ex", "Choose"));
    assert!(shown.form.fields.iter().all(|field| field.required));
    assert_eq!(shown.form.field("password").unwrap().kind, FieldKind::Secret);
    client.nothing_sent();
    make(&mut client, "me", &[]);
    assert!(inquiry(&client).busy);
    let set = client.next();
    let query = set.child("jabber:iq:register", "query").unwrap();
    let text = |name| query.child("jabber:iq:register", name).unwrap().text();
    assert_eq!((text("username"), text("password")), ("me".into(), "secret".into()));
    let connects = client.effects.iter().filter(|effect| matches!(effect, Effect::Connect { .. })).count();
    is_made(&mut client, &id(&set));
    assert_eq!(client.effects.iter().filter(|effect| matches!(effect, Effect::Connect { .. })).count(), connects);
    // To be kept signed in was asked for, and the keys are of the account and not of its domain.
    assert_eq!(client.remembered().address, jid(ME));
    client.frame("<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' from='s.ex' id='2' version='1.0'/>");
    client.frame(&format!(
        "<stream:features xmlns:stream='http://etherx.jabber.org/streams'>{FEATURES}</stream:features>"
    ));
    let bind = client.next();
    client.stanza(&format!(
        "<iq type='result' id='{}'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>me@s.ex/w1</jid></bind></iq>",
        id(&bind)
    ));
    assert_eq!(client.mirror.account().unwrap().address, jid(ME));
    assert!(client.mirror.account().unwrap().remembered);
}

#[test]
fn a_form_is_answered_by_a_form() {
    let mut client = asked(FORM);
    assert_eq!(inquiry(&client).form.title.as_deref(), Some("New"));
    make(&mut client, "me", &[("news", "1"), ("FORM_TYPE", "forged")]);
    let set = client.next();
    let x = set.child("jabber:iq:register", "query").unwrap().child("jabber:x:data", "x").unwrap();
    assert_eq!(
        x.to_xml(),
        "<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'><value>jabber:iq:register</value></field>\
         <field var='username'><value>me</value></field><field var='password'><value>secret</value></field>\
         <field var='news'><value>1</value></field></x>"
    );
    is_made(&mut client, &id(&set));
}

#[test]
fn it_is_asked_for_even_where_it_is_not_announced() {
    let mut client = Client::new();
    register(&mut client, None);
    offer(
        &mut client,
        "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>SCRAM-SHA-1</mechanism></mechanisms>",
    );
    ask(&mut client, PLAIN);
    assert_eq!(inquiry(&client).fault, None);
}

#[test]
fn a_picture_comes_with_the_form_and_a_new_one_after_each_refusal() {
    let mut client = asked(CAPTCHA);
    let shown = inquiry(&client);
    assert_eq!(shown.elsewhere.as_deref(), Some("https://s.ex/captcha/7"));
    assert!(matches!(shown.form.field("ocr").unwrap().media, Some(Media::Picture { .. })));
    let seen = shown.form.fields.iter().filter(|field| field.kind != FieldKind::Hidden);
    assert_eq!(seen.count(), 3, "nobody types into the address of a page");
    make(&mut client, "me", &[("ocr", "wrong")]);
    let set = id(&client.next());
    refuse(&mut client, &set, "not-allowed");
    ask(&mut client, &CAPTCHA.replace("<value>7<", "<value>8<"));
    let shown = inquiry(&client);
    assert!(matches!(&shown.fault, Some(Fault::Refused(refusal)) if refusal.condition == Condition::NotAllowed));
    assert_eq!(shown.form.field("challenge").unwrap().values, ["8"]);
    make(&mut client, "me", &[("ocr", "right")]);
    let set = client.next();
    assert!(set.to_xml().contains("<field var='challenge'><value>8</value></field>"));
    is_made(&mut client, &id(&set));
}

#[test]
fn every_refusal_leaves_the_form_and_says_why() {
    for (name, condition) in [
        ("conflict", Condition::Conflict),
        ("not-acceptable", Condition::NotAcceptable),
        ("not-allowed", Condition::NotAllowed),
        ("resource-constraint", Condition::ResourceConstraint),
        ("policy-violation", Condition::PolicyViolation),
    ] {
        let mut client = asked(PLAIN);
        make(&mut client, "me", &[]);
        let set = id(&client.next());
        refuse(&mut client, &set, name);
        let shown = inquiry(&client);
        let Some(Fault::Refused(refusal)) = shown.fault else { panic!("{:?}", shown.fault) };
        assert_eq!((refusal.condition, refusal.text.as_deref(), shown.busy), (condition, Some("why"), false));
        make(&mut client, "me", &[]);
        let set = id(&client.next());
        is_made(&mut client, &set);
    }
}

#[test]
fn a_server_that_makes_no_accounts_is_left_again() {
    for (answer, fault) in [("service-unavailable", Fault::NotOffered), ("feature-not-implemented", Fault::NotOffered)]
    {
        let mut client = Client::new();
        register(&mut client, None);
        offer(&mut client, OFFER);
        let get = is_asked(&mut client);
        refuse(&mut client, &get, answer);
        assert_eq!(errand(&client), Errand::NoAccount(fault));
        assert_eq!(client.effects.last(), Some(&Effect::Disconnect));
        assert_eq!(client.connection(), Connection::Offline);
    }
    // ejabberd without registration, and servers whose form makes nothing that one could sign in to.
    let mut client = Client::new();
    register(&mut client, None);
    offer(&mut client, OFFER);
    is_asked(&mut client);
    client.frame("<stream:error xmlns:stream='http://etherx.jabber.org/streams'><not-authorized xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>");
    assert_eq!(errand(&client), Errand::NoAccount(Fault::NotOffered));
    assert_eq!(errand(&asked("<instructions>Call us</instructions><email/>")), Errand::NoAccount(Fault::NotOffered));
    let elsewhere =
        inquiry(&asked("<instructions>Go there</instructions><x xmlns='jabber:x:oob'><url>https://s.ex/new</url></x>"));
    assert_eq!((elsewhere.elsewhere.as_deref(), elsewhere.form.fields.len()), (Some("https://s.ex/new"), 0));
    let hostile = asked("<x xmlns='jabber:x:oob'><url>javascript:alert(1)</url></x>");
    assert_eq!(errand(&hostile), Errand::NoAccount(Fault::NotOffered));
}

#[test]
fn a_server_that_cannot_be_reached_is_said() {
    let mut client = Client::new();
    register(&mut client, None);
    client.input(Input::Socket(SocketEvent::Closed));
    assert!(
        matches!(errand(&client), Errand::NoAccount(Fault::Connection(problem)) if problem.reason == Reason::Unreachable)
    );
    let mut client = Client::new();
    register(&mut client, None);
    offer(&mut client, OFFER);
    is_asked(&mut client);
    client.wait(20_001);
    assert!(
        matches!(errand(&client), Errand::NoAccount(Fault::Connection(problem)) if problem.reason == Reason::TimedOut)
    );
}

#[test]
fn a_stream_that_ends_under_the_form_is_opened_again_when_it_is_filled_in() {
    for changed in [false, true] {
        let mut client = asked(PLAIN);
        let before = errand(&client);
        client.frame("<stream:error xmlns:stream='http://etherx.jabber.org/streams'><connection-timeout xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>");
        client.sent.clear();
        assert_eq!(errand(&client), before, "nobody need know");
        assert_eq!(client.connection(), Connection::Offline);
        make(&mut client, "me", &[]);
        assert!(inquiry(&client).busy);
        offer(&mut client, OFFER);
        ask(&mut client, if changed { FORM } else { PLAIN });
        if changed {
            client.nothing_sent();
            assert_eq!(inquiry(&client).fault, Some(Fault::AskedAgain), "answers go to the form that was filled in");
            make(&mut client, "me", &[]);
        }
        let set = id(&client.next());
        is_made(&mut client, &set);
    }
}

#[test]
fn nobody_claims_to_know_what_became_of_an_account_when_the_connection_broke() {
    let mut client = asked(PLAIN);
    make(&mut client, "me", &[]);
    client.input(Input::Socket(SocketEvent::Closed));
    let shown = inquiry(&client);
    assert_eq!((shown.fault, shown.busy), (Some(Fault::Uncertain), false));
}

#[test]
fn a_server_that_wants_a_new_stream_for_signing_in_gets_one() {
    let mut client = asked(PLAIN);
    make(&mut client, "me", &[]);
    let set = id(&client.next());
    client.stanza(&format!("<iq type='result' id='{set}'/>"));
    assert_eq!(client.next().name(), "auth");
    client.input(Input::Socket(SocketEvent::Closed));
    assert_eq!(client.connection(), Connection::Connecting);
    client.authenticate(FEATURES);
    assert_eq!(client.next().name(), "iq");
}

#[test]
fn answers_of_others_and_to_other_questions_count_for_nothing() {
    let mut client = Client::new();
    register(&mut client, None);
    offer(&mut client, OFFER);
    let get = is_asked(&mut client);
    let forged = |from: &str, id: &str| {
        format!("<iq type='result'{from} id='{id}'><query xmlns='jabber:iq:register'>{PLAIN}</query></iq>")
    };
    client.stanza(&forged(" from='evil.ex'", &get));
    client.stanza(&forged(" from='s.ex/x'", &get));
    client.stanza(&forged(" from='eve@s.ex'", &get));
    client.stanza(&forged("", "other"));
    client.stanza(&format!("<iq type='set' id='{get}'><query xmlns='jabber:iq:register'>{PLAIN}</query></iq>"));
    client.stanza("<message from='s.ex'><body>fill this in</body></message>");
    assert_eq!(errand(&client), Errand::Waiting);
    client.nothing_sent();
    client.stanza(&forged("", &get));
    make(&mut client, "me", &[]);
    let set = id(&client.next());
    client.stanza(&format!("<iq type='result' from='evil.ex' id='{set}'/>"));
    client.stanza("<iq type='result' from='s.ex' id='other'/>");
    assert!(inquiry(&client).busy, "not made yet");
    client.nothing_sent();
}

#[test]
fn hostile_forms_do_no_harm() {
    let many: String = (0..5_000).map(|n| format!("<field var='f{n}'><option/><value/></field>")).collect();
    for form in [
        format!("<x xmlns='jabber:x:data'>{many}</x>"),
        "<x xmlns='jabber:x:data'/>".to_owned(),
        "<username><username/></username><password>\u{202e}</password><username/>".to_owned(),
        format!("<username/><password/><instructions>{}</instructions>", "a".repeat(900_000)),
    ] {
        let client = asked(&form);
        assert!(matches!(errand(&client), Errand::Inquiry(_) | Errand::NoAccount(Fault::NotOffered)));
    }
    // A name that is none is refused here.
    let mut client = asked(PLAIN);
    for name in ["", "a@b", "a/b", "a b"] {
        make(&mut client, name, &[]);
        assert!(
            matches!(inquiry(&client).fault, Some(Fault::Refused(refusal)) if refusal.condition == Condition::JidMalformed)
        );
        client.nothing_sent();
    }
}

#[test]
fn an_invitation_is_shown_before_anything_is_asked() {
    let mut client = Client::new();
    register(&mut client, Some("T'K"));
    offer(&mut client, &format!("{OFFER}{BY_TOKEN}"));
    let shown = client.next();
    assert_eq!((shown.attribute("type"), shown.attribute("to")), (Some("set"), Some("s.ex")));
    assert_eq!(shown.child("urn:xmpp:pars:0", "preauth").unwrap().attribute("token"), Some("T'K"));
    client.nothing_sent();
    client.stanza(&format!("<iq type='result' from='s.ex' id='{}'/>", id(&shown)));
    ask(&mut client, PLAIN);
    assert_eq!(inquiry(&client).fault, None);
    // A new stream knows nothing of the token.
    client.input(Input::Socket(SocketEvent::Closed));
    make(&mut client, "me", &[]);
    offer(&mut client, &format!("{OFFER}{BY_TOKEN}"));
    let again = client.next();
    assert!(again.child("urn:xmpp:pars:0", "preauth").is_some());
    client.stanza(&format!("<iq type='result' id='{}'/>", id(&again)));
    ask(&mut client, PLAIN);
    let set = id(&client.next());
    is_made(&mut client, &set);
}

#[test]
fn an_invitation_that_is_not_taken_is_said_and_the_form_shown_all_the_same() {
    let mut client = Client::new();
    register(&mut client, Some("old"));
    offer(&mut client, &format!("{OFFER}{BY_TOKEN}"));
    let shown = id(&client.next());
    refuse(&mut client, &shown, "item-not-found");
    ask(&mut client, PLAIN);
    assert_eq!(inquiry(&client).fault, Some(Fault::InvitationRefused));
    // Where tokens are not known, none is shown.
    let mut client = Client::new();
    register(&mut client, Some("T"));
    offer(&mut client, OFFER);
    ask(&mut client, PLAIN);
    assert_eq!(inquiry(&client).fault, Some(Fault::InvitationRefused));
}

#[test]
fn going_back_ends_it() {
    let mut client = asked(PLAIN);
    client.command(Command::Account(Order::Leave));
    assert_eq!((errand(&client), client.connection()), (Errand::Idle, Connection::Offline));
    make(&mut client, "me", &[]);
    client.nothing_sent();
}

#[test]
fn leaving_stops_no_sign_in_that_somebody_began() {
    let mut client = Client::new();
    client.log_in();
    client.command(Command::Account(Order::Leave));
    client.bind(FEATURES);
    assert_eq!(client.connection(), Connection::Online);
}

#[test]
fn who_is_signed_in_makes_no_account() {
    let mut client = Client::online();
    register(&mut client, None);
    make(&mut client, "eve", &[]);
    client.nothing_sent();
    assert!(client.effects.is_empty());
}

fn change_password(client: &mut Client) -> Element {
    client.command(Command::Account(Order::ChangePassword(Password("new secret".into()))));
    client.next()
}

#[test]
fn a_changed_password_is_the_one_of_the_next_stream() {
    let mut client = Client::online();
    let set = change_password(&mut client);
    assert_eq!(set.attribute("to"), Some("s.ex"));
    assert_eq!(
        set.child("jabber:iq:register", "query").unwrap().to_xml(),
        "<query xmlns='jabber:iq:register'><username>me</username><password>new secret</password></query>"
    );
    assert_eq!(errand(&client), Errand::Waiting);
    // Only the server can say so.
    client.stanza(&format!("<iq type='result' from='eve@x.ex' id='{}'/>", id(&set)));
    client.stanza(&format!("<iq type='result' id='{}'/>", id(&set)));
    assert_eq!(errand(&client), Errand::Waiting);
    client.stanza(&format!("<iq type='result' from='s.ex' id='{}'/>", id(&set)));
    assert_eq!(errand(&client), Errand::PasswordChanged);
    client.nothing_sent();
    client.break_off();
    client.open();
    client.frame("<stream:features xmlns:stream='http://etherx.jabber.org/streams'><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>SCRAM-SHA-1</mechanism></mechanisms></stream:features>");
    let first = client.next().text();
    let first = String::from_utf8(<base64ct::Base64 as base64ct::Encoding>::decode_vec(&first).unwrap()).unwrap();
    let nonce = first.split_once("r=").unwrap().1;
    let challenge =
        format!("r={nonce}srv,s={},i=4096", <base64ct::Base64 as base64ct::Encoding>::encode_string(b"other"));
    client.frame(&format!(
        "<challenge xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>{}</challenge>",
        <base64ct::Base64 as base64ct::Encoding>::encode_string(challenge.as_bytes())
    ));
    assert!(
        client
            .effects
            .iter()
            .any(|effect| matches!(effect, Effect::Stretch { password, .. } if password.0 == "new secret"))
    );
}

#[test]
fn kept_keys_are_renewed_on_a_new_stream() {
    let mut client = Client::new();
    client.log_in_with(true);
    client.bind(FEATURES);
    client.settle_fresh("");
    let set = change_password(&mut client);
    client.stanza(&format!("<iq type='result' from='s.ex' id='{}'/>", id(&set)));
    assert_eq!(errand(&client), Errand::PasswordChanged);
    assert_eq!(client.next().name(), "close");
    assert!(client.effects.iter().any(|effect| matches!(effect, Effect::Connect { .. })));
    assert!(client.mirror.account().is_some(), "the page stays as it is");
}

#[test]
fn a_password_that_is_refused_changes_nothing() {
    let mut client = Client::online();
    let set = id(&change_password(&mut client));
    refuse(&mut client, &set, "not-acceptable");
    assert!(matches!(errand(&client), Errand::Refused(refusal) if refusal.condition == Condition::NotAcceptable));
    let mut client = Client::online();
    change_password(&mut client);
    for milliseconds in [21_000, 5_000, 4_500] {
        client.wait(milliseconds);
    }
    assert!(matches!(errand(&client), Errand::Refused(refusal) if refusal.condition == Condition::RemoteServerTimeout));
    let mut client = Client::online();
    client.break_off();
    client.command(Command::Account(Order::ChangePassword(Password("new".into()))));
    client.nothing_sent();
    assert_eq!(errand(&client), Errand::NotConnected);
}

#[test]
fn a_removed_account_leaves_nothing_behind() {
    let not_authorized = "<stream:error xmlns:stream='http://etherx.jabber.org/streams'><not-authorized xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>";
    for answer in ["result", "not-authorized", "conflict"] {
        let mut client = Client::online();
        client.command(Command::Account(Order::Remove));
        let set = client.next();
        assert_eq!(
            set.child("jabber:iq:register", "query").unwrap().to_xml(),
            "<query xmlns='jabber:iq:register'><remove/></query>"
        );
        match answer {
            "result" => client.stanza(&format!("<iq type='result' from='s.ex' id='{}'/>", id(&set))),
            error => client.frame(&not_authorized.replace("not-authorized", error)),
        }
        assert_eq!(errand(&client), Errand::Removed, "{answer}");
        assert!(client.effects.contains(&Effect::Forget) && client.mirror.account().is_none());
        assert_eq!(client.connection(), Connection::Offline, "{answer}: no fault");
        // What the server says after that is no fault, either.
        client.frame(not_authorized);
        client.input(Input::Socket(SocketEvent::Closed));
        assert_eq!(errand(&client), Errand::Removed);
    }
}

#[test]
fn an_account_that_is_not_removed_stays() {
    let mut client = Client::online();
    client.command(Command::Account(Order::Remove));
    let set = id(&client.next());
    client.stanza(&format!("<iq type='result' from='eve@x.ex' id='{set}'/>"));
    assert_eq!(errand(&client), Errand::Waiting);
    refuse(&mut client, &set, "not-allowed");
    assert!(matches!(errand(&client), Errand::Refused(_)));
    assert!(client.mirror.account().is_some());
    assert!(!client.effects.contains(&Effect::Forget));
    // Without a removal that error is what it always is.
    client.frame("<stream:error xmlns:stream='http://etherx.jabber.org/streams'><not-authorized xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>");
    assert!(matches!(client.connection(), Connection::Failed(problem) if problem.reason == Reason::AuthRefused));
    assert!(!client.effects.contains(&Effect::Forget));
}

fn accept(client: &mut Client) {
    client.command(Command::Account(Order::Accept {
        address: jid("romeo@x.ex"),
        name: Some("Romeo".into()),
        token: Some("T".into()),
    }));
}

#[test]
fn who_invited_is_added_with_the_token_and_may_see_us_once() {
    let mut client = Client::online();
    accept(&mut client);
    let set = client.next();
    let item = set.child("jabber:iq:roster", "query").unwrap().child("jabber:iq:roster", "item").unwrap();
    assert_eq!((item.attribute("jid"), item.attribute("name")), (Some("romeo@x.ex"), Some("Romeo")));
    let ask = client.next();
    assert_eq!((ask.attribute("type"), ask.attribute("to")), (Some("subscribe"), Some("romeo@x.ex")));
    assert_eq!(ask.child("urn:xmpp:pars:0", "preauth").unwrap().attribute("token"), Some("T"));
    client.nothing_sent();
    assert!(client.mirror.conversation(&jid("romeo@x.ex")).is_some());
    client.push("<item jid='romeo@x.ex' subscription='to'/>");
    client.stanza("<presence from='romeo@x.ex' type='subscribe'/>");
    assert_eq!(client.next().attribute("type"), Some("subscribed"));

    // They are contacts already: the conversation is all there is to do.
    let mut client = Client::online();
    client.push("<item jid='romeo@x.ex' subscription='both'/>");
    accept(&mut client);
    client.nothing_sent();
    assert!(client.mirror.conversation(&jid("romeo@x.ex")).is_some());
}

#[test]
fn a_token_that_a_stranger_shows_opens_nothing() {
    let mut client = Client::online();
    accept(&mut client);
    client.next();
    client.next();
    // Neither one of somebody else's making nor the one that was given to us.
    for token in ["T", "1tMFqYDdKhfe2pwp", ""] {
        client.stanza(&format!(
            "<presence from='eve@x.ex' type='subscribe'><preauth xmlns='urn:xmpp:pars:0' token='{token}'/></presence>"
        ));
        client.nothing_sent();
        assert_eq!(client.mirror.requests().len(), 1, "a request like any other");
    }
    client.stanza("<iq type='set' from='eve@x.ex' id='1'><preauth xmlns='urn:xmpp:pars:0' token='T'/></iq>");
    assert_eq!(client.next().attribute("type"), Some("error"));
}

#[test]
fn the_server_makes_invitations() {
    let mut client = Client::online();
    client.command(Command::Account(Order::LookForInvitations));
    let get = client.next();
    assert_eq!(get.attribute("to"), Some("s.ex"));
    client.stanza(&format!(
        "<iq type='result' from='s.ex' id='{}'><query xmlns='http://jabber.org/protocol/disco#items' node='http://jabber.org/protocol/commands'>\
         <item jid='s.ex' node='urn:xmpp:invite#invite' name='x'/></query></iq>",
        id(&get)
    ));
    assert_eq!(errand(&client), Errand::CanInvite);
    for (fields, link) in [
        (
            "<field var='uri'><value>xmpp:me@s.ex?roster;preauth=T</value></field>",
            Some("xmpp:me@s.ex?roster;preauth=T"),
        ),
        (
            "<field var='uri'><value>xmpp:me@s.ex?roster;preauth=T</value></field><field var='landing-url'><value>https://s.ex/i#T</value></field>",
            Some("https://s.ex/i#T"),
        ),
        ("<field var='uri'><value>javascript:alert(1)</value></field>", None),
    ] {
        client.command(Command::Account(Order::Invite));
        let set = client.next();
        let command = set.child("http://jabber.org/protocol/commands", "command").unwrap();
        assert_eq!(command.attribute("node"), Some("urn:xmpp:invite#invite"));
        let answer = |from: &str| {
            format!(
                "<iq type='result' from='{from}' id='{}'><command xmlns='http://jabber.org/protocol/commands' status='completed'>\
                 <x xmlns='jabber:x:data' type='result'>{fields}</x></command></iq>",
                id(&set)
            )
        };
        client.stanza(&answer("eve@x.ex"));
        assert_eq!(errand(&client), Errand::Waiting);
        client.stanza(&answer("s.ex"));
        match link {
            Some(link) => assert_eq!(errand(&client), Errand::Invitation(link.into())),
            None => assert!(matches!(errand(&client), Errand::Refused(_))),
        }
    }
}
