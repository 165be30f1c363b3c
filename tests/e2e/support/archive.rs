//! What the archive of an account holds, read by another client (XEP-0313).

use tokio_xmpp::Stanza;
use tokio_xmpp::minidom::Element;
use tokio_xmpp::parsers::iq::Iq;

use super::peer::Peer;
use super::server::{Person, Server};

const MAM: &str = "urn:xmpp:mam:2";
const RSM: &str = "http://jabber.org/protocol/rsm";
const FORWARD: &str = "urn:xmpp:forward:0";
const CLIENT: &str = "jabber:client";

/// All texts of the archive of `owner`, in its order, as `in: …` and `out: …`.
pub async fn archive(server: &Server, owner: &Person) -> Vec<String> {
    let mut reader = Peer::unseen(server, owner).await;
    let mut texts = Vec::new();
    let mut after = String::new();
    for page in 0.. {
        let id = format!("page-{page}");
        let mut set = Element::builder("set", RSM).append(Element::builder("max", RSM).append("250"));
        if !after.is_empty() {
            set = set.append(Element::builder("after", RSM).append(after.as_str()));
        }
        let payload = Element::builder("query", MAM).append(set).build();
        reader.send(Iq::Set { from: None, to: None, id: id.clone(), payload }).await;
        let fin = loop {
            let told = |stanza: &Stanza| match stanza {
                Stanza::Message(message) => message.payloads.iter().find(|child| child.is("result", MAM)).cloned(),
                Stanza::Iq(Iq::Result { id: answered, payload: Some(fin), .. }) if *answered == id => Some(fin.clone()),
                _ => None,
            };
            let told = reader.waits_for("a page of the archive", told).await;
            if told.is("fin", MAM) {
                break told;
            }
            texts.extend(text(&told, &owner.address));
        };
        let last = fin.get_child("set", RSM).and_then(|set| set.get_child("last", RSM)).map(Element::text);
        match last {
            Some(last) if fin.attr("complete") != Some("true") && last != after => after = last,
            _ => break,
        }
    }
    reader.leave().await;
    texts
}

fn text(result: &Element, own: &str) -> Option<String> {
    let message = result.get_child("forwarded", FORWARD)?.get_child("message", CLIENT)?;
    let body = message.get_child("body", CLIENT)?.text();
    let from = message.attr("from").unwrap_or_default();
    let is_own = from.is_empty() || from.split('/').next() == Some(own);
    Some(format!("{}: {body}", if is_own { "out" } else { "in" }))
}
