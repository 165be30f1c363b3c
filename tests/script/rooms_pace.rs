//! At home in a hundred group chats: how much is said in a second, and how soon one can write.

use std::collections::VecDeque;

use waxwing::domain::conversation::Notify;
use waxwing::domain::presence::{Availability, OwnPresence};
use waxwing::domain::room::Phase;
use waxwing::engine::command::Command;
use waxwing::engine::rooms::RoomOrder;
use waxwing::jid::BareJid;
use waxwing::wire::xml::{Element, Limits, parse};

use crate::harness::{Client, FEATURES, jid};

const ROOMS: usize = 100;
/// What ejabberd takes in a second as Debian packages it.
const SHAPER: usize = 3_000;

/// A server that answers after so many milliseconds, and notes what it hears.
struct Server {
    late: u64,
    answers: VecDeque<(u64, String)>,
    heard: Vec<(u64, usize)>,
    nicknames: bool,
}

impl Server {
    fn new(late: u64) -> Self {
        Self { late, answers: VecDeque::new(), heard: Vec::new(), nicknames: false }
    }

    /// Lets time pass until everybody is in, and some more. Returns when the first was in, and when all were.
    fn run(&mut self, client: &mut Client) -> (u64, u64) {
        let (began, mut first, mut all) = (client.now, None, None);
        let rooms: Vec<BareJid> = (0..ROOMS).map(|number| jid(&address(number))).collect();
        let mut outside: Vec<&BareJid> = rooms.iter().collect();
        let mut begun = Vec::new();
        for _ in 0..12_000 {
            while let Some(frame) = client.sent.pop_front() {
                self.heard.push((client.now, frame.len()));
                begun.extend(frame.contains("disco#info").then(|| whom(&frame)).flatten());
                let at = client.now + self.late;
                self.answers.extend(self.answers_to(&frame).into_iter().map(|answer| (at, answer)));
            }
            match self.answers.front() {
                Some((at, _)) if *at <= client.now => {
                    let (_, answer) = self.answers.pop_front().unwrap();
                    client.stanza(&answer);
                }
                _ => client.wait(20),
            }
            outside.retain(|room| !is_in(client, room));
            begun.retain(|room| outside.contains(&room));
            begun.dedup();
            assert!(begun.len() <= 4, "not more than a few at a time: {begun:?}");
            first = first.or((outside.len() < ROOMS).then_some(client.now - began));
            all = all.or(outside.is_empty().then_some(client.now - began));
            if all.is_some_and(|all| client.now - began > all + 2_000) && self.answers.is_empty() {
                break;
            }
        }
        (first.expect("nobody is in"), all.expect("not everybody is in"))
    }

    fn most_in_a_second(&self) -> usize {
        let within = |from: u64| self.heard.iter().filter(move |(at, _)| (from..from + 1_000).contains(at));
        self.heard.iter().map(|(from, _)| within(*from).map(|(_, bytes)| bytes).sum()).max().unwrap_or_default()
    }

    fn answers_to(&self, frame: &str) -> Vec<String> {
        let Ok(asked) = parse(frame, &Limits::STANZA) else { return Vec::new() };
        let Some(to) = asked.attribute("to").filter(|to| to.contains("@rooms.ex")) else { return Vec::new() };
        let id = asked.attribute("id").unwrap_or_default();
        let result = |content: &str| vec![format!("<iq type='result' from='{to}' id='{id}'>{content}</iq>")];
        let is = |space: &str| asked.children().any(|child| child.namespace() == space);
        if asked.name() == "presence" {
            return vec![format!(
                "<presence from='{to}'><x xmlns='http://jabber.org/protocol/muc#user'>\
                 <item affiliation='member' role='participant'/><status code='110'/></x></presence>"
            )];
        }
        if is("urn:xmpp:mam:2") {
            return result(
                "<fin xmlns='urn:xmpp:mam:2' complete='true'><set xmlns='http://jabber.org/protocol/rsm'/></fin>",
            );
        }
        let node = asked.children().next().and_then(|query: &Element| query.attribute("node"));
        match (is("http://jabber.org/protocol/disco#info"), node) {
            (true, None) => result(
                "<query xmlns='http://jabber.org/protocol/disco#info'><identity category='conference' type='text'/>\
                 <feature var='http://jabber.org/protocol/muc'/><feature var='urn:xmpp:mam:2'/></query>",
            ),
            (true, Some(_)) if self.nicknames => result(
                "<query xmlns='http://jabber.org/protocol/disco#info'><identity category='conference' type='text' name='Chief'/></query>",
            ),
            _ => Vec::new(),
        }
    }
}

/// Which group chat is asked what it is, or which nickname it keeps.
fn whom(frame: &str) -> Option<BareJid> {
    let to = parse(frame, &Limits::STANZA).ok()?.attribute("to")?.to_owned();
    to.contains("@rooms.ex").then(|| jid(&to))
}

fn address(number: usize) -> String {
    format!("a-group-with-a-long-name-{number:03}@rooms.ex")
}

fn is_in(client: &Client, room: &BareJid) -> bool {
    client.mirror.room(room).is_some_and(|room| room.phase == Phase::Joined)
}

fn at_home(nick: &str) -> Client {
    let mut client = Client::new();
    let conference = |number| format!("<conference jid='{}' autojoin='true'>{nick}</conference>", address(number));
    client.bookmarks = Some((0..ROOMS).map(conference).collect());
    client.log_in();
    client.bind(FEATURES);
    client.settle_up_to_archive();
    client
}

#[test]
fn a_hundred_group_chats_are_entered_below_what_a_packaged_server_takes_in_a_second() {
    for (late, nicknames) in [(0, false), (20, true), (150, false)] {
        let mut client = at_home(if nicknames { "" } else { "<nick>Somebody Somewhere</nick>" });
        let mut server = Server { nicknames, ..Server::new(late) };
        let (first, all) = server.run(&mut client);
        let most = server.most_in_a_second();
        assert!(most < SHAPER, "{most} bytes in a second, answers after {late} ms");
        assert!(first <= 200 + 4 * late, "the first after {first} ms, answers after {late} ms");
        assert!(all < 60_000, "all after {all} ms");
        assert_eq!(client.mirror.room(&jid(&address(7))).unwrap().nick == "Chief", nicknames);

        // Everything is known now, and there is another stream.
        client.lose_the_stream("");
        client.settle_up_to_archive();
        let mut server = Server::new(late);
        let (first, _) = server.run(&mut client);
        let most = server.most_in_a_second();
        assert!(most < SHAPER, "{most} bytes in a second, answers after {late} ms");
        assert!(first <= 200 + 2 * late, "the first after {first} ms, answers after {late} ms");

        // Everybody there is to know that we are away.
        let mut server = Server::new(late);
        client.sent.clear();
        let away = OwnPresence { availability: Availability::Away, ..OwnPresence::default() };
        client.command(Command::SetPresence(away));
        server.run(&mut client);
        client.wait(10_000);
        assert!(server.most_in_a_second() < SHAPER, "{} bytes in a second", server.most_in_a_second());
    }
}

#[test]
fn who_is_wanted_comes_first_in_a_long_line() {
    let mut client = at_home("<nick>me</nick>");
    let last = jid(&address(ROOMS - 1));
    client.command(Command::Show(vec![last.clone()]));
    client.command(Command::Room(RoomOrder::SetNotify { room: last.clone(), notify: Notify::All }));
    let mut server = Server::new(20);
    for _ in 0..200 {
        while let Some(frame) = client.sent.pop_front() {
            let at = client.now + 20;
            server.answers.extend(server.answers_to(&frame).into_iter().map(|answer| (at, answer)));
        }
        while server.answers.front().is_some_and(|(at, _)| *at <= client.now) {
            client.stanza(&server.answers.pop_front().unwrap().1);
        }
        client.wait(10);
    }
    assert!(is_in(&client, &last), "it is on a page");
    assert!(!is_in(&client, &jid(&address(ROOMS / 2))), "there was no time for all");
}
