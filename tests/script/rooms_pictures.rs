//! Pictures of group chats: how one is announced, what is taken for it, and who may change it.

use base64ct::{Base64, Encoding};
use waxwing::domain::face::{Face, MOST};
use waxwing::domain::room::{RoomNews, RoomWish};
use waxwing::engine::command::Command;
use waxwing::engine::rooms::RoomOrder;
use waxwing::form::Picture;
use waxwing::wire::xml::Element;

use crate::harness::{Client, jid};
use crate::rooms_harness::*;

const VCARD: &str = "vcard-temp";
const MUC_USER: &str = "http://jabber.org/protocol/muc#user";

fn png(wide: u32, rest: &[u8]) -> Vec<u8> {
    [&b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR"[..], &wide.to_be_bytes(), &64_u32.to_be_bytes(), b"\x08\x06", rest].concat()
}

fn name_of(bytes: &[u8]) -> String {
    Face { kind: Picture::Png, bytes: bytes.to_vec() }.name()
}

fn with_picture(names: &[&str]) -> String {
    let values: String = names.iter().map(|name| format!("<value>{name}</value>")).collect();
    format!(
        "{OPEN}<feature var='vcard-temp'/><x xmlns='jabber:x:data' type='result'><field var='FORM_TYPE'>\
         <value>http://jabber.org/protocol/muc#roominfo</value></field>\
         <field var='muc#roominfo_avatarhash'>{values}</field></x>"
    )
}

fn want(client: &mut Client) {
    client.command(Command::WantFace(room()));
}

fn names(client: &Client) -> Vec<String> {
    let shown = client.mirror.face_of(&room()).cloned().unwrap_or_default();
    shown.names.iter().map(ToString::to_string).collect()
}

/// A card with pictures of these types.
fn card(pictures: &[(&str, &[u8])]) -> String {
    let photos: String = pictures
        .iter()
        .map(|(kind, bytes)| {
            let data = Base64::encode_string(bytes);
            let (first, rest) = data.split_at(data.len() / 2);
            format!("<PHOTO><TYPE>{kind}</TYPE><BINVAL>{first}\n {rest}</BINVAL></PHOTO>")
        })
        .collect();
    format!("<vCard xmlns='{VCARD}'><FN>The den</FN>{photos}</vCard>")
}

fn asked_for_card(client: &mut Client) -> Element {
    let asked = client.next();
    assert_eq!((asked.attribute("to"), asked.attribute("type")), (Some(ROOM), Some("get")));
    assert!(asked.child(VCARD, "vCard").is_some(), "{asked:?}");
    asked
}

#[test]
fn a_picture_is_fetched_when_somebody_looks_and_only_if_it_is_the_one_that_was_announced() {
    let (good, name) = (png(64, b"good"), name_of(&png(64, b"good")));
    let mut client = inside(&with_picture(&[&name.to_uppercase()]));
    assert_eq!(names(&client), [name.as_str()]);
    assert!(client.mirror.face_of(&room()).unwrap().settable);
    client.nothing_sent();
    want(&mut client);
    let asked = asked_for_card(&mut client);
    want(&mut client);
    client.nothing_sent();
    // From elsewhere it is no answer.
    let id = asked.attribute("id").unwrap();
    for from in ["den@rooms.ex/eve", "eve@x.ex", "rooms.ex", "den@rooms.ex.evil"] {
        let eve = card(&[("image/png", &png(64, b"evil"))]);
        client.stanza(&format!("<iq type='result' id='{id}' from='{from}'>{eve}</iq>"));
    }
    assert!(client.mirror.face(&name).is_none());
    answer(&mut client, &asked, &card(&[("image/svg+xml", b"<svg/>"), ("text/html", &good)]));
    let face = client.mirror.face(&name).unwrap();
    assert_eq!((face.kind, &face.bytes), (Picture::Png, &good), "its bytes tell what it is, and not its word");
    // Another page wants it, too.
    let told = client.changes.len();
    want(&mut client);
    assert_eq!(client.changes.len(), told + 1);
    client.nothing_sent();
}

#[test]
fn what_is_no_picture_or_another_one_is_not_shown_and_not_asked_for_again() {
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>".to_vec();
    let bomb = png(50_000, b"");
    let mut long = png(64, b"");
    long.resize(MOST + 1, 7);
    for (announced, given) in [
        (svg.clone(), svg),
        (bomb.clone(), bomb),
        (long.clone(), long),
        (png(64, b"good"), png(64, b"evil")),
        (png(64, b"good"), Vec::new()),
    ] {
        let name = name_of(&announced);
        let mut client = inside(&with_picture(&[&name]));
        want(&mut client);
        let asked = asked_for_card(&mut client);
        answer(&mut client, &asked, &card(&[("image/png", &given)]));
        assert!(names(&client).is_empty() && client.mirror.face(&name).is_none());
        want(&mut client);
        client.stanza(&format!(
            "<presence from='{ROOM}'><x xmlns='{VCARD}:x:update'><photo>{name}</photo></x></presence>"
        ));
        want(&mut client);
        client.nothing_sent();
    }
    // Who gives no answer may be asked again, and who refuses has none.
    let name = name_of(&png(64, b"good"));
    for (condition, again) in [("remote-server-timeout", 1), ("item-not-found", 0), ("forbidden", 0)] {
        let mut client = inside(&with_picture(&[&name]));
        want(&mut client);
        let id = asked_for_card(&mut client).attribute("id").unwrap().to_owned();
        client.stanza(&format!("<iq type='error' from='{ROOM}' id='{id}'><error type='wait'><{condition} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"));
        want(&mut client);
        assert_eq!(client.sent.len(), again, "{condition}");
    }
}

#[test]
fn only_the_group_chat_itself_says_which_picture_it_shows() {
    let (one, other) = (name_of(b"one"), name_of(b"other"));
    let update = |from: &str, photo: &str| {
        format!(
            "<presence from='{from}'><x xmlns='{MUC_USER}'><item affiliation='none' role='participant'/></x>\
             <x xmlns='{VCARD}:x:update'>{photo}</x></presence>"
        )
    };
    let photo = |name: &str| format!("<photo>{name}</photo>");
    let mut client = inside(&with_picture(&[&one]));
    client.stanza(&update("den@rooms.ex/eve", &photo(&other)));
    client.stanza(&update("eve@x.ex", &photo(&other)));
    client.stanza(&update("den@rooms.ex/me", &photo(&other)));
    assert_eq!(names(&client), [one.as_str()], "what participants say is about themselves");
    assert!(client.mirror.face_of(&jid("eve@x.ex")).is_none());
    client.stanza(&update(ROOM, ""));
    assert_eq!(names(&client), [one], "it is not ready to say");
    client.stanza(&update(ROOM, &photo(&other)));
    assert_eq!(names(&client), [other.as_str()]);
    // It says in presence only which one it has: what it is besides says nothing against that.
    client.stanza(&format!(
        "<message from='{ROOM}' type='groupchat'><x xmlns='{MUC_USER}'><status code='104'/></x></message>"
    ));
    let asked = client.next();
    answer(&mut client, &asked, &info_of(&format!("{OPEN}<feature var='vcard-temp'/>")));
    assert_eq!(names(&client), [other]);
    client.stanza(&update(ROOM, "<photo/>"));
    assert!(names(&client).is_empty());
    for wrong in ["<script>", "zz", "../../../../etc/passwd", "a9993e364706816aba3e25717850c26c9cd0d89"] {
        client.stanza(&update(ROOM, &photo(&wrong.replace('<', "&lt;"))));
        assert!(names(&client).is_empty(), "{wrong}");
    }
    // When it is set up anew it is asked what it is now.
    client.stanza(&format!(
        "<message from='{ROOM}' type='groupchat'><x xmlns='{MUC_USER}'><status code='104'/></x></message>"
    ));
    let asked = client.next();
    let both = [name_of(b"png"), name_of(b"webp")];
    answer(&mut client, &asked, &info_of(&with_picture(&[&both[0], &both[1]])));
    assert_eq!(names(&client), both);
}

#[test]
fn an_owner_gives_it_another_picture_and_what_else_is_in_the_card_stays() {
    let face = png(64, b"new");
    let mut client = inside(&with_picture(&[]));
    client.command(Command::Room(RoomOrder::SetPicture { room: room(), file: Some(face.clone()) }));
    let asked = asked_for_card(&mut client);
    answer(&mut client, &asked, &card(&[("image/png", b"old"), ("image/gif", b"old")]));
    let set = client.next();
    let known = set.child(VCARD, "vCard").unwrap();
    assert_eq!((set.attribute("to"), set.attribute("type")), (Some(ROOM), Some("set")));
    assert_eq!(known.child(VCARD, "FN").unwrap().text(), "The den");
    let photos: Vec<&Element> = known.children().filter(|child| child.name() == "PHOTO").collect();
    assert_eq!(photos.len(), 1);
    assert_eq!(photos[0].child(VCARD, "TYPE").unwrap().text(), "image/png");
    assert_eq!(Base64::decode_vec(&photos[0].child(VCARD, "BINVAL").unwrap().text()).unwrap(), face);
    answer(&mut client, &set, "");
    client.stanza(&format!(
        "<message from='{ROOM}' type='groupchat'><x xmlns='{MUC_USER}'><status code='104'/></x></message>"
    ));
    assert!(news(&client).is_empty(), "it is our own wish");
    let info = client.next();
    answer(&mut client, &info, &info_of(&with_picture(&[&name_of(&face)])));
    assert_eq!(names(&client), [name_of(&face)]);
    // Away with it; one without a card gets an empty one.
    client.sent.clear();
    client.command(Command::Room(RoomOrder::SetPicture { room: room(), file: None }));
    let asked = asked_for_card(&mut client);
    let id = asked.attribute("id").unwrap();
    client.stanza(&format!("<iq type='error' from='{ROOM}' id='{id}'><error type='cancel'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"));
    let set = client.next();
    assert_eq!(set.child(VCARD, "vCard").unwrap().children().count(), 0);
    // Who may not do that is told.
    let id = set.attribute("id").unwrap();
    client.stanza(&format!("<iq type='error' from='{ROOM}' id='{id}'><error type='auth'><forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"));
    assert!(matches!(news(&client).last(), Some(RoomNews::Refused(RoomWish::Picture, _))));
}

#[test]
fn what_cannot_be_sent_as_a_picture_is_refused_here() {
    let mut long = png(64, b"");
    long.resize(80_000, 0);
    for file in [b"<svg/>".to_vec(), Vec::new(), long, png(9_000, b"")] {
        let mut client = inside(&with_picture(&[]));
        client.command(Command::Room(RoomOrder::SetPicture { room: room(), file: Some(file) }));
        assert!(matches!(news(&client).last(), Some(RoomNews::Refused(RoomWish::Picture, _))));
        client.nothing_sent();
    }
}
