//! What really happened, written down by the server and by those who write.

use std::collections::BTreeMap;

use crate::saying::Sayings;

pub const ME: &str = "me@s.ex";
pub const PEERS: [&str; 3] = ["ann@s.ex", "bob@s.ex", "eve@s.ex"];

/// A message that ours should show and did not write: from a peer, or from another device of the user.
#[derive(Clone, Debug)]
pub struct Incoming {
    /// No two are alike.
    pub body: String,
    /// It is a text, and makes a row.
    pub is_text: bool,
    /// It is a copy of what another device sent or received: these do not wait for a stream.
    pub copied: bool,
    /// The client got it in the current life of its page.
    pub handed: bool,
    /// The client confirmed it (XEP-0198).
    pub confirmed: bool,
    /// The page that had it is gone, and kept nothing.
    pub forgotten: bool,
}

impl Incoming {
    pub const fn text(body: String) -> Self {
        Self { body, is_text: true, copied: false, handed: false, confirmed: false, forgotten: false }
    }

    /// Something about a text.
    pub fn about(label: String) -> Self {
        Self { is_text: false, ..Self::text(label) }
    }
}

/// What the user wrote.
#[derive(Clone, Debug)]
pub struct Text {
    pub id: String,
    pub body: String,
    pub peer: usize,
    /// It was seen on the page.
    pub shown: bool,
    /// The user dropped it.
    pub discarded: bool,
    /// The user asked to send it again.
    pub retried: bool,
    /// Its conversation could not be kept, or its page, which kept nothing, is gone: nobody is to blame for a loss.
    pub excused: bool,
    /// It was on a page whose disk failed and which then went: the disk knows less of it than the server.
    pub adrift: bool,
    /// The server refused it once.
    pub bounced: bool,
}

/// A message of ours that reached the server.
#[derive(Clone, Debug)]
pub struct Arrival {
    pub id: String,
    pub body: String,
    pub peer: usize,
}

#[derive(Debug, Default)]
pub struct Ledger {
    pub incoming: Vec<Incoming>,
    pub texts: Vec<Text>,
    pub by_body: BTreeMap<String, usize>,
    /// In order, with every double.
    pub arrivals: Vec<Arrival>,
    /// How often each id arrived.
    pub arrived: BTreeMap<String, u32>,
    /// What the server did that no client may make it do.
    pub complaints: Vec<String>,
    pub sayings: Sayings,
}

impl Ledger {
    pub fn arrive(&mut self, id: &str, body: &str, peer: usize) {
        self.arrivals.push(Arrival { id: id.to_owned(), body: body.to_owned(), peer });
        *self.arrived.entry(id.to_owned()).or_default() += 1;
    }

    pub fn has(&self, id: &str) -> bool {
        self.arrived.contains_key(id)
    }

    pub fn text(&mut self, body: &str) -> Option<&mut Text> {
        let place = *self.by_body.get(body)?;
        self.texts.get_mut(place)
    }
}

/// Which peer an address is.
pub fn peer_of(address: &str) -> Option<usize> {
    let bare = address.split('/').next().unwrap_or_default();
    PEERS.iter().position(|peer| *peer == bare)
}
