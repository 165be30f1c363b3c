//! Somebody with another client: `tokio-xmpp`, which nobody of this project wrote.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use futures_util::StreamExt;
use tokio_xmpp::connect::DnsConfig;
use tokio_xmpp::jid::Jid;
use tokio_xmpp::minidom::Element;
use tokio_xmpp::parsers::message::{Lang, Message};
use tokio_xmpp::parsers::presence::{Presence, Show, Type};
use tokio_xmpp::xmlstream::Timeouts;
use tokio_xmpp::{Client, Event, IqRequest, Stanza};
use waxwing::clock::Timestamp;
use waxwing::wire::time;

use super::server::{Person, Server};
use super::wait::PATIENCE;

/// XEP-0045.
const MUC: &str = "http://jabber.org/protocol/muc";
/// XEP-0172.
const NICK: &str = "http://jabber.org/protocol/nick";

/// A device of somebody, online.
pub struct Peer {
    client: Client,
    name: String,
    /// What arrived while something else was waited for.
    kept: Vec<Stanza>,
}

impl Peer {
    /// Connects, asks for its contacts, and announces itself.
    pub async fn online(server: &Server, person: &Person) -> Self {
        let mut peer = Self::unseen(server, person).await;
        // Only who asked for the list hears how requests are answered (RFC 6121, 3.1.6).
        let list = Element::builder("query", "jabber:iq:roster").build();
        drop(peer.client.send_iq(None, IqRequest::Get(list)).await);
        peer.send(Presence::available()).await;
        peer
    }

    /// Connects, and is no more than that: no message comes here.
    pub async fn unseen(server: &Server, person: &Person) -> Self {
        let address: Jid = person.address.parse().expect("an address");
        let client =
            Client::new_plaintext(address, person.password, DnsConfig::addr(&server.tcp()), Timeouts::default());
        let mut peer = Self { client, name: person.address.clone(), kept: Vec::new() };
        while !matches!(peer.event("to be online").await, Event::Online { .. }) {}
        peer
    }

    /// The address of this very device.
    pub fn device(&self) -> String {
        self.client.bound_jid().expect("a device").to_string()
    }

    pub async fn send(&mut self, stanza: impl Into<Stanza>) {
        let sent = self.client.send_stanza(stanza.into()).await;
        sent.unwrap_or_else(|problem| panic!("{} cannot send: {problem}", self.name));
    }

    /// Asks to become a contact of somebody, under a name and with some words.
    pub async fn ask_to_see(&mut self, whom: &str, name: &str, words: &str) {
        let mut presence = Presence::new(Type::Subscribe).with_to(whom.parse::<Jid>().expect("an address"));
        presence.set_status(Lang::default(), words.to_owned());
        presence.payloads.push(Element::builder("nick", NICK).append(name).build());
        self.send(presence).await;
    }

    /// Tells all who may know that it is here, with a status text.
    pub async fn announce(&mut self, status: &str) {
        let mut presence = Presence::available();
        presence.set_status(Lang::default(), status.to_owned());
        self.send(presence).await;
    }

    /// Tells contacts a name to be called by (XEP-0172).
    pub async fn call_herself(&mut self, name: &str) {
        let pubsub = format!(
            "<pubsub xmlns='http://jabber.org/protocol/pubsub'><publish node='{NICK}'><item id='current'>\
             <nick xmlns='{NICK}'>{name}</nick></item></publish></pubsub>"
        );
        let pubsub: Element = pubsub.parse().expect("well formed");
        drop(self.client.send_iq(None, IqRequest::Set(pubsub)).await);
    }

    /// Is away, and tells that nobody has been there for so many seconds (XEP-0319).
    pub async fn be_idle_for(&mut self, seconds: u64) {
        let since = seconds_ago(seconds);
        let mut presence = Presence::available().with_show(Show::Away);
        let idle = format!("<idle xmlns='urn:xmpp:idle:1' since='{since}'/>");
        presence.payloads.push(idle.parse().expect("well formed"));
        self.send(presence).await;
    }

    pub async fn say(&mut self, to: &str, body: &str) {
        let message = Message::chat(to.parse::<Jid>().expect("an address"));
        self.send(message.with_body(Lang::default(), body.to_owned())).await;
    }

    /// Sends a chat message with this in it.
    pub async fn say_about(&mut self, to: &str, id: &str, payloads: &str) {
        let whole = format!("<message xmlns='jabber:client' to='{to}' type='chat' id='{id}'>{payloads}</message>");
        let element: Element = whole.parse().expect("well formed");
        self.send(Message::try_from(element).expect("a message")).await;
    }

    /// Goes into a group chat under a name, and waits until it is in.
    pub async fn enter(&mut self, room: &str, nick: &str) {
        let whole = format!(
            "<presence xmlns='jabber:client' to='{room}/{nick}'><x xmlns='{MUC}'><history maxstanzas='0'/></x></presence>"
        );
        let element: Element = whole.parse().expect("well formed");
        self.send(Presence::try_from(element).expect("a presence")).await;
        let own = format!("{room}/{nick}");
        self.waits_for(&format!("being in {room}"), |stanza| match stanza {
            Stanza::Presence(presence) if presence.from.as_ref().is_some_and(|from| from.to_string() == own) => {
                assert_eq!(presence.type_, Type::None, "{presence:?}");
                Some(())
            }
            _ => None,
        })
        .await;
    }

    /// Says something in a group chat.
    pub async fn say_in(&mut self, room: &str, id: &str, payloads: &str) {
        let whole =
            format!("<message xmlns='jabber:client' to='{room}' type='groupchat' id='{id}'>{payloads}</message>");
        let element: Element = whole.parse().expect("well formed");
        self.send(Message::try_from(element).expect("a message")).await;
    }

    /// Waits until it is put out of a group chat, and tells the status codes.
    pub async fn put_out(&mut self, room: &str, nick: &str) -> Vec<String> {
        let own = format!("{room}/{nick}");
        self.waits_for(&format!("leaving {room}"), |stanza| match stanza {
            Stanza::Presence(presence)
                if presence.type_ == Type::Unavailable
                    && presence.from.as_ref().is_some_and(|from| from.to_string() == own) =>
            {
                let user = presence.payloads.iter().find(|payload| payload.is("x", &*format!("{MUC}#user")))?;
                let codes = user.children().filter(|child| child.name() == "status");
                Some(codes.filter_map(|status| status.attr("code").map(str::to_owned)).collect())
            }
            _ => None,
        })
        .await
    }

    /// Waits for the next message with a text from somebody.
    pub async fn hears(&mut self, from: &str) -> String {
        self.waits_for(&format!("a message of {from}"), |stanza| match stanza {
            Stanza::Message(message) if is_of(message.from.as_ref(), from) => message.bodies.values().next().cloned(),
            _ => None,
        })
        .await
    }

    /// Waits for presence of this kind from somebody.
    pub async fn sees(&mut self, from: &str, kind: Type) -> Presence {
        self.waits_for(&format!("presence {kind:?} of {from}"), |stanza| match stanza {
            Stanza::Presence(presence) if presence.type_ == kind && is_of(presence.from.as_ref(), from) => {
                Some(presence.clone())
            }
            _ => None,
        })
        .await
    }

    /// Waits for a stanza of which `pick` makes something. What else arrives is kept for later.
    pub async fn waits_for<T>(&mut self, what: &str, pick: impl Fn(&Stanza) -> Option<T>) -> T {
        let kept = self.kept.iter().enumerate().find_map(|(place, stanza)| Some((place, pick(stanza)?)));
        if let Some((place, found)) = kept {
            self.kept.remove(place);
            return found;
        }
        loop {
            if let Event::Stanza(stanza) = self.event(what).await {
                match pick(&stanza) {
                    Some(found) => return found,
                    None => self.kept.push(stanza),
                }
            }
        }
    }

    async fn event(&mut self, what: &str) -> Event {
        let event = tokio::time::timeout(PATIENCE, self.client.next()).await;
        match event {
            Ok(Some(event)) => event,
            Ok(None) => panic!("{} was cut off while waiting for {what}", self.name),
            Err(_) => panic!("{} waited too long for {what}; {:?} came instead", self.name, self.kept),
        }
    }

    /// Leaves in order.
    pub async fn leave(self) {
        let _ = tokio::time::timeout(Duration::from_secs(10), self.client.send_end()).await;
    }
}

/// So many seconds ago, as the protocol writes it.
fn seconds_ago(seconds: u64) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock").as_millis();
    let then = i64::try_from(now).expect("a clock") - i64::try_from(seconds).expect("a short while") * 1_000;
    time::write(Timestamp(then)).expect("a time of today")
}

fn is_of(from: Option<&Jid>, address: &str) -> bool {
    from.is_some_and(|from| from.to_bare().as_str() == address)
}
