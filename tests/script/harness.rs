//! A client against a scripted server: frames in, frames and changes out, time by hand.

use std::collections::{BTreeMap, VecDeque};

use base64ct::{Base64, Encoding};
use waxwing::clock::{Instant, Now, Timestamp};
use waxwing::domain::account::Connection;
use waxwing::domain::change::{Change, Notice, TimelineEdit};
use waxwing::domain::timeline::{Body, Message};
use waxwing::engine::command::{Command, Password};
use waxwing::engine::effect::{Effect, Record, Remembered, StoreFault, Table, Write};
use waxwing::engine::mirror::Mirror;
use waxwing::engine::{Engine, Input, Output, Settings, SocketEvent};
use waxwing::jid::BareJid;
use waxwing::session::scram::Hash;
use waxwing::wire::xml::{Element, Limits, parse};

pub const ME: &str = "me@s.ex";
pub const ANN: &str = "ann@s.ex";

const OPEN: &str = "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' from='s.ex' id='1' version='1.0'/>";
pub const FEATURES: &str = "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/><sm xmlns='urn:xmpp:sm:3'/>\
    <session xmlns='urn:ietf:params:xml:ns:xmpp-session'><optional/></session><ver xmlns='urn:xmpp:features:rosterver'/>";

pub struct Client {
    pub engine: Engine,
    pub now: u64,
    /// Frames sent and not yet looked at.
    pub sent: VecDeque<String>,
    /// Stanzas sent on this stream since they are counted (XEP-0198).
    stanzas: u32,
    /// How often the server was asked to confirm.
    pub asked: usize,
    pub effects: Vec<Effect>,
    pub changes: Vec<Change>,
    /// What a page would show, built from the changes alone.
    pub mirror: Mirror,
    /// What is on disk; `None` is a browser without a store.
    pub disk: Option<BTreeMap<(u8, u64), Record>>,
    /// Saves wait here until the test lets them happen.
    pub held_saves: Option<VecDeque<(u64, Vec<Write>)>>,
    /// What the server says that it can do, whenever it is asked. `None` leaves that to the test.
    pub server: Option<&'static str>,
    /// What the server keeps of group chats, whenever it is asked. `None` leaves that to the test.
    pub bookmarks: Option<String>,
}

pub fn jid(text: &str) -> BareJid {
    text.parse().unwrap()
}

impl Client {
    pub fn new() -> Self {
        Self::with(Settings { service: None, domain: None, allow_plain: false })
    }

    pub fn with(settings: Settings) -> Self {
        let mut engine = Engine::new(settings, [7; 32]);
        engine.visits_desks();
        Self {
            engine,
            now: 1_000_000,
            sent: VecDeque::new(),
            stanzas: 0,
            asked: 0,
            effects: Vec::new(),
            changes: Vec::new(),
            mirror: Mirror::default(),
            disk: Some(BTreeMap::new()),
            held_saves: None,
            server: Some(""),
            bookmarks: Some(String::new()),
        }
    }

    /// Lets the next held save happen, or fail.
    pub fn save(&mut self, fault: Option<StoreFault>) {
        let (number, writes) = self.held_saves.as_mut().and_then(VecDeque::pop_front).expect("nothing is to be saved");
        match fault {
            None => {
                self.write(writes);
                self.input(Input::Saved { number });
            }
            Some(fault) => self.input(Input::SaveFailed { number, fault }),
        }
    }

    fn write(&mut self, writes: Vec<Write>) {
        let Some(disk) = &mut self.disk else { return };
        for write in writes {
            match write {
                Write::Put(record) => drop(disk.insert((record.table as u8, record.id), record)),
                Write::Delete { table, id } => drop(disk.remove(&(table as u8, id))),
            }
        }
    }

    /// What the disk answers, if it is asked.
    fn store(&mut self, effect: &Effect) -> Option<Input> {
        match effect {
            Effect::OpenStore { .. } => {
                let records = self.disk.as_ref().map(|disk| {
                    disk.values().filter(|record| record.table != Table::Chunks).cloned().collect::<Vec<_>>()
                });
                Some(Input::StoreOpened(records.ok_or(StoreFault::Unavailable)))
            }
            Effect::Load { request, chunks } => {
                let disk = self.disk.as_ref()?;
                let chunks = chunks.iter().filter_map(|id| disk.get(&(Table::Chunks as u8, *id))).cloned().collect();
                Some(Input::Loaded { request: *request, chunks })
            }
            Effect::Save { number, writes, .. } => {
                if let Some(held) = &mut self.held_saves {
                    held.push_back((*number, writes.clone()));
                    return None;
                }
                self.write(writes.clone());
                Some(Input::Saved { number: *number })
            }
            _ => None,
        }
    }

    pub fn input(&mut self, input: Input) {
        let mut inputs = VecDeque::from([input]);
        while let Some(input) = inputs.pop_front() {
            self.one(input, &mut inputs);
        }
    }

    fn one(&mut self, input: Input, inputs: &mut VecDeque<Input>) {
        let now = Now { instant: Instant(self.now), timestamp: Timestamp(1_795_000_000_000 + self.now as i64) };
        self.engine.handle(now, input);
        while let Some(output) = self.engine.poll() {
            match output {
                Output::Effect(Effect::Send(frame)) if frame.starts_with("<r ") => self.asked += 1,
                Output::Effect(Effect::Send(frame)) => {
                    match frame.split([' ', '>']).next() {
                        Some("<enable") => self.stanzas = 0,
                        Some("<message" | "<iq" | "<presence") => self.stanzas += 1,
                        _ => {}
                    }
                    let bookmarks = || kept_bookmarks(&frame, self.bookmarks.as_deref()?);
                    match self.server.and_then(|can| about_server(&frame, can)).or_else(bookmarks) {
                        Some(answer) => inputs.push_back(Input::Socket(SocketEvent::Frame(answer))),
                        None => self.sent.push_back(frame),
                    }
                }
                Output::Effect(effect @ (Effect::OpenStore { .. } | Effect::Save { .. } | Effect::Load { .. })) => {
                    inputs.extend(self.store(&effect));
                }
                Output::Effect(effect) => self.effects.push(effect),
                Output::Change(change) => {
                    self.changes.push(change.clone());
                    self.mirror.apply(change);
                }
            }
        }
    }

    pub fn command(&mut self, command: Command) {
        self.input(Input::Command(command));
    }

    pub fn frame(&mut self, frame: &str) {
        self.input(Input::Socket(SocketEvent::Frame(frame.to_owned())));
    }

    /// The server has everything that was sent.
    pub fn confirm(&mut self) {
        self.frame(&format!("<a xmlns='urn:xmpp:sm:3' h='{}'/>", self.stanzas));
    }

    /// A stanza of the server: the namespace is filled in.
    pub fn stanza(&mut self, stanza: &str) {
        let (name, rest) = stanza.split_at(stanza.find([' ', '>', '/']).unwrap());
        self.frame(&format!("{name} xmlns='jabber:client'{rest}"));
    }

    pub fn wait(&mut self, milliseconds: u64) {
        self.now += milliseconds;
        self.input(Input::Tick);
    }

    /// The next frame that was sent.
    pub fn next(&mut self) -> Element {
        let frame = self.sent.pop_front().expect("nothing was sent");
        parse(&frame, &Limits::STANZA).unwrap_or_else(|error| panic!("{error:?}: {frame}"))
    }

    pub fn nothing_sent(&self) {
        assert!(self.sent.is_empty(), "{:?}", self.sent);
    }

    pub fn log_in(&mut self) {
        self.log_in_with(false);
    }

    pub fn log_in_with(&mut self, remember: bool) {
        self.command(Command::LogIn {
            address: jid(ME),
            password: Password("secret".into()),
            service: Some("wss://s.ex/ws".into()),
            remember,
        });
    }

    /// Opens the socket and goes through SASL, up to the features after the restart.
    pub fn authenticate(&mut self, features: &str) {
        self.open();
        self.scram("SCRAM-SHA-1", true);
        assert!(self.next().is("urn:ietf:params:xml:ns:xmpp-framing", "open"), "the stream restarts");
        self.frame(OPEN);
        self.frame(&format!(
            "<stream:features xmlns:stream='http://etherx.jabber.org/streams'>{features}</stream:features>"
        ));
    }

    pub fn open(&mut self) {
        assert!(matches!(self.effects.pop(), Some(Effect::Connect { .. } | Effect::WakeAt(_))));
        self.input(Input::Socket(SocketEvent::Opened));
        let open = self.next();
        assert!(open.is("urn:ietf:params:xml:ns:xmpp-framing", "open"));
        assert_eq!((open.attribute("to"), open.attribute("version")), (Some("s.ex"), Some("1.0")));
        self.frame(OPEN);
    }

    /// The server's side of SCRAM for the password "secret".
    pub fn scram(&mut self, mechanism: &str, honest: bool) {
        self.scram_with_salt(mechanism, honest, b"saltsalt");
    }

    pub fn scram_with_salt(&mut self, mechanism: &str, honest: bool, salt: &[u8]) {
        self.frame(&format!(
            "<stream:features xmlns:stream='http://etherx.jabber.org/streams'><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>\
             <mechanism>PLAIN</mechanism><mechanism>{mechanism}</mechanism></mechanisms></stream:features>"
        ));
        let auth = self.next();
        assert_eq!((auth.name(), auth.attribute("mechanism")), ("auth", Some(mechanism)));
        let first = String::from_utf8(Base64::decode_vec(&auth.text()).unwrap()).unwrap();
        let client_nonce = first.split_once("r=").unwrap().1.to_owned();
        let server_first = format!("r={client_nonce}srv,s={},i=4096", Base64::encode_string(salt));
        self.sasl("challenge", &server_first);
        // Keys of an earlier exchange need no stretching.
        if let Some(at) = self.effects.iter().position(|effect| matches!(effect, Effect::Stretch { .. })) {
            let Effect::Stretch { request, hash, password, salt, iterations } = self.effects.remove(at) else {
                panic!()
            };
            let salted = stretch(hash, &password.0, &salt, iterations);
            self.input(Input::Stretched { request, salted });
        }
        let response = self.next();
        let last = String::from_utf8(Base64::decode_vec(&response.text()).unwrap()).unwrap();
        let without_proof = last.rsplit_once(",p=").unwrap().0;
        let transcript = format!("{},{server_first},{without_proof}", first.strip_prefix("n,,").unwrap());
        self.sasl("success", &server_signature(&transcript, honest, salt));
    }

    fn sasl(&mut self, name: &str, message: &str) {
        let text = Base64::encode_string(message.as_bytes());
        self.frame(&format!("<{name} xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>{text}</{name}>"));
    }

    /// A client that is online as me@s.ex/w1 with stream management and an empty contact list.
    pub fn online() -> Self {
        let mut client = Self::new();
        client.log_in();
        client.bind(FEATURES);
        client.settle_fresh("");
        client
    }

    pub fn bind(&mut self, features: &str) {
        self.authenticate(features);
        let bind = self.next();
        assert_eq!((bind.name(), bind.attribute("type")), ("iq", Some("set")));
        let id = bind.attribute("id").unwrap().to_owned();
        self.stanza(&format!(
            "<iq type='result' id='{id}'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>me@s.ex/w1</jid></bind></iq>"
        ));
    }

    /// Takes what is sent after a fresh bind, and answers it.
    pub fn settle_fresh(&mut self, items: &str) {
        assert_eq!(self.next().name(), "enable");
        self.frame("<enabled xmlns='urn:xmpp:sm:3' id='A' resume='true'/>");
        let roster = self.next();
        let id = roster.attribute("id").unwrap().to_owned();
        self.stanza(&format!(
            "<iq type='result' id='{id}'><query xmlns='jabber:iq:roster' ver='v1'>{items}</query></iq>"
        ));
        let carbons = self.next();
        let id = carbons.attribute("id").unwrap().to_owned();
        self.stanza(&format!("<iq type='result' id='{id}'/>"));
        assert_eq!(self.next().name(), "presence");
        self.answer_about_archive("");
        self.nothing_sent();
        // The contact list, carbons, presence and the questions about the archive, the server and group chats.
        self.frame("<a xmlns='urn:xmpp:sm:3' h='6'/>");
        self.asked = 0;
        self.effects.clear();
        self.changes.clear();
    }

    /// What is sent after a fresh bind, up to the question whether there is an archive.
    pub fn expect_setup(&mut self) {
        for name in ["enable", "iq", "iq", "presence"] {
            assert_eq!(self.next().name(), name);
        }
        self.frame("<enabled xmlns='urn:xmpp:sm:3' id='A' resume='true'/>");
    }

    /// The stream breaks and cannot be resumed; `meanwhile` is written before there is a new one, which is bound.
    pub fn lose_the_stream(&mut self, meanwhile: &str) {
        self.break_off();
        if !meanwhile.is_empty() {
            self.command(Command::SendText { id: None, peer: jid(ANN), text: meanwhile.into() });
        }
        self.authenticate(FEATURES);
        assert_eq!(self.next().name(), "resume");
        self.frame("<failed xmlns='urn:xmpp:sm:3'/>");
        let id = self.next().attribute("id").unwrap().to_owned();
        self.stanza(&format!(
            "<iq type='result' id='{id}'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>me@s.ex/w1</jid></bind></iq>"
        ));
    }

    /// Answers the question whether there is an archive by these features.
    pub fn answer_about_archive(&mut self, features: &str) {
        let question = self.next();
        assert_eq!(question.attribute("to"), Some(ME));
        let id = question.attribute("id").unwrap().to_owned();
        self.stanza(&format!(
            "<iq type='result' from='{ME}' id='{id}'><query xmlns='http://jabber.org/protocol/disco#info'>{features}</query></iq>"
        ));
    }

    pub fn push(&mut self, item: &str) {
        self.stanza(&format!("<iq type='set' id='push'><query xmlns='jabber:iq:roster'>{item}</query></iq>"));
        assert_eq!(self.next().attribute("type"), Some("result"));
    }

    pub fn connection(&self) -> Connection {
        let last = self.changes.iter().rev().find_map(|change| match change {
            Change::Connection(connection) => Some(connection.clone()),
            _ => None,
        });
        last.expect("the connection did not change")
    }

    /// What is kept for the next visit to sign in with.
    pub fn remembered(&self) -> Box<Remembered> {
        let kept = self.effects.iter().find_map(|effect| match effect {
            Effect::Remember(remembered) => Some(remembered.clone()),
            _ => None,
        });
        kept.expect("nothing was kept")
    }

    /// Where the connection stands by what a page shows.
    pub fn connection_or_online(&self) -> Connection {
        self.mirror.connection().clone()
    }

    pub fn notices(&self) -> Vec<Notice> {
        let notices = self.changes.iter().filter_map(|change| match change {
            Change::Notice(notice) => Some(notice.clone()),
            _ => None,
        });
        notices.collect()
    }

    /// The rows of a conversation as a page would show them, after their text their state.
    pub fn rows(&self, peer: &str) -> Vec<(String, Option<&'static str>)> {
        let mut rows: Vec<Message> = Vec::new();
        for change in &self.changes {
            let Change::Timeline(conversation, edit) = change else { continue };
            if *conversation != jid(peer) {
                continue;
            }
            match edit.clone() {
                TimelineEdit::Insert { message, before } => {
                    let key = message.key;
                    rows.retain(|row| row.key != key);
                    let at = before.map_or(rows.len(), |key| rows.iter().position(|row| row.key == key).unwrap());
                    rows.insert(at, message);
                }
                TimelineEdit::Update(message) => {
                    let row = rows.iter_mut().find(|row| row.key == message.key);
                    *row.unwrap() = message;
                }
                TimelineEdit::Remove(key) => rows.retain(|row| row.key != key),
                TimelineEdit::Trim(first) => {
                    rows.drain(..rows.iter().position(|row| row.key == first).unwrap());
                }
                TimelineEdit::Names(_) => {}
            }
        }
        let text = |message: &Message| match &message.body {
            Body::Text(text) => text.to_string(),
            Body::Unreadable => "(unreadable)".to_owned(),
            Body::Retracted => "(retracted)".to_owned(),
            Body::Gap(gap) => format!("({gap:?})"),
        };
        rows.iter().map(|row| (text(row), row.delivery.as_ref().map(|delivery| delivery.name()))).collect()
    }

    pub fn unread(&self, peer: &str) -> u32 {
        let last = self.changes.iter().rev().find_map(|change| match change {
            Change::Conversation(view) if view.peer == jid(peer) => Some(view.unread),
            _ => None,
        });
        last.unwrap_or(0)
    }

    /// The socket breaks, and the client is brought to its next attempt.
    pub fn break_off(&mut self) {
        self.input(Input::Socket(SocketEvent::Closed));
        self.sent.clear();
        assert!(matches!(self.connection(), Connection::Reconnecting { .. }));
        self.effects.clear();
        self.wait(60_000);
        self.effects.retain(|effect| matches!(effect, Effect::Connect { .. }));
        assert_eq!(self.effects.len(), 1);
    }
}

/// The server's answer to the question what it can do, which stands between others in nearly every transcript.
fn about_server(frame: &str, can: &str) -> Option<String> {
    let question = parse(frame, &Limits::STANZA).ok()?;
    if (question.attribute("type"), question.attribute("to")) != (Some("get"), Some("s.ex"))
        || question.child("http://jabber.org/protocol/disco#info", "query").is_none()
    {
        return None;
    }
    let id = question.attribute("id")?;
    Some(format!(
        "<iq xmlns='jabber:client' type='result' from='s.ex' id='{id}'>\
         <query xmlns='http://jabber.org/protocol/disco#info'>{can}</query></iq>"
    ))
}

/// The server's answer to the question which group chats the user's devices share.
fn kept_bookmarks(frame: &str, kept: &str) -> Option<String> {
    let question = parse(frame, &Limits::STANZA).ok()?;
    question.child("jabber:iq:private", "query").filter(|_| question.attribute("type") == Some("get"))?;
    let id = question.attribute("id")?;
    Some(format!(
        "<iq xmlns='jabber:client' type='result' id='{id}'><query xmlns='jabber:iq:private'>\
         <storage xmlns='storage:bookmarks'>{kept}</storage></query></iq>"
    ))
}

fn stretch(hash: Hash, password: &str, salt: &[u8], iterations: u32) -> Vec<u8> {
    assert_eq!((hash, password), (Hash::Sha1, "secret"));
    let mut salted = vec![0; 20];
    pbkdf2::pbkdf2_hmac::<sha1::Sha1>(password.as_bytes(), salt, iterations, &mut salted);
    salted
}

fn server_signature(transcript: &str, honest: bool, salt: &[u8]) -> String {
    use hmac::{Hmac, KeyInit, Mac};
    let salted = stretch(Hash::Sha1, "secret", salt, 4096);
    let mac = |key: &[u8], text: &[u8]| {
        <Hmac<sha1::Sha1> as KeyInit>::new_from_slice(key).unwrap().chain_update(text).finalize().into_bytes().to_vec()
    };
    let key = mac(&salted, if honest { b"Server Key" } else { b"Other Key!" });
    format!("v={}", Base64::encode_string(&mac(&key, transcript.as_bytes())))
}
