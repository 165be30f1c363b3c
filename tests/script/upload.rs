//! Files by way of the web: what is asked, what is believed, and what goes out.

use waxwing::domain::problem::{Condition, Refusal};
use waxwing::domain::timeline::Manner;
use waxwing::domain::upload::{Slot, Trouble, Uploads, Wanted};
use waxwing::engine::command::{Command, Sending};
use waxwing::engine::mirror::Mirror;
use waxwing::wire::xml::Element;

use crate::harness::{ANN, Client, jid};

const INFO: &str = "http://jabber.org/protocol/disco#info";
const ITEMS: &str = "http://jabber.org/protocol/disco#items";
const UPLOAD: &str = "urn:xmpp:http:upload:0";
const SERVICE: &str = "files.s.ex";

/// What a service that takes files says of itself.
fn able(limit: &str) -> String {
    format!(
        "<feature var='{UPLOAD}'/><x xmlns='jabber:x:data' type='result'>\
         <field var='FORM_TYPE' type='hidden'><value>{UPLOAD}</value></field>\
         <field var='max-file-size'><value>{limit}</value></field></x>"
    )
}

/// Online; from now on the test says what the server can do.
fn online() -> Client {
    let mut client = Client::online();
    client.server = None;
    client
}

/// A question: whom, what about, and its id.
fn question(client: &mut Client) -> (String, String, String) {
    let iq = client.next();
    let payload = iq.children().next().unwrap().namespace().to_owned();
    (iq.attribute("to").unwrap().to_owned(), payload, iq.attribute("id").unwrap().to_owned())
}

fn answer_info(client: &mut Client, from: &str, id: &str, content: &str) {
    client.stanza(&format!("<iq type='result' from='{from}' id='{id}'><query xmlns='{INFO}'>{content}</query></iq>"));
}

/// Lets the client find the service among three parts of its server.
fn found(client: &mut Client, limit: &str) {
    client.command(Command::SeekUploads);
    let (to, what, id) = question(client);
    assert_eq!((&*to, &*what), ("s.ex", INFO));
    answer_info(client, "s.ex", &id, "<feature var='urn:xmpp:ping'/>");
    let (to, what, id) = question(client);
    assert_eq!((&*to, &*what), ("s.ex", ITEMS));
    client.stanza(&format!(
        "<iq type='result' from='s.ex' id='{id}'><query xmlns='{ITEMS}'>\
         <item jid='rooms.s.ex'/><item jid='{SERVICE}'/><item jid='s.ex' node='n'/><item jid='not an address'/></query></iq>"
    ));
    for part in ["rooms.s.ex", SERVICE] {
        let (to, what, id) = question(client);
        assert_eq!((&*to, &*what), (part, INFO));
        answer_info(client, part, &id, &if part == SERVICE { able(limit) } else { String::new() });
    }
    client.nothing_sent();
}

fn ability(client: &Client) -> Option<Uploads> {
    client.mirror.abilities().upload.clone()
}

fn wanted(size: u64) -> Wanted {
    Wanted { name: "/home/me/très \u{202e}cool.jpg".into(), size, kind: "image/jpeg".into() }
}

/// Asks for a place, and returns the question.
fn ask(client: &mut Client) -> Element {
    client.command(Command::AskSlot { id: "one".into(), wanted: wanted(23_456) });
    client.next()
}

fn slots(mirror: &mut Mirror) -> Vec<(String, Result<Slot, Trouble>)> {
    mirror.take_slots().into()
}

/// The place that comes of an answer of this content.
fn place(content: &str) -> Result<Slot, Trouble> {
    let mut client = online();
    found(&mut client, "1000000");
    let id = ask(&mut client).attribute("id").unwrap().to_owned();
    client.stanza(&format!("<iq type='result' from='{SERVICE}' id='{id}'>{content}</iq>"));
    let mut slots = slots(&mut client.mirror);
    assert_eq!(slots.len(), 1);
    slots.remove(0).1
}

fn put_and_get(put: &str, get: &str) -> Result<Slot, Trouble> {
    place(&format!("<slot xmlns='{UPLOAD}'><put url='{put}'/><get url='{get}'/></slot>"))
}

#[test]
fn the_service_is_found_once_on_each_stream_with_what_it_takes() {
    let mut client = online();
    assert_eq!(ability(&client), None, "nobody asked");
    found(&mut client, "10485760");
    let uploads = Uploads { limit: Some(10_485_760), hosts: vec![SERVICE.into()] };
    assert_eq!(ability(&client), Some(uploads.clone()));
    client.command(Command::SeekUploads);
    client.nothing_sent();
    // What was there before is offered until the new stream tells.
    client.server = Some("");
    client.lose_the_stream("");
    client.expect_setup();
    client.answer_about_archive("");
    client.server = None;
    assert_eq!(ability(&client), Some(uploads));
    client.command(Command::SeekUploads);
    let (_, _, info) = question(&mut client);
    let (_, _, items) = question(&mut client);
    answer_info(&mut client, "s.ex", &info, "");
    assert!(ability(&client).is_some());
    client.stanza(&format!("<iq type='error' from='s.ex' id='{items}'><error type='cancel'/></iq>"));
    assert_eq!(ability(&client), None, "it is gone");
}

#[test]
fn a_server_may_take_files_itself_and_need_not_say_how_large() {
    let mut client = online();
    client.command(Command::SeekUploads);
    let (_, _, id) = question(&mut client);
    answer_info(&mut client, "s.ex", &id, &format!("<feature var='{UPLOAD}'/>"));
    assert_eq!(ability(&client), Some(Uploads { limit: None, hosts: vec!["s.ex".into()] }));
    let (_, _, id) = question(&mut client);
    client.stanza(&format!("<iq type='result' from='s.ex' id='{id}'><query xmlns='{ITEMS}'/></iq>"));
    assert!(ability(&client).is_some());
}

#[test]
fn a_limit_beyond_four_gigabytes_is_whole_and_nonsense_is_none() {
    for (said, limit) in [("107374182400", Some(107_374_182_400)), ("-1", None), ("1e9", None), ("", None)] {
        let mut client = online();
        found(&mut client, said);
        assert_eq!(ability(&client).unwrap().limit, limit, "{said}");
    }
}

#[test]
fn a_place_is_asked_for_by_name_size_and_type_and_the_message_follows() {
    let mut client = online();
    found(&mut client, "10485760");
    let question = ask(&mut client);
    assert_eq!((question.attribute("type"), question.attribute("to")), (Some("get"), Some(SERVICE)));
    let request = question.child(UPLOAD, "request").unwrap();
    assert_eq!(request.attribute("filename"), Some("très cool.jpg"));
    assert_eq!((request.attribute("size"), request.attribute("content-type")), (Some("23456"), Some("image/jpeg")));
    let id = question.attribute("id").unwrap();
    client.stanza(&format!(
        "<iq type='result' from='{SERVICE}' id='{id}'><slot xmlns='{UPLOAD}'>\
         <put url='https://in.s.ex:5443/x/cool.jpg?a=1&amp;b=2'><header name='authorization'>Basic abc==</header>\
         <header name='Cookie'>a=b</header><header name='Expires'>Tue</header><header name='Host'>evil.ex</header></put>\
         <get url='https://Out.s.ex/x/cool.jpg'/></slot></iq>"
    ));
    let url = "https://Out.s.ex/x/cool.jpg";
    let headers = vec![("Authorization".into(), "Basic abc==".into()), ("Expires".into(), "Tue".into())];
    let slot = Slot { put: "https://in.s.ex:5443/x/cool.jpg?a=1&b=2".into(), headers, get: url.into() };
    assert_eq!(slots(&mut client.mirror), [("one".into(), Ok(slot))]);
    assert!(ability(&client).unwrap().hosts.contains(&"out.s.ex".into()), "where it is found is a host of ours");

    let manner = Manner { file: true, ..Manner::default() };
    let what = Sending::Text { text: url.into(), reply: None, manner, private: None };
    client.command(Command::Send { id: None, peer: jid(ANN), what });
    let message = client.next();
    assert_eq!(message.child("jabber:client", "body").unwrap().text(), url);
    let oob = message.child("jabber:x:oob", "x").unwrap();
    assert_eq!(oob.child("jabber:x:oob", "url").unwrap().text(), url);
}

#[test]
fn what_is_too_large_is_not_even_asked_for() {
    let mut client = online();
    found(&mut client, "1000");
    client.command(Command::AskSlot { id: "big".into(), wanted: wanted(1_001) });
    client.nothing_sent();
    assert_eq!(slots(&mut client.mirror), [("big".into(), Err(Trouble::TooLarge { limit: Some(1_000) }))]);
}

#[test]
fn without_a_service_or_a_connection_there_is_an_answer_all_the_same() {
    let mut client = online();
    client.command(Command::AskSlot { id: "a".into(), wanted: wanted(1) });
    assert_eq!(slots(&mut client.mirror), [("a".into(), Err(Trouble::NoService))]);
    found(&mut client, "1000");
    client.break_off();
    client.command(Command::SeekUploads);
    client.command(Command::AskSlot { id: "b".into(), wanted: wanted(1) });
    assert_eq!(slots(&mut client.mirror), [("b".into(), Err(Trouble::NotConnected))]);
    client.nothing_sent();
}

#[test]
fn a_refusal_is_told_with_its_words() {
    let mut client = online();
    found(&mut client, "1000000");
    let id = ask(&mut client).attribute("id").unwrap().to_owned();
    client.stanza(&format!(
        "<iq type='error' from='{SERVICE}' id='{id}'><error type='wait'>\
         <resource-constraint xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>\
         <text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>Quota reached</text></error></iq>"
    ));
    let refusal = Refusal { condition: Condition::ResourceConstraint, text: Some("Quota reached".into()) };
    assert_eq!(slots(&mut client.mirror), [("one".into(), Err(Trouble::Refused(refusal)))]);
}

#[test]
fn silence_ends_and_so_does_a_stream() {
    let mut client = online();
    found(&mut client, "1000000");
    ask(&mut client);
    for _ in 0..31 {
        client.wait(1_000);
    }
    assert_eq!(slots(&mut client.mirror), [("one".into(), Err(Trouble::Stalled))]);

    let mut client = online();
    found(&mut client, "1000000");
    ask(&mut client);
    client.lose_the_stream("");
    assert_eq!(slots(&mut client.mirror), [("one".into(), Err(Trouble::Stalled))]);
}

#[test]
fn only_the_service_that_was_asked_gives_a_place() {
    let mut client = online();
    found(&mut client, "1000000");
    let id = ask(&mut client).attribute("id").unwrap().to_owned();
    let slot = |host: &str| {
        format!("<slot xmlns='{UPLOAD}'><put url='https://{host}/p'/><get url='https://{host}/g'/></slot>")
    };
    for from in ["from='evil.ex'", "from='s.ex'", "from='me@s.ex'", "from='files.s.ex/x'", ""] {
        client.stanza(&format!("<iq type='result' {from} id='{id}'>{}</iq>", slot("evil.ex")));
        assert_eq!(slots(&mut client.mirror), [], "{from}");
    }
    assert!(!ability(&client).unwrap().hosts.contains(&"evil.ex".into()));
    client.stanza(&format!("<iq type='result' from='{SERVICE}' id='{id}'>{}</iq>", slot("files.s.ex")));
    assert_eq!(slots(&mut client.mirror).remove(0).1.unwrap().put, "https://files.s.ex/p");
    // And only once.
    client.stanza(&format!("<iq type='result' from='{SERVICE}' id='{id}'>{}</iq>", slot("files.s.ex")));
    assert_eq!(slots(&mut client.mirror), []);
}

#[test]
fn nobody_else_says_what_the_server_can_do() {
    let mut client = online();
    client.command(Command::SeekUploads);
    let (_, _, info) = question(&mut client);
    let (_, _, items) = question(&mut client);
    answer_info(&mut client, "evil.ex", &info, &able("1"));
    client.stanza(&format!(
        "<iq type='result' from='evil.ex' id='{items}'><query xmlns='{ITEMS}'><item jid='evil.ex'/></query></iq>"
    ));
    client.nothing_sent();
    assert_eq!(ability(&client), None);
}

#[test]
fn a_place_that_is_not_safe_is_none() {
    assert!(put_and_get("https://a.ex/p", "https://b.ex/g").is_ok());
    for (put, get) in [
        ("http://a.ex/p", "https://a.ex/g"),
        ("https://a.ex/p", "http://a.ex/g"),
        ("http://a.localhost/p", "http://a.localhost/g"),
        ("http://127.0.0.1:8080/p", "https://a.ex/g"),
        ("https://a.ex/p", "javascript:alert(1)"),
        ("https://a.ex/p", "data:text/html,x"),
        ("https://a.ex@evil.ex/p", "https://a.ex/g"),
        ("https://a.ex/p", ""),
        ("https://", "https://a.ex/g"),
    ] {
        assert_eq!(put_and_get(put, get), Err(Trouble::Unsafe), "{put} {get}");
    }
    assert_eq!(place(""), Err(Trouble::Unsafe));
    assert_eq!(place(&format!("<slot xmlns='{UPLOAD}'/>")), Err(Trouble::Unsafe));
    assert_eq!(
        place("<slot xmlns='urn:xmpp:other'><put url='https://a/'/><get url='https://a/'/></slot>"),
        Err(Trouble::Unsafe)
    );
}

#[test]
fn a_header_cannot_begin_another_one() {
    let slot = place(&format!(
        "<slot xmlns='{UPLOAD}'><put url='https://a.ex/p'>\
         <header name='Authorization'>Basic a&#13;&#10;X-Evil: 1</header><header name='X-Evil&#10;Expires'>2</header>\
         <header name='Authorization'>second</header></put><get url='https://a.ex/g'/></slot>"
    ));
    assert_eq!(slot.unwrap().headers, [("Authorization".into(), "Basic aX-Evil: 1".into())]);
}

/// What may be fetched without encryption lies on this machine, and is for accounts of this machine (`wire::web`).
#[test]
fn a_message_is_a_file_only_if_its_address_is_safe() {
    let mut client = online();
    for (id, url) in
        [("1", "https://up.ex/a.jpg"), ("2", "http://up.ex/a.jpg"), ("3", "http://router.localhost/off.jpg")]
    {
        client.stanza(&format!(
            "<message from='ann@s.ex/p' to='me@s.ex/w1' type='chat' id='{id}'><body>{url}</body>\
             <x xmlns='jabber:x:oob'><url>{url}</url></x></message>"
        ));
    }
    let timeline = client.mirror.timeline(&jid(ANN)).unwrap();
    let is_file = |at| timeline.get(at).unwrap().manner().is_some_and(|manner| manner.file);
    assert_eq!([is_file(0), is_file(1), is_file(2)], [true, false, false]);
}
