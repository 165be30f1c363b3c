//! A group chat for transcripts.

use waxwing::domain::change::{Change, Notice};
use waxwing::domain::room::RoomNews;
use waxwing::domain::timeline::Message;
use waxwing::engine::command::Command;
use waxwing::engine::effect::Remembered;
use waxwing::engine::rooms::RoomOrder;
use waxwing::jid::BareJid;
use waxwing::wire::xml::Element;

use crate::harness::{Client, jid};

pub const ROOM: &str = "den@rooms.ex";
/// A group chat that is only that.
pub const OPEN: &str = "<feature var='http://jabber.org/protocol/muc'/><feature var='muc_open'/>";
/// One that names its people and their messages.
pub const WITH_IDS: &str = "<feature var='http://jabber.org/protocol/muc'/><feature var='urn:xmpp:occupant-id:0'/>\
    <feature var='urn:xmpp:sid:0'/><feature var='urn:xmpp:message-moderate:1'/>";

/// A private group that does so, too.
pub const GROUP: &str = "<feature var='http://jabber.org/protocol/muc'/><feature var='urn:xmpp:occupant-id:0'/>\
    <feature var='urn:xmpp:sid:0'/><feature var='muc_membersonly'/><feature var='muc_nonanonymous'/>";

pub fn room() -> BareJid {
    jid(ROOM)
}

pub fn online() -> Client {
    Client::online()
}

pub fn join(nick: Option<&str>) -> Command {
    Command::Room(RoomOrder::Join { room: room(), nick: nick.map(str::to_owned), password: None })
}

/// A client that is in the group chat as "me", after everything that follows from that.
pub fn inside(features: &str) -> Client {
    let mut client = online();
    go_in(&mut client, features);
    kept(&mut client);
    client.nothing_sent();
    client.confirm();
    client.changes.clear();
    client
}

/// Goes in as "me", up to the own presence.
pub fn go_in(client: &mut Client, features: &str) {
    client.command(join(Some("me")));
    let info = client.next();
    answer(client, &info, &info_of(features));
    assert_eq!(client.next().attribute("to"), Some("den@rooms.ex/me"));
    let id =
        if features.contains("occupant-id") { "<occupant-id xmlns='urn:xmpp:occupant-id:0' id='id-me'/>" } else { "" };
    let presence = there("me", "none", "participant", "<status code='110'/>");
    client.stanza(&presence.replace("</presence>", &format!("{id}</presence>")));
    client.wait(60);
}

/// Takes what is kept for the other devices.
pub fn kept(client: &mut Client) {
    let kept = client.next();
    assert!(kept.to_xml().contains("storage:bookmarks"), "{kept:?}");
    answer(client, &kept, "");
}

pub fn info_of(features: &str) -> String {
    format!(
        "<query xmlns='http://jabber.org/protocol/disco#info'><identity category='conference' type='text' name='The den'/>{features}</query>"
    )
}

pub fn answer(client: &mut Client, question: &Element, payload: &str) {
    let id = question.attribute("id").unwrap();
    let from = question.attribute("to").map(|to| format!(" from='{to}'")).unwrap_or_default();
    client.stanza(&format!("<iq type='result' id='{id}'{from}>{payload}</iq>"));
}

/// Somebody is there.
pub fn there(nick: &str, affiliation: &str, role: &str, rest: &str) -> String {
    format!(
        "<presence from='{ROOM}/{nick}'><x xmlns='http://jabber.org/protocol/muc#user'>\
         <item affiliation='{affiliation}' role='{role}'/>{rest}</x></presence>"
    )
}

/// The same, named by the group chat.
pub fn there_as(nick: &str, id: &str) -> String {
    let id = format!("<occupant-id xmlns='urn:xmpp:occupant-id:0' id='{id}'/></presence>");
    there(nick, "none", "participant", "").replace("</presence>", &id)
}

/// Somebody goes.
pub fn gone_away(nick: &str, rest: &str) -> String {
    format!(
        "<presence from='{ROOM}/{nick}' type='unavailable'><x xmlns='http://jabber.org/protocol/muc#user'>\
         <item affiliation='none' role='none'/>{rest}</x></presence>"
    )
}

/// Somebody goes by another nickname.
pub fn renames(from: &str, to: &str, rest: &str) -> String {
    format!(
        "<presence from='{ROOM}/{from}' type='unavailable'><x xmlns='http://jabber.org/protocol/muc#user'>\
         <item affiliation='none' role='participant' nick='{to}'/><status code='303'/>{rest}</x></presence>"
    )
}

pub fn says(nick: &str, id: &str, text: &str, rest: &str) -> String {
    says_as(&format!("{ROOM}/{nick}"), id, text, rest)
}

pub fn says_as(from: &str, id: &str, text: &str, rest: &str) -> String {
    format!("<message from='{from}' to='me@s.ex/w1' type='groupchat' id='{id}'><body>{text}</body>{rest}</message>")
}

/// What a group chat adds that names its people and their messages.
pub fn named(who: &str, message: &str) -> String {
    format!(
        "<occupant-id xmlns='urn:xmpp:occupant-id:0' id='{who}'/><stanza-id xmlns='urn:xmpp:sid:0' by='{ROOM}' id='{message}'/>"
    )
}

pub fn say(client: &mut Client, text: &str) {
    client.command(Command::SendText { id: None, peer: room(), text: text.into() });
}

pub fn texts(client: &Client) -> Vec<String> {
    client.rows(ROOM).into_iter().map(|(text, _)| text).collect()
}

pub fn rows(client: &Client) -> Vec<Message> {
    let timeline = client.mirror.timeline(&room());
    let rows = timeline.into_iter().flat_map(|timeline| (0..timeline.len()).filter_map(|place| timeline.get(place)));
    rows.map(|row| (**row).clone()).collect()
}

pub fn people(client: &Client) -> Vec<String> {
    let people = client.mirror.people(&room()).unwrap();
    people.in_order().iter().map(|one| one.nick.to_string()).collect()
}

pub fn news(client: &Client) -> Vec<RoomNews> {
    let told = client.changes.iter().filter_map(|change| match change {
        Change::Notice(Notice::Room(_, news)) => Some(news.clone()),
        _ => None,
    });
    told.collect()
}

impl Client {
    /// Answers the question about the archive of the account with nothing, wherever it stands among others.
    pub fn answer_about_archive_later(&mut self) {
        let is_it = |frame: &String| frame.contains("disco#info") && frame.contains("to='me@s.ex'");
        let place = self.sent.iter().position(is_it).expect("nobody asks about the archive");
        let question = self.sent.remove(place).unwrap();
        self.sent.push_front(question);
        self.answer_about_archive("");
    }

    /// What follows a fresh bind, without a look at it.
    pub fn settle_up_to_archive(&mut self) {
        self.expect_setup();
        self.answer_about_archive_later();
    }

    /// The same as [`Client::settle_fresh`], with what is kept of the account left in place.
    pub fn settle_fresh_kept(&mut self) {
        assert_eq!(self.next().name(), "enable");
        self.frame("<enabled xmlns='urn:xmpp:sm:3' id='A' resume='true'/>");
        let roster = self.next();
        answer(self, &roster, "<query xmlns='jabber:iq:roster'/>");
        let carbons = self.next();
        answer(self, &carbons, "");
        self.next();
        self.answer_about_archive("");
        self.confirm();
    }

    /// What is kept for the next visit to sign in with, as it was said last.
    pub fn remembered_again(&self) -> Box<Remembered> {
        self.remembered()
    }
}

pub fn order(client: &mut Client, order: RoomOrder) {
    client.command(Command::Room(order));
}

/// Answers a question with a refusal.
pub fn refuse(client: &mut Client, question: &Element, condition: &str) {
    let (id, to) = (question.attribute("id").unwrap(), question.attribute("to").unwrap());
    client.stanza(&format!(
        "<iq type='error' from='{to}' id='{id}'><error type='cancel'><{condition} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"
    ));
}
