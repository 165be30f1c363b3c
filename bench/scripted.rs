//! A server that plays its part from a script, so that a burst is the same each time and costs nobody else anything.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;

use crate::proof::Exchange;
use crate::support::proxy::accept;

/// How many contacts everybody has here.
pub const CONTACTS: u32 = 1_000;

/// A group chat of so many people.
pub const ROOM: &str = "room@conference.s.localhost";
pub const OCCUPANTS: u32 = 6_000;

const OPEN: &str =
    "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' from='s.localhost' id='1' version='1.0' xml:lang='en'/>";
const MECHANISMS: &str = "<stream:features xmlns:stream='http://etherx.jabber.org/streams'>\
    <mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>SCRAM-SHA-256</mechanism></mechanisms></stream:features>";
const BIND: &str = "<stream:features xmlns:stream='http://etherx.jabber.org/streams'>\
    <bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></stream:features>";

/// What the server is to say next: some frames, with a pause between them.
struct Order {
    frames: Vec<String>,
    pause: Duration,
}

pub struct Scripted {
    port: u16,
    orders: UnboundedSender<Order>,
    heard: Rc<RefCell<Vec<(Instant, usize)>>>,
    entered: Rc<Cell<u32>>,
}

impl Scripted {
    /// A server for one connection.
    pub async fn start() -> Self {
        Self::with_bookmarks(0).await
    }

    /// The same, and the account is at home in so many group chats, each of which has one other participant.
    pub async fn with_bookmarks(bookmarks: u32) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let (orders, received) = unbounded_channel();
        let heard = Rc::new(RefCell::new(Vec::new()));
        let entered = Rc::new(Cell::new(0));
        let client = Client { bookmarks, heard: heard.clone(), entered: entered.clone(), ..Client::default() };
        tokio::task::spawn_local(async move {
            let (stream, _) = listener.accept().await.expect("a connection");
            let mut socket = accept(stream).await.expect("a WebSocket");
            serve(&mut socket, received, client).await;
        });
        Self { port, orders, heard, entered }
    }

    /// The most bytes that the client said in any second.
    pub fn most_in_a_second(&self) -> usize {
        let heard = self.heard.borrow();
        let within = |from: &Instant| {
            let all = heard.iter().filter(|(at, _)| at >= from && at.duration_since(*from) < Duration::from_secs(1));
            all.map(|(_, bytes)| bytes).sum::<usize>()
        };
        heard.iter().map(|(from, _)| within(from)).max().unwrap_or_default()
    }

    /// How many group chats were entered.
    pub fn entered(&self) -> u32 {
        self.entered.get()
    }

    /// Forgets what was said so far.
    pub fn forget_what_was_said(&self) {
        self.heard.borrow_mut().clear();
    }

    pub fn service(&self) -> String {
        format!("ws://127.0.0.1:{}/", self.port)
    }

    /// The address of a contact.
    pub fn contact(number: u32) -> String {
        format!("c{number:05}@s.localhost")
    }

    pub fn everybody_comes_online(&self) {
        let presence = |number| {
            let from = Self::contact(number);
            format!(
                "<presence xmlns='jabber:client' from='{from}/desk'><status>Here I am, {number}</status></presence>"
            )
        };
        self.order((0..CONTACTS).map(presence).collect(), 0);
    }

    /// The first contact says so many things, with a pause of so many milliseconds between them.
    pub fn somebody_talks(&self, messages: u32, pause: u64) {
        let from = Self::contact(0);
        let message = |number| {
            format!(
                "<message xmlns='jabber:client' from='{from}/desk' type='chat' id='m{number}'>\
                 <body>Message {number} of a long story, with https://example.org/{number} in it</body></message>"
            )
        };
        self.order((0..messages).map(message).collect(), pause);
    }

    /// So many messages, numbered on from `first`, each of the next one of so many contacts.
    pub fn many_talk(&self, first: u32, messages: u32, contacts: u32) {
        let message = |number| {
            let from = Self::contact(number % contacts);
            format!(
                "<message xmlns='jabber:client' from='{from}/desk' type='chat' id='m{number}'>\
                 <body>Message {number} of a long story, with https://example.org/{number} in it</body></message>"
            )
        };
        self.order((first..first + messages).map(message).collect(), 0);
    }

    /// People in a group chat change their names, and then leave and come back: so many changes of presence.
    pub fn storm_in_the_room(&self, changes: u32) {
        let mut frames = Vec::new();
        for number in 0..changes / 4 {
            let (old, new) = (format!("p{number:05}"), format!("q{number:05}"));
            frames.push(occupant(
                ROOM,
                &old,
                "unavailable",
                &format!("<status code='303'/>{}", item(number, Some(&new))),
            ));
            frames.push(occupant(ROOM, &new, "", &item(number, None)));
            frames.push(occupant(ROOM, &new, "unavailable", &item(number, None)));
            frames.push(occupant(ROOM, &new, "", &item(number, None)));
        }
        self.order(frames, 0);
    }

    fn order(&self, frames: Vec<String>, pause: u64) {
        let order = Order { frames, pause: Duration::from_millis(pause) };
        assert!(self.orders.send(order).is_ok(), "the server is gone");
    }
}

async fn serve(socket: &mut WebSocketStream<TcpStream>, mut orders: UnboundedReceiver<Order>, mut client: Client) {
    loop {
        tokio::select! {
            heard = socket.next() => {
                let Some(Ok(Message::Text(text))) = heard else { return };
                client.heard.borrow_mut().push((Instant::now(), text.len()));
                for answer in answers(&text, &mut client) {
                    if socket.send(Message::text(answer)).await.is_err() { return }
                }
            }
            order = orders.recv() => {
                let Some(order) = order else { return };
                for frame in order.frames {
                    if order.pause.is_zero() {
                        // All in one go, as a server does that has much to say.
                        let _ = socket.feed(Message::text(frame)).await;
                    } else {
                        let _ = socket.send(Message::text(frame)).await;
                        tokio::time::sleep(order.pause).await;
                    }
                }
                let _ = socket.flush().await;
            }
        }
    }
}

/// What is known of who is connected.
#[derive(Default)]
struct Client {
    exchange: Exchange,
    is_in: bool,
    bookmarks: u32,
    /// When it said how many bytes.
    heard: Rc<RefCell<Vec<(Instant, usize)>>>,
    entered: Rc<Cell<u32>>,
}

fn answers(text: &str, client: &mut Client) -> Vec<String> {
    let id = text.split_once(" id='").and_then(|(_, rest)| rest.split('\'').next()).unwrap_or_default();
    let content = || text.split_once('>').and_then(|(_, rest)| rest.split('<').next()).unwrap_or_default();
    let addressee = || text.split_once(" to='").and_then(|(_, rest)| rest.split('\'').next()).unwrap_or_default();
    let sasl = |name: &str, content: &str| {
        vec![format!("<{name} xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>{content}</{name}>")]
    };
    let result = |content: &str| vec![format!("<iq xmlns='jabber:client' type='result' id='{id}'>{content}</iq>")];
    if text.starts_with("<open") {
        vec![OPEN.to_owned(), if client.is_in { BIND } else { MECHANISMS }.to_owned()]
    } else if text.starts_with("<auth") {
        sasl("challenge", &client.exchange.challenge(content()))
    } else if text.starts_with("<response") {
        client.is_in = true;
        sasl("success", &client.exchange.proof(content()))
    } else if text.starts_with("<close") {
        vec!["<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>".to_owned()]
    } else if text.contains("urn:ietf:params:xml:ns:xmpp-bind") {
        result("<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>owner@s.localhost/page</jid></bind>")
    } else if text.contains("jabber:iq:roster") {
        let item =
            |number| format!("<item jid='{}' subscription='both'><group>All</group></item>", Scripted::contact(number));
        let items: String = (0..CONTACTS).map(item).collect();
        result(&format!("<query xmlns='jabber:iq:roster'>{items}</query>"))
    } else if text.starts_with("<presence") && text.contains("http://jabber.org/protocol/muc") {
        let to = addressee();
        let (room, nick) = to.split_once('/').unwrap_or((to, ""));
        client.entered.set(client.entered.get() + 1);
        if room == ROOM { joined(nick) } else { joined_few(room, nick) }
    } else if client.bookmarks > 0 && text.contains("disco#info") && text.contains("to='owner@s.localhost'") {
        vec![format!(
            "<iq xmlns='jabber:client' type='result' id='{id}' from='owner@s.localhost'>\
             <query xmlns='http://jabber.org/protocol/disco#info'>\
             <feature var='urn:xmpp:bookmarks:1#compat'/>\
             <feature var='http://jabber.org/protocol/pubsub#publish-options'/></query></iq>"
        )]
    } else if client.bookmarks > 0 && text.contains("urn:xmpp:bookmarks:1") && text.contains("type='get'") {
        let item = |number| {
            format!(
                "<item id='r{number:03}@conference.s.localhost'><conference xmlns='urn:xmpp:bookmarks:1' \
                 autojoin='true' name='Room {number}'><nick>owner</nick></conference></item>"
            )
        };
        let items: String = (0..client.bookmarks).map(item).collect();
        result(&format!(
            "<pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='urn:xmpp:bookmarks:1'>{items}</items></pubsub>"
        ))
    } else if text.contains("to='r") && text.contains("@conference.s.localhost'") && text.contains("disco#info") {
        let to = addressee();
        vec![format!(
            "<iq xmlns='jabber:client' type='result' id='{id}' from='{to}'>\
             <query xmlns='http://jabber.org/protocol/disco#info'><identity category='conference' type='text' name='Many'/>\
             <feature var='http://jabber.org/protocol/muc'/><feature var='muc_public'/><feature var='muc_open'/>\
             <feature var='muc_semianonymous'/></query></iq>"
        )]
    } else if text.starts_with("<iq") && (text.contains("type='get'") || text.contains("type='set'")) {
        vec![format!(
            "<iq xmlns='jabber:client' type='error' id='{id}'><error type='cancel'>\
             <service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"
        )]
    } else {
        Vec::new()
    }
}

/// What somebody hears who goes into a group chat: who is there, themselves, and what it is about.
fn joined(nick: &str) -> Vec<String> {
    let others = (0..OCCUPANTS).map(|number| occupant(ROOM, &format!("p{number:05}"), "", &item(number, None)));
    entered(ROOM, nick, others.collect())
}

/// The same, of one that has one participant.
fn joined_few(room: &str, nick: &str) -> Vec<String> {
    entered(room, nick, vec![occupant(room, "somebody", "", &item(50, None))])
}

fn entered(room: &str, nick: &str, mut frames: Vec<String>) -> Vec<String> {
    frames.push(occupant(room, nick, "", &format!("<status code='110'/>{}", item(OCCUPANTS, None))));
    frames.push(format!(
        "<message xmlns='jabber:client' from='{room}' type='groupchat'><subject>Many people</subject></message>"
    ));
    frames
}

fn occupant(room: &str, nick: &str, kind: &str, about: &str) -> String {
    let kind = if kind.is_empty() { String::new() } else { format!(" type='{kind}'") };
    format!(
        "<presence xmlns='jabber:client' from='{room}/{nick}'{kind}>\
         <x xmlns='http://jabber.org/protocol/muc#user'>{about}</x></presence>"
    )
}

/// One in a hundred rules, some may only listen.
fn item(number: u32, new: Option<&str>) -> String {
    let (affiliation, role) = match number % 100 {
        0 => ("admin", "moderator"),
        1..10 => ("member", "participant"),
        10..20 => ("none", "visitor"),
        _ => ("none", "participant"),
    };
    let new = new.map(|nick| format!(" nick='{nick}'")).unwrap_or_default();
    format!("<item affiliation='{affiliation}' role='{role}'{new}/>")
}
