//! What the pages of one copy say to each other.
//!
//! A message is 32 bytes that no build may ever change, so that builds can tell each other apart, and then what this
//! build understands: postcard of a [`Message`], and of the changes that go with it.

use js_sys::Uint8Array;
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsCast;
use web_sys::{BroadcastChannel, MessageEvent};

use super::super::listener::Listener;
use crate::engine::change::Change;
use crate::engine::command::Command;
use crate::jid::BareJid;

/// The part that every build understands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Header {
    /// Which build the sender is.
    pub version: u64,
    /// When the sender was loaded, in milliseconds of civil time.
    pub loaded: u64,
    /// Which page.
    pub from: u64,
    /// To which page; 0 is to all.
    pub to: u64,
}

/// What one page says to another.
#[derive(Debug, Serialize, Deserialize)]
pub enum Message {
    /// From a page that leads not: it is there. The leader answers with [`Message::Lead`].
    Here {
        /// What the engine must know of it.
        about: About,
        /// The number of its first command that is not confirmed.
        next: u32,
        /// Whether it wants all that is to be shown, as [`Message::Snapshot`].
        wants: bool,
    },
    /// From a page that leads not: it goes away.
    Bye,
    /// From a page that leads not: it was looked at again.
    Woke,
    /// From a page that leads not: a wish of its user. Confirmed by [`Message::Done`].
    Wish {
        /// Counts the commands of this page.
        count: u32,
        /// The wish.
        command: Command,
    },
    /// From the leader: it leads, and this was its last batch. Whoever hears it as one of all answers [`Message::Here`].
    Lead {
        /// Names the leadership; a later one has a higher number.
        reign: u64,
        /// The last batch.
        number: u64,
    },
    /// From the leader: everything that is to be shown, up to a batch. The changes follow.
    Snapshot {
        /// See [`Message::Lead`].
        reign: u64,
        /// The last batch that is in it.
        number: u64,
    },
    /// From the leader: a batch of changes. The changes follow.
    Batch {
        /// See [`Message::Lead`].
        reign: u64,
        /// Counts batches without a hole.
        number: u64,
    },
    /// From the leader: the wishes up to this one were handed to the engine.
    Done {
        /// See [`Message::Lead`].
        reign: u64,
        /// The last of them.
        count: u32,
    },
}

/// What the engine must know of the pages: of one, or of all together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// Whether it is in sight.
    pub visible: bool,
    /// The last [`Command::Attend`].
    pub attends: Vec<BareJid>,
    /// The last [`Command::Show`].
    pub shows: Vec<BareJid>,
}

impl About {
    /// Adds what holds for another page.
    pub fn join(&mut self, other: &Self) {
        self.visible |= other.visible;
        for (all, more) in [(&mut self.attends, &other.attends), (&mut self.shows, &other.shows)] {
            for address in more {
                if !all.contains(address) {
                    all.push(address.clone());
                }
            }
        }
    }
}

/// A line to all other pages of the same name.
pub struct Channel {
    channel: BroadcastChannel,
    _listener: Listener,
}

/// What arrived: the header, and the rest for [`read`].
pub type Arrived = (Header, Vec<u8>);

impl Channel {
    /// Calls `hear` for what other pages say. `None` where there are no such channels.
    pub fn open(name: &str, hear: impl Fn(Arrived) + 'static) -> Option<Self> {
        let channel = BroadcastChannel::new(name).ok()?;
        let listener = Listener::new(&channel, "message", move |event| {
            let data = event.dyn_ref::<MessageEvent>().map(MessageEvent::data);
            let bytes = data.and_then(|data| data.dyn_into::<Uint8Array>().ok());
            if let Some(arrived) = bytes.and_then(|bytes| split(&bytes.to_vec())) {
                hear(arrived);
            }
        });
        Some(Self { channel, _listener: listener })
    }

    /// Says what [`write`] wrote.
    pub fn post(&self, header: Header, content: &[u8]) {
        let mut bytes = Vec::new();
        for word in [header.version, header.loaded, header.from, header.to] {
            bytes.extend(word.to_le_bytes());
        }
        bytes.extend(content);
        let _ = self.channel.post_message(&Uint8Array::from(bytes.as_slice()));
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        self.channel.close();
    }
}

/// Writes what a page of the same build can read.
pub fn write(message: &Message, changes: &[Change]) -> Vec<u8> {
    // None of these types refuses to be written.
    let mut bytes = postcard::to_allocvec(message).unwrap_or_default();
    if !changes.is_empty() {
        bytes.extend(postcard::to_allocvec(changes).unwrap_or_default());
    }
    bytes
}

/// Reads what a page of the same build said; the changes are read apart, by [`changes`].
pub fn read(bytes: &[u8]) -> Option<(Message, &[u8])> {
    postcard::take_from_bytes(bytes).ok()
}

/// Reads the changes that go with a message.
pub fn changes(bytes: &[u8]) -> Option<Vec<Change>> {
    postcard::from_bytes(bytes).ok()
}

fn split(mut bytes: &[u8]) -> Option<Arrived> {
    let mut word = || {
        let (word, rest) = bytes.split_first_chunk()?;
        bytes = rest;
        Some(u64::from_le_bytes(*word))
    };
    let header = Header { version: word()?, loaded: word()?, from: word()?, to: word()? };
    Some((header, bytes.to_vec()))
}
